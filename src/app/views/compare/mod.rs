//! How do cards differ, in themselves and for the job at hand?

mod chosen;
mod figure;
mod generations;
mod job;
mod specs;

pub use chosen::link;

use super::answer;
use super::job::JobForm;
use super::lasting::use_lasting;
use super::money::MoneyForm;
use super::question::{Question, job_in_words};
use crate::app::context::{Env, use_env};
use crate::app::format;
use crate::app::reading::CUSTOM;
use crate::app::widgets::{Icon, Notice, Sign, Tone};
use figure::Figure;
use std::rc::Rc;
use std::sync::Arc;
use whichcard::card::Card;
use whichcard::error::RequestError;
use whichcard::plan::{Outcome, Plan, plan};
use whichcard::share::View;
use yew::prelude::*;

/// Cards, and what becomes of the job on each.
struct Compared {
    cards: Vec<Arc<Card>>,
    outcomes: Vec<Outcome>,
}

impl Compared {
    fn plans(&self) -> impl Iterator<Item = &Plan> {
        self.outcomes.iter().filter_map(|outcome| if let Outcome::Planned(plan) = outcome { Some(plan.as_ref()) } else { None })
    }
}

#[component]
pub fn Compare() -> Html {
    let env = use_env();
    let ids = chosen::ids(&env);
    let (known, unknown): (Vec<String>, Vec<String>) = ids.into_iter().partition(|id| chosen::choice(&env, id).is_some());
    let fresh = {
        let catalog = Rc::clone(&env.catalog);
        let own = env.reading.setup.as_ref().map(|setup| Arc::clone(&setup.rig.card));
        let goals: Vec<_> = known.iter().filter_map(|id| Some(job::goal(&env, chosen::choice(&env, id)?))).collect();
        use_memo((known, goals, Rc::as_ptr(&catalog)), move |(known, goals, _)| {
            let cards = known.iter().filter_map(|id| if id == CUSTOM { own.clone() } else { catalog.card(id).cloned() }).collect();
            let outcomes = goals.iter().map(|goal| plan(&catalog, goal)).collect::<Result<_, RequestError>>()?;
            Ok(Rc::new(Compared { cards, outcomes }))
        })
    };
    let answer = use_lasting(&fresh, env.reading.unreadable(View::Compare));
    html! {
        <div class="bench">
            <Question summary={job_in_words(&env)}>
                <JobForm />
                <MoneyForm own_card={false} />
            </Question>
            { answer::answer(&env, &answer, |compared| answer_of(&env, compared, &unknown)) }
        </div>
    }
}

fn answer_of(env: &Env, compared: &Compared, unknown: &[String]) -> Html {
    let mut sections = vec![("job", job::figures(env, &compared.outcomes))];
    sections.extend(specs::sections(env, &compared.cards));
    html! {
        <div class="answer" data-cards={compared.cards.iter().map(|card| card.id.as_str()).collect::<Vec<_>>().join(",")}>
            <header class="headline" id="verdict" data-verdict="compare" aria-live="polite">
                <p class="eyebrow">{ job_in_words(env) }</p>
                <h1>{ env.say("app.compare.title") }</h1>
                <p>{ in_a_sentence(env, compared) }</p>
            </header>
            <div hidden={unknown.is_empty()}>
                <Notice tone={Tone::Caution}><p>{ env.fill("app.compare.unknown", &[("names", &unknown.join(&env.say("app.list-comma")))]) }</p></Notice>
            </div>
            <chosen::Chosen />
            { table(env, compared, &sections) }
            <generations::Generations />
        </div>
    }
}

/// Which is the fastest, and which costs the least, of those that do the job.
fn in_a_sentence(env: &Env, compared: &Compared) -> String {
    let name = |plan: &Plan| plan.setup.rig.card.name.clone();
    let fastest = compared.plans().min_by(|a, b| a.time().total.get().total_cmp(&b.time().total.get()));
    let priced = compared.plans().filter_map(|plan| Some((plan, plan.price()?.money)));
    let cheapest = priced.min_by(|a, b| a.1.amount.total_cmp(&b.1.amount));
    let Some(fastest) = fastest else { return env.say("app.compare.none-fits") };
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

/// A column for each card, a group of rows for each section.
fn table(env: &Env, compared: &Compared, sections: &[(&'static str, Vec<Figure>)]) -> Html {
    let width = (compared.cards.len() + 1).to_string();
    html! {
        <section class="groups">
            <p class="quiet">{ env.say("app.compare.about") }</p>
            <div class="scroll" tabindex="0" role="region" aria-label={env.say("app.compare.title")}>
                <table class="ledger" id="comparison" style={format!("--cards:{}", compared.cards.len())}>
                    <thead><tr>
                        <td></td>
                        { for compared.cards.iter().map(|card| head(env, card)) }
                    </tr></thead>
                    { for sections.iter().filter(|(_, figures)| !figures.is_empty()).map(|(name, figures)| html! {
                        <tbody key={*name} data-section={*name}>
                            <tr><th colspan={width.clone()} scope="rowgroup" class="section"><span>{ env.say(&format!("app.compare.section.{name}")) }</span></th></tr>
                            { for figures.iter().map(|one| figure::row(env, one)) }
                        </tbody>
                    }) }
                </table>
            </div>
        </section>
    }
}

/// A card's name, which leads to what it can do, and the way to leave it out.
fn head(env: &Env, card: &Card) -> Html {
    let (href, onclick) = env.way(View::Card, vec![(whichcard::share::Field::Card, Some(card.id.clone()))]);
    let name = card.name.clone();
    html! {
        <th key={card.id.clone()} scope="col" data-card={card.id.clone()}>
            <span class="compared"><a {href} {onclick}>{ &card.name }</a>
                <button type="button" class="leave" data-leave={card.id.clone()} aria-label={env.fill("app.compare.leave", &[("name", &name)])}
                    onclick={chosen::leave(env, &card.id)}><Icon sign={Sign::Cross} /></button></span>
        </th>
    }
}
