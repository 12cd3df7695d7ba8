//! Speeds of two plans whose weights are of different quality, brought to one format before a sentence compares them.

use super::answer::Plan;
use super::code::ReasonCode;
use super::reason::{Fact, Reason};
use crate::estimate::{Verdict, memory, time};
use crate::request::{Keyword, Offload, WeightFormat, layout, runs};

/// How a plan's speed compares with another's.
pub(super) struct Comparison {
    /// How many times as fast as the other.
    pub ratio: f64,
    /// The end of a sentence that gives the ratio: in what format both are compared, or that the formats differ.
    pub condition: Fact,
    /// Which of the two runs a wider format than they were compared in.
    pub remark: Option<Reason>,
}

/// Compares a plan with a base: as planned where both are of one quality, else both in the narrower of the two formats, where
/// the rig of the wider one runs that as well.
pub(super) fn compare(base: &Plan, base_name: &str, plan: &Plan, own_name: Option<&str>) -> Option<Comparison> {
    let (was, is) = (base.figures.time.total, plan.figures.time.total);
    let formats = (base.setup.recipe.weights, plan.setup.recipe.weights);
    let alike = plan.setup.trains() || base.compromises == plan.compromises || formats.0 == formats.1;
    // Either the base runs the wider format, or the plan does.
    let base_is_wider = formats.0.block_bytes() > formats.1.block_bytes();
    let (wide, narrow) = if base_is_wider { (base, plan) } else { (plan, base) };
    let name = |format: WeightFormat| Fact::Name(format.name().to_ascii_uppercase());
    let (ratio, condition, remark) = if alike {
        (was / is, Vec::new(), None)
    } else if let Some(time) = in_format_of(wide, narrow) {
        let ratio = if base_is_wider { time / is.get() } else { was.get() / time };
        let wide_name = if base_is_wider { Some(base_name) } else { own_name };
        let code = Reason::new(if wide_name.is_some() { ReasonCode::AlikeName } else { ReasonCode::AlikeOwn });
        let code = code.with("wide", name(wide.setup.recipe.weights));
        let remark = wide_name.into_iter().fold(code, |code, it| code.with("name", Fact::Name(it.to_owned())));
        (ratio, vec![Reason::new(ReasonCode::SameFormat).with("format", name(narrow.setup.recipe.weights))], Some(remark))
    } else {
        (was / is, vec![Reason::new(ReasonCode::OtherFormat).with("own", name(formats.1)).with("other", name(formats.0))], None)
    };
    (ratio > 0.0 && ratio.is_finite()).then_some(Comparison { ratio, condition: Fact::All(condition), remark })
}

/// Seconds that the rig of one plan takes with the weights of the other; none where it does not run them,
/// or where part of either is in main memory.
fn in_format_of(wide: &Plan, narrow: &Plan) -> Option<f64> {
    let on_cards = |plan: &Plan| plan.setup.recipe.offload == Offload::None;
    let (mut setup, of) = (wide.setup.clone(), &narrow.setup.recipe);
    if !on_cards(wide) || !on_cards(narrow) || !runs(of.weights, of.stack, &setup.rig.card) {
        return None;
    }
    (setup.recipe.weights, setup.recipe.stack, setup.recipe.kv_cache) = (of.weights, of.stack, of.kv_cache);
    if wide.setup.recipe.stack != of.stack {
        setup.recipe.parallel = layout::serving(&setup.model, of.stack, setup.rig.count);
    }
    let memory = memory(&setup);
    (memory.verdict != Verdict::DoesNotFit).then(|| time(&setup, &memory).0.total.get())
}
