//! Robust regularised least squares in log space, through the engine itself.

use super::factors::Factor;
use super::file::{Calibration, Tables};
use super::section::Section;
use super::solve::solve;
use crate::accuracy::Case;
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use whichcard::estimate::quantile;

/// Step of the logarithm of a factor when its influence is measured.
const STEP: f64 = 0.02;
/// Most a factor may change in one iteration, as a logarithm.
const STRIDE: f64 = 0.4;
/// Residual (as a logarithm) beyond which a measurement counts less and less.
const TOLERANCE: f64 = 0.15;

/// A fit of the factors of one section to some measurements.
pub struct Fit<'a> {
    pub cases: Vec<&'a Case>,
    base: Calibration,
    factors: Vec<Factor>,
}

/// How far the logarithm of a factor moves before its influence is measured again.
const MOVED: f64 = 0.05;

/// The result of a fit.
#[derive(Clone)]
pub struct Fitted {
    /// Logarithms of the factors, in the order of the section.
    pub logs: Vec<f64>,
    /// Residual of every case.
    pub residuals: Vec<f64>,
    /// Influence of every factor on every case.
    pub influence: Vec<Vec<f64>>,
}

impl<'a> Fit<'a> {
    /// Prepares a fit from the table as a start; only cases that the section's factors decide take part.
    pub fn new(base: &Calibration, cases: &'a [Case], section: Section) -> Result<Self> {
        let tables = base.tables()?;
        let cases = cases.iter().filter(|case| section.decides(case, &tables)).collect();
        Ok(Self { cases, base: base.clone(), factors: section.factors(base)? })
    }

    /// The factors that are fitted.
    pub fn factors(&self) -> &[Factor] {
        &self.factors
    }

    /// The start: every factor where it is expected, so that the result does not depend on the table as it is.
    fn start(&self) -> Vec<f64> {
        self.factors.iter().map(|factor| factor.center.ln()).collect()
    }

    /// The table with these factors in place.
    pub fn values(&self, logs: &[f64]) -> Calibration {
        let mut table = self.base.clone();
        for (factor, log) in self.factors.iter().zip(logs) {
            if let Some(value) = table.whole.pointer_mut(&format!("{}/value", factor.pointer)) {
                // As many digits as a double keeps through a logarithm.
                *value = json!(format!("{:.11e}", log.exp()).parse::<f64>().unwrap_or(1.0));
            }
        }
        table
    }

    /// The table with these factors to the digits that are written.
    pub fn rounded(&self, logs: &[f64]) -> Calibration {
        self.values(&logs.iter().map(|log| rounded(log.exp()).ln()).collect::<Vec<_>>())
    }

    fn tables(&self, logs: &[f64]) -> Result<Tables> {
        self.values(logs).tables()
    }

    fn residuals(&self, table: &Tables) -> Vec<f64> {
        self.cases.iter().map(|case| residual(case, table)).collect()
    }

    /// Fits to all cases from where the factors are expected.
    pub fn run(&self, rounds: u32, iterations: u32) -> Result<Fitted> {
        let mut fitted = self.at(self.start())?;
        for _ in 0..rounds {
            fitted = self.at(self.again(&fitted, iterations, |_| true)?.logs)?;
        }
        Ok(fitted)
    }

    /// Fits from a known point to the cases that `takes_part`. Influences are measured again only where a factor has
    /// moved, and only on the cases it moved before.
    pub fn again(&self, from: &Fitted, iterations: u32, takes_part: impl Fn(&Case) -> bool) -> Result<Fitted> {
        let weights = self.weights(takes_part);
        let mut fitted = from.clone();
        let mut measured = from.logs.clone();
        for _ in 0..iterations {
            let step = self.step(&fitted, &weights);
            for (log, change) in fitted.logs.iter_mut().zip(step) {
                *log += change.clamp(-STRIDE, STRIDE);
            }
            fitted.residuals = self.residuals(&self.tables(&fitted.logs)?);
            for (index, measured) in measured.iter_mut().enumerate() {
                if (fitted.logs[index] - *measured).abs() > MOVED {
                    *measured = fitted.logs[index];
                    fitted.influence[index] = self.influence(&fitted, index)?;
                }
            }
        }
        Ok(fitted)
    }

