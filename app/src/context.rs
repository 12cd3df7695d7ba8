//! What every part of the page may need: the language, the question, the catalogue, and a way to change things.

use super::built::Built;
use super::late::Late;
use super::reading::Reading;
use super::state::{Action, changed};
use std::rc::Rc;
use whichcard::catalog::Catalog;
use whichcard::request::Keyword;
use whichcard::share::{Field, Link, View};
use whichcard::text::{Lang, say};
use yew::prelude::*;

/// The context of the page.
#[derive(Clone, Debug)]
pub struct Env {
    /// Language of the page.
    pub lang: Lang,
    /// Inside another page.
    pub embedded: bool,
    /// Only the answer and what it asks, for the column of an article.
    pub compact: bool,
    /// What is asked, as typed.
    pub link: Rc<Link>,
    /// What is asked, as read.
    pub reading: Late<Reading>,
    /// The catalogue.
    pub catalog: Late<Catalog>,
    /// Changes something.
    pub act: Callback<Action>,
    /// Whether there is a change to take back.
    pub undoes: bool,
    /// What is still as the build drew it.
    pub built: Built,
}

impl PartialEq for Env {
    fn eq(&self, other: &Self) -> bool {
        self.lang == other.lang
            && self.embedded == other.embedded
            && self.compact == other.compact
            && self.link == other.link
            && self.undoes == other.undoes
            && self.built == other.built
            && self.catalog == other.catalog
    }
}

/// The context of what says nothing of the question but its answer: the same while language and catalogue are.
#[derive(Clone, Debug)]
pub struct Wording(pub Env);

impl PartialEq for Wording {
    fn eq(&self, other: &Self) -> bool {
        self.0.lang == other.0.lang && self.0.catalog == other.0.catalog
    }
}

impl Env {
    /// A sentence.
    pub fn say(&self, key: &str) -> String {
        say(self.lang, key, &[])
    }

    /// A sentence with arguments.
    pub fn fill(&self, key: &str, args: &[(&str, &str)]) -> String {
        say(self.lang, key, args)
    }

    /// The name of one of a few values, or the value itself where it needs no translation.
    pub fn name(&self, list: &str, value: &str) -> String {
        whichcard::wording::name(self.lang, list, value)
    }

    /// The day of the catalogue, as people write it.
    pub fn dated(&self) -> String {
        whichcard::wording::day(self.lang, self.catalog.date())
    }

    /// What a catalogue id is called.
    pub fn title_of(&self, field: Field, id: &str) -> String {
        let name = match field {
            Field::Card => self.catalog.card(id).map(|card| card.name.clone()),
            Field::Model => self.catalog.model(id).map(|model| model.name.clone()),
            _ => None,
        };
        name.unwrap_or_else(|| id.to_owned())
    }

    /// The guide in the visitor's language, which lies beside the page.
    pub fn guide(&self) -> String {
        format!("article/{}.html", self.lang.guide().tag())
    }

    /// Sets a field.
    pub fn set(&self, field: Field) -> Callback<String> {
        let act = self.act.clone();
        // An amount means nothing without its currency, and a reader of the link may have another default.
        let amount = matches!(field, Field::Budget | Field::Price | Field::Rent | Field::Tariff);
        let currency = (amount && self.link.get(Field::Currency).is_none())
            .then(|| self.reading.request.money.currency.unwrap_or_default().name());
        Callback::from(move |text| {
            act.emit(match currency {
                Some(code) => Action::Type(vec![(field, text), (Field::Currency, code.to_owned())]),
                None => Action::Set(field, text),
            });
        })
    }

    /// A link that says the same to every reader: what follows from the language is written out, what is only compared left out.
    pub fn lasting(&self, link: &Link) -> Link {
        let money = &self.reading.request.money;
        let country = money.country.clone().unwrap_or_else(|| "any".to_owned());
        let said = [(Field::Currency, money.currency.unwrap_or_default().name().to_owned()), (Field::Country, country)];
        said.into_iter().fold(link.clone().without(Field::Setups), |link, (field, text)| match link.get(field) {
            Some(_) => link,
            None => link.with(field, text),
        })
    }

    /// The link of the same answer in a window of its own.
    pub fn whole(&self) -> Link {
        let frame = [Field::Embed, Field::Compact, Field::Theme];
        frame.into_iter().fold(self.lasting(&self.link), Link::without)
    }

    /// A real link to a view with some fields changed: where it points to, and what following it does without leaving the page.
    pub fn way(&self, view: View, changes: Vec<(Field, Option<String>)>) -> (String, Callback<MouseEvent>) {
        let href = format!("?{}", self.link_to(view, &changes).write());
        let act = self.act.clone();
        (href, followed(move || act.emit(Action::Go(view, changes.clone()))))
    }

    /// The link of a view with some fields changed.
    pub fn link_to(&self, view: View, changes: &[(Field, Option<String>)]) -> Link {
        changed(Link::clone(&self.link).at(view).without(Field::Open), changes.iter().cloned())
    }
}

/// What a plain click on a link does; one that asks for a new tab or window is left to the browser.
pub fn followed(call: impl Fn() + 'static) -> Callback<MouseEvent> {
    Callback::from(move |event: MouseEvent| {
        if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            call();
        }
    })
}

/// The context; every component of the page lives inside its provider.
#[hook]
pub fn use_env() -> Env {
    use_context::<Env>().unwrap_or_else(|| Env {
        lang: Lang::default(),
        embedded: false,
        compact: false,
        link: Rc::default(),
        reading: Late::new(|| Reading::of(&Link::default(), &Catalog::default(), Lang::default())),
        catalog: Late::new(Catalog::default),
        act: Callback::noop(),
        undoes: false,
        built: Built::default(),
    })
}
