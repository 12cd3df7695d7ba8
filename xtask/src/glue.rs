//! The script between the application and the browser, made smaller: no remarks, and short names for what it lends the module.

use anyhow::{Context, Result};
use std::collections::HashMap;
use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_encoder::{ImportSection, RawSection, SectionId};
use wasmparser::{BinaryReader, ImportSectionReader, Parser, Payload};

/// The script and the module, each smaller.
pub fn shorten(script: &str, wasm: &[u8]) -> Result<(String, Vec<u8>)> {
    let mut script = bare(script);
    let mut names = HashMap::new();
    for name in imports(wasm)? {
        // An entry of the object of imports, which stands on a line of its own.
        let entry = format!("\n{name}: ");
        if script.matches(&entry).count() == 1 {
            let short = format!("i{}", names.len());
            script = script.replace(&entry, &format!("\n{short}: "));
            names.insert(name, short);
        }
    }
    Ok((script, renamed(wasm, &names)?))
}

/// A script as wasm-bindgen writes them without indentation, empty lines and remarks on lines of their own.
pub fn bare(script: &str) -> String {
    let mut text = String::with_capacity(script.len());
    let mut remark = false;
    for line in script.lines().map(str::trim) {
        remark |= line.starts_with("/*");
        if !remark && !line.is_empty() && !line.starts_with("//") {
            text.push_str(line);
            text.push('\n');
        }
        remark &= !line.ends_with("*/");
    }
    text
}

fn imports(wasm: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                names.push(import?.name.to_owned());
            }
        }
    }
    Ok(names)
}

fn renamed(wasm: &[u8], names: &HashMap<String, String>) -> Result<Vec<u8>> {
    let mut encoded = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Some((id, range)) = payload?.as_section() else { continue };
        let data = wasm.get(usize::try_from(range.start)?..usize::try_from(range.end)?).context("a piece beyond the end")?;
        if id == SectionId::Import as u8 {
            let mut section = ImportSection::new();
            for import in ImportSectionReader::new(BinaryReader::new(data, range.start))?.into_imports() {
                let import = import?;
                let name = names.get(import.name).map_or(import.name, String::as_str);
                section.import(import.module, name, RoundtripReencoder.entity_type(import.ty)?);
            }
            encoded.section(&section);
        } else {
            encoded.section(&RawSection { id, data });
        }
    }
    Ok(encoded.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, Module, TypeSection};

    #[test]
    fn a_script_keeps_what_it_does() {
        let script = "/**\n * Says so.\n */\nexport function say() {\n    // Aloud.\n    log(\"// no remark\");\n\n}\n";
        assert_eq!(bare(script), "export function say() {\nlog(\"// no remark\");\n}\n");
    }

    #[test]
    fn names_stay_the_same_on_both_sides() {
        let (mut types, mut imports, mut module) = (TypeSection::new(), ImportSection::new(), Module::new());
        types.ty().function([], []);
        imports.import("./page.js", "__wbg_click_0123", EntityType::Function(0)).import(
            "./page.js",
            "elsewhere",
            EntityType::Function(0),
        );
        module.section(&types).section(&imports);
        let (script, wasm) = shorten("const imports = {\n    __wbg_click_0123: function() {},\n};\n", &module.finish()).unwrap();
        assert_eq!(script, "const imports = {\ni0: function() {},\n};\n");
        assert_eq!(super::imports(&wasm).unwrap(), ["i0", "elsewhere"]);
    }
}
