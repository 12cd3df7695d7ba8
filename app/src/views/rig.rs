//! What a number of cards is called, and which of them are asked about.

use crate::context::Env;
use std::sync::Arc;
use whichcard::request::Rig;

/// "2 × GeForce RTX 4090".
pub fn name(env: &Env, rig: &Rig) -> String {
    several(env, rig.count, &rig.card.name)
}

/// The same of a card that may not be in the catalogue.
pub fn several(env: &Env, count: u32, card: &str) -> String {
    whichcard::wording::rig(env.lang, count, card)
}

/// The same where there is little room: "RTX 4090".
pub fn in_short(env: &Env, rig: &Rig) -> String {
    name(env, rig).replace("GeForce ", "")
}

/// The cards at hand and what other programs take of them. A power limit, a link or a network was set for one setup, and is not meant
/// where nothing of them is asked.
pub fn at_hand(rig: &Rig) -> Rig {
    Rig { reserved: rig.reserved, ..Rig::new(Arc::clone(&rig.card), rig.count) }
}
