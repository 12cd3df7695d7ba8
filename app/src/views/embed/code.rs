//! What to paste, by what the article is written in.

use crate::carry;
use crate::context::{Env, use_env};
use crate::views::copying::{copying, told};
use std::rc::Rc;
use whichcard::export::snippet::{Embedding, Height, Place, Room, snippet};
use whichcard::request::Keyword;
use whichcard::share::{Field, Link};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct CodeProps {
    pub link: Link,
    pub compact: bool,
    pub title: AttrValue,
    pub room: Room,
    /// Name of the picture's file.
    pub picture: String,
}

#[component]
pub fn Code(props: &CodeProps) -> Html {
    let env = use_env();
    let place = use_state(|| Place::Html);
    let site = use_state(String::new);
    let copied = use_state(|| None);
    use_effect_with((), {
        let site = site.clone();
        move |()| site.set(carry::folder())
    });
    let one = Embedding {
        site: (*site).clone(),
        link: props.link.clone(),
        compact: props.compact,
        title: props.title.to_string(),
        room: props.room,
        picture: props.picture.clone(),
    };
    let text: Rc<str> = snippet(*place, &one).into();
    use_effect_with(Rc::clone(&text), {
        let copied = copied.clone();
        move |_| copied.set(None)
    });
    let whole = Rc::clone(&text);
    html! {
        <section class="take" id="embed-code">
            <h2>{ env.say("app.embed.code") }</h2>
            <fieldset class="chips" id="embed-place">
                <legend>{ env.say("app.embed.place") }</legend>
                <div class="row">
                    { for Place::ALL.iter().map(|one| {
                        let onchange = { let (place, one) = (place.clone(), *one); Callback::from(move |_: Event| place.set(one)) };
                        html! {
                            <label key={one.name()} class="chip">
                                <input type="radio" name="embed-place" value={one.name()} checked={*place == *one} {onchange} />
                                <span>{ env.name("embed-place", one.name()) }</span>
                            </label>
                        }
                    }) }
                </div>
            </fieldset>
            <p class="hint">{ env.say(&format!("app.embed.how.{}", place.name())) }</p>
            { for colours(&env, *place, &props.link) }
            <div class="file">
                <div class="file-head">
                    <p class="quiet">{ height(&env, *place, props.room) }</p>
                    <button type="button" class="small" id="copy-embed"
                        onclick={copying(move || Rc::clone(&whole), Some("embed-text"), &copied)}>
                        { env.say("app.take.copy") }
                    </button>
                </div>
                { told(&env, copied.as_ref()) }
                <pre id="embed-text" tabindex="0" role="region" aria-label={env.say("app.embed.code")}>
                    <code>{ text.to_string() }</code>
                </pre>
            </div>
        </section>
    }
}

/// What the number of pixels in the lines means; a picture has none.
fn height(env: &Env, place: Place, room: Room) -> Option<String> {
    let key = match place.height() {
        Height::Grows => "app.embed.height",
        Height::Fixed => "app.embed.height-fixed",
        Height::None => return None,
    };
    Some(env.fill(key, &[("n", &room.wide.to_string()), ("phone", &room.narrow.to_string())]))
}

/// A frame does not see the article, and can be told a choice only.
fn colours(env: &Env, place: Place, link: &Link) -> Option<Html> {
    (place.height() == Height::Fixed && link.get(Field::Theme).is_none())
        .then(|| html! { <p class="hint">{ env.say("app.embed.colours-frame") }</p> })
}
