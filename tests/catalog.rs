//! The catalogue that ships: complete, readable, and honest about mistakes.

use whichcard::card::Form;
use whichcard::catalog::validate::problems;
use whichcard::catalog::{Catalog, CatalogFault, TariffUse};
use whichcard::request::{Request, resolve};
use whichcard::text::Lang;
use whichcard::units::Currency;

const SHIPPED: &str = include_str!("../catalog.json");

fn shipped() -> Catalog {
    Catalog::from_json(SHIPPED).expect("the shipped catalogue is readable")
}

#[test]
fn all_cards_are_there() {
    let catalog = shipped();
    for generation in ["10", "16", "20", "30", "40", "50"] {
        let of = |form| catalog.cards().iter().filter(|card| card.series == generation && card.form == form).count();
        assert!(of(Form::Desktop) >= 5, "{generation}: {}", of(Form::Desktop));
    }
    assert!(catalog.cards().len() >= 169, "{}", catalog.cards().len());
}

#[track_caller]
fn finds(name: &str, id: &str) {
    assert_eq!(shipped().card(name).map(|card| card.id.as_str()), Some(id), "{name}");
}

#[test]
fn cards_are_found_by_what_people_call_them() {
    finds("rtx-3090", "rtx-3090");
    finds("RTX3090", "rtx-3090");
    finds("3090", "rtx-3090");
    finds("NVIDIA GeForce RTX 3090", "rtx-3090");
    finds("4060 Ti 16G", "rtx-4060-ti-16gb");
    finds("4060Ti", "rtx-4060-ti-8gb");
    finds("1080ti", "gtx-1080-ti");
    finds("A100 80G", "a100-pcie-80gb");
    finds("NVIDIA A100-SXM4-80GB", "a100-sxm-80gb");
    finds("Tesla V100-SXM2-32GB", "v100-sxm2-32gb");
    finds("NVIDIA GeForce RTX 4060 Laptop GPU", "rtx-4060-laptop");
    finds("4060 笔记本", "rtx-4060-laptop");
    finds("4070TiS", "rtx-4070-ti-super");
    finds("P40", "tesla-p40");
    finds("A40", "a40");
    finds("RTX 6000 Ada Generation", "rtx-6000-ada");
    finds("Quadro RTX 6000", "quadro-rtx-6000");
    assert!(shipped().card("Radeon RX 7900").is_none());
}

#[test]
fn peaks_keep_accumulators_apart() {
    let catalog = shipped();
    let peaks = |id: &str| catalog.card(id).expect(id).peaks;
    let tera = |rate: Option<whichcard::units::FlopsPerSecond>| rate.map(|rate| rate.as_tera());
    assert_eq!(tera(peaks("rtx-4090").tensor_fp16_acc16), Some(330.3));
    assert!(tera(peaks("rtx-4090").tensor_fp16_acc32).is_some_and(|peak| (165.0..165.3).contains(&peak)));
    assert_eq!(tera(peaks("a100-sxm-80gb").tensor_bf16), Some(312.0));
    assert_eq!(tera(peaks("a100-sxm-80gb").tensor_tf32), Some(156.0));
    assert_eq!(tera(peaks("gtx-1080-ti").tensor_fp16_acc32), None);
    assert!(tera(peaks("gtx-1080-ti").fp16).is_some_and(|peak| peak < 0.18));
    assert!(!peaks("gtx-1080-ti").int8_tensor);
    assert_eq!(tera(peaks("rtx-2080-ti").tensor_bf16), None);
    assert_eq!(tera(peaks("h100-sxm").tensor_fp4), None);
}

#[test]
fn money_and_power_are_dated() {
    let catalog = shipped();
    assert_eq!(catalog.tariff("cn", TariffUse::Business).map(|tariff| tariff.amount), Some(0.09));
    assert_eq!(catalog.tariff("DE", TariffUse::Business).map(|tariff| tariff.currency), Some(Currency::Eur));
    assert!(catalog.grid("FR").zip(catalog.grid("CN")).is_some_and(|(fr, cn)| fr.grams_per_kwh < cn.grams_per_kwh));
    let yuan = catalog.convert(100.0, Currency::Usd, Currency::Cny).expect("a rate");
    assert!((500.0..900.0).contains(&yuan));
    let back = catalog.convert(yuan, Currency::Cny, Currency::Usd).expect("a rate");
    assert!((back - 100.0).abs() < 1e-9);
    let euro = catalog.clone().with_rate(Currency::Eur, 0.5).convert(10.0, Currency::Usd, Currency::Eur);
    assert_eq!(euro, Some(5.0));
    assert!(!catalog.exchange_date().is_empty());
}

