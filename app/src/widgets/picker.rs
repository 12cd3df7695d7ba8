//! A searchable list: the combobox pattern of the ARIA authoring guide, with a list that opens below its field.

use super::search::{Pickable, found, nearest};
use super::{Icon, Sign, label_of, message};
use crate::address;
use crate::context::{Env, use_env};
use crate::late::Late;
use crate::reading::Problem;
use crate::tab;
use std::rc::Rc;
use web_sys::{Element, HtmlInputElement};
use whichcard::share::{Field, Link};
use yew::prelude::*;

/// More than this is not read but narrowed down by typing.
const SHOWN: usize = 80;

#[derive(Properties, PartialEq)]
pub struct PickerProps {
    pub field: Field,
    /// Key of the label, where it is not the field's usual one.
    #[prop_or_default]
    pub label: AttrValue,
    /// What there is to pick, listed when somebody looks for something in it.
    pub entries: Late<Vec<Pickable>>,
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

/// A search as it stands: what is typed, what that offers, and what is done with it.
#[derive(Clone)]
struct Search {
    /// What is being typed; `None` while the list is closed.
    query: UseStateHandle<Option<String>>,
    /// What the arrow keys have gone to; until then it is what the text means.
    active: UseStateHandle<Option<usize>>,
    own: Option<Callback<String, Option<Pickable>>>,
    entries: Late<Vec<Pickable>>,
    options: Vec<Pickable>,
    /// How many more there are.
    hidden: usize,
    /// Nothing is called what was typed, and these are nearly.
    near: bool,
    /// What Enter takes.
    place: Option<usize>,
    /// What the field shows.
    value: String,
    set: Callback<String>,
}

impl Search {
    fn of(props: &PickerProps, env: &Env, query: UseStateHandle<Option<String>>, active: UseStateHandle<Option<usize>>) -> Self {
        let typed = query.as_deref();
        let Offer { options, hidden, near } =
            typed.map_or_else(Offer::default, |text| offered(props.own.as_ref(), &props.entries, text));
        let meant = || options.iter().position(|entry| entry.is_meant_by(typed.unwrap_or_default()));
        let place = active.map_or_else(meant, |place| Some(place.min(options.len().checked_sub(1)?)));
        let value = typed.filter(|typed| !typed.is_empty()).unwrap_or(&props.shown).to_owned();
        let set = props.onpick.clone().unwrap_or_else(|| env.set(props.field));
        let (own, entries) = (props.own.clone(), props.entries.clone());
        Self { query, active, own, entries, options, hidden, near, place, value, set }
    }

    fn is_open(&self) -> bool {
        self.query.is_some()
    }

    fn pick(&self, value: &str) {
        self.query.set(None);
        self.set.emit(value.to_owned());
    }

    /// Leaving takes what was typed, even if it means nothing: it is shown with what is wrong, not thrown away.
    fn leave(&self, options: &[Pickable], typed: &str) {
        let typed = typed.trim();
        let meant = options.iter().find(|entry| entry.is_called(typed));
        match (typed.is_empty(), meant) {
            (true, _) => self.query.set(None),
            (false, Some(entry)) => self.pick(&entry.value),
            (false, None) => self.pick(typed),
        }
    }

    /// Keys come faster than a slow machine draws: the field says what was typed last, and that counts.
    fn hurried(&self, event: &Event) -> Option<(Vec<Pickable>, String)> {
        let now = event.target_unchecked_into::<HtmlInputElement>().value();
        (now != self.value).then(|| (offered(self.own.as_ref(), &self.entries, &now).options, now))
    }

    fn step(&self, event: &KeyboardEvent, to: usize) {
        event.prevent_default();
        if !self.is_open() {
            self.query.set(Some(String::new()));
        }
        self.active.set(Some(to));
    }

    fn on_key(&self, event: &KeyboardEvent) {
        let last = self.options.len().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => {
                let next = self.place.filter(|place| self.is_open() && *place < last).map_or(0, |place| place + 1);
                self.step(event, next);
            }
            "ArrowUp" => self.step(event, self.place.and_then(|place| place.checked_sub(1)).unwrap_or(last)),
            "Enter" => self.on_enter(event),
            "Escape" if self.is_open() => {
                event.prevent_default();
                self.query.set(None);
            }
            _ => {}
        }
    }

    fn on_enter(&self, event: &KeyboardEvent) {
        let hurried = self.hurried(event);
        if hurried.is_none() && !self.is_open() {
            return;
        }
        event.prevent_default();
        let (options, typed, place) = match hurried {
            Some((options, typed)) => {
                let place = options.iter().position(|entry| entry.is_meant_by(&typed));
                (options, typed, place)
            }
            None => (self.options.clone(), self.query.as_deref().unwrap_or_default().to_owned(), self.place),
        };
        match place.and_then(|place| options.get(place)) {
            Some(entry) => self.pick(&entry.value),
            None => self.leave(&options, &typed),
        }
    }

    fn on_input(&self, event: &InputEvent) {
        self.active.set(None);
        self.query.set(Some(event.target_unchecked_into::<HtmlInputElement>().value()));
    }

    fn on_click(&self, event: &MouseEvent) {
        if !self.is_open() {
            self.active.set(None);
            event.target_unchecked_into::<HtmlInputElement>().select();
            self.query.set(Some(String::new()));
        }
    }

