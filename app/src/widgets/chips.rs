//! A few choices side by side: native radio buttons that look like chips.

use super::{label_of, message};
use crate::context::use_env;
use crate::reading::Problem;
use whichcard::share::Field;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ChipsProps {
    pub field: Field,
    /// Key of the legend, where it is not the field's usual label.
    #[prop_or_default]
    pub label: AttrValue,
    /// Values, what they are called, and a longer explanation.
    pub options: Vec<(AttrValue, AttrValue, AttrValue)>,
    /// The value that holds.
    pub value: AttrValue,
    /// What picking does; by default it sets the field.
    #[prop_or_default]
    pub onpick: Option<Callback<String>>,
}

#[component]
pub fn Chips(props: &ChipsProps) -> Html {
    let env = use_env();
    let id = props.field.key();
    let pick = props.onpick.clone().unwrap_or_else(|| env.set(props.field));
    // A name that means nothing stands among the chips as what is chosen, with what is wrong below.
    let typed = env.link.get(props.field).unwrap_or_default().trim();
    let taken = typed.is_empty() || typed.eq_ignore_ascii_case(&props.value) || props.options.is_empty();
    let names = || props.options.iter().map(|(_, name, _)| name.to_string()).collect();
    let none = (!taken).then(|| Problem::Option(typed.to_owned(), names()));
    let problem = env.reading.problem(props.field).or(none.as_ref());
    let given = problem.map(|_| AttrValue::from(typed.to_owned()));
    let foreign = given.clone().map(|given| (given.clone(), AttrValue::from(format!("? {given}")), AttrValue::default()));
    let chosen = given.unwrap_or_else(|| props.value.clone());
    html! {
        <fieldset class={classes!("chips", problem.map(|_| "invalid"))} {id}
            aria-describedby={problem.map(|_| format!("{id}-message"))}>
            <legend>{ env.say(&label_of(&env, props.field, &props.label)) }</legend>
            <div class="row">
                { for foreign.iter().chain(props.options.iter()).map(|(value, name, about)| {
                    let onchange = {
                        let (pick, value) = (pick.clone(), value.to_string());
                        Callback::from(move |_: Event| pick.emit(value.clone()))
                    };
                    html! {
                        <label key={value.to_string()} class="chip" title={about.clone()} data-value={value.clone()}>
                            <input type="radio" name={id} value={value.clone()} checked={*value == chosen} {onchange} />
                            <span>{ name }</span>
                        </label>
                    }
                }) }
            </div>
            { message(&env, props.field, problem) }
        </fieldset>
    }
}
