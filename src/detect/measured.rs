//! What a short measurement in the browser says about the card.
//!
//! A measured rate is a lower bound: another program, a low power state or a laptop's power limit makes it smaller, and nothing
//! makes it much larger than the data sheet. So a card is ruled out only where the measurement is above what it can do; a low
//! reading rules out nothing and only says how much of the rated figure was reached.

use crate::card::Card;
use crate::units::{BytesPerSecond, FlopsPerSecond};

/// Most that a card of this design reaches above its rated arithmetic: boards run above the nominal boost clock by up to 15 %
/// (RTX 3060 Ti: 1.95 GHz against 1.665), factory and own overclocking add about as much.
const ARITHMETIC_HEADROOM: f64 = 1.35;
/// The same for memory: overclocked modules, and what the cache still holds of a copy.
const BANDWIDTH_HEADROOM: f64 = 1.3;
/// A copy that reaches less of a card's bandwidth than this is slow for it; unhindered ones reach 0.75 to 0.95.
const EXPECTED_COPY: f64 = 0.6;

/// Sustained rates; what could not be measured is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// FP32 multiply-adds outside tensor cores.
    pub fp32: Option<FlopsPerSecond>,
    /// FP16 multiply-adds outside tensor cores.
    pub fp16: Option<FlopsPerSecond>,
    /// Bytes read and written by a copy between buffers larger than the caches.
    pub copy: Option<BytesPerSecond>,
}

/// What a measurement says about one card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// The rates are what this card would show.
    Agrees,
    /// Slower than this card usually is; it may have been busy or limited.
    Slow,
    /// Faster than this card can be.
    Impossible,
}

impl Measured {
    /// Shares of the rated FP32 peak, FP16 peak and bandwidth of a card; `None` where either is not known.
    #[must_use]
    pub fn shares(&self, card: &Card) -> [Option<f64>; 3] {
        [
            share(self.fp32.map(FlopsPerSecond::get), card.peaks.fp32.map(FlopsPerSecond::get)),
            share(self.fp16.map(FlopsPerSecond::get), card.peaks.fp16.map(FlopsPerSecond::get)),
            share(self.copy.map(BytesPerSecond::get), Some(card.bandwidth.get())),
        ]
    }

    /// Whether these rates can be this card's. FP16 is not asked: drivers without fast FP16 compute in FP32 instead.
    #[must_use]
    pub fn agreement(&self, card: &Card) -> Agreement {
        let [fp32, _, copy] = self.shares(card);
        let above = |share: Option<f64>, most: f64| share.is_some_and(|share| share > most);
        if above(fp32, ARITHMETIC_HEADROOM) || above(copy, BANDWIDTH_HEADROOM) {
            Agreement::Impossible
        } else if copy.is_some_and(|share| share < EXPECTED_COPY) {
            Agreement::Slow
        } else {
            Agreement::Agrees
        }
    }

    /// The cards that are not ruled out, those that agree first, otherwise in the order given.
    #[must_use]
    pub fn narrow<'a>(&self, cards: &[&'a Card]) -> Vec<&'a Card> {
        let mut left: Vec<(Agreement, &Card)> = cards.iter().map(|card| (self.agreement(card), *card)).collect();
        left.retain(|(agreement, _)| *agreement != Agreement::Impossible);
        left.sort_by_key(|(agreement, _)| *agreement);
        left.into_iter().map(|(_, card)| card).collect()
    }
}

fn share(measured: Option<f64>, rated: Option<f64>) -> Option<f64> {
    rated.filter(|rated| *rated > 0.0).and_then(|rated| measured.map(|measured| measured / rated))
}
