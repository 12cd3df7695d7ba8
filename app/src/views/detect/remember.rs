//! Keeps the chosen card in this browser if the visitor wants it kept, and forgets it again.

use crate::browser;
use crate::context::use_env;
use whichcard::share::Field;
use yew::prelude::*;

/// Name under which the card is kept.
pub const KEPT_CARD: &str = "card";
/// Name under which the memory in use on it is kept.
pub const KEPT_RESERVED: &str = "reserved";

#[component]
pub fn Remember() -> Html {
    let env = use_env();
    let kept = use_state(|| None::<String>);
    use_effect_with((), {
        let kept = kept.clone();
        move |()| kept.set(browser::kept(KEPT_CARD))
    });
    let chosen = env.link.get(Field::Card).and_then(|id| env.catalog.card(id)).cloned();
    let is_kept = chosen.as_ref().is_some_and(|card| kept.as_deref() == Some(card.id.as_str()));
    let onkeep = {
        let (kept, chosen) = (kept.clone(), chosen.clone());
        let reserved = env.link.get(Field::Reserved).filter(|text| !text.is_empty()).map(str::to_owned);
        Callback::from(move |_: MouseEvent| {
            if let Some(card) = &chosen {
                browser::keep(KEPT_CARD, &card.id);
                browser::forget(KEPT_RESERVED);
                if let Some(reserved) = &reserved {
                    browser::keep(KEPT_RESERVED, reserved);
                }
                kept.set(browser::kept(KEPT_CARD));
            }
        })
    };
    let onforget = {
        let kept = kept.clone();
        Callback::from(move |_: MouseEvent| {
            browser::forget(KEPT_CARD);
            browser::forget(KEPT_RESERVED);
            kept.set(None);
        })
    };
    let name = chosen.as_ref().map(|card| card.name.clone()).unwrap_or_default();
    html! {
        <p class="row remember" hidden={chosen.is_none() && kept.is_none()}>
            <button type="button" id="keep-card" class="small" hidden={is_kept || chosen.is_none()} onclick={onkeep}>
                { env.fill("app.detect.keep", &[("card", &name)]) }
            </button>
            <span class="quiet" hidden={!is_kept}>{ env.say("app.detect.kept") }</span>
            <button type="button" id="forget-card" class="small" hidden={kept.is_none()} onclick={onforget}>
                { env.say("app.detect.forget") }
            </button>
        </p>
    }
}
