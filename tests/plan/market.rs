//! What cards cost, where they are sold, and what a budget buys.

use super::*;

#[test]
fn twelve_thousand_yuan_buy_a_ranked_and_explained_list_for_8b_qlora() {
    let goal = Goal::from_json(
        r#"{"model": "llama-3-8b", "job": {"kind": "qlora", "sequenceLength": 2048},
            "rig": {"budget": 12000}, "money": {"currency": "CNY"}}"#,
    )
    .unwrap();
    let advice = advise(&CATALOG, &goal).unwrap();
    let first = advice.ranked.first().unwrap();
    assert!(advice.ranked.len() > 20);
    assert_eq!(first.reasons.first().unwrap().code, ReasonCode::FirstCheapestToBuy);
    let priced = advice.ranked.iter().filter_map(Plan::price);
    for price in priced {
        assert_eq!(price.money.currency, Currency::Cny);
        assert!(price.money.amount <= 12_000.0);
    }
    let over = advice.rejected.iter().find(|one| one.card.id == "rtx-4090" && one.count == 8);
    assert_eq!(over.unwrap().reason.code, ReasonCode::OverBudget);
}

#[test]
fn a_card_without_a_price_follows_all_with_one() {
    let advice = advise(&CATALOG, &goal("llama-3-8b", "qlora")).unwrap();
    let class = |plan: &Plan| (plan.comfort, plan.figures.memory.verdict, adds_nothing(plan), plan.late);
    for plans in advice.ranked.chunk_by(|a, b| class(a) == class(b)) {
        assert!(plans.is_sorted_by_key(|plan| plan.price().is_none()), "{:?}", class(&plans[0]));
    }
    assert!(
        advice
            .ranked
            .iter()
            .any(|plan| plan.price().is_none() && plan.reasons.iter().any(|reason| reason.code == ReasonCode::NoPrice))
    );
}

#[test]
fn what_has_no_known_price_is_within_no_budget() {
    let mut goal = goal("llama-3-8b", "qlora");
    for budget in [100.0, 1e9] {
        goal.rig.budget = Some(budget);
        let advice = advise(&CATALOG, &goal).unwrap();
        assert!(advice.ranked.iter().all(|plan| plan.price().is_some_and(|price| price.money.amount <= budget)), "{budget}");
        assert!(advice.rejected.iter().any(|one| one.reason.code == ReasonCode::Unpriced), "{budget}");
    }
}

#[test]
fn a_cheaper_card_than_the_cheapest_is_named_with_what_speaks_against_it() {
    let mut named = 0;
    for (model, kind) in [("llama-3-8b", "qlora"), ("resnet-50", "full-finetune"), ("qwen3-8b", "inference"), ("gpt2", "pretrain")]
    {
        let advice = advise(&CATALOG, &goal(model, kind)).unwrap();
        let first = advice.ranked.first().unwrap();
        let cheaper =
            |plan: &&Plan| plan.price().is_some_and(|price| price.money.amount < first.price().unwrap().money.amount * 0.99);
        let told = first.reasons.iter().any(|reason| reason.code.name().starts_with("cheaper-but-"));
        // What limps is no alternative.
        let considered = |plan: &&Plan| plan.comfort != Comfort::Offloaded && !plan.late;
        assert_eq!(told, advice.ranked.iter().filter(considered).any(|plan| cheaper(&plan)), "{model} {kind}");
        named += usize::from(told);
    }
    assert!(named > 0);
}

#[test]
fn a_country_that_bars_a_card_gets_it_second_hand_or_not_at_all() {
    let mut goal = on(goal("llama-3-8b", "qlora"), "rtx-4090", 1);
    goal.rig.country = Some("cn".to_owned());
    goal.rig.condition = Some(Condition::New);
    assert_eq!(refused(&goal).0, ReasonCode::NotSoldNew);
}

