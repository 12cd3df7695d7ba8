//! Numbers in digits.

use std::fmt;

/// A number, for a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Decimal(pub f64);

#[cfg(not(module))]
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// JavaScript knows how to write its numbers; the code and tables that Rust brings for it are 4 kB of what is downloaded.
#[cfg(module)]
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&script::digits(self.0))
    }
}

#[cfg(module)]
mod script {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = String)]
        pub fn digits(number: f64) -> String;
    }
}
