//! The questions and the parts their answers are made of.

mod advise;
mod answer;
mod card;
mod changes;
mod choose;
mod curve;
mod detect;
mod figures;
mod inspect;
mod job;
mod lasting;
mod limits;
mod machine;
mod memory_bar;
mod money;
mod question;
mod reasons;
mod recipe;
mod report;
mod rig;
mod scratch;
mod setup_form;
mod sheet;
mod take;
mod taken;
mod verdict;
mod warnings;
mod worked;
mod working;

pub use advise::Advise;
pub use card::CardView;
pub use detect::KEPT_CARD;
pub use inspect::Inspect;
pub use scratch::Scratch;
