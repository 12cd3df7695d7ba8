//! How near do estimates come to measurements? Every published measurement the project has, beside what the engine says to it.

mod data;
mod facet;
mod groups;
mod listed;
mod scatter;
mod summary;

use crate::context::{Env, use_env};
use crate::format;
use crate::late::Late;
use crate::state::Action;
use crate::views::figures::figure;
use crate::views::share::Share;
use crate::views::tabled;
use crate::widgets::{Chips, Menu, Notice, Tone};
use data::{ADDRESS, Comparison, Data, Loading, use_comparisons};
use facet::Facet;
pub use facet::Kind;
use std::rc::Rc;
use summary::{in_words, inside, percent, predicted_by_others, seen, unseen, unseen_inside, whole};
use whichcard::estimate::Deviation;
use whichcard::share::Field;
use yew::prelude::*;

/// The comparisons that are looked at.
pub struct Selection {
    data: Rc<Data>,
    /// Places in `data.comparisons`, by what was measured.
    chosen: Vec<usize>,
}

impl PartialEq for Selection {
    /// One is made for each choice, so another place is another choice.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Selection {
    fn of(env: &Env, data: &Rc<Data>) -> Self {
        let kind_now = kind_of(env);
        // What no comparison is filters nothing; its list says so.
        let known = |facet: Facet, wanted: &str| data.comparisons.iter().any(|one| facet.of(env, data, one) == wanted);
        let filters = Facet::FILTERS.map(|facet| {
            let asked = env.link.get(facet.field()).map_or("", str::trim);
            (facet, if known(facet, asked) { asked } else { "" })
        });
        let fits = |one: &Comparison| {
            Kind::of(Facet::Quantity.of(env, data, one)) == kind_now
                && filters.iter().all(|(facet, wanted)| wanted.is_empty() || facet.of(env, data, one) == *wanted)
        };
        let mut chosen: Vec<(f64, usize)> =
            data.comparisons.iter().enumerate().filter(|(_, one)| fits(one)).map(|(place, one)| (one.measured, place)).collect();
        chosen.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self { data: Rc::clone(data), chosen: chosen.into_iter().map(|(_, place)| place).collect() }
    }

    fn comparisons(&self) -> impl Iterator<Item = &Comparison> {
        self.chosen.iter().filter_map(|place| self.data.comparisons.get(*place))
    }

    /// The name of a comparison in links: its card, both values and its source, what it is and where it comes from: two
    /// readings that share all of it look the same.
    fn id(&self, one: &Comparison) -> String {
        let card = self.data.cards.get(one.card).map_or("", String::as_str);
        let (measured, predicted) = (format::short(one.measured), format::short(one.predicted));
        format!("{card}:{measured}:{predicted}:{}.{}.{}.{}", one.quantity, one.job, one.model, one.source)
    }

    /// "Llama-2-7B · RTX 3090 · QLoRA".
    fn title(&self, env: &Env, one: &Comparison) -> String {
        let card = self.data.cards.get(one.card).map(|id| env.title_of(Field::Card, id));
        let model = self.data.models.get(one.model).map(|(name, _)| name.clone());
        let job = Facet::Job.name(env, Facet::Job.of(env, &self.data, one));
        let parts: Vec<String> = model.into_iter().chain(card).chain([job]).filter(|part| !part.is_empty()).collect();
        parts.join(" · ")
    }

    /// A value with its unit.
    fn value(&self, env: &Env, one: &Comparison, value: f64) -> String {
        let unit = self.data.quantities.get(one.quantity).map_or("", |(_, unit)| unit.as_str());
        let key = match unit {
            "tokens/s" => "app.unit.tokens-per-second",
            "samples/s" => "app.unit.samples-per-second",
            "steps/s" => "app.accuracy.steps-per-second",
            "1/h" => "app.accuracy.runs-per-hour",
            // Numbers of one unit stand below each other, so they have as many decimals.
            "GiB" => return format!("{}\u{a0}{unit}", format::decimal(value, 1)),
            _ => return format!("{}\u{a0}{unit}", format::short(value)),
        };
        env.fill(key, &[("n", &format::short(value))])
    }
}

