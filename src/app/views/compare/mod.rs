//! How do cards differ, in themselves and for the job at hand?

mod charted;
mod chosen;
mod entry;
mod figure;
mod generations;
mod job;
mod pasted;
mod specs;
mod working;

pub use charted::{GenerationsView, measure, measures};
pub use chosen::{Chosen, entries, fields, leave, link, pin, readable};
pub use entry::{Column, Entry};
pub use generations::{MEASURES, largest_of_each, said};
pub use pasted::{adding, comparable};

use super::choose::ModelPicker;
use super::job::JobForm;
use super::line::{Line, answer_with_line};
use super::money::MoneyForm;
use super::question::Question;
use super::share::Share;
use super::summary::job_in_words;
use super::tabled::{Rows, shown};
use super::widget::{KindMenu, widget};
use super::{answer, reasons, report, rig};
use crate::app::context::{Env, use_env};
use crate::app::format;
use crate::app::late::Late;
use crate::app::state::Action;
use crate::app::widgets::{Icon, Notice, Sign, Tone};
use figure::Figure;
use std::rc::Rc;
use whichcard::card::Card;
use whichcard::error::RequestError;
use whichcard::export::TableForm;
use whichcard::plan::{Outcome, Plan, Reason, ReasonCode, plan};
use whichcard::share::Field;
use whichcard::units::Money;
use yew::prelude::*;

/// What is compared, and what becomes of each.
struct Compared {
    columns: Vec<Column>,
}

impl Compared {
    fn plans(&self) -> impl Iterator<Item = &Plan> {
        let outcomes = self.columns.iter().map(|column| &column.outcome);
        outcomes.filter_map(|outcome| if let Outcome::Planned(plan) = outcome { Some(plan.as_ref()) } else { None })
    }
}

#[component]
pub fn Compare() -> Html {
    let env = use_env();
    let unknown = chosen::unread(&env);
    let fresh = {
        let entries = chosen::entries(&env).into_iter();
        let asked: Vec<_> = entries.filter_map(|entry| entry.goal(&env).map(|(goal, words)| (entry, goal, words))).collect();
        use_memo((asked, Late::clone(&env.catalog)), |(asked, catalog)| {
            let columns = asked
                .iter()
                .map(|(entry, goal, words)| {
                    Ok(Column { entry: entry.clone(), words: words.clone(), outcome: plan(catalog, goal)? })
                })
                .collect::<Result<_, RequestError>>()?;
            Ok(Rc::new(Compared { columns }))
        })
    };
    if env.compact {
        let asks = html! { <><ModelPicker /><KindMenu /></> };
        return widget(&env, asks, answer::answer(&env, &fresh, |compared| brief(&env, compared, &unknown)));
    }
    html! {
        <div class="bench">
            <Question summary={job_in_words(&env)}>
                <JobForm />
                <MoneyForm own_card={false} />
            </Question>
            { answer_with_line(&env, &fresh, |compared| Line::plain(summed_up(&env, compared)), |compared| answer_of(&env, compared, &unknown)) }
        </div>
    }
}

fn answer_of(env: &Env, compared: &Rc<Compared>, unknown: &[String]) -> Html {
    let outcomes: Vec<&Outcome> = compared.columns.iter().map(|column| &column.outcome).collect();
    let rigs: Vec<(&Card, u32)> = compared.columns.iter().map(|column| (column.card(), column.count())).collect();
    let mut sections = vec![
        ("asked", job::asked(env, &compared.columns)),
        ("job", job::figures(env, &outcomes)),
        ("recipe", job::recipes(env, &compared.columns)),
    ];
    sections.extend(specs::sections(env, &rigs, &unsold(env, compared)));
    html! {
        <div class="answer" data-cards={ids_of(compared)}>
            { headline(env, compared, unknown) }
            { report::inputs(env, common_job(env, compared), None) }
            <p class="quiet" id="example" hidden={!chosen::is_example(env)}>{ env.say("app.compare.example") }</p>
            <div class="pair adding">
                <chosen::Chosen />
                <pasted::Pasted />
            </div>
            { table(env, compared, &sections) }
            { working::opened(env, compared) }
            <Share rows={(!compared.columns.is_empty()).then(|| tabled(env, compared, sections))} asked={common_job(env, compared).unwrap_or_default()} />
            <generations::Generations />
        </div>
    }
}

