//! Well-known models that the catalogue does not have, or has under another name, for records that state no shape.

use super::model;
use serde_json::{Value, json};

/// See the file's own first lines.
const TABLE: &str = include_str!("named.tsv");

/// The `model` of a request for a name, by the longest entry that the name begins with.
pub fn find(name: &str) -> Option<Value> {
    let key = key(name);
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    let row =
        rows.filter(|row| row.get(1).is_some_and(|own| key.starts_with(own))).max_by_key(|row| row.get(1).map(|own| own.len()))?;
    let number = |column: usize| row.get(column)?.parse::<f64>().ok();
    let count = |column: usize| row.get(column)?.parse::<u64>().ok();
    match *row.first()? {
        "is" => Some(json!(row.get(2)?)),
        "lm" => Some(json!({"architecture": {"name": name, "style": row.get(2)?, "hidden": count(3)?, "layers": count(4)?,
            "heads": count(5)?, "kvHeads": count(6)?, "ffn": count(7)?, "vocab": count(8)?, "paramsB": number(9)?}})),
        _ => {
            let mut network = model::network(name, number(2)? * 1e6, number(3)?, number(4), number(5));
            if let Some(layers) = count(6) {
                network["layers"] = json!(layers);
            }
            Some(json!({"architecture": network}))
        }
    }
}

/// Small letters, digits, points and pluses, without the owner and the library.
fn key(name: &str) -> String {
    let lower = name.to_lowercase();
    let name = lower.rsplit('/').next().filter(|rest| rest.len() > 3).unwrap_or(&lower);
    let name = name.trim_start_matches("torchvision ").trim_start_matches("meta-");
    name.chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, '.' | '+')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use whichcard::catalog::Catalog;
    use whichcard::request::Request;

    #[test]
    fn every_entry_is_a_model() {
        let catalog = Catalog::from_json(include_str!("../../../catalog.json")).expect("the shipped catalogue is readable");
        let mut count = 0;
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let name = line.split('\t').nth(1).expect("a row has a name");
            let model = find(name).unwrap_or_else(|| panic!("{name}: not found"));
            let kind = json!({"kind": "inference"});
            let request = Request::from_value(json!({"model": model, "job": kind, "rig": {"card": "a100-sxm-80gb"}}))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            whichcard::request::resolve(&catalog, &request).unwrap_or_else(|error| panic!("{name}: {error}"));
            count += 1;
        }
        assert!(count > 100);
    }

    #[test]
    fn names_are_found_by_how_they_begin() {
        assert_eq!(find("ResNet-50 v1.5"), Some(json!("resnet-50")));
        assert_eq!(find("Mistral-7B-Instruct-v0.2"), Some(json!("mistral-7b-v0.1")));
        assert_eq!(find("openai/whisper-large-v2"), Some(json!("whisper-large-v3")));
        assert_eq!(find("EfficientNet-B4").map(|model| model["architecture"]["imageSide"].clone()), Some(json!(380)));
        assert_eq!(find("SDXL"), Some(json!("sdxl-base")));
        assert_eq!(find("stabilityai/sdxl-turbo"), Some(json!("sdxl-turbo")));
        assert_eq!(find("SDXL-Lightning 4step"), Some(json!("sdxl-lightning")));
        assert_eq!(find("some thing"), None);
    }
}
