//! Words that people type beside numbers, in all languages of the page together: whoever reads one may write another. Made from the heads
//! of `locales/*.yml` (`build/language.rs`), which say what each list holds.

use crate::units::{Currency, HOURS_PER_MONTH};

const MINUTE: f64 = 1.0 / 60.0;
const DAY: f64 = 24.0;
const WEEK: f64 = 168.0;
const MONTH: f64 = HOURS_PER_MONTH;
const YEAR: f64 = 12.0 * HOURS_PER_MONTH;

include!(concat!(env!("OUT_DIR"), "/typed.rs"));
