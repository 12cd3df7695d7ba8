//! The catalogue is data beside the page: fetched when it starts, so that a site owner can edit it without a build.

use super::browser;
use std::rc::Rc;
use whichcard::catalog::{Catalog, CatalogError};

/// Where the catalogue lies.
pub const ADDRESS: &str = "./catalog.json";

/// How far loading got.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// Here.
    Ready(Rc<Catalog>),
    /// It could not be fetched: why.
    Unreachable(String),
    /// It could not be read: where and why.
    Broken(CatalogError),
}

impl PartialEq for Loaded {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Ready(a), Self::Ready(b)) => Rc::ptr_eq(a, b),
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

/// Reads the text of a catalogue.
pub fn read(text: &str) -> Loaded {
    match Catalog::from_json(text) {
        Ok(catalog) => Loaded::Ready(Rc::new(catalog)),
        Err(error) => Loaded::Broken(error),
    }
}
