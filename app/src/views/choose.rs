//! The model and the card: searchable lists that also take the visitor's own.

use crate::context::{Env, use_env};
use crate::format;
use crate::late::Late;
use crate::number::Measure;
use crate::reading::{COMPUTE_CAPABILITIES, CUSTOM, PASTED};
use crate::state::Action;
use crate::views::rig;
use crate::widgets::{Menu, NumberField, Pickable, Picker, found};
use web_sys::HtmlTextAreaElement;
use whichcard::card::{Card, Generation};
use whichcard::model::Model;
use whichcard::request::Keyword;
use whichcard::request::{CardChoice, DescribedModel, ModelChoice};
use whichcard::share::Field;
use whichcard::text::words::{OF_CARDS, OWN, SEVERAL};
use whichcard::units::real;
use yew::prelude::*;

/// "Llama 3 8B (8.03B)".
pub fn sized(env: &Env, model: &Model) -> String {
    let size = format::large(real(model.parameters));
    env.fill("app.card.sized", &[("model", &model.name), ("size", &size)])
}
/// "24 GB · Ada".
pub fn card_detail(env: &Env, card: &Card) -> String {
    format!("{} · {}", format::vram(card.vram), generation(env, card.generation))
}

/// The name of a generation.
pub fn generation(env: &Env, generation: Generation) -> String {
    env.say(&format!("app.generation.{}", generation.name()))
}

/// The catalogue's cards as entries of a list: found by name, alias, chip and generation.
pub fn pickable_cards(env: &Env) -> impl Iterator<Item = Pickable> {
    env.catalog.cards().iter().map(|card| {
        let generation = generation(env, card.generation);
        let aliases = env.catalog.card_aliases(&card.id).iter().map(String::as_str);
        // What cards with numbers are called together.
        let numbered = card.series.chars().all(|c| c.is_ascii_digit()) && !card.series.is_empty();
        let series = if numbered { format!("{} series", card.series) } else { card.series.clone() };
        let words: Vec<&str> = aliases.chain([card.chip.as_str(), series.as_str(), &generation]).collect();
        Pickable::new(&card.id, &card.name, &card_detail(env, card), &words)
    })
}

/// A card described by its numbers, as an entry of a list.
pub fn own_card(env: &Env) -> Pickable {
    Pickable::new(CUSTOM, &env.say("app.card.custom"), &env.say("app.card.custom-about"), OWN)
}

fn model_detail(model: &Model) -> String {
    let size = format::large(real(model.parameters));
    // Towers for images and sound are not what "active" means.
    if model.experts().is_none() {
        return size;
    }
    format!("{size} · A{}", format::large(real(model.active_parameters)))
}

#[component]
pub fn CardPicker() -> Html {
    let env = use_env();
    let entries = use_memo((Late::clone(&env.catalog), env.lang), |_| {
        let env = env.clone();
        Late::new(move || [own_card(&env)].into_iter().chain(pickable_cards(&env)).collect::<Vec<_>>())
    });
    let entries = Late::clone(&entries);
    let (value, shown) = match &env.reading.request.rig.card {
        CardChoice::Id(id) => (id.clone(), env.catalog.card(id).map_or_else(|| id.clone(), |card| card.name.clone())),
        CardChoice::Custom(_) => (CUSTOM.to_owned(), env.say("app.card.custom")),
    };
    // A text that no card answers to may be several of one, or the numbers of one: "2x3090", "48GB 900GB/s".
    let own = {
        let (env, entries) = (env.clone(), entries.clone());
        Callback::from(move |typed: String| {
            let none = || found(&entries, &typed).is_empty().then(|| own_card(&env));
            several(&entries, &typed).map(|(count, card)| option_of_several(&env, count, card, &typed)).or_else(none)
        })
    };
    let onpick = {
        let (set, act, entries) = (env.set(Field::Card), env.act.clone(), entries.clone());
        Callback::from(move |text: String| match several(&entries, &text) {
            Some((count, card)) => {
                act.emit(Action::Put(vec![(Field::Card, Some(card.value.to_string())), (Field::Count, Some(count.to_string()))]))
            }
            None => set.emit(text),
        })
    };
    let problem = env.reading.problem(Field::Card).cloned();
    let shown = if problem.is_some() { env.link.get(Field::Card).unwrap_or_default().to_owned() } else { shown };
    html! {
        <div class="choose">
            <Picker field={Field::Card} {entries} value={value.clone()} {shown} {own} {onpick} {problem} />
            <div hidden={value != CUSTOM}>{ if value == CUSTOM { custom_card(&env) } else { html! {} } }</div>
        </div>
    }
}