/// The kind of measurements that is looked at.
fn kind_of(env: &Env) -> Kind {
    let asked = env.link.get(Field::Kind).unwrap_or_default();
    Kind::ALL.into_iter().find(|kind| kind.id() == asked).unwrap_or(Kind::Memory)
}

#[component]
pub fn Accuracy() -> Html {
    let env = use_env();
    let attempt = use_state(|| 0);
    let loading = use_comparisons(*attempt);
    let again = {
        let attempt = attempt.clone();
        Callback::from(move |_: MouseEvent| attempt.set(*attempt + 1))
    };
    html! {
        <section class="results reference-view" id="results" tabindex="-1" aria-label={env.say("app.nav.accuracy")}>
            { match loading {
                Loading::Ready(data) => html! { <Shown key="shown" {data} /> },
                Loading::Waiting => html! {
                    <header key="waiting" class="headline" aria-busy="true">
                        <h1>{ env.say("app.accuracy.title") }</h1>
                        <p class="quiet" role="status">{ env.say("app.accuracy.waiting") }</p>
                    </header>
                },
                Loading::Failed(why) => html! {
                    <div key="failed" class="alone" id="verdict">
                        <h1>{ env.say("app.accuracy.unreachable") }</h1>
                        <Notice tone={Tone::Wrong}>
                            <p>{ env.fill("app.accuracy.where", &[("address", ADDRESS)]) }{ " " }{ why }</p>
                            <p><button type="button" class="small" onclick={again}>{ env.say("app.catalogue.again") }</button></p>
                        </Notice>
                    </div>
                },
            } }
        </section>
    }
}

#[derive(Properties)]
struct ShownProps {
    data: Rc<Data>,
}

impl PartialEq for ShownProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.data, &other.data)
    }
}

#[component]
fn Shown(props: &ShownProps) -> Html {
    let env = use_env();
    let data = &props.data;
    let asked: Vec<Option<String>> = Facet::GROUPS.iter().map(|facet| env.link.get(facet.field()).map(str::to_owned)).collect();
    let selection = {
        let (env, data) = (env.clone(), Rc::clone(data));
        use_memo((asked, Late::clone(&env.catalog), Rc::as_ptr(&data)), move |_| Selection::of(&env, &data))
    };
    html! {
        <div class="answer">
            { headline(&env, data) }
            { filters(&env, data) }
            { result(&env, &selection) }
            <Share rows={tabled::shown(&env, "measurements")} asked={env.say("app.accuracy.list")} />
        </div>
    }
}

