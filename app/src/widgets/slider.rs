//! A slider below a number field: the usual values, by hand or arrow keys. What is typed need not be one of them.

use crate::context::Env;
use crate::format;
use crate::number::plain;
use web_sys::HtmlInputElement;
use whichcard::share::Field;
use whichcard::units::real;
use yew::prelude::*;

/// The usual values of a field, smallest first; none where no range is natural.
pub fn stops(env: &Env, field: Field) -> Vec<f64> {
    let setup = env.reading.held();
    let powers = |first: i32, last: i32| (first..=last).map(|power| 2f64.powi(power)).collect::<Vec<f64>>();
    match field {
        Field::Sequence if setup.is_some_and(|setup| setup.model.sized_by_side()) => {
            vec![64.0, 128.0, 224.0, 256.0, 384.0, 512.0, 640.0, 768.0, 1024.0, 1536.0, 2048.0]
        }
        Field::Output if setup.is_some_and(|setup| setup.model.denoising.is_some()) => {
            vec![1.0, 2.0, 4.0, 8.0, 20.0, 28.0, 30.0, 40.0, 50.0, 100.0]
        }
        Field::Sequence | Field::Prompt => {
            let longest = setup.and_then(|setup| setup.model.max_context).map_or(131_072.0, real);
            powers(7, 20).into_iter().filter(|length| *length <= longest).collect()
        }
        Field::Output => powers(6, 13),
        Field::Users => powers(0, 9),
        Field::Rank => powers(2, 8),
        Field::MicroBatch | Field::Accumulation => powers(0, 6),
        Field::Count => (1..=8).map(f64::from).collect(),
        Field::Epochs => vec![1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0],
        Field::Pue => (10..=20).map(|tenths| f64::from(tenths) / 10.0).collect(),
        Field::PowerLimit => {
            let board = setup.map_or(300.0, |setup| setup.rig.card.tdp.get());
            (10..=20).map(|step| (board * f64::from(step) / 20.0).round()).collect()
        }
        _ => Vec::new(),
    }
}

/// The slider of a field, standing at what holds: the number typed, else the default.
pub fn slider(env: &Env, field: Field, label: &str, default: &str) -> Html {
    let stops = stops(env, field);
    let Some(last) = stops.len().checked_sub(1).filter(|last| *last > 0) else { return html! { <span hidden=true></span> } };
    let typed = env.reading.number(field).map(|(value, _)| value);
    let now = typed.or_else(|| plain(default));
    let place = now.map_or(0, |now| stops.iter().filter(|stop| **stop <= now).count().saturating_sub(1));
    let oninput = {
        let (set, stops) = (env.set(field), stops.clone());
        Callback::from(move |event: InputEvent| {
            let place: usize = event.target_unchecked_into::<HtmlInputElement>().value().parse().unwrap_or_default();
            if let Some(stop) = stops.get(place) {
                set.emit(format::short(*stop).replace(',', ""));
            }
        })
    };
    html! {
        <input type="range" class="slider" min="0" max={last.to_string()} step="1" value={place.to_string()}
            aria-label={label.to_owned()}
            aria-valuetext={stops.get(place).map(|stop| format::short(*stop))} data-slider={field.key()} {oninput} />
    }
}
