//! A searchable list: the combobox pattern of the ARIA authoring guide, with a list that opens below its field.

use super::{Icon, Sign, message};
use crate::app::context::{Env, use_env};
use crate::app::reading::Problem;
use std::rc::Rc;
use web_sys::{Element, HtmlInputElement};
use whichcard::catalog::spelling;
use whichcard::model::names::is_letter;
use whichcard::share::Field;
use yew::prelude::*;

/// Something to pick.
#[derive(Clone, Debug, PartialEq)]
pub struct Pickable {
    /// The value of the field.
    pub value: AttrValue,
    /// What it is called.
    pub name: AttrValue,
    /// What tells it from its neighbours.
    pub detail: AttrValue,
    /// Text that searches look in, as written and as the catalogue spells it, without spaces and hyphens.
    pub haystack: String,
}

impl Pickable {
    /// Something to pick, found by its value, name, detail and these words.
    pub fn new(value: &str, name: &str, detail: &str, words: &[&str]) -> Self {
        let texts = [value, name, detail].into_iter().chain(words.iter().copied());
        let haystack: String = texts.flat_map(Spelt::both).map(|text| text + " ").collect();
        Self { value: value.to_owned().into(), name: name.to_owned().into(), detail: detail.to_owned().into(), haystack }
    }
}

/// Text as searches compare it.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_' | '.')).map(|c| c.to_ascii_lowercase()).collect()
}

/// A text as it is written, and in the catalogue's spelling: "4090笔记本" is also "4090laptop".
struct Spelt {
    written: String,
    usual: String,
}

impl Spelt {
    fn of(text: &str) -> Self {
        let written = plain(text);
        // Words like "显卡" say nothing and are spelt as nothing; signs are not words.
        let usual = if text.contains(is_letter) { plain(&spelling(text)) } else { written.clone() };
        Self { written, usual }
    }

    fn both(text: &str) -> [String; 2] {
        let spelt = Self::of(text);
        [spelt.written, spelt.usual]
    }

    fn is_in(&self, haystack: &str) -> bool {
        haystack.contains(&self.written) || haystack.contains(&self.usual)
    }
}

/// More than this is not read but narrowed down by typing.
const SHOWN: usize = 80;

/// Entries in which every word of the query is found; those whose name begins with it first.
pub fn found(entries: &[Pickable], query: &str) -> Vec<usize> {
    let words: Vec<Spelt> = query.split_whitespace().map(Spelt::of).filter(|word| !word.written.is_empty()).collect();
    let whole = Spelt::of(query);
    let begins = |entry: &Pickable| [&whole.written, &whole.usual].iter().any(|text| entry.haystack.contains(&format!("{text} ")));
    let mut hits: Vec<(bool, usize)> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| whole.is_in(&entry.haystack) || words.iter().all(|word| word.is_in(&entry.haystack)))
        .map(|(place, entry)| (!begins(entry), place))
        .collect();
    hits.sort_unstable();
    hits.into_iter().map(|(_, place)| place).collect()
}

#[derive(Properties, PartialEq)]
pub struct PickerProps {
    pub field: Field,
    /// Key of the label.
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
    // What is being typed; `None` while the list is closed.
    let query = use_state(|| None::<String>);
    let active = use_state(|| 0usize);
    let list = use_node_ref();
    let id = props.field.key();

    let open = query.is_some();
    let text = query.as_deref().unwrap_or_default();
    let own = props.own.as_ref().and_then(|own| own.emit(text.to_owned())).filter(|_| open);
    let hits = if open { found(&props.entries, text) } else { Vec::new() };
    let options: Vec<Pickable> =
        own.into_iter().chain(hits.iter().take(SHOWN).filter_map(|place| props.entries.get(*place).cloned())).collect();
    let hidden = hits.len().saturating_sub(SHOWN);
    let place = (*active).min(options.len().saturating_sub(1));

