//! The page: a Yew application of state, views, widgets and browser bridges. Everything it knows comes from the library.
//!
//! Rendering calls no Web API: what a view needs reaches it through [`context::Env`], so that the same views can be rendered
//! natively. Every component has one root element and every list and conditional sibling a key: the released versions of Yew
//! mix up siblings otherwise.

// Nor does the page panic on what is typed; tests may.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod address;
mod app;
mod browser;
mod built;
mod carry;
mod chart;
mod context;
mod field;
mod format;
mod late;
mod later;
mod load;
mod measure;
mod number;
#[cfg(all(feature = "prerender", not(target_arch = "wasm32")))]
mod opening;
mod page;
mod past;
mod probe;
mod reading;
mod spoken;
mod state;
mod tab;
mod views;
mod widgets;

/// A third of the code of the standard library's, and no slower.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// The application is started from outside, by `app::start`.
#[cfg(not(all(feature = "prerender", not(target_arch = "wasm32"))))]
const fn main() {}

/// Prints the page a first visit opens with, drawn from the catalogue on standard input.
#[cfg(all(feature = "prerender", not(target_arch = "wasm32")))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalog = std::io::read_to_string(std::io::stdin())?;
    println!("{}", opening::write(&catalog)?);
    Ok(())
}
