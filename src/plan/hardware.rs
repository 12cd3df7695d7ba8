//! Changes of the rig that make a setup fit: more of the same card, or another card.

use super::change::{Change, Sacrifice, sharding_change};
use super::code::ReasonCode;
use super::count::SEVERAL;
use super::drawback::{is_laptop, new_drawbacks};
use super::market::sold_to;
use super::menu::is_able;
use super::reason::{Fact, Reason};
use super::trial::Trials;
use crate::card::Card;
use crate::catalog::Catalog;
use crate::estimate::market::condition;
use crate::estimate::{PricedAmount, Verdict, memory, price_of};
use crate::request::layout;
use crate::request::{MoneyTerms, Parallel, Setup, Sharding};
use crate::units::Money;
use std::sync::Arc;

/// Whether more of its card is a way for a setup: a laptop has one, and the programs that train scenes hold a whole one on each.
pub(super) fn takes_more(base: &Setup) -> bool {
    !(is_laptop(&base.rig.card) || base.trains() && base.model.category.trains_one_way())
}

/// What the cards of a setup cost. A price the visitor gave is for the card in hand.
pub(super) fn price(catalog: &Catalog, base: &Setup, setup: &Setup) -> Option<PricedAmount> {
    let own = base.rig.card.id == setup.rig.card.id;
    let money = MoneyTerms { card_price: base.money.card_price.filter(|_| own), ..base.money.clone() };
    price_of(catalog, &setup.rig.card, setup.rig.count, &money, condition(&setup.rig.card, &money))
}

/// What the cards of a setup cost whoever has those of the base: more of the same beside them, or all of another. Nobody gets back
/// what a card cost, and what it would still bring is not known.
pub(super) fn extra_cost(catalog: &Catalog, base: &Setup, setup: &Setup) -> Option<Money> {
    let then = price(catalog, base, setup)?;
    let kept = if base.rig.card.id == setup.rig.card.id { base.rig.count } else { 0 };
    Some(Money { amount: then.unit_price * f64::from(setup.rig.count.saturating_sub(kept)), ..then.money })
}

/// More of the same card, and the cheapest single other card that does what the recipe asks and
/// needs no other machine or older software.
pub(super) fn offer(trials: &mut Trials<'_>, catalog: &Catalog) {
    let base = trials.base;
    let extra = |change: &mut Change| change.extra_cost = extra_cost(catalog, base, &change.setup);
    if takes_more(base) {
        let counts = SEVERAL.into_iter().filter(|count| *count > base.rig.count);
        let tried = trials.changes.len();
        trials.first(Sacrifice::Hardware, Verdict::Fits, counts, |count| more_of(base, count), spread);
        if let Some(change) = trials.changes.get_mut(tried) {
            extra(change);
        }
    }
    let capacity = memory(base).capacity;
    let mut others: Vec<(f64, Change)> = Vec::new();
    let own = &base.rig.card;
    let roomier = |card: &&Arc<Card>| card.vram > capacity && card.form == own.form && card.id != own.id;
    for card in catalog.cards().iter().filter(roomier).filter(|card| sold_to(card, &base.money)) {
        let mut setup = base.clone();
        setup.rig.card = Arc::clone(card);
        if !is_able(&setup) || new_drawbacks(&setup, base) != (false, false) {
            continue;
        }
        let Some(cost) = price(catalog, base, &setup).filter(|price| !price.stale).map(|price| price.money) else { continue };
        if others.iter().any(|(known, _)| *known <= cost.amount) {
            continue;
        }
        let value = Fact::Name(card.name.clone());
        let what = match base.rig.count {
            1 => Reason::new(ReasonCode::ChangeCard).with("value", value),
            count => Reason::new(ReasonCode::ChangeCards).with("n", Fact::Count(u64::from(count))).with("value", value),
        };
        let tried = trials.changes.len();
        if trials.offer(Sacrifice::Hardware, what, setup)
            && let Some(mut change) = trials.changes.pop().filter(|_| trials.changes.len() >= tried)
        {
            extra(&mut change);
            others.push((cost.amount, change));
        }
    }
    if let Some((_, change)) = others.pop() {
        trials.changes.push(change);
    }
}

/// So many of the same card, in words; and what [`spread`] changes besides, where the setup is not sharded already.
fn more_of(base: &Setup, count: u32) -> Reason {
    let count = Reason::new(ReasonCode::ChangeCount).with("value", Fact::Count(u64::from(count)));
    if !base.trains() || base.recipe.parallel.sharding == Sharding::Zero3 {
        return count;
    }
    Reason::new(ReasonCode::ChangeTogetherCount).with("steps", Fact::All(vec![count, sharding_change(Sharding::Zero3)]))
}

/// Spreads a setup over more cards: everything sharded in training, stages or tensor slices in inference. The batch stays what it
/// was, in fewer passes.
fn spread(setup: &mut Setup, count: u32) {
    setup.rig.count = count;
    let recipe = &mut setup.recipe;
    if !setup.job.kind.trains() {
        recipe.parallel = layout::serving(&setup.model, recipe.stack, count);
        return;
    }
    let plan = recipe.parallel;
    let others = plan.tensor.saturating_mul(plan.pipeline).saturating_mul(plan.context).max(1);
    recipe.parallel = match count.is_multiple_of(others) {
        true => Parallel { data: count / others, sharding: Sharding::Zero3, ..plan },
        false => Parallel { data: count, sharding: Sharding::Zero3, ..Parallel::default() },
    };
    let at_once = recipe.micro_batch.saturating_mul(u64::from(recipe.parallel.data)).max(1);
    recipe.gradient_accumulation = setup.job.global_batch.div_ceil(at_once).max(1);
}
