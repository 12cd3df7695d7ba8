//! One setup in full: memory against the card, figures, recipe, warnings, working.

use super::{figures, memory_bar, recipe, warnings, working};
use crate::app::context::Env;
use whichcard::estimate::Estimate;
use whichcard::request::Setup;
use yew::prelude::*;

/// The sheet below a verdict.
pub fn sheet(env: &Env, setup: &Setup, estimate: &Estimate) -> Html {
    html! {
        <div class="sheet">
            <section class="memory" aria-label={env.say("app.sheet.memory")}>
                <h2>{ env.say("app.sheet.memory") }</h2>
                { memory_bar::ruled(env, &estimate.memory) }
                { memory_bar::table(env, &estimate.memory) }
            </section>
            { warnings::warnings(env, &estimate.warnings) }
            <section aria-label={env.say("app.sheet.figures")}>
                <h2>{ env.say("app.sheet.figures") }</h2>
                { figures::figures(env, setup, estimate) }
                { figures::confidence(env, estimate.confidence) }
            </section>
            <section aria-label={env.say("app.sheet.recipe")}>
                <h2>{ env.say("app.sheet.recipe") }</h2>
                { recipe::list(env, setup) }
            </section>
            <section hidden={estimate.explain.is_empty()} aria-label={env.say("app.sheet.working")}>
                <h2>{ env.say("app.sheet.working") }</h2>
                { working::working(env, &estimate.explain) }
            </section>
        </div>
    }
}