#[test]
fn export_rules_mark_cards_for_china() {
    let catalog = shipped();
    let restricted = |id: &str| catalog.card(id).expect(id).restricted_in.iter().any(|country| country == "CN");
    assert!(restricted("rtx-4090") && restricted("a100-pcie-80gb") && restricted("h100-sxm"));
    assert!(!restricted("rtx-4090-d") && !restricted("h20") && !restricted("rtx-3090"));
    let market = |id: &str| catalog.card(id).expect(id).sold_only_in.as_deref();
    assert_eq!((market("rtx-4090-d"), market("h20"), market("rtx-4090")), (Some("CN"), Some("CN"), None));
}

#[track_caller]
fn refuses(change: impl Fn(&mut serde_json::Value), fault: CatalogFault, path: &str, part_of_message: &str) {
    let mut file: serde_json::Value = serde_json::from_str(SHIPPED).expect("JSON");
    change(&mut file);
    let error = Catalog::from_json(&file.to_string()).expect_err("a mistake");
    assert_eq!((error.fault, error.path.as_str()), (fault, path), "{error}");
    assert!(error.to_string().contains(part_of_message), "{error}");
    assert_ne!(error.in_words(Lang::ZhCn), error.in_words(Lang::En));
}

#[test]
fn mistakes_are_named_with_their_place() {
    let id = |file: &serde_json::Value, position: usize| file["cards"][position]["id"].as_str().expect("an id").to_owned();
    let file: serde_json::Value = serde_json::from_str(SHIPPED).expect("JSON");
    let (first, second) = (id(&file, 0), id(&file, 1));
    refuses(|file| file["schemaVersion"] = 0.into(), CatalogFault::Older, "", "older");
    refuses(|file| file["schemaVersion"] = 2.into(), CatalogFault::Newer, "", "newer");
    refuses(|file| file["schemaVersion"] = "one".into(), CatalogFault::Field, "schemaVersion", "one");
    let at = |field: &str| format!("cards.{first}.{field}");
    refuses(|file| file["cards"][0]["tdpW"] = "30 W".into(), CatalogFault::Field, &at("tdpW"), "30 W");
    refuses(|file| file["cards"][0]["tdpW"] = (-30).into(), CatalogFault::Field, &at("tdpW"), "-30");
    refuses(|file| file["cards"][0]["launched"] = "May 2017".into(), CatalogFault::Field, &at("launched"), "May 2017");
    refuses(|file| file["cards"][0]["pci"][0] = "zz".into(), CatalogFault::Field, &at("pci"), "zz");
    refuses(|file| file["cards"][1]["id"] = first.clone().into(), CatalogFault::Field, &format!("cards.{first}"), "2 x");
    let unknown = |file: &mut serde_json::Value| file["cards"][1]["watts"] = 5.into();
    refuses(unknown, CatalogFault::Field, &format!("cards.{second}.watts"), "unknown field");
    let v4 =
        file["models"].as_array().expect("models").iter().position(|model| model["id"] == "deepseek-v4-flash").expect("a model");
    let place = "models.deepseek-v4-flash.releasedWeights";
    refuses(|file| file["models"][v4]["releasedWeights"] = "fp4 experts".into(), CatalogFault::Field, place, "fp4 experts");
    let cut = Catalog::from_json(&SHIPPED[..SHIPPED.len() / 2]).expect_err("half a file");
    assert_eq!(cut.fault, CatalogFault::NotJson);
}

#[test]
fn the_shipped_catalogue_agrees_with_physics_and_with_itself() {
    let problems = problems(SHIPPED);
    assert!(problems.is_empty(), "{}", problems.iter().map(|problem| format!("\n{problem}")).collect::<String>());
}

#[track_caller]
fn finds_fault(change: impl Fn(&mut serde_json::Value), path: &str) {
    let mut file: serde_json::Value = serde_json::from_str(SHIPPED).expect("JSON");
    change(&mut file);
    let found = problems(&file.to_string());
    assert!(found.iter().any(|problem| problem.path == path), "{path} is not among {found:#?}");
}

fn card<'a>(file: &'a mut serde_json::Value, id: &str) -> &'a mut serde_json::Value {
    let cards = file["cards"].as_array_mut().expect("cards");
    cards.iter_mut().find(|card| card["id"] == id).expect("the card")
}

