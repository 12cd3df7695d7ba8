//! What a search finds in a list, and whether it means what it found.

use crate::app::number::narrow;
use std::iter::once;
use whichcard::catalog::spelling;
use whichcard::model::names::{is_letter, search_key};
use yew::AttrValue;

/// Something to pick.
#[derive(Clone, Debug, PartialEq)]
pub struct Pickable {
    /// The value of the field.
    pub value: AttrValue,
    /// What it is called.
    pub name: AttrValue,
    /// What tells it from its neighbours.
    pub detail: AttrValue,
    /// Text that searches look in, as written and as the catalogue spells it, without spaces and hyphens.
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
        let said = texts().map(|text| text.to_ascii_lowercase() + "\n").collect();
        Self {
            value: value.to_owned().into(),
            name: name.to_owned().into(),
            detail: detail.to_owned().into(),
            haystack,
            rank: 0,
            said,
        }
    }

    /// The same at another place.
    pub fn ranked(self, rank: u64) -> Self {
        Self { rank, ..self }
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

/// Whether a line begins with a text, but for spaces and hyphens; the point may be left out of a name ("qwen25"), not of a number.
fn begins(line: &str, text: &str) -> bool {
    let named = text.starts_with(|c: char| !c.is_ascii_digit());
    let skipped = |c: &char| matches!(c, ' ' | '-' | '_') || *c == '.' && named;
    let mut letters = line.chars().filter(|c| !skipped(c));
    text.chars().filter(|c| !c.is_whitespace() && !skipped(c)).all(|c| letters.next() == Some(c))
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

    fn is_in(&self, haystack: &str) -> bool {
        haystack.contains(&self.written) || haystack.contains(&self.usual)
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
/// name begins with it, and of those the first by rank.
fn hits(entries: &[Pickable], query: &str) -> Vec<usize> {
    let words: Vec<Spelt> = query.split_whitespace().map(Spelt::of).filter(|word| !word.written.is_empty()).collect();
    let sizes: Vec<&str> = query.split_whitespace().filter(|word| is_size(word)).collect();
    let whole = Spelt::of(query);
    let begins = |entry: &Pickable| [&whole.written, &whole.usual].iter().any(|text| entry.haystack.contains(&format!("{text} ")));
    let mut hits: Vec<(bool, bool, u64, usize)> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| whole.is_in(&entry.haystack) || words.iter().all(|word| word.is_in(&entry.haystack)))
        .filter(|(_, entry)| sizes.iter().all(|size| entry.says(size)))
        .map(|(place, entry)| (!entry.is_meant_by(query), !begins(entry), entry.rank, place))
        .collect();
    hits.sort_unstable();
    hits.into_iter().map(|(.., place)| place).collect()
}

/// Entries that are nearly what was typed, where nothing is found: the few with the least to change, "stable difusion" and "4090ti".
/// A function of its own, so that a first visit does without it.
#[inline(never)]
pub fn nearest(entries: &[Pickable], query: &str) -> Vec<usize> {
    const SHOWN: usize = 6;
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
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_typed() {
        let entries = [
            Pickable::new("rtx-4090", "GeForce RTX 4090", "24 GB · Ada", &[]),
            Pickable::new("rtx-4090-laptop", "GeForce RTX 4090 Laptop GPU", "16 GB · Ada", &[]),
            Pickable::new("tesla-p40", "Tesla P40", "24 GB · Pascal", &[]),
        ];
        let values =
            |query: &str| found(&entries, query).into_iter().map(|place| entries[place].value.to_string()).collect::<Vec<_>>();
        assert_eq!(values("4090笔记本"), ["rtx-4090-laptop"]);
        assert_eq!(values("笔记本 4090"), ["rtx-4090-laptop"]);
        assert_eq!(values("英伟达 4090 显卡").len(), 2);
        assert_eq!(values("geforc").len(), 2, "half a word");
        assert_eq!(values("特斯拉 P40"), ["tesla-p40"]);
        assert_eq!(values("ｐ４０　２４Ｇ"), ["tesla-p40"], "full width");
        assert_eq!(values("NVIDIA p40 24G"), ["tesla-p40"]);
        let models =
            [Pickable::new("opt-1.3b", "OPT 1.3B", "1.32B", &[]), Pickable::new("qwen2.5-32b", "Qwen2.5 32B", "32.8B", &[])];
        assert_eq!(found(&models, "32B"), [1], "a size is no end of another");
        assert_eq!(found(&models, "1.3B"), [0]);
        assert!(values("💥").is_empty() && values("4091").is_empty());
        for address in ["https://huggingface.co/Qwen/Qwen2.5-32B", "Qwen/Qwen2.5-32B-Instruct", "Qwen2.5-32B-Instruct"] {
            assert_eq!(found(&models, address), [1], "{address}");
        }
        assert!(found(&models, "https://huggingface.co/").is_empty());
    }

    #[test]
    fn a_name_that_is_misspelt_has_neighbours() {
        let called = |names: &[&str], typed: &str| {
            let entries: Vec<Pickable> = names.iter().map(|name| Pickable::new(name, name, "", &[])).collect();
            assert!(found(&entries, typed).is_empty(), "{typed}");
            nearest(&entries, typed).into_iter().map(|place| names[place].to_owned()).collect::<Vec<_>>()
        };
        let models = ["Llama 3 8B", "Stable Diffusion 1.5", "Qwen3 14B", "BERT"];
        assert_eq!(called(&models, "stable difusion"), ["Stable Diffusion 1.5"]);
        assert_eq!(called(&models, "lamma 3"), ["Llama 3 8B"]);
        assert_eq!(called(&models, "qwne3"), Vec::<String>::new(), "two letters of five");
        let cards = ["GeForce RTX 4090", "GeForce RTX 3090 Ti", "Tesla P40"];
        assert_eq!(called(&cards, "4090ti"), ["GeForce RTX 4090"]);
        assert_eq!(called(&cards, "4091"), Vec::<String>::new(), "another number is another card");
        assert_eq!(called(&cards, "💥💥💥💥"), Vec::<String>::new());
    }

    #[test]
    fn of_what_a_text_means_the_rank_decides() {
        let model = |value: &str, rank| Pickable::new(value, value, "", &[]).ranked(rank);
        let entries = [model("deepseek-v2-lite", 3), model("deepseek-v4-pro", 1), model("deepseek-r1", 2)];
        assert_eq!(found(&entries, "deepseek"), [1, 2, 0]);
        assert_eq!(found(&entries, "deepseek v2"), [0]);
    }

    #[test]
    fn only_words_and_sizes_that_match_are_meant() {
        let card = Pickable::new("rtx-4090-laptop", "GeForce RTX 4090 Laptop GPU", "16 GB · Ada", &[]);
        for text in ["4090笔记本", "英伟达 4090 笔记本显卡", "rtx4090", "4090 lap", "RTX 4090 16G", "rtx-4090-laptop"] {
            assert!(card.is_meant_by(text), "{text}");
        }
        let model = Pickable::new("gpt-neo-2.7b", "GPT-Neo 2.7B", "2.7B", &["gptneo"]);
        for text in ["2.7b", "gpt neo", "GPT-Neo-2.7B", "neo 2.7", "gptneo27b"] {
            assert!(model.is_meant_by(text), "{text}");
        }
        for text in ["-7B", "7B", "-2.7B", "27b", "eo", "neo 7b", "", "-", "显卡", "💥"] {
            assert!(!model.is_meant_by(text), "{text}");
        }
        assert!(!Pickable::new("llama-3.1-70b", "Llama 3.1 70B", "71B", &[]).is_meant_by("0B"));
    }
}
