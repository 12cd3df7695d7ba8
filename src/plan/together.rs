//! Changes that are enough only together: the planner's own recipe on this rig, on more of its card, and on other cards,
//! stripped of every step that is not needed.

use super::change::{Change, Sacrifice, lighter_methods, method_change, set_method};
use super::code::ReasonCode;
use super::combine::shortest;
use super::count::{SEVERAL, clusters};
use super::drawback::{is_laptop, new_drawbacks};
use super::gauge::Estimator;
use super::hardware::{extra_cost, price, takes_more};
use super::market::sold_to;
use super::menu::Rung;
use super::question::Question;
use super::reason::{Fact, Reason};
use super::search::Search;
use super::trial::{speed, speed_before};
use crate::card::{Card, Form};
use crate::catalog::Catalog;
use crate::estimate::{Verdict, memory, time};
use crate::request::{Offload, Setup};
use crate::units::Bytes;
use std::sync::Arc;

/// Adds the combinations that say something the single changes do not. Main memory and other hardware are told of unless the method that
/// was asked for works without: another method is another job, and who wants this one has to know what it takes.
pub(super) fn add(changes: &mut Vec<Change>, catalog: &Catalog, base: &Setup) {
    let (card, count) = (&base.rig.card, base.rig.count);
    let had = |changes: &[Change], most: Sacrifice| {
        changes.iter().any(|change| change.sacrifice <= most && change.setup.job.kind == base.job.kind)
    };
    let own = way(catalog, base, card, count, Rung::Squeezed, ReasonCode::ChangeTogether);
    let milder = changes.iter().any(|change| change.sacrifice <= Sacrifice::Result);
    let own = own.or_else(|| if milder { None } else { lighter(catalog, base) });
    changes.extend(own.filter(|own| own.steps.len() > 1 || beats_what_is(changes, own)));
    if had(changes, Sacrifice::Result) {
        return;
    }
    if base.recipe.offload == Offload::None {
        let moved = way(catalog, base, card, count, Rung::Offloaded, ReasonCode::ChangeTogetherOffload);
        changes.extend(moved.filter(|moved| beats_single(changes, moved)));
    }
    if takes_more(base) {
        let counted = |change: &&Change| change.steps.first().is_some_and(|step| step.code == ReasonCode::ChangeCount);
        let alone = changes.iter().find(counted).map_or(u32::MAX, |change| change.setup.rig.count);
        let enough = |below: u32, furthest: Rung| {
            let several = SEVERAL.into_iter().chain(clusters().filter(|_| card.form == Form::Sxm && base.trains()));
            let more = several.filter(|more| *more > count && *more < below);
            more.filter_map(|more| way(catalog, base, card, more, furthest, ReasonCode::ChangeTogetherCount)).next()
        };
        let milder = enough(alone, Rung::Squeezed);
        // Fewer of them may do it with main memory, which nobody needs where this rig does that as it is.
        let fewest = milder.as_ref().map_or(alone, |milder| milder.setup.rig.count);
        let moved = if had(changes, Sacrifice::HostMemory) { None } else { enough(fewest, Rung::Offloaded) };
        changes.extend(milder.into_iter().chain(moved));
    }
    let other = cheapest(catalog, base, 1, ReasonCode::ChangeTogetherCard).or_else(|| {
        SEVERAL
            .into_iter()
            .filter(|_| takes_more(base))
            .filter_map(|several| cheapest(catalog, base, several, ReasonCode::ChangeTogetherCards))
            .next()
    });
    // Another card may be all it takes, and be among the single changes.
    let known = other.as_ref().is_some_and(|other| changes.iter().any(|change| change.steps == other.steps));
    changes.extend(other.filter(|_| !known));
}

/// Whether no change that costs no more fits as surely and runs about as fast.
fn beats_what_is(changes: &[Change], own: &Change) -> bool {
    let rivals = changes.iter().filter(|change| change.sacrifice <= own.sacrifice && change.memory.verdict <= own.memory.verdict);
    rivals.map(|rival| speed(&rival.time)).all(|rival| speed(&own.time) > rival * 1.05)
}

/// Whether a combination with main memory says something that no single change does: it runs faster, or more surely fits.
fn beats_single(changes: &[Change], moved: &Change) -> bool {
    let rivals = changes.iter().filter(|change| change.sacrifice == Sacrifice::HostMemory);
    rivals.filter(|rival| rival.memory.verdict <= moved.memory.verdict).all(|rival| speed(&moved.time) > speed(&rival.time))
}

