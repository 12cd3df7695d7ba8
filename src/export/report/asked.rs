//! What was asked, for the report: the model, what it is to do, and the machine.

use super::{Report, Rows};
use crate::model::Network;
use crate::request::{Keyword, LinkKind};
use crate::units::{BytesPerSecond, real};
use crate::wording::{self, count, duration, memory, watts};

impl Report<'_> {
    pub(super) fn asked(&self) -> Rows {
        let mut rows = vec![(self.say("app.field.model"), self.model())];
        rows.extend(if self.setup.trains() { self.training() } else { self.serving() });
        rows.extend(self.machine());
        rows
    }

    /// The model with its size, and how much of it works on one token where experts are chosen.
    fn model(&self) -> String {
        let model = &self.setup.model;
        let [size, active] = [model.parameters, model.active_parameters].map(|count| wording::large(real(count)));
        let key = if model.expert_layers() > 0 { "export.report.sized-active" } else { "export.report.sized" };
        self.fill(key, &[("model", &model.name), ("size", &size), ("active", &active)])
    }

    fn training(&self) -> Rows {
        let (job, model) = (&self.setup.job, &self.setup.model);
        let mut rows = self.length();
        if matches!(model.network, Network::EncoderDecoder { .. }) {
            rows.push((self.say("app.field.target"), count(job.target_length)));
        }
        if model.reads_text() {
            rows.push((self.say("app.field.training-tokens"), wording::many(self.lang, job.tokens.get())));
        } else {
            let samples = job.tokens.get() / real(job.sequence_length.max(1));
            let name = self.fill("export.report.all-passes", &[("samples", &self.say(wording::samples(model)))]);
            rows.push((name, wording::many(self.lang, samples)));
        }
        rows.push((self.say("app.field.batch"), count(job.global_batch)));
        rows
    }

    fn serving(&self) -> Rows {
        let (job, model) = (&self.setup.job, &self.setup.model);
        let mut rows = if model.reads_text() { vec![(self.say("app.field.prompt"), count(job.prompt))] } else { self.length() };
        if model.denoising.is_some() {
            rows.push((self.say("app.field.denoising-steps"), count(job.output)));
        } else if self.estimate.time.decode.is_some() {
            rows.push((self.say("app.field.output"), count(job.output)));
        }
        rows.push((self.say(wording::at_once(model)), count(job.concurrency)));
        rows
    }

    /// How long a sample is: tokens of text, the side of an image, the size and time of a clip.
    fn length(&self) -> Rows {
        let (length, model) = (self.setup.job.sequence_length, &self.setup.model);
        let (key, value) = if model.reads_text() {
            ("app.field.sequence", count(length))
        } else if let Some(side) = model.picture_side(length) {
            ("app.field.image-side", count(side))
        } else if let Some(clip) = model.clip(length) {
            ("export.report.recording", duration(self.lang, clip))
        } else if let Some(video) = model.video(length) {
            let [width, height, frames] = [video.width, video.height, video.frames].map(count);
            let time = duration(self.lang, video.time());
            let args = [("width", width.as_str()), ("height", &height), ("frames", &frames), ("time", &time)];
            ("export.report.video", self.fill("export.report.moving", &args))
        } else if model.makes_video() {
            ("export.report.latents", count(length))
        } else {
            return Vec::new();
        };
        vec![(self.say(key), value)]
    }

    fn machine(&self) -> Rows {
        let rig = &self.setup.rig;
        let card = &rig.card;
        let facts =
            [wording::vram(card.vram), wording::bandwidth(card.bandwidth), watts(card.tdp)].join(&self.say("app.list-comma"));
        let cards = wording::rig(self.lang, rig.count, &card.name);
        let mut rows = vec![(self.say("app.field.card"), self.with(&cards, &facts))];
        if rig.count > 1 && rig.link != LinkKind::Auto {
            rows.push((self.say("app.field.link"), wording::name(self.lang, "link", rig.link.name())));
        }
        rows.extend(rig.power_limit.map(|limit| (self.say("app.field.power-limit"), watts(limit))));
        if rig.reserved.get() > 0.0 {
            rows.push((self.say("app.field.reserved"), memory(rig.reserved)));
        }
        let network = |rate: BytesPerSecond| format!("{}\u{a0}Gb/s", wording::short(rate.as_gigabits()));
        rows.extend(rig.network.map(|rate| (self.say("app.field.network"), network(rate))));
        rows.extend(rig.main_memory.map(|there| (self.say("app.field.main-memory"), memory(there))));
        rows.extend(rig.host_memory.map(|rate| (self.say("app.field.host-memory"), wording::bandwidth(rate))));
        rows
    }
}
