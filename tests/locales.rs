//! Every language says everything, with the same placeholders, and the code asks for nothing that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use whichcard::text::{Lang, knows};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Dotted keys and sentences of a locale file. The files keep to one form: two spaces a level, one quoted sentence a line.
fn sentences(tag: &str) -> BTreeMap<String, String> {
    let file = root().join(format!("locales/{tag}.yml"));
    let mut path: Vec<String> = Vec::new();
    let mut found = BTreeMap::new();
    for (number, line) in std::fs::read_to_string(&file).unwrap().lines().enumerate() {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let place = format!("{}:{}", file.display(), number + 1);
        let (key, value) = text.split_once(':').unwrap_or_else(|| panic!("{place}: no key"));
        path.truncate((line.len() - line.trim_start().len()) / 2);
        path.push(key.trim_matches('"').to_owned());
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        let sentence = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let sentence = sentence.unwrap_or_else(|| panic!("{place}: not a quoted sentence")).to_owned();
        assert!(!sentence.trim().is_empty(), "{place}: empty");
        assert_eq!(found.insert(path.join("."), sentence), None, "{place}: twice");
    }
    found
}

fn placeholders(sentence: &str) -> BTreeSet<&str> {
    sentence.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// The tags of all files of sentences, also of a language that the program does not know yet: who translates wants to hear of it.
fn tags() -> Vec<String> {
    let files = std::fs::read_dir(root().join("locales")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let tags: Vec<String> = files.filter_map(|name| name.strip_suffix(".yml").map(str::to_owned)).collect();
    assert!(Lang::ALL.iter().all(|lang| tags.iter().any(|tag| tag == lang.tag())), "{tags:?}");
    tags
}

/// What a language says otherwise than English does, or not at all.
fn differences(english: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> Vec<String> {
    let surplus = other.keys().filter(|key| !english.contains_key(*key)).map(|key| format!("{key} is not in en.yml"));
    let compared = english.iter().filter_map(|(key, sentence)| {
        let Some(translated) = other.get(key) else { return Some(format!("{key} is missing")) };
        let (asked, given) = (placeholders(sentence), placeholders(translated));
        (asked != given).then(|| format!("{key} has the placeholders {given:?}; expected {asked:?}"))
    });
    surplus.chain(compared).collect()
}

#[test]
fn all_languages_have_the_same_keys_and_placeholders() {
    let english = sentences("en");
    assert!(english.len() > 300, "only {} sentences", english.len());
    for tag in tags() {
        let found = differences(&english, &sentences(&tag));
        assert!(found.is_empty(), "locales/{tag}.yml:\n{}", found.join("\n"));
    }
    for (lang, key) in Lang::ALL.iter().flat_map(|lang| english.keys().map(move |key| (lang, key))) {
        assert!(knows(*lang, key), "{} {key} is in the file, not in the program", lang.tag());
    }
}

#[test]
fn what_a_translation_lacks_is_told_by_its_key() {
    let of = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    let found = differences(&of(&[("a", "%{n} cards"), ("b", "Yes")]), &of(&[("a", "Cartes"), ("c", "Non")]));
    assert_eq!(found, ["c is not in en.yml", "a has the placeholders {}; expected {\"n\"}", "b is missing"]);
}

#[test]
fn every_value_of_a_list_has_a_name() {
    use whichcard::card::{Form, Generation};
    use whichcard::export::{Format, snippet::Place};
    use whichcard::plan::Objective;
    use whichcard::request::*;
    use whichcard::share::View;
    use whichcard::units::Currency;
    let lists = [
        ("objective", Objective::names()),
        ("condition", Condition::names()),
        ("form", Form::names().into_iter().chain(["any"]).collect()),
        ("format", Format::names()),
        ("embed-place", Place::names()),
        ("job", JobKind::names()),
        ("weights", WeightFormat::names()),
        ("precision", Precision::names()),
        ("optimizer", Optimizer::names()),
        ("checkpointing", Checkpointing::names()),
        ("attention", AttentionKernel::names()),
        ("loss", LossKernel::names()),
        ("stack", Stack::names()),
        ("targets", LoraTargetSet::names()),
        ("kv", CacheFormat::names()),
        ("vae-tiling", VaeTiling::names()),
        ("sharding", Sharding::names()),
        ("link", LinkKind::names()),
        ("step", OptimizerKernel::names()),
        ("currency", Currency::names()),
        ("offload", Offload::NAMES.iter().map(|name| name.trim_end_matches(":N")).collect()),
    ];
    let valued = lists.map(|(list, names)| (format!("app.value.{list}"), names));
    let others = [
        ("app.generation", Generation::names()),
        ("app.objective-about", Objective::names()),
        ("app.advise.best", Objective::names()),
        ("reason", whichcard::plan::ReasonCode::names()),
        ("warning", whichcard::estimate::WarningCode::names()),
    ];
    for (list, names) in valued.into_iter().chain(others.map(|(list, names)| (list.to_owned(), names))) {
        // A key cannot hold a dot. A name with one (llama.cpp, iq4.xs) is what a program calls
        // itself or its file, and is shown as it is.
        for name in names.into_iter().filter(|name| !name.contains('.')) {
            for lang in Lang::ALL {
                assert!(knows(*lang, &format!("{list}.{name}")), "{list} {name} in {}", lang.tag());
            }
        }
    }
    for (view, lang) in View::ALL.iter().flat_map(|view| Lang::ALL.iter().map(move |lang| (view, lang))) {
        assert!(knows(*lang, &format!("app.nav.{}", view.name())), "{} in {}", view.name(), lang.tag());
    }
}

#[test]
fn what_was_measured_has_a_name() {
    let file = std::fs::read_to_string(root().join("web/accuracy.json")).unwrap();
    let file: serde_json::Value = serde_json::from_str(&file).unwrap();
    let measured = file["quantities"].as_array().unwrap();
    assert!(measured.len() > 10, "{measured:?}");
    for pair in measured {
        let [quantity, unit] = [0, 1].map(|place| pair[place].as_str().unwrap());
        for lang in Lang::ALL {
            for key in [
                format!("app.accuracy.quantity.{}", quantity.replace(' ', "-")),
                format!("app.accuracy.unit.{}", unit.replace('/', "-")),
            ] {
                assert!(knows(*lang, &key), "{key} in {}", lang.tag());
            }
        }
    }
}

#[test]
fn chinese_is_chinese() {
    let english = sentences(Lang::En.tag());
    for (key, sentence) in sentences(Lang::ZhCn.tag()) {
        let han = sentence.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let plain: String = english[&key].split("%{").map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect();
        // A name that is spelt the same everywhere, such as that of a program, is one word.
        let words = plain
            .split(|c: char| !c.is_alphabetic() && c != '-')
            .filter(|word| word.len() > 3 && word.chars().all(|c| c.is_ascii_lowercase()));
        let sentence_like = words.count() >= 2;
        assert!(han || !sentence_like, "{key} is not translated: {sentence}");
        let mark = [',', ';', '?', '!'].into_iter().find(|mark| sentence.contains(&format!("{mark} ")) && han);
        assert_eq!(mark, None, "{key} has a half-width mark: {sentence}");
    }
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push(path);
        }
    }
}

/// Texts between quotes that look like a key: `app.field.model`, or `app.task.{id}` where the last part is filled in.
fn keys_in(code: &str) -> impl Iterator<Item = &str> {
    code.split('"').skip(1).step_by(2).filter(|text| {
        let known = ["app.", "detect."].iter().any(|section| text.starts_with(section));
        known && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '{' | '}' | '(' | ')'))
    })
}

#[test]
fn the_code_asks_only_for_what_is_there() {
    let english = sentences(Lang::En.tag());
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    let mut asked = BTreeSet::new();
    for file in files {
        let code = std::fs::read_to_string(&file).unwrap();
        for key in keys_in(&code) {
            let known = match key.split_once('{') {
                None => english.contains_key(key),
                Some((stem, _)) => english.keys().any(|known| known.starts_with(stem)),
            };
            assert!(known, "{} asks for {key}", file.display());
            asked.insert(key.to_owned());
        }
    }
    assert!(asked.len() > 150, "only {} keys found in the code", asked.len());
    // And nothing is kept that nobody asks for.
    let page = std::fs::read_to_string(root().join("index.html")).unwrap();
    let idle: Vec<&String> = english
        .keys()
        .filter(|key| key.starts_with("app.") || key.starts_with("shell.") && !page.contains(key.as_str()))
        .filter(|key| !asked.iter().any(|one| one == *key || one.split_once('{').is_some_and(|(stem, _)| key.starts_with(stem))))
        .collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}
