//! What stands in the place of a mark: a figure of a card or a model, or what becomes of a job.
//!
//! Needs are those of the usual recipe of a method, whether a card holds them or not; full fine-tuning is in mixed precision, the one
//! the guide explains. Times, and what a card does in the end, are of the recipe the planner finds for it, as in the live answers.

use super::price::{grouped, price, rounded, with_basis};
use anyhow::{Context, Result, bail, ensure};
use std::sync::Arc;
use whichcard::card::Card;
use whichcard::catalog::{Catalog, TariffUse};
use whichcard::estimate::estimate;
use whichcard::model::Model;
use whichcard::plan::{CardChoices, Counts, Goal, LIFE, Outcome, Plan, plan};
use whichcard::request::{CardChoice, JobKind, JobRequest, Keyword, Precision, Request, Stack};
use whichcard::text::{Lang, say};
use whichcard::units::{Bytes, Currency, Money};
use whichcard::wording::day;

/// The figure of a mark's words.
pub fn figure(catalog: &Catalog, lang: Lang, words: &[&str]) -> Result<String> {
    match words {
        ["card", id, "dollars"] => price(catalog, lang, card(catalog, id)?, Currency::Usd),
        ["card", id, "yuan"] => price(catalog, lang, card(catalog, id)?, Currency::Cny),
        ["card", id, name] => card_figure(card(catalog, id)?, name),
        ["date"] => Ok(day(lang, catalog.date())),
        ["life"] => Ok(grouped(LIFE.as_hours())),
        ["adapter", model] => adapter(catalog, model),
        ["slowed", model, job, id, watts] => slowed(catalog, model, job, id, watts),
        ["model", id] => Ok(billions(model(catalog, id)?.parameters)),
        ["weights", id] => Ok(gib(Bytes::new(real(model(catalog, id)?.parameters) * 2.0), 0)),
        ["times", id, other] => {
            Ok(format!("{:.0}", real(model(catalog, id)?.parameters) / real(model(catalog, other)?.parameters)))
        }
        ["memory", model, job, id] => memory(catalog, model, job, id),
        ["least", model, job, id] => Ok(shown(planned(catalog, model, job, id)?.figures.memory.total)),
        ["speed", model, job, id] => speed(catalog, lang, model, job, id),
        ["served", model, stack, id] => served(catalog, lang, model, stack, id),
        ["hours", model, job, id] => hours(catalog, lang, model, job, id),
        ["rented", model, job, id] => rented(catalog, lang, model, job, id),
        ["worn", model, job, id] => worn(catalog, lang, model, job, id),
        ["rent", id] => rent(catalog, lang, id),
        ["year", id, country] => year(catalog, id, country),
        ["cards", ids @ ..] => table(catalog, lang, ids),
        _ => bail!("an unknown mark"),
    }
}

fn card<'a>(catalog: &'a Catalog, id: &str) -> Result<&'a Card> {
    let card = catalog.card(id).context("no such card")?;
    ensure!(card.id == id, "the id is {}", card.id);
    Ok(card)
}

fn model<'a>(catalog: &'a Catalog, id: &str) -> Result<&'a Arc<Model>> {
    catalog.model(id).context("no such model")
}

fn card_figure(card: &Card, name: &str) -> Result<String> {
    Ok(match name {
        "memory" => gib(card.vram, 0),
        "bandwidth" => format!("{:.0} GB/s", card.bandwidth.get() / 1e9),
        "power" => format!("{:.0} W", card.tdp.get()),
        "tensor" => card.peaks.tensor_fp16_acc32.map_or_else(|| "—".to_owned(), |rate| format!("{:.0} TFLOPS", rate.get() / 1e12)),
        "cores" => card.cuda_cores.to_string(),
        "launched" => card.launch_date.chars().take(7).collect(),
        _ => bail!("no such figure"),
    })
}

fn gib(bytes: Bytes, digits: usize) -> String {
    format!("{:.digits$} GiB", bytes.as_gib())
}

/// With one digit where it can decide.
fn shown(bytes: Bytes) -> String {
    gib(bytes, if bytes.as_gib() < 100.0 { 1 } else { 0 })
}

