//! Class defaults: what `transformers` assumes where a `config.json` is silent.

/// Sizes of a configuration class (transformers 4.57 and 5.23, `configuration_*.py`).
#[derive(Clone, Copy, Default)]
pub struct Defaults {
    /// `hidden_size`.
    pub hidden: u64,
    /// `num_hidden_layers`.
    pub layers: u64,
    /// `num_attention_heads`.
    pub heads: u64,
    /// `num_key_value_heads`; zero for one per query head.
    pub kv_heads: u64,
    /// `head_dim`; zero for `hidden_size / num_attention_heads`.
    pub head_dim: u64,
    /// `intermediate_size`; zero for four times the hidden size.
    pub ffn: u64,
    /// `vocab_size`.
    pub vocab: u64,
    /// `tie_word_embeddings`.
    pub tied: bool,
    /// `max_position_embeddings`.
    pub context: u64,
}

type Row = (&'static str, [u64; 7], bool, u64);

/// model_type, [hidden, layers, heads, kv heads, head size, ffn, vocabulary], tied, context.
const TABLE: [Row; 63] = [
    ("llama", [4096, 32, 32, 0, 0, 11008, 32000], false, 2048),
    ("mistral", [4096, 32, 32, 8, 0, 14336, 32000], false, 131_072),
    ("mixtral", [4096, 32, 32, 8, 0, 14336, 32000], false, 131_072),
    ("qwen2", [4096, 32, 32, 32, 0, 22016, 151_936], false, 32_768),
    ("qwen2_moe", [2048, 24, 16, 16, 0, 5632, 151_936], false, 32_768),
    ("qwen3", [4096, 32, 32, 32, 128, 22016, 151_936], false, 32_768),
    ("qwen3_moe", [2048, 24, 32, 4, 0, 6144, 151_936], false, 32_768),
    ("qwen3_next", [2048, 48, 16, 2, 256, 5632, 151_936], false, 32_768),
    ("qwen3_5", [4096, 32, 16, 4, 256, 12288, 248_320], false, 32_768),
    ("gemma", [3072, 28, 16, 16, 256, 24576, 256_000], true, 8192),
    ("gemma2", [2304, 26, 8, 4, 256, 9216, 256_000], true, 8192),
    ("qwen", [4096, 32, 32, 32, 0, 22016, 151_936], false, 32_768),
    ("gemma3", [2304, 26, 8, 4, 256, 9216, 262_208], true, 131_072),
    ("phi3", [3072, 32, 32, 0, 0, 8192, 32064], false, 4096),
    ("gpt2", [768, 12, 12, 0, 0, 0, 50257], true, 1024),
    ("gpt_neox", [6144, 44, 64, 0, 0, 24576, 50432], false, 2048),
    ("opt", [768, 12, 12, 0, 0, 3072, 50272], true, 2048),
    ("bloom", [64, 2, 8, 0, 0, 0, 250_880], true, 2048),
    ("falcon", [4544, 32, 71, 0, 0, 0, 65024], true, 2048),
    ("chatglm", [4096, 28, 32, 0, 128, 13696, 65024], false, 8192),
    ("glm", [4096, 40, 32, 2, 128, 13696, 151_552], false, 131_072),
    ("glm4", [4096, 40, 32, 2, 128, 13696, 151_552], false, 131_072),
    ("glm4_moe", [4096, 46, 96, 8, 128, 10944, 151_552], false, 131_072),
    ("bert", [768, 12, 12, 0, 0, 3072, 30522], true, 512),
    ("roberta", [768, 12, 12, 0, 0, 3072, 50265], true, 512),
    ("xlm-roberta", [768, 12, 12, 0, 0, 3072, 30522], true, 512),
    ("distilbert", [768, 6, 12, 0, 0, 3072, 30522], true, 512),
    ("t5", [512, 6, 8, 0, 64, 2048, 32128], true, 512),
    ("mt5", [512, 8, 6, 0, 64, 1024, 250_112], false, 1024),
    ("deepseek_v2", [4096, 32, 32, 0, 0, 11008, 32000], false, 2048),
    ("deepseek_v3", [7168, 61, 128, 128, 0, 18432, 129_280], false, 4096),
    ("gpt_oss", [2880, 36, 64, 8, 64, 2880, 201_088], false, 131_072),
    ("granite", [4096, 32, 32, 0, 0, 11008, 32000], false, 2048),
    ("olmo2", [4096, 32, 32, 0, 0, 11008, 50304], false, 2048),
    ("stablelm", [2560, 32, 32, 32, 0, 6912, 50304], false, 4096),
    ("starcoder2", [3072, 30, 24, 2, 0, 12288, 49152], true, 4096),
    ("internlm2", [4096, 32, 32, 0, 0, 11008, 103_168], false, 2048),
    ("internlm3", [4096, 48, 32, 2, 128, 10240, 128_512], false, 32_768),
    ("baichuan", [4096, 32, 32, 0, 0, 11008, 125_696], false, 4096),
    ("cohere", [8192, 40, 64, 0, 0, 22528, 256_000], true, 8192),
    ("gptj", [4096, 28, 16, 0, 0, 0, 50400], false, 2048),
    ("codegen", [4096, 28, 16, 0, 0, 0, 50400], false, 2048),
    ("gpt_neo", [2048, 24, 16, 0, 0, 0, 50257], true, 2048),
    ("gpt_bigcode", [768, 12, 12, 0, 0, 0, 50257], true, 1024),
    ("mpt", [2048, 24, 16, 0, 0, 0, 50368], true, 2048),
    ("dbrx", [2048, 24, 16, 1, 0, 0, 32000], false, 2048),
    ("jamba", [4096, 32, 32, 8, 0, 14336, 65536], false, 262_144),
    ("phi", [2048, 24, 32, 0, 0, 8192, 51200], false, 2048),
    ("phimoe", [4096, 32, 32, 8, 0, 6400, 32064], false, 131_072),
    ("olmo", [4096, 32, 32, 0, 0, 11008, 50304], false, 2048),
    ("olmoe", [2048, 16, 16, 0, 0, 2048, 50304], false, 4096),
    ("nemotron", [6144, 32, 48, 0, 0, 24576, 256_000], false, 4096),
    ("nemotron_h", [4096, 52, 32, 8, 128, 21504, 131_072], false, 4096),
    ("llama4", [5120, 48, 40, 8, 128, 8192, 202_048], false, 131_072),
    ("mllama", [4096, 40, 32, 8, 0, 14336, 128_256], false, 131_072),
    ("modernbert", [768, 22, 12, 0, 0, 1152, 50368], true, 8192),
    ("electra", [256, 12, 4, 0, 0, 1024, 30522], true, 512),
    ("albert", [4096, 12, 64, 0, 0, 16384, 30000], true, 512),
    ("deberta", [768, 12, 12, 0, 0, 3072, 50265], true, 512),
    ("deberta-v2", [1536, 24, 24, 0, 0, 6144, 128_100], true, 512),
    ("vit", [768, 12, 12, 0, 0, 3072, 0], false, 0),
    ("whisper", [384, 4, 6, 0, 0, 1536, 51865], true, 448),
    ("wav2vec2", [768, 12, 12, 0, 0, 3072, 32], false, 0),
];

/// The defaults of a class, if it is one of the known ones.
pub fn of(model_type: &str) -> Option<Defaults> {
    let (_, [hidden, layers, heads, kv_heads, head_dim, ffn, vocab], tied, context) =
        *TABLE.iter().find(|(name, ..)| *name == model_type)?;
    Some(Defaults { hidden, layers, heads, kv_heads, head_dim, ffn, vocab, tied, context })
}
