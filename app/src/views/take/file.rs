//! One file: its text, with buttons that copy and save it.

use super::super::copying::{copying, told};
use super::super::worked::Worked;
use crate::carry;
use crate::context::use_env;
use crate::widgets::{Notice, Tone};
use std::rc::Rc;
use whichcard::export::{Format, export, takes_too_much};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct FileProps {
    pub worked: Rc<Worked>,
    pub format: Format,
    /// Where the page gives the same answer.
    pub address: AttrValue,
}

#[component]
pub fn FileOf(props: &FileProps) -> Html {
    let env = use_env();
    let copied = use_state(|| None);
    let file =
        use_memo((Rc::clone(&props.worked), props.format, env.lang, props.address.clone()), |(worked, format, lang, address)| {
            let file = export(*format, &worked.setup, &worked.estimate, *lang, Some(address));
            (Rc::<str>::from(file.text), file.file_name, file.language, file.notes)
        });
    use_effect_with(Rc::clone(&file), {
        let copied = copied.clone();
        move |_| copied.set(None)
    });
    let (text, name, language, notes) = file.as_ref();
    let save = {
        let (text, name) = (Rc::clone(text), *name);
        Callback::from(move |_: MouseEvent| carry::save(name, &text))
    };
    let whole = Rc::clone(text);
    // Where a file can hold comments, they are in it.
    let unsaid = if *language == "json" { notes.as_slice() } else { &[] };
    let (too_large, unsaid) = if takes_too_much(props.format, &props.worked.estimate) {
        (notes.first(), unsaid.get(1..).unwrap_or_default())
    } else {
        (None, unsaid)
    };
    html! {
        <div class="file" data-file={*name}>
            <div class="file-head">
                <p>
                    <code>{ *name }</code>
                    <span class="quiet">
                        { props.format.program().map(|program| env.fill("app.take.program", &[("program", program)])) }
                    </span>
                </p>
                <button type="button" class="small" id="copy-file"
                    onclick={copying(move || Rc::clone(&whole), Some("file-text"), &copied)}>
                    { env.say("app.take.copy") }
                </button>
                <button type="button" class="small" id="save-file" onclick={save}>{ env.say("app.take.save") }</button>
            </div>
            { told(&env, copied.as_ref()) }
            { for too_large.map(|warning| html! { <Notice tone={Tone::Caution}><p id="too-large">{ warning }</p></Notice> }) }
            <pre id="file-text" tabindex="0" role="region" aria-label={*name}><code>{ text.to_string() }</code></pre>
            <ul class="notes" hidden={unsaid.is_empty()}>
                { for unsaid.iter().map(|note| html! { <li key={note.clone()}>{ note }</li> }) }
            </ul>
        </div>
    }
}
