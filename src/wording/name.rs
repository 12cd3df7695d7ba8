//! What the values of the request's lists are called.

use crate::text::{Lang, knows, say};

/// The name of one of a few values, or the value itself where it needs no translation.
#[must_use]
pub fn name(lang: Lang, list: &str, value: &str) -> String {
    // What is counted has its number behind a colon: `layers:12`.
    let (name, n) = value.split_once(':').unwrap_or((value, ""));
    let key = format!("app.value.{list}.{name}");
    if knows(lang, &key) { say(lang, &key, &[("n", n)]) } else { value.to_owned() }
}
