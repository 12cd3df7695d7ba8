//! What the visitor typed, read: numbers, names, model, card, job. What cannot be read gets a problem at its field and its
//! default in the request, so that there is always something to answer.

mod choice;
mod problem;

pub use choice::{CUSTOM, PASTED};
pub use problem::{Problem, field_of};

use super::number::Measure;
use std::cell::RefCell;
use whichcard::card::Form;
use whichcard::catalog::{Catalog, Task};
use whichcard::request::*;
use whichcard::share::{Field, Link, View};
use whichcard::text::Lang;
use whichcard::units::{Bytes, Currency};

/// The task a visitor starts from: its default is an 8B model, QLoRA, 2k tokens.
pub const DEFAULT_TASK: &str = "language-modelling";
/// The card a visitor starts from when asking about one.
const DEFAULT_CARD: &str = "rtx-4060";

/// A link as a request, with what was wrong.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The task that holds.
    pub task: String,
    /// The request of "will this setup work": complete, whatever was typed.
    pub request: Request,
    /// The same with everything filled in, where the library accepts it.
    pub setup: Option<Setup>,
    /// Limits of "which card do I need".
    pub limits: Limits,
    /// What could not be read, by field.
    pub problems: Vec<(Field, Problem)>,
}

/// Which forms of card are considered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Machine {
    /// Cards for a desktop; every form where none of them will do.
    #[default]
    Usual,
    /// Every form.
    Any,
    /// One form.
    Only(Form),
}

/// What limits the choice of a card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// Most the cards may cost.
    pub budget: Option<f64>,
    /// Longest the job may take, in hours.
    pub deadline_hours: Option<f64>,
    /// Most board power of all cards.
    pub watts: Option<f64>,
    /// Kind of machine.
    pub machine: Machine,
    /// Most cards in one machine.
    pub most_cards: Option<f64>,
}

impl Reading {
    /// Reads a link.
    pub fn of(link: &Link, catalog: &Catalog, lang: Lang) -> Self {
        let reader = Reader { link, catalog, problems: RefCell::default() };
        let task = reader.task();
        let request = Request {
            model: reader.model(task),
            job: reader.job(task),
            recipe: reader.recipe(),
            rig: reader.rig(),
            money: reader.money(lang),
        };
        let limits = reader.limits();
        let setup = match resolve(catalog, &request) {
            Ok(setup) => Some(setup),
            Err(error) => {
                // Without a catalogue nothing resolves, and it is not the visitor's doing.
                if !catalog.models().is_empty() {
                    reader.refuse(field_of(&error.field), Problem::Refused(error));
                }
                None
            }
        };
        let task = task.map_or_else(|| DEFAULT_TASK.to_owned(), |task| task.id.clone());
        Self { task, request, setup, limits, problems: reader.problems.into_inner() }
    }

    /// Whether something that this view asks for could not be read.
    pub fn unreadable(&self, view: View) -> bool {
        self.problems.iter().any(|(field, _)| concerns(view, *field))
    }

    /// What is wrong with a field.
    pub fn problem(&self, field: Field) -> Option<&Problem> {
        self.problems.iter().find(|(known, _)| *known == field).map(|(_, problem)| problem)
    }
}

struct Reader<'a> {
    link: &'a Link,
    catalog: &'a Catalog,
    problems: RefCell<Vec<(Field, Problem)>>,
}

