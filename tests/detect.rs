//! The card detection on strings real browsers report, and on strings nobody should send.
#![cfg(not(target_arch = "wasm32"))]

mod scoring;

use proptest::prelude::*;
use whichcard::card::Generation;
use whichcard::detect::{AdapterInfo, Confidence, Evidence, Guess, Observation, Platform, Question, Vendor, read};
use whichcard::text::{Lang, knows};
use whichcard::units::Bytes;

const RECORDS: &str = include_str!("reference/renderers.json");

fn webgl(renderer: &str) -> Guess {
    read(&Observation { webgl_renderer: Some(renderer.to_owned()), ..Observation::default() })
}

fn adapter(vendor: &str, architecture: &str) -> AdapterInfo {
    AdapterInfo { vendor: vendor.to_owned(), architecture: architecture.to_owned(), ..AdapterInfo::default() }
}

#[test]
fn no_recorded_string_is_read_wrongly() {
    let score = scoring::score(RECORDS).unwrap();
    let [exact, contains, missed, wrong] = score.all;
    println!("all: {exact} exact, {contains} contain, {missed} missed, {wrong} wrong; nameable: {:?}", score.nameable);
    assert_eq!(wrong, 0, "{}", score.report);
    assert!(score.exact_share() >= 0.98, "{:.3}\n{}", score.exact_share(), score.report);
}

#[test]
fn strings_made_up_to_mislead_do_not() {
    let score = scoring::score(include_str!("reference/renderers_made_up.json")).unwrap();
    let [exact, others @ ..] = score.all;
    println!("{exact} exact");
    assert_eq!((others, score.fields.len()), ([0; 3], 0), "{}{:?}", score.report, score.fields);
}

#[test]
fn two_readings_that_cannot_be_of_one_card_name_none() {
    let observation =
        |renderer: &str, adapters| Observation { webgl_renderer: Some(renderer.to_owned()), adapters, ..Observation::default() };
    let renderer = "ANGLE (NVIDIA, NVIDIA GeForce RTX 3080 (0x00002206) Direct3D11 vs_5_0 ps_5_0, D3D11)";
    let other = read(&observation(renderer, vec![adapter("nvidia", "lovelace")]));
    assert_eq!((other.card(), other.generation, other.conflict), (None, None, true));
    assert_eq!(other.cards, ["rtx-3080-10gb"], "it is still offered");
    let second = AdapterInfo { device: "0x1b06".to_owned(), ..adapter("nvidia", "pascal") };
    let two = read(&observation(renderer, vec![second]));
    assert_eq!(two.card(), None);
    assert_eq!(two.cards, ["rtx-3080-10gb", "gtx-1080-ti"]);
    let volta = read(&observation("TITAN V/PCIe/SSE2", vec![adapter("nvidia", "pascal")]));
    assert_eq!(volta.card(), Some("titan-v"), "WebGPU's word for Pascal is also its word for Volta");
}

#[test]
fn the_id_settles_what_the_name_leaves_open() {
    let by_name = webgl("ANGLE (NVIDIA Corporation, NVIDIA GeForce RTX 3080/PCIe/SSE2, OpenGL 4.5.0)");
    assert_eq!(by_name.cards, ["rtx-3080-10gb", "rtx-3080-12gb"]);
    assert_eq!((by_name.card(), by_name.question), (None, Some(Question::Memory)));
    let by_id = webgl("ANGLE (NVIDIA, NVIDIA GeForce RTX 3080 (0x0000220A) Direct3D11 vs_5_0 ps_5_0, D3D11)");
    assert_eq!((by_id.card(), by_id.evidence, by_id.confidence), (Some("rtx-3080-12gb"), Evidence::Id, Confidence::High));
}

#[test]
fn the_name_settles_what_the_id_leaves_open() {
    let guess = webgl("ANGLE (NVIDIA, NVIDIA Quadro RTX 8000 (0x00001E30) Direct3D11 vs_5_0 ps_5_0, D3D11)");
    assert_eq!(guess.card(), Some("quadro-rtx-8000"));
}

