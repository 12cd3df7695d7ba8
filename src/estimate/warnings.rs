//! What the visitor should know about a setup, beyond its numbers.

use super::{Figures, Verdict, Warning};
use crate::card::{Features, Form};
use crate::catalog::{Catalog, TariffUse};
use crate::document::Decimal;
use crate::model::{BlockStyle, Category, Input, Model, Network, hf_config};
use crate::request::{Job, JobKind, Keyword, LinkKind, Obstacle, Precision, Setup, Stack, keyword, obstacles};
use crate::text::{Lang, say};
use crate::units::Bytes;

keyword!(
    /// What a warning says; `warning.<name>` in the locale files is its sentence.
    WarningCode {
        DoesNotFit = "does-not-fit",
        MainMemory = "main-memory",
        NoTariff = "no-tariff",
        NoElectricity = "no-electricity",
        NoBf16 = "no-bf16",
        NoTf32 = "no-tf32",
        NoFp8 = "no-fp8",
        SlowFp16 = "slow-fp16",
        Fp16Overflow = "fp16-overflow",
        PureBf16Scratch = "pure-bf16-scratch",
        NoFlashAttention = "no-flash-attention",
        NoNf4 = "no-nf4",
        NoLlmInt8 = "no-llm-int8",
        NoFormat = "no-format",
        QloraNotQuantised = "qlora-not-quantised",
        OldCuda = "old-cuda",
        SeveralLaptopGpus = "several-laptop-gpus",
        NoPeerToPeer = "no-peer-to-peer",
        NoNvlink = "no-nvlink",
        LaptopPower = "laptop-power",
        BeyondContext = "beyond-context",
        UnknownFamily = "unknown-family",
        Assumed = "assumed",
        NoTextEncoder = "no-text-encoder",
        NoImageDecoder = "no-image-decoder",
    }
);

