//! Time of the job: a roofline by phase and operation class, with measured efficiencies (`docs/time.md`).

mod cache;
mod calibration;
mod class;
mod denoise;
mod device;
mod elementwise;
mod evidence;
mod exchange;
mod explain;
mod links;
mod opaque;
mod operations;
mod parts;
mod pass;
mod serve;
mod spread;
mod train;
mod update;
mod width;

pub use calibration::TimeCalibration;
pub use class::CardClass;
pub use evidence::work_kind;
pub use explain::time_steps;
pub use links::host_rate;
pub use operations::{Operations, operations};
pub use spread::{SMALL, WorkKind};

use super::{Confidence, Memory, Phase, PhaseTime, Spent, Time};
use crate::model::{Input, Model, Network, Transformer};
use crate::request::{Precision, Setup};
use crate::units::{Bytes, BytesPerSecond, Flops, FlopsPerSecond, Seconds, real};
use device::Device;
use links::Link;
use parts::Parts;
use pass::{Pass, Span};

/// Standard deviations of the logarithm from the middle of a range to its ends: eight of ten measurements of a normal distribution lie
/// between them.
pub const RANGE_DEVIATIONS: f64 = 1.28;

/// Time of the job, and how well measurements support it.
#[must_use]
pub fn time(setup: &Setup, memory: &Memory) -> (Time, Confidence) {
    time_with(&super::calibration().time, setup, memory)
}

/// Time of the job by another table of factors than the built-in one, for fitting and for trying one without a source.
#[must_use]
pub fn time_with(table: &TimeCalibration, setup: &Setup, memory: &Memory) -> (Time, Confidence) {
    let phases = Phases::of(table, setup);
    let (total, main) = phases.total(setup);
    let (confidence, spread) = evidence::of(table, setup, memory.verdict, main.phase);
    let factor = (RANGE_DEVIATIONS * spread).exp();
    let time = Time {
        main,
        total,
        low: total / factor,
        high: total * factor,
        prefill: phases.prefill_time(setup),
        decode: phases.decode_time(setup),
        spent: phases.spent(table),
    };
    (time, confidence)
}

/// The time of the job alone, by what a card draws meanwhile.
#[must_use]
pub(crate) fn spent(setup: &Setup) -> Spent {
    spent_at(setup, &Rates::of(setup))
}

/// The same at rates that are known.
#[must_use]
pub(crate) fn spent_at(setup: &Setup, rates: &Rates) -> Spent {
    let table = &super::calibration().time;
    Phases::at(table, setup, rates).spent(table)
}

/// What the cards of a setup sustain, and the links between them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rates {
    device: Device,
    link: Link,
}

/// All of a recipe that the rates of a rig depend on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Numerics {
    precision: Precision,
    accumulates_short: bool,
}

impl Numerics {
    /// Those of a setup.
    pub const fn of(setup: &Setup) -> Self {
        Self { precision: setup.recipe.precision, accumulates_short: device::accumulates_short(setup) }
    }
}

impl Rates {
    /// The rates of a setup.
    pub fn of(setup: &Setup) -> Self {
        Self::by(&super::calibration().time, setup)
    }

    fn by(table: &TimeCalibration, setup: &Setup) -> Self {
        Self { device: Device::new(table, setup), link: Link::new(&table.links, &setup.rig) }
    }
}

/// What a card sustains of its data sheet in large products and long copies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SustainedRates {
    /// Products of large square matrices.
    pub products: FlopsPerSecond,
    /// Streaming through memory.
    pub bandwidth: BytesPerSecond,
}

/// The rates every estimate starts from, to be held against micro-benchmarks.
#[must_use]
pub fn sustained_rates(table: &TimeCalibration, setup: &Setup) -> SustainedRates {
    let device = Device::new(table, setup);
    SustainedRates { products: device.products, bandwidth: device.bandwidth }
}

/// One phase on one card.
#[derive(Clone, Copy, Debug)]
struct Work {
    /// Which phase.
    pub phase: Phase,
    /// What one step is spent on.
    pub parts: Parts,
    /// Model FLOPs of one step on one card.
    pub flops: Flops,
    /// Tokens of one step over all cards.
    pub tokens: f64,
    /// Samples of one step over all cards.
    pub samples: f64,
    /// Steps of the job.
    pub steps: f64,
    /// What the job takes once, before and after its steps.
    pub once: Seconds,
}

impl Work {
    /// All steps, and what surrounds them.
    fn total(&self) -> Seconds {
        self.parts.total() * self.steps + self.once
    }
}

/// The phases of a job.
#[derive(Clone, Copy, Debug)]
struct Phases {
    /// Training, or reading the prompt, or the only pass there is.
    pub first: Work,
    /// Generating.
    pub decode: Option<Work>,
    /// The card's view, for utilisation.
    pub device: Device,
}

