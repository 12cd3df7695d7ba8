//! `cargo xtask catalog`: is catalog.json right, and is its schema that of the types?

mod twice;

use crate::command::root;
use anyhow::{Context, Result, bail};
use std::fs;
use whichcard::catalog::schema;
use whichcard::catalog::validate::{self, problems};

/// Why a field has to be what is expected, and the usual slip: the end of its path, in the words of those who edit it.
const REASONS: &[(&str, &str)] = &[
    (
        "bandwidthGbs",
        "Bandwidth is the bus width in bits / 8 times a data rate this kind of memory is sold at. Ten times off is often Gbit/s.",
    ),
    ("cudaCores", "Cores are the multiprocessors (sms) times what the compute capability (cc) has in each."),
    ("peaks.fp32", "FP32 is 2 x cores x boost clock. Check sms, cc and boostMhz as well."),
    (
        "peaks.tensorFp16",
        "A dense peak is sms x operations per clock x boost clock. Twice that is a figure for sparse numbers: halve it.",
    ),
    (
        "peaks.tensorFp16Acc16",
        "A dense peak is sms x operations per clock x boost clock. Twice that is a figure for sparse numbers: halve it.",
    ),
    ("psuW", "A power supply feeds the card and at least 150 W beside it."),
    ("tgpW", "A laptop card has a range of board power, [lowest, highest]; tdpW is the highest."),
    (
        "memory",
        "The kind of memory decides which bandwidths are possible; a new kind has to be made known in src/catalog/architecture.rs.",
    ),
    (
        "cc",
        "The compute capability, in quotation marks: developer.nvidia.com/cuda-gpus lists it. A new one has to be made known in src/catalog/architecture.rs.",
    ),
    ("source", "Sources are named once, in `sources` at the top, and used by their id; papers by arXiv:number."),
    ("sources", "Sources are named once, in `sources` at the top, and used by their id; papers by arXiv:number."),
    ("date", DATES),
    ("since", DATES),
    ("launched", DATES),
    (
        "paramsExact",
        "The count follows from layers, hidden, ffn, heads and vocab. Either a dimension is off or the published count is of something else.",
    ),
    (
        "paramsB",
        "The count follows from layers, hidden, ffn, heads and vocab. Either a dimension is off or the published count is of something else.",
    ),
    ("pci", "A PCI device id is four hexadecimal digits in quotation marks, and belongs to one chip."),
    ("pcie", "The generation and the lanes of the slot, as in [4,16]."),
    ("name", "Names are written without the maker: every card is NVIDIA's."),
    ("kvHeads", "Every key-value head serves the same number of heads: num_key_value_heads divides num_attention_heads."),
    (
        "amount",
        "A price in the main unit of its currency (dollars, yuan; not cents), for one card, one hour, or one kilowatt-hour.",
    ),
    ("rates", "What one dollar buys of each currency: 7 yuan, not 0.14 dollars."),
    ("id", "An id is what links and requests name it by: lower case, digits, hyphens, dots; never changed once published."),
];

const DATES: &str = "Dates are 2026, 2026-09 or 2026-09-07, and no price is older than its card. None is after the `date` at the top of the file: \
    raise that to the day of your edit.";
const NOT_DETECTED: &str = "The id is well formed, but \"Detect my card\" does not lead from it to this card: it takes a line of devices.tsv with \
    the card's name in drivers, the chip, the id and the card (docs/detection.md).";

const NOT_JSON: &str = "JSON has double quotes, a comma between two entries and none after the last, and no comments. What is wrong may stand just before \
    that place.";
const OWN: &str =
    "An id or a name stands for one entry, or nobody could say which is meant: give one of the two another, or merge them.";

/// Why, if it is one of those fields.
fn reason(path: &str, expected: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some(NOT_JSON);
    }
    if expected.contains("devices.tsv") {
        return Some(NOT_DETECTED);
    }
    if expected == validate::twice::OWN {
        return Some(OWN);
    }
    let ends = |field: &str| path == field || path.ends_with(&format!(".{field}"));
    REASONS.iter().find(|(field, _)| ends(field)).map(|(_, reason)| *reason)
}

