//! The rigs that do the job, best first: one row each, opened to the full sheet.

use super::paid;
use super::rejected::why_not;
use crate::context::{Env, Wording, use_env};
use crate::format;
use crate::late::Late;
use crate::state::Action;
use crate::views::advised::{Answered, one_per_card, row_id};
use crate::views::evidence::{self, Estimated};
use crate::views::worked::Worked;
use crate::views::{answer, choose, compare, figures, memory_bar, reasons, recipe, rig, sheet, verdict, working};
use crate::widgets::{Icon, Sign};
use std::rc::Rc;
use std::sync::Arc;
use whichcard::estimate::{PricedAmount, estimate, memory_confidence};
use whichcard::plan::{Comfort, Objective, Plan, ReasonCode, job_cost_steps};
use whichcard::request::Keyword;
use whichcard::share::{Field, View};
use whichcard::units::Money;
use yew::prelude::*;

/// Rows on paper (`print.css`).
const PRINTED: usize = 7;
/// Rows shown before the visitor asks for more.
const FIRST: usize = 8;

#[derive(Properties, PartialEq)]
pub struct RankedProps {
    pub answered: Rc<Answered>,
}

#[component]
pub fn Ranked(props: &RankedProps) -> Html {
    let env = use_env();
    let shown = use_state(|| FIRST);
    let open = env.link.get(Field::Open).unwrap_or_default().to_owned();
    let plans = one_per_card(&props.answered.advice.ranked, &open);
    let place = plans.iter().position(|plan| row_id(plan) == open).map_or(0, |place| place + 1);
    let count = (*shown).max(place).min(plans.len());
    // One page has room for so many, and for one that is opened.
    let unprinted = plans.len().saturating_sub(PRINTED + usize::from(place > PRINTED));
    // What the model was not made for stands in the headline.
    let notes: Vec<_> = props.answered.advice.notes.iter().filter(|note| note.code != ReasonCode::BeyondContext).cloned().collect();
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + 24))
    };
    html! {
        <div class="ranking">
            { if open.is_empty() || place > 0 {
                html! {}
            } else {
                answer::not_here(&env, why_not(&env, &props.answered.advice, &open))
            } }
            <p class="quiet" id="ranking-count">{ reasons::together(&env, &notes) }</p>
            { memory_bar::legend(&env, plans.iter().take(count).map(|plan| &plan.figures.memory)) }
            <ol class="rows" id="ranking">
                { for plans.iter().take(count).enumerate().map(|(place, plan)| {
                    let (wording, answered) = (Wording(env.clone()), Rc::clone(&props.answered));
                    let at = props.answered.advice.ranked.iter().position(|one| std::ptr::eq(one, *plan)).unwrap_or_default();
                    let id = row_id(plan);
                    html! { <Row key={id.clone()} {wording} {answered} {at} place={place + 1} open={id == open} /> }
                }) }
            </ol>
            <p class="quiet">{ env.say("app.confidence.legend") }</p>
            <p class="quiet on-paper" hidden={unprinted == 0}>
                { env.fill("app.advise.unprinted", &[("n", &unprinted.to_string())]) }
            </p>
            <p hidden={count >= plans.len()}>
                <button type="button" onclick={more}>
                    { env.fill("app.advise.more", &[("n", &(plans.len() - count).to_string())]) }
                </button>
            </p>
        </div>
    }
}

#[derive(Properties)]
struct RowProps {
    wording: Wording,
    answered: Rc<Answered>,
    /// Where its plan is in the answer.
    at: usize,
    /// Its number in the list.
    place: usize,
    open: bool,
}

impl RowProps {
    fn plan(&self) -> Option<&Plan> {
        self.answered.advice.ranked.get(self.at)
    }

    fn objective(&self) -> Objective {
        self.answered.goal.objective
    }

    /// Whether it is said above the list that rates are old.
    fn told_of_rates(&self) -> bool {
        self.answered.advice.notes.iter().any(|note| note.code == ReasonCode::StaleRates)
    }
}

