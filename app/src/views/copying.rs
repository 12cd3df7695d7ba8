//! A text goes into the clipboard; where the browser refuses, it is shown selected, to be copied by hand.

use crate::carry;
use crate::context::Env;
use std::rc::Rc;
use yew::prelude::*;

/// How copying went.
#[derive(Clone, Debug, PartialEq)]
pub enum Copied {
    /// It is in the clipboard.
    Yes,
    /// It is to be copied by hand.
    ByHand(Rc<str>),
}

/// A button's work: copies, or selects the element that shows the text, if it is shown already. The text is made when it is asked
/// for.
pub fn copying(
    text: impl Fn() -> Rc<str> + 'static,
    shown_in: Option<&'static str>,
    copied: &UseStateHandle<Option<Copied>>,
) -> Callback<MouseEvent> {
    let copied = copied.clone();
    Callback::from(move |_| deliver(text(), shown_in, copied.clone()))
}

/// A function of its own, so that a first visit does without it.
#[inline(never)]
fn deliver(text: Rc<str>, shown_in: Option<&'static str>, copied: UseStateHandle<Option<Copied>>) {
    wasm_bindgen_futures::spawn_local(async move {
        let done = match shown_in {
            Some(id) => carry::copy(text.to_string(), id).await,
            None => carry::write(&text).await,
        };
        copied.set(Some(if done { Copied::Yes } else { Copied::ByHand(text) }));
    });
}

/// A line that says how it went; always in the page, so that it is announced when it fills.
pub fn told(env: &Env, copied: Option<&Copied>) -> Html {
    let key = match copied {
        Some(Copied::ByHand(_)) => "app.take.selected",
        _ => "app.take.copied",
    };
    html! { <p class="hint" role="status" data-copied={copied.is_some().to_string()}>{ copied.map(|_| env.say(key)) }</p> }
}
