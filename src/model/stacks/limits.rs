//! What a shape may be: wide enough for any model that exists, narrow enough that counting it ends.

use crate::document::Decimal;
use crate::error::{ErrorCode, Limit, RequestError, Unit};
use crate::model::facts::ModelFacts;

/// 10^15: a thousand times the largest open model.
pub const MOST_PARAMETERS: u64 = 1_000_000_000_000_000;

/// Refuses zero and absurd sizes.
pub fn check(facts: &ModelFacts) -> Result<(), RequestError> {
    const WIDTH: u64 = 1 << 24;
    const LAYERS: u64 = 2_000;
    // A tower is a part of the model.
    let vision = super::stated_parameters(facts).map_or(MOST_PARAMETERS, |all| all.saturating_sub(1));
    let sizes = [
        ("hidden", facts.hidden, 1, WIDTH),
        ("layers", facts.layers, 1, LAYERS),
        ("layerSets", facts.layer_sets, 1, LAYERS),
        ("decoderLayers", facts.decoder_layers, 1, LAYERS),
        ("singleLayers", facts.single_layers, 0, LAYERS),
        ("dualAttentionLayers", facts.dual_attention_layers, 0, LAYERS),
        ("refinerLayers", facts.refiner_layers, 0, LAYERS),
        ("heads", facts.heads, 1, 100_000),
        ("kvHeads", facts.kv_heads, 1, 100_000),
        ("headDim", facts.head_dim, 1, 100_000),
        ("ffn", facts.ffn, 1, WIDTH),
        ("vocab", facts.vocab, 1, 100_000_000),
        ("maxContext", facts.max_context, 1, 1_000_000_000),
        ("experts", facts.experts, 1, 100_000),
        ("activeExperts", facts.active_experts, 1, facts.experts.unwrap_or(100_000)),
        ("sharedExperts", facts.shared_experts, 0, 1_000),
        ("expertFfn", facts.expert_ffn, 1, WIDTH),
        ("fullEvery", facts.full_every, 1, LAYERS),
        ("denseEvery", facts.dense_every, 1, LAYERS),
        ("positionParams", facts.position_params, 0, MOST_PARAMETERS),
        ("slidingWindow", facts.sliding_window, 1, 1_000_000_000),
        ("inputTokens", facts.input_tokens, 1, 100_000_000),
        ("imageSide", facts.image_side, 1, 100_000),
        ("patch", facts.patch, 1, 10_000),
        ("paramsExact", facts.params_exact, 1, MOST_PARAMETERS),
        ("visionParams", facts.vision_params, 0, vision),
        ("historyFrames", facts.history_frames, 0, 1_000),
        ("denoisingSteps", facts.denoising_steps, 1, 10_000),
        ("passesPerStep", facts.passes_per_step, 1, 16),
        ("videoWidth", facts.video_width, 1, 100_000),
        ("videoHeight", facts.video_height, 1, 100_000),
        ("videoFrames", facts.video_frames, 1, 1_000_000),
        ("expertsByNoise", facts.experts_by_noise, 1, 16),
        ("textTokens", facts.text_tokens, 0, 1_000_000),
        ("adapterPorts", facts.adapter_ports, 0, MOST_PARAMETERS),
        ("textEncoderParams", facts.text_encoder_params, 0, MOST_PARAMETERS),
        ("autoencoderParams", facts.autoencoder_params, 0, MOST_PARAMETERS),
    ];
    for (field, value, least, most) in sizes {
        let Some(value) = value else { continue };
        if !(least..=most).contains(&value) {
            return Err(RequestError::new(ErrorCode::OutOfRange, field, value, Limit::counts(least, most)));
        }
    }
    for (field, value, most) in [
        ("paramsB", facts.params_b, 1e6),
        ("forwardGmacs", facts.forward_gmacs, 1e12),
        ("activationMvalues", facts.activation_mvalues, 1e9),
        ("maxPooledMvalues", facts.max_pooled_mvalues, 1e9),
        ("decoderGmacs", facts.decoder_gmacs, 1e12),
        ("videoFps", facts.video_fps, 1e3),
        ("decoderMvalues", facts.decoder_mvalues, 1e9),
    ] {
        let Some(value) = value else { continue };
        let limit = Limit::real(1e-9, most, Unit::One);
        if !limit.holds(value) {
            return Err(RequestError::new(ErrorCode::OutOfRange, field, Decimal(value), limit));
        }
    }
    Ok(())
}

/// Whole parameters of a size in billions; the caller has checked the range.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturating, and checked to be positive and small")]
pub fn billions(billions: f64) -> u64 {
    (billions * 1e9).round() as u64
}
