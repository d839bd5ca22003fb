//! Lower bounds on the optimum that hold in spite of rounding (Neumaier and Shcherbina 2004, section 3).
//!
//! For any y and all feasible (x, s): `c'x = c'x - y'(A x - s) = d'x + y's` with `d = c - A'y`. The least value of the
//! right side over the bounds is a lower bound on the optimum. y is taken as given, exactly; d and the sums are
//! computed with running error bounds, wide enough for data that stand for decimals: each may be off by half a unit in the
//! last place. With `c = 0` a positive bound proves that there is no feasible point.
//!
//! A reduced cost of the wrong sign, be it by rounding, needs the other bound of its column. Where the model has none, one that
//! rows imply will do; and where the column holds whole numbers, its sign is found without rounding (Shewchuk 1997, section 2:
//! sums as expansions), since such columns mostly cancel exactly.

use super::LpProblem;
use crate::tolerances::{LARGEST_EXACT_WHOLE, LEAST_EXACT_PRODUCT};
use crate::tolerances::{RESIDUE_OF_DUALS, RESIDUE_OF_PROOF};

/// A lower bound on the optimum of a linear program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SafeBound {
    /// The bound, `-inf` if a variable without the needed bound has a reduced cost that is not rounding residue.
    pub value: f64,
    /// Whether the bound is proven. False if reduced costs of variables without a finite bound were taken for zero
    /// because they are no larger than rounding makes them.
    pub rigorous: bool,
}

/// Bounds (length n) that every feasible point keeps, used where the model itself has none.
pub type Implied<'a> = (&'a [f64], &'a [f64]);

/// The bound from row multipliers `y` (length m) over the given bounds (length n + m), all in the units of the model;
/// with `with_cost` false for the zero objective, without offset. Multipliers of the wrong sign for a one-sided row
/// are taken as zero. Cost O(non-zeros).
#[must_use]
pub fn safe_bound(problem: &LpProblem, lower: &[f64], upper: &[f64], y: &[f64], with_cost: bool) -> SafeBound {
    Combination { problem, lower, upper, implied: None, with_cost, exact: true }.bound(y, |_| false)
}

/// What multipliers of the rows are judged by: a program, bounds (length n + m), and bounds that follow from them.
#[derive(Clone, Copy)]
pub(crate) struct Combination<'a> {
    pub problem: &'a LpProblem,
    pub lower: &'a [f64],
    pub upper: &'a [f64],
    pub implied: Option<Implied<'a>>,
    /// Whether the objective is bounded from below, or zero is.
    pub with_cost: bool,
    /// Whether multipliers stand for themselves, or for reals of which they are the nearest floats.
    pub exact: bool,
}

/// A reduced cost `d`, off by no more than `error`, and the sizes that add up to it.
#[derive(Clone, Copy)]
pub(crate) struct ReducedCost {
    pub d: f64,
    pub error: f64,
    pub size: f64,
}

