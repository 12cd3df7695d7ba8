//! The page's state: one link, changed by actions, undone one step.

use super::past::{self, Past};
use std::rc::Rc;
use whichcard::share::{Field, Link, View};
use whichcard::text::Lang;
use yew::Reducible;

/// Everything a visitor can change.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What is asked.
    pub link: Rc<Link>,
    /// Whether the last change deserves its own step in the browser's history.
    pub visited: bool,
    /// What was asked before, the latest last, and whether that change led to another view.
    pub past: Rc<Past>,
    /// The field that is being typed into: its letters are one change together.
    typing: Option<Field>,
}

impl State {
    /// The state a link opens with.
    pub fn of(link: Link) -> Self {
        Self { link: Rc::new(link), visited: false, past: Rc::default(), typing: None }
    }
}

/// Changes that can be taken back.
const REMEMBERED: usize = 100;

/// What a visitor does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Types into a field, or picks in a list.
    Set(Field, String),
    /// Types into a field that brings others with it.
    Type(Vec<(Field, String)>),
    /// Chooses: sets several fields at once; `None` puts one back to its default.
    Put(Vec<(Field, Option<String>)>),
    /// Opens another view, with fields; `None` puts one back to its default.
    Go(View, Vec<(Field, Option<String>)>),
    /// Opens a whole link that was kept.
    Open(Link),
    /// Takes the last change back.
    Undo,
    /// Remembers the changes that were kept before a reload.
    Recall(String),
    /// Starts over, keeping language and theme.
    Reset,
    /// Drops the parts of the link nobody reads.
    DropForeign,
    /// Follows the browser's Back and Forward.
    Load(Link),
}

/// What a visitor keeps when starting over.
const KEPT: [Field; 4] = [Field::Lang, Field::Theme, Field::Embed, Field::Compact];
/// What a task decides, and so what picking another one puts back to its default.
pub const OF_TASK: [Field; 10] = [
    Field::Model,
    Field::Config,
    Field::Job,
    Field::Sequence,
    Field::Samples,
    Field::Epochs,
    Field::Tokens,
    Field::Prompt,
    Field::Output,
    Field::Users,
];

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let typing = match &action {
            Action::Set(field, _) if !field.is_choice() => Some(*field),
            Action::Type(texts) => texts.first().map(|(field, _)| *field),
            _ => None,
        };
        let travels = matches!(action, Action::Load(_));
        let visited = match &action {
            Action::Go(..) | Action::Open(_) | Action::Reset => true,
            Action::Set(field, _) => field.is_choice(),
            Action::Put(changes) => changes.iter().any(|(field, _)| !field.is_look()),
            Action::Type(_) | Action::DropForeign | Action::Load(_) => false,
            Action::Undo => return self.undone(),
            Action::Recall(kept) => return self.recalling(kept),
        };
        let before = Link::clone(&self.link);
        let link = match action {
            Action::Set(field, text) => changed(before, [typed(field, text)]),
            Action::Type(texts) => changed(before, texts.into_iter().map(|(field, text)| typed(field, text))),
            Action::Put(changes) => changed(before, changes),
            Action::Go(view, changes) => changed(before.at(view).without(Field::Open), changes),
            Action::Reset => KEPT.iter().fold(Link::to(before.view()), |link, field| match before.get(*field) {
                Some(text) => link.with(*field, text),
                None => link,
            }),
            Action::DropForeign => drop_foreign(before),
            Action::Open(link) | Action::Load(link) => link,
            // Done already.
            Action::Undo | Action::Recall(_) => before,
        };
        if link == *self.link {
            return self;
        }
        // Back closes what was opened.
        let opens = !travels && link.get(Field::Open).is_some() && self.link.get(Field::Open).is_none();
        let visited = visited || opens;
        let goes_on = typing.is_some() && typing == self.typing;
        let past = if goes_on || travels || looks_alike(&self.link, &link) {
            Rc::clone(&self.past)
        } else {
            self.remembering(link.view() != self.link.view())
        };
        Rc::new(Self { link: Rc::new(link), visited, past, typing })
    }
}

impl State {
    /// Before the last change; what was changed there and back again is no change. Where the visitor looks from stays: the language,
    /// the theme, what is open, and the view, unless it came with the change.
    fn undone(self: Rc<Self>) -> Rc<Self> {
        let Some(last) = self.past.iter().rposition(|(link, _)| !looks_alike(link, &self.link)) else { return self };
        let (past, rest) = self.past.split_at(last);
        let Some((before, moved)) = rest.first() else { return self };
        let view = if *moved { before.view() } else { self.link.view() };
        let silent = Field::ALL.iter().copied().filter(|field| field.is_look());
        let looks = silent.map(|field| (field, self.link.get(field).map(ToOwned::to_owned)));
        let link = changed(Link::clone(before).at(view), looks);
        Rc::new(Self { link: Rc::new(link), visited: true, past: Rc::new(past.to_vec()), typing: None })
    }