#[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
const fn real(count: u64) -> f64 {
    count as f64
}

/// Two significant digits are what a name like "8B" promises.
fn billions(parameters: u64) -> String {
    let billions = real(parameters) / 1e9;
    if billions < 1.0 { format!("{:.0}M", billions * 1000.0) } else { format!("{billions:.1}B") }
}

fn kind(job: &str) -> Result<JobKind> {
    JobKind::from_name(job).context("no such job")
}

/// Tokens of the one text that the needs of language models are computed with, where a model reads so many.
const TEXT: u64 = 2048;

/// What the usual recipe of a method takes, whether the card has it or not. Language models read one text at a time: left open, small
/// ones would take several, and the rows of a table would not be comparable.
fn memory(catalog: &Catalog, name: &str, job: &str, id: &str) -> Result<String> {
    let kind = kind(job)?;
    let mut request = Request::new(name, kind, id);
    let model = model(catalog, name)?;
    if model.reads_text() && kind != JobKind::Inference {
        request.recipe.micro_batch = Some(1.0);
        request.recipe.gradient_accumulation = Some(1.0);
        request.job.sequence_length = Some(real(model.max_context.map_or(TEXT, |most| most.min(TEXT))));
    }
    // So would the precision be another one for small models than for large ones.
    if kind == JobKind::FullFinetune {
        request.recipe.precision = Some(Precision::Bf16Autocast);
    }
    Ok(shown(estimate(catalog, &request)?.memory.total))
}

/// The task that the live answers take for a language model, with its data.
const TASK: &str = "language-modelling";

/// What the file of the usual adapter takes in FP32: AdamW keeps two moments of the same kind.
fn adapter(catalog: &Catalog, model: &str) -> Result<String> {
    // Any card: it is as large on all.
    let moments = estimate(catalog, &Request::new(model, JobKind::Lora, "rtx-4090"))?.memory.optimizer;
    Ok(format!("{:.0} MB", moments.get() / 2.0 / 1e6))
}

/// The part of its speed that a card loses to a power limit.
fn slowed(catalog: &Catalog, model: &str, job: &str, id: &str, watts: &str) -> Result<String> {
    let mut request = Request::new(model, kind(job)?, id);
    let free = estimate(catalog, &request)?.time.main.tokens_per_second;
    request.rig.machine.power_limit_watts = Some(watts.parse().context("watts")?);
    let limited = estimate(catalog, &request)?.time.main.tokens_per_second;
    ensure!(limited < free, "a limit of {watts} W takes nothing");
    Ok(format!("{:.0}%", 100.0 * (1.0 - limited / free)))
}

/// What the planner makes of a job on one card, as the live answers do.
fn planned(catalog: &Catalog, model: &str, job: &str, id: &str) -> Result<Plan> {
    planned_in(catalog, Lang::default().home(), model, job, id)
}

fn planned_in(catalog: &Catalog, (currency, country): (Currency, &str), model: &str, job: &str, id: &str) -> Result<Plan> {
    let mut goal = Goal::new(model, kind(job)?);
    goal.money.currency = Some(currency);
    goal.money.country = Some(country.to_owned());
    goal.job = JobRequest { kind: goal.job.kind, ..catalog.task(TASK).context("no such task")?.job.clone() };
    goal.rig.card = Some(CardChoices::One(CardChoice::Id(id.to_owned())));
    goal.rig.count = Some(Counts::One(1.0));
    match plan(catalog, &goal)? {
        Outcome::Planned(plan) => Ok(*plan),
        Outcome::Rejected(rejected) => bail!("{id} cannot do it: {}", rejected.reason.say(Lang::default())),
    }
}

/// As exact as the live answers say it.
fn tokens(lang: Lang, rate: f64) -> String {
    let said = if rate < 1000.0 { rate } else { (rate / 10.0).round() * 10.0 };
    say(lang, "app.unit.tokens-per-second", &[("n", &grouped(said))])
}

fn speed(catalog: &Catalog, lang: Lang, name: &str, job: &str, id: &str) -> Result<String> {
    ensure!(model(catalog, name)?.reads_text(), "{name} reads no tokens");
    Ok(tokens(lang, planned(catalog, name, job, id)?.figures.time.main.tokens_per_second))
}

