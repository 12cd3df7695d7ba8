//! What does the catalogue know of cards and models, and where from?

mod cards;
mod ledger;
mod models;
mod origin;

use crate::context::{Env, use_env};
use crate::late::Late;
use crate::views::share::Share;
use crate::views::tabled;
use crate::widgets::{Chips, Menu};
use ledger::{Column, Ledger, Row};
use web_sys::HtmlInputElement;
use whichcard::share::Field;
use yew::prelude::*;

/// One of the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Cards,
    Models,
}

impl List {
    const ALL: [Self; 2] = [Self::Cards, Self::Models];

    const fn id(self) -> &'static str {
        match self {
            Self::Cards => "cards",
            Self::Models => "models",
        }
    }

    fn asked(env: &Env) -> Self {
        if env.link.get(Field::List) == Some("models") { Self::Models } else { Self::Cards }
    }

    const fn columns(self) -> &'static [Column] {
        match self {
            Self::Cards => cards::COLUMNS,
            Self::Models => models::COLUMNS,
        }
    }
}

#[component]
pub fn Catalogue() -> Html {
    let env = use_env();
    let list = List::asked(&env);
    let rows = {
        let env = env.clone();
        let currency = env.reading.request.money.currency;
        use_memo(
            (
                list,
                env.lang,
                currency,
                env.link.get(Field::Generation).map(str::to_owned),
                env.link.get(Field::Category).map(str::to_owned),
                Late::clone(&env.catalog),
            ),
            move |_| match list {
                List::Cards => cards::rows(&env),
                List::Models => models::rows(&env),
            },
        )
    };
    let detail = {
        let env = env.clone();
        Callback::from(move |id: AttrValue| match list {
            List::Cards => cards::detail(&env, &id),
            List::Models => models::detail(&env, &id),
        })
    };
    let (cards, models) = (env.catalog.cards().len().to_string(), env.catalog.model_count().to_string());
    let counts = [("cards", cards.as_str()), ("models", &models), ("date", &env.dated())];
    html! {
        <section class="results reference-view" id="results" tabindex="-1" aria-label={env.say("app.nav.catalogue")}>
            <div class="answer">
                <header class="headline" id="verdict" data-verdict="catalogue">
                    <h1>{ env.say("app.ledger.title") }</h1>
                    <p>{ env.fill("app.ledger.about", &counts) }</p>
                </header>
                { filters(&env, list) }
                <Ledger key={list.id()} {rows} columns={list.columns()} default={default_order(list)} list={list.id()}
                    caption={env.say(&format!("app.ledger.{}", list.id()))} {detail} />
                // Without the attribute `download`, with which Chromium passes the service worker by: offline, too, a table is there.
                <p class="row">
                    <a class="button small" id="table" href={format!("{}.csv", list.id())}>{ env.say("app.ledger.download") }</a>
                    if list == List::Cards {
                        <a class="button small" id="prices" href="prices.csv">{ env.say("app.ledger.download-prices") }</a>
                    }
                </p>
                <Share rows={tabled::shown(&env, "ledger")} asked={env.say(&format!("app.ledger.{}", list.id()))} />
            </div>
        </section>
    }
}

/// The newest first.
const fn default_order(list: List) -> &'static str {
    match list {
        List::Cards => "-launched",
        List::Models => "-year",
    }
}

fn filters(env: &Env, list: List) -> Html {
    let lists: Vec<_> = List::ALL
        .iter()
        .map(|one| (one.id().into(), env.say(&format!("app.ledger.{}", one.id())).into(), AttrValue::default()))
        .collect();
    // What one table is sorted by means nothing in the other.
    let onpick = {
        let act = env.act.clone();
        Callback::from(move |list: String| {
            act.emit(crate::state::Action::Put(vec![(Field::List, Some(list)), (Field::Sort, None), (Field::Open, None)]));
        })
    };
    let (field, label, options) = match list {
        List::Cards => (Field::Generation, "app.accuracy.by.generation", cards::generations(env)),
        List::Models => (Field::Category, "app.ledger.category", models::categories(env)),
    };
    // Wide screens sort by the heads of the table; what is no order is said on any.
    let ordered = env.link.get(Field::Sort).is_none_or(|asked| ledger::order(list.columns(), asked).is_some());
    let sorts: Vec<(AttrValue, AttrValue)> = list
        .columns()
        .iter()
        .flat_map(|column| ["", "-"].map(|sign| (column, sign)))
        .map(|(column, sign)| {
            let key = if sign.is_empty() { "app.ledger.ascending" } else { "app.ledger.descending" };
            let name = env.fill(key, &[("column", &env.say(&format!("app.ledger.column.{}", column.id)))]);
            (format!("{sign}{}", column.id).into(), name.into())
        })
        .collect();
    html! {
        <form class="filters" autocomplete="off" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
            <Chips field={Field::List} label="app.ledger.list" options={lists} value={list.id()} {onpick} />
            <div class="pair">
                { search(env) }
                <Menu key={field.key()} {field} {label} {options} default={env.say("app.accuracy.all")} />
                <div key="sort" class={ordered.then_some("only-narrow")}>
                    <Menu field={Field::Sort} options={sorts} default={env.say("app.ledger.newest")} />
                </div>
            </div>
        </form>
    }
}

fn search(env: &Env) -> Html {
    let oninput = {
        let act = env.act.clone();
        Callback::from(move |event: InputEvent| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            let change = if typed.is_empty() { None } else { Some(typed) };
            act.emit(crate::state::Action::Put(vec![(Field::Find, change)]));
        })
    };
    html! {
        <div key="find" class="field">
            <div class="field-head"><label for="find">{ env.say("app.ledger.find") }</label></div>
            <div class="entry">
                <input id="find" name="find" type="search" spellcheck="false" autocapitalize="off" {oninput}
                    placeholder={env.say(&format!("app.ledger.find-{}", List::asked(env).id()))}
                    value={env.link.get(Field::Find).unwrap_or_default().to_owned()} />
            </div>
        </div>
    }
}

/// One of the options of a filter, in any case; anything else filters nothing.
fn asked_of(asked: &str, options: &[(AttrValue, AttrValue)]) -> Option<AttrValue> {
    options.iter().map(|(value, _)| value).find(|value| value.eq_ignore_ascii_case(asked)).cloned()
}

/// A row of the table, found by these words.
fn row(id: &str, name: &str, words: &[&str], detail: String, cells: Vec<(f64, String)>) -> Row {
    Row { entry: crate::widgets::Pickable::new(id, name, &detail, words), cells }
}