impl Reader<'_> {
    fn refuse(&self, field: Field, problem: Problem) {
        self.problems.borrow_mut().push((field, problem));
    }

    /// What was typed; an emptied field counts as not set.
    fn text(&self, field: Field) -> Option<&str> {
        self.link.get(field).map(str::trim).filter(|text| !text.is_empty())
    }

    fn number(&self, field: Field, measure: Measure) -> Option<f64> {
        match measure.read(self.text(field)?) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.refuse(field, Problem::Number(fault, measure));
                None
            }
        }
    }

    fn word<K: Keyword>(&self, field: Field) -> Option<K> {
        let text = self.text(field)?;
        let found = K::from_name(text);
        if found.is_none() {
            self.refuse(field, Problem::Choice(text.to_owned()));
        }
        found
    }

    /// The task named, or the default one; `None` only without a catalogue.
    fn task(&self) -> Option<&Task> {
        let known = |id: &str| self.catalog.tasks().iter().find(|task| task.id == id);
        let Some(text) = self.text(Field::Task) else { return known(DEFAULT_TASK) };
        known(text).or_else(|| {
            self.refuse(Field::Task, Problem::Choice(text.to_owned()));
            known(DEFAULT_TASK)
        })
    }

    /// What the task leaves open is the visitor's; another kind of job than the task's starts from that kind's own defaults.
    fn job(&self, task: Option<&Task>) -> JobRequest {
        let own = task.map_or_else(|| JobRequest::new(JobKind::Qlora), |task| task.job.clone());
        let kind = self.word(Field::Job).unwrap_or(own.kind);
        let tunes = |kind| matches!(kind, JobKind::FullFinetune | JobKind::Lora | JobKind::Qlora);
        let mut job = if kind == own.kind || (tunes(kind) && tunes(own.kind)) { own } else { JobRequest::new(kind) };
        job.kind = kind;
        let over = |slot: &mut Option<f64>, typed: Option<f64>| *slot = typed.or(*slot);
        over(&mut job.sequence_length, self.number(Field::Sequence, Measure::LENGTH));
        over(&mut job.samples, self.number(Field::Samples, Measure::AMOUNT));
        over(&mut job.epochs, self.number(Field::Epochs, Measure::EPOCHS));
        over(&mut job.global_batch, self.number(Field::Batch, Measure::BATCH));
        over(&mut job.prompt, self.number(Field::Prompt, Measure::LENGTH));
        over(&mut job.output, self.number(Field::Output, Measure::OUTPUT));
        over(&mut job.concurrency, self.number(Field::Users, Measure::BATCH));
        // Tokens count before samples where both are given.
        over(&mut job.tokens, self.number(Field::Tokens, Measure::AMOUNT));
        job
    }

    fn recipe(&self) -> RecipeRequest {
        let rank = self.number(Field::Rank, Measure::DEGREE);
        let targets = self.word(Field::Targets).map(LoraTargets::Set);
        let lora = (rank.is_some() || targets.is_some()).then(|| LoraRequest { rank, targets, ..LoraRequest::default() });
        let sharding = self.word(Field::Sharding);
        let (tensor, pipeline) = (self.number(Field::Tensor, Measure::DEGREE), self.number(Field::Pipeline, Measure::DEGREE));
        let parallel = (sharding.is_some() || tensor.is_some() || pipeline.is_some()).then(|| ParallelRequest {
            sharding,
            tensor,
            pipeline,
            ..ParallelRequest::default()
        });
        RecipeRequest {
            precision: self.word(Field::Precision),
            optimizer: self.word(Field::Optimizer),
            optimizer_kernel: None,
            micro_batch: self.number(Field::MicroBatch, Measure::BATCH),
            gradient_accumulation: self.number(Field::Accumulation, Measure::BATCH),
            checkpointing: self.word(Field::Checkpointing),
            attention: self.word(Field::Attention),
            loss: self.word(Field::Loss),
            stack: self.word(Field::Stack),
            lora,
            weights: self.word(Field::Weights),
            kv_cache: self.word(Field::KvCache),
            parallel,
            offload: self.offload(),
        }
    }

    fn offload(&self) -> Option<Offload> {
        let text = self.text(Field::Offload)?;
        let found = Offload::from_name(text);
        if found.is_none() {
            self.refuse(Field::Offload, Problem::Choice(text.to_owned()));
        }
        found
    }

    fn rig(&self) -> RigRequest {
        RigRequest {
            card: self.card(),
            count: self.number(Field::Count, Measure::CARDS),
            link: self.word(Field::Link),
            reserved_bytes: self.number(Field::Reserved, Measure::RESERVED).map(|gib| Bytes::gib(gib).get()),
            power_limit_watts: self.number(Field::PowerLimit, Measure::WATTS),
        }
    }

    fn money(&self, lang: Lang) -> MoneyRequest {
        MoneyRequest {
            currency: Some(self.currency(lang)),
            card_price: self.number(Field::Price, Measure::PRICE),
            rent_per_hour: self.number(Field::Rent, Measure::PRICE),
            tariff_per_kwh: self.number(Field::Tariff, Measure::PRICE),
            country: self.country(lang),
            pue: self.number(Field::Pue, Measure::PUE),
        }
    }

    fn currency(&self, lang: Lang) -> Currency {
        let default = default_currency(lang);
        let Some(text) = self.text(Field::Currency) else { return default };
        currency_of(text).unwrap_or_else(|| {
            self.refuse(Field::Currency, Problem::Choice(text.to_owned()));
            default
        })
    }

    fn country(&self, lang: Lang) -> Option<String> {
        match self.text(Field::Country) {
            Some("any") => None,
            Some(code) => Some(code.to_uppercase()),
            None => Some(default_country(lang).to_owned()),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            budget: self.number(Field::Budget, Measure::MONEY),
            deadline_hours: self.number(Field::Deadline, Measure::HOURS),
            watts: self.number(Field::Watts, Measure::WATTS),
            machine: self.machine(),
            most_cards: self.number(Field::MostCards, Measure::CARDS),
        }
    }

    fn machine(&self) -> Machine {
        match self.text(Field::Form) {
            None => Machine::Usual,
            Some("any") => Machine::Any,
            Some(text) => form_of(text).map_or_else(
                || {
                    self.refuse(Field::Form, Problem::Choice(text.to_owned()));
                    Machine::Usual
                },
                Machine::Only,
            ),
        }
    }
}

