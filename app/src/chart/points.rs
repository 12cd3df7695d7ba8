//! Points that say their values when they are pointed at or reached by keyboard, and lead somewhere when they are followed.

use super::{across, down};
use crate::browser;
use crate::context::followed;
use yew::prelude::*;

/// A point of a chart.
#[derive(Clone, PartialEq)]
pub struct Point {
    /// Name in keys and tests, of its own within the chart.
    pub id: String,
    /// Shares of the width and the height.
    pub place: (f64, f64),
    /// How it looks besides `point`.
    pub class: &'static str,
    /// What it says.
    pub words: String,
    /// Where it leads, as a link.
    pub href: String,
    /// What following it does instead.
    pub follow: Callback<()>,
}

/// All points. One takes the Tab key, the arrows walk from there; `shown` is the one that is pointed at.
pub fn points(prefix: &'static str, points: &[Point], start: usize, shown: &UseStateHandle<Option<usize>>) -> Html {
    let last = points.len().saturating_sub(1);
    let active = shown.unwrap_or(start).min(last);
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let next = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => (active + 1).min(last),
            "ArrowLeft" | "ArrowDown" => active.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        browser::focus_id(&format!("{prefix}-{next}"));
    });
    // What a drawing names last covers the rest: those that matter are not to be covered.
    let weight = |point: &Point| match point.class {
        "best" => 2,
        class if class.starts_with("main") => 1,
        _ => 0,
    };
    let mut painted: Vec<(usize, &Point)> = points.iter().enumerate().collect();
    painted.sort_by_key(|(_, point)| weight(point));
    html! {
        <g class="points" {onkeydown}>
            { for painted.into_iter().map(|(index, point)| one(prefix, point, index, index == active, shown)) }
        </g>
    }
}

fn one(prefix: &'static str, point: &Point, index: usize, active: bool, shown: &UseStateHandle<Option<usize>>) -> Html {
    let show = |value: Option<usize>| {
        let shown = shown.clone();
        Callback::from(move |_: Event| shown.set(value))
    };
    let (enter, leave) = (show(Some(index)), show(None));
    let onmouseenter = enter.reform(|event: MouseEvent| event.into());
    let onmouseleave = leave.reform(|event: MouseEvent| event.into());
    let onfocus = enter.reform(|event: FocusEvent| event.into());
    let follow = point.follow.clone();
    let onclick = followed(move || follow.emit(()));
    let (x, y) = point.place;
    html! {
        <a key={point.id.clone()} id={format!("{prefix}-{index}")} href={point.href.clone()} class={classes!("point", point.class)}
            tabindex={if active { "0" } else { "-1" }} aria-label={point.words.clone()} data-point={point.id.clone()}
            {onclick} {onmouseenter} {onmouseleave} {onfocus}>
            <circle cx={across(x)} cy={down(y)} r="5" />
        </a>
    }
}
