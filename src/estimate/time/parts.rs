//! Time by what it is spent on.
//!
//! What the planner asks of each recipe is inlined by hand, here and elsewhere: the page is built for size, in which compilers inline next to
//! nothing, and move such sums through memory instead.

use crate::estimate::{BoundBy, Spent};
use crate::units::Seconds;
use std::ops::{AddAssign, Mul};

/// Seconds of one step on one card, by operation class.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Parts {
    /// Products of linear layers, or convolutions.
    pub products: Seconds,
    /// Attention.
    pub attention: Seconds,
    /// Norms, activations, residuals, loss.
    pub elementwise: Seconds,
    /// Adapters.
    pub adapters: Seconds,
    /// Unpacking quantised weights.
    pub unpacking: Seconds,
    /// Optimizer step.
    pub optimizer: Seconds,
    /// Reading weights and cache while generating.
    pub streaming: Seconds,
    /// Links, as far as arithmetic does not hide them.
    pub communication: Seconds,
    /// Launching kernels, which runs beside the card's work.
    pub launching: Seconds,
    /// Overheads nothing runs beside.
    pub overhead: Seconds,
    /// Layers and optimizer steps that run on the host while the card waits.
    pub hosted: Seconds,
    /// Waiting for the other stages of a pipeline.
    pub idle: Seconds,
}

impl Parts {
    /// Work of the card itself.
    pub fn arithmetic(&self) -> Seconds {
        self.products + self.attention + self.elementwise + self.adapters + self.unpacking + self.optimizer + self.streaming
    }

    /// The card works while the host launches, so the longer of the two counts: `(work^4 + launch^4)^(1/4)`.
    pub fn busy(&self) -> Seconds {
        let fourth = |time: Seconds| (time.get() * time.get()) * (time.get() * time.get());
        Seconds::new((fourth(self.arithmetic()) + fourth(self.launching)).sqrt().sqrt())
    }

    /// The step: communication, overheads, what the host does and other stages come on top of the busy time.
    pub fn total(&self) -> Seconds {
        self.busy() + self.communication + self.overhead + self.hosted + self.idle
    }

    /// The step by what a card draws meanwhile.
    pub fn spent(&self) -> Spent {
        let computing = self.arithmetic();
        let host = self.busy() - computing + self.overhead + self.hosted;
        Spent { computing, links: self.communication + self.idle, host, ..Spent::default() }
    }

    /// The same of generating: the draw was measured with the overheads of a step, and so much of it goes into arithmetic.
    pub fn spent_generating(&self, multiplying: Seconds) -> Spent {
        let card = self.arithmetic() + self.overhead;
        let serving = card.min(multiplying);
        let host = self.busy() - self.arithmetic() + self.hosted;
        Spent { streaming: card - serving, serving, links: self.communication + self.idle, host, ..Spent::default() }
    }

    /// The same work shared among cards.
    pub fn divided(self, cards: f64) -> Self {
        self * (1.0 / cards.max(1.0))
    }

    /// What most of the step waits for.
    pub fn bound_by(&self) -> BoundBy {
        let compute = self.products + self.attention;
        let memory = self.elementwise + self.adapters + self.unpacking + self.optimizer + self.streaming;
        let overhead = self.overhead + Seconds::new((self.launching - self.arithmetic()).get().max(0.0));
        let mut bound = (compute, BoundBy::Compute);
        // What the host works on waits for its memory, as what comes from there waits for the bus; idle stages wait for other
        // cards.
        let elsewhere = self.communication + self.hosted + self.idle;
        for other in [(memory, BoundBy::Memory), (elsewhere, BoundBy::Communication), (overhead, BoundBy::Overhead)] {
            if other.0 > bound.0 {
                bound = other;
            }
        }
        bound.1
    }
}

impl AddAssign for Parts {
    fn add_assign(&mut self, other: Self) {
        self.products += other.products;
        self.attention += other.attention;
        self.elementwise += other.elementwise;
        self.adapters += other.adapters;
        self.unpacking += other.unpacking;
        self.optimizer += other.optimizer;
        self.streaming += other.streaming;
        self.communication += other.communication;
        self.launching += other.launching;
        self.overhead += other.overhead;
        self.hosted += other.hosted;
        self.idle += other.idle;
    }
}

impl Mul<f64> for Parts {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self {
            products: self.products * factor,
            attention: self.attention * factor,
            elementwise: self.elementwise * factor,
            adapters: self.adapters * factor,
            unpacking: self.unpacking * factor,
            optimizer: self.optimizer * factor,
            streaming: self.streaming * factor,
            communication: self.communication * factor,
            launching: self.launching * factor,
            overhead: self.overhead * factor,
            hosted: self.hosted * factor,
            idle: self.idle * factor,
        }
    }
}