impl PartialEq for RowProps {
    /// Whether the same is drawn. What is open shows the whole plan.
    fn eq(&self, other: &Self) -> bool {
        let framed = |row: &Self| (row.place, row.open, row.objective());
        let same_answer = Rc::ptr_eq(&self.answered, &other.answered) && self.at == other.at;
        let faces = || self.plan().zip(other.plan()).is_some_and(|(one, other)| looks_alike(one, other));
        self.wording == other.wording && framed(self) == framed(other) && (same_answer || !self.open && faces())
    }
}

/// Whether two plans have the same face.
fn looks_alike(one: &Plan, other: &Plan) -> bool {
    let rig = |plan: &Plan| (plan.setup.rig.count, Arc::as_ptr(&plan.setup.rig.card), Arc::as_ptr(&plan.setup.model));
    let word = |plan: &Plan| (plan.comfort, plan.late);
    rig(one) == rig(other)
        && word(one) == word(other)
        && one.figures == other.figures
        && one.cost == other.cost
        && one.job_cost == other.job_cost
        && one.setup.recipe.weights == other.setup.recipe.weights
        && one.reasons.first() == other.reasons.first()
}

#[component]
fn Row(props: &RowProps) -> Html {
    let (env, answered, open) = (&props.wording.0, &props.answered, props.open);
    let Some(plan) = props.plan() else { return html! { <li hidden=true></li> } };
    let id = row_id(plan);
    let (memory, supported) = (&plan.figures.memory, memory_confidence(&plan.setup));
    let change = if open { Action::Put(vec![(Field::Open, None)]) } else { Action::Set(Field::Open, id.clone()) };
    let toggle = {
        let act = env.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(change.clone()))
    };
    let time = format::duration(env.lang, plan.time().total);
    let rate = figures::below(&time, &figures::pace_of(env, &plan.setup, plan.time()));
    html! {
        <li id={format!("row-{id}")} class={classes!("row-card", open.then_some("open"))} data-card={plan.setup.rig.card.id.clone()}
            data-count={plan.setup.rig.count.to_string()} data-verdict={plan.comfort.name()}>
            <div class="row-face">
                <span class="place" aria-hidden="true">{ props.place }</span>
                <div class="who">
                    <h2><button type="button" class="opens" aria-expanded={open.to_string()} aria-controls={format!("detail-{id}")}
                        onclick={toggle}>
                        { rig::name(env, &plan.setup.rig) }<Icon sign={Sign::Chevron} /></button></h2>
                    <p class="quiet">{ verdict::comfort_badge(env, plan.comfort) }<span>{ detail(env, plan) }</span></p>
                </div>
                <div class="how-full">
                    { memory_bar::strip(env, memory) }
                    <p class="quiet numbers" data-confidence={evidence::name(supported)}>
                        { memory_bar::in_numbers(env, memory, plan.comfort == Comfort::Offloaded) }
                        { for evidence::mark(env, &plan.setup, Estimated::Memory, supported) }</p>
                </div>
                <div class="datum" data-datum="time" data-confidence={evidence::name(plan.figures.confidence)}>
                    <b>{ time }</b>
                    <span class="quiet">{ rate }</span>
                    <span class="quiet late" hidden={!plan.late} data-late={plan.late.to_string()}>
                        { env.say("app.advise.late") }
                    </span>
                    <span class="quiet" hidden={props.objective() != Objective::LeastEnergy}>
                        { figures::electricity(env, plan.energy().wall_joules) }
                    </span>
                    { for evidence::mark(env, &plan.setup, Estimated::Time, plan.figures.confidence) }
                </div>
                <div class="datum" data-datum="price">{ price(env, plan, props.objective(), props.told_of_rates()) }</div>
                <p class="reason">{ plan.reasons.first().map(|reason| reasons::sentence(env, reason)) }</p>
            </div>
            <div class="row-detail" id={format!("detail-{id}")} hidden={!open}>
                { if open { html! { <Detail answered={Rc::clone(answered)} row={id.clone()} /> } } else { html! {} } }
            </div>
        </li>
    }
}

