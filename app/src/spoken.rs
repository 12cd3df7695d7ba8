//! The language the page speaks. Its sentences are files beside the page, brought by `web/texts.js`.

use whichcard::text::Lang;
use yew::prelude::*;

/// The language that is asked for, as soon as its sentences are here; until then the one before.
#[cfg(target_arch = "wasm32")]
#[hook]
pub fn use_spoken(asked: Lang) -> Lang {
    use whichcard::text::handed::speaks;
    // Where the address was changed while the application came, those that are here are of another language.
    let spoken = use_state(|| Lang::ALL.iter().copied().find(|lang| speaks(*lang)).unwrap_or(asked));
    use_effect_with(asked, {
        let spoken = spoken.clone();
        move |asked| {
            let asked = *asked;
            wasm_bindgen_futures::spawn_local(async move {
                if speaks(asked) || bring::change(asked.tag()).await.is_truthy() {
                    spoken.set(asked);
                }
            });
        }
    });
    if speaks(asked) { asked } else { *spoken }
}

/// Elsewhere every language is compiled in.
#[cfg(not(target_arch = "wasm32"))]
#[hook]
pub fn use_spoken(asked: Lang) -> Lang {
    asked
}

#[cfg(target_arch = "wasm32")]
mod bring {
    use crate::later;
    use wasm_bindgen::prelude::*;
    use whichcard::text::{Lang, handed};

    #[wasm_bindgen]
    extern "C" {
        /// Brings the sentences of a language; answers whether they are here.
        #[wasm_bindgen(js_namespace = texts)]
        pub async fn change(lang: &str) -> JsValue;
    }

    /// Takes a file of sentences; answers whether it is one.
    #[wasm_bindgen]
    pub fn hand(lang: &str, file: &str) -> bool {
        handed::brought_by(later::bring);
        Lang::from_tag(lang).is_some_and(|lang| handed::hand_over(lang, file))
    }
}
