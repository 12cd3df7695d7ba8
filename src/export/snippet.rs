//! An answer for somebody's article: what to paste, by what the article is written in.

use super::quote;
use crate::request::{Keyword, keyword};
use crate::share::{Field, Link};

keyword!(
    /// What an article is written in.
    Place {
        /// A page that may load the script: the frame is as tall as its content and follows the page's colours.
        Html = "html",
        /// A page that may load no script.
        Frame = "iframe",
        /// Hexo.
        Hexo = "hexo",
        /// Hugo, whose Markdown takes no HTML by default.
        Hugo = "hugo",
        /// WordPress.
        WordPress = "wordpress",
        /// Ghost.
        Ghost = "ghost",
        /// Markdown that takes nothing but pictures and links.
        Markdown = "markdown",
    }
);

impl Place {
    /// What becomes of the height in such an article.
    #[must_use]
    pub const fn height(self) -> Height {
        match self {
            Self::Html | Self::Ghost | Self::Hexo | Self::Hugo => Height::Grows,
            Self::Frame | Self::WordPress => Height::Fixed,
            Self::Markdown => Height::None,
        }
    }
}

/// How tall an answer is in its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Height {
    /// The script makes room for a taller answer.
    Grows,
    /// A frame alone stays as it is written.
    Fixed,
    /// A picture has its own.
    None,
}

/// Pixels of a column that lines are as long in as they get: the text of most blogs. Below it more lines break.
const COLUMN: u32 = 640;
/// Pixels of a column between that and a phone's.
const NARROW_COLUMN: u32 = 480;
/// Pixels of the widest column of a phone (430 of the largest, less margins).
const PHONE: u32 = 400;
/// Pixels below which the column of a phone of 390 pixels is, with margins of 16 pixels a side.
const SMALL_PHONE: u32 = 358;
/// The same of a phone of 360 pixels.
const SMALLEST_PHONE: u32 = 328;

/// The height that is kept free, in pixels: a narrow column breaks more lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// In columns as wide as [`COLUMN`] and more.
    pub wide: u32,
    /// In those of a [`NARROW_COLUMN`].
    pub medium: u32,
    /// In those of a [`PHONE`].
    pub narrow: u32,
    /// In those below a [`SMALL_PHONE`].
    pub narrower: u32,
    /// In those below a [`SMALLEST_PHONE`].
    pub narrowest: u32,
}

impl Room {
    /// Pixels of the columns in which an answer is measured for them: the narrowest in which each height counts, the last that of a
    /// phone of 320 pixels.
    pub const COLUMNS: [u32; 5] = [COLUMN, NARROW_COLUMN, SMALL_PHONE, SMALLEST_PHONE, 288];

    /// Of the heights in those columns.
    #[must_use]
    pub const fn measured([wide, medium, narrow, narrower, narrowest]: [u32; 5]) -> Self {
        Self { wide, medium, narrow, narrower, narrowest }
    }

    /// The same in all columns.
    #[must_use]
    pub const fn of(height: u32) -> Self {
        Self::measured([height; 5])
    }

    /// What each of the narrow columns takes beyond all wider ones.
    fn more(self) -> [u32; 4] {
        let mut kept = self.wide;
        [self.medium, self.narrow, self.narrower, self.narrowest].map(|height| {
            let more = height.saturating_sub(kept);
            kept += more;
            more
        })
    }

    /// What a narrow column takes beyond the height for wide ones, as terms of a length in CSS;
    /// `column` is the width of the column there.
    fn beyond(self, column: &str) -> Vec<String> {
        let grown = |(from, to, more): (u32, u32, u32)| {
            // Rounded up, so that all of it is there at the narrower end.
            let slope = (1000.0 * f64::from(more) / f64::from(from - to)).ceil() / 1000.0;
            (more > 0).then(|| format!("clamp(0px,({from}px - {column})*{slope:.3},{more}px)"))
        };
        let [medium, narrow, narrower, narrowest] = self.more();
        // Evenly from the one width to the other, then at once.
        let ramps = [(COLUMN, NARROW_COLUMN, medium), (NARROW_COLUMN, PHONE, narrow)];
        let steps = [(SMALL_PHONE, SMALL_PHONE - 1, narrower), (SMALLEST_PHONE, SMALLEST_PHONE - 1, narrowest)];
        ramps.into_iter().chain(steps).filter_map(grown).collect()
    }
}

