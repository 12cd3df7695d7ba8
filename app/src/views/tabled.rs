//! A table of the page as rows to be copied: for people as it is read, for programs one value a cell.

use crate::carry;
use crate::context::Env;
use crate::format;
use whichcard::export::TableForm;
use yew::prelude::*;

/// Rows of cells, the head first.
pub type Rows = Vec<Vec<String>>;

/// The rows of a table that stands in the page.
pub fn shown(env: &Env, id: &'static str) -> Callback<TableForm, Rows> {
    let env = env.clone();
    Callback::from(move |form| {
        let cells = carry::cells(id);
        if form != TableForm::Markdown {
            return widened(&env, &cells);
        }
        let joined = |row: Vec<Vec<String>>| row.into_iter().map(|parts| parts.join(" ").trim().to_owned()).collect();
        cells.into_iter().map(joined).collect()
    })
}

/// What stands below a value in a column of its own.
fn widened(env: &Env, cells: &[Vec<Vec<String>>]) -> Rows {
    let mut rows: Rows = vec![Vec::new(); cells.len()];
    for column in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
        let parts = || cells.iter().map(|row| row.get(column).map_or(&[] as &[String], Vec::as_slice));
        let head = parts().next().and_then(<[String]>::first).map_or("", String::as_str);
        for part in 0..parts().map(<[String]>::len).max().unwrap_or(0) {
            for (place, (row, parts)) in rows.iter_mut().zip(parts()).enumerate() {
                row.push(match parts.get(part) {
                    Some(text) => text.clone(),
                    None if place == 0 => beside(env, head),
                    None => String::new(),
                });
            }
        }
    }
    rows
}

/// The name of the column beside another, for what qualifies its values.
pub fn beside(env: &Env, name: &str) -> String {
    env.fill("app.share.beside", &[("column", name)])
}

/// The name of a column with the unit of its numbers.
pub fn measured(name: &str, unit: &str) -> String {
    format!("{name} ({unit})")
}

/// A number as programs read it.
pub fn digits(value: f64) -> String {
    if value.is_finite() { format::short(value).replace(',', "").replace('−', "-") } else { String::new() }
}
