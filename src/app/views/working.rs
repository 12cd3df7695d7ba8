//! The working behind numbers: formula, what was put in, where it comes from.

use crate::app::context::Env;
use crate::app::format;
use whichcard::estimate::Step;
use whichcard::text::knows;
use whichcard::units::{Bytes, BytesPerSecond, FlopsPerSecond, Joules, Money, Seconds, Watts};
use yew::prelude::*;

/// All steps, each to be opened.
pub fn working(env: &Env, steps: &[Step]) -> Html {
    html! {
        <div class="working">
            { for steps.iter().map(|step| html! {
                <details key={step.id.clone()} id={format!("step-{}", step.id.replace('.', "-"))} data-step={step.id.clone()}>
                    <summary><span>{ title(env, &step.id) }</span><b>{ value(env, step) }</b></summary>
                    <p><code>{ &step.formula }</code></p>
                    <dl>
                        { for step.inputs.iter().map(|(symbol, number)| html! {
                            <div key={symbol.clone()}><dt><code>{ symbol }</code></dt><dd>{ format::large(*number) }</dd></div>
                        }) }
                    </dl>
                    <p class="quiet source">{ env.say("app.working.source") }{ ": " }{ source(&step.source) }</p>
                </details>
            }) }
        </div>
    }
}

/// The name of a number, where the locale files have one.
fn title(env: &Env, id: &str) -> String {
    let key = format!("explain.{id}");
    if knows(env.lang, &key) { env.say(&key) } else { id.to_owned() }
}

/// The result in the unit its path implies.
fn value(env: &Env, step: &Step) -> String {
    let number = step.value;
    match step.id.as_str() {
        "time.products" => format::tflops(FlopsPerSecond::new(number)),
        "time.bandwidth" => format::bandwidth(BytesPerSecond::new(number)),
        "energy.co2Grams" => format!("{}\u{a0}kg", format::short(number / 1000.0)),
        "cost.breakEvenHours" => format::duration(env.lang, Seconds::new(number * 3600.0)),
        id if id.starts_with("cost.") => {
            format::money(Money { amount: number, currency: env.reading.request.money.currency.unwrap_or_default() })
        }
        id if id.starts_with("memory.") => format::memory(Bytes::new(number)),
        id if id.ends_with("PerSecond") || id.ends_with("Utilisation") => format::short(number),
        id if id.starts_with("time.") => format::duration(env.lang, Seconds::new(number)),
        id if id.ends_with("Watts") => format::watts(Watts::new(number)),
        id if id.ends_with("oules") => format::energy(Joules::new(number)),
        _ => format::short(number),
    }
}

/// A source that is an address becomes a link.
pub fn source(text: &str) -> Html {
    if text.starts_with("https://") {
        html! { <a href={text.to_owned()} rel="noopener noreferrer" target="_blank">{ text }</a> }
    } else {
        html! { <span>{ text }</span> }
    }
}
