/** `null` in a configuration is read as if it were left out, and so is `undefined`. */
type Maybe<T> = T | null | undefined;

/**
 * The keys of a Hugging Face `config.json` that are read; the others may be there and are ignored. What is left out is filled in by the
 * defaults of its `model_type`, each told in `assumptions` of the model. Where a line has several names, the first that is there counts.
 */
export interface HfConfig {
  /** Class of the model; one that is not known is read as a Llama-like decoder where it has the keys of one, and refused otherwise. */
  model_type?: Maybe<string>;
  /** Where it came from: the name to show. */
  _name_or_path?: Maybe<string>;

  /** The model of words in one that also sees or hears. */
  text_config?: Maybe<HfConfig>;
  llm_config?: Maybe<HfConfig>;
  language_config?: Maybe<HfConfig>;
  vision_config?: Maybe<{
    hidden_size?: Maybe<number>;
    intermediate_size?: Maybe<number>;
    num_hidden_layers?: Maybe<number>;
    image_size?: Maybe<number>;
    patch_size?: Maybe<number>;
    /** Llama 3.2 Vision: layers of its second stack, width they put out together, tiles and the shapes that these may form. */
    num_global_layers?: Maybe<number>;
    vision_output_dim?: Maybe<number>;
    max_num_tiles?: Maybe<number>;
    /** CLIP and SigLIP. */
    num_attention_heads?: Maybe<number>;
    hidden_act?: Maybe<string>;
    supported_aspect_ratios?: Maybe<number[][]>;
    [key: string]: unknown;
  }>;
  /** CLIP's width that both towers are projected to, and SigLIP's of its text; what one tower alone is projected to tells the class. */
  projection_dim?: Maybe<number>;
  projection_size?: Maybe<number>;
  architectures?: Maybe<string[]>;
  /** Layers that read the image. */
  cross_attention_layers?: Maybe<number[]>;

  /** Width of a layer. */
  hidden_size?: Maybe<number>;
  n_embd?: Maybe<number>;
  d_model?: Maybe<number>;
  dim?: Maybe<number>;
  word_embed_proj_dim?: Maybe<number>;
  /** Layers. */
  num_hidden_layers?: Maybe<number>;
  n_layer?: Maybe<number>;
  num_layers?: Maybe<number>;
  n_layers?: Maybe<number>;
  num_decoder_layers?: Maybe<number>;
  encoder_layers?: Maybe<number>;
  decoder_layers?: Maybe<number>;
  /** Heads of attention. */
  num_attention_heads?: Maybe<number>;
  n_head?: Maybe<number>;
  num_heads?: Maybe<number>;
  n_heads?: Maybe<number>;
  encoder_attention_heads?: Maybe<number>;
  /** Heads of keys and values; as many as heads of attention where it is left out. */
  num_key_value_heads?: Maybe<number>;
  multi_query_group_num?: Maybe<number>;
  num_kv_heads?: Maybe<number>;
  n_head_kv?: Maybe<number>;
  multi_query?: Maybe<boolean>;
  multi_query_attention?: Maybe<boolean>;
  /** Width of a head. */
  head_dim?: Maybe<number>;
  kv_channels?: Maybe<number>;
  attention_head_dim?: Maybe<number>;
  d_kv?: Maybe<number>;
  /** Width of the feed-forward part. */
  intermediate_size?: Maybe<number>;
  n_inner?: Maybe<number>;
  ffn_dim?: Maybe<number>;
  d_ff?: Maybe<number>;
  ffn_hidden_size?: Maybe<number>;
  hidden_dim?: Maybe<number>;
  encoder_ffn_dim?: Maybe<number>;
  /** Its activation. */
  hidden_act?: Maybe<string>;
  hidden_activation?: Maybe<string>;
  activation_function?: Maybe<string>;
  mlp_hidden_act?: Maybe<string>;
  feed_forward_proj?: Maybe<string>;

