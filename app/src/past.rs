//! The changes that can be taken back, as a text that outlives a reload. The first visit does without it.

use super::tab;
use std::rc::Rc;
use whichcard::share::Link;

/// What was asked before, the latest last, and whether the change after it led to another view.
pub type Past = Vec<(Rc<Link>, bool)>;

/// As many as a visitor may still have in mind, and a tab writes in no time.
const KEPT: usize = 30;
/// Begins the line of a link from which a change led to another view.
const MOVED: char = '>';

/// Keeps them, and where they led: what changes before the next time is known to have been changed there.
pub fn keep(past: &Past, now: &str) {
    // There may be none while the module that writes them is not here yet.
    tab::keep_past(&if past.is_empty() { String::new() } else { written(past, now) });
}

#[inline(never)]
fn written(past: &Past, now: &str) -> String {
    let mut text = String::new();
    for (link, moved) in past.iter().skip(past.len().saturating_sub(KEPT)) {
        if *moved {
            text.push(MOVED);
        }
        text.push_str(&link.write());
        text.push('\n');
    }
    text + now
}

/// The changes of a text, which it may not be.
#[inline(never)]
pub fn read(text: &str) -> Past {
    let read = |line: &str| match line.strip_prefix(MOVED) {
        Some(query) => (Rc::new(Link::read(query)), true),
        None => (Rc::new(Link::read(line)), false),
    };
    text.lines().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_changes_are_kept_with_where_they_led() {
        let step = |seq: usize| (Rc::new(Link::read(&format!("view=inspect&seq={seq}"))), seq.is_multiple_of(2));
        let past: Past = (0..100).map(step).collect();
        let text = written(&past, "v=1&view=card");
        let mut kept = read(&text);
        assert_eq!(kept.pop().map(|(link, _)| link.write()).as_deref(), Some("v=1&view=card"));
        assert_eq!(kept, past.split_at(100 - KEPT).1);
    }
}
