//! The guide in `docs/article/`, published with the site. Its figures are not typed but taken from the catalogue and the estimator.
//!
//! Marks: `{{card ID FIGURE}}` with memory, bandwidth, power, tensor, cores, launched, dollars or yuan; `{{model ID}}` for its
//! parameters, `{{weights ID}}` for what they take in 16 bits, `{{times ID ID}}` for how many times larger the first is;
//! `{{memory MODEL JOB CARD}}` and `{{speed MODEL JOB CARD}}` for what a setup needs and does; `{{year CARD COUNTRY}}` for the
//! electricity of a year under full load; `{{date}}` of the catalogue; `{{cards ID ...}}` for a table;
//! `{{widget HEIGHT QUERY TITLE}}` for a live answer.

mod rows;

use crate::command::root;
use crate::hosting;
use crate::stamp::with_hashes;
use anyhow::{Context, Result, bail, ensure};
use pulldown_cmark::{Options, Parser, html};
use rows::Rows;
use std::path::Path;
use whichcard::card::Card;
use whichcard::catalog::{Catalog, TariffUse};
use whichcard::estimate::{card_price_of, estimate};
use whichcard::export::snippet::{Embedding, element};
use whichcard::request::{JobKind, Keyword, Request};
use whichcard::share::{Field, Link};
use whichcard::text::{Lang, say};
use whichcard::units::{Bytes, Currency};

const FRAME: &str = include_str!("article.html");
const INDEX: &str = include_str!("article-index.html");

/// Writes `article/<language>.html` for every language, and the page that chooses between them.
pub fn publish(folder: &Path) -> Result<()> {
    let catalog = &hosting::catalog(folder)?;
    let target = folder.join("article");
    std::fs::create_dir_all(&target)?;
    let mut ways = String::new();
    for lang in Lang::ALL {
        let name = format!("docs/article/{}.md", lang.tag());
        let text = std::fs::read_to_string(root().join(&name)).with_context(|| name.clone())?;
        let page = page(catalog, *lang, &text).with_context(|| name.clone())?;
        std::fs::write(target.join(format!("{}.html", lang.tag())), page)?;
        let title = title(&text).with_context(|| name)?;
        ways.push_str(&format!("<li><a href=\"{tag}.html\" lang=\"{tag}\">{title}</a></li>\n", tag = lang.tag()));
    }
    Ok(std::fs::write(target.join("index.html"), with_hashes(&INDEX.replace("\r\n", "\n").replace("{{ways}}", ways.trim_end())))?)
}

fn title(markdown: &str) -> Result<&str> {
    markdown.lines().find_map(|line| line.strip_prefix("# ")).context("no title")
}

fn page(catalog: &Catalog, lang: Lang, markdown: &str) -> Result<String> {
    let markdown = filled(catalog, lang, &markdown.replace("\r\n", "\n"))?;
    let title = title(&markdown)?;
    let mut body = String::new();
    let mut rows = Rows::default();
    html::push_html(&mut body, Parser::new_ext(&markdown, Options::ENABLE_TABLES).map(|event| rows.labelled(event)));
    let page = FRAME.replace("\r\n", "\n").replace("{{tag}}", lang.tag()).replace("{{title}}", title).replace("{{body}}", &body);
    Ok(with_hashes(&page))
}

/// Puts figures in the place of marks.
fn filled(catalog: &Catalog, lang: Lang, text: &str) -> Result<String> {
    let mut pieces = text.split("{{");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (mark, after) = piece.split_once("}}").context("an unclosed {{")?;
        out.push_str(&figure(catalog, lang, mark).with_context(|| format!("{{{{{mark}}}}}"))?);
        out.push_str(after);
    }
    Ok(out)
}

