//! The guide in `docs/article/`, published with the site. Its figures are not typed but taken from the catalogue and the estimator.
//!
//! Marks: `{{card ID FIGURE}}` with memory, bandwidth, power, tensor or launched; `{{model ID}}` for its parameters;
//! `{{memory MODEL JOB CARD}}` for what a setup needs; `{{cards ID ...}}` for a table.

use crate::command::root;
use anyhow::{Context, Result, bail, ensure};
use pulldown_cmark::{Options, Parser, html};
use std::path::Path;
use whichcard::card::Card;
use whichcard::catalog::Catalog;
use whichcard::estimate::estimate;
use whichcard::request::{JobKind, Keyword, Request};
use whichcard::text::Lang;
use whichcard::units::Bytes;

const FRAME: &str = include_str!("article.html");

/// Writes `article/<language>.html` for every language.
pub fn publish(catalog: &Catalog, folder: &Path) -> Result<()> {
    let target = folder.join("article");
    std::fs::create_dir_all(&target)?;
    for lang in Lang::ALL {
        let name = format!("docs/article/{}.md", lang.tag());
        let text = std::fs::read_to_string(root().join(&name)).with_context(|| name.clone())?;
        let page = page(catalog, *lang, &text).with_context(|| name)?;
        std::fs::write(target.join(format!("{}.html", lang.tag())), page)?;
    }
    Ok(())
}

fn page(catalog: &Catalog, lang: Lang, markdown: &str) -> Result<String> {
    let markdown = filled(catalog, lang, &markdown.replace("\r\n", "\n"))?;
    let title = markdown.lines().find_map(|line| line.strip_prefix("# ")).context("no title")?.to_owned();
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(&markdown, Options::ENABLE_TABLES));
    Ok(FRAME.replace("{{tag}}", lang.tag()).replace("{{title}}", &title).replace("{{body}}", &body))
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
        ["card", id, name] => card_figure(card(catalog, id)?, name),
        ["model", id] => Ok(billions(catalog.model(id).context("no such model")?.parameters)),
        ["memory", model, job, id] => memory(catalog, model, job, id),
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
        "launched" => card.launch_date.chars().take(7).collect(),
        _ => bail!("no such figure"),
    })
}

fn gib(bytes: Bytes, digits: usize) -> String {
    format!("{:.digits$} GiB", bytes.get() / 1_073_741_824.0)
}

/// Two significant digits are what a name like "8B" promises.
#[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
fn billions(parameters: u64) -> String {
    let billions = parameters as f64 / 1e9;
    if billions < 1.0 { format!("{:.0}M", billions * 1000.0) } else { format!("{billions:.1}B") }
}

fn memory(catalog: &Catalog, model: &str, job: &str, id: &str) -> Result<String> {
    let kind = JobKind::from_name(job).context("no such job")?;
    Ok(gib(estimate(catalog, &Request::new(model, kind, id))?.memory.total, 1))
}

fn table(catalog: &Catalog, lang: Lang, ids: &[&str]) -> Result<String> {
    let mut text = match lang {
        Lang::En => "| Card | Memory | Bandwidth | FP16 tensor, dense | Board power | Launched |\n",
        Lang::ZhCn => "| 显卡 | 显存 | 显存带宽 | FP16 张量算力（稠密） | 功耗 | 上市 |\n",
    }
    .to_owned();
    text.push_str("| --- | ---: | ---: | ---: | ---: | --- |\n");
    for id in ids {
        let card = card(catalog, id)?;
        let figures: Result<Vec<String>> =
            ["memory", "bandwidth", "tensor", "power", "launched"].iter().map(|name| card_figure(card, name)).collect();
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
        assert!(widgets(Lang::En) >= 5);
    }
}
