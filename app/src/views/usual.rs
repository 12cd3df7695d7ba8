//! Why a setup of the usual settings has other figures than the advice, and the way to those of the advice.

use super::changes::keeps_method;
use super::recipe;
use crate::browser;
use crate::context::Env;
use crate::state::Action;
use whichcard::estimate::Verdict;
use whichcard::plan::{Change, Goal, Outcome, Sacrifice, plan};
use whichcard::share::{Field, View};
use yew::prelude::*;

/// Said where nothing of the recipe was set, and the setup runs or would on these cards with other settings.
pub fn usual(env: &Env, verdict: Verdict, changes: &[Change]) -> Html {
    let settings = |change: &Change| change.sacrifice < Sacrifice::Job && keeps_method(change);
    let runs = verdict != Verdict::DoesNotFit || changes.iter().any(settings);
    let set = env.link.values().any(|(field, text)| recipe::has(field) && !text.is_empty());
    let onclick = {
        let env = env.clone();
        Callback::from(move |_: MouseEvent| {
            let goal = Goal { objective: env.reading.limits.objective, ..Goal::of_request(&env.reading.request) };
            match plan(&env.catalog, &goal) {
                Ok(Outcome::Planned(plan)) => env.act.emit(Action::Put(recipe::changes(&plan.setup))),
                // Which cards do it stands in the advice, and why this one does not.
                Ok(Outcome::Rejected(rejected)) => {
                    env.act.emit(Action::Go(View::Advise, vec![(Field::Open, Some(rejected.card.id.clone()))]));
                }
                Err(_) => return,
            }
            browser::focus_soon("#verdict");
        })
    };
    html! {
        <div id="usual" class="usual-settings" hidden={set || !runs}>
            <p class="quiet">{ env.say("app.inspect.usual") }</p>
            <p><button type="button" class="small" {onclick}>{ env.say("app.inspect.best-settings") }</button></p>
        </div>
    }
}
