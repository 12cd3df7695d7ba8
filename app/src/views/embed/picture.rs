//! The answer as a picture, drawn when it is asked for: it stands still where the frame would answer.

use crate::carry;
use crate::context::{Env, use_env};
use crate::format;
use crate::reading::in_words;
use crate::views::advise::{SHOWN, in_numbers};
use crate::views::advised::{answer_to, one_per_card};
use crate::views::card::summary;
use crate::views::compare::{self, Column};
use crate::views::compared::entries;
use crate::views::{choose, memory_bar, reasons, rig};
use crate::widgets::{Notice, Tone};
use std::rc::Rc;
use whichcard::error::RequestError;
use whichcard::estimate::{Memory, estimate};
use whichcard::export::picture::{Bar, Picture, draw};
use whichcard::plan::{Outcome, abilities, plan};
use whichcard::request::{Keyword, resolve};
use whichcard::share::{Link, View};
use whichcard::text::Lang;
use whichcard::units::Bytes;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct PictureProps {
    pub widget: View,
    pub lang: Lang,
    pub title: AttrValue,
    /// The question: another one needs another picture.
    pub link: Link,
}

#[component]
pub fn PictureOf(props: &PictureProps) -> Html {
    let env = use_env();
    let drawn = use_state(|| None::<Result<Rc<str>, RequestError>>);
    use_effect_with((props.link.clone(), props.lang), {
        let drawn = drawn.clone();
        move |_| drawn.set(None)
    });
    let make = {
        let (drawn, widget, title) = (drawn.clone(), props.widget, props.title.to_string());
        let env = Env { lang: props.lang, ..env.clone() };
        Callback::from(move |_: MouseEvent| drawn.set(Some(picture(&env, widget, &title).map(|picture| draw(&picture).into()))))
    };
    let name = super::file_name(props.widget);
    html! {
        <section class="take" id="embed-picture">
            <h2>{ env.say("app.embed.picture") }</h2>
            <p class="hint">{ env.say("app.embed.picture-about") }</p>
            { match drawn.as_ref() {
                None => html! {
                    <p key="make">
                        <button type="button" id="make-picture" onclick={make}>{ env.say("app.embed.picture-make") }</button>
                    </p>
                },
                Some(Err(error)) => html! { <Notice key="wrong" tone={Tone::Wrong}>{ in_words(&env, error) }</Notice> },
                Some(Ok(svg)) => html! { <div key="drawn">{ shown(&env, svg, name, &props.title) }</div> },
            } }
        </section>
    }
}

fn shown(env: &Env, svg: &Rc<str>, name: String, title: &AttrValue) -> Html {
    let save = {
        let (svg, name) = (Rc::clone(svg), name.clone());
        Callback::from(move |_: MouseEvent| carry::save(&name, &svg))
    };
    html! {
        <>
            <img class="picture" src={carry::as_image(svg)} alt={title.clone()} />
            <p class="row">
                <button type="button" id="save-picture" onclick={save}>
                    { env.fill("app.embed.picture-save", &[("name", &name)]) }
                </button>
            </p>
        </>
    }
}

/// The answer to the question at hand.
fn picture(env: &Env, widget: View, title: &str) -> Result<Picture, RequestError> {
    let mut picture = match widget {
        View::Inspect => examined(env)?,
        View::Card => able(env)?,
        View::Compare => compared(env)?,
        View::Generations => grown(env),
        View::Advise | View::Scratch | View::Catalogue | View::Accuracy | View::About | View::Embed => advised(env)?,
    };
    // Where the answer is a sentence of its own, the question stands below it.
    if picture.title.is_empty() {
        picture.title = title.to_owned();
    } else {
        picture.note = title.to_owned();
    }
    picture.foot = format!("Whichcard · {} · {}", carry::folder(), env.dated());
    Ok(picture)
}

fn examined(env: &Env) -> Result<Picture, RequestError> {
    let setup = resolve(&env.catalog, &env.reading.request)?;
    let memory = estimate(&env.catalog, &env.reading.request)?.memory;
    let title = format::verdict(env.lang, &setup, memory.verdict);
    let value = memory_bar::in_numbers(env, &memory, setup.offloads());
    let bars = vec![measured(rig::name(env, &setup.rig), value, &memory)];
    Ok(Picture { title, legend: legend(env, &[&memory]), bars, ..Picture::default() })
}