#[test]
fn a_card_made_for_one_country_is_advice_there_and_nowhere_else() {
    const MADE_FOR_CHINA: &str = "rtx-5090-d";
    let ranked = |country: Option<&str>, currency: Currency| {
        let mut goal = goal("llama-3-8b", "qlora");
        goal.rig.country = country.map(str::to_owned);
        goal.money.currency = Some(currency);
        let advice = advise(&CATALOG, &goal).unwrap();
        let refused = advice.rejected.iter().filter(|one| one.card.id == MADE_FOR_CHINA);
        let reasons: Vec<ReasonCode> = refused.map(|one| one.reason.code).collect();
        assert!(reasons.is_empty() || reasons.iter().all(|code| *code == ReasonCode::SoldOnlyIn), "{reasons:?}");
        (rigs(&advice).iter().any(|(id, _)| id == MADE_FOR_CHINA), !reasons.is_empty())
    };
    let (advised, left_out) = ((true, false), (false, true));
    assert_eq!(ranked(Some("CN"), Currency::Usd), advised);
    assert_eq!(ranked(None, Currency::Cny), advised);
    assert_eq!(ranked(None, Currency::Usd), left_out);
    assert_eq!(ranked(Some("US"), Currency::Usd), left_out);
    assert_eq!(ranked(Some("DE"), Currency::Cny), left_out);
    // Who has one may ask about it anywhere, and is told why it cannot be bought where a country is asked.
    let mut own = on(goal("llama-3-8b", "qlora"), MADE_FOR_CHINA, 1);
    assert_eq!(planned(&own).setup.rig.card.id, MADE_FOR_CHINA);
    // Nobody sells it any more, for an export rule has put another in its place.
    let price = planned(&own).cost.buy.unwrap();
    assert!(price.basis == "launch" && price.stale, "{price:?}");
    own.money.country = Some("US".to_owned());
    assert!(planned(&own).reasons.iter().any(|reason| reason.code == ReasonCode::SoldOnlyIn));
    own.money.country = Some("CN".to_owned());
    assert!(planned(&own).reasons.iter().all(|reason| reason.code != ReasonCode::SoldOnlyIn));
    own.rig.country = Some("US".to_owned());
    assert_eq!(refused(&own).0, ReasonCode::SoldOnlyIn);
}

#[test]
fn the_cheapest_card_is_one_that_can_be_had() {
    for task in CATALOG.tasks() {
        let mut goal = Goal::new(&task.model, task.job.kind);
        goal.job = task.job.clone();
        goal.rig.form_factors = Some(vec![Form::Desktop]);
        let advice = advise(&CATALOG, &goal).unwrap();
        let first = advice.ranked.first().unwrap();
        assert!(!first.late && !first.has_stale_price(), "{}: {:?}", task.id, rigs(&advice).first());
        assert!(advice.patience.is_some());
        let fitting = advice.ranked.iter().filter(|plan| plan.comfort == Comfort::Fits);
        let last_in_time = fitting.is_sorted_by_key(|plan| (adds_nothing(plan), plan.late));
        assert!(last_in_time, "{}", task.id);
    }
}

#[test]
fn new_and_used_cards_have_their_own_prices() {
    let of = |condition| {
        let mut goal = goal("llama-3-8b", "qlora");
        goal.rig.condition = Some(condition);
        advise(&CATALOG, &goal).unwrap()
    };
    for (condition, allowed) in [(Condition::New, ["street", "launch"]), (Condition::Used, ["used", "used"])] {
        let advice = of(condition);
        let bases: Vec<&str> = advice.ranked.iter().filter_map(Plan::price).map(|price| price.basis.as_str()).collect();
        assert!(!bases.is_empty() && bases.iter().all(|basis| allowed.contains(basis)), "{condition:?} {bases:?}");
    }
}

#[test]
fn nobody_is_told_to_buy_what_may_not_be_sold_there() {
    let buyable = |card: &whichcard::card::Card| {
        let used = card.prices.iter().any(|price| price.kind == whichcard::card::PriceKind::Used);
        used || !card.restricted_in.iter().any(|country| country == "CN")
    };
    let mut offered = 0;
    for (model, kind, card) in [
        ("gpt3-175b", "inference", "a40"),
        ("gpt3-175b", "lora", "a40"),
        ("gpt3-175b", "pretrain", "a40"),
        ("qwen3-32b", "full-finetune", "rtx-4060"),
    ] {
        let mut request = Request::new(model, JobKind::from_name(kind).unwrap(), card);
        request.money.country = Some("CN".to_owned());
        let changes = smallest_changes(&CATALOG, &resolve(&CATALOG, &request).unwrap());
        for change in changes.iter().filter(|change| change.setup.rig.card.id != card) {
            assert!(buyable(&change.setup.rig.card), "{model} {kind}: {}", change.setup.rig.card.id);
            offered += 1;
        }
    }
    let setup = resolve(&CATALOG, &Request::new("llama-3-8b", JobKind::Qlora, "rtx-3060-12gb")).unwrap();
    let money = MoneyTerms { country: Some("CN".to_owned()), ..setup.money.clone() };
    for upgrade in upgrades(&CATALOG, &setup.rig, &money, &abilities(&CATALOG, &setup.rig)) {
        assert!(buyable(&upgrade.card), "{}", upgrade.card.id);
        offered += 1;
    }
    assert!(offered > 3, "only {offered} offers");
}

