//! Will this setup work?

use super::choose::{CardPicker, ModelPicker};
use super::job::JobForm;
use super::line::{Line, answer_with_line};
use super::money::MoneyForm;
use super::question::Question;
use super::setup_form::{RecipeForm, RigForm};
use super::summary::{job_in_words, rig_words};
use super::told::told;
use super::widget::{KindMenu, widget};
use super::worked::Worked;
use super::{answer, changes, compare, figures, memory_bar, report, rig, sheet, usual, verdict, working};
use crate::context::{Env, use_env};
use crate::format;
use crate::late::Late;
use crate::widgets::Icon;
use std::rc::Rc;
use whichcard::error::RequestError;
use whichcard::estimate::{Estimate, estimate};
use whichcard::plan::{Change, smallest_changes};
use whichcard::request::{Setup, resolve};
use whichcard::share::{Field, Link};
use whichcard::wording;
use yew::prelude::*;

/// A setup, worked out, and what would help it.
struct Examined {
    worked: Rc<Worked>,
    changes: Vec<Change>,
}

#[component]
pub fn Inspect() -> Html {
    let env = use_env();
    let fresh = use_memo((env.reading.request.clone(), Late::clone(&env.catalog)), |(request, catalog)| {
        let setup = resolve(catalog, request)?;
        let estimate = estimate(catalog, request)?;
        let changes = smallest_changes(catalog, &setup);
        Ok::<_, RequestError>(Rc::new(Examined { worked: Rc::new(Worked { setup, estimate }), changes }))
    });
    if env.compact {
        let asks = html! { <><ModelPicker /><KindMenu /><CardPicker /></> };
        return widget(&env, asks, answer::answer(&env, &fresh, |examined| brief(&env, examined)));
    }
    html! {
        <div class="bench">
            <Question summary={env.fill("app.summary.on-card", &[("job", &job_in_words(&env)), ("card", &rig_words(&env))])}>
                <RigForm />
                <JobForm />
                <RecipeForm />
                <MoneyForm own_card={true} />
            </Question>
            { answer_with_line(&env, &fresh, |examined| in_a_line(&env, examined), |examined| answer_of(&env, examined)) }
        </div>
    }
}

/// Whether it fits, in how much of the memory, and how long it takes.
fn in_a_line(env: &Env, examined: &Examined) -> Line {
    let Worked { setup, estimate } = examined.worked.as_ref();
    let (memory, time) = (&estimate.memory, &estimate.time);
    let judged = verdict::of(setup, memory);
    let pace = if setup.trains() { format::duration(env.lang, time.total) } else { figures::pace_of(env, setup, time) };
    let said = [env.say(&format!("app.verdict.{}", judged.0)), memory_bar::in_numbers(env, memory, setup.offloads()), pace];
    Line::judged(judged, said.join(" · "))
}

fn answer_of(env: &Env, examined: &Examined) -> Html {
    let Examined { worked, changes } = examined;
    html! {
        <div class="answer">
            { headline(env, examined) }
            { changes::changes(env, changes, worked.estimate.memory.verdict) }
            { usual::usual(env, worked.estimate.memory.verdict, changes) }
            <p class="row pins">{ compare::pin(env, &env.link) }</p>
            { report::inputs(env, Some(job_in_words(env)), Some(rig::name(env, &worked.setup.rig))) }
            { sheet::sheet(env, worked, &Link::clone(&env.link).without(Field::Open)) }
        </div>
    }
}

/// The verdict and the bar; where it does not fit, the change that helps at the least cost.
fn brief(env: &Env, examined: &Examined) -> Html {
    let memory = &examined.worked.estimate.memory;
    html! {
        <div class="answer">
            { headline(env, examined) }
            <div>{ memory_bar::ruled(env, memory) }{ memory_bar::legend(env, std::iter::once(memory)) }</div>
            { changes::changes(env, examined.changes.get(..1).unwrap_or_default(), memory.verdict) }
        </div>
    }
}

/// The answer in one sentence; where other settings on the same cards are enough, not without saying so.
fn headline(env: &Env, examined: &Examined) -> Html {
    let Worked { setup, estimate } = examined.worked.as_ref();
    let (name, sign) = verdict::of(setup, &estimate.memory);
    let remedy = changes::remedy(&examined.changes, estimate.memory.verdict);
    let key = if remedy.is_some() { "app.inspect.no-as-set" } else { &format!("app.inspect.{name}") };
    html! {
        <header class={classes!("headline", name)} id="verdict" tabindex="-1" data-verdict={name} aria-live="polite">
            <p class="eyebrow"><Icon {sign} />{ env.say(&format!("app.verdict.{name}")) }</p>
            <h1>{ env.fill(key, &[("card", &rig::name(env, &setup.rig)), ("model", &setup.model.name)]) }</h1>
            <p>{ margin(env, setup, estimate) }</p>
            <p class="remedy" hidden={remedy.is_none()}>
                { remedy.map(|verdict| env.say(&format!("app.inspect.remedy-{}", verdict::name(verdict)))) }
            </p>
        </header>
    }
}

/// How much is left or missing; the page around leads to the working, where there is one.
fn margin(env: &Env, setup: &Setup, estimate: &Estimate) -> Html {
    let (sentence, memory) = (wording::margin(env.lang, setup, &estimate.memory), &estimate.memory);
    let host = wording::partly_in_main_memory(setup, memory.verdict).then_some(("memory.host", memory.host));
    let steps = [("memory.total", memory.total), ("memory.capacity", memory.capacity)].into_iter().chain(host);
    let numbers = steps.map(|(step, bytes)| {
        let number = wording::memory(bytes);
        (number.clone(), working::leads(env, &estimate.explain, step, number))
    });
    told(&sentence, if env.compact { Vec::new() } else { numbers.collect() })
}
