//! What cards are and what software runs on them, row by row.

use super::figure::{Better, Cell, Figure};
use crate::app::context::Env;
use crate::app::format;
use crate::app::views::{choose, figures};
use crate::app::widgets::Sign;
use whichcard::card::Card;
use whichcard::estimate::card_price_of;
use whichcard::units::FlopsPerSecond;

/// The sections below that of the job; `unsold` says why a card without a price has none.
pub fn sections(env: &Env, cards: &[&Card], unsold: &[String]) -> Vec<(&'static str, Vec<Figure>)> {
    vec![("card", card(env, cards, unsold)), ("rates", rates(env, cards)), ("abilities", abilities(env, cards))]
}

fn figure(name: &str, better: Better, cards: &[&Card], cell: impl Fn(&Card) -> Cell) -> Figure {
    Figure { name: name.to_owned(), better, unit: None, cells: cards.iter().map(|card| cell(card)).collect() }
}

fn card(env: &Env, cards: &[&Card], unsold: &[String]) -> Vec<Figure> {
    use Better::{Less, More, Neither};
    let count = |count: u32| {
        if count == 0 { Cell::of(0.0, env.say("app.fact.none")) } else { Cell::of(f64::from(count), format::count(count.into())) }
    };
    let price = |(place, card): (usize, &&Card)| {
        let money = &env.reading.request.money;
        let price = card_price_of(&env.catalog, card, money.currency.unwrap_or_default(), money.country.as_deref());
        price.map_or_else(
            || Cell::none(env).noted(unsold.get(place).cloned().unwrap_or_default()),
            |price| {
                let said = format::money(price.money);
                // A price that nobody sells at any more wins nothing.
                let cell = if price.stale { Cell::plain(said) } else { Cell::of(price.money.amount, said) };
                cell.noted(figures::basis(env, card, &price))
            },
        )
    };
    let prices = cards.iter().enumerate().map(price).collect();
    let launched = |card: &Card| match card.launch_date.as_str() {
        "" => Cell::none(env),
        date => Cell::plain(format::month(env.lang, date)),
    };
    vec![
        figure("app.fact.generation", Neither, cards, |card| Cell::plain(choose::generation(env, card.generation))),
        figure("app.fact.launched", Neither, cards, launched),
        figure("app.fact.memory", More, cards, |card| {
            Cell::of(card.vram.get(), format::vram(card.vram)).noted(card.memory_type.clone())
        }),
        Figure {
            unit: Some("GB/s"),
            ..figure("app.fact.bandwidth", More, cards, |card| {
                Cell::of(card.bandwidth.get() / 1e9, format::bandwidth(card.bandwidth))
            })
        },
        figure("app.ledger.fact.cuda", More, cards, |card| count(card.cuda_cores)),
        figure("app.ledger.fact.tensor-cores", More, cards, |card| count(card.tensor_cores)),
        figure("app.fact.power", Less, cards, |card| Cell::of(card.tdp.get(), format::watts(card.tdp))),
        Figure { name: "app.compare.price".to_owned(), better: Less, unit: None, cells: prices },
        figure("app.fact.nvlink", More, cards, |card| {
            card.nvlink
                .map_or_else(|| Cell::of(0.0, env.say("app.fact.none")), |rate| Cell::of(rate.get(), format::bandwidth(rate)))
        }),
    ]
}

/// Dense peaks with the sums that training needs; what a card cannot do at all is none.
fn rates(env: &Env, cards: &[&Card]) -> Vec<Figure> {
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
    let cell = |rate: Option<FlopsPerSecond>| {
        rate.map_or_else(|| Cell::none(env), |rate| Cell::of(rate.as_tera(), format::short(rate.as_tera())))
    };
    rows.into_iter()
        .map(|(name, rate)| figure(&format!("app.ledger.fact.{name}"), Better::More, cards, |card| cell(rate(card))))
        .filter(|figure| figure.cells.iter().any(|cell| !cell.value.is_nan()))
        .collect()
}

fn abilities(env: &Env, cards: &[&Card]) -> Vec<Figure> {
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
    rows.into_iter().map(|(name, can)| figure(&format!("app.can.{name}"), Better::Neither, cards, |card| cell(can(card)))).collect()
}
