//! What is made when somebody first asks for it, and then kept.

use std::cell::LazyCell;
use std::ops::Deref;
use std::rc::Rc;

/// Shared by all who may ask.
pub struct Late<T>(Rc<LazyCell<T, Box<dyn FnOnce() -> T>>>);

impl<T> Late<T> {
    /// What this makes.
    pub fn new(make: impl FnOnce() -> T + 'static) -> Self {
        Self(Rc::new(LazyCell::new(Box::new(make))))
    }
}

impl<T> Clone for Late<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Late<T> {
    /// Another one may be another thing, and is not made to find out.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Late<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> std::fmt::Debug for Late<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Late")
    }
}