impl Combination<'_> {
    /// The multiplier of row i, zero where it has the wrong sign for the only side.
    pub fn multiplier(&self, y: &[f64], i: usize) -> f64 {
        let row = self.problem.num_cols() + i;
        multiplier(y[i], self.lower[row], self.upper[row])
    }

    pub fn cost(&self, j: usize) -> f64 {
        if self.with_cost { self.problem.cost[j] } else { 0.0 }
    }

    /// The reduced cost of column j. Each datum, each multiplier, each product and each sum is off by at most half an EPSILON of
    /// itself, and no partial sum exceeds `size`; the factor 2 also covers the rounding of `size` itself and of the sums below.
    pub fn reduced_cost(&self, y: &[f64], j: usize) -> ReducedCost {
        let cost = self.cost(j);
        let (mut d, mut size, mut terms) = (cost, cost.abs(), 1);
        for (i, a) in self.problem.columns.column(j) {
            let product = a * self.multiplier(y, i);
            d -= product;
            size += product.abs();
            terms += 1;
        }
        ReducedCost { d, size, error: 2.0 * f64::from(terms) * f64::EPSILON * size + f64::MIN_POSITIVE }
    }

    /// The least `d x_j` over the bounds; `None` if there is none. `parts` is scratch.
    pub fn least(&self, y: &[f64], j: usize, of: ReducedCost, parts: &mut Vec<f64>) -> Option<f64> {
        let ReducedCost { d, error, .. } = of;
        let (lower, upper) = (self.lower[j], self.upper[j]);
        let least = least_product(d - error, d + error, lower, upper).or_else(|| {
            let (low, high) = self.implied?;
            least_product(d - error, d + error, lower.max(low[j]), upper.min(high[j]))
        });
        least.or_else(|| {
            if self.problem.is_beyond_floats || !self.exact {
                return None;
            }
            let column = self.problem.columns.column(j).map(|(i, a)| (a, -self.multiplier(y, i)));
            let sign = exact_sign(parts, std::iter::once((self.cost(j), 1.0)).chain(column))?;
            let low = if sign >= 0.0 { (d - error).max(0.0) } else { d - error };
            let high = if sign <= 0.0 { (d + error).min(0.0) } else { d + error };
            least_product(low.min(high), high.max(low), lower, upper)
        })
    }

    /// Whether the least `d x_j` is zero exactly, whatever the error of d.
    fn rests_at_zero(&self, j: usize, ReducedCost { d, error, .. }: ReducedCost) -> bool {
        d >= error && self.lower[j] == 0.0 || d <= -error && self.upper[j] == 0.0
    }

    /// The bound from row multipliers `y` (length m), with columns whose reduced costs are known to be zero or to add no less. Cost
    /// O(non-zeros).
    pub fn bound(&self, y: &[f64], is_zero: impl Fn(usize) -> bool) -> SafeBound {
        let n = self.problem.num_cols();
        let mut sum = GuardedSum::new(if self.with_cost { self.problem.offset } else { 0.0 });
        let mut rigorous = true;
        let residue = if self.with_cost { RESIDUE_OF_DUALS } else { RESIDUE_OF_PROOF };
        let mut parts = Vec::new();
        for j in (0..n).filter(|&j| !is_zero(j)) {
            let reduced = self.reduced_cost(y, j);
            if reduced.size == 0.0 {
                continue;
            }
            // Sums that leave the range of floats say nothing, not even with an error.
            if !reduced.size.is_finite() {
                return SafeBound { value: f64::NEG_INFINITY, rigorous };
            }
            if self.rests_at_zero(j, reduced) {
                continue;
            }
            match self.least(y, j, reduced, &mut parts) {
                Some(least) => sum.add(least),
                None if reduced.d.abs() <= residue * reduced.size => rigorous = false,
                None => return SafeBound { value: f64::NEG_INFINITY, rigorous },
            }
        }
        for (i, (&lower, &upper)) in self.lower[n..].iter().zip(&self.upper[n..]).enumerate() {
            let y = self.multiplier(y, i);
            if y != 0.0 {
                sum.add(y * if y > 0.0 { lower } else { upper });
            }
        }
        SafeBound { value: sum.lower_end(), rigorous }
    }
}

/// The multiplier that a bound takes for `y` of a row with these sides: zero where the row has none on the side that `y` leans on.
pub(crate) fn multiplier(y: f64, lower: f64, upper: f64) -> f64 {
    let leans_on_none = y > 0.0 && lower == f64::NEG_INFINITY || y < 0.0 && upper == f64::INFINITY;
    if leans_on_none || y.is_nan() { 0.0 } else { y }
}

/// The least `d x` for d between `low` and `high` and x between the bounds; `None` if there is none.
fn least_product(low: f64, high: f64, lower: f64, upper: f64) -> Option<f64> {
    let needs_lower = high > 0.0 && lower == f64::NEG_INFINITY;
    let needs_upper = low < 0.0 && upper == f64::INFINITY;
    if needs_lower || needs_upper {
        return None;
    }
    // An infinite bound that is left here gives plus infinity, never the least product.
    let corner = |d: f64, x: f64| match (d == 0.0, x.is_infinite()) {
        (true, _) => 0.0,
        (false, true) => f64::INFINITY,
        (false, false) => d * x,
    };
    let corners = [corner(low, lower), corner(low, upper), corner(high, lower), corner(high, upper)];
    Some(corners.into_iter().fold(f64::INFINITY, f64::min))
}

