//! The sentences in `locales/` are compiled in by a macro, which Cargo does not see reading them. Not into the page (`cfg(page)`),
//! which loads those of its language. And the table of measured factors, without what only its readers need.

use std::env::var;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=src/estimate/calibration.json");
    let table = std::fs::read_to_string("src/estimate/calibration.json").expect("the table of measured factors");
    let into = var("OUT_DIR").expect("a folder to build into");
    std::fs::write(Path::new(&into).join("calibration.json"), briefly(&table)).expect("room for the table");
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rustc-check-cfg=cfg(page)");
    if var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") && var("CARGO_FEATURE_WEB").is_ok() {
        println!("cargo::rustc-cfg=page");
    }
    // The module for other programs has the sentences that `cargo xtask package` picks for it.
    println!("cargo::rerun-if-env-changed=WHICHCARD_SENTENCES");
    println!("cargo::rustc-check-cfg=cfg(module)");
    if var("WHICHCARD_SENTENCES").is_ok_and(|which| which == "module") {
        println!("cargo::rustc-cfg=module");
    }
}

/// Without blanks, of which none is inside a name, and without the spread of each factor's readings.
fn briefly(table: &str) -> String {
    let mut brief = String::new();
    for line in table.lines() {
        let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        match line.split_once(",\"spread\":") {
            Some((before, after)) if after.starts_with(|c: char| c.is_ascii_digit()) => {
                brief.extend([before, after.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | '-'))]);
            }
            _ => brief.push_str(&line),
        }
    }
    brief
}
