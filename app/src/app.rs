//! How the page starts, and the component around the views: state, catalogue, and the effects that keep address, document and parent page in step.

use crate::built::{self, Built};
use crate::context::Env;
use crate::late::Late;
use crate::load::{self, Loaded};
use crate::reading::{RATES, Reading};
use crate::state::{Action, State, THEMES};
use crate::{address, browser, later, page, past, spoken, tab, views};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use whichcard::catalog::Catalog;
use whichcard::share::{Field, Link};
use whichcard::text::Lang;
use whichcard::units::Currency;
use yew::prelude::*;

/// Milliseconds of quiet before the address follows what is typed.
const SETTLED: u32 = 200;

/// Starts the page. Called by `web/start.js`, which by then can bring what is missing.
#[wasm_bindgen(js_name = start)]
pub fn start() {
    yew::set_custom_panic_hook(Box::new(|info| {
        let report = info.to_string();
        web_sys::console::error_1(&report.as_str().into());
        browser::show_crash(&report);
    }));
    wasm_bindgen_futures::spawn_local(async {
        let query = query_with_kept_card();
        let lang = browser::kept("lang").and_then(|tag| Lang::from_tag(&tag)).unwrap_or_else(browser::language);
        let link = Link::read(&query);
        let built = Built::of(&link, spoken_by(&link, lang));
        let loaded = if built.question.is_some() { Loaded::Coming } else { load::catalog(None).await };
        mount(query, lang, loaded, built);
    });
}

/// Draws the page apart from the document; it takes the place of the opening page in one step, when its first answer is drawn.
fn mount(query: String, lang: Lang, loaded: Loaded, built: Built) {
    let Some(place) = browser::place_apart() else { return };
    let props = AppProps {
        query: query.into(),
        lang,
        built,
        theme: browser::kept("theme").unwrap_or_else(|| "system".to_owned()).into(),
        loaded,
        ondrawn: Callback::from({
            let place = place.clone();
            move |()| browser::take_over(&place)
        }),
    };
    yew::Renderer::<App>::with_root_and_props(place, props).render();
}

/// The language a link asks for, else that of the visitor.
fn spoken_by(link: &Link, lang: Lang) -> Lang {
    link.get(Field::Lang).and_then(Lang::from_tag).unwrap_or(lang)
}

/// The address, with the card the visitor asked to keep where it names none; an article decides for itself.
fn query_with_kept_card() -> String {
    let query = address::query();
    let link = Link::read(&query);
    match browser::kept(views::KEPT_CARD) {
        Some(card) if link.get(Field::Card).is_none() && link.get(Field::Embed) != Some("1") => {
            let taken = browser::kept(views::KEPT_RESERVED).filter(|_| link.get(Field::Reserved).is_none());
            let link = link.with(Field::Card, card);
            let written = taken.map_or_else(|| link.clone(), |taken| link.clone().with(Field::Reserved, taken)).write();
            // So that Back to this step finds the card again.
            address::replace_query(&written);
            written
        }
        _ => query,
    }
}

#[derive(Properties, PartialEq)]
pub struct AppProps {
    /// Query of the address.
    pub query: AttrValue,
    /// Language where the link says none.
    pub lang: Lang,
    /// Theme where the link says none.
    pub theme: AttrValue,
    /// The catalogue, or why it is not here.
    pub loaded: Loaded,
    /// What stays as the build drew it.
    pub built: Built,
    /// Called once, when the first answer is drawn.
    pub ondrawn: Callback<()>,
}

/// State, catalogue and the effects that keep address, document and parent page in step.
#[component]
pub fn App(props: &AppProps) -> Html {
    let state = use_reducer(|| State::of(Link::read(&props.query)));
    let loaded = load::use_loaded(&props.loaded, props.built.drawn_from);
    let theme = use_state(|| props.theme.clone());
    let link = Rc::clone(&state.link);
    let lang = spoken::use_spoken(spoken_by(&link, props.lang));
    let built = built::use_built(&props.built, &link, lang, &loaded);
    let embedded = link.get(Field::Embed) == Some("1");
    let compact = embedded && link.get(Field::Compact) != Some("0");
    let asked = link.get(Field::Theme).filter(|theme| THEMES.contains(theme));
    let theme_now: AttrValue = asked.map_or_else(|| (*theme).clone(), |theme| theme.to_owned().into());

    let act = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let catalog = match &loaded {
        Loaded::Ready(catalog, _) => Late::clone(catalog),
        _ => Late::new(Catalog::default),
    };
    let reading = use_memo((Rc::clone(&link), lang, Late::clone(&catalog)), |(link, lang, catalog)| {
        let (link, lang, catalog) = (Rc::clone(link), *lang, Late::clone(catalog));
        Late::new(move || Reading::of(&link, &catalog, lang))
    });

    use_address(&state, embedded);
    use_past(&act, embedded);
    use_hands(&act);
    use_effect_with((), {
        let ondrawn = props.ondrawn.clone();
        move |()| ondrawn.emit(())
    });
    use_effect_with(embedded, |embedded| {
        let report = embedded.then(browser::report_height).flatten();
        move || drop(report)
    });
    let (onlang, ontheme) = (keeping_lang(&act), keeping_theme(&act, &theme));
    // A visitor who knows newer exchange rates sees every amount by them.
    let has_rates = RATES.iter().any(|(field, _)| link.get(*field).is_some());
    let rates = if has_rates { reading.rates.clone() } else { Vec::new() };
    let catalog = use_memo((catalog, rates), |(catalog, rates)| {
        if rates.is_empty() { Late::clone(catalog) } else { rated(Late::clone(catalog), rates.clone()) }
    });
    let catalog = Late::clone(&catalog);
    let undoes = !state.past.is_empty();
    let reading = Late::clone(&reading);
    let env = Env { lang, embedded, compact, link, reading, catalog, act, undoes, built };
    // The title says what is asked, as the question does.
    let title = env.built.question.is_none().then(|| views::title(&env));
    use_effect_with((lang, title, theme_now.clone(), embedded, compact), |(lang, title, theme, embedded, compact)| {
        browser::describe(*lang, title.as_deref(), theme, &[("data-embed", *embedded), ("data-compact", *compact)]);
    });
    html! {
        <ContextProvider<Env> context={env}>
            <page::Page {loaded} theme={theme_now} {onlang} {ontheme} />
        </ContextProvider<Env>>
    }
}

