//! Trainings as the programs are told of them.

use super::plans::*;
use serde_json::{Value, json};
use whichcard::export::{Format, formats};
use whichcard::request::Keyword;

#[test]
fn trl_command_of_a_qlora() {
    let words = command(&file(&qlora_8b(), Format::Trl).text);
    assert_eq!(words[..2], ["trl", "sft"]);
    for (name, value) in [
        ("--model_name_or_path", "$MODEL"),
        ("--dtype", "bfloat16"),
        ("--bf16", "True"),
        ("--attn_implementation", "flash_attention_2"),
        ("--per_device_train_batch_size", "2"),
        ("--gradient_accumulation_steps", "8"),
        ("--max_steps", "100"),
        ("--optim", "paged_adamw_8bit"),
        ("--gradient_checkpointing", "True"),
        ("--max_length", "2048"),
        ("--packing", "True"),
        ("--lora_r", "32"),
        ("--lora_dropout", "0.05"),
        ("--lora_target_modules", "all-linear"),
        ("--bnb_4bit_quant_type", "nf4"),
        ("--use_bnb_nested_quant", "True"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}");
    }
    assert!(words.contains(&"--load_in_4bit".to_owned()));
    assert_eq!(option(&words, "--accelerate_config"), None);
    // Its one way of computing the loss has no other name.
    assert_eq!(option(&words, "--loss_type"), None);
}

#[test]
fn embeddings_are_trained_beside_adapters_by_the_name_of_each_program() {
    let plan = plan(json!({
        "model": "llama-3.1-8b",
        "job": { "kind": "lora" },
        "recipe": { "lora": { "trainEmbeddings": true } },
        "rig": { "card": "h100-sxm" }
    }));
    let words = command(&file(&plan, Format::Trl).text);
    let at = words.iter().position(|word| word == "--lora_modules_to_save").unwrap();
    assert_eq!(words[at + 1..=at + 2], ["embed_tokens", "lm_head"]);
    assert_eq!(yaml(&file(&plan, Format::Axolotl).text)["lora_modules_to_save"], json!(["embed_tokens", "lm_head"]));
    assert_eq!(yaml(&file(&plan, Format::LlamaFactory).text)["additional_target"], json!("embed_tokens,lm_head"));
    for format in [Format::Peft, Format::Unsloth] {
        let text = file(&plan, format).text;
        assert!(text.contains("modules_to_save=[\"embed_tokens\", \"lm_head\"],"), "{text}");
        assert!(format == Format::Unsloth || !text.contains("BitsAndBytesConfig"), "nothing is quantised: {text}");
    }
}

#[test]
fn trl_command_of_a_lora_with_padding() {
    let words = command(&file(&lora_3090(), Format::Trl).text);
    assert_eq!(option(&words, "--attn_implementation"), Some("sdpa"));
    assert_eq!(option(&words, "--optim"), Some("lion_32bit"));
    assert_eq!(option(&words, "--packing"), Some("False"));
    assert_eq!(option(&words, "--gradient_checkpointing"), Some("False"));
    let at = words.iter().position(|word| word == "--lora_target_modules").unwrap();
    assert_eq!(words[at + 1..=at + 2], ["q_proj", "v_proj"]);
    assert!(!words.contains(&"--load_in_4bit".to_owned()));
}

#[test]
fn python_snippets_of_a_qlora() {
    let peft = python(&file(&qlora_8b(), Format::Peft).text);
    let statement = |head: &str, of: &[String]| of.iter().find(|text| text.starts_with(head)).cloned().unwrap_or_default();
    let model = statement("model = AutoModelForCausalLM.from_pretrained(", &peft);
    for part in
        ["MODEL,", "dtype=torch.bfloat16,", "load_in_4bit=True,", "bnb_4bit_quant_type=\"nf4\",", "bnb_4bit_use_double_quant=True,"]
    {
        assert!(model.contains(part), "{part} in {model}");
    }
    let adapters = statement("model = get_peft_model(", &peft);
    for part in ["r=32,", "lora_alpha=64,", "lora_dropout=0.05,", "target_modules=\"all-linear\",", "task_type=\"CAUSAL_LM\","] {
        assert!(adapters.contains(part), "{part} in {adapters}");
    }
    let trainer = statement("trainer = SFTTrainer(", &peft);
    for part in
        ["optim=\"paged_adamw_8bit\",", "gradient_accumulation_steps=8,", "max_length=2048,", "bf16=True,", "learning_rate=0.0002,"]
    {
        assert!(trainer.contains(part), "{part} in {trainer}");
    }
    let unsloth = python(&file(&qlora_8b(), Format::Unsloth).text);
    let model = statement("model, tokenizer = FastLanguageModel.from_pretrained(", &unsloth);
    assert!(model.contains("max_seq_length=2048,") && model.contains("load_in_4bit=True,"), "{model}");
    assert!(statement("model = FastLanguageModel.get_peft_model(", &unsloth).contains("r=32,"));
}

