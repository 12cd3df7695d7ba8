//! What more hardware would unlock, worked out when it is asked for.

use super::Able;
use crate::context::{Env, use_env};
use crate::format;
use crate::late::Late;
use crate::views::{choose, figures, rig};
use crate::widgets::use_unfolded;
use std::rc::Rc;
use whichcard::card::Form;
use whichcard::plan::{Upgrade, upgrades};
use whichcard::request::Keyword;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct UpgradesProps {
    pub able: Rc<Able>,
}

#[component]
pub fn Upgrades(props: &UpgradesProps) -> Html {
    let env = use_env();
    let (open, ontoggle) = use_unfolded();
    let found = {
        let catalog = Late::clone(&env.catalog);
        let money = env.reading.setup.as_ref().map(|setup| setup.money.clone());
        use_memo((Rc::clone(&props.able), *open, money), move |(able, open, money)| {
            let (rig, money) = (&able.rig, money.as_ref().filter(|_| *open)?);
            Some(upgrades(&catalog, rig, money, &able.abilities))
        })
    };
    html! {
        <details class="upgrades" id="upgrades" {ontoggle}>
            <summary>{ env.say("app.upgrade.title") }</summary>
            <ul>{ for found.iter().flatten().map(|upgrade| one(&env, &props.able, upgrade)) }</ul>
            <p class="quiet" hidden={!found.as_ref().as_ref().is_some_and(Vec::is_empty)}>{ env.say("app.upgrade.none") }</p>
        </details>
    }
}

fn one(env: &Env, able: &Able, upgrade: &Upgrade) -> Html {
    let own = upgrade.card.id == able.rig.card.id;
    let name = match (own, able.rig.count) {
        _ if upgrade.card.form == Form::Laptop => env.fill("app.upgrade.laptop", &[("card", &upgrade.card.name)]),
        (true, 1) => env.fill("app.upgrade.second", &[("card", &upgrade.card.name)]),
        _ => rig::several(env, upgrade.count, &upgrade.card.name),
    };
    let price = upgrade
        .price
        .as_ref()
        .map(|price| format!("{} · {}", format::money(price.money), figures::basis(env, &upgrade.card, price)));
    let unlocks: Vec<String> = upgrade
        .unlocks
        .iter()
        .rev()
        .map(|(kind, model)| env.fill(&format!("app.card.largest-{}", kind.name()), &[("model", &choose::sized(env, model))]))
        .collect();
    let key = format!("{}-{}", upgrade.card.id, upgrade.count);
    html! {
        <li key={key.clone()} data-upgrade={key}>
            <p><b>{ name }</b><span class="quiet">{ price }</span></p>
            <p>{ unlocks.join(&env.say("app.list-semicolon")) }</p>
        </li>
    }
}