/// A V100 module costs less than any card that plugs in, and buys nothing that runs.
#[test]
fn a_server_module_is_not_the_cheapest_card_unless_there_is_a_server() {
    let mut goal = goal("llama-3-8b", "qlora");
    let first = &advise(&CATALOG, &goal).unwrap().ranked[0];
    assert_ne!(first.setup.rig.card.form, whichcard::card::Form::Sxm, "{}", first.setup.rig.card.name);
    // Or another card that takes more than its price, which comes before modules.
    let why = [ReasonCode::CheaperButModule, ReasonCode::CheaperButAirflow, ReasonCode::CheaperButDropped];
    assert!(first.reasons.iter().any(|reason| why.contains(&reason.code)), "{:?}", first.reasons);
    goal.rig.form_factors = Some(vec![whichcard::card::Form::Sxm]);
    assert_eq!(advise(&CATALOG, &goal).unwrap().ranked[0].setup.rig.card.form, whichcard::card::Form::Sxm);
}

/// A price of May is no offer where a lesser card has cost far more since.
#[test]
fn a_price_that_a_lesser_card_has_overtaken_is_out_of_date() {
    let asked = Goal::new("llama-3-8b", JobKind::Qlora);
    let advice = advise(&CATALOG, &asked).unwrap();
    let place = |id: &str| advice.ranked.iter().position(|plan| plan.setup.rig.card.id == id && plan.setup.rig.count == 1).unwrap();
    let (lesser, better) = (place("rtx-3090"), place("rtx-3090-ti"));
    assert!(lesser < better);
    let better = &advice.ranked[better];
    assert!(better.has_stale_price() && !advice.ranked[lesser].has_stale_price());
    let said = better.reasons.iter().find(|reason| reason.code == ReasonCode::OvertakenPrice).unwrap().say(Lang::En);
    assert!(said.contains("RTX 3090 "), "{said}");
    // Launch prices of the last generation are no offers a year after the next.
    let old = &advice.ranked[place("rtx-4070-ti-super")];
    assert!(old.has_stale_price() && old.reasons.iter().any(|reason| reason.code == ReasonCode::StaleLaunch));
}

/// A catalogue in which every street price is its card's launch price times this.
fn sold_at(times: f64) -> Catalog {
    let mut file: serde_json::Value = serde_json::from_str(include_str!("../../catalog.json")).unwrap();
    for card in file["cards"].as_array_mut().unwrap() {
        let prices = card["prices"].as_array().cloned().unwrap_or_default();
        let launch = prices.iter().find(|price| price["kind"] == "launch" && price["currency"] == "USD");
        let Some(launch) = launch.and_then(|price| price["amount"].as_f64()) else { continue };
        for price in card["prices"].as_array_mut().unwrap().iter_mut().filter(|price| price["kind"] == "street") {
            let price = price.as_object_mut().unwrap();
            price.retain(|key, _| !matches!(key.as_str(), "low" | "high"));
            price.insert("amount".to_owned(), (launch * times).round().into());
        }
    }
    Catalog::from_json(&file.to_string()).unwrap()
}

/// Shops sell the RTX 5070 Ti, 5080 and 5090 for half as much again and more: the RTX 5070 at its price of March 2025 won orders
/// that nobody could place.
#[test]
fn launch_prices_of_a_generation_that_has_risen_are_no_offers() {
    for currency in [Currency::Usd, Currency::Cny] {
        let mut asked = Goal::new("llama-3-8b", JobKind::Qlora);
        asked.money.currency = Some(currency);
        let advice = advise(&CATALOG, &asked).unwrap();
        for card in ["rtx-5060", "rtx-5070"] {
            let place = advice.ranked.iter().position(|plan| plan.setup.rig.card.id == card).expect(card);
            let plan = &advice.ranked[place];
            assert!(plan.has_stale_price() && !advice.pareto.contains(&place), "{card} {currency:?}");
            let said = plan.reasons.iter().find(|reason| reason.code == ReasonCode::RisenLaunch).expect(card);
            assert!(said.say(Lang::En).contains("1.1 to 2.7 times"), "{}", said.say(Lang::En));
        }
        let first = &advice.ranked[0];
        assert!(!first.has_stale_price(), "{}", first.setup.rig.card.name);
    }
    // Cards with a price of today have nothing to do with it, and neither has a generation that sells for what it was launched at.
    let current = |catalog: &Catalog, card: &str| {
        let mut request = Request::new("llama-3-8b", JobKind::Qlora, card);
        request.money.currency = Some(Currency::Usd);
        let price = estimate(catalog, &request).unwrap().cost.buy.unwrap();
        (price.basis, price.stale, price.risen.is_some())
    };
    assert_eq!(current(&CATALOG, "rtx-5070-ti"), ("street".to_owned(), false, false));
    assert_eq!(current(&sold_at(1.2), "rtx-5070"), ("launch".to_owned(), false, false));
    assert_eq!(current(&sold_at(1.3), "rtx-5070"), ("launch".to_owned(), true, true));
}

