//! What a first visit does without are modules that come later (`web/soon.txt` and its like), made from the finished application when the
//! site is built. The program is not aware of them: a function that is not there yet is brought by whoever calls it.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Brings the modules up to this one that are not here (`web/start.js`); beyond the last, all.
    #[wasm_bindgen(js_name = loadLater)]
    fn load_later(part: u32);

    /// Waits for the module with the answers; says to the visitor that something is coming while it does.
    #[wasm_bindgen(js_name = answers)]
    pub async fn answers();

    /// Waits for all modules, or for what answers, and for the catalogue; says why it cannot be had.
    #[wasm_bindgen(js_name = prepareLater)]
    pub async fn prepare(all: bool) -> JsValue;

    /// Says that the catalogue is here, or cannot be had: what was done before that can be done again.
    #[wasm_bindgen(js_name = catalogueTaken)]
    pub fn catalogue_taken();
}

/// Brings everything. That keeps the import, too: the other calls are put in when the site is built.
#[wasm_bindgen(js_name = bring)]
pub fn bring() {
    load_later(u32::MAX);
}
