//! The whole path of a model from nothing, against well-known answers, and the machine around the cards.

use std::sync::{Arc, LazyLock};
use whichcard::card::Form;
use whichcard::catalog::Catalog;
use whichcard::error::ErrorCode;
use whichcard::estimate::evaluate;
use whichcard::plan::{
    CardChoices, Comfort, CostOf, Counts, FromScratch, Goal, Outcome, Path, ReasonCode, Stage, StagePlan, advise, from_scratch,
    machine, plan,
};
use whichcard::request::{CardChoice, JobKind, ModelChoice, MoneyRequest, Precision, Request, RigRequest, resolve};
use whichcard::text::Lang;
use whichcard::units::{Bytes, Money};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::from_json(include_str!("../catalog.json")).unwrap());

fn path(model: &str, card: &str, count: u32, tokens: Option<f64>) -> Path {
    let money = MoneyRequest { tariff_per_kwh: Some(0.2), ..MoneyRequest::default() };
    let model = ModelChoice::Id(model.to_owned());
    let rig = RigRequest { count: Some(f64::from(count)), ..RigRequest::new(card) };
    from_scratch(&CATALOG, &FromScratch { model, rig, tokens, money }).unwrap()
}

fn stage(path: &Path, kind: JobKind) -> &Stage {
    path.stages.iter().find(|stage| stage.kind == kind).unwrap()
}

#[test]
fn gpt_2_small_takes_days_on_one_card_and_hours_on_eight_a100() {
    // nanoGPT: 300 billion tokens in about four days on eight A100; compute-optimal are 2.5 billion.
    let full = path("gpt2", "a100-sxm-40gb", 8, Some(3e11));
    let days = stage(&full, JobKind::Pretrain).here.as_ref().unwrap().days;
    assert!((2.0..8.0).contains(&days), "{days}");
    let optimal = path("gpt2", "rtx-4090", 1, None);
    assert!((optimal.tokens.get() / 2.49e9 - 1.0).abs() < 0.01, "{:?}", optimal.tokens);
    let days = stage(&optimal, JobKind::Pretrain).here.as_ref().unwrap().days;
    assert!((0.1..2.0).contains(&days), "{days}");
}

/// An estimate and the path from nothing take the same text where nobody says how much: of experts those count that a token passes.
#[test]
fn a_model_of_experts_reads_as_much_wherever_it_is_asked() {
    let asked = resolve(&CATALOG, &Request::new("mixtral-8x7b", JobKind::Pretrain, "h100-sxm")).unwrap();
    let (whole, active) = (asked.model.parameters as f64, asked.model.active_parameters as f64);
    assert!(active < 0.3 * whole);
    assert_eq!(asked.job.tokens, path("mixtral-8x7b", "h100-sxm", 8, None).optimal_tokens);
    assert!((asked.job.tokens.get() / (20.0 * active) - 1.0).abs() < 1e-9, "{:?}", asked.job.tokens);
}

#[test]
fn seven_billion_from_nothing_asks_for_another_rig_than_one_card() {
    let home = path("llama-2-7b", "rtx-3090", 1, None);
    let training = stage(&home, JobKind::Pretrain);
    assert!(training.here.as_ref().is_none_or(|here| here.days > 300.0));
    let better = training.better.as_ref().unwrap();
    assert!(better.plan.setup.rig.count > 1 && better.days < 120.0, "{} {}", better.plan.setup.rig.card.id, better.days);
    // Tuning and serving are no problem there.
    assert!(stage(&home, JobKind::Inference).here.is_some());
    assert!(stage(&home, JobKind::Lora).here.is_some());
}

/// Modules of servers are rented, unless the request says what they cost; of cards that are sold both are told.
#[test]
fn a_path_costs_rent_where_nobody_sells_the_cards() {
    let bought = path("llama-3.2-1b", "rtx-4090", 1, None);
    assert_eq!((bought.cost_of, bought.cost), (CostOf::Electricity, bought.electricity));
    let rented = path("llama-2-7b", "a100-sxm-80gb", 8, None);
    assert_eq!((rented.cost_of, rented.cost), (CostOf::Rent, rented.rent));
    let amount = |money: Option<Money>| money.map_or(0.0, |money| money.amount);
    assert!(amount(rented.rent) > 3.0 * amount(rented.electricity), "{:?} {:?}", rented.rent, rented.electricity);
    let stages: f64 =
        rented.stages.iter().filter(|stage| stage.kind.trains()).map(|stage| amount(stage.here.as_ref().unwrap().rent)).sum();
    assert!((amount(rented.rent) - stages - amount(rented.preparation.cost)).abs() < 1e-6);
    let asked = FromScratch {
        model: ModelChoice::Id("llama-2-7b".to_owned()),
        rig: RigRequest { count: Some(8.0), ..RigRequest::new("a100-sxm-80gb") },
        tokens: None,
        money: MoneyRequest { card_price: Some(9000.0), ..MoneyRequest::default() },
    };
    assert_eq!(from_scratch(&CATALOG, &asked).unwrap().cost_of, CostOf::Electricity);
}

