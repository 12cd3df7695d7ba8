//! From a card as a source writes it to one of the catalogue.

use serde_json::{Value, json};
use whichcard::catalog::Catalog;

/// Names that say less than the catalogue distinguishes. Where a source does not give the form, the commoner one in data centres
/// (SXM) is taken.
const NAMES: [(&str, &str); 16] = [
    ("RTX 4060 Ti", "rtx-4060-ti-8gb"),
    ("A100 80GB", "a100-sxm-80gb"),
    ("A100 40GB", "a100-sxm-40gb"),
    ("V100 16GB", "v100-sxm2-16gb"),
    ("V100 32GB", "v100-sxm2-32gb"),
    ("P100 16GB SXM", "tesla-p100-sxm2"),
    ("P100 16GB PCIe", "tesla-p100-pcie-16gb"),
    ("GTX Titan Xp", "titan-xp"),
    ("GTX 1050 Ti 4GB", "gtx-1050-ti"),
    ("RTX 2070 Max-Q", "rtx-2070-laptop"),
    ("RTX 2080 Max-Q", "rtx-2080-laptop"),
    ("RTX 2080 Super Max-Q", "rtx-2080-super-laptop"),
    ("RTX 3080 Laptop 16GB (Max-Q)", "rtx-3080-16gb-laptop"),
    ("RTX 3080 Laptop", "rtx-3080-8gb-laptop"),
    ("P106-100 6GB (GTX 1060 mining)", "gtx-1060-6gb"),
    ("RTX 4090D", "rtx-4090-d"),
];

/// Cards older or rarer than the catalogue's, by their data sheets: name, GiB, GB/s, tensor or FP16 TFLOPS, FP32 TFLOPS, compute
/// capability, watts. Maxwell is computed as Pascal, which has the same units.
const OTHERS: [(&str, f64, f64, f64, f64, &str, f64); 3] = [
    ("GTX TITAN X (Maxwell) 12GB", 12.0, 336.6, 6.69, 6.69, "6.1", 250.0),
    ("GTX 980 Ti", 6.0, 336.6, 6.06, 6.06, "6.1", 250.0),
    ("T10 16GB", 16.0, 320.0, 65.0, 8.74, "7.5", 150.0),
];

/// The `card` of a request.
pub fn choice(catalog: &Catalog, name: &str) -> Option<Value> {
    let known = NAMES.iter().find(|(written, _)| *written == name).map_or(name, |(_, id)| id);
    if let Some(card) = catalog.card(known) {
        return Some(json!(card.id));
    }
    if let Some((name, vram, bandwidth, tensor, fp32, capability, watts)) = OTHERS.iter().find(|(written, ..)| *written == name) {
        return Some(json!({"name": name, "vramGib": vram, "bandwidthGbs": bandwidth, "tensorTflops": tensor, "fp32Tflops": fp32,
            "computeCapability": capability, "tdpWatts": watts}));
    }
    alike(catalog, name).map(|id| json!(id))
}

/// The card whose words are those of the name, as drivers and shops write them (`NVIDIA A100-SXM4-80GB`): every word of the model must
/// agree; of what is left (memory, form) as much as can, and where nothing is said the SXM module.
fn alike<'a>(catalog: &'a Catalog, name: &str) -> Option<&'a str> {
    let written = words(name);
    let model = |words: &[String]| words.iter().filter(|word| !is_detail(word)).cloned().collect::<Vec<_>>();
    let wanted = model(&written);
    let fits = |words: &[String]| {
        let own = model(words);
        !wanted.is_empty() && own.len() == wanted.len() && own.iter().all(|word| wanted.contains(word))
    };
    let score = |words: &[String]| {
        let agreed = words.iter().filter(|word| is_detail(word) && written.contains(word)).count();
        (2 * agreed, words.iter().any(|word| word == "sxm"))
    };
    let known = catalog.cards().iter().map(|card| (words(&card.name), card.id.as_str())).filter(|(words, _)| fits(words));
    known.rev().max_by_key(|(words, _)| score(words)).map(|(_, id)| id)
}

/// Words of a name in lower case, without the maker's and with every module called `sxm`.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase().replace("max-q", "laptop").replace("(tm)", " ").replace("gib", "gb").replace(" gb", "gb");
    let parts = lower.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let kept = parts.filter(|word| {
        !matches!(*word, "nvidia" | "geforce" | "tesla" | "generation" | "gpu" | "hbm2" | "hbm2e" | "hbm3" | "with" | "design")
    });
    let mut words: Vec<String> = kept.map(|word| if word.starts_with("sxm") { "sxm" } else { word }.to_owned()).collect();
    words.dedup();
    words
}

/// Whether a word says which version of a model it is.
fn is_detail(word: &str) -> bool {
    matches!(word, "sxm" | "pcie" | "nvl" | "gddr5" | "gddr6" | "gddr6x")
        || word.strip_suffix("gb").is_some_and(|size| size.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_found_however_they_are_written() {
        let text = include_str!("../../../catalog.json");
        let catalog = Catalog::from_json(text).expect("the shipped catalogue is readable");
        for (written, id) in [
            ("NVIDIA A100-SXM4-80GB", "a100-sxm-80gb"),
            ("A100 PCIe 40 GB", "a100-pcie-40gb"),
            ("NVIDIA GeForce RTX 3090", "rtx-3090"),
            ("Tesla V100-SXM2-32GB", "v100-sxm2-32gb"),
            ("NVIDIA H100 80GB HBM3", "h100-sxm"),
            ("H100 NVL", "h100-nvl"),
            ("GeForce RTX 4070 Ti SUPER 16GB", "rtx-4070-ti-super"),
            ("NVIDIA L4", "l4"),
            ("GeForce RTX 2070 with Max-Q Design", "rtx-2070-laptop"),
            ("Radeon RX 7900", "none"),
        ] {
            let found = choice(&catalog, written);
            assert_eq!(found.as_ref().and_then(Value::as_str).unwrap_or("none"), id, "{written}");
        }
        assert!(choice(&catalog, "T10 16GB").is_some_and(|card| card.is_object()));
    }
}