impl Phases {
    /// What a job consists of.
    pub fn of(table: &TimeCalibration, setup: &Setup) -> Self {
        Self::at(table, setup, &Rates::by(table, setup))
    }

    /// The same at rates that are known.
    fn at(table: &TimeCalibration, setup: &Setup, rates: &Rates) -> Self {
        let Rates { device, link } = *rates;
        if setup.trains() {
            return Self { first: training(table, setup, &device, &link), decode: None, device };
        }
        let (mut first, decode) = match &setup.model.network {
            Network::Opaque(network) => {
                let size = real(setup.requests_per_replica())
                    * denoise::passes(setup)
                    * network.standard_inputs(setup.job.sequence_length);
                let (mut parts, flops) = opaque::pass(table, setup, &device, network, size);
                parts.communication += opaque::fetched(setup, &link);
                (single(setup, parts, flops, real(setup.job.sequence_length)), None)
            }
            Network::Transformer(stack) => decoder_only(table, setup, &device, &link, stack),
            Network::EncoderDecoder { encoder, decoder } => {
                let source = input_length(encoder, setup);
                let reading = read(table, setup, &device, &link, encoder, source, false);
                (reading, generate(table, setup, &device, &link, decoder, 0.0, source))
            }
        };
        first.once = denoise::around(table, setup, &device, &link);
        Self { first, decode, device }
    }

    fn seconds(&self) -> Seconds {
        self.first.total() + self.decode.as_ref().map_or(Seconds::ZERO, Work::total)
    }

    /// The whole job by what a card draws meanwhile.
    fn spent(&self, table: &TimeCalibration) -> Spent {
        let once = Spent { computing: self.first.once, ..Spent::default() };
        let first = self.first.parts.spent().times(self.first.steps).and(once);
        let Some(decode) = &self.decode else { return first };
        let multiplying = decode.flops / (self.device.arithmetic.peak * table.power.saturation.get());
        first.and(decode.parts.spent_generating(multiplying).times(decode.steps))
    }

    fn total(&self, setup: &Setup) -> (Seconds, PhaseTime) {
        (self.seconds(), self.phase_time(self.decode.as_ref().unwrap_or(&self.first), setup))
    }

    fn prefill_time(&self, setup: &Setup) -> Option<PhaseTime> {
        (self.first.phase == Phase::Prefill).then(|| self.phase_time(&self.first, setup))
    }

    fn decode_time(&self, setup: &Setup) -> Option<PhaseTime> {
        self.decode.as_ref().map(|work| self.phase_time(work, setup))
    }

    fn phase_time(&self, work: &Work, setup: &Setup) -> PhaseTime {
        let seconds_per_step = work.parts.total().max(Seconds::new(1e-9));
        // Patches, frames and latent tokens are nothing anyone counts.
        let tokens = if in_tokens(setup, work.phase) { work.tokens } else { 0.0 };
        PhaseTime {
            phase: work.phase,
            seconds_per_step,
            tokens_per_second: tokens / seconds_per_step.get(),
            samples_per_second: work.samples * work.steps / work.total().get().max(1e-9 * work.steps),
            model_flops_utilisation: (work.flops / self.device.arithmetic.peak) / seconds_per_step,
            bound_by: work.parts.bound_by(),
        }
    }
}

/// Whether a phase is measured in tokens: text is read or written.
fn in_tokens(setup: &Setup, phase: Phase) -> bool {
    matches!(phase, Phase::Decode) || setup.model.reads_text()
}

/// One optimizer step.
fn training(table: &TimeCalibration, setup: &Setup, device: &Device, link: &Link) -> Work {
    let recipe = &setup.recipe;
    let passes = links::passes_per_step(setup.job.global_batch, recipe.micro_batch, recipe.parallel.data);
    let samples = passes * real(recipe.micro_batch) * f64::from(recipe.parallel.data.max(1));
    let (parts, flops) = match &setup.model.network {
        Network::Opaque(network) => {
            let size = real(recipe.micro_batch) * network.standard_inputs(setup.job.sequence_length);
            let (pass, flops) = opaque::pass(table, setup, device, network, size);
            let step = train::around(table, setup, device, link, pass * passes, passes, real(network.layers));
            (step, flops * passes)
        }
        Network::Transformer(_) | Network::EncoderDecoder { .. } => train::step(table, setup, device, link),
    };
    let length = real(setup.job.sequence_length.max(1));
    let tokens = samples * length;
    let steps = setup.job.tokens.get() / tokens.max(1.0);
    Work { phase: Phase::Train, parts, flops, tokens, samples, steps, once: Seconds::ZERO }
}