    /// Influence of one factor on the cases it was found to move before.
    fn influence(&self, at: &Fitted, index: usize) -> Result<Vec<f64>> {
        let mut moved = at.logs.clone();
        moved[index] += STEP;
        let table = self.tables(&moved)?;
        let each = self.cases.iter().zip(&at.influence[index]).zip(&at.residuals);
        Ok(each.map(|((case, known), before)| if *known == 0.0 { 0.0 } else { (residual(case, &table) - before) / STEP }).collect())
    }

    /// Residuals and influences at a point.
    fn at(&self, logs: Vec<f64>) -> Result<Fitted> {
        let residuals = self.residuals(&self.tables(&logs)?);
        let mut influence = Vec::with_capacity(logs.len());
        for index in 0..logs.len() {
            let mut moved = logs.clone();
            moved[index] += STEP;
            let changed = self.residuals(&self.tables(&moved)?);
            influence.push(changed.iter().zip(&residuals).map(|(after, before)| (after - before) / STEP).collect());
        }
        Ok(Fitted { logs, residuals, influence })
    }

    /// One Gauss-Newton step on measurements and prior knowledge together.
    fn step(&self, at: &Fitted, weights: &[f64]) -> Vec<f64> {
        let robust: Vec<f64> = at.residuals.iter().zip(weights).map(|(residual, weight)| weight * trust(*residual)).collect();
        let n = self.factors.len();
        let (mut matrix, mut right) = (vec![vec![0.0; n]; n], vec![0.0; n]);
        for (row, left) in at.influence.iter().enumerate() {
            for (column, other) in at.influence.iter().enumerate().take(row + 1) {
                let sum: f64 = left.iter().zip(other).zip(&robust).map(|((a, b), weight)| a * b * weight).sum();
                (matrix[row][column], matrix[column][row]) = (sum, sum);
            }
            right[row] =
                -left.iter().zip(&at.residuals).zip(&robust).map(|((a, residual), weight)| a * residual * weight).sum::<f64>();
        }
        for (index, factor) in self.factors.iter().enumerate() {
            let center = factor.like.map_or(factor.center.ln(), |like| at.logs[like]);
            let weight = (TOLERANCE / factor.width).powi(2);
            matrix[index][index] += weight;
            right[index] += weight * (center - at.logs[index]);
        }
        solve(matrix, right)
    }

    /// Weight of each case: by what the collector trusts, sweeps by the root of their size, and nothing for those left out.
    fn weights(&self, takes_part: impl Fn(&Case) -> bool) -> Vec<f64> {
        let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
        for case in &self.cases {
            *sizes.entry(case.group()).or_default() += 1.0;
        }
        let weight = |case: &&Case| {
            let trust = match case.record.text("confidence") {
                "high" => 1.0,
                "low" => 0.4,
                _ => 0.7,
            };
            if takes_part(case) { trust / sizes.get(case.group()).copied().unwrap_or(1.0).sqrt() } else { 0.0 }
        };
        self.cases.iter().map(weight).collect()
    }

    /// Writes into a table what each factor rests on: the cases it moves by a tenth or more of its own change.
    pub fn add_evidence(&self, table: &mut Calibration, fitted: &Fitted) {
        for (factor, influence) in self.factors.iter().zip(&fitted.influence) {
            let moved: Vec<usize> = (0..self.cases.len()).filter(|index| influence[*index].abs() > 0.1).collect();
            let mut sources: Vec<&str> = moved.iter().map(|index| self.cases[*index].record.source()).collect();
            sources.sort_unstable();
            sources.dedup();
            let residuals: Vec<f64> = moved.iter().map(|index| fitted.residuals[*index].abs()).collect();
            let evidence =
                json!({"n": moved.len(), "sources": sources, "spread": rounded(quantile(&residuals, 0.683).unwrap_or_default())});
            if let Some(Value::Object(fields)) = table.whole.pointer_mut(&factor.pointer) {
                fields.insert("evidence".to_owned(), evidence);
            }
        }
    }
}

/// Residual of a case; none where nothing can be compared.
fn residual(case: &Case, table: &Tables) -> f64 {
    let found = case.compare(table).ok().and_then(|found| found.first().map(|first| first.residual()));
    found.filter(|residual| residual.is_finite()).unwrap_or(0.0)
}

/// Weight of a residual under a Cauchy error: outliers decide nothing.
fn trust(residual: f64) -> f64 {
    1.0 / (1.0 + (residual / TOLERANCE).powi(2))
}

/// Three significant digits.
pub fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    format!("{value:.2e}").parse().unwrap_or(value)
}