fn figure(catalog: &Catalog, lang: Lang, mark: &str) -> Result<String> {
    let words: Vec<&str> = mark.split_whitespace().collect();
    match words.as_slice() {
        ["card", id, "dollars"] => price(catalog, id, Currency::Usd),
        ["card", id, "yuan"] => price(catalog, id, Currency::Cny),
        ["card", id, name] => card_figure(card(catalog, id)?, name),
        ["date"] => Ok(catalog.date().to_owned()),
        ["model", id] => Ok(billions(parameters(catalog, id)?)),
        ["weights", id] => Ok(format!("{:.0} GB", real(parameters(catalog, id)?) * 2.0 / 1e9)),
        ["times", id, other] => Ok(format!("{:.0}", real(parameters(catalog, id)?) / real(parameters(catalog, other)?))),
        ["memory", model, job, id] => memory(catalog, model, job, id),
        ["speed", model, job, id] => speed(catalog, lang, model, job, id),
        ["year", id, country] => year(catalog, id, country),
        ["widget", height, query, title @ ..] => widget(lang, height.parse().context("a height")?, query, &title.join(" ")),
        ["cards", ids @ ..] => table(catalog, lang, ids),
        _ => bail!("an unknown mark"),
    }
}

fn card<'a>(catalog: &'a Catalog, id: &str) -> Result<&'a Card> {
    let card = catalog.card(id).context("no such card")?;
    ensure!(card.id == id, "the id is {}", card.id);
    Ok(card)
}

fn card_figure(card: &Card, name: &str) -> Result<String> {
    Ok(match name {
        "memory" => gib(card.vram, 0),
        "bandwidth" => format!("{:.0} GB/s", card.bandwidth.get() / 1e9),
        "power" => format!("{:.0} W", card.tdp.get()),
        "tensor" => card.peaks.tensor_fp16_acc32.map_or_else(|| "—".to_owned(), |rate| format!("{:.0} TFLOPS", rate.get() / 1e12)),
        "cores" => card.cuda_cores.to_string(),
        "launched" => card.launch_date.chars().take(7).collect(),
        _ => bail!("no such figure"),
    })
}

fn gib(bytes: Bytes, digits: usize) -> String {
    format!("{:.digits$} GiB", bytes.get() / 1_073_741_824.0)
}

fn parameters(catalog: &Catalog, id: &str) -> Result<u64> {
    Ok(catalog.model(id).context("no such model")?.parameters)
}

#[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
const fn real(count: u64) -> f64 {
    count as f64
}

/// Two significant digits are what a name like "8B" promises.
fn billions(parameters: u64) -> String {
    let billions = real(parameters) / 1e9;
    if billions < 1.0 { format!("{:.0}M", billions * 1000.0) } else { format!("{billions:.1}B") }
}

fn memory(catalog: &Catalog, model: &str, job: &str, id: &str) -> Result<String> {
    let kind = JobKind::from_name(job).context("no such job")?;
    let total = estimate(catalog, &Request::new(model, kind, id))?.memory.total;
    Ok(gib(total, if total.as_gib() < 100.0 { 1 } else { 0 }))
}

/// Tokens, or samples where nothing is read token by token, in a second.
fn speed(catalog: &Catalog, lang: Lang, model: &str, job: &str, id: &str) -> Result<String> {
    let kind = JobKind::from_name(job).context("no such job")?;
    let main = estimate(catalog, &Request::new(model, kind, id))?.time.main;
    let tokens = catalog.model(model).is_some_and(|model| model.reads_text());
    let (rate, unit) = if tokens {
        (main.tokens_per_second, "app.unit.tokens-per-second")
    } else {
        (main.samples_per_second, "app.unit.samples-per-second")
    };
    Ok(say(lang, unit, &[("n", &format!("{rate:.0}"))]))
}

fn money(amount: f64, currency: Currency) -> Result<String> {
    // Two digits are all a price of today deserves.
    let step = 10f64.powf((amount.log10() - 1.0).floor().max(0.0));
    let rounded = (amount / step).round() * step;
    Ok(match currency {
        Currency::Usd => format!("${rounded:.0}"),
        Currency::Cny => format!("¥{rounded:.0}"),
        _ => bail!("an article in two languages speaks of dollars and yuan"),
    })
}

