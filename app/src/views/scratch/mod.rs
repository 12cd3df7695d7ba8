//! From scratch: what a model takes from the first token to its first user, stage by stage.

mod lane;
mod presets;
mod stage_working;
mod stages;

use super::choose::{CardPicker, ModelPicker};
use super::limits::{country_menu, currency_menu};
use super::line::{Line, answer_with_line};
use super::money::MoneyForm;
use super::question::Question;
use super::share::Share;
use super::summary::{model_name, rig_words};
use super::working::{leads, working};
use super::{rig, verdict};
use crate::context::{Env, use_env};
use crate::format;
use crate::late::Late;
use crate::widgets::NumberField;
use std::rc::Rc;
use whichcard::error::RequestError;
use whichcard::estimate::{Step, Verdict};
use whichcard::plan::{CostOf, FromScratch, Path, from_scratch, scratch_steps};
use whichcard::request::{JobKind, MachineRequest, MoneyRequest, RigRequest};
use whichcard::share::Field;
use whichcard::units::{Money, real};
use yew::prelude::*;

/// The answer, shared with what works its stages out.
pub struct Answered {
    pub path: Path,
}

impl PartialEq for Answered {
    /// One is made for each question, so another place is another question.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

#[component]
pub fn Scratch() -> Html {
    let env = use_env();
    let fresh = use_memo((asked(&env), Late::clone(&env.catalog)), |(asked, catalog)| {
        Ok::<_, RequestError>(Rc::new(Answered { path: from_scratch(catalog, asked)? }))
    });
    let optimal = fresh.as_ref().as_ref().ok().map(|answered| answered.path.optimal_tokens.get()).filter(|tokens| *tokens > 0.0);
    let job = env.fill("app.summary.scratch", &[("model", &model_name(&env))]);
    html! {
        <div class="bench">
            <Question summary={env.fill("app.summary.on-card", &[("job", &job), ("card", &rig_words(&env))])}>
                <div class="form-part">
                    <ModelPicker />
                    { presets::models(&env) }
                    <div key="tokens" hidden={optimal.is_none()}>
                        <NumberField field={Field::Tokens} label="app.field.training-tokens" default={optimal}
                            placeholder={optimal.map_or_else(String::new, |tokens| format::many(env.lang, tokens))}
                            hint="app.hint.training-tokens" />
                    </div>
                </div>
                <div class="form-part">
                    <CardPicker />
                    <NumberField field={Field::Count} placeholder="1" />
                    { presets::rigs(&env) }
                </div>
                <div class="form-part pair">
                    { currency_menu(&env) }
                    { country_menu(&env) }
                </div>
                <MoneyForm own_card={false} />
            </Question>
            { answer_with_line(&env, &fresh, |answered| in_a_line(&env, answered), |answered| answer_of(&env, answered)) }
        </div>
    }
}

/// What the fields ask.
fn asked(env: &Env) -> FromScratch {
    let request = &env.reading.request;
    let texts = env.reading.held().is_none_or(|setup| setup.model.reads_text());
    FromScratch {
        model: request.model.clone(),
        rig: RigRequest { machine: MachineRequest::default(), ..request.rig.clone() },
        tokens: request.job.tokens.filter(|_| texts && env.reading.number(Field::Tokens).is_some()),
        // The price of the card at hand is not that of the better one.
        money: MoneyRequest { card_price: None, rent_per_hour: None, ..request.money.clone() },
    }
}

/// Whether the whole path can be gone here, and before people lose patience.
fn judged(path: &Path) -> Verdict {
    let late = path.stages.iter().filter_map(|stage| stage.here.as_ref()).any(|here| here.plan.late);
    match path.total {
        None => Verdict::DoesNotFit,
        Some(_) if late => Verdict::Tight,
        Some(_) => Verdict::Fits,
    }
}

fn in_a_line(env: &Env, answered: &Answered) -> Line {
    let verdict = judged(&answered.path);
    Line::judged((verdict::name(verdict), verdict::sign(verdict)), headline(env, &answered.path))
}

fn answer_of(env: &Env, answered: &Rc<Answered>) -> Html {
    let path = &answered.path;
    let steps = scratch_steps(path);
    let verdict = verdict::name(judged(path));
    html! {
        <div class="answer">
            <header class={classes!("headline", verdict)} id="verdict" data-verdict={verdict} aria-live="polite">
                <p class="eyebrow">{ env.fill("app.scratch.eyebrow", &[("model", &model_name(env)), ("rig", &rig_words(env))]) }</p>
                <h1>{ headline(env, path) }</h1>
                <p>{ tokens(env, path, &steps) }</p>
            </header>
            { stages::stages(env, answered, &steps) }
            <section class="steps" aria-label={env.say("app.sheet.working")}>
                <h2>{ env.say("app.sheet.working") }</h2>
                { working(env, &steps) }
            </section>
            <Share />
        </div>
    }
}

/// How long everything takes, or what stands in the way.
fn headline(env: &Env, path: &Path) -> String {
    let Some(total) = path.total else {
        let blocked = path.stages.iter().find(|stage| stage.here.is_none() && stage.kind.trains());
        let stage = blocked.map_or_else(String::new, |stage| stages::name(env, stage.kind));
        return match blocked.and_then(|stage| stage.better.as_ref()) {
            Some(better) => {
                let (name, time) = (rig::name(env, &better.plan.setup.rig), format::duration(env.lang, better.time));
                env.fill("app.scratch.cannot-here", &[("stage", &stage), ("better", &name), ("time", &time)])
            }
            None => env.fill("app.scratch.cannot", &[("stage", &stage)]),
        };
    };
    let time = format::duration(env.lang, total);
    let bill = |amount: Option<Money>| amount.map_or_else(String::new, format::bill);
    let key = match (path.cost, path.cost_of, path.rent) {
        (None, ..) => "app.scratch.total-unpriced",
        (_, CostOf::Rent, _) => "app.scratch.total-rented",
        (_, CostOf::Electricity, Some(_)) => "app.scratch.total-or-rent",
        (_, CostOf::Electricity, None) => "app.scratch.total",
    };
    env.fill(key, &[("time", &time), ("cost", &bill(path.cost)), ("rent", &bill(path.rent))])
}

/// How many samples pre-training reads in all, where they are not text.
fn samples(path: &Path) -> Option<f64> {
    let stage = path.stages.iter().find(|stage| stage.kind == JobKind::Pretrain)?;
    let job = &stage.here.as_ref().or(stage.better.as_ref())?.plan.setup.job;
    Some(job.tokens.get() / real(job.sequence_length.max(1)))
}

/// How many tokens, against what is best for so much arithmetic.
fn tokens(env: &Env, path: &Path, steps: &[Step]) -> Html {
    if path.preparation.tokens.get() <= 0.0 {
        let samples = samples(path).map(|samples| env.fill("app.scratch.samples", &[("n", &format::many(env.lang, samples))]));
        return html! { { samples.into_iter().chain([env.say("app.scratch.no-tokens")]).collect::<Vec<_>>().join(" ") } };
    }
    let (taken, optimal) = (format::many(env.lang, path.tokens.get()), format::many(env.lang, path.optimal_tokens.get()));
    let ratio = path.tokens / path.optimal_tokens;
    let masked = path.is_masked();
    let key = match ((0.95..=1.05).contains(&ratio), masked) {
        (true, false) => "app.scratch.tokens-optimal",
        (true, true) => "app.scratch.tokens-masked",
        (false, false) => "app.scratch.tokens-chosen",
        (false, true) => "app.scratch.tokens-chosen-masked",
    };
    let (paper, authors) = if masked { ("1810.04805", "Devlin et al. 2018") } else { ("2203.15556", "Hoffmann et al. 2022") };
    let args = [("tokens", taken.as_str()), ("optimal", optimal.as_str()), ("ratio", &format::ratio(ratio))];
    html! {
        <>
            <span>{ env.fill(key, &args) }</span>{ " " }
            { leads(env, steps, "scratch.optimalTokens", env.say("app.scratch.worked-out")) }{ " · " }
            <a href={format!("https://arxiv.org/abs/{paper}")} rel="noopener noreferrer" target="_blank">{ authors }</a>
        </>
    }
}
