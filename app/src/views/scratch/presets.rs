//! Models and rigs to start from: the sizes and cards that people ask about.

use crate::context::Env;
use crate::state::Action;
use crate::views::rig;
use whichcard::share::Field;
use yew::prelude::*;

/// Sizes whose way from nothing is asked about most.
const MODELS: [&str; 3] = ["gpt2", "llama-3.2-1b", "llama-2-7b"];
/// Two gaming cards and the usual server.
const RIGS: [(&str, u32); 3] = [("rtx-3090", 1), ("rtx-4090", 1), ("a100-sxm-80gb", 8)];

pub fn models(env: &Env) -> Html {
    let now = env.reading.setup.as_ref().map(|setup| setup.model.id.clone()).unwrap_or_default();
    let known = MODELS.iter().filter_map(|id| env.catalog.model(id));
    html! {
        <p class="row usual">
            { for known.map(|model| {
                button(env, &model.id, &model.name, model.id == now, vec![(Field::Model, Some(model.id.clone()))])
            }) }
        </p>
    }
}

pub fn rigs(env: &Env) -> Html {
    let now = env.reading.setup.as_ref().map(|setup| (setup.rig.card.id.as_str(), setup.rig.count));
    let known = RIGS.iter().filter_map(|(id, count)| Some((env.catalog.card(id)?, *count)));
    html! {
        <p class="row usual">
            { for known.map(|(card, count)| {
                let pressed = now == Some((card.id.as_str(), count));
                let changes = vec![(Field::Card, Some(card.id.clone())), (Field::Count, (count > 1).then(|| count.to_string()))];
                button(env, &card.id, &rig::several(env, count, &card.name), pressed, changes)
            }) }
        </p>
    }
}

fn button(env: &Env, id: &str, name: &str, pressed: bool, changes: Vec<(Field, Option<String>)>) -> Html {
    let act = env.act.clone();
    let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Put(changes.clone())));
    html! {
        <button key={id.to_owned()} type="button" class="small" data-preset={id.to_owned()} aria-pressed={pressed.to_string()}
            {onclick}>
            { name.to_owned() }
        </button>
    }
}
