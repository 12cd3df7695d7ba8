//! `cargo xtask package`: the library as an ES module, ready for `npm publish target/package`.

use crate::command::{at_root, cargo, find, root, run as run_command};
use crate::hosting::gzip;
use crate::tools::TARGET;
use crate::{glue, lean, node, site, tools};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use whichcard::js::interface::schemas;
use whichcard::text::{self, Lang};

/// Sections of sentences that the library says: refusals, warnings, reasons.
const SAID: &[&str] = &["error", "warning", "reason"];
/// What the module and its scripts may take with gzip, in bytes: a little above what they take, lowered when they shrink. The aim is
/// 150,000. The catalogue is data, and may be another one.
const MOST: usize = 259_000;
/// Files that go in as they are.
const WRITTEN: &[&str] = &[
    "package/README.md",
    "package/index.d.ts",
    "package/index.js",
    "package/node.js",
    "package/whichcard.js",
    "catalog.json",
    "LICENSE-APACHE",
    "LICENSE-MIT",
];

/// `cargo xtask package`
pub fn run(arguments: &[String]) -> Result<()> {
    if let Some(unknown) = arguments.first() {
        bail!("package takes no {unknown}");
    }
    let folder = build()?;
    check(&folder)?;
    println!("The package is in {}", folder.display());
    Ok(())
}

/// Builds the package and answers its folder.
pub fn build() -> Result<PathBuf> {
    let folder = root().join("target").join("package");
    std::fs::create_dir_all(&folder)?;
    module(&folder)?;
    types(&folder)?;
    for name in WRITTEN {
        let from = root().join(name);
        std::fs::copy(&from, folder.join(from.file_name().unwrap_or_default())).with_context(|| (*name).to_owned())?;
    }
    std::fs::write(folder.join("package.json"), published(&std::fs::read_to_string(root().join("package/package.json"))?)?)?;
    Ok(folder)
}

/// Writes out the sentences the module says: those of the library, in English, one a line.
fn sentences() -> Result<()> {
    let folder = root().join("target").join("sentences");
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join("en.txt"), said(&text::sentences(Lang::En))?)?)
}

/// Those of some sentences that are in the sections of the library.
fn said(sentences: &BTreeMap<String, String>) -> Result<String> {
    let mut lines = String::new();
    for (key, sentence) in sentences {
        if SAID.iter().any(|section| key.split('.').next() == Some(section)) {
            ensure!(!sentence.contains('\n'), "{key} has several lines");
            lines += &format!("{key}\t{sentence}\n");
        }
    }
    Ok(lines)
}

/// The WebAssembly module and the script that loads it.
fn module(folder: &Path) -> Result<()> {
    tools::wasm_target()?;
    let (bindgen, wasm_opt) = (tools::bindgen()?, tools::wasm_opt()?);
    // The crate type is named here, so that no other build links a dynamic library.
    let build = ["rustc", "--lib", "--crate-type", "cdylib", "--features", "js", "--target", TARGET, "--profile", "wasm-release"];
    let mut compile = cargo();
    if lean::prepare() {
        lean::apply(&mut compile);
    }
    sentences()?;
    run_command(compile.args(build).env("WHICHCARD_SENTENCES", "module"))?;
    let compiled = target_folder().join(TARGET).join("wasm-release").join("whichcard.wasm");
    run_command(
        at_root(bindgen).args(["--target", "web", "--no-typescript", "--out-name", "core", "--out-dir"]).arg(folder).arg(compiled),
    )?;
    let (script, module) = (folder.join("core.js"), folder.join("core_bg.wasm"));
    run_command(at_root(wasm_opt).args(tools::WASM_FEATURES).arg("-Oz").arg(&module).arg("-o").arg(&module))?;
    let (short, small) = glue::shorten(&std::fs::read_to_string(&script)?, &site::tidied("core", &std::fs::read(&module)?)?)?;
    std::fs::write(script, short)?;
    Ok(std::fs::write(module, small)?)
}

fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// TypeScript types, from the JSON Schema of the Rust types.
fn types(folder: &Path) -> Result<()> {
    node::install(&root().join("package"))?;
    let (questions, answers) = schemas();
    for (name, schema) in [("questions", questions), ("answers", answers)] {
        let described = root().join("target").join(format!("{name}.schema.json"));
        std::fs::write(&described, schema)?;
        let mut command = at_root(find("node").context(node::ADVICE)?);
        command.arg(root().join("package/node_modules/json-schema-to-typescript/dist/src/cli.js"));
        command.args(["--additionalProperties", "false", "--maxItems", "0", "--bannerComment", "// Made from the Rust types."]);
        command.arg("-i").arg(&described).arg("-o").arg(folder.join(format!("{name}.d.ts")));
        run_command(&mut command)?;
    }
    Ok(())
}

/// What is published needs no tools, and has the version of the crate. It is cut out of the text as it stands: of the conditions of an
/// export the first that holds decides, so their order is part of what is said.
fn published(text: &str) -> Result<String> {
    let mut about: serde_json::Value = serde_json::from_str(text).context("package/package.json")?;
    let fields = about.as_object_mut().context("package/package.json is no object")?;
    fields.remove("devDependencies");
    let version = fields.get("version").and_then(serde_json::Value::as_str).unwrap_or_default();
    ensure!(
        version == env!("CARGO_PKG_VERSION"),
        "package/package.json says version {version}, Cargo.toml {}",
        env!("CARGO_PKG_VERSION")
    );
    let text = text.replace("\r\n", "\n");
    let (before, tools) = text.split_once(",\n  \"devDependencies\": {").context("package/package.json names no tools")?;
    let (_, after) = tools.split_once("\n  }").context("the tools of package/package.json do not end")?;
    let short = format!("{before}{after}");
    ensure!(
        serde_json::from_str::<serde_json::Value>(&short).is_ok_and(|left| left == about),
        "more than the tools would be cut out"
    );
    Ok(short)
}

/// Prints what each file takes, and fails where the code is over its budget.
pub fn check(folder: &Path) -> Result<()> {
    let small = |name: &str| -> Result<usize> {
        let size = gzip(&std::fs::read(folder.join(name))?)?.len();
        println!("{size:>10}  {name}");
        Ok(size)
    };
    let code = ["core.js", "core_bg.wasm", "index.js", "whichcard.js"].into_iter().map(small).sum::<Result<usize>>()?;
    println!("{code:>10}  bytes of code with gzip (budget {MOST})");
    small("catalog.json")?;
    ensure!(code <= MOST, "the package takes {code} bytes with gzip, of {MOST}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_tools_are_left_out_and_the_order_stays() {
        let version = env!("CARGO_PKG_VERSION");
        let text = |tools: &str| {
            format!(
                "{{\n  \"version\": \"{version}\",\n  \"exports\": {{ \"types\": 1, \"node\": 2, \"default\": 3 }}{tools}\n}}\n"
            )
        };
        let tools = ",\n  \"devDependencies\": {\n    \"a\": \"1\"\n  }";
        assert_eq!(published(&text(tools)).unwrap(), text(""));
        assert!(published(&text(",\n  \"devDependencies\": { \"a\": {\n  }, \"b\": 1 }")).is_err());
        assert!(published("{ \"version\": \"0.0.0-other\" }").is_err());
    }

    #[test]
    fn the_library_has_its_sentences_and_no_others() {
        let lines = said(&text::sentences(Lang::En)).unwrap();
        let of = |section: &str| lines.lines().filter(|line| line.starts_with(&format!("{section}."))).count();
        assert!(SAID.iter().all(|section| of(section) > 10));
        assert_eq!(SAID.iter().map(|section| of(section)).sum::<usize>(), lines.lines().count());
        assert!(said(&BTreeMap::from([("error.a".to_owned(), "b\nc".to_owned())])).is_err());
    }
}
