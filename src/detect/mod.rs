//! Which card does the visitor have? A guess from the strings a browser shows, that never names a card it cannot know.
//!
//! Order of evidence: PCI device id, the driver's name for the card, the chip a Mesa driver names, the generation WebGPU gives in
//! one word. Names are compared word for word with known ones (`devices.tsv`);
//! nothing is matched by likeness, because a wrong card is worse than none. See `docs/detection.md`.

mod architecture;
mod devices;
mod guess;
mod maker;
mod measured;
mod name;
mod nvidia;
mod observation;
mod renderer;

pub use architecture::Architecture;
pub use guess::{Confidence, Evidence, Guess, Question, Vendor};
pub use measured::{Agreement, Measured};
pub use observation::{AdapterInfo, Observation, Platform};

use crate::units::Bytes;

/// Reads what a browser shows.
#[must_use]
pub fn read(observation: &Observation) -> Guess {
    let webgl =
        observation.webgl_renderer.as_deref().map(|text| read_webgl(text, observation.webgl_vendor.as_deref().unwrap_or_default()));
    let adapters: Vec<Guess> = observation.adapters.iter().map(read_adapter).collect();
    let seen = || webgl.iter().chain(&adapters);
    // The first of the strongest: WebGL goes before WebGPU.
    let mut guess = seen().fold(Guess::default(), |best, next| if strength(next) > strength(&best) { next.clone() } else { best });
    let best = guess.clone();
    for other in seen() {
        compare(&mut guess, &best, other);
    }
    let hardware = |other: &Guess| !other.software && !other.conflict && other.vendor != Vendor::Unknown;
    guess.hybrid = hardware(&guess) && seen().any(|other| hardware(other) && other.vendor != guess.vendor);
    let heap =
        observation.adapters.iter().find(|adapter| adapter.vendor.eq_ignore_ascii_case("nvidia")).and_then(|a| a.device_memory);
    if let Some(memory) = heap {
        keep_memory(&mut guess.cards, memory);
    }
    guess.confidence = confidence(&guess);
    guess.question = question(&guess, observation.platform);
    guess
}

/// Holds another reading of an NVIDIA card against the best: where they cannot be of one card, the likeliest of each is offered.
fn compare(guess: &mut Guess, best: &Guess, other: &Guess) {
    if best.vendor != Vendor::Nvidia || other.vendor != Vendor::Nvidia || other.software {
        return;
    }
    let may_be = |one: &Guess, generation| one.generation == Some(generation) || one.other_generation == Some(generation);
    let one_generation = match (best.generation, other.generation) {
        (Some(ours), Some(theirs)) => may_be(best, theirs) || may_be(other, ours),
        _ => true,
    };
    let apart = !best.cards.is_empty() && !other.cards.is_empty() && !best.cards.iter().any(|card| other.cards.contains(card));
    if !one_generation {
        (guess.generation, guess.other_generation) = (None, None);
    }
    if apart {
        guess.cards = best.cards.first().into_iter().chain(other.cards.first()).cloned().collect();
    }
    guess.conflict |= apart || !one_generation;
}

/// Which of two readings to believe: an NVIDIA card before other hardware, hardware before software, and a reading before none.
fn strength(guess: &Guess) -> u8 {
    match (guess.vendor, guess.evidence) {
        (Vendor::Nvidia, Evidence::Id) => 9,
        (Vendor::Nvidia, Evidence::Name) => 8,
        (Vendor::Nvidia, Evidence::Chip) => 7,
        (Vendor::Nvidia, Evidence::Architecture) => 6,
        (Vendor::Nvidia, _) => 5,
        _ if guess.conflict => 4,
        (Vendor::Unknown, _) => u8::from(guess.masked),
        _ if guess.software => 2,
        _ => 3,
    }
}

fn read_webgl(raw: &str, webgl_vendor: &str) -> Guess {
    let renderer = renderer::take_apart(raw);
    let traits = maker::traits(renderer.text, renderer.name, renderer.bucket, renderer::bounded(webgl_vendor));
    let named = if traits.masked { Evidence::Bucket } else { Evidence::Name };
    let evidence = if traits.vendor == Vendor::Unknown { Evidence::Nothing } else { named };
    let plain = Guess {
        vendor: traits.vendor,
        software: traits.software,
        is_virtual: traits.is_virtual,
        integrated: traits.integrated,
        masked: traits.masked,
        device_id: renderer.device_id,
        evidence,
        ..Guess::default()
    };
    let said = [Some(traits.vendor), maker::vendor_in(renderer.maker), maker::vendor_in(renderer::bounded(webgl_vendor))];
    let foreign = |vendor: &Option<Vendor>| vendor.is_some_and(|vendor| vendor.maker().is_some());
    let two_makers = said.contains(&Some(Vendor::Nvidia)) && said.iter().any(foreign);
    if traits.vendor != Vendor::Nvidia && two_makers {
        return Guess { conflict: true, device_id: renderer.device_id, ..Guess::default() };
    }
    if traits.vendor != Vendor::Nvidia || traits.masked || traits.software {
        return plain;
    }
    let mut guess = nvidia::read(renderer.name, renderer.device_id, renderer.chip);
    guess.is_virtual |= traits.is_virtual;
    guess.integrated = guess.integrated.or(traits.integrated);
    if two_makers {
        return Guess {
            conflict: true,
            cards: guess.cards,
            evidence: guess.evidence,
            device_id: guess.device_id,
            ..Guess::default()
        };
    }
    guess
}