#[test]
fn yaml_of_a_qlora() {
    let factory = yaml(&file(&qlora_8b(), Format::LlamaFactory).text);
    for (key, value) in [
        ("stage", json!("sft")),
        ("finetuning_type", json!("lora")),
        ("quantization_bit", json!(4)),
        ("double_quantization", json!(true)),
        ("lora_rank", json!(32)),
        ("lora_target", json!("all")),
        ("cutoff_len", json!(2048)),
        ("packing", json!(true)),
        ("per_device_train_batch_size", json!(2)),
        ("gradient_accumulation_steps", json!(8)),
        ("optim", json!("paged_adamw_8bit")),
        ("bf16", json!(true)),
        ("flash_attn", json!("fa2")),
        ("disable_gradient_checkpointing", json!(false)),
    ] {
        assert_eq!(factory[key], value, "{key}");
    }
    let axolotl = yaml(&file(&qlora_8b(), Format::Axolotl).text);
    for (key, value) in [
        ("adapter", json!("qlora")),
        ("load_in_4bit", json!(true)),
        ("lora_r", json!(32)),
        ("lora_dropout", json!(0.05)),
        ("lora_target_linear", json!(true)),
        ("sequence_len", json!(2048)),
        ("sample_packing", json!(true)),
        ("micro_batch_size", json!(2)),
        ("gradient_accumulation_steps", json!(8)),
        ("optimizer", json!("paged_adamw_8bit")),
        ("learning_rate", json!(0.0002)),
        ("bf16", json!(true)),
        ("gradient_checkpointing", json!(true)),
        ("attn_implementation", json!("flash_attention_2")),
    ] {
        assert_eq!(axolotl[key], value, "{key}");
    }
    assert_eq!(axolotl["bnb_config_kwargs"]["bnb_4bit_use_double_quant"], json!(true));
    assert!(axolotl["datasets"][0]["path"].is_string());
}

#[test]
fn torchtune_overrides_a_shipped_configuration() {
    let words = command(&file(&qlora_8b(), Format::Torchtune).text);
    assert_eq!(words[..5], ["tune", "run", "lora_finetune_single_device", "--config", "llama3_1/8B_qlora_single_device"]);
    for word in [
        "batch_size=2",
        "gradient_accumulation_steps=8",
        "dtype=bf16",
        "model.lora_rank=32",
        "optimizer=bitsandbytes.optim.PagedAdamW8bit",
    ] {
        assert!(words.contains(&word.to_owned()), "{word} in {words:?}");
    }
    assert!(words.contains(&"model.lora_attn_modules=[q_proj, k_proj, v_proj, output_proj]".to_owned()), "{words:?}");
    // The shipped configuration asks for a fused optimizer, which the one of bitsandbytes is not.
    assert!(words.contains(&"~optimizer.fused".to_owned()), "{words:?}");
    let words = command(&file(&full_7b(), Format::Torchtune).text);
    assert_eq!(words[2..7], ["--nproc_per_node", "8", "full_finetune_distributed", "--config", "llama2/7B_full"]);
    assert!(words.contains(&"fsdp_reshard_after_forward=True".to_owned()));
}

#[test]
fn megatron_cuts_a_model_over_a_server() {
    let plan = plan(json!({
        "model": "llama-3.1-8b",
        "job": { "kind": "pretrain", "sequenceLength": 4096, "globalBatch": 128 },
        "recipe": {
            "stack": "megatron", "precision": "bf16-master", "microBatch": 2, "checkpointing": "selective",
            "parallel": { "sharding": "zero1", "tensor": 2, "pipeline": 2 }
        },
        "rig": { "card": "h100-sxm", "count": 16 }
    }));
    assert_eq!(formats(&plan.0).first().map(|format| format.name()), Some("megatron"));
    let words = command(&file(&plan, Format::Megatron).text);
    assert_eq!(words[..7], ["torchrun", "--nnodes", "2", "--nproc_per_node", "8", "--node_rank", "$NODE_RANK"]);
    for (name, value) in [
        ("--num-layers", "32"),
        ("--hidden-size", "4096"),
        ("--ffn-hidden-size", "14336"),
        ("--num-query-groups", "8"),
        ("--micro-batch-size", "2"),
        ("--global-batch-size", "128"),
        ("--seq-length", "4096"),
        ("--tensor-model-parallel-size", "2"),
        ("--pipeline-model-parallel-size", "2"),
        ("--recompute-granularity", "selective"),
        ("--tokenizer-model", "$TOKENIZER"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}");
    }
    assert!(file(&plan, Format::Megatron).text.contains("\nCUDA_DEVICE_MAX_CONNECTIONS=1 torchrun "));
    for bare in ["--bf16", "--swiglu", "--sequence-parallel", "--use-distributed-optimizer", "--group-query-attention"] {
        assert!(words.iter().any(|word| word == bare), "{bare}");
    }
    assert!(!Format::Megatron.applies(&qlora_8b().0), "it trains all weights");
}

