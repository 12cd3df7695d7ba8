//! An answer as a picture for places that allow no more: bars with their names and values, as SVG that follows the reader's
//! colours.
//!
//! SVG breaks no lines, so widths of text are guessed from its letters, on the wide side.

use super::quote;
use std::fmt::Write as _;

/// Width of the picture; articles scale it to their column.
const WIDTH: f64 = 640.0;
const MARGIN: f64 = 20.0;
const INNER: f64 = WIDTH - 2.0 * MARGIN;
/// Height of a bar.
const BAR: f64 = 14.0;

/// A colour by what it stands for, on light and on dark ground; the same as on the page (a test compares).
pub const INKS: [(&str, &str, &str); 10] = [
    ("weights", "#2f6f8f", "#5ba3c4"),
    ("gradients", "#7a5ea8", "#a68bd4"),
    ("optimizer", "#b0558a", "#d985b4"),
    ("activations", "#cf7a35", "#e59c5e"),
    ("logits", "#b59a2a", "#d4bd57"),
    ("kv-cache", "#2c9384", "#56bfae"),
    ("workspace", "#8b9098", "#868e97"),
    ("communication", "#5d6b86", "#8c9bb8"),
    ("context", "#b3b1a8", "#5f676e"),
    ("accent", "#0b5a70", "#6cc5dd"),
];

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// The answer.
    pub title: String,
    /// What it answers.
    pub note: String,
    /// Bars, the first at the top.
    pub bars: Vec<Bar>,
    /// Names of the colours that occur.
    pub legend: Vec<(&'static str, String)>,
    /// Where it is from.
    pub foot: String,
}

/// A bar with its name and value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bar {
    /// On the left.
    pub name: String,
    /// On the right.
    pub value: String,
    /// Colours and shares of the width, laid end to end; none where there is nothing to measure.
    pub parts: Vec<(&'static str, f64)>,
    /// Share of the width at which what there is ends.
    pub end: Option<f64>,
}

/// Draws it.
#[must_use]
pub fn draw(picture: &Picture) -> String {
    let mut pen = Pen { marks: String::new(), down: MARGIN };
    pen.lines(&picture.title, "t", 20.0, 27.0);
    pen.down += 2.0;
    pen.lines(&picture.note, "q", 14.0, 20.0);
    pen.down += 8.0;
    for bar in &picture.bars {
        pen.bar(bar);
    }
    pen.legend(&picture.legend);
    pen.down += 4.0;
    pen.lines(&picture.foot, "f", 12.0, 16.0);
    let height = whole(pen.down + MARGIN);
    let title = quote::xml(&picture.title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {height}\" width=\"{w}\" height=\"{height}\" role=\"img\">\
         <title>{title}</title><style>{}</style><rect width=\"{w}\" height=\"{height}\" rx=\"8\" class=\"ground\"/>{}</svg>\n",
        style(),
        pen.marks,
        w = whole(WIDTH),
    )
}

fn style() -> String {
    let mut light = String::new();
    let mut dark = String::new();
    for (name, day, night) in INKS {
        // Writing to a String cannot fail.
        let _ = write!(light, ".{name}{{fill:{day}}}");
        let _ = write!(dark, ".{name}{{fill:{night}}}");
    }
    format!(
        "text{{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif}}\
         .ground{{fill:#fffefb}}.t,.n{{fill:#1d2429;font-weight:650}}.q,.f{{fill:#575d5f}}.well{{fill:#eeece5}}.end{{fill:#1d2429}}.over{{fill:#a92d22}}{light}\
         @media(prefers-color-scheme:dark){{.ground{{fill:#1b1f23}}.t,.n{{fill:#e8eaec}}.q,.f{{fill:#a4adb5}}.well{{fill:#101315}}.end{{fill:#e8eaec}}.over{{fill:#ff9a8b}}{dark}}}"
    )
}

/// Where the next mark goes.
struct Pen {
    marks: String,
    down: f64,
}

impl Pen {
    fn text(&mut self, left: f64, class: &str, size: f64, end: bool, text: &str) {
        let anchor = if end { " text-anchor=\"end\"" } else { "" };
        let (x, y, size) = (whole(left), whole(self.down), whole(size));
        let _ = write!(
            self.marks,
            "<text x=\"{x}\" y=\"{y}\" class=\"{class}\" font-size=\"{size}\"{anchor}>{}</text>",
            quote::xml(text)
        );
    }

    /// Text in as many lines as it takes.
    fn lines(&mut self, text: &str, class: &str, size: f64, leading: f64) {
        for line in broken(text, INNER / size) {
            self.down += leading;
            self.text(MARGIN, class, size, false, &line);
        }
    }

    fn block(&mut self, left: f64, width: f64, height: f64, class: &str) {
        let (x, y, width, height) = (whole(left), whole(self.down), whole(width), whole(height));
        let _ = write!(self.marks, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" class=\"{class}\"/>");
    }