/// The table alone: what becomes of the job, and the figures that decide it.
fn brief(env: &Env, compared: &Compared, unknown: &[String]) -> Html {
    const DECIDE: [&str; 9] = [
        "app.compare.verdict",
        "app.share.memory",
        "app.compare.time",
        "app.compare.job-cost",
        "app.fact.memory",
        "app.fact.bandwidth",
        "app.ledger.fact.acc32",
        "app.fact.power",
        "app.compare.price",
    ];
    let decides = |figure: &Figure| DECIDE.contains(&figure.name.as_str());
    let outcomes: Vec<&Outcome> = compared.columns.iter().map(|column| &column.outcome).collect();
    let rigs: Vec<(&Card, u32)> = compared.columns.iter().map(|column| (column.card(), column.count())).collect();
    let job = job::figures(env, &outcomes).into_iter().filter(decides).collect();
    let card =
        specs::sections(env, &rigs, &unsold(env, compared)).into_iter().flat_map(|(_, figures)| figures).filter(decides).collect();
    html! {
        <div class="answer" data-cards={ids_of(compared)}>
            { headline(env, compared, unknown) }
            { table(env, compared, &[("job", job), ("card", card)]) }
        </div>
    }
}

fn ids_of(compared: &Compared) -> String {
    compared.columns.iter().map(|column| column.card().id.as_str()).collect::<Vec<_>>().join(",")
}

/// The answer in one sentence, and what could not be compared.
fn headline(env: &Env, compared: &Compared, unknown: &[String]) -> Html {
    let job = common_job(env, compared);
    let differ = job.is_none();
    html! {
        <div>
            <header class="headline" id="verdict" data-verdict="compare" aria-live="polite">
                <p class="eyebrow" hidden={differ}><span class="asked-for">{ job }</span></p>
                <h1>{ env.say("app.compare.title") }</h1>
                <p>{ summed_up(env, compared) }</p>
                { for unpriced(env, compared).map(|names| html! { <p class="quiet unpriced">{ env.fill("app.compare.unpriced", &[("names", &names)]) }</p> }) }
            </header>
            <div hidden={unknown.is_empty()}>
                <Notice tone={Tone::Caution}><p>{ env.fill("app.compare.unknown", &[("names", &unknown.join(&env.say("app.list-comma")))]) }</p></Notice>
            </div>
            { waiting(env) }
        </div>
    }
}

/// Those for which there is no room: what is left out is said, and shown when it is asked for.
fn waiting(env: &Env) -> Html {
    let waiting = chosen::waiting(env);
    let button = |entry: Entry| {
        let (act, put) = (env.act.clone(), chosen::fields(&chosen::seen(chosen::all(env), &entry)));
        let onclick = Callback::from(move |_: MouseEvent| act.emit(Action::Put(put.clone())));
        let name = entry.in_words(env);
        html! { <button key={entry.id().to_owned()} type="button" class="small" data-shows={entry.id().to_owned()} {onclick}>{ env.fill("app.compare.show", &[("name", &name)]) }</button> }
    };
    let names: Vec<String> = waiting.iter().map(|entry| entry.in_words(env)).collect();
    html! {
        <div id="waiting" role="status" hidden={waiting.is_empty()}>
            { for (!names.is_empty()).then(|| html! {
                <Notice tone={Tone::Caution}>
                    <p>{ env.fill("app.compare.waiting", &[("most", &chosen::MOST.to_string()), ("names", &names.join(&env.say("app.list-semicolon")))]) }</p>
                    <p class="row" hidden={env.compact}>{ for waiting.into_iter().filter(|entry| chosen::can_be_seen(env, entry)).map(button) }</p>
                </Notice>
            }) }
        </div>
    }
}

