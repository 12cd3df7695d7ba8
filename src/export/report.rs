//! The report for people: what one would send to a colleague or paste in a forum, in Markdown.

use super::choice::Choice;
use super::quote;
use crate::estimate::{Confidence, Estimate, Phase, PricedAmount, Step, Warning, publication};
use crate::request::{Keyword, LinkKind, OptimizerKernel, Setup};
use crate::text::{Lang, say};
use crate::units::{Bytes, BytesPerSecond, Money, Seconds, real};
use crate::wording::{self, count, duration, durations, gib, memory, watts};

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
        format!("**{verdict}{stop}** {}", quote::markdown(&wording::margin(self.lang, memory)))
    }

    /// Model, job and machine.
    fn asked(&self) -> Rows {
        let model = &self.setup.model;
        let size = wording::large(real(model.parameters));
        let name = self.fill("export.report.sized", &[("model", &model.name), ("size", &size)]);
        let mut rows = vec![(self.say("app.field.model"), name)];
        rows.extend(if self.setup.trains() { self.training() } else { self.serving() });
        rows.extend(self.machine());
        rows
    }

    fn training(&self) -> Rows {
        let (job, model) = (&self.setup.job, &self.setup.model);
        let mut rows = self.length();
        if model.reads_text() {
            rows.push((self.say("app.field.training-tokens"), wording::many(self.lang, job.tokens.get())));
        } else {
            let samples = job.tokens.get() / real(job.sequence_length.max(1));
            rows.push((self.say(wording::samples(model.category)), wording::many(self.lang, samples)));
        }
        rows.push((self.say("app.field.batch"), count(job.global_batch)));
        rows
    }

    /// How long a sample is: tokens of text, or the side of an image.
    fn length(&self) -> Rows {
        let (length, model) = (self.setup.job.sequence_length, &self.setup.model);
        match model.image_side(length) {
            Some(side) => vec![(self.say("app.field.image-side"), count(side))],
            None if model.reads_text() => vec![(self.say("app.field.sequence"), count(length))],
            None => Vec::new(),
        }
    }

    fn serving(&self) -> Rows {
        let (job, model) = (&self.setup.job, &self.setup.model);
        let mut rows = Vec::new();
        if model.reads_text() {
            rows.push((self.say("app.field.prompt"), count(job.prompt)));
            rows.extend(self.estimate.time.decode.map(|_| (self.say("app.field.output"), count(job.output))));
        } else {
            rows.extend(self.length());
        }
        if model.denoising.is_some() {
            rows.push((self.say("app.field.denoising-steps"), count(job.output)));
        }
        let at_once = if model.denoising.is_some() { "app.field.images-at-once" } else { "app.field.users" };
        rows.push((self.say(at_once), count(job.concurrency)));
        rows
    }

    fn machine(&self) -> Rows {
        let rig = &self.setup.rig;
        let card = &rig.card;
        let facts =
            [wording::vram(card.vram), wording::bandwidth(card.bandwidth), watts(card.tdp)].join(&self.say("app.list-comma"));
        let cards = wording::rig(self.lang, rig.count, &card.name);
        let mut rows =
            vec![(self.say("app.field.card"), self.fill("app.price.with-basis", &[("price", &cards), ("basis", &facts)]))];
        if rig.count > 1 && rig.link != LinkKind::Auto {
            rows.push((self.say("app.field.link"), wording::name(self.lang, "link", rig.link.name())));
        }
        rows.extend(rig.power_limit.map(|limit| (self.say("app.field.power-limit"), watts(limit))));
        if rig.reserved.get() > 0.0 {
            rows.push((self.say("app.field.reserved"), memory(rig.reserved)));
        }
        let network = |rate: BytesPerSecond| format!("{}\u{a0}Gb/s", wording::short(rate.as_gigabits()));
        rows.extend(rig.network.map(|rate| (self.say("app.field.network"), network(rate))));
        rows.extend(rig.host_memory.map(|rate| (self.say("app.field.host-memory"), wording::bandwidth(rate))));
        rows
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
        let text = self.setup.model.reads_text();
        let (whole, speed) = match (time.main.phase, text) {
            (Phase::Train, _) => ("app.figure.time", "app.figure.train-speed"),
            (_, true) => ("app.figure.answer-time", "app.figure.decode-speed"),
            (_, false) => ("app.figure.batch-time", "app.figure.run-speed"),
        };
        let range = durations(lang, time.low, time.high);
        let bound = self.say(&format!("app.bound.{}", time.main.bound_by.name()));
        let pace = wording::pace(lang, self.setup, time);
        let mut rows =
            vec![(self.say(whole), self.with(&duration(lang, time.total), &range)), (self.say(speed), self.with(&pace, &bound))];
        if time.main.phase == Phase::Train {
            rows.push((self.say("export.report.step"), duration(lang, time.main.seconds_per_step)));
        }
        if let (true, Some(prefill)) = (text && time.main.phase == Phase::Decode, time.prefill) {
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
        let wall = wording::electricity(self.lang, energy.wall_joules);
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

    /// What a job costs; of one that costs next to nothing, a thousand.
    fn bill(&self, bill: Money) -> String {
        if bill.amount >= 0.01 {
            return wording::bill(bill);
        }
        let thousand = wording::bill(Money { amount: bill.amount * 1000.0, ..bill });
        self.fill("app.figure.thousand", &[("energy", &thousand)])
    }

    /// "$0.17 per kWh; household tariff, March 2026".
    fn priced(&self, name: &str, amount: &PricedAmount) -> String {
        let price = wording::money(Money { amount: amount.unit_price, ..amount.money });
        let one = self.fill(&format!("export.report.each.{name}"), &[("price", &price)]);
        let several = name != "buy" || self.setup.rig.count > 1;
        let basis = wording::basis(self.lang, amount);
        if several { [one, basis].join(&self.say("app.list-semicolon")) } else { basis }
    }

    /// A value, and in brackets what qualifies it.
    fn with(&self, value: &str, fact: &str) -> String {
        self.fill("app.price.with-basis", &[("price", value), ("basis", fact)])
    }

    /// The recipe as the page shows it, and what only matters to somebody who does it again.
    fn recipe(&self) -> String {
        let rows: Rows =
            wording::recipe(self.lang, self.setup).into_iter().map(|(label, value)| (self.say(label), value)).collect();
        let lora = [Choice::LoraTargets, Choice::LoraDropout, Choice::LoraPrecision, Choice::LoraUpcast, Choice::LoraEmbeddings];
        let foreach = self.setup.recipe.optimizer_kernel == OptimizerKernel::Foreach;
        let others = [(Choice::OptimizerKernel, foreach), (Choice::Padding, self.setup.job.padded), (Choice::AllLogits, true)];
        let others = others.into_iter().filter(|(_, said)| *said).map(|(choice, _)| choice);
        let said = lora.into_iter().chain(others).filter(|choice| choice.matters(self.setup));
        let more = said.map(|choice| match choice.label() {
            "" => format!("- {}\n", choice.words(self.lang, self.setup)),
            label => list(self.lang, &[(self.say(label), choice.words(self.lang, self.setup))]),
        });
        list(self.lang, &rows) + &more.collect::<String>()
    }

    fn warnings(&self) -> String {
        let sentence = |warning: &Warning| {
            let args: Vec<(&str, &str)> = warning.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            format!("- {}\n", quote::markdown(&self.fill(&format!("warning.{}", warning.code), &args)))
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
