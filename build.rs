//! The sentences in `locales/` are compiled in by a macro, which Cargo does not see reading them.

fn main() {
    println!("cargo::rerun-if-changed=locales");
}