/// The whole in a sentence: seen and unseen are said of the same measurements.
fn headline(env: &Env, data: &Data) -> Html {
    let all: Vec<&Comparison> = data.comparisons.iter().collect();
    let both = predicted_by_others(&all);
    let median = |deviation: Option<Deviation>| deviation.map_or_else(String::new, |deviation| percent(deviation.median));
    let mut titles: Vec<&str> = data.sources.iter().map(|(title, _)| title.as_str()).collect();
    titles.sort_unstable();
    titles.dedup();
    let args = [
        ("n", format::count(all.len() as u64)),
        ("sources", titles.len().to_string()),
        ("fitted", format::count(both.len() as u64)),
        ("seen", median(seen(&both))),
        ("unseen", median(unseen(&both))),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
    html! {
        <header class="headline" id="verdict" data-verdict="accuracy">
            <h1>{ env.say("app.accuracy.title") }</h1>
            <p>{ env.fill("app.accuracy.about", &args) }</p>
        </header>
    }
}

/// What to look at.
fn filters(env: &Env, data: &Data) -> Html {
    let kinds: Vec<_> = Kind::ALL
        .into_iter()
        .map(|kind| (kind.id().into(), env.say(&format!("app.accuracy.kind.{}", kind.id())).into(), AttrValue::default()))
        .collect();
    html! {
        <form class="filters" autocomplete="off" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
            <Chips field={Field::Kind} options={kinds} value={kind_of(env).id()} />
            <div class="pair">
                { for Facet::FILTERS.iter().map(|facet| html! {
                    <Menu key={facet.id()} field={facet.field()} label={format!("app.accuracy.by.{}", facet.id())}
                        options={options(env, data, *facet)} default={env.say("app.accuracy.all")} />
                }) }
            </div>
        </form>
    }
}

/// What there is of a facet among the measurements of this kind, and what is chosen.
fn options(env: &Env, data: &Data, facet: Facet) -> Vec<(AttrValue, AttrValue)> {
    let (kind_now, chosen) = (kind_of(env), env.link.get(facet.field()).unwrap_or_default());
    let mut values: Vec<(usize, &str)> = Vec::new();
    for one in &data.comparisons {
        let value = facet.of(env, data, one);
        let fits = value == chosen || Kind::of(Facet::Quantity.of(env, data, one)) == kind_now;
        if fits && !value.is_empty() && !values.iter().any(|(_, known)| *known == value) {
            values.push((facet.rank(value), value));
        }
    }
    values.sort_unstable();
    values.into_iter().map(|(_, value)| (value.to_owned().into(), facet.name(env, value).into())).collect()
}

fn result(env: &Env, selection: &Rc<Selection>) -> Html {
    let chosen: Vec<&Comparison> = selection.comparisons().collect();
    let Some(known) = seen(&chosen) else {
        let clear = {
            let act = env.act.clone();
            let changes: Vec<_> = Facet::FILTERS.iter().map(|facet| (facet.field(), None)).collect();
            Callback::from(move |_: MouseEvent| act.emit(Action::Put(changes.clone())))
        };
        return html! {
            <div key="none" class="answer" data-count="0">
                <Notice tone={Tone::Plain}>
                    <p>{ env.say("app.accuracy.none") }</p>
                    <button type="button" class="small" onclick={clear}>{ env.say("app.accuracy.clear") }</button>
                </Notice>
            </div>
        };
    };
    html! {
        <div key="some" class="answer" id="compared" data-count={known.count.to_string()}>
            { summaries(env, &chosen, known) }
            <div class="beside">
                <scatter::Scatter selection={Rc::clone(selection)} />
                { groups::groups(env, selection) }
            </div>
            <listed::Listed selection={Rc::clone(selection)} />
        </div>
    }
}

/// What holds of all that is looked at: as calibrated, and by factors that have not seen the source.
fn summaries(env: &Env, chosen: &[&Comparison], known: Deviation) -> Html {
    let both = predicted_by_others(chosen);
    let words = |deviation: Option<Deviation>| deviation.map(in_words);
    let (same, others) = (words(seen(&both)), words(unseen(&both)));
    // Where the page's estimates are of more measurements, what they are of the same ones is said as well.
    let beside = |at: usize| {
        let (value, same) = (others.as_ref()?.get(at)?, same.as_ref()?.get(at)?);
        Some(match both.len() < chosen.len() {
            true => {
                env.fill("app.accuracy.unseen-among", &[("value", value), ("same", same), ("n", &format::count(both.len() as u64))])
            }
            false => env.fill("app.accuracy.unseen-value", &[("value", value)]),
        })
    };
    let elsewhere = unseen_inside(chosen).map(|share| env.fill("app.accuracy.unseen-value", &[("value", &whole(share))]));
    html! {
        <dl class="figures" aria-live="polite">
            { figure("count", env.say("app.accuracy.count"), format::count(known.count as u64), Vec::new()) }
            { for ["median", "p90", "bias"].into_iter().zip(in_words(known)).enumerate().map(|(at, (name, value))| {
                figure(name, env.say(&format!("app.accuracy.{name}")), value, beside(at).into_iter().collect())
            }) }
            { for inside(chosen).map(|share| {
                figure("inside", env.say("app.accuracy.inside"), whole(share), elsewhere.into_iter().collect())
            }) }
        </dl>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_dot_opens_its_own_reading() {
        let data = Data::read(include_str!("../../../../web/accuracy.json")).expect("the data of the page");
        let selection = Selection { data: Rc::new(data), chosen: Vec::new() };
        let mut known = BTreeMap::new();
        for one in &selection.data.comparisons {
            let same = known.entry(selection.id(one)).or_insert(one);
            let shown = |one: &Comparison| (one.quantity, one.job, one.model, one.source, format::short(one.measured));
            assert_eq!(shown(same), shown(one), "{}", selection.id(one));
        }
        assert!(known.len() * 10 > selection.data.comparisons.len() * 9, "{} names", known.len());
    }
}
