//! What a card is, and what software runs on it.

use crate::context::Env;
use crate::format;
use crate::views::choose;
use crate::widgets::{Icon, Sign};
use whichcard::card::Card;
use whichcard::catalog::Checked;
use whichcard::request::Rig;
use yew::prelude::*;

/// Of one card, also where there are several.
pub fn facts(env: &Env, rig: &Rig) -> Html {
    let card = &rig.card;
    html! {
        <div class="card-facts">
            <p class="quiet" hidden={rig.count == 1}>{ env.fill("app.fact.of-each", &[("n", &rig.count.to_string())]) }</p>
            { figures(env, card) }
            { capabilities(env, card) }
        </div>
    }
}

fn figures(env: &Env, card: &Card) -> Html {
    let peaks = &card.peaks;
    let (major, minor) = card.compute_capability;
    let memory = if card.memory_type.is_empty() {
        format::vram(card.vram)
    } else {
        format!("{} {}", format::vram(card.vram), card.memory_type)
    };
    let optional = |rate: Option<_>| rate.map_or_else(|| env.say("app.fact.none"), format::tflops);
    let tensor = optional(peaks.tensor_bf16.or(peaks.tensor_fp16_acc32));
    let provenance = env.catalog.provenance(&card.id);
    // Figures nobody has looked up say so, and so do those that are a bound.
    let tensor = match provenance.and_then(|known| known.tensor) {
        Some(Checked::Recalled) => env.fill("app.recalled", &[("figure", &tensor)]),
        Some(Checked::Bound) => env.fill("app.at-most", &[("figure", &tensor)]),
        _ => tensor,
    };
    let launched = if card.launch_date.is_empty() { String::new() } else { format::month(env.lang, &card.launch_date) };
    let rows = [
        ("memory", memory),
        ("bandwidth", format::bandwidth(card.bandwidth)),
        ("tensor", tensor),
        ("fp32", optional(peaks.fp32)),
        ("power", format::watts(card.tdp)),
        ("generation", format!("{} · {major}.{minor}", choose::generation(env, card.generation))),
        ("nvlink", card.nvlink.map_or_else(|| env.say("app.fact.none"), format::bandwidth)),
        ("launched", launched),
    ];
    html! {
        <dl class="figures facts">
            { for rows.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| html! {
                <div class="figure" key={name} data-fact={name}>
                    <dt>{ env.say(&format!("app.fact.{name}")) }</dt>
                    <dd><b>{ value }</b></dd>
                </div>
            }) }
        </dl>
    }
}

/// Each with a word and a sign: what an old card lacks is as plain as what a new one has.
fn capabilities(env: &Env, card: &Card) -> Html {
    let can = card.features();
    let rows = [
        ("tensor-cores", can.tensor_cores),
        ("fast-fp16", can.fast_fp16),
        ("bf16", can.bf16),
        ("tf32", can.tf32),
        ("fp8", can.fp8),
        ("fp4", can.fp4),
        ("flash-attention", can.flash_attention),
        ("nf4", can.nf4),
        ("llm-int8", can.llm_int8),
        ("current-pytorch", can.current_pytorch),
        ("peer-to-peer", can.peer_to_peer),
    ];
    html! {
        <ul class="capabilities" aria-label={env.say("app.can.title")}>
            { for rows.into_iter().map(|(name, yes)| {
                let word = if yes { "yes" } else { "no" };
                html! {
                    <li key={name} class={word} data-capability={name} data-can={word}
                        title={env.say(&format!("app.can.{name}-about"))}>
                        <Icon sign={if yes { Sign::Check } else { Sign::Cross }} />
                        <span>{ env.say(&format!("app.can.{name}")) }</span>
                        <span class="unseen">{ env.say(&format!("app.can.{word}")) }</span>
                    </li>
                }
            }) }
        </ul>
    }
}
