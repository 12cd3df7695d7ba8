//! Making images: what pipelines run around a denoiser is counted, or said not to be.

use serde_json::{Value, json};
use whichcard::catalog::Catalog;
use whichcard::estimate::{Estimate, Verdict, WarningCode, estimate, memory};
use whichcard::plan::{Comfort, Goal, Outcome, ReasonCode, plan, smallest_changes};
use whichcard::request::{Offload, Request, VaeTiling, resolve};
use whichcard::text::Lang;

fn catalog() -> Catalog {
    Catalog::from_json(include_str!("../catalog.json")).expect("the shipped catalogue is readable")
}

fn answer(model: &Value, card: &str, job: &Value) -> Estimate {
    let mut whole = json!({"kind": "inference"});
    whole.as_object_mut().expect("an object").extend(job.as_object().cloned().unwrap_or_default());
    let request = json!({"model": model, "job": whole, "rig": {"card": card}});
    estimate(&catalog(), &Request::from_value(request).expect("a request")).expect("an answer")
}

fn run(model: &str, card: &str) -> Estimate {
    answer(&json!(model), card, &json!({}))
}

/// Hugging Face: 31.4 GiB of weights and a peak of 36.2 reserved, on an H100.
#[test]
fn flux_takes_its_text_encoder_along() {
    let memory = run("flux.1-dev", "h100-sxm").memory;
    assert!((31.0..32.0).contains(&memory.weights.as_gib()), "{}", memory.weights.as_gib());
    assert!((32.5..37.0).contains(&memory.total.as_gib()), "{}", memory.total.as_gib());
}

/// The documentation of diffusers: 40 steps a second with PyTorch 2.0, 22 on an RTX 3090.
#[test]
fn stable_diffusion_is_as_fast_as_diffusers_prints() {
    for (card, published) in [("rtx-4090", 40.5), ("rtx-3090", 22.56), ("a100-sxm-40gb", 21.66)] {
        let rate = 1.0 / run("sd-1.5", card).time.main.seconds_per_step.get();
        assert!((rate / published).ln().abs() < 1.5f64.ln(), "{card}: {rate:.1} steps a second, published {published}");
    }
}

/// Half of what a U-Net multiplies no fast algorithm shortens, so no card does all of it above its peak; a P100 did.
#[test]
fn no_card_denoises_above_its_peak() {
    let catalog = catalog();
    for card in catalog.cards() {
        for (model, kind, count) in [("sd-1.5", "inference", 8), ("sdxl-base", "inference", 4), ("sd-1.5", "full-finetune", 1)] {
            let job = json!({"kind": kind, "concurrency": count});
            let request = json!({"model": model, "job": job, "rig": {"card": card.id}});
            let time = estimate(&catalog, &Request::from_value(request).expect("a request")).expect("an answer").time.main;
            assert!(time.model_flops_utilisation < 1.0, "{model} {kind} on {}: {}", card.id, time.model_flops_utilisation);
        }
    }
}

#[test]
fn an_image_is_all_steps_and_decoding() {
    let time = run("sdxl-base", "rtx-4090").time;
    let steps = time.main.seconds_per_step.get() * 50.0;
    assert!(time.total.get() > steps && time.total.get() < 1.2 * steps, "{time:?}");
    assert!((time.main.samples_per_second * time.total.get() - 1.0).abs() < 1e-9, "{time:?}");
    assert!(time.main.tokens_per_second == 0.0, "an image has no tokens");
}

#[test]
fn guidance_runs_the_denoiser_twice() {
    let once =
        json!({"architecture": {"category": "diffusion", "paramsB": 2.5, "forwardGmacs": 3000, "layers": 10, "imageSide": 1024}});
    let mut twice = once.clone();
    twice["architecture"]["passesPerStep"] = json!(2);
    let at = |model: &Value| answer(model, "rtx-3090", &json!({"concurrency": 8})).time.main.seconds_per_step.get();
    let ratio = at(&twice) / at(&once);
    assert!((ratio - 2.0).abs() < 0.01, "{ratio}");
}

#[test]
fn what_is_not_known_is_said() {
    let codes = |estimate: &Estimate| estimate.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>();
    assert_eq!(codes(&run("wan2.1-t2v-1.3b", "h200-sxm")), [WarningCode::NoImageDecoder]);
    let alone = json!({"architecture": {"category": "diffusion", "paramsB": 1.0, "forwardGmacs": 500}});
    assert_eq!(codes(&answer(&alone, "rtx-4090", &json!({}))), [WarningCode::NoTextEncoder, WarningCode::NoImageDecoder]);
    assert!(codes(&run("flux.1-dev", "h100-sxm")).is_empty());
}

#[test]
fn larger_images_take_more() {
    let at = |side: u64| answer(&json!("sd-1.5"), "rtx-4090", &json!({"sequenceLength": side, "concurrency": 4}));
    let (small, large) = (at(512), at(1024));
    assert!(large.time.total.get() > 3.0 * small.time.total.get());
    assert!(large.memory.activations.get() > 3.0 * small.memory.activations.get());
    assert!(large.memory.weights == small.memory.weights);
}

/// A square of 16 pixels a side for each latent token; SDXL and networks that recognise images are told the side itself.
#[test]
fn an_image_is_as_long_as_its_side_says() {
    let catalog = catalog();
    let model = |id: &str| catalog.model(id).expect("in the catalogue");
    for (id, side, length) in [
        ("flux.1-dev", 1024, 4096),
        ("sd3.5-large", 512, 1024),
        ("qwen-image", 1328, 6889),
        ("sdxl-base", 768, 768),
        ("resnet-50", 224, 224),
    ] {
        let asked = f64::from(u32::try_from(side).expect("small"));
        assert_eq!((model(id).image_length(asked), model(id).image_side(length)), (length, Some(side)), "{id}");
    }
    // Of moving pictures a length says nothing of the sides; text has none.
    for id in ["wan2.1-t2v-14b", "llama-3-8b"] {
        assert_eq!(model(id).image_side(4096), None, "{id}");
    }
}