#[test]
fn lookalikes_stay_apart() {
    let pairs = [
        ("NVIDIA RTX A4000", "rtx-a4000"),
        ("NVIDIA RTX 4000 Ada Generation", "rtx-4000-ada"),
        ("NVIDIA RTX 4000 SFF Ada Generation", "rtx-4000-sff-ada"),
        ("NVIDIA RTX PRO 4000 Blackwell", "rtx-pro-4000-blackwell"),
        ("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", "rtx-pro-6000-blackwell-maxq"),
        ("NVIDIA L40S", "l40s"),
        ("NVIDIA A100 80GB PCIe", "a100-pcie-80gb"),
        ("NVIDIA A10", "a10"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm"),
        ("NVIDIA GeForce RTX 4070 Ti SUPER", "rtx-4070-ti-super"),
        ("NVIDIA GeForce RTX 5090 D v2", "rtx-5090-d-v2"),
        ("NVIDIA TITAN X (Pascal)", "titan-x-pascal"),
        ("GeForce GTX TITAN X", "titan-x-maxwell"),
    ];
    for (name, card) in pairs {
        assert_eq!(webgl(&format!("{name}/PCIe/SSE2")).card(), Some(card), "{name}");
    }
}

#[test]
fn an_unknown_number_names_no_card() {
    for name in ["NVIDIA GeForce RTX 6090", "NVIDIA GeForce RTX 309", "NVIDIA GeForce RTX 3090 Super Duper", "NVIDIA RTX A7000"] {
        let guess = webgl(name);
        assert_eq!((guess.vendor, guess.cards.len(), guess.question), (Vendor::Nvidia, 0, Some(Question::Card)), "{name}");
    }
}

#[test]
fn contradictions_name_no_card() {
    let guess = webgl("ANGLE (NVIDIA, NVIDIA GeForce GTX 1660 (0x00002684) Direct3D11 vs_5_0 ps_5_0, D3D11)");
    assert_eq!((guess.card(), guess.conflict, guess.generation), (None, true, None));
    assert_eq!(guess.cards, ["rtx-4090", "gtx-1660"]);
    assert_eq!(guess.question, Some(Question::Contradiction));
}

#[test]
fn buckets_and_masks_name_no_card() {
    for text in [
        "ANGLE (NVIDIA, NVIDIA GeForce GTX 980 Direct3D11 vs_5_0 ps_5_0), or similar",
        "GeForce GTX 480, or similar",
        "Mozilla",
        "Brave",
        "x7Gq2LpZ",
        "Apple GPU",
    ] {
        let guess = webgl(text);
        assert!(guess.masked && guess.cards.is_empty() && guess.generation.is_none(), "{text}: {guess:?}");
        assert_eq!(guess.confidence, Confidence::None);
    }
}

#[test]
fn a_slice_is_not_the_card() {
    let guess = webgl("ANGLE (NVIDIA, NVIDIA GRID T4-2Q (0x00001EB8) Direct3D11 vs_5_0 ps_5_0, D3D11)");
    assert!(guess.is_virtual && guess.cards.is_empty());
    assert_eq!((guess.generation.and_then(|g| g.in_catalog()), guess.question), (Some(Generation::Turing), Some(Question::Host)));
}

#[test]
fn nouveau_gives_the_chip_only() {
    let guess = webgl("ANGLE (Mesa, NV137, OpenGL ES 3.2)");
    assert_eq!((guess.vendor, guess.chip.as_deref(), guess.evidence), (Vendor::Nvidia, Some("GP107"), Evidence::Chip));
    assert!(guess.cards.is_empty());
}

#[test]
fn webgpu_alone_gives_the_generation() {
    let guess = read(&Observation { adapters: vec![adapter("nvidia", "lovelace")], ..Observation::default() });
    assert_eq!((guess.generation.and_then(|g| g.in_catalog()), guess.evidence), (Some(Generation::Ada), Evidence::Architecture));
    assert_eq!((guess.cards.len(), guess.question), (0, Some(Question::Generation)));
}

#[test]
fn developer_details_are_used() {
    let details = AdapterInfo {
        device: "0x2d04".to_owned(),
        description: "NVIDIA GeForce RTX 5060 Ti".to_owned(),
        device_memory: Some(Bytes::gib(15.6)),
        ..adapter("nvidia", "blackwell")
    };
    let guess = read(&Observation { adapters: vec![details], ..Observation::default() });
    assert_eq!(guess.card(), Some("rtx-5060-ti-16gb"));
}

#[test]
fn integrated_graphics_do_not_exclude_a_card() {
    let renderer = "ANGLE (Intel, Intel(R) UHD Graphics 630 (0x00003E9B) Direct3D11 vs_5_0 ps_5_0, D3D11)";
    let observation =
        Observation { webgl_renderer: Some(renderer.to_owned()), platform: Platform::Windows, ..Observation::default() };
    let guess = read(&observation);
    assert_eq!((guess.integrated, guess.question), (Some(true), Some(Question::OtherCard)));
    let both = read(&Observation { adapters: vec![adapter("nvidia", "ampere")], ..observation });
    assert_eq!((both.vendor, both.hybrid, both.question), (Vendor::Nvidia, true, Some(Question::Generation)));
}

#[test]
fn every_sentence_exists_in_every_language() {
    let questions = [
        Question::Memory,
        Question::Form,
        Question::Candidates,
        Question::Contradiction,
        Question::Generation,
        Question::OtherCard,
        Question::Host,
        Question::Card,
    ];
    let evidence = [Evidence::Id, Evidence::Name, Evidence::Chip, Evidence::Architecture, Evidence::Bucket, Evidence::Nothing];
    let all_notes = Guess {
        software: true,
        is_virtual: true,
        conflict: true,
        integrated: Some(true),
        generation: Some(whichcard::detect::Architecture::Kepler),
        ..Guess::default()
    };
    let hybrid = Guess { hybrid: true, ..Guess::default() };
    let keys = questions
        .iter()
        .map(|question| question.key())
        .chain(evidence.map(|evidence| Guess { evidence, ..Guess::default() }.evidence_key()))
        .chain(all_notes.note_keys())
        .chain(hybrid.note_keys());
    for key in keys {
        for lang in Lang::ALL {
            assert!(knows(*lang, key), "{key} in {}", lang.tag());
        }
    }
}

fn recorded() -> Vec<String> {
    let file: serde_json::Value = serde_json::from_str(RECORDS).unwrap();
    let records = file["records"].as_array().unwrap();
    records.iter().filter_map(|record| record["raw"]["webgl_renderer"].as_str().map(str::to_owned)).collect()
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(renderer in ".{0,700}", vendor in ".{0,40}", device in "(0x)?[0-9a-fg]{0,10}", word in ".{0,12}") {
        let adapters = vec![AdapterInfo { device, description: renderer.clone(), ..adapter("nvidia", &word) }];
        let guess = read(&Observation { webgl_renderer: Some(renderer), webgl_vendor: Some(vendor), adapters, platform: Platform::Linux });
        prop_assert!(guess.cards.len() <= 8);
    }

    #[test]
    fn a_damaged_string_never_turns_one_model_number_into_another(
        text in prop::sample::select(recorded()), at in 0_usize..200, with in prop::char::range(' ', '~'), how in 0..3,
    ) {
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.min(chars.len());
        match how {
            0 => chars.insert(at, with),
            1 => chars.truncate(at),
            _ => if at < chars.len() { chars.remove(at); },
        }
        let damaged: String = chars.into_iter().collect();
        let guess = webgl(&damaged);
        // A named card has every digit run of its model in the string, or an id that was read whole.
        if let (Some(card), Evidence::Name) = (guess.card(), guess.evidence) {
            let model = card.split('-').find(|word| word.contains(|c: char| c.is_ascii_digit())).unwrap_or_default();
            prop_assert!(damaged.to_ascii_lowercase().contains(model), "{} from {}", card, damaged);
        }
    }
}

/// Names that drivers report, and the device ids of the catalogue with the cards that carry them.
fn names_and_ids() -> (Vec<String>, Vec<(String, Vec<String>)>) {
    let records: serde_json::Value = serde_json::from_str(RECORDS).unwrap();
    let cards = records["records"].as_array().unwrap().iter().filter_map(|record| record["expected"]["card"].as_str());
    let catalog: serde_json::Value = serde_json::from_str(include_str!("../catalog.json")).unwrap();
    let mut ids = std::collections::BTreeMap::<String, Vec<String>>::new();
    for card in catalog["cards"].as_array().unwrap() {
        for id in card["pci"].as_array().into_iter().flatten() {
            let sharing = ids.entry(id.as_str().unwrap().to_owned()).or_default();
            sharing.push(card["id"].as_str().unwrap().to_owned());
        }
    }
    (cards.map(str::to_owned).collect(), ids.into_iter().collect())
}

/// A name as a browser or driver wraps it, with the device id that some of them print.
fn wrapped(how: usize, name: &str, id: &str) -> (String, bool) {
    match how {
        0 => (format!("ANGLE (NVIDIA, NVIDIA {name} (0x0000{id}) Direct3D11 vs_5_0 ps_5_0, D3D11)"), true),
        1 => (format!("ANGLE (NVIDIA, NVIDIA {name} Direct3D11 vs_5_0 ps_5_0, D3D11-31.0.15.1694)"), false),
        2 => (format!("ANGLE (NVIDIA Corporation, NVIDIA {name}/PCIe/SSE2, OpenGL 4.5.0)"), false),
        3 => (format!("ANGLE (NVIDIA, Vulkan 1.3.242 (NVIDIA NVIDIA {name} (0x0000{id})), NVIDIA-550.54.14)"), true),
        _ => (format!("{name}/PCIe/SSE2"), false),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_card_is_named_only_where_every_name_and_id_that_was_seen_allows_it(
        how in 0..5_usize,
        name in prop::sample::select(names_and_ids().0),
        (printed, carried) in prop::sample::select(names_and_ids().1),
        told in prop::option::of(prop::sample::select(names_and_ids().1)),
        word in prop::sample::select(vec!["", "turing", "ampere", "lovelace", "blackwell"]),
    ) {
        let (renderer, prints_id) = wrapped(how, &name, &printed);
        let adapters = vec![AdapterInfo {
            device: told.as_ref().map(|(id, _)| format!("0x{id}")).unwrap_or_default(),
            ..adapter("nvidia", word)
        }];
        let seen = Observation { webgl_renderer: Some(renderer.clone()), adapters, ..Observation::default() };
        let guess = read(&seen);
        if let Some(card) = guess.card() {
            if prints_id {
                prop_assert!(carried.iter().any(|other| other == card), "{} from {}", card, renderer);
            }
            if let Some((id, carried)) = &told {
                prop_assert!(carried.iter().any(|other| other == card), "{} from {} and {}", card, renderer, id);
            }
            let model = card.split('-').find(|word| word.contains(|c: char| c.is_ascii_digit())).unwrap_or_default();
            let model = model.trim_end_matches("gb");
            prop_assert!(name.to_ascii_lowercase().contains(model), "{} from {}", card, renderer);
        }
    }
}

fn card_named(id: &str) -> std::sync::Arc<whichcard::card::Card> {
    let text = include_str!("../catalog.json");
    whichcard::catalog::Catalog::from_json(text).expect("catalogue reads").card(id).expect("a card").clone()
}

#[test]
fn a_measurement_rules_out_only_what_is_too_slow() {
    use whichcard::detect::{Agreement, Measured};
    use whichcard::units::{BytesPerSecond, FlopsPerSecond};
    let (small, large) = (card_named("gt-1030"), card_named("rtx-3090"));
    let fast = Measured { fp32: Some(FlopsPerSecond::new(30e12)), copy: Some(BytesPerSecond::new(8e11)), ..Measured::default() };
    assert_eq!(fast.agreement(&small), Agreement::Impossible);
    assert_eq!(fast.agreement(&large), Agreement::Agrees);
    let busy = Measured { fp32: Some(FlopsPerSecond::new(1e12)), copy: Some(BytesPerSecond::new(4e10)), ..Measured::default() };
    assert_eq!(busy.agreement(&large), Agreement::Slow, "a busy card is still that card");
    assert_eq!(busy.narrow(&[&large, &small]).len(), 2);
    assert_eq!(Measured::default().narrow(&[&large, &small]).len(), 2, "no measurement rules nothing out");
}

#[test]
fn no_card_is_ruled_out_by_its_own_data_sheet() {
    use whichcard::detect::{Agreement, Measured};
    let catalog = whichcard::catalog::Catalog::from_json(include_str!("../catalog.json")).expect("catalogue reads");
    for card in catalog.cards() {
        let rated = Measured { fp32: card.peaks.fp32, fp16: card.peaks.fp16, copy: Some(card.bandwidth) };
        assert_eq!(rated.agreement(card), Agreement::Agrees, "{}", card.id);
    }
}