/// What is embedded.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    /// Where the page lies: an address that ends in a slash.
    pub site: String,
    /// The question, with the looks that were chosen, but not yet inside a frame.
    pub link: Link,
    /// Only the answer and what it asks, as every frame shows unless it is told otherwise.
    pub compact: bool,
    /// What the frame is called, and what the link says.
    pub title: String,
    /// What is kept free for it.
    pub room: Room,
    /// Name of the picture's file.
    pub picture: String,
}

/// What to paste.
#[must_use]
pub fn snippet(place: Place, one: &Embedding) -> String {
    match place {
        Place::Html | Place::Ghost => with_script(one),
        Place::Hexo => format!("{{% raw %}}\n{}{{% endraw %}}\n", with_script(one)),
        Place::Frame => frame(one),
        Place::WordPress => format!("<!-- wp:html -->\n{}<!-- /wp:html -->\n", frame(one)),
        Place::Hugo => shortcode(one),
        Place::Markdown => format!("[![{}]({})]({})\n", quote::markdown(&one.title), one.picture, whole(one)),
    }
}

/// The address of the whole answer.
fn whole(one: &Embedding) -> String {
    let link = one.link.clone().without(Field::Embed).without(Field::Compact).without(Field::Theme);
    format!("{}?{}", one.site, link.write())
}

/// A link for readers without scripts or frames.
fn way(one: &Embedding) -> String {
    format!("<a href=\"{}\">{}</a>", quote::xml(&whole(one)), quote::xml(&one.title))
}

fn with_script(one: &Embedding) -> String {
    format!("<script async src=\"{}embed.js\"></script>\n{}\n", quote::xml(&one.site), element(one))
}

/// The element alone, for a page that loads the script already.
#[must_use]
pub fn element(one: &Embedding) -> String {
    format!(
        "<which-card{} height=\"{}\" title=\"{}\" style=\"{}\">{}</which-card>",
        attributes(&formed(one)),
        one.room.wide,
        quote::xml(&one.title),
        kept_free(&one.room.wide.to_string(), &one.room.beyond("100%")),
        way(one)
    )
}

/// Nothing below moves when the script, which the article does not wait for, puts the frame in. A percentage of the padding is one
/// of the column's width; the whole width, since some columns are as wide as what stands in them.
fn kept_free(height: &str, beyond: &[String]) -> String {
    let padding = match beyond {
        [] => String::new(),
        [one] => format!(";box-sizing:content-box;padding-bottom:{one}"),
        several => format!(";box-sizing:content-box;padding-bottom:calc({})", several.join(" + ")),
    };
    format!("display:flow-root;width:100%;min-height:{height}px{padding}")
}

/// The question in the form that was chosen.
fn formed(one: &Embedding) -> Link {
    if one.compact { one.link.clone() } else { one.link.clone().with(Field::Compact, "0") }
}

/// The question in attributes; as a whole where one of its keys already means something else to the element.
fn attributes(link: &Link) -> String {
    if link.get(Field::Link).is_some() {
        return format!(" link=\"{}\"", quote::xml(&link.write()));
    }
    let asked = link.values().map(|(field, text)| format!(" {}=\"{}\"", field.key(), quote::xml(text)));
    format!(" view=\"{}\"{}", link.view().name(), asked.collect::<String>())
}

