//! How the frame will look in the article.

use crate::context::{Env, use_env};
use whichcard::share::{Field, Link};
use whichcard::text::Lang;
use yew::prelude::*;

/// Widths of the preview: a phone, a usual column, all there is.
const WIDTHS: [(&str, &str); 3] = [("phone", "320px"), ("column", COLUMN), ("full", "100%")];
const COLUMN: &str = "640px";

/// What an author chooses besides the question.
#[derive(Clone, Debug, PartialEq)]
pub struct Looks {
    /// Language; none leaves it to the reader.
    pub lang: Option<Lang>,
    /// Colours; none follows the article.
    pub theme: Option<&'static str>,
    /// Only the answer and what it asks.
    pub compact: bool,
    /// Width of the preview, in CSS.
    pub width: &'static str,
}

impl Looks {
    /// Those of an article in a language: its readers have that one in common, whatever their browsers speak.
    pub fn of(lang: Lang) -> Self {
        Self { lang: Some(lang), theme: None, compact: true, width: COLUMN }
    }

    /// A link that looks like this.
    pub fn on(&self, link: Link) -> Link {
        let link = self.lang.into_iter().fold(link, |link, lang| link.with(Field::Lang, lang.tag()));
        self.theme.into_iter().fold(link, |link, theme| link.with(Field::Theme, theme))
    }

    /// The same inside a frame.
    pub fn framed(&self, link: Link) -> Link {
        let link = link.with(Field::Embed, "1");
        if self.compact { link } else { link.with(Field::Compact, "0") }
    }
}

#[derive(Properties, PartialEq)]
pub struct LooksProps {
    pub looks: Looks,
    pub onlooks: Callback<Looks>,
}

/// Some radio buttons; `to` makes the looks of a chosen name.
struct Radios {
    name: &'static str,
    options: Vec<(&'static str, String)>,
    chosen: &'static str,
    to: fn(&Looks, &str) -> Looks,
}

#[component]
pub fn LooksForm(props: &LooksProps) -> Html {
    let env = use_env();
    html! {
        <fieldset class="form-part">
            <legend>{ env.say("app.embed.looks") }</legend>
            { for all(&env, &props.looks).into_iter().map(|radios| shown(&env, radios, props)) }
        </fieldset>
    }
}

fn all(env: &Env, looks: &Looks) -> [Radios; 4] {
    let say = |key: &str| env.say(&format!("app.embed.{key}"));
    let theme = |name: &str| env.say(&format!("app.theme.{name}"));
    [
        Radios {
            name: "form",
            options: vec![("compact", say("form-compact")), ("whole", say("form-whole"))],
            chosen: if looks.compact { "compact" } else { "whole" },
            to: |looks, name| Looks { compact: name == "compact", ..looks.clone() },
        },
        Radios {
            name: "language",
            options: std::iter::once(("reader", say("lang-reader")))
                .chain(Lang::ALL.iter().map(|lang| (lang.tag(), lang.own_name().1.to_owned())))
                .collect(),
            chosen: looks.lang.map_or("reader", Lang::tag),
            to: |looks, name| Looks { lang: if name == "reader" { None } else { Lang::from_tag(name) }, ..looks.clone() },
        },
        Radios {
            name: "colours",
            options: vec![("article", say("theme-article")), ("light", theme("light")), ("dark", theme("dark"))],
            chosen: looks.theme.unwrap_or("article"),
            to: |looks, name| Looks { theme: ["light", "dark"].into_iter().find(|known| *known == name), ..looks.clone() },
        },
        Radios {
            name: "width",
            options: WIDTHS.iter().map(|(name, _)| (*name, say(&format!("width-{name}")))).collect(),
            chosen: WIDTHS.iter().find(|(_, width)| *width == looks.width).map_or("column", |(name, _)| name),
            to: |looks, name| {
                let width = WIDTHS.iter().find(|(known, _)| *known == name).map_or(looks.width, |(_, width)| width);
                Looks { width, ..looks.clone() }
            },
        },
    ]
}

fn shown(env: &Env, radios: Radios, props: &LooksProps) -> Html {
    let Radios { name, options, chosen, to } = radios;
    html! {
        <fieldset key={name} class="chips" id={format!("embed-{name}")}>
            <legend>{ env.say(&format!("app.embed.{name}")) }</legend>
            <div class="row">
                { for options.into_iter().map(|(value, label)| {
                    let (onlooks, looks) = (props.onlooks.clone(), props.looks.clone());
                    let onchange = Callback::from(move |_: Event| onlooks.emit(to(&looks, value)));
                    html! {
                        <label key={value} class="chip">
                            <input type="radio" name={format!("embed-{name}")} {value} checked={value == chosen} {onchange} />
                            <span>{ label }</span>
                        </label>
                    }
                }) }
            </div>
        </fieldset>
    }
}
