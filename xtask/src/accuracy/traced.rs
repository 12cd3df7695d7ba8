//! The shape of a traced run's model, from the configuration that its record states.

use super::record::Record;
use serde_json::{Map, Value, json};

/// Facts of [`docs/models.md`](../../../docs/models.md) by the name a configuration has for them.
const FACTS: [(&str, &str); 15] = [
    ("hidden", "hidden"),
    ("layers", "layers"),
    ("heads", "heads"),
    ("kvHeads", "kv_heads"),
    ("headDim", "head_dim"),
    ("vocab", "vocab"),
    ("ffn", "ffn"),
    ("tiedEmbeddings", "tied_embeddings"),
    ("experts", "num_local_experts"),
    ("activeExperts", "num_experts_per_tok"),
    ("slidingWindow", "sliding_window"),
    ("patch", "patch_size"),
    ("imageSide", "image_size"),
    ("decoderLayers", "decoder_layers"),
    ("decoderLayers", "num_decoder_layers"),
];

/// The `architecture` of a record, where its configuration is complete: what ran is that, whatever the catalogue has under the name
/// (transformers' own code for ChatGLM splits the projection that the original fuses).
pub fn architecture(record: &Record) -> Option<Value> {
    let config = record.value("config")?;
    let arch = record.text("arch");
    let mut facts = Map::new();
    facts.insert("name".to_owned(), json!(record.text("model")));
    facts.insert("paramsExact".to_owned(), record.value("params")?.clone());
    if let Some(network) = Convolutions::read(config) {
        network.describe(&mut facts);
        return Some(Value::Object(facts));
    }
    let (style, category) = kind(arch, record.text("family"));
    facts.insert("style".to_owned(), json!(style));
    facts.insert("category".to_owned(), json!(category));
    for (fact, key) in FACTS {
        if let Some(value) = config.get(key).filter(|value| !value.is_null()) {
            facts.insert(fact.to_owned(), value.clone());
        }
    }
    if facts.contains_key("experts")
        && let Some(ffn) = facts.remove("ffn")
    {
        facts.insert("expertFfn".to_owned(), ffn);
    }
    if matches!(style, "gpt2" | "opt" | "bert")
        && let Some(rows) = config.get("max_pos")
    {
        facts.insert("positionRows".to_owned(), rows.clone());
    }
    if style == "gemma" {
        // Every second layer sees everything; scores pass a tangent.
        facts.insert("fullEvery".to_owned(), json!(2));
        facts.insert("softCapped".to_owned(), json!(true));
    }
    if matches!(arch, "gpt2" | "phi3") {
        facts.insert("fusedQkv".to_owned(), json!(true));
    }
    if arch.starts_with("glm") || arch.starts_with("chatglm") {
        facts.insert("family".to_owned(), json!("GLM"));
    }
    facts.contains_key("hidden").then_some(Value::Object(facts))
}

/// Style and category of an implementation in transformers; what is not known by its name goes by what it reads and writes.
fn kind(arch: &str, family: &str) -> (&'static str, &'static str) {
    match arch {
        "gemma2" => ("gemma", "llm"),
        "gpt2" => ("gpt2", "llm"),
        "opt" => ("opt", "llm"),
        "gpt_neox" | "falcon" | "phi" => ("parallel-block", "llm"),
        "bert" | "roberta" => ("bert", "encoder"),
        "t5" => ("t5", "encoder-decoder"),
        "vit" => ("vit", "vision"),
        "whisper" => ("whisper", "speech-recognition"),
        "wav2vec2" => ("wav2vec2", "speech-recognition"),
        "mixtral" => ("llama", "llm-moe"),
        _ => match family {
            "encoder" => ("bert", "encoder"),
            "seq2seq" => ("t5", "encoder-decoder"),
            "vision" => ("vit", "vision"),
            "speech2text" => ("whisper", "speech-recognition"),
            "audio" => ("wav2vec2", "speech-recognition"),
            _ => ("llama", "llm"),
        },
    }
}

