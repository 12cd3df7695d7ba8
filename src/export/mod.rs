//! The plan as working configuration for the programs people run.
//!
//! Every file names each choice of the recipe, or says why the program has no place for it: a [`sheet::Sheet`] keeps count of what
//! has been written, so nothing is lost in silence. `docs/export.md` says which version of each project the names were read in.

mod accelerate;
mod as_run;
mod axolotl;
mod data;
mod deepspeed;
mod diffusers;
mod diffusers_lora;
mod in_backward;
mod left_out;
mod llama_cpp;
mod llama_factory;
mod machines;
mod megatron;
mod ollama;
mod peft;
pub mod picture;
mod quote;
mod replicas;
mod report;
mod saving;
mod sheet;
pub mod snippet;
mod software;
mod spelled;
mod stored;
mod table;
mod targets;
mod terms;
mod torchtune;
mod torchtune_configs;
mod trainer;
mod transformers;
mod trl;
mod unsloth;
mod vision;
mod vllm;

pub use left_out::{Lack, left_out};
pub use report::report;
pub use software::{recipe, runs_instead};
pub use spelled::spelled_out;
pub use table::{TableForm, table};

use crate::estimate::{Estimate, Verdict};
use crate::model::Network;
use crate::request::{Setup, Stack, WeightFormat, keyword};
use crate::text::{Lang, say};
use crate::wording::choice;
use sheet::Sheet;

keyword!(
    /// A file the plan can be taken away in.
    Format {
        /// `trl sft`, the command line of Hugging Face TRL over the transformers Trainer.
        Trl = "trl",
        /// Python with PEFT, bitsandbytes and TRL's trainer.
        Peft = "peft",
        /// LLaMA-Factory.
        LlamaFactory = "llama-factory",
        /// Axolotl.
        Axolotl = "axolotl",
        /// Unsloth.
        Unsloth = "unsloth",
        /// torchtune: a recipe with overrides.
        Torchtune = "torchtune",
        /// Megatron-LM.
        Megatron = "megatron",
        /// DeepSpeed.
        Deepspeed = "deepspeed",
        /// Hugging Face Accelerate: how several cards share.
        Accelerate = "accelerate",
        /// llama.cpp's server.
        LlamaCpp = "llama.cpp",
        /// vLLM's server.
        Vllm = "vllm",
        /// Ollama.
        Ollama = "ollama",
        /// Python with the Trainer of transformers, for models that are no decoders of text.
        Transformers = "transformers",
        /// Python with the speech pipeline of transformers.
        Transcribe = "transcribe",
        /// Python with faster-whisper.
        FasterWhisper = "faster-whisper",
        /// Python with Diffusers.
        Diffusers = "diffusers",
        /// The scripts of Diffusers that train adapters.
        DiffusersLora = "diffusers-lora",
        /// timm's training script.
        Timm = "timm",
        /// Ultralytics.
        Ultralytics = "ultralytics",
        /// A report for people.
        Markdown = "markdown",
        /// Request and answer as a table of one row, to be put under others.
        Csv = "csv",
        /// Request and answer.
        Json = "json",
    }
);

/// A finished file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Name to save it under.
    pub file_name: &'static str,
    /// Language for highlighting.
    pub language: &'static str,
    /// What is in it.
    pub text: String,
    /// What a reader should know; repeated as comments in the file where it can hold comments.
    pub notes: Vec<String>,
}

impl Export {
    /// Media type to save it as.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        match self.language {
            "bash" => "application/x-sh",
            "python" => "text/x-python",
            "yaml" => "application/yaml",
            "json" => "application/json",
            "markdown" => "text/markdown",
            "csv" => "text/csv",
            _ => "text/plain",
        }
    }
}

