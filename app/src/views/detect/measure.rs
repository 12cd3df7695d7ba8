//! "Measure it": a short measurement, set beside what the card is rated for.

use crate::context::Env;
use crate::format;
use crate::measure::Findings;
use whichcard::card::Card;
use whichcard::detect::Agreement;
use yew::prelude::*;

/// How a measurement ended well.
const DONE: &str = "done";

/// Whether the findings speak of an NVIDIA card: the browser may well have measured the other GPU.
pub fn of_nvidia(findings: &Findings) -> bool {
    findings.vendor.eq_ignore_ascii_case("nvidia")
}

/// What was found, compared with `card` where there is one to compare with.
pub fn findings(env: &Env, findings: &Findings, card: Option<&Card>) -> Html {
    let measured = &findings.measured;
    let card = card.filter(|_| of_nvidia(findings));
    let shares = card.map_or([None; 3], |card| measured.shares(card));
    let rated = card.map_or([None, None, None], |card| {
        [card.peaks.fp32.map(format::tflops), card.peaks.fp16.map(format::tflops), Some(format::bandwidth(card.bandwidth))]
    });
    let seen = [measured.fp32.map(format::tflops), measured.fp16.map(format::tflops), measured.copy.map(format::bandwidth)];
    let rows = ["fp32", "fp16", "copy"].into_iter().zip(seen).zip(rated).zip(shares);
    let rows: Vec<Html> = rows
        .filter_map(|(((quantity, seen), rated), share)| {
            let seen = seen?;
            Some(html! {
                <tr key={quantity} data-quantity={quantity}>
                    <th scope="row">{ env.say(&format!("app.measure.{quantity}")) }</th>
                    <td>{ seen }</td>
                    <td>{ rated.unwrap_or_else(|| "–".to_owned()) }</td>
                    <td>{ share.map_or_else(|| "–".to_owned(), format::percent) }</td>
                </tr>
            })
        })
        .collect();
    let nothing = rows.is_empty();
    html! {
        <div id="measured">
            <table class="measured" hidden={nothing}>
                <thead>
                    <tr>
                        <th scope="col">{ env.say("app.measure.quantity") }</th>
                        <th scope="col">{ env.say("app.measure.measured") }</th>
                        <th scope="col">{ env.say("app.measure.rated") }</th>
                        <th scope="col">{ env.say("app.measure.share") }</th>
                    </tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
            { for remarks(env, findings, card).into_iter().map(|(key, remark)| html! {
                <p key={key} class="quiet" data-remark={key}>{ remark }</p>
            }) }
        </div>
    }
}

/// What the figures mean, and what they do not.
fn remarks(env: &Env, findings: &Findings, card: Option<&Card>) -> Vec<(&'static str, String)> {
    let mut remarks = Vec::new();
    let anything = findings.measured != whichcard::detect::Measured::default();
    if let Some(why) = findings.ended.as_deref().filter(|ended| *ended != DONE) {
        remarks.push(("ended", env.say(&format!("app.measure.ended-{why}"))));
    }
    if !anything {
        return remarks;
    }
    if !of_nvidia(findings) {
        remarks.push(("other", env.fill("app.measure.other", &[("vendor", &findings.vendor)])));
        return remarks;
    }
    match card.map(|card| (card, findings.measured.agreement(card))) {
        Some((card, Agreement::Agrees)) => remarks.push(("agrees", env.fill("app.measure.agrees", &[("card", &card.name)]))),
        Some((card, Agreement::Slow)) => remarks.push(("slow", env.fill("app.measure.slow", &[("card", &card.name)]))),
        Some((card, Agreement::Impossible)) => {
            remarks.push(("impossible", env.fill("app.measure.impossible", &[("card", &card.name)])));
        }
        None => {}
    }
    remarks.push(("bound", env.say("app.measure.bound")));
    remarks
}
