//! What a record measured, and the estimate of the same quantity.

use super::record::{Kind, Record};
use whichcard::estimate::{Memory, PhaseTime, Time};
use whichcard::request::Setup;
use whichcard::units::Seconds;

/// A measured quantity with its estimate in the same unit.
#[derive(Clone, Copy, Debug)]
pub struct Comparison {
    /// What was compared ("memory in total", "decode tokens/s").
    pub quantity: &'static str,
    pub measured: f64,
    pub estimated: f64,
    /// Low and high end of the estimate's own range, where it gives one for this quantity.
    pub range: Option<(f64, f64)>,
    /// Only a limit is known: the estimate is right if it is on the stated side.
    pub bound: Option<bool>,
}

impl Comparison {
    /// Whether the measured value lies in the estimate's own range.
    pub fn inside(&self) -> Option<bool> {
        self.range.map(|(low, high)| (low..=high).contains(&self.measured))
    }

    /// Signed relative error: above zero the estimate is larger (more memory, faster).
    pub fn error(&self) -> f64 {
        self.estimated / self.measured - 1.0
    }

    /// Logarithm of measured over estimated.
    pub fn residual(&self) -> f64 {
        (self.measured / self.estimated).ln()
    }
}

pub const GIB: f64 = 1_073_741_824.0;
/// What tools print as MB is this: `nvidia-smi` writes MiB, and so do those that read it.
const MIB: f64 = 1_048_576.0;
/// Spectrogram frames of an average clip of LJSpeech: 6.57 s at 22,050 samples a second, 256 samples apart.
const FRAMES_PER_CLIP: f64 = 566.0;
/// Bytes per second from memory that is not pinned over PCI Express 3.0, as `bandwidthTest` of CUDA's samples prints for it.
const PAGEABLE: f64 = 3e9;
/// Samples of sound in a segment that WaveGlow trains on (`segment_length` of its configuration).
const SAMPLES_PER_SEGMENT: f64 = 8000.0;

const fn exact(quantity: &'static str, measured: f64, estimated: f64) -> Comparison {
    Comparison { quantity, measured, estimated, range: None, bound: None }
}

/// `nvidia-smi` and NVML see everything, PyTorch's `max_memory_allocated` sees what tensors hold, its reserved memory (which SWIFT
/// logs) lies between. A tool that is not named is taken as `nvidia-smi`. GB are 10^9 bytes, except where the publisher divides
/// bytes by 2^30 and writes GB (Qwen).
pub fn memory(record: &Record, memory: &Memory) -> Result<Vec<Comparison>, String> {
    if record.kind == Kind::TorchMemory {
        let counted = record.number("peak_bytes_total").unwrap_or(0.0);
        return Ok(vec![exact("memory allocated", counted, memory.allocated.get())]);
    }
    let what = record.lower("what_was_measured");
    let measured = bytes(record)?;
    let (total, allocated) = (memory.total.get(), memory.allocated.get());
    let first = if what.contains("reserved") || what.contains("swift") {
        exact("memory reserved", measured, total - memory.context.get())
    } else if what.contains("nvidia-smi") || what.contains("nvml") {
        in_total(measured, memory)
    } else if what.contains("torch") || (what.contains("alloc") && !what.contains("wandb")) {
        exact("memory allocated", measured, allocated)
    } else {
        in_total(measured, memory)
    };
    let mut all = vec![first];
    if let Some(peak) = record.number("torch_peak_allocated_gib") {
        all.push(exact("memory allocated", peak * GIB, allocated));
    }
    Ok(all)
}

/// Bytes on one card that a record of memory states.
pub fn bytes(record: &Record) -> Result<f64, String> {
    let (what, unit) = (record.lower("what_was_measured"), record.text("unit"));
    let scale = match unit {
        _ if unit.starts_with("MiB") || unit.starts_with("MB") => MIB,
        _ if unit.starts_with("GiB") || unit.contains("GB vs GiB not stated") || what.contains("swift") => GIB,
        _ if unit.starts_with('%') => return Err("the reading is no number of bytes".to_owned()),
        _ => 1e9,
    };
    let note = record.lower("note");
    let summed = what.contains("sum over gpus") || note.contains("the sum over") || note.contains("total over gpus");
    let cards = if summed { record.cards() } else { 1.0 };
    Ok(record.number("measured_gb").ok_or("no reading")? * scale / cards)
}

