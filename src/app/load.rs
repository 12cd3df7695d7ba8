//! The catalogue is data beside the page: fetched when it starts, so that a site owner can edit it without a build.

use super::browser;
use std::rc::Rc;
use whichcard::catalog::{Catalog, CatalogError};
use yew::prelude::*;

/// Where the catalogue lies.
pub const ADDRESS: &str = "./catalog.json";

/// How far loading got.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// Under way.
    Waiting,
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
            (Self::Waiting, Self::Waiting) => true,
            (Self::Ready(a), Self::Ready(b)) => Rc::ptr_eq(a, b),
            (Self::Unreachable(a), Self::Unreachable(b)) => a == b,
            (Self::Broken(a), Self::Broken(b)) => a == b,
            _ => false,
        }
    }
}

/// Fetches and reads the catalogue once.
#[hook]
pub fn use_catalog() -> Loaded {
    let loaded = use_state(|| Loaded::Waiting);
    use_effect_with((), {
        let loaded = loaded.clone();
        move |()| {
            wasm_bindgen_futures::spawn_local(async move {
                loaded.set(match browser::fetch(ADDRESS).await {
                    Ok(text) => read(&text),
                    Err(why) => Loaded::Unreachable(why),
                });
            });
        }
    });
    (*loaded).clone()
}

fn read(text: &str) -> Loaded {
    match Catalog::from_json(text) {
        Ok(catalog) => Loaded::Ready(Rc::new(catalog)),
        Err(error) => Loaded::Broken(error),
    }
}