/// A number that `first` and the sum of cost times column are not below, of columns (cost, lower, upper), whatever rows say; minus infinity if
/// there is none.
pub(crate) fn bound_without_rows(first: f64, columns: impl Iterator<Item = (f64, f64, f64)>) -> f64 {
    let mut sum = GuardedSum::new(first);
    for (cost, lower, upper) in columns.filter(|(cost, ..)| *cost != 0.0) {
        match if cost > 0.0 { lower } else { upper } {
            0.0 => {}
            bound if bound.is_finite() => sum.add(cost * bound),
            _ => return f64::NEG_INFINITY,
        }
    }
    sum.lower_end()
}

/// The sign (-1, 0 or 1) of the sum of `a y` over the pairs, found without rounding; `None` where an `a` is no whole number that
/// floats hold exactly, or a product leaves the range in which its own error is a float. `parts` is scratch.
fn exact_sign(parts: &mut Vec<f64>, pairs: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    // Parts that do not overlap, least first: their sum is that of all terms so far.
    parts.clear();
    for (a, y) in pairs.filter(|&(a, y)| a != 0.0 && y != 0.0) {
        let product = a * y;
        let in_range = product.abs() > LEAST_EXACT_PRODUCT && product.is_finite();
        if a.fract() != 0.0 || a.abs() > LARGEST_EXACT_WHOLE || !in_range {
            return None;
        }
        for term in [a.mul_add(y, -product), product] {
            let (mut carry, mut kept) = (term, 0);
            for k in 0..parts.len() {
                let (large, small) = if carry.abs() >= parts[k].abs() { (carry, parts[k]) } else { (parts[k], carry) };
                let high = large + small;
                let low = small - (high - large);
                if low != 0.0 {
                    parts[kept] = low;
                    kept += 1;
                }
                carry = high;
            }
            parts.truncate(kept);
            if carry != 0.0 {
                parts.push(carry);
            }
        }
    }
    // The last part outweighs all others.
    parts.last().map_or(Some(0.0), |last| last.is_finite().then(|| last.signum()))
}

/// A running sum with the sum of its sizes, from which its rounding error follows.
struct GuardedSum {
    sum: f64,
    size: f64,
    terms: u32,
}

impl GuardedSum {
    fn new(first: f64) -> Self {
        Self { sum: first, size: first.abs(), terms: 1 }
    }

    fn add(&mut self, term: f64) {
        self.sum += term;
        self.size += term.abs();
        self.terms += 1;
    }

