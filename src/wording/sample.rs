//! What a model works on, one by one: images, clips of video or of sound, frames, texts.

use crate::model::{Category, Model};

/// What one sample of a model is, in keys.
#[must_use]
pub const fn sample(model: &Model) -> &'static str {
    match model.category {
        Category::Diffusion if model.makes_video() => "video",
        Category::Vision | Category::Diffusion => "image",
        Category::SceneReconstruction | Category::Driving => "frame",
        Category::SpeechRecognition | Category::SpeechSynthesis => "clip",
        Category::Llm | Category::LlmMoe | Category::Encoder | Category::EncoderDecoder => "sample",
    }
}

/// Key of what samples are called where they are counted.
#[must_use]
pub fn samples(model: &Model) -> &'static str {
    match sample(model) {
        "image" => "app.field.images",
        "video" => "app.field.videos",
        "clip" => "app.field.clips",
        "frame" if model.category == Category::SceneReconstruction => "app.field.views",
        "frame" => "app.field.frames",
        _ => "app.field.samples",
    }
}

/// Key of how many are worked on side by side: requests for text, else what one sample is.
#[must_use]
pub fn at_once(model: &Model) -> &'static str {
    match sample(model) {
        _ if model.reads_text() => "app.field.users",
        "image" => "app.field.images-at-once",
        "frame" => "app.field.frames-at-once",
        "video" => "app.field.videos-at-once",
        _ => "app.field.clips-at-once",
    }
}
