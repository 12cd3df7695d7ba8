//! A table whose rows are searched, sorted and opened; what is done to it is in the link.

use crate::context::{Env, use_env};
use crate::state::Action;
use crate::views::answer;
use crate::widgets::{Icon, Pickable, Sign, found};
use std::cmp::Ordering;
use std::rc::Rc;
use whichcard::share::Field;
use yew::prelude::*;

/// Rows shown before the visitor asks for more.
const FIRST: usize = 30;
/// Rows each further wish adds.
const MORE: usize = 100;

/// A column beside the name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    pub id: &'static str,
    /// Whether it holds numbers, the largest of which are looked for first.
    pub numeric: bool,
    /// The screen it needs: 0 any, 1 a wide phone, 2 a desk.
    pub from: u8,
}

/// The column of names.
pub const NAME: Column = Column { id: "name", numeric: false, from: 0 };

/// A row: how it is found, and what stands in its cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub entry: Pickable,
    /// What a cell is sorted by (not a number: unknown), and what it says.
    pub cells: Vec<(f64, String)>,
}

#[derive(Properties, PartialEq)]
pub struct LedgerProps {
    pub rows: Rc<Vec<Row>>,
    /// The name first.
    pub columns: &'static [Column],
    /// The order where none is asked for.
    pub default: &'static str,
    /// Name of the table in keys.
    pub list: AttrValue,
    pub caption: AttrValue,
    /// What an opened row says.
    pub detail: Callback<AttrValue, Html>,
}

#[component]
pub fn Ledger(props: &LedgerProps) -> Html {
    let env = use_env();
    let shown = use_state(|| FIRST);
    let entries = use_memo(Rc::clone(&props.rows), |rows| rows.iter().map(|row| row.entry.clone()).collect::<Vec<_>>());
    let order =
        env.link.get(Field::Sort).and_then(|asked| order(props.columns, asked)).or_else(|| order(props.columns, props.default));
    let query = env.link.get(Field::Find).unwrap_or_default().trim();
    let hits = if query.is_empty() { (0..props.rows.len()).collect() } else { found(&entries, query) };
    let mut rows: Vec<&Row> = hits.into_iter().filter_map(|place| props.rows.get(place)).collect();
    if let Some((place, downwards)) = order {
        rows.sort_by(|a, b| compare(a, b, place, downwards));
    }
    let open = env.link.get(Field::Open).unwrap_or_default();
    let opened = rows.iter().position(|row| *row.entry.value == *open).map_or(0, |place| place + 1);
    let count = (*shown).max(opened).min(rows.len());
    let left = rows.len() - count;
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + MORE))
    };
    let width = props.columns.len().to_string();
    html! {
        <div class="groups">
            { if open.is_empty() || opened > 0 {
                html! {}
            } else {
                answer::not_here(&env, env.fill("app.fault.not-here", &[("given", open)]))
            } }
            <p class="quiet" role="status" id="rows-found">{ env.fill("app.ledger.found", &[("n", &rows.len().to_string())]) }</p>
            { if rows.is_empty() { none(&env) } else { html! {} } }
            <div class="scroll" hidden={rows.is_empty()} tabindex="0" role="region" aria-label={props.caption.clone()}>
                <table class="ledger" id="ledger">
                    <thead>
                        <tr>{ for props.columns.iter().enumerate().map(|(place, column)| head(&env, column, place, order)) }</tr>
                    </thead>
                    { for rows.iter().take(count).map(|row| body(&env, row, props, &width, *row.entry.value == *open)) }
                </table>
            </div>
            <p class="quiet">{ env.say(&format!("app.ledger.note-{}", props.list)) }</p>
            <p hidden={left == 0}>
                <button type="button" onclick={more}>{ env.fill("app.accuracy.more", &[("n", &left.to_string())]) }</button>
            </p>
        </div>
    }
}

/// That nothing is found, and the way back to everything.
fn none(env: &Env) -> Html {
    let act = env.act.clone();
    let clear = Callback::from(move |_: MouseEvent| {
        act.emit(Action::Put([Field::Find, Field::Generation, Field::Category].map(|field| (field, None)).to_vec()))
    });
    html! {
        <p class="row" key="none">{ env.say("app.ledger.nothing") }{ " " }
            <button type="button" class="small" id="clear-filters" onclick={clear}>{ env.say("app.accuracy.clear") }</button></p>
    }
}

