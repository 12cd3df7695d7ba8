//! Take it with you: the setup as a link, as a file for the program that will run it, as a report, on paper.

mod file;

use super::copying::{copying, told};
use super::worked::Worked;
use crate::carry;
use crate::context::{Env, use_env};
use file::FileOf;
use std::rc::Rc;
use whichcard::export::{Format, formats, left_out};
use whichcard::request::{Keyword, Setup};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct TakeProps {
    /// What is taken.
    pub worked: Rc<Worked>,
    /// Query that asks for it again.
    pub query: AttrValue,
}

#[component]
pub fn Take(props: &TakeProps) -> Html {
    let env = use_env();
    let chosen = use_state(|| None::<Format>);
    let address = use_state(|| AttrValue::from(""));
    use_effect_with(props.query.clone(), {
        let address = address.clone();
        move |query: &AttrValue| address.set(carry::address(query).into())
    });
    let fitting = formats(&props.worked.setup);
    let absent = absent(&env, &props.worked.setup);
    // A program that does not suit the job any more has nothing to write.
    let format = chosen.filter(|format| fitting.contains(format));
    let pick = |format: Format| {
        let chosen = chosen.clone();
        Callback::from(move |_: Event| chosen.set(Some(format)))
    };
    html! {
        <section class="take" id="take" aria-label={env.say("app.take.title")}>
            <h2>{ env.say("app.take.title") }</h2>
            <LinkOf address={AttrValue::clone(&address)} />
            <fieldset class="chips" id="format">
                <legend>{ env.say("app.take.format") }</legend>
                <div class="row">
                    { for fitting.iter().map(|one| html! {
                        <label key={one.name()} class="chip" data-format={one.name()}>
                            <input type="radio" name="format" value={one.name()} checked={format == Some(*one)}
                                onchange={pick(*one)} />
                            <span>{ env.name("format", one.name()) }</span>
                        </label>
                    }) }
                </div>
            </fieldset>
            <p class="quiet" id="left-out" hidden={absent.is_empty()}>{ absent }</p>
            <div>
                { for format.map(|format| html! {
                    <FileOf key={format.name()} worked={Rc::clone(&props.worked)} {format} address={AttrValue::clone(&address)} />
                }) }
            </div>
        </section>
    }
}

/// What one may look for among the files, and why it is not there.
fn absent(env: &Env, setup: &Setup) -> String {
    let sentences: Vec<String> = left_out(setup).into_iter().map(|(format, lack)| lack.say(env.lang, format, setup)).collect();
    env.lang.joined(&sentences)
}

#[derive(Properties, PartialEq)]
struct LinkProps {
    address: AttrValue,
}

/// The link, to be copied by a button or by hand, and the way onto paper.
#[component]
fn LinkOf(props: &LinkProps) -> Html {
    let env = use_env();
    let copied = use_state(|| None);
    use_effect_with(props.address.clone(), {
        let copied = copied.clone();
        move |_| copied.set(None)
    });
    let text = Rc::<str>::from(props.address.as_str());
    html! {
        <div class="take-link">
            <label for="take-link">{ env.say("app.take.link") }</label>
            <div class="row">
                <span class="entry"><input id="take-link" type="text" readonly=true value={props.address.clone()} /></span>
                <button type="button" id="copy-link" onclick={copying(move || Rc::clone(&text), Some("take-link"), &copied)}>
                    { env.say("app.share.link") }
                </button>
                <button type="button" id="print" onclick={Callback::from(|_: MouseEvent| carry::print())}>
                    { env.say("app.share.print") }
                </button>
            </div>
            { told(&env, copied.as_ref()) }
        </div>
    }
}
