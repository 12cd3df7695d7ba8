//! From a card as a source writes it to one of the catalogue.

use serde_json::{Value, json};
use whichcard::catalog::Catalog;

/// Names that say less than the catalogue distinguishes. Where a source does not give the form, the commoner one in data centres
/// (SXM) is taken.
const NAMES: [(&str, &str); 19] = [
    ("GTX 1060", "gtx-1060-6gb"),
    ("P100", "tesla-p100-pcie-16gb"),
    ("RTX 3080 Mobile", "rtx-3080-8gb-laptop"),
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
/// capability, watts. Kepler and Maxwell are computed as Pascal, which has the same units; of boards with two chips one counts.
const OTHERS: [(&str, f64, f64, f64, f64, &str, f64); 24] = [
    ("GTX TITAN X (Maxwell) 12GB", 12.0, 336.6, 6.69, 6.69, "6.1", 250.0),
    ("GTX 980 Ti", 6.0, 336.6, 6.06, 6.06, "6.1", 250.0),
    ("GTX 980", 4.0, 224.4, 4.98, 4.98, "6.1", 165.0),
    ("GTX 970", 4.0, 224.4, 3.92, 3.92, "6.1", 145.0),
    ("GTX 960", 2.0, 112.2, 2.41, 2.41, "6.1", 120.0),
    ("GTX 750 Ti", 2.0, 86.4, 1.39, 1.39, "6.1", 60.0),
    ("Tesla M40 24GB", 24.0, 288.4, 6.84, 6.84, "6.1", 250.0),
    ("Tesla M40 12GB", 12.0, 288.4, 6.84, 6.84, "6.1", 250.0),
    ("Tesla M60", 8.0, 160.4, 4.83, 4.83, "6.1", 150.0),
    ("Tesla K80", 12.0, 240.6, 4.11, 4.11, "6.1", 150.0),
    ("Tesla K40", 12.0, 288.4, 5.05, 5.05, "6.1", 235.0),
    ("Quadro M6000 24GB", 24.0, 317.4, 6.84, 6.84, "6.1", 250.0),
    ("Quadro M6000 12GB", 12.0, 317.4, 6.84, 6.84, "6.1", 250.0),
    ("Quadro M4000", 8.0, 192.3, 2.57, 2.57, "6.1", 120.0),
    ("Quadro P2000", 5.0, 140.2, 3.03, 3.03, "6.1", 75.0),
    ("P102-100", 10.0, 440.3, 10.77, 10.77, "6.1", 250.0),
    ("P104-100", 8.0, 320.3, 6.66, 6.66, "6.1", 180.0),
    ("T10 16GB", 16.0, 320.0, 65.0, 8.74, "7.5", 150.0),
    ("RTX A1000", 8.0, 192.0, 26.9, 6.74, "8.6", 50.0),
    ("Jetson AGX Orin 64GB", 64.0, 204.8, 42.5, 5.32, "8.7", 60.0),
    ("Jetson AGX Orin 32GB", 32.0, 204.8, 27.0, 3.37, "8.7", 40.0),
    ("Jetson Orin Nano 8GB", 8.0, 68.0, 10.0, 1.28, "8.7", 15.0),
    ("DGX Spark", 128.0, 273.0, 125.0, 31.0, "12.1", 140.0),
    ("GB10", 128.0, 273.0, 125.0, 31.0, "12.1", 140.0),
];

/// The `card` of a request.
pub fn choice(catalog: &Catalog, name: &str) -> Option<Value> {
    let name = without_count(name);
    let known = NAMES.iter().find(|(written, _)| plain(written) == plain(name)).map_or(name, |(_, id)| id);
    if let Some(card) = catalog.card(known) {
        return Some(json!(card.id));
    }
    let other = alike(OTHERS.iter().map(|card| (card.0, card)), name);
    match alike(catalog.cards().iter().map(|card| (card.name.as_str(), card.id.as_str())), name) {
        Some(id) => Some(json!(id)),
        None => other.map(|(name, vram, bandwidth, tensor, fp32, capability, watts)| {
            json!({"name": name, "vramGib": vram, "bandwidthGbs": bandwidth, "tensorTflops": tensor, "fp32Tflops": fp32,
                "computeCapability": capability, "tdpWatts": watts})
        }),
    }
}

/// A name without how many there are of it ("2x RTX 3090", "RTX 3090 x2"), which has a field of its own.
fn without_count(name: &str) -> &str {
    let count = |word: &str| word.trim_matches(['x', 'X', '×']).parse::<u32>().is_ok() && word.contains(['x', 'X', '×']);
    let name = name.trim();
    match (name.split_once(' '), name.rsplit_once(' ')) {
        (Some((first, rest)), _) if count(first) => rest,
        (_, Some((rest, last))) if count(last) => rest,
        _ => name,
    }
}

/// A name without spaces, brackets and the maker, "80 GB" as "80g".
fn plain(name: &str) -> String {
    let lower: String = name.to_lowercase().chars().filter(|sign| sign.is_alphanumeric()).collect();
    ["nvidia", "geforce", "tesla"].iter().fold(lower, |name, word| name.replace(word, "")).replace("gb", "g")
}

/// The card whose words are those of the name, as drivers and shops write them (`NVIDIA A100-SXM4-80GB`): every word of the model
/// must agree, but for that of its family where there is no such card (`Quadro RTX A6000`); of what is left (memory, form) as much
/// as can, and where nothing is said the SXM module.
fn alike<'a, T>(cards: impl DoubleEndedIterator<Item = (&'a str, T)> + Clone, name: &str) -> Option<T> {
    let written = words(name);
    let score = |words: &[String]| {
        let agreed = words.iter().filter(|word| is_detail(word) && written.contains(word)).count();
        (2 * agreed, words.iter().any(|word| word == "sxm"))
    };
    [false, true].into_iter().find_map(|without_family| {
        let model = |words: &[String]| -> Vec<String> {
            let family = |word: &str| without_family && matches!(word, "rtx" | "gtx" | "quadro");
            words.iter().filter(|word| !is_detail(word) && !family(word)).cloned().collect()
        };
        let wanted = model(&written);
        let fits = |words: &[String]| {
            let own = model(words);
            !wanted.is_empty() && own.len() == wanted.len() && own.iter().all(|word| wanted.contains(word))
        };
        let known = cards.clone().map(|(name, card)| (words(name), card)).filter(|(words, _)| fits(words));
        known.rev().max_by_key(|(words, _)| score(words)).map(|(_, card)| card)
    })
}

