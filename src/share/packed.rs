//! A link inside a link: the fields of a setup as one value, readable where it can be: `model:llama-3-8b,job:qlora,card:a40`.

use super::{Field, Link, View, decode, encode};

impl Link {
    /// The fields as one text, which may stand in a list between slashes.
    #[must_use]
    pub fn pack(&self) -> String {
        self.values().map(|(field, text)| format!("{}:{}", field.key(), escaped(text))).collect::<Vec<_>>().join(",")
    }

    /// Reads what [`Link::pack`] wrote, as a link to a view; what nobody reads is left out.
    #[must_use]
    pub fn unpack(packed: &str, view: View) -> Self {
        packed.split(',').filter_map(|pair| pair.split_once(':')).fold(Self::to(view), |link, (key, text)| {
            match Field::from_key(key) {
                Some(field) => link.with(field, decode(text)),
                None => link,
            }
        })
    }
}

/// A value without the signs that part values from each other.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    encode(text, &mut escaped);
    escaped.replace(':', "%3A").replace(',', "%2C").replace('/', "%2F")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_setup_can_be_read_by_people_and_comes_back() {
        let link = Link::read("view=inspect&model=llama-3-8b&job=qlora&card=a40&seq=8k");
        assert_eq!(link.pack(), "model:llama-3-8b,job:qlora,seq:8k,card:a40");
        assert_eq!(Link::unpack(&link.pack(), View::Inspect), link);
    }

    #[test]
    fn any_value_survives_and_nothing_parts_it() {
        let link = Link::to(View::Inspect).with(Field::Config, r#"{"a": [1, 2], "é/":"%2F+&="}"#).with(Field::Model, "config");
        let packed = link.pack();
        assert!(!packed.contains('/'), "{packed}");
        assert_eq!(Link::unpack(&packed, View::Inspect), link);
        let outer = Link::to(View::Compare).with(Field::Setups, format!("{packed}/{packed}"));
        assert_eq!(Link::read(&outer.write()).get(Field::Setups), outer.get(Field::Setups));
    }

    #[test]
    fn nonsense_is_an_empty_setup() {
        for text in ["", ",,,", "nothing", "unknown:1", ":", "💥/"] {
            assert_eq!(Link::unpack(text, View::Inspect), Link::to(View::Inspect), "{text}");
        }
    }
}