    use_effect_with((open, place), {
        let list = list.clone();
        move |(open, place)| {
            let option =
                list.cast::<Element>().filter(|_| *open).and_then(|list| list.children().item(u32::try_from(*place).unwrap_or(0)));
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
    // Leaving takes what was typed, even if it means nothing: it is shown with what is wrong, not thrown away.
    let leave = {
        let (pick, query, options) = (pick.clone(), query.clone(), options.clone());
        move || {
            let typed = query.as_deref().unwrap_or_default().trim().to_owned();
            let meant = options.iter().find(|entry| plain(&entry.name) == plain(&typed) || plain(&entry.value) == plain(&typed));
            match (typed.is_empty(), meant) {
                (true, _) => query.set(None),
                (false, Some(entry)) => pick.emit(entry.value.clone()),
                (false, None) => pick.emit(typed.into()),
            }
        }
    };
    let onkeydown = {
        let (query, active, pick, options) = (query.clone(), active.clone(), pick.clone(), options.clone());
        let leave = leave.clone();
        Callback::from(move |event: KeyboardEvent| {
            let last = options.len().saturating_sub(1);
            let step = |to: usize| {
                event.prevent_default();
                if query.is_none() {
                    query.set(Some(String::new()));
                }
                active.set(to);
            };
            match event.key().as_str() {
                "ArrowDown" => step(if query.is_none() || place == last { 0 } else { place + 1 }),
                "ArrowUp" => step(if place == 0 { last } else { place - 1 }),
                "Enter" if query.is_some() => {
                    event.prevent_default();
                    match options.get(place) {
                        Some(entry) => pick.emit(entry.value.clone()),
                        None => leave(),
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
            active.set(0);
            query.set(Some(event.target_unchecked_into::<HtmlInputElement>().value()));
        })
    };
    let onclick = {
        let query = query.clone();
        Callback::from(move |event: MouseEvent| {
            if query.is_none() {
                event.target_unchecked_into::<HtmlInputElement>().select();
                query.set(Some(String::new()));
            }
        })
    };
    let onblur = Callback::from(move |_: FocusEvent| leave());
    let typed = query.as_ref().filter(|typed| !typed.is_empty());
    let value = typed.map_or_else(|| props.shown.to_string(), ToString::to_string);
    let problem = props.problem.as_ref();
    html! {
        <div class={classes!("field", "picker", problem.map(|_| "invalid"))}>
            <label for={id}>{ env.say(&props.label) }</label>
            <div class="entry select">
                <input {id} name={id} type="text" role="combobox" autocomplete="off" spellcheck="false" autocapitalize="off"
                    aria-expanded={open.to_string()} aria-controls={format!("{id}-list")} aria-autocomplete="list"
                    aria-activedescendant={(open && !options.is_empty()).then(|| format!("{id}-{place}"))}
                    aria-invalid={problem.map(|_| "true")} aria-describedby={problem.map(|_| format!("{id}-message"))}
                    data-chosen={props.value.clone()} {value} {oninput} {onclick} {onkeydown} {onblur} />
                <Icon sign={Sign::Chevron} />
            </div>
            <div class="options" hidden={!open}>
                <ul ref={list} id={format!("{id}-list")} role="listbox" aria-label={env.say(&props.label)}>
                    { for options.iter().enumerate().map(|(index, entry)| option(id, index, index == place, entry, &pick, &props.value)) }
                </ul>
                <p class="hint" hidden={hidden == 0 && !options.is_empty()}>{ remark(&env, hidden, options.is_empty()) }</p>
            </div>
            { message(&env, props.field, problem) }
        </div>
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_typed() {
        let entries = [
            Pickable::new("rtx-4090", "GeForce RTX 4090", "24 GB · Ada", &[]),
            Pickable::new("rtx-4090-laptop", "GeForce RTX 4090 Laptop GPU", "16 GB · Ada", &[]),
            Pickable::new("tesla-p40", "Tesla P40", "24 GB · Pascal", &[]),
        ];
        let values =
            |query: &str| found(&entries, query).into_iter().map(|place| entries[place].value.to_string()).collect::<Vec<_>>();
        assert_eq!(values("4090笔记本"), ["rtx-4090-laptop"]);
        assert_eq!(values("笔记本 4090"), ["rtx-4090-laptop"]);
        assert_eq!(values("英伟达 4090 显卡").len(), 2);
        assert_eq!(values("geforc").len(), 2, "half a word");
        assert_eq!(values("特斯拉 P40"), ["tesla-p40"]);
        assert_eq!(values("NVIDIA p40 24G"), ["tesla-p40"]);
        assert!(values("💥").is_empty() && values("4091").is_empty());
    }
}