/// Place of the column to sort by, and whether downwards.
pub fn order(columns: &[Column], asked: &str) -> Option<(usize, bool)> {
    let asked = asked.trim();
    let id = asked.strip_prefix('-').unwrap_or(asked);
    Some((columns.iter().position(|column| column.id == id)?, id.len() < asked.len()))
}

/// By name, or by a cell; what is unknown stands last either way.
fn compare(a: &Row, b: &Row, place: usize, downwards: bool) -> Ordering {
    let Some(cell) = place.checked_sub(1) else {
        let by_name = a.entry.name.cmp(&b.entry.name);
        return if downwards { by_name.reverse() } else { by_name };
    };
    let value = |row: &Row| row.cells.get(cell).map_or(f64::NAN, |(value, _)| *value);
    let (one, other) = (value(a), value(b));
    match (one.is_nan(), other.is_nan()) {
        (false, false) if downwards => other.total_cmp(&one),
        (false, false) => one.total_cmp(&other),
        (one, other) => one.cmp(&other),
    }
}

const fn class(column: &Column) -> (&'static str, &'static str) {
    (
        if column.numeric { "number" } else { "" },
        match column.from {
            0 => "",
            1 => "from-tablet",
            _ => "from-desk",
        },
    )
}

/// A head that sorts by its column; once more, the other way round.
fn head(env: &Env, column: &Column, place: usize, order: Option<(usize, bool)>) -> Html {
    let now = order.filter(|(sorted, _)| *sorted == place).map(|(_, downwards)| downwards);
    let downwards = now.map_or(column.numeric, |downwards| !downwards);
    let wish = if downwards { format!("-{}", column.id) } else { column.id.to_owned() };
    let onclick = {
        let act = env.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(Action::Set(Field::Sort, wish.clone())))
    };
    let sorted = now.map(|downwards| if downwards { "descending" } else { "ascending" });
    let (number, from) = class(column);
    html! {
        <th key={column.id} scope="col" class={classes!(number, from)} aria-sort={sorted}>
            <button type="button" class="sorts" data-sort={column.id} {onclick}>
                <span>{ env.say(&format!("app.ledger.column.{}", column.id)) }</span><Icon sign={Sign::Chevron} /></button>
        </th>
    }
}

/// A row, with what it opens to below it.
fn body(env: &Env, row: &Row, props: &LedgerProps, width: &str, open: bool) -> Html {
    let id = row.entry.value.clone();
    let change = Action::Put(vec![(Field::Open, (!open).then(|| id.to_string()))]);
    let toggle = {
        let act = env.act.clone();
        Callback::from(move |_: MouseEvent| act.emit(change.clone()))
    };
    html! {
        <tbody key={id.to_string()} data-row={id.clone()} class={open.then_some("open")}>
            <tr>
                <th scope="row">
                    <button type="button" class="opens" aria-expanded={open.to_string()} aria-controls={format!("row-{id}")}
                        onclick={toggle}>
                        <span>{ &row.entry.name }</span><Icon sign={Sign::Chevron} /></button>
                    <span class="quiet">{ &row.entry.detail }</span>
                </th>
                { for props.columns.iter().skip(1).zip(&row.cells).map(|(column, (_, text))| {
                    let (number, from) = class(column);
                    // What is marked as old is a number all the same.
                    let (text, old) = text.strip_suffix('*').map_or((text.as_str(), ""), |text| (text, "*"));
                    html! { <td key={column.id} class={classes!(number, from)}>{ text }<span class="apart">{ old }</span></td> }
                }) }
            </tr>
            <tr id={format!("row-{id}")} hidden={!open}>
                <td colspan={width.to_owned()}>{ if open { props.detail.emit(id) } else { html! {} } }</td>
            </tr>
        </tbody>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, value: f64) -> Row {
        Row { entry: Pickable::new(name, name, "", &[]), cells: vec![(value, String::new())] }
    }

    #[test]
    fn the_unknown_stands_last_either_way() {
        for (downwards, expected) in [(false, ["a", "b", "c"]), (true, ["b", "a", "c"])] {
            let mut rows = [row("c", f64::NAN), row("b", 2.0), row("a", 1.0)];
            rows.sort_by(|a, b| compare(a, b, 1, downwards));
            assert_eq!(rows.map(|row| row.entry.name.to_string()), expected);
        }
    }

    #[test]
    fn an_order_is_a_column_and_a_direction() {
        let columns = [NAME, Column { id: "memory", numeric: true, from: 0 }];
        assert_eq!(order(&columns, "-memory"), Some((1, true)));
        assert_eq!(order(&columns, "name"), Some((0, false)));
        assert_eq!(order(&columns, "colour"), None);
    }
}
