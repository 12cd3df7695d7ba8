//! Who asks for LoRA is told of the card on which QLoRA does it, where that is much cheaper.

use super::answer::{Outcome, Plan};
use super::code::ReasonCode;
use super::drawback::{Housing, is_dropped};
use super::explain::rig_name;
use super::goal::Goal;
use super::menu::Rung;
use super::objective::Purse;
use super::outcome;
use super::question::Question;
use super::rank::{housing, money};
use super::reason::{Fact, Reason};
use super::recall::Recalling;
use super::search::Comfort;
use crate::card::Card;
use crate::catalog::Catalog;
use crate::estimate::price_of;
use crate::request::JobKind;
use crate::units::Money;
use std::sync::Arc;

/// Share of a price from which on another method is worth a word (an assumption: it costs a little quality, and time).
const WORTH_A_WORD: f64 = 0.2;

/// The cheapest card, of those that may be bought and do nothing worse than LoRA does there, on which adapters over weights of four bits
/// surely fit.
pub(super) fn by_qlora(first: &Plan, question: &Question, catalog: &Catalog) -> Option<Reason> {
    let aim = question.objective.aim();
    let bought = aim.lowest_price && aim.purse == Purse::Cards && !question.cards_named && question.counts.contains(&1);
    let open = question.recipe.weights.is_none() && question.recipe.stack.is_none();
    let asked = question.jobs.iter().all(|job| job.kind == JobKind::Lora) && question.model.supports(JobKind::Qlora);
    let own = money(first, question.objective).filter(|_| bought && open && asked)?;
    let goal = Arc::new(Goal { methods: vec![JobKind::Qlora], ..Goal::clone(&first.goal) });
    let lighter = Question::new(catalog, &goal).ok()?;
    let most = (1.0 - WORTH_A_WORD) * own.amount;
    let mut cards: Vec<(f64, &Arc<Card>)> = Vec::new();
    for card in &lighter.cards {
        if let Some(price) = price_of(catalog, card, 1, &lighter.money, lighter.limits.condition)
            && !price.stale
            && price.money.amount <= most
        {
            cards.push((price.money.amount, card));
        }
    }
    cards.sort_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| x.id.cmp(&y.id)));
    let gauge = Recalling::default();
    let plan = cards.into_iter().find_map(|(_, card)| match outcome(catalog, &lighter, &gauge, (card, 1), &goal) {
        Outcome::Planned(plan) if suits(&plan, &lighter) => Some(plan),
        _ => None,
    })?;
    let less = own.amount - money(&plan, question.objective)?.amount;
    let by = Fact::Money(Money { amount: less, currency: own.currency });
    (less >= WORTH_A_WORD * own.amount)
        .then(|| Reason::new(ReasonCode::CheaperByQlora).with("name", Fact::Name(rig_name(&plan))).with("by", by))
}

/// Whether nothing else speaks against a plan.
fn suits(plan: &Plan, question: &Question) -> bool {
    let surely = plan.comfort == Comfort::Fits && plan.rung < Rung::Squeezed && !plan.late;
    surely && !plan.has_stale_price() && !is_dropped(&plan.setup) && housing(plan, question) == Housing::Usual
}
