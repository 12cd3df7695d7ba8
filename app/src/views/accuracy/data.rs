//! The comparisons of `accuracy.json`, fetched when the view opens.

use crate::browser;
use serde_json::Value;
use std::rc::Rc;
use yew::prelude::*;

/// Where they lie.
pub const ADDRESS: &str = "./accuracy.json";

/// What was predicted and what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Places in the lists of [`Data`].
    pub quantity: usize,
    pub job: usize,
    pub card: usize,
    pub model: usize,
    pub source: usize,
    pub predicted: f64,
    pub measured: f64,
    /// The range that the estimate came with.
    pub range: Option<(f64, f64)>,
    /// What factors predict that were fitted without this source.
    pub unseen: Option<f64>,
    /// Whether the measurement lies in the range that comes with that.
    pub unseen_inside: Option<bool>,
}

impl Comparison {
    /// Relative error: above zero the prediction is larger.
    pub fn error(&self) -> f64 {
        self.predicted / self.measured - 1.0
    }

    /// Whether the measurement lies in the range.
    pub fn inside(&self) -> Option<bool> {
        self.range.map(|(low, high)| (low..=high).contains(&self.measured))
    }
}

/// All comparisons.
#[derive(Debug, Default)]
pub struct Data {
    /// Titles and addresses.
    pub sources: Vec<(String, String)>,
    /// What was measured, and its unit.
    pub quantities: Vec<(String, String)>,
    pub jobs: Vec<String>,
    /// Ids of the catalogue.
    pub cards: Vec<String>,
    /// Names and numbers of parameters; none where no model ran.
    pub models: Vec<(String, u64)>,
    pub comparisons: Vec<Comparison>,
}

impl Data {
    /// Reads the file; `None` where it is not one.
    pub fn read(text: &str) -> Option<Self> {
        let file: Value = whichcard::document::parse(text).ok()?;
        let list = |key: &str| file.get(key)?.as_array();
        let word = |value: &Value| value.as_str().map(str::to_owned);
        let words = |key: &str| list(key)?.iter().map(word).collect::<Option<Vec<String>>>();
        let pairs = |key: &str| {
            let pair = |value: &Value| Some((word(value.get(0)?)?, word(value.get(1)?)?));
            list(key)?.iter().map(pair).collect::<Option<Vec<_>>>()
        };
        let model = |value: &Value| Some((word(value.get(0)?)?, value.get(1)?.as_u64()?));
        Some(Self {
            sources: pairs("sources")?,
            quantities: pairs("quantities")?,
            jobs: words("jobs")?,
            cards: words("cards")?,
            models: list("models")?.iter().map(model).collect::<Option<_>>()?,
            comparisons: list("points")?.iter().map(comparison).collect::<Option<_>>()?,
        })
    }
}

/// One row of numbers.
fn comparison(row: &Value) -> Option<Comparison> {
    let place = |column: usize| row.get(column)?.as_u64().and_then(|place| usize::try_from(place).ok());
    let number = |column: usize| row.get(column)?.as_f64().filter(|value| *value > 0.0);
    Some(Comparison {
        quantity: place(0)?,
        job: place(1)?,
        card: place(2)?,
        model: place(3)?,
        source: place(4)?,
        predicted: number(5)?,
        measured: number(6)?,
        range: number(7).zip(number(8)),
        unseen: number(9),
        unseen_inside: row.get(10).and_then(Value::as_u64).map(|inside| inside == 1),
    })
}

/// How far loading got.
#[derive(Clone)]
pub enum Loading {
    Waiting,
    Ready(Rc<Data>),
    /// Why not; empty where it is there and cannot be read.
    Failed(String),
}

/// Fetches the comparisons, and again each time `attempt` changes.
#[hook]
pub fn use_comparisons(attempt: u32) -> Loading {
    let loading = use_state(|| Loading::Waiting);
    use_effect_with(attempt, {
        let loading = loading.clone();
        move |_| {
            wasm_bindgen_futures::spawn_local(async move {
                loading.set(match browser::fetch(ADDRESS).await {
                    Ok(text) => {
                        Data::read(&text).map_or_else(|| Loading::Failed(String::new()), |data| Loading::Ready(Rc::new(data)))
                    }
                    Err(why) => Loading::Failed(why),
                });
            });
        }
    });
    (*loading).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_the_page_is_read() {
        let data = Data::read(include_str!("../../../../web/accuracy.json")).expect("it is as its description says");
        assert!(data.comparisons.len() > 1000);
        for one in &data.comparisons {
            assert!(one.error().is_finite());
            assert!(data.quantities.len() > one.quantity && data.jobs.len() > one.job && data.cards.len() > one.card);
            assert!(data.models.len() > one.model && data.sources.len() > one.source);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "{}", "[]", r#"{"sources":[["a"]],"quantities":[],"jobs":[],"cards":[],"models":[],"points":[]}"#] {
            assert!(Data::read(text).is_none(), "{text}");
        }
        let row = r#"{"sources":[],"quantities":[],"jobs":[],"cards":[],"models":[],"points":[[0,0,0,0,0,1,0,null,null,null]]}"#;
        assert!(Data::read(row).is_none(), "nothing is measured as nothing");
    }
}