  /** Vocabulary. */
  vocab_size?: Maybe<number>;
  padded_vocab_size?: Maybe<number>;
  type_vocab_size?: Maybe<number>;
  /** Whether the output layer has the weights of the embedding. */
  tie_word_embeddings?: Maybe<boolean>;
  tie_embeddings?: Maybe<boolean>;
  /** Longest context. */
  max_position_embeddings?: Maybe<number>;
  n_positions?: Maybe<number>;
  seq_length?: Maybe<number>;
  n_ctx?: Maybe<number>;
  model_max_length?: Maybe<number>;
  max_source_positions?: Maybe<number>;
  max_target_positions?: Maybe<number>;

  /** Attention to near tokens only: how near, and in which layers. */
  sliding_window?: Maybe<number>;
  use_sliding_window?: Maybe<boolean>;
  sliding_window_pattern?: Maybe<number>;
  layer_types?: Maybe<string[]>;
  full_attention_interval?: Maybe<number>;

  /** Latent attention, and its indexer. */
  kv_lora_rank?: Maybe<number>;
  q_lora_rank?: Maybe<number>;
  qk_nope_head_dim?: Maybe<number>;
  qk_rope_head_dim?: Maybe<number>;
  v_head_dim?: Maybe<number>;
  index_n_heads?: Maybe<number>;
  index_head_dim?: Maybe<number>;
  index_topk?: Maybe<number>;

  /** Linear attention. */
  linear_num_key_heads?: Maybe<number>;
  linear_num_value_heads?: Maybe<number>;
  linear_key_head_dim?: Maybe<number>;
  linear_value_head_dim?: Maybe<number>;
  linear_conv_kernel_dim?: Maybe<number>;

  /** Experts: how many, how many a token passes, how wide, in which layers. */
  num_experts?: Maybe<number>;
  num_local_experts?: Maybe<number>;
  n_routed_experts?: Maybe<number>;
  moe_num_experts?: Maybe<number>;
  num_experts_per_tok?: Maybe<number>;
  experts_per_token?: Maybe<number>;
  moe_topk?: Maybe<number>;
  moe_intermediate_size?: Maybe<number>;
  expert_ffn_hidden_size?: Maybe<number>;
  n_shared_experts?: Maybe<number>;
  num_shared_experts?: Maybe<number>;
  shared_expert_intermediate_size?: Maybe<number>;
  first_k_dense_replace?: Maybe<number>;
  mlp_only_layers?: Maybe<number[]>;
  decoder_sparse_step?: Maybe<number>;
  interleave_moe_layer_step?: Maybe<number>;

  /** Biases and norms. */
  attention_bias?: Maybe<boolean>;
  use_bias?: Maybe<boolean>;
  bias?: Maybe<boolean>;
  enable_bias?: Maybe<boolean>;
  qkv_bias?: Maybe<boolean>;
  add_qkv_bias?: Maybe<boolean>;
  use_qkv_bias?: Maybe<boolean>;
  mlp_bias?: Maybe<boolean>;
  use_qk_norm?: Maybe<boolean>;
  do_layer_norm_before?: Maybe<boolean>;
  new_decoder_architecture?: Maybe<boolean>;
  parallel_attn?: Maybe<boolean>;
  use_parallel_residual?: Maybe<boolean>;

  /** What it sees or hears: pixels of a side, of a patch; bands of sound; classes. */
  image_size?: Maybe<number>;
  patch_size?: Maybe<number>;
  num_mel_bins?: Maybe<number>;
  feat_extract_norm?: Maybe<string>;
  id2label?: Maybe<object>;
  num_labels?: Maybe<number>;

