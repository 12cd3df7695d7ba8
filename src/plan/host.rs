//! Machines with more main memory than usual, for what outgrows those that are.

use super::drawback::{Housing, housing};
use super::menu::Rung;
use super::question::Question;
use super::search::{Comfort, Found};
use crate::card::Brand;
use crate::estimate::{Verdict, memory};
use crate::request::{Board, Checkpointing, Offload, Rig, SYSTEM, Setup};
use crate::units::Bytes;

/// Modules that a board with eight channels takes one each of, in GiB.
const MODULES: [f64; 7] = [32.0, 48.0, 64.0, 96.0, 128.0, 192.0, 256.0];

/// The largest of them.
const LARGEST: f64 = 256.0;

/// Main memory of the machines that a rig may be, the usual one first: where nobody says how much there is, cards in slots are in a
/// desktop, whose most is said here so that no recipe has to be asked what it takes, and may go into a workstation or a server as
/// well, unless the rig is there already.
pub(super) fn machines(question: &Question, rig: &Rig) -> impl Iterator<Item = Option<Bytes>> + Clone + use<> {
    let open = !question.machine_stays && rig.main_memory.is_none() && rig.board(|| Bytes::ZERO) == Board::Desktop;
    let (usual, larger) = if open { (Some(Board::Desktop.most()), Some(sold(LARGEST))) } else { (rig.main_memory, None) };
    [usual].into_iter().chain(larger.map(Some))
}

/// Whether that is a larger machine than the usual one, where nobody says how much there is.
pub(super) fn is_larger(main_memory: Option<Bytes>, question: &Question) -> bool {
    question.machine.main_memory.is_none() && main_memory > Some(Board::Desktop.most())
}

/// Whether the cards of a setup stay in the machine that they are usually in, unless another is said to be there: FSDP-QLoRA on
/// GeForce cards in a case is known of models that a desktop loads, "up to 70B parameters" (bitsandbytes' guide to it). Open frames
/// of cards stand on boards of workstations anyway.
pub(super) fn stays_in_desktop(setup: &Setup) -> bool {
    let (card, count) = (&setup.rig.card, setup.rig.count);
    setup.job.kind.adapts() && matches!(card.brand, Brand::Geforce | Brand::Titan) && housing(card, count) == Housing::Usual
}

/// How comfortably the rig of a recipe that moves weights to main memory only to be quicker does the job without.
pub(super) fn alone(found: &Found, question: &Question) -> Comfort {
    if found.comfort != Comfort::Offloaded || found.rung == Rung::Offloaded {
        return found.comfort;
    }
    let mut setup = found.setup.clone();
    setup.recipe.offload = Offload::None;
    setup.recipe.micro_batch = 1;
    setup.recipe.checkpointing = question.recipe.checkpointing.unwrap_or(Checkpointing::Full);
    match memory(&setup).verdict {
        Verdict::Fits => Comfort::Fits,
        Verdict::Tight => Comfort::Tight,
        Verdict::DoesNotFit => Comfort::Offloaded,
    }
}

/// The smallest main memory of such a machine that has room for a job beside the system.
pub(super) fn enough(rig: &Rig, host: Bytes) -> Bytes {
    let each = host * (1.0 / f64::from(rig.machines())) + SYSTEM;
    MODULES.into_iter().map(sold).find(|memory| *memory >= each).unwrap_or(each)
}

fn sold(module: f64) -> Bytes {
    Bytes::gib(module * 8.0)
}

/// Whether a plan takes another machine than the desktop that its cards are usually in.
pub(super) fn outgrows_desktop(question: &Question, rig: &Rig, host: Bytes) -> bool {
    rig.board(|| host) != question.rig(&rig.card, rig.count).board(|| Bytes::ZERO)
}
