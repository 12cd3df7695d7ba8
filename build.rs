//! The languages of the program, from the files that lie in `locales/`. Their sentences are compiled in by a macro, which Cargo does
//! not see reading them; not into the page (`cfg(page)`), which loads those of its language. And the table of measured factors,
//! without what only its readers need.

#[path = "build/language.rs"]
mod language;
#[path = "build/locale.rs"]
mod locale;

use std::collections::BTreeMap;
use std::env::var;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=src/estimate/calibration.json");
    let table = std::fs::read_to_string("src/estimate/calibration.json").expect("the table of measured factors");
    let into = var("OUT_DIR").expect("a folder to build into");
    let write = |name: &str, text: String| std::fs::write(Path::new(&into).join(name), text).expect("room for what is made");
    write("calibration.json", briefly(&table));
    println!("cargo::rerun-if-changed=locales");
    match languages() {
        Ok(all) => {
            write("lang.rs", language::lang(&all));
            write("files.rs", language::picked(&all));
            write("typed.rs", language::typed(&all));
            write("spellings.rs", language::spellings(&all));
        }
        Err(mistakes) => mistakes.iter().for_each(|mistake| println!("cargo::error={mistake}")),
    }
    println!("cargo::rustc-check-cfg=cfg(page)");
    if var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") && var("CARGO_FEATURE_PAGE").is_ok() {
        println!("cargo::rustc-cfg=page");
    }
    // The module for other programs has the sentences that `cargo xtask package` picks for it.
    println!("cargo::rerun-if-env-changed=WHICHCARD_SENTENCES");
    println!("cargo::rustc-check-cfg=cfg(module)");
    if var("WHICHCARD_SENTENCES").is_ok_and(|which| which == "module") {
        println!("cargo::rustc-cfg=module");
    }
}

/// The languages whose files lie in `locales/`. Names what their sentences lack, for which those of the first language stand in.
fn languages() -> Result<Vec<language::Language>, Vec<String>> {
    /// Who has just copied a file wants to see the first of many.
    const NAMED: usize = 12;
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir("locales").expect("the folder of languages") {
        let path = entry.expect("a file of a language").path();
        if let (Some(tag), true) = (path.file_stem(), path.extension().is_some_and(|ending| ending == "yml")) {
            let text = std::fs::read_to_string(&path).expect("a file of sentences");
            files.insert(tag.to_string_lossy().into_owned(), locale::read(&path.to_string_lossy(), &text)?);
        }
    }
    let all = language::languages(&files)?;
    let first = &files[language::FIRST];
    for (tag, texts) in &files {
        let lacking = locale::differences(first, texts);
        for difference in lacking.iter().take(NAMED) {
            println!("cargo::warning=locales/{tag}.yml: {difference}");
        }
        if lacking.len() > NAMED {
            println!("cargo::warning=locales/{tag}.yml: {} more, which cargo test --test locales names", lacking.len() - NAMED);
        }
    }
    Ok(all)
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
