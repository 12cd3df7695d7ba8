//! The languages of the program: the heads of the files in `locales/`, read, held against each other, and written as Rust.

use super::locale::{HEAD, Texts};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The language the others are compared with, which stands in for what they lack.
pub const FIRST: &str = "en";
/// Currencies that prices can be in, by their codes of ISO 4217 (`units::Currency`).
pub const CURRENCIES: [&str; 3] = ["USD", "CNY", "EUR"];
/// Lists of typed words with what stands for one of them in the program.
const UNITS: &[(&str, &[(&str, &str)])] = &[
    (
        "TIME",
        &[("minutes", "MINUTE"), ("hours", "1.0"), ("days", "DAY"), ("weeks", "WEEK"), ("months", "MONTH"), ("years", "YEAR")],
    ),
    ("POWER", &[("watts", "1.0"), ("kilowatts", "1e3")]),
    ("MONEY", &[("dollars", "Currency::Usd"), ("euros", "Currency::Eur"), ("yuan", "Currency::Cny")]),
];

/// Words with what they stand for.
type Pairs<T> = Vec<(String, T)>;

/// What the head of a file says.
#[derive(Debug)]
pub struct Language {
    pub tag: String,
    name: String,
    short: String,
    spaced: bool,
    currency: String,
    country: String,
    /// Whose guide its readers get.
    guide: String,
    /// From the smallest to the largest.
    counts: Pairs<f64>,
    numbers: Pairs<f64>,
    /// How many cards a word means.
    several: Pairs<u32>,
    /// Spellings of the words in names of cards.
    spellings: Pairs<String>,
    /// Other words by their keys.
    words: BTreeMap<String, Vec<String>>,
}

/// Reads the heads of all files, given by their tags. The first language comes first, then the others by their tags.
///
/// # Errors
/// What is missing, cannot be read, or contradicts another file.
pub fn languages(files: &BTreeMap<String, Texts>) -> Result<Vec<Language>, Vec<String>> {
    let mut mistakes = Vec::new();
    let read = |(tag, texts): (&String, &Texts)| match Head::of(tag, texts) {
        Ok(language) => Some(language),
        Err(mistake) => {
            mistakes.push(format!("locales/{tag}.yml: {mistake}"));
            None
        }
    };
    let mut all: Vec<Language> = files.iter().filter_map(read).collect();
    all.sort_by_key(|language| language.tag != FIRST);
    if all.first().is_none_or(|first| first.tag != FIRST) && mistakes.is_empty() {
        mistakes.push(format!("locales/{FIRST}.yml is missing"));
    }
    for language in &all {
        if !files.contains_key(&language.guide) {
            mistakes.push(format!(
                "locales/{}.yml: {HEAD}guide is {:?}; expected the tag of a file in locales/",
                language.tag, language.guide
            ));
        }
    }
    mistakes.extend(contradictions(&all));
    if mistakes.is_empty() { Ok(all) } else { Err(mistakes) }
}

/// Words that mean one thing here and another there: a page of any language understands all.
fn contradictions(all: &[Language]) -> Vec<String> {
    let mut known: BTreeMap<(&str, &str), (String, &str)> = BTreeMap::new();
    let mut found = Vec::new();
    for language in all {
        for (list, word, meaning) in language.meanings() {
            let (other, tag) = known.entry((list, word)).or_insert_with(|| (meaning.clone(), &language.tag));
            if *other != meaning {
                found.push(format!(
                    "locales/{}.yml: {HEAD}typed has {word}={meaning}, but locales/{tag}.yml {word}={other}. It cannot mean both: leave it out here",
                    language.tag
                ));
            }
        }
    }
    found
}

impl Language {
    /// The name of its variant: `pt-BR` is `PtBr`.
    fn variant(&self) -> String {
        self.tag.split('-').map(capitalised).collect()
    }

    fn meanings(&self) -> impl Iterator<Item = (&'static str, &str, String)> {
        let numbers = self.numbers.iter().map(|(word, value)| ("numbers", word.as_str(), format!("{value:e}")));
        let several = self.several.iter().map(|(word, count)| ("several", word.as_str(), count.to_string()));
        let spellings = self.spellings.iter().map(|(word, instead)| ("card-names", word.as_str(), instead.clone()));
        let units = UNITS.iter().flat_map(|(list, keys)| {
            keys.iter().flat_map(|(key, _)| self.words(key).iter().map(|word| (*list, word.as_str(), (*key).to_owned())))
        });
        numbers.chain(several).chain(spellings).chain(units)
    }

