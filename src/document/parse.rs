//! From text to JSON.

use serde_json::Value;
use std::fmt;

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
    serde_json::from_str(text).map_err(|error| {
        let before = text.lines().nth(error.line().saturating_sub(1)).and_then(|line| line.get(..error.column()));
        // Columns are counted in bytes; whoever looks for the place counts characters.
        let column = before.map_or(error.column(), |before| before.chars().count());
        NotJson { line: error.line(), column, ends: error.is_eof() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn broken(text: &str, line: usize, column: usize, ends: bool) {
        assert_eq!(parse(text), Err(NotJson { line, column, ends }), "{text}");
    }

    #[test]
    fn a_mistake_has_a_place() {
        broken("hello", 1, 1, false);
        broken("{\"a\": 1,\n \"b\": tru }", 2, 10, false);
        broken("{\"a\": [1, 2", 1, 11, true);
        broken("[1,]", 1, 4, false);
        broken("{\"a\" 1}", 1, 6, false);
        broken("[\"中文\", x]", 1, 8, false);
        broken("{} {}", 1, 4, false);
        broken("1e999", 1, 5, false);
    }

    #[test]
    fn text_without_end_in_depth_is_refused() {
        assert!(parse(&"[".repeat(200_000)).is_err());
    }
}
