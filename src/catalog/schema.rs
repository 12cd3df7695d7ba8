//! JSON Schema of `catalog.json`, for editors that complete and check while typing.

use super::file::File;

/// The schema as the text of `catalog.schema.json`.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(File);
    // A schema is plain JSON, which always prints.
    serde_json::to_string_pretty(&schema).map(|text| text + "\n").unwrap_or_default()
}
