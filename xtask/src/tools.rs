//! The tools a build needs, installed for this user where they are missing.
//!
//! A tool of the right version on PATH is used as it is. What is missing goes to a cache folder of its own, named by version, so
//! that nothing of the visitor's is replaced and a second run finds it at once.

use crate::command::{at_root, cargo, find, read, root, run};
use anyhow::{Context, Result, anyhow};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The last Trunk that builds with this project's Rust.
const TRUNK: &str = "0.21.14";
/// The npm package with wasm-opt; Debian's and the crate's are too old for what Rust emits today.
const BINARYEN: &str = "132.0.0";
/// The oldest wasm-opt that reads what Rust emits today.
const OLDEST_WASM_OPT: u32 = 123;
/// What npm calls the program.
const WASM_OPT: &str = if cfg!(windows) { "wasm-opt.cmd" } else { "wasm-opt" };
/// What Rust's output uses beyond the first WebAssembly; every browser of the last years has it.
pub const WASM_FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];
/// What browsers run.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Where the tools are.
pub struct Toolbox {
    trunk: PathBuf,
    folders: Vec<PathBuf>,
    wasm_opt: bool,
}

impl Toolbox {
    /// Finds or installs all of them, saying what it does.
    pub fn prepare() -> Result<Self> {
        wasm_target()?;
        let mut folders = Vec::new();
        let trunk = installed("trunk", TRUNK, &["--no-default-features", "--features", "rustls"], &mut folders)?;
        bindgen_folder(&mut folders)?;
        let wasm_opt = find_wasm_opt(&mut folders);
        Ok(Self { trunk, folders, wasm_opt })
    }

    /// Whether the result can be made small.
    pub const fn has_wasm_opt(&self) -> bool {
        self.wasm_opt
    }

    /// Trunk, with the other tools on its PATH.
    pub fn trunk(&self) -> Result<Command> {
        let mut command = at_root(&self.trunk);
        command.env("PATH", search_path(&self.folders)?);
        // Trunk reads NO_COLOR as true or false and refuses the usual "1".
        command.env_remove("NO_COLOR");
        Ok(command)
    }
}

/// The runner of wasm tests, of the version the lock file names.
pub fn test_runner() -> Result<PathBuf> {
    let mut folders = Vec::new();
    let bindgen = bindgen_folder(&mut folders)?;
    let runner = bindgen.with_file_name(format!("wasm-bindgen-test-runner{}", std::env::consts::EXE_SUFFIX));
    if runner.is_file() {
        return Ok(runner);
    }
    find("wasm-bindgen-test-runner").context("wasm-bindgen-test-runner is missing beside wasm-bindgen")
}

/// The program that joins WebAssembly and JavaScript, of the version the lock file names.
pub fn bindgen() -> Result<PathBuf> {
    bindgen_folder(&mut Vec::new())
}

/// The optimiser, from PATH or from npm.
pub fn wasm_opt() -> Result<PathBuf> {
    match find("wasm-opt").filter(|path| recent_wasm_opt(path)) {
        Some(path) => Ok(path),
        None => Ok(npm_wasm_opt()?.join(WASM_OPT)),
    }
}

/// Makes sure Rust can compile for browsers.
pub fn wasm_target() -> Result<()> {
    let present = read(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))
        .is_some_and(|folder| Path::new(&folder).is_dir());
    if present {
        return Ok(());
    }
    println!("The {TARGET} target is missing; adding it.");
    run(at_root("rustup").args(["target", "add", TARGET])).with_context(|| {
        format!("get it with: rustup target add {TARGET} (https://rustup.rs; a Rust from elsewhere has it as a package)")
    })
}

fn bindgen_folder(folders: &mut Vec<PathBuf>) -> Result<PathBuf> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock")?.replace("\r\n", "\n");
    let version = locked_version(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")?;
    installed("wasm-bindgen", version, &[], folders)
}

/// The version of a package in the text of a lock file.
fn locked_version<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let (_, after) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    after.split('"').next()
}

/// A program of exactly this version: from PATH, from the cache, or installed into it by cargo.
fn installed(program: &str, version: &str, features: &[&str], folders: &mut Vec<PathBuf>) -> Result<PathBuf> {
    if let Some(found) = find(program).filter(|path| has_version(path, version)) {
        return Ok(found);
    }
    let package = if program == "wasm-bindgen" { "wasm-bindgen-cli" } else { program };
    let home = cache()?.join(format!("{package}-{version}"));
    let path = home.join("bin").join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    if !has_version(&path, version) {
        println!("{package} {version} is missing; building it. This happens once and takes some minutes.");
        let exact = format!("{package}@{version}");
        // The lock file that a release carries is tried first; a version it names may have been withdrawn.
        cargo_install(&exact, &home, features, true)
            .or_else(|_| cargo_install(&exact, &home, features, false))
            .with_context(|| by_hand(&exact, features))?;
    }
    folders.push(home.join("bin"));
    Ok(path)
}

