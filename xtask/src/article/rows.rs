//! Tables of the article: each cell says what column it is of, so that a phone can show a row as a list.

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

/// Writes tables into a stream of events. What is shown as a list is no table to a screen reader, so each part says what it is.
#[derive(Default)]
pub struct Rows {
    aligned: Vec<Alignment>,
    titles: Vec<String>,
    in_head: bool,
    column: usize,
}

impl Rows {
    /// The event, or what stands for it where it is of a table.
    pub fn labelled<'text>(&mut self, event: Event<'text>) -> Event<'text> {
        let html = match event {
            Event::Start(Tag::Table(aligned)) => {
                *self = Self { aligned, ..Self::default() };
                "<table role=\"table\">".to_owned()
            }
            Event::Start(Tag::TableHead) => {
                self.in_head = true;
                "<thead role=\"rowgroup\"><tr role=\"row\">".to_owned()
            }
            Event::Start(Tag::TableRow) => {
                self.column = 0;
                "<tr role=\"row\">".to_owned()
            }
            Event::Start(Tag::TableCell) => self.opened(),
            Event::End(TagEnd::TableCell) => self.closed(),
            Event::End(TagEnd::TableRow) => "</tr>\n".to_owned(),
            Event::End(TagEnd::TableHead) => {
                self.in_head = false;
                "</tr></thead>\n<tbody role=\"rowgroup\">\n".to_owned()
            }
            Event::End(TagEnd::Table) => "</tbody></table>\n".to_owned(),
            Event::Text(text) => {
                if let Some(title) = self.titles.last_mut().filter(|_| self.in_head) {
                    title.push_str(&text);
                }
                return Event::Text(text);
            }
            other => return other,
        };
        Event::Html(html.into())
    }

    fn opened(&mut self) -> String {
        let numbers = matches!(self.aligned.get(self.column), Some(Alignment::Right));
        let class = if numbers { " class=\"number\"" } else { "" };
        if self.in_head {
            self.titles.push(String::new());
            return format!("<th role=\"columnheader\"{class}>");
        }
        let title = self.titles.get(self.column).map_or("", String::as_str);
        format!("<td role=\"cell\"{class} data-label=\"{}\"><span>", title.replace('&', "&amp;").replace('"', "&quot;"))
    }

    fn closed(&mut self) -> String {
        self.column += 1;
        if self.in_head { "</th>" } else { "</span></td>" }.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulldown_cmark::{Options, Parser, html};

    #[test]
    fn each_cell_says_its_column() {
        let mut rows = Rows::default();
        let mut page = String::new();
        let text = "A | \"B\" *b*\n--- | ---:\n[x](y) | 1\nz | 2\n\nafter";
        html::push_html(&mut page, Parser::new_ext(text, Options::ENABLE_TABLES).map(|event| rows.labelled(event)));
        assert!(page.contains("<th role=\"columnheader\">A</th><th role=\"columnheader\" class=\"number\">"), "{page}");
        assert!(page.contains("<td role=\"cell\" data-label=\"A\"><span><a href=\"y\">x</a></span></td>"), "{page}");
        assert!(
            page.contains("<td role=\"cell\" class=\"number\" data-label=\"&quot;B&quot; b\"><span>2</span></td></tr>"),
            "{page}"
        );
        assert!(page.contains("</tbody></table>\n<p>after</p>"), "{page}");
    }
}