/// What suits a stage better is what the advice would name, not what draws least: an L4 has no fans, costs twice as much as a card that does
/// it in less time, and draws 72 W.
#[test]
fn what_suits_a_stage_better_is_the_first_of_the_advice() {
    let path = path("llama-3-8b", "gtx-1060-6gb", 1, None);
    let tuning = stage(&path, JobKind::Lora).better.as_ref().unwrap();
    let mut asked = Goal::new("llama-3-8b", JobKind::Lora);
    asked.rig.form_factors = Some(vec![Form::Desktop, Form::Pcie, Form::Sxm]);
    let advice = advise(&CATALOG, &asked).unwrap();
    let first = advice.ranked.iter().find(|plan| plan.comfort == Comfort::Fits).unwrap();
    assert_eq!(tuning.plan.setup.rig.card.id, first.setup.rig.card.id);
    assert_eq!(tuning.plan.setup.rig.card.form, Form::Desktop);
}

/// One machine takes years for these; a cluster ends within a month, of few enough machines that half as many would not.
#[test]
fn the_largest_models_are_trained_on_clusters() {
    for model in ["gpt3-175b", "llama-3.1-405b", "deepseek-v3"] {
        let path = path(model, "a100-sxm-80gb", 8, None);
        let better = stage(&path, JobKind::Pretrain).better.as_ref().unwrap();
        let rig = &better.plan.setup.rig;
        assert!(rig.count > 8 && better.days <= 30.0, "{model}: {} x {} {}", rig.count, rig.card.id, better.days);
        assert!(better.plan.reasons.iter().any(|reason| reason.code == ReasonCode::SeveralMachines));
        println!("{model}: {} x {}, {:.1} days", rig.count, rig.card.id, better.days);
    }
}

/// In China a cluster is of cards that are sold there: nobody finds thousands second hand.
#[test]
fn clusters_are_of_cards_that_are_sold_where_they_stand() {
    let mut asked = FromScratch {
        model: ModelChoice::Id("gpt3-175b".to_owned()),
        rig: RigRequest { count: Some(8.0), ..RigRequest::new("a100-sxm-80gb") },
        tokens: None,
        money: MoneyRequest { country: Some("CN".to_owned()), ..MoneyRequest::default() },
    };
    let barred = |asked: &FromScratch| {
        let path = from_scratch(&CATALOG, asked).unwrap();
        let better = stage(&path, JobKind::Pretrain).better.as_ref().map(|better| Arc::clone(&better.plan.setup.rig.card));
        better.is_some_and(|card| ["h100-sxm", "h200-sxm", "b200", "b300"].contains(&card.id.as_str()))
    };
    assert!(!barred(&asked));
    asked.money.country = Some("US".to_owned());
    assert!(barred(&asked));
}

/// Where more than the largest cluster is at hand, it is said that nothing is faster.
#[test]
fn nothing_faster_is_said_rather_than_nothing() {
    let tokens = Some(1e15);
    let path = path("llama-3.1-405b", "b300", 100_000, tokens);
    let training = stage(&path, JobKind::Pretrain);
    assert!(training.here.is_some() && training.lacks_better(), "{:?}", training.better.as_ref().map(|plan| &plan.plan.setup.rig));
    for lang in Lang::ALL {
        assert!(path.notes()[1].say(*lang).contains("16,384"), "{}", path.notes()[1].say(*lang));
    }
}

#[test]
fn every_rig_of_the_question_gets_every_stage_said() {
    for model in ["gpt2", "llama-3.2-1b", "llama-2-7b"] {
        for (card, count) in [("rtx-3090", 1), ("rtx-4090", 1), ("a100-sxm-80gb", 8)] {
            let path = path(model, card, count, None);
            assert_eq!(path.stages.len(), 3, "{model} on {card}");
            assert!(path.disk > path.preparation.token_files, "{model} on {card}");
            for note in path.notes() {
                assert!(Lang::ALL.iter().all(|lang| !note.say(*lang).contains("%{")), "{}", note.say(Lang::En));
            }
            let text: Vec<String> = path.notes().iter().map(|note| note.say(Lang::En)).collect();
            println!("{count} x {card}, {model}, {:?}: {}", path.cost, text.join(" "));
            serde_json::to_value(&path).unwrap();
        }
    }
}

