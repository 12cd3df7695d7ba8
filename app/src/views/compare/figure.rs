//! A row of the comparison: one figure of every card, the best marked.

use super::working;
use crate::browser;
use crate::context::Env;
use crate::format;
use crate::state::Action;
use crate::views::evidence::{self, Estimated};
use crate::views::tabled::{Rows, beside, digits, measured};
use crate::widgets::{Icon, Sign, Term, word_of};
use whichcard::estimate::Confidence;
use whichcard::request::Setup;
use whichcard::share::Field;
use yew::prelude::*;

/// Which of two values is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    More,
    Less,
    /// A matter of taste.
    Neither,
}

/// What one card has.
#[derive(Clone, PartialEq)]
pub struct Cell {
    /// In words.
    pub text: String,
    /// What qualifies it.
    pub note: String,
    /// What it is compared by; not a number where it cannot be.
    pub value: f64,
    /// A sign and its class, beside the words.
    pub sign: Option<(Sign, &'static str)>,
    /// Where it is worked out.
    pub step: Option<&'static str>,
    /// How well measurements support it where it is an estimate, and the mark that says so.
    pub support: Option<(&'static str, Option<Html>)>,
}

impl Cell {
    pub fn of(value: f64, text: String) -> Self {
        Self { text, note: String::new(), value, sign: None, step: None, support: None }
    }

    /// Something that cannot be compared by size.
    pub fn plain(text: String) -> Self {
        Self::of(f64::NAN, text)
    }

    /// Something it has not, or that nobody knows.
    pub fn none(env: &Env) -> Self {
        Self::plain(env.say("app.ledger.none"))
    }

    /// Says what qualifies it, after what has been said of that.
    pub fn noted(self, note: String) -> Self {
        let parts = [self.note, note];
        let note = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" · ");
        Self { note, ..self }
    }

    /// What the sum is made of: "4 × 24 GB".
    pub fn of_each(self, count: u32, one: &Self) -> Self {
        Self { note: format!("{count}\u{a0}×\u{a0}{}", one.text), ..self }.noted(one.note.clone())
    }

    pub fn worked(self, step: &'static str) -> Self {
        Self { step: Some(step), ..self }
    }

    pub fn supported(self, env: &Env, setup: &Setup, what: Estimated, confidence: Confidence) -> Self {
        Self { support: Some((evidence::name(confidence), evidence::mark(env, setup, what, confidence))), ..self }
    }
}

/// A row.
#[derive(Clone, PartialEq)]
pub struct Figure {
    /// Key of its name.
    pub name: String,
    pub better: Better,
    /// What programs are told of it in: where people are told in the unit that suits each.
    pub unit: Option<&'static str>,
    pub cells: Vec<Cell>,
}

impl Figure {
    /// The best value, where it tells some cards from others: one alone is the best of nothing.
    fn best(&self) -> Option<f64> {
        let values = || self.cells.iter().map(|cell| cell.value).filter(|value| !value.is_nan());
        let best = match self.better {
            Better::More => values().reduce(f64::max),
            Better::Less => values().reduce(f64::min),
            Better::Neither => None,
        }?;
        values().any(|value| !is(value, best)).then_some(best)
    }

    /// How long the bar of each is, where sizes can be compared: the largest fills its cell.
    fn bars(&self) -> Vec<Option<f64>> {
        let sized =
            |cell: &Cell| Some(cell.value).filter(|value| self.better != Better::Neither && value.is_finite() && *value >= 0.0);
        let most = self.cells.iter().filter_map(sized).fold(0.0, f64::max);
        self.cells.iter().map(|cell| sized(cell).filter(|_| most > 0.0 && self.cells.len() > 1).map(|value| value / most)).collect()
    }

    /// Adds a column for programs to the head and the row of each card, and one for what qualifies the values.
    pub fn add_data(&self, env: &Env, rows: &mut Rows) {
        let name = env.say(&self.name);
        let noted = self.cells.iter().any(|cell| !cell.note.is_empty());
        for (place, row) in rows.iter_mut().enumerate() {
            let cell = place.checked_sub(1).and_then(|place| self.cells.get(place));
            row.push(match (cell, self.unit) {
                (None, Some(unit)) => measured(&name, unit),
                (None, None) => name.clone(),
                (Some(cell), Some(_)) => digits(cell.value),
                (Some(cell), None) => cell.text.clone(),
            });
            if noted {
                row.push(cell.map_or_else(|| beside(env, &name), |cell| cell.note.clone()));
            }
        }
    }

