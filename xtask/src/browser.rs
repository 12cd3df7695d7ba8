//! The browser the tests drive: an installed Chrome or Chromium and its driver, Debian's if there is none and we may.

use crate::command::{at_root, find, read, run};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

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
        chinese_font();
        return Ok(found);
    }
    if !may_install() {
        bail!("the browser tests need Chrome or Chromium and the chromedriver of its version: {}", advice());
    }
    println!("No Chromium; installing Debian's.");
    apt(&["chromium", "chromium-driver"]).context("get it with: apt-get install chromium chromium-driver")?;
    chinese_font();
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

/// Pictures of the Chinese page need a font; the tests pass without one.
fn chinese_font() {
    let missing = read(Command::new("fc-list").arg(":lang=zh")).is_some_and(|list| list.is_empty());
    if missing && may_install() && apt(&["fonts-wqy-zenhei"]).is_err() {
        println!("No Chinese font: pictures of the Chinese page will show boxes.");
    }
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
