//! The languages there are follow from the heads of their files alone, tried with one that there is not.

use super::language::{self, CURRENCIES, Language, languages};
use super::locale::{self, Texts};
use super::{files, root};
use std::collections::BTreeMap;
use whichcard::catalog::Catalog;
use whichcard::request::Keyword;
use whichcard::text::Lang;
use whichcard::units::Currency;

/// English with another head, as somebody has it who has just copied the file and filled in the head.
fn german() -> Texts {
    let head = [
        ("name", "Deutsch"),
        ("short", "DE"),
        ("currency", "EUR"),
        ("country", "DE"),
        ("counts", "Mrd.=1e9 Mio.=1e6"),
        ("typed.numbers", "Tausend=1e3 Mio=1e6 Mrd=1e9"),
        ("typed.days", "Tage Tag days"),
        ("typed.of-cards", "mal"),
        ("typed.several", "zwei=2"),
        ("typed.card-names", "Grafikkarte= notebook=laptop"),
    ];
    let mut texts = files().remove("en").unwrap();
    texts.extend(head.map(|(key, text)| (format!("language.{key}"), text.to_owned())));
    texts
}

/// The two languages the expectations below are about, whatever others there are, and one more.
fn with(tag: &str, texts: Texts) -> BTreeMap<String, Texts> {
    let mut files = files();
    files.retain(|tag, _| ["en", "zh-CN"].contains(&tag.as_str()));
    files.insert(tag.to_owned(), texts);
    files
}

fn mistakes(tag: &str, texts: Texts) -> String {
    languages(&with(tag, texts)).map(|_| ()).unwrap_err().join("\n")
}

fn german_with(key: &str, text: &str) -> Texts {
    let mut texts = german();
    texts.insert(format!("language.{key}"), text.to_owned());
    texts
}

#[test]
fn a_language_is_its_file() {
    let all = languages(&with("de-CH", german())).unwrap();
    let tags: Vec<&str> = all.iter().map(|language: &Language| language.tag.as_str()).collect();
    assert_eq!(tags, ["en", "de-CH", "zh-CN"]);
    let lang = language::lang(&all);
    for line in [
        "        /// Deutsch.\n        DeCh = \"de-CH\",",
        r#"Self::DeCh => &Head { name: "Deutsch", short: "DE", spaced: true, home: (Currency::Eur, "DE"), guide: Self::En, counts: &[(1e6, "Mio."), (1e9, "Mrd.")] },"#,
    ] {
        assert!(lang.contains(line), "{lang}");
    }
    assert!(language::picked(&all).contains("Lang::DeCh => find(picked!(\"files-de-CH.txt\"), key),"));
    let typed = language::typed(&all);
    for word in ["(\"tausend\", 1e3)", "(\"tage\", DAY)", "(\"天\", DAY)", "(\"zwei\", 2)", "\"mal\""] {
        assert!(typed.contains(word), "{word} in {typed}");
    }
    // Two languages may have a word in common.
    assert_eq!(typed.matches("(\"days\", DAY)").count(), 1);
    let spellings = language::spellings(&all);
    assert!(spellings.contains("(\"grafikkarte\", \"\")") && spellings.matches("notebook").count() == 1, "{spellings}");
}

#[test]
fn the_program_speaks_what_lies_there() {
    let tags: Vec<String> = languages(&files()).unwrap().iter().map(|language| language.tag.clone()).collect();
    assert_eq!(Lang::names(), tags);
    assert_eq!(CURRENCIES.to_vec(), Currency::names());
}

#[test]
fn a_wrong_head_is_told_by_its_key() {
    let mut without = german();
    without.retain(|key, _| key != "language.spaces");
    assert_eq!(mistakes("de", without), "locales/de.yml: language.spaces is missing: copy it from locales/en.yml");
    for (key, text, says) in [
        ("spaces", "perhaps", "language.spaces is \"perhaps\"; expected one of [\"yes\", \"no\"]"),
        ("currency", "DEM", "language.currency is \"DEM\"; expected one of [\"USD\", \"CNY\", \"EUR\"]"),
        ("country", "Germany", "language.country is \"Germany\"; expected two letters such as \"US\""),
        ("name", " ", "language.name is empty"),
        ("guide", "xx", "language.guide is \"xx\"; expected the tag of a file in locales/"),
        ("counts", "Mio.=viel", "language.counts has \"Mio.=viel\"; expected word=value"),
        ("typed.several", "zwei", "language.typed.several has \"zwei\"; expected word=value"),
        (
            "typed.numbers",
            "billion=1e12",
            "language.typed has billion=1e12, but locales/en.yml billion=1e9. It cannot mean both: leave it out here",
        ),
    ] {
        assert_eq!(mistakes("de", german_with(key, text)), format!("locales/de.yml: {says}"));
    }
    let named = mistakes("Deutsch", german());
    assert!(named.contains("no tag of a language"), "{named}");
}

#[test]
fn a_line_that_cannot_be_read_is_told_by_its_number() {
    let file =
        "language:\n  counts: \"\"\nerror:\n  whole: The request\n  other: \" \"\nword\n  whole: \"again\"\n  whole: \"again\"\n";
    assert_eq!(
        locale::read("de.yml", file).unwrap_err(),
        [
            "de.yml:4: not a text between quotes",
            "de.yml:5: an empty sentence",
            "de.yml:6: no key; expected key: \"text\"",
            "de.yml:8: a key that stands twice",
        ]
    );
}

#[test]
fn every_home_has_a_tariff() {
    let catalog = std::fs::read_to_string(root().join("catalog.json")).unwrap();
    let catalog = Catalog::from_json(&catalog).unwrap();
    for lang in Lang::ALL {
        let (_, country) = lang.home();
        assert!(catalog.tariffs().iter().any(|tariff| tariff.country == country), "no tariff of {country} in catalog.json");
    }
}

#[test]
fn no_language_is_named_in_the_program() {
    let mut sources = Vec::new();
    for folder in ["src", "app/src", "xtask/src"] {
        super::rust_files(&root().join(folder), &mut sources);
    }
    let mut named = Vec::new();
    for path in sources.into_iter().filter(|path| !path.ends_with("tests.rs")) {
        let code = std::fs::read_to_string(&path).unwrap();
        let program = code.split("mod tests {").next().unwrap();
        for (number, line) in program.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            // The first is also that of data and remarks.
            let by_tag = Lang::ALL.iter().skip(1).any(|lang| {
                let family = lang.tag().split('-').next().unwrap();
                [lang.tag(), family].iter().any(|tag| line.contains(&format!("\"{tag}\"")) || line.contains(&format!("={tag}\"")))
            });
            // Names of models are what they are called, in whatever language.
            let in_han = !path.ends_with("model/names.rs") && line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            if by_tag || in_han || line.contains("Lang::En") || line.contains("Lang::Zh") {
                named.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(named.is_empty(), "a language belongs in locales/:\n{}", named.join("\n"));
}
