//! The planner's reasons in the page's words and number formats.

use crate::app::context::Env;
use crate::app::format;
use whichcard::plan::{Fact, Reason};

/// A reason as a sentence.
pub fn sentence(env: &Env, reason: &Reason) -> String {
    let args: Vec<(&str, String)> = reason.args.iter().map(|(name, fact)| (*name, value(env, reason.code, fact))).collect();
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    env.fill(&format!("reason.{}", reason.code), &args)
}

/// Several reasons as one paragraph.
pub fn together(env: &Env, reasons: &[Reason]) -> String {
    joined(env, &reasons.iter().map(|reason| sentence(env, reason)).collect::<Vec<_>>())
}

/// Sentences one after the other.
pub fn joined(env: &Env, sentences: &[String]) -> String {
    env.lang.joined(sentences)
}

fn value(env: &Env, code: &str, fact: &Fact) -> String {
    match fact {
        Fact::Memory(bytes) => format::memory(*bytes),
        Fact::Money(money) => format::money(*money),
        Fact::Time(time) => format::duration(env.lang, *time),
        Fact::Power(watts) => format::watts(*watts),
        Fact::Energy(energy) => format::energy(*energy),
        Fact::Ratio(ratio) => format::ratio(*ratio),
        Fact::Count(count) => format::count(*count),
        Fact::Name(name) => named(env, code, name),
        Fact::All(reasons) => together(env, reasons),
    }
}

/// A keyword of the request under the name the page gives it, a date as the page writes dates; other names as they are.
fn named(env: &Env, code: &str, name: &str) -> String {
    let is_date = name.starts_with(|first: char| first.is_ascii_digit());
    let list = match code {
        "change-offload" => "offload",
        "change-sharding" => "sharding",
        "change-optimizer" | "small-optimizer" | "quick-optimizer" => "optimizer",
        "change-method" => "job",
        "change-weights" | "quantised" | "eight-bits" | "same-format" | "other-format" => "weights",
        "change-cache" | "small-cache" | "quick-cache" => "kv",
        "change-attention" => "attention",
        "change-precision" => "precision",
        "change-stack" => "stack",
        "only-used" | "not-sold-new" | "sold-only-in" => "country",
        "launch-price" | "stale-launch" | "stale-price" | "overtaken-price" | "price-months" if is_date => {
            return format::month(env.lang, name);
        }
        _ => return name.to_owned(),
    };
    let keyword = if list == "country" { name.to_owned() } else { name.to_ascii_lowercase() };
    env.name(list, &keyword)
}
