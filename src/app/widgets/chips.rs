//! A few choices side by side: native radio buttons that look like chips.

use crate::app::context::use_env;
use whichcard::share::Field;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ChipsProps {
    pub field: Field,
    /// Key of the legend.
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
    html! {
        <fieldset class="chips" {id}>
            <legend>{ env.say(&props.label) }</legend>
            <div class="row">
                { for props.options.iter().map(|(value, name, about)| {
                    let onchange = { let (pick, value) = (pick.clone(), value.to_string()); Callback::from(move |_: Event| pick.emit(value.clone())) };
                    html! {
                        <label key={value.to_string()} class="chip" title={about.clone()} data-value={value.clone()}>
                            <input type="radio" name={id} value={value.clone()} checked={*value == props.value} {onchange} />
                            <span>{ name }</span>
                        </label>
                    }
                }) }
            </div>
        </fieldset>
    }
}