    /// With the changes that were kept before a reload, as those that led to what has been asked since.
    #[inline(never)]
    fn recalling(self: Rc<Self>, kept: &str) -> Rc<Self> {
        let mut past = past::read(kept);
        let since = self.past.first().map_or(&self.link, |(link, _)| link);
        while past.last().is_some_and(|(link, _)| looks_alike(link, since)) {
            past.pop();
        }
        past.extend(self.past.iter().cloned());
        Rc::new(Self { past: Rc::new(past), ..Self::clone(&self) })
    }

    /// The past with what is asked now, before a change that leads to another view or stays here.
    fn remembering(&self, moves: bool) -> Rc<Past> {
        let from = (self.past.len() + 1).saturating_sub(REMEMBERED);
        Rc::new(self.past.iter().skip(from).cloned().chain([(Rc::clone(&self.link), moves)]).collect())
    }
}

/// What typing a text into a field sets: an emptied one asks nothing and leaves nothing in the link, but for a configuration, which is
/// wanted.
fn typed(field: Field, text: String) -> (Field, Option<String>) {
    let set = !text.is_empty() || field == Field::Config;
    (field, set.then_some(text))
}

/// Whether two links ask the same: they differ at most in looks.
fn looks_alike(one: &Link, other: &Link) -> bool {
    let asked = |link: &Link| {
        link.values().filter(|(field, _)| !field.is_look()).map(|(field, text)| (field, text.to_owned())).collect::<Vec<_>>()
    };
    asked(one) == asked(other)
}

/// Themes, in the order a switch shows them.
pub const THEMES: [&str; 3] = ["light", "system", "dark"];

/// Parts of a link that are about looks and mean nothing: a language, a theme or a form that does not exist.
pub fn odd_looks(link: &Link) -> Vec<(Field, String)> {
    let known = |field: Field, text: &str| match field {
        Field::Lang => Lang::from_tag(text).is_some(),
        Field::Theme => THEMES.contains(&text),
        _ => matches!(text, "0" | "1"),
    };
    let given = KEPT.into_iter().filter_map(|field| Some((field, link.get(field)?)));
    given.filter(|(field, text)| !known(*field, text)).map(|(field, text)| (field, text.to_owned())).collect()
}

/// A link without what nobody reads and without looks that do not exist.
fn drop_foreign(link: Link) -> Link {
    odd_looks(&link).into_iter().fold(link.without_foreign(), |link, (field, _)| link.without(field))
}