/// `cargo xtask catalog [--write]`
pub fn run(arguments: &[String]) -> Result<()> {
    let write = match arguments {
        [] => false,
        [only] if only == "--write" => true,
        _ => bail!("catalog takes --write or nothing"),
    };
    let (data, description) = (root().join("catalog.json"), root().join("catalog.schema.json"));
    if write {
        fs::write(&description, schema()).context("catalog.schema.json")?;
        println!("wrote catalog.schema.json");
    }
    let text = fs::read_to_string(data).context("catalog.json")?;
    let mut found = problems(&text);
    found.extend(twice::problem(&text));
    for problem in &found {
        // What is no JSON has no fields yet.
        let place = if problem.path.is_empty() { "catalog.json" } else { &problem.path };
        println!("{place}: found {}; expected {}", problem.found, problem.expected);
        if let Some(reason) = reason(&problem.path, &problem.expected) {
            println!("    {reason}");
        }
    }
    // Line ends differ where git converts them.
    let current = fs::read_to_string(description).unwrap_or_default().replace("\r\n", "\n") == schema();
    if !current {
        println!("catalog.schema.json is not that of the types: run `cargo xtask catalog --write`");
    }
    if !found.is_empty() || !current {
        bail!("{} problems in catalog.json{}", found.len(), if current { "" } else { ", and an outdated schema" });
    }
    println!("catalog.json: no problems in {} kB", text.len() / 1000);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_slips_are_explained() {
        let reason = |path| reason(path, "");
        assert!(reason("cards.rtx-4060.bandwidthGbs").is_some_and(|reason| reason.contains("bus width")));
        assert!(reason("cards.rtx-4060.peaks.tensorFp16").is_some_and(|reason| reason.contains("sparse")));
        assert!(reason("cards.rtx-4060.prices.0.source").is_some_and(|reason| reason.contains("`sources`")));
        assert_eq!(reason("cards.rtx-4060.notes"), None);
    }

    /// What is found in the catalogue once it has been edited, with its reasons.
    fn edited(from: &str, to: &str) -> Vec<(String, &'static str)> {
        let text = fs::read_to_string(root().join("catalog.json")).unwrap();
        assert!(text.contains(from), "{from}");
        let told = |problem: whichcard::catalog::CatalogError| {
            let reason = reason(&problem.path, &problem.expected).unwrap_or_default();
            (format!("{}: {}", problem.path, problem.found), reason)
        };
        let text = text.replacen(from, to, 1);
        problems(&text).into_iter().chain(twice::problem(&text)).map(told).collect()
    }

    #[test]
    fn usual_mistakes_of_the_pen_are_found_and_explained() {
        let llama = r#""heads":32,"vocab":128256,"maxContext":8192,"kvHeads":8"#;
        for (from, to, place, why) in [
            (r#""tdpW":115,"#, r#""tdpW":115"#, ": unexpected character", "comma between"),
            (r#""tdpW":115,"#, r#""tdpW":115,"tdpW":116,"#, "`tdpW` twice", ""),
            (r#""pcie":[4,8]"#, r#""pcie":[8,4]"#, "pcie: [8,4]", "lanes"),
            (r#""name":"GeForce RTX 4060""#, r#""name":"NVIDIA GeForce RTX 4060""#, "name: NVIDIA", "maker"),
            (r#""id":"rtx-4060","#, r#""id":"rtx-4070","#, "cards.rtx-4070.id: the id of GeForce RTX 4060 (line ", "merge them"),
            (
                r#""name":"GeForce RTX 4060""#,
                r#""name":"GeForce RTX 4070""#,
                "aliases: \"GeForce RTX 4070\" of GeForce RTX 40",
                "merge them",
            ),
            (r#"{"id":"tpu","#, r#"{"id":"unread","title":"A leaflet"},{"id":"tpu","#, "sources.unread: a source of nothing", ""),
            (r#""amount":0.187"#, r#""amount":18.7"#, "tariffs.US.amount: 18.7", "cents"),
            (r#""CNY":6.801"#, r#""CNY":0.14"#, "exchange.rates: CNY 0.14", "dollar buys"),
            (r#""year":2024"#, r#""year":24"#, "year: 24", ""),
            (llama, &llama.replace(r#""kvHeads":8"#, r#""kvHeads":7"#), "kvHeads: 7", "divides"),
        ] {
            let found = edited(from, to);
            assert!(found.iter().any(|(at, reason)| at.contains(place) && reason.contains(why)), "{to}: {found:?}");
        }
    }

    #[test]
    fn a_price_of_today_names_its_place_and_the_date_to_raise() {
        let text = fs::read_to_string(root().join("catalog.json")).unwrap();
        let price = "\"date\":\"2026-09-07\",\"source\"";
        assert!(text.contains(price));
        let found = edited(price, "\"date\":\"2031-01-01\",\"source\"");
        let late = |(place, reason): &(String, &str)| {
            place.contains(".date: ") && place.contains("2031-01-01") && reason.contains("raise that")
        };
        assert!(!found.is_empty() && found.iter().all(late), "{found:?}");
        let found = edited("\"launched\":\"2016-05-27\"", "\"launched\":\"2031-06\"");
        assert!(
            found
                .iter()
                .any(|(place, reason)| place.contains(".launched: ") && place.contains("2031-06") && reason.contains("raise that")),
            "{found:?}"
        );
    }

    #[test]
    fn an_id_that_is_not_detected_is_told_apart_from_one_that_is_wrong() {
        assert!(
            reason("cards.a.pci", "a line of src/detect/devices.tsv with a").is_some_and(|reason| reason.contains("devices.tsv"))
        );
        assert!(reason("cards.a.pci", "").is_some_and(|reason| reason.contains("hexadecimal")));
    }

    #[test]
    fn a_compute_capability_nobody_has_made_known_does_not_pass() {
        let found = edited("\"cc\":\"8.9\"", "\"cc\":\"13.0\"");
        assert!(
            found.iter().any(|(place, reason)| place.contains("cc: \"13.0\"") && reason.contains("architecture.rs")),
            "{found:?}"
        );
    }
}
