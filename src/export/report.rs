//! The report for people: what one would send to a colleague or paste in a forum, in Markdown.

mod asked;

use super::choice::Choice;
use super::quote;
use crate::estimate::{Confidence, Estimate, Phase, PricedAmount, Step, Warning, publication};
use crate::request::{Keyword, OptimizerKernel, Setup};
use crate::text::{Lang, say};
use crate::units::{Bytes, Money, Seconds};
use crate::wording::{self, duration, durations, gib, memory, watts};

/// Measurements named behind a figure; the page lists all.
const NAMED: usize = 5;

/// The question, the answer and what supports it. `address` is where the page gives the same answer.
#[must_use]
pub fn report(setup: &Setup, estimate: &Estimate, lang: Lang, address: Option<&str>) -> String {
    let report = Report { setup, estimate, lang };
    let mut text = format!("# {}\n\n{}\n", report.title(), report.verdict());
    let mut section = |title: &str, body: String| {
        if !body.is_empty() {
            text.push_str(&format!("\n## {}\n\n{body}", say(lang, title, &[])));
        }
    };
    section("export.report.asked", list(lang, &report.asked()));
    section("app.sheet.memory", report.memory());
    section("app.sheet.figures", list(lang, &report.figures()));
    section("app.sheet.recipe", report.recipe());
    section("export.report.warnings", report.warnings());
    section("export.report.support", report.support(address));
    text
}

/// What a list says of each thing.
type Rows = Vec<(String, String)>;

struct Report<'a> {
    setup: &'a Setup,
    estimate: &'a Estimate,
    lang: Lang,
}

