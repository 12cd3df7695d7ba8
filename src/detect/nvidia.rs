//! An NVIDIA card from its device id and its name: the id first, the name to narrow it, and neither if they contradict.

use super::devices::{Row, by_id, rows};
use super::guess::{Evidence, Guess, Vendor};
use super::name::{Name, slice_of};
use super::renderer::nouveau_code;
use super::{Architecture, architecture};

/// Cards that fit, with what all of them agree on.
struct Found {
    rows: Vec<Row<'static>>,
    chip: Option<&'static str>,
}

/// Reads an NVIDIA device. `name` is what the driver calls it, `chip` what a Mesa driver says it is built on.
pub(super) fn read(name: &str, device_id: Option<u32>, chip: Option<&str>) -> Guess {
    let mut guess = Guess { vendor: Vendor::Nvidia, device_id, ..Guess::default() };
    let listed = device_id.map(by_id).unwrap_or_default();
    let chip_by_id = listed.first().map(|(_, chip)| *chip);
    if let Some(chip) = chip_by_id.or(chip) {
        guess.chip = Some(chip.to_owned());
        guess.generation = Architecture::of_chip(chip);
    }
    if let Some(board) = slice(name) {
        guess.is_virtual = true;
        guess.laptop = Some(false);
        guess.generation = guess.generation.or_else(|| board_generation(board));
        guess.evidence = if guess.generation.is_some() { Evidence::Name } else { Evidence::Nothing };
        return guess;
    }
    let by_id: Vec<Row<'static>> = listed.iter().map(|(row, _)| *row).filter(Row::is_card).collect();
    let parsed = Name::parse(name);
    let by_name = parsed.as_ref().map(|name| named(name)).unwrap_or_default();
    let allowed = parsed.as_ref().map(|name| allowed(name)).unwrap_or_default();
    let both = Some(common(&by_id, &by_name)).filter(|rows| !rows.is_empty()).unwrap_or_else(|| common(&by_id, &allowed));

    if !both.is_empty() {
        settle(&mut guess, &Found { rows: both, chip: chip_by_id }, Evidence::Id);
        guess.name = Some(shown(name));
    } else if by_id.is_empty() && !by_name.is_empty() && fits_chip(&by_name, guess.generation) {
        settle(&mut guess, &Found { rows: by_name, chip: None }, Evidence::Name);
        guess.name = Some(shown(name));
    } else if !by_id.is_empty() && by_name.is_empty() && !parsed.as_ref().is_some_and(Name::claims_model) {
        guess.name = by_id.first().map(Row::display_name);
        settle(&mut guess, &Found { rows: by_id, chip: chip_by_id }, Evidence::Id);
    } else if !by_id.is_empty() || (chip_by_id.is_some() && !by_name.is_empty()) {
        contradict(&mut guess, &Found { rows: by_id, chip: chip_by_id }, &by_name);
    } else {
        read_chip(&mut guess, name);
        if guess.evidence == Evidence::Nothing && parsed.as_ref().is_some_and(Name::claims_model) {
            // A card newer than this table, or a name nobody sells: it is named, only not known.
            guess.name = Some(shown(name));
            guess.evidence = Evidence::Name;
        }
    }
    guess
}

/// Cards whose reported name this is, by the strictest reading of its memory size that any card allows.
fn named(name: &Name<'_>) -> Vec<Row<'static>> {
    let ranked: Vec<(u8, Row<'static>)> = rows()
        .filter(Row::is_card)
        .filter_map(|row| Some((row.names().filter_map(|alias| rank(name, &row, &alias)).min()?, row)))
        .collect();
    let best = ranked.iter().map(|(rank, _)| *rank).min();
    ranked.into_iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, row)| row).collect()
}

/// How well a listed name is the given one, best first; `None` if it is another.
fn rank(name: &Name<'_>, row: &Row<'static>, listed: &Name<'_>) -> Option<u8> {
    let form = if name.says_laptop { row.laptop() == Some(true) } else { !listed.says_laptop };
    if !form || !name.same_model(listed) {
        return None;
    }
    let memory = match name.memory_gb {
        size if size == listed.memory_gb => 0,
        Some(_) if name.memory_gb == row.memory_gb() => 1,
        Some(_) => return None,
        None => 2,
    };
    // Cards sold only inside whole machines come last.
    Some(if listed.oem { memory + 3 } else { memory })
}

/// Cards of the same family, number and suffixes that are not ruled out by what the name says of memory and form. Drivers may leave
/// out the size and "Max-Q", but they do not call a desktop card a laptop's, nor give it another size.
fn allowed(name: &Name<'_>) -> Vec<Row<'static>> {
    let fits = |row: &Row<'static>, listed: &Name<'_>| {
        let memory = name.memory_gb.is_none_or(|size| row.memory_gb().is_none_or(|own| own == size));
        let form = if name.says_laptop { row.laptop() != Some(false) } else { !listed.says_laptop || listed.says_max_q };
        memory && form && name.same_model(listed)
    };
    rows().filter(|row| row.is_card() && row.names().any(|listed| fits(row, &listed))).collect()
}

fn common(a: &[Row<'static>], b: &[Row<'static>]) -> Vec<Row<'static>> {
    a.iter().filter(|row| b.iter().any(|other| other.card() == row.card())).copied().collect()
}

