//! The working behind numbers: the formula in symbols, what each symbol is and counts, and where it comes from.

use crate::browser;
use crate::context::{Env, followed};
use crate::format;
use whichcard::estimate::{Step, Unit, publication, unit_of, value_of};
use whichcard::units::{Bytes, BytesPerSecond, FlopsPerSecond, Joules, Money, Seconds, Watts};
use yew::prelude::*;

/// Where the documents that explain the formulas can be read.
const DOCUMENTS: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");

/// All steps, each to be opened.
pub fn working(env: &Env, steps: &[Step]) -> Html {
    working_at(env, steps, "step")
}

/// The same in one of several places of a page.
pub fn working_at(env: &Env, steps: &[Step], at: &str) -> Html {
    html! {
        <div class="working">
            { for steps.iter().map(|step| folded(env, step, at, between(env, steps, step))) }
        </div>
    }
}

/// A single step, to be opened.
pub fn one(env: &Env, step: &Step, at: &str) -> Html {
    folded(env, step, at, html! {})
}

fn folded(env: &Env, step: &Step, at: &str, between: Html) -> Html {
    html! {
        <details key={step.id.clone()} id={place(at, &step.id)} data-step={step.id.clone()}>
            <summary>
                <span>{ env.say(&format!("explain.{}", step.id)) }</span>
                <b>{ told(env, &step.id, step.unit, step.value) }</b>
            </summary>
            { between }
            { inside(env, step) }
        </details>
    }
}

/// Id of the place where a step is worked out.
fn place(at: &str, id: &str) -> String {
    format!("{at}-{}", id.replace('.', "-"))
}

/// A number that leads to its working, where there is one.
pub fn leads(env: &Env, steps: &[Step], id: &str, number: String) -> Html {
    if !steps.iter().any(|step| step.id == id) {
        return html! { <span>{ number }</span> };
    }
    let place = place("step", id);
    let href = format!("#{place}");
    let is_step = !env.embedded;
    let onclick = followed(move || browser::open_details(&place, is_step));
    html! { <a class="leads" {href} title={env.say("app.working.leads")} {onclick}>{ number }</a> }
}

/// How uncertain a number is, where its ends are worked out too.
fn between(env: &Env, steps: &[Step], step: &Step) -> Html {
    let end = |name: &str| {
        let id = format!("{}.{name}", step.id.strip_suffix(".total")?);
        steps.iter().find(|other| other.id == id).map(|other| told(env, &other.id, other.unit, other.value))
    };
    match (end("low"), end("high")) {
        (Some(low), Some(high)) => {
            html! { <p class="quiet between">{ env.fill("app.working.between", &[("low", &low), ("high", &high)]) }</p> }
        }
        _ => html! { <p hidden=true></p> },
    }
}

/// What opening a number shows: its formula, what is put in, its source.
pub fn inside(env: &Env, step: &Step) -> Html {
    let weightiest = weightiest(step);
    // One that decides most is marked; of several that decide alike none does, and that is said.
    let weighed = step.inputs.iter().filter(|(name, number)| weighs(name, **number)).count();
    let weighs_most = |name: &String| weightiest.len() == 1 && weighed > 1 && weightiest.contains(&name.as_str());
    html! {
        <div>
            <p class="formula">{ formula(&step.formula) }</p>
            <dl>
                { for step.inputs.iter().map(|(name, number)| html! {
                    <div key={name.clone()} data-symbol={name.clone()} class={weighs_most(name).then_some("most")}>
                        <dt>{ symbol(name) }<span>{ env.say(&format!("explain.symbol.{name}")) }
                            { for weighs_most(name).then(|| html! { <b>{ env.say("app.working.most") }</b> }) }</span></dt>
                        <dd>{ told(env, name, unit_of(name).unwrap_or(Unit::Ratio), *number) }</dd>
                    </div>
                }) }
            </dl>
            <p class="quiet alike" hidden={weightiest.len() < 2 || weightiest.len() == weighed}>
                { alike(env, &weightiest, weighed) }
            </p>
            <p class="quiet source">{ env.say("app.working.source") }{ source(env, &step.source) }</p>
        </div>
    }
}

