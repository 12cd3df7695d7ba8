//! Charts as SVG that is laid out by the page: text keeps its size, lines their width, whatever the width of the screen.
//!
//! Places are shares of the plot, written in percent; what needs corners (lines, bands) is drawn in a square of its own that is
//! stretched over the plot. Every chart has a twin in words or as a table, so it is never the only way to a number.

mod plot;
mod points;
mod scale;

pub use plot::{Axis, Shapes, plot, shapes};
pub use points::{Point, points};
pub use scale::{Scale, round_ticks, time_ticks};

use super::format::css_percent;

/// Where a share of the width or height lies, in percent from the left or the bottom.
pub fn across(share: f64) -> String {
    css_percent(share)
}

/// Where a share of the height lies, in percent from the top.
pub fn down(share: f64) -> String {
    css_percent(1.0 - share)
}
