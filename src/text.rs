//! The one place that holds sentences: keys and arguments in, text in the reader's language out.
//!
//! The sentences themselves are in `locales/`, one file per language, and adding a language is adding a file: [`Lang`] is made from the
//! heads of the files that lie there (`build/language.rs`). The sentences are compiled in, except into the page, which loads those of its
//! language ([`handed`]), and into the module for JavaScript, which has those that it says, one a line.

#[cfg(any(page, test))]
pub mod handed;
#[cfg(any(module, test))]
mod lines;
#[cfg(module)]
mod module;
mod refusal;
pub mod words;

pub use refusal::{allowed, list, quantity, range, request_error};

use crate::document::{Keyword, keyword};
use crate::units::Currency;
use std::borrow::Cow;
#[cfg(not(any(page, module)))]
use std::collections::BTreeMap;

/// What a language is, as the head of its file says.
struct Head {
    name: &'static str,
    short: &'static str,
    spaced: bool,
    home: (Currency, &'static str),
    guide: Lang,
    counts: &'static [(f64, &'static str)],
}

// The languages there are, each with its head.
include!(concat!(env!("OUT_DIR"), "/lang.rs"));

impl Lang {
    /// All languages, in the order a switch shows them.
    pub const ALL: &'static [Self] = <Self as Keyword>::ALL;

    /// BCP 47 tag, which is also the name of the locale file.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.name()
    }

    /// Whether its words and sentences have spaces between them.
    #[must_use]
    pub const fn spaced(self) -> bool {
        self.head().spaced
    }

    /// Sentences one after the other.
    #[must_use]
    pub fn joined(self, sentences: &[String]) -> String {
        sentences.join(if self.spaced() { " " } else { "" })
    }

    /// What the language calls itself, in short and in full: the same whatever the reader's language is.
    #[must_use]
    pub const fn own_name(self) -> (&'static str, &'static str) {
        (self.head().short, self.head().name)
    }

    /// The language for a browser's or visitor's tag ("pt", "pt-BR", "en-GB"), if it is one of ours: the very one, or else the first
    /// of its family.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.get(spoken(<Self as Keyword>::NAMES, tag)?).copied()
    }

    /// The language of the guide that its readers get.
    #[must_use]
    pub const fn guide(self) -> Self {
        self.head().guide
    }

    /// Scales by which large counts are written, from the smallest, with their words.
    #[must_use]
    pub const fn counts(self) -> &'static [(f64, &'static str)] {
        self.head().counts
    }

    /// The currency its readers most likely pay in, and the country whose electricity they most likely pay for.
    #[must_use]
    pub const fn home(self) -> (Currency, &'static str) {
        self.head().home
    }
}

/// Which of these tags a browser's or visitor's tag means.
fn spoken(tags: &[&str], tag: &str) -> Option<usize> {
    let family = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let very = tags.iter().position(|one| one.eq_ignore_ascii_case(tag));
    very.or_else(|| tags.iter().position(|one| family(one) == family(tag)))
}

/// The sentence of a key, with `%{name}` replaced by the argument of that name. An unknown key is returned as it is.
#[must_use]
pub fn say(lang: Lang, key: &str, args: &[(&str, &str)]) -> String {
    let said = |template: Cow<'_, str>| {
        let text = filled(&template, args);
        if lang.spaced() { text } else { closed_up(&text) }
    };
    sentence(lang, key).map_or_else(|| key.to_owned(), said)
}

/// Chinese and Japanese have a space beside Latin words, but none between their own characters: what fills a placeholder may be either.
fn closed_up(text: &str) -> String {
    let dense = |c: char| matches!(c, '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
    let mut closed = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let between = c == ' ' && closed.ends_with(dense) && rest.peek().copied().is_some_and(dense);
        if !between {
            closed.push(c);
        }
    }
    closed
}

#[cfg(not(any(page, module)))]
fn sentence(lang: Lang, key: &str) -> Option<Cow<'static, str>> {
    crate::_rust_i18n_try_translate(lang.tag(), key)
}

#[cfg(module)]
fn sentence(lang: Lang, key: &str) -> Option<Cow<'static, str>> {
    module::sentence(lang, key).map(Cow::Borrowed)
}

#[cfg(page)]
fn sentence(lang: Lang, key: &str) -> Option<Cow<'static, str>> {
    handed::sentence(lang, key).map(Cow::Borrowed)
}

/// All sentences of a language by their keys, in order; what it lacks in the first language.
#[cfg(not(any(page, module)))]
#[must_use]
pub fn sentences(lang: Lang) -> BTreeMap<String, String> {
    let own = |lang: Lang| crate::_rust_i18n_backend().messages_for_locale(lang.tag()).unwrap_or_default();
    let all = own(Lang::default()).into_iter().chain(own(lang));
    let texts = all.map(|(key, sentence)| (key.into_owned(), sentence.into_owned()));
    // The head of a file is no sentence.
    texts.filter(|(key, _)| !key.starts_with("language.")).collect()
}

/// Replaces each placeholder once, in one pass: an argument that looks like a placeholder stays what it is.
fn filled(template: &str, args: &[(&str, &str)]) -> String {
    let mut pieces = template.split("%{");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let known = piece.split_once('}').and_then(|(name, rest)| Some((args.iter().find(|(known, _)| *known == name)?.1, rest)));
        match known {
            Some((value, rest)) => text.extend([value, rest]),
            None => text.extend(["%{", piece]),
        }
    }
    text
}

/// Whether a key has a sentence in this language.
#[must_use]
pub fn knows(lang: Lang, key: &str) -> bool {
    sentence(lang, key).is_some()
}

/// A whole number in digits, with its thousands apart.
#[must_use]
pub fn grouped(number: &str) -> String {
    let (sign, whole) = number.strip_prefix('-').map_or(("", number), |whole| ("-", whole));
    let mut text = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_means_the_very_language_or_the_first_of_its_family() {
        let tags = ["en", "pt-BR", "zh-CN", "zh-TW"];
        let meant = |tag| spoken(&tags, tag).and_then(|place| tags.get(place)).copied();
        for (tag, lang) in [("en-GB", "en"), ("zh", "zh-CN"), ("zh-Hans-CN", "zh-CN"), ("ZH-tw", "zh-TW"), ("pt_PT", "pt-BR")] {
            assert_eq!(meant(tag), Some(lang), "{tag}");
        }
        assert_eq!(["de", "", "enx", "constructor"].map(meant), [None; 4]);
    }

    #[test]
    fn chinese_closes_up_around_chinese_only() {
        assert_eq!(closed_up("超过 3 天 的方案，卡数 为 RTX 3090 的（张） 数"), "超过 3 天的方案，卡数为 RTX 3090 的（张）数");
    }

    #[test]
    fn an_argument_is_never_read_as_a_placeholder() {
        let text = filled("%{field} is %{given}, %{unknown}", &[("field", "a"), ("given", "%{field}")]);
        assert_eq!(text, "a is %{field}, %{unknown}");
    }
}
