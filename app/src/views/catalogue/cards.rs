//! The table of cards.

use super::ledger::{Column, NAME, Row};
use super::origin;
use super::{asked_of, row};
use crate::context::Env;
use crate::format;
use crate::views::{choose, compare, figures};
use crate::widgets::{Icon, Sign};
use whichcard::card::{Card, Generation, Price, PriceKind};
use whichcard::estimate::card_price_of;
use whichcard::request::Keyword;
use whichcard::share::{Field, View};
use whichcard::units::{FlopsPerSecond, Money};
use yew::prelude::*;

pub const COLUMNS: &[Column] = &[
    NAME,
    Column { id: "memory", numeric: true, from: 0 },
    Column { id: "tensor", numeric: true, from: 0 },
    Column { id: "bandwidth", numeric: true, from: 1 },
    Column { id: "fp32", numeric: true, from: 2 },
    Column { id: "power", numeric: true, from: 1 },
    Column { id: "price", numeric: true, from: 1 },
    Column { id: "launched", numeric: true, from: 2 },
];

const GENERATIONS: [Generation; 7] = [
    Generation::Blackwell,
    Generation::Hopper,
    Generation::Ada,
    Generation::Ampere,
    Generation::Turing,
    Generation::Volta,
    Generation::Pascal,
];

pub fn generations(env: &Env) -> Vec<(AttrValue, AttrValue)> {
    GENERATIONS.iter().map(|generation| (generation.name().into(), choose::generation(env, *generation).into())).collect()
}

pub fn rows(env: &Env) -> Vec<Row> {
    let asked = env.link.get(Field::Generation).and_then(|asked| asked_of(asked.trim(), &generations(env)));
    let wanted = |card: &Card| asked.as_deref().is_none_or(|asked| card.generation.name() == asked);
    let cards = env.catalog.cards().iter().filter(|card| wanted(card));
    cards.map(|card| card_row(env, card)).collect()
}

/// The arithmetic that training uses: 16 bits in, accumulated in FP32, on tensor cores where it has them.
fn tensor(card: &Card) -> Option<FlopsPerSecond> {
    card.peaks.tensor_bf16.or(card.peaks.tensor_fp16_acc32)
}

fn card_row(env: &Env, card: &Card) -> Row {
    let aliases = env.catalog.card_aliases(&card.id).iter().map(String::as_str);
    let words: Vec<&str> = aliases.chain([card.chip.as_str(), card.series.as_str()]).collect();
    let rate = |rate: Option<FlopsPerSecond>| {
        rate.map_or_else(|| (f64::NAN, env.say("app.ledger.none")), |rate| (rate.as_tera(), format::short(rate.as_tera())))
    };
    let money = &env.reading.request.money;
    let price = card_price_of(&env.catalog, card, money.currency.unwrap_or_default(), money.country.as_deref());
    let price = price.map_or_else(
        || (f64::NAN, env.say("app.ledger.none")),
        |price| (price.money.amount, format!("{}{}", format::money(price.money), if price.stale { "*" } else { "" })),
    );
    let cells = vec![
        (card.vram.get(), format::vram(card.vram)),
        rate(tensor(card)),
        (card.bandwidth.get(), format::bandwidth(card.bandwidth)),
        rate(card.peaks.fp32),
        (card.tdp.get(), format::watts(card.tdp)),
        price,
        (months(&card.launch_date), launched(env, card)),
    ];
    row(&card.id, &card.name, &words, format!("{} · {}", choose::generation(env, card.generation), card.chip), cells)
}

/// Months since year 0 of an ISO date.
fn months(date: &str) -> f64 {
    let mut parts = date.split('-').map(|part| part.parse::<f64>().unwrap_or(0.0));
    match parts.next() {
        Some(year) if year > 0.0 => year * 12.0 + parts.next().unwrap_or(0.0),
        _ => f64::NAN,
    }
}

fn launched(env: &Env, card: &Card) -> String {
    if card.launch_date.is_empty() { env.say("app.ledger.none") } else { format::month(env.lang, &card.launch_date) }
}

/// Everything the catalogue says of a card.
pub fn detail(env: &Env, id: &str) -> Html {
    let Some(card) = env.catalog.card(id) else { return html! { <div></div> } };
    let (href, onclick) = env.way(View::Card, vec![(Field::Card, Some(card.id.clone()))]);
    let provenance = env.catalog.provenance(id).cloned().unwrap_or_default();
    let groups =
        [("specs", Some(provenance.specs)), ("tensor", provenance.tensor), ("psu", provenance.psu), ("cny", provenance.cny)];
    let note = provenance.notes.as_ref().and_then(|note| note.said(env.lang));
    html! {
        <div class="entry-detail">
            <p class="row"><a class="button" {href} {onclick}>{ env.say("app.nav.card") }<Icon sign={Sign::Arrow} /></a>
                { compare::link(env, &[id]) }</p>
            { origin::list(env, facts(env, card)) }
            { prices(env, card) }
            { origin::groups(env, &groups.into_iter().filter_map(|(name, checked)| Some((name, checked?))).collect::<Vec<_>>()) }
            { origin::sources(env, &provenance.sources) }
            <p class="quiet notes" lang={note.map(|(lang, _)| lang.tag())} hidden={note.is_none()}>{ for note.map(|(_, text)| text) }</p>
        </div>
    }
}

