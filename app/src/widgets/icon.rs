//! The few signs of the page, drawn in the colour of the text around them.

use yew::prelude::*;

/// What a sign means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Fits.
    Check,
    /// Just fits.
    Tight,
    /// Partly in host memory.
    Host,
    /// Does not fit.
    Cross,
    /// Something to know.
    Info,
    /// Something to mind.
    Warning,
    /// Leads on.
    Arrow,
    /// Opens.
    Chevron,
    /// Back to what was.
    Back,
    /// Pins to the comparison.
    Pin,
    /// A link to copy.
    Link,
    /// The mark of the page.
    Mark,
}

#[derive(Properties, PartialEq)]
pub struct IconProps {
    pub sign: Sign,
}

/// A sign, hidden from screen readers: the word beside it says the same.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let path = match props.sign {
        Sign::Check => "M3.5 8.5l3 3 6-7",
        Sign::Tight => "M2.5 8h11M5.5 5L2.5 8l3 3M10.5 5l3 3-3 3",
        Sign::Host => "M2.5 4.5h11v4h-11zM5 8.5v4M11 8.5v4M5 6.5h.1M8 6.5h.1",
        Sign::Cross => "M4 4l8 8M12 4l-8 8",
        Sign::Info => "M8 7v4.5M8 4.4v.2M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13",
        Sign::Warning => "M8 6v3.5M8 11.6v.2M8 1.8L1.5 13.5h13z",
        Sign::Arrow => "M3 8h9.5M8.5 4l4 4-4 4",
        Sign::Chevron => "M4.5 6.5L8 10l3.5-3.5",
        Sign::Back => "M6 3.5L2.5 7 6 10.5M2.5 7h7a4 4 0 0 1 0 8H8",
        Sign::Pin => "M5.5 2.5h5l-1 4 2.5 2.5h-8L6.5 6.5zM8 9v5",
        Sign::Link => "M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5L7.5 13A3 3 0 0 1 3 8.5L4.5 7",
        Sign::Mark => "M1.5 4v9M1.5 5.5h11a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2h-11M5 12.5V15M9.5 12.5V15M5 9h3M10.5 9h.5",
    };
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"
            fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">
            <path d={path} />
        </svg>
    }
}
