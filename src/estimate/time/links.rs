//! Moving data between cards, to the host and within it.

use super::calibration::Links;
use crate::card::{Card, Form, Pcie};
use crate::request::{LinkKind, Rig, Setup};
use crate::units::{Bytes, BytesPerSecond, Seconds, real};

/// What a machine of the clusters behind the factor for networks sends: eight ports of 200 Gb/s (llm-foundry names 1,600 Gb/s).
const MEASURED: BytesPerSecond = BytesPerSecond::gigabits(1_600.0);

/// The slowest link a collective crosses.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// Rate of one card in one direction.
    pub rate: BytesPerSecond,
    /// Rate to host memory.
    pub host: BytesPerSecond,
    /// The same where that is not pinned.
    pub pageable: BytesPerSecond,
    /// Rate to cards of the same machine.
    within: BytesPerSecond,
    latency: Seconds,
}

impl Link {
    /// The link between the cards of a rig.
    ///
    /// `NVLink` figures count both directions. Cards without peer-to-peer copy through host memory, which halves what is left.
    /// Between machines eight rings share the ports, so a ring goes as fast as all ports of a machine together.
    pub fn new(table: &Links, rig: &Rig) -> Self {
        let card = &*rig.card;
        let bus = bus_rate(card.pcie);
        let wired = card.nvlink.filter(|_| nvlink_joins(card, rig));
        let within = match wired {
            Some(both) => both * (0.5 * table.nvlink.get()),
            None if card.features().peer_to_peer => bus * table.pcie.get(),
            None => bus * table.staged.get(),
        };
        let across = rig.network_rate() * (table.network.get() / MEASURED.get());
        let rate = if rig.machines() > 1 { within.min(across) } else { within };
        let host = bus * table.host.get();
        let pageable = host.min(BytesPerSecond::new(table.pageable.get()));
        Self { rate, host, pageable, within, latency: Seconds::new(table.latency.get()) }
    }

    /// The link among so many neighbours: slices, contexts and experts are kept in a machine where they fit.
    pub fn among(self, neighbours: u32) -> Self {
        if neighbours <= Rig::CARDS_PER_MACHINE { Self { rate: self.within, ..self } } else { self }
    }

    /// One card hands `bytes` to the next, `calls` times.
    pub fn hand_over(&self, bytes: Bytes, calls: f64) -> Seconds {
        bytes / self.rate * calls + self.latency * calls
    }

    /// Ring all-reduce of `bytes` among `cards`: each card sends `2 (n - 1) / n` of them.
    pub fn all_reduce(&self, bytes: Bytes, cards: u32, calls: f64) -> Seconds {
        self.ring(bytes * 2.0, cards, calls)
    }

    /// Ring all-gather or reduce-scatter of `bytes` among `cards`: each card sends `(n - 1) / n` of them.
    pub fn gather(&self, bytes: Bytes, cards: u32, calls: f64) -> Seconds {
        self.ring(bytes, cards, calls)
    }

    fn ring(&self, bytes: Bytes, cards: u32, calls: f64) -> Seconds {
        if cards < 2 {
            return Seconds::ZERO;
        }
        let share = f64::from(cards - 1) / f64::from(cards);
        bytes * share / self.rate + self.latency * calls
    }
}

impl Links {
    /// What the processor reads from main memory: as the request says, else what the board has that
    /// takes so much, else what most machines have.
    pub(super) fn host_rate(&self, setup: &Setup) -> BytesPerSecond {
        let of_board = || setup.rig.board(|| crate::estimate::memory(setup).host).rate();
        setup.rig.host_memory.or_else(of_board).unwrap_or_else(|| BytesPerSecond::new(self.host_memory.get()))
    }

    /// What each card of a machine copies from or to main memory while the others do the same: its bus, or its part of what main
    /// memory is read at.
    pub(super) fn to_each_card(&self, setup: &Setup, link: &Link) -> BytesPerSecond {
        match setup.rig.count {
            0 | 1 => link.host,
            cards => link.host.min(self.host_rate(setup) * (1.0 / f64::from(cards.min(Rig::CARDS_PER_MACHINE)))),
        }
    }
}

/// What the processor of a setup reads from main memory.
#[must_use]
pub fn host_rate(setup: &Setup) -> BytesPerSecond {
    crate::estimate::calibration().time.links.host_rate(setup)
}

/// One direction of a PCI Express slot: 0.985 GB/s per lane at generation 3, doubling each generation.
fn bus_rate(pcie: Pcie) -> BytesPerSecond {
    let lane = 0.985 * 2f64.powi(i32::from(pcie.generation) - 3);
    BytesPerSecond::giga((lane * f64::from(pcie.lanes)).max(0.25))
}

/// Server modules are joined by a switch or a mesh; bridges join pairs and are sold apart, so they count where they are asked for.
fn nvlink_joins(card: &Card, rig: &Rig) -> bool {
    match rig.link {
        LinkKind::Pcie => false,
        LinkKind::Auto => card.form == Form::Sxm,
        LinkKind::Nvlink => card.form == Form::Sxm || rig.count <= 2,
    }
}

/// Micro-batches per optimizer step and replica.
pub(super) fn passes_per_step(global_batch: u64, micro_batch: u64, replicas: u32) -> f64 {
    (real(global_batch) / (real(micro_batch.max(1)) * f64::from(replicas.max(1)))).max(1.0)
}
