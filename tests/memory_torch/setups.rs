//! Requests of the reference runs.

use crate::models::model;
use serde_json::Value;
use std::sync::Arc;
use whichcard::card::*;
use whichcard::request::*;
use whichcard::units::*;

/// The setup of a record.
pub fn setup(record: &Value) -> Setup {
    let text = |field: &str| record[field].as_str().unwrap_or_default();
    let kind = JobKind::from_name(&text("task").replace('_', "-")).unwrap();
    let sequence = record["seq_len"].as_u64().unwrap();
    let (sequence_length, target_length) = match text("arch") {
        "whisper" => (1500, record["target_len"].as_u64().unwrap_or(sequence)),
        // Seven convolutions with a stride of 320 samples in all.
        "wav2vec2" => ((sequence - 80) / 320, 1),
        _ => (sequence, record["target_len"].as_u64().unwrap_or(sequence)),
    };
    let (precision, fp32_adapters) = match text("dtype_policy") {
        "fp32" => (Precision::Fp32, true),
        "amp_bf16" | "lora_bf16_amp" | "lora_fp32_amp" => (Precision::Bf16Autocast, true),
        "lora_bf16_fp32adapters" => (Precision::Bf16Pure, true),
        "fp16" => (Precision::Fp16Pure, false),
        _ => (Precision::Bf16Pure, false),
    };
    let weights = match (text("dtype_policy"), record["double_quant"].as_bool(), text("weight_quant")) {
        (_, _, "nf4") => WeightFormat::Nf4,
        (_, Some(true), _) => WeightFormat::Nf4Double,
        _ if kind == JobKind::Qlora => WeightFormat::Nf4,
        ("fp32" | "lora_fp32_amp", _, _) => WeightFormat::Fp32,
        _ => WeightFormat::Bf16,
    };
    let (optimizer, optimizer_kernel) = match text("optimizer") {
        "adamw_foreach" => (Optimizer::Adamw, OptimizerKernel::Foreach),
        "adamw_8bit" => (Optimizer::Adamw8bit, OptimizerKernel::Fused),
        "sgd" => (Optimizer::Sgd, OptimizerKernel::Fused),
        "sgd_momentum" => (Optimizer::SgdMomentum, OptimizerKernel::Fused),
        "adafactor" => (Optimizer::Adafactor, OptimizerKernel::Fused),
        _ => (Optimizer::Adamw, OptimizerKernel::Fused),
    };
    let yes = |field: &str| record[field].as_bool().unwrap_or(false);
    let targets = match &record["lora_targets"] {
        Value::Array(names) => LoraTargets::Modules(names.iter().map(|name| name.as_str().unwrap().to_owned()).collect()),
        _ => LoraTargets::Set(LoraTargetSet::AllLinear),
    };
    let batch = record["micro_batch"].as_u64().unwrap();
    Setup {
        model: Arc::new(model(record)),
        job: Job {
            kind,
            sequence_length,
            target_length,
            padded: yes("padding_mask"),
            tokens: Tokens::new(1e6),
            global_batch: batch,
            prompt: sequence,
            output: 2,
            concurrency: batch,
        },
        recipe: Recipe {
            precision,
            optimizer,
            optimizer_kernel,
            micro_batch: batch,
            gradient_accumulation: if yes("grad_accumulation") { 2 } else { 1 },
            checkpointing: if yes("gradient_checkpointing") { Checkpointing::Full } else { Checkpointing::None },
            attention: if text("attn") == "eager" { AttentionKernel::Eager } else { AttentionKernel::Flash },
            loss: LossKernel::Standard,
            stack: Stack::Transformers,
            lora: Lora {
                rank: record["lora_rank"].as_u64().unwrap_or(16),
                targets,
                dropout: record["lora_dropout"].as_f64().unwrap_or(0.0),
                fp32_adapters,
                upcast: yes("kbit_prepare"),
            },
            weights,
            kv_cache: CacheFormat::Fp16,
            parallel: Parallel::default(),
            offload: Offload::None,
        },
        rig: Rig { card: Arc::new(card()), count: 1, link: LinkKind::Auto, reserved: Bytes::ZERO, power_limit: None },
        money: MoneyTerms {
            currency: Currency::default(),
            card_price: None,
            rent_per_hour: None,
            tariff_per_kwh: None,
            country: None,
            pue: 1.0,
        },
    }
}

fn card() -> Card {
    Card {
        id: "custom".to_owned(),
        name: "Hopper".to_owned(),
        brand: Brand::DataCenter,
        series: String::new(),
        form: Form::Sxm,
        generation: Generation::Hopper,
        chip: String::new(),
        compute_capability: (9, 0),
        sms: 132,
        cuda_cores: 16896,
        tensor_cores: 528,
        boost_hertz: 1.98e9,
        boost_min_hertz: None,
        vram: Bytes::gib(80.0),
        memory_type: String::new(),
        memory_bus_bits: 5120,
        bandwidth: BytesPerSecond::giga(3350.0),
        l2: Bytes::mib(50.0),
        peaks: Peaks::default(),
        tdp: Watts::new(700.0),
        tgp_range: None,
        psu: None,
        connectors: None,
        ecc: false,
        slots: None,
        pcie: Pcie { generation: 5, lanes: 16 },
        nvlink: None,
        launch_date: String::new(),
        prices: Vec::new(),
        restricted_in: Vec::new(),
    }
}
