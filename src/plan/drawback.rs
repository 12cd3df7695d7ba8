//! What speaks against a card whatever the job: a machine that its price leaves out, and software that has left it behind.

use crate::card::{Brand, Card, Form};
use crate::request::{Rig, Setup, Stack};

/// What cards need around them that their price leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Housing {
    /// A machine as anybody has.
    Usual,
    /// More slots than a case has: an open frame with risers, or a server for cards.
    Frame,
    /// The airflow of a server: they have no fans of their own.
    Airflow,
    /// The server that the module is made for.
    Server,
}

/// What so many of a card need.
pub(super) fn housing(card: &Card, count: u32) -> Housing {
    match (card.brand, card.form) {
        (_, Form::Sxm) => Housing::Server,
        (Brand::DataCenter, Form::Pcie) => Housing::Airflow,
        _ if slots(card, count) > CASE_SLOTS => Housing::Frame,
        _ => Housing::Usual,
    }
}

/// Whether it is part of a machine and cannot be changed for another card.
pub(super) fn is_laptop(card: &Card) -> bool {
    card.form == Form::Laptop
}

/// Slots that the largest cases have: four cards of two, as workstations take them. ATX boards have seven (ATX specification 2.2).
const CASE_SLOTS: u32 = 8;

/// Slots that the cards cover in one machine.
pub(super) fn slots(card: &Card, count: u32) -> u32 {
    card.slots.map_or(0, u32::from).saturating_mul(count.min(Rig::CARDS_PER_MACHINE))
}

/// Whether the software of a setup has to be an old build: PyTorch's current ones start at compute capability
/// 7.5, for CUDA 13 compiles for nothing before (its release notes, "Deprecated architectures"). llama.cpp still
/// builds with CUDA 12, so it is none of these.
pub(super) fn is_dropped(setup: &Setup) -> bool {
    let own_kernels = setup.recipe.stack == Stack::LlamaCpp;
    !own_kernels && !setup.rig.card.features().current_pytorch
}

/// What speaks more against a rig than against the one that is there: a machine, or software, that whoever has that one may lack.
pub(super) fn new_drawbacks(setup: &Setup, own: &Setup) -> (bool, bool) {
    let needs = |setup: &Setup| housing(&setup.rig.card, setup.rig.count);
    (is_dropped(setup) && !is_dropped(own), needs(setup) > needs(own))
}
