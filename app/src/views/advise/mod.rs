//! Which card do I need?

mod asked;
mod brief;
mod front;
mod front_table;
mod labels;
mod listed;
mod paid;
mod ranked;
mod rejected;

pub use brief::{SHOWN, in_numbers};

use super::advised::{Answered, Scope, answered, goals, row_id};
use super::choose::ModelPicker;
use super::job::JobForm;
use super::limits::LimitsForm;
use super::line::{Line, answer_with_line};
use super::money::MoneyForm;
use super::question::Question;
use super::share::Share;
use super::summary::job_in_words;
use super::told::told;
use super::widget::{KindMenu, widget};
use super::{answer, figures, reasons, report, rig};
use crate::browser;
use crate::context::{Env, followed, use_env};
use crate::format;
use crate::late::Late;
use crate::state::Action;
use crate::widgets::Chips;
use paid::Paid;
use std::rc::Rc;
use whichcard::catalog::Checked;
use whichcard::estimate::PricedAmount;
use whichcard::plan::{Advice, Objective, Plan, Reason, ReasonCode};
use whichcard::request::Keyword;
use whichcard::share::{Field, Link, Part};
use yew::prelude::*;

#[component]
pub fn Advise() -> Html {
    let env = use_env();
    if env.compact {
        return widget(&env, html! { <><ModelPicker /><KindMenu /></> }, html! { <Answer /> });
    }
    html! {
        <div class="bench">
            <Asked />
            <Beside />
        </div>
    }
}

#[component]
fn Asked() -> Html {
    let env = use_env();
    if let Some(built) = env.built.question.clone() {
        return Html::VRef(built.into());
    }
    html! {
        <Question summary={job_in_words(&env)}>
            <JobForm />
            <LimitsForm />
            <MoneyForm own_card={false} />
        </Question>
    }
}

#[component]
fn Beside() -> Html {
    let env = use_env();
    if let Some(built) = &env.built.answer {
        return html! { <>{ for built.iter().map(|part| Html::VRef(part.clone().into())) }</> };
    }
    html! { <Answer /> }
}

#[component]
fn Answer() -> Html {
    let env = use_env();
    let fresh =
        use_memo((goals(&env.reading), Late::clone(&env.catalog)), |(goals, catalog)| answered(catalog, goals).map(Rc::new));
    if env.compact {
        return answer::answer(&env, &fresh, |answered| brief::brief(&env, answered));
    }
    answer_with_line(&env, &fresh, |answered| in_a_line(&env, answered), |answered| answer_of(&env, answered))
}

/// The first card, how long or how fast, and what is paid for it.
fn in_a_line(env: &Env, answered: &Answered) -> Line {
    let Some(plan) = answered.advice.ranked.first() else { return Line::none(env.say("app.advise.none")) };
    let setup = &plan.setup;
    let pace =
        if setup.trains() { format::duration(env.lang, plan.time().total) } else { figures::pace_of(env, setup, plan.time()) };
    let paid = paid::weighed(env, plan, answered.goal.objective).map(|paid| paid.whole);
    let paid = paid.or_else(|| plan.price().map(|price| format::money(price.money)));
    let said: Vec<String> = [rig::in_short(env, &setup.rig), pace].into_iter().chain(paid).collect();
    Line::planned(plan.comfort, said.join(" · "))
}

fn answer_of(env: &Env, answered: &Rc<Answered>) -> Html {
    let advice = &answered.advice;
    html! {
        <div class="answer">
            { headline(env, advice, answered.scope) }
            { report::inputs(env, Some(job_in_words(env)), None) }
            <div class="choices" hidden={advice.ranked.is_empty()}>
                { objectives(env, answered.goal.objective) }
                <front::Front answered={Rc::clone(answered)} />
                <ranked::Ranked answered={Rc::clone(answered)} />
            </div>
            { asked::asked(env, advice) }
            { rejected::rejected(env, answered) }
            { shared(env, answered) }
        </div>
    }
}

