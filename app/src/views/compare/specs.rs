//! What cards are and what software runs on them, row by row.

use super::figure::{Better, Cell, Figure};
use crate::context::Env;
use crate::format;
use crate::views::{choose, figures};
use crate::widgets::Sign;
use whichcard::card::Card;
use whichcard::estimate::card_price_of;
use whichcard::units::{Bytes, BytesPerSecond, FlopsPerSecond, Money, Watts};

/// The sections below that of the job, of what stands in the columns: so many of a card. `unsold` says why a card without a price has none.
pub fn sections(env: &Env, rigs: &[(&Card, u32)], unsold: &[String]) -> Vec<(&'static str, Vec<Figure>)> {
    vec![("card", card(env, rigs, unsold)), ("rates", rates(env, rigs)), ("abilities", abilities(env, rigs))]
}

/// What a card is or can do, however many there are of it.
fn figure(name: &str, better: Better, rigs: &[(&Card, u32)], cell: impl Fn(&Card) -> Cell) -> Figure {
    Figure { name: name.to_owned(), better, unit: None, cells: rigs.iter().map(|(card, _)| cell(card)).collect() }
}

/// What several cards have more of than one: the sum, with what each has below it.
fn amount(name: &str, better: Better, rigs: &[(&Card, u32)], cell: impl Fn(&Card, f64) -> Cell) -> Figure {
    let summed = |(card, count): &(&Card, u32)| {
        let one = cell(card, 1.0);
        // Nothing, and what nobody knows, is no more of it.
        if *count < 2 || one.value.is_nan() || one.value == 0.0 { one } else { cell(card, f64::from(*count)).of_each(*count, &one) }
    };
    Figure { name: name.to_owned(), better, unit: None, cells: rigs.iter().map(summed).collect() }
}

fn card(env: &Env, rigs: &[(&Card, u32)], unsold: &[String]) -> Vec<Figure> {
    use Better::{Less, More, Neither};
    let count = |number: u32, count: f64| {
        let all = f64::from(number) * count;
        Cell::of(all, if number == 0 { env.say("app.fact.none") } else { format::decimal(all, 0) })
    };
    let price = |(place, (card, count)): (usize, &(&Card, u32))| {
        let money = &env.reading.request.money;
        let price = card_price_of(&env.catalog, card, money.currency.unwrap_or_default(), money.country.as_deref());
        price.map_or_else(
            || Cell::none(env).noted(unsold.get(place).cloned().unwrap_or_default()),
            |price| {
                let of = |count: f64| {
                    let all = Money { amount: price.money.amount * count, ..price.money };
                    // A price that nobody sells at any more wins nothing.
                    if price.stale { Cell::plain(format::money(all)) } else { Cell::of(all.amount, format::money(all)) }
                };
                let cell = if *count < 2 { of(1.0) } else { of(f64::from(*count)).of_each(*count, &of(1.0)) };
                cell.noted(figures::basis(env, card, &price))
            },
        )
    };
    let prices = rigs.iter().enumerate().map(price).collect();
    let launched = |card: &Card| match card.launch_date.as_str() {
        "" => Cell::none(env),
        date => Cell::plain(format::month(env.lang, date)),
    };
    vec![
        figure("app.fact.generation", Neither, rigs, |card| Cell::plain(choose::generation(env, card.generation))),
        figure("app.fact.launched", Neither, rigs, launched),
        amount("app.fact.memory", More, rigs, |card, count| {
            let all = Bytes::new(card.vram.get() * count);
            Cell::of(all.get(), format::vram(all)).noted(card.memory_type.clone())
        }),
        Figure {
            unit: Some("GB/s"),
            ..amount("app.fact.bandwidth", More, rigs, |card, count| {
                let all = BytesPerSecond::new(card.bandwidth.get() * count);
                Cell::of(all.get() / 1e9, format::bandwidth(all))
            })
        },
        amount("app.ledger.fact.cuda", More, rigs, |card, cards| count(card.cuda_cores, cards)),
        amount("app.ledger.fact.tensor-cores", More, rigs, |card, cards| count(card.tensor_cores, cards)),
        amount("app.fact.power", Less, rigs, |card, count| {
            let all = Watts::new(card.tdp.get() * count);
            Cell::of(all.get(), format::watts(all))
        }),
        Figure { name: "app.compare.price".to_owned(), better: Less, unit: None, cells: prices },
        figure("app.fact.nvlink", More, rigs, |card| {
            card.nvlink
                .map_or_else(|| Cell::of(0.0, env.say("app.fact.none")), |rate| Cell::of(rate.get(), format::bandwidth(rate)))
        }),
    ]
}

/// Dense peaks with the sums that training needs; what a card cannot do at all is none.
fn rates(env: &Env, rigs: &[(&Card, u32)]) -> Vec<Figure> {
    type Rate = fn(&Card) -> Option<FlopsPerSecond>;
    let rows: [(&str, Rate); 7] = [
        ("fp32", |card| card.peaks.fp32),
        ("tf32", |card| card.peaks.tensor_tf32),
        ("acc32", |card| card.peaks.tensor_fp16_acc32),
        ("bf16", |card| card.peaks.tensor_bf16),
        ("fp8", |card| card.peaks.tensor_fp8),
        ("fp4", |card| card.peaks.tensor_fp4),
        ("int8", |card| card.peaks.int8),
    ];
    let cell = |rate: Option<FlopsPerSecond>, count: f64| {
        let all = rate.map(|rate| rate.as_tera() * count);
        all.map_or_else(|| Cell::none(env), |all| Cell::of(all, format::short(all)))
    };
    rows.into_iter()
        .map(|(name, rate)| amount(&format!("app.ledger.fact.{name}"), Better::More, rigs, |card, count| cell(rate(card), count)))
        .filter(|figure| figure.cells.iter().any(|cell| !cell.value.is_nan()))
        .collect()
}

fn abilities(env: &Env, rigs: &[(&Card, u32)]) -> Vec<Figure> {
    type Can = fn(&Card) -> bool;
    let rows: [(&str, Can); 8] = [
        ("bf16", |card| card.features().bf16),
        ("tf32", |card| card.features().tf32),
        ("fp8", |card| card.features().fp8),
        ("fp4", |card| card.features().fp4),
        ("flash-attention", |card| card.features().flash_attention),
        ("llm-int8", |card| card.features().llm_int8),
        ("current-pytorch", |card| card.features().current_pytorch),
        ("peer-to-peer", |card| card.features().peer_to_peer),
    ];
    let cell = |yes: bool| {
        let (word, sign, value) = if yes { ("yes", (Sign::Check, "has"), 1.0) } else { ("no", (Sign::Cross, "lacks"), 0.0) };
        Cell { sign: Some(sign), ..Cell::of(value, env.say(&format!("app.can.{word}"))) }
    };
    rows.into_iter().map(|(name, can)| figure(&format!("app.can.{name}"), Better::Neither, rigs, |card| cell(can(card)))).collect()
}
