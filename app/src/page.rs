//! The frame of the page: header with the entrances, the view, footer.

use super::context::{Env, use_env};
use super::load::{ADDRESS, Loaded};
use super::state::{Action, THEMES, odd_looks};
use super::views;
use super::widgets::{Icon, Notice, Sign, Tone};
use whichcard::request::Keyword;
use whichcard::share::{Field, View};
use whichcard::text::Lang;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct PageProps {
    pub loaded: Loaded,
    pub theme: AttrValue,
    pub onlang: Callback<Lang>,
    pub ontheme: Callback<AttrValue>,
}

#[component]
pub fn Page(props: &PageProps) -> Html {
    let env = use_env();
    let view = env.link.view();
    if env.compact {
        return compact(&env, &props.loaded);
    }
    html! {
        <div class="page" data-view={view.name()} data-ready={is_ready(&props.loaded)} data-catalogue={mark(&props.loaded)}>
            <a class="skip" href="#results">{ env.say("app.nav.skip") }</a>
            <header class="top">
                <a class="wordmark" href={home(&env)} target={env.embedded.then_some("_blank")}>
                    <Icon sign={Sign::Mark} />
                    <span>{ "Whichcard" }</span>
                </a>
                { entrances(&env, "entrances", "app.nav.label", View::QUESTIONS) }
                { switches(&env, props) }
                { entrances(&env, "reference", "app.nav.reference", View::REFERENCE) }
            </header>
            <main>
                { foreign(&env) }
                { body(&env, &props.loaded) }
            </main>
            { footer(&env) }
        </div>
    }
}

/// Whether there is an answer.
fn is_ready(loaded: &Loaded) -> &'static str {
    if matches!(loaded, Loaded::Coming | Loaded::Ready(..)) { "true" } else { "false" }
}

/// Which catalogue the page was drawn from: the application keeps what the build drew only if it has the same.
fn mark(loaded: &Loaded) -> Option<String> {
    if let Loaded::Ready(_, mark) = loaded { Some(mark.to_string()) } else { None }
}

/// The answer and what it asks, and the way to all the rest; the frame says where it is from. What the link says wrongly is for the
/// author of the article, not for its readers: an attribute of the page holds it. But for a view that there is not: the answer is to another
/// question then.
fn compact(env: &Env, loaded: &Loaded) -> Html {
    html! {
        <div class="page" data-view={env.link.view().name()} data-ready={is_ready(loaded)}
            data-unread={Some(unread(env).join(", ")).filter(|parts| !parts.is_empty())}>
            <main>
                { asks_unknown_view(env).then(|| foreign(env)) }
                { body(env, loaded) }
            </main>
            <footer class="bottom">
                <p><a class="whole" href={format!("?{}", env.whole().write())} target="_blank" rel="noopener">
                    <Icon sign={Sign::Mark} />{ env.say("app.embed.whole") }<Icon sign={Sign::Arrow} /></a></p>
                <p>{ env.fill("app.footer.dated", &[("date", &env.dated())]) }</p>
            </footer>
        </div>
    }
}

/// The entrances are real links: they open in new tabs, are copied, and are followed without leaving the page.
fn entrances(env: &Env, class: &'static str, label: &str, list: &'static [View]) -> Html {
    let pins = pins(env);
    html! {
        <nav {class} aria-label={env.say(label)}>
            { for list.iter().map(|view| {
                let (href, onclick) = env.way(*view, Vec::new());
                let current = (*view == env.link.view()).then_some("page");
                html! {
                    <a key={view.name()} {href} data-view-link={view.name()} aria-current={current} {onclick}>
                        { env.say(&format!("app.nav.{}", view.name())) }
                        { for (*view == View::Compare && pins > 0).then(|| html! { <span class="count">{ pins }</span> }) }
                    </a>
                }
            }) }
        </nav>
    }
}

/// How many cards and setups wait to be compared; what cannot be read is none of them.
fn pins(env: &Env) -> usize {
    let asks = [Field::Cards, Field::Setups].into_iter().any(|field| env.link.get(field).is_some_and(|text| !text.is_empty()));
    if asks { views::readable(env) } else { 0 }
}

/// Where the name of the page leads: to its beginning, or out of another page's frame to the same question.
fn home(env: &Env) -> String {
    if env.embedded { format!("?{}", env.whole().write()) } else { "./".to_owned() }
}