/// That several inputs decide alike, and more than the others where there are any.
fn alike(env: &Env, names: &[&str], of: usize) -> Html {
    if names.len() < 2 {
        return html! {};
    }
    // Of a product all do, which goes without saying.
    if names.len() == of {
        return html! {};
    }
    let comma = env.say("app.list-comma");
    let parts = names
        .iter()
        .enumerate()
        .map(|(place, name)| html! { <>{ if place > 0 { comma.as_str() } else { "" } }{ symbol(name) }</> });
    html! { <>{ env.say("app.working.alike") }{ for parts }</> }
}

/// Whether an input decides anything: a single card shares with no other, whatever half of it would be.
fn weighs(name: &str, number: f64) -> bool {
    !(matches!(name, "N_w" | "N_g" | "N_o") && number <= 1.0)
}

/// The inputs that decide most: those whose doubling and halving moves the result furthest.
fn weightiest(step: &Step) -> Vec<&str> {
    let moved = |name: &String, number: f64| {
        let inputs = step.inputs.iter().map(|(other, was)| (other.clone(), if other == name { number } else { *was })).collect();
        value_of(&step.formula, &inputs).map_or(0.0, |value| (value - step.value).abs())
    };
    let sways: Vec<_> = step
        .inputs
        .iter()
        .filter(|(name, number)| weighs(name, **number))
        .map(|(name, was)| (name.as_str(), moved(name, was * 2.0) + moved(name, was / 2.0)))
        .collect();
    let most = sways.iter().map(|(_, sway)| *sway).fold(0.0, f64::max);
    sways.iter().filter(|(_, sway)| *sway > most * 0.98).map(|(name, _)| *name).collect()
}

/// A symbol as books set it: what follows the underscore is an index.
fn symbol(name: &str) -> Html {
    match name.split_once('_') {
        Some((letter, index)) => html! { <var>{ letter.to_owned() }<sub>{ index.to_owned() }</sub></var> },
        None => html! { <var>{ name.to_owned() }</var> },
    }
}

/// A formula with its symbols set as such and its exponents raised.
fn formula(text: &str) -> Html {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut parts: Vec<Html> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |text: &str| text.find(|c| !is_word(c)).unwrap_or(text.len());
        let (length, part) = if first == '^' {
            let raised = rest.get(1..).unwrap_or_default();
            let end = if raised.starts_with('(') { raised.find(')').map_or(raised.len(), |end| end + 1) } else { word(raised) };
            let inner = raised.get(..end).unwrap_or_default();
            (1 + end, html! { <sup>{ inner.trim_matches(['(', ')']).to_owned() }</sup> })
        } else if first.is_alphabetic() {
            let end = word(rest);
            let name = rest.get(..end).unwrap_or_default();
            (
                end,
                if name == "exp" {
                    html! { { name.to_owned() } }
                } else {
                    symbol(name)
                },
            )
        } else {
            let end = rest.find(|c: char| c == '^' || c.is_alphabetic()).unwrap_or(rest.len());
            (end, html! { { rest.get(..end).unwrap_or_default().to_owned() } })
        };
        parts.push(part);
        rest = rest.get(length..).unwrap_or_default();
    }
    html! { <>{ for parts }</> }
}

/// A number of a step or a symbol: a sum that follows from an estimated time is said as roughly here as where it leads from.
fn told(env: &Env, of: &str, unit: Unit, number: f64) -> String {
    let is_price = matches!(of, "p" | "K" | "cost.buy");
    match unit {
        Unit::Money if !is_price => {
            let currency = env.reading.request.money.currency.unwrap_or_default();
            let small = number < 0.01 || matches!(of, "cost.unit") || of.starts_with("cost.serving");
            (if small { format::unit_cost } else { format::bill })(Money { amount: number, currency })
        }
        _ => shown(env, unit, number),
    }
}