fn advised(env: &Env) -> Result<Picture, RequestError> {
    let answered = answer_to(&env.catalog, &env.reading)?;
    let plans: Vec<_> = one_per_card(&answered.advice.ranked, "").into_iter().take(SHOWN).collect();
    let Some(first) = plans.first() else {
        return Ok(Picture { title: env.say("app.advise.none"), ..Picture::default() });
    };
    let memories: Vec<&Memory> = plans.iter().map(|plan| &plan.figures.memory).collect();
    let bar = |plan: &&whichcard::plan::Plan| {
        measured(rig::name(env, &plan.setup.rig), in_numbers(env, plan).join(" · "), &plan.figures.memory)
    };
    let best = env.say(&format!("app.advise.best.{}", answered.goal.objective.name()));
    let title = env.fill("app.embed.best", &[("best", &best), ("card", &rig::name(env, &first.setup.rig))]);
    Ok(Picture { title, bars: plans.iter().map(bar).collect(), legend: legend(env, &memories), ..Picture::default() })
}

fn compared(env: &Env) -> Result<Picture, RequestError> {
    let mut picture = Picture::default();
    let mut memories = Vec::new();
    for entry in entries(env) {
        let Some((goal, words)) = entry.goal(env) else { continue };
        let column = Column { outcome: plan(&env.catalog, &goal)?, entry, words };
        let name = rig::several(env, column.count(), &column.card().name);
        match &column.outcome {
            Outcome::Planned(plan) => {
                let memory = &plan.figures.memory;
                picture.bars.push(measured(name, in_numbers(env, plan).join(" · "), memory));
                memories.push(*memory);
            }
            Outcome::Rejected(refused) => {
                picture.bars.push(Bar { name, value: reasons::sentence(env, &refused.reason), ..Bar::default() });
            }
        }
    }
    picture.legend = legend(env, &memories.iter().collect::<Vec<_>>());
    Ok(picture)
}

fn able(env: &Env) -> Result<Picture, RequestError> {
    let setup = resolve(&env.catalog, &env.reading.request)?;
    let abilities = abilities(&env.catalog, &rig::at_hand(&setup.rig));
    let bars = abilities.iter().rev().filter_map(|ability| {
        let model = &summary::largest(env, &abilities, ability.kind)?.model;
        Some(Bar { name: env.name("job", ability.kind.name()), value: choose::sized(env, model), ..Bar::default() })
    });
    let task = env.say(&format!("app.task.{}", env.reading.task));
    let note = format!("{task} · {}", env.say("app.able.title"));
    Ok(Picture { note, bars: bars.collect(), ..Picture::default() })
}

fn grown(env: &Env) -> Picture {
    let Some((name, value)) = compare::MEASURES.get(compare::measure(env)) else { return Picture::default() };
    let cards = compare::largest_of_each(env, *value);
    let most = cards.iter().map(|(_, value)| *value).fold(f64::MIN_POSITIVE, f64::max);
    let bars = cards.into_iter().map(|(card, value)| Bar {
        name: card,
        value: compare::said(env, name, value),
        parts: vec![("accent", value / most)],
        end: None,
    });
    Picture { bars: bars.collect(), ..Picture::default() }
}

/// Memory as a bar, up to a little more than the larger of need and capacity.
fn measured(name: String, value: String, memory: &Memory) -> Bar {
    let scale = memory_bar::scale(memory);
    let share = |bytes: Bytes| bytes / scale;
    let parts = memory_bar::parts(memory).into_iter().filter(|(.., bytes)| bytes.get() > 0.0);
    Bar { name, value, parts: parts.map(|(_, key, bytes)| (key, share(bytes))).collect(), end: Some(share(memory.capacity)) }
}

fn legend(env: &Env, memories: &[&Memory]) -> Vec<(&'static str, String)> {
    let seen = memory_bar::seen(memories.iter().copied());
    seen.into_iter().map(|key| (key, env.say(&format!("app.part.{key}")))).collect()
}