impl Format {
    /// Name of the file; TRL's is another where the plan needs a script ([`Export::file_name`]).
    const fn file_name(self) -> &'static str {
        match self {
            Self::Trl => "train-trl.sh",
            Self::Peft => "train-peft.py",
            Self::LlamaFactory => "llama-factory.yaml",
            Self::Axolotl => "axolotl.yaml",
            Self::Unsloth => "train-unsloth.py",
            Self::Torchtune => "train-torchtune.sh",
            Self::Megatron => "train-megatron.sh",
            Self::Deepspeed => "deepspeed.json",
            Self::Accelerate => "accelerate.yaml",
            Self::LlamaCpp => "serve-llama-cpp.sh",
            Self::Vllm => "serve-vllm.sh",
            Self::Ollama => "Modelfile",
            Self::Transformers => "train-transformers.py",
            Self::Transcribe => "transcribe.py",
            Self::FasterWhisper => "transcribe-faster-whisper.py",
            Self::Diffusers => "generate-diffusers.py",
            Self::DiffusersLora => "train-diffusers.sh",
            Self::Timm => "train-timm.sh",
            Self::Ultralytics => "yolo.sh",
            Self::Markdown => "plan.md",
            Self::Csv => "plan.csv",
            Self::Json => "plan.json",
        }
    }

    /// Language of that file.
    const fn language(self) -> &'static str {
        match self {
            Self::DiffusersLora
            | Self::Trl
            | Self::Torchtune
            | Self::Megatron
            | Self::LlamaCpp
            | Self::Vllm
            | Self::Timm
            | Self::Ultralytics => "bash",
            Self::Peft | Self::Unsloth | Self::Transformers | Self::Transcribe | Self::FasterWhisper | Self::Diffusers => "python",
            Self::LlamaFactory | Self::Axolotl | Self::Accelerate => "yaml",
            Self::Deepspeed | Self::Json => "json",
            Self::Ollama => "dockerfile",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
        }
    }

    /// The program, with the version whose documentation the names were read in; `None` for plain reports.
    #[must_use]
    pub const fn program(self) -> Option<&'static str> {
        match self {
            Self::Trl => Some("TRL 1.16.0"),
            Self::Peft => Some("PEFT 0.21.2 + TRL 1.16.0"),
            Self::LlamaFactory => Some("LLaMA-Factory 0.9.5"),
            Self::Axolotl => Some("Axolotl 0.19.0"),
            Self::Unsloth => Some("Unsloth 2026.10.9"),
            Self::Torchtune => Some("torchtune 0.7.0 (bd2a0fc)"),
            Self::Megatron => Some("Megatron-LM (d98e8a6)"),
            Self::Deepspeed => Some("DeepSpeed 0.19.8"),
            Self::Accelerate => Some("Accelerate 1.15.0"),
            Self::LlamaCpp => Some("llama.cpp 0.5.0"),
            Self::Vllm => Some("vLLM 0.33.0"),
            Self::Ollama => Some("Ollama (fb30760)"),
            Self::Transformers | Self::Transcribe => Some("transformers 5.24.0"),
            Self::FasterWhisper => Some("faster-whisper 1.2.1"),
            Self::Diffusers => Some("Diffusers 0.42.1"),
            Self::DiffusersLora => Some("Diffusers (58eb52c)"),
            Self::Timm => Some("timm (aa4b585)"),
            Self::Ultralytics => Some("Ultralytics 8.4.190"),
            Self::Markdown | Self::Csv | Self::Json => None,
        }
    }

    /// Whether the file makes sense for this plan, and what it runs has room on the cards if the plan has.
    #[must_use]
    pub fn applies(self, setup: &Setup) -> bool {
        self.suits(setup) && self.own_lack(setup).is_none() && (!self.is_beside_others() || trained_by_others(setup))
    }

    /// Whether it says how cards share a training that others do.
    const fn is_beside_others(self) -> bool {
        matches!(self, Self::Deepspeed | Self::Accelerate)
    }

    /// Whether the program does such a job, with settings for the plan.
    fn suits(self, setup: &Setup) -> bool {
        let kind = setup.job.kind;
        let language_model = setup.model.category.is_language_model() && matches!(setup.model.network, Network::Transformer(_));
        let tunes = language_model && kind.tunes();
        let serves = language_model && !kind.trains();
        let gguf = setup.recipe.weights.is_gguf();
        // What the Trainer of transformers trains, and what is launched as it is.
        let by_trainer = setup.trains() && (language_model || transformers::trains(setup));
        // Axolotl quantises experts in 8 bits and 4, Unsloth in 4; the others have no way to.
        let experts = terms::leaves_experts(setup);
        match self {
            Self::Trl => tunes && !gguf && !experts,
            Self::Unsloth => tunes && !gguf && !(experts && setup.recipe.weights == WeightFormat::Int8),
            Self::Peft => tunes && setup.adapters_only() && !gguf && !experts,
            Self::LlamaFactory => language_model && setup.trains() && !gguf && !experts,
            Self::Axolotl => language_model && setup.trains() && !gguf,
            Self::Torchtune => tunes && torchtune::applies(setup),
            Self::Megatron => language_model && megatron::applies(setup),
            Self::Deepspeed => by_trainer && (terms::uses_deepspeed(setup) || terms::shards(setup) && !terms::fsdp_offloads(setup)),
            Self::Accelerate => by_trainer && terms::distributed(setup),
            Self::LlamaCpp | Self::Ollama => {
                serves
                    && (gguf
                        || matches!(setup.recipe.weights, WeightFormat::Fp16 | WeightFormat::Bf16)
                        || setup.recipe.weights.is_of_experts())
            }
            Self::Vllm => serves && !gguf,
            Self::Transformers => transformers::trains(setup),
            Self::Transcribe => transformers::transcribes(setup),
            Self::FasterWhisper => transformers::faster_whisper_applies(setup),
            Self::Diffusers => diffusers::applies(setup),
            Self::DiffusersLora => diffusers_lora::applies(setup),
            Self::Timm => vision::timm_applies(setup),
            Self::Ultralytics => vision::yolo_applies(setup),
            Self::Markdown | Self::Csv | Self::Json => true,
        }
    }

    /// Whether this is the program the estimate is for.
    const fn is_of(self, stack: Stack) -> bool {
        match self {
            Self::Trl | Self::Peft | Self::LlamaFactory | Self::Axolotl | Self::Transformers | Self::Transcribe => {
                matches!(stack, Stack::Transformers | Stack::Deepspeed)
            }
            Self::Unsloth => matches!(stack, Stack::Unsloth),
            Self::Torchtune => matches!(stack, Stack::Torchtune),
            Self::Megatron => matches!(stack, Stack::Megatron),
            Self::LlamaCpp | Self::Ollama => matches!(stack, Stack::LlamaCpp),
            Self::Vllm => matches!(stack, Stack::Vllm),
            // What runs images and classifiers has no choice of software.
            Self::Deepspeed | Self::Accelerate | Self::Diffusers | Self::DiffusersLora | Self::Timm | Self::Ultralytics => true,
            Self::FasterWhisper | Self::Markdown | Self::Csv | Self::Json => false,
        }
    }
}