fn price(catalog: &Catalog, id: &str, currency: Currency) -> Result<String> {
    let price = card_price_of(catalog, card(catalog, id)?, currency, None).context("no price")?;
    money(price.money.amount, currency)
}

/// What a household pays for a year of full load, in the country's own money.
fn year(catalog: &Catalog, id: &str, country: &str) -> Result<String> {
    let tariff = catalog.tariff(country, TariffUse::Household).context("no tariff")?;
    let currency = if country == "CN" { Currency::Cny } else { Currency::Usd };
    let per_kwh = catalog.convert(tariff.amount, tariff.currency, currency).context("no exchange rate")?;
    money(card(catalog, id)?.tdp.get() / 1000.0 * 24.0 * 365.0 * per_kwh, currency)
}

/// A live answer, as anybody would embed it; its question must be one.
fn widget(lang: Lang, height: u32, query: &str, title: &str) -> Result<String> {
    let link = Link::read(query);
    ensure!(link.foreign().is_empty(), "{:?} means nothing in a link", link.foreign());
    let link = link.with(Field::Lang, lang.tag());
    let one = Embedding { site: "../".to_owned(), link, compact: true, title: title.to_owned(), height, picture: String::new() };
    Ok(element(&one))
}

fn table(catalog: &Catalog, lang: Lang, ids: &[&str]) -> Result<String> {
    const FIGURES: [(&str, &str); 5] = [
        ("memory", "app.ledger.fact.memory"),
        ("bandwidth", "app.ledger.fact.bandwidth"),
        ("tensor", "app.ledger.fact.acc32"),
        ("power", "app.ledger.fact.power"),
        ("launched", "app.ledger.fact.launched"),
    ];
    let heads = FIGURES.map(|(_, key)| say(lang, key, &[]));
    let mut text = format!("| {} | {} |\n", say(lang, "app.field.card", &[]), heads.join(" | "));
    text.push_str("| --- | ---: | ---: | ---: | ---: | --- |\n");
    for id in ids {
        let card = card(catalog, id)?;
        let figures: Result<Vec<String>> = FIGURES.iter().map(|(name, _)| card_figure(card, name)).collect();
        text.push_str(&format!("| {} | {} |\n", card.name, figures?.join(" | ")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        Catalog::from_json(&std::fs::read_to_string(root().join("catalog.json")).unwrap()).unwrap()
    }

    #[test]
    fn figures_come_from_the_catalogue() {
        let text = filled(&catalog(), Lang::En, "# A\n\n{{card a40 memory}}, {{model gpt3-175b}}").unwrap();
        assert!(text.ends_with("48 GiB, 174.6B") || text.ends_with("48 GiB, 175.0B"), "{text}");
        assert!(filled(&catalog(), Lang::En, "{{card rtx-1080 memory}}").is_err());
        assert!(filled(&catalog(), Lang::En, "{{card a40").is_err());
        assert!(filled(&catalog(), Lang::En, "{{widget 400 view=inspect&colour=red A title}}").is_err());
        let live = filled(&catalog(), Lang::ZhCn, "{{widget 400 view=card&card=a40 A40 能做什么}}").unwrap();
        assert!(
            live.contains(r#"<which-card view="card" lang="zh-CN" card="a40" height="400" title="A40 能做什么" style="display:block;min-height:400px">"#),
            "{live}"
        );
        assert_eq!(filled(&catalog(), Lang::En, "{{times gpt3-175b glm-4-9b}} {{weights gpt3-175b}}").unwrap(), "19 349 GB");
    }

    #[test]
    fn both_languages_ask_the_same_live_questions() {
        let widgets = |lang: Lang| {
            let text = std::fs::read_to_string(root().join(format!("docs/article/{}.md", lang.tag()))).unwrap();
            let page = page(&catalog(), lang, &text).unwrap();
            assert!(!page.contains("{{"), "{page}");
            page.matches("<which-card").count()
        };
        assert_eq!(widgets(Lang::En), widgets(Lang::ZhCn));
        assert!(widgets(Lang::En) >= 8);
    }
}
