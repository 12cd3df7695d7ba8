//! Names as people type them, brought to one spelling.

use crate::model::names::is_letter;

// What people write in their languages, `SPELLINGS`.
include!(concat!(env!("OUT_DIR"), "/spellings.rs"));

/// Words of makers that say the same, or nothing: what to look for and what to put instead, in this order.
const MAKERS: &[(&str, &str)] =
    &[("laptopgpu", "laptop"), ("mobile", "laptop"), ("nvidia", ""), ("geforce", ""), ("generation", "")];

/// Prefixes that people leave out.
const PREFIXES: &[&str] = &["tesla", "quadro", "rtx", "gtx", "gt"];

/// One spelling of a name: lower case, no spaces, hyphens or brackets, "24GB" as "24g", "laptop" at the end.
#[must_use]
pub fn spelling(name: &str) -> String {
    let mut plain: String = name.to_ascii_lowercase().chars().filter(|c| is_letter(*c) || matches!(c, '.' | '+')).collect();
    for (word, instead) in SPELLINGS.iter().chain(MAKERS) {
        if plain.contains(word) {
            plain = plain.replace(word, instead);
        }
    }
    if let Some(rest) = plain.strip_prefix("laptop") {
        plain = format!("{rest}laptop");
    }
    without_byte(&plain)
}

/// "24gb" as "24g", the way Chinese readers and many sellers write it.
fn without_byte(plain: &str) -> String {
    let mut short = String::with_capacity(plain.len());
    let mut before = [' ', ' '];
    for c in plain.chars() {
        let [number, unit] = before;
        if !(c == 'b' && unit == 'g' && number.is_ascii_digit()) {
            short.push(c);
        }
        before = [unit, c];
    }
    short
}

/// Which entry a name stands for.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// In order.
    by_spelling: Vec<(String, usize)>,
}

impl Names {
    /// Lets a name stand for an entry, unless an earlier one took it; says whether it did or already stood for the same entry.
    pub(super) fn insert(&mut self, name: &str, entry: usize) -> bool {
        self.take(spelling(name), entry) == entry
    }

    /// Lets the short forms of a name stand for an entry ("RTX 3090" as "3090").
    pub(super) fn insert_short(&mut self, name: &str, entry: usize) {
        let mut rest = spelling(name);
        for prefix in PREFIXES {
            if let Some(shorter) = rest.strip_prefix(prefix).map(str::to_owned) {
                self.take(shorter.clone(), entry);
                rest = shorter;
            }
        }
    }

    /// The entry of a name.
    pub(super) fn get(&self, name: &str) -> Option<usize> {
        let place = self.place(&spelling(name)).ok()?;
        self.by_spelling.get(place).map(|(_, entry)| *entry)
    }

    /// The entry that a spelling stands for: this one, unless an earlier one took it.
    fn take(&mut self, spelling: String, entry: usize) -> usize {
        match self.place(&spelling) {
            Ok(taken) => self.by_spelling.get(taken).map_or(entry, |(_, earlier)| *earlier),
            Err(free) => {
                self.by_spelling.insert(free, (spelling, entry));
                entry
            }
        }
    }

    /// Where a spelling stands, or would.
    fn place(&self, spelling: &str) -> Result<usize, usize> {
        self.by_spelling.binary_search_by(|(known, _)| known.as_str().cmp(spelling))
    }
}
