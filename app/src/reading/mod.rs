//! What the visitor typed, read: numbers, names, model, card, job. What cannot be read gets a problem at its field and its
//! default in the request, so that there is always something to answer.

mod choice;
mod goal;
mod job;
mod problem;
mod recipe;
mod terms;

pub use choice::{COMPUTE_CAPABILITIES, CUSTOM, PASTED};
pub use problem::{Problem, in_words};
pub use recipe::{EMBEDDINGS, TRAINED};
pub use terms::{Forms, Limits, RATES, country_codes};

use super::field::of_path;
use super::number::Measure;
use std::cell::RefCell;
use whichcard::catalog::{Catalog, Task};
use whichcard::model::Model;
use whichcard::request::*;
use whichcard::share::{Field, Link, Part, View};
use whichcard::text::Lang;
use whichcard::units::Currency;

/// The task a visitor starts from: its default is an 8B model, QLoRA, 2k tokens.
pub const DEFAULT_TASK: &str = "language-modelling";

/// A link as a request, with what was wrong.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The task that holds.
    pub task: String,
    /// The request of "will this setup work": complete, whatever was typed.
    pub request: Request,
    /// The same with everything filled in, where the library accepts it.
    pub setup: Option<Setup>,
    /// Where the library refuses it: the same with what is refused left out.
    mended: Option<Setup>,
    /// Limits of "which card do I need".
    pub limits: Limits,
    /// Exchange rates of the visitor's own.
    pub rates: Vec<(Currency, f64)>,
    /// The catalogue's exchange rates, whatever the visitor has put in their place.
    pub quoted: Vec<(Currency, f64)>,
    /// Numbers that were read, as the request holds them.
    pub numbers: Vec<(Field, f64, Measure)>,
    /// What could not be read, by field.
    pub problems: Vec<(Field, Problem)>,
}

impl Reading {
    /// Reads a link.
    pub fn of(link: &Link, catalog: &Catalog, lang: Lang) -> Self {
        let reader = Reader { link, catalog, lang, problems: RefCell::default(), numbers: RefCell::default() };
        let asked = reader.task();
        let model = reader.model(asked);
        let known = if let ModelChoice::Id(id) = &model { catalog.model(id) } else { None };
        let task = reader.task_of(asked, known.map(AsRef::as_ref));
        let rates = reader.rates();
        let request = Request {
            job: reader.job(task, known.map(AsRef::as_ref)),
            model,
            recipe: reader.recipe(),
            rig: reader.rig(),
            money: reader.money(lang, &rates),
        };
        let limits = reader.limits(request.money.currency.unwrap_or_default(), &rates);
        let mut mended = None;
        let setup = match resolve(catalog, &request) {
            Ok(setup) => Some(setup),
            Err(error) => {
                // Without a catalogue nothing resolves, and it is not the visitor's doing.
                if catalog.model_count() > 0 {
                    let field = of_path(&error.field);
                    mended = without_refused(link, field, &request, catalog, lang);
                    reader.refuse(field, Problem::Refused(error));
                }
                None
            }
        };
        let task = task.map_or_else(|| DEFAULT_TASK.to_owned(), |task| task.id.clone());
        let (numbers, problems) = (reader.numbers.into_inner(), reader.problems.into_inner());
        Self { task, request, setup, mended, limits, rates, quoted: catalog.rates().to_vec(), numbers, problems }
    }

    /// What the fields hold while nothing is typed into them: one that is refused takes no default from the others.
    pub fn held(&self) -> Option<&Setup> {
        self.setup.as_ref().or(self.mended.as_ref())
    }

    /// Whether something that this view asks for could not be read.
    pub fn unreadable(&self, view: View) -> bool {
        self.problems.iter().any(|(field, _)| concerns(view, *field))
    }

    /// Which card or model a view asks about, where that cannot be read: an answer about another one would be none.
    pub fn unknown(&self, view: View) -> impl Iterator<Item = (Field, &Problem)> {
        let described = matches!(self.request.model, ModelChoice::Described(_));
        let problems = self.problems.iter().filter(move |(field, problem)| {
            // The library refuses what is known, too.
            let none = problem.no_such().is_some() || matches!(problem, Problem::Number(..));
            names_what(view, *field) && (none || *field == Field::Config && !described)
        });
        problems.map(|(field, problem)| (*field, problem))
    }

