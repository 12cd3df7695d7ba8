//! Rust's standard library, built anew for what visitors download.
//!
//! The library that comes with Rust is made for speed, explains every panic and prints everything for
//! debugging. Here it is compiled with the page: for size, a panic ends the program where it happens (the page
//! reports the trap), and `{:?}` prints nothing.

use crate::command::{at_root, read, run};
use crate::tools::TARGET;
use std::path::Path;
use std::process::Command;

/// How the page and the standard library below it are compiled.
const FLAGS: &[&str] = &[
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    // One piece of data for each constant, so that data can wait with the functions that read it (`divide`).
    "-Clink-arg=--no-merge-data-segments",
];

/// Whether the standard library can be built here, getting its source where it is missing. Where not, says so: what
/// is built then works as well and is larger.
pub fn prepare() -> bool {
    let possible = understood() && (has_source() || add_source());
    if !possible {
        println!("The standard library cannot be built for size here, so the result will be larger than it ships.");
    }
    possible
}

/// Makes a build with Cargo include the standard library.
pub fn apply(command: &mut Command) {
    // The flags are not stable, and what is built with them is tested: this Rust may use them.
    command.env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
    command.env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", FLAGS.join(" "));
}

/// Other versions of Rust may know other flags.
fn understood() -> bool {
    let mut rustc = Command::new("rustc");
    rustc.env("RUSTC_BOOTSTRAP", "1").args(FLAGS).args(["--target", TARGET, "--print", "cfg"]);
    read(&mut rustc).is_some()
}

fn has_source() -> bool {
    let root = read(Command::new("rustc").args(["--print", "sysroot"])).unwrap_or_default();
    Path::new(&root).join("lib/rustlib/src/rust/library/Cargo.lock").is_file()
}

fn add_source() -> bool {
    println!("The source of the standard library is missing; adding it (rustup component add rust-src).");
    run(at_root("rustup").args(["component", "add", "rust-src"])).is_ok() && has_source()
}
