//! Setups written out by hand, so that these tests depend on no catalogue figure.

use std::sync::Arc;
use whichcard::card::{Brand, Card, Form, Generation, Pcie, Peaks};
use whichcard::model::*;
use whichcard::request::*;
use whichcard::units::{Bytes, BytesPerSecond, Currency, FlopsPerSecond, Tokens, Watts};

pub fn llama_8b() -> Model {
    let shape = serde_json::json!({"hidden": 4096, "layers": 32, "heads": 32, "kvHeads": 8, "ffn": 14336, "vocab": 128_256});
    facts::read(&shape).unwrap()
}

struct Facts {
    name: &'static str,
    generation: Generation,
    capability: (u8, u8),
    fp32: f64,
    tensor: Option<f64>,
    bandwidth: f64,
    vram: f64,
    tdp: f64,
    lanes: u8,
}

fn geforce(facts: &Facts) -> Card {
    let tera = FlopsPerSecond::tera;
    let tensor = facts.tensor.map(tera);
    Card {
        id: facts.name.into(),
        name: facts.name.into(),
        brand: Brand::Geforce,
        series: String::new(),
        form: Form::Desktop,
        generation: facts.generation,
        chip: String::new(),
        compute_capability: facts.capability,
        sms: 28,
        cuda_cores: 3584,
        tensor_cores: u32::from(facts.tensor.is_some()) * 96,
        boost_hertz: 1.6e9,
        boost_min_hertz: None,
        vram: Bytes::gib(facts.vram),
        memory_type: "GDDR6".into(),
        memory_bus_bits: 128,
        bandwidth: BytesPerSecond::giga(facts.bandwidth),
        l2: Bytes::mib(24.0),
        peaks: Peaks {
            fp32: Some(tera(facts.fp32)),
            fp16: Some(tera(facts.fp32 / 64.0)),
            tensor_fp16_acc16: tensor.map(|peak| peak * 2.0),
            tensor_fp16_acc32: tensor,
            tensor_bf16: tensor,
            tensor_tf32: tensor.map(|peak| peak * 0.5),
            ..Peaks::default()
        },
        tdp: Watts::new(facts.tdp),
        tgp_range: None,
        psu: None,
        connectors: None,
        ecc: false,
        slots: None,
        pcie: Pcie { generation: 4, lanes: facts.lanes },
        nvlink: None,
        launch_date: String::new(),
        prices: Vec::new(),
        restricted_in: Vec::new(),
        sold_only_in: None,
    }
}

pub fn rtx_3090() -> Card {
    let (name, generation, capability) = ("rtx-3090", Generation::Ampere, (8, 6));
    geforce(&Facts {
        name,
        generation,
        capability,
        fp32: 35.6,
        tensor: Some(71.2),
        bandwidth: 936.0,
        vram: 24.0,
        tdp: 350.0,
        lanes: 16,
    })
}

pub fn rtx_4090() -> Card {
    let (name, generation, capability) = ("rtx-4090", Generation::Ada, (8, 9));
    geforce(&Facts {
        name,
        generation,
        capability,
        fp32: 82.6,
        tensor: Some(165.2),
        bandwidth: 1008.0,
        vram: 24.0,
        tdp: 450.0,
        lanes: 16,
    })
}

pub fn rtx_4060() -> Card {
    let (name, generation, capability) = ("rtx-4060", Generation::Ada, (8, 9));
    geforce(&Facts {
        name,
        generation,
        capability,
        fp32: 15.1,
        tensor: Some(30.2),
        bandwidth: 272.0,
        vram: 8.0,
        tdp: 115.0,
        lanes: 8,
    })
}

pub fn gtx_1080_ti() -> Card {
    let (name, generation, capability) = ("gtx-1080-ti", Generation::Pascal, (6, 1));
    geforce(&Facts { name, generation, capability, fp32: 11.34, tensor: None, bandwidth: 484.0, vram: 11.0, tdp: 250.0, lanes: 16 })
}

pub fn setup(model: Model, card: Card, kind: JobKind) -> Setup {
    let nf4 = kind == JobKind::Qlora;
    Setup {
        model: Arc::new(model),
        job: Job {
            kind,
            sequence_length: 2048,
            target_length: 512,
            padded: false,
            tokens: Tokens::new(1e7),
            global_batch: 4,
            prompt: 1024,
            output: 256,
            concurrency: 1,
            beams: 1,
            all_logits: false,
        },
        recipe: Recipe {
            precision: if card.features().bf16 { Precision::Bf16Pure } else { Precision::Fp16Pure },
            optimizer: Optimizer::Adamw,
            optimizer_kernel: OptimizerKernel::Fused,
            micro_batch: 4,
            gradient_accumulation: 1,
            checkpointing: Checkpointing::Full,
            attention: if card.features().flash_attention { AttentionKernel::Flash } else { AttentionKernel::MemoryEfficient },
            loss: LossKernel::Standard,
            stack: Stack::Transformers,
            lora: Lora {
                rank: 16,
                targets: LoraTargets::Set(LoraTargetSet::AllLinear),
                dropout: 0.0,
                fp32_adapters: false,
                upcast: false,
                train_embeddings: false,
            },
            weights: if nf4 { WeightFormat::Nf4 } else { WeightFormat::Bf16 },
            kv_cache: CacheFormat::Fp16,
            vae_tiling: VaeTiling::None,
            parallel: Parallel::default(),
            offload: Offload::None,
        },
        rig: Rig::new(Arc::new(card), 1),
        money: MoneyTerms { currency: Currency::Usd, ..MoneyTerms::default() },
    }
}