fn fits_chip(rows: &[Row<'static>], generation: Option<Architecture>) -> bool {
    generation.is_none_or(|known| rows.iter().flat_map(Row::chips).any(|(chip, _)| Architecture::of_chip(chip) == Some(known)))
}

/// The value all of them have.
fn agreed<T: PartialEq>(mut values: impl Iterator<Item = Option<T>>) -> Option<T> {
    let first = values.next()??;
    values.all(|value| value.as_ref() == Some(&first)).then_some(first)
}

fn settle(guess: &mut Guess, found: &Found, evidence: Evidence) {
    let rows = &found.rows;
    guess.cards = rows.iter().map(|row| row.card().into_owned()).collect();
    guess.evidence = evidence;
    let of_chips = agreed(rows.iter().flat_map(Row::chips).map(|(chip, _)| Architecture::of_chip(chip)));
    guess.generation = guess.generation.or(of_chips);
    guess.laptop = agreed(rows.iter().map(|row| match found.chip {
        Some(chip) => Some(row.is_laptop_chip(chip) || row.laptop() == Some(true)),
        None => row.laptop(),
    }));
    let in_chipset = |(chip, _): (&str, &str)| chip.starts_with("MCP") || chip.starts_with('C');
    if !rows.is_empty() && rows.iter().flat_map(Row::chips).all(in_chipset) {
        guess.integrated = Some(true);
    }
}

/// Name and id disagree: the likeliest card of each is offered, and only what both share is said.
fn contradict(guess: &mut Guess, by_id: &Found, by_name: &[Row<'static>]) {
    let mut of_name = Guess { generation: None, ..Guess::default() };
    settle(&mut of_name, &Found { rows: by_name.to_vec(), chip: None }, Evidence::Name);
    settle(guess, by_id, Evidence::Id);
    guess.conflict = true;
    guess.cards = guess.cards.first().into_iter().chain(of_name.cards.first()).cloned().collect();
    if !by_name.is_empty() {
        guess.generation = guess.generation.filter(|generation| of_name.generation == Some(*generation));
        guess.laptop = guess.laptop.filter(|laptop| of_name.laptop == Some(*laptop));
    }
}

/// No card: at least the chip's generation.
fn read_chip(guess: &mut Guess, name: &str) {
    if guess.chip.is_none()
        && let Some(code) = nouveau_code(name)
    {
        guess.chip = architecture::nouveau_chip(code).map(str::to_owned);
        guess.generation = Architecture::of_nouveau(code);
    }
    guess.generation = guess.generation.or_else(|| Architecture::of_chip(guess.chip.as_deref()?));
    if guess.generation.is_some() {
        guess.evidence = Evidence::Chip;
    }
}

/// The board behind a slice of a card, as the hypervisor names it.
fn slice(name: &str) -> Option<&str> {
    let grid = name.split_whitespace().any(|word| word.eq_ignore_ascii_case("grid") || word.eq_ignore_ascii_case("vgpu"));
    slice_of(name).or_else(|| grid.then(|| name.split_whitespace().next_back()).flatten())
}

/// The generation of a board as hypervisors write it: "T4", "A100D-4", "RTX6000P", "RTX6000-Ada", "RTX Pro 6000 Blackwell DC".
fn board_generation(board: &str) -> Option<Architecture> {
    let words: Vec<&str> = board.split(|c: char| c.is_whitespace() || c == '-').collect();
    let says = |generation: &str| words.iter().any(|word| word.eq_ignore_ascii_case(generation));
    if says("ada") || says("blackwell") {
        return Some(if says("ada") { Architecture::Ada } else { Architecture::Blackwell });
    }
    let number = words.into_iter().find(|word| word.contains(|c: char| c.is_ascii_digit()))?;
    let bare = number.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    match bare.to_ascii_uppercase().as_str() {
        "RTX6000" | "RTX8000" => Some(Architecture::Turing),
        ampere if ampere.starts_with("RTXA") => Some(Architecture::Ampere),
        kepler if kepler.starts_with('K') => Some(Architecture::Kepler),
        _ => {
            let first =
                |word: &str| rows().filter(Row::is_card).find(|row| row.names().next().is_some_and(|n| n.starts_with_word(word)));
            agreed(first(number).or_else(|| first(bare))?.chips().map(|(chip, _)| Architecture::of_chip(chip)))
        }
    }
}

/// The name without the maker's, single-spaced.
fn shown(name: &str) -> String {
    let maker = |word: &&str| !word.eq_ignore_ascii_case("nvidia") && !word.eq_ignore_ascii_case("corporation");
    name.split_whitespace().filter(maker).collect::<Vec<_>>().join(" ")
}
