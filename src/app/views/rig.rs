//! What a number of cards is called.

use crate::app::context::Env;
use whichcard::request::Rig;

/// "2 × GeForce RTX 4090".
pub fn name(env: &Env, rig: &Rig) -> String {
    several(env, rig.count, &rig.card.name)
}

/// The same of a card that may not be in the catalogue.
pub fn several(env: &Env, count: u32, card: &str) -> String {
    whichcard::wording::rig(env.lang, count, card)
}