/// Other cards of which so many take the place of the rig, cheapest first; of a laptop, other laptops. Those that need another
/// machine or older software follow, and of either those nobody can price, smallest first.
fn by_price<'a>(catalog: &'a Catalog, base: &Setup, count: u32) -> Vec<&'a Arc<Card>> {
    let mut cards: Vec<_> = catalog
        .cards()
        .iter()
        .filter(|card| card.id != base.rig.card.id && is_laptop(card) == is_laptop(&base.rig.card))
        .filter(|card| sold_to(card, &base.money))
        .filter_map(|card| {
            let mut setup = base.clone();
            (setup.rig.card, setup.rig.count) = (Arc::clone(card), count);
            let drawbacks = new_drawbacks(&setup, base);
            match price(catalog, base, &setup) {
                Some(price) if price.stale => None,
                Some(price) => Some((drawbacks, false, price.money.amount, card)),
                None => Some((drawbacks, true, card.vram.get(), card)),
            }
        })
        .collect();
    cards.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)).then_with(|| a.3.id.cmp(&b.3.id)));
    cards.into_iter().map(|(.., card)| card).collect()
}

/// The cheapest card of which so many surely are enough, or else that may be. Only cards with
/// more memory than the rig has now can be.
fn cheapest(catalog: &Catalog, base: &Setup, count: u32, code: ReasonCode) -> Option<Change> {
    let room = |vram: Bytes, count: u32| vram * f64::from(count);
    let now = room(base.rig.card.vram, base.rig.count);
    let cards = by_price(catalog, base, count);
    let roomier = cards.iter().filter(|card| room(card.vram, count) > now);
    let mut ways = roomier.filter_map(|card| way(catalog, base, card, count, Rung::Squeezed, code));
    let first = ways.next()?;
    if first.memory.verdict == Verdict::Fits {
        Some(first)
    } else {
        ways.find(|way| way.memory.verdict == Verdict::Fits).or(Some(first))
    }
}

/// The mildest lighter method that fits on the same rig with the planner's recipe.
fn lighter(catalog: &Catalog, base: &Setup) -> Option<Change> {
    lighter_methods(base).find_map(|kind| {
        let mut adapted = base.clone();
        set_method(&mut adapted, kind);
        let mut change = way(catalog, &adapted, &base.rig.card, base.rig.count, Rung::Squeezed, ReasonCode::ChangeTogether)?;
        change.steps.insert(0, method_change(kind));
        change.what = Reason::new(change.what.code).with("steps", Fact::All(change.steps.clone()));
        change.sacrifice = change.sacrifice.max(Sacrifice::Result);
        change.speed_factor = speed_before(base, &memory(base)).map(|before| speed(&change.time) / before);
        Some(change)
    })
}

/// The planner's recipe on so many of a card, if it fits better than the base does, with the fewest steps.
fn way(catalog: &Catalog, base: &Setup, card: &Arc<Card>, count: u32, furthest: Rung, code: ReasonCode) -> Option<Change> {
    let before = memory(base);
    let question = Question::reopened(base, card, count)?;
    let search = Search { gauge: &Estimator, catalog, question: &question, skip: true };
    let found = search.best_within(card, count, furthest).ok()?;
    let (setup, memory, steps) = shortest(base, &found.setup);
    if memory.verdict >= before.verdict || memory.verdict == Verdict::DoesNotFit {
        return None;
    }
    let other_rig = card.id != base.rig.card.id || count != base.rig.count;
    let sacrifice = if other_rig { Some(Sacrifice::Hardware) } else { steps.iter().map(|step| step.sacrifice).max() };
    let rig = other_rig.then(|| match card.id == base.rig.card.id {
        true => Reason::new(ReasonCode::ChangeCount).with("value", Fact::Count(u64::from(count))),
        false if is_laptop(card) => Reason::new(ReasonCode::ChangeLaptop).with("value", Fact::Name(card.name.clone())),
        false if count == 1 => Reason::new(ReasonCode::ChangeCard).with("value", Fact::Name(card.name.clone())),
        false => Reason::new(ReasonCode::ChangeCards)
            .with("value", Fact::Name(card.name.clone()))
            .with("n", Fact::Count(u64::from(count))),
    });
    let steps: Vec<Reason> = rig.into_iter().chain(steps.into_iter().map(|step| step.what)).collect();
    let time = time(&setup, &memory).0;
    Some(Change {
        what: Reason::new(code).with("steps", Fact::All(steps.clone())),
        steps,
        sacrifice: sacrifice?,
        speed_factor: speed_before(base, &before).map(|before| speed(&time) / before),
        extra_cost: extra_cost(catalog, base, &setup).filter(|_| other_rig),
        memory,
        time,
        setup,
    })
}