/// A tile of 512 pixels is a quarter of SDXL's image; the overlap costs half as much again of what decoding takes, which is little
/// beside 50 steps. Several images are decoded one after the other.
#[test]
fn tiles_make_the_decoding_of_an_image_small() {
    let of = |model: &str, tiling: &str, images: u64| {
        let request = json!({"model": model, "job": {"kind": "inference", "concurrency": images},
            "recipe": {"vaeTiling": tiling}, "rig": {"card": "rtx-4090"}});
        estimate(&catalog(), &Request::from_value(request).expect("a request")).expect("an answer")
    };
    for model in ["sdxl-base", "flux.1-schnell"] {
        let (whole, tiles) = (of(model, "none", 4), of(model, "tiles", 4));
        assert!(tiles.memory.total < whole.memory.total && tiles.memory.weights == whole.memory.weights, "{model}");
        let longer = tiles.time.total.get() / whole.time.total.get();
        assert!(longer > 1.0 && longer < if model == "sdxl-base" { 1.05 } else { 1.3 }, "{model} {longer}");
    }
    let small = of("sd-1.5", "tiles", 1);
    assert_eq!(small.time.total, of("sd-1.5", "none", 1).time.total, "512 pixels are one tile");
    let text = of("llama-3-8b", "tiles", 1);
    assert_eq!(text.memory, of("llama-3-8b", "none", 1).memory, "text has no autoencoder");
}

/// People run SDXL on 12 GB: where the image is not decoded at once it surely fits, and everything stays on the card.
#[test]
fn sdxl_fits_on_12_gb_in_tiles() {
    let catalog = catalog();
    let asked = |recipe: Value| json!({"model": "sdxl-base", "job": {"kind": "inference"}, "recipe": recipe, "rig": {"card": "rtx-3060-12gb"}});
    let setup = |recipe: Value| resolve(&catalog, &Request::from_value(asked(recipe)).expect("a request")).expect("a setup");
    let tiles = setup(json!({"vaeTiling": "tiles"}));
    assert_eq!(memory(&tiles).verdict, Verdict::Fits);
    let Outcome::Planned(plan) = plan(&catalog, &Goal::from_value(&asked(json!({}))).expect("a goal")).expect("an answer") else {
        panic!("nothing fits")
    };
    assert_eq!((plan.comfort, plan.setup.recipe.offload), (Comfort::Fits, Offload::None));
    assert_eq!(plan.setup.recipe.vae_tiling, VaeTiling::Tiles);
    let whole = setup(json!({}));
    assert_ne!(memory(&whole).verdict, Verdict::Fits);
    let changes = smallest_changes(&catalog, &whole);
    assert!(changes.iter().any(|change| change.what.code == ReasonCode::ChangeVaeTiling), "{changes:?}");
}

#[test]
fn smaller_images_are_asked_for_in_pixels() {
    let request = json!({"model": "sdxl-base", "job": {"kind": "lora", "sequenceLength": 4096}, "rig": {"card": "rtx-3060-12gb"}});
    let catalog = catalog();
    let setup = resolve(&catalog, &Request::from_value(request).expect("a request")).expect("a setup");
    let said: Vec<String> =
        smallest_changes(&catalog, &setup).iter().flat_map(|change| &change.steps).map(|step| step.say(Lang::En)).collect();
    assert!(said.iter().any(|text| text.contains("pixels a side")), "{said:?}");
    assert!(!said.iter().any(|text| text.contains("tokens")), "{said:?}");
}

#[test]
fn a_clip_lasts_as_long_as_its_network_hears() {
    let catalog = catalog();
    let clip = |id: &str, length| catalog.model(id).expect("in the catalogue").clip(length).map(|clip| clip.get());
    assert_eq!(clip("whisper-small", 1), Some(30.0));
    assert_eq!(clip("wav2vec2-base", 500), Some(10.0));
    assert_eq!(clip("llama-3-8b", 2048), None);
}

/// Wan 2.2 A14B is two denoisers of 14 billion parameters, one for the steps of much noise and one for the rest: a clip needs both,
/// and the one that waits may do so in main memory. A training has one of them.
#[test]
fn both_denoisers_of_a_clip_are_counted() {
    let of = |model: &str, job: &str, offload: &str| {
        let request = json!({"model": model, "job": {"kind": job}, "recipe": {"offload": offload}, "rig": {"card": "h200-sxm"}});
        estimate(&catalog(), &Request::from_value(request).expect("a request")).expect("an answer").memory
    };
    let one = 14_288_491_584.0 * 2.0;
    for (job, offload, on_card, in_main_memory) in
        [("inference", "none", one, 0.0), ("inference", "companions", 0.0, one), ("lora", "none", 0.0, 0.0)]
    {
        let (single, double) = (of("wan2.1-t2v-14b", job, offload), of("wan2.2-t2v-a14b", job, offload));
        let more = (double.weights.get() - single.weights.get(), double.host.get() - single.host.get());
        assert!((more.0 - on_card).abs() < 1e-3 * one, "{job} {offload}: {more:?}");
        assert!(more.1 >= in_main_memory * 0.999, "{job} {offload}: {more:?}");
    }
}