#[test]
fn megatron_is_told_of_experts() {
    let plan = |model: &str, parallel: Value| {
        plan(json!({
            "model": model,
            "job": { "kind": "pretrain", "sequenceLength": 4096, "globalBatch": 2048 },
            "recipe": { "stack": "megatron", "precision": "bf16-master", "microBatch": 1, "parallel": parallel },
            "rig": { "card": "h100-sxm", "count": 16 }
        }))
    };
    let qwen = plan("qwen3-30b-a3b", json!({ "sharding": "zero1", "tensor": 2, "pipeline": 8 }));
    assert_eq!(formats(&qwen.0).first(), Some(&Format::Megatron));
    let words = command(&file(&qwen, Format::Megatron).text);
    for (name, value) in [
        ("--num-layers", "48"),
        ("--num-experts", "128"),
        ("--moe-router-topk", "8"),
        ("--moe-ffn-hidden-size", "768"),
        ("--moe-token-dispatcher-type", "alltoall"),
        ("--global-batch-size", "2048"),
        ("--tensor-model-parallel-size", "2"),
        ("--pipeline-model-parallel-size", "8"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}");
    }
    for bare in ["--moe-grouped-gemm", "--sequence-parallel", "--swiglu"] {
        assert!(words.iter().any(|word| word == bare), "{bare}");
    }
    assert_eq!(option(&words, "--moe-layer-freq"), None);
    assert_eq!(option(&words, "--expert-model-parallel-size"), None);
    // The first layer of GLM-4.5-Air is dense, and every token passes a shared expert.
    let glm = plan("glm-4.5-air", json!({ "sharding": "zero1", "tensor": 4, "expert": 16 }));
    let words = command(&file(&glm, Format::Megatron).text);
    for (name, value) in [
        ("--num-layers", "46"),
        ("--ffn-hidden-size", "10944"),
        ("--moe-layer-freq", "([0]*1+[1]*45)"),
        ("--moe-shared-expert-intermediate-size", "1408"),
        ("--expert-model-parallel-size", "16"),
        ("--expert-tensor-parallel-size", "1"),
    ] {
        assert_eq!(option(&words, name), Some(value), "{name}");
    }
    // Latent attention has arguments of its own.
    assert!(!Format::Megatron.applies(&plan("deepseek-v3", json!({ "sharding": "zero1" })).0));
}

#[test]
fn unsloth_keeps_fp32_weights_where_the_plan_does() {
    let model = |precision: &str| {
        let text = file(&tuned("llama-3.2-1b", json!({ "precision": precision }), 1), Format::Unsloth).text;
        python(&text).into_iter().find(|line| line.starts_with("model, tokenizer = ")).unwrap_or_default()
    };
    let autocast = model("bf16-autocast");
    assert!(autocast.contains("dtype=torch.bfloat16,") && autocast.contains("float32_mixed_precision=True,"), "{autocast}");
    let pure = model("bf16-pure");
    assert!(pure.contains("dtype=torch.bfloat16,") && pure.contains("float32_mixed_precision=False,"), "{pure}");
    assert!(model("fp32").contains("dtype=torch.float32,"));
}

#[test]
fn megatron_shards_weights_too() {
    let plan = tuned("llama-2-7b", json!({ "precision": "bf16-master", "parallel": { "sharding": "zero3" } }), 8);
    let words = command(&file(&plan, Format::Megatron).text);
    assert!(words.iter().any(|word| word == "--use-megatron-fsdp"));
    assert_eq!(option(&words, "--data-parallel-sharding-strategy"), Some("optim_grads_params"));
    assert!(!says(&plan, Format::Megatron, "Sharding: ZeRO-3"));
    let muon = tuned("llama-3.2-1b", json!({ "optimizer": "muon", "parallel": { "sharding": "zero3" } }), 8);
    let words = command(&file(&muon, Format::Megatron).text);
    assert_eq!(option(&words, "--optimizer"), Some("muon"));
    assert!(!words.iter().any(|word| word == "--use-megatron-fsdp"), "it takes Adam and SGD");
    assert!(says(&muon, Format::Megatron, "Sharding: ZeRO-3"));
}

