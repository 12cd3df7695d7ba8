//! A searchable list: the combobox pattern of the ARIA authoring guide, with a list that opens below its field.

use super::search::{Pickable, found};
use super::{Icon, Sign, label_of, message};
use crate::app::context::{Env, use_env};
use crate::app::reading::Problem;
use std::rc::Rc;
use web_sys::{Element, HtmlInputElement};
use whichcard::share::Field;
use yew::prelude::*;

/// More than this is not read but narrowed down by typing.
const SHOWN: usize = 80;

#[derive(Properties, PartialEq)]
pub struct PickerProps {
    pub field: Field,
    /// Key of the label, where it is not the field's usual one.
    #[prop_or_default]
    pub label: AttrValue,
    pub entries: Rc<Vec<Pickable>>,
    /// The value that holds.
    pub value: AttrValue,
    /// What to show for it.
    pub shown: AttrValue,
    /// Turns typed text into an entry of the visitor's own ("13B").
    #[prop_or_default]
    pub own: Option<Callback<String, Option<Pickable>>>,
    /// What picking does; by default it sets the field.
    #[prop_or_default]
    pub onpick: Option<Callback<String>>,
    #[prop_or_default]
    pub problem: Option<Problem>,
}

#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let env = use_env();
    let label = label_of(&env, props.field, &props.label);
    // What is being typed; `None` while the list is closed.
    let query = use_state(|| None::<String>);
    // What the arrow keys have gone to; until then it is what the text means.
    let active = use_state(|| None::<usize>);
    let list = use_node_ref();
    let id = props.field.key();

    let open = query.is_some();
    let text = query.as_deref().unwrap_or_default();
    let (options, hidden) = if open { offered(props.own.as_ref(), &props.entries, text) } else { (Vec::new(), 0) };
    let meant = || options.iter().position(|entry| entry.is_meant_by(text));
    let place = active.map_or_else(meant, |place| Some(place.min(options.len().checked_sub(1)?)));

    use_effect_with((open, place), {
        let list = list.clone();
        move |(open, place)| {
            let place = u32::try_from(place.unwrap_or(0)).unwrap_or(0);
            let option = list.cast::<Element>().filter(|_| *open).and_then(|list| list.children().item(place));
            if let Some(option) = option {
                scroll_within(&option);
            }
        }
    });

    // Back and Forward, or a choice elsewhere, take the place of what was being searched for.
    use_effect_with(props.shown.clone(), {
        let query = query.clone();
        move |_| query.set(None)
    });

    let pick = {
        let (set, query) = (props.onpick.clone().unwrap_or_else(|| env.set(props.field)), query.clone());
        Callback::from(move |value: AttrValue| {
            query.set(None);
            set.emit(value.to_string());
        })
    };
    let value = query.as_deref().filter(|typed| !typed.is_empty()).map_or_else(|| props.shown.to_string(), ToOwned::to_owned);
    // Keys come faster than a slow machine draws: the field says what was typed last, and that counts.
    let hurried = {
        let (value, own, entries) = (value.clone(), props.own.clone(), Rc::clone(&props.entries));
        move |event: &Event| {
            let now = event.target_unchecked_into::<HtmlInputElement>().value();
            (now != value).then(|| (offered(own.as_ref(), &entries, &now).0, now))
        }
    };
    // Leaving takes what was typed, even if it means nothing: it is shown with what is wrong, not thrown away.
    let leave = {
        let (pick, query) = (pick.clone(), query.clone());
        move |options: &[Pickable], typed: &str| {
            let typed = typed.trim().to_owned();
            let meant = options.iter().find(|entry| entry.is_called(&typed));
            match (typed.is_empty(), meant) {
                (true, _) => query.set(None),
                (false, Some(entry)) => pick.emit(entry.value.clone()),
                (false, None) => pick.emit(typed.into()),
            }
        }
    };
    let onkeydown = {
        let (query, active, pick, options) = (query.clone(), active.clone(), pick.clone(), options.clone());
        let (leave, hurried) = (leave.clone(), hurried.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = options.len().saturating_sub(1);
            let step = |to: usize| {
                event.prevent_default();
                if query.is_none() {
                    query.set(Some(String::new()));
                }
                active.set(Some(to));
            };
            let key = event.key();
            if key == "Enter"
                && let Some((options, typed)) = hurried(&event)
            {
                event.prevent_default();
                match options.iter().find(|entry| entry.is_meant_by(&typed)) {
                    Some(entry) => pick.emit(entry.value.clone()),
                    None => leave(&options, &typed),
                }
                return;
            }
            match key.as_str() {
                "ArrowDown" => step(place.filter(|place| query.is_some() && *place < last).map_or(0, |place| place + 1)),
                "ArrowUp" => step(place.and_then(|place| place.checked_sub(1)).unwrap_or(last)),
                "Enter" if query.is_some() => {
                    event.prevent_default();
                    match place.and_then(|place| options.get(place)) {
                        Some(entry) => pick.emit(entry.value.clone()),
                        None => leave(&options, query.as_deref().unwrap_or_default()),
                    }
                }
                "Escape" if query.is_some() => {
                    event.prevent_default();
                    query.set(None);
                }
                _ => {}
            }
        })
    };
    let oninput = {
        let (query, active) = (query.clone(), active.clone());
        Callback::from(move |event: InputEvent| {
            active.set(None);
            query.set(Some(event.target_unchecked_into::<HtmlInputElement>().value()));
        })
    };
    let onclick = {
        let (query, active) = (query.clone(), active.clone());
        Callback::from(move |event: MouseEvent| {
            if query.is_none() {
                active.set(None);
                event.target_unchecked_into::<HtmlInputElement>().select();
                query.set(Some(String::new()));
            }
        })
    };
    let onblur = {
        let (query, options) = (query.clone(), options.clone());
        Callback::from(move |event: FocusEvent| match hurried(&event) {
            Some((options, typed)) => leave(&options, &typed),
            None => leave(&options, query.as_deref().unwrap_or_default()),
        })
    };
    let problem = props.problem.as_ref();
    html! {
        <div class={classes!("field", "picker", problem.map(|_| "invalid"))}>
            <label for={id}>{ env.say(&label) }</label>
            <div class="entry select">
                <input {id} name={id} type="text" role="combobox" autocomplete="off" spellcheck="false" autocapitalize="off"
                    aria-expanded={open.to_string()} aria-controls={format!("{id}-list")} aria-autocomplete="list"
                    aria-activedescendant={place.filter(|_| open).map(|place| format!("{id}-{place}"))}
                    aria-invalid={problem.map(|_| "true")} aria-describedby={problem.map(|_| format!("{id}-message"))}
                    data-chosen={props.value.clone()} {value} {oninput} {onclick} {onkeydown} {onblur} />
                <Icon sign={Sign::Chevron} />
            </div>
            <div class="options" hidden={!open}>
                <ul ref={list} id={format!("{id}-list")} role="listbox" aria-label={env.say(&label)}>
                    { for options.iter().enumerate().map(|(index, entry)| option(id, index, Some(index) == place, entry, &pick, &props.value)) }
                </ul>
                <p class="hint" hidden={hidden == 0 && !options.is_empty()}>{ remark(&env, hidden, options.is_empty()) }</p>
            </div>
            { message(&env, props.field, problem) }
        </div>
    }
}

