//! The catalogue is data beside the page: fetched when it starts, so that a site owner can edit it without a build.

use super::late::Late;
use super::{browser, later};
use std::fmt;
use whichcard::catalog::{Catalog, CatalogError};
use yew::prelude::*;

/// Where the catalogue lies.
pub const ADDRESS: &str = "./catalog.json";

/// How far loading got.
#[derive(Clone, Debug, PartialEq)]
pub enum Loaded {
    /// On its way: what the build drew stands without it.
    Coming,
    /// Here, with a mark of its text.
    Ready(Late<Catalog>, Mark),
    /// It could not be fetched: why.
    Unreachable(String),
    /// It could not be read: where and why.
    Broken(CatalogError),
}

/// Fetches the catalogue. The one that the build has drawn from need not be read before somebody asks; any other is, with the module
/// that can.
pub async fn catalog(drawn_from: Option<Mark>) -> Loaded {
    match browser::fetch(ADDRESS).await {
        Ok(text) if drawn_from == Some(Mark::of(&text)) => Loaded::known(text),
        fetched => {
            later::answers().await;
            fetched.map_or_else(Loaded::Unreachable, |text| Loaded::read(&text))
        }
    }
}

/// The catalogue as it is given, or when it has come.
#[hook]
pub fn use_loaded(given: &Loaded, drawn_from: Option<Mark>) -> Loaded {
    let loaded = use_state(|| given.clone());
    use_effect_with((), {
        let loaded = loaded.clone();
        move |()| {
            wasm_bindgen_futures::spawn_local(async move {
                if *loaded == Loaded::Coming {
                    loaded.set(catalog(drawn_from).await);
                }
                later::catalogue_taken();
            });
        }
    });
    (*loaded).clone()
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
    fn known(text: String) -> Self {
        let mark = Mark::of(&text);
        Self::Ready(Late::new(move || Catalog::from_json_lazily(&text).unwrap_or_default()), mark)
    }
}

/// Tells whether two catalogues are the same text (FNV-1a): an answer that was drawn from another one is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u64);

impl Mark {
    fn of(text: &str) -> Self {
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, |mark, byte| (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    /// One that was written into the page.
    pub fn written(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
