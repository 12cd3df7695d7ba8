//! How far estimates are from measurements, in a few numbers.

use crate::units::real;

/// Number of comparisons, median and 90th percentile of the absolute relative error, and median signed relative error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deviation {
    /// Comparisons.
    pub count: usize,
    /// Half of the absolute errors are below.
    pub median: f64,
    /// Nine in ten of the absolute errors are below.
    pub p90: f64,
    /// Half of the signed errors are below: above zero, estimates are too high.
    pub bias: f64,
}

impl Deviation {
    /// Of relative errors, estimate over measurement less one; `None` of none.
    #[must_use]
    pub fn of(errors: &[f64]) -> Option<Self> {
        let sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        Some(Self {
            count: errors.len(),
            median: quantile(&sizes, 0.5)?,
            p90: quantile(&sizes, 0.9)?,
            bias: quantile(errors, 0.5)?,
        })
    }
}

/// Linear between the two nearest values; `None` of none.
#[must_use]
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let position = share.clamp(0.0, 1.0) * real(u64::try_from(sorted.len().checked_sub(1)?).ok()?);
    let above = sorted.iter().zip(0_u32..).position(|(_, place)| f64::from(place) >= position)?;
    let (high, low) = (*sorted.get(above)?, *sorted.get(above.saturating_sub(1))?);
    let before = position.fract();
    Some(if before > 0.0 { low + (high - low) * before } else { high })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_in_a_few_numbers() {
        let deviation = Deviation::of(&[-0.1, 0.2, 0.3, -0.4, 0.0]).expect("there are errors");
        assert_eq!((deviation.count, deviation.bias), (5, 0.0));
        assert!((deviation.median - 0.2).abs() < 1e-12 && (deviation.p90 - 0.36).abs() < 1e-12);
        assert_eq!(Deviation::of(&[]), None);
        assert_eq!(Deviation::of(&[0.5]), Some(Deviation { count: 1, median: 0.5, p90: 0.5, bias: 0.5 }));
    }

    #[test]
    fn quantiles_lie_between_the_nearest_values() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.25), Some(1.5));
        assert_eq!((quantile(&[3.0, 1.0], 0.0), quantile(&[3.0, 1.0], 1.0)), (Some(1.0), Some(3.0)));
    }
}
