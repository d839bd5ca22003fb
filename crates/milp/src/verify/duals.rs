//! Duals that prove a bound where columns have no bounds of their own.
//!
//! Entry point: [`Projection::bound`]. A column without an upper bound needs a reduced cost that is not negative, exactly; a free
//! one needs zero. Rounding leaves them off by 1e-17 or so, and then the duals of the simplex prove nothing. So the residuals of
//! such columns are computed in rationals, and the duals are corrected until they vanish ([`super::system`]), on as many rows as
//! there are independent columns. The correction is of the size of the residuals; what it does to the other columns is judged by
//! the safe bound, which takes the corrected duals as floats off by half a unit in the last place. Columns that this leaves in
//! doubt join the others in the next round.
//!
//! References: Steffy, Wolter, *Valid linear programming bounds for exact mixed-integer programming*, INFORMS J. Computing 25
//! (2013), for the projection onto the equations of duals; Gleixner, Steffy, Wolter, *Iterative refinement for linear
//! programming*, INFORMS J. Computing 28 (2016), for exact residuals and small corrections.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use dashu::rational::{RBig, Relaxed};

use super::system::System;
use crate::exact_lp::Meter;
use crate::model::{Datum, Model, RowId, Sense, VarId};
use crate::number::approximately;
use crate::simplex::Combination;
use crate::tolerances::ZERO_DUAL_WEIGHT;

/// Corrections, each of which may leave further columns in doubt: most need one, and rationals decide what these leave.
const ROUNDS: usize = 4;

/// Changes of multipliers by row, and the multipliers that they change.
type Changes = (BTreeMap<u32, RBig>, BTreeMap<usize, RBig>);

/// What multipliers of rows are to prove, and the means.
pub(crate) struct Projection<'a> {
    pub model: &'a Model,
    /// Over the relaxation of `model`.
    pub combination: Combination<'a>,
    /// Factors (length m) that bring the entries of each row near 1.
    pub row_factors: &'a [f64],
    /// The point (length n) whose objective the bound is to come near to; none for proofs that there is no point.
    pub point: Option<&'a [f64]>,
}

