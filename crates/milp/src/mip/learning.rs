//! Rows learned from closed nodes: dual proofs.
//!
//! The multipliers y that prove a node's relaxation empty, or no better than the cutoff C, give a row that holds
//! everywhere: from `A x = s` follows `d'x + y's = c'x <= C` with `d = c - A'y` (and `c = 0`, `C = 0` for Farkas
//! multipliers), so `d'x <= C - min y's`. Continuous columns are taken out at their root bounds. What is left over the
//! integer columns is violated by the whole box of the node, and propagation finds other such boxes without a
//! relaxation.
//!
//! On binaries the coefficients are then cut down to what the row needs (Savelsbergh): proofs from big-M rows turn into
//! clauses.
//!
//! References: Witzig, Berthold, Heinz, *Experiments with conflict analysis in mixed integer programming*, CPAIOR 2017
//! (dual proofs, section 3); Savelsbergh, *Preprocessing and probing techniques for mixed integer programming
//! problems*, ORSA J. on Computing 6 (1994), section 1.2 (coefficient improvement).

use std::sync::Arc;

use crate::bounds::{Domain, RowProof};
use crate::model::{Model, Row, VarKind};
use crate::relaxation::{Proof, Relaxation};
use crate::tolerances::{LEARNED_COEFFICIENT, LEARNED_VIOLATION, rounding_margin};
use crate::{Options, VarId};

/// What is needed to turn proofs into rows, and the rows found since [`Learner::take`].
#[derive(Clone)]
pub(crate) struct Learner {
    lower: Vec<f64>,
    upper: Vec<f64>,
    integer: Vec<bool>,
    /// Entries of a row beyond which it is forgotten at once.
    longest: usize,
    feasibility: f64,
    /// Whether the exact proofs are wanted.
    certifies: bool,
    /// Whether rows may be learned from the cutoff.
    pub from_cutoff: bool,
    found: Vec<(Row, Option<Arc<RowProof>>)>,
    /// The rows since [`Learner::take_kept`], where others want to have them.
    kept: Option<Vec<Row>>,
}

impl Learner {
    /// With the box of the root, in which all learned rows hold.
    pub fn new(model: &Model, root: &Domain, options: &Options, certifies: bool) -> Self {
        let integer: Vec<bool> = model.variables.iter().map(|var| var.kind == VarKind::Integer).collect();
        let whole = integer.iter().filter(|integer| **integer).count();
        Self {
            lower: root.lower().to_vec(),
            upper: root.upper().to_vec(),
            integer,
            longest: options.parameters.learned_entries + whole / 5,
            feasibility: options.feasibility_tolerance,
            certifies,
            from_cutoff: true,
            found: Vec::new(),
            kept: None,
        }
    }

    /// The rows learned since the last call.
    pub fn take(&mut self) -> Vec<(Row, Option<Arc<RowProof>>)> {
        let found = std::mem::take(&mut self.found);
        if let Some(kept) = &mut self.kept {
            kept.extend(found.iter().map(|(row, _)| row.clone()));
        }
        found
    }

    /// From now on rows that are learned are kept for others.
    pub fn keep(&mut self) {
        self.kept = Some(Vec::new());
    }

