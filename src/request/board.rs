//! The board that cards are plugged into: how much main memory it takes, and how fast that is read.

use super::Rig;
use crate::card::{Brand, Form};
use crate::units::{Bytes, BytesPerSecond};

/// Kinds of boards, by how much main memory they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Board {
    /// Of a laptop.
    Laptop,
    /// Of a desktop: two channels of memory.
    Desktop,
    /// Of a workstation or a server: eight channels or more.
    Server,
}

/// Main memory that the system and what loads data take.
pub const SYSTEM: Bytes = Bytes::gib(8.0);

impl Board {
    /// Main memory it takes at most, the system's part included: two modules of 48 GB in laptops (as in `ThinkPad` P16v), four of
    /// them in desktops (what Intel gives as the most of a Core i9-13900K), 2 TB in servers (DGX A100 and H100).
    pub(crate) const fn most(self) -> Bytes {
        Bytes::gib(match self {
            Self::Laptop => 96.0,
            Self::Desktop => 192.0,
            Self::Server => 2048.0,
        })
    }

    /// What programs read from its main memory, where that is more than most machines have: 186 GB/s as measured (STREAM triad) on
    /// an EPYC 9V45 with 512 GB that runs mixtures of experts (ikawrakow/ik_llama.cpp issue 1752). Four fifths of what eight
    /// channels are rated for lie on both sides of it: 164 of DDR4-3200, 246 of DDR5-4800.
    pub(crate) const fn rate(self) -> Option<BytesPerSecond> {
        match self {
            Self::Laptop | Self::Desktop => None,
            Self::Server => Some(BytesPerSecond::giga(186.0)),
        }
    }
}

impl Rig {
    /// The board of a machine that has as much main memory as is said to be there, or as a job needs that keeps so much in it.
    /// Cards for data centres are in servers anyway, those from Ampere on in such with eight channels (DGX A100).
    #[must_use]
    pub fn board(&self, host: impl FnOnce() -> Bytes) -> Board {
        let card = &self.card;
        let served = (card.form == Form::Sxm || card.form == Form::Pcie && card.brand == Brand::DataCenter)
            && card.compute_capability >= (8, 0);
        let memory = || self.main_memory.unwrap_or_else(|| host() * (1.0 / f64::from(self.machines())) + SYSTEM);
        match self.card.form {
            Form::Laptop => Board::Laptop,
            _ if served || memory() > Board::Desktop.most() => Board::Server,
            _ => Board::Desktop,
        }
    }

    /// Main memory beside the system that there is for a job which keeps so much in it.
    pub(crate) fn main_memory_for(&self, host: Bytes) -> Bytes {
        self.main_memory_on(self.board(|| host))
    }

    /// Main memory beside the system that the machines of the rig have on such boards: what is said to be there, else the most.
    pub(crate) fn main_memory_on(&self, board: Board) -> Bytes {
        (self.main_memory.unwrap_or(board.most()) - SYSTEM).max(Bytes::ZERO) * f64::from(self.machines())
    }
}
