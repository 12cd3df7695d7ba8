//! The one place that turns quantities into text for the screen: each kind in a file of its own.

mod money;
mod number;
mod quantity;
mod time;

pub use money::{amount, bill, money};
pub use number::{count, css_percent, decimal, few, float, large, many, percent, rate, ratio, short};
pub use quantity::{bandwidth, bytes_each, energy, gib, mass, memories, memory, tflops, vram, watts};
pub use time::{duration, durations, month, time_mark};