/// Whether there is a training for a file that says how cards share one: where none of those that read it has room for the plan, it would
/// only promise what they do not hold.
fn trained_by_others(setup: &Setup) -> bool {
    use Format::*;
    [Trl, Peft, LlamaFactory, Axolotl, Unsloth, Transformers].into_iter().any(|format| format.applies(setup))
}

/// The files that make sense for a plan; those of the software it was estimated for come first.
#[must_use]
pub fn formats(setup: &Setup) -> Vec<Format> {
    use crate::request::Keyword;
    let mut fitting: Vec<Format> = Format::ALL.iter().copied().filter(|format| format.applies(setup)).collect();
    fitting.sort_by_key(|format| format.program().is_some() && !format.is_of(setup.recipe.stack));
    fitting.sort_by_key(|format| format.program().is_none());
    fitting
}

/// Writes a plan in a format. For a format that does not apply the file still says what it can. `address` is where the page gives
/// the same answer, for the report.
#[must_use]
pub fn export(format: Format, setup: &Setup, estimate: &Estimate, lang: Lang, address: Option<&str>) -> Export {
    let (mut text, mut notes) = match format {
        Format::Markdown => (report(setup, estimate, lang, address), Vec::new()),
        Format::Csv => (data::csv(setup, estimate), Vec::new()),
        Format::Json => (data::json(setup, estimate), Vec::new()),
        Format::Deepspeed => deepspeed::write(Sheet::new(format, setup, lang)),
        Format::Ollama => ollama::write(Sheet::new(format, setup, lang)),
        Format::Trl => trl::write(Sheet::new(format, setup, lang)),
        Format::Peft => peft::write(Sheet::new(format, setup, lang)),
        Format::LlamaFactory => llama_factory::write(Sheet::new(format, setup, lang)),
        Format::Axolotl => axolotl::write(Sheet::new(format, setup, lang)),
        Format::Unsloth => unsloth::write(Sheet::new(format, setup, lang)),
        Format::Torchtune => torchtune::write(Sheet::new(format, setup, lang)),
        Format::Megatron => megatron::write(Sheet::new(format, setup, lang)),
        Format::Accelerate => accelerate::write(Sheet::new(format, setup, lang)),
        Format::LlamaCpp => llama_cpp::write(Sheet::new(format, setup, lang)),
        Format::Transformers => transformers::train(Sheet::new(format, setup, lang)),
        Format::Transcribe => transformers::transcribe(Sheet::new(format, setup, lang)),
        Format::FasterWhisper => transformers::faster_whisper(Sheet::new(format, setup, lang)),
        Format::Diffusers => diffusers::write(Sheet::new(format, setup, lang)),
        Format::DiffusersLora => diffusers_lora::write(Sheet::new(format, setup, lang)),
        Format::Timm => vision::timm(Sheet::new(format, setup, lang)),
        Format::Ultralytics => vision::yolo(Sheet::new(format, setup, lang)),
        Format::Vllm => vllm::write(Sheet::new(format, setup, lang), &estimate.memory),
    };
    if let Some(warning) = too_large(format, estimate, lang) {
        // JSON holds no comments.
        if format.language() != "json" {
            text = below(&warning, &text);
        }
        notes.insert(0, warning);
    }
    let (file_name, language) = match format {
        Format::Trl if in_backward::written(format, setup) => (trl::SCRIPT, "python"),
        _ => (format.file_name(), format.language()),
    };
    Export { file_name, language, text, notes }
}

/// Whether a file is for a program and the plan does not fit on its cards: it says so itself, and first.
#[must_use]
pub fn takes_too_much(format: Format, estimate: &Estimate) -> bool {
    format.program().is_some() && estimate.memory.verdict == Verdict::DoesNotFit
}

/// What it says then.
fn too_large(format: Format, estimate: &Estimate, lang: Lang) -> Option<String> {
    let memory = &estimate.memory;
    let lacking = (memory.total.as_gib() - memory.capacity.as_gib()).max(0.1);
    takes_too_much(format, estimate).then(|| say(lang, "export.note.does-not-fit", &[("lacking", &format!("{lacking:.1}"))]))
}

/// A comment on top of a file, below the line that says what runs it.
fn below(comment: &str, text: &str) -> String {
    match text.strip_prefix("#!/bin/sh\n") {
        Some(rest) => format!("#!/bin/sh\n# {comment}\n{rest}"),
        None => format!("# {comment}\n{text}"),
    }
}
