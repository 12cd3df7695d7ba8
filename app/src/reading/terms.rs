//! Prices, limits and the words for both, as typed.

use super::Reader;
use crate::number::{self, Measure};
use whichcard::card::Form;
use whichcard::catalog::Catalog;
use whichcard::plan::{Objective, RigLimits};
use whichcard::request::Keyword;
use whichcard::request::MoneyRequest;
use whichcard::share::Field;
use whichcard::text::Lang;
use whichcard::units::Currency;

/// Which forms of card are considered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Forms {
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
    /// What a rig has to keep to, whatever its form and its country.
    pub rig: RigLimits,
    /// Forms of card.
    pub forms: Forms,
    /// Most cards in one machine.
    pub most_cards: Option<f64>,
    /// What is best.
    pub objective: Objective,
}

/// What a unit of the base currency buys of others.
type Rates = [(Currency, f64)];

impl Reader<'_> {
    pub(super) fn money(&self, lang: Lang, rates: &Rates) -> MoneyRequest {
        let currency = self.currency().unwrap_or_else(|| lang.home().0);
        let amount = |field, measure| self.amount(field, measure, currency, rates);
        MoneyRequest {
            currency: Some(currency),
            card_price: amount(Field::Price, Measure::PRICE),
            rent_per_hour: amount(Field::Rent, Measure::RENT),
            tariff_per_kwh: amount(Field::Tariff, Measure::TARIFF),
            country: self.country(lang),
            pue: self.number(Field::Pue, Measure::PUE),
            entry_loss: self.number(Field::EntryLoss, Measure::LOSS),
            yearly_loss: self.number(Field::YearlyLoss, Measure::LOSS),
        }
    }

    fn currency(&self) -> Option<Currency> {
        self.word(Field::Currency)
    }

    /// An amount in the currency of the page, whatever currency it names.
    fn amount(&self, field: Field, measure: Measure, currency: Currency, rates: &Rates) -> Option<f64> {
        let rate = |wanted: Currency| {
            let known = rates.iter().chain(self.catalog.rates()).find(|(known, _)| *known == wanted);
            known.map(|(_, rate)| *rate)
        };
        let named = number::currency(self.text(field)?).filter(|named| *named != currency);
        let worth = named.and_then(|named| Some(rate(currency)? / rate(named)?));
        self.times(field, measure, worth.unwrap_or(1.0))
    }

    fn country(&self, lang: Lang) -> Option<String> {
        let codes = country_codes(self.catalog);
        let names = codes.iter().copied().chain((!codes.is_empty()).then_some(ANYWHERE));
        match self.one_of(Field::Country, names) {
            Some(ANYWHERE) => None,
            Some(code) => Some(code.to_owned()),
            None => Some(lang.home().1.to_owned()),
        }
    }

    pub(super) fn limits(&self, currency: Currency, rates: &Rates) -> Limits {
        let rig = RigLimits {
            budget: self.amount(Field::Budget, Measure::BUDGET, currency, rates),
            deadline_hours: self.number(Field::Deadline, Measure::HOURS),
            max_watts: self.number(Field::Watts, Measure::POWER),
            wall_watts: self.number(Field::Wall, Measure::POWER),
            power_supply_watts: self.number(Field::Supply, Measure::POWER),
            slots: self.number(Field::Slots, Measure::SLOTS),
            condition: self.word(Field::Condition),
            ..RigLimits::default()
        };
        Limits {
            rig,
            forms: self.forms(),
            most_cards: self.number(Field::MostCards, Measure::CARDS),
            objective: self.word(Field::Objective).unwrap_or(Objective::CheapestToBuy),
        }
    }

    fn forms(&self) -> Forms {
        match self.one_of(Field::Form, Form::NAMES.iter().copied().chain(["any"])) {
            None => Forms::Usual,
            Some(name) => Form::from_name(name).map_or(Forms::Any, Forms::Only),
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

/// Fields of exchange rates.
pub const RATES: [(Field, Currency); 3] =
    [(Field::RateCny, Currency::Cny), (Field::RateEur, Currency::Eur), (Field::RateUsd, Currency::Usd)];

#[cfg(test)]
mod tests {
    use crate::reading::Reading;
    use whichcard::catalog::Catalog;
    use whichcard::share::{Link, View};
    use whichcard::text::Lang;
    use whichcard::units::Currency;

    #[test]
    fn what_a_view_asks_for_has_to_be_readable() {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog.json")).unwrap();
        let catalog = Catalog::from_json(&text).unwrap();
        let unreadable = |query: &str, view| Reading::of(&Link::read(query), &catalog, Lang::En).unreadable(view);
        for field in ["mem", "slots", "budget", "samples", "kwh"] {
            assert!(unreadable(&format!("{field}=much"), View::Advise), "{field}");
        }
        assert!(!unreadable("tp=much", View::Advise) && unreadable("tp=much", View::Inspect));
        assert!(!unreadable("slots=much", View::Inspect) && unreadable("price=much", View::Inspect));
    }

    #[test]
    fn an_amount_counts_in_the_currency_it_names() {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog.json")).unwrap();
        let catalog = Catalog::from_json(&text).unwrap();
        let budget = |query: &str| Reading::of(&Link::read(query), &catalog, Lang::En).limits.rig.budget.unwrap();
        let worth = catalog.convert(30_000.0, Currency::Cny, Currency::Usd).unwrap();
        assert!((budget("budget=30k CNY&cur=USD") - worth).abs() < 1e-6 * worth);
        assert!((budget("budget=30k CNY&cur=USD&cny=10") - 3_000.0).abs() < 1e-6, "by the visitor's own rate");
        assert!((budget("budget=30k CNY&cur=CNY") - 30_000.0).abs() < 1e-6);
        assert!((budget("budget=30k&cur=USD") - 30_000.0).abs() < 1e-6);
    }
}
