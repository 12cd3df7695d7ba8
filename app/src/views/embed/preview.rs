//! The frame as it will be. It is loaded once, without the question: what is chosen afterwards reaches it inside the browser.

use crate::browser;
use crate::context::use_env;
use web_sys::HtmlIFrameElement;
use whichcard::export::snippet::Room;
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
}

#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let env = use_env();
    let height = use_state(|| super::HEIGHT);
    let onheight = {
        let height = height.clone();
        Callback::from(move |told: u32| height.set(told))
    };
    let node = use_node_ref();
    let onload = use_question(&node, &props.query, onheight);
    // Until the question is there it waits in the language of the page; another address would load it again.
    let src = use_memo((), |()| format!("?embed=1&lang={}", env.lang.tag()));
    html! {
        <section class="preview">
            <h2>{ env.say("app.embed.preview") }</h2>
            <div class="scroll"><iframe ref={node} id="preview" src={src.to_string()} title={props.title.clone()} {onload}
                style={format!("width:{};height:{}px", props.width, *height)}></iframe></div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub struct MeasuredProps {
    /// What the frame holds.
    pub query: AttrValue,
    /// Told what it takes in columns of all widths.
    pub onroom: Callback<Room>,
}

/// The same where nobody sees or hears it: how tall it is in which column belongs into the lines. It waits in the narrowest, where
/// whatever changes shows in the height.
#[component]
pub fn Measured(props: &MeasuredProps) -> Html {
    let node = use_node_ref();
    let onheight = {
        let (node, onroom) = (node.clone(), props.onroom.clone());
        Callback::from(move |_: u32| {
            let frame = node.cast::<HtmlIFrameElement>();
            if let Some(heights) = frame.and_then(|frame| browser::heights_of_frame(&frame, Room::COLUMNS)) {
                onroom.emit(Room::measured(heights));
            }
        })
    };
    let onload = use_question(&node, &props.query, onheight);
    html! {
        <div class="sizing" inert={true} aria-hidden="true">
            <iframe ref={node} src="?embed=1" title="Whichcard" tabindex="-1" {onload}></iframe>
        </div>
    }
}

/// A frame that is asked a question whenever that changes, and listened to.
#[hook]
fn use_question(node: &NodeRef, query: &AttrValue, onheight: Callback<u32>) -> Callback<Event> {
    let told = use_mut_ref(|| onheight.clone());
    told.replace(onheight);
    use_effect_with(node.clone(), move |node| {
        let listener = node
            .cast::<HtmlIFrameElement>()
            .and_then(|frame| browser::on_frame_height(frame, move |height| told.borrow().emit(height.min(LARGEST))));
        move || drop(listener)
    });
    let show = {
        let node = node.clone();
        move |query: &str| {
            if let Some(frame) = node.cast::<HtmlIFrameElement>() {
                browser::show_in_frame(&frame, query);
            }
        }
    };
    use_effect_with(query.clone(), {
        let show = show.clone();
        move |query| show(query)
    });
    let query = query.clone();
    Callback::from(move |_: Event| show(&query))
}
