//! The library for JavaScript: plain objects in, plain objects out, refusals as objects that say which field is wrong.
//!
//! `package/` wraps this in an ES module with real `Error`s and TypeScript types ([`interface`]); `cargo xtask package` puts the two
//! together. Questions come in as JSON text, which a cycle or a getter that throws cannot smuggle past JavaScript's own checks;
//! answers go out as objects.

#[cfg(any(feature = "js", feature = "schema"))]
pub mod files;
#[cfg(feature = "schema")]
pub mod interface;
#[cfg(any(feature = "js", feature = "schema"))]
pub mod questions;
pub mod summary;

#[cfg(feature = "js")]
mod core;
