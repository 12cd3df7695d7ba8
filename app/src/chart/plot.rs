//! The frame of a chart: grid, labels, titles of the axes.

use super::{Scale, across, down};
use crate::format::short;
use yew::prelude::*;

/// An axis with its labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Where values lie.
    pub scale: Scale,
    /// Values with a line and what is written there.
    pub marks: Vec<(f64, String)>,
    /// What it measures.
    pub title: String,
}

/// A chart: what it shows in words, its axes, and what is drawn inside.
pub fn plot(label: String, x: &Axis, y: &Axis, inside: Html) -> Html {
    html! {
        <div class="chart">
            <p class="axis-title y" aria-hidden="true">{ &y.title }</p>
            <div class="plot">
                <svg role="group" aria-label={label}>
                    <g class="grid" aria-hidden="true">
                        { for y.marks.iter().map(|(value, text)| {
                            let place = down(y.scale.at(*value));
                            html! {
                                <g key={text.clone()} class="rule">
                                    <line x1="0" x2="100%" y1={place.clone()} y2={place.clone()} />
                                    <text x="0" y={place} dx="-8" dy=".35em" text-anchor="end">{ text }</text>
                                </g>
                            }
                        }) }
                    </g>
                    <g class="grid" aria-hidden="true">
                        { for x.marks.iter().map(|(value, text)| {
                            let place = across(x.scale.at(*value));
                            html! {
                                <g key={text.clone()} class="mark">
                                    <line y1="0" y2="100%" x1={place.clone()} x2={place.clone()} />
                                    <text x={place} y="100%" dy="1.35em" text-anchor="middle">{ text }</text>
                                </g>
                            }
                        }) }
                    </g>
                    { inside }
                </svg>
            </div>
            <p class="axis-title x" aria-hidden="true">{ &x.title }</p>
        </div>
    }
}

/// Lines and bands, in shares of the plot.
#[derive(Default)]
pub struct Shapes {
    /// Class and corners of lines.
    pub lines: Vec<(&'static str, Vec<(f64, f64)>)>,
    /// Class and corners of filled areas.
    pub areas: Vec<(&'static str, Vec<(f64, f64)>)>,
}

/// Draws lines and bands in a square that is stretched over the plot; their width is not stretched.
pub fn shapes(shapes: &Shapes) -> Html {
    html! {
        <svg class="shapes" viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%" aria-hidden="true">
            { for shapes.areas.iter().map(|(class, corners)| html! {
                <polygon key={*class} class={*class} points={points(corners)} />
            }) }
            { for shapes.lines.iter().map(|(class, corners)| html! {
                <polyline key={*class} class={*class} points={points(corners)} fill="none" />
            }) }
        </svg>
    }
}

fn points(corners: &[(f64, f64)]) -> String {
    let mut text = String::new();
    for (x, y) in corners {
        text.push_str(&place(*x));
        text.push(',');
        text.push_str(&place(1.0 - y));
        text.push(' ');
    }
    text
}

/// A share in thousandths; digits in plain ASCII, as attributes want them.
fn place(share: f64) -> String {
    let thousandths = (share.clamp(0.0, 1.0) * 1000.0).round();
    if thousandths >= 1000.0 { "1000".to_owned() } else { short(thousandths) }
}
