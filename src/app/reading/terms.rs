//! Prices, limits and the words for both, as typed.

use super::Reader;
use crate::app::number::Measure;
use whichcard::card::Form;
use whichcard::catalog::Catalog;
use whichcard::plan::{Condition, Objective};
use whichcard::request::Keyword;
use whichcard::request::MoneyRequest;
use whichcard::share::Field;
use whichcard::text::Lang;
use whichcard::units::Currency;

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
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Most the cards may cost.
    pub budget: Option<f64>,
    /// Longest the job may take, in hours.
    pub deadline_hours: Option<f64>,
    /// Most board power of all cards.
    pub watts: Option<f64>,
    /// Most power at the wall.
    pub wall: Option<f64>,
    /// The power supply that is there.
    pub supply: Option<f64>,
    /// Slots that are free.
    pub slots: Option<f64>,
    /// New or used cards.
    pub condition: Option<Condition>,
    /// Kind of machine.
    pub machine: Machine,
    /// Most cards in one machine.
    pub most_cards: Option<f64>,
    /// What is best.
    pub objective: Objective,
}

impl Reader<'_> {
    pub(super) fn money(&self, lang: Lang) -> MoneyRequest {
        MoneyRequest {
            currency: Some(self.currency().unwrap_or_else(|| default_currency(lang))),
            card_price: self.number(Field::Price, Measure::PRICE),
            rent_per_hour: self.number(Field::Rent, Measure::RENT),
            tariff_per_kwh: self.number(Field::Tariff, Measure::TARIFF),
            country: self.country(lang),
            pue: self.number(Field::Pue, Measure::PUE),
        }
    }

    fn currency(&self) -> Option<Currency> {
        self.word(Field::Currency)
    }

    fn country(&self, lang: Lang) -> Option<String> {
        let codes = country_codes(self.catalog);
        let names = codes.iter().copied().chain((!codes.is_empty()).then_some(ANYWHERE));
        match self.one_of(Field::Country, names) {
            Some(ANYWHERE) => None,
            Some(code) => Some(code.to_owned()),
            None => Some(default_country(lang).to_owned()),
        }
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            budget: self.number(Field::Budget, Measure::BUDGET),
            deadline_hours: self.number(Field::Deadline, Measure::HOURS),
            watts: self.number(Field::Watts, Measure::POWER),
            wall: self.number(Field::Wall, Measure::POWER),
            supply: self.number(Field::Supply, Measure::POWER),
            slots: self.number(Field::Slots, Measure::SLOTS),
            condition: self.word(Field::Condition),
            machine: self.machine(),
            most_cards: self.number(Field::MostCards, Measure::CARDS),
            objective: self.word(Field::Objective).unwrap_or(Objective::CheapestToBuy),
        }
    }

    fn machine(&self) -> Machine {
        match self.one_of(Field::Form, Form::NAMES.iter().copied().chain(["any"])) {
            None => Machine::Usual,
            Some(name) => Form::from_name(name).map_or(Machine::Any, Machine::Only),
        }
    }

    /// Exchange rates of the visitor's own, against the catalogue's base currency.
    pub(super) fn rates(&self) -> Vec<(Currency, f64)> {
        let base = self.catalog.rates().first().map(|(currency, _)| *currency);
        let own = RATES.iter().filter(|(_, currency)| Some(*currency) != base);
        own.filter_map(|(field, currency)| Some((*currency, self.number(*field, Measure::RATE)?))).collect()
    }
}

/// The value of `country` for no country in particular.
const ANYWHERE: &str = "any";

/// Countries the catalogue knows a tariff or a grid for, in alphabetical order.
pub fn country_codes(catalog: &Catalog) -> Vec<&str> {
    // Regions of the world are numbers.
    catalog.countries().into_iter().filter(|code| code.chars().all(|c| c.is_ascii_uppercase())).collect()
}

/// The currency a reader of this language most likely pays in.
const fn default_currency(lang: Lang) -> Currency {
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

/// Fields of exchange rates.
pub const RATES: [(Field, Currency); 3] =
    [(Field::RateCny, Currency::Cny), (Field::RateEur, Currency::Eur), (Field::RateUsd, Currency::Usd)];
