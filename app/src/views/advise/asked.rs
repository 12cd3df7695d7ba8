//! Why a card that people ask about is not first: what it costs and gives against the first, or what stands in its way.

use crate::context::Env;
use crate::views::{reasons, rig};
use whichcard::plan::{Advice, Reason, ReasonCode};
use yew::prelude::*;

/// Cards that people ask about first, whatever the job: the large ones of each generation, and the usual ones.
const ASKED: [&str; 6] = ["rtx-5090", "rtx-4090", "rtx-3090", "rtx-4060-ti-16gb", "rtx-4060", "rtx-3060-12gb"];
/// Sentences shown.
const SHOWN: usize = 4;

/// A card's name and what to say about it.
struct Said<'a> {
    id: &'a str,
    name: String,
    reasons: Vec<Reason>,
}

/// What is said of a card; nothing for the first and for one that was not looked at.
fn said<'a>(env: &Env, advice: &'a Advice, id: &'a str) -> Option<Said<'a>> {
    let place = advice.ranked.iter().position(|plan| plan.setup.rig.card.id == id);
    if let Some(plan) = place.and_then(|place| advice.ranked.get(place)) {
        // How it compares with the first, and what keeps it from standing there although it may be cheaper and faster.
        let first = plan.reasons.first().filter(|_| place != Some(0))?;
        use ReasonCode::{Late, Offloaded, OldSoftware, Tight};
        let keeps = |reason: &&Reason| matches!(reason.code, Tight | Offloaded | Late | OldSoftware);
        let reasons = [first].into_iter().chain(plan.reasons.iter().skip(1).find(keeps)).cloned().collect();
        return Some(Said { id, name: rig::name(env, &plan.setup.rig), reasons });
    }
    let refused = advice.rejected.iter().find(|one| one.card.id == id)?;
    Some(Said { id, name: refused.card.name.clone(), reasons: vec![refused.reason.clone()] })
}

pub fn asked(env: &Env, advice: &Advice) -> Html {
    let told: Vec<Said> = ASKED.iter().filter_map(|id| said(env, advice, id)).take(SHOWN).collect();
    html! {
        <section class="asked" id="asked" hidden={told.is_empty() || advice.ranked.is_empty()}
            aria-label={env.say("app.asked.title")}>
            <h2>{ env.say("app.asked.title") }</h2>
            <ul>
                { for told.into_iter().map(|one| html! {
                    <li key={one.id.to_owned()} data-card={one.id.to_owned()}>
                        <b>{ one.name }</b>
                        <span>{ reasons::together(env, &one.reasons) }</span>
                    </li>
                }) }
            </ul>
        </section>
    }
}
