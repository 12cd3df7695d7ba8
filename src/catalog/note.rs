//! What is said for people, in English alone or in several languages.

use crate::document::{Blank, Entries, Read, Reader, Wrong};
use crate::text::Lang;
use serde::Serialize;
use serde_json::Value;

/// A remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Note {
    /// In English.
    English(String),
    /// By the tags of languages, English among them: `{ "en": "...", "zh-CN": "..." }`.
    ByLanguage(#[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeMap<String, String>"))] Entries<String>),
}

impl Note {
    /// What it says to readers of a language: in that, or else in English.
    #[must_use]
    pub fn said(&self, lang: Lang) -> Option<(Lang, &str)> {
        let in_language = |lang: Lang| match self {
            Self::English(text) => (lang == Lang::default()).then_some((lang, text.as_str())),
            Self::ByLanguage(texts) => texts.get(lang.tag()).map(|text| (lang, text.as_str())),
        };
        in_language(lang).or_else(|| in_language(Lang::default()))
    }
}

impl Read for Note {
    fn fill(&mut self, value: &Value, reader: &mut Reader) {
        *self = match value {
            Value::String(text) => Self::English(text.clone()),
            Value::Object(_) => Self::ByLanguage(reader.filled(value)),
            _ => return reader.fault(value, Wrong::Kind("a text, or an object of texts by language")),
        };
    }
}

impl Blank for Note {
    fn blank() -> Self {
        Self::English(String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;
    use serde_json::json;

    #[test]
    fn readers_get_their_language_or_english() {
        let said = |value: Value, lang| read::<Note>(&value).unwrap().said(lang).map(|(lang, text)| (lang, text.to_owned()));
        let both = json!({ "en": "no NVLink", "zh-CN": "没有 NVLink" });
        assert_eq!(said(both.clone(), Lang::En), Some((Lang::En, "no NVLink".to_owned())));
        assert_eq!(said(both, Lang::ZhCn), Some((Lang::ZhCn, "没有 NVLink".to_owned())));
        for one in [json!("no NVLink"), json!({ "en": "no NVLink" })] {
            assert_eq!(said(one, Lang::ZhCn), Some((Lang::En, "no NVLink".to_owned())));
        }
        for wrong in [json!(3), json!(["no NVLink"]), json!({ "en": 3 })] {
            assert!(read::<Note>(&wrong).is_err(), "{wrong}");
        }
    }
}
