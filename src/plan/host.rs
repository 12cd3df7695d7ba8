//! Main memory: how much of it a machine takes.

use super::machine::SYSTEM_GIB;
use crate::card::{Brand, Form};
use crate::request::Rig;
use crate::units::Bytes;

/// Main memory of a desktop board, at most: four modules of 48 GB, and what Intel gives as the most of a Core i9-13900K.
const DESKTOP_GIB: f64 = 192.0;

/// Main memory that the machines of a rig have beside the system, at most: 96 GB in laptops (two modules of 48 GB, as in `ThinkPad` P16v), 2 TB
/// elsewhere: whatever card is in it, a board for servers or workstations takes that much (DGX A100 and H100).
pub(super) fn most_main_memory(rig: &Rig) -> Bytes {
    beside_system(rig, if rig.card.form == Form::Laptop { 96.0 } else { 2048.0 })
}

/// Whether so much main memory takes another board than the desktop's that cards in slots are usually in. Those for data centres are in
/// servers anyway.
pub(super) fn needs_board(rig: &Rig, host: Bytes) -> bool {
    rig.card.brand != Brand::DataCenter && host > beside_system(rig, DESKTOP_GIB)
}

fn beside_system(rig: &Rig, machine: f64) -> Bytes {
    Bytes::gib(machine - SYSTEM_GIB) * f64::from(rig.machines())
}
