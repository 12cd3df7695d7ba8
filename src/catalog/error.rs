//! What is wrong with a catalogue file.

use crate::text::{Lang, say};
use std::fmt;
use std::ops::Deref;

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

/// A mistake in a catalogue, as a pointer: it is handed on in many places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogError(Box<CatalogMistake>);

/// Where a mistake in a catalogue is, what is there, and what should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogMistake {
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
        Self::new(CatalogFault::Field, path.into(), found.to_string(), expected.into())
    }

    /// Any mistake.
    pub(super) fn new(fault: CatalogFault, path: String, found: String, expected: String) -> Self {
        Self(Box::new(CatalogMistake { fault, path, found, expected }))
    }

    /// The same mistake at another place.
    #[must_use]
    pub(super) fn at(mut self, path: String) -> Self {
        self.0.path = path;
        self
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

impl Deref for CatalogError {
    type Target = CatalogMistake;

    fn deref(&self) -> &CatalogMistake {
        &self.0
    }
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(Lang::default()))
    }
}

impl std::error::Error for CatalogError {}
