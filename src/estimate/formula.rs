//! Reads the formulas of the working: symbols, numbers, `+ − · / ^ exp ( )`.

use crate::document::Entries;

/// What a formula gives for these inputs; nothing if it cannot be read to its end.
#[must_use]
pub fn value_of(formula: &str, inputs: &Entries<f64>) -> Option<f64> {
    let mut reader = Reader { rest: formula, inputs };
    let value = reader.sum()?;
    reader.rest.trim_start().is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
    inputs: &'a Entries<f64>,
}

impl Reader<'_> {
    fn takes(&mut self, mark: char) -> bool {
        let rest = self.rest.trim_start().strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn sum(&mut self) -> Option<f64> {
        let mut value = self.product()?;
        loop {
            if self.takes('+') {
                value += self.product()?;
            } else if self.takes('−') {
                value -= self.product()?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut value = self.power()?;
        loop {
            if self.takes('·') {
                value *= self.power()?;
            } else if self.takes('/') {
                value /= self.power()?;
            } else {
                return Some(value);
            }
        }
    }

    fn power(&mut self) -> Option<f64> {
        let base = self.atom()?;
        if self.takes('^') { Some(base.powf(self.atom()?)) } else { Some(base) }
    }

    fn atom(&mut self) -> Option<f64> {
        if self.takes('−') {
            return Some(-self.atom()?);
        }
        if self.takes('(') {
            let value = self.sum()?;
            return self.takes(')').then_some(value);
        }
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.')).unwrap_or(rest.len());
        let (word, rest) = rest.split_at_checked(end)?;
        self.rest = rest;
        match word {
            "exp" => Some(self.atom()?.exp()),
            _ => self.inputs.get(word).copied().or_else(|| number(word)),
        }
    }
}

/// Plain digits with a point.
fn number(word: &str) -> Option<f64> {
    let (whole, fraction) = word.split_once('.').unwrap_or((word, ""));
    let read = |digits: &str| digits.chars().try_fold(0.0, |read, digit| Some(read * 10.0 + f64::from(digit.to_digit(10)?)));
    let scale = fraction.chars().fold(1.0, |scale, _| scale * 10.0);
    (!whole.is_empty()).then_some(())?;
    Some(read(whole)? + read(fraction)? / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_read_as_they_are_written() {
        let inputs = Entries::from_iter([("a".to_owned(), 2.0), ("b_x".to_owned(), 3.0)]);
        let value = |formula: &str| value_of(formula, &inputs);
        assert_eq!(value("a + b_x · 4 / 2"), Some(8.0));
        assert_eq!(value("(a + b_x)^2 − 1.25"), Some(23.75));
        assert_eq!(value("exp(−1 · (b_x − b_x))"), Some(1.0));
        for broken in ["a b_x", "a +", "(a", "c", "", "1.x", "·"] {
            assert_eq!(value(broken), None, "{broken}");
        }
    }
}
