//! Which assumption matters most: what the memory would be if one of them were otherwise.

use super::series::Along;
use crate::context::Env;
use crate::format;
use whichcard::estimate::memory;
use whichcard::request::{CacheFormat, Checkpointing, Optimizer, Setup, WeightFormat};
use whichcard::units::Bytes;
use yew::prelude::*;

/// Sentences shown: the rest matters less.
const SHOWN: usize = 3;

/// One assumption made otherwise, and what that adds (or saves, below nothing).
fn assumptions(setup: &Setup) -> Vec<(&'static str, Bytes)> {
    let now = memory(setup).total;
    let with = |change: fn(&mut Setup)| {
        let mut other = setup.clone();
        change(&mut other);
        memory(&other).total - now
    };
    let doubled = |along: Along| memory(&along.with(setup, along.now(setup).saturating_mul(2))).total - now;
    let at_once = match setup.model.denoising {
        _ if setup.trains() => "batch",
        Some(_) => "images",
        None => "users",
    };
    let mut found = vec![(at_once, doubled(Along::AtOnce))];
    if setup.model.reads_text() {
        found.push(("length", doubled(Along::Length)));
    }
    if setup.trains() {
        let recomputes = setup.recipe.checkpointing != Checkpointing::None;
        found.push(if recomputes {
            ("keeping", with(|other| other.recipe.checkpointing = Checkpointing::None))
        } else {
            ("recomputing", with(|other| other.recipe.checkpointing = Checkpointing::Full))
        });
    } else if setup.recipe.kv_cache == CacheFormat::Fp16 {
        found.push(("cache", with(|other| other.recipe.kv_cache = CacheFormat::Int8)));
    }
    if setup.trains() && !setup.adapters_only() {
        if setup.recipe.optimizer == Optimizer::Adamw {
            found.push(("optimizer", with(|other| other.recipe.optimizer = Optimizer::Adamw8bit)));
        }
    } else if matches!(setup.recipe.weights, WeightFormat::Fp32 | WeightFormat::Fp16 | WeightFormat::Bf16) {
        found.push(("four-bit", with(|other| other.recipe.weights = WeightFormat::Nf4)));
    } else {
        found.push(("sixteen-bit", with(|other| other.recipe.weights = WeightFormat::Bf16)));
    }
    found.retain(|(_, by)| by.get().abs() >= Bytes::mib(10.0).get());
    found.sort_by(|(_, a), (_, b)| b.get().abs().total_cmp(&a.get().abs()));
    found
}

/// The assumptions that matter most, the first first.
pub fn sentences(env: &Env, setup: &Setup) -> Html {
    let told = assumptions(setup).into_iter().take(SHOWN).map(|(name, by)| {
        let amount = format::memory(Bytes::new(by.get().abs()));
        let key = if by.get() > 0.0 { "app.sway.adds" } else { "app.sway.saves" };
        (name, env.fill(key, &[("what", &env.say(&format!("app.sway.{name}"))), ("amount", &amount)]))
    });
    html! {
        <div class="sway" id="sway">
            <h3>{ env.say("app.sway.title") }</h3>
            <ul class="reasons">{ for told.map(|(name, text)| html! { <li key={name} data-sway={name}>{ text }</li> }) }</ul>
        </div>
    }
}