/// Tokens or frames of a pass and of what the decoder writes: Whisper always hears 30 seconds, and the stated length is what it
/// writes; wav2vec 2.0 has seven convolutions with a receptive field of 400 samples and a stride of 320 in all.
pub fn lengths(record: &Record) -> (f64, Option<f64>) {
    let stated = record.number("seq_len").unwrap_or(1.0);
    match record.text("arch") {
        "whisper" => (record.value("config").and_then(|config| config["max_pos"].as_f64()).unwrap_or(1500.0), Some(stated)),
        "wav2vec2" => (((stated - 400.0) / 320.0).floor() + 1.0, None),
        _ => (stated, record.number("target_len")),
    }
}

/// A residual network (arXiv 1512.03385) in four stages, at 224 pixels.
struct Convolutions {
    depths: Vec<f64>,
    widths: Vec<f64>,
    classes: f64,
}

/// What convolutions add up to.
#[derive(Default)]
struct Counts {
    /// Multiply-adds.
    macs: f64,
    /// Values kept for the backward pass.
    kept: f64,
    /// Layers with weights.
    layers: f64,
}

impl Counts {
    /// A convolution with its norm and activation: the norm keeps its input, the next layer the activation's output. A norm before
    /// the sum of a block has no activation of its own.
    fn convolution(&mut self, kernel: f64, input: f64, output: f64, side: f64, activated: bool) {
        self.macs += kernel * kernel * input * output * side * side;
        self.kept += output * side * side * if activated { 2.0 } else { 1.0 };
        self.layers += 1.0;
    }
}

impl Convolutions {
    fn read(config: &Value) -> Option<Self> {
        let numbers = |key: &str| config.get(key)?.as_array()?.iter().map(Value::as_f64).collect::<Option<Vec<_>>>();
        let (depths, widths) = (numbers("depths")?, numbers("hidden_sizes")?);
        Some(Self { depths, widths, classes: config.get("num_labels").and_then(Value::as_f64).unwrap_or(1000.0) })
    }

    /// Blocks are bottlenecks where the last stage is wide.
    fn bottlenecks(&self) -> bool {
        self.widths.last().is_some_and(|width| *width > 512.0)
    }

    fn count(&self) -> (Counts, f64) {
        let mut all = Counts::default();
        all.convolution(7.0, 3.0, 64.0, 112.0, true);
        let pooled = 64.0 * 56.0 * 56.0;
        all.kept += pooled;
        let (mut input, mut side) = (64.0, 56.0);
        for (stage, (depth, width)) in self.depths.iter().zip(&self.widths).enumerate() {
            for block in 0..*depth as u64 {
                let before = side;
                if block == 0 && stage > 0 {
                    side /= 2.0;
                }
                if self.bottlenecks() {
                    let inner = width / 4.0;
                    all.convolution(1.0, input, inner, before, true);
                    all.convolution(3.0, inner, inner, side, true);
                    all.convolution(1.0, inner, *width, side, true);
                } else {
                    all.convolution(3.0, input, *width, side, true);
                    all.convolution(3.0, *width, *width, side, true);
                }
                if input != *width || before != side {
                    all.convolution(1.0, input, *width, side, false);
                }
                input = *width;
            }
        }
        all.macs += input * self.classes;
        all.kept += input + self.classes;
        (all, pooled)
    }

    fn describe(&self, facts: &mut Map<String, Value>) {
        let (all, pooled) = self.count();
        for (fact, value) in [
            ("category", json!("vision")),
            ("imageSide", json!(224)),
            ("layers", json!(all.layers as u64)),
            ("forwardGmacs", json!(all.macs / 1e9)),
            ("activationMvalues", json!(all.kept / 1e6)),
            ("maxPooledMvalues", json!(pooled / 1e6)),
        ] {
            facts.insert(fact.to_owned(), value);
        }
    }
}
