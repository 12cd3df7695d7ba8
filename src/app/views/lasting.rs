//! The last good answer stays on the page while what is typed cannot be read.

use std::cell::RefCell;
use std::rc::Rc;
use whichcard::error::RequestError;
use yew::prelude::*;

/// An answer, or the one before it.
pub struct Lasting<T> {
    /// What to show; nothing if there never was an answer.
    pub value: Option<Rc<T>>,
    /// It answers the question before the last change.
    pub stale: bool,
    /// Why there is no fresh answer.
    pub refused: Option<RequestError>,
}

/// Keeps the answer to the last question that could be read in full.
#[hook]
pub fn use_lasting<T: 'static>(fresh: &Rc<Result<Rc<T>, RequestError>>, unreadable: bool) -> Lasting<T> {
    let last: Rc<RefCell<Option<Rc<T>>>> = use_mut_ref(|| None);
    let kept = last.borrow().clone();
    match (fresh.as_ref(), kept) {
        (Ok(_), Some(kept)) if unreadable => Lasting { value: Some(kept), stale: true, refused: None },
        (Ok(value), _) => {
            if !unreadable {
                last.replace(Some(Rc::clone(value)));
            }
            Lasting { value: Some(Rc::clone(value)), stale: false, refused: None }
        }
        (Err(error), kept) => Lasting { stale: kept.is_some(), value: kept, refused: Some(error.clone()) },
    }
}
