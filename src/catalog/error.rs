//! What is wrong with a catalogue file.

use crate::text::{Lang, say};
use std::fmt;

/// The kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CatalogFault {
    /// The text is not JSON.
    NotJson,
    /// Written for an older program.
    Older,
    /// Written for a newer program.
    Newer,
    /// A field is missing, unknown, or holds something it must not.
    Field,
}

/// A mistake in a catalogue: where, what is there, and what should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogError {
    /// The kind of mistake.
    pub fault: CatalogFault,
    /// Dotted path, with ids where entries have one: `cards.rtx-4090.tdpW`.
    pub path: String,
    /// What is there.
    pub found: String,
    /// What should be.
    pub expected: String,
}

impl CatalogError {
    /// A mistake in a field.
    pub fn field(path: impl Into<String>, found: impl fmt::Display, expected: impl Into<String>) -> Self {
        Self { fault: CatalogFault::Field, path: path.into(), found: found.to_string(), expected: expected.into() }
    }

    /// The mistake in words.
    #[must_use]
    pub fn in_words(&self, lang: Lang) -> String {
        let key = match self.fault {
            CatalogFault::NotJson => "error.catalog-not-json",
            CatalogFault::Older => "error.catalog-older",
            CatalogFault::Newer => "error.catalog-newer",
            CatalogFault::Field => "error.catalog-field",
        };
        say(lang, key, &[("path", &self.path), ("found", &self.found), ("expected", &self.expected)])
    }
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(Lang::En))
    }
}

impl std::error::Error for CatalogError {}
