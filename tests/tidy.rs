//! The house rules of ARCHITECTURE.md that reading the sources can check.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms of the library from the floor up; a room may use its own floor and the floors below.
const FLOORS: &[&[&str]] = &[
    &["document"],
    &["units"],
    &["error", "field", "text"],
    &["card", "model"],
    &["detect"],
    // A catalogue's tasks are requests, and a request is resolved against the catalogue.
    &["request", "catalog"],
    &["estimate"],
    &["wording"],
    &["plan"],
    &["share"],
    &["export"],
    &["js"],
];

/// Every Rust source below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("folder is readable") {
        let path = entry.expect("entry is readable").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The library.
fn source_root() -> PathBuf {
    root().join("src")
}

/// The library and the page.
fn all_sources() -> Vec<PathBuf> {
    [source_root(), root().join("app/src")].iter().flat_map(|folder| sources(folder)).collect()
}

/// The room a source belongs to (`src/card/features.rs` is in `card`).
fn room(path: &Path) -> String {
    let below = path.strip_prefix(source_root()).expect("below src");
    let first = below.components().next().expect("has a first part").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn no_room_uses_a_room_above_it() {
    let mut offences = Vec::new();
    for path in sources(&source_root()) {
        let room = room(&path);
        if room == "lib" {
            continue;
        }
        let Some(own) = floor(&room) else { panic!("{room} stands on no floor") };
        let text = fs::read_to_string(&path).expect("source is readable");
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let name: String = used.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if floor(&name).is_some_and(|other| other > own) {
                    offences.push(format!("{}: {}", path.display(), line.trim()));
                }
            }
        }
    }
    assert!(offences.is_empty(), "uses of a higher floor:\n{}", offences.join("\n"));
}

#[test]
fn every_source_says_what_it_holds() {
    let silent: Vec<_> = all_sources()
        .into_iter()
        .filter(|path| !fs::read_to_string(path).expect("source is readable").starts_with("//!"))
        .collect();
    assert!(silent.is_empty(), "without a module comment: {silent:?}");
}

#[test]
fn no_source_outgrows_a_reader() {
    const LONGEST_BYTES: usize = 16_000;
    let long: Vec<_> = all_sources()
        .into_iter()
        .map(|path| (fs::read_to_string(&path).expect("source is readable").len(), path))
        .filter(|(bytes, _)| *bytes > LONGEST_BYTES)
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST_BYTES} bytes: {long:?}");
}

#[test]
fn the_library_knows_no_browser() {
    let impure = ["web_sys::", "js_sys::", "gloo", "yew::", "std::time::SystemTime", "std::time::Instant", "std::fs", "std::net"];
    let mut offences = Vec::new();
    for path in sources(&source_root()) {
        let text = fs::read_to_string(&path).expect("source is readable");
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            if impure.iter().any(|word| line.contains(word)) {
                offences.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(offences.is_empty(), "impure:\n{}", offences.join("\n"));
}