impl Report<'_> {
    fn say(&self, key: &str) -> String {
        say(self.lang, key, &[])
    }

    fn fill(&self, key: &str, args: &[(&str, &str)]) -> String {
        say(self.lang, key, args)
    }

    fn title(&self) -> String {
        let card = wording::rig(self.lang, self.setup.rig.count, &self.setup.rig.card.name);
        let job = wording::job(self.lang, self.setup.job.kind, &self.setup.model.name);
        quote::markdown(&self.fill("app.summary.on-card", &[("job", &job), ("card", &card)]))
    }

    fn verdict(&self) -> String {
        let memory = &self.estimate.memory;
        let verdict = quote::markdown(&wording::verdict(self.lang, self.setup, memory.verdict));
        let stop = self.say("export.report.stop");
        format!("**{verdict}{stop}** {}", quote::markdown(&wording::margin(self.lang, self.setup, memory)))
    }

    /// The parts that are there, and what they are held against.
    fn memory(&self) -> String {
        let used = &self.estimate.memory;
        let mut text =
            format!("| {} | {} | {} |\n", self.say("app.memory.part"), self.say("app.memory.size"), self.say("app.memory.share"));
        text.push_str("| :-- | --: | --: |\n");
        // What rounds to nothing in a large unit is left out.
        let shown = |bytes: Bytes| bytes / used.total >= 0.0005;
        for (part, bytes) in used.parts().into_iter().filter(|(_, bytes)| shown(*bytes)) {
            let name = self.say(&format!("app.part.{}", part.name()));
            text.push_str(&format!("| {name} | {} | {} |\n", memory(bytes), wording::percent(bytes / used.total)));
        }
        let range = wording::memories(used.low, used.high);
        let needed = self.say("app.memory.total");
        text.push_str(&format!("| **{needed}** | **{}** | |\n", memory(used.total)));
        text.push_str(&format!("| {} | {range} | |\n", self.say("export.report.range")));
        text.push_str(&format!("| {} | {}\u{a0}GiB | |\n", self.say("app.memory.capacity"), gib(used.capacity)));
        if used.host.get() > 0.0 {
            text.push_str(&format!("\n{}\n", self.fill("export.report.host", &[("host", &memory(used.host))])));
        }
        text
    }

    /// Time, speed, electricity and money, each with its range or what it rests on.
    fn figures(&self) -> Rows {
        let (time, lang) = (&self.estimate.time, self.lang);
        let (whole, speed) = wording::figures(&self.setup.model, time);
        let range = durations(lang, time.low, time.high);
        let bound = self.say(&format!("app.bound.{}", time.main.bound_by.name()));
        let pace = wording::pace(lang, self.setup, time);
        let mut rows =
            vec![(self.say(whole), self.with(&duration(lang, time.total), &range)), (self.say(speed), self.with(&pace, &bound))];
        if time.main.phase == Phase::Train {
            rows.push((self.say("export.report.step"), duration(lang, time.main.seconds_per_step)));
        }
        if let (true, Some(prefill)) = (self.setup.model.reads_text() && time.main.phase == Phase::Decode, time.prefill) {
            rows.push((self.say("app.figure.first-token"), duration(lang, prefill.seconds_per_step)));
        }
        rows.push(self.energy());
        rows.extend(self.money());
        rows
    }

    fn energy(&self) -> (String, String) {
        let energy = &self.estimate.energy;
        let mut facts = vec![self.fill("app.figure.average-power", &[("watts", &watts(energy.average_watts))])];
        if self.setup.money.pue > 1.0 {
            facts.push(format!("PUE {}", wording::short(self.setup.money.pue)));
        }
        facts.extend(energy.co2_grams.map(|grams| self.fill("app.figure.co2", &[("mass", &wording::mass(grams))])));
        let wall = if self.setup.trains() {
            wording::energy(energy.wall_joules)
        } else {
            wording::electricity(self.lang, energy.wall_joules)
        };
        (self.say("app.figure.energy"), self.with(&wall, &facts.join(&self.say("app.list-semicolon"))))
    }

    /// What is known of the price of electricity, rent and cards, each with the price of one.
    fn money(&self) -> Rows {
        let cost = &self.estimate.cost;
        let named = [("electricity", &cost.electricity), ("rent", &cost.rent), ("buy", &cost.buy)];
        let bills = named.into_iter().filter_map(|(name, amount)| {
            let amount = amount.as_ref()?;
            let whole = if name == "buy" { wording::money(amount.money) } else { self.bill(amount.money) };
            Some((self.say(&format!("app.figure.{name}")), self.with(&whole, &self.priced(name, amount))))
        });
        let mut rows: Rows = bills.collect();
        if let Some(hours) = cost.break_even_hours {
            let time = duration(self.lang, Seconds::new(hours * 3600.0));
            rows.push((self.say("export.report.break-even"), self.fill("export.report.of-use", &[("time", &time)])));
        }
        rows
    }

    /// What a job costs; where it serves, one unit of that.
    fn bill(&self, bill: Money) -> String {
        let serving = self.estimate.cost.serving;
        serving.map_or_else(|| wording::bill(bill), |serving| wording::served(self.lang, serving.of_job(bill)))
    }

    /// "$0.17 per kWh; household tariff, March 2026".
    fn priced(&self, name: &str, amount: &PricedAmount) -> String {
        let price = wording::money(Money { amount: amount.unit_price, ..amount.money });
        let one = self.fill(&format!("export.report.each.{name}"), &[("price", &price)]);
        let several = name != "buy" || self.setup.rig.count > 1;
        let basis = wording::basis(self.lang, amount);
        let facts = several.then_some(one).into_iter().chain([basis]).chain(wording::spread(self.lang, amount));
        facts.collect::<Vec<_>>().join(&self.say("app.list-semicolon"))
    }

    /// A value, and in brackets what qualifies it.
    fn with(&self, value: &str, fact: &str) -> String {
        self.fill("app.price.with-basis", &[("price", value), ("basis", fact)])
    }

    /// The recipe as the page shows it, and what only matters to somebody who does it again.
    fn recipe(&self) -> String {
        let rows: Rows = super::recipe(self.lang, self.setup).into_iter().map(|(label, value)| (self.say(label), value)).collect();
        let lora = [Choice::LoraTargets, Choice::LoraDropout, Choice::LoraPrecision, Choice::LoraUpcast, Choice::LoraEmbeddings];
        let foreach = self.setup.recipe.optimizer_kernel == OptimizerKernel::Foreach;
        let others = [(Choice::OptimizerKernel, foreach), (Choice::Padding, self.setup.job.padded), (Choice::AllLogits, true)];
        let others = others.into_iter().filter(|(_, said)| *said).map(|(choice, _)| choice);
        let said = lora.into_iter().chain(others).filter(|choice| choice.matters(self.setup));
        let more = said.map(|choice| match choice.label() {
            None => format!("- {}\n", choice.words(self.lang, self.setup)),
            Some(label) => list(self.lang, &[(self.say(label), choice.words(self.lang, self.setup))]),
        });
        list(self.lang, &rows) + &more.collect::<String>()
    }

    fn warnings(&self) -> String {
        let sentence = |warning: &Warning| {
            let args: Vec<(&str, &str)> = warning.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            format!("- {}\n", quote::markdown(&self.fill(&format!("warning.{}", warning.code.name()), &args)))
        };
        self.estimate.warnings.iter().map(sentence).collect()
    }

    /// How well measured, where it was measured, and where to look further.
    fn support(&self, address: Option<&str>) -> String {
        let confidence = |label: &str, confidence: Confidence, about: &str| {
            let name = confidence.name();
            let (word, about) = (self.say(&format!("app.confidence.{name}")), self.say(&format!("app.confidence.{name}-{about}")));
            (self.say(label), self.fill("export.report.about", &[("word", &word), ("about", &about)]))
        };
        let mut text = list(
            self.lang,
            &[
                confidence("app.fact.memory", self.estimate.memory_confidence, "memory"),
                confidence("app.confidence.time", self.estimate.confidence, "about"),
            ],
        );
        text.push('\n');
        let measured = measured(&self.estimate.explain);
        if !measured.is_empty() && self.estimate.confidence != Confidence::Extrapolated {
            text.push_str(&self.fill("export.report.measured", &[("sources", &measured.join(&self.say("app.list-comma")))]));
            text.push_str("\n\n");
        }
        let version = env!("CARGO_PKG_VERSION");
        text.push_str(&match address {
            Some(address) => self.fill("export.report.made-at", &[("version", version), ("link", &format!("<{address}>"))]),
            None => self.fill("export.report.made", &[("version", version)]),
        });
        text.push('\n');
        text
    }
}

/// Links to the publications whose measurements the time of a step rests on.
fn measured(steps: &[Step]) -> Vec<String> {
    let step = steps.iter().rfind(|step| step.id.ends_with("secondsPerStep") && step.source.starts_with("measured: "));
    let keys = step.map_or("", |step| step.source.trim_start_matches("measured: "));
    let keys = keys.split(" (n").next().unwrap_or_default();
    let known = keys.split(", ").filter_map(publication).take(NAMED);
    known.map(|(title, address)| format!("[{}]({address})", quote::markdown(title))).collect()
}

fn list(lang: Lang, rows: &[(String, String)]) -> String {
    let item = |(name, value): &(String, String)| {
        let (name, value) = (quote::markdown(name), quote::markdown(value));
        format!("- {}\n", say(lang, "export.report.item", &[("name", &name), ("value", &value)]))
    };
    rows.iter().map(item).collect()
}
