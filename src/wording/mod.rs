//! The one place that turns quantities, and what is made of them, into text for people.

pub(crate) mod choice;
mod money;
mod name;
mod number;
mod quantity;
mod question;
mod recipe;
mod sample;
mod speed;
mod time;

pub use money::{amount, basis, bill, converted, money, named_shortly, per, served, spread, unit_cost};
pub use name::name;
pub use number::{count, decimal, few, large, many, percent, rate, ratio, short};
pub use quantity::{bandwidth, bytes_each, energy, gib, mass, memories, memory, tflops, vram, watts};
pub use question::{job, margin, partly_in_main_memory, rig, verdict};
pub use recipe::{kept_in_main_memory, recipe};
pub use sample::{at_once, sample, samples};
pub use speed::{electricity, figures, pace};
pub use time::{day, duration, durations, month, time_mark};
