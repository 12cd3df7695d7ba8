//! The page a first visit opens with, as HTML: written while the site is built, so that the first answer is there before the
//! application is. The same components draw it that draw the application.

use super::app::{App, AppProps};
use super::built::Built;
use super::load::Loaded;
use std::collections::BTreeMap;
use std::sync::mpsc;
use whichcard::catalog::Catalog;
use whichcard::text::Lang;
use yew::Callback;
use yew::platform::Runtime;

/// Answers a JSON object with the HTML of the opening page in each language, by its tag.
pub fn write(catalog: &str) -> Result<String, String> {
    Catalog::from_json(catalog).map_err(|error| error.in_words(Lang::default()))?;
    let pages = Lang::ALL.iter().map(|lang| Ok((lang.tag(), opening(*lang, catalog.to_owned())?)));
    let pages = pages.collect::<Result<BTreeMap<_, _>, String>>()?;
    serde_json::to_string(&pages).map_err(|error| error.to_string())
}

fn opening(lang: Lang, catalog: String) -> Result<String, String> {
    let (done, html) = mpsc::channel();
    // The framework draws on a thread of its own.
    Runtime::default().spawn_pinned(move || async move {
        let loaded = Loaded::read(&catalog);
        let props =
            AppProps { query: "".into(), lang, theme: "system".into(), loaded, built: Built::default(), ondrawn: Callback::noop() };
        let page = yew::LocalServerRenderer::<App>::with_props(props).hydratable(false).render().await;
        // Nobody listens any more only where this has failed already.
        let _ = done.send(page);
    });
    html.recv().map_err(|_| format!("the page could not be drawn in {}", lang.tag()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_opens_with_its_own_answer() {
        let pages: BTreeMap<String, String> = serde_json::from_str(&write(include_str!("../../catalog.json")).unwrap()).unwrap();
        for lang in Lang::ALL {
            let page = &pages[lang.tag()];
            assert!(page.contains("id=\"verdict\"") && page.contains("id=\"ranking\""), "{lang:?} has no answer");
            assert!(page.contains(&whichcard::text::say(*lang, "app.asked.title", &[])), "{lang:?} speaks another language");
            // Nothing is left to hydrate, and nothing that xtask would take for a mark of its own.
            assert!(!page.contains("<!--") && !page.contains("{{"), "{lang:?}");
        }
    }

    #[test]
    fn a_broken_catalogue_is_refused() {
        assert!(write("{}").is_err());
    }
}
