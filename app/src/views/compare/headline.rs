//! The comparison in a sentence, and what could not be compared.

use super::{Compared, job};
use crate::context::Env;
use crate::format;
use crate::state::Action;
use crate::views::compared::{Entry, MOST, all, can_be_seen, fields, seen, waiting};
use crate::views::rig;
use crate::views::summary::job_in_words;
use crate::widgets::{Notice, Tone};
use whichcard::plan::Plan;
use whichcard::units::Money;
use yew::prelude::*;

/// The answer in one sentence, and what could not be compared.
pub fn headline(env: &Env, compared: &Compared, unknown: &[String]) -> Html {
    let job = common_job(env, compared);
    let differ = job.is_none();
    html! {
        <div>
            <header class="headline" id="verdict" data-verdict="compare" aria-live="polite">
                <p class="eyebrow" hidden={differ}><span class="asked-for">{ job }</span></p>
                <h1>{ env.say("app.compare.title") }</h1>
                <p>{ summed_up(env, compared) }</p>
                { for unpriced(env, compared).map(|names| html! {
                    <p class="quiet unpriced">{ env.fill("app.compare.unpriced", &[("names", &names)]) }</p>
                }) }
            </header>
            <div hidden={unknown.is_empty()}>
                <Notice tone={Tone::Caution}>
                    <p>{ env.fill("app.compare.unknown", &[("names", &unknown.join(&env.say("app.list-comma")))]) }</p>
                </Notice>
            </div>
            { left_out(env) }
        </div>
    }
}

/// Those for which there is no room: what is left out is said, and shown when it is asked for.
fn left_out(env: &Env) -> Html {
    let waiting = waiting(env);
    let button = |entry: Entry| {
        let (act, put) = (env.act.clone(), fields(&seen(all(env), &entry)));
        let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Put(put.clone())));
        let name = entry.in_words(env);
        html! {
            <button key={entry.id().to_owned()} type="button" class="small" data-shows={entry.id().to_owned()} {onclick}>
                { env.fill("app.compare.show", &[("name", &name)]) }
            </button>
        }
    };
    let names: Vec<String> = waiting.iter().map(|entry| entry.in_words(env)).collect();
    let together = names.join(&env.say("app.list-semicolon"));
    html! {
        <div id="waiting" role="status" hidden={waiting.is_empty()}>
            { for (!names.is_empty()).then(|| html! {
                <Notice tone={Tone::Caution}>
                    <p>{ env.fill("app.compare.waiting", &[("most", &MOST.to_string()), ("names", &together)]) }</p>
                    <p class="row" hidden={env.compact}>
                        { for waiting.into_iter().filter(|entry| can_be_seen(env, entry)).map(button) }
                    </p>
                </Notice>
            }) }
        </div>
    }
}

/// The job above all columns: that of the question where a card stands for it, else what all setups ask, if that is the same.
pub fn common_job(env: &Env, compared: &Compared) -> Option<String> {
    let mut jobs = compared.columns.iter().map(|column| column.words.as_str());
    match jobs.next().filter(|first| !first.is_empty()) {
        Some(first) => jobs.all(|job| job == first).then(|| first.to_owned()),
        None => Some(job_in_words(env)),
    }
}

/// What a plan's cards cost today, where that is known: nobody buys at the launch price of years ago.
fn price_today(plan: &Plan) -> Option<Money> {
    plan.price().filter(|price| !price.stale).map(|price| price.money)
}

/// Those that do the job but have no price of today, where others have one: the lowest price is not the lowest of them all.
fn unpriced(env: &Env, compared: &Compared) -> Option<String> {
    let (priced, without): (Vec<&Plan>, Vec<&Plan>) = compared.plans().partition(|plan| price_today(plan).is_some());
    let names: Vec<String> = without.iter().map(|plan| rig::name(env, &plan.setup.rig)).collect();
    (!priced.is_empty() && !names.is_empty()).then(|| names.join(&env.say("app.list-comma")))
}

/// What comes out of the comparison, where there is one.
pub fn summed_up(env: &Env, compared: &Compared) -> String {
    if compared.columns.is_empty() { env.say("app.compare.empty") } else { in_a_sentence(env, compared) }
}

/// Which is the fastest, and which costs the least, of those that do the job; one price alone is the lowest of nothing.
fn in_a_sentence(env: &Env, compared: &Compared) -> String {
    let name = |plan: &Plan| rig::name(env, &plan.setup.rig);
    let fastest = compared.plans().min_by(|a, b| a.time().total.get().total_cmp(&b.time().total.get()));
    let priced: Vec<(&Plan, Money)> = compared.plans().filter_map(|plan| Some((plan, price_today(plan)?))).collect();
    let several = priced.len() > 1;
    let cheapest = priced.into_iter().filter(|_| several).min_by(|a, b| a.1.amount.total_cmp(&b.1.amount));
    let Some(fastest) = fastest else { return env.say("app.compare.none-fits") };
    if !job::same(env, &compared.columns) {
        return env.say("app.compare.several-jobs");
    }
    let time = format::duration(env.lang, fastest.time().total);
    let first = env.fill("app.compare.fastest", &[("name", &name(fastest)), ("time", &time)]);
    match cheapest {
        Some((plan, money)) => {
            let second = env.fill("app.compare.cheapest", &[("name", &name(plan)), ("price", &format::money(money))]);
            env.fill("app.compare.both", &[("first", &first), ("second", &second)])
        }
        None => first,
    }
}
