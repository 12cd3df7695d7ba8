//! Reading a request from JSON, with errors that name the field.

use super::*;
use crate::document::{self, Blank, Read, Reader, Wrong, record};
use crate::error::RequestError;
use serde_json::Value;

impl Request {
    /// Reads one request.
    ///
    /// # Errors
    /// Text that is not JSON, a missing or unknown field, or a value of the wrong kind.
    pub fn from_json(text: &str) -> Result<Self, RequestError> {
        read_text(text)
    }

    /// Reads one request from parsed JSON.
    ///
    /// # Errors
    /// A missing or unknown field, or a value of the wrong kind.
    pub fn from_value(value: Value) -> Result<Self, RequestError> {
        read_value(&value)
    }
}

/// Reads any document of the request family from text.
pub(crate) fn read_text<T: Blank>(text: &str) -> Result<T, RequestError> {
    read_value(&parsed(text)?)
}

/// Text as JSON.
pub(crate) fn parsed(text: &str) -> Result<Value, RequestError> {
    document::parse(text).map_err(|error| RequestError::of_json(&error))
}

/// Reads any document of the request family from parsed JSON.
pub(crate) fn read_value<T: Blank>(value: &Value) -> Result<T, RequestError> {
    document::read(value).map_err(RequestError::from)
}

record!(
    Request { model, job, recipe: optional, rig, money: optional }
    JobRequest {
        kind,
        sequence_length,
        target_length,
        padded,
        tokens,
        samples,
        epochs,
        global_batch,
        prompt,
        output,
        concurrency,
        beams,
        all_logits,
    }
    RecipeRequest {
        precision,
        optimizer,
        optimizer_kernel,
        micro_batch,
        gradient_accumulation,
        checkpointing,
        attention,
        loss,
        stack,
        lora,
        weights,
        kv_cache,
        vae_tiling,
        parallel,
        offload,
    }
    LoraRequest { rank, targets, dropout, fp32_adapters, upcast, train_embeddings }
    ParallelRequest { sharding, data, tensor, pipeline, expert, context }
    RigRequest { card, count, ..machine }
    MachineRequest { link, reserved_bytes, power_limit_watts, network_gbps, host_memory, host_memory_gbs }
    CustomCard { name, vram_gib, bandwidth_gbs, tensor_tflops, fp32_tflops, compute_capability, tdp_watts, nvlink_gbs }
    MoneyRequest { currency, card_price, rent_per_hour, tariff_per_kwh, country, pue, entry_loss, yearly_loss }
);

/// What is a name or something described in place: text is the one, an object or a list the other.
macro_rules! named_or {
    ($($choice:ident: $named:ident($name:expr), $described:ident, $kind:literal)+) => {$(
        impl Read for $choice {
            fn fill(&mut self, value: &Value, reader: &mut Reader) {
                match value {
                    Value::String(_) => *self = Self::$named(reader.filled(value)),
                    Value::Object(_) | Value::Array(_) => *self = Self::$described(reader.filled(value)),
                    _ => reader.fault(value, Wrong::Kind($kind)),
                }
            }
        }

        impl Blank for $choice {
            fn blank() -> Self {
                Self::$named($name)
            }
        }
    )+};
}

named_or! {
    ModelChoice: Id(String::new()), Described, "a model id, or one of hfConfig, architecture and parametersB"
    CardChoice: Id(String::new()), Custom, "a card id, or an object that describes one"
    LoraTargets: Set(LoraTargetSet::AllLinear), Modules, "the name of a set, or a list of modules"
}

impl Read for DescribedModel {
    fn fill(&mut self, value: &Value, reader: &mut Reader) {
        let mut written = Description::blank();
        written.fill(value, reader);
        let ways = [
            written.hf_config.map(Self::HfConfig),
            written.architecture.map(Self::Architecture),
            written.parameters_b.map(Self::ParametersB),
        ];
        match ways.into_iter().flatten().collect::<Vec<_>>().as_slice() {
            [one] => *self = one.clone(),
            _ => reader.fault(value, Wrong::Kind("a model id, or one of hfConfig, architecture and parametersB")),
        }
    }
}

impl Blank for DescribedModel {
    fn blank() -> Self {
        Self::ParametersB(0.0)
    }
}

/// The ways to describe a model, of which one is taken.
struct Description {
    hf_config: Option<Value>,
    architecture: Option<Value>,
    parameters_b: Option<f64>,
}

record!(Description { hf_config, architecture, parameters_b });

impl Read for Offload {
    fn fill(&mut self, value: &Value, reader: &mut Reader) {
        match value.as_str().and_then(Self::from_name) {
            Some(offload) => *self = offload,
            None => reader.fault(value, Wrong::Name(Self::NAMES)),
        }
    }
}

impl Blank for Offload {
    fn blank() -> Self {
        Self::None
    }
}
