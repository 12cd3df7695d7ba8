//! Diffusers: a script that makes images or clips.

use super::choice::Choice;
use super::sheet::{Dialect, Sheet, Value};
use super::{peft, quote, replicas, terms};
use crate::model::{Model, Video};
use crate::request::{Offload, Setup, WeightFormat};

/// A pipeline: the models it runs (beginnings of their ids), its class, the networks that are quantised, and the guidance its authors use.
struct Pipeline(&'static str, &'static str, &'static [&'static str], &'static str, f64);

/// The first that fits; a name is before its own beginning.
const PIPELINES: [Pipeline; 12] = [
    Pipeline("sd-1.5", "StableDiffusionPipeline", &["unet", "text_encoder"], "guidance_scale", 7.5),
    Pipeline("sdxl-turbo", "StableDiffusionXLPipeline", &["unet", "text_encoder", "text_encoder_2"], "guidance_scale", 0.0),
    Pipeline("sdxl-base", "StableDiffusionXLPipeline", &["unet", "text_encoder", "text_encoder_2"], "guidance_scale", 5.0),
    Pipeline("sd3.5", "StableDiffusion3Pipeline", &["transformer", "text_encoder_3"], "guidance_scale", 3.5),
    Pipeline("flux.1-schnell", "FluxPipeline", &["transformer", "text_encoder_2"], "guidance_scale", 0.0),
    Pipeline("flux.1", "FluxPipeline", &["transformer", "text_encoder_2"], "guidance_scale", 3.5),
    Pipeline("flux.2-klein", "Flux2KleinPipeline", &["transformer", "text_encoder"], "guidance_scale", 1.0),
    Pipeline("flux.2", "Flux2Pipeline", &["transformer", "text_encoder"], "guidance_scale", 4.0),
    Pipeline("qwen-image", "QwenImagePipeline", &["transformer", "text_encoder"], "true_cfg_scale", 4.0),
    Pipeline("z-image-turbo", "ZImagePipeline", &["transformer", "text_encoder"], "guidance_scale", 0.0),
    Pipeline("wan2.2-t2v-a14b", "WanPipeline", &["transformer", "transformer_2", "text_encoder"], "guidance_scale", 4.0),
    Pipeline("wan2", "WanPipeline", &["transformer", "text_encoder"], "guidance_scale", 5.0),
];

fn pipeline(model: &Model) -> Option<&'static Pipeline> {
    PIPELINES.iter().find(|pipeline| model.id.starts_with(pipeline.0))
}

/// Whether there is a pipeline for the model, and its weights are loaded as they are or quantised while loading.
pub(super) fn applies(setup: &Setup) -> bool {
    let served = !setup.trains() && setup.rig.count == 1;
    // A clip of another length has no size that would follow from it.
    let sized = !setup.model.makes_video() || setup.model.video(setup.job.sequence_length).is_some();
    served && sized && pipeline(&setup.model).is_some() && (quantised(setup).is_some() || plain(setup))
}

const fn plain(setup: &Setup) -> bool {
    matches!(setup.recipe.weights, WeightFormat::Fp32 | WeightFormat::Fp16 | WeightFormat::Bf16 | WeightFormat::Fp8)
}

/// Quantisation while loading: its backend, and what it is told.
const fn quantised(setup: &Setup) -> Option<(&'static str, &'static str)> {
    match setup.recipe.weights {
        WeightFormat::Int8 => Some(("bitsandbytes_8bit", "{\"load_in_8bit\": True}")),
        WeightFormat::Nf4 => Some((
            "bitsandbytes_4bit",
            "{\"load_in_4bit\": True, \"bnb_4bit_quant_type\": \"nf4\", \"bnb_4bit_compute_dtype\": DTYPE}",
        )),
        WeightFormat::Nf4Double => Some((
            "bitsandbytes_4bit",
            "{\"load_in_4bit\": True, \"bnb_4bit_quant_type\": \"nf4\", \"bnb_4bit_use_double_quant\": True, \"bnb_4bit_compute_dtype\": DTYPE}",
        )),
        _ => None,
    }
}

