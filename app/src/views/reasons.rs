//! The planner's reasons in the page's words and number formats.

use crate::context::Env;
use crate::format;
use whichcard::estimate::UnitCost;
use whichcard::plan::{Fact, Reason, ReasonCode};
use whichcard::request::Keyword;

/// A reason as a sentence.
pub fn sentence(env: &Env, reason: &Reason) -> String {
    let args: Vec<(&str, String)> =
        reason.args.iter().map(|(name, fact)| (*name, value(env, (reason.code, *name), fact))).collect();
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    env.fill(&format!("reason.{}", reason.code.name()), &args)
}

/// Several reasons as one paragraph.
pub fn together(env: &Env, reasons: &[Reason]) -> String {
    joined(env, &reasons.iter().map(|reason| sentence(env, reason)).collect::<Vec<_>>())
}

/// Sentences one after the other.
pub fn joined(env: &Env, sentences: &[String]) -> String {
    env.lang.joined(sentences)
}

fn value(env: &Env, place: (ReasonCode, &str), fact: &Fact) -> String {
    match fact {
        Fact::Memory(bytes) => format::memory(*bytes),
        Fact::Money(money) => format::money(*money),
        Fact::UnitCost(UnitCost { money, per }) => {
            env.fill("reason.each", &[("cost", &format::unit_cost(*money)), ("unit", &format::per(env.lang, *per))])
        }
        Fact::Time(time) => format::duration(env.lang, *time),
        Fact::Power(watts) => format::watts(*watts),
        Fact::Energy(energy) => format::energy(*energy),
        Fact::Ratio(ratio) => format::ratio(*ratio),
        Fact::Count(count) => format::count(*count),
        Fact::Name(name) => named(env, place, name),
        Fact::All(reasons) => together(env, reasons),
    }
}

/// A keyword of the request under the name the page gives it, a date as the page writes dates; other names as they are. What it names follows
/// from its place: the reason, and the argument where a reason has several.
fn named(env: &Env, (code, argument): (ReasonCode, &str), name: &str) -> String {
    let is_date = name.starts_with(|first: char| first.is_ascii_digit());
    let list = match code {
        ReasonCode::ChangeOffload => "offload",
        ReasonCode::ChangeSharding => "sharding",
        ReasonCode::ChangeOptimizer | ReasonCode::SmallOptimizer | ReasonCode::QuickOptimizer => "optimizer",
        ReasonCode::ChangeMethod => "job",
        ReasonCode::ChangeWeightsAndStack if argument == "stack" => "stack",
        ReasonCode::ChangeWeights
        | ReasonCode::ChangeWeightsAndStack
        | ReasonCode::Quantised
        | ReasonCode::EightBits
        | ReasonCode::SameFormat
        | ReasonCode::OtherFormat => "weights",
        ReasonCode::ChangeCache | ReasonCode::SmallCache | ReasonCode::QuickCache => "kv",
        ReasonCode::ChangeAttention => "attention",
        ReasonCode::ChangePrecision => "precision",
        ReasonCode::ChangeStack => "stack",
        ReasonCode::OnlyUsed | ReasonCode::NotSoldNew | ReasonCode::SoldOnlyIn => "country",
        ReasonCode::LaunchPrice
        | ReasonCode::StaleLaunch
        | ReasonCode::RisenLaunch
        | ReasonCode::PriceSpread
        | ReasonCode::StalePrice
        | ReasonCode::OvertakenPrice
        | ReasonCode::PriceMonths
        | ReasonCode::StaleRates
            if is_date =>
        {
            return format::month(env.lang, name);
        }
        _ => return name.to_owned(),
    };
    let keyword = if list == "country" { name.to_owned() } else { name.to_ascii_lowercase() };
    env.name(list, &keyword)
}
