//! The page: mounts the Yew application. Everything it shows comes from the library.

use yew::prelude::*;

#[component]
fn App() -> Html {
    html! { <main><h1>{ "Whichcard" }</h1></main> }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