fn switches(env: &Env, props: &PageProps) -> Html {
    html! {
        <div class="switches">
            <div class="switch" role="group" aria-label={env.say("app.nav.language")}>
                { for Lang::ALL.iter().map(|lang| {
                    let (lang, (short, name)) = (*lang, lang.own_name());
                    let onclick = { let onlang = props.onlang.clone(); Callback::from(move |_: MouseEvent| onlang.emit(lang)) };
                    html! {
                        <button key={short} type="button" {onclick} lang={lang.tag()} title={name}
                            aria-pressed={(lang == env.lang).to_string()} data-lang={lang.tag()}>{ short }</button>
                    }
                }) }
            </div>
            <div class="switch" role="group" aria-label={env.say("app.nav.theme")}>
                { for THEMES.into_iter().zip(["☀", "◐", "☾"]).map(|(theme, sign)| {
                    let onclick = {
                        let ontheme = props.ontheme.clone();
                        Callback::from(move |_: MouseEvent| ontheme.emit(theme.into()))
                    };
                    let name = env.say(&format!("app.theme.{theme}"));
                    html! {
                        <button key={theme} type="button" {onclick} aria-label={name.clone()} title={name}
                            aria-pressed={(*theme == *props.theme).to_string()} data-theme-choice={theme}>
                            <span aria-hidden="true">{ sign }</span>
                        </button>
                    }
                }) }
            </div>
        </div>
    }
}

/// Parts of the link that mean nothing here.
fn unread(env: &Env) -> Vec<String> {
    let looks = odd_looks(&env.link).into_iter().map(|(field, text)| format!("{}={text}", field.key()));
    let newer = env.link.newer();
    let said = |key: &str| key == "v" && newer.is_some();
    env.link.foreign().iter().filter(|(key, _)| !said(key)).map(|(key, value)| format!("{key}={value}")).chain(looks).collect()
}

/// Whether the link asks a question that there is not.
fn asks_unknown_view(env: &Env) -> bool {
    env.link.foreign().iter().any(|(key, _)| key == "view")
}

/// They are said, not dropped; so is a link that a newer version wrote.
fn foreign(env: &Env) -> Html {
    let newer = env.link.newer();
    let parts = unread(env);
    let drop = {
        let act = env.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Action::DropForeign))
    };
    html! {
        <div class="foreign" hidden={parts.is_empty() && newer.is_none()}>
            <Notice id="foreign" tone={Tone::Caution}>
                { newer.map(|version| html! {
                    <p key="newer">{ env.fill("app.notice.newer", &[("version", &version.to_string())]) }</p>
                }) }
                { (!parts.is_empty()).then(|| html! {
                    <p key="parts">{ env.fill("app.notice.foreign", &[("parts", &parts.join(&env.say("app.list-comma")))]) }</p>
                }) }
                <button key="drop" type="button" class="small" onclick={drop}>{ env.say("app.notice.drop-foreign") }</button>
            </Notice>
        </div>
    }
}

fn body(env: &Env, loaded: &Loaded) -> Html {
    let wrong = |key: &'static str, why: String| {
        html! {
            <section key="wrong" class="alone" id="results">
                <h1>{ env.say(key) }</h1>
                <Notice id="catalogue-problem" tone={Tone::Wrong}>
                    <p>{ why }</p>
                    <p class="quiet">{ env.fill("app.catalogue.where", &[("address", ADDRESS)]) }</p>
                    <p><a class="button" href="">{ env.say("app.catalogue.again") }</a></p>
                </Notice>
            </section>
        }
    };
    match loaded {
        Loaded::Unreachable(why) => wrong("app.catalogue.unreachable", why.clone()),
        Loaded::Broken(error) => wrong("app.catalogue.broken", error.in_words(env.lang)),
        // Back to another view, before there is anything to say in it.
        Loaded::Coming if env.link.view() != View::Advise => html! { <section key="coming" id="results"></section> },
        Loaded::Coming | Loaded::Ready(..) => match env.link.view() {
            View::Advise => html! { <views::Advise key="advise" /> },
            View::Card => html! { <views::CardView key="card" /> },
            View::Inspect => html! { <views::Inspect key="inspect" /> },
            View::Scratch => html! { <views::Scratch key="scratch" /> },
            View::Compare => html! { <views::Compare key="compare" /> },
            View::Catalogue => html! { <views::Catalogue key="catalogue" /> },
            View::Accuracy => html! { <views::Accuracy key="accuracy" /> },
            View::About => html! { <views::About key="about" /> },
            View::Generations => html! { <views::GenerationsView key="generations" /> },
            View::Embed => html! { <views::Embed key="embed" /> },
        },
    }
}

/// What the catalogue holds, and as of when.
fn of_catalogue(env: &Env) -> AttrValue {
    let (cards, models) = (env.catalog.cards().len().to_string(), env.catalog.model_count().to_string());
    env.fill("app.footer.catalogue", &[("cards", &cards), ("models", &models), ("date", &env.dated())]).into()
}

fn footer(env: &Env) -> Html {
    let reset = {
        let act = env.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Action::Reset))
    };
    html! {
        <footer class="bottom">
            <p>{ env.say("app.footer.private") }</p>
            <p id="catalogue-line">{ env.built.catalogue.clone().unwrap_or_else(|| of_catalogue(env)) }</p>
            <p class="row">
                <button type="button" class="small" onclick={reset}>{ env.say("app.footer.reset") }</button>
                { views::embed_link(env) }
                <a class="button small guide" href={env.guide()}>{ env.say("app.nav.guide") }</a>
            </p>
        </footer>
    }
}
