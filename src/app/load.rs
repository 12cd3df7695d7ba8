//! The catalogue is data beside the page: fetched when it starts, so that a site owner can edit it without a build.

use super::browser;
use std::fmt;
use std::rc::Rc;
use whichcard::catalog::{Catalog, CatalogError};

/// Where the catalogue lies.
pub const ADDRESS: &str = "./catalog.json";

/// How far loading got.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// Here, with a mark of its text.
    Ready(Rc<Catalog>, Mark),
    /// It could not be fetched: why.
    Unreachable(String),
    /// It could not be read: where and why.
    Broken(CatalogError),
}

impl PartialEq for Loaded {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Ready(a, _), Self::Ready(b, _)) => Rc::ptr_eq(a, b),
            (Self::Unreachable(a), Self::Unreachable(b)) => a == b,
            (Self::Broken(a), Self::Broken(b)) => a == b,
            _ => false,
        }
    }
}

/// Fetches and reads the catalogue.
pub async fn catalog() -> Loaded {
    match browser::fetch(ADDRESS).await {
        Ok(text) => read(&text),
        Err(why) => Loaded::Unreachable(why),
    }
}

/// Reads the text of a catalogue; `cargo xtask catalog` and the tests have read its models.
pub fn read(text: &str) -> Loaded {
    match Catalog::from_json_lazily(text) {
        Ok(catalog) => Loaded::Ready(Rc::new(catalog), Mark::of(text)),
        Err(error) => Loaded::Broken(error),
    }
}

/// Tells whether two catalogues are the same text (FNV-1a): an answer that was drawn from another one is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u64);

impl Mark {
    fn of(text: &str) -> Self {
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, |mark, byte| (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