    /// Whether all cards have the same.
    pub fn same(&self) -> bool {
        self.cells.windows(2).all(|pair| matches!(pair, [one, other] if one.text == other.text))
    }
}

/// Equal but for rounding.
fn is(value: f64, best: f64) -> bool {
    value == best || (value - best).abs() <= 1e-9 * best.abs()
}

pub fn row(env: &Env, figure: &Figure, opened: Option<(usize, &str)>) -> Html {
    let best = figure.best();
    let first = figure.cells.first().map_or(f64::NAN, |cell| cell.value);
    // "Below a cent" is no number to count from.
    let vague = figure.cells.first().is_some_and(|cell| cell.text.starts_with('<'));
    let same = figure.cells.len() > 1 && figure.same();
    let bars = figure.bars();
    html! {
        <tr key={figure.name.clone()} data-figure={figure.name.clone()} class={same.then_some("same")}>
            <th scope="row">
                <span class="termed">{ env.say(&figure.name) }</span>
                <Term word={word_of(&figure.name)} name={env.say(&figure.name)} place="compared" />
            </th>
            { for figure.cells.iter().enumerate().map(|(place, cell)| {
                let wins = best.is_some_and(|best| is(cell.value, best));
                // How many times the first one's, where there is a difference to tell.
                let tells = place > 0 && !vague && figure.better != Better::Neither;
                let exact = cell.sign.is_none() && !cell.text.starts_with('<');
                let ratio = Some(cell.value / first)
                    .filter(|ratio| tells && exact && ratio.is_finite() && *ratio > 0.0 && !is(*ratio, 1.0));
                html! {
                    <td key={place} class={wins.then_some("best")} data-best={wins.to_string()}
                        data-confidence={cell.support.as_ref().map(|(name, _)| *name)}>
                        { for cell.sign.iter().map(|(sign, class)| html! { <span class={*class}><Icon sign={*sign} /></span> }) }
                        <span class="told">{ leading(env, place, cell, opened) }</span>
                        { for ratio.into_iter().map(|ratio| html! {
                            <span class="ratio quiet">{ format!("×{}", format::ratio(ratio)) }</span>
                        }) }
                        { for wins.then(|| html! { <span class="unseen">{ env.say("app.compare.best") }</span> }) }
                        { for bars.get(place).copied().flatten().filter(|_| !same).map(|share| html! {
                            <i class="bar" style={format!("width:{}", format::css_percent(share))}></i>
                        }) }
                        { for (!cell.note.is_empty()).then(|| html! { <span class="note quiet">{ &cell.note }</span> }) }
                        { for cell.support.iter().flat_map(|(_, mark)| mark.clone()) }
                    </td>
                }
            }) }
        </tr>
    }
}

/// The value, which opens its working where there is one; in an article the whole page does.
fn leading(env: &Env, place: usize, cell: &Cell, opened: Option<(usize, &str)>) -> Html {
    let Some(step) = cell.step.filter(|_| !env.compact) else { return html! { { &cell.text } } };
    let open = opened == Some((place, step));
    let change = Action::Put(vec![(Field::Open, (!open).then(|| working::id(place, step)))]);
    let act = env.act.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        act.emit(change.clone());
        browser::show_id(working::PLACE);
    });
    html! {
        <button type="button" class="leads" title={env.say("app.working.leads")} aria-expanded={open.to_string()}
            aria-controls={working::PLACE}
            {onclick}>{ &cell.text }</button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(better: Better, values: &[f64]) -> Figure {
        Figure {
            name: String::new(),
            better,
            unit: None,
            cells: values.iter().map(|value| Cell::of(*value, format::short(*value))).collect(),
        }
    }

    #[test]
    fn bars_are_to_scale_and_only_where_sizes_are() {
        assert_eq!(figure(Better::More, &[1.0, 4.0, f64::NAN]).bars(), [Some(0.25), Some(1.0), None]);
        assert_eq!(figure(Better::Less, &[0.0, 0.0]).bars(), [None, None]);
        assert_eq!(figure(Better::Neither, &[1.0, 2.0]).bars(), [None, None]);
        assert_eq!(figure(Better::More, &[3.0]).bars(), [None]);
    }

    #[test]
    fn the_best_is_marked_where_there_is_a_difference() {
        assert_eq!(figure(Better::More, &[1.0, 3.0, f64::NAN]).best(), Some(3.0));
        assert_eq!(figure(Better::Less, &[1.0, 3.0]).best(), Some(1.0));
        assert_eq!(figure(Better::More, &[2.0, 2.0]).best(), None);
        assert_eq!(figure(Better::Less, &[2.0, f64::NAN]).best(), None);
        assert_eq!(figure(Better::Neither, &[1.0, 2.0]).best(), None);
        assert!(figure(Better::More, &[2.0, 2.0]).same() && !figure(Better::More, &[2.0, 1.0]).same());
    }
}
