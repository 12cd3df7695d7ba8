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
            (r#""CNY":6.801"#, r#""CNY":0.14"#, "exchange.rates: CNY 0.14", "dollar buys"),
            (r#""year":2024"#, r#""year":24"#, "year: 24", ""),
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