fn read_adapter(adapter: &AdapterInfo) -> Guess {
    let description = renderer::bounded(&adapter.description);
    let device_id = adapter.device.strip_prefix("0x").and_then(renderer::parse_hex);
    let vendor_word = renderer::bounded(&adapter.vendor);
    let architecture = renderer::bounded(&adapter.architecture);
    let traits = maker::traits(&format!("{vendor_word} {architecture} {description}"), description, false, "");
    let vendor = if vendor_word.eq_ignore_ascii_case("google") { Vendor::Google } else { traits.vendor };
    let software = traits.software || adapter.is_fallback_adapter || matches!(architecture, "swiftshader" | "warp" | "software");
    if vendor == Vendor::Nvidia && !software {
        let mut guess = nvidia::read(description, device_id, None);
        match (guess.generation, Architecture::of_word(architecture)) {
            (None, Some((generation, other))) => {
                guess.generation = Some(generation);
                guess.other_generation = other;
                guess.evidence = Evidence::Architecture;
            }
            (Some(known), Some((generation, other))) if known != generation && Some(known) != other => {
                guess.generation = None;
                guess.conflict = true;
            }
            _ => {}
        }
        return guess;
    }
    let masked = vendor_word.is_empty() && architecture.is_empty() && description.is_empty();
    let evidence = if vendor == Vendor::Unknown { Evidence::Nothing } else { Evidence::Architecture };
    // WebGPU's words do not tell a processor's graphics from a card of the same maker; a description does.
    let integrated = traits.integrated.filter(|_| !description.is_empty());
    Guess { vendor, software, integrated, masked, device_id, evidence, is_virtual: traits.is_virtual, ..Guess::default() }
}

/// Keeps the cards whose memory is the size of the largest heap the driver reports (which is a little less than nominal).
fn keep_memory(cards: &mut Vec<String>, heap: Bytes) {
    let fits = |gb: u16| (heap.get() / Bytes::gib(f64::from(gb)).get() - 1.0).abs() < 0.12;
    let of_size = |card: &String| devices::memory_in_id(card).is_some_and(fits);
    if cards.iter().any(of_size) {
        cards.retain(of_size);
    } else if cards.iter().any(|card| devices::memory_in_id(card).is_none()) {
        cards.retain(|card| devices::memory_in_id(card).is_none());
    }
}

fn confidence(guess: &Guess) -> Confidence {
    match (guess.cards.len(), guess.evidence) {
        (0, _) => Confidence::None,
        (1, Evidence::Id) if !guess.conflict => Confidence::High,
        (1, _) if !guess.conflict => Confidence::Medium,
        _ => Confidence::Low,
    }
}

fn question(guess: &Guess, platform: Platform) -> Option<Question> {
    if guess.conflict {
        return Some(Question::Contradiction);
    }
    match guess.vendor {
        Vendor::Nvidia if guess.cards.len() == 1 => None,
        Vendor::Nvidia if guess.cards.len() > 1 => Some(between(&guess.cards)),
        _ if guess.is_virtual => Some(Question::Host),
        Vendor::Nvidia if guess.generation.is_some() => Some(Question::Generation),
        Vendor::Nvidia | Vendor::Unknown => Some(Question::Card),
        _ if guess.software || matches!(platform, Platform::Mobile | Platform::MacOs) => Some(Question::Card),
        _ => Some(Question::OtherCard),
    }
}

/// What tells these cards apart.
fn between(cards: &[String]) -> Question {
    let laptops = cards.iter().filter(|card| card.ends_with("-laptop")).count();
    let sized = cards.iter().filter(|card| devices::memory_in_id(card).is_some()).count();
    let one_form = laptops == 0 || laptops == cards.len();
    if sized > 0 && one_form {
        Question::Memory
    } else if sized == 0 && !one_form && cards.len() == 2 {
        Question::Form
    } else {
        Question::Candidates
    }
}