/// Words of a name in lower case, without the maker's and with every module called `sxm`.
fn words(name: &str) -> Vec<String> {
    let lower = name
        .to_lowercase()
        .replace("max-q", "laptop")
        .replace("mobile", "laptop")
        .replace("(tm)", " ")
        .replace("gib", "gb")
        .replace(" gb", "gb");
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
            ("Quadro RTX A6000", "rtx-a6000"),
            ("A6000 48GB", "rtx-a6000"),
            ("A100-80GB", "a100-sxm-80gb"),
            ("A100 (40 GB)", "a100-sxm-40gb"),
            ("GeForce GTX 1060", "gtx-1060-6gb"),
            ("2x RTX 3090", "rtx-3090"),
            ("Radeon RX 7900", "none"),
        ] {
            let found = choice(&catalog, written);
            assert_eq!(found.as_ref().and_then(Value::as_str).unwrap_or("none"), id, "{written}");
        }
        for (written, gib) in [("T10 16GB", 16.0), ("Tesla M40 24GB", 24.0), ("NVIDIA Tesla M40 12GB", 12.0), ("K80", 12.0)] {
            let found = choice(&catalog, written);
            assert_eq!(found.and_then(|card| card["vramGib"].as_f64()), Some(gib), "{written}");
        }
    }
}
