//! A number as typed: the draft stays as it is, whatever it says.

use super::slider::{slider, stops};
use super::step::{stepped, within};
use super::{head, label_of, message};
use crate::context::{Env, use_env};
use crate::format;
use crate::number::{Measure, currency, narrow, plain};
use std::cell::RefCell;
use web_sys::HtmlInputElement;
use whichcard::error::Unit;
use whichcard::share::Field;
use whichcard::text::Lang;
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
    let read = read_as(&env, props.field, &props.unit);
    let described = [
        (!props.hint.is_empty()).then(|| format!("{id}-hint")),
        read.as_ref().map(|_| format!("{id}-read")),
        problem.map(|_| format!("{id}-message")),
    ];
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
    let set = env.link.get(props.field).is_some_and(|text| !text.is_empty());
    // In the place of the unit, so that nothing moves for it.
    let beside = read.as_ref().map_or_else(|| props.unit.to_string(), |read| format!("=\u{a0}{}", read.short));
    html! {
        <div class={classes!("field", set.then_some("changed"), problem.map(|_| "invalid"))}>
            { head(&env, props.field, &label) }
            <div class="entry" style={format!("--unit:{}", width(&beside))}>
                <input {id} name={id} type="text" inputmode="decimal" autocomplete="off" spellcheck="false" enterkeyhint="done"
                    value={env.link.get(props.field).unwrap_or_default().to_owned()} placeholder={props.placeholder.clone()}
                    aria-invalid={problem.map(|_| "true")} aria-describedby={(!described.is_empty()).then(|| described.join(" "))}
                    {oninput} {onkeydown} />
                <span class={classes!("unit", read.is_some().then_some("echo"))} aria-hidden="true">{ beside }</span>
                <span class="unseen" id={format!("{id}-read")} role="status">
                    { read.map(|read| env.fill("app.read-as", &[("value", &read.full)])) }
                </span>
            </div>
            { slider(&env, props.field, &env.say(&label), &props.placeholder) }
            <p class="hint" id={format!("{id}-hint")} hidden={props.hint.is_empty() || problem.is_some()}>
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

/// How what was typed was read: as it stands in the field, where a label above says what is counted, and in full.
struct ReadAs {
    short: String,
    full: String,
}

/// How what was typed was read, where that is not plain to see: "8k", "1,5", "8.000", "12GB", "3天". Nobody knows a deadline of 3 to be of hours.
fn read_as(env: &Env, field: Field, unit: &str) -> Option<ReadAs> {
    let typed = env.link.get(field)?.trim();
    let needs_unit = field == Field::Deadline;
    // Three digits behind a point are thousands to some, a fraction to us.
    let grouped = typed.split_once('.').is_some_and(|(_, after)| after.len() == 3);
    if !needs_unit && !grouped && typed.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let (held, measure) = env.reading.number(field)?;
    let n = in_full(env.lang, measure, held);
    let full = match env.fill(&format!("error.unit.{}", measure.limit.unit.name()), &[("n", &n)]) {
        alone if alone == n && !unit.is_empty() => format!("{n}\u{a0}{unit}"),
        said => said,
    };
    let bare = |text: &str| -> String {
        text.chars().map(|c| narrow(c).to_ascii_lowercase()).filter(|c| !c.is_whitespace() && *c != ',').collect()
    };
    if bare(typed) == bare(&full) || !needs_unit && bare(typed) == bare(&n) {
        return None;
    }
    // Money that was typed in another currency is in that of the page now.
    let elsewhere = currency(typed).is_some_and(|named| named != env.reading.request.money.currency.unwrap_or_default());
    let counted = matches!(measure.limit.unit, Unit::One | Unit::Tokens) && !elsewhere;
    Some(ReadAs { short: if counted { n } else { full.clone() }, full })
}

/// A number in full, or as the language counts where that loses no digit and would be read the same here: 1.5B, 15 亿.
fn in_full(lang: Lang, measure: Measure, held: f64) -> String {
    let scaled = held / measure.limit.unit.scale();
    let short = format::many(lang, scaled);
    if scaled >= 1e6 && measure.read(&short) == Ok(held) {
        return short;
    }
    if scaled.fract() == 0.0 { format::decimal(scaled, 0) } else { format::short(scaled) }
}

/// How wide a text is, in letters; Chinese ones count for two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if u32::from(c) < 0x2E80 { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_counted_as_the_language_does_where_no_digit_is_lost() {
        for (measure, held, en, zh) in [
            (Measure::TOKENS, 1.5e9, "1.5B", "15\u{a0}亿"),
            (Measure::TOKENS, 1_234_567.0, "1,234,567", "1,234,567"),
            (Measure::SAMPLES, 52_000.0, "52,000", "52,000"),
            // A million tokens of a sequence are a power of two.
            (Measure::LENGTH, 1_048_576.0, "1,048,576", "1,048,576"),
            (Measure::EPOCHS, 1.5, "1.5", "1.5"),
        ] {
            assert_eq!(in_full(Lang::En, measure, held), en);
            assert_eq!(in_full(Lang::ZhCn, measure, held), zh);
        }
    }
}
