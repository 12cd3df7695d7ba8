//! A link restores what it was made from, and any text opens as a link.

use proptest::prelude::*;
use whichcard::request::Keyword;
use whichcard::share::{Field, Link, View};

#[test]
fn a_link_is_short_and_readable() {
    let link = Link::to(View::Advise).with(Field::Model, "llama-3-8b").with(Field::Job, "qlora").with(Field::Budget, "12000");
    assert_eq!(link.write(), "v=1&view=advise&model=llama-3-8b&job=qlora&budget=12000");
}

#[test]
fn keys_are_unique_and_plain() {
    for (place, field) in Field::ALL.iter().enumerate() {
        assert_eq!(Field::ALL.iter().position(|other| other.key() == field.key()), Some(place), "{}", field.key());
        assert!(field.key().chars().all(|c| c.is_ascii_lowercase()), "{}", field.key());
        assert!(!matches!(field.key(), "v" | "view"));
    }
}

#[test]
fn every_path_leads_to_its_own_field() {
    for field in Field::ALL {
        for path in field.paths() {
            assert_eq!(Field::of_path(path), Some(*field), "{path}");
        }
    }
    assert_eq!(Field::of_path("recipe.parallel.data"), Some(Field::Count), "what has no field of its own belongs to what holds it");
    assert_eq!(Field::of_path("rig.card.name"), Some(Field::Card));
    assert_eq!(Field::of_path("rig.formFactors[1]"), Some(Field::Form));
    assert_eq!(Field::of_path("rigs"), None);
}

#[test]
fn what_other_sites_add_to_a_link_is_dropped() {
    let link = Link::read("view=inspect&card=a40&utm_source=x&utm_campaign=y&fbclid=IwAR2x&from=singlemessage&isappinstalled=0");
    assert_eq!((link.foreign(), link.write().as_str()), (&[][..], "v=1&view=inspect&card=a40"));
    assert_eq!(Link::read("from=me").foreign().len(), 1, "nobody's");
}

/// The opening page tells links that ask something from those that were only passed on, before any of this runs.
#[test]
fn the_opening_page_knows_the_same_parts_of_other_sites() {
    let early = include_str!("../web/early.js");
    let known = early.split_once("/^(utm_.*|").and_then(|(_, rest)| rest.split_once(")$/")).unwrap().0;
    assert!(known.split('|').count() > 10, "{known}");
    for key in known.split('|') {
        assert!(whichcard::share::is_tracking(key, ""), "{key}");
    }
    let ours = include_str!("../src/share.rs");
    let list = ours.split_once("fn is_tracking").and_then(|(_, rest)| rest.split_once("starts_with")).unwrap().0;
    let keys =
        list.split('"').skip(1).step_by(2).filter(|key| !["from", "timeline", "singlemessage", "groupmessage"].contains(key));
    for key in keys {
        assert!(known.split('|').any(|one| one == key), "{key}");
    }
}

#[test]
fn what_nobody_reads_is_listed_and_kept() {
    let link = Link::read("?v=7&view=nowhere&colour=red&model=gpt-2&model=bert-base");
    assert_eq!(link.view(), View::Advise);
    assert_eq!(link.get(Field::Model), Some("gpt-2"));
    let listed: Vec<&str> = link.foreign().iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(listed, ["v", "view", "colour", "model"]);
    assert_eq!(Link::read(&link.write()), link);
    assert!(link.without_foreign().foreign().is_empty());
}

#[test]
fn a_link_of_a_newer_version_is_known_as_one() {
    let newer = |query: &str| Link::read(query).newer();
    assert_eq!(newer("v=99&view=card"), Some(99));
    assert_eq!(newer(&Link::read("v=99&view=card").write()), Some(99));
    assert_eq!((newer("v=1&view=card"), newer("view=card"), newer("v=0"), newer("v=many")), (None, None, None, None));
}

#[test]
fn escapes_survive_and_broken_ones_stand_for_themselves() {
    let link = Link::read("card=%E6%98%BE%E5%8D%A1+4090&price=100%&rent=%zz");
    assert_eq!(link.get(Field::Card), Some("显卡 4090"));
    assert_eq!(link.get(Field::Price), Some("100%"));
    assert_eq!(link.get(Field::Rent), Some("%zz"));
    assert_eq!(Link::read(&link.write()), link);
}

fn any_link() -> impl Strategy<Value = Link> {
    let fields = prop::collection::vec((prop::sample::select(Field::ALL), ".*"), 0..12);
    (prop::sample::select(View::ALL), fields)
        .prop_map(|(view, fields)| fields.into_iter().fold(Link::to(view), |link, (field, text)| link.with(field, text)))
}

proptest! {
    #[test]
    fn every_link_comes_back(link in any_link()) {
        prop_assert_eq!(Link::read(&link.write()), link);
    }

    #[test]
    fn every_text_opens_and_settles(query in ".*") {
        let link = Link::read(&query);
        prop_assert_eq!(Link::read(&link.write()), link);
    }

    #[test]
    fn every_query_of_known_and_unknown_keys_opens(pairs in prop::collection::vec(("(v|view|model|n|x|%4d)", "[a-z0-9%+=]{0,8}"), 0..12)) {
        let query: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let link = Link::read(&query.join("&"));
        prop_assert_eq!(Link::read(&link.write()), link);
    }
}

/// What the script of articles has between two of its words.
fn of_script(from: &str, to: &str) -> &'static str {
    let script = include_str!("../web/embed.js");
    script.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap()
}

#[test]
fn no_key_of_a_question_is_an_attribute_of_the_element_itself() {
    let own: Vec<&str> = of_script("OWN = [", "]").split(", ").map(|name| name.trim_matches('"')).collect();
    assert!(own.contains(&"title") && own.contains(&"hidden"), "{own:?}");
    // An address as a whole has the attribute `link`, whatever it asks.
    let lost: Vec<&str> = Field::ALL.iter().map(|field| field.key()).filter(|key| *key != "link" && own.contains(key)).collect();
    assert_eq!(lost, [] as [&str; 0]);
    assert!(Field::ALL.iter().all(|field| !field.key().contains('-')), "attributes with a hyphen are the article's");
}

#[test]
fn the_script_keeps_room_for_every_view_that_has_a_compact_form() {
    let lines = of_script("COMPACT = {", "}").lines();
    let kept: Vec<&str> = lines.filter_map(|line| line.split_once(':')).map(|(view, _)| view.trim()).collect();
    let mut views: Vec<&str> = View::WIDGETS.iter().map(|view| view.name()).collect();
    views.sort_unstable();
    assert_eq!(kept, views);
}