/// The command takes a list of one name for a pattern, which has to match all of a module's name.
#[test]
fn a_single_layer_is_a_pattern_in_trls_command() {
    let tuned = |model: &str, lora: Value| {
        let plan =
            plan(json!({ "model": model, "job": { "kind": "lora" }, "recipe": { "lora": lora }, "rig": { "card": "rtx-3090" } }));
        let trl = option(&command(&file(&plan, Format::Trl).text), "--lora_target_modules").map(str::to_owned);
        (trl, file(&plan, Format::Peft).text)
    };
    let (trl, peft) = tuned("gpt2", json!({ "targets": "attention-qv" }));
    assert_eq!(trl.as_deref(), Some(r".*\.c_attn"));
    assert!(peft.contains("target_modules=[\"c_attn\"],"), "{peft}");
    assert_eq!(tuned("llama-3.2-1b", json!({ "targets": ["q_proj"] })).0.as_deref(), Some(r".*\.q_proj"));
    assert_eq!(tuned("llama-3.2-1b", json!({ "targets": "attention-qv" })).0.as_deref(), Some("q_proj"));
}

#[test]
fn scripts_say_how_they_are_started() {
    assert!(says(&qlora_8b(), Format::Peft, "Run: python train-peft.py"));
    let two = plan(json!({ "model": "llama-3.1-8b", "job": { "kind": "lora" }, "rig": { "card": "rtx-3090", "count": 2 } }));
    for (format, script) in [(Format::Peft, "train-peft.py"), (Format::Unsloth, "train-unsloth.py")] {
        assert!(says(&two, format, &format!("accelerate launch --config_file accelerate.yaml {script}")), "{format:?}");
    }
}

#[test]
fn inputs_of_blocks_wait_in_main_memory_by_the_name_of_each_program() {
    let plan = tuned("llama-3.1-8b", json!({ "checkpointing": "host" }), 1);
    for (format, line) in [
        (Format::Unsloth, "use_gradient_checkpointing=\"unsloth\""),
        (Format::Trl, "--activation_offloading True"),
        (Format::Axolotl, "activation_offloading: true"),
        (Format::LlamaFactory, "use_unsloth_gc: true"),
    ] {
        assert!(file(&plan, format).text.contains(line), "{format:?}: {}", file(&plan, format).text);
    }
}

/// bitsandbytes passes over experts, which are one tensor since transformers 5: only what quantises them itself gets a file.
#[test]
fn quantised_experts() {
    let tuned = |model: &str, kind: &str, weights: &str| {
        plan(json!({ "model": model, "job": { "kind": kind }, "recipe": { "weights": weights }, "rig": { "card": "rtx-4090" } }))
    };
    let qlora = tuned("qwen3-30b-a3b", "qlora", "nf4");
    let others = [Format::Trl, Format::Peft, Format::LlamaFactory];
    assert!(others.iter().all(|format| !format.applies(&qlora.0)));
    let axolotl = yaml(&file(&qlora, Format::Axolotl).text);
    assert_eq!(axolotl["load_in_4bit"], json!(true));
    assert_eq!(axolotl["quantize_moe_experts"], json!(true));
    // Axolotl refuses the two together.
    assert!(axolotl["lora_target_linear"].is_null());
    assert_eq!(axolotl["lora_target_modules"], json!(["q_proj", "k_proj", "v_proj", "o_proj"]));
    // The plan has no adapters on experts, which Unsloth takes the names of their projections for.
    let unsloth = file(&qlora, Format::Unsloth).text;
    assert!(unsloth.contains("\"o_proj\"") && !unsloth.contains("\"down_proj\""), "{unsloth}");

    let int8 = tuned("qwen3-30b-a3b", "lora", "int8");
    assert_eq!(yaml(&file(&int8, Format::Axolotl).text)["quantize_moe_experts"], json!(true));
    assert!(!Format::Unsloth.applies(&int8.0));

    for plain in [tuned("qwen3-30b-a3b", "lora", "bf16"), tuned("llama-3.1-8b", "qlora", "nf4")] {
        assert!(others.iter().all(|format| format.applies(&plain.0)));
        assert!(yaml(&file(&plain, Format::Axolotl).text)["quantize_moe_experts"].is_null());
    }
}

