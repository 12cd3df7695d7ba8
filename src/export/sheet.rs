//! One writer for all formats: settings and notes in, text out, and a count of what has been said.

use super::choice::Choice;
use super::{Format, quote};
use crate::estimate::beyond_context;
use crate::request::{Keyword, Setup};
use crate::text::{Lang, say};
use crate::wording;

/// A value of a setting.
pub(super) enum Value {
    /// Text, quoted as the language needs.
    Text(String),
    /// A number, as written.
    Number(String),
    /// Yes or no.
    Flag(bool),
    /// An expression of the language (`"$MODEL"`, `torch.bfloat16`); never made of a visitor's text.
    Code(&'static str),
    /// Names.
    List(Vec<String>),
    /// An option that takes no value.
    Bare,
}

/// How settings are spelled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `--key value \`.
    Shell,
    /// `key=value \`, as torchtune takes them.
    Overrides,
    /// `key: value`.
    Yaml,
    /// `key=value,`.
    Python,
}

enum Line {
    Set(&'static str, Value),
    /// Accumulation under a key, which depends on what is left uncut.
    Accumulate(&'static str),
    Open {
        head: String,
        tail: &'static str,
    },
    Close,
    Raw(String),
}

/// A file in the making.
pub(super) struct Sheet<'a> {
    /// The plan.
    pub(super) setup: &'a Setup,
    /// The reader's language.
    pub(super) lang: Lang,
    /// What is written.
    pub(super) format: Format,
    lines: Vec<Line>,
    said: Vec<Choice>,
    /// Ways of cutting a model that were explained away.
    uncut: Vec<Choice>,
    notes: Vec<String>,
}

impl<'a> Sheet<'a> {
    /// An empty file about a plan.
    pub(super) fn new(format: Format, setup: &'a Setup, lang: Lang) -> Self {
        let mut sheet = Self { setup, lang, format, lines: Vec::new(), said: Vec::new(), uncut: Vec::new(), notes: Vec::new() };
        let card = wording::rig(lang, setup.rig.count, &setup.rig.card.name);
        let job = wording::job(lang, setup.job.kind, &setup.model.name);
        sheet.note("header", &[("plan", &say(lang, "app.summary.on-card", &[("job", &job), ("card", &card)]))]);
        if let Some(program) = format.program() {
            sheet.note("checked", &[("program", program)]);
        }
        if !format.is_of(setup.recipe.stack) {
            let stack = wording::name(lang, "stack", setup.recipe.stack.name());
            sheet.note("other-stack", &[("stack", &stack)]);
        }
        if let Some(limit) = setup.rig.power_limit {
            sheet.note("power-limit", &[("command", &format!("sudo nvidia-smi --power-limit={:.0}", limit.get()))]);
        }
        sheet
    }

    /// A setting that is no choice of the plan.
    pub(super) fn set(&mut self, key: &'static str, value: impl Into<Value>) {
        self.lines.push(Line::Set(key, value.into()));
    }

    /// The setting of a choice.
    pub(super) fn choose(&mut self, choice: Choice, key: &'static str, value: impl Into<Value>) {
        self.said.push(choice);
        self.set(key, value);
    }

    /// How many batches make a step: fewer than planned where cards that should share a replica have one each, so that the step stays.
    pub(super) fn accumulate(&mut self, key: &'static str) {
        self.said.push(Choice::Accumulation);
        self.lines.push(Line::Accumulate(key));
    }

    /// A remark on why a model is not cut in this way here.
    pub(super) fn leave_uncut(&mut self, choice: Choice, key: &str) {
        self.uncut.push(choice);
        self.explain(choice, key, &[]);
    }

    /// A choice that another setting, or the program's only way of working, already expresses.
    pub(super) fn covers(&mut self, choice: Choice) {
        self.said.push(choice);
    }

    /// A remark.
    pub(super) fn note(&mut self, key: &str, args: &[(&str, &str)]) {
        self.notes.push(quote::line(&say(self.lang, &format!("export.note.{key}"), args)));
    }

