//! The page: mounts the Yew application. Everything it knows comes from the library.

// Nor does the page panic on what is typed; tests may.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod app;

/// A third of the code of the standard library's, and no slower.
#[cfg(page)]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// The application is started from outside, by `app::start`.
#[cfg(not(all(feature = "prerender", not(target_arch = "wasm32"))))]
const fn main() {}

/// Prints the page a first visit opens with, drawn from the catalogue on standard input.
#[cfg(all(feature = "prerender", not(target_arch = "wasm32")))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalog = std::io::read_to_string(std::io::stdin())?;
    println!("{}", app::write_openings(&catalog)?);
    Ok(())
}
