//! A refused request in words.

use super::{Lang, grouped, say};
use crate::document::{Decimal, Keyword};
use crate::error::{Allowed, Limit, RequestError};

/// A refused request in words. The field is named as the error names it: by its path, or by what the caller put in its place.
#[must_use]
pub fn request_error(lang: Lang, error: &RequestError) -> String {
    let allowed = allowed(lang, &error.allowed);
    // What is wrong with a document as a whole has no field to be named by.
    let field = if error.field.is_empty() { say(lang, "error.whole", &[]) } else { error.field.clone() };
    let refusal =
        say(lang, &format!("error.{}", error.code.name()), &[("field", &field), ("given", &error.given), ("allowed", &allowed)]);
    if error.suggestions.is_empty() {
        return refusal;
    }
    say(lang, "error.suggestions", &[("refusal", &refusal), ("names", &list(lang, &error.suggestions))])
}

/// What is allowed, as a phrase within a sentence.
#[must_use]
pub fn allowed(lang: Lang, allowed: &Allowed) -> String {
    match allowed {
        Allowed::Said => String::new(),
        Allowed::Number(limit) => range(lang, limit),
        Allowed::Choices(names) => list(lang, names),
        Allowed::Phrase(key, values) => {
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            say(lang, &format!("error.allowed.{key}"), &values)
        }
        Allowed::Quoted(words) => words.clone(),
    }
}

/// "from 10 to 5,000 W".
#[must_use]
pub fn range(lang: Lang, limit: &Limit) -> String {
    let key = if limit.whole { "error.allowed.whole-number" } else { "error.allowed.number" };
    let least = number(limit.least / limit.unit.scale());
    say(lang, key, &[("least", &least), ("most", &quantity(lang, limit.most, limit))])
}

/// "5,000 W": one end of a limit with its unit.
#[must_use]
pub fn quantity(lang: Lang, value: f64, limit: &Limit) -> String {
    let n = number(value / limit.unit.scale());
    say(lang, &format!("error.unit.{}", limit.unit.name()), &[("n", &n)])
}

/// Names one after the other.
#[must_use]
pub fn list(lang: Lang, names: &[String]) -> String {
    names.join(&say(lang, "error.between-names", &[]))
}

/// A bound as people write it: digits in groups of three, powers of ten where there would be more than fifteen.
fn number(value: f64) -> String {
    const MANY: f64 = 1e15;
    if value.fract() != 0.0 || value < 1e3 {
        return Decimal(value).to_string();
    }
    if value >= MANY {
        let exponent = (0..400).take_while(|power| 10f64.powi(*power) < value * 0.999).count();
        return format!("10^{exponent}");
    }
    grouped(&Decimal(value).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ErrorCode, Unit};

    #[test]
    fn bounds_are_written_as_people_write_them() {
        for (value, text) in
            [(0.001, "0.001"), (10.0, "10"), (5000.0, "5,000"), (100_000.0, "100,000"), (1e9, "1,000,000,000"), (1e18, "10^18")]
        {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn each_language_says_a_range_in_its_own_words() {
        let error = RequestError::new(ErrorCode::OutOfRange, "rig.powerLimitWatts", 9000, Limit::real(10.0, 5000.0, Unit::Watts));
        assert_eq!(request_error(Lang::En, &error), "rig.powerLimitWatts is 9000; it must be from 10 to 5,000 W.");
        assert_eq!(request_error(Lang::ZhCn, &error), "rig.powerLimitWatts 为 9000，应在 10 到 5,000 W 之间。");
    }

    #[test]
    fn memory_is_said_in_gib() {
        let limit = Limit::real(0.0, 64.0 * Unit::Bytes.scale(), Unit::Bytes);
        assert_eq!(range(Lang::En, &limit), "from 0 to 64 GiB");
    }

    #[test]
    fn no_english_is_left_in_a_chinese_refusal() {
        for key in PHRASES {
            let text = allowed(Lang::ZhCn, &Allowed::Phrase(key, Vec::new()));
            assert!(text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{key}: {text}");
        }
    }

    /// Every phrase the library refuses with.
    const PHRASES: &[&str] = &[
        "value",
        "a-whole-number",
        "json-place",
        "json-end",
        "config-object",
        "true-or-false",
        "card-id",
        "model-id",
        "product",
        "a-card",
        "counts",
        "shape",
        "size-instead",
        "size-or-work",
        "capability",
        "country",
        "expert-degree",
        "offload-companions",
        "offload-experts",
        "offload-quantised",
        "stack-serves",
        "stack-trains",
        "weights-trained",
    ];
}
