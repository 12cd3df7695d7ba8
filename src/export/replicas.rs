//! Replicas that a program knows nothing of.

use super::choice::Choice;
use super::sheet::Sheet;

/// Says how to start every replica by itself, on cards of its own.
pub(super) fn apart(sheet: &mut Sheet) {
    let replicas = sheet.setup.recipe.parallel.data;
    if replicas < 2 {
        return;
    }
    let each = (sheet.setup.rig.count / replicas).max(1);
    let cards = |place: u32| (place * each..(place + 1) * each).map(|card| card.to_string()).collect::<Vec<_>>().join(",");
    let values = [("count", replicas.to_string()), ("first", cards(0)), ("second", cards(1))];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    sheet.explain(Choice::Data, "replicas", &values);
}
