//! The working in symbols: what each symbol counts in, so that every face can show it with its unit.
//!
//! A formula is text made of symbols, numbers, `+ − · / ^ exp` and parentheses; put in, the inputs give the value (a test holds
//! every formula to that). A symbol means the same in every formula; its meaning is `explain.symbol.<symbol>` in the locale files.

use super::Step;
use crate::document::keyword;

keyword!(
    /// What a number of the working counts.
    Unit {
        /// Things: parameters, tokens, cards, steps.
        Count = "count",
        /// A share or factor.
        Ratio = "ratio",
        /// Bytes.
        Bytes = "bytes",
        /// Bytes for each of something.
        BytesEach = "bytes-each",
        /// Seconds.
        Seconds = "seconds",
        /// Hours.
        Hours = "hours",
        /// Operations per second.
        FlopsPerSecond = "flops-per-second",
        /// Bytes per second.
        BytesPerSecond = "bytes-per-second",
        /// Tokens per second.
        TokensPerSecond = "tokens-per-second",
        /// Sequences, images or clips per second.
        SamplesPerSecond = "samples-per-second",
        /// Watts.
        Watts = "watts",
        /// Watts for each operation per second.
        WattsPerFlops = "watts-per-flops",
        /// Joules.
        Joules = "joules",
        /// Kilowatt-hours.
        KilowattHours = "kilowatt-hours",
        /// Grams.
        Grams = "grams",
        /// Grams per kilowatt-hour.
        GramsPerKilowattHour = "grams-per-kilowatt-hour",
        /// Money in the currency of the request.
        Money = "money",
        /// Money per hour.
        MoneyPerHour = "money-per-hour",
        /// Money per kilowatt-hour.
        MoneyPerKilowattHour = "money-per-kilowatt-hour",
        /// Volts.
        Volts = "volts",
        /// Amperes.
        Amperes = "amperes",
        /// British thermal units an hour, as air conditioners are rated.
        BtuPerHour = "btu-per-hour",
    }
);

/// The unit of a symbol; nothing for one that no formula uses.
#[must_use]
pub fn unit_of(symbol: &str) -> Option<Unit> {
    Some(match symbol {
        "P_c" | "P_f" | "P_a" | "P_t" | "P_x" | "N" | "N_u" | "N_w" | "N_g" | "N_o" | "B" | "S" | "L" | "h" | "V" | "T" | "n_s"
        | "n" | "N_i" | "P" | "P_u" | "n_D" | "n_U" | "q_v" | "q_j" => Unit::Count,
        "k_c" | "k_g" | "r" | "k_lo" | "k_hi" | "u" | "η_F" | "η_β" | "k_p" | "σ" | "η_s" | "PUE" | "λ_e" | "λ_m" => {
            Unit::Ratio
        }
        "w" | "w_f" | "w_a" | "g" | "o" | "a" | "s" | "a_r" | "a_x" | "a_t" | "c" | "b" | "e" | "d" | "d_t" => Unit::BytesEach,
        "M" | "M_t" | "M_w" | "M_g" | "M_o" | "M_a" | "M_l" | "M_k" | "M_s" | "M_x" | "M_c" | "M_v" | "M_r" | "M_h" | "M_j"
        | "M_y" | "D_t" | "D_s" | "D_f" | "D_h" => Unit::Bytes,
        "t" | "t_s" | "t_1" | "t_q" | "t_p" | "t_a" | "t_e" | "t_d" | "t_u" | "t_o" | "t_r" | "t_l" | "t_x" | "t_v" | "t_y"
        | "t_g" | "t_h" | "t_b" | "t_k" | "t_c" | "t_m" | "t_w" | "t_z" | "t_n" => Unit::Seconds,
        "τ" | "τ_m" | "τ_l" => Unit::Hours,
        "F" => Unit::FlopsPerSecond,
        "β" | "β_h" => Unit::BytesPerSecond,
        "W" | "W_b" | "W_h" | "W_w" | "W_c" | "W_k" | "W_m" | "W_x" | "W_l" | "W_u" => Unit::Watts,
        "ω" => Unit::WattsPerFlops,
        "E" => Unit::KilowattHours,
        "γ" => Unit::GramsPerKilowattHour,
        "p" | "K" | "K_y" | "K_g" | "K_r" | "K_j" => Unit::Money,
        "p_h" | "c_E" => Unit::MoneyPerHour,
        "p_E" => Unit::MoneyPerKilowattHour,
        "U" => Unit::Volts,
        "I" => Unit::Amperes,
        _ => return None,
    })
}

/// The unit of a result, by its path in the answer.
fn unit_of_result(id: &str) -> Unit {
    match id {
        "time.products" => Unit::FlopsPerSecond,
        "time.bandwidth" => Unit::BytesPerSecond,
        "energy.averageWatts" => Unit::Watts,
        "energy.joules" | "energy.wallJoules" => Unit::Joules,
        "energy.co2Grams" => Unit::Grams,
        "cost.breakEvenHours" => Unit::Hours,
        "time.realTime" => Unit::Ratio,
        _ if id.starts_with("memory.") => Unit::Bytes,
        _ if id.starts_with("cost.") => Unit::Money,
        _ if id.ends_with("tokensPerSecond") => Unit::TokensPerSecond,
        _ if id.ends_with("samplesPerSecond") => Unit::SamplesPerSecond,
        _ => Unit::Seconds,
    }
}

/// A step of the working.
pub(super) fn step(id: &str, formula: &str, inputs: &[(&str, f64)], value: f64, source: &str) -> Step {
    Step {
        id: id.to_owned(),
        formula: formula.to_owned(),
        inputs: inputs.iter().map(|(symbol, value)| ((*symbol).to_owned(), *value)).collect(),
        value,
        unit: unit_of_result(id),
        source: source.to_owned(),
    }
}

/// Publications behind the calibrated factors, one a line: key, title, address.
const PUBLICATIONS: &str = include_str!("publications.tsv");

/// Title and address of a publication that the evidence of a factor names.
#[must_use]
pub fn publication(key: &str) -> Option<(&'static str, &'static str)> {
    let mut fields = PUBLICATIONS.lines().map(|line| line.split('\t')).find(|fields| fields.clone().next() == Some(key))?.skip(1);
    Some((fields.next()?, fields.next()?))
}
