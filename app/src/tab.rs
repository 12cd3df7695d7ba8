//! What is typed and not yet taken is kept with the tab, so that a reload loses none of it. Nothing here is called while rendering.

use super::browser;
use web_sys::Storage;
use yew::prelude::*;

/// What has been typed and has not reached the address yet: the address it was typed at and the one it makes. `web/early.js` takes it.
const ADDRESS: &str = "typed";

fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

fn keep(key: &str, text: &str) {
    // A browser that keeps nothing loses what is not taken yet, and nothing else. What has no room leaves nothing older behind.
    if let Some(storage) = storage()
        && (text.is_empty() || storage.set_item(key, text).is_err())
    {
        drop(storage.remove_item(key));
    }
}

/// Keeps the query that the address is about to follow.
pub fn keep_address(current: &str, typed: &str) {
    keep(ADDRESS, &format!("{current}\n{typed}"));
}

/// The address has followed.
pub fn forget_address() {
    keep(ADDRESS, "");
}

/// The changes that can be taken back (`past`).
const PAST: &str = "past";

/// Keeps them through a reload.
pub fn keep_past(past: &str) {
    keep(PAST, past);
}

/// Those from before a reload. A link that is followed begins anew.
pub fn past() -> Option<String> {
    if browser::is_reloaded() {
        return storage()?.get_item(PAST).ok()?;
    }
    keep_past("");
    None
}

/// A text that is being typed, as it was before a reload.
#[hook]
pub fn use_draft(key: &'static str) -> UseStateHandle<String> {
    let draft = use_state(String::new);
    use_effect_with((), {
        let draft = draft.clone();
        move |()| {
            if let Some(text) = storage().and_then(|storage| storage.get_item(key).ok()?) {
                draft.set(text);
            }
        }
    });
    use_effect_with((*draft).clone(), move |text| keep(key, text));
    draft
}