    /// A number that the exact sum is not below; minus infinity where the sums left the range of floats.
    fn lower_end(&self) -> f64 {
        if self.terms == 1 && self.sum == 0.0 {
            return 0.0;
        }
        let end = self.sum - 2.0 * f64::from(self.terms + 1) * f64::EPSILON * self.size - f64::MIN_POSITIVE;
        if end.is_finite() { end } else { f64::NEG_INFINITY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_product_is_taken_over_the_whole_interval() {
        assert_eq!(least_product(0.0, 1.0, 2.0, 3.0), Some(0.0));
        assert_eq!(least_product(-1.0, 1.0, 2.0, 3.0), Some(-3.0));
        assert_eq!(least_product(1.0, 2.0, -4.0, f64::INFINITY), Some(-8.0));
        assert_eq!(least_product(-2.0, -1.0, f64::NEG_INFINITY, 5.0), Some(-10.0));
        assert_eq!(least_product(-1e-300, 1.0, 0.0, f64::INFINITY), None);
        assert_eq!(least_product(-1.0, 1e-300, f64::NEG_INFINITY, 0.0), None);
    }

    #[test]
    fn signs_of_sums_without_rounding() {
        let sign = |pairs: &[(f64, f64)]| exact_sign(&mut Vec::new(), pairs.iter().copied());
        assert_eq!(sign(&[]), Some(0.0));
        assert_eq!(sign(&[(3.0, 0.1), (-1.0, 0.1), (-2.0, 0.1)]), Some(0.0));
        // As reals 0.1 + 0.2 > 0.3 by what the decimals lose: floats say zero for the first sum, or are off by an ulp.
        assert_eq!(sign(&[(1.0, 0.1), (1.0, 0.2), (-1.0, 0.3)]), Some(1.0));
        assert_eq!(sign(&[(1.0, 1e16), (1.0, 1.0), (-1.0, 1e16), (-1.0, 1.0)]), Some(0.0));
        assert_eq!(sign(&[(1.0, 1e16), (-1.0, 1e16), (-1.0, 1e-200)]), Some(-1.0));
        assert_eq!(sign(&[(0.5, 1.0)]), None, "no whole number");
        assert_eq!(sign(&[(1e23, 1.0)]), None, "the decimal is another number");
        assert_eq!(sign(&[(1.0, 1e-300)]), None);
    }

    #[test]
    fn a_column_without_bound_that_cancels_exactly_leaves_a_rigorous_proof() {
        // x - z >= 1/3, z - x >= 1/3, x and z without upper bounds: the sum of the rows is 0 >= 2/3.
        let mut model = crate::Model::new("t");
        let x = model.add_var("x", 0.0, f64::INFINITY, 0.0, crate::VarKind::Continuous);
        let z = model.add_var("z", 0.0, f64::INFINITY, 0.0, crate::VarKind::Continuous);
        model.add_row("r", 1.0, f64::INFINITY, [(x, 3.0), (z, -3.0)]);
        model.add_row("s", 1.0, f64::INFINITY, [(x, -3.0), (z, 3.0)]);
        let problem = LpProblem::from_model(&model);
        let bound = safe_bound(&problem, &problem.lower, &problem.upper, &[0.1, 0.1], false);
        assert!(bound.rigorous && bound.value > 0.199, "{bound:?}");
    }

    /// `cost x` over `a x - s = 0`, with these sides of x and s, and the multiplier `y`.
    fn beyond(cost: f64, a: f64, (low, high): (f64, f64), side: f64, y: f64) -> SafeBound {
        let columns = crate::model::SparseColumns { starts: vec![0, 1], rows: vec![0], values: vec![a] };
        let (lower, upper) = (vec![low, side], vec![high, f64::INFINITY]);
        let problem =
            LpProblem { columns, num_rows: 1, cost: vec![cost], offset: 0.0, lower, upper, is_beyond_floats: false };
        safe_bound(&problem, &problem.lower, &problem.upper, &[y], true)
    }

    #[test]
    fn sums_beyond_floats_are_no_bound() {
        let open = f64::NEG_INFINITY;
        for (what, bound) in [
            ("a reduced cost", beyond(1e308, 1e300, (1.0, 2.0), 1.0, 1e300)),
            ("a term", beyond(1e300, 1.0, (1e10, 1e12), 1e10, 0.0)),
            ("terms of both signs", beyond(1e300, 1.0, (1e10, 1e12), -1e300, 1e200)),
            ("a side", beyond(1.0, 1.0, (0.0, 1.0), 1e200, 1e200)),
        ] {
            assert_eq!(bound.value, open, "{what}");
        }
    }

    #[test]
    fn the_bound_is_not_above_the_optimum_where_naive_sums_are() {
        // min x over x - s = 0, s >= 0.1 summed up ten times: naive floats give 0.9999999999999999 or 1 + an ulp.
        let m = 10;
        let columns =
            crate::model::SparseColumns { starts: vec![0, m], rows: (0..m as u32).collect(), values: vec![0.1; m] };
        let problem = LpProblem {
            columns,
            num_rows: m,
            cost: vec![1.0],
            offset: 0.0,
            lower: std::iter::once(-10.0).chain(vec![0.1; m]).collect(),
            upper: std::iter::once(10.0).chain(vec![f64::INFINITY; m]).collect(),
            is_beyond_floats: false,
        };
        let bound = safe_bound(&problem, &problem.lower, &problem.upper, &vec![1.0; m], true);
        // The optimum is x = 1; the combination of all rows proves it up to rounding.
        assert!(bound.rigorous && bound.value <= 1.0 && bound.value > 1.0 - 1e-12);
    }
}
