//! What nothing else in the file decides: what electricity and currencies cost, when a model may be from, how its heads are shared, how much it reads.

use crate::catalog::file::File;
use crate::catalog::{Catalog, CatalogError, Tariff, region};
use crate::document::Keyword as _;
use crate::units::Currency;
use serde_json::Value;

/// Dollars a kilowatt-hour has cost anywhere, subsidised or in a crisis.
const TARIFFS: (f64, f64) = (0.005, 1.5);
/// How often what one use or one country pays another may pay around it: today's figures are up to 4 times apart (Russia and Europe).
const TARIFFS_APART: f64 = 5.0;
/// Years in which a model of the catalogue can have come out: LeNet-5 was the first that people still train.
const YEARS: (u64, u64) = (1998, 2100);
/// Tokens that a model reads at once at the least: the shortest text encoder of an image pipeline reads 77, and a line of words is as long.
const CONTEXT: u64 = 64;

/// What cannot be right.
pub(super) fn problems(catalog: &Catalog, file: &File) -> Vec<CatalogError> {
    let models = file.models.iter().flat_map(|model| [year(model), heads(model), context(model)]).flatten();
    tariffs(catalog, file).into_iter().chain(addresses(file)).chain(models).collect()
}

fn tariffs(catalog: &Catalog, file: &File) -> Vec<CatalogError> {
    let wrong = file.tariffs.iter().zip(catalog.tariffs()).filter_map(|(tariff, read)| {
        let per_dollar = catalog.convert(1.0, Currency::Usd, tariff.currency)?;
        let (least, most) = (TARIFFS.0 * per_dollar, TARIFFS.1 * per_dollar);
        let path = || format!("tariffs.{}.amount", tariff.country);
        (!(least..=most).contains(&tariff.amount))
            .then(|| CatalogError::field(path(), tariff.amount, format!("{least} ... {most}")))
            .or_else(|| unlike(catalog, read))
    });
    wrong.collect()
}

/// A tariff that has nothing to do with what the same country pays for another use, or what is paid around it: that of another currency.
fn unlike(catalog: &Catalog, tariff: &Tariff) -> Option<CatalogError> {
    let same_place = |other: &&Tariff| other.country == tariff.country && other.paid_by != tariff.paid_by;
    let nearest = region::around(&tariff.country).find_map(|place| catalog.tariffs().iter().find(|other| other.country == place));
    let other = nearest.or_else(|| catalog.tariffs().iter().find(same_place))?;
    let near = catalog.convert(other.amount, other.currency, tariff.currency)?;
    let (least, most) = (near / TARIFFS_APART, near * TARIFFS_APART);
    (!(least..=most).contains(&tariff.amount)).then(|| {
        let found = format!("{} {}, where {} pays {near:.3}", tariff.amount, tariff.currency.name(), other.country);
        CatalogError::field(format!("tariffs.{}.amount", tariff.country), found, format!("{least:.3} ... {most:.3}"))
    })
}

/// What one dollar has bought in the last thirty years, with room on both sides.
pub(super) fn rates(catalog: &Catalog) -> Vec<CatalogError> {
    let wrong =
        [("CNY", Currency::Cny, 4.0, 12.0), ("EUR", Currency::Eur, 0.5, 1.6)].into_iter().filter_map(|(name, of, least, most)| {
            let rate = catalog.convert(1.0, Currency::Usd, of)?;
            (!(least..=most).contains(&rate))
                .then(|| CatalogError::field("exchange.rates", format!("{name} {rate}"), format!("{least} ... {most}")))
        });
    wrong.collect()
}

/// Sources that can be followed.
fn addresses(file: &File) -> Vec<CatalogError> {
    let written = file.sources.iter().filter_map(|source| Some((&source.id, source.url.as_deref()?)));
    let wrong = written.filter(|(_, url)| !["https://", "http://"].iter().any(|begin| url.starts_with(begin)));
    wrong.map(|(id, url)| CatalogError::field(format!("sources.{id}.url"), url, "https://...")).collect()
}

fn year(model: &Value) -> Option<CatalogError> {
    let year = model.get("year")?.as_u64()?;
    (!(YEARS.0..=YEARS.1).contains(&year)).then(|| CatalogError::field(path(model, "year"), year, format!("{} ...", YEARS.0)))
}

/// Key-value heads that do not divide the heads: the count of parameters would be as it says, but there is no such model.
fn heads(model: &Value) -> Option<CatalogError> {
    let (heads, shared) = (model.get("heads")?.as_u64()?, model.get("kvHeads")?.as_u64()?);
    let divides = heads.checked_rem(shared) == Some(0);
    (!divides).then(|| CatalogError::field(path(model, "kvHeads"), shared, format!("a divisor of {heads}")))
}

/// Less than a line is thousands of tokens, or an exponent.
fn context(model: &Value) -> Option<CatalogError> {
    let tokens = model.get("maxContext")?.as_u64()?;
    (tokens < CONTEXT).then(|| CatalogError::field(path(model, "maxContext"), tokens, format!("{CONTEXT} ...")))
}

fn path(model: &Value, field: &str) -> String {
    format!("models.{}.{field}", model.get("id").and_then(Value::as_str).unwrap_or_default())
}
