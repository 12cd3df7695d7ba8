//! A table of the page as text for elsewhere.

use super::quote;

/// What a table is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// Markdown, as forums and notes take it.
    Markdown,
    /// CSV (RFC 4180).
    Csv,
    /// Cells between tabs: for chats, and for spreadsheets that are pasted into.
    Text,
}

/// Writes a table; the first row is its head, and short rows are filled up.
#[must_use]
pub fn table(rows: &[Vec<String>], form: TableForm) -> String {
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
        assert_eq!(table(&rows, TableForm::Csv), "Card,Price\r\n\"A|B, \"\"C\"\"\tD\",\r\nRTX 4090,\"$1,599\"\r\n");
        assert_eq!(table(&rows, TableForm::Text), "Card\tPrice\nA|B, \"C\" D\t\nRTX 4090\t$1,599\n");
        assert_eq!(table(&[], TableForm::Csv), "");
    }
}