    fn on_blur(&self, event: &FocusEvent) {
        match self.hurried(event) {
            Some((options, typed)) => self.leave(&options, &typed),
            None => self.leave(&self.options, self.query.as_deref().unwrap_or_default()),
        }
    }

    /// A listener that does something with the search as it stood when it was drawn.
    fn does<E: 'static>(self: &Rc<Self>, what: fn(&Self, &E)) -> Callback<E> {
        let search = Rc::clone(self);
        Callback::from(move |event| what(&search, &event))
    }
}

#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let env = use_env();
    let label = label_of(&env, props.field, &props.label);
    let list = use_node_ref();
    let search = Rc::new(Search::of(props, &env, use_state(|| None), use_state(|| None)));
    let (open, place, options) = (search.is_open(), search.place, &search.options);
    use_kept(&env, props.field, &search.query);
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
        let query = search.query.clone();
        move |_| query.set(None)
    });
    let (id, problem) = (props.field.key(), props.problem.as_ref());
    let said = remark(&env, &search);
    // Who looks for a model that nobody can download looks in vain.
    let unknown = props.field == Field::Model && (search.near || search.options.is_empty());
    html! {
        <div class={classes!("field", "picker", problem.map(|_| "invalid"))}>
            <label for={id}>{ env.say(&label) }</label>
            <div class="entry select">
                <input {id} name={id} type="text" role="combobox" autocomplete="off" spellcheck="false" autocapitalize="off"
                    aria-expanded={open.to_string()} aria-controls={format!("{id}-list")} aria-autocomplete="list"
                    aria-activedescendant={place.filter(|_| open).map(|place| format!("{id}-{place}"))}
                    aria-invalid={problem.map(|_| "true")} aria-describedby={problem.map(|_| format!("{id}-message"))}
                    data-chosen={props.value.clone()} value={search.value.clone()} oninput={search.does(Search::on_input)}
                    onclick={search.does(Search::on_click)} onkeydown={search.does(Search::on_key)}
                    onblur={search.does(Search::on_blur)} />
                <Icon sign={Sign::Chevron} />
            </div>
            <div class="options" hidden={!open}>
                <p class="hint near" hidden={!search.near}>{ for search.near.then(|| env.say("app.pick.near")) }</p>
                <ul ref={list} id={format!("{id}-list")} role="listbox" aria-label={env.say(&label)}>
                    { for options.iter().enumerate().map(|(index, entry)| {
                        option(id, index, Some(index) == place, entry, &search, &props.value)
                    }) }
                </ul>
                <p class="hint" hidden={said.is_none()}>{ said }</p>
                <p class="hint" hidden={!unknown}>{ for unknown.then(|| env.say("app.pick.closed")) }</p>
            </div>
            { message(&env, props.field, problem) }
        </div>
    }
}

/// A reload leaves the field: what is being looked for comes back as typed, as the address says it. What adds to others is none of it.
#[hook]
fn use_kept(env: &Env, field: Field, query: &UseStateHandle<Option<String>>) {
    let typed = use_mut_ref(|| false);
    let link = Rc::clone(&env.link);
    use_effect_with((**query).clone(), move |query| {
        match query.as_deref().filter(|text| !text.is_empty() && field != Field::Cards) {
            Some(text) => {
                typed.replace(true);
                tab::keep_address(&address::query(), &Link::clone(&link).with(field, text).write());
            }
            None if typed.replace(false) => tab::forget_address(),
            None => {}
        }
    });
}

/// What a text offers.
#[derive(Default)]
struct Offer {
    options: Vec<Pickable>,
    /// How many more there are.
    hidden: usize,
    /// They are not what was typed, but nearly.
    near: bool,
}

/// Those a text finds, else those that are nearly called so, and an entry of the visitor's own for whom none of them is it.
fn offered(own: Option<&Callback<String, Option<Pickable>>>, entries: &[Pickable], text: &str) -> Offer {
    let hits = found(entries, text);
    let own = own.and_then(|own| own.emit(text.to_owned()));
    // "2x3090" is the visitor's own way to say it, not a name gone wrong.
    let meant = own.as_ref().is_some_and(|own| own.is_meant_by(text));
    let neighbours = if hits.is_empty() && !meant { nearest(entries, text) } else { Vec::new() };
    let shown = hits.iter().take(SHOWN).chain(&neighbours).filter_map(|place| entries.get(*place).cloned());
    Offer { options: shown.chain(own).collect(), hidden: hits.len().saturating_sub(SHOWN), near: !neighbours.is_empty() }
}

fn remark(env: &Env, search: &Search) -> Option<String> {
    match search.options.is_empty() {
        true => Some(env.say("app.pick.none")),
        false => (search.hidden > 0).then(|| env.fill("app.pick.more", &[("n", &search.hidden.to_string())])),
    }
}

fn option(id: &str, index: usize, active: bool, entry: &Pickable, search: &Rc<Search>, chosen: &AttrValue) -> Html {
    let onclick = {
        let (search, value) = (Rc::clone(search), entry.value.clone());
        Callback::from(move |_: MouseEvent| search.pick(&value))
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
    let Some(list) = option.parent_element() else { return };
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
