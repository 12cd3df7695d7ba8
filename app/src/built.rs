//! Question and answer of the opening page stay as the build drew them while that question is asked: the application does without the
//! catalogue, the planner, the estimates and all views of both until the module that has them is here, and without an answer until somebody uses it.

use super::load::{Loaded, Mark};
use super::{browser, later};
use std::rc::Rc;
use web_sys::Element;
use whichcard::share::{Field, Link, View};
use whichcard::text::Lang;
use yew::prelude::*;

/// Parts of the opening page, copied: it stays in sight until the application takes its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Built {
    /// Which catalogue they were drawn from.
    pub drawn_from: Option<Mark>,
    /// The question; until the module with the answers is here, which draws it, too.
    pub question: Option<Element>,
    /// What is said of the catalogue; as long as the question, for then the catalogue is read.
    pub catalogue: Option<AttrValue>,
    /// The answer and the line that says it; until it is used.
    pub answer: Option<[Element; 2]>,
}

impl Built {
    /// Those of a page that asks what this link asks, in its language.
    pub fn of(link: &Link, lang: Lang) -> Self {
        let page = opens(link).then(|| browser::built_page(lang)).flatten();
        let drawn_from = page.as_ref().and_then(|page| Mark::written(&page.get_attribute("data-catalogue")?));
        let part = |part: &str| browser::built_part(page.as_ref()?, part);
        let answer = part("#answer-line").zip(part("#results")).map(Into::into);
        let catalogue = part("#catalogue-line").and_then(|line| line.text_content()).map(Into::into);
        Self { drawn_from, question: part("#question"), catalogue, answer }
    }
}

/// Whether a link asks the question that the page opens with.
fn opens(link: &Link) -> bool {
    let looks = [Field::Lang, Field::Theme].into_iter().fold(link.clone(), Link::without);
    looks == Link::to(View::Advise)
}

/// What was built, until something else is asked or the catalogue is another.
#[hook]
pub fn use_built(given: &Built, link: &Rc<Link>, lang: Lang, loaded: &Loaded) -> Built {
    let question = use_part(&given.question, Option::as_ref);
    let answer = use_part(&given.answer, |answer| answer.as_ref().map(|[_, results]| results));
    let first = use_memo((), |()| (Rc::clone(link), lang));
    let asks_else = *first != (Rc::clone(link), lang);
    use_effect_with(asks_else && *loaded != Loaded::Coming, {
        let (question, answer) = (question.clone(), answer.clone());
        move |draws| {
            if *draws && (question.is_some() || answer.is_some()) {
                wasm_bindgen_futures::spawn_local(async move {
                    later::answers().await;
                    question.set(None);
                    answer.set(None);
                });
            }
        }
    });
    let holds = match loaded {
        Loaded::Coming => true,
        Loaded::Ready(_, mark) => given.drawn_from == Some(*mark),
        Loaded::Unreachable(_) | Loaded::Broken(_) => false,
    };
    if !holds {
        return Built::default();
    }
    let catalogue = given.catalogue.clone().filter(|_| question.is_some());
    Built { drawn_from: given.drawn_from, question: (*question).clone(), catalogue, answer: (*answer).clone() }
}

/// A part, until it is to be drawn (`web/early-input.js` says so).
#[hook]
fn use_part<T: Clone + 'static>(given: &Option<T>, heard: fn(&Option<T>) -> Option<&Element>) -> UseStateHandle<Option<T>> {
    let part = use_state(|| given.clone());
    use_effect_with((), {
        let part = part.clone();
        move |()| {
            let used = heard(&part).map(|element| {
                let part = part.clone();
                browser::on_used(element, move || part.set(None))
            });
            move || drop(used)
        }
    });
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_opens_with_the_question_of_a_link_that_asks_nothing() {
        for query in ["", "?lang=zh-CN&theme=dark", "?v=1&view=advise", "?utm_source=x"] {
            assert!(opens(&Link::read(query)), "{query}");
        }
        for query in ["?seq=2048", "?view=card", "?card=rtx-3090", "?open=rtx-3090", "?embed=1", "?v=99", "?what=else"] {
            assert!(!opens(&Link::read(query)), "{query}");
        }
    }
}
