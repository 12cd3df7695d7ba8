//! An answer leaves the page: as a link, as a table in the clipboard, on paper.

use crate::app::carry;
use crate::app::context::use_env;
use crate::app::widgets::{Icon, Sign};
use web_sys::HtmlTextAreaElement;
use whichcard::export::TableForm;
use whichcard::share::{Field, View};
use yew::prelude::*;

/// What a table is copied as, by name in keys and tests.
const FORMS: [(&str, TableForm); 3] = [("markdown", TableForm::Markdown), ("csv", TableForm::Csv), ("text", TableForm::Text)];

#[derive(Properties, PartialEq)]
pub struct ShareProps {
    /// The answer as a table: its rows, the head first. Asked for when it is copied.
    #[prop_or_default]
    pub rows: Option<Callback<(), Vec<Vec<String>>>>,
}

/// How copying went.
#[derive(Clone, PartialEq)]
enum Went {
    Copied,
    /// The browser refuses: the text is shown, to be copied by hand.
    Shown(String),
}

#[component]
pub fn Share(props: &ShareProps) -> Html {
    let env = use_env();
    let went = use_state(|| None::<Went>);
    let shown = use_node_ref();
    use_effect_with((*went).clone(), {
        let shown = shown.clone();
        move |_| {
            if let Some(shown) = shown.cast::<HtmlTextAreaElement>() {
                shown.select();
            }
        }
    });
    let copying = |text: Callback<(), String>| {
        let went = went.clone();
        Callback::from(move |_: MouseEvent| {
            let (text, went) = (text.emit(()), went.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let copied = carry::write(&text).await;
                went.set(Some(if copied { Went::Copied } else { Went::Shown(text) }));
            });
        })
    };
    let link = {
        let env = env.clone();
        // What is compared is the question here, where it is only carried along elsewhere.
        let lasting = env.lasting(&env.link);
        let lasting = match env.link.get(Field::Setups) {
            Some(setups) if env.link.view() == View::Compare => lasting.with(Field::Setups, setups),
            _ => lasting,
        };
        Callback::from(move |()| carry::address(&lasting.write()))
    };
    let forms = props.rows.iter().flat_map(|rows| FORMS.map(|(name, form)| (name, form, rows.clone())));
    let refused = if let Some(Went::Shown(text)) = &*went { Some(text.clone()) } else { None };
    html! {
        <section class="share" aria-label={env.say("app.share.title")}>
            <p class="row">
                <button type="button" class="small" id="share-link" onclick={copying(link)}><Icon sign={Sign::Link} />{ env.say("app.share.link") }</button>
                { for forms.map(|(name, form, rows)| {
                    let text = Callback::from(move |()| carry::table(&rows.emit(()), form));
                    html! { <button key={name} type="button" class="small" data-copy={name} onclick={copying(text)}>{ env.say(&format!("app.share.{name}")) }</button> }
                }) }
                <button type="button" class="small" onclick={Callback::from(|_: MouseEvent| carry::print())}>{ env.say("app.share.print") }</button>
            </p>
            <p class="quiet" role="status" id="share-told">{ went.as_ref().map(|went| env.say(if *went == Went::Copied { "app.take.copied" } else { "app.take.selected" })) }</p>
            { for refused.into_iter().map(|text| html! { <textarea key="text" ref={shown.clone()} readonly=true rows="4" aria-label={env.say("app.share.title")} value={text} /> }) }
        </section>
    }
}
