//! `cargo xtask catalog`: is catalog.json right, and is its schema that of the types?

mod reasons;
mod twice;

use crate::command::root;
use anyhow::{Context, Result, bail};
use reasons::reason;
use std::fs;
use whichcard::catalog::schema;
use whichcard::catalog::validate::problems;

/// `cargo xtask catalog [--write]`
pub fn run(arguments: &[String]) -> Result<()> {
    let write = match arguments {
        [] => false,
        [only] if only == "--write" => true,
        _ => bail!("catalog takes --write or nothing"),
    };
    let (data, description) = (root().join("catalog.json"), root().join("catalog.schema.json"));
    if write {
        fs::write(&description, schema()).context("catalog.schema.json")?;
        println!("wrote catalog.schema.json");
    }
    let text = fs::read_to_string(data).context("catalog.json")?;
    let mut found = problems(&text);
    found.extend(twice::problem(&text));
    for problem in &found {
        // What is no JSON has no fields yet.
        let place = if problem.path.is_empty() { "catalog.json" } else { &problem.path };
        println!("{place}: found {}; expected {}", problem.found, problem.expected);
        if let Some(reason) = reason(&problem.path, &problem.expected) {
            println!("    {reason}");
        }
    }
    // Line ends differ where git converts them.
    let current = fs::read_to_string(description).unwrap_or_default().replace("\r\n", "\n") == schema();
    if !current {
        println!("catalog.schema.json is not that of the types: run `cargo xtask catalog --write`");
    }
    if !found.is_empty() || !current {
        bail!("{} problems in catalog.json{}", found.len(), if current { "" } else { ", and an outdated schema" });
    }
    println!("catalog.json: no problems in {} kB", text.len() / 1000);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in the catalogue once it has been edited, with its reasons.
    fn edited(from: &str, to: &str) -> Vec<(String, &'static str)> {
        let text = fs::read_to_string(root().join("catalog.json")).unwrap();
        assert!(text.contains(from), "{from}");
        let told = |problem: whichcard::catalog::CatalogError| {
            let reason = reason(&problem.path, &problem.expected).unwrap_or_default();
            (format!("{}: {}; {}", problem.path, problem.found, problem.expected), reason)
        };
        let text = text.replacen(from, to, 1);
        problems(&text).into_iter().chain(twice::problem(&text)).map(told).collect()
    }

    #[test]
    fn usual_mistakes_of_the_pen_are_found_and_explained() {
        let llama = r#""heads":32,"vocab":128256,"maxContext":8192,"kvHeads":8"#;
        for (from, to, place, why) in [
            (r#""tdpW":115,"#, r#""tdpW":115"#, ": unexpected character", "comma between"),
            (r#""tdpW":115,"#, r#""tdpW":115,"tdpW":116,"#, "`tdpW` twice", ""),
            (r#""pcie":[4,8]"#, r#""pcie":[8,4]"#, "pcie: [8,4]", "lanes"),
            (r#""name":"GeForce RTX 4060""#, r#""name":"NVIDIA GeForce RTX 4060""#, "name: NVIDIA", "maker"),
            (r#""id":"rtx-4060","#, r#""id":"rtx-4070","#, "cards.rtx-4070.id: the id of GeForce RTX 4060 (line ", "merge them"),
            (
                r#""name":"GeForce RTX 4060""#,
                r#""name":"GeForce RTX 4070""#,
                "cards.rtx-4060.name: \"GeForce RTX 4070\" of rtx-4060 (line ",
                "merge them",
            ),
            (
                r#""name":"GeForce RTX 4060""#,
                r#""name":"GeForce RTX 4060","aliases":["RTX 4070"]"#,
                "cards.rtx-4060.aliases: \"RTX 4070\" of rtx-4060 (line ",
                "merge them",
            ),
            (r#"{"id":"tpu","#, r#"{"id":"unread","title":"A leaflet"},{"id":"tpu","#, "sources.unread: a source of nothing", ""),
            (r#""kind":"launch","amount":299"#, r#""kind":"new","amount":299"#, r#"prices[0].kind: "new""#, "is `street`"),
            (r#""kind":"launch","amount":299"#, r#""kind":"rent","amount":299"#, r#"prices[0].kind: "rent""#, "`rent-per-hour`"),
            (llama, &llama.replace("8192", "8"), "maxContext: 8", "8192, not 8"),
            (r#""amount":0.187"#, r#""amount":18.7"#, "tariffs.US.amount: 18.7", "cents"),
            (r#""tdpW":115,"#, r#""tdpW":"115 W","#, "tdpW: \"115 W\"", "without quotation marks"),
            (
                r#""pci":["2808","2882"]"#,
                r#""pci":["0x2808","2882"]"#,
                "pci: \"0x2808\"; four hexadecimal digits",
                "quotation marks",
            ),
            (r#""CNY":6.801"#, r#""CNY":0.14"#, "exchange.rates: CNY 0.14", "dollar buys"),
            (r#""year":2024"#, r#""year":24"#, "year: 24", ""),
            (r#""notes":{"en":"#, r#""notes":{"eng":"#, "cards.gt-1030.notes: -; en", "English among them"),
            (r#""zh-CN":"没有 NVLink"#, r#""zh-cn":"没有 NVLink"#, "notes: \"zh-cn\"; en, zh-CN", "English among them"),
            (r#""zh-CN":"显存只有 4 GB""#, r#""zh-CN":"""#, "cards.rtx-3050-ti-laptop.notes: zh-CN \"\"", "English among them"),
            (llama, &llama.replace(r#""kvHeads":8"#, r#""kvHeads":7"#), "kvHeads: 7", "divides"),
        ] {
            let found = edited(from, to);
            assert!(found.iter().any(|(at, reason)| at.contains(place) && reason.contains(why)), "{to}: {found:?}");
        }
    }

    #[test]
    fn what_no_board_of_its_kind_has_is_told_with_what_is_possible() {
        let text = fs::read_to_string(root().join("catalog.json")).unwrap();
        let line = text.lines().find(|line| line.contains(r#""id":"rtx-4060","#)).unwrap();
        let without_supply = line.replace(r#""psuW":550,"#, "");
        for (from, to, place, why) in [
            (r#""vramGb":8"#, r#""vramGb":80"#, "vramGb: 80; 4, 8, 16 (GDDR6 on 128 bits)", "32 bits"),
            (r#""vramGb":8"#, r#""vramGb":12"#, "vramGb: 12; 4, 8, 16 (GDDR6 on 128 bits)", "32 bits"),
            (r#""tdpW":115,"#, r#""tdpW":11.5,"#, "tdpW: 11.5; 27 ... 196", "watts"),
            (r#""tdpW":115,"#, r#""tdpW":1150,"#, "tdpW: 1150; 27 ... 196", "watts"),
            (r#""slots":2"#, r#""slots":20"#, "slots: 20; 1 ... 4", "covers"),
            (r#""slots":2"#, r#""slots":0"#, "slots: 0; 1 ... 4", "covers"),
            (r#""slots":2"#, r#""slots":2,"nvlinkGbs":112.5"#, "nvlinkGbs: 112.5", "leave the field out"),
        ] {
            assert!(without_supply.contains(from), "{from}");
            let found = edited(line, &without_supply.replace(from, to));
            assert_eq!(found.len(), 1, "{to}: {found:?}");
            let (told, reason) = found.first().unwrap();
            assert!(told.starts_with(&format!("cards.rtx-4060.{place}")) && reason.contains(why), "{to}: {found:?}");
        }
    }

    #[test]
    fn a_price_that_has_nothing_to_do_with_the_launch_price_is_told() {
        let launch = r#"{"kind":"launch","amount":299,"currency":"USD","source":"wiki"}"#;
        let later = |price: &str| {
            let later = format!(r#"{launch},{{{price},"currency":"USD","date":"2026-09","source":"gpupoet"}}"#);
            edited(launch, &later)
        };
        for right in [r#""kind":"street","amount":520"#, r#""kind":"used","amount":60"#, r#""kind":"used","low":150,"high":290"#] {
            assert_eq!(later(right), [], "{right}");
        }
        for (wrong, place) in [
            (r#""kind":"street","amount":2999"#, "amount: 2999, 10.030 times the launch price of 299"),
            (r#""kind":"street","amount":52"#, "amount: 52, 0.174 times"),
            (r#""kind":"used","amount":22"#, "amount: 22, 0.074 times"),
            (r#""kind":"used","low":150,"high":2900"#, "high: 2900, 9.699 times"),
        ] {
            let found = later(wrong);
            assert_eq!(found.len(), 1, "{wrong}: {found:?}");
            assert!(found.iter().all(|(told, why)| told.contains(place) && why.contains("launch price")), "{wrong}: {found:?}");
        }
    }

    #[test]
    fn a_price_in_the_wrong_currency_is_told() {
        let text = fs::read_to_string(root().join("catalog.json")).unwrap();
        let line = |id: &str| text.lines().find(|line| line.contains(&format!(r#""id":"{id}","#))).unwrap().to_owned();
        let (small, large) = (line("rtx-4060"), line("rtx-4060-ti-16gb"));
        let first = r#""prices":["#;
        let read = |price: &str| format!(r#"{first}{{{price},"date":"2026-11","source":"gpupoet"}},"#);
        for (card, from, to, place) in [
            (
                &small,
                r#""amount":2399,"currency":"CNY""#,
                r#""amount":299,"currency":"CNY""#.to_owned(),
                "prices[1].amount: 299 CNY, and 299 USD",
            ),
            (
                &small,
                r#""amount":299,"currency":"USD""#,
                r#""amount":2399,"currency":"USD""#.to_owned(),
                "prices[1].amount: 2399 CNY, and 2399 USD",
            ),
            (&small, first, read(r#""kind":"used","amount":300,"currency":"CNY""#), "prices[0].amount: 300, 0.125 times"),
            (&small, first, read(r#""kind":"used","amount":1500,"currency":"USD""#), "prices[0].amount: 1500, 5.017 times"),
            (&small, first, read(r#""kind":"rent-per-hour","amount":30,"currency":"USD""#), "prices[0].amount: 30 an hour"),
            (&large, first, read(r#""kind":"used","amount":430,"currency":"CNY""#), "prices[0].amount: 430, 0.110 times"),
        ] {
            assert!(card.contains(from), "{from}");
            let found = edited(card, &card.replacen(from, &to, 1).replace(r#""date":"2026-11""#, r#""date":"2026-09""#));
            let told = found.iter().any(|(at, reason)| at.contains(place) && reason.contains("launch price"));
            assert!(told && found.len() < 3, "{to}: {found:?}");
        }
        let found = edited(r#""amount":0.078,"currency":"USD""#, r#""amount":0.53,"currency":"USD""#);
        assert!(
            found.len() == 1 && found.iter().all(|(at, _)| at.contains("tariffs.CN.amount: 0.53 USD, where 142 pays")),
            "{found:?}"
        );
    }

    #[test]
    fn facts_that_contradict_each_other_are_told() {
        let text = fs::read_to_string(root().join("catalog.json")).unwrap();
        let line = |id: &str| text.lines().find(|line| line.contains(&format!(r#""id":"{id}","#))).unwrap().to_owned();
        let (card, model) = (line("rtx-4060"), line("llama-3-8b"));
        for (entry, from, to, place) in [
            (&card, r#""cc":"8.9""#, r#""cc":"8.6""#, r#"cc: "8.6"; "8.9", as the chip is AD107"#),
            (&card, r#""chip":"AD107""#, r#""chip":"AD103""#, "chip: AD103; AD106, AD107, by the device ids"),
            (&card, "2023-06-29", "2013-06-29", "launched: 2013-06-29; 2022-09 ..."),
            (&card, "2023-06-29", "2023-06-31", "launched: 2023-06-31; a day of the calendar"),
            (&card, r#","sources""#, r#","aliases":["4090"],"sources""#, r#"aliases: "4090""#),
            (&model, r#""paramsExact":8030261248"#, r#""paramsB":80.3"#, "paramsB: 80.3; 8.0303, by the shape"),
            (&model, r#""paramsExact":8030261248"#, r#""paramsB":8.3"#, "paramsB: 8.3; 8.0303, by the shape"),
            (&model, r#""kvHeads""#, r#""kv_heads""#, "models.llama-3-8b.kv_heads: no field of that name; kvHeads"),
            (&model, r#""licence""#, r#""license""#, "models.llama-3-8b.license: no field of that name; licence"),
            (&model, r#""source""#, r#""sources""#, "models.llama-3-8b.sources: no field of that name; source"),
        ] {
            assert!(entry.contains(from), "{from}");
            let found = edited(entry, &entry.replacen(from, to, 1));
            assert!(found.iter().any(|(at, _)| at.contains(place)), "{to}: {found:?}");
        }
        for right in [r#""paramsB":8.03"#, r#""paramsB":8"#] {
            let found = edited(&model, &model.replacen(r#""paramsExact":8030261248"#, right, 1));
            assert_eq!(found, [], "{right}");
        }
    }

    #[test]
    fn a_price_of_today_names_its_place_and_the_date_to_raise() {
        let text = fs::read_to_string(root().join("catalog.json")).unwrap();
        let price = "\"date\":\"2026-09-07\",\"source\"";
        assert!(text.contains(price));
        let found = edited(price, "\"date\":\"2031-01-01\",\"source\"");
        let late = |(place, reason): &(String, &str)| {
            place.contains(".date: ") && place.contains("2031-01-01") && reason.contains("raise that")
        };
        assert!(!found.is_empty() && found.iter().all(late), "{found:?}");
        let found = edited("\"launched\":\"2016-05-27\"", "\"launched\":\"2031-06\"");
        assert!(
            found
                .iter()
                .any(|(place, reason)| place.contains(".launched: ") && place.contains("2031-06") && reason.contains("raise that")),
            "{found:?}"
        );
    }

    #[test]
    fn a_compute_capability_nobody_has_made_known_does_not_pass() {
        let found = edited("\"cc\":\"8.9\"", "\"cc\":\"13.0\"");
        assert!(
            found.iter().any(|(place, reason)| place.contains("cc: \"13.0\"") && reason.contains("architecture.rs")),
            "{found:?}"
        );
    }
}