    /// What the program makes of more text than the model was made for, and by how much its positions would have to be stretched.
    pub(super) fn beyond_context(&mut self, key: &str) {
        if let Some((_, asked, longest)) = beyond_context(&self.setup.model, &self.setup.job) {
            let factor = asked.div_ceil(longest.max(1));
            self.note(key, &[("asked", &asked.to_string()), ("longest", &longest.to_string()), ("factor", &factor.to_string())]);
        }
    }

    /// A remark that settles a choice.
    pub(super) fn explain(&mut self, choice: Choice, key: &str, args: &[(&str, &str)]) {
        self.said.push(choice);
        self.note(key, args);
    }

    /// Begins a group of settings: a command, a call, or a mapping.
    pub(super) fn open(&mut self, head: impl Into<String>, tail: &'static str) {
        self.lines.push(Line::Open { head: head.into(), tail });
    }

    /// Ends it.
    pub(super) fn close(&mut self) {
        self.lines.push(Line::Close);
    }

    /// A line as it is.
    pub(super) fn raw(&mut self, line: impl Into<String>) {
        self.lines.push(Line::Raw(line.into()));
    }

    /// The text with its notes on top as `#` comments, and the notes.
    pub(super) fn finish(mut self, dialect: Dialect) -> (String, Vec<String>) {
        self.settle();
        let mut text = if dialect == Dialect::Shell || dialect == Dialect::Overrides { "#!/bin/sh\n" } else { "" }.to_owned();
        for note in &self.notes {
            text.push_str(&format!("# {note}\n"));
        }
        text.push('\n');
        let accumulation = self.accumulation();
        for line in &mut self.lines {
            if let Line::Accumulate(key) = *line {
                *line = Line::Set(key, Value::from(accumulation));
            }
        }
        render(&self.lines, dialect, &mut text);
        (text, self.notes)
    }

    /// The notes of a format that writes its own text.
    pub(super) fn notes(mut self) -> Vec<String> {
        self.settle();
        self.notes
    }

    /// What was chosen, in the reader's words.
    pub(super) fn words(&self, choice: Choice) -> String {
        choice.words(self.lang, self.setup)
    }

    /// Whatever of the plan has not been said is said now, as something the program has no setting for.
    fn settle(&mut self) {
        let open = Choice::ALL.iter().filter(|choice| choice.matters(self.setup) && !self.said.contains(choice));
        let unset: Vec<String> = open.map(|choice| choice.sentence(self.lang, self.setup)).collect();
        if !unset.is_empty() {
            let program = self.format.program().unwrap_or_default();
            let choices = unset.join(&say(self.lang, "app.list-semicolon", &[]));
            self.note("no-setting", &[("program", program), ("choices", &choices)]);
        }
        self.uncut();
    }
}

impl Sheet<'_> {
    /// Cards that should share a replica and have one each, because the program does not cut the model as planned.
    fn replicas_for_one(&self) -> u64 {
        let plan = self.setup.recipe.parallel;
        let degrees = [(Choice::Tensor, plan.tensor), (Choice::Pipeline, plan.pipeline), (Choice::Context, plan.context)];
        let lost = |choice: &Choice| !self.said.contains(choice) || self.uncut.contains(choice);
        degrees.iter().filter(|(choice, _)| lost(choice)).map(|(_, degree)| u64::from(*degree)).product()
    }

    /// Batches of a step, as near to the planned sequences as whole ones come.
    pub(super) fn accumulation(&self) -> u64 {
        (self.setup.accumulation() / self.replicas_for_one().max(1)).max(1)
    }

