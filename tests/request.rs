//! What a person or program gets back for a request that cannot be read.

use whichcard::error::{ErrorCode, RequestError};
use whichcard::request::Request;

#[track_caller]
fn refused(json: &str, code: ErrorCode, field: &str) -> RequestError {
    let error = Request::from_json(json).expect_err("should be refused");
    assert_eq!((error.code, error.field.as_str()), (code, field), "{error}");
    error
}

const RIG: &str = r#""rig":{"card":"rtx-4090"}"#;

#[test]
fn text_that_is_not_json_is_refused() {
    refused("hello", ErrorCode::InvalidJson, "");
    refused("", ErrorCode::InvalidJson, "");
}

#[test]
fn missing_fields_are_named() {
    refused("{}", ErrorCode::MissingField, "model");
    refused(&format!(r#"{{"model":"llama-3-8b",{RIG}}}"#), ErrorCode::MissingField, "job");
    refused(&format!(r#"{{"model":"llama-3-8b","job":{{}},{RIG}}}"#), ErrorCode::MissingField, "job.kind");
}

#[test]
fn unknown_fields_are_named_with_the_nearest_known_one() {
    let request = format!(r#"{{"model":"llama-3-8b","job":{{"kind":"lora","seqenceLength":5}},{RIG}}}"#);
    let error = refused(&request, ErrorCode::UnknownField, "job.seqenceLength");
    assert_eq!(error.suggestions.first().map(String::as_str), Some("sequenceLength"));
}

#[test]
fn misspelt_keywords_get_suggestions() {
    let request = format!(r#"{{"model":"llama-3-8b","job":{{"kind":"qlroa"}},{RIG}}}"#);
    let error = refused(&request, ErrorCode::InvalidValue, "job.kind");
    assert_eq!(error.given, "qlroa");
    assert!(error.suggestions.contains(&"qlora".to_owned()), "{:?}", error.suggestions);
}

#[test]
fn wrong_types_are_named() {
    let request = format!(r#"{{"model":"llama-3-8b","job":{{"kind":"lora"}},"recipe":{{"microBatch":"four"}},{RIG}}}"#);
    let error = refused(&request, ErrorCode::InvalidValue, "recipe.microBatch");
    assert_eq!(error.given, "four");
}

#[test]
fn an_error_serialises_with_its_sentence() {
    let error = refused("{}", ErrorCode::MissingField, "model");
    let json = serde_json::to_value(&error).expect("serialises");
    assert_eq!(json["code"], "missing-field");
    assert!(json["message"].as_str().is_some_and(|text| text.contains("model")), "{json}");
}

#[test]
fn offload_by_layers_survives_a_round_trip() {
    let text = format!(r#"{{"model":"llama-3-8b","job":{{"kind":"inference"}},"recipe":{{"offload":"layers:12"}},{RIG}}}"#);
    let request = Request::from_json(&text).expect("valid");
    let again = Request::from_json(&serde_json::to_string(&request).expect("serialises")).expect("reads back");
    assert_eq!(request, again);
}
