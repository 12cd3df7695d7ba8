//! Energy of the job.

use super::{Energy, Time};
use crate::request::Setup;
use crate::units::{Joules, Watts};

/// Energy of the cards and at the wall.
#[must_use]
pub fn energy(_setup: &Setup, _time: &Time) -> Energy {
    Energy { average_watts: Watts::ZERO, joules: Joules::ZERO, wall_joules: Joules::ZERO, co2_grams: None }
}
