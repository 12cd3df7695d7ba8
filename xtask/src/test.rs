//! `cargo xtask test`: everything a change must pass.

use crate::browser::{self, Browser};
use crate::command::{cargo, root, run as run_command, stream};
use crate::site::{self, Build};
use crate::tally::Tally;
use crate::tools::TARGET;
use crate::{node as packages, package, size, tools};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use whichcard::catalog::Catalog;
use whichcard::estimate::estimate;
use whichcard::js::files::{FileTerms, Files, files};
use whichcard::request::Request;
use whichcard::text::Lang;

/// A named part of the whole.
struct Part {
    name: &'static str,
    about: &'static str,
    run: fn(&mut Tally) -> Result<()>,
}

/// In the order that finds a mistake soonest.
const PARTS: &[Part] = &[
    Part { name: "fmt", about: "formatting", run: fmt },
    Part { name: "clippy", about: "lints, native", run: clippy },
    Part { name: "native", about: "tests, native", run: native },
    Part { name: "clippy-wasm", about: "lints, browser", run: clippy_wasm },
    Part { name: "wasm", about: "tests in a browser's WebAssembly", run: wasm },
    Part { name: "dist", about: "the site as it ships, within its budgets", run: dist },
    Part { name: "package", about: "the ES module, in Node and in a browser", run: package_works },
    Part { name: "e2e", about: "the site in a real browser", run: e2e },
];

/// `cargo xtask test [part ...]`
pub fn run(arguments: &[String]) -> Result<()> {
    let parts = chosen(arguments)?;
    let mut total = Tally::default();
    let mut broken = Vec::new();
    let mut times = Vec::new();
    for part in parts {
        println!("\n=== {}: {}", part.name, part.about);
        let start = Instant::now();
        let mut tally = Tally::default();
        let result = (part.run)(&mut tally);
        if let Err(error) = &result {
            println!("error: {error:#}");
            broken.push(part.name);
            // A part that broke without a failing test still counts: nothing may read as passed that did not run.
            tally.failed = tally.failed.max(1);
        }
        times.push(format!("{} {} s", part.name, start.elapsed().as_secs()));
        total += tally;
    }
    println!("\n{}", times.join(", "));
    if !broken.is_empty() {
        println!("failed: {}", broken.join(", "));
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        bail!("not all passed");
    }
    Ok(())
}

/// `cargo xtask screenshots [part of a name ...]`
pub fn screenshots(arguments: &[String]) -> Result<()> {
    site::build(Build::Small)?;
    let mut command = node(&browser::prepare()?)?;
    run_command(command.arg("screenshots.mjs").args(arguments))
}

fn chosen(arguments: &[String]) -> Result<Vec<&'static Part>> {
    if arguments.is_empty() {
        return Ok(PARTS.iter().collect());
    }
    arguments
        .iter()
        .map(|name| {
            let known = || PARTS.iter().map(|part| part.name).collect::<Vec<_>>().join(", ");
            PARTS.iter().find(|part| part.name == name).with_context(|| format!("no part {name}; there are: {}", known()))
        })
        .collect()
}

fn fmt(_: &mut Tally) -> Result<()> {
    run_command(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy(_: &mut Tally) -> Result<()> {
    run_command(cargo().args(["clippy", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"]))
}

fn clippy_wasm(_: &mut Tally) -> Result<()> {
    tools::wasm_target()?;
    let lint =
        |what: &[&str]| run_command(cargo().args(["clippy", "--target", TARGET]).args(what).args(["--", "--deny", "warnings"]));
    lint(&["--lib", "--features", "page,js"])?;
    lint(&["--package", "whichcard-app", "--bins", "--test", "probe"])
}

fn native(tally: &mut Tally) -> Result<()> {
    counted(cargo().args(["test", "--workspace", "--all-features", "--no-fail-fast"]), tally)
}

/// The browser bridges, each inside a page of a real browser.
fn wasm(tally: &mut Tally) -> Result<()> {
    tools::wasm_target()?;
    let browser = browser::prepare()?;
    let mut command = cargo();
    command.args(["test", "--target", TARGET, "--package", "whichcard-app", "--no-fail-fast"]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools::test_runner()?);
    command.env("CHROMEDRIVER", &browser.driver);
    counted(&mut command, tally)
}

fn dist(_: &mut Tally) -> Result<()> {
    size::check(&site::build(Build::Small)?)
}

fn package_works(tally: &mut Tally) -> Result<()> {
    package::check(&package::build()?)?;
    native_answers()?;
    in_node(&root().join("package").join("tests"), tally)
}

/// What the library answers outside of WebAssembly, for the package's tests to compare with: estimates and files in each language.
fn native_answers() -> Result<()> {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).with_context(|| path.to_owned());
    let catalog = Catalog::from_json(&read("catalog.json")?)?;
    let mut answers = Vec::new();
    for asked in serde_json::from_str::<Vec<Value>>(&read("package/tests/asked.json")?)? {
        let request = Request::from_value(asked)?;
        let in_language = |lang: &Lang| Ok((lang.tag(), files(&catalog, &request, &FileTerms { lang: Some(*lang) })?));
        let files: BTreeMap<&str, Files> = Lang::ALL.iter().map(in_language).collect::<Result<_>>()?;
        answers.push(json!({ "estimate": estimate(&catalog, &request)?, "files": files }));
    }
    Ok(std::fs::write(root().join("target").join("native-answers.json"), serde_json::to_string(&answers)?)?)
}

fn e2e(tally: &mut Tally) -> Result<()> {
    site::build(Build::Small)?;
    in_node(&root().join("tests").join("e2e"), tally)
}

/// Runs the tests of a folder with Node's own runner.
fn in_node(folder: &Path, tally: &mut Tally) -> Result<()> {
    let mut command = node(&browser::prepare()?)?;
    command.args(["--test", "--test-concurrency=2", "--test-force-exit"]);
    // Its last lines are counted as they pass: a forced end cuts off what a second reporter would still write to a file.
    command.arg("--test-reporter=spec").current_dir(folder).args(test_files(folder)?);
    counted(&mut command, tally)
}

fn test_files(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn counted(command: &mut Command, tally: &mut Tally) -> Result<()> {
    if !stream(command, |line| tally.read(line))? {
        bail!("tests failed");
    }
    Ok(())
}

/// Node in the folder of the browser tests, their packages installed.
pub fn node(browser: &Browser) -> Result<Command> {
    let folder = root().join("tests").join("e2e");
    let node = packages::program()?;
    packages::install(&folder)?;
    let mut command = Command::new(node);
    command.current_dir(folder).env("CHROME_PATH", &browser.path).env("WHICHCARD_DIST", root().join("dist"));
    Ok(command)
}
