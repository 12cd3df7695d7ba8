//! What a search finds in a list, and whether it means what it found.

use crate::number::narrow;
use std::iter::once;
use whichcard::catalog::spelling;
use whichcard::model::names::{is_letter, search_key};
use yew::AttrValue;

/// Bits of a rank.
const RANKED: u32 = 52;

/// Something to pick.
#[derive(Clone, Debug, PartialEq)]
pub struct Pickable {
    /// The value of the field.
    pub value: AttrValue,
    /// What it is called.
    pub name: AttrValue,
    /// What tells it from its neighbours.
    pub detail: AttrValue,
    /// Its texts as written and as the catalogue spells them, without spaces and hyphens, with a space behind each.
    pub haystack: String,
    /// Where it stands among those that a text means as well: the least comes first.
    rank: u64,
    /// The same texts as they are written, one a line: where words begin.
    said: String,
}

impl Pickable {
    /// Something to pick, found by its value, name, detail and these words.
    pub fn new(value: &str, name: &str, detail: &str, words: &[&str]) -> Self {
        let texts = || [value, name, detail].into_iter().chain(words.iter().copied());
        let haystack: String = texts().flat_map(Spelt::both).map(|text| text + " ").collect();
        // Quantities are written with spaces at which no line breaks.
        let said = texts().map(|text| text.to_ascii_lowercase().replace('\u{a0}', " ") + "\n").collect();
        Self {
            value: value.to_owned().into(),
            name: name.to_owned().into(),
            detail: detail.to_owned().into(),
            haystack,
            rank: 0,
            said,
        }
    }

    /// The same at another place, which is a number of at most so many bits.
    pub fn ranked(self, rank: u64) -> Self {
        Self { rank: rank.min((1 << RANKED) - 1), ..self }
    }

    /// Whether a text is this entry's value or name.
    pub fn is_called(&self, text: &str) -> bool {
        plain(&self.name) == plain(text) || plain(&self.value) == plain(text)
    }

    /// Whether a text can only mean something like this: all its words, or the whole of it, stand where words begin. Letters
    /// within a word are enough to find an entry, not to take it: "0B" is no "70B" and "-7B" no "2.7B".
    pub fn is_meant_by(&self, text: &str) -> bool {
        let words: Vec<&str> = text.split_whitespace().filter(|word| !Spelt::of(word).usual.is_empty()).collect();
        self.is_called(text) || !words.is_empty() && (self.says(text) || words.iter().all(|word| self.says(word)))
    }

    /// Whether a text stands at the beginning of a word, or within one: "m40" is not in "SXM 40GB".
    fn has(&self, text: &Spelt) -> bool {
        let within = |part: &str| {
            let part = plain(part);
            !part.is_empty() && (part.contains(&text.written) || part.contains(&text.usual))
        };
        text.usual.is_empty()
            || self.says(&text.written)
            || self.says(&text.usual)
            || self.said.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_')).any(within)
    }

    /// Whether its value or name begins with the first word of a text, where that is a name and no single letter: "llama 8b" is
    /// a Llama before it is what was distilled into one.
    fn is_led_by(&self, text: &str) -> bool {
        let text = text.trim_start().to_ascii_lowercase();
        let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        word.len() > 2 && [&self.value, &self.name].iter().any(|own| words_of(own).next().is_some_and(|first| first == word))
    }

    /// How many words of its name a text of several words leaves out.
    fn left_out_by(&self, text: &str) -> usize {
        if text.split_whitespace().count() < 2 {
            return 0;
        }
        let text = text.to_ascii_lowercase();
        words_of(&self.name).filter(|word| !words_of(&text).any(|typed| typed == *word)).count()
    }

    /// Whether a text stands at the beginning of a word, as written or in the catalogue's spelling.
    fn says(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        // A sign makes another number.
        let signed = text.strip_prefix(['-', '−', '+']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let spelt = spelling(&text);
        !signed
            && [&text, &spelt]
                .into_iter()
                .filter(|text| !text.is_empty())
                .any(|text| starts(&self.said).any(|rest| begins(rest, text)))
    }
}

/// The words of a text, without its numbers.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase)
}

/// A text without the memory that is written beside a name, "22g" and "24 GB", and that memory in GiB.
pub fn without_memory(text: &str) -> Option<(String, u32)> {
    let text = text.to_ascii_lowercase().replace(" gb", "gb");
    let gigabytes = |word: &str| -> Option<u32> {
        let digits = ["gib", "gb", "g"].iter().find_map(|unit| word.strip_suffix(unit))?;
        digits.parse().ok()
    };
    let memory = text.split_whitespace().find_map(gigabytes)?;
    let name: Vec<&str> = text.split_whitespace().filter(|word| gigabytes(word).is_none()).collect();
    (!name.is_empty()).then(|| (name.join(" "), memory))
}

/// A text from each of its beginnings of a word: where letters meet something else, digits and letters each other. A number goes on
/// behind its point.
fn starts(said: &str) -> impl Iterator<Item = &str> {
    let kind = |c: char| {
        if c.is_ascii_digit() || c == '.' {
            0
        } else if c.is_ascii_alphabetic() {
            1
        } else {
            2
        }
    };
    let before = once(' ').chain(said.chars());
    said.char_indices().zip(before).filter_map(move |((at, c), before)| {
        let begins = is_letter(c) && (kind(c) != kind(before) || kind(c) == 2);
        begins.then(|| said.get(at..)).flatten()
    })
}