impl Projection<'_> {
    /// The best bound found from multipliers near `y` (length m), minus infinity if there is none. From `wanted` on a bound is good
    /// enough. Cost: the non-zeros, and what the meter allows for rationals.
    pub fn bound(&self, y: &[f64], wanted: f64, meter: &mut Meter<'_>) -> f64 {
        let mut judge = self.combination;
        let start: Vec<f64> = (0..y.len()).map(|i| judge.multiplier(y, i)).collect();
        let first = judge.bound(&start, |_| false);
        let mut best = if first.rigorous { first.value } else { f64::NEG_INFINITY };
        let value = self.point.map_or(f64::INFINITY, |point| judge.problem.objective(point));
        // Half of the gap is left for the columns and rows that count as they are.
        let share = if wanted.is_finite() { 0.5 * (value - wanted) } else { f64::INFINITY };
        let (mut duals, mut zero, mut fixed) = (start.clone(), BTreeSet::new(), BTreeSet::new());
        for _ in 0..ROUNDS {
            // Corrected duals are no floats: columns that cancel exactly by those at hand will be in doubt as well.
            judge.exact = false;
            if best >= wanted || !self.add_doubtful(&judge, &duals, share, &mut zero) {
                break;
            }
            let Some(corrected) = self.correct(&start, &zero, &mut fixed, meter) else { break };
            duals = corrected;
            let bound = judge.bound(&duals, |j| zero.contains(&j));
            if bound.rigorous {
                best = best.max(bound.value);
            }
        }
        best
    }

    /// Adds to `zero` the columns that leave the bound infinite, and those that together cost it more than their share; true if
    /// there are any.
    fn add_doubtful(&self, judge: &Combination<'_>, duals: &[f64], share: f64, zero: &mut BTreeSet<usize>) -> bool {
        let mut parts = Vec::new();
        let mut losses = Vec::new();
        for j in (0..judge.problem.num_cols()).filter(|j| !zero.contains(j)) {
            let reduced = judge.reduced_cost(duals, j);
            if reduced.size > 0.0 {
                match judge.least(duals, j, reduced, &mut parts) {
                    None => losses.push((f64::INFINITY, j)),
                    Some(least) => losses.extend(self.point.map(|point| (reduced.d * point[j] - least, j))),
                }
            }
        }
        losses.sort_by(|a, b| a.0.total_cmp(&b.0));
        let before = zero.len();
        let mut sum = 0.0;
        for (loss, j) in losses {
            sum += loss.max(0.0);
            if sum > share || loss == f64::INFINITY {
                zero.insert(j);
            }
        }
        zero.len() > before
    }

    /// Multipliers near `y` with which the reduced costs of these columns vanish (or, where a column depends on others, add
    /// nothing below zero), as the nearest floats; `None` if none are found. Rows with one side whose multiplier would change its
    /// sign join `fixed`, and the others have to do.
    fn correct(
        &self,
        y: &[f64],
        zero: &BTreeSet<usize>,
        fixed: &mut BTreeSet<usize>,
        meter: &mut Meter<'_>,
    ) -> Option<Vec<f64>> {
        for _ in 0..ROUNDS {
            let (changes, mut exact) = self.changes(y, zero, fixed, meter)?;
            let mut corrected = y.to_vec();
            let before = fixed.len();
            for (i, change) in changes {
                let i = i as usize;
                let value = exact.remove(&i).unwrap_or_default() + change;
                corrected[i] = approximately(&value);
                let keeps_sign = self.has_both_sides(i) || corrected[i].is_sign_positive() == y[i].is_sign_positive();
                if !(value.is_zero() || corrected[i].is_normal() && keeps_sign) {
                    fixed.insert(i);
                }
            }
            if fixed.len() == before {
                return Some(corrected);
            }
        }
        None
    }

    fn has_both_sides(&self, i: usize) -> bool {
        let Combination { problem, lower, upper, .. } = self.combination;
        let row = problem.num_cols() + i;
        lower[row].is_finite() && upper[row].is_finite()
    }

    /// The changes of multipliers that make these reduced costs vanish, without rounding, and the multipliers as they were.
    fn changes(
        &self,
        y: &[f64],
        zero: &BTreeSet<usize>,
        fixed: &BTreeSet<usize>,
        meter: &mut Meter<'_>,
    ) -> Option<Changes> {
        let Combination { problem, lower, upper, .. } = self.combination;
        // A multiplier that is zero stays so if others do: columns that have met none would be in doubt.
        let weight = |(factor, y): (&f64, &f64)| if *y == 0.0 { ZERO_DUAL_WEIGHT * factor } else { *factor };
        let factors: Vec<f64> = self.row_factors.iter().zip(y).map(weight).collect();
        let mut system = System::new(&factors);
        let mut exact = BTreeMap::<usize, Relaxed>::new();
        for &j in zero {
            let (mut residual, mut terms) = (self.cost(j).relax(), BTreeMap::new());
            for (i, a) in problem.columns.column(j) {
                // The multiplier of a row with one side keeps its sign: where it is zero it stays zero.
                if y[i] == 0.0 && !self.has_both_sides(i) {
                    continue;
                }
                let datum = Datum::Entry(RowId(i as u32), VarId(j as u32));
                let a = self.model.decimals.value(datum, a);
                let y = match exact.entry(i) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => place.insert(RBig::try_from(y[i]).ok()?.relax()),
                };
                residual -= a.as_relaxed() * &*y;
                if !fixed.contains(&i) {
                    terms.insert(i as u32, a);
                }
            }
            let residual = residual.canonicalize();
            if !meter.spend(2 * terms.len(), &residual) {
                return None;
            }
            system.add(j, terms, residual);
        }
        let solution = system.solve(meter)?;
        // A reduced cost that is left adds nothing below zero.
        let may_keep = |(j, residual): &(usize, RBig)| {
            if *residual > RBig::ZERO { lower[*j] >= 0.0 } else { upper[*j] <= 0.0 }
        };
        let exact = exact.into_iter().map(|(i, y)| (i, y.canonicalize())).collect();
        solution.dependent.iter().all(may_keep).then_some((solution.values, exact))
    }

    /// The cost of a column in the minimised sense.
    fn cost(&self, j: usize) -> RBig {
        let cost = self.combination.cost(j);
        match self.model.sense {
            _ if cost == 0.0 => RBig::ZERO,
            Sense::Minimise => self.model.decimals.value(Datum::Cost(VarId(j as u32)), cost),
            Sense::Maximise => -self.model.decimals.value(Datum::Cost(VarId(j as u32)), -cost),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::Budget;
    use crate::exact_lp::ExactEnd;
    use crate::model::VarKind;
    use crate::relaxation::ExactRelaxation;
    use crate::simplex::{Limits, LpProblem, LpStatus, Simplex, SimplexOptions};

    /// Columns without bounds of all kinds, some the opposites of others, rows with decimals, and costs that are a combination of
    /// the rows, to which columns with bounds add something.
    fn random_model(random: &mut ChaCha8Rng) -> Model {
        let (m, n) = (random.random_range(3..9), random.random_range(4..14));
        let mut decimal = |most: i32| f64::from(random.random_range(-10 * most..=10 * most)) / 10.0;
        let mut columns: Vec<Vec<f64>> = (0..n).map(|_| (0..m).map(|_| decimal(3)).collect()).collect();
        let opposite = columns[0].iter().map(|a| -a).collect();
        columns.push(opposite);
        let duals: Vec<f64> = (0..m).map(|_| decimal(2).abs() + 0.1).collect();
        let point: Vec<f64> = columns.iter().map(|_| decimal(4).abs()).collect();
        let mut model = Model::new("t");
        let infinity = f64::INFINITY;
        let ids: Vec<VarId> = columns
            .iter()
            .zip(&point)
            .enumerate()
            .map(|(j, (column, x))| {
                let product: f64 = column.iter().zip(&duals).map(|(a, y)| a * y).sum();
                let cost = (product * 100.0).round() / 100.0;
                let (lower, cost) = match j % 3 {
                    0 => (0.0, cost),
                    1 => (-infinity, cost),
                    _ => (*x, cost + 0.5),
                };
                model.add_var(format!("x{j}"), lower, infinity, cost, VarKind::Continuous)
            })
            .collect();
        for i in 0..m {
            let terms: Vec<_> = ids.iter().zip(&columns).map(|(id, column)| (*id, column[i])).collect();
            let side: f64 = columns.iter().zip(&point).map(|(column, x)| column[i] * x).sum();
            let side = (side * 100.0).round() / 100.0;
            model.add_row(format!("r{i}"), side, infinity, terms.into_iter().filter(|(_, a)| *a != 0.0));
        }
        model
    }

    #[test]
    fn bounds_meet_the_optimum_beside_columns_without_bounds() {
        let mut random = ChaCha8Rng::seed_from_u64(11);
        let budget = Budget::default();
        let (mut plain, mut proven, mut optimal) = (0, 0, 0);
        for _ in 0..400 {
            let model = random_model(&mut random);
            let problem = Arc::new(LpProblem::varying(&model));
            let mut simplex = Simplex::new(problem.clone(), SimplexOptions::default());
            if simplex.solve(&Limits::default()).ok() != Some(LpStatus::Optimal) {
                continue;
            }
            let exact = ExactRelaxation::of(&model);
            let ExactEnd::Optimal { point, .. } = exact.solve(&simplex.basis().status, &mut Meter::of(&budget)) else {
                continue;
            };
            optimal += 1;
            let optimum = exact.objective(&point);
            plain += u32::from(simplex.safe_objective_bound().rigorous);
            let (lower, upper) = simplex.bounds();
            let combination =
                Combination { problem: &problem, lower, upper, implied: None, with_cost: true, exact: true };
            let row_factors = &simplex.row_factors();
            let projection = Projection { model: &model, combination, row_factors, point: Some(simplex.primal()) };
            let wanted = simplex.objective() - 1e-9 * simplex.objective().abs().max(1.0);
            let bound = projection.bound(simplex.row_duals(), wanted, &mut Meter::of(&budget));
            let float = RBig::try_from(bound.max(f64::MIN)).expect("finite");
            assert!(float <= optimum, "{bound} above {}", approximately(&optimum));
            proven += u32::from(bound >= wanted);
        }
        assert!(optimal >= 100 && 10 * proven >= 9 * optimal, "{plain}, {proven} of {optimal}");
        assert!(
            proven >= plain + optimal / 4,
            "{plain} are proven without corrections, {proven} of {optimal} with them"
        );
    }
}