#[test]
fn figures_that_cannot_be_right_are_found() {
    let sparse = |file: &mut _| card(file, "a100-sxm-80gb")["peaks"]["tensorFp16"] = 624.into();
    finds_fault(sparse, "cards.a100-sxm-80gb.peaks.tensorFp16");
    let halved = |file: &mut _| card(file, "rtx-4090")["peaks"]["tensorFp16Acc16"] = 165.2.into();
    finds_fault(halved, "cards.rtx-4090.peaks.tensorFp16Acc16");
    let forgotten = |file: &mut _| card(file, "rtx-4090")["peaks"] = serde_json::json!({"fp32": 82.58});
    finds_fault(forgotten, "cards.rtx-4090.peaks.tensorFp16");
    finds_fault(|file| card(file, "rtx-3060-12gb")["bandwidthGbs"] = 192.into(), "cards.rtx-3060-12gb.bandwidthGbs");
    finds_fault(|file| card(file, "rtx-3060-12gb")["sms"] = 56.into(), "cards.rtx-3060-12gb.peaks.fp32");
    finds_fault(|file| card(file, "rtx-5090")["psuW"] = 600.into(), "cards.rtx-5090.psuW");
    finds_fault(|file| card(file, "rtx-5090")["prices"][0]["amount"] = 1.into(), "cards.rtx-5090.prices[0].amount");
    finds_fault(|file| card(file, "rtx-5090")["prices"][0]["source"] = "hearsay".into(), "cards.rtx-5090.prices[0].source");
    finds_fault(|file| file["models"][0]["source"] = serde_json::json!([]), "models.bert-base.source");
    finds_fault(|file| card(file, "rtx-5090")["prices"][0]["date"] = "2031-01".into(), "cards.rtx-5090.prices[0].date");
    finds_fault(|file| card(file, "rtx-5090")["aliases"] = serde_json::json!(["RTX 4090"]), "cards.rtx-5090.aliases");
    finds_fault(|file| card(file, "rtx-5090")["pci"] = serde_json::json!(["2204"]), "cards.rtx-5090.pci");
    finds_fault(|file| file["tasks"][0]["id"] = "knitting".into(), "app.task.knitting");
    finds_fault(|file| file["tasks"][0]["models"][0] = "no-such-model".into(), "tasks.language-modelling.models");
    finds_fault(|file| file["models"][0]["source"][0] = "hearsay".into(), "models.bert-base.source");
    finds_fault(|file| file["models"][0]["paramsBasis"] = "reccalled".into(), "models.bert-base.paramsBasis");
    let given = |file: &mut serde_json::Value| file["models"][0]["closedWeights"] = true.into();
    finds_fault(given, "models.bert-base.licence");
    let miscounted = |file: &mut serde_json::Value| {
        let exact = file["models"][0]["paramsExact"].as_u64().expect("a count");
        file["models"][0]["paramsExact"] = (exact + 1).into();
    };
    finds_fault(miscounted, "models.bert-base.paramsExact");
    finds_fault(|file| file["tasks"][0]["job"]["sequenceLength"] = 0.into(), "tasks.language-modelling.job.sequenceLength");
    finds_fault(|file| card(file, "rtx-5090")["pci"] = serde_json::json!(["ffff"]), "cards.rtx-5090.pci");
}

#[test]
fn a_broken_model_is_named() {
    let broken = |file: &mut serde_json::Value| file["models"][3]["hidden"] = (-1).into();
    let mut file: serde_json::Value = serde_json::from_str(SHIPPED).expect("JSON");
    let id = file["models"][3]["id"].as_str().expect("an id").to_owned();
    broken(&mut file);
    let error = Catalog::from_json(&file.to_string()).expect_err("a broken model");
    assert!(error.path.starts_with(&format!("models.{id}")), "{error}");
}

