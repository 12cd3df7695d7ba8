//! One setup in full: memory against the card, figures, recipe, the machine around, files to take away, working.

use super::curve::Curve;
use super::evidence::{self, Estimated};
use super::take::Take;
use super::worked::Worked;
use super::{figures, machine, memory_bar, recipe, warnings, working};
use crate::context::Env;
use std::rc::Rc;
use whichcard::estimate::Step;
use whichcard::share::Link;
use yew::prelude::*;

/// The sheet below a verdict; `link` asks for the same again.
pub fn sheet(env: &Env, worked: &Rc<Worked>, link: &Link) -> Html {
    let Worked { setup, estimate } = worked.as_ref();
    // When buying pays is said once, of a day's use and what the cards fetch when sold, with the machine.
    let steps: Vec<Step> = estimate.explain.iter().filter(|step| step.id != "cost.breakEvenHours").cloned().collect();
    html! {
        <div class="sheet">
            <section class="memory" aria-label={env.say("app.sheet.memory")}>
                <h2>{ env.say("app.sheet.memory") }</h2>
                { memory_bar::ruled(env, &estimate.memory) }
                { memory_bar::table(env, &estimate.memory, &estimate.explain, &"part".into()) }
                { evidence::sentence(env, setup, Estimated::Memory, estimate.memory_confidence) }
            </section>
            { warnings::warnings(env, &estimate.warnings) }
            <section aria-label={env.say("app.sheet.figures")}>
                <h2>{ env.say("app.sheet.figures") }</h2>
                { figures::figures(env, setup, estimate) }
                { evidence::sentence(env, setup, Estimated::Time, estimate.confidence) }
            </section>
            <section aria-label={env.say("app.sheet.recipe")}>
                <h2>{ env.say("app.sheet.recipe") }</h2>
                { recipe::list(env, setup) }
            </section>
            <Curve worked={Rc::clone(worked)} />
            { machine::around(env, worked) }
            <Take worked={Rc::clone(worked)} query={env.lasting(link).write()} />
            <section class="steps" hidden={steps.is_empty()} aria-label={env.say("app.sheet.working")}>
                <h2>{ env.say("app.sheet.working") }</h2>
                { working::working(env, &steps) }
            </section>
        </div>
    }
}
