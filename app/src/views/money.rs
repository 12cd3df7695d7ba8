//! Prices, electricity and exchange rates: what the catalogue says, from where and when, and the visitor's own in its place.

use super::figures;
use super::limits::{country_menu, currency_menu};
use crate::context::{Env, use_env};
use crate::field::money_unit;
use crate::format;
use crate::reading::RATES;
use crate::widgets::{NumberField, Section};
use whichcard::card::Card;
use whichcard::catalog::{Source, Tariff, TariffUse};
use whichcard::estimate::{Cost, PricedAmount, cost, evaluate};
use whichcard::request::Keyword;
use whichcard::request::{MoneyTerms, Setup};
use whichcard::share::{Field, Part};
use whichcard::units::Currency;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct MoneyFormProps {
    /// Whether there is one card whose price may be given.
    pub own_card: bool,
}

#[component]
pub fn MoneyForm(props: &MoneyFormProps) -> Html {
    let env = use_env();
    html! {
        <Section id="money" title="app.form.money" parts={&[Part::Money, Part::Price][..]}>
            { if props.own_card { card_prices(&env) } else { html! {} } }
            <div class="pair">
                { tariff(&env) }
                <NumberField field={Field::Pue} placeholder="1.0" hint="app.hint.pue" />
            </div>
            { rates(&env) }
        </Section>
    }
}

/// Where there is one card: what it costs, and the currency and country that no other part of the form asks for.
fn card_prices(env: &Env) -> Html {
    let quoted = env.reading.held().map(|setup| (&setup.rig.card, quoted(env, setup)));
    let field = |field: Field, label: &'static str, amount: Option<(&Card, &PricedAmount)>| {
        let placeholder = match amount {
            Some((_, amount)) => format::amount(amount.unit_price),
            None => env.say("app.field.no-price"),
        };
        let note = amount.map_or_else(
            || html! {},
            |(card, amount)| {
                let basis = [figures::basis(env, card, amount)].into_iter().chain(format::spread(env.lang, amount));
                let basis = basis.collect::<Vec<_>>().join(&env.say("app.list-semicolon"));
                let words = env.fill("app.price.origin", &[("basis", &basis)]);
                sourced(env, &words, &amount.source)
            },
        );
        html! { <NumberField key={label} {field} {label} {placeholder} unit={money_unit(env, field)} {note} /> }
    };
    let of = |part: fn(&Cost) -> &Option<PricedAmount>| {
        quoted.as_ref().and_then(|(card, cost)| Some((card.as_ref(), part(cost).as_ref()?)))
    };
    html! {
        <div class="pair">
            { currency_menu(env) }
            { country_menu(env) }
            { field(Field::Price, "app.field.price", of(|cost| &cost.buy)) }
            { field(Field::Rent, "app.field.rent", of(|cost| &cost.rent)) }
            <NumberField field={Field::EntryLoss} placeholder={format::short(MoneyTerms::ENTRY_LOSS)} hint="app.hint.entry-loss" />
            <NumberField field={Field::YearlyLoss} placeholder={format::short(MoneyTerms::YEARLY_LOSS)} hint="app.hint.yearly-loss" />
        </div>
    }
}

/// What the catalogue says of the card, whatever the visitor has put in its place.
fn quoted(env: &Env, setup: &Setup) -> Cost {
    let mut setup = setup.clone();
    setup.money.card_price = None;
    setup.money.rent_per_hour = None;
    let figures = evaluate(&setup);
    cost(&env.catalog, &setup, &figures.time, &figures.energy)
}

/// What the catalogue says the country pays, which holds until another price is typed.
fn tariff(env: &Env) -> Html {
    let money = &env.reading.request.money;
    let tariff = env.catalog.usual_tariff(money.country.as_deref(), money.pue.unwrap_or(1.0));
    let currency = money.currency.unwrap_or_default();
    let amount = tariff.and_then(|tariff| env.catalog.convert(tariff.amount, tariff.currency, currency));
    let placeholder = amount.map_or_else(|| env.say("app.field.from-catalogue"), format::short);
    let note = tariff.zip(amount).map_or_else(|| html! {}, |(tariff, amount)| origin_of_tariff(env, tariff, amount, currency));
    html! {
        <NumberField field={Field::Tariff} {placeholder} unit={money_unit(env, Field::Tariff)} {note} />
    }
}

/// "Catalogue: 0.384 EUR/kWh, household, Germany, Mar 2026: Household Energy Price Index", in the visitor's currency.
fn origin_of_tariff(env: &Env, tariff: &Tariff, amount: f64, currency: Currency) -> Html {
    let paid_by = match tariff.paid_by {
        TariffUse::Household => "app.tariff.household",
        TariffUse::Business => "app.tariff.business",
    };
    let mut date = format::month(env.lang, &tariff.date);
    if tariff.currency != currency {
        let stale = env.catalog.rate_date(tariff.currency, currency).is_some() && env.catalog.has_stale_rates();
        date = whichcard::wording::converted(env.lang, &date, tariff.currency, stale);
    }
    let words = env.fill(
        "app.tariff.origin",
        &[
            ("amount", &format::short(amount)),
            ("unit", &format!("{}/kWh", currency.name())),
            ("use", &env.say(paid_by)),
            ("country", &env.name("country", &tariff.country)),
            ("date", &date),
        ],
    );
    sourced(env, &words, &tariff.source)
}

/// Exchange rates of the visitor's own, against the catalogue's base currency.
fn rates(env: &Env) -> Html {
    let Some((base, _)) = env.reading.quoted.first().copied() else { return html! {} };
    let quoted = |currency: Currency| env.reading.quoted.iter().find(|(known, _)| *known == currency).map(|(_, rate)| *rate);
    let fields = RATES.iter().filter_map(|(field, currency)| Some((*field, *currency, quoted(*currency)?)));
    let origin = if env.catalog.has_stale_rates() { "app.rate.origin-stale" } else { "app.rate.origin" };
    let words = env.fill(origin, &[("date", &format::month(env.lang, env.catalog.exchange_date()))]);
    html! {
        <div id="rates">
            <div class="pair">{ for fields.filter(|(_, currency, _)| *currency != base).map(|(field, currency, rate)| html! {
                <NumberField key={field.key()} {field} label={rate_label(env, currency, base)} placeholder={format::short(rate)}
                    unit={format!("{}/{}", currency.name(), base.name())} />
            }) }</div>
            { sourced(env, &words, env.catalog.exchange_source()) }
        </div>
    }
}

/// Already in words: what is no key of the locale files is shown as it is.
fn rate_label(env: &Env, currency: Currency, base: Currency) -> String {
    env.fill("app.field.rate", &[("currency", currency.name()), ("base", base.name())])
}

/// A line with its source, as a link where the source has an address.
fn sourced(env: &Env, words: &str, id: &str) -> Html {
    let source = env.catalog.source(id);
    let name = source.map_or_else(|| id.to_owned(), |source: &Source| source.title.clone());
    let url = source.and_then(|source| source.url.clone());
    html! {
        <p class="hint origin">
            { words }{ " " }
            { match url {
                Some(url) => html! { <a href={url} target="_blank" rel="noreferrer">{ name }</a> },
                None => html! { <span>{ name }</span> },
            } }
        </p>
    }
}
