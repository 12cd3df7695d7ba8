//! From text to JSON.
//!
//! `serde_json` reads into any type and from any source, and exactly where a number has more digits than a double holds; its code
//! and tables for that are larger than all that is read here.

use serde_json::{Map, Number, Value};
use std::fmt;

/// Values within values; text that goes deeper is refused rather than followed.
const DEEPEST: usize = 128;

/// Text that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// Line of the first mistake, from 1.
    pub line: usize,
    /// Character in that line, from 1.
    pub column: usize,
    /// It is right as far as it goes, and ends too soon.
    pub ends: bool,
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.ends { "end" } else { "character" };
        write!(f, "unexpected {what} at line {} column {}", self.line, self.column)
    }
}

impl std::error::Error for NotJson {}

/// Reads text as JSON.
///
/// # Errors
/// Where the first mistake is.
pub fn parse(text: &str) -> Result<Value, NotJson> {
    let mut rest = Rest { text, at: 0, deep: 0 };
    let read = rest.value().and_then(|value| if rest.next().is_none() { Some(value) } else { None });
    read.ok_or_else(|| rest.mistake())
}

/// What is still to be read. `None` from any of its readers means a mistake where it stands.
struct Rest<'text> {
    text: &'text str,
    at: usize,
    deep: usize,
}

impl Rest<'_> {
    fn mistake(&self) -> NotJson {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        NotJson { line: before.matches('\n').count() + 1, column: line.chars().count() + 1, ends: self.byte().is_none() }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space.
    fn next(&mut self) -> Option<u8> {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.byte()
    }

    /// Goes past this byte if it is the next one.
    fn past(&mut self, byte: u8) -> bool {
        let here = self.byte() == Some(byte);
        self.at += usize::from(here);
        here
    }

    fn value(&mut self) -> Option<Value> {
        match self.next()? {
            b'{' => self.within(Self::object),
            b'[' => self.within(Self::list),
            b'"' => self.string().map(Value::String),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            _ => None,
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        word.bytes().all(|byte| self.past(byte)).then_some(value)
    }

    fn within(&mut self, read: fn(&mut Self) -> Option<Value>) -> Option<Value> {
        if self.deep == DEEPEST {
            return None;
        }
        self.deep += 1;
        self.at += 1;
        let value = read(self);
        self.deep -= 1;
        value
    }

    fn list(&mut self) -> Option<Value> {
        let mut entries = Vec::new();
        if self.next()? != b']' {
            loop {
                entries.push(self.value()?);
                if self.next()? != b',' {
                    break;
                }
                self.at += 1;
            }
        }
        self.past(b']').then_some(Value::Array(entries))
    }

    fn object(&mut self) -> Option<Value> {
        let mut fields = Map::new();
        if self.next()? != b'}' {
            loop {
                self.next()?;
                let key = self.string()?;
                self.next()?;
                if !self.past(b':') {
                    return None;
                }
                let value = self.value()?;
                fields.insert(key, value);
                if self.next()? != b',' {
                    break;
                }
                self.at += 1;
            }
        }
        self.past(b'}').then_some(Value::Object(fields))
    }

    fn string(&mut self) -> Option<String> {
        if !self.past(b'"') {
            return None;
        }
        let mut text = String::new();
        loop {
            let from = self.at;
            while !matches!(self.byte()?, b'"' | b'\\' | ..b' ') {
                self.at += 1;
            }
            text.push_str(self.text.get(from..self.at)?);
            if self.past(b'"') {
                return Some(text);
            }
            if !self.past(b'\\') {
                return None;
            }
            text.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let escaped = match self.byte()? {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.code();
            }
            _ => return None,
        };
        self.at += 1;
        Some(escaped)
    }

    /// A character by its number, or by two where one does not suffice. Half of such a pair stands for nothing.
    fn code(&mut self) -> Option<char> {
        let first = self.unit()?;
        let after = self.at;
        if (0xd800..0xdc00).contains(&first) && self.past(b'\\') && self.past(b'u') {
            let second = self.unit()?;
            if (0xdc00..0xe000).contains(&second) {
                return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
        }
        self.at = after;
        Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| {
            let digit = char::from(self.byte()?).to_digit(16)?;
            self.at += 1;
            Some(unit * 16 + digit)
        })
    }

    fn number(&mut self) -> Option<Value> {
        let negative = self.past(b'-');
        let mut digits = Digits::default();
        if !self.past(b'0') {
            self.digits(&mut digits, 0)?;
        }
        let mut whole = true;
        if self.past(b'.') {
            whole = false;
            self.digits(&mut digits, -1)?;
        }
        if self.past(b'e') || self.past(b'E') {
            whole = false;
            let down = self.past(b'-');
            if !down {
                self.past(b'+');
            }
            let mut power = Digits::default();
            self.digits(&mut power, 0)?;
            let power = i32::try_from(power.value.min(100_000)).unwrap_or_default();
            digits.power += if down { -power } else { power };
        }
        let number = match (whole && digits.power == 0, negative) {
            (true, false) => Some(Number::from(digits.value)),
            (true, true) => 0i64.checked_sub_unsigned(digits.value).filter(|value| *value != 0).map(Number::from),
            (false, _) => None,
        };
        let real = || Number::from_f64(if negative { -digits.real() } else { digits.real() });
        number.or_else(real).map(Value::Number)
    }

    /// At least one digit; each moves the point by so much.
    fn digits(&mut self, into: &mut Digits, by: i32) -> Option<()> {
        let from = self.at;
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            into.push(digit - b'0', by);
            self.at += 1;
        }
        (self.at > from).then_some(())
    }
}