  /** How the released weights are stored; of experts, where they differ. */
  expert_dtype?: Maybe<string>;
  compression_config?: Maybe<object>;
  quantization_config?: Maybe<{
    quant_method?: Maybe<string>;
    bits?: Maybe<number>;
    /** Of compressed-tensors: the schemes by group of layers, and the layers without any. */
    config_groups?: Maybe<{
      [group: string]: {
        weights?: Maybe<{
          num_bits?: Maybe<number>;
          type?: Maybe<string>;
          group_size?: Maybe<number>;
          [key: string]: unknown;
        }>;
        [key: string]: unknown;
      };
    }>;
    ignore?: Maybe<string[]>;
    /** Of bitsandbytes, and of ModelOpt. */
    load_in_8bit?: Maybe<boolean>;
    load_in_4bit?: Maybe<boolean>;
    bnb_4bit_use_double_quant?: Maybe<boolean>;
    quant_algo?: Maybe<string>;
    [key: string]: unknown;
  }>;

  /** MPT and DBRX: attention and feed-forward part in objects of their own. */
  attn_config?: Maybe<{
    kv_n_heads?: Maybe<number>;
    attn_type?: Maybe<string>;
    alibi?: Maybe<boolean>;
    [key: string]: unknown;
  }>;
  ffn_config?: Maybe<{
    ffn_hidden_size?: Maybe<number>;
    moe_top_k?: Maybe<number>;
    [key: string]: unknown;
  }>;
  no_bias?: Maybe<boolean>;
  expansion_ratio?: Maybe<number>;
  max_seq_len?: Maybe<number>;

  /** Mamba, Jamba, Nemotron-H, RWKV: states, and which layers have them. */
  state_size?: Maybe<number>;
  conv_kernel?: Maybe<number>;
  expand?: Maybe<number>;
  time_step_rank?: Maybe<number | "auto">;
  n_groups?: Maybe<number>;
  attention_hidden_size?: Maybe<number>;
  hybrid_override_pattern?: Maybe<string>;
  mamba_num_heads?: Maybe<number>;
  mamba_head_dim?: Maybe<number>;
  ssm_state_size?: Maybe<number>;
  mamba_expand?: Maybe<number>;
  mamba_d_state?: Maybe<number>;
  mamba_d_conv?: Maybe<number>;
  mamba_dt_rank?: Maybe<number | "auto">;
  attn_layer_period?: Maybe<number>;
  attn_layer_offset?: Maybe<number>;
  expert_layer_period?: Maybe<number>;
  expert_layer_offset?: Maybe<number>;
  attn_layer_idx?: Maybe<number[]>;
  pad_vocab_size_multiple?: Maybe<number>;
  ssm_cfg?: Maybe<{
    layer?: Maybe<string>;
    d_state?: Maybe<number>;
    d_conv?: Maybe<number>;
    headdim?: Maybe<number>;
    ngroups?: Maybe<number>;
    dt_rank?: Maybe<number | "auto">;
    [key: string]: unknown;
  }>;

  /** Narrow embedding of ELECTRA and ALBERT, whose layers share weights by group; DeBERTa's positions. */
  embedding_size?: Maybe<number>;
  num_hidden_groups?: Maybe<number>;
  inner_group_num?: Maybe<number>;
  position_biased_input?: Maybe<boolean>;
  relative_attention?: Maybe<boolean>;
  share_att_key?: Maybe<boolean>;
  pos_att_type?: Maybe<string | string[]>;
  position_buckets?: Maybe<number>;
  max_relative_positions?: Maybe<number>;
  norm_rel_ebd?: Maybe<string>;

  /** Layers that see near tokens only, by their class: GPT-Neo, ModernBERT, Llama 4. */
  window_size?: Maybe<number>;
  local_attention?: Maybe<number>;
  global_attn_every_n_layers?: Maybe<number>;
  attention_chunk_size?: Maybe<number>;
  no_rope_layer_interval?: Maybe<number>;
  intermediate_size_mlp?: Maybe<number>;
  lm_head_bias?: Maybe<boolean>;

  [key: string]: unknown;
}