#[test]
fn more_tokens_take_longer_and_more_disk() {
    let (few, many) = (path("gpt2", "rtx-4090", 1, Some(1e9)), path("gpt2", "rtx-4090", 1, Some(1e10)));
    assert!(many.total > few.total && many.disk > few.disk && many.preparation.time > few.preparation.time);
}

#[test]
fn an_image_model_has_no_text_to_prepare() {
    let path = path("resnet-50", "rtx-3090", 1, None);
    assert_eq!(path.preparation.token_files, Bytes::ZERO);
    assert!(stage(&path, JobKind::Pretrain).here.is_some());
}

#[test]
fn the_circuit_is_one_of_the_country() {
    let circuit = |country: Option<&str>| {
        let mut request = Request::new("gpt2", JobKind::FullFinetune, "rtx-3090");
        request.money.country = country.map(str::to_owned);
        let setup = resolve(&CATALOG, &request).unwrap();
        machine(&CATALOG, &setup, &evaluate(&setup)).circuit.map(|circuit| (circuit.volts, circuit.amperes, circuit.watts.get()))
    };
    assert_eq!(circuit(Some("US")), Some((120, 15, 1440.0)));
    assert_eq!(circuit(Some("CN")), Some((220, 10, 1760.0)));
    assert_eq!(circuit(Some("DE")), Some((230, 16, 2944.0)));
    assert_eq!(circuit(Some("JP")), Some((100, 15, 1200.0)));
    assert_eq!(circuit(None), Some((120, 15, 1440.0)));
    // A supply of 1,500 W takes 1,667 from the plug, which at 100 or 110 V is more than 15 A.
    for (country, volts) in [("JP", 100), ("TW", 110)] {
        let mut request = Request::new("llama-3-8b", JobKind::Inference, "rtx-4090");
        (request.rig.count, request.money.country) = (Some(2.0), Some(country.to_owned()));
        let setup = resolve(&CATALOG, &request).unwrap();
        let machine = machine(&CATALOG, &setup, &evaluate(&setup));
        let (supply, circuit) = (machine.power_supply_watts.unwrap().get(), machine.circuit.unwrap());
        assert!(supply <= 0.9 * f64::from(circuit.volts * circuit.amperes) || circuit.volts > 199, "{supply} W: {circuit:?}");
        assert!(circuit.volts == volts && circuit.amperes > 15 || circuit.volts > 199, "{supply} W: {circuit:?}");
    }
}

#[test]
fn the_power_supply_follows_the_makers_advice_and_the_circuit_carries_it() {
    let of = |card: &str, count: u32| {
        let mut request = Request::new("gpt2", JobKind::FullFinetune, card);
        request.rig.count = Some(f64::from(count));
        request.money.tariff_per_kwh = Some(0.2);
        let setup = resolve(&CATALOG, &request).unwrap();
        machine(&CATALOG, &setup, &evaluate(&setup))
    };
    for (card, watts) in [("rtx-3060-12gb", 600.0), ("rtx-3090", 750.0), ("rtx-4090", 850.0), ("rtx-5090", 1000.0)] {
        let supply = of(card, 1).power_supply_watts.unwrap().get();
        assert!((watts - 50.0..=watts + 50.0).contains(&supply), "{card}: {supply}");
    }
    let four = of("rtx-4090", 4);
    assert!(four.power_supply_watts.is_none(), "no single supply sold carries four: {:?}", four.power_supply_watts);
    assert!(four.circuit.unwrap().volts > 120, "{:?}", four.circuit);
    assert!(four.desktop_lanes == Some(false) && four.slots.unwrap() >= 12);
    let one = of("rtx-4090", 1);
    assert!(one.circuit.unwrap().volts == 120 && one.desktop_lanes == Some(true));
    assert!((one.heat_btu_per_hour / one.wall_watts.get() - 3.412).abs() < 0.001);
    // A third to two thirds of a kilowatt without pause at 0.20 a kilowatt-hour.
    assert!((40.0..110.0).contains(&one.monthly_bill.unwrap().amount), "{:?}", one.monthly_bill);
    // A laptop or a server of modules is built around its cards: nobody chooses its supply, slots or lanes.
    for own in ["rtx-4060-laptop", "h100-sxm"] {
        let machine = of(own, 1);
        let chosen =
            (machine.power_supply_watts, machine.power_supply_least_watts, machine.slots, machine.lanes, machine.desktop_lanes);
        assert_eq!(chosen, (None, None, None, None, None), "{own}");
    }
    assert!(of("rtx-4060-laptop", 1).circuit.is_some() && of("h100-sxm", 1).circuit.is_none());
}

