//! Reads the formulas of the working: symbols, numbers, `+ − · / ^ exp ( )`.

use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    Symbol(String),
    Mark(char),
}

fn tokens(formula: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = formula.chars().peekable();
    while let Some(first) = rest.next() {
        if first.is_whitespace() {
            continue;
        }
        if !first.is_alphanumeric() {
            tokens.push(Token::Mark(first));
            continue;
        }
        let mut word = String::from(first);
        while let Some(next) = rest.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '.')) {
            word.push(next);
        }
        tokens.push(word.parse().map_or(Token::Symbol(word), Token::Number));
    }
    tokens
}

/// The symbols of a formula.
pub fn symbols(formula: &str) -> BTreeSet<String> {
    let word = |token| if let Token::Symbol(word) = token { Some(word) } else { None };
    tokens(formula).into_iter().filter_map(word).filter(|word| word != "exp").collect()
}

/// What a formula gives for these inputs; nothing if it cannot be read to its end.
pub fn evaluate(formula: &str, inputs: &BTreeMap<String, f64>) -> Option<f64> {
    let mut reader = Reader { tokens: tokens(formula), at: 0, inputs };
    let value = reader.sum()?;
    (reader.at == reader.tokens.len()).then_some(value)
}

struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    inputs: &'a BTreeMap<String, f64>,
}

impl Reader<'_> {
    fn takes(&mut self, mark: char) -> bool {
        let found = self.tokens.get(self.at) == Some(&Token::Mark(mark));
        self.at += usize::from(found);
        found
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
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        match token {
            Token::Number(value) => Some(value),
            Token::Symbol(word) if word == "exp" => Some(self.atom()?.exp()),
            Token::Symbol(word) => self.inputs.get(&word).copied(),
            Token::Mark(_) => None,
        }
    }
}

#[test]
fn formulas_are_read_as_they_are_written() {
    let inputs = BTreeMap::from([("a".to_owned(), 2.0), ("b_x".to_owned(), 3.0)]);
    assert_eq!(evaluate("a + b_x · 4 / 2", &inputs), Some(8.0));
    assert_eq!(evaluate("(a + b_x)^2 − 1", &inputs), Some(24.0));
    assert_eq!(evaluate("exp(−1 · (b_x − b_x))", &inputs), Some(1.0));
    assert_eq!(evaluate("a b_x", &inputs), None);
    assert_eq!(symbols("a · exp(b_x)"), BTreeSet::from(["a".to_owned(), "b_x".to_owned()]));
}
