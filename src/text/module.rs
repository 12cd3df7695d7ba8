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

/// The sentence of a key. Refusals and warnings are English wherever they are not part of a file.
pub(super) fn sentence(lang: Lang, key: &str) -> Option<&'static str> {
    match (lang, key.split('.').next()) {
        (_, Some("reason")) => reasons(key),
        (Lang::En, Some("error" | "warning")) => find(picked!("en.txt"), key),
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
    match lang {
        Lang::En => find(picked!("files-en.txt"), key),
        Lang::ZhCn => find(picked!("files-zh-CN.txt"), key),
    }
}
