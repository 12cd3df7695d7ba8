//! How fast a setup is, in what suits its model: tokens, images, clips.

use super::{duration, energy, rate};
use crate::estimate::{PhaseTime, Time};
use crate::model::{Category, Model};
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

/// What one sample of a model is, in keys.
fn sample(model: &Model) -> &'static str {
    match model.category {
        // A denoiser whose output is no square is one of clips.
        Category::Diffusion if model.image_side(1).is_none() => "video",
        Category::Vision | Category::Diffusion | Category::Driving => "image",
        Category::SceneReconstruction => "frame",
        Category::SpeechRecognition | Category::SpeechSynthesis => "clip",
        Category::Llm | Category::LlmMoe | Category::Encoder | Category::EncoderDecoder => "sample",
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