/// How to get it without us, and what the attempt most often lacks.
fn by_hand(exact: &str, features: &[&str]) -> String {
    let words: Vec<&str> = ["cargo", "install", exact].iter().chain(features).copied().collect();
    format!("get it with: {} (building it needs a C linker, on Debian: apt-get install gcc)", words.join(" "))
}

fn cargo_install(package: &str, home: &Path, features: &[&str], locked: bool) -> Result<()> {
    let mut command = cargo();
    command.arg("install").args(locked.then_some("--locked")).arg(package).args(features).arg("--root").arg(home);
    // Kept until it succeeds, so that the second attempt and an interrupted one go on where they stopped.
    let target = root().join("target").join("tools");
    command.arg("--target-dir").arg(&target);
    // They run for seconds: minutes of optimising them are better spent otherwise.
    command.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1").env_remove("CARGO_BUILD_TARGET");
    run(&mut command)
}

fn has_version(path: &Path, version: &str) -> bool {
    read(Command::new(path).arg("--version")).is_some_and(|text| text.split_whitespace().any(|word| word == version))
}

/// Makes sure of wasm-opt where Node is there; without it the site is built larger, but built.
fn find_wasm_opt(folders: &mut Vec<PathBuf>) -> bool {
    if find("wasm-opt").is_some_and(|path| recent_wasm_opt(&path)) {
        return true;
    }
    match npm_wasm_opt() {
        Ok(folder) => {
            folders.push(folder);
            true
        }
        Err(error) => {
            println!("wasm-opt is missing, so the site will be larger than it ships. {error:#}");
            false
        }
    }
}

fn npm_wasm_opt() -> Result<PathBuf> {
    let command = format!("get it with: npm install --global binaryen@{BINARYEN}");
    let npm = find("npm").ok_or_else(|| anyhow!("Install Node 20 or newer, then {command}"))?;
    let home = cache()?.join(format!("binaryen-{BINARYEN}"));
    let folder = home.join("node_modules").join(".bin");
    let program = folder.join(WASM_OPT);
    if !recent_wasm_opt(&program) {
        println!("wasm-opt is missing; getting it from npm.");
        std::fs::create_dir_all(&home)?;
        run(at_root(npm)
            .args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"])
            .arg(&home)
            .arg(format!("binaryen@{BINARYEN}")))
        .context(command)?;
    }
    Ok(folder)
}

/// Reads "wasm-opt version 132 (version_132)".
fn recent_wasm_opt(path: &Path) -> bool {
    read(Command::new(path).arg("--version"))
        .and_then(|text| text.split_whitespace().nth(2)?.parse::<u32>().ok())
        .is_some_and(|version| version >= OLDEST_WASM_OPT)
}

/// The cache folder for this user's copies of the tools.
fn cache() -> Result<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library").join("Caches"))
    } else {
        variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")))
    };
    Ok(base.context("no home folder to keep tools in: set HOME")?.join("whichcard-tools"))
}

fn search_path(first: &[PathBuf]) -> Result<OsString> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths(first.iter().cloned().chain(std::env::split_paths(&old)))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_locked_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.50\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "yew"), None);
    }

    #[test]
    fn page_and_module_are_optimised_for_the_same_browsers() {
        let page = std::fs::read_to_string(root().join("index.html")).unwrap();
        for feature in WASM_FEATURES {
            assert!(page.contains(feature), "data-wasm-opt-params of index.html lacks {feature}");
        }
    }

    #[test]
    fn a_tool_that_cannot_be_had_is_named_with_its_command() {
        let told = by_hand("trunk@0.21.14", &["--no-default-features", "--features", "rustls"]);
        assert!(told.starts_with("get it with: cargo install trunk@0.21.14 --no-default-features --features rustls"), "{told}");
    }

    #[test]
    fn the_lock_file_names_one_wasm_bindgen() {
        let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
        assert_eq!(lock.matches("name = \"wasm-bindgen\"\n").count(), 1);
        assert!(locked_version(&lock, "wasm-bindgen").is_some());
    }
}