/// A number in digits: as many as fit, and the power of ten that they are of.
#[derive(Default)]
struct Digits {
    value: u64,
    power: i32,
}

impl Digits {
    fn push(&mut self, digit: u8, by: i32) {
        match self.value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit))) {
            Some(value) if self.power <= 0 => {
                self.value = value;
                self.power += by;
            }
            // Beyond what fits, digits count but are not told apart.
            _ => self.power += by + 1,
        }
    }

    /// Exact up to fifteen digits and powers up to 22, as both are doubles then; else off by a few of the last bits.
    #[expect(clippy::cast_precision_loss, reason = "see above")]
    fn real(&self) -> f64 {
        let (value, power) = (self.value as f64, self.power);
        if self.value == 0 {
            return 0.0;
        }
        match power {
            ..-300 => value / 1e300 / 10f64.powi((-300 - power).min(400)),
            -300..0 => value / 10f64.powi(-power),
            _ => {
                let factor = 10f64.powi(power.min(400));
                let read = value * factor;
                // The last bits of the largest double may round beyond it.
                let near = value / 10.0 * factor <= f64::MAX / 10.0 * (1.0 + 4.0 * f64::EPSILON);
                if read.is_infinite() && near { f64::MAX } else { read }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn broken(text: &str, line: usize, column: usize, ends: bool) {
        assert_eq!(parse(text), Err(NotJson { line, column, ends }), "{text}");
    }

    #[test]
    fn a_mistake_has_a_place() {
        broken("", 1, 1, true);
        broken("hello", 1, 1, false);
        broken("{\"a\": 1,\n \"b\": tru }", 2, 10, false);
        broken("{\"a\": [1, 2", 1, 12, true);
        broken("[1,]", 1, 4, false);
        broken("{\"a\" 1}", 1, 6, false);
        broken("\"中文\\q\"", 1, 5, false);
        broken("01", 1, 2, false);
        broken("1.", 1, 3, true);
        broken("{} {}", 1, 4, false);
        broken("\"a\nb\"", 1, 3, false);
        assert!(parse(&"[".repeat(200_000)).is_err());
    }

    #[test]
    fn numbers_are_what_they_say() {
        let real = |text: &str| parse(text).ok().and_then(|value| value.as_f64());
        let texts = [
            "0",
            "-0.0",
            "1e22",
            "1.5e-7",
            "0.1",
            "123456789012345",
            "-2.5E+3",
            "0.0",
            "0e999",
            "-0e400",
            "1e0",
            "9007199254740993",
        ];
        for text in texts {
            assert_eq!(real(text), text.parse().ok(), "{text}");
        }
        for text in ["1.797e308", "5e-324", "2.2250738585072014e-308", "123456789.123456789123456789e-12", "1e-400"] {
            let (read, exact): (f64, f64) = (real(text).unwrap(), text.parse().unwrap());
            assert!((read - exact).abs() <= exact.abs() * 1e-15 + 5e-324, "{text}: {read}");
        }
        assert_eq!(parse("18446744073709551615").unwrap().as_u64(), Some(u64::MAX));
        assert_eq!(parse("-9223372036854775808").unwrap().as_i64(), Some(i64::MIN));
        assert_eq!(real(&f64::MAX.to_string()), Some(f64::MAX));
        assert_eq!(real("1.7976931348623157e308"), Some(f64::MAX));
        assert!(parse("1e999").is_err() && parse("1.8e308").is_err());
    }

    #[test]
    fn characters_may_be_written_by_number() {
        assert_eq!(parse(r#""\u4e2d\ud83d\ude00\n\/""#), Ok(Value::from("中😀\n/")));
        assert_eq!(parse(r#""\ud83d!""#), Ok(Value::from("\u{fffd}!")));
    }

    fn values() -> impl Strategy<Value = Value> {
        let single = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        single.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..5).prop_map(Value::from_iter),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_read(value in values()) {
            prop_assert_eq!(parse(&value.to_string()), Ok(value.clone()));
            prop_assert_eq!(parse(&serde_json::to_string_pretty(&value).unwrap()), Ok(value));
        }

        #[test]
        fn what_serde_refuses_is_refused(text in r#"[\[\]{}:,"\\ \n0-9eE.+tfnu-]{0,12}"#) {
            prop_assert_eq!(parse(&text).is_ok(), serde_json::from_str::<Value>(&text).is_ok(), "{}", text);
        }
    }
}
