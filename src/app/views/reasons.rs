//! The planner's reasons in the page's words and number formats.

use crate::app::context::Env;
use crate::app::format;
use whichcard::plan::{Fact, Reason};

/// A reason as a sentence.
pub fn sentence(env: &Env, reason: &Reason) -> String {
    let args: Vec<(&str, String)> = reason.args.iter().map(|(name, fact)| (*name, value(env, fact))).collect();
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    env.fill(&format!("reason.{}", reason.code), &args)
}

fn value(env: &Env, fact: &Fact) -> String {
    match fact {
        Fact::Memory(bytes) => format::memory(*bytes),
        Fact::Money(money) => format::money(*money),
        Fact::Time(time) => format::duration(env.lang, *time),
        Fact::Power(watts) => format::watts(*watts),
        Fact::Ratio(ratio) => format::ratio(*ratio),
        Fact::Count(count) => format::count(*count),
        Fact::Name(name) => name.clone(),
    }
}
