//! Every language says everything, with the same placeholders, and the code asks for nothing that is not there.

#[path = "../../build/language.rs"]
mod language;
#[path = "../../build/locale.rs"]
mod locale;

mod heads;

use locale::{Texts, differences};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use whichcard::text::{Lang, knows};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What the file of a language says, by dotted keys.
fn texts(tag: &str) -> Texts {
    let name = format!("locales/{tag}.yml");
    let file = std::fs::read_to_string(root().join(&name)).unwrap();
    locale::read(&name, &file).unwrap_or_else(|mistakes| panic!("{}", mistakes.join("\n")))
}

/// Its sentences.
fn sentences(tag: &str) -> Texts {
    texts(tag).into_iter().filter(|(key, _)| !key.starts_with(locale::HEAD)).collect()
}

/// The files of all languages by their tags.
fn files() -> BTreeMap<String, Texts> {
    let names = std::fs::read_dir(root().join("locales")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| Some(name.strip_suffix(".yml")?.to_owned())).map(|tag| (tag.clone(), texts(&tag))).collect()
}

#[test]
fn all_languages_have_the_same_keys_and_placeholders() {
    let english = sentences("en");
    assert!(english.len() > 300, "only {} sentences", english.len());
    let files = files();
    assert_eq!(files.len(), Lang::ALL.len());
    for (tag, texts) in &files {
        let found = differences(&files["en"], texts);
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
        ("app.embed.how", Place::names()),
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
        if View::WIDGETS.contains(view) {
            assert!(knows(*lang, &format!("app.embed.widget-{}", view.name())), "widget {} in {}", view.name(), lang.tag());
        }
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
    for folder in ["src", "app/src"] {
        rust_files(&root().join(folder), &mut files);
    }
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
    let page = ["index.html", "xtask/src/hosting.rs"].map(|file| std::fs::read_to_string(root().join(file)).unwrap()).concat();
    let idle: Vec<&String> = english
        .keys()
        .filter(|key| key.starts_with("app.") || key.starts_with("shell.") && !page.contains(key.as_str()))
        .filter(|key| !asked.iter().any(|one| one == *key || one.split_once('{').is_some_and(|(stem, _)| key.starts_with(stem))))
        .collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}