#[test]
fn what_a_card_was_read_at_lately_is_told_where_it_is_far_apart() {
    let price = |card: &str| {
        let mut request = Request::new("llama-3-8b", JobKind::Qlora, card);
        request.money.currency = Some(Currency::Usd);
        estimate(&CATALOG, &request).unwrap().cost.buy.unwrap()
    };
    let spread = price("rtx-4090").spread.expect("1,400 USD in May, 2,977 in September");
    assert_eq!((spread.low, spread.high, spread.from.as_str(), spread.until.as_str()), (1400.0, 2977.0, "2026", "2026-09"));
    assert!(price("rtx-3060-12gb").spread.is_none(), "283 new and 225 used is what used cards cost less");
    let plan = planned(&on(goal("llama-3-8b", "qlora"), "rtx-4090", 2));
    let said = plan.reasons.iter().find(|reason| reason.code == ReasonCode::PriceSpread).unwrap().say(Lang::En);
    assert!(said.contains("1,400") && said.contains("2,977"), "of one card, whatever their number: {said}");
}

/// A bare V100 module for 77.50 USD began the line of nearly every general question, though the list puts it last.
#[test]
fn the_front_begins_with_what_its_price_buys() {
    for (model, kind) in
        [("llama-3-8b", "qlora"), ("bert-base", "full-finetune"), ("qwen3-8b", "inference"), ("flux.1-dev", "inference")]
    {
        for &objective in Objective::ALL {
            let mut goal = goal(model, kind);
            goal.objective = objective;
            let advice = advise(&CATALOG, &goal).unwrap();
            let front: Vec<&Plan> = advice.pareto.iter().map(|place| &advice.ranked[*place]).collect();
            assert!(!front.is_empty(), "{model} {kind} {objective:?}");
            if objective != Objective::CheapestPerJob {
                assert!(front.iter().all(|plan| plan.setup.rig.card.form == Form::Desktop), "{model} {kind} {objective:?}");
            }
            // Weights that wait where they are loaded take no other machine than those on the cards.
            let waits = |plan: &Plan| plan.reasons.iter().any(|reason| reason.code == ReasonCode::OffloadedForSpeed);
            assert!(front.iter().all(|plan| plan.comfort == Comfort::Fits || waits(plan)), "{model} {kind} {objective:?}");
        }
    }
    // Whoever asks for server modules has the server.
    let mut modules = goal("llama-3-8b", "qlora");
    modules.rig.form_factors = Some(vec![Form::Sxm]);
    assert!(!advise(&CATALOG, &modules).unwrap().pareto.is_empty());
    // Where only main memory makes it possible, the line joins those.
    let hosted = advise(&CATALOG, &on(goal("qwen3-235b-a22b", "inference"), "rtx-4090", 1)).unwrap();
    assert_eq!((hosted.pareto.len(), hosted.ranked[0].comfort), (1, Comfort::Offloaded));
}

/// Of France no tariff is known but the Union's, of Japan that of Asia; of a place in no region the world's, and no emissions
/// either.
#[test]
fn a_country_without_a_tariff_pays_what_the_region_around_it_does() {
    let of = |country: &str| {
        let mut request = Request::new("llama-3-8b", JobKind::Qlora, "rtx-4090");
        request.money.country = Some(country.to_owned());
        estimate(&CATALOG, &request).unwrap()
    };
    let price = |country: &str| of(country).cost.electricity.unwrap().unit_price;
    assert!(price("FR") > 0.258, "euros become more dollars");
    assert_eq!([price("jp"), price("NO"), price("AQ")], [0.084, 0.245, 0.165]);
    assert_eq!(CATALOG.usual_tariff(Some("FR"), 1.3).unwrap().amount, 0.204, "what companies pay");
    let warned = |country: &str, code: WarningCode| of(country).warnings.iter().any(|warning| warning.code == code);
    assert!(warned("FR", WarningCode::NoTariff) && of("FR").energy.co2_grams.is_some());
    assert!(warned("AQ", WarningCode::NoElectricity) && of("AQ").energy.co2_grams.is_none());
    assert!(!warned("DE", WarningCode::NoTariff));
}
