//! What is drawn once it is unfolded: most of it never is, and each change of the question would draw it again.

use web_sys::HtmlDetailsElement;
use yew::prelude::*;

/// Whether the details of a component are unfolded, and the listener of theirs that notes it.
#[hook]
pub fn use_unfolded() -> (UseStateHandle<bool>, Callback<Event>) {
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |event: Event| open.set(event.target_unchecked_into::<HtmlDetailsElement>().open()))
    };
    (open, ontoggle)
}
