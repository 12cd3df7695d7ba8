//! Where figures come from and how well they are known.

use crate::context::Env;
use whichcard::catalog::Checked;
use yew::prelude::*;

/// Names and values of an opened row.
pub fn list(env: &Env, facts: Vec<(&'static str, String)>) -> Html {
    html! {
        <dl class="recipe">
            { for facts.into_iter().map(|(name, value)| html! {
                <div key={name} data-fact={name}><dt>{ env.say(&format!("app.ledger.fact.{name}")) }</dt><dd>{ value }</dd></div>
            }) }
        </dl>
    }
}

const fn id(checked: Checked) -> &'static str {
    match checked {
        Checked::Seen => "seen",
        Checked::Derived => "derived",
        Checked::Estimated => "estimated",
        Checked::Recalled => "recalled",
        Checked::Bound => "bound",
    }
}

/// How well each group of figures is known.
pub fn groups(env: &Env, groups: &[(&'static str, Checked)]) -> Html {
    html! {
        <ul class="known">
            { for groups.iter().map(|(name, checked)| html! {
                <li key={*name} data-group={*name} data-checked={id(*checked)}>
                    <span>{ env.say(&format!("app.ledger.group.{name}")) }</span>
                    <b>{ env.say(&format!("app.ledger.checked.{}", id(*checked))) }</b>
                </li>
            }) }
        </ul>
    }
}

/// The sources, with links.
pub fn sources(env: &Env, ids: &[String]) -> Html {
    html! {
        <div hidden={ids.is_empty()}>
            <h2>{ env.say("app.ledger.sources") }</h2>
            <ul class="source-list">{ for ids.iter().map(|id| html! { <li key={id.clone()}>{ source(env, id) }</li> }) }</ul>
        </div>
    }
}

/// A source by its title, leading to where it lies.
pub fn source(env: &Env, id: &str) -> Html {
    let title = env.catalog.source(id).map_or_else(|| id.to_owned(), |source| source.title.clone());
    match env.catalog.source_address(id) {
        Some(address) => html! { <a href={address}>{ title }</a> },
        None => html! { <span>{ title }</span> },
    }
}
