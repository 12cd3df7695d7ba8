//! Prices that later facts of the catalogue contradict: nobody sells at them any more.

use super::Catalog;
use crate::card::{Card, Doubt, Form, Generation, Price, PriceKind, Risen};
use std::sync::Arc;

/// Share of a card's memory bandwidth and arithmetic from which on another with as much memory is sold to the same buyers (an assumption).
const NEAR: f64 = 0.8;

/// Months between the cards that follow others and the end of the stock of these (an assumption: the RTX 40 SUPER cards were gone
/// from shops within a year after the RTX 50).
const SOLD_OFF: u32 = 12;

/// Cards of a generation whose street prices have to be known before they speak for the others: fewer would be the prices of one shop
/// or of one sought-after card (an assumption).
const ENOUGH: usize = 3;

impl Catalog {
    /// Marks the prices that newer readings, or newer cards, contradict.
    pub(super) fn doubt_prices(&mut self) {
        let all = self.cards.iter().flat_map(|card| card.prices.iter().map(move |price| (&**card, price)));
        let readings: Vec<(&Card, &Price)> = all.filter(|(_, price)| is_reading(price)).collect();
        let risen = self.risen();
        let doubt = |own: &Card, price: &Price| self.doubt(own, price, &readings).or_else(|| has_risen(own, price, &risen));
        let doubts: Vec<Vec<Option<Doubt>>> =
            self.cards.iter().map(|own| own.prices.iter().map(|price| doubt(own, price)).collect()).collect();
        for (card, doubts) in self.cards.iter_mut().zip(doubts) {
            if doubts.iter().any(Option::is_some) {
                let prices = &mut Arc::make_mut(card).prices;
                prices.iter_mut().zip(doubts).for_each(|(price, doubt)| price.doubt = doubt);
            }
        }
    }

    fn doubt(&self, own: &Card, price: &Price, readings: &[(&Card, &Price)]) -> Option<Doubt> {
        let near = readings.iter().filter(|(other, newer)| speaks_against(newer, price) && is_near(own, other));
        let said = near.filter_map(|(other, newer)| Some((other, self.convert(newer.amount, newer.currency, price.currency)?)));
        // So much higher that nobody can still have the card at the older price, whichever money it was read in: cards travel.
        let dearer = said.filter(|(_, amount)| price.amount < NEAR * amount);
        let least = dearer.min_by(|(_, a), (_, b)| a.total_cmp(b));
        let overtaken = least.map(|(other, _)| Doubt::Overtaken(other.name.clone()));
        overtaken.or_else(|| self.is_superseded(own, price).then_some(Doubt::Superseded))
    }

    /// The generations whose cards sell for more than at launch, in each form, by as much as makes nobody sell at the older price.
    fn risen(&self) -> Vec<((Generation, Form), Risen)> {
        let today = Price::month_of(&self.date);
        let mut groups: Vec<((Generation, Form), Vec<f64>)> = Vec::new();
        for card in &self.cards {
            let Some(ratio) = street_over_launch(card, today) else { continue };
            let of = (card.generation, card.form);
            match groups.iter_mut().find(|(group, _)| *group == of) {
                Some((_, ratios)) => ratios.push(ratio),
                None => groups.push((of, vec![ratio])),
            }
        }
        let risen = |(of, mut ratios): ((Generation, Form), Vec<f64>)| {
            ratios.sort_by(f64::total_cmp);
            let middle = *ratios.get(ratios.len().saturating_sub(1) / 2)?;
            let known = ratios.len() >= ENOUGH && NEAR * middle > 1.0;
            known.then_some((of, Risen { least: *ratios.first()?, middle, most: *ratios.last()? }))
        };
        groups.into_iter().filter_map(risen).collect()
    }

    /// Whether other cards have taken the place of one that only its launch price speaks for: those of a newer generation, or, of a
    /// variant that an export rule made for one country, the variant of the same chip that a later rule made for it (the RTX 5090 D
    /// gave way to its V2 in August 2025).
    fn is_superseded(&self, own: &Card, price: &Price) -> bool {
        let today = Price::month_of(&self.date);
        let follows = |other: &&Arc<Card>| {
            let alike = (other.brand, other.form) == (own.brand, own.form);
            let variant = own.sold_only_in.is_some() && other.sold_only_in == own.sold_only_in && other.chip == own.chip;
            alike && (other.generation > own.generation || variant) && other.launch_date > own.launch_date
        };
        let successors = self.cards.iter().filter(|_| price.kind == PriceKind::Launch).filter(follows);
        successors.map(|other| Price::month_of(&other.launch_date)).any(|since| since + SOLD_OFF <= today)
    }
}

/// How many times its launch price a card sells for new: the middle one of the newest readings in the currency of the launch price.
fn street_over_launch(card: &Card, today: u32) -> Option<f64> {
    let of = |kind: PriceKind| card.prices.iter().filter(move |price| price.kind == kind);
    of(PriceKind::Launch).find_map(|launch| {
        let counts = |price: &&Price| {
            let known = price.month() + 12 * Price::FORGOTTEN > today;
            known && price.is_later_than(launch) && price.currency == launch.currency
        };
        let newest = Price::newest(of(PriceKind::Street).filter(counts).collect(), |price| price);
        let mut amounts: Vec<f64> = newest.iter().map(|price| price.amount).collect();
        amounts.sort_by(f64::total_cmp);
        Some(amounts.get(amounts.len().saturating_sub(1) / 2)? / launch.amount)
    })
}

/// Whether a launch price is of cards that have risen, in whatever currency it was asked.
fn has_risen(own: &Card, price: &Price, risen: &[((Generation, Form), Risen)]) -> Option<Doubt> {
    let of = (own.generation, own.form);
    let group = risen.iter().find(|(group, _)| price.kind == PriceKind::Launch && *group == of);
    group.map(|(_, risen)| Doubt::Risen(*risen))
}

/// Whether whoever would buy the other card would as well buy this one, if it were cheaper.
fn is_near(own: &Card, other: &Card) -> bool {
    let arithmetic = |card: &Card| card.peaks.tensor_fp16_acc32.or(card.peaks.fp32).map_or(0.0, |peak| peak.get());
    own.form == other.form
        && own.vram >= other.vram
        && own.compute_capability >= other.compute_capability
        && own.bandwidth.get() >= NEAR * other.bandwidth.get()
        && arithmetic(own) >= NEAR * arithmetic(other)
}

/// Whether somebody asked that much on a market.
const fn is_reading(price: &Price) -> bool {
    matches!(price.kind, PriceKind::Street | PriceKind::Used)
}

/// Whether a reading on a market is newer than a price and of what competes with it.
fn speaks_against(newer: &Price, price: &Price) -> bool {
    let comparable = match price.kind {
        PriceKind::Used => newer.kind == PriceKind::Used,
        PriceKind::Launch | PriceKind::Street => true,
        PriceKind::RentPerHour => false,
    };
    comparable && newer.is_later_than(price)
}