/// "12 GB · Ampere", and how the weights are stored that it runs: two cards are not compared at the same quality where that differs. Of what
/// it trains the program, where not every one does.
fn detail(env: &Env, plan: &Plan) -> String {
    let card = choose::card_detail(env, &plan.setup.rig.card);
    let beside = match plan.setup.trains() {
        true => recipe::program(env, &plan.setup),
        false => Some(env.name("weights", plan.setup.recipe.weights.name())),
    };
    beside.map_or_else(|| card.clone(), |beside| format!("{card} · {beside}"))
}

/// What it costs to buy and to rent; first what the list is ranked by. That rates are old is not said again where all are told of it.
fn price(env: &Env, plan: &Plan, objective: Objective, told_of_rates: bool) -> Html {
    let job = paid::of_job(env, plan, objective);
    let rent = plan.cost.rent.as_ref().map(|rent| {
        let hour = Money { amount: rent.unit_price * f64::from(plan.setup.rig.count), currency: rent.money.currency };
        env.fill("app.price.rented", &[("price", &format::money(hour))])
    });
    let known = plan.price().map(|price| PricedAmount { stale_rate: price.stale_rate && !told_of_rates, ..price.clone() });
    html! {
        <>
            { for job.iter().map(|paid| html! { <><b>{ &paid.amount }</b><span class="quiet">{ &paid.what }</span></> }) }
            { match known {
                Some(price) if job.is_some() => html! {
                    <span class="quiet">
                        { format::money(price.money) }
                        { " · " }
                        { figures::marked_basis(env, &plan.setup.rig.card, &price) }
                    </span>
                },
                Some(price) => html! {
                    <><b>{ format::money(price.money) }</b>{ figures::marked_basis(env, &plan.setup.rig.card, &price) }</>
                },
                None => html! { <span class="quiet">{ env.say("app.price.unknown") }</span> },
            } }
            { for rent.into_iter().map(|rent| html! { <span class="quiet" data-rent="true">{ rent }</span> }) }
        </>
    }
}

#[derive(Properties, Clone, PartialEq)]
struct DetailProps {
    answered: Rc<Answered>,
    row: AttrValue,
}

impl DetailProps {
    fn plan(&self) -> Option<&Plan> {
        self.answered.advice.ranked.iter().find(|plan| *row_id(plan) == *self.row)
    }
}

/// The full sheet of one plan, calculated when it is opened.
#[component]
fn Detail(props: &DetailProps) -> Html {
    let env = use_env();
    let worked = {
        let catalog = Late::clone(&env.catalog);
        use_memo(props.clone(), move |props| {
            let plan = props.plan()?;
            let answer = estimate(&catalog, &plan.request());
            Some(answer.map(|estimate| Rc::new(Worked { setup: plan.setup.clone(), estimate })))
        })
    };
    let (Some(plan), Some(worked)) = (props.plan(), worked.as_ref()) else { return html! { <div></div> } };
    let goal = &props.answered.goal;
    let job = if goal.objective.weighs_the_job() { job_cost_steps(plan, goal.rig.life_hours) } else { Vec::new() };
    let best = props.answered.advice.ranked.first().map_or("", |first| first.setup.rig.card.id.as_str());
    let mut changes = recipe::changes(&plan.setup);
    changes.push((Field::Card, Some(plan.setup.rig.card.id.clone())));
    let link = env.link_to(View::Inspect, &changes);
    let (href, onclick) = env.way(View::Inspect, changes);
    html! {
        <div class="detail">
            <ul class="reasons">
                { for plan.reasons.iter().skip(1).map(|reason| html! {
                    <li key={reason.code.name()}>{ reasons::sentence(&env, reason) }</li>
                }) }
            </ul>
            <div class="working" data-figure="job" hidden={job.is_empty()}>{ for job.iter().map(|step| working::one(&env, step, "job")) }</div>
            { match worked {
                Ok(worked) => sheet::sheet(&env, worked, &link),
                Err(error) => html! { <p>{ whichcard::text::request_error(env.lang, error) }</p> },
            } }
            <p class="row">
                <a class="button" {href} {onclick}>{ env.say("app.advise.inspect") }<Icon sign={Sign::Arrow} /></a>
                { compare::link(&env, &[best, &plan.setup.rig.card.id]) }
                { compare::pin(&env, &link) }
            </p>
        </div>
    }
}
