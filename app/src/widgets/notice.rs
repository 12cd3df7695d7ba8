//! A card with something to know, to mind, or that went wrong.

use super::{Icon, Sign};
use yew::prelude::*;

/// How serious it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// To know.
    Plain,
    /// To mind.
    Caution,
    /// Went wrong.
    Wrong,
}

#[derive(Properties, PartialEq)]
pub struct NoticeProps {
    pub tone: Tone,
    #[prop_or_default]
    pub id: AttrValue,
    #[prop_or_default]
    pub title: AttrValue,
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let (name, sign) = match props.tone {
        Tone::Plain => ("plain", Sign::Info),
        Tone::Caution => ("caution", Sign::Warning),
        Tone::Wrong => ("wrong", Sign::Cross),
    };
    let id = (!props.id.is_empty()).then(|| props.id.clone());
    html! {
        <div {id} class={classes!("notice", name)}>
            <Icon {sign} />
            <div>
                <p class="notice-title" hidden={props.title.is_empty()}>{ &props.title }</p>
                <div>{ props.children.clone() }</div>
            </div>
        </div>
    }
}
