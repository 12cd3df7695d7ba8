//! Every fact that describes a model, by what it is about.

use super::Activation;
use crate::model::count::attention::QkNorm;
use crate::model::count::diffusion::DitLayout;
use crate::model::count::recurrent::RecurrentKind;
use crate::model::{BlockStyle, Category, WeightFormat};

written! {
    /// A model as written: every field may be left out where the shape does not need it.
    #[derive(Clone, Debug, Default, PartialEq)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), serde(rename_all = "camelCase", deny_unknown_fields, default))]
    pub struct ModelFacts {
        // --- What it is called
        /// Catalogue id.
        pub id: Option<String>,
        /// Name a person knows.
        pub name: Option<String>,
        /// Other spellings people type.
        pub aliases: Vec<String>: optional,
        /// Family ("Llama", "Qwen").
        pub family: Option<String>,
        /// What it is for.
        pub category: Option<Category>,
        /// Year of publication.
        pub year: Option<u32>,
        /// Licence of the weights.
        pub licence: Option<String>,
        /// The weights were never given away, so there is no licence.
        pub closed_weights: Option<bool>,
        /// Ids of the sources.
        pub source: Vec<String>: optional,
        // --- How large it is said to be
        /// Every weight a normal load brings in, to the unit.
        pub params_exact: Option<u64>,
        /// Rounded size in billions, where no exact count is known.
        pub params_b: Option<f64>,
        /// Where the count comes from (`published`, `computed`, `checkpoint`, `paper`, `recalled`).
        pub params_basis: Option<String>,
        /// Published parameters per token in billions.
        pub active_params_b: Option<f64>,
        /// Weights of the text part of a multimodal model.
        pub text_params: Option<u64>,
        /// Weights of vision and audio towers with their projectors.
        pub vision_params: Option<u64>,
        /// Format the weights are released in when it is not 16-bit.
        pub released_weights: Option<WeightFormat>,
        // --- The stack
        /// Implementation family. Default: `llama`.
        pub style: Option<BlockStyle>,
        /// Width of the residual stream.
        pub hidden: Option<u64>,
        /// Blocks (of the encoder, where there are two stacks).
        pub layers: Option<u64>,
        /// Sets of weights that the blocks share. Default: each block has its own.
        pub layer_sets: Option<u64>,
        /// Blocks of the decoder of an encoder-decoder model.
        pub decoder_layers: Option<u64>,
        /// Single-stream blocks of a diffusion transformer.
        pub single_layers: Option<u64>,
        /// Refiner blocks of a diffusion transformer, noise and context each.
        pub refiner_layers: Option<u64>,
        /// Blocks of a diffusion transformer that attend twice, the second time over the image alone.
        pub dual_attention_layers: Option<u64>,
        /// Query heads.
        pub heads: Option<u64>,
        /// Key/value heads. Default: `heads`.
        pub kv_heads: Option<u64>,
        /// Size of a head. Default: `hidden / heads`.
        pub head_dim: Option<u64>,
        /// Inner width of the dense feed-forward part.
        pub ffn: Option<u64>,
        /// Rows of the embedding.
        pub vocab: Option<u64>,
        /// The output layer shares the embedding.
        pub tied_embeddings: Option<bool>,
        /// There is an output layer over the vocabulary. Default: language models and Whisper have one.
        pub lm_head: Option<bool>,
        /// It has a bias.
        pub head_bias: Option<bool>,
        /// Longest context it was made for, in tokens.
        pub max_context: Option<u64>,
        /// Activation of the feed-forward part. Default: by style.
        pub activation: Option<Activation>,
        /// Linear layers have biases. Default: by style.
        pub bias: Option<bool>,
        /// Query, key and value projections have biases. Default: `bias`.
        pub qkv_bias: Option<bool>,
        /// The key projection has a bias. Default: `qkv_bias`.
        pub key_bias: Option<bool>,
        /// The attention output projection has a bias. Default: `bias`.
        pub output_bias: Option<bool>,
        /// Norms of hidden width per layer. Default: by style.
        pub norms: Option<u64>,
        /// Norms have biases (LayerNorm). Default: by style.
        pub norm_bias: Option<bool>,
        /// A norm follows the last layer. Default: all but post-norm stacks.
        pub final_norm: Option<bool>,
        /// Query, key and value come out of one projection.
        pub fused_qkv: Option<bool>,
        /// Attention scores are soft-capped.
        pub soft_capped: Option<bool>,
        // --- Around the stack
        /// Learned position rows.
        pub position_rows: Option<u64>,
        /// Weights of each block that work on relative positions alone.
        pub position_params: Option<u64>,
        /// Rows of token-type embeddings.
        pub token_types: Option<u64>,
        /// A norm follows the embedding.
        pub embedding_norm: Option<bool>,
        /// Width of the embedding where it is projected to `hidden`.
        pub embedding_dim: Option<u64>,
        /// A square layer pools the first token.
        pub pooler: Option<bool>,
        /// Classes of an image classifier.
        pub classes: Option<u64>,
        /// Side of an image patch in pixels.
        pub patch: Option<u64>,
        /// Patches merged along each side into one token.
        pub merge: Option<u64>,
        /// Tokens of the standard input.
        pub input_tokens: Option<u64>,
        /// Side of the standard square image in pixels.
        pub image_side: Option<u64>,
        /// Register tokens of a vision transformer.
        pub register_tokens: Option<u64>,
        /// Each branch of a vision block is scaled by a learned vector.
        pub layer_scale: Option<bool>,
        /// Segment Anything: neck, relative positions, prompt encoder and mask decoder follow the encoder.
        pub segment_head: Option<bool>,
        /// Width of the text features a diffusion transformer takes.
        pub text_dim: Option<u64>,
        /// Text tokens of the standard input of a diffusion model.
        pub text_tokens: Option<u64>,
        /// Input channels of a diffusion transformer after patching.
        pub latent_channels: Option<u64>,
        /// A diffusion transformer embeds the guidance strength.
        pub guidance: Option<bool>,
        /// The sound front end of wav2vec 2.0 has a LayerNorm and a bias per convolution. Default: from width 1024 on.
        pub layer_norm_front: Option<bool>,
        /// Mel bands of a speech model.
        pub mel_bands: Option<u64>,
        /// Width of the pooled text vector a diffusion transformer takes.
        pub pooled_dim: Option<u64>,
        /// Which diffusion transformer.
        pub layout: Option<DitLayout>,
        /// Whole models of this size that take turns by noise level; all are loaded to make an image, and one at a time is trained.
        pub experts_by_noise: Option<u64>,
        // --- Attention
        /// Norms on queries and keys.
        pub qk_norm: Option<QkNorm>,
        /// The query projection is twice as wide to gate the output.
        pub attn_gate: Option<bool>,
        /// One learned value a head.
        pub attn_sinks: Option<bool>,
        /// Global layers have no value projection.
        pub k_eq_v: Option<bool>,
        /// Tokens a local layer sees.
        pub sliding_window: Option<u64>,
        /// Local layers see fixed blocks of this many tokens.
        pub chunked_attention: Option<u64>,
        /// One layer in so many is global.
        pub full_every: Option<u64>,
        /// Which one of them. Default: the last.
        pub full_offset: Option<u64>,
        /// Indices of the global layers.
        pub full_layers: Vec<u64>: optional,
        /// Head size of the global layers.
        pub global_head_dim: Option<u64>,
        /// Key/value heads of the global layers.
        pub global_kv_heads: Option<u64>,
        /// The last so many layers keep no cache of their own.
        pub kv_shared_layers: Option<u64>,
        /// Inner width in those layers.
        pub shared_layer_ffn: Option<u64>,
        /// Latent attention: rank of the query.
        pub q_lora_rank: Option<u64>,
        /// Latent attention: rank of keys and values.
        pub kv_lora_rank: Option<u64>,
        /// Latent attention: query/key size without positions.
        pub qk_nope_dim: Option<u64>,
        /// Latent attention: query/key size with positions.
        pub qk_rope_dim: Option<u64>,
        /// Latent attention: value size.
        pub v_head_dim: Option<u64>,
        /// Sparse attention: heads of the indexer.
        pub indexer_heads: Option<u64>,
        /// Sparse attention: size of its keys.
        pub indexer_dim: Option<u64>,
        /// Sparse attention: tokens read.
        pub indexer_topk: Option<u64>,
        /// Sparse attention: layers with an indexer. Default: all.
        pub indexer_layers: Option<u64>,
        /// Compressed attention (DeepSeek-V4): layers that keep one entry per `csa_ratio` tokens.
        pub layers_csa: Option<u64>,
        /// Compressed attention: layers that keep one entry per `hca_ratio` tokens.
        pub layers_hca: Option<u64>,
        /// Compressed attention: layers that keep their window only.
        pub layers_window_only: Option<u64>,
        /// Tokens per entry of the lighter compression.
        pub csa_ratio: Option<u64>,
        /// Tokens per entry of the heavier compression.
        pub hca_ratio: Option<u64>,
        /// Groups of a low-rank output projection.
        pub o_groups: Option<u64>,
        /// Rank of that projection per group.
        pub o_lora_rank: Option<u64>,
        /// Parallel residual streams.
        pub hyper_connections: Option<u64>,
        /// Layers whose router is a fixed table.
        pub hash_routed_layers: Option<u64>,
        // --- Recurrent mixers
        /// Layers with full attention.
        pub layers_full: Option<u64>,
        /// Layers with linear attention.
        pub layers_linear: Option<u64>,
        /// Layers with Mamba-2.
        pub layers_mamba: Option<u64>,
        /// Layers with a short convolution.
        pub layers_conv: Option<u64>,
        /// Layers with attention and Mamba-2 side by side.
        pub layers_parallel_hybrid: Option<u64>,
        /// One letter a layer: M Mamba-2, * attention, - feed-forward, E experts.
        pub layer_pattern: Option<String>,
        /// Kind of linear attention.
        pub linear_type: Option<RecurrentKind>,
        /// Key heads of linear attention.
        pub linear_k_heads: Option<u64>,
        /// Value heads of linear attention.
        pub linear_v_heads: Option<u64>,
        /// Key head size of linear attention.
        pub linear_k_dim: Option<u64>,
        /// Value head size of linear attention.
        pub linear_v_dim: Option<u64>,
        /// Taps of the short convolution.
        pub conv_kernel: Option<u64>,
        /// Mamba-2 heads.
        pub mamba_heads: Option<u64>,
        /// Mamba-2 head size.
        pub mamba_head_dim: Option<u64>,
        /// Mamba-2 groups. Default: 1.
        pub mamba_groups: Option<u64>,
        /// Mamba-2 state size.
        pub mamba_state: Option<u64>,
        /// Rank of the time step, which says that the Mamba layers are those of its first version, of one head.
        pub mamba_rank: Option<u64>,
        // --- Experts
        /// Routed experts per layer.
        pub experts: Option<u64>,
        /// Routed experts per token.
        pub active_experts: Option<u64>,
        /// Shared experts, `expert_ffn` wide each unless `shared_ffn` is given.
        pub shared_experts: Option<u64>,
        /// Inner width of the shared experts together.
        pub shared_ffn: Option<u64>,
        /// One more row gates the shared experts.
        pub shared_gate: Option<bool>,
        /// Inner width of one routed expert.
        pub expert_ffn: Option<u64>,
        /// The first so many layers are dense.
        pub first_dense_layers: Option<u64>,
        /// One layer in so many is dense, the others are not.
        pub dense_every: Option<u64>,
        /// Inner width of those dense layers.
        pub dense_ffn: Option<u64>,
        /// Inner width of a dense part beside the experts.
        pub dense_ffn_parallel: Option<u64>,
        /// Experts work in this width.
        pub moe_latent: Option<u64>,
        /// Experts and router have biases.
        pub expert_bias: Option<bool>,
        /// The router keeps a correction value per expert.
        pub router_bias: Option<bool>,
        /// Draft layers, not counted.
        pub mtp_layers: Option<u64>,
        // --- Per-layer embeddings
        /// Width of the per-layer embedding.
        pub ple_dim: Option<u64>,
        /// Weights of the per-layer embedding tables.
        pub ple_params: Option<u64>,
        /// Parallel streams of Gemma 3n (AltUp).
        pub altup_inputs: Option<u64>,
        /// Rank of the learned residual of Gemma 3n (LAuReL).
        pub laurel_rank: Option<u64>,
        // --- Work that no shape tells
        /// Multiply-adds of one standard sample, in billions.
        pub forward_gmacs: Option<f64>,
        /// Values kept for the backward pass per standard sample, in millions.
        pub activation_mvalues: Option<f64>,
        /// Values that max pooling puts out per standard sample, in millions: the place of each is kept beside it. Default: none.
        pub max_pooled_mvalues: Option<f64>,
        /// Steps that run one after the other per sample. Default: 1.
        pub sequential_steps: Option<u64>,
        /// Widths in and out of the layers that adapters go on, together. Default: as many a weight as Stable Diffusion 1.5 has.
        pub adapter_ports: Option<u64>,
        /// Earlier frames that a training step reads forward before the one it learns from. Default: none.
        pub history_frames: Option<u64>,
        // --- Around a denoiser
        /// Denoising steps that its pipeline takes by itself.
        pub denoising_steps: Option<u64>,
        /// Forward passes of a denoising step: 2 where guidance compares with an empty prompt. Default: 1.
        pub passes_per_step: Option<u64>,
        /// Pixels across the clip that a pipeline of moving pictures makes by itself.
        pub video_width: Option<u64>,
        /// Pixels down it.
        pub video_height: Option<u64>,
        /// Pictures it is made of.
        pub video_frames: Option<u64>,
        /// Pictures a second.
        pub video_fps: Option<f64>,
        /// Weights of the text encoders.
        pub text_encoder_params: Option<u64>,
        /// Weights of the image or video autoencoder, both halves.
        pub autoencoder_params: Option<u64>,
        /// Multiply-adds of decoding one standard image, in billions.
        pub decoder_gmacs: Option<f64>,
        /// What the layers of the decoder would keep of one standard image for a backward pass, in millions of values.
        pub decoder_mvalues: Option<f64>,
        /// The decoder runs in FP32 whatever the denoiser runs in.
        pub decoder_fp32: Option<bool>,
    }
}
