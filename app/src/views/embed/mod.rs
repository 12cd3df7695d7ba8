//! How does an answer get into an article? A question to choose, how it will look, and what to paste.

mod chosen;
mod code;
mod looks;
mod picture;
mod preview;

use super::choose::CardPicker;
use super::compare::measure;
use super::compared::entries;
use super::job::JobForm;
use super::limits::LimitsForm;
use super::question::Question;
use super::setup_form::RigForm;
use super::summary::{card_name, job_in_words};
use super::{compare, rig};
use crate::context::{Env, use_env};
use crate::widgets::{Chips, Icon, Sign};
use code::Code;
use looks::{Looks, LooksForm};
use picture::PictureOf;
use preview::{Measured, Preview};
use whichcard::export::snippet::Room;
use whichcard::request::Keyword;
use whichcard::share::{Field, View};
use yew::prelude::*;

/// Height of a frame that has not told its own.
const HEIGHT: u32 = 420;

/// The view that is to be embedded.
fn widget(env: &Env) -> View {
    let named = env.link.get(Field::Widget).and_then(View::from_name);
    named.filter(|view| View::WIDGETS.contains(view)).unwrap_or(View::Inspect)
}

/// The way here, with the question at hand.
pub fn embed_link(env: &Env) -> Html {
    let view = Some(env.link.view()).filter(|view| View::WIDGETS.contains(view)).map(|view| view.name().to_owned());
    let (href, onclick) = env.way(View::Embed, vec![(Field::Widget, view)]);
    html! {
        <a class="button small" {href} {onclick} data-view-link="embed">{ env.say("app.nav.embed") }<Icon sign={Sign::Arrow} /></a>
    }
}

#[component]
pub fn Embed() -> Html {
    let env = use_env();
    let looks = use_state(|| Looks::of(env.lang));
    let room = use_state(|| Room::of(HEIGHT));
    let widget = widget(&env);
    let title = title(&env, widget);
    let link = looks.on(chosen::question(&env, widget, looks.compact));
    let onroom = {
        let room = room.clone();
        Callback::from(move |measured: Room| room.set(measured))
    };
    let query = looks.framed(link.clone()).write();
    let onlooks = {
        let looks = looks.clone();
        Callback::from(move |chosen: Looks| looks.set(chosen))
    };
    html! {
        <div class="bench">
            <Question summary={title.clone()} open={env.link.get(Field::Widget).is_some_and(|asked| asked != widget.name())}>
                { asks(&env, widget) }
                <LooksForm looks={(*looks).clone()} {onlooks} />
            </Question>
            <section class="results" id="results" tabindex="-1" aria-label={env.say("app.nav.embed")}>
                <div class="answer">
                    <header class="headline" id="verdict" data-verdict="embed">
                        <h1>{ env.say("app.nav.embed") }</h1>
                        <p>{ env.say("app.embed.about") }</p>
                    </header>
                    <Preview query={query.clone()} width={looks.width} title={title.clone()} />
                    <Measured {query} {onroom} />
                    <Code link={link.clone()} compact={looks.compact} title={title.clone()} room={*room}
                        picture={file_name(widget)} />
                    <PictureOf {widget} lang={env.lang} {title} {link} />
                </div>
            </section>
        </div>
    }
}

fn file_name(widget: View) -> String {
    format!("whichcard-{}.svg", widget.name())
}

/// What the frame is called.
fn title(env: &Env, widget: View) -> String {
    match widget {
        View::Inspect => {
            let count = env.reading.setup.as_ref().map_or(1, |setup| setup.rig.count);
            let card = rig::several(env, count, &card_name(env));
            env.fill("app.summary.on-card", &[("job", &job_in_words(env)), ("card", &card)])
        }
        View::Card => env.fill("app.embed.title-card", &[("card", &card_name(env))]),
        View::Compare => {
            let names: Vec<String> = entries(env).iter().map(|entry| chosen::name(env, entry)).collect();
            env.fill("app.embed.title-compare", &[("cards", &names.join(&env.say("app.list-comma")))])
        }
        View::Generations => {
            let name = compare::MEASURES.get(measure(env)).map_or("memory", |(name, _)| name);
            env.fill("app.embed.title-generations", &[("what", &env.say(&format!("app.compare.measure.{name}")))])
        }
        View::Advise | View::Scratch | View::Catalogue | View::Accuracy | View::About | View::Embed => {
            env.fill("app.embed.title-advise", &[("job", &job_in_words(env))])
        }
    }
}

/// Which answer, and the question it answers.
fn asks(env: &Env, widget: View) -> Html {
    let options: Vec<(AttrValue, AttrValue, AttrValue)> = View::WIDGETS
        .iter()
        .map(|view| {
            let name = env.say(&format!("app.embed.widget-{}", view.name()));
            (view.name().into(), name.into(), AttrValue::default())
        })
        .collect();
    let question = match widget {
        View::Advise => html! { <><JobForm /><LimitsForm /></> },
        View::Inspect => html! { <><RigForm /><JobForm /></> },
        View::Card => html! { <div class="form-part"><CardPicker /></div> },
        View::Compare => html! { <><div class="form-part">{ chosen::cards(env) }</div><JobForm /></> },
        View::Generations | View::Scratch | View::Catalogue | View::Accuracy | View::About | View::Embed => {
            html! { <div class="form-part">{ compare::measures(env) }</div> }
        }
    };
    html! {
        <>
            <div class="form-part"><Chips field={Field::Widget} {options} value={widget.name()} /></div>
            <div key={widget.name()} class="form-part asked-of">{ question }</div>
        </>
    }
}
