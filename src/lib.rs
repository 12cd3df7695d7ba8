//! Which NVIDIA card does a job need, and what can a card do?
//!
//! The library is pure: it knows no screen, clock, random number or network. A [`request::Request`] is resolved against a
//! [`catalog::Catalog`] into a [`request::Setup`] (model, job, recipe, rig), and [`estimate::estimate`] answers with memory,
//! time, energy and money, each number with its working.

// The library never panics on input; tests may.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod card;
pub mod catalog;
pub mod detect;
pub mod document;
pub mod error;
pub mod estimate;
pub mod export;
mod field;
#[cfg(any(feature = "js", feature = "schema"))]
pub mod js;
pub mod model;
pub mod plan;
pub mod request;
pub mod share;
pub mod text;
pub mod units;
pub mod wording;

#[cfg(not(any(page, module)))]
rust_i18n::i18n!("locales", fallback = "en");
