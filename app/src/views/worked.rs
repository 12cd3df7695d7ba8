//! A setup with its estimate: what sheets, files and the machine around the cards are made from.

use whichcard::estimate::{Estimate, Figures};
use whichcard::request::Setup;

/// A setup, worked out.
pub struct Worked {
    /// What is asked, complete.
    pub setup: Setup,
    /// The answer.
    pub estimate: Estimate,
}

impl PartialEq for Worked {
    /// One is made for each question, so another place is another question.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Worked {
    /// The figures without the words.
    pub fn figures(&self) -> Figures {
        let Estimate { memory, time, energy, confidence, .. } = self.estimate;
        Figures { memory, time, energy, confidence }
    }
}
