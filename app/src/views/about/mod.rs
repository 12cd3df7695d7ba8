//! What this is, how it works, what it knows of its visitor, and who stands behind its figures.

use crate::context::{Env, use_env};
use crate::format;
use whichcard::share::View;
use yew::prelude::*;

/// Where the program comes from.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

#[component]
pub fn About() -> Html {
    let env = use_env();
    html! {
        <section class="results reference-view prose" id="results" tabindex="-1" aria-label={env.say("app.nav.about")}>
            <header class="headline" id="verdict" data-verdict="about">
                <h1>{ env.say("app.about.title") }</h1>
                <p>{ env.say("app.about.what") }</p>
            </header>
            <section>
                <h2>{ env.say("app.about.method") }</h2>
                <ol class="method">
                    { for ["model", "memory", "time", "money", "plan"].into_iter().map(|part| html! {
                        <li key={part}>{ env.say(&format!("app.about.method-{part}")) }</li>
                    }) }
                </ol>
                <p>{ more(&env, View::Accuracy, "app.about.see-accuracy") }</p>
            </section>
            <section>
                <h2>{ env.say("app.about.privacy") }</h2>
                <p>{ env.say("app.about.privacy-text") }</p>
            </section>
            <section>
                <h2>{ env.say("app.about.sources") }</h2>
                <p>{ env.say("app.about.sources-text") }</p>
                <p>{ more(&env, View::Catalogue, "app.about.see-catalogue") }</p>
                <details class="sources">
                    <summary>{ env.fill("app.about.all-sources", &[("n", &env.catalog.sources().len().to_string())]) }</summary>
                    <ul>{ for env.catalog.sources().iter().map(|source| html! {
                        <li key={source.id.clone()}>
                            { match &source.url {
                                Some(url) => html! { <a href={url.clone()}>{ &source.title }</a> },
                                None => html! { <span>{ &source.title }</span> },
                            } }
                            <span class="quiet">
                                { source.date.as_ref().map(|date| format!(" · {}", format::day(env.lang, date))) }
                            </span>
                        </li>
                    }) }</ul>
                </details>
            </section>
            <section>
                <h2>{ env.say("app.about.licence") }</h2>
                <p>{ env.say("app.about.licence-text") }</p>
                <p>{ env.say("app.about.pci-ids") }{ " " }<a href="https://pci-ids.ucw.cz/">{ "pci-ids.ucw.cz" }</a></p>
                <p>{ env.say("app.about.trademarks") }</p>
            </section>
            <section>
                <h2>{ env.say("app.about.links") }</h2>
                <ul class="links">
                    <li key="guide"><a href={env.guide()}>{ env.say("app.nav.guide") }</a></li>
                    { for [
                        ("code", String::new()),
                        ("wrong", "/issues".to_owned()),
                        ("docs", "/tree/main/docs".to_owned()),
                        ("notices", "/blob/main/THIRD-PARTY-NOTICES.md".to_owned()),
                    ].into_iter().map(|(name, path)| html! {
                        <li key={name}>
                            <a href={format!("{REPOSITORY}{path}")}>{ env.say(&format!("app.about.link-{name}")) }</a>
                        </li>
                    }) }
                </ul>
                <p class="quiet">
                    { env.fill("app.about.version", &[("version", env!("CARGO_PKG_VERSION")), ("date", &env.dated())]) }
                </p>
            </section>
        </section>
    }
}

/// A sentence that leads to another view.
fn more(env: &Env, view: View, key: &str) -> Html {
    let (href, onclick) = env.way(view, Vec::new());
    html! { <a {href} {onclick}>{ env.say(key) }</a> }
}
