//! How do cards differ, in themselves and for the job at hand?

mod adding;
mod charted;
mod column;
mod figure;
mod generations;
mod headline;
mod job;
mod pasted;
mod specs;
mod table;
mod working;

pub use adding::{Adds, leave, link, pin};
pub use charted::{GenerationsView, measure, measures};
pub use column::Column;
pub use generations::{MEASURES, largest_of_each, said};

use super::choose::ModelPicker;
use super::compared::{entries, is_example, unread};
use super::job::JobForm;
use super::line::{Line, answer_with_line};
use super::money::MoneyForm;
use super::question::Question;
use super::share::Share;
use super::summary::job_in_words;
use super::widget::{KindMenu, widget};
use super::{answer, reasons, report};
use crate::context::{Env, use_env};
use crate::late::Late;
use figure::Figure;
use headline::{common_job, headline, summed_up};
use std::rc::Rc;
use table::table;
use whichcard::card::Card;
use whichcard::error::RequestError;
use whichcard::plan::{Outcome, Plan, Reason, ReasonCode, plan};
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
    let unknown = unread(&env);
    let fresh = {
        let entries = entries(&env).into_iter();
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
            { answer_with_line(
                &env,
                &fresh,
                |compared| Line::plain(summed_up(&env, compared)),
                |compared| answer_of(&env, compared, &unknown),
            ) }
        </div>
    }
}

fn answer_of(env: &Env, compared: &Rc<Compared>, unknown: &[String]) -> Html {
    let rigs: Vec<(&Card, u32)> = compared.columns.iter().map(|column| (column.card(), column.count())).collect();
    let mut sections = vec![
        ("asked", job::asked(env, &compared.columns)),
        ("job", job::figures(env, &compared.columns)),
        ("recipe", job::recipes(env, &compared.columns)),
    ];
    sections.extend(specs::sections(env, &rigs, &unsold(env, compared)));
    html! {
        <div class="answer" data-cards={ids_of(compared)}>
            { headline(env, compared, unknown) }
            { report::inputs(env, common_job(env, compared), None) }
            <p class="quiet" id="example" hidden={!is_example(env)}>{ env.say("app.compare.example") }</p>
            <div class="pair adding">
                <Adds />
                <pasted::Pasted />
            </div>
            { table(env, compared, &sections) }
            { working::opened(env, compared) }
            <Share rows={(!compared.columns.is_empty()).then(|| table::rows(env, compared, sections))}
                asked={common_job(env, compared).unwrap_or_default()} />
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
    let rigs: Vec<(&Card, u32)> = compared.columns.iter().map(|column| (column.card(), column.count())).collect();
    let job = job::figures(env, &compared.columns).into_iter().filter(decides).collect();
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

/// Why each is not for sale where the question is asked, if so: as the advice says it.
fn unsold(env: &Env, compared: &Compared) -> Vec<String> {
    let barred = |reason: &&Reason| matches!(reason.code, ReasonCode::NotSoldNew | ReasonCode::SoldOnlyIn);
    let why = |column: &Column| match &column.outcome {
        Outcome::Planned(plan) => plan.reasons.iter().find(barred).map(|reason| reasons::sentence(env, reason)),
        Outcome::Rejected(_) => None,
    };
    compared.columns.iter().map(|column| why(column).unwrap_or_default()).collect()
}