    /// The rows kept since the last call.
    pub fn take_kept(&mut self) -> Vec<Row> {
        self.kept.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Learns from the proof that the relaxation just gave, if it gave one, and returns the proof if there is a certificate
    /// that wants it. Cost O(non-zeros).
    pub fn learn(&mut self, relaxation: &Relaxation<'_>) -> Option<Arc<RowProof>> {
        let exact = self.certifies.then(|| relaxation.row_proof());
        let row = relaxation
            .proof()
            .filter(|proof| self.from_cutoff || !proof.with_cost)
            .and_then(|proof| self.row(relaxation, &proof));
        let violated = |row: &Row| {
            let (lower, upper) = relaxation.bounds();
            let least = |&(var, d): &(VarId, f64)| d * if d > 0.0 { lower[var.index()] } else { upper[var.index()] };
            row.terms.iter().map(least).sum::<f64>() > row.upper + LEARNED_VIOLATION
        };
        self.found.extend(row.filter(violated).map(|row| (row, exact.clone())));
        exact
    }

    /// The row `d'x <= rhs` over integer columns, coefficients at most 1 in magnitude.
    fn row(&self, relaxation: &Relaxation<'_>, proof: &Proof) -> Option<Row> {
        let problem = relaxation.problem();
        let n = problem.num_cols();
        // Activities of the rows: y's is at least this.
        let (mut rhs, mut size) = (proof.cutoff, proof.cutoff.abs());
        let mut multipliers = proof.multipliers.to_vec();
        for (i, y) in multipliers.iter_mut().enumerate() {
            let side = if *y > 0.0 { problem.lower[n + i] } else { problem.upper[n + i] };
            if side.is_infinite() {
                *y = 0.0; // a residue: the row has no such side
            } else {
                // Points within tolerance of the row satisfy the learned row, too.
                rhs += y.abs() * self.feasibility - *y * side;
                size += (*y * side).abs();
            }
        }
        let mut terms = Vec::new();
        for j in 0..n {
            let (mut d, mut entries) = (if proof.with_cost { problem.cost[j] } else { 0.0 }, 1);
            let mut sum = d.abs();
            for (i, a) in problem.columns.column(j) {
                if multipliers[i] != 0.0 {
                    d -= a * multipliers[i];
                    sum += (a * multipliers[i]).abs();
                    entries += 1;
                }
            }
            if sum == 0.0 {
                continue;
            }
            let (lower, upper) = (self.lower[j], self.upper[j]);
            let reach = lower.abs().max(upper.abs());
            // What rounding of d may hide, wherever x_j stands.
            let error = rounding_margin(entries, sum);
            if self.integer[j] && d.abs() > error.max(LEARNED_COEFFICIENT * sum) && reach.is_finite() {
                rhs += error * reach;
                terms.push((j, d));
            } else {
                let least = least_product(d - error, d + error, lower, upper)?;
                rhs += d.abs() * self.feasibility - least;
                size += least.abs();
            }
        }
        rhs += rounding_margin(problem.num_rows() + n, size);
        if terms.is_empty() || terms.len() > self.longest {
            return None;
        }
        self.strengthen(terms, rhs)
    }

    /// Cuts coefficients of binaries down to `gap`, the amount by which the row is violated when all its columns stand
    /// at their worst bounds; integer points neither come nor go.
    fn strengthen(&self, mut terms: Vec<(usize, f64)>, rhs: f64) -> Option<Row> {
        let worst = |&(j, d): &(usize, f64)| if d > 0.0 { d * self.upper[j] } else { d * self.lower[j] };
        let size: f64 = terms.iter().map(|term| worst(term).abs()).sum();
        let greatest: f64 = terms.iter().map(worst).sum();
        // A little less than the true gap: that only weakens the row.
        let gap = greatest - rhs - rounding_margin(terms.len(), size + rhs.abs());
        if gap.is_nan() || gap <= 0.0 {
            return None; // no integer point is sure to violate the row
        }
        for (j, d) in &mut terms {
            if self.upper[*j] - self.lower[*j] == 1.0 && d.abs() > gap {
                *d = gap.copysign(*d);
            }
        }
        let scale = terms.iter().fold(0.0_f64, |top, (_, d)| top.max(d.abs()));
        terms.iter_mut().for_each(|(_, d)| *d /= scale);
        let (greatest, size) =
            (terms.iter().map(worst).sum::<f64>(), terms.iter().map(|term| worst(term).abs()).sum::<f64>());
        Some(Row {
            name: String::new(),
            lower: f64::NEG_INFINITY,
            upper: greatest - gap / scale + rounding_margin(terms.len() + 2, size + gap / scale),
            terms: terms.into_iter().map(|(j, d)| (VarId(j as u32), d)).collect(),
        })
    }
}

/// The least `d x` over d between `low` and `high` and x between the bounds; `None` if there is none.
fn least_product(low: f64, high: f64, lower: f64, upper: f64) -> Option<f64> {
    let at_lower = if high > 0.0 { (low.max(0.0) * lower).min(high * lower) } else { 0.0 };
    let at_upper = if low < 0.0 { (low * upper).min(high.min(0.0) * upper) } else { 0.0 };
    let least = match (high > 0.0, low < 0.0) {
        (true, true) => at_lower.min(at_upper),
        (true, false) => at_lower,
        _ => at_upper,
    };
    least.is_finite().then_some(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_products() {
        let inf = f64::INFINITY;
        assert_eq!(least_product(1.0, 2.0, -3.0, inf), Some(-6.0));
        assert_eq!(least_product(1.0, 2.0, 3.0, inf), Some(3.0));
        assert_eq!(least_product(-2.0, -1.0, -inf, 4.0), Some(-8.0));
        assert_eq!(least_product(-2.0, -1.0, -inf, -4.0), Some(4.0));
        assert_eq!(least_product(-1.0, 2.0, -5.0, 4.0), Some(-10.0));
        assert_eq!(least_product(-1.0, 2.0, 5.0, 6.0), Some(-6.0));
        assert_eq!(least_product(-1.0, 1.0, 0.0, inf), None);
        assert_eq!(least_product(1.0, 2.0, -inf, 4.0), None);
        assert_eq!(least_product(0.0, 0.0, -inf, inf), Some(0.0));
    }

    /// The row of a big-M proof becomes a clause: x0 + x1 + x2 cannot all be 1.
    #[test]
    fn tiny_gaps_become_clauses() {
        let mut model = Model::new("t");
        for j in 0..3 {
            model.add_var(format!("x{j}"), 0.0, 1.0, 0.0, VarKind::Integer);
        }
        let domain = Domain::new(vec![0.0; 3], vec![1.0; 3]);
        let learner = Learner::new(&model, &domain, &Options::default(), false);
        let row = learner.strengthen(vec![(0, 17.0), (1, 5.0), (2, 11.0)], 33.0 - 1e-4).unwrap();
        assert!(row.terms.iter().all(|&(_, value)| value == 1.0));
        assert!((row.upper - 2.0).abs() < 1e-9 && row.upper >= 2.0, "{}", row.upper);
        assert!(learner.strengthen(vec![(0, 1.0), (1, 1.0)], 2.0).is_none(), "nothing violates it");
        let nearly = learner.strengthen(vec![(0, 1.0), (1, 1.0)], 2.0 - 1e-15);
        assert!(nearly.is_none(), "rounding could be all of the gap");
    }
}
