//! The table of cards by device id and by reported name.

use super::name::Name;
use std::borrow::Cow;

const DEVICES: &str = include_str!("devices.tsv");
const OLDER: &str = include_str!("older.tsv");

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    names: &'a str,
    chips: &'a str,
    id: Option<&'a str>,
}

/// All lines that stand for cards or chips, newest table first.
pub(super) fn rows() -> impl Iterator<Item = Row<'static>> {
    DEVICES.lines().chain(OLDER.lines()).filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        Some(Row { names: columns.next()?, chips: columns.next()?, id: columns.next() })
    })
}

impl<'a> Row<'a> {
    /// Whether the line is a card, not only a chip without a product.
    pub fn is_card(&self) -> bool {
        self.names != "-"
    }

    /// The names drivers report.
    pub fn names(&self) -> impl Iterator<Item = Name<'a>> + use<'a> {
        self.names.split(';').filter_map(Name::parse)
    }

    /// The card's id.
    pub fn card(&self) -> Cow<'a, str> {
        self.id.map_or_else(|| Cow::Owned(kebab(self.first_name())), Cow::Borrowed)
    }

    fn first_name(&self) -> &'a str {
        self.names.split(';').next().unwrap_or_default()
    }

    /// The name for people, as drivers of the same family write it.
    pub fn display_name(&self) -> String {
        let name = self.first_name().replace(" Desktop", "").replace(" Mobile", " Laptop GPU").replace(" OEM", "");
        if is_geforce(&name) { format!("GeForce {name}") } else { name }
    }

    /// The chips it is built on, with their device ids in hexadecimal.
    pub fn chips(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.chips.split(' ').filter_map(|group| group.split_once(':'))
    }

    /// The chip of a device id.
    pub fn chip_of(&self, device_id: &str) -> Option<&'a str> {
        self.chips().find(|(_, ids)| ids.split(',').any(|id| id == device_id)).map(|(chip, _)| chip)
    }

    /// Laptop, desktop, or (`None`) either, if only some of its chips are laptop chips.
    pub fn laptop(&self) -> Option<bool> {
        let named = self.names().any(|name| name.says_laptop || name.silent_laptop || name.has_laptop_number());
        if named || self.card().ends_with("-laptop") {
            return Some(true);
        }
        let mut chips = self.chips().map(|(chip, _)| self.is_laptop_chip(chip));
        let first = chips.next()?;
        chips.all(|laptop| laptop == first).then_some(first)
    }

    /// Whether this card on this chip is a laptop card.
    pub fn is_laptop_chip(&self, chip: &str) -> bool {
        chip.ends_with('M') && !self.names().any(|name| name.desktop)
    }

    /// The memory size in the card's id.
    pub fn memory_gb(&self) -> Option<u16> {
        memory_in_id(&self.card())
    }
}

/// The lines of a device id, likeliest card first.
pub(super) fn by_id(device_id: u32) -> Vec<(Row<'static>, &'static str)> {
    let hex = format!("{device_id:04X}");
    rows().filter_map(|row| Some((row, row.chip_of(&hex)?))).collect()
}

/// "16" of "rtx-4060-ti-16gb".
pub(super) fn memory_in_id(card: &str) -> Option<u16> {
    card.split('-').find_map(|word| word.strip_suffix("gb")?.parse().ok())
}

fn is_geforce(name: &str) -> bool {
    let mut words = name.split(' ');
    let (first, second, third) = (words.next().unwrap_or_default(), words.next(), words.next());
    match first {
        "GT" | "GTS" | "GTX" | "G" | "Go" => true,
        "RTX" => {
            second.is_some_and(|number| number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit())) && third != Some("Ada")
        }
        _ => first.starts_with(|c: char| c.is_ascii_digit()) || first.strip_prefix("MX").is_some_and(|n| n.parse::<u16>().is_ok()),
    }
}

/// A name as an id: lower case, words joined by hyphens, "-laptop" last.
fn kebab(name: &str) -> String {
    let lower =
        name.to_ascii_lowercase().replace('+', "-plus").replace("laptop gpu", "mobile").replace("with max-q design", "mobile");
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let laptop = words.contains(&"mobile");
    words.retain(|word| !matches!(*word, "mobile" | "desktop"));
    if laptop {
        words.push("laptop");
    }
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn id(name: &str, expected: &str) {
        assert_eq!(kebab(name), expected);
    }

    #[test]
    fn ids_follow_the_catalogue() {
        id("RTX 4070 Ti SUPER", "rtx-4070-ti-super");
        id("RTX 3050 6GB Laptop GPU", "rtx-3050-6gb-laptop");
        id("Quadro RTX 5000 Mobile", "quadro-rtx-5000-laptop");
        id("9800 GTX+", "9800-gtx-plus");
    }

    #[test]
    fn every_line_is_well_formed() {
        for row in rows() {
            assert!(row.chips().count() > 0, "{row:?}");
            for (chip, ids) in row.chips() {
                assert!(super::super::Architecture::of_chip(chip).is_some(), "{chip}");
                assert!(ids.split(',').all(|id| id.len() == 4 && u16::from_str_radix(id, 16).is_ok()), "{row:?}");
            }
            assert!(!row.is_card() || row.names().count() == row.names.split(';').count(), "{row:?}");
        }
    }

    #[test]
    fn no_card_has_two_lines() {
        let mut cards: Vec<String> = rows().filter(Row::is_card).map(|row| row.card().into_owned()).collect();
        let all = cards.len();
        cards.sort();
        cards.dedup();
        assert_eq!(cards.len(), all);
    }

    #[test]
    fn an_id_may_stand_for_several_cards() {
        let cards: Vec<_> = by_id(0x2d04).iter().map(|(row, _)| row.card().into_owned()).collect();
        assert_eq!(cards, ["rtx-5060-ti-8gb", "rtx-5060-ti-16gb"]);
    }
}
