//! The site as it ships: Trunk's build, then the parts only a finished build can fill in.

use crate::command::{at_root, root, run as run_command};
use crate::tools::Toolbox;
use crate::{hosting, stamp};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// What the site is made from. Anything else may change without a new build.
const SOURCES: &[&str] = &[
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "build.rs",
    "catalog.json",
    "docs/article",
    "index.html",
    "locales",
    "src",
    "web",
    "xtask/src",
];

/// How much time a build may take for a small result.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// As it ships.
    Small,
    /// For looking at a change: unoptimised.
    Quick,
}

/// `cargo xtask dist`
pub fn run(arguments: &[String]) -> Result<()> {
    if let Some(unknown) = arguments.first() {
        bail!("dist takes no {unknown}");
    }
    let folder = build(Build::Small)?;
    println!("The site is in {}", folder.display());
    Ok(())
}

/// Builds the site unless it is there already, and answers its folder.
pub fn build(kind: Build) -> Result<PathBuf> {
    let folder = match kind {
        Build::Small => root().join("dist"),
        Build::Quick => root().join("target").join("quick-site"),
    };
    let toolbox = Toolbox::prepare()?;
    let stamp = fingerprint(kind == Build::Small && toolbox.has_wasm_opt())?;
    let note = root().join("target").join(if kind == Build::Small { "site.stamp" } else { "quick-site.stamp" });
    if folder.join("index.html").is_file() && std::fs::read_to_string(&note).is_ok_and(|old| old == stamp) {
        println!("The site is up to date.");
        return Ok(folder);
    }
    let _ = std::fs::remove_file(&note);
    fetch();
    trunk(&toolbox, kind, &folder)?;
    stamp::finish(&folder)?;
    hosting::finish(&folder)?;
    // Cargo may have been told to build elsewhere.
    std::fs::create_dir_all(root().join("target"))?;
    std::fs::write(note, stamp)?;
    Ok(folder)
}

/// Brings what only the browser build needs: Trunk itself builds without the network. Without a network, what is here must do.
fn fetch() {
    let mut cargo = at_root("cargo");
    cargo.args(["fetch", "--locked", "--target", "wasm32-unknown-unknown"]);
    let _ = run_command(&mut cargo);
}

fn trunk(toolbox: &Toolbox, kind: Build, folder: &Path) -> Result<()> {
    let mut command = toolbox.trunk()?;
    command.args(["build", "--offline", "--skip-version-check", "--dist"]).arg(folder);
    match kind {
        Build::Small if toolbox.has_wasm_opt() => command.arg("--release"),
        // Trunk runs wasm-opt in release mode only.
        Build::Small => command.args(["--cargo-profile", "wasm-release", "--minify"]),
        Build::Quick => &mut command,
    };
    run_command(&mut command)
}

/// Changes when any source changes: names, sizes and times of all files.
pub fn fingerprint(optimised: bool) -> Result<String> {
    let mut digest = Sha256::new();
    digest.update([u8::from(optimised)]);
    for source in SOURCES {
        add(&mut digest, &root().join(source))?;
    }
    Ok(stamp::hexadecimal(&digest.finalize()))
}

fn add(digest: &mut Sha256, path: &Path) -> Result<()> {
    let Ok(about) = std::fs::metadata(path) else {
        return Ok(());
    };
    if about.is_dir() {
        let mut inside = std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        inside.sort();
        return inside.iter().try_for_each(|path| add(digest, path));
    }
    digest.update(path.to_string_lossy().as_bytes());
    let modified = about.modified()?.duration_since(std::time::UNIX_EPOCH).context("a file older than 1970")?;
    digest.update(modified.as_nanos().to_le_bytes());
    digest.update(about.len().to_le_bytes());
    Ok(())
}