/// Writes the script.
pub(super) fn write(mut sheet: Sheet) -> (String, Vec<String>) {
    let setup = sheet.setup;
    let Some(Pipeline(_, class, networks, guidance, scale)) = pipeline(&setup.model) else { return sheet.finish(Dialect::Python) };
    sheet.note("run", &[("command", &format!("python {}", super::Format::Diffusers.file_name()))]);
    sheet.note("placeholders", &[("names", "MODEL, PROMPT")]);
    let quantisation = quantised(setup);
    sheet.raw("import torch");
    sheet.raw(format!("from diffusers import {}{class}", if quantisation.is_some() { "PipelineQuantizationConfig, " } else { "" }));
    let video = setup.model.video(setup.job.sequence_length);
    if video.is_some() {
        sheet.raw("from diffusers.utils import export_to_video");
    }
    sheet.raw("");
    sheet.raw(format!("MODEL = {}", quote::double(&terms::placeholder(setup))));
    sheet.raw("PROMPT = \"a lighthouse in a storm\"");
    sheet.raw(format!("DTYPE = {}", peft::torch_type(terms::served(setup))));
    sheet.raw("");
    sheet.open(format!("pipe = {class}.from_pretrained("), ")");
    sheet.raw("MODEL,");
    sheet.choose(Choice::Precision, "dtype", Value::Code("DTYPE"));
    if let Some((backend, told)) = quantisation {
        sheet.open("quantization_config=PipelineQuantizationConfig(", "),");
        sheet.set("quant_backend", backend);
        sheet.set("quant_kwargs", Value::Code(told));
        let networks: Vec<String> = networks.iter().map(|network| (*network).to_owned()).collect();
        sheet.set("components_to_quantize", networks);
        sheet.close();
    }
    sheet.close();
    placed(&mut sheet, networks.first().copied().unwrap_or_default());
    let (made, taken) = if video.is_some() { ("clips = pipe(", ").frames") } else { ("images = pipe(", ").images") };
    sheet.open(made, taken);
    call(&mut sheet, video);
    sheet.set(guidance, *scale);
    if *guidance == "true_cfg_scale" {
        sheet.set("negative_prompt", " ");
    }
    sheet.note("starting-point", &[("settings", &format!("{guidance} {scale}"))]);
    sheet.close();
    match video {
        Some(video) => sheet.raw(format!("export_to_video(clips[0], \"clip.mp4\", fps={})", video.rate)),
        None => sheet.raw("images[0].save(\"image.png\")"),
    }
    // PyTorch's own attention is what a pipeline takes by itself.
    for choice in [Choice::Weights, Choice::Attention, Choice::KvCache, Choice::Prompt] {
        sheet.covers(choice);
    }
    sheet.finish(Dialect::Python)
}

/// Where the networks are: on the card, there in turns, or layer by layer.
fn placed(sheet: &mut Sheet, denoiser: &str) {
    if sheet.setup.recipe.weights == WeightFormat::Fp8 {
        sheet.raw(format!("pipe.{denoiser}.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=DTYPE)"));
        sheet.note("diffusers-fp8", &[]);
    }
    let line = match sheet.setup.recipe.offload {
        Offload::Companions => "pipe.enable_model_cpu_offload()",
        Offload::OptimizerAndWeights => "pipe.enable_sequential_cpu_offload()",
        _ => "pipe.to(\"cuda\")",
    };
    if matches!(sheet.setup.recipe.offload, Offload::Companions | Offload::OptimizerAndWeights) {
        sheet.covers(Choice::Offload);
    }
    sheet.raw(line);
    if sheet.setup.tiles().is_some() {
        sheet.covers(Choice::VaeTiling);
        decoded_in_tiles(sheet);
    }
    sheet.raw("");
}

/// One image after the other, in tiles of the size that is estimated: what an autoencoder takes by itself may be the whole image. Qwen's is
/// told by its call, the others read attributes.
fn decoded_in_tiles(sheet: &mut Sheet) {
    sheet.raw("pipe.vae.enable_slicing()");
    if sheet.setup.model.id.starts_with("qwen-image") {
        sheet.raw("pipe.vae.enable_tiling(512, 512, 384, 384)");
        return;
    }
    sheet.raw("pipe.vae.enable_tiling()");
    sheet.raw("pipe.vae.tile_sample_min_size, pipe.vae.tile_latent_min_size = 512, 64");
}

fn call(sheet: &mut Sheet, video: Option<Video>) {
    let job = &sheet.setup.job;
    sheet.set("prompt", Value::Code("PROMPT"));
    if let Some(side) = sheet.setup.model.image_side(job.sequence_length) {
        sheet.set("height", side);
        sheet.set("width", side);
    }
    if let Some(video) = video {
        sheet.set("height", video.height);
        sheet.set("width", video.width);
        sheet.set("num_frames", video.frames);
    }
    sheet.choose(Choice::Output, "num_inference_steps", job.output);
    let at_once = if video.is_some() { "num_videos_per_prompt" } else { "num_images_per_prompt" };
    sheet.choose(Choice::Concurrency, at_once, sheet.setup.requests_per_replica());
    replicas::apart(sheet);
}
