//! Time, energy and money of an estimate, each with its range or its basis.

use super::working::leads;
use crate::context::Env;
use crate::format;
use whichcard::card::{Card, Price, PriceKind};
use whichcard::catalog::Checked;
use whichcard::estimate::{Cost, Estimate, Phase, PhaseTime, PricedAmount, Step, Time};
use whichcard::model::Model;
use whichcard::request::Setup;
use whichcard::units::{Currency, Joules, Seconds};
use whichcard::wording;
use yew::prelude::*;

/// A figure with its label and what qualifies it.
pub fn figure(name: &'static str, label: String, value: String, notes: Vec<String>) -> Html {
    shown(name, label, html! { { value } }, notes)
}

/// The same where the value leads to its working.
pub fn shown(name: &'static str, label: String, value: Html, notes: Vec<String>) -> Html {
    html! {
        <div class="figure" key={name} data-figure={name}>
            <dt>{ label }</dt>
            <dd>
                <b>{ value }</b>
                { for notes.into_iter().filter(|note| !note.is_empty()).map(|note| html! {
                    <span key={note.clone()} class="quiet">{ note }</span>
                }) }
            </dd>
        </div>
    }
}

/// Draws a figure whose value leads to its working.
struct Opened<'a> {
    env: &'a Env,
    steps: &'a [Step],
}

impl Opened<'_> {
    fn figure(&self, name: &'static str, step: &str, label: String, value: String, notes: Vec<String>) -> Html {
        shown(name, label, leads(self.env, self.steps, step, value), notes)
    }
}

/// The figures of one estimate.
pub fn figures(env: &Env, setup: &Setup, estimate: &Estimate) -> Html {
    let (model, time) = (&setup.model, &estimate.time);
    let opened = Opened { env, steps: &estimate.explain };
    let prefill = time.prefill.iter().filter(|_| time.main.phase == Phase::Decode && reads_text(model));
    html! {
        <dl class="figures">
            { duration(&opened, model, time) }
            { speed(&opened, setup, time) }
            { for prefill.map(|prefill| first_token(&opened, prefill)) }
            { energy(&opened, estimate) }
            { for bills(&opened, &setup.rig.card, &estimate.cost) }
        </dl>
    }
}

/// The whole job.
fn duration(opened: &Opened, model: &Model, time: &Time) -> Html {
    let env = opened.env;
    let (key, _) = wording::figures(model, time);
    let notes = vec![format::durations(env.lang, time.low, time.high)];
    opened.figure("time", "time.total", env.say(key), format::duration(env.lang, time.total), notes)
}

/// Whether a model is measured in tokens.
pub const fn reads_text(model: &Model) -> bool {
    model.reads_text()
}

/// A pace below a time: where it says the same, only what takes so long.
pub fn below(time: &str, pace: &str) -> String {
    pace.replacen(time, "", 1).trim().to_owned()
}

/// The pace of a setup; of what listens, against the time it takes to speak.
pub fn pace_of(env: &Env, setup: &Setup, time: &Time) -> String {
    wording::pace(env.lang, setup, time)
}

/// The same where there is room for how long a clip is.
pub fn pace_in_full(env: &Env, setup: &Setup, time: &Time) -> String {
    let pace = pace_of(env, setup, time);
    let clip = setup.model.clip(setup.job.sequence_length).filter(|_| !setup.trains());
    if clip.is_none() { pace } else { env.fill("app.figure.of-clips", &[("speed", &pace), ("clips", &heard(env, clip))]) }
}

/// How fast, and what it waits for.
fn speed(opened: &Opened, setup: &Setup, time: &Time) -> Html {
    let (env, phase) = (opened.env, &time.main);
    let (_, key) = wording::figures(&setup.model, time);
    let clip = setup.model.clip(setup.job.sequence_length);
    // Each phase has one speed that is worked out: by token or by sample; what listens has another, against the time of speaking.
    let of_speed = |step: &&Step| match &clip {
        Some(_) if !setup.trains() => step.id == "time.realTime",
        _ => step.id.ends_with("tokensPerSecond") || step.id.ends_with("samplesPerSecond"),
    };
    let step = opened.steps.iter().filter(of_speed).max_by_key(|step| step.id.contains("decode") || step.id.contains("train"));
    let step = step.map_or("", |step| step.id.as_str());
    opened.figure("speed", step, env.say(key), pace_of(env, setup, time), vec![heard(env, clip), bound(env, phase)])
}

/// How long the audio of a clip is; nothing where there is none.
fn heard(env: &Env, clip: Option<Seconds>) -> String {
    clip.map_or_else(String::new, |clip| env.fill("app.figure.clip", &[("time", &format::duration(env.lang, clip))]))
}

