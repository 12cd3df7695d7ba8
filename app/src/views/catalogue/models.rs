//! The table of models.

use super::ledger::{Column, NAME, Row};
use super::origin;
use super::{asked_of, row};
use crate::context::Env;
use crate::format;
use crate::widgets::{Icon, Sign};
use whichcard::model::{Category, Mixer, Model, Network, Transformer};
use whichcard::request::Keyword;
use whichcard::share::{Field, View};
use whichcard::units::real;
use yew::prelude::*;

pub const COLUMNS: &[Column] = &[
    NAME,
    Column { id: "parameters", numeric: true, from: 0 },
    Column { id: "active", numeric: true, from: 1 },
    Column { id: "context", numeric: true, from: 0 },
    Column { id: "weights", numeric: true, from: 1 },
    Column { id: "year", numeric: true, from: 1 },
];

const CATEGORIES: [(Category, &str); 10] = [
    (Category::Llm, "llm"),
    (Category::LlmMoe, "moe"),
    (Category::Encoder, "encoder"),
    (Category::EncoderDecoder, "encoder-decoder"),
    (Category::Vision, "vision"),
    (Category::Diffusion, "diffusion"),
    (Category::SpeechRecognition, "speech-recognition"),
    (Category::SpeechSynthesis, "speech-synthesis"),
    (Category::Driving, "driving"),
    (Category::SceneReconstruction, "scenes"),
];

fn category(model: &Model) -> &'static str {
    CATEGORIES.iter().find(|(category, _)| *category == model.category).map_or("llm", |(_, name)| name)
}

fn category_name(env: &Env, id: &str) -> String {
    env.say(&format!("app.ledger.categories.{id}"))
}

pub fn categories(env: &Env) -> Vec<(AttrValue, AttrValue)> {
    CATEGORIES.iter().map(|(_, id)| ((*id).into(), category_name(env, id).into())).collect()
}

pub fn rows(env: &Env) -> Vec<Row> {
    let asked = env.link.get(Field::Category).and_then(|asked| asked_of(asked.trim(), &categories(env)));
    let wanted = |model: &Model| asked.as_deref().is_none_or(|asked| category(model) == asked);
    env.catalog.models().iter().filter(|model| wanted(model)).map(|model| model_row(env, model)).collect()
}

/// Bytes of the weights in 16 bits, as most models are published.
const fn weights(model: &Model) -> whichcard::units::Bytes {
    whichcard::units::Bytes::new(real(model.parameters) * 2.0)
}

fn model_row(env: &Env, model: &Model) -> Row {
    let aliases = env.catalog.model_aliases(&model.id).iter().map(String::as_str);
    let words: Vec<&str> = aliases.chain([model.family.as_str()]).collect();
    let (parameters, active) = (real(model.parameters), real(model.active_parameters));
    let none = || (f64::NAN, env.say("app.ledger.none"));
    let year = env.catalog.origin(&model.id).and_then(|origin| origin.year);
    let cells = vec![
        (parameters, format::large(parameters)),
        if model.active_parameters < model.parameters { (active, format::large(active)) } else { none() },
        model.max_context.map_or_else(none, |context| (real(context), format::count(context))),
        (parameters, format::memory(weights(model))),
        year.map_or_else(none, |year| (f64::from(year), year.to_string())),
    ];
    row(&model.id, &model.name, &words, category_name(env, category(model)), cells)
}

/// Everything the catalogue says of a model.
pub fn detail(env: &Env, id: &str) -> Html {
    let Some(model) = env.catalog.model(id) else { return html! { <div></div> } };
    let (href, onclick) = env.way(View::Advise, vec![(Field::Model, Some(model.id.clone())), (Field::Config, None)]);
    let origin = env.catalog.origin(id).cloned().unwrap_or_default();
    let mut facts = vec![("family", model.family.clone()), ("parameters", format::count(model.parameters))];
    if model.active_parameters < model.parameters {
        facts.push(("active", format::count(model.active_parameters)));
    }
    facts.extend(shape(model));
    facts.extend(model.max_context.map(|context| ("context", format::count(context))));
    facts.push(("weights", format::memory(weights(model))));
    facts.extend(model.released_weights.map(|released| ("released", env.say(&format!("app.value.weights.{}", released.name())))));
    facts.extend(origin.year.map(|year| ("year", year.to_string())));
    facts.extend(origin.licence.clone().map(|licence| ("licence", licence)));
    facts.extend(origin.closed.then(|| ("licence", env.say("app.ledger.unpublished"))));
    html! {
        <div class="entry-detail">
            <p class="row"><a class="button" {href} {onclick}>{ env.say("app.nav.advise") }<Icon sign={Sign::Arrow} /></a></p>
            { origin::list(env, facts) }
            { origin::groups(env, &[("size", origin.checked)]) }
            { origin::sources(env, &origin.sources) }
        </div>
    }
}

/// Layers, width and vocabulary.
fn shape(model: &Model) -> Vec<(&'static str, String)> {
    let layers = |stack: &Transformer| stack.layers.iter().map(|group| group.count).sum::<u64>();
    let (layers, stack) = match &model.network {
        Network::Transformer(stack) => (format::count(layers(stack)), stack),
        Network::EncoderDecoder { encoder, decoder } => {
            (format!("{} + {}", format::count(layers(encoder)), format::count(layers(decoder))), decoder)
        }
        Network::Opaque(_) => return Vec::new(),
    };
    let heads = stack.layers.iter().find_map(|group| match &group.mixer {
        Mixer::Attention { heads, kv_heads, .. } => Some(format!("{heads} / {kv_heads}")),
        _ => None,
    });
    let vocabulary = (stack.vocab > 0).then(|| ("vocabulary", format::count(stack.vocab)));
    let rows = [("layers", layers), ("hidden", format::count(stack.hidden))];
    rows.into_iter().chain(heads.map(|heads| ("heads", heads))).chain(vocabulary).collect()
}