/// Tokens that one reader is written in a second, in 16 bits.
fn served(catalog: &Catalog, lang: Lang, model: &str, stack: &str, id: &str) -> Result<String> {
    let mut request = Request::new(model, JobKind::Inference, id);
    request.recipe.stack = Some(Stack::from_name(stack).context("no such program")?);
    Ok(tokens(lang, estimate(catalog, &request)?.time.main.tokens_per_second))
}

fn hours(catalog: &Catalog, lang: Lang, model: &str, job: &str, id: &str) -> Result<String> {
    let hours = planned(catalog, model, job, id)?.figures.time.total.as_hours();
    Ok(say(lang, "app.unit.hours", &[("n", &format!("{hours:.1}"))]))
}

/// What an hour of a card costs to rent.
fn rent(catalog: &Catalog, lang: Lang, id: &str) -> Result<String> {
    // Any job: an hour costs the same.
    let mut request = Request::new("llama-3-8b", JobKind::Inference, id);
    request.money.currency = Some(lang.home().0);
    let rent = estimate(catalog, &request)?.cost.rent.context("no rent")?;
    Ok(with_basis(lang, &rounded(Money { amount: rent.unit_price, ..rent.money }), &rent))
}

/// What the job costs on a rented card.
fn rented(catalog: &Catalog, lang: Lang, model: &str, job: &str, id: &str) -> Result<String> {
    let rent = planned_in(catalog, lang.home(), model, job, id)?.cost.rent.context("no rent")?;
    Ok(with_basis(lang, &rounded(rent.money), &rent))
}

/// What the job costs on a card that works all its life: electricity, and the part of its price that the hours use up.
fn worn(catalog: &Catalog, lang: Lang, model: &str, job: &str, id: &str) -> Result<String> {
    let plan = planned_in(catalog, lang.home(), model, job, id)?;
    let (card, electricity) = (plan.cost.buy.context("no price")?.money, plan.cost.electricity.context("no tariff")?.money);
    let used_up = plan.figures.time.total.get() / LIFE.get();
    Ok(rounded(Money { amount: card.amount * used_up + electricity.amount, currency: card.currency }))
}

/// What a household pays for a year of full load, in the country's own money.
fn year(catalog: &Catalog, id: &str, country: &str) -> Result<String> {
    let tariff = catalog.tariff(country, TariffUse::Household).context("no tariff")?;
    let currency = if country == "CN" { Currency::Cny } else { Currency::Usd };
    let per_kwh = catalog.convert(tariff.amount, tariff.currency, currency).context("no exchange rate")?;
    let amount = card(catalog, id)?.tdp.get() / 1000.0 * 24.0 * 365.0 * per_kwh;
    Ok(rounded(Money { amount, currency }))
}

fn table(catalog: &Catalog, lang: Lang, ids: &[&str]) -> Result<String> {
    const FIGURES: [(&str, &str); 5] = [
        ("memory", "app.ledger.fact.memory"),
        ("bandwidth", "app.ledger.fact.bandwidth"),
        ("tensor", "app.ledger.fact.acc32"),
        ("power", "app.ledger.fact.power"),
        ("launched", "app.ledger.fact.launched"),
    ];
    let heads = FIGURES.map(|(_, key)| say(lang, key, &[]));
    let mut text = format!("| {} | {} |\n", say(lang, "app.field.card", &[]), heads.join(" | "));
    text.push_str("| --- | ---: | ---: | ---: | ---: | ---: |\n");
    for id in ids {
        let card = card(catalog, id)?;
        let figures: Result<Vec<String>> = FIGURES.iter().map(|(name, _)| card_figure(card, name)).collect();
        text.push_str(&format!("| {} | {} |\n", named(lang, card), figures?.join(" | ")));
    }
    Ok(text)
}

/// A card by its name, and that it is not sold new where readers of the language mostly are.
fn named(lang: Lang, card: &Card) -> String {
    let (_, home) = lang.home();
    if card.restricted_in.iter().any(|country| country == home) {
        say(lang, "guide.not-sold-new", &[("card", &card.name)])
    } else {
        card.name.clone()
    }
}