/// The job above all columns: that of the question where a card stands for it, else what all setups ask, if that is the same.
fn common_job(env: &Env, compared: &Compared) -> Option<String> {
    let mut jobs = compared.columns.iter().map(|column| column.words.as_str());
    match jobs.next().filter(|first| !first.is_empty()) {
        Some(first) => jobs.all(|job| job == first).then(|| first.to_owned()),
        None => Some(job_in_words(env)),
    }
}

/// Why each is not for sale where the question is asked, if so: as the advice says it.
fn unsold(env: &Env, compared: &Compared) -> Vec<String> {
    let barred = |reason: &&Reason| matches!(reason.code, ReasonCode::NotSoldNew | ReasonCode::SoldOnlyIn);
    let why = |column: &Column| match &column.outcome {
        Outcome::Planned(plan) => plan.reasons.iter().find(barred).map(|reason| reasons::sentence(env, reason)),
        Outcome::Rejected(_) => None,
    };
    compared.columns.iter().map(|column| why(column).unwrap_or_default()).collect()
}

/// What a plan's cards cost today, where that is known: nobody buys at the launch price of years ago.
fn price_today(plan: &Plan) -> Option<Money> {
    plan.price().filter(|price| !price.stale).map(|price| price.money)
}

/// Those that do the job but have no price of today, where others have one: the lowest price is not the lowest of them all.
fn unpriced(env: &Env, compared: &Compared) -> Option<String> {
    let (priced, without): (Vec<&Plan>, Vec<&Plan>) = compared.plans().partition(|plan| price_today(plan).is_some());
    let names: Vec<String> = without.iter().map(|plan| rig::name(env, &plan.setup.rig)).collect();
    (!priced.is_empty() && !names.is_empty()).then(|| names.join(&env.say("app.list-comma")))
}

/// What comes out of the comparison, where there is one.
fn summed_up(env: &Env, compared: &Compared) -> String {
    if compared.columns.is_empty() { env.say("app.compare.empty") } else { in_a_sentence(env, compared) }
}

/// Which is the fastest, and which costs the least, of those that do the job; one price alone is the lowest of nothing.
fn in_a_sentence(env: &Env, compared: &Compared) -> String {
    let name = |plan: &Plan| rig::name(env, &plan.setup.rig);
    let fastest = compared.plans().min_by(|a, b| a.time().total.get().total_cmp(&b.time().total.get()));
    let priced: Vec<(&Plan, Money)> = compared.plans().filter_map(|plan| Some((plan, price_today(plan)?))).collect();
    let several = priced.len() > 1;
    let cheapest = priced.into_iter().filter(|_| several).min_by(|a, b| a.1.amount.total_cmp(&b.1.amount));
    let Some(fastest) = fastest else { return env.say("app.compare.none-fits") };
    if !job::same(compared.plans()) {
        return env.say("app.compare.several-jobs");
    }
    let time = format::duration(env.lang, fastest.time().total);
    let first = env.fill("app.compare.fastest", &[("name", &name(fastest)), ("time", &time)]);
    match cheapest {
        Some((plan, money)) => {
            let second = env.fill("app.compare.cheapest", &[("name", &name(plan)), ("price", &format::money(money))]);
            env.fill("app.compare.both", &[("first", &first), ("second", &second)])
        }
        None => first,
    }
}