fn facts(env: &Env, card: &Card) -> Vec<(&'static str, String)> {
    let peaks = &card.peaks;
    let (major, minor) = card.compute_capability;
    let megahertz = |hertz: f64| format!("{}\u{a0}MHz", format::decimal(hertz / 1e6, 0));
    let range = |low: String, high: String| env.fill("app.range", &[("low", &low), ("high", &high)]);
    let clock = card
        .boost_min_hertz
        .map_or_else(|| megahertz(card.boost_hertz), |least| range(megahertz(least), megahertz(card.boost_hertz)));
    let watts = match card.tgp_range {
        Some((low, high)) => range(format::watts(low), format::watts(high)),
        None => format::watts(card.tdp),
    };
    let mut facts = vec![
        ("capability", format!("{major}.{minor}")),
        ("sms", format::count(card.sms.into())),
        ("cuda", format::count(card.cuda_cores.into())),
        ("tensor-cores", if card.tensor_cores == 0 { env.say("app.fact.none") } else { format::count(card.tensor_cores.into()) }),
        ("clock", clock),
        ("memory", format!("{} {} · {}\u{a0}bit", format::vram(card.vram), card.memory_type, card.memory_bus_bits)),
        ("bandwidth", format::bandwidth(card.bandwidth)),
        ("ecc", env.say(if card.ecc { "app.can.yes" } else { "app.can.no" })),
        ("l2", format::memory(card.l2)),
    ];
    let rates = [
        ("fp32", peaks.fp32),
        ("fp16", peaks.fp16),
        ("acc16", peaks.tensor_fp16_acc16),
        ("acc32", peaks.tensor_fp16_acc32),
        ("bf16", peaks.tensor_bf16),
        ("tf32", peaks.tensor_tf32),
        ("fp8", peaks.tensor_fp8),
        ("fp8-acc16", peaks.tensor_fp8_acc16),
        ("fp4", peaks.tensor_fp4),
        (if peaks.int8_tensor { "int8" } else { "int8-dp4a" }, peaks.int8),
        ("int4", peaks.int4),
        ("fp64", peaks.fp64),
        ("fp64-tensor", peaks.tensor_fp64),
    ];
    facts.extend(rates.into_iter().filter_map(|(name, rate)| Some((name, format::tflops(rate?)))));
    facts.push(("power", watts));
    facts.extend(card.psu.map(|psu| ("psu", format::watts(psu))));
    facts.extend(card.connectors.clone().map(|connectors| ("connectors", connectors)));
    facts.extend(card.slots.map(|slots| ("slots", slots.to_string())));
    facts.push(("pcie", format!("{}.0 ×{}", card.pcie.generation, card.pcie.lanes)));
    facts.push(("nvlink", card.nvlink.map_or_else(|| env.say("app.fact.none"), format::bandwidth)));
    facts.push(("launched", launched(env, card)));
    let countries = |codes: &[String]| {
        let names: Vec<String> = codes.iter().map(|code| env.name("country", code)).collect();
        names.join(env.say("app.list-comma").as_str())
    };
    facts.extend(card.sold_only_in.as_ref().map(|code| ("sold-only-in", countries(std::slice::from_ref(code)))));
    let barred = (!card.restricted_in.is_empty()).then(|| countries(&card.restricted_in));
    facts.extend(barred.map(|barred| ("not-sold-new", barred)));
    facts
}

/// Every price, the newest first, each with its source.
fn prices(env: &Env, card: &Card) -> Html {
    let mut prices: Vec<&Price> = card.prices.iter().collect();
    prices.sort_by(|a, b| b.date.cmp(&a.date));
    html! {
        <div hidden={prices.is_empty()}>
            <h2>{ env.say("app.ledger.prices") }</h2>
            <ul class="price-list">
                { for prices.into_iter().enumerate().map(|(place, price)| {
                    let money = |amount| format::money(Money { amount, currency: price.currency });
                    let amount = match price.range {
                        Some((low, high)) => format!("{}–{}", money(low), money(high)),
                        None => money(price.amount),
                    };
                    let rent = price.kind == PriceKind::RentPerHour;
                    let amount = if rent { env.fill("app.ledger.per-hour", &[("price", &amount)]) } else { amount };
                    let kind = figures::price_kind(env, price.kind);
                    let dated = env.fill("app.price.dated", &[("kind", &kind), ("date", &format::month(env.lang, &price.date))]);
                    html! {
                        <li key={place}>
                            <b>{ amount }</b>
                            { " " }
                            <span class="quiet">{ dated }{ " · " }{ origin::source(env, &price.source) }</span>
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_any_length_have_an_order() {
        assert!(months("2022-09-20") > months("2022-03") && months("2022-03") > months("2022"));
        assert!(months("").is_nan());
    }
}
