//! What is compared: cards, each with the job at hand, and whole setups. Both are planned alike, so that their figures belong together.

use super::choice::choice;
use crate::context::Env;
use crate::late::Late;
use crate::reading::{Reading, concerns};
use crate::views::summary::{job_of, rig_of};
use whichcard::export::spelled_out;
use whichcard::plan::{CardChoices, Counts, Goal, RigLimits};
use whichcard::request::{CardChoice, MachineRequest};
use whichcard::share::{Field, Link, View};

/// One of those that are compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A card of the catalogue, by id.
    Card(String),
    /// A setup, packed.
    Setup(String),
}

/// The fields that make a setup: not looks, limits or what else is compared.
fn of_setup() -> impl Iterator<Item = Field> {
    Field::ALL.iter().copied().filter(|field| concerns(View::Inspect, *field) && !field.is_look())
}

impl Entry {
    /// What a link asks, the same to every reader.
    pub fn setup(env: &Env, link: &Link) -> Self {
        let lasting = env.lasting(link);
        let set = of_setup().filter_map(|field| Some((field, lasting.get(field).filter(|text| !text.is_empty())?)));
        Self::Setup(set.fold(Link::to(View::Inspect), |packed, (field, text)| packed.with(field, text)).pack())
    }

    /// How it is written in the link and in the page.
    pub fn id(&self) -> &str {
        match self {
            Self::Card(text) | Self::Setup(text) => text,
        }
    }

    /// The view that shows it alone, with what has to be asked there.
    pub fn alone(&self) -> (View, Vec<(Field, Option<String>)>) {
        match self {
            Self::Card(id) => (View::Card, vec![(Field::Card, Some(id.clone()))]),
            Self::Setup(packed) => {
                let setup = Link::unpack(packed, View::Inspect);
                (View::Inspect, of_setup().map(|field| (field, setup.get(field).map(str::to_owned))).collect())
            }
        }
    }

    /// What was read: the question at hand for a card, its own for a setup.
    pub fn reading(&self, env: &Env) -> Late<Reading> {
        match self {
            Self::Card(_) => env.reading.clone(),
            Self::Setup(packed) => {
                let (link, catalog, lang) = (Link::unpack(packed, View::Inspect), Late::clone(&env.catalog), env.lang);
                Late::new(move || Reading::of(&link, &catalog, lang))
            }
        }
    }

    /// What it is, for where its column is not: a card by its name, a setup by its job and its cards, with what cannot be read of it.
    pub fn in_words(&self, env: &Env) -> String {
        let packed = match self {
            Self::Card(id) => return env.title_of(Field::Card, id),
            Self::Setup(packed) => packed,
        };
        let link = Link::unpack(packed, View::Inspect);
        if link.values().next().is_none() {
            return env.say("app.compare.nothing-said");
        }
        let reading = Reading::of(&link, &env.catalog, env.lang);
        let words = env.fill("app.summary.on-card", &[("job", &job_of(env, &reading, &link)), ("card", &rig_of(env, &reading))]);
        let unread = reading.problems.iter().filter(|(field, _)| concerns(View::Inspect, *field));
        let unread: Vec<String> = unread
            .map(|(field, _)| {
                let given = link.get(*field).unwrap_or_default();
                env.fill("app.compare.unread-field", &[("field", &env.say(field.label())), ("given", given)])
            })
            .collect();
        let all = unread.join(&env.say("app.list-comma"));
        if unread.is_empty() { words } else { env.fill("app.compare.unread-setup", &[("setup", &words), ("fields", &all)]) }
    }

    /// What is planned for it, and its job in words where it brings its own; nothing where it cannot be read.
    pub fn goal(&self, env: &Env) -> Option<(Goal, String)> {
        match self {
            Self::Card(id) => choice(env, id).map(|choice| (job_on(env, choice), String::new())),
            Self::Setup(packed) => {
                // What says nothing is no setup, though there would be a default for everything.
                let link = Some(Link::unpack(packed, View::Inspect)).filter(|link| link.values().next().is_some())?;
                let reading = Reading::of(&link, &env.catalog, env.lang);
                let setup = reading.setup.as_ref().filter(|_| !reading.unreadable(View::Inspect))?;
                // With nothing left open there is one recipe to find: this one.
                let mut request = reading.request.clone();
                let whole = spelled_out(setup);
                request.recipe = whole.recipe;
                request.job.global_batch = whole.job.global_batch;
                Some((Goal { objective: env.reading.limits.objective, ..Goal::of_request(&request) }, job_of(env, &reading, &link)))
            }
        }
    }
}

/// The job on one of a card, within no limits: they are compared, not chosen from.
fn job_on(env: &Env, card: CardChoice) -> Goal {
    let reserved_bytes = env.reading.request.rig.machine.reserved_bytes;
    env.reading.goal(RigLimits {
        card: Some(CardChoices::One(card)),
        count: Some(Counts::One(1.0)),
        machine: MachineRequest { reserved_bytes, ..MachineRequest::default() },
        ..RigLimits::default()
    })
}
