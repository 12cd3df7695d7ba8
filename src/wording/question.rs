//! A question and its answer in a sentence.

use super::{count, memory};
use crate::estimate::{Memory, Verdict};
use crate::request::{JobKind, Keyword, Setup};
use crate::text::{Lang, say};
use crate::units::Bytes;

/// "QLoRA on Llama 3 8B".
#[must_use]
pub fn job(lang: Lang, kind: JobKind, model: &str) -> String {
    say(lang, &format!("app.summary.{}", kind.name()), &[("model", model)])
}

/// "2 × GeForce RTX 4090".
#[must_use]
pub fn rig(lang: Lang, cards: u32, card: &str) -> String {
    if cards == 1 { card.to_owned() } else { say(lang, "app.rig.several", &[("n", &count(u64::from(cards))), ("card", card)]) }
}

/// Whether it runs only as main memory holds a part of it.
#[must_use]
pub fn partly_in_main_memory(setup: &Setup, verdict: Verdict) -> bool {
    setup.offloads() && verdict != Verdict::DoesNotFit
}

/// "Llama 3 8B fits on GeForce RTX 4090".
#[must_use]
pub fn verdict(lang: Lang, setup: &Setup, verdict: Verdict) -> String {
    let card = rig(lang, setup.rig.count, &setup.rig.card.name);
    let key = match verdict {
        _ if partly_in_main_memory(setup, verdict) => "app.inspect.offloaded",
        Verdict::Fits => "app.inspect.fits",
        Verdict::Tight => "app.inspect.tight",
        Verdict::DoesNotFit => "app.inspect.no",
    };
    say(lang, key, &[("card", &card), ("model", &setup.model.name)])
}

/// How much is left or missing, what takes most, and what is elsewhere.
#[must_use]
pub fn margin(lang: Lang, setup: &Setup, held: &Memory) -> String {
    let part = say(lang, &format!("app.part.{}", held.limited_by.name()), &[]);
    let gap = Bytes::new((held.capacity - held.total).get().abs());
    let key = match held.verdict {
        Verdict::Fits => "spare",
        Verdict::Tight => "narrow",
        Verdict::DoesNotFit => "short",
    };
    let key = format!("app.inspect.{key}{}", if setup.rig.count == 1 { "-alone" } else { "" });
    let sizes = [gap, held.total, held.capacity, held.high].map(memory);
    let [gap, used, capacity, high] = sizes.each_ref().map(String::as_str);
    let said = say(lang, &key, &[("gap", gap), ("used", used), ("capacity", capacity), ("high", high), ("part", &part)]);
    match partly_in_main_memory(setup, held.verdict) {
        true => say(lang, "app.inspect.beside", &[("margin", &said), ("host", &memory(held.host))]),
        false => said,
    }
}
