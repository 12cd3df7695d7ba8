//! The sentences in `locales/` are compiled in by a macro, which Cargo does not see reading them. Not into the page (`cfg(page)`), which
//! loads those of its language.

use std::env::var;

fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rustc-check-cfg=cfg(page)");
    if var("CARGO_CFG_TARGET_ARCH").is_ok_and(|target| target == "wasm32") && var("CARGO_FEATURE_WEB").is_ok() {
        println!("cargo::rustc-cfg=page");
    }
    // The module for other programs has the sentences that `cargo xtask package` picks for it.
    println!("cargo::rerun-if-env-changed=WHICHCARD_SENTENCES");
    println!("cargo::rustc-check-cfg=cfg(module)");
    if var("WHICHCARD_SENTENCES").is_ok_and(|which| which == "module") {
        println!("cargo::rustc-cfg=module");
    }
}
