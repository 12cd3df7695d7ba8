//! Why a rig is where it is: codes with arguments, put into words only when somebody reads them.

use super::answer::Plan;
use super::code::ReasonCode;
use crate::card::Risen;
use crate::document::{Decimal, Keyword};
use crate::estimate::UnitCost;
use crate::text::{Lang, grouped, say};
use crate::units::{Bytes, Joules, Money, Seconds, Watts};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// A value in a sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Fact {
    /// Memory.
    Memory(Bytes),
    /// Money.
    Money(Money),
    /// Money for one unit of what is served.
    UnitCost(UnitCost),
    /// Time.
    Time(Seconds),
    /// Power.
    Power(Watts),
    /// Energy.
    Energy(Joules),
    /// How many times.
    Ratio(f64),
    /// How many.
    Count(u64),
    /// A name that is the same in all languages.
    Name(String),
    /// Sentences one after the other.
    All(Vec<Reason>),
}

/// One reason; its code names the sentence in the locale files.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Which.
    pub code: ReasonCode,
    /// Values of the sentence's placeholders.
    pub args: Vec<(&'static str, Fact)>,
}

impl Reason {
    /// A reason without values.
    #[must_use]
    pub const fn new(code: ReasonCode) -> Self {
        Self { code, args: Vec::new() }
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: Fact) -> Self {
        self.args.push((name, fact));
        self
    }

    /// What it consists of: the sentences that it puts together, or itself.
    pub(super) fn parts(&self) -> Vec<Self> {
        match self.args.as_slice() {
            [(_, Fact::All(parts))] => parts.clone(),
            _ => vec![self.clone()],
        }
    }

    /// The reason in words.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        let args: Vec<(&str, String)> = self.args.iter().map(|(name, fact)| (*name, fact.say(lang))).collect();
        let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
        say(lang, &format!("reason.{}", self.code.name()), &args)
    }
}

impl Risen {
    /// Puts how far the cards of a generation rose into a sentence.
    pub(super) fn beside(self, reason: Reason) -> Reason {
        let Self { least, middle, most } = self;
        [("least", least), ("middle", middle), ("most", most)]
            .into_iter()
            .fold(reason, |reason, (name, ratio)| reason.with(name, Fact::Ratio(ratio)))
    }
}

/// A reason as a document, with its sentence in English.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Reason"))]
struct Written<'a> {
    /// Stable code.
    code: ReasonCode,
    /// Values of the sentence, by name: bytes, seconds and watts as numbers, money with its currency.
    args: BTreeMap<&'static str, &'a Fact>,
    /// The sentence in English.
    message: String,
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let args = self.args.iter().map(|(name, fact)| (*name, fact)).collect();
        Written { code: self.code, args, message: self.say(Lang::default()) }.serialize(serializer)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Reason {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Written::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}

impl Fact {
    /// Money of a plan's job, in the unit that people compare: of what serves, for one unit of it.
    pub(super) fn of_job(plan: &Plan, job: Money) -> Self {
        plan.cost.serving.map_or(Self::Money(job), |serving| Self::UnitCost(serving.of_job(job)))
    }

    /// The value in words.
    #[must_use]
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::Memory(bytes) if bytes.get() < 1_073_741_824.0 => format!("{} MiB", whole(bytes.get() / 1_048_576.0)),
            Self::Memory(bytes) => format!("{} GiB", digits(bytes.as_gib())),
            Self::Money(money) => say_money(*money),
            Self::UnitCost(cost) => say_unit_cost(lang, *cost),
            Self::Time(time) => say_time(lang, *time),
            Self::Power(watts) => format!("{} W", whole(watts.get())),
            Self::Energy(energy) if energy.as_kwh() < 1.0 => format!("{} Wh", digits(energy.as_kwh() * 1000.0)),
            Self::Energy(energy) => format!("{} kWh", digits(energy.as_kwh())),
            Self::Ratio(ratio) => digits(*ratio),
            Self::Count(count) => grouped(&count.to_string()),
            Self::Name(name) => name.clone(),
            Self::All(reasons) => lang.joined(&reasons.iter().map(|reason| reason.say(lang)).collect::<Vec<_>>()),
        }
    }
}

