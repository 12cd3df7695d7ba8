//! A model described in place, as people and programs write it.

use serde::Serialize;
use serde_json::Value;

/// A Hugging Face `config.json`. The reader takes its keys one by one; TypeScript has a list of them.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(extend("tsType" = "import(\"./hf-config.js\").HfConfig"))]
#[expect(dead_code, reason = "described, never made")]
struct HfConfig(serde_json::Map<String, Value>);

/// A model that is not in the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum DescribedModel {
    /// A Hugging Face `config.json`; fields nobody reads are ignored.
    #[cfg_attr(feature = "schema", schemars(with = "HfConfig"))]
    HfConfig(Value),
    /// Architecture facts, the same shape as a model of catalog.json.
    #[cfg_attr(feature = "schema", schemars(with = "crate::model::facts::ModelFacts"))]
    Architecture(Value),
    /// Only a size, in billions of parameters: the shape is that of a Llama of this size.
    ParametersB(f64),
}