/// A link with some fields set and others put back.
pub fn changed(link: Link, changes: impl IntoIterator<Item = (Field, Option<String>)>) -> Link {
    changes.into_iter().fold(link, |link, (field, text)| match text {
        Some(text) => link.with(field, text),
        None => link.without(field),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(query: &str, action: Action) -> String {
        Rc::new(State::of(Link::read(query))).reduce(action).link.write()
    }

    #[test]
    fn changing_the_view_keeps_the_question() {
        let link = after(
            "view=advise&model=gpt-2&open=rtx-3090",
            Action::Go(View::Inspect, vec![(Field::Card, Some("rtx-3090".to_owned()))]),
        );
        assert_eq!(link, "v=1&view=inspect&model=gpt-2&card=rtx-3090");
    }

    #[test]
    fn what_is_emptied_leaves_nothing_behind() {
        assert_eq!(after("view=inspect&seq=4096", Action::Set(Field::Sequence, String::new())), "v=1&view=inspect");
        let amount = vec![(Field::Budget, String::new()), (Field::Currency, "CNY".to_owned())];
        assert_eq!(after("budget=9&cur=CNY", Action::Type(amount)), after("cur=CNY", Action::DropForeign));
    }

    #[test]
    fn choices_are_steps_and_letters_are_not() {
        let step = |action| Rc::new(State::of(Link::read("view=advise"))).reduce(action).visited;
        assert!(step(Action::Set(Field::Job, "lora".to_owned())));
        assert!(step(Action::Set(Field::Card, "a40".to_owned())));
        assert!(step(Action::Set(Field::Embeddings, "trained".to_owned())));
        assert!(step(Action::Set(Field::List, "models".to_owned())), "another table");
        assert!(step(Action::Put(vec![(Field::Task, Some("chat".to_owned())), (Field::Model, None)])));
        assert!(!step(Action::Set(Field::Sequence, "4096".to_owned())));
        assert!(!step(Action::Type(vec![(Field::Budget, "1".to_owned()), (Field::Currency, "CNY".to_owned())])));
        assert!(!step(Action::Set(Field::Lang, "en".to_owned())));
        assert!(!step(Action::Set(Field::Find, "a100".to_owned())));
    }

    #[test]
    fn opening_is_a_step_and_opening_another_instead_is_none() {
        let open = |id: &str| Action::Set(Field::Open, id.to_owned());
        let opened = Rc::new(State::of(Link::read("view=advise"))).reduce(open("a40"));
        assert!(opened.visited && !opened.clone().reduce(open("a16")).visited);
        assert!(opened.past.is_empty(), "no change of the question");
    }

    #[test]
    fn changes_are_taken_back_one_by_one_and_typing_is_one() {
        let mut state = Rc::new(State::of(Link::read("view=inspect")));
        let typed = |text: &str| Action::Set(Field::Sequence, text.to_owned());
        for action in [
            Action::Set(Field::Card, "a40".to_owned()),
            typed("4"),
            typed("40"),
            typed("409"),
            typed("4096"),
            Action::Set(Field::Theme, "dark".to_owned()),
        ] {
            state = state.reduce(action);
        }
        assert_eq!(state.past.len(), 2);
        let mut seen = Vec::new();
        for _ in 0..3 {
            state = state.reduce(Action::Undo);
            seen.push(state.link.write());
        }
        let dark = ["v=1&view=inspect&theme=dark&card=a40", "v=1&view=inspect&theme=dark", "v=1&view=inspect&theme=dark"];
        assert_eq!(seen, dark, "the theme is no change of the question");
    }

    #[test]
    fn taking_back_stays_in_the_view_unless_the_change_had_led_there() {
        let undone = |actions: Vec<Action>| {
            let state = Rc::new(State::of(Link::read("view=inspect")));
            actions.into_iter().chain([Action::Undo]).fold(state, Reducible::reduce).link.write()
        };
        let card = |view| Action::Go(view, vec![(Field::Card, Some("a40".to_owned()))]);
        let typed = Action::Set(Field::Sequence, "4096".to_owned());
        assert_eq!(undone(vec![typed, Action::Go(View::Scratch, Vec::new())]), "v=1&view=scratch");
        assert_eq!(undone(vec![card(View::Scratch)]), "v=1&view=inspect");
        assert_eq!(undone(vec![card(View::Scratch), Action::Go(View::Card, Vec::new())]), "v=1&view=inspect");
    }

    #[test]
    fn changes_from_before_a_reload_are_taken_back_after_those_made_since() {
        let loaded = |now: &str, kept: &str| {
            let state = Rc::new(State::of(Link::read(now)));
            [Action::Set(Field::Rank, "8".to_owned()), Action::Recall(kept.to_owned())].into_iter().fold(state, Reducible::reduce)
        };
        let kept = "v=1&view=inspect\n>v=1&view=inspect&seq=512\nv=1&view=card&card=a40&seq=512";
        // Loaded where the kept changes led, and where something was typed that was not kept any more.
        for (now, steps) in [("view=card&card=a40&seq=512", 1), ("view=card&card=a40&seq=4096", 2)] {
            let mut state = loaded(now, kept);
            for _ in 1..steps {
                state = state.reduce(Action::Undo);
                assert_eq!(*state.link, Link::read(now));
            }
            for query in ["view=card&card=a40&seq=512", "view=inspect&seq=512", "view=inspect"] {
                state = state.reduce(Action::Undo);
                assert_eq!(*state.link, Link::read(query));
            }
            assert!(state.past.is_empty());
        }
        assert_eq!(loaded("view=inspect", "\u{fffd}=&&\n\n").reduce(Action::Undo).link.write(), "v=1&view=inspect");
    }

    #[test]
    fn starting_over_keeps_language_and_theme() {
        assert_eq!(after("view=card&lang=en&card=a40&theme=dark", Action::Reset), "v=1&view=card&lang=en&theme=dark");
    }

    #[test]
    fn a_change_to_the_same_is_no_change() {
        let state = Rc::new(State::of(Link::read("n=2")));
        let same = Rc::clone(&state).reduce(Action::Set(Field::Count, "2".to_owned()));
        assert!(Rc::ptr_eq(&state, &same));
    }
}
