//! What more hardware would unlock: as many cards again, or a card with more memory.

use super::ability::{Ability, model_ability};
use super::drawback::{housing, is_laptop};
use super::market::sold_to;
use crate::card::Card;
use crate::catalog::Catalog;
use crate::estimate::market::condition;
use crate::estimate::{PricedAmount, Verdict, price_of};
use crate::model::Model;
use crate::request::{JobKind, MoneyTerms, Rig};
use std::sync::Arc;

/// Sizes of memory above the present one that are looked at.
const TIERS: usize = 3;

/// A rig that does more than the present one.
#[derive(Clone, Debug)]
pub struct Upgrade {
    /// Its card.
    pub card: Arc<Card>,
    /// How many.
    pub count: u32,
    /// What has to be bought: the cards that are not there yet. `None` where no price is known, as of another laptop.
    pub price: Option<PricedAmount>,
    /// For each kind of job in which more is possible, the largest model with published weights that surely fits now.
    pub unlocks: Vec<(JobKind, Arc<Model>)>,
}

/// Rigs that do more than this one, which can do `present`: twice as many of its card, and for each of the next sizes of memory the
/// cheapest card that has a current price; for a laptop, other laptops.
#[must_use]
pub fn upgrades(catalog: &Catalog, rig: &Rig, money: &MoneyTerms, present: &[Ability]) -> Vec<Upgrade> {
    let (card, count) = (&rig.card, rig.count);
    // The visitor's price is that of the card at hand.
    let money = MoneyTerms { card_price: None, ..money.clone() };
    let mut rigs = Vec::new();
    if !is_laptop(card) && count.saturating_mul(2) <= Rig::CARDS_PER_MACHINE {
        rigs.push((Arc::clone(card), count.saturating_mul(2), price_of(catalog, card, count, &money, condition(card, &money))));
    }
    let larger = roomier(catalog, card, &money);
    rigs.extend(larger.into_iter().map(|(card, price)| (card, 1, price)));
    let mut found: Vec<Upgrade> = rigs
        .into_iter()
        .map(|(card, count, price)| {
            let larger = rig.holding(&card, count);
            let unlocks = present.iter().filter_map(|ability| unlocked(catalog, ability, &larger)).collect();
            Upgrade { card, count, price, unlocks }
        })
        .collect();
    found.retain(|upgrade| !upgrade.unlocks.is_empty());
    found
}

/// For each of the next sizes of memory the cheapest card with a current price that goes where the present one is and that current
/// software runs on. A laptop is changed for another as a whole, whose price nobody gives by its card: of each size the newest.
fn roomier(catalog: &Catalog, card: &Card, money: &MoneyTerms) -> Vec<(Arc<Card>, Option<PricedAmount>)> {
    let fits = |other: &&Arc<Card>| {
        let usable = housing(other, 1) <= housing(card, 1) && other.features().current_pytorch;
        usable && is_laptop(other) == is_laptop(card) && other.vram > card.vram && sold_to(other, money)
    };
    let priced = catalog.cards().iter().filter(fits).filter_map(|other| {
        let price = price_of(catalog, other, 1, money, condition(other, money)).filter(|price| !price.stale);
        (price.is_some() || is_laptop(other)).then(|| (Arc::clone(other), price))
    });
    let mut all: Vec<(Arc<Card>, Option<PricedAmount>)> = priced.collect();
    let amount = |price: &Option<PricedAmount>| price.as_ref().map_or(f64::MAX, |price| price.money.amount);
    all.sort_by(|(a, x), (b, y)| {
        let (size, price) = (a.vram.get().total_cmp(&b.vram.get()), amount(x).total_cmp(&amount(y)));
        size.then(price).then_with(|| b.launch_date.cmp(&a.launch_date))
    });
    all.dedup_by(|(later, _), (first, _)| later.vram == first.vram);
    all.truncate(TIERS);
    all
}

/// The largest model that a rig does and the present one does not.
fn unlocked(catalog: &Catalog, present: &Ability, rig: &Rig) -> Option<(JobKind, Arc<Model>)> {
    let sure = present.models.iter().filter(|one| one.verdict == Verdict::Fits);
    let largest = sure.map(|one| one.model.parameters).max().unwrap_or(0);
    let larger = |model: &&Arc<Model>| model.parameters > largest && catalog.is_published(&model.id);
    let mut more: Vec<&Arc<Model>> = present.models.iter().map(|one| &one.model).filter(larger).collect();
    more.sort_by_key(|model| std::cmp::Reverse(model.parameters));
    let does = |model: &&&Arc<Model>| {
        let ability = model_ability(catalog, model, present.kind, rig);
        ability.is_some_and(|ability| ability.verdict == Verdict::Fits)
    };
    more.iter().find(does).map(|model| (present.kind, Arc::clone(model)))
}
