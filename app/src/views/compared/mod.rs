//! What is compared, as the link has it: cards and setups, chosen by hand, pinned, pasted or kept. How it is drawn is `compare`'s.

mod choice;
mod entry;
mod links;

pub use choice::{
    MOST, all, asked, can_be_seen, choice, entries, fields, is_example, queued, readable, seen, unread, waiting, with,
};
pub use entry::Entry;
pub use links::{adding, comparable, links, others};
