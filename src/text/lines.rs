//! Sentences of the JavaScript module: lines of a key, a tabulator and what it says, in the order of the keys.

use std::cmp::Ordering;

/// What a key says, found by halves: an answer about all cards has thousands of sentences, and looking through the lines for
/// each took longer than finding the answer.
pub(super) fn find<'a>(lines: &'a str, key: &str) -> Option<&'a str> {
    let mut rest = lines;
    loop {
        let before = rest.as_bytes().get(..rest.len() / 2)?;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let (line, after) = rest.get(start..)?.split_once('\n')?;
        let (name, sentence) = line.split_once('\t')?;
        match name.cmp(key) {
            Ordering::Equal => return Some(sentence),
            Ordering::Less => rest = after,
            Ordering::Greater => rest = rest.get(..start)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_key_says_its_own_and_others_nothing() {
        let said: BTreeMap<String, String> = (0..300).map(|n| (format!("reason.{n}"), format!("“{n}” → €{}", n * 7))).collect();
        for count in [0, 1, 2, 3, 299, 300] {
            let some: Vec<_> = said.iter().take(count).collect();
            let lines: String = some.iter().map(|(key, sentence)| format!("{key}\t{sentence}\n")).collect();
            for (key, sentence) in &some {
                assert_eq!(find(&lines, key), Some(sentence.as_str()), "{key} of {count}");
            }
            for other in ["", "a", "reason.", "reason.1x", "reason.300", "z"] {
                assert_eq!(find(&lines, other), None, "{other} of {count}");
            }
        }
    }
}
