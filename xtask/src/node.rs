//! Node packages of the tests and of the package, installed as their lock files say.

use crate::command::{at_root, find, read, run};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The first that ends a run of tests although a browser still listens (`--test-force-exit`).
const OLDEST: [u32; 2] = [20, 14];
/// Where to get it.
pub const ADVICE: &str = "this needs Node 20.14 or newer: https://nodejs.org or apt-get install nodejs npm";

/// The program, if it is new enough.
pub fn program() -> Result<PathBuf> {
    let node = find("node").context(ADVICE)?;
    let said = read(Command::new(&node).arg("--version")).unwrap_or_default();
    ensure!(is_recent(&said), "Node says it is {said}: {ADVICE}");
    Ok(node)
}

/// Of what `node --version` says: `v20.20.2`.
fn is_recent(said: &str) -> bool {
    let mut numbers = said.trim().trim_start_matches('v').split('.').map(str::parse);
    matches!((numbers.next(), numbers.next()), (Some(Ok(major)), Some(Ok(minor))) if [major, minor] >= OLDEST)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_node_is_told_before_it_stumbles() {
        assert_eq!(
            ["v20.14.0", "v22.1.0\n", "v18.19.0", "v20.9.0", "", "node"].map(is_recent),
            [true, true, false, false, false, false]
        );
    }
}
