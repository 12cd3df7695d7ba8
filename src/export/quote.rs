//! Text inside other languages: a model's name is typed by a visitor and must stay a name.

use std::fmt::Write;

/// One word of a POSIX shell: bare where nothing in it is special, else in single quotes.
pub(super) fn shell(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,=+@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\0', "").replace('\'', r"'\''"))
}

/// A double-quoted string, with the escapes YAML 1.2 and Python share.
pub(super) fn double(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if unprintable(c) && u32::from(c) < 0x1_0000 => drop(write!(quoted, "\\u{:04X}", u32::from(c))),
            c if unprintable(c) => drop(write!(quoted, "\\U{:08X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// One line without controls: safe behind a comment sign.
pub(super) fn line(text: &str) -> String {
    text.chars().map(|c| if unprintable(c) { ' ' } else { c }).collect()
}

/// Text in a Markdown table cell or paragraph: signs that start markup are escaped. A line within a word starts none.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let text = line(text);
    let mut signs = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = signs.next() {
        let within = c == '_' && before.is_ascii_alphanumeric() && signs.peek().is_some_and(char::is_ascii_alphanumeric);
        if "\\`*_{}[]<>#|!&~".contains(c) && !within {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
    escaped
}

/// Text or the value of an attribute in XML and HTML.
pub(super) fn xml(text: &str) -> String {
    line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A field of a CSV file (RFC 4180). A leading sign that spreadsheets take for a formula gets an apostrophe before it.
pub(super) fn csv(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Controls, line separators, and what YAML does not count as printable.
fn unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') || invisible_direction(c)
}

/// Signs that turn the direction of text, which can make code read differently from what it is.
const fn invisible_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}