#[test]
fn renting_pays_for_a_while_and_buying_in_the_end() {
    let mut request = Request::new("llama-3-8b", JobKind::Qlora, "rtx-4090");
    request.money.card_price = Some(2_000.0);
    request.money.rent_per_hour = Some(0.5);
    request.money.tariff_per_kwh = Some(0.2);
    let even = |request: &Request| {
        let setup = resolve(&CATALOG, request).unwrap();
        machine(&CATALOG, &setup, &evaluate(&setup)).rent_or_buy
    };
    let usual = even(&request).unwrap();
    assert!((2.0..60.0).contains(&usual.break_even_months), "{usual:?}");
    // What a card loses is the visitor's to say: at nothing buying has paid at once, and all of it has to be saved where it loses all.
    let losing = |entry: f64, yearly: f64| {
        let mut request = request.clone();
        (request.money.entry_loss, request.money.yearly_loss) = (Some(entry), Some(yearly));
        even(&request).unwrap().break_even_months
    };
    assert_eq!(losing(0.25, 0.15), usual.break_even_months);
    assert_eq!(losing(0.0, 0.0), 0.0);
    assert!(losing(0.1, 0.15) < usual.break_even_months && usual.break_even_months < losing(0.25, 0.3));
    assert_eq!(losing(1.0, 0.0), losing(0.5, 1.0), "neither leaves anything to sell");
    request.money.card_price = Some(4_000.0);
    assert!(even(&request).unwrap().break_even_months > usual.break_even_months);
    request.money.rent_per_hour = Some(0.01);
    assert!(even(&request).is_none(), "electricity alone costs more than renting");
}

/// Two RTX 5090 draw 1,407 W at the socket at most, which 15 A at 120 V would carry for hours; but no supply as large as theirs
/// gives its rating there.
#[test]
fn the_circuit_carries_what_a_limit_at_the_wall_allows() {
    let mut request = Request::new("llama-3-8b", JobKind::Qlora, "rtx-5090");
    request.rig.count = Some(2.0);
    request.money.country = Some("US".to_owned());
    let setup = resolve(&CATALOG, &request).unwrap();
    let circuit = machine(&CATALOG, &setup, &evaluate(&setup)).circuit.unwrap();
    assert_eq!((circuit.volts, circuit.amperes), (240, 30));
    let mut goal = Goal::new("llama-3-8b", JobKind::Qlora);
    goal.rig.card = Some(CardChoices::One(CardChoice::Id("rtx-5090".to_owned())));
    goal.rig.count = Some(Counts::One(2.0));
    for (watts, carried) in [(circuit.watts.get(), true), (1_400.0, false)] {
        goal.rig.wall_watts = Some(watts);
        assert_eq!(matches!(plan(&CATALOG, &goal), Ok(Outcome::Planned(_))), carried, "{watts}");
    }
}

/// 13 A at 230 V, four fifths of it for hours: 2,392 W, which two RTX 3090 stay below and four exceed.
#[test]
fn a_fused_plug_carries_thirteen_amperes() {
    let circuit = |country: &str, count: f64| {
        let mut request = Request::new("llama-3-8b", JobKind::Qlora, "rtx-3090");
        request.rig.count = Some(count);
        request.money.country = Some(country.to_owned());
        let setup = resolve(&CATALOG, &request).unwrap();
        machine(&CATALOG, &setup, &evaluate(&setup)).circuit
    };
    let plug = circuit("GB", 2.0).unwrap();
    assert_eq!((plug.volts, plug.amperes, plug.watts.get().round()), (230, 13, 2392.0));
    assert_eq!(circuit("GB", 8.0), None);
    assert_eq!(circuit("DE", 2.0).unwrap().amperes, 16);
}

