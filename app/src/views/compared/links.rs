//! What other links ask, to be compared as well.

use super::choice::{asked, fields, queued};
use super::entry::Entry;
use crate::context::Env;
use crate::reading::Reading;
use crate::state::changed;
use crate::views::{advised, recipe};
use whichcard::share::{Field, Link, View};

/// The words of a text. A sentence goes on right behind a link where words have no spaces; what is beyond ASCII is escaped in an address.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || !c.is_ascii())
}

/// The links in a text: whatever has a query that this page understands, with or without the address before it, which another copy of
/// the page may have.
pub fn links(text: &str) -> impl Iterator<Item = Link> {
    words(text).filter_map(link)
}

fn link(word: &str) -> Option<Link> {
    let query = word.split_once('?').map_or(word, |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let link = query.contains("view=").then(|| Link::read(query))?;
    // Other sites have views of their own.
    let ours = link.newer().is_some() || link.foreign().is_empty() && (link.values().next().is_some() || !word.contains("://"));
    ours.then_some(link)
}

/// The addresses in a text that are no links of this page.
pub fn others(text: &str) -> String {
    words(text).filter(|word| word.contains("://") && link(word).is_none()).collect::<Vec<_>>().join("\n")
}

/// Reads what a link asks.
type Reader = fn(&Env, &Link) -> Vec<Entry>;

/// How what a view asks is read, to be compared: cards, a setup, or the setup that a recommendation opens or puts first. None where it
/// asks nothing of the kind.
fn reader(view: View) -> Option<Reader> {
    let read: Reader = match view {
        View::Inspect => |env, link| vec![Entry::setup(env, link)],
        View::Advise => |env, link| recommended(env, link).into_iter().map(|link| Entry::setup(env, &link)).collect(),
        View::Card | View::Scratch => |env, link| card(env, link.get(Field::Card)).into_iter().collect(),
        View::Compare => |env, link| {
            let cards = link.get(Field::Cards).unwrap_or_default().split(',').filter_map(|id| card(env, Some(id)));
            let setups = link.get(Field::Setups).unwrap_or_default().split('/').filter(|text| !text.is_empty());
            cards.chain(setups.map(|text| Entry::Setup(text.to_owned()))).collect()
        },
        View::Catalogue | View::Accuracy | View::About | View::Generations | View::Embed => return None,
    };
    Some(read)
}

/// Whether a view asks something that can be compared.
pub fn comparable(view: View) -> bool {
    reader(view).is_some()
}

/// The changes that compare what these links ask, beside what was chosen; none where they hold nothing to compare.
pub fn adding(env: &Env, links: &[Link]) -> Vec<(Field, Option<String>)> {
    let found: Vec<Entry> = links.iter().filter_map(|link| Some(reader(link.view())?(env, link))).flatten().collect();
    if found.is_empty() { Vec::new() } else { fields(&found.into_iter().fold(asked(env), queued)) }
}

fn card(env: &Env, id: Option<&str>) -> Option<Entry> {
    env.catalog.card(id?.trim()).map(|card| Entry::Card(card.id.clone()))
}

/// The plan that a recommendation shows, as a setup.
fn recommended(env: &Env, link: &Link) -> Option<Link> {
    let reading = Reading::of(link, &env.catalog, env.lang);
    let plan = advised::shown_plan(&env.catalog, &reading, link.get(Field::Open).unwrap_or_default())?;
    let mut changes = recipe::changes(&plan.setup);
    changes.push((Field::Card, Some(plan.setup.rig.card.id.clone())));
    Some(changed(link.clone().at(View::Inspect).without(Field::Open), changes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_in_whatever_surrounds_them() {
        let text =
            "Look: https://example.org/whichcard/?v=1&view=inspect&card=a40#x\nand ?view=card&card=rtx-3090 , or view=compare";
        let views: Vec<View> = links(text).map(|link| link.view()).collect();
        assert_eq!(views, [View::Inspect, View::Card, View::Compare]);
        assert_eq!(links(text).next().unwrap().get(Field::Card), Some("a40"));
        assert_eq!(links("https://example.org/ and nothing else").count(), 0);
        let foreign = "https://example.org/?view=list https://example.org/board?view=card&zoom=3 https://example.org/?view=card";
        assert_eq!(links(foreign).count(), 0, "views of other sites");
        assert_eq!(others(&format!("see {foreign}\n?view=card&card=a40")), foreign.replace(' ', "\n"), "are given back");
        let chinese = "看看这个：https://example.org/?view=inspect&card=rtx-5090，还有https://example.org/?view=card&card=a40。";
        let cards: Vec<String> = links(chinese).filter_map(|link| link.get(Field::Card).map(str::to_owned)).collect();
        assert_eq!(cards, ["rtx-5090", "a40"]);
    }

    #[test]
    fn only_what_becomes_a_column_is_offered_for_comparison() {
        assert!([View::Inspect, View::Advise, View::Card, View::Scratch, View::Compare].into_iter().all(comparable));
        let others = [View::Catalogue, View::Accuracy, View::About, View::Generations, View::Embed];
        assert!(!others.into_iter().any(comparable));
    }
}
