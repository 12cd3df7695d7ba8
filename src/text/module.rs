//! Sentences of the JavaScript module. What only a later part of it says waits with that part (`package/rest.txt`,
//! `package/files.txt`), as long as it is looked for in a function of its own: one that only returned the sentences would be
//! replaced by them.

use super::{Lang, lines::find};

/// A file that `cargo xtask package` has written.
macro_rules! picked {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/target/sentences/", $name))
    };
}

/// The sentence of a key. Refusals and warnings are in the first language wherever they are not part of a file.
pub(super) fn sentence(lang: Lang, key: &str) -> Option<&'static str> {
    match key.split('.').next() {
        Some("reason") => reasons(key),
        Some("app") if lang == Lang::default() && key.split('.').nth(1) == Some("served") => reasons(key),
        Some("error" | "warning") if lang == Lang::default() => find(picked!("refusals.txt"), key),
        _ => files(lang, key),
    }
}

/// What only the planner says.
#[inline(never)]
fn reasons(key: &str) -> Option<&'static str> {
    find(picked!("reasons.txt"), key)
}

/// What only the files of a plan say.
#[inline(never)]
fn files(lang: Lang, key: &str) -> Option<&'static str> {
    include!(concat!(env!("OUT_DIR"), "/files.rs"))
}
