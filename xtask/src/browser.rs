//! The browser the tests drive: an installed Chrome or Chromium and its driver, Debian's if there is none and we may.

use crate::command::{at_root, find, read, run};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use whichcard::text::Lang;

const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const ELSEWHERE: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/// A browser and the program that drives it.
pub struct Browser {
    pub path: PathBuf,
    pub driver: PathBuf,
}

/// Finds them, or installs Debian's when this is root on Debian.
pub fn prepare() -> Result<Browser> {
    if let Some(found) = installed() {
        fonts();
        return Ok(found);
    }
    if !may_install() {
        bail!("the browser tests need Chrome or Chromium and the chromedriver of its version: {}", advice());
    }
    println!("No Chromium; installing Debian's.");
    apt(&["chromium", "chromium-driver"]).context("get it with: apt-get install chromium chromium-driver")?;
    fonts();
    installed().context("Debian's chromium and chromium-driver are installed but not on PATH")
}

fn installed() -> Option<Browser> {
    let chosen = std::env::var_os("CHROME_PATH").map(PathBuf::from).filter(|path| path.is_file());
    let path = chosen
        .or_else(|| BROWSERS.iter().find_map(|name| find(name)))
        .or_else(|| ELSEWHERE.iter().map(PathBuf::from).find(|path| path.is_file()))?;
    Some(Browser { path, driver: driver()? })
}

fn driver() -> Option<PathBuf> {
    let program = format!("chromedriver{}", std::env::consts::EXE_SUFFIX);
    let chosen = std::env::var_os("CHROMEDRIVER").map(PathBuf::from);
    // Hosted build machines keep it in a folder that this names.
    let folder = std::env::var_os("CHROMEWEBDRIVER").map(|folder| Path::new(&folder).join(program));
    chosen.into_iter().chain(folder).find(|path| path.is_file()).or_else(|| find("chromedriver"))
}

/// Pictures of a page need a font of its language, which a bare machine has of none that is written without spaces; the tests pass without.
fn fonts() {
    let lacks = |lang: &Lang| {
        let fonts = read(Command::new("fc-list").arg(format!(":lang={}", lang.tag().to_ascii_lowercase())));
        !lang.spaced() && fonts.is_some_and(|list| list.is_empty())
    };
    let missing: Vec<&str> = Lang::ALL.iter().filter(|lang| lacks(lang)).map(|lang| lang.tag()).collect();
    if missing.is_empty() || (may_install() && apt(&["fonts-wqy-zenhei"]).is_ok()) {
        return;
    }
    println!("No font for {}: pictures of the page will show boxes.", missing.join(", "));
}

fn apt(packages: &[&str]) -> Result<()> {
    run(at_root("apt-get").args(["update", "--quiet"]))?;
    run(at_root("apt-get")
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

fn may_install() -> bool {
    find("apt-get").is_some() && read(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

const fn advice() -> &'static str {
    if cfg!(target_os = "linux") {
        "apt-get install chromium chromium-driver (as root)"
    } else if cfg!(target_os = "macos") {
        "brew install --cask chromium chromedriver"
    } else {
        "winget install Google.Chrome, and npm install --global chromedriver"
    }
}