/// Whether a view asks for a field.
pub const fn concerns(view: View, field: Field) -> bool {
    use Field::*;
    let card = matches!(field, Card | Count | Reserved | Vram | Bandwidth | Tflops | Capability | Tdp);
    let limit = matches!(field, Budget | Deadline | Watts | Form | MostCards | Objective);
    let job = matches!(field, Model | Config | Job | Sequence | Samples | Epochs | Tokens | Batch | Prompt | Output | Users);
    let money = matches!(field, Currency | Country);
    match view {
        View::Advise => limit || job || money || matches!(field, Task),
        View::Card => card || matches!(field, Task),
        View::Inspect => !limit,
    }
}

/// The currency a reader of this language most likely pays in.
pub const fn default_currency(lang: Lang) -> Currency {
    match lang {
        Lang::En => Currency::Usd,
        Lang::ZhCn => Currency::Cny,
    }
}

/// The country whose electricity a reader of this language most likely pays for.
pub const fn default_country(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "US",
        Lang::ZhCn => "CN",
    }
}

/// Currencies by their codes.
pub const CURRENCIES: [(&str, Currency); 3] = [("CNY", Currency::Cny), ("USD", Currency::Usd), ("EUR", Currency::Eur)];

/// Forms by their names in links.
pub const FORMS: [(&str, Form); 4] =
    [("desktop", Form::Desktop), ("laptop", Form::Laptop), ("pcie", Form::Pcie), ("sxm", Form::Sxm)];

fn currency_of(text: &str) -> Option<Currency> {
    CURRENCIES.iter().find(|(code, _)| code.eq_ignore_ascii_case(text)).map(|(_, currency)| *currency)
}

fn form_of(text: &str) -> Option<Form> {
    FORMS.iter().find(|(name, _)| *name == text).map(|(_, form)| *form)
}

/// The code of a currency.
pub fn code_of(currency: Currency) -> &'static str {
    CURRENCIES.iter().find(|(_, known)| *known == currency).map_or("USD", |(code, _)| code)
}