fn shared(env: &Env, answered: &Rc<Answered>) -> Html {
    let asked = job_in_words(env);
    let (env, answered) = (env.clone(), Rc::clone(answered));
    html! { <Share rows={Callback::from(move |form| listed::rows(&env, &answered, form))} {asked} /> }
}

/// Whether a field keeps cards out, and can be lifted.
fn is_limit(field: Field) -> bool {
    field.part() == Part::Limits && field != Field::Objective || field == Field::MainMemory
}

/// That the best card is slower than it says, where only a bound of its rate is known.
fn rate_bound(env: &Env, plan: &Plan) -> Html {
    let bound = env.catalog.provenance(&plan.setup.rig.card.id).is_some_and(|known| known.tensor == Some(Checked::Bound));
    if bound {
        html! { <p key="rate-bound" class="quiet" id="rate-bound">{ env.say("app.advise.rate-bound") }</p> }
    } else {
        html! {}
    }
}

/// That the model was not made for so much text.
fn beyond_context(env: &Env, advice: &Advice) -> Html {
    match advice.notes.iter().find(|note| note.code == ReasonCode::BeyondContext) {
        Some(note) => html! { <p key="beyond-context" id="beyond-context">{ reasons::sentence(env, note) }</p> },
        None => html! {},
    }
}

/// The answer in one sentence.
fn headline(env: &Env, advice: &Advice, scope: Scope) -> Html {
    let Some(plan) = advice.ranked.first() else {
        return html! {
            <header class="headline no" id="verdict" data-verdict="no" aria-live="polite">
                <h1>{ env.say("app.advise.none") }</h1>
                <p>{ env.say("app.advise.none-about") }</p>
                { beyond_context(env, advice) }
                { answer::ways_back(env, Field::ALL.iter().copied().filter(|field| is_limit(*field))) }
            </header>
        };
    };
    let name = rig::name(env, &plan.setup.rig);
    let time = format::duration(env.lang, plan.time().total);
    let speed = figures::pace_in_full(env, &plan.setup, plan.time());
    let price = plan.price().map(|price| {
        env.fill(
            "app.price.with-basis",
            &[("price", &format::money(price.money)), ("basis", &figures::basis(env, &plan.setup.rig.card, price))],
        )
    });
    let key = match (plan.setup.trains(), figures::reads_text(&plan.setup.model), price.is_some()) {
        (true, _, true) => "app.advise.best-trains",
        (true, _, false) => "app.advise.best-trains-unpriced",
        (false, true, true) => "app.advise.best-runs",
        (false, true, false) => "app.advise.best-runs-unpriced",
        (false, false, true) => "app.advise.best-works",
        (false, false, false) => "app.advise.best-works-unpriced",
    };
    let args = [("time", time.as_str()), ("speed", speed.as_str()), ("price", price.as_deref().unwrap_or_default())];
    let objective = env.reading.limits.objective;
    let this_job = paid::of_job(env, plan, objective);
    let sentence = match &this_job {
        Some(paid) => job_priced(env, plan, paid, &args),
        None => env.fill(key, &args),
    };
    let mut numbers = Vec::new();
    if !env.compact {
        numbers.extend(this_job.map(|paid| paid.amount).map(|number| (number.clone(), leads(env, plan, "job", &number))));
        let (figure, number) = if plan.setup.trains() { ("time", &time) } else { ("speed", &speed) };
        numbers.push((number.clone(), leads(env, plan, figure, number)));
        if let Some(price) = plan.price() {
            let number = format::money(price.money);
            let led = leads(env, plan, "buy", &number);
            numbers.push((number, led));
        }
    }
    let of_money = !matches!(objective, Objective::Fastest | Objective::LeastEnergy);
    let unpriced = of_money && price.is_none();
    html! {
        <header class="headline fits" id="verdict" data-verdict={plan.comfort.name()} data-best={plan.setup.rig.card.id.clone()}
            aria-live="polite">
            <p class="eyebrow"><span class="asked-for">{ job_in_words(env) }{ " · " }</span>
                { env.say(&format!("app.advise.best.{}", if unpriced { "unpriced" } else { objective.name() })) }</p>
            <h1>{ name }</h1>
            <p>{ told(&sentence, numbers) }</p>
            <p class="why">{ why(env, plan) }</p>
            { rate_bound(env, plan) }
            { beyond_context(env, advice) }
            <p class="quiet" hidden={scope == Scope::Chosen || env.compact}>
                { env.say(if scope == Scope::Widened { "app.advise.widened" } else { "app.advise.usual" }) }
            </p>
        </header>
    }
}