/// Two or three significant digits: an estimate does not deserve more.
fn digits(value: f64) -> String {
    match value.abs() {
        size if size >= 10.0 => grouped(&whole(value)),
        size if size >= 1.0 => with_places(value, 1),
        _ => with_places(value, 2),
    }
}

fn whole(value: f64) -> String {
    Decimal(value.round()).to_string()
}

/// A number below a hundred with so many digits behind its point. By hand, since what Rust brings for it is 5 kB of the module for
/// JavaScript.
fn with_places(value: f64, places: u8) -> String {
    let (sign, width) = (if value < 0.0 { "-" } else { "" }, usize::from(places) + 1);
    let digits = format!("{:0>width$}", whole(value.abs() * 10f64.powi(places.into())));
    let (units, rest) = digits.split_at_checked(digits.len().saturating_sub(places.into())).unwrap_or((&digits, ""));
    format!("{sign}{units}.{rest}")
}

/// An amount behind its ISO code, which is unmistakable in every language; whole units from 10 up.
fn say_money(money: Money) -> String {
    let code = money.currency.name();
    if money.amount > 0.0 && money.amount < 0.005 {
        return format!("<0.01 {code}");
    }
    let amount = if money.amount.abs() >= 10.0 { grouped(&whole(money.amount)) } else { with_places(money.amount, 2) };
    format!("{amount} {code}")
}

/// The same for one unit of what is served; of small amounts two digits.
fn say_unit_cost(lang: Lang, cost: UnitCost) -> String {
    let Money { amount, currency } = cost.money;
    let said = match amount.abs() {
        size if size >= 0.1 => say_money(cost.money),
        size if size >= 0.01 => format!("{} {}", with_places(amount, 3), currency.name()),
        size if size >= 1e-4 || size == 0.0 => format!("{} {}", with_places(amount, 4), currency.name()),
        _ => format!("<0.0001 {}", currency.name()),
    };
    say(lang, "reason.each", &[("cost", &said), ("unit", &say(lang, &format!("app.served.{}", cost.per.name()), &[]))])
}

/// In the largest unit of which there are two or more.
fn say_time(lang: Lang, time: Seconds) -> String {
    const UNITS: [(&str, f64); 5] =
        [("years", 31_557_600.0), ("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0), ("seconds", 1.0)];
    let seconds = time.get();
    let (unit, size) = UNITS.into_iter().find(|(_, size)| seconds >= 2.0 * size).unwrap_or(("seconds", 1.0));
    say(lang, &format!("reason.unit.{unit}"), &[("n", &digits(seconds / size))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Currency;

    #[test]
    fn values_read_as_people_write_them() {
        let cases = [
            (Fact::Memory(Bytes::gib(3.04)), "3.0 GiB"),
            (Fact::Memory(Bytes::gib(23.6)), "24 GiB"),
            (Fact::Memory(Bytes::mib(700.0)), "700 MiB"),
            (Fact::Money(Money { amount: 1_234_567.8, currency: Currency::Cny }), "1,234,568 CNY"),
            (Fact::Money(Money { amount: 0.128, currency: Currency::Usd }), "0.13 USD"),
            (Fact::Money(Money { amount: -0.05, currency: Currency::Usd }), "-0.05 USD"),
            (Fact::Ratio(0.996), "1.00"),
            (Fact::Ratio(9.96), "10.0"),
            (Fact::Time(Seconds::new(90.0)), "90 seconds"),
            (Fact::Time(Seconds::new(7_200.0)), "2.0 hours"),
            (Fact::Time(Seconds::new(1e6)), "12 days"),
            (Fact::Power(Watts::new(349.6)), "350 W"),
            (Fact::Count(12_345), "12,345"),
        ];
        for (fact, expected) in cases {
            assert_eq!(fact.say(Lang::En), expected);
        }
        assert_eq!(Fact::Time(Seconds::new(7_200.0)).say(Lang::ZhCn), "2.0 小时");
    }
}
