//! The frame as it will be. It is loaded once, without the question: what is chosen afterwards reaches it inside the browser.

use crate::app::browser;
use crate::app::context::use_env;
use web_sys::HtmlIFrameElement;
use yew::prelude::*;

/// More than any answer is high.
const LARGEST: u32 = 20_000;

#[derive(Properties, PartialEq)]
pub struct PreviewProps {
    /// What the frame shows.
    pub query: AttrValue,
    /// Width in CSS.
    pub width: &'static str,
    pub title: AttrValue,
    /// Told when the frame tells its height.
    pub onheight: Callback<u32>,
}

#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let env = use_env();
    let node = use_node_ref();
    let height = use_state(|| super::HEIGHT);
    use_effect_with(node.clone(), {
        let (height, onheight) = (height.clone(), props.onheight.clone());
        move |node| {
            let listener = node.cast::<HtmlIFrameElement>().and_then(|frame| {
                browser::on_frame_height(frame, move |told| {
                    let told = told.min(LARGEST);
                    height.set(told);
                    onheight.emit(told);
                })
            });
            move || drop(listener)
        }
    });
    let show = {
        let node = node.clone();
        move |query: &str| {
            if let Some(frame) = node.cast::<HtmlIFrameElement>() {
                browser::show_in_frame(&frame, query);
            }
        }
    };
    use_effect_with(props.query.clone(), {
        let show = show.clone();
        move |query| show(query)
    });
    let onload = {
        let query = props.query.clone();
        Callback::from(move |_: Event| show(&query))
    };
    html! {
        <section class="preview">
            <h2>{ env.say("app.embed.preview") }</h2>
            <div class="scroll"><iframe ref={node} id="preview" src="?embed=1" title={props.title.clone()} {onload}
                style={format!("width:{};height:{}px", props.width, *height)}></iframe></div>
        </section>
    }
}
