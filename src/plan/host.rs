//! Main memory: how much of it a machine takes.

use super::machine::SYSTEM_GIB;
use crate::card::{Brand, Form};
use crate::request::Rig;
use crate::units::Bytes;

/// GeForce cards that one desktop board has slots for.
const DESKTOP_CARDS: u32 = 2;

/// Main memory that the machines of a rig have beside the system, at most: 96 GB in laptops (two modules of 48 GB, as in `ThinkPad` P16v), 192 GB
/// in desktops (four of them, and what Intel gives as the most of a Core i9-13900K), 2 TB in workstations and servers, which more than two cards
/// and cards for professionals are in (DGX A100 and H100).
pub(super) fn most_main_memory(rig: &Rig) -> Bytes {
    let card = &rig.card;
    let machine = match card.form {
        Form::Laptop => 96.0,
        Form::Desktop if matches!(card.brand, Brand::Geforce | Brand::Titan) && rig.count <= DESKTOP_CARDS => 192.0,
        Form::Desktop | Form::Pcie | Form::Sxm => 2048.0,
    };
    Bytes::gib(machine - SYSTEM_GIB) * f64::from(rig.machines())
}
