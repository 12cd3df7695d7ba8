//! Memory as a measuring strip: the parts laid end to end against what the card offers.

use super::working::leads;
use crate::context::Env;
use crate::format;
use crate::widgets::Term;
use whichcard::estimate::{Memory, MemoryPart, Step};
use whichcard::request::Keyword;
use whichcard::units::Bytes;
use yew::prelude::*;

/// The parts in the order they are laid, with their names in keys and classes.
pub fn parts(memory: &Memory) -> [(MemoryPart, &'static str, Bytes); 9] {
    memory.parts().map(|(part, bytes)| (part, part.name(), bytes))
}

/// The name of a part.
pub fn part_name(env: &Env, part: MemoryPart) -> String {
    env.say(&format!("app.part.{}", part.name()))
}

/// What the bar says in one sentence.
fn in_words(env: &Env, memory: &Memory) -> String {
    env.fill("app.memory.in-words", &[("used", &format::memory(memory.total)), ("capacity", &format::memory(memory.capacity))])
}

/// "11.2 of 15.7 GiB", and the main memory it takes as well where a part lives there.
pub fn in_numbers(env: &Env, memory: &Memory, partly_in_main_memory: bool) -> String {
    let (used, capacity, host) = (format::gib(memory.total), format::memory(memory.capacity), format::memory(memory.host));
    let key = if partly_in_main_memory { "app.memory.of-with-host" } else { "app.memory.of" };
    env.fill(key, &[("used", &used), ("capacity", &capacity), ("host", &host)])
}

/// What the whole strip stands for: a little more than the larger of need and capacity, so that both end in sight.
pub fn scale(memory: &Memory) -> Bytes {
    memory.high.max(memory.total).max(memory.capacity) * 1.04
}

/// The strip alone: the parts laid on what the card offers; what does not fit is hatched, and a mark stands at the card's end.
pub fn strip(env: &Env, memory: &Memory) -> Html {
    let (scale, capacity) = (scale(memory), memory.capacity);
    let share = |bytes: Bytes| format::css_percent(bytes / scale);
    let over = memory.total > capacity;
    html! {
        <div class={classes!("strip", over.then_some("over"))} role="img" aria-label={in_words(env, memory)}>
            <div class="offered" style={format!("width:{}", share(capacity))}></div>
            <div class="laid">
                { for parts(memory).into_iter().filter(|(.., bytes)| bytes.get() > 0.0).map(|(_, key, bytes)| html! {
                    <i key={key} class={format!("part {key}")} style={format!("width:{}", share(bytes))}></i>
                }) }
            </div>
            <div class="beyond" hidden={!over} style={format!("left:{};width:{}", share(capacity), share(memory.total - capacity))}>
            </div>
            <div class="range" style={format!("left:{};width:{}", share(memory.low), share(memory.high - memory.low))}></div>
            <div class="end" style={format!("left:{}", share(capacity))}></div>
        </div>
    }
}

/// The strip between the card's end in words and a ruler.
pub fn ruled(env: &Env, memory: &Memory) -> Html {
    let scale = scale(memory);
    let end = memory.capacity / scale;
    // The words stand on the side of the mark that has room for them, and move off it where there is none.
    let (side, room) = if end < 0.5 { ("after", end) } else { ("before", 1.0 - end) };
    let step = step_for(scale.as_gib());
    let marks = (0..=40u32).map(|place| f64::from(place) * step).take_while(|mark| *mark <= scale.as_gib() * 0.9);
    html! {
        <div class="ruled">
            <div class={classes!("ceiling", side)} style={format!("--room:{}", format::css_percent(room))} aria-hidden="true">
                <span>{ env.fill("app.memory.ceiling", &[("capacity", &format::memory(memory.capacity))]) }</span>
            </div>
            { strip(env, memory) }
            <div class="ruler" aria-hidden="true">
                { for marks.map(|mark| {
                    let label = format::short(mark);
                    html! {
                        <span key={label.clone()} style={format!("left:{}", format::css_percent(mark / scale.as_gib()))}>
                            { label }
                            { if mark == 0.0 { "\u{a0}GiB" } else { "" } }
                        </span>
                    }
                }) }
            </div>
        </div>
    }
}

/// A power of two, or 1, 2 or 5 times a power of ten, that gives at most seven marks.
fn step_for(gib: f64) -> f64 {
    const STEPS: [f64; 20] =
        [0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5];
    STEPS.into_iter().find(|step| gib / step <= 7.0).unwrap_or(gib / 4.0)
}

/// The parts that occur.
pub fn seen<'a>(memories: impl Iterator<Item = &'a Memory>) -> Vec<&'static str> {
    let mut seen: Vec<&'static str> = Vec::new();
    for memory in memories {
        let visible = parts(memory).into_iter().filter(|(.., bytes)| *bytes / memory.total >= 0.01).map(|(_, key, _)| key);
        seen.extend(visible.filter(|key| !seen.contains(key)).collect::<Vec<_>>());
    }
    seen
}

/// What the colours of the strips mean.
pub fn legend<'a>(env: &Env, memories: impl Iterator<Item = &'a Memory>) -> Html {
    html! {
        <ul class="legend">
            { for seen(memories).into_iter().map(|key| html! {
                <li key={key}><i class={format!("part {key}")}></i>{ env.say(&format!("app.part.{key}")) }</li>
            }) }
        </ul>
    }
}

/// The parts as a table: the twin of the strip for eyes and ears alike.
pub fn table(env: &Env, memory: &Memory, steps: &[Step], place: &AttrValue) -> Html {
    let share = |bytes: Bytes| format::percent(bytes / memory.total);
    let number = |step: &str, bytes: Bytes| leads(env, steps, &format!("memory.{step}"), format::memory(bytes));
    html! {
        <table class="parts">
            <caption class="unseen">{ env.say("app.memory.table") }</caption>
            <thead class="unseen">
                <tr>
                    <th scope="col">{ env.say("app.memory.part") }</th>
                    <th scope="col">{ env.say("app.memory.size") }</th>
                    <th scope="col">{ env.say("app.memory.share") }</th>
                </tr>
            </thead>
            <tbody>
                { for parts(memory).into_iter().filter(|(.., bytes)| bytes.as_gib() >= 0.005).map(|(part, key, bytes)| html! {
                    <tr key={key} data-part={key} class={classes!((part == memory.limited_by).then_some("largest"))}>
                        <th scope="row">
                            <i class={format!("part {key}")}></i>
                            <span class="termed">{ env.say(&format!("app.part.{key}")) }</span>
                            <Term word={key} name={env.say(&format!("app.part.{key}"))} place={place.clone()} />
                        </th>
                        <td>{ number(if key == "kv-cache" { "kvCache" } else { key }, bytes) }</td>
                        <td class="quiet">{ share(bytes) }</td>
                    </tr>
                }) }
            </tbody>
            <tfoot>
                <tr>
                    <th scope="row">{ env.say("app.memory.total") }</th>
                    <td>{ number("total", memory.total) }</td>
                    <td class="quiet">{ format::memories(memory.low, memory.high) }</td>
                </tr>
                <tr>
                    <th scope="row">{ env.say("app.memory.capacity") }</th>
                    <td>{ number("capacity", memory.capacity) }</td>
                    <td></td>
                </tr>
                <tr data-part="host" hidden={memory.host.get() <= 0.0}>
                    <th scope="row">{ env.say("app.memory.host") }</th>
                    <td>{ number("host", memory.host) }</td>
                    <td></td>
                </tr>
            </tfoot>
        </table>
    }
}