    fn words(&self, key: &str) -> &[String] {
        self.words.get(key).map_or(&[], Vec::as_slice)
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters.map(|letter| letter.to_ascii_lowercase())).collect()
}

/// The head of a file that is being read.
struct Head<'a>(&'a Texts);

impl Head<'_> {
    fn of(tag: &str, texts: &Texts) -> Result<Language, String> {
        let head = Head(texts);
        let letters = tag.split('-').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric()));
        if !letters || !tag.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err("the file's name is no tag of a language, such as de or pt-BR".to_owned());
        }
        let mut counts: Pairs<f64> = head.pairs("counts")?;
        counts.sort_by(|one, other| one.1.total_cmp(&other.1));
        let units = UNITS.iter().flat_map(|(_, keys)| keys.iter().map(|(key, _)| *key));
        let words = units.chain(["of-cards", "own", "before", "after"]).map(|key| Ok((key.to_owned(), head.list(key)?)));
        Ok(Language {
            tag: tag.to_owned(),
            name: head.filled("name")?,
            short: head.filled("short")?,
            spaced: head.one_of("spaces", &["yes", "no"])? == "yes",
            currency: head.one_of("currency", &CURRENCIES)?,
            country: head.country()?,
            guide: head.filled("guide")?,
            counts,
            numbers: head.pairs("typed.numbers")?,
            several: head.pairs("typed.several")?,
            spellings: head.pairs("typed.card-names")?,
            words: words.collect::<Result<_, String>>()?,
        })
    }

    fn text(&self, key: &str) -> Result<&str, String> {
        let text = self.0.get(&format!("{HEAD}{key}"));
        text.map(String::as_str).ok_or_else(|| format!("{HEAD}{key} is missing: copy it from locales/{FIRST}.yml"))
    }

    fn filled(&self, key: &str) -> Result<String, String> {
        let text = self.text(key)?;
        if text.trim().is_empty() { Err(format!("{HEAD}{key} is empty")) } else { Ok(text.to_owned()) }
    }

    fn one_of(&self, key: &str, allowed: &[&str]) -> Result<String, String> {
        let text = self.text(key)?;
        if allowed.contains(&text) {
            Ok(text.to_owned())
        } else {
            Err(format!("{HEAD}{key} is {text:?}; expected one of {allowed:?}"))
        }
    }

    fn country(&self) -> Result<String, String> {
        let text = self.text("country")?;
        let letters = text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase());
        if letters { Ok(text.to_owned()) } else { Err(format!("{HEAD}country is {text:?}; expected two letters such as \"US\"")) }
    }

    /// Words with blanks between, as they are typed: in lower case.
    fn list(&self, key: &str) -> Result<Vec<String>, String> {
        Ok(self.text(&format!("typed.{key}"))?.split_whitespace().map(str::to_ascii_lowercase).collect())
    }

    /// `word=value` with blanks between.
    fn pairs<T: std::str::FromStr>(&self, key: &str) -> Result<Pairs<T>, String> {
        let pair = |text: &str| {
            let (word, value) = text.split_once('=').filter(|(word, _)| !word.is_empty())?;
            // What is typed has its case taken off; what is written keeps it.
            let word = if key.starts_with("typed.") { word.to_ascii_lowercase() } else { word.to_owned() };
            Some((word, value.parse().ok()?))
        };
        let read = |text: &str| pair(text).ok_or_else(|| format!("{HEAD}{key} has {text:?}; expected word=value"));
        self.text(key)?.split_whitespace().map(read).collect()
    }
}