/// A number of the headline, which opens its working in the row of the plan.
fn leads(env: &Env, plan: &Plan, figure: &'static str, number: &str) -> Html {
    let id = row_id(plan);
    let href = format!("?{}", Link::clone(&env.link).with(Field::Open, id.clone()).write());
    let act = env.act.clone();
    let onclick = followed(move || {
        act.emit(Action::Set(Field::Open, id.clone()));
        browser::follow_soon(&format!("#row-{id} [data-figure={figure}] :is(.leads, summary)"));
    });
    html! { <a class="leads" {href} {onclick}>{ number.to_owned() }</a> }
}

/// Where the job is what is paid for: what it costs, and for what.
fn job_priced(env: &Env, plan: &Plan, paid: &Paid, args: &[(&str, &str)]) -> String {
    let done = match (plan.setup.trains(), figures::reads_text(&plan.setup.model)) {
        (true, _) => "app.advise.job.trains",
        (false, true) => "app.advise.job.runs",
        (false, false) => "app.advise.job.works",
    };
    let rented = |rent: &&PricedAmount| plan.job_cost.is_some_and(|cost| rent.money.amount <= cost.amount * 1.001);
    let cost = [("cost", paid.amount.as_str()), ("unit", paid.what.as_str())];
    let served = plan.cost.serving.is_some();
    let paid = match plan.cost.rent.as_ref().filter(rented) {
        Some(rent) => {
            let basis = figures::basis(env, &plan.setup.rig.card, rent);
            let key = if served { "app.advise.job.served-rented" } else { "app.advise.job.rented" };
            env.fill(key, &[&cost[..], &[("basis", &basis)]].concat())
        }
        None => {
            let key = if served { "app.advise.job.served-worn" } else { "app.advise.job.worn" };
            env.fill(key, &[args, &cost].concat())
        }
    };
    reasons::joined(env, &[env.fill(done, args), paid])
}

/// Whether anybody would wait for it, what it takes besides the card, how old its price is, what the next one up would buy, and why a
/// cheaper one is not first. What makes it the first has been said above.
fn why(env: &Env, plan: &Plan) -> String {
    use ReasonCode as Code;
    let of_all = |code: ReasonCode| {
        let first = matches!(code, Code::Spare | Code::Tight | Code::PureBf16Scratch | Code::Late);
        let machine =
            matches!(code, Code::Offloaded | Code::OffloadedForSpeed | Code::Loading | Code::NeedsBoard | Code::ServerModule);
        let price =
            matches!(code, Code::StalePrice | Code::StaleLaunch | Code::RisenLaunch | Code::OvertakenPrice | Code::PriceSpread);
        first || machine || price || code.is_of_cheaper() || matches!(code, Code::NextUp | Code::NextUpJob)
    };
    let told: Vec<Reason> = plan.reasons.iter().filter(|reason| of_all(reason.code)).cloned().collect();
    reasons::together(env, &told)
}

fn objectives(env: &Env, objective: Objective) -> Html {
    let options: Vec<_> = Objective::names()
        .into_iter()
        .map(|name| (name.into(), env.name("objective", name).into(), env.say(&format!("app.objective-about.{name}")).into()))
        .collect();
    html! { <Chips field={Field::Objective} {options} value={objective.name()} /> }
}