    fn bar(&mut self, bar: &Bar) {
        self.down += 22.0;
        self.text(MARGIN, "n", 14.0, false, &bar.name);
        // A value that has no room beside the name takes the next line.
        if width(&bar.name) * 14.0 + width(&bar.value) * 13.0 > INNER - 16.0 {
            self.down += 19.0;
        }
        self.text(WIDTH - MARGIN, "q", 13.0, true, &bar.value);
        if bar.parts.is_empty() {
            self.down += 4.0;
            return;
        }
        self.down += 7.0;
        let end = bar.end.unwrap_or(1.0).clamp(0.0, 1.0);
        self.block(MARGIN, INNER * end, BAR, "well");
        let mut left: f64 = 0.0;
        for (ink, share) in &bar.parts {
            let right = (left + share.max(0.0)).min(1.0);
            self.block(MARGIN + INNER * left, INNER * (right - left), BAR, ink);
            left = right;
        }
        if bar.end.is_some() {
            self.down -= 2.0;
            self.block(MARGIN + INNER * end - 1.0, 3.0, BAR + 4.0, if left > end { "over" } else { "end" });
            self.down += 2.0;
        }
        self.down += BAR + 4.0;
    }

    fn legend(&mut self, names: &[(&'static str, String)]) {
        let mut left = MARGIN;
        if !names.is_empty() {
            self.down += 22.0;
        }
        for (ink, name) in names {
            let room = 18.0 + width(name) * 12.0 + 14.0;
            if left + room > WIDTH - MARGIN && left > MARGIN {
                left = MARGIN;
                self.down += 19.0;
            }
            self.down -= 10.0;
            self.block(left, 11.0, 11.0, ink);
            self.down += 10.0;
            self.text(left + 17.0, "q", 12.0, false, name);
            left += room;
        }
    }
}

/// A width in ems.
fn width(text: &str) -> f64 {
    text.chars().map(letter).sum()
}

fn letter(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')' | ' ' => 0.32,
        'm' | 'w' | 'M' | 'W' => 0.9,
        'A'..='Z' => 0.7,
        // Chinese, Japanese, Korean and full-width signs.
        '\u{2e80}'..='\u{ffff}' => 1.0,
        _ => 0.58,
    }
}

/// Lines of at most that many ems: broken at spaces, and between the signs of a language without them.
fn broken(text: &str, most: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut word = String::new();
    let mut take = |line: &mut String, word: &mut String| {
        if !line.trim().is_empty() && width(line) + width(word.trim_end()) > most {
            lines.push(std::mem::take(line).trim().to_owned());
        }
        line.push_str(word);
        word.clear();
    };
    for sign in text.chars() {
        word.push(sign);
        // A sign of punctuation stays with what is before it.
        let breaks = sign == ' ' || (letter(sign) >= 1.0 && !"，。、；：）”（“".contains(sign));
        if breaks {
            take(&mut line, &mut word);
        }
    }
    take(&mut line, &mut word);
    lines.push(line.trim().to_owned());
    lines.retain(|line| !line.is_empty());
    lines
}

/// Whole pixels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place on a picture")]
fn whole(place: f64) -> u32 {
    place.clamp(0.0, 1e5).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Picture {
        Picture {
            title: "GeForce RTX 4090 <fits> & more".to_owned(),
            note: "QLoRA 微调 Llama 3 8B，每条 2048 个词元，用一张显卡就能完成，不必另外租用任何机器，也不必再买第二张显卡来分担。"
                .to_owned(),
            bars: vec![
                Bar {
                    name: "A".to_owned(),
                    value: "9 of 24 GiB".to_owned(),
                    parts: vec![("weights", 0.3), ("logits", 0.9)],
                    end: Some(0.8),
                },
                Bar { name: "B".repeat(40), value: "long".repeat(20), parts: Vec::new(), end: None },
            ],
            legend: vec![("weights", "Weights".to_owned()); 12],
            foot: "Whichcard".to_owned(),
        }
    }

    #[test]
    fn it_is_closed_and_says_everything() {
        let svg = draw(&picture());
        assert!(svg.contains("&lt;fits&gt; &amp; more") && svg.contains("不必另外") && svg.contains("9 of 24 GiB"), "{svg}");
        for tag in ["svg", "text", "title", "style"] {
            assert_eq!(svg.matches(&format!("<{tag}")).count(), svg.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        assert!(svg.contains("class=\"over\""));
    }

    #[test]
    fn bars_stay_inside() {
        let svg = draw(&picture());
        for piece in svg.split("<rect x=\"").skip(1) {
            let number = |text: &str| text.split('"').next().unwrap_or_default().parse::<f64>().unwrap();
            let (left, wide) = (number(piece), number(piece.split("width=\"").nth(1).unwrap_or_default()));
            assert!(left + wide <= WIDTH - MARGIN + 3.0, "{piece}");
        }
    }

    #[test]
    fn long_text_is_broken_in_both_scripts() {
        let chinese = broken(&picture().note, 20.0);
        assert!(chinese.len() >= 3 && chinese.iter().all(|line| width(line) <= 22.0), "{chinese:?}");
        assert_eq!(chinese.concat(), picture().note.replace("  ", " "));
        assert_eq!(broken("one two three", 4.5), ["one two", "three"]);
        assert_eq!(broken("", 10.0), Vec::<String>::new());
    }

    #[test]
    fn colours_are_those_of_the_page() {
        let sheet = include_str!("../../web/style/page.css");
        for (name, day, night) in INKS {
            assert!(sheet.contains(&format!("--{name}: light-dark({day}, {night});")), "{name}");
        }
    }
}