/// How many of which card a text means that no card alone answers to.
#[inline(never)]
fn several<'a>(entries: &'a [Pickable], typed: &str) -> Option<(u32, &'a Pickable)> {
    let (count, card) = counted(typed).filter(|_| found(entries, typed).is_empty())?;
    Some((count, entries.get(*found(entries, card).first()?)?))
}

/// "2x3090", "3090 x2", "两张 3090": a number, and what there is so many of.
fn counted(typed: &str) -> Option<(u32, &str)> {
    const SIGNS: &[&str] = &["x", "X", "×", "*"];
    /// A larger number is the name of a card.
    const MOST: u32 = 64;
    let number = |text: &str| {
        let word = SEVERAL.iter().find(|(word, _)| *word == text.trim()).map(|(_, count)| *count);
        word.or_else(|| text.trim().parse().ok().filter(|count| (1..=MOST).contains(count)))
    };
    let signs = || SIGNS.iter().chain(OF_CARDS);
    let before = signs().filter_map(|sign| typed.split_once(sign)).find_map(|(count, card)| Some((number(count)?, card)));
    let behind = || {
        let parted = signs().filter_map(|sign| typed.rsplit_once(sign));
        // The x of "RTX" is no sign.
        let parted = parted.filter(|(card, _)| !card.ends_with(|c: char| c.is_ascii_alphabetic()));
        parted.filter_map(|(card, count)| Some((number(count)?, card))).next()
    };
    let (count, card) = before.or_else(behind)?;
    (!card.trim().is_empty()).then_some((count, card))
}

fn option_of_several(env: &Env, count: u32, card: &Pickable, typed: &str) -> Pickable {
    Pickable::new(&format!("{count}x{}", card.value), &rig::several(env, count, &card.name), &card.detail, &[typed])
}

fn custom_card(env: &Env) -> Html {
    let options: Vec<(AttrValue, AttrValue)> = COMPUTE_CAPABILITIES
        .into_iter()
        .map(|(value, name)| (value.into(), format!("{value} · {}", env.say(&format!("app.generation.{name}"))).into()))
        .collect();
    html! {
        <div class="pair own">
            <NumberField field={Field::Vram} placeholder="24" unit="GB" />
            <NumberField field={Field::Bandwidth} placeholder="900" unit="GB/s" />
            <NumberField field={Field::Tflops} placeholder="80" unit="TFLOPS" hint="app.hint.tflops" />
            <NumberField field={Field::Tdp} placeholder="300" unit="W" />
            <Menu field={Field::ComputeCapability} {options} default="8.9 · Ada" />
        </div>
    }
}

#[component]
pub fn ModelPicker() -> Html {
    let env = use_env();
    let entries = use_memo((Late::clone(&env.catalog), env.lang, env.reading.task.clone()), |_| {
        let env = env.clone();
        Late::new(move || pickable_models(&env))
    });
    let entries = Late::clone(&entries);
    let own = {
        let env = env.clone();
        Callback::from(
            move |typed: String| {
                if is_config(&typed) { Some(own_config(&env, typed.trim())) } else { own_size(&env, &typed) }
            },
        )
    };
    let (value, shown) = match &env.reading.request.model {
        ModelChoice::Id(id) => (id.clone(), env.catalog.model(id).map_or_else(|| id.clone(), |model| model.name.clone())),
        ModelChoice::Described(DescribedModel::ParametersB(billions)) => {
            let text = env.link.get(Field::Model).unwrap_or_default().to_owned();
            (text, env.fill("app.model.of-size", &[("size", &format::large(billions * 1e9))]))
        }
        ModelChoice::Described(_) => (PASTED.to_owned(), env.say("app.model.pasted")),
    };
    let onpick = {
        let (set, act) = (env.set(Field::Model), env.act.clone());
        Callback::from(move |text: String| {
            if is_config(&text) {
                act.emit(Action::Put(vec![(Field::Model, Some(PASTED.to_owned())), (Field::Config, Some(text))]));
            } else {
                set.emit(text);
            }
        })
    };
    let problem = env.reading.problem(Field::Model).cloned();
    let pasted = env.link.get(Field::Model) == Some(PASTED);
    let shown = match (&problem, pasted) {
        (Some(_), _) => env.link.get(Field::Model).unwrap_or_default().to_owned(),
        (None, true) => env.say("app.model.pasted"),
        (None, false) => shown,
    };
    html! {
        <div class="choose">
            <Picker field={Field::Model} {entries} {value} {shown} {own} {onpick} {problem} />
            <div hidden={!pasted}>{ if pasted { html! { <ConfigField /> } } else { html! {} } }</div>
        </div>
    }
}

