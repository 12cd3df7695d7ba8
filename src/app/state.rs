//! The page's state: one link, changed by actions, undone one step.

use std::rc::Rc;
use whichcard::share::{Field, Link, View};
use yew::Reducible;

/// Everything a visitor can change.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What is asked.
    pub link: Rc<Link>,
    /// Whether the last change deserves its own step in the browser's history.
    pub visited: bool,
}

/// What a visitor does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Types into or picks in a field.
    Set(Field, String),
    /// Sets several fields at once; `None` puts one back to its default.
    Put(Vec<(Field, Option<String>)>),
    /// Opens another view, with fields; `None` puts one back to its default.
    Go(View, Vec<(Field, Option<String>)>),
    /// Starts over, keeping language and theme.
    Reset,
    /// Drops the parts of the link nobody reads.
    DropForeign,
    /// Follows the browser's Back and Forward.
    Load(Link),
}

/// What a visitor keeps when starting over.
const KEPT: [Field; 3] = [Field::Lang, Field::Theme, Field::Embed];
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
        let visited = matches!(action, Action::Go(..) | Action::Reset);
        let before = Link::clone(&self.link);
        let link = match action {
            Action::Set(field, text) => before.with(field, text),
            Action::Put(changes) => changed(before, changes),
            Action::Go(view, changes) => changed(before.at(view).without(Field::Open), changes),
            Action::Reset => KEPT.iter().fold(Link::to(before.view()), |link, field| match before.get(*field) {
                Some(text) => link.with(*field, text),
                None => link,
            }),
            Action::DropForeign => before.without_foreign(),
            Action::Load(link) => link,
        };
        if link == *self.link {
            return self;
        }
        Rc::new(Self { link: Rc::new(link), visited })
    }
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
        let state = Rc::new(State { link: Rc::new(Link::read(query)), visited: false });
        state.reduce(action).link.write()
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
    fn starting_over_keeps_language_and_theme() {
        assert_eq!(after("view=card&lang=en&card=a40&theme=dark", Action::Reset), "v=1&view=card&lang=en&theme=dark");
    }

    #[test]
    fn a_change_to_the_same_is_no_change() {
        let state = Rc::new(State { link: Rc::new(Link::read("n=2")), visited: false });
        let same = Rc::clone(&state).reduce(Action::Set(Field::Count, "2".to_owned()));
        assert!(Rc::ptr_eq(&state, &same));
    }
}
