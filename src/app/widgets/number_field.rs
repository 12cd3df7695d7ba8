//! A number as typed: the draft stays as it is, whatever it says.

use super::slider::{slider, stops};
use super::step::{stepped, within};
use super::{head, label_of, message};
use crate::app::context::{Env, use_env};
use crate::app::format;
use crate::app::number::plain;
use std::cell::RefCell;
use web_sys::HtmlInputElement;
use whichcard::share::Field;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct NumberFieldProps {
    pub field: Field,
    /// Key of the label, where it is not the field's usual one.
    #[prop_or_default]
    pub label: AttrValue,
    /// What holds when nothing is typed.
    #[prop_or_default]
    pub placeholder: AttrValue,
    /// The same as a number, where it is shown in words.
    #[prop_or_default]
    pub default: Option<f64>,
    /// Unit after the number.
    #[prop_or_default]
    pub unit: AttrValue,
    /// Key of a line of help.
    #[prop_or_default]
    pub hint: AttrValue,
    /// A line of its own, such as where the default comes from.
    #[prop_or_default]
    pub note: Html,
}

#[component]
pub fn NumberField(props: &NumberFieldProps) -> Html {
    let env = use_env();
    let label = label_of(&env, props.field, &props.label);
    let id = props.field.key();
    let problem = env.reading.problem(props.field);
    let described = [(!props.hint.is_empty()).then(|| format!("{id}-hint")), problem.map(|_| format!("{id}-message"))];
    let described: Vec<String> = described.into_iter().flatten().collect();
    // The number that arrow keys began at: it is a step of its own.
    let start = use_mut_ref(|| None::<f64>);
    let oninput = {
        let (set, start) = (env.set(props.field), start.clone());
        Callback::from(move |event: InputEvent| {
            start.replace(None);
            set.emit(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onkeydown = {
        let (env, field, default) = (env.clone(), props.field, props.default.or_else(|| plain(&props.placeholder)));
        Callback::from(move |event: KeyboardEvent| on_key(&env, field, default, &start, &event))
    };
    let echo = echo(&env, props.field);
    // How lengths and amounts are read is seen in what was typed.
    let echoed = echo.is_some() && matches!(props.field, Field::Sequence | Field::Prompt | Field::Tokens | Field::Deadline);
    let set = env.link.get(props.field).is_some_and(|text| !text.is_empty());
    html! {
        <div class={classes!("field", set.then_some("changed"), problem.map(|_| "invalid"))}>
            { head(&env, props.field, &label) }
            <div class="entry">
                <input {id} name={id} type="text" inputmode="decimal" autocomplete="off" spellcheck="false" enterkeyhint="done"
                    value={env.link.get(props.field).unwrap_or_default().to_owned()} placeholder={props.placeholder.clone()}
                    aria-invalid={problem.map(|_| "true")} aria-describedby={(!described.is_empty()).then(|| described.join(" "))}
                    {oninput} {onkeydown} />
                <span class="unit" aria-hidden="true">{ &props.unit }</span>
            </div>
            { slider(&env, props.field, &env.say(&label), &props.placeholder) }
            <p class="hint echo" hidden={echo.is_none()}>{ echo }</p>
            <p class="hint" id={format!("{id}-hint")} hidden={props.hint.is_empty() || echoed}>
                { if props.hint.is_empty() { String::new() } else { env.say(&props.hint) } }
            </p>
            { props.note.clone() }
            { message(&env, props.field, problem) }
        </div>
    }
}

/// The arrow keys step. A function of its own, so that a first visit does without it.
#[inline(never)]
fn on_key(env: &Env, field: Field, default: Option<f64>, start: &RefCell<Option<f64>>, event: &KeyboardEvent) {
    let up = match event.key().as_str() {
        "ArrowUp" => true,
        "ArrowDown" => false,
        _ => return,
    };
    event.prevent_default();
    let input = event.target_unchecked_into::<HtmlInputElement>();
    // A second press may come before the first has been drawn, so what stands in the field counts.
    let typed = input.value();
    let now = plain(&typed).or_else(|| value(env, field)).or(default);
    if let Some((now, next)) = now.and_then(|now| {
        let from = *start.borrow_mut().get_or_insert(now);
        Some((now, stepped(&stops(env, field), Some(from), now, up)?))
    }) {
        let text = within(&typed, now, &format::short(next).replace(',', ""));
        input.set_value(&text);
        env.set(field).emit(text);
    }
}

/// The number that was typed, in the unit of the field.
fn value(env: &Env, field: Field) -> Option<f64> {
    let (value, measure) = env.reading.number(field)?;
    Some(value / measure.limit.unit.scale())
}

/// What was typed, in full, where it was not typed as plain digits ("8k", "3天"), or where plain digits leave the unit open: nobody
/// knows a deadline of 3 to be of hours.
fn echo(env: &Env, field: Field) -> Option<String> {
    let typed = env.link.get(field)?.trim();
    if field != Field::Deadline && typed.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let scaled = value(env, field)?;
    let unit = env.reading.number(field)?.1.limit.unit;
    let n = if scaled.fract() == 0.0 { format::decimal(scaled, 0) } else { format::short(scaled) };
    Some(format!("= {}", env.fill(&format!("error.unit.{}", unit.name()), &[("n", &n)])))
}