/// What `nvidia-smi` shows, with the range of the estimate.
const fn in_total(measured: f64, memory: &Memory) -> Comparison {
    let range = Some((memory.low.get(), memory.high.get()));
    Comparison { quantity: "memory in total", measured, estimated: memory.total.get(), range, bound: None }
}

/// Throughput in the unit of the record.
pub fn speed(record: &Record, setup: &Setup, time: &Time) -> Result<Comparison, String> {
    let measured = record.number("measured").ok_or("no reading")?;
    let (phase, names) = match record.text("phase") {
        _ if record.trains() => (&time.main, "training speed"),
        "prefill" => (time.prefill.as_ref().unwrap_or(&time.main), "prefill speed"),
        "generate" => (&time.main, "image speed"),
        _ => (time.decode.as_ref().unwrap_or(&time.main), "decode speed"),
    };
    let per_card =
        if record.text("scope") == "per_gpu" || record.text("unit").ends_with("_per_gpu") { record.cards() } else { 1.0 };
    let note = record.lower("note");
    let whole_run =
        note.contains("whole-run") || note.contains("end-to-end tokens/s") || note.contains("averaged over encoded and generated");
    let comparison = |estimated: f64| ranged(exact(names, measured, estimated), time);
    let bare = matches!(record.lower("unit").as_str(), "s" | "seconds");
    let unit = if bare && record.text("phase") == "generate" { "s_per_sample".to_owned() } else { unit(record.text("unit")) };
    let estimated = match unit.as_str() {
        "tokens_per_s" if whole_run && record.text("phase") == "decode" => whole_run_speed(&note, setup, time),
        "tokens_per_s" => phase.tokens_per_second / per_card,
        "samples_per_s" => phase.samples_per_second / per_card,
        "mel_frames_per_s" => phase.samples_per_second * FRAMES_PER_CLIP / per_card,
        "audio_samples_per_s" => phase.samples_per_second * SAMPLES_PER_SEGMENT / per_card,
        "audio_s_per_s" => sound(setup, phase, time) / per_card,
        "steps_per_s" => inverse(phase.seconds_per_step.get()),
        "tflops" => teraflops(setup, phase, record.cards()),
        "mfu" => phase.model_flops_utilisation * 100.0,
        "s_per_sample" => return Ok(ranged(duration(names, measured, inverse(phase.samples_per_second)), time)),
        "audio_share" => return Ok(ranged(duration(names, measured, inverse(sound(setup, phase, time))), time)),
        "samples_per_minute" => phase.samples_per_second * 60.0 / per_card,
        "ms_per_sample" => return Ok(ranged(duration(names, measured, inverse(phase.samples_per_second) * 1e3), time)),
        "s_per_step" => {
            let step = phase.seconds_per_step.get() + copying(&note, setup);
            return Ok(ranged(duration(names, measured, step), time));
        }
        "ms_per_step" => return Ok(ranged(duration(names, measured, phase.seconds_per_step.get() * 1e3), time)),
        "hours_total" if record.number("tokens_total").is_some() => {
            return Ok(ranged(duration(names, measured, time.total.as_hours()), time));
        }
        "hours_total" => return Err("length of the whole job not stated".to_owned()),
        _ => return Err(format!("unit not known: {}", record.text("unit"))),
    };
    Ok(comparison(estimated))
}

/// The units of rates and times that can be compared, in the one spelling each has here.
pub const UNITS: &[&str] = &[
    "tokens_per_s",
    "samples_per_s",
    "samples_per_minute",
    "steps_per_s",
    "s_per_step",
    "ms_per_step",
    "s_per_sample",
    "ms_per_sample",
    "hours_total",
    "tflops",
    "mfu",
    "mel_frames_per_s",
    "audio_samples_per_s",
    "audio_s_per_s",
    "audio_share",
    "gb_per_s",
];

/// Whether the unit of a rate is one of them, however it is written.
pub fn knows(record: &Record) -> bool {
    UNITS.contains(&unit(record.text("unit")).as_str())
}

