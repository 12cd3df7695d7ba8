//! `cargo xtask package`: the library as an ES module, ready for `npm publish target/package`.

mod optional;
mod sentences;

use crate::command::{at_root, cargo, root, run as run_command};
use crate::hosting::gzip;
use crate::tools::TARGET;
use crate::{divide, glue, lean, node, site, tools};
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use whichcard::js::interface::schemas;
use whichcard::text::Lang;

/// Parts of the code that come after the first, each with the list of what waits for it.
const LATER: [&str; 2] = ["rest", "files"];
/// What a file may take with gzip, in bytes: the first part with its scripts, for which 150 kB is the aim, and later ones: a little
/// above what each takes, lowered when it shrinks. The catalogue is data, and may be another one.
const MOST: &[(&str, &[&str], usize)] = &[
    ("code of the first part", &["core_bg.wasm", "core.js", "index.js", "whichcard.js"], 151_000),
    ("the rest", &["rest_bg.wasm"], 150_000),
    ("the files of a plan", &["files_bg.wasm"], 91_000 + SENTENCES * Lang::ALL.len()),
];
/// Of that, the sentences of files in a language.
const SENTENCES: usize = 11_000;
/// Where the functions lie that are called through a table: nothing else is counted in such numbers, so that what names none of them
/// can be told from what does (`divide`).
const TABLE: &str = "link-arg=--table-base=6200";
/// Files that go in as they are.
const WRITTEN: &[&str] = &[
    "package/README.md",
    "package/hf-config.d.ts",
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
    // Whatever lies here is published, so nothing of an earlier build may.
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    module(&folder)?;
    types(&folder)?;
    for name in WRITTEN {
        let from = root().join(name);
        let into = folder.join(from.file_name().unwrap_or_default());
        let written = || (*name).to_owned();
        if from.extension().is_some_and(|ending| ending == "js") {
            std::fs::write(into, glue::bare(&std::fs::read_to_string(&from).with_context(written)?))?;
        } else {
            std::fs::copy(&from, into).with_context(written)?;
        }
    }
    std::fs::write(folder.join("package.json"), published(&std::fs::read_to_string(root().join("package/package.json"))?)?)?;
    Ok(folder)
}

/// The WebAssembly module in its parts, and the script that loads it.
fn module(folder: &Path) -> Result<()> {
    tools::wasm_target()?;
    let (bindgen, wasm_opt) = (tools::bindgen()?, tools::wasm_opt()?);
    // The crate type is named here, so that no other build links a dynamic library.
    let build = ["rustc", "--lib", "--crate-type", "cdylib", "--features", "js", "--target", TARGET, "--profile", "module"];
    let mut compile = cargo();
    if lean::prepare() {
        lean::apply(&mut compile);
    }
    sentences::write()?;
    run_command(compile.args(build).args(["--", "-C", TABLE]).env("WHICHCARD_SENTENCES", "module"))?;
    let compiled = target_folder().join(TARGET).join("module").join("whichcard.wasm");
    run_command(
        at_root(bindgen).args(["--target", "web", "--no-typescript", "--out-name", "core", "--out-dir"]).arg(folder).arg(compiled),
    )?;
    let (script, module) = (folder.join("core.js"), folder.join("core_bg.wasm"));
    let lists = LATER.map(|part| root().join("package").join(part).with_extension("txt"));
    let lists = lists.iter().map(|list| std::fs::read_to_string(list).with_context(|| list.display().to_string()));
    let lists = lists.collect::<Result<Vec<_>>>()?;
    // Names are kept for the list, and data as it came: what it lists stays a function, and constants stay apart.
    let kept = ["-g", "--low-memory-unused", "--skip-pass=memory-packing", "--no-inline=*whichcard*text*module*", "-Oz"];
    run_command(at_root(wasm_opt).args(tools::WASM_FEATURES).args(kept).arg(&module).arg("-o").arg(&module))?;
    let parts = divide::divide(&std::fs::read(&module)?, &lists.iter().map(String::as_str).collect::<Vec<_>>())?;
    let (short, first) = glue::shorten(&std::fs::read_to_string(&script)?, &site::tidied("core", &parts.first)?)?;
    std::fs::write(script, short)?;
    std::fs::write(module, first)?;
    for (name, part) in LATER.iter().zip(&parts.later) {
        std::fs::write(folder.join(format!("{name}_bg.wasm")), site::tidied(name, part)?)?;
    }
    Ok(())
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
        let mut command = at_root(node::program()?);
        command.arg(root().join("package/node_modules/json-schema-to-typescript/dist/src/cli.js"));
        command.args(["--additionalProperties", "false", "--maxItems", "0", "--bannerComment", "// Made from the Rust types."]);
        command.arg("-i").arg(&described).arg("-o").arg(folder.join(format!("{name}.d.ts")));
        run_command(&mut command)?;
    }
    let asked = folder.join("questions.d.ts");
    Ok(std::fs::write(&asked, optional::undefined(&std::fs::read_to_string(&asked)?))?)
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
    let small = |name: &&str| -> Result<usize> {
        let size = gzip(&std::fs::read(folder.join(name))?)?.len();
        println!("{size:>10}  {name}");
        Ok(size)
    };
    for (what, names, most) in MOST {
        let size = names.iter().map(small).sum::<Result<usize>>()?;
        println!("{size:>10}  bytes with gzip: {what} (budget {most})");
        ensure!(size <= *most, "{what} takes {size} bytes with gzip, of {most}");
    }
    small(&"catalog.json").map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

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
    fn what_is_cited_is_this_version() {
        let cited = std::fs::read_to_string(root().join("CITATION.cff")).unwrap();
        assert!(cited.lines().any(|line| line == concat!("version: ", env!("CARGO_PKG_VERSION"))), "{cited}");
    }

    #[test]
    fn the_types_list_the_keys_that_are_read_of_a_configuration() {
        let here = |name: &str| std::fs::read_to_string(root().join(name)).unwrap();
        let listed = here("package/hf-config.d.ts");
        let listed: BTreeSet<&str> = listed.lines().filter_map(|line| line.split_once("?: Maybe<")?.0.rsplit(' ').next()).collect();
        let folder = "src/model/hf_config";
        let names = std::fs::read_dir(root().join(folder)).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        // The readers themselves, what others have published, and tests ask for no keys of their own.
        let readers =
            |name: &String| name.ends_with(".rs") && !name.starts_with("published") && name != "tests.rs" && name != "keys.rs";
        let source: String = names.filter(readers).map(|name| here(&format!("{folder}/{name}"))).collect();
        let readers = [
            "number(",
            "number_or_auto(",
            "count(",
            "size(",
            "flag(",
            "text(",
            "texts(",
            "numbers(",
            "object(",
            "nested(",
            "length(",
            "has(",
        ];
        let called = readers.map(|reader| format!(".{reader}"));
        let mut read = BTreeSet::new();
        for call in called.iter().map(String::as_str).chain(["keys = [", "nested = ["]) {
            for piece in source.split(call).skip(1) {
                let named = piece.split([')', ']']).next().unwrap();
                read.extend(named.split('"').skip(1).step_by(2));
            }
        }
        assert!(read.len() > 90);
        assert_eq!(listed.difference(&read).collect::<Vec<_>>(), [&"0"; 0], "listed and not read");
        assert_eq!(read.difference(&listed).collect::<Vec<_>>(), [&"0"; 0], "read and not listed");
    }
}