/// TRL takes the processor of a model that sees by itself, and then packs no texts; so the script hands it the tokenizer.
#[test]
fn a_model_that_sees_is_loaded_by_its_own_class() {
    let of = |padded: bool| {
        plan(json!({ "model": "qwen2.5-vl-7b", "job": { "kind": "lora", "padded": padded }, "rig": { "card": "rtx-4090" } }))
    };
    for (padded, reader) in [(false, "AutoTokenizer"), (true, "AutoProcessor")] {
        let script = file(&of(padded), Format::Peft).text;
        assert!(script.contains("model = AutoModelForImageTextToText.from_pretrained("), "{script}");
        assert!(script.contains(&format!("processing_class={reader}.from_pretrained(MODEL),")), "{script}");
        assert!(script.contains(&format!("from transformers import AutoModelForImageTextToText, {reader}")), "{script}");
        assert!(!script.contains("AutoModelForCausalLM"), "{script}");
        assert!(!file(&of(padded), Format::Trl).text.contains("--packing True"));
    }
}

/// The plan has no adapters on what sees, which PEFT's name for every linear layer takes too.
#[test]
fn towers_carry_no_adapters() {
    let plan = plan(json!({ "model": "qwen3-vl-8b", "job": { "kind": "qlora" }, "rig": { "card": "rtx-4090" } }));
    let pattern = r".*language_model.*_proj(_\w+)?";
    assert_eq!(option(&command(&file(&plan, Format::Trl).text), "--lora_target_modules"), Some(pattern));
    assert_eq!(yaml(&file(&plan, Format::Axolotl).text)["lora_target_modules"], json!(pattern));
    let peft = file(&plan, Format::Peft).text;
    assert!(peft.contains("language_model") && !peft.contains("all-linear"), "{peft}");
}

/// The stages of a layout as Megatron-LM reads one (`PipelineParallelLayerLayout.parse_str_to_list`): what each holds, letter by letter.
fn stages_of(layout: &str) -> Vec<String> {
    let unrolled = |stage: &str| {
        let (mut held, mut letters) = (String::new(), stage.chars().peekable());
        while let Some(letter) = letters.next() {
            let mut times = String::new();
            if letters.next_if_eq(&'*').is_some() {
                while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                    times.push(digit);
                }
            }
            held.extend(std::iter::repeat_n(letter, times.parse().unwrap_or(1)));
        }
        held
    };
    layout.split('|').map(unrolled).collect()
}

/// Megatron-LM refuses layers that do not divide by the stages unless it is told what each stage holds.
#[test]
fn megatron_is_told_of_uneven_stages() {
    let layout = |model: &str, stages: u32| {
        let plan = plan(json!({
            "model": model,
            "job": { "kind": "pretrain", "sequenceLength": 4096, "globalBatch": 512 },
            "recipe": {
                "stack": "megatron", "precision": "bf16-master", "microBatch": 1,
                "parallel": { "sharding": "zero1", "tensor": 1, "pipeline": stages }
            },
            "rig": { "card": "h100-sxm", "count": 32 }
        }));
        let words = command(&file(&plan, Format::Megatron).text);
        let layers = option(&words, "--num-layers").and_then(|layers| layers.parse::<usize>().ok()).unwrap_or(0);
        (layers, option(&words, "--pipeline-model-parallel-layout").map(stages_of))
    };
    let mut seen = 0;
    for model in ["glm-4.5-air", "qwen2.5-7b", "llama-3.1-405b", "llama-3.1-8b", "qwen3-4b", "gpt2"] {
        for stages in [2, 4, 8, 16] {
            let (layers, told) = layout(model, stages);
            let count = usize::try_from(stages).unwrap();
            assert_eq!(told.is_some(), !layers.is_multiple_of(count) && layers >= count, "{model} in {stages}");
            let Some(told) = told else { continue };
            seen += 1;
            let held = |stage: &String| stage.matches('t').count();
            assert_eq!((told.len(), told.iter().map(held).sum::<usize>()), (count, layers), "{model} in {stages}: {told:?}");
            // What memory and time are counted for.
            assert_eq!(told.iter().map(held).max(), Some(layers.div_ceil(count)), "{model} in {stages}: {told:?}");
            assert_eq!(told.iter().map(held).min(), Some(layers / count), "{model} in {stages}: {told:?}");
            assert!(told.concat().starts_with('E') && told.concat().ends_with('L'), "{told:?}");
            assert_eq!(told.concat().matches(['E', 'L']).count(), 2, "{told:?}");
            assert_eq!(told.last().map(held), Some(layers / count), "the loss is work, too: {told:?}");
        }
    }
    assert!(seen >= 6, "{seen}");
}
