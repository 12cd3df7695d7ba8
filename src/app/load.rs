//! The catalogue is data beside the page: fetched when it starts, so that a site owner can edit it without a build.

use super::browser;
use super::late::Late;
use std::fmt;
use whichcard::catalog::{Catalog, CatalogError};

/// Where the catalogue lies.
pub const ADDRESS: &str = "./catalog.json";

/// How far loading got.
#[derive(Clone, Debug, PartialEq)]
pub enum Loaded {
    /// Here, with a mark of its text.
    Ready(Late<Catalog>, Mark),
    /// It could not be fetched: why.
    Unreachable(String),
    /// It could not be read: where and why.
    Broken(CatalogError),
}

/// The text of the catalogue, or why it could not be fetched.
pub async fn text() -> Result<String, String> {
    browser::fetch(ADDRESS).await
}

impl Loaded {
    /// Reads a text; `cargo xtask catalog` and the tests have read its models.
    pub fn read(text: &str) -> Self {
        match Catalog::from_json_lazily(text) {
            Ok(catalog) => Self::Ready(Late::new(|| catalog), Mark::of(text)),
            Err(error) => Self::Broken(error),
        }
    }

    /// Takes a text that the build has read: it is read again when somebody asks for what it says.
    pub fn known(text: String) -> Self {
        let mark = Mark::of(&text);
        Self::Ready(Late::new(move || Catalog::from_json_lazily(&text).unwrap_or_default()), mark)
    }
}

/// Tells whether two catalogues are the same text (FNV-1a): an answer that was drawn from another one is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u64);

impl Mark {
    pub fn of(text: &str) -> Self {
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, |mark, byte| (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
