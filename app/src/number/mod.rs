//! Numbers as people type them: "8k", "7B", "12GB", "1.5e9", "1.2万", full-width digits.
//!
//! Pure and integer-based: the standard float parser costs a visitor several kilobytes.

mod measure;
mod typed;

pub use measure::Measure;
pub use typed::{currency, narrow};

/// Why a typed number was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No number at all.
    NotANumber,
    /// Below the least.
    TooSmall,
    /// Above the most.
    TooLarge,
    /// Has a fraction where there is none.
    NotWhole,
}

/// A plain number such as a default shows, with digit groups but no unit.
pub fn plain(shown: &str) -> Option<f64> {
    let text = typed::plain(shown);
    typed::split(&text).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number)
}

impl Measure {
    /// Reads a typed number in the unit the request holds it in.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, typed: &str) -> Result<f64, Fault> {
        // Money in a field of watts is another field's number.
        if currency(typed).is_some() && !self.is_money() {
            return Err(Fault::NotANumber);
        }
        let text = typed::plain(typed);
        // An image that is not square is worth as much as the square of its area.
        if *self == Self::SIDE
            && let Some((width, height)) = text.split_once(['x', '×', '*'])
        {
            return Ok((self.read(width)? * self.read(height)?).sqrt().round());
        }
        let (number, rest) = typed::split(&text).ok_or(Fault::NotANumber)?;
        let factor = self.factor(rest).ok_or(Fault::NotANumber)?;
        // Parts are divided, not multiplied by an inexact fraction: 350M is 0.35 billion to the last digit.
        let value = if factor < 1.0 { number / (1.0 / factor).round() } else { number * factor };
        if !value.is_finite() || value > self.limit.most {
            return Err(Fault::TooLarge);
        }
        if value < self.limit.least {
            return Err(Fault::TooSmall);
        }
        // "1.1k" is meant as it says, so a suffix may leave a fraction, which is rounded away.
        if self.limit.whole && value.fract() != 0.0 && rest.is_empty() {
            return Err(Fault::NotWhole);
        }
        Ok(if self.limit.whole { value.round() } else { value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(measure: Measure, typed: &str, value: f64) {
        assert_eq!(measure.read(typed), Ok(value), "{typed}");
    }

    const GIB: f64 = 1_073_741_824.0;

    #[test]
    fn an_amount_may_name_its_currency() {
        use whichcard::units::Currency;
        for (typed, named) in [
            ("30k CNY", Some(Currency::Cny)),
            ("¥12,000", Some(Currency::Cny)),
            ("3万元", Some(Currency::Cny)),
            ("US$1,999", Some(Currency::Usd)),
            ("0.15 美元/度", Some(Currency::Usd)),
            ("€900", Some(Currency::Eur)),
            ("3万", None),
        ] {
            assert_eq!(currency(typed), named, "{typed}");
        }
    }

    #[test]
    fn money_is_no_number_of_anything_else() {
        for typed in ["¥5000", "\u{ffe5}5000", "5000元", "$20", "20 USD"] {
            for measure in [Measure::LENGTH, Measure::POWER, Measure::HOURS, Measure::SAMPLES, Measure::CARDS] {
                assert_eq!(measure.read(typed), Err(Fault::NotANumber), "{typed}");
            }
        }
    }

    #[test]
    fn units_people_type() {
        reads(Measure::LENGTH, "2048", 2048.0);
        reads(Measure::LENGTH, "8k", 8192.0);
        reads(Measure::LENGTH, " 32 K tokens", 32_768.0);
        reads(Measure::LENGTH, "4,096", 4096.0);
        reads(Measure::LENGTH, "２０４８", 2048.0);
        reads(Measure::TOKENS, "1.5e9", 1.5e9);
        reads(Measure::SAMPLES, "52k", 52_000.0);
        reads(Measure::SAMPLES, "5万条", 50_000.0);
        reads(Measure::TOKENS, "10亿", 1e9);
        reads(Measure::TOKENS, "1.2万", 12_000.0);
        reads(Measure::TOKENS, "15 billion tokens", 1.5e10);
        reads(Measure::BILLIONS, "1.5 trillion", 1500.0);
        assert_eq!(Measure::BILLIONS.read("5 thousand"), Err(Fault::NotANumber));
        reads(Measure::BUDGET, "¥12,000", 12_000.0);
        reads(Measure::BUDGET, "1.2万元", 12_000.0);
        reads(Measure::BUDGET, "US$1,999", 1999.0);
        reads(Measure::PRICE, "＄1999.99", 1999.99);
        reads(Measure::VRAM, "12GB", 12.0);
        reads(Measure::VRAM, "12 GiB", 12.0);
        reads(Measure::VRAM, "１２ＧＢ", 12.0);
        reads(Measure::VRAM, "512 MiB", 0.5);
        reads(Measure::RESERVED, "1.5", 1.5 * GIB);
        reads(Measure::RESERVED, "512MB", 0.5 * GIB);
        reads(Measure::HOURS, "3d", 72.0);
        reads(Measure::HOURS, "90 min", 1.5);
        reads(Measure::HOURS, "2周", 336.0);
        reads(Measure::POWER, "0.85kW", 850.0);
        reads(Measure::POWER, "1.5千瓦", 1500.0);
        reads(Measure::BILLIONS, "7B", 7.0);
        reads(Measure::BILLIONS, "７Ｂ", 7.0);
        reads(Measure::BILLIONS, "70亿参数", 7.0);
        reads(Measure::BILLIONS, "350M", 0.35);
        reads(Measure::SIDE, "768 px", 768.0);
        reads(Measure::SIDE, "1024×1024", 1024.0);
        reads(Measure::SIDE, "512 x 2048 像素", 1024.0);
        reads(Measure::STEPS, "30步", 30.0);
        assert_eq!(Measure::STEPS.read("0"), Err(Fault::TooSmall));
        assert_eq!(Measure::SIDE.read("512x"), Err(Fault::NotANumber));
        reads(Measure::TARIFF, "0.6元/度", 0.6);
        reads(Measure::RENT, "$2.5/h", 2.5);
    }

    #[test]
    fn every_field_reads_the_same_multiples() {
        let all = [
            Measure::LENGTH,
            Measure::TOKENS,
            Measure::SAMPLES,
            Measure::EPOCHS,
            Measure::BATCH,
            Measure::CARDS,
            Measure::RANK,
            Measure::BUDGET,
            Measure::PRICE,
            Measure::POWER,
            Measure::BANDWIDTH,
        ];
        for measure in all {
            reads(measure, "2万", 20_000.0);
            reads(measure, "２．０万", 20_000.0);
            reads(measure, "1e4", 10_000.0);
        }
        for measure in [Measure::EPOCHS, Measure::BATCH, Measure::CARDS, Measure::RANK, Measure::BUDGET, Measure::BANDWIDTH] {
            reads(measure, "12k", 12_000.0);
        }
        reads(Measure::EPOCHS, "3轮", 3.0);
        reads(Measure::CARDS, "4张", 4.0);
        reads(Measure::CARDS, "4 cards", 4.0);
    }

    #[test]
    fn a_comma_groups_or_divides_as_its_place_says() {
        reads(Measure::PRICE, "1,234", 1234.0);
        reads(Measure::PRICE, "1,234,567.5", 1_234_567.5);
        reads(Measure::PRICE, "1,0000", 10_000.0);
        reads(Measure::PRICE, "1,5", 1.5);
        reads(Measure::BUDGET, "1,5万", 15_000.0);
        reads(Measure::PRICE, "3.500,00", 3500.0);
        reads(Measure::BUDGET, "€ 1.234.567,8", 1_234_567.8);
        reads(Measure::PRICE, "0。6", 0.6);
        reads(Measure::PRICE, "1，234", 1234.0);
    }

    #[test]
    fn mistakes_have_names() {
        for garbage in
            ["", "abc", "8x", "1.2.3", "1.5,2", "1.234,5,6", "--4", "e9", "NaN", "inf", "12 GB of memory", "。", "<script>", "万"]
        {
            assert_eq!(Measure::LENGTH.read(garbage), Err(Fault::NotANumber), "{garbage}");
        }
        assert_eq!(Measure::LENGTH.read("0"), Err(Fault::TooSmall));
        assert_eq!(Measure::LENGTH.read("-5"), Err(Fault::TooSmall));
        assert_eq!(Measure::LENGTH.read("1.5"), Err(Fault::NotWhole));
        assert_eq!(Measure::LENGTH.read("1e30"), Err(Fault::TooLarge));
        assert_eq!(Measure::TOKENS.read("1e999999999999"), Err(Fault::TooLarge));
        assert_eq!(Measure::TOKENS.read("1e-400"), Err(Fault::TooSmall));
        assert_eq!(Measure::POWER_LIMIT.read("9000"), Err(Fault::TooLarge));
        assert_eq!(Measure::BILLIONS.read("7"), Err(Fault::NotANumber));
    }

    #[test]
    fn the_example_of_a_field_suits_the_field() {
        for lang in whichcard::text::Lang::ALL {
            for measure in Measure::ALL {
                let example = measure.example(*lang);
                assert!(measure.read(&example).is_ok(), "{}: {example}", measure.name);
            }
        }
    }
}
