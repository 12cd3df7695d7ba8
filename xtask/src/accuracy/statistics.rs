//! Errors of many comparisons in a few numbers.

/// Number, median and 90th percentile of the absolute error, and median signed error.
#[derive(Clone, Copy, Debug, Default)]
pub struct Summary {
    pub count: usize,
    pub median: f64,
    pub p90: f64,
    pub bias: f64,
}

impl Summary {
    /// Of signed relative errors.
    pub fn of(errors: &[f64]) -> Self {
        let absolute: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        Self { count: errors.len(), median: quantile(&absolute, 0.5), p90: quantile(&absolute, 0.9), bias: quantile(errors, 0.5) }
    }
}

/// Linear between the two nearest values; zero of nothing.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let position = share * last as f64;
    let (low, high) = (position.floor() as usize, position.ceil() as usize);
    match (sorted.get(low), sorted.get(high)) {
        (Some(low_value), Some(high_value)) => low_value + (high_value - low_value) * (position - low as f64),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries() {
        let summary = Summary::of(&[-0.1, 0.2, 0.3, -0.4, 0.0]);
        assert_eq!(summary.count, 5);
        assert!((summary.median - 0.2).abs() < 1e-12);
        assert!((summary.p90 - 0.36).abs() < 1e-12);
        assert_eq!(summary.bias, 0.0);
        assert_eq!(Summary::of(&[]).median, 0.0);
    }
}