/// The table to be copied: as it is read, or for programs with a row for each card, so that a column has one unit.
fn tabled(env: &Env, compared: &Rc<Compared>, sections: Vec<(&'static str, Vec<Figure>)>) -> Callback<TableForm, Rows> {
    let (env, compared, as_read) = (env.clone(), Rc::clone(compared), shown(env, "comparison"));
    Callback::from(move |form| {
        if form == TableForm::Markdown {
            return as_read.emit(form);
        }
        let name = |column: &Column| rig::several(&env, column.count(), &column.card().name);
        let mut rows: Rows = vec![vec![env.say("app.field.card")]];
        rows.extend(compared.columns.iter().map(|column| vec![name(column)]));
        for (_, figures) in &sections {
            for figure in figures {
                figure.add_data(&env, &mut rows);
            }
        }
        rows
    })
}

/// A column for each card, a group of rows for each section.
fn table(env: &Env, compared: &Compared, sections: &[(&'static str, Vec<Figure>)]) -> Html {
    let width = (compared.columns.len() + 1).to_string();
    let opened = env.link.get(Field::Open).and_then(working::of_id);
    html! {
        <section class="groups" hidden={compared.columns.is_empty()}>
            <p class="quiet">{ env.say("app.compare.about") }</p>
            <p class="quiet">{ env.say("app.confidence.legend") }</p>
            <div class="scroll" tabindex="0" role="region" aria-label={env.say("app.compare.title")}>
                <table class="ledger" id="comparison" style={format!("--cards:{}", compared.columns.len())}>
                    <thead><tr>
                        <td></td>
                        { for compared.columns.iter().enumerate().map(|(place, column)| head(env, column, told_apart(env, compared, sections, place))) }
                    </tr></thead>
                    { for sections.iter().filter(|(_, figures)| !figures.is_empty()).map(|(name, figures)| html! {
                        <tbody key={*name} data-section={*name}>
                            <tr><th colspan={width.clone()} scope="rowgroup" class="section"><span>{ env.say(&format!("app.compare.section.{name}")) }</span></th></tr>
                            { for figures.iter().map(|one| figure::row(env, one, opened)) }
                        </tbody>
                    }) }
                </table>
            </div>
        </section>
    }
}

/// The job of a column in words; where others share the words, what is asked otherwise here.
fn told_apart(env: &Env, compared: &Compared, sections: &[(&'static str, Vec<Figure>)], place: usize) -> String {
    let words = compared.columns.get(place).map_or("", |column| column.words.as_str());
    let alike = compared.columns.iter().filter(|column| column.words == words).count() > 1;
    let asked = sections.iter().filter(|(name, _)| *name == "asked" && alike && !words.is_empty()).flat_map(|(_, figures)| figures);
    let differs = asked.filter_map(|figure| Some(format!("{} {}", env.say(&figure.name), figure.cells.get(place)?.text)));
    std::iter::once(words.to_owned()).chain(differs).collect::<Vec<_>>().join(" · ")
}

/// A name that leads to what is compared here on its own, its job where it brings one, and the way to leave it out; in an article the
/// author chose.
fn head(env: &Env, column: &Column, words: String) -> Html {
    let entry = &column.entry;
    let (view, changes) = entry.alone();
    let (href, onclick) = env.way(view, changes);
    let card = column.card();
    let name = rig::several(env, column.count(), &card.name);
    let (id, kind) = match entry {
        Entry::Card(id) => (id.clone(), "card"),
        Entry::Setup(packed) => (packed.clone(), "setup"),
    };
    if env.compact {
        return html! {
            <th key={format!("{kind} {id}")} scope="col" data-card={card.id.clone()}>
                { name }<span class="note quiet" hidden={words.is_empty()}>{ words }</span>
            </th>
        };
    }
    html! {
        <th key={format!("{kind} {id}")} scope="col" data-card={card.id.clone()} data-entry={kind}>
            <span class="compared"><a {href} {onclick}>{ name.clone() }</a>
                <button type="button" class="leave" data-leave={id} aria-label={env.fill("app.compare.leave", &[("name", &name)])}
                    onclick={chosen::leave(env, entry)}><Icon sign={Sign::Cross} /></button></span>
            <span class="note quiet" hidden={words.is_empty()}>{ words }</span>
        </th>
    }
}
