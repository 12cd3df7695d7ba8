//! Whether a price that was read once still says anything about today.

use super::PricedAmount;
use crate::card::{Card, Price, PriceKind};
use crate::catalog::Catalog;

/// Whether a market price was read half a year or more before this day: not too old to go by, but to be said.
pub(crate) fn is_aged(today: &str, price: &PricedAmount) -> bool {
    matches!(price.basis.as_str(), "street" | "used") && Price::month_of(today).saturating_sub(Price::month_of(&price.date)) >= 6
}

/// Whether a price says little about today: the launch price of a card that came out three years or more before the catalogue's
/// date (shops hardly have it), any other price that was read too long before it, and what newer readings or cards contradict.
pub(super) fn is_stale(catalog: &Catalog, card: &Card, price: &Price) -> bool {
    match price.kind {
        _ if price.doubt.is_some() => true,
        PriceKind::Launch => !within_years(catalog.date(), &card.launch_date, 3),
        PriceKind::Street | PriceKind::Used | PriceKind::RentPerHour => {
            !within_years(catalog.date(), &price.date, Price::FORGOTTEN)
        }
    }
}

/// Whether a date is less than so many years before today. ISO dates compare as text; a bare year counts as its end.
fn within_years(today: &str, date: &str, years: u32) -> bool {
    let year = |text: &str| text.get(..4).and_then(|year| year.parse::<u32>().ok());
    let (Some(now), Some(then)) = (year(today), year(date)) else { return false };
    let (limit, rest) = (now.saturating_sub(years), today.get(4..).unwrap_or_default());
    let day = date.get(4..).unwrap_or_default();
    then > limit || then == limit && (day > rest.get(..day.len().min(rest.len())).unwrap_or_default() || day == rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_age() {
        let within = |date, years| within_years("2026-11-23", date, years);
        assert!(!within("2017-03-10", 3) && within("2024-01-31", 3));
        assert!(!within("2024-03", 2) && within("2026-09", 2) && within("2026", 2));
        assert!(within("2024-12", 2) && !within("2024-11-22", 2), "the day counts where it is known");
    }
}