    /// What is wrong with a field.
    pub fn problem(&self, field: Field) -> Option<&Problem> {
        self.problems.iter().find(|(known, _)| *known == field).map(|(_, problem)| problem)
    }

    /// The number a field was read as.
    pub fn number(&self, field: Field) -> Option<(f64, Measure)> {
        self.numbers.iter().find(|(known, ..)| *known == field).map(|(_, value, measure)| (*value, *measure))
    }
}

/// What was refused, with the refused field at its default; where nothing was set in it, with the recipe left open that it was refused for.
fn without_refused(link: &Link, field: Field, request: &Request, catalog: &Catalog, lang: Lang) -> Option<Setup> {
    if link.get(field).is_some() {
        return Reading::of(&link.clone().without(field), catalog, lang).held().cloned();
    }
    resolve(catalog, &Request { recipe: RecipeRequest::default(), ..request.clone() }).ok()
}

struct Reader<'a> {
    link: &'a Link,
    catalog: &'a Catalog,
    lang: Lang,
    problems: RefCell<Vec<(Field, Problem)>>,
    numbers: RefCell<Vec<(Field, f64, Measure)>>,
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
        self.times(field, measure, 1.0)
    }

    /// A number that was typed in a unit of its own, by what that is worth in the unit of its field.
    fn times(&self, field: Field, measure: Measure, worth: f64) -> Option<f64> {
        match measure.read(self.text(field)?) {
            Ok(value) => {
                let value = value * worth;
                self.numbers.borrow_mut().push((field, value, measure));
                Some(value)
            }
            Err(fault) => {
                self.refuse(field, Problem::Number(fault, measure));
                None
            }
        }
    }

    /// One of a list of names, in any case.
    fn one_of<'n>(&self, field: Field, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        let text = self.text(field)?;
        let names: Vec<&str> = names.into_iter().collect();
        let found = names.iter().find(|name| name.eq_ignore_ascii_case(text)).copied();
        // Without a catalogue there are no names to choose from yet.
        if found.is_none() && !names.is_empty() {
            self.refuse(field, Problem::choice(text, &names));
        }
        found
    }

    fn word<K: Keyword>(&self, field: Field) -> Option<K> {
        K::from_name(self.one_of(field, K::names())?)
    }

    /// The task that a model is for, where none was named: that of the page, unless the model is of another kind.
    fn task_of<'t>(&'t self, asked: Option<&'t Task>, model: Option<&Model>) -> Option<&'t Task> {
        let Some(model) = model.filter(|_| self.text(Field::Task).is_none()) else { return asked };
        let suits = |task: &&Task| task.suits(self.catalog, model);
        if asked.is_some_and(|task| suits(&task)) {
            return asked;
        }
        let lists = |task: &&Task| task.models.contains(&model.id);
        let tasks = || self.catalog.tasks().iter();
        tasks().find(lists).or_else(|| tasks().find(suits)).or(asked)
    }

    /// The task named, or the default one; `None` only without a catalogue.
    fn task(&self) -> Option<&Task> {
        let named = self.one_of(Field::Task, self.catalog.tasks().iter().map(|task| task.id.as_str()));
        self.catalog.task(named.unwrap_or(DEFAULT_TASK))
    }
}

/// Whether a field names what the answer of a view is about. On the page of a card a model only adds a row.
const fn names_what(view: View, field: Field) -> bool {
    match field {
        Field::Card => concerns(view, field),
        Field::Model | Field::Config => concerns(view, field) && !matches!(view, View::Card),
        _ => false,
    }
}

/// Whether a view asks for a field.
pub const fn concerns(view: View, field: Field) -> bool {
    let part = field.part();
    match view {
        View::Advise => matches!(part, Part::Task | Part::Job | Part::Limits | Part::Money) || matches!(field, Field::MainMemory),
        View::Card => matches!(part, Part::Task | Part::Rig) || matches!(field, Field::Model | Field::Config),
        View::Inspect => !matches!(part, Part::Limits | Part::Compared),
        View::Compare => matches!(part, Part::Task | Part::Job | Part::Money),
        // What is embedded reads it.
        View::Embed => true,
        View::Catalogue | View::Accuracy | View::About | View::Generations => false,
        View::Scratch => match part {
            Part::Rig => !matches!(field, Field::Reserved),
            Part::Job => matches!(field, Field::Model | Field::Config | Field::Tokens),
            _ => matches!(part, Part::Money),
        },
    }
}
