//! Links pasted side by side: whatever they ask becomes a column.

use crate::context::use_env;
use crate::state::Action;
use crate::tab::use_draft;
use crate::views::compared::{adding, links, others};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

#[component]
pub fn Pasted() -> Html {
    let env = use_env();
    let draft = use_draft("paste");
    let oninput = {
        let (env, draft) = (env.clone(), draft.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            let changes = adding(&env, &links(&text).collect::<Vec<_>>());
            draft.set(if changes.is_empty() { text } else { others(&text) });
            env.act.emit(Action::Put(changes));
        })
    };
    let useless = !draft.trim().is_empty();
    html! {
        <div class={classes!("field", "pasted", useless.then_some("invalid"))}>
            <label for="paste">{ env.say("app.compare.paste") }</label>
            <textarea id="paste" rows="1" spellcheck="false" autocomplete="off" placeholder="https://…?view=inspect&…"
                value={(*draft).clone()} {oninput}
                aria-invalid={useless.then_some("true")} aria-describedby="paste-hint paste-message" />
            <p class="hint" id="paste-hint">{ env.say("app.compare.paste-about") }</p>
            <div class="message" id="paste-message" aria-live="polite" hidden={!useless}>
                <p>{ useless.then(|| env.say("app.compare.paste-useless")) }</p>
            </div>
        </div>
    }
}
