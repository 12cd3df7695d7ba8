//! What a first visit does without is a second module (`web/later.txt`), made from the finished application when the site is built.
//! The program is not aware of it: a function that is not there yet is brought by whoever calls it.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Brings the second module, if it is not here (`web/start.js`).
    #[wasm_bindgen(js_name = loadLater)]
    fn load_later();
}

/// Keeps the import: the calls are put in when the site is built.
#[wasm_bindgen(js_name = bring)]
pub fn bring() {
    load_later();
}
