//! Node packages of the tests and of the package, installed as their lock files say.

use crate::command::{at_root, find, run};
use anyhow::{Context, Result};
use std::path::Path;

/// Where to get it.
pub const ADVICE: &str = "this needs Node 20 or newer: https://nodejs.org or apt-get install nodejs npm";

/// Installs the packages of a folder unless they are there.
pub fn install(folder: &Path) -> Result<()> {
    if is_current(folder) {
        return Ok(());
    }
    let npm = find("npm").context(ADVICE)?;
    run(at_root(npm).args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))
}

/// npm leaves a copy of the lock file behind, newer than the one it installed from.
fn is_current(folder: &Path) -> bool {
    let time = |name: &str| std::fs::metadata(folder.join(name)).and_then(|about| about.modified()).ok();
    match (time("package-lock.json"), time("node_modules/.package-lock.json")) {
        (Some(wanted), Some(have)) => have >= wanted,
        _ => false,
    }
}