/// The catalogue's models as entries of a list, first those of the task.
fn pickable_models(env: &Env) -> Vec<Pickable> {
    let task = env.catalog.task(&env.reading.task);
    let of_task: Vec<&str> = task.into_iter().flat_map(|task| task.models.iter().map(String::as_str)).collect();
    let first = of_task.iter().filter_map(|id| env.catalog.model(id)).map(|model| model_entry(env, model));
    let others = env.catalog.models().iter().filter(|model| !of_task.contains(&model.id.as_str()));
    let others = others.map(|model| model_entry(env, model).ranked(newness(env, model)));
    first.chain([own_config(env, PASTED)]).chain(others).collect()
}

/// Who types the name of a family means what is talked about: the newest of it, and of those the largest.
fn newness(env: &Env, model: &Model) -> u64 {
    let year = env.catalog.origin(&model.id).and_then(|origin| origin.year).unwrap_or_default();
    // Twelve bits for the year, and the others for thousands of parameters.
    let parameters = (model.parameters / 1000).min((1 << 40) - 1);
    (u64::from(4095 - year.min(4095)) << 40) + ((1 << 40) - 1 - parameters)
}

fn model_entry(env: &Env, model: &Model) -> Pickable {
    let aliases = env.catalog.model_aliases(&model.id).iter().map(String::as_str);
    let words: Vec<&str> = aliases.chain([model.family.as_str()]).collect();
    Pickable::new(&model.id, &model.name, &model_detail(model), &words)
}

/// Whether a text is a configuration, not a name.
fn is_config(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// A pasted configuration as an entry of a list: still to be pasted, or this one.
fn own_config(env: &Env, value: &str) -> Pickable {
    let words = [&["config", "json", "huggingface"], OWN].concat();
    Pickable::new(value, &env.say("app.model.pasted"), &env.say("app.model.pasted-about"), &words)
}

/// "13B" is a model of that size.
fn own_size(env: &Env, typed: &str) -> Option<Pickable> {
    let billions = Measure::BILLIONS.read(typed).ok()?;
    let name = env.fill("app.model.of-size", &[("size", &format::large(billions * 1e9))]);
    Some(Pickable::new(typed.trim(), &name, &env.say("app.model.of-size-about"), &[]))
}

/// Room for a pasted configuration.
#[component]
fn ConfigField() -> Html {
    let env = use_env();
    // An empty box is wrong once it was left or emptied, not when it appears.
    let typed = env.link.get(Field::Config).unwrap_or_default();
    let left = use_state(|| false);
    let touched = *left || env.link.get(Field::Config).is_some();
    let problem = env.reading.problem(Field::Config).filter(|_| touched);
    let onblur = {
        let left = left.clone();
        Callback::from(move |_: FocusEvent| left.set(true))
    };
    let oninput = {
        let set = env.set(Field::Config);
        Callback::from(move |event: InputEvent| set.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value()))
    };
    html! {
        <div class={classes!("field", problem.map(|_| "invalid"))}>
            <label for="config">{ env.say("app.field.config") }</label>
            <textarea id="config" name="config" rows="6" spellcheck="false" placeholder={"{ \"model_type\": \"llama\", … }"}
                {oninput} {onblur}
                value={typed.to_owned()}
                aria-invalid={problem.map(|_| "true")} aria-describedby="config-hint config-message" />
            <p class="hint" id="config-hint">{ env.say("app.hint.config") }</p>
            <div class="message" id="config-message" aria-live="polite" hidden={problem.is_none()}>
                <p>{ problem.map(|problem| problem.say(&env, Field::Config)) }</p>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_before_or_behind_a_card_is_how_many() {
        for typed in ["2x3090", "2 × RTX 3090", "3090x2", "rtx 3090 *2", "两张3090", "2张 rtx 3090", "two x 3090"] {
            let (count, card) = counted(typed).unwrap_or_else(|| panic!("{typed}"));
            assert!(count == 2 && card.contains("3090"), "{typed}: {count} {card}");
        }
        for typed in ["3090", "rtx 3090", "gtx 48", "x3090", "0x3090", "2x", "-2x3090", "24GB"] {
            assert_eq!(counted(typed), None, "{typed}");
        }
    }

    #[test]
    fn several_of_a_card_are_meant_only_where_no_card_is_called_so() {
        let entries =
            [Pickable::new("rtx-3090", "GeForce RTX 3090", "24 GB", &[]), Pickable::new("a100-x8", "A100 x8", "80 GB", &[])];
        let meant = |typed| several(&entries, typed).map(|(count, card)| (count, card.value.to_string()));
        assert_eq!(meant("2x3090"), Some((2, "rtx-3090".to_owned())));
        assert_eq!(meant("2xrtx-3090"), Some((2, "rtx-3090".to_owned())));
        assert_eq!((meant("a100 x8"), meant("2x4711"), meant("rtx-3090")), (None, None, None));
    }
}