#[test]
fn a_disk_holds_served_weights_once_in_the_format_they_are_read_in() {
    let disk = |recipe: &str, count: u32| {
        let request = format!(
            r#"{{"model":"llama-3.1-8b","job":{{"kind":"inference"}},"recipe":{recipe},"rig":{{"card":"rtx-3090","count":{count}}}}}"#
        );
        let setup = resolve(&CATALOG, &Request::from_json(&request).unwrap()).unwrap();
        machine(&CATALOG, &setup, &evaluate(&setup)).disk.as_gib() - 30.0
    };
    let whole = disk(r#"{"weights":"bf16"}"#, 1);
    let ggml = disk(r#"{"weights":"q4_k_m"}"#, 1);
    // 8.03 billion weights at two bytes; llama-quantize prints 4.58 GiB for this file.
    assert!((whole - 14.96).abs() < 0.05 && (ggml - 4.58).abs() < 0.15, "{whole} {ggml}");
    assert!((disk(r#"{"weights":"nf4"}"#, 1) - whole).abs() < 0.05, "made while loading");
    for (recipe, count) in [
        (r#"{"weights":"q4_k_m","offload":"layers:20"}"#, 1),
        (r#"{"weights":"q4_k_m","parallel":{"data":2}}"#, 2),
        (r#"{"weights":"q4_k_m","parallel":{"pipeline":2}}"#, 2),
    ] {
        assert!((disk(recipe, count) - ggml).abs() < 1e-6, "{recipe}");
    }
}

/// 3.3 billion words, read about 40 times (arXiv 1810.04805): 13 GB of text, not 40 times as much.
#[test]
fn text_that_is_read_often_is_prepared_once() {
    let data = path("bert-base", "rtx-3060-12gb", 1, None).preparation;
    assert!((3e9..4e9).contains(&data.tokens.get()), "{:?}", data.tokens);
    assert!((10.0..16.0).contains(&data.text.as_gib()), "{:?}", data.text);
    assert_eq!(data.token_files.get(), data.tokens.get() * 2.0, "of a vocabulary of 30,522");
    let few = path("bert-base", "rtx-3060-12gb", 1, Some(1e9)).preparation;
    assert_eq!(few.tokens.get(), 1e9);
}

/// Tokens say nothing of a network that reads images, so they are refused, not passed over.
/// The law of compute is of models that predict every next token.
#[test]
fn an_encoder_reads_what_bert_read() {
    let path = path("bert-base", "rtx-3060-12gb", 1, None);
    assert!(path.is_masked() && path.tokens.get() == 1e6 * 256.0 * 512.0, "{:?}", path.tokens);
    let asked =
        whichcard::request::resolve(&CATALOG, &whichcard::request::Request::new("bert-large", JobKind::Pretrain, "rtx-4090"));
    assert_eq!(asked.unwrap().job.tokens, path.tokens);
}

#[test]
fn tokens_are_for_models_that_read_text() {
    let asked = FromScratch {
        model: ModelChoice::Id("resnet-50".to_owned()),
        rig: RigRequest::new("rtx-3090"),
        tokens: Some(1e9),
        money: MoneyRequest::default(),
    };
    let error = from_scratch(&CATALOG, &asked).unwrap_err();
    assert_eq!((error.code, error.field.as_str()), (ErrorCode::Conflict, "tokens"));
    assert!(from_scratch(&CATALOG, &FromScratch { tokens: None, ..asked }).is_ok());
}

/// States that are paged, and steps within the backward pass, are for one card: where all cards of a rig cannot do a stage, or only
/// with main memory, fewer of them that can do it. Main memory is taken instead only for less than half of the time, or for an FP32 copy
/// of weights that are trained from nothing.
#[test]
fn more_cards_do_no_stage_worse() {
    let comfort = |stage: &Stage| stage.here.as_ref().map_or((true, Comfort::Offloaded), |here| (false, here.plan.comfort));
    let gains = |alone: &Stage, together: &Stage| match (&alone.here, &together.here) {
        (Some(alone), Some(together)) => {
            let sooner = together.time.get() * 2.0 < alone.time.get() || alone.plan.late && !together.plan.late;
            sooner || lacks_copy(alone) && !lacks_copy(together)
        }
        _ => false,
    };
    let mut fewer = 0;
    for model in ["gpt2", "gpt2-xl", "qwen3-0.6b", "bert-large", "llama-3.2-1b"] {
        for card in ["gtx-1650", "rtx-2060", "rtx-3050-8gb", "rtx-4060"] {
            let one = path(model, card, 1, None);
            for count in [2, 4] {
                for (alone, together) in one.stages.iter().zip(&path(model, card, count, None).stages) {
                    let no_worse = comfort(together) <= comfort(alone) || gains(alone, together);
                    assert!(no_worse, "{model} {:?} on {count} x {card}", alone.kind);
                    let used = together.here.as_ref().map_or(count, |here| here.plan.setup.rig.count);
                    fewer += u32::from(together.kind.trains() && used < count);
                }
            }
        }
    }
    println!("{fewer} trainings take fewer cards than there are");
}

fn lacks_copy(here: &StagePlan) -> bool {
    here.plan.setup.job.kind == JobKind::Pretrain && here.plan.setup.recipe.precision == Precision::Bf16Pure
}
