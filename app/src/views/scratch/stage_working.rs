//! How the figures of a stage are worked out: calculated when it is opened.

use super::Answered;
use crate::context::use_env;
use crate::late::Late;
use crate::reading::in_words;
use crate::views::working::working_at;
use crate::widgets::use_unfolded;
use std::rc::Rc;
use whichcard::catalog::Catalog;
use whichcard::error::RequestError;
use whichcard::estimate::{Step, estimate};
use whichcard::plan::{StagePlan, machine_steps};
use whichcard::request::Keyword;
use yew::prelude::*;

#[derive(Properties, Clone, PartialEq)]
pub struct StageWorkingProps {
    pub answered: Rc<Answered>,
    /// Which of the stages.
    pub stage: usize,
    /// On the rig that suits it better.
    pub better: bool,
}

impl StageWorkingProps {
    fn plan(&self) -> Option<&StagePlan> {
        let stage = self.answered.path.stages.get(self.stage)?;
        if self.better { stage.better.as_ref() } else { stage.here.as_ref() }
    }

    /// Every step of the estimate, and of the month's bill where the stage goes on.
    fn steps(&self, catalog: &Catalog) -> Result<Vec<Step>, RequestError> {
        let Some(stage) = self.plan() else { return Ok(Vec::new()) };
        let answer = estimate(catalog, &stage.plan.request())?;
        let around = machine_steps(catalog, &stage.plan.setup, &stage.plan.figures, &stage.machine);
        let bill = around.into_iter().filter(|step| step.id == "machine.monthlyBill" && !stage.plan.setup.trains());
        Ok(answer.explain.into_iter().chain(bill).collect())
    }
}

#[component]
pub fn StageWorking(props: &StageWorkingProps) -> Html {
    let env = use_env();
    let (open, ontoggle) = use_unfolded();
    let steps = {
        let catalog = Late::clone(&env.catalog);
        use_memo((props.clone(), *open), move |(props, open)| open.then(|| props.steps(&catalog)))
    };
    let kind = props.plan().map_or("", |stage| stage.plan.setup.job.kind.name());
    let at = format!("{}-{kind}", if props.better { "better" } else { "here" });
    html! {
        <details class="twin wide stage-working" data-working={at.clone()} {ontoggle}>
            <summary>{ env.say("app.sheet.working") }</summary>
            { match steps.as_ref() {
                Some(Ok(steps)) => working_at(&env, steps, &at),
                Some(Err(error)) => html! { <p>{ in_words(&env, error) }</p> },
                None => html! { <div hidden=true></div> },
            } }
        </details>
    }
}