/// A number with its unit, as people write it.
fn shown(env: &Env, unit: Unit, number: f64) -> String {
    let money = || format::money(Money { amount: number, currency: env.reading.request.money.currency.unwrap_or_default() });
    match unit {
        Unit::Count => format::many(env.lang, number),
        Unit::Ratio => format::short(number),
        Unit::Bytes => format::memory(Bytes::new(number)),
        Unit::BytesEach => format::bytes_each(Bytes::new(number)),
        Unit::Seconds => format::duration(env.lang, Seconds::new(number)),
        // A formula multiplies hours by what an hour costs.
        Unit::Hours => env.fill("app.unit.hours", &[("n", &format::short(number))]),
        Unit::FlopsPerSecond => format::tflops(FlopsPerSecond::new(number)),
        Unit::BytesPerSecond => format::bandwidth(BytesPerSecond::new(number)),
        Unit::TokensPerSecond => env.fill("app.unit.tokens-per-second", &[("n", &format::rate(number))]),
        Unit::SamplesPerSecond => env.fill("app.unit.samples-per-second", &[("n", &format::rate(number))]),
        Unit::Watts => format::watts(Watts::new(number)),
        Unit::WattsPerFlops => format!("{}\u{a0}W/TFLOPS", format::short(number * 1e12)),
        Unit::Joules => format::energy(Joules::new(number)),
        Unit::KilowattHours => format::energy(Joules::new(number * 3.6e6)),
        Unit::Grams => format::mass(number),
        Unit::GramsPerKilowattHour => format!("{}\u{a0}g/kWh", format::short(number)),
        Unit::Money => money(),
        Unit::MoneyPerHour => env.fill("app.unit.per-hour", &[("n", &money())]),
        Unit::MoneyPerKilowattHour => format!("{}/kWh", money()),
        Unit::Volts => format!("{}\u{a0}V", format::short(number)),
        Unit::Amperes => format!("{}\u{a0}A", format::short(number)),
        Unit::BtuPerHour => format!("{}\u{a0}Btu/h", format::decimal(number, 0)),
    }
}

/// Where a number comes from, as links: a document of the project, published measurements, or a source of the catalogue.
fn source(env: &Env, text: &str) -> Html {
    if let Some(list) = text.strip_prefix("measured: ") {
        let (keys, count) = list.split_once(" (n = ").unwrap_or((list, ""));
        let count = env.fill("explain.source.measured", &[("n", count.trim_end_matches(')'))]);
        let known = keys.split(", ").filter_map(publication);
        return html! {
            <>{ count }<ul>{ for known.map(|(title, address)| html! { <li key={title}>{ link(address, title) }</li> }) }</ul></>
        };
    }
    if let Some(price) = text.strip_prefix("catalog.json#") {
        let (id, date) = price.split_once(" (").unwrap_or((price, ""));
        let known = env.catalog.source(id);
        let title = known.map_or(id, |source| source.title.as_str());
        let date = date.trim_end_matches(')');
        let label = if date.is_empty() {
            title.to_owned()
        } else {
            env.fill("explain.source.price", &[("title", title), ("date", &format::month(env.lang, date))])
        };
        return match known.and_then(|source| source.url.as_deref()) {
            Some(address) => link(address, &label),
            None => html! { <span>{ label }</span> },
        };
    }
    let Some((document, _)) = text.split_once(".md") else { return html! { <span>{ env.say("explain.source.given") }</span> } };
    let label = if text == "docs/time.md#assumptions" {
        env.say("explain.source.assumed")
    } else {
        env.say(&format!("explain.source.{}", document.replace('/', "-")))
    };
    link(&format!("{DOCUMENTS}{text}"), &label)
}

fn link(address: &str, label: &str) -> Html {
    html! { <a href={address.to_owned()} rel="noopener noreferrer" target="_blank">{ label.to_owned() }</a> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weigh(formula: &str, inputs: &[(&str, f64)]) -> Vec<String> {
        let inputs = inputs.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect();
        let value = value_of(formula, &inputs).unwrap();
        let step = Step { id: String::new(), formula: formula.to_owned(), inputs, value, unit: Unit::Count, source: String::new() };
        weightiest(&step).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn one_input_matters_most_or_several_alike() {
        assert_eq!(weigh("N + B", &[("N", 9.0), ("B", 1.0)]), ["N"]);
        assert_eq!(weigh("N · S + B", &[("B", 1.0), ("N", 9.0), ("S", 4.0)]), ["N", "S"]);
        assert_eq!(weigh("N · S", &[("N", 9.0), ("S", 4.0)]), ["N", "S"]);
        assert_eq!(weigh("N", &[("N", 9.0)]), ["N"]);
        assert_eq!(weigh("P / N_w", &[("P", 9.0), ("N_w", 1.0)]), ["P"], "nothing is shared");
        assert_eq!(weigh("P / N_w", &[("P", 9.0), ("N_w", 4.0)]), ["P", "N_w"]);
    }
}
