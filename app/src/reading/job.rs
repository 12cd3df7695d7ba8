//! What is to be done, as typed.

use super::Reader;
use crate::number::Measure;
use whichcard::catalog::Task;
use whichcard::model::Model;
use whichcard::request::{JobKind, JobRequest};
use whichcard::share::Field;
use whichcard::units::real;

impl Reader<'_> {
    /// What the task leaves open is the visitor's; another kind of job than the task's starts from that kind's own defaults.
    pub(super) fn job(&self, task: Option<&Task>, model: Option<&Model>) -> JobRequest {
        let own = task.map_or_else(|| JobRequest::new(JobKind::Qlora), |task| task.job.clone());
        // What a task says of its models means nothing for a model of another kind: lengths are not sides of images.
        let foreign = |model: &&Model| task.is_some_and(|task| !task.suits(self.catalog, model));
        let mut own = model.filter(foreign).map_or_else(|| own.clone(), |_| JobRequest::new(own.kind));
        // Nor is a text longer than the model takes what anybody means by default.
        let most = model.and_then(|model| model.max_context).map_or(f64::INFINITY, real);
        own.sequence_length = own.sequence_length.map(|length| length.min(most));
        // A kind that makes no sense for the model gives way to the nearest that does, unless it was asked for.
        let usual = model.map_or(own.kind, |model| model.nearest(own.kind));
        let kind = self.word(Field::Job).unwrap_or(usual);
        let mut job = if kind == own.kind || (kind.tunes() && own.kind.tunes()) { own } else { JobRequest::new(kind) };
        job.kind = kind;
        let sides = model.filter(|model| model.sized_by_side());
        let denoises = model.is_some_and(|model| model.denoising.is_some());
        let over = |slot: &mut Option<f64>, typed: Option<f64>| *slot = typed.or(*slot);
        let length = self.number(Field::Sequence, if sides.is_some() { Measure::SIDE } else { Measure::LENGTH });
        over(&mut job.sequence_length, length.map(|typed| sides.map_or(typed, |model| real(model.image_length(typed)))));
        over(&mut job.target_length, self.number(Field::TargetLength, Measure::LENGTH));
        over(&mut job.samples, self.number(Field::Samples, Measure::SAMPLES));
        over(&mut job.epochs, self.number(Field::Epochs, Measure::EPOCHS));
        over(&mut job.global_batch, self.number(Field::Batch, Measure::GLOBAL_BATCH));
        over(&mut job.prompt, self.number(Field::Prompt, Measure::LENGTH));
        over(&mut job.output, self.number(Field::Output, if denoises { Measure::STEPS } else { Measure::OUTPUT }));
        over(&mut job.concurrency, self.number(Field::Users, Measure::USERS));
        // Tokens count before samples where both are given.
        over(&mut job.tokens, self.number(Field::Tokens, Measure::TOKENS));
        job
    }
}