/// `Lang` with what is said of each language. `text.rs` takes it in.
pub fn lang(all: &[Language]) -> String {
    let mut variants = String::new();
    let mut heads = String::new();
    for language in all {
        let Language { tag, name, short, spaced, country, .. } = language;
        let variant = language.variant();
        let default = if tag == FIRST { "        #[default]\n" } else { "" };
        let _ = writeln!(variants, "        /// {name}.\n{default}        {variant} = {tag:?},");
        let currency = capitalised(&language.currency);
        let guide = all.iter().find(|other| other.tag == language.guide).map_or_else(|| language.variant(), Language::variant);
        let counts: Vec<String> = language.counts.iter().map(|(word, scale)| format!("({scale:e}, {word:?})")).collect();
        let counts = counts.join(", ");
        let _ = writeln!(
            heads,
            "            Self::{variant} => &Head {{ name: {name:?}, short: {short:?}, spaced: {spaced}, home: (Currency::{currency}, {country:?}), guide: Self::{guide}, counts: &[{counts}] }},"
        );
    }
    format!(
        "keyword!(
    /// A language the project speaks, by its BCP 47 tag.
    #[derive(Default)]
    Lang {{
{variants}    }}
);

impl Lang {{
    const fn head(self) -> &'static Head {{
        match self {{
{heads}        }}
    }}
}}
"
    )
}

/// The file of sentences of each language, of those that a file of a plan says (`text/module.rs`).
pub fn picked(all: &[Language]) -> String {
    let arm =
        |language: &Language| format!("    Lang::{} => find(picked!(\"files-{}.txt\"), key),\n", language.variant(), language.tag);
    format!("match lang {{\n{}}}\n", all.iter().map(arm).collect::<String>())
}

/// The words people type, of all languages together (`text/words.rs`).
pub fn typed(all: &[Language]) -> String {
    let numbers = merged(all, |language| worded(&language.numbers, |value| format!("{value:e}")));
    let several = merged(all, |language| worded(&language.several, u32::to_string));
    let mut text = list("pub const NUMBERS", "(&str, f64)", &numbers) + &list("pub const SEVERAL", "(&str, u32)", &several);
    for (name, keys) in UNITS {
        let pairs = merged(all, |language| {
            let words = |(key, value): &(&str, &str)| {
                language.words(key).iter().map(|word| (word.clone(), (*value).to_owned())).collect::<Vec<_>>()
            };
            keys.iter().flat_map(words).collect()
        });
        let kind = if *name == "MONEY" { "(&str, Currency)" } else { "(&str, f64)" };
        text += &list(&format!("pub const {name}"), kind, &pairs);
    }
    // What an amount is paid in is known by then, and adds nothing either.
    let after = ["after", "dollars", "euros", "yuan"];
    for (name, keys) in [("OF_CARDS", &["of-cards"][..]), ("OWN", &["own"]), ("BEFORE", &["before"]), ("AFTER", &after)] {
        let bare = |word: &String| (word.clone(), String::new());
        let words = merged(all, |language| keys.iter().flat_map(|key| language.words(key)).map(bare).collect());
        text += &list(&format!("pub const {name}"), "&str", &words);
    }
    text
}

/// Words in the names of cards with what the catalogue writes instead (`catalog/name.rs`).
pub fn spellings(all: &[Language]) -> String {
    let pairs = merged(all, |language| worded(&language.spellings, |instead| format!("{instead:?}")));
    list("const SPELLINGS", "(&str, &str)", &pairs)
}

fn worded<T>(pairs: &[(String, T)], value: impl Fn(&T) -> String) -> Pairs<String> {
    pairs.iter().map(|(word, meant)| (word.clone(), value(meant))).collect()
}

/// Each word once, though several languages have it, and longer ones first: a longer word may hold a shorter.
fn merged(all: &[Language], of: impl Fn(&Language) -> Pairs<String>) -> Pairs<String> {
    let mut pairs: Pairs<String> = all.iter().flat_map(of).collect();
    pairs.sort_by_key(|(word, _)| std::cmp::Reverse(word.chars().count()));
    let mut once: Pairs<String> = Vec::new();
    for pair in pairs {
        if !once.contains(&pair) {
            once.push(pair);
        }
    }
    once
}

/// A constant list of words, with what they stand for if they do.
fn list(declared: &str, kind: &str, pairs: &[(String, String)]) -> String {
    let entry =
        |(word, value): &(String, String)| if value.is_empty() { format!("{word:?}") } else { format!("({word:?}, {value})") };
    format!("{declared}: &[{kind}] = &[{}];\n", pairs.iter().map(entry).collect::<Vec<_>>().join(", "))
}