/// The unit a rate is written in, whatever the source counts as a sample and however it writes it.
fn unit(written: &str) -> String {
    let mut lower = written.trim().to_lowercase();
    for (spelt, plain) in SPELLINGS {
        lower = lower.replace(spelt, plain);
    }
    let name = lower.trim_end_matches("_per_gpu").replace('/', "_per_").replace(' ', "_");
    match name.as_str() {
        "images_per_s" | "sequences_per_s" | "seq_per_s" | "sentences_per_s" | "examples_per_s" | "clips_per_s" | "fps"
        | "frames_per_s" => "samples_per_s",
        "images_per_min" | "images_per_minute" | "samples_per_min" => "samples_per_minute",
        "it_per_s" | "its_per_s" | "iterations_per_s" | "batches_per_s" => "steps_per_s",
        "s_per_image" | "seconds_per_image" | "s_per_sequence" => "s_per_sample",
        "ms_per_image" | "ms_per_sequence" => "ms_per_sample",
        "s" | "seconds" | "s_per_it" | "s_per_iteration" | "s_per_iter" | "s_per_token" | "s_per_batch" => "s_per_step",
        "ms" | "ms_per_it" | "ms_per_iteration" | "ms_per_iter" | "ms_per_token" | "ms_per_batch" => "ms_per_step",
        "tflops" | "tflop_per_s" => "tflops",
        "hours" => "hours_total",
        "x_realtime" | "audio_seconds_per_s" | "rtfx" | "times_realtime" => "audio_s_per_s",
        "rtf" => "audio_share",
        other => other,
    }
    .to_owned()
}

/// Other spellings of units, in the order in which they are replaced.
const SPELLINGS: [(&str, &str); 8] = [
    ("tok/", "tokens/"),
    ("toks/", "tokens/"),
    ("imgs/", "images/"),
    ("img/", "images/"),
    ("frames/", "images/"),
    ("milliseconds", "ms"),
    ("/second", "/s"),
    ("/sec", "/s"),
];

/// The range of a rate is that of the time of the job, upside down.
fn ranged(comparison: Comparison, time: &Time) -> Comparison {
    let share = |end: f64| comparison.estimated * time.total.get() * inverse(end);
    Comparison { range: Some((share(time.high.get()), share(time.low.get()))), ..comparison }
}

/// Times are turned into rates, so that an error of +10 % always means "estimated faster".
fn duration(quantity: &'static str, measured: f64, estimated: f64) -> Comparison {
    exact(quantity, inverse(measured), inverse(estimated))
}

fn inverse(value: f64) -> f64 {
    if value > 0.0 { 1.0 / value } else { 0.0 }
}

/// Seconds of sound that are read and written in a second, or learnt from.
fn sound(setup: &Setup, phase: &PhaseTime, time: &Time) -> f64 {
    let clips = if setup.trains() { phase.samples_per_second } else { setup.job.concurrency as f64 * inverse(time.total.get()) };
    clips * setup.model.clip(setup.job.sequence_length).map_or(0.0, Seconds::get)
}

/// Seconds of sending a batch of FP32 images to the card, where the source counts it: the answer starts when they are there.
fn copying(note: &str, setup: &Setup) -> f64 {
    if !note.contains("includes host-to-device copy") {
        return 0.0;
    }
    let images = if setup.trains() { setup.recipe.micro_batch } else { setup.job.concurrency } as f64;
    let side = setup.job.sequence_length as f64;
    3.0 * side * side * images * 4.0 / PAGEABLE
}

/// Generated tokens (and read ones, where the source counts them) over the time of the whole request.
fn whole_run_speed(note: &str, setup: &Setup, time: &Time) -> f64 {
    let read = if note.contains("averaged over encoded") { setup.job.prompt } else { 0 };
    let tokens = (setup.job.output + read) as f64 * setup.job.concurrency as f64;
    tokens * inverse(time.total.get())
}

/// Model FLOPs per second and card: backward is twice forward.
fn teraflops(setup: &Setup, phase: &PhaseTime, cards: f64) -> f64 {
    let (length, passes) = if setup.trains() { (setup.job.sequence_length, 3.0) } else { (setup.job.prompt, 1.0) };
    let one = setup.model.forward_flops(1, length, setup.job.target_length).get();
    one * passes * phase.samples_per_second / cards / 1e12
}