/// Takes a language, now and on the next visit.
fn keeping_lang(act: &Callback<Action>) -> Callback<Lang> {
    act.reform(|lang: Lang| {
        browser::keep("lang", lang.tag());
        Action::Set(Field::Lang, lang.tag().to_owned())
    })
}

/// Takes a theme, now and on the next visit; it counts for more than that of the link.
fn keeping_theme(act: &Callback<Action>, theme: &UseStateHandle<AttrValue>) -> Callback<AttrValue> {
    let theme = theme.clone();
    act.reform(move |chosen: AttrValue| {
        browser::keep("theme", &chosen);
        theme.set(chosen);
        Action::Put(vec![(Field::Theme, None)])
    })
}

/// What the visitor does beside the form: goes back and forward, asks for the search, takes a change back.
#[hook]
fn use_hands(act: &Callback<Action>) {
    use_effect_with((), {
        let act = act.clone();
        move |()| {
            let undo = act.reform(|()| Action::Undo);
            let listeners = [
                address::on_travel(move || {
                    browser::fold_led();
                    act.emit(Action::Load(Link::read(&address::query())));
                }),
                browser::on_key("/", browser::focus_search),
                browser::on_undo(move || undo.emit(())),
            ];
            move || drop(listeners)
        }
    });
}

/// The catalogue with exchange rates of the visitor's own. A function of its own, so that a first visit does without it.
#[inline(never)]
fn rated(catalog: Late<Catalog>, rates: Vec<(Currency, f64)>) -> Late<Catalog> {
    Late::new(move || rates.iter().fold(Catalog::clone(&catalog), |catalog, (currency, rate)| catalog.with_rate(*currency, *rate)))
}

/// The address follows the link: a choice is a step of its own, and so is what is opened; anything else replaces once it has settled.
/// Closing what was opened returns to the step before. Inside another page nothing is a step: Back belongs to that page.
#[hook]
fn use_address(state: &UseReducerHandle<State>, embedded: bool) {
    let last = use_mut_ref(|| None::<String>);
    let past = Rc::clone(&state.past);
    use_effect_with((Rc::clone(&state.link), state.visited), move |(link, visited)| {
        let written = link.write();
        let before = last.replace(Some(written.clone()));
        let current = address::query();
        let is_first = before.is_none();
        let follows = if current.trim_start_matches('?') == written || is_first {
            false
        } else if *visited && !embedded {
            // What was typed a moment ago belongs to the step that Back returns to.
            if let Some(before) = before.filter(|before| Link::read(&current) != Link::read(before)) {
                address::replace_query(&before);
            }
            address::push_query(&written);
            false
        } else if link.get(Field::Open).is_none() && address::is_step_before(&written) {
            address::step_back();
            false
        } else {
            // Kept although the address follows: a reload that has been asked for and takes its time still leads to the one before.
            tab::keep_address(&current, &written);
            true
        };
        // What is kept anew takes the place of what was: each access to what a tab keeps takes as long as a row of the list.
        if !follows {
            tab::forget_address();
        }
        let settles = move || {
            if follows {
                address::replace_query(&written);
            }
            // A frame shares what is kept with the page around it.
            if !embedded {
                past::keep(&past, &written);
            }
        };
        let waiting = (!is_first).then(|| gloo_timers::callback::Timeout::new(SETTLED, settles));
        move || drop(waiting)
    });
}

/// What can be taken back outlives a reload. It is read when all modules are here; where they cannot be had, it stays what it is.
#[hook]
fn use_past(act: &Callback<Action>, embedded: bool) {
    use_effect_with((), {
        let act = act.clone();
        move |()| {
            if let Some(kept) = (!embedded).then(tab::past).flatten() {
                wasm_bindgen_futures::spawn_local(async move {
                    if later::prepare(true).await.is_null() {
                        act.emit(Action::Recall(kept));
                    }
                });
            }
        }
    });
}
