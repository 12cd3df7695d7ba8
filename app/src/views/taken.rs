//! Memory that the display and other programs take, with what is usual for a start.

use crate::context::use_env;
use crate::widgets::NumberField;
use whichcard::detect::Platform;
use whichcard::share::Field;
use yew::prelude::*;

/// What is usual, in GB, by what the machine does besides. Readings of idle desktops scatter from 0.2 to 0.6 GB on Linux and 0.4 to
/// 1 GB on Windows, more with every screen; a browser and a video player add about as much again. See docs/detection.md.
const USUAL: [(&str, &str); 4] = [("none", "0"), ("linux", "0.4"), ("windows", "0.8"), ("busy", "1.5")];

/// What is usual on a platform that draws on the card.
pub fn usual(platform: Platform) -> Option<&'static str> {
    let name = match platform {
        Platform::Windows => "windows",
        Platform::Linux => "linux",
        Platform::MacOs | Platform::Mobile | Platform::Unknown => return None,
    };
    USUAL.iter().find(|(usual, _)| *usual == name).map(|(_, amount)| *amount)
}

#[component]
pub fn Taken() -> Html {
    let env = use_env();
    let now = env.link.get(Field::Reserved).map(str::trim).filter(|text| !text.is_empty()).unwrap_or("0");
    let note = html! {
        <p class="row usual">
            { for USUAL.into_iter().map(|(name, amount)| {
                let set = env.set(Field::Reserved);
                let onclick = Callback::from(move |_: MouseEvent| set.emit(amount.to_owned()));
                html! {
                    <button key={name} type="button" class="small" data-taken={amount} aria-pressed={(now == amount).to_string()}
                        {onclick}>
                        { env.say(&format!("app.taken.{name}")) }{ "\u{a0}" }<b>{ amount }</b>
                    </button>
                }
            }) }
        </p>
    };
    html! { <NumberField field={Field::Reserved} placeholder="0" unit="GB" hint="app.hint.reserved" {note} /> }
}
