//! A table of the page as text for elsewhere.

use super::quote;

/// What a table is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// Markdown, as forums and notes take it.
    Markdown,
    /// CSV (RFC 4180).
    Csv,
    /// Cells between tabs, for spreadsheets that are pasted into.
    Text,
}

/// Writes a table; the first row is its head, and short rows are filled up. All but Markdown is read by programs: a column of
/// numbers of one unit holds the numbers alone, and the head the unit.
#[must_use]
pub fn table(rows: &[Vec<String>], form: TableForm) -> String {
    let measured;
    let rows = match form {
        TableForm::Csv | TableForm::Text => {
            measured = as_data(rows);
            &measured
        }
        TableForm::Markdown => rows,
    };
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut text = String::new();
    for (place, row) in rows.iter().enumerate() {
        let cells = row.iter().map(String::as_str).chain(std::iter::repeat("")).take(width);
        match form {
            TableForm::Markdown => {
                text.push_str(&format!("| {} |\n", cells.map(quote::markdown).collect::<Vec<_>>().join(" | ")));
                if place == 0 {
                    text.push_str(&format!("|{}\n", " --- |".repeat(width)));
                }
            }
            TableForm::Csv => text.push_str(&format!("{}\r\n", cells.map(quote::csv).collect::<Vec<_>>().join(","))),
            TableForm::Text => text.push_str(&format!("{}\n", cells.map(quote::line).collect::<Vec<_>>().join("\t"))),
        }
    }
    text
}

/// The rows with the columns that hold measures of one unit, or nothing, written as data.
fn as_data(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut data = rows.to_vec();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    for column in 0..width {
        let cells = || rows.iter().skip(1).filter_map(|row| row.get(column)).filter(|cell| !is_gap(cell));
        let Some(unit) = cells().next().and_then(|cell| measure(cell)).map(|(_, unit)| unit) else { continue };
        if !cells().all(|cell| measure(cell).is_some_and(|(_, other)| other == unit)) {
            continue;
        }
        for (place, row) in data.iter_mut().enumerate() {
            let Some(cell) = row.get_mut(column) else { continue };
            match measure(cell) {
                _ if place == 0 && unit.is_empty() => {}
                _ if place == 0 => *cell = format!("{cell} ({unit})"),
                Some((number, _)) => *cell = number,
                None => cell.clear(),
            }
        }
    }
    data
}

/// What stands in a table where there is nothing.
fn is_gap(cell: &str) -> bool {
    matches!(cell.trim(), "" | "-" | "–" | "—")
}

/// A number as people write it, as programs read it, and its unit: a currency before it or a unit behind.
fn measure(cell: &str) -> Option<(String, String)> {
    const CURRENCIES: [(&str, &str); 8] =
        [("US$", "USD"), ("CN¥", "CNY"), ("$", "USD"), ("¥", "CNY"), ("€", "EUR"), ("USD", "USD"), ("CNY", "CNY"), ("EUR", "EUR")];
    let cell = cell.trim();
    let (sign, cell) = cell.strip_prefix(['-', '−']).map_or(("", cell), |rest| ("-", rest));
    let currency = CURRENCIES.iter().find_map(|(before, code)| Some((cell.strip_prefix(before)?, *code)));
    let (number, before) = currency.unwrap_or((cell, ""));
    let number = number.trim_start();
    let end = number.find(|sign: char| !sign.is_ascii_digit() && sign != ',' && sign != '.').unwrap_or(number.len());
    let (digits, unit) = number.split_at_checked(end)?;
    let unit = unit.trim();
    let (whole, _) = digits.split_once('.').unwrap_or((digits, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = (1..=3).contains(&first.len()) && groups.clone().all(|group| group.len() == 3) || groups.next().is_none();
    let alone = before.is_empty() || unit.is_empty();
    let plain = digits.replace(',', "");
    let clear = grouped && alone && !unit.chars().any(char::is_numeric) && plain.parse::<f64>().is_ok();
    clear.then(|| (format!("{sign}{plain}"), if unit.is_empty() { before.to_owned() } else { unit.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_its_cells_apart_in_every_form() {
        let rows: Vec<Vec<String>> = [vec!["Card", "Price"], vec!["A|B, \"C\"\tD"], vec!["RTX 4090", "$1,599"]]
            .map(|row| row.into_iter().map(str::to_owned).collect())
            .to_vec();
        assert_eq!(
            table(&rows, TableForm::Markdown),
            "| Card | Price |\n| --- | --- |\n| A\\|B, \"C\" D |  |\n| RTX 4090 | $1,599 |\n"
        );
        assert_eq!(table(&rows, TableForm::Csv), "Card,Price (USD)\r\n\"A|B, \"\"C\"\"\tD\",\r\nRTX 4090,1599\r\n");
        assert_eq!(table(&rows, TableForm::Text), "Card\tPrice (USD)\nA|B, \"C\" D\t\nRTX 4090\t1599\n");
        assert_eq!(table(&[], TableForm::Csv), "");
    }

    #[test]
    fn csv_is_read_back_as_numbers() {
        let rows: Vec<Vec<String>> = [
            vec!["Card", "Memory", "Price", "Since", "Power", "Speed", "Like"],
            vec!["RTX 3090, used", "24 GiB", "CN¥5,200.50", "2020-09-24", "350 W", "1,234 tokens/s", "4090"],
            vec!["RTX 4060", "8 GiB", "—", "2023-06-29", "115 W", "≈ 60 tokens/s", "70%"],
        ]
        .map(|row| row.into_iter().map(str::to_owned).collect())
        .to_vec();
        let text = table(&rows, TableForm::Csv);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(head, ["Card", "Memory (GiB)", "Price (CNY)", "Since", "Power (W)", "Speed", "Like"]);
        let read: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(read[0].iter().collect::<Vec<_>>()[..5], ["RTX 3090, used", "24", "5200.50", "2020-09-24", "350"]);
        assert_eq!(&read[1][2], "", "no price is an empty cell");
        // What is no number, and what has several units, stays as it was read.
        assert_eq!((&read[0][5], &read[1][5], &read[1][6]), ("1,234 tokens/s", "≈ 60 tokens/s", "70%"));
    }
}
