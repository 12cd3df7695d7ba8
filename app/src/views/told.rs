//! A sentence whose numbers lead to their working.

use yew::prelude::*;

/// A sentence with each of some numbers in it, where it stands first, replaced by what leads to its working.
pub fn told(sentence: &str, mut numbers: Vec<(String, Html)>) -> Html {
    let (mut parts, mut rest) = (Vec::new(), sentence);
    loop {
        let places = numbers.iter().enumerate().filter_map(|(which, (number, _))| Some((rest.find(number)?, which)));
        let Some((at, which)) = places.min() else { break };
        let (number, led) = numbers.swap_remove(which);
        let (before, after) = rest.split_at(at);
        parts.extend([html! { { before.to_owned() } }, led]);
        rest = after.strip_prefix(&*number).unwrap_or_default();
    }
    parts.push(html! { { rest.to_owned() } });
    html! { <>{ for parts }</> }
}
