//! The address of the page and the visitor's steps between addresses. Nothing here is called while rendering.

use gloo_events::EventListener;
use wasm_bindgen::JsValue;
use web_sys::{History, Window};

fn window() -> Option<Window> {
    web_sys::window()
}

/// The query string of the address, with its `?`.
pub fn query() -> String {
    window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

/// Puts a query into the address without a step in the history.
pub fn replace_query(query: &str) {
    if let Some(history) = history() {
        let state = history.state().unwrap_or_default();
        drop(history.replace_state_with_url(&state, "", Some(&format!("?{query}"))));
    }
}

/// Puts a query into the address as a new step, so that Back returns to the one before; the step remembers which that is.
pub fn push_query(query: &str) {
    push(&format!("?{query}"));
}

/// The same with what follows the query.
pub fn push(address: &str) {
    if let Some(history) = history() {
        let before = JsValue::from_str(query().trim_start_matches('?'));
        drop(history.push_state_with_url(&before, "", Some(address)));
    }
}

/// Whether this step was taken from the one with that query.
pub fn is_step_before(query: &str) -> bool {
    history().and_then(|history| history.state().ok()?.as_string()).is_some_and(|before| before == query)
}

/// Goes to the step before without moving what is in sight: the visitor has closed by hand what Back would have closed.
pub fn step_back() {
    let (Some(window), Some(history)) = (window(), history()) else { return };
    let height = window.scroll_y().unwrap_or_default();
    let stay = EventListener::once(&window.clone().into(), "popstate", move |_| {
        gloo_timers::callback::Timeout::new(0, move || window.scroll_to_with_x_and_y(0.0, height)).forget();
    });
    stay.forget();
    drop(history.back());
}

fn history() -> Option<History> {
    window()?.history().ok()
}

/// Calls back when the visitor goes back or forward.
pub fn on_travel(call: impl Fn() + 'static) -> Option<EventListener> {
    Some(EventListener::new(&window()?.into(), "popstate", move |_| call()))
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn the_address_holds_any_query() {
        let before = query();
        replace_query("v=1&budget=12000&model=%E6%A8%A1");
        assert_eq!(query(), "?v=1&budget=12000&model=%E6%A8%A1");
        replace_query(before.trim_start_matches('?'));
    }

    #[wasm_bindgen_test]
    async fn going_back_calls_back() {
        let start = query();
        let travelled = Rc::new(Cell::new(0));
        let listener = on_travel({
            let travelled = Rc::clone(&travelled);
            move || travelled.set(travelled.get() + 1)
        });
        push_query("v=1&view=card");
        window().unwrap().history().unwrap().back().unwrap();
        while travelled.get() == 0 {
            gloo_timers::future::TimeoutFuture::new(5).await;
        }
        assert_eq!(query(), start);
        drop(listener);
    }
}
