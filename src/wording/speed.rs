//! How fast a setup is, in what suits its model: tokens, images, clips.

use super::{duration, energy, rate, sample};
use crate::estimate::{Phase, PhaseTime, Time};
use crate::model::Model;
use crate::request::Setup;
use crate::text::{Lang, say};
use crate::units::{Joules, Seconds, real};

/// The pace of a setup; of what listens, against the time it takes to speak.
#[must_use]
pub fn pace(lang: Lang, setup: &Setup, time: &Time) -> String {
    match setup.model.clip(setup.job.sequence_length).filter(|_| !setup.trains()) {
        Some(clip) => {
            let heard = clip * real(setup.job.concurrency);
            say(lang, "app.unit.real-time", &[("n", &rate(heard / time.total))])
        }
        None => of_phase(lang, &setup.model, &time.main),
    }
}

/// "1,110 tokens/s", or "35 samples/s" where nothing is read token by token.
fn of_phase(lang: Lang, model: &Model, phase: &PhaseTime) -> String {
    let (tokens_per_second, samples_per_second) = (phase.tokens_per_second, phase.samples_per_second);
    if model.reads_text() && tokens_per_second > 0.0 {
        say(lang, "app.unit.tokens-per-second", &[("n", &rate(tokens_per_second))])
    } else if samples_per_second > 0.0 && samples_per_second < 1.0 {
        let time = duration(lang, Seconds::new(1.0 / samples_per_second));
        say(lang, &format!("app.unit.per.{}", sample(model)), &[("time", &time)])
    } else {
        say(lang, &format!("app.unit.each.{}", sample(model)), &[("n", &rate(samples_per_second))])
    }
}

/// Keys of the time a setup takes and of its pace: a whole training, an answer that is written word by word, else a batch.
#[must_use]
pub const fn figures(model: &Model, time: &Time) -> (&'static str, &'static str) {
    match time.main.phase {
        Phase::Train => ("app.figure.time", "app.figure.train-speed"),
        Phase::Decode if model.reads_text() => ("app.figure.answer-time", "app.figure.decode-speed"),
        Phase::Decode | Phase::Prefill => ("app.figure.batch-time", "app.figure.run-speed"),
    }
}

/// Electricity at the wall; of what takes next to none, of a thousand times.
#[must_use]
pub fn electricity(lang: Lang, wall: Joules) -> String {
    const LITTLE: Joules = Joules::new(360.0);
    match wall {
        _ if wall < LITTLE && wall.get() > 0.0 => say(lang, "app.figure.thousand", &[("energy", &energy(wall * 1000.0))]),
        _ => energy(wall),
    }
}
