//! `cargo xtask catalog`: is catalog.json right, and is its schema that of the types?

use crate::command::root;
use anyhow::{Context, Result, bail};
use std::fs;
use whichcard::catalog::{schema, validate::problems};

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
    ("cc", "The compute capability, in quotation marks: developer.nvidia.com/cuda-gpus lists it."),
    ("source", "Sources are named once, in `sources` at the top, and used by their id; papers by arXiv:number."),
    ("sources", "Sources are named once, in `sources` at the top, and used by their id; papers by arXiv:number."),
    ("date", "Dates are 2026, 2026-09 or 2026-09-07: not after the `date` of the file, and no price before its card came out."),
    (
        "paramsExact",
        "The count follows from layers, hidden, ffn, heads and vocab. Either a dimension is off or the published count is of something else.",
    ),
    (
        "paramsB",
        "The count follows from layers, hidden, ffn, heads and vocab. Either a dimension is off or the published count is of something else.",
    ),
    ("pci", "A PCI device id is four hexadecimal digits in quotation marks, and belongs to one chip."),
    ("aliases", "Two entries of one name: nobody could say which is meant."),
    ("id", "An id is what links and requests name it by: lower case, digits, hyphens, dots; never changed once published."),
];

/// Why, if it is one of those fields.
fn reason(path: &str) -> Option<&'static str> {
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
    let found = problems(&text);
    for problem in &found {
        println!("{}: found {}; expected {}", problem.path, problem.found, problem.expected);
        if let Some(reason) = reason(&problem.path) {
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
        assert!(reason("cards.rtx-4060.bandwidthGbs").is_some_and(|reason| reason.contains("bus width")));
        assert!(reason("cards.rtx-4060.peaks.tensorFp16").is_some_and(|reason| reason.contains("sparse")));
        assert!(reason("cards.rtx-4060.prices.0.source").is_some_and(|reason| reason.contains("`sources`")));
        assert_eq!(reason("cards.rtx-4060.notes"), None);
    }
}