/// "waits for memory bandwidth".
pub fn bound(env: &Env, phase: &PhaseTime) -> String {
    let name = match phase.bound_by {
        whichcard::estimate::BoundBy::Compute => "compute",
        whichcard::estimate::BoundBy::Memory => "memory",
        whichcard::estimate::BoundBy::Communication => "communication",
        whichcard::estimate::BoundBy::Overhead => "overhead",
    };
    env.say(&format!("app.bound.{name}"))
}

fn first_token(opened: &Opened, prefill: &PhaseTime) -> Html {
    let env = opened.env;
    let rate = env.fill("app.unit.tokens-per-second", &[("n", &format::rate(prefill.tokens_per_second))]);
    let time = format::duration(env.lang, prefill.seconds_per_step);
    opened.figure("prefill", "time.prefill.secondsPerStep", env.say("app.figure.first-token"), time, vec![rate])
}

fn energy(opened: &Opened, estimate: &Estimate) -> Html {
    let env = opened.env;
    let energy = &estimate.energy;
    let mut notes = vec![env.fill("app.figure.average-power", &[("watts", &format::watts(energy.average_watts))])];
    if let Some(grams) = energy.co2_grams {
        notes.push(co2(env, grams));
    }
    opened.figure("energy", "energy.wallJoules", env.say("app.figure.energy"), electricity(env, energy.wall_joules), notes)
}

/// Electricity at the wall; of what takes next to none, of a thousand times.
pub fn electricity(env: &Env, wall: Joules) -> String {
    wording::electricity(env.lang, wall)
}

/// Emissions, and whether the grid's figure is from memory.
fn co2(env: &Env, grams: f64) -> String {
    let text = env.fill("app.figure.co2", &[("mass", &format::mass(grams))]);
    let country = env.reading.request.money.country.as_deref().unwrap_or_default();
    let recalled = env.catalog.grid(country).is_some_and(|grid| grid.checked == Checked::Recalled);
    if recalled { env.fill("app.recalled", &[("figure", &text)]) } else { text }
}

fn bills(opened: &Opened, card: &Card, cost: &Cost) -> Vec<Html> {
    let env = opened.env;
    let rows = [("buy", &cost.buy), ("rent", &cost.rent), ("electricity", &cost.electricity)];
    rows.into_iter()
        .filter_map(|(name, amount)| {
            let amount = amount.as_ref()?;
            let basis = basis(env, card, amount);
            Some(match cost.serving {
                Some(serving) if name != "buy" => {
                    let label = env.say(if name == "rent" { "explain.cost.rent" } else { "app.figure.electricity" });
                    let value = format::unit_cost(serving.of_job(amount.money).money);
                    opened.figure(
                        name,
                        &format!("cost.serving.{name}"),
                        label,
                        value,
                        vec![format::per(env.lang, serving.per), basis],
                    )
                }
                _ => {
                    let (label, step) = (env.say(&format!("app.figure.{name}")), format!("cost.{name}"));
                    let value = if name == "buy" { format::money(amount.money) } else { format::bill(amount.money) };
                    let notes = [basis].into_iter().chain(wording::spread(env.lang, amount)).collect();
                    opened.figure(name, &step, label, value, notes)
                }
            })
        })
        .collect()
}

/// What a price of the catalogue is.
pub fn price_kind(env: &Env, kind: PriceKind) -> String {
    let name = match kind {
        PriceKind::Launch => "launch",
        PriceKind::Street => "street",
        PriceKind::Used => "used",
        PriceKind::RentPerHour => "rent-per-hour",
    };
    env.name("price", name)
}

/// What a price is and how old, whether that is too old to rely on, and whether anybody has looked it up.
pub fn basis(env: &Env, card: &Card, amount: &PricedAmount) -> String {
    let text = wording::basis(env.lang, amount);
    if is_recalled(env, card, amount) { env.fill("app.price.recalled", &[("price", &text)]) } else { text }
}

/// Whether a price is a launch price in yuan that the catalogue has from memory.
fn is_recalled(env: &Env, card: &Card, amount: &PricedAmount) -> bool {
    let launch =
        |price: &&Price| price.kind == PriceKind::Launch && price.currency == Currency::Cny && price.source == amount.source;
    let recalled = env.catalog.provenance(&card.id).is_some_and(|known| known.cny == Some(Checked::Recalled));
    recalled && amount.basis == "launch" && card.prices.iter().any(|price| launch(&price))
}

/// The basis of a price, marked where it is stale.
pub fn marked_basis(env: &Env, card: &Card, amount: &PricedAmount) -> Html {
    let stale = amount.stale;
    html! {
        <span class={classes!("quiet", stale.then_some("stale-price"))} data-stale={stale.to_string()}>
            { basis(env, card, amount) }
        </span>
    }
}