    /// What a training is without the cuts that were planned.
    fn uncut(&mut self) {
        let lost = self.replicas_for_one();
        if lost < 2 || !self.setup.trains() {
            return;
        }
        let (planned, accumulation) = (super::terms::step(self.setup), self.setup.accumulation());
        let cards = self.setup.rig.count.to_string();
        let batch = planned.saturating_mul(lost) / accumulation.max(1) * self.accumulation();
        if batch == planned {
            let (now, before) = (self.accumulation().to_string(), accumulation.to_string());
            let step = planned.to_string();
            self.note("uncut-kept", &[("cards", &cards), ("accumulation", &now), ("planned", &before), ("batch", &step)]);
        } else {
            self.note("uncut", &[("cards", &cards), ("batch", &batch.to_string()), ("planned", &planned.to_string())]);
        }
    }
}

fn render(lines: &[Line], dialect: Dialect, text: &mut String) {
    let mut tails: Vec<&'static str> = Vec::new();
    for line in lines {
        let indent = if dialect == Dialect::Python { "    " } else { "  " }.repeat(tails.len());
        match line {
            // Set by now.
            Line::Accumulate(_) => {}
            Line::Raw(raw) => text.push_str(&format!("{indent}{raw}\n")),
            Line::Open { head, tail } => {
                text.push_str(&format!("{indent}{head}\n"));
                tails.push(tail);
            }
            Line::Close => {
                let tail = tails.pop().unwrap_or_default();
                let indent = if dialect == Dialect::Python { "    " } else { "  " }.repeat(tails.len());
                if !tail.is_empty() {
                    text.push_str(&format!("{indent}{tail}\n"));
                }
            }
            Line::Set(key, value) => {
                let written = match dialect {
                    Dialect::Yaml => format!("{key}: {}", value.yaml()),
                    Dialect::Python => format!("{key}={},", value.python()),
                    Dialect::Shell => format!("--{key} {}", value.shell()).trim_end().to_owned(),
                    Dialect::Overrides => value.override_of(key),
                };
                if matches!(dialect, Dialect::Shell | Dialect::Overrides) {
                    // The line before goes on.
                    text.truncate(text.trim_end().len());
                    text.push_str(" \\\n");
                }
                text.push_str(&format!("{indent}{written}\n"));
            }
        }
    }
}

impl Value {
    fn yaml(&self) -> String {
        match self {
            Self::Text(text) => quote::double(text),
            Self::Number(number) => number.clone(),
            Self::Flag(flag) => flag.to_string(),
            Self::Code(code) => (*code).to_owned(),
            Self::List(items) => bracketed(items, quote::double),
            Self::Bare => "true".to_owned(),
        }
    }

    fn python(&self) -> String {
        match self {
            Self::Flag(_) | Self::Bare => self.title_case(),
            other => other.yaml(),
        }
    }

    fn shell(&self) -> String {
        match self {
            Self::Text(text) => quote::shell(text),
            Self::Flag(_) => self.title_case(),
            Self::List(items) => items.iter().map(|item| quote::shell(item)).collect::<Vec<_>>().join(" "),
            Self::Bare => String::new(),
            other => other.yaml(),
        }
    }

    fn override_of(&self, key: &str) -> String {
        match self {
            Self::Code(code) => format!("{key}={code}"),
            Self::Text(text) => quote::shell(&format!("{key}={text}")),
            Self::List(items) => quote::shell(&format!("{key}={}", bracketed(items, str::to_owned))),
            Self::Flag(_) => format!("{key}={}", self.title_case()),
            Self::Bare => key.to_owned(),
            Self::Number(number) => format!("{key}={number}"),
        }
    }

    fn title_case(&self) -> String {
        if matches!(self, Self::Flag(false)) { "False" } else { "True" }.to_owned()
    }
}

fn bracketed(items: &[String], quoted: impl Fn(&str) -> String) -> String {
    format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number.to_string())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.to_string())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        // Python and YAML take a whole number for an integer, where a float is meant.
        Self::Number(if number.fract() == 0.0 { format!("{number:.1}") } else { number.to_string() })
    }
}

impl From<Vec<String>> for Value {
    fn from(items: Vec<String>) -> Self {
        Self::List(items)
    }
}