/// Whether a line begins with a text, but for spaces and hyphens; the point may be left out of a name ("qwen25"), not of a number,
/// which goes on behind no space either: "32" is not in "Qwen3 235B".
fn begins(line: &str, text: &str) -> bool {
    let named = text.starts_with(|c: char| !c.is_ascii_digit());
    let skipped = |c: char| matches!(c, ' ' | '-' | '_') || c == '.' && named;
    let mut typed = text.chars().filter(|c| !c.is_whitespace() && !skipped(*c)).peekable();
    let mut before = None;
    for c in line.chars() {
        let Some(wanted) = typed.peek() else { return true };
        let goes_on = |before: char| !named && skipped(before) && c.is_ascii_digit() && wanted.is_ascii_digit();
        if skipped(c) {
            before = Some(c);
            continue;
        }
        if c != *wanted || before.is_some_and(goes_on) {
            return false;
        }
        before = Some(c);
        typed.next();
    }
    typed.peek().is_none()
}

/// Text as searches compare it.
fn plain(text: &str) -> String {
    text.chars()
        .map(narrow)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '.'))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// A text as it is written, and in the catalogue's spelling: "4090笔记本" is also "4090laptop".
struct Spelt {
    written: String,
    usual: String,
}

impl Spelt {
    fn of(text: &str) -> Self {
        let written = plain(text);
        // Words like "显卡" say nothing and are spelt as nothing; signs are not words.
        let usual = if text.contains(is_letter) { plain(&spelling(text)) } else { written.clone() };
        Self { written, usual }
    }

    fn both(text: &str) -> [String; 2] {
        let spelt = Self::of(text);
        [spelt.written, spelt.usual]
    }
}

/// Whether a word is the size of a model, which is no other number's end: "8B" is not in "14.8B".
fn is_size(word: &str) -> bool {
    let digits = word.strip_suffix(['b', 'B']).unwrap_or_default();
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Entries that a text finds as it is typed, or else without what surrounds a name elsewhere: address, owner and tuning
/// (`https://huggingface.co/Qwen/Qwen2.5-7B-Instruct`).
pub fn found(entries: &[Pickable], query: &str) -> Vec<usize> {
    let query: String = query.chars().map(narrow).collect();
    let typed = hits(entries, &query);
    let name = search_key(&query);
    if typed.is_empty() && !name.is_empty() { hits(entries, &name) } else { typed }
}

/// Entries in which every word of the query is found, and every size as such; those that it means first, of those the ones whose
/// name begins with its first word, those that a name of theirs ends with it, those of whose name it leaves out the least, and of
/// those the first by rank.
fn hits(entries: &[Pickable], query: &str) -> Vec<usize> {
    let words: Vec<Spelt> = query.split_whitespace().map(Spelt::of).filter(|word| !word.written.is_empty()).collect();
    let sizes: Vec<&str> = query.split_whitespace().filter(|word| is_size(word)).collect();
    let whole = Spelt::of(query);
    let ends = |entry: &Pickable| [&whole.written, &whole.usual].iter().any(|text| entry.haystack.contains(&format!("{text} ")));
    let order = |entry: &Pickable| {
        let far = entry.left_out_by(query).min(15) as u64 + if ends(entry) { 0 } else { 16 };
        (far << RANKED) + entry.rank
    };
    let mut hits: Vec<(bool, bool, u64, usize)> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.has(&whole) || words.iter().all(|word| entry.has(word)))
        .filter(|(_, entry)| sizes.iter().all(|size| entry.says(size)))
        .map(|(place, entry)| (!entry.is_meant_by(query), !entry.is_led_by(query), order(entry), place))
        .collect();
    hits.sort_unstable();
    hits.into_iter().map(|(.., place)| place).collect()
}

/// Entries that are nearly what was typed, where nothing is found: the few with the least to change, "stable difusion" and "4090ti".
/// A function of its own, so that a first visit does without it.
#[inline(never)]
pub fn nearest(entries: &[Pickable], query: &str) -> Vec<usize> {
    const SHOWN: usize = 6;
    // Cards are sold with more memory than their maker gave them: nearest is the card as it was made.
    if let Some((name, _)) = without_memory(query) {
        let named: Vec<usize> = hits(entries, &name).into_iter().take(SHOWN).collect();
        if !named.is_empty() {
            return named;
        }
    }
    let typed: Vec<char> = Spelt::of(query).usual.chars().collect();
    // One letter in three may be wrong; of two or three none, or everything would do.
    let bound = if typed.len() > 3 { typed.len() / 3 } else { return Vec::new() };
    let near = |entry: &Pickable| entry.haystack.split(' ').map(|text| distance(&typed, text)).min();
    let mut near: Vec<(usize, u64, usize)> = entries
        .iter()
        .enumerate()
        .filter_map(|(place, entry)| Some((near(entry).filter(|distance| *distance <= bound)?, entry.rank, place)))
        .collect();
    near.sort_unstable();
    near.into_iter().take(SHOWN).map(|(.., place)| place).collect()
}

/// How many letters have to change until what was typed stands somewhere in a text. Another digit is another thing, and counts as three.
fn distance(typed: &[char], text: &str) -> usize {
    let weight = |letter: char| if letter.is_ascii_digit() { 3 } else { 1 };
    // What each part of what was typed, from its beginning, is from the text up to a letter.
    let mut until: Vec<usize> = std::iter::once(0)
        .chain(typed.iter().scan(0, |sum, letter| {
            *sum += weight(*letter);
            Some(*sum)
        }))
        .collect();
    let mut least = until.last().copied().unwrap_or_default();
    for letter in text.chars() {
        let mut before = 0;
        let mut left = 0;
        for (known, wanted) in until.iter_mut().skip(1).zip(typed) {
            let changed = if *wanted == letter { 0 } else { weight(*wanted).max(weight(letter)) };
            let next = (before + changed).min(*known + weight(letter)).min(left + weight(*wanted));
            before = std::mem::replace(known, next);
            left = next;
        }
        least = least.min(left);
    }
    least
}

#[cfg(test)]
mod tests;
