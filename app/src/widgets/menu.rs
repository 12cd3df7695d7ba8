//! A native list of a few choices.

use super::{head, label_of, message};
use crate::context::use_env;
use crate::reading::Problem;
use crate::state::Action;
use web_sys::HtmlSelectElement;
use whichcard::share::Field;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct MenuProps {
    pub field: Field,
    /// Key of the label, where it is not the field's usual one.
    #[prop_or_default]
    pub label: AttrValue,
    /// Values and what they are called.
    pub options: Vec<(AttrValue, AttrValue)>,
    /// What holds when nothing is chosen: the first entry, which puts the field back to its default.
    pub default: AttrValue,
    #[prop_or_default]
    pub hint: AttrValue,
}

/// The chosen value is set through the element: a changed `selected` attribute is not followed by every browser.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let env = use_env();
    let label = label_of(&env, props.field, &props.label);
    let node = use_node_ref();
    let id = props.field.key();
    let typed = env.link.get(props.field).unwrap_or_default().trim();
    let option = props.options.iter().find(|(value, _)| value.eq_ignore_ascii_case(typed));
    let known = typed.is_empty() || option.is_some();
    let names = || props.options.iter().map(|(_, name)| name.to_string()).collect();
    let none = (!known).then(|| Problem::Option(typed.to_owned(), names()));
    let problem = env.reading.problem(props.field).or(none.as_ref());
    let chosen = option.map_or(typed, |(value, _)| value.as_str()).to_owned();
    use_effect_with((chosen.clone(), props.options.clone(), env.lang), {
        let node = node.clone();
        move |(chosen, ..)| {
            if let Some(select) = node.cast::<HtmlSelectElement>() {
                select.set_value(chosen);
            }
        }
    });
    let onchange = {
        let (act, field) = (env.act.clone(), props.field);
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            act.emit(if value.is_empty() { Action::Put(vec![(field, None)]) } else { Action::Set(field, value) });
        })
    };
    let foreign = (!known).then(|| (AttrValue::from(chosen.clone()), AttrValue::from(format!("? {chosen}"))));
    let entries = foreign.iter().chain(props.options.iter());
    html! {
        <div class={classes!("field", (!chosen.is_empty()).then_some("changed"), problem.map(|_| "invalid"))}>
            { head(&env, props.field, &label) }
            <div class="entry select">
                <select ref={node} {id} name={id} {onchange} aria-invalid={problem.map(|_| "true")}
                    aria-describedby={problem.map(|_| format!("{id}-message"))}>
                    <option key="" value="">{ &props.default }</option>
                    { for entries.map(|(value, name)| html! {
                        <option key={value.to_string()} value={value.clone()}>{ name }</option>
                    }) }
                </select>
            </div>
            <p class="hint" hidden={props.hint.is_empty()}>
                { if props.hint.is_empty() { String::new() } else { env.say(&props.hint) } }
            </p>
            { message(&env, props.field, problem) }
        </div>
    }
}