/// Decoders read the prompt and generate; everything else is one pass, or one per denoising step.
fn decoder_only(table: &TimeCalibration, setup: &Setup, device: &Device, link: &Link, stack: &Transformer) -> (Work, Option<Work>) {
    let generates = generates(&setup.model, stack);
    let length = input_length(stack, setup);
    let mut reading = read(table, setup, device, link, stack, length, generates);
    if let Some((text, tokens)) = setup.model.text_beside() {
        let beside = read(table, setup, device, link, text, tokens, true);
        reading.parts += beside.parts;
        reading.flops += beside.flops;
    }
    let decode = if generates { generate(table, setup, device, link, stack, length, 0.0) } else { None };
    (reading, decode)
}

/// Whether tokens come out one after the other.
fn generates(model: &Model, stack: &Transformer) -> bool {
    stack.lm_head && stack.input == Input::Tokens && model.category.is_language_model() || model.speaks()
}

/// Tokens of one input as the blocks see it.
fn input_length(stack: &Transformer, setup: &Setup) -> f64 {
    real(stack.tokens(setup.input_length()))
}

/// A pass over whole inputs.
fn read(
    table: &TimeCalibration,
    setup: &Setup,
    device: &Device,
    link: &Link,
    stack: &Transformer,
    length: f64,
    causal: bool,
) -> Work {
    let sequences = real(setup.requests_per_replica()) * denoise::passes(setup);
    let scored = if causal { 1.0 } else { length };
    let span = Span { sequences, new: length, past: 0.0, causal, source: 0.0, scored, sharers: f64::from(setup.expert_sharers()) };
    let fetched = if generates(&setup.model, stack) { cache::fetched(setup, stack, span) } else { Bytes::ZERO };
    let pass = Pass { fetched, ..Pass::of(stack, span) };
    let parts = serve::prefill(table, setup, device, link, &pass, sequences * length * real(stack.hidden));
    single(setup, parts, pass.flops(), length)
}

/// A phase of one pass over every request's input.
fn single(setup: &Setup, parts: Parts, flops: Flops, length: f64) -> Work {
    let samples = real(setup.job.concurrency.max(1));
    let steps = if setup.model.denoising.is_some() { real(setup.job.output.max(1)) } else { 1.0 };
    let flops = flops / serve::cards_per_replica(setup);
    let tokens = samples * length;
    Work { phase: Phase::Prefill, parts, flops, tokens, samples: samples / steps, steps, once: Seconds::ZERO }
}

/// Generating the output, at the mean context of the run.
fn generate(
    table: &TimeCalibration,
    setup: &Setup,
    device: &Device,
    link: &Link,
    stack: &Transformer,
    prompt: f64,
    source: f64,
) -> Option<Work> {
    let steps = real(setup.job.output);
    if steps < 1.0 {
        return None;
    }
    let (pass, sequences) = next_token(setup, stack, prompt, source);
    let parts = serve::decode(table, setup, device, link, &pass, sequences * real(stack.hidden));
    let samples = real(setup.job.concurrency.max(1));
    let flops = pass.flops() * (real(setup.batches_under_way()) / serve::cards_per_replica(setup));
    Some(Work { phase: Phase::Decode, parts, flops, tokens: samples, samples: samples / steps, steps, once: Seconds::ZERO })
}

/// The pass that writes a token of every sequence of a batch, at the mean context of the run, and how many sequences those are.
fn next_token(setup: &Setup, stack: &Transformer, prompt: f64, source: f64) -> (Pass, f64) {
    let sequences = real(setup.requests_per_replica().div_ceil(setup.batches_under_way())) * real(setup.job.beams);
    let past = prompt + (real(setup.job.output) - 1.0) / 2.0;
    let sharers = f64::from(setup.expert_sharers());
    let span = Span { sequences, new: 1.0, past, causal: true, source, scored: 1.0, sharers };
    (Pass::of(stack, span), sequences)
}

/// The most of the time of a job that the format of its cache spares over 16 bits, whichever card does it: each token reads the weights besides.
#[must_use]
pub(crate) fn cache_spares(setup: &Setup) -> f64 {
    let table = &super::calibration().time;
    let written = match &setup.model.network {
        Network::Opaque(_) => None,
        Network::Transformer(stack) => Some((stack, input_length(stack, setup), 0.0)),
        Network::EncoderDecoder { encoder, decoder } => Some((decoder, 0.0, input_length(encoder, setup))),
    };
    written.map_or(0.0, |(stack, prompt, source)| {
        serve::cache_spares(&table.serving, setup, &next_token(setup, stack, prompt, source).0)
    })
}