/// What a text offers: those it finds, and an entry of the visitor's own for whom none of them is it; and how many more there are.
fn offered(own: Option<&Callback<String, Option<Pickable>>>, entries: &[Pickable], text: &str) -> (Vec<Pickable>, usize) {
    let hits = found(entries, text);
    let shown = hits.iter().take(SHOWN).filter_map(|place| entries.get(*place).cloned());
    let options = shown.chain(own.and_then(|own| own.emit(text.to_owned()))).collect();
    (options, hits.len().saturating_sub(SHOWN))
}

fn remark(env: &Env, hidden: usize, none: bool) -> String {
    if none { env.say("app.pick.none") } else { env.fill("app.pick.more", &[("n", &hidden.to_string())]) }
}

fn option(id: &str, index: usize, active: bool, entry: &Pickable, pick: &Callback<AttrValue>, chosen: &AttrValue) -> Html {
    let onclick = {
        let (pick, value) = (pick.clone(), entry.value.clone());
        Callback::from(move |_: MouseEvent| pick.emit(value.clone()))
    };
    // The field keeps the focus, so that leaving it does not close the list before the click arrives.
    let onmousedown = Callback::from(|event: MouseEvent| event.prevent_default());
    html! {
        <li key={entry.value.to_string()} id={format!("{id}-{index}")} role="option" class={classes!(active.then_some("active"))}
            aria-selected={(entry.value == *chosen).to_string()} data-value={entry.value.clone()} {onclick} {onmousedown}>
            <span>{ &entry.name }</span><span class="detail">{ &entry.detail }</span>
        </li>
    }
}

/// Brings an option into view without moving the page.
fn scroll_within(option: &Element) {
    let Some(list) = option.parent_element().and_then(|list| list.parent_element()) else { return };
    let (inner, outer) = (option.get_bounding_client_rect(), list.get_bounding_client_rect());
    let by = if inner.top() < outer.top() {
        inner.top() - outer.top()
    } else if inner.bottom() > outer.bottom() {
        inner.bottom() - outer.bottom()
    } else {
        return;
    };
    list.set_scroll_top(list.scroll_top() + whole_pixels(by));
}

#[expect(clippy::cast_possible_truncation, reason = "a distance on a screen")]
const fn whole_pixels(distance: f64) -> i32 {
    distance as i32
}
