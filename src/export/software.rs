//! The software of a plan as it is named: what it was estimated with, or what runs it where none of that does.

use super::Format;
use crate::field::Field;
use crate::request::{Keyword, Setup};
use crate::text::{Lang, say};
use crate::wording;

/// Programs that train as planned, where none of the software that the plan was estimated with has its settings.
#[must_use]
pub fn runs_instead(lang: Lang, setup: &Setup) -> Option<String> {
    let trains = |format: &Format| format.program().is_some() && !format.shares() && format.applies(setup);
    let programs: Vec<Format> = Format::ALL.iter().copied().filter(|format| setup.trains() && trains(format)).collect();
    let names = programs.iter().map(|format| wording::name(lang, "format", format.name())).collect::<Vec<_>>();
    let planned = programs.iter().any(|format| format.is_of(setup.recipe.stack));
    (!planned && !names.is_empty()).then(|| names.join(&say(lang, "app.list-comma", &[])))
}

/// The choices of a recipe in words, with the keys of their labels; its software is what runs it.
#[must_use]
pub fn recipe(lang: Lang, setup: &Setup) -> Vec<(&'static str, String)> {
    let mut rows = wording::recipe(lang, setup);
    if let Some((_, software)) = rows.iter_mut().find(|(label, _)| *label == Field::Stack.label())
        && let Some(programs) = runs_instead(lang, setup)
    {
        *software = programs;
    }
    rows
}