#[test]
fn read_lazily_a_broken_model_is_told_when_it_is_asked_for() {
    let mut file: serde_json::Value = serde_json::from_str(SHIPPED).expect("JSON");
    let id = file["models"][3]["id"].as_str().expect("an id").to_owned();
    file["models"][3]["hidden"] = (-1).into();
    let catalog = Catalog::from_json_lazily(&file.to_string()).expect("nothing else is wrong");
    assert_eq!(catalog.model_id(&id), Some(id.as_str()));
    assert_eq!(catalog.models().len() + 1, catalog.model_count());
    let request = format!(r#"{{"model":"{id}","job":{{"kind":"inference"}},"rig":{{"card":"rtx-4090"}}}}"#);
    let error = resolve(&catalog, &Request::from_json(&request).expect("a request")).expect_err("a broken model");
    assert_eq!((error.field.as_str(), error.given.as_str()), ("model.hidden", "-1"));
    let other = file["models"][4]["id"].as_str().expect("an id");
    assert!(catalog.model(other).is_some());
}

#[test]
fn every_subject_of_the_page_is_a_task() {
    let catalog = shipped();
    let ids: Vec<&str> = catalog.tasks().iter().map(|task| task.id.as_str()).collect();
    for subject in [
        "language-modelling",
        "chat",
        "translation",
        "image-recognition",
        "object-detection",
        "segmentation",
        "speech-recognition",
        "speech-synthesis",
        "image-generation",
        "driving-perception",
        "neural-rendering",
        "embedding",
    ] {
        assert!(ids.contains(&subject), "{subject} is not among {ids:?}");
    }
}

#[test]
fn a_country_gives_a_tariff_and_emissions_and_no_country_the_average_of_the_world() {
    let catalog = shipped();
    let estimate = |country: Option<&str>| {
        let mut request = whichcard::request::Request::new("llama-3-8b", whichcard::request::JobKind::Qlora, "rtx-4090");
        request.money.country = country.map(str::to_owned);
        whichcard::estimate::estimate(&catalog, &request).expect("an estimate")
    };
    let (china, germany, nowhere) = (estimate(Some("CN")), estimate(Some("DE")), estimate(None));
    let kwh_price = |estimate: &whichcard::estimate::Estimate| estimate.cost.electricity.as_ref().expect("a bill").unit_price;
    assert_eq!(kwh_price(&china), 0.078);
    assert!(kwh_price(&germany) > 0.384, "euros become more dollars");
    assert_eq!(kwh_price(&nowhere), 0.165);
    assert!(china.energy.co2_grams > germany.energy.co2_grams);
    assert_eq!(nowhere.energy.co2_grams, None);
}

proptest::proptest! {
    #[test]
    fn a_damaged_file_is_refused_or_read_but_never_a_crash(cut in 0..SHIPPED.len(), put in ".{0,6}") {
        let at = |position: usize| (position..=SHIPPED.len()).find(|end| SHIPPED.is_char_boundary(*end)).unwrap_or(SHIPPED.len());
        let damaged = format!("{}{put}{}", &SHIPPED[..at(cut)], &SHIPPED[at(cut + put.len())..]);
        if let Err(error) = Catalog::from_json(&damaged) {
            proptest::prop_assert!(!error.to_string().is_empty());
        }
    }
}

/// The schema comes from the types, reading has its own list of fields: they must agree on what is needed and what may be there.
#[test]
fn what_the_schema_needs_is_what_reading_needs() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../catalog.schema.json")).expect("JSON");
    let file: serde_json::Value = serde_json::from_str(SHIPPED).expect("JSON");
    let accepts = |file: &serde_json::Value| Catalog::from_json(&file.to_string());
    let mut tried = 0;
    for (list, about) in schema["properties"].as_object().expect("properties") {
        let Some(kind) = about["items"]["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) else { continue };
        let record = &schema["$defs"][kind];
        let needed = |property: &str| record["required"].as_array().is_some_and(|all| all.iter().any(|one| one == property));
        for property in record["properties"].as_object().expect("properties").keys() {
            let Some(at) = file[list].as_array().expect("a list").iter().position(|entry| entry.get(property).is_some()) else {
                continue;
            };
            let mut without = file.clone();
            without[list][at].as_object_mut().expect("an entry").remove(property);
            let missing = accepts(&without)
                .err()
                .filter(|error| error.path.ends_with(property.as_str()) || error.found.contains(property.as_str()));
            // A model's shape needs more than its type says: which of its numbers depends on its kind.
            let by_shape = list == "models" && !needed(property);
            assert!(
                by_shape || missing.is_some() == needed(property),
                "{list}: {property} is needed by one, not by the other: {missing:?}"
            );
            tried += 1;
        }
        let mut beside = file.clone();
        beside[list][0]["noSuchField"] = 1.into();
        assert!(accepts(&beside).is_err(), "{list} takes a field the schema does not have");
    }
    assert!(tried > 60, "only {tried} properties");
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_is_that_of_the_types() {
    let written = include_str!("../catalog.schema.json");
    assert!(written.replace("\r\n", "\n") == whichcard::catalog::schema(), "out of date: run `cargo xtask catalog --write`");
}