type Args = Vec<(&'static str, String)>;

/// All warnings of a setup, the ones that stop it first.
pub(super) fn warnings(setup: &Setup, figures: &Figures) -> Vec<Warning> {
    let can = setup.rig.card.features();
    let mut found = Vec::new();
    found.extend(does_not_fit(figures));
    found.extend(main_memory(setup, figures));
    found.extend(unfamiliar(setup));
    found.extend(lacking(setup));
    found.extend(half_precision(setup, can));
    found.extend(no_copy(setup));
    found.extend(software(setup, can));
    found.extend(several_cards(setup, can));
    found.extend(lengths(setup));
    found.extend(assumptions(setup));
    found.extend(companions(setup));
    found
}

fn warning(code: WarningCode, field: &'static str, args: Args) -> Warning {
    let borrowed: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let message = say(Lang::default(), &format!("warning.{}", code.name()), &borrowed);
    Warning { code, field: field.to_owned(), message, args }
}

/// A country whose electricity the catalogue does not know.
pub(super) fn electricity(catalog: &Catalog, setup: &Setup) -> Option<Warning> {
    let country = setup.money.country.as_deref()?;
    let known = setup.money.tariff_per_kwh.is_some() || catalog.tariff(country, TariffUse::Household).is_some();
    let code = if catalog.grid(country).is_some() { WarningCode::NoTariff } else { WarningCode::NoElectricity };
    (!known).then(|| warning(code, "money.country", vec![("country", country.to_owned())]))
}

fn does_not_fit(figures: &Figures) -> Option<Warning> {
    (figures.memory.verdict == Verdict::DoesNotFit).then(|| warning(WarningCode::DoesNotFit, "rig.card", Vec::new()))
}

/// More in main memory than is said to be there, or than any machine takes.
fn main_memory(setup: &Setup, figures: &Figures) -> Option<Warning> {
    let (host, there) = (figures.memory.host, setup.rig.main_memory_for(figures.memory.host));
    let gib = |bytes: Bytes| Decimal(bytes.as_gib().round()).to_string();
    (host > there).then(|| warning(WarningCode::MainMemory, "rig.hostMemory", vec![("host", gib(host)), ("there", gib(there))]))
}

/// FP16 where the card is slow in it, or the model does not survive it.
fn half_precision(setup: &Setup, can: Features) -> Vec<Warning> {
    let card = || vec![("card", setup.rig.card.name.clone())];
    let mut found = Vec::new();
    let half = matches!(setup.recipe.precision, Precision::Fp16Autocast | Precision::Fp16Pure);
    if half && !can.fast_fp16 {
        found.push(warning(WarningCode::SlowFp16, "recipe.precision", card()));
    }
    let t5 = matches!(&setup.model.network, Network::EncoderDecoder { decoder, .. } if decoder.style == BlockStyle::T5);
    if half && t5 {
        found.push(warning(WarningCode::Fp16Overflow, "recipe.precision", vec![("model", setup.model.name.clone())]));
    }
    found
}

/// Training from nothing without an FP32 copy of the weights (docs/planning.md tells what it does to small updates).
fn no_copy(setup: &Setup) -> Option<Warning> {
    let stalls = setup.job.kind == JobKind::Pretrain && setup.recipe.precision == Precision::Bf16Pure;
    stalls.then(|| warning(WarningCode::PureBf16Scratch, "recipe.precision", Vec::new()))
}

/// What the card lacks for the recipe.
fn lacking(setup: &Setup) -> Vec<Warning> {
    let card = || vec![("card", setup.rig.card.name.clone())];
    let mut found: Vec<Warning> = obstacles(setup).map(|lack| warning(lacks(lack), lack.field(), card())).collect();
    if setup.job.kind == JobKind::Qlora && !setup.quantised_base() {
        found.push(warning(WarningCode::QloraNotQuantised, "recipe.weights", Vec::new()));
    }
    found
}

const fn lacks(obstacle: Obstacle) -> WarningCode {
    match obstacle {
        Obstacle::Bf16 => WarningCode::NoBf16,
        Obstacle::Tf32 => WarningCode::NoTf32,
        Obstacle::Fp8 => WarningCode::NoFp8,
        Obstacle::FlashAttention => WarningCode::NoFlashAttention,
        Obstacle::Nf4 => WarningCode::NoNf4,
        Obstacle::Int8 => WarningCode::NoLlmInt8,
        Obstacle::Format => WarningCode::NoFormat,
    }
}

fn software(setup: &Setup, can: Features) -> Option<Warning> {
    let needs_pytorch = !matches!(setup.recipe.stack, Stack::LlamaCpp);
    (needs_pytorch && !can.current_pytorch).then(|| {
        let (major, minor) = setup.rig.card.compute_capability;
        warning(
            WarningCode::OldCuda,
            "rig.card",
            vec![("card", setup.rig.card.name.clone()), ("capability", format!("{major}.{minor}"))],
        )
    })
}

fn several_cards(setup: &Setup, can: Features) -> Vec<Warning> {
    let rig = &setup.rig;
    let name = || vec![("card", rig.card.name.clone())];
    let mut found = Vec::new();
    if rig.count > 1 && rig.card.form == Form::Laptop {
        found.push(warning(WarningCode::SeveralLaptopGpus, "rig.count", name()));
    }
    if rig.count > 1 && rig.card.nvlink.is_none() && !can.peer_to_peer {
        found.push(warning(WarningCode::NoPeerToPeer, "rig.link", name()));
    }
    if rig.link == LinkKind::Nvlink && rig.card.nvlink.is_none() {
        found.push(warning(WarningCode::NoNvlink, "rig.link", name()));
    }
    if rig.card.form == Form::Laptop {
        found.push(warning(WarningCode::LaptopPower, "rig.card", name()));
    }
    found
}

/// Text longer than the model was made for. What an encoder of images or sound reads is fixed by its input, so only text counts.
fn lengths(setup: &Setup) -> Option<Warning> {
    let (field, asked, longest) = beyond_context(&setup.model, &setup.job)?;
    Some(warning(WarningCode::BeyondContext, field, vec![("asked", asked.to_string()), ("longest", longest.to_string())]))
}

/// The field that asks for more text than the model was made for, with both lengths.
pub(crate) fn beyond_context(model: &Model, job: &Job) -> Option<(&'static str, u64, u64)> {
    let longest = model.max_context?;
    let (field, asked) = match (&model.network, job.kind.trains()) {
        (Network::Transformer(stack), true) if stack.input == Input::Tokens => ("job.sequenceLength", job.sequence_length),
        (Network::Transformer(stack), false) if stack.input == Input::Tokens => {
            ("job.output", job.prompt.saturating_add(job.output))
        }
        (Network::EncoderDecoder { .. }, true) => ("job.targetLength", job.target_length),
        (Network::EncoderDecoder { .. }, false) => ("job.output", job.output),
        _ => return None,
    };
    (asked > longest).then_some((field, asked, longest))
}

/// What surrounds a denoiser and is not known, so that nothing is counted for it.
fn companions(setup: &Setup) -> Vec<Warning> {
    let Some(denoising) = setup.model.denoising.filter(|_| !setup.trains() && setup.model.category == Category::Diffusion) else {
        return Vec::new();
    };
    let model = || vec![("model", setup.model.name.clone())];
    let mut found = Vec::new();
    if denoising.text_encoder.is_none() {
        found.push(warning(WarningCode::NoTextEncoder, "model", model()));
    }
    if denoising.decoder.is_none() {
        found.push(warning(WarningCode::NoImageDecoder, "model", model()));
    }
    found
}

/// A pasted configuration of a type nobody here knows: all else hangs on how large it was taken to be.
fn unfamiliar(setup: &Setup) -> Option<Warning> {
    let kind = setup.model.unfamiliar.clone()?;
    let args = vec![("type", kind), ("parameters", hf_config::size(setup.model.parameters))];
    Some(warning(WarningCode::UnknownFamily, "model", args))
}

fn assumptions(setup: &Setup) -> Option<Warning> {
    let assumed = &setup.model.assumptions;
    (!assumed.is_empty()).then(|| warning(WarningCode::Assumed, "model", vec![("assumptions", assumed.join("; "))]))
}
