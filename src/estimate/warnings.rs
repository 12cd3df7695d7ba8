//! What the visitor should know about a setup, beyond its numbers.

use super::{Figures, Verdict, Warning};
use crate::card::{Capability, Form};
use crate::catalog::{Catalog, TariffUse};
use crate::model::{BlockStyle, Category, Input, Network};
use crate::request::{JobKind, Keyword, LinkKind, Precision, Setup, Stack, obstacles};
use crate::text::{Lang, say};
use crate::units::Bytes;

type Args = Vec<(&'static str, String)>;

/// All warnings of a setup, the ones that stop it first.
pub(super) fn warnings(setup: &Setup, figures: &Figures) -> Vec<Warning> {
    let can = setup.rig.card.capability();
    let mut found = Vec::new();
    found.extend(does_not_fit(figures));
    found.extend(main_memory(setup, figures));
    found.extend(lacking(setup));
    found.extend(half_precision(setup, can));
    found.extend(software(setup, can));
    found.extend(several_cards(setup, can));
    found.extend(lengths(setup));
    found.extend(assumptions(setup));
    found.extend(companions(setup));
    found
}

fn warning(code: &'static str, field: &'static str, args: Args) -> Warning {
    let borrowed: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let message = say(Lang::En, &format!("warning.{code}"), &borrowed);
    Warning { code: code.to_owned(), field: field.to_owned(), message, args }
}

/// A country whose electricity the catalogue does not know.
pub(super) fn electricity(catalog: &Catalog, setup: &Setup) -> Option<Warning> {
    let country = setup.money.country.as_deref()?;
    let known = setup.money.tariff_per_kwh.is_some() || catalog.tariff(country, TariffUse::Household).is_some();
    let code = if catalog.grid(country).is_some() { "no-tariff" } else { "no-electricity" };
    (!known).then(|| warning(code, "money.country", vec![("country", country.to_owned())]))
}

fn does_not_fit(figures: &Figures) -> Option<Warning> {
    (figures.memory.verdict == Verdict::DoesNotFit).then(|| warning("does-not-fit", "rig.card", Vec::new()))
}

/// More in main memory than is said to be there, or than any machine takes.
fn main_memory(setup: &Setup, figures: &Figures) -> Option<Warning> {
    let (host, there) = (figures.memory.host, setup.rig.main_memory_for(figures.memory.host));
    let gib = |bytes: Bytes| format!("{:.0}", bytes.as_gib());
    (host > there).then(|| warning("main-memory", "rig.hostMemory", vec![("host", gib(host)), ("there", gib(there))]))
}

/// FP16 where the card is slow in it, or the model does not survive it.
fn half_precision(setup: &Setup, can: Capability) -> Vec<Warning> {
    let card = || vec![("card", setup.rig.card.name.clone())];
    let mut found = Vec::new();
    let half = matches!(setup.recipe.precision, Precision::Fp16Autocast | Precision::Fp16Pure);
    if half && !can.fast_fp16 {
        found.push(warning("slow-fp16", "recipe.precision", card()));
    }
    let t5 = matches!(&setup.model.network, Network::EncoderDecoder { decoder, .. } if decoder.style == BlockStyle::T5);
    if half && t5 {
        found.push(warning("fp16-overflow", "recipe.precision", vec![("model", setup.model.name.clone())]));
    }
    found
}

/// What the card lacks for the recipe.
fn lacking(setup: &Setup) -> Vec<Warning> {
    let card = || vec![("card", setup.rig.card.name.clone())];
    let mut found: Vec<Warning> = obstacles(setup).map(|lack| warning(lack.name(), lack.field(), card())).collect();
    if setup.job.kind == JobKind::Qlora && !setup.quantised_base() {
        found.push(warning("qlora-not-quantised", "recipe.weights", Vec::new()));
    }
    found
}

fn software(setup: &Setup, can: Capability) -> Option<Warning> {
    let needs_pytorch = !matches!(setup.recipe.stack, Stack::LlamaCpp);
    (needs_pytorch && !can.current_pytorch).then(|| {
        let (major, minor) = setup.rig.card.compute_capability;
        warning("old-cuda", "rig.card", vec![("card", setup.rig.card.name.clone()), ("capability", format!("{major}.{minor}"))])
    })
}

fn several_cards(setup: &Setup, can: Capability) -> Vec<Warning> {
    let rig = &setup.rig;
    let name = || vec![("card", rig.card.name.clone())];
    let mut found = Vec::new();
    if rig.count > 1 && rig.card.form == Form::Laptop {
        found.push(warning("several-laptop-gpus", "rig.count", name()));
    }
    if rig.count > 1 && rig.card.nvlink.is_none() && !can.peer_to_peer {
        found.push(warning("no-peer-to-peer", "rig.link", name()));
    }
    if rig.link == LinkKind::Nvlink && rig.card.nvlink.is_none() {
        found.push(warning("no-nvlink", "rig.link", name()));
    }
    if rig.card.form == Form::Laptop {
        found.push(warning("laptop-power", "rig.card", name()));
    }
    found
}

/// Text longer than the model was made for. What an encoder of images or sound reads is fixed by its input, so only text counts.
fn lengths(setup: &Setup) -> Option<Warning> {
    let longest = setup.model.max_context?;
    let job = &setup.job;
    let (field, asked) = match (&setup.model.network, setup.trains()) {
        (Network::Transformer(stack), true) if stack.input == Input::Tokens => ("job.sequenceLength", job.sequence_length),
        (Network::Transformer(stack), false) if stack.input == Input::Tokens => {
            ("job.output", job.prompt.saturating_add(job.output))
        }
        (Network::EncoderDecoder { .. }, true) => ("job.targetLength", job.target_length),
        (Network::EncoderDecoder { .. }, false) => ("job.output", job.output),
        _ => return None,
    };
    (asked > longest)
        .then(|| warning("beyond-context", field, vec![("asked", asked.to_string()), ("longest", longest.to_string())]))
}

/// What surrounds a denoiser and is not known, so that nothing is counted for it.
fn companions(setup: &Setup) -> Vec<Warning> {
    let Some(denoising) = setup.model.denoising.filter(|_| !setup.trains() && setup.model.category == Category::Diffusion) else {
        return Vec::new();
    };
    let model = || vec![("model", setup.model.name.clone())];
    let mut found = Vec::new();
    if denoising.text_encoder.is_none() {
        found.push(warning("no-text-encoder", "model", model()));
    }
    if denoising.decoder.is_none() {
        found.push(warning("no-image-decoder", "model", model()));
    }
    found
}

fn assumptions(setup: &Setup) -> Option<Warning> {
    let assumed = &setup.model.assumptions;
    (!assumed.is_empty()).then(|| warning("assumed", "model", vec![("assumptions", assumed.join("; "))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Obstacle;

    #[test]
    fn every_warning_has_a_sentence_in_every_language() {
        let source = include_str!("warnings.rs");
        let found: Vec<&str> = source
            .split("warning(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|code| !code.contains('\\'))
            .collect();
        assert!(found.len() >= 14, "found only {found:?}");
        for code in found.into_iter().chain(Obstacle::names()) {
            for lang in Lang::ALL {
                assert!(crate::text::knows(*lang, &format!("warning.{code}")), "{code} has no sentence in {}", lang.tag());
            }
        }
    }
}
