//! An answer leaves the page: as a link, as a table in the clipboard, on paper.

use super::copying::{Copied, copying, told};
use super::tabled::Rows;
use crate::carry;
use crate::context::{Env, use_env};
use crate::widgets::{Icon, Sign};
use web_sys::HtmlTextAreaElement;
use whichcard::export::TableForm;
use whichcard::share::{Field, View};
use yew::prelude::*;

/// What a table is copied as, by name in keys and tests.
const FORMS: [(&str, TableForm); 3] = [("markdown", TableForm::Markdown), ("csv", TableForm::Csv), ("text", TableForm::Text)];

#[derive(Properties, PartialEq)]
pub struct ShareProps {
    /// The answer as a table. Asked for when it is copied.
    #[prop_or_default]
    pub rows: Option<Callback<TableForm, Rows>>,
    /// What is asked, in words.
    #[prop_or_default]
    pub asked: AttrValue,
}

#[component]
pub fn Share(props: &ShareProps) -> Html {
    let env = use_env();
    let copied = use_state(|| None::<Copied>);
    let shown = use_node_ref();
    use_effect_with((*copied).clone(), {
        let shown = shown.clone();
        move |_| {
            if let Some(shown) = shown.cast::<HtmlTextAreaElement>() {
                shown.select();
            }
        }
    });
    let link = {
        // What is compared is the question here, where it is only carried along elsewhere.
        let lasting = env.lasting(&env.link);
        let lasting = match env.link.get(Field::Setups) {
            Some(setups) if env.link.view() == View::Compare => lasting.with(Field::Setups, setups),
            _ => lasting,
        };
        move || carry::address(&lasting.write())
    };
    let link_text = {
        let link = link.clone();
        move || link().into()
    };
    let forms = props.rows.iter().flat_map(|rows| FORMS.map(|(name, form)| (name, form, rows.clone())));
    let refused = if let Some(Copied::ByHand(text)) = copied.as_ref() { Some(text.to_string()) } else { None };
    html! {
        <section class="share" aria-label={env.say("app.share.title")}>
            <p class="row">
                <button type="button" class="small" id="share-link" onclick={copying(link_text, None, &copied)}>
                    <Icon sign={Sign::Link} />
                    { env.say("app.share.link") }
                </button>
                { for forms.map(|(name, form, rows)| {
                    let label = env.say(&format!("app.share.{name}"));
                    let (env, asked, link) = (env.clone(), props.asked.clone(), link.clone());
                    let text = move || {
                        let table = carry::table(&rows.emit(form), form);
                        if form == TableForm::Markdown { told_of(&env, &asked, &table, &link()).into() } else { table.into() }
                    };
                    html! {
                        <button key={name} type="button" class="small" data-copy={name} onclick={copying(text, None, &copied)}>
                            { label }
                        </button>
                    }
                }) }
                <button type="button" class="small" onclick={Callback::from(|_: MouseEvent| carry::print())}>
                    { env.say("app.share.print") }
                </button>
            </p>
            <div id="share-told">{ told(&env, copied.as_ref()) }</div>
            { for refused.into_iter().map(|text| html! {
                <textarea key="text" ref={shown.clone()} readonly=true rows="4" aria-label={env.say("app.share.title")}
                    value={text} />
            }) }
        </section>
    }
}

/// A table among other people's words: with what was asked, and when and where it was answered.
fn told_of(env: &Env, asked: &str, table: &str, link: &str) -> String {
    let dated = env.fill("app.footer.dated", &[("date", &env.dated())]);
    format!("**{asked}**\n\n{table}\n[Whichcard]({link}) · {dated}\n")
}