fn frame(one: &Embedding) -> String {
    let link = formed(one).with(Field::Embed, "1");
    let src = quote::xml(&format!("{}?{}", one.site, link.write()));
    let (title, height) = (quote::xml(&one.title), one.room.wide);
    // A frame is as tall as it is written: in a narrow column it is written taller, by the width of a box around it, of which the
    // height of the frame itself can have no percentage.
    let beyond = one.room.beyond("100cqw");
    let (opens, taller, closes) = match beyond.as_slice() {
        [] => ("", String::new(), ""),
        _ => (
            "<div style=\"width:100%;container-type:inline-size\">",
            format!(";min-height:calc({height}px + {})", beyond.join(" + ")),
            "</div>",
        ),
    };
    format!(
        "{opens}<iframe src=\"{src}\" title=\"{title}\" width=\"100%\" height=\"{height}\" loading=\"lazy\" style=\"border:0{taller}\"></iframe>{closes}\n<p>{}</p>\n",
        way(one)
    )
}

/// A shortcode, made once, and its call.
fn shortcode(one: &Embedding) -> String {
    let site = quote::xml(&one.site);
    // The terms of `Room::beyond`, their numbers filled in by the call.
    let number = |name: &str| format!("{{{{ .Get \"{name}\" | default 0 }}}}");
    let grown = |name: &str, from: u32, to: u32| {
        let more = number(name);
        format!("clamp(0px,({from}px - 100%)/{}*{more},{more}px)", from - to)
    };
    let beyond = [
        grown("medium", COLUMN, NARROW_COLUMN),
        grown("narrow", NARROW_COLUMN, PHONE),
        grown("narrower", SMALL_PHONE, SMALL_PHONE - 1),
        grown("narrowest", SMALLEST_PHONE, SMALLEST_PHONE - 1),
    ];
    let style = kept_free("{{ .Get \"height\" }}", &beyond);
    let [medium, narrow, narrower, narrowest] = one.room.more();
    format!(
        "<!-- layouts/shortcodes/which-card.html -->\n\
         <script async src=\"{site}embed.js\"></script>\n\
         <which-card link=\"{{{{ .Get \"link\" }}}}\" height=\"{{{{ .Get \"height\" }}}}\" title=\"{{{{ .Get \"title\" }}}}\" \
         style=\"{style}\"><a href=\"{{{{ printf \"{site}?%s\" (.Get \"link\") | safeURL }}}}\">{{{{ .Get \"title\" }}}}</a></which-card>\n\n\
         <!-- content/posts/… -->\n\
         {{{{< which-card link=\"{}\" height=\"{}\" medium=\"{medium}\" narrow=\"{narrow}\" narrower=\"{narrower}\" narrowest=\"{narrowest}\" title=`{}` >}}}}\n",
        formed(one).write(),
        one.room.wide,
        quote::line(&one.title).replace('`', "'"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Keyword;
    use crate::share::View;

    fn embedding() -> Embedding {
        Embedding {
            site: "https://example.org/whichcard/".to_owned(),
            link: Link::to(View::Inspect).with(Field::Model, "llama-3-8b").with(Field::Card, "a\"b<c&d"),
            compact: true,
            title: "Does \"it\" <fit>?".to_owned(),
            room: Room::measured([412, 432, 612, 650, 645]),
            picture: "whichcard-inspect.svg".to_owned(),
        }
    }

    #[test]
    fn every_place_leads_to_the_answer_and_nothing_escapes_its_quotes() {
        for place in Place::ALL {
            let text = snippet(*place, &embedding());
            assert!(text.contains("https://example.org/whichcard/"), "{place:?}: {text}");
            assert!(text.contains("llama-3-8b"), "{place:?}: {text}");
            assert!(!text.contains("a\"b") && !text.contains("b<c"), "{place:?}: {text}");
        }
    }

    #[test]
    fn the_element_keeps_its_height_free_and_holds_a_link() {
        let text = snippet(Place::Html, &embedding());
        assert!(
            text.contains("<which-card view=\"inspect\" model=\"llama-3-8b\" card=\"a&quot;b&lt;c&amp;d\" height=\"412\""),
            "{text}"
        );
        let kept = "min-height:412px;box-sizing:content-box;padding-bottom:calc(clamp(0px,(640px - 100%)*0.125,20px) + clamp(0px,(480px - 100%)*2.250,180px) + clamp(0px,(358px - 100%)*38.000,38px))";
        assert!(text.contains(&format!(" style=\"display:flow-root;width:100%;{kept}\">")), "{text}");
        let smallest = element(&Embedding { room: Room::measured([412, 400, 400, 400, 430]), ..embedding() });
        assert!(smallest.contains("padding-bottom:clamp(0px,(328px - 100%)*18.000,18px)\">"), "{smallest}");
        let same = element(&Embedding { room: Room::of(412), ..embedding() });
        assert!(same.contains("min-height:412px\">"), "{same}");
        assert!(
            text.contains(
                "<a href=\"https://example.org/whichcard/?v=1&amp;view=inspect&amp;model=llama-3-8b&amp;card=a%22b%3Cc%26d\">"
            ),
            "{text}"
        );
    }

    #[test]
    fn a_key_that_means_something_else_to_the_element_travels_in_the_whole() {
        let one = Embedding { link: Link::to(View::Inspect).with(Field::Link, "nvlink"), ..embedding() };
        assert!(snippet(Place::Html, &one).contains("<which-card link=\"v=1&amp;view=inspect&amp;link=nvlink\""));
    }

    #[test]
    fn a_frame_is_compact_and_the_link_beside_it_is_not() {
        let text = snippet(Place::WordPress, &embedding());
        let (frame, link) = text.split_once("</iframe>").unwrap_or_default();
        assert!(frame.contains("embed=1") && !frame.contains("compact") && !link.contains("embed=1"), "{text}");
        assert!(text.starts_with("<!-- wp:html -->\n<div"));
    }

    #[test]
    fn a_frame_grows_by_the_width_of_its_column_where_a_narrow_one_takes_more() {
        let text = snippet(Place::Frame, &embedding());
        assert!(text.starts_with("<div style=\"width:100%;container-type:inline-size\"><iframe "), "{text}");
        assert!(text.contains("min-height:calc(412px + clamp(0px,(640px - 100cqw)*0.125,20px) + clamp("), "{text}");
        let same = snippet(Place::Frame, &Embedding { room: Room::of(412), ..embedding() });
        assert!(same.starts_with("<iframe") && !same.contains("cqw"), "{same}");
    }

    #[test]
    fn the_whole_page_is_asked_for_wherever_it_is_framed() {
        for place in Place::ALL {
            let text = snippet(*place, &Embedding { compact: false, ..embedding() });
            let framed = place.height() != Height::None;
            assert_eq!(text.contains("compact=\"0\"") || text.contains("compact=0"), framed, "{place:?}: {text}");
            assert!(!whole(&Embedding { compact: false, ..embedding() }).contains("compact"));
        }
    }

    #[test]
    fn only_where_the_script_is_a_taller_answer_makes_room() {
        for place in Place::ALL {
            let text = snippet(*place, &embedding());
            let expected = match (text.contains("embed.js"), text.contains("<iframe")) {
                (true, _) => Height::Grows,
                (false, true) => Height::Fixed,
                (false, false) => Height::None,
            };
            assert_eq!(place.height(), expected, "{place:?}: {text}");
        }
    }

    #[test]
    fn hugo_gets_a_shortcode_and_its_call() {
        let text = snippet(Place::Hugo, &embedding());
        assert!(text.contains("{{ .Get \"link\" }}"), "{text}");
        assert!(
            text.contains(
                "{{< which-card link=\"v=1&view=inspect&model=llama-3-8b&card=a%22b%3Cc%26d\" height=\"412\" medium=\"20\" narrow=\"180\" narrower=\"38\" narrowest=\"0\" title=`"
            ),
            "{text}"
        );
    }
}
