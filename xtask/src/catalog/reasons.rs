//! Why a field of the catalogue has to be what is expected, in the words of those who edit it.

use whichcard::catalog::validate;

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
    (
        "vramGb",
        "Each chip of GDDR memory has 32 bits of the bus, or two chips share them: busBits / 32 x GB of a chip x 1 or 2. Check memory and busBits \
         as well.",
    ),
    (
        "tdpW",
        "Cards of one generation take about as many watts for each TFLOPS of FP32 (src/catalog/architecture.rs). Ten times off is a \
         decimal point; check peaks.fp32 as well.",
    ),
    ("boostMhz", "In MHz: 2460, not 2.46."),
    ("currency", "The three letters of the currency: CNY for yuan, USD, EUR."),
    ("slots", "How many slots of the machine the card covers."),
    ("nvlinkGbs", "Chips of compute capability 6.1, 8.9 and 12.0 have no NVLink, and cards with them leave the field out."),
    ("maxContext", "Tokens that the model reads at once, written out: 8192, not 8."),
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
    ("chip", "The chip of drivers and of the PCI ID Repository, without letters of variants: AD107. Check pci and cc as well."),
    ("aliases", "Other names of this card, as people write them; what has the number of another card stands for that one."),
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
    (
        "notes",
        "A text in English, or texts by the languages in locales/, English among them: {\"en\": \"...\", \"zh-CN\": \"...\"}. Readers of other \
         languages get the English one.",
    ),
    ("name", "Names are written without the maker: every card is NVIDIA's."),
    ("kvHeads", "Every key-value head serves the same number of heads: num_key_value_heads divides num_attention_heads."),
    ("amount", PRICES),
    ("low", PRICES),
    ("high", PRICES),
    ("rates", "What one dollar buys of each currency: 7 yuan, not 0.14 dollars."),
    ("id", "An id is what links and requests name it by: lower case, digits, hyphens, dots; never changed once published."),
];

const DATES: &str = "Dates are 2026, 2026-09 or 2026-09-07, and no price is older than its card. None is after the `date` at the top of the file: \
    raise that to the day of your edit.";
const PRICES: &str = "A price in the main unit of its currency (dollars, yuan; not cents), for one card, one hour, or one kilowatt-hour. What is \
    asked for a card later has to do with its launch price; docs/catalog.md says how far it may be off.";
const PRICE_KINDS: &str = "New from a shop is `street`, second hand `used`, rented `rent-per-hour` (one card for one hour); `launch` is what the maker \
    asked when it came out.";
/// What the reader of a document expects of numbers.
const NUMBERS: [&str; 2] = ["a number", "a whole number"];
const BARE: &str = "A number stands without quotation marks and without its unit, which is in the field's name.";
const NOT_DETECTED: &str = "The id is well formed, but \"Detect my card\" does not lead from it to this card: it takes a line of devices.tsv with \
    the card's name in drivers, the chip, the id and the card (docs/detection.md).";

const NOT_JSON: &str = "JSON has double quotes, a comma between two entries and none after the last, and no comments. What is wrong may stand just before \
    that place.";
const OWN: &str =
    "An id or a name stands for one entry, or nobody could say which is meant: give one of the two another, or merge them.";

/// Why, if it is one of those fields.
pub fn reason(path: &str, expected: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some(NOT_JSON);
    }
    if expected.contains("devices.tsv") {
        return Some(NOT_DETECTED);
    }
    if expected == validate::twice::OWN {
        return Some(OWN);
    }
    if NUMBERS.contains(&expected) {
        return Some(BARE);
    }
    if path.contains("prices[") && path.ends_with(".kind") {
        return Some(PRICE_KINDS);
    }
    let ends = |field: &str| path == field || path.ends_with(&format!(".{field}"));
    REASONS.iter().find(|(field, _)| ends(field)).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_slips_are_explained() {
        let reason = |path| reason(path, "");
        assert!(reason("cards.rtx-4060.bandwidthGbs").is_some_and(|reason| reason.contains("bus width")));
        assert!(reason("cards.rtx-4060.peaks.tensorFp16").is_some_and(|reason| reason.contains("sparse")));
        assert!(reason("cards.rtx-4060.prices[0].source").is_some_and(|reason| reason.contains("`sources`")));
        assert_eq!(reason("cards.rtx-4060.sms"), None);
    }

    #[test]
    fn an_id_that_is_not_detected_is_told_apart_from_one_that_is_wrong() {
        assert!(
            reason("cards.a.pci", "a line of src/detect/devices.tsv with a").is_some_and(|reason| reason.contains("devices.tsv"))
        );
        assert!(reason("cards.a.pci", "").is_some_and(|reason| reason.contains("hexadecimal")));
    }
}
