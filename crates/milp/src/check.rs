//! The answer check: how far a point is from satisfying a model, in the units of its author.

use dashu::rational::RBig;
use std::borrow::Cow;

use crate::Budget;
use crate::model::{Datum, Model, Row, RowId, Sense, VarId, VarKind, nearest};
use crate::number::{decimal, float_below, printed_above, printed_below};
use crate::outcome::Violations;
use crate::shortest::{DecimalSum, Shortest};
use crate::tolerances::rounding_margin;

impl Violations {
    /// The largest violations of `x` (length `num_vars()`) on `model`, the numbers of both meant as decimals: exact, and then
    /// rounded up. Infinite where a value is no number. Cost O(non-zeros), in rationals for those bounds and rows that floats
    /// cannot tell to be less violated than others.
    #[must_use]
    pub fn of(model: &Model, x: &[f64]) -> Self {
        if !x.iter().all(|x| x.is_finite()) {
            return Self { bound: f64::INFINITY, row: f64::INFINITY, integrality: f64::INFINITY };
        }
        let model = &*nearest(model, |j| decimal(x[j.index()]));
        let decimals = &model.decimals;
        let (mut bound, mut row, mut integrality) = (RBig::ZERO, RBig::ZERO, 0.0_f64);
        for ((j, var), &x) in model.columns_by_id().zip(x) {
            if outside(x, var.lower, var.upper) > 0.0 || !keeps_bounds_exactly(model, j, x) {
                let sides = (decimals.side(Datum::Lower(j), var.lower), decimals.side(Datum::Upper(j), var.upper));
                raise(&mut bound, &decimal(x), &sides);
            }
            if var.kind == VarKind::Integer {
                integrality = integrality.max((x - x.round()).abs());
            }
        }
        // Those that floats see violated most come first, and spare most others.
        let mut doubtful: Vec<(f64, RowId)> = Vec::new();
        for (i, of) in model.rows_by_id() {
            let (activity, size) = row_activity(of, x);
            let margin = rounding_margin(of.terms.len(), size + side_size(of));
            let most = outside(activity, of.lower, of.upper) + margin;
            let clear = activity - margin >= of.lower && activity + margin <= of.upper;
            if !clear {
                doubtful.push((if most.is_nan() { f64::INFINITY } else { most }, i));
            }
        }
        doubtful.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (most, i) in doubtful {
            // No row after this one is violated by more.
            if most <= float_below(&row) {
                break;
            }
            let of = &model.rows[i.index()];
            let sides = (decimals.side(Datum::RowLower(i), of.lower), decimals.side(Datum::RowUpper(i), of.upper));
            raise(&mut row, &exact_activity(model, i, x), &sides);
        }
        Self { bound: printed_above(&bound), row: printed_above(&row), integrality }
    }
}

/// Raises `worst` to the distance of a value from the sides.
fn raise(worst: &mut RBig, value: &RBig, (lower, upper): &(Option<RBig>, Option<RBig>)) {
    let below = lower.as_ref().map(|lower| lower - value);
    let above = upper.as_ref().map(|upper| value - upper);
    for distance in below.into_iter().chain(above).filter(|distance| *distance > *worst).collect::<Vec<_>>() {
        *worst = std::mem::take(worst).max(distance);
    }
}

/// Whether `x` satisfies `model`, whose data count as decimals: integer columns within `integrality` of a whole number, bounds and
/// rows within `feasibility`, rows of small numbers within that share of their largest coefficient; of special constraints the alternative
/// that `x` is nearest to. Rows over whole columns alone, and the bounds of those, have no tolerance where `x` is whole:
/// they hold exactly or not. For others there is, beside the absolute tolerance, what rounding `x` to floats may do.
///
/// Cost O(non-zeros); rationals only for rows over whole columns that stand too near to a side for floats to tell.
#[must_use]
pub fn is_feasible(model: &Model, x: &[f64], feasibility: f64, integrality: f64) -> bool {
    satisfies(model, x, feasibility, integrality, |_| true)
}

/// The same with the tolerance for all rows but those of whole numbers over whole columns: for points that a caller vouches for.
pub(crate) fn is_nearly_feasible(model: &Model, x: &[f64], feasibility: f64) -> bool {
    let is_whole = |row: &Row| row.terms.iter().all(|(_, a)| a.fract() == 0.0);
    satisfies(model, x, feasibility, 0.0, is_whole)
}

fn satisfies(model: &Model, x: &[f64], feasibility: f64, integrality: f64, strict: impl Fn(&Row) -> bool) -> bool {
    if !x.iter().all(|x| x.is_finite()) {
        return false;
    }
    let model = &*nearest(model, |j| decimal(x[j.index()]));
    let is_whole = |j: usize| model.variables[j].kind == VarKind::Integer && x[j].fract() == 0.0;
    let columns = model.columns_by_id().zip(x).all(|((j, var), &x)| {
        let whole = var.kind == VarKind::Continuous || (x - x.round()).abs() <= integrality;
        let is_inside = if is_whole(j.index()) {
            outside(x, var.lower, var.upper) <= 0.0 && keeps_bounds_exactly(model, j, x)
        } else {
            outside(x, var.lower, var.upper) <= feasibility + f64::EPSILON * x.abs()
        };
        whole && is_inside
    });
    columns
        && model.rows_by_id().all(|(i, row)| {
            let (activity, size) = row_activity(row, x);
            let distance = outside(activity, row.lower, row.upper);
            if !row.terms.iter().all(|(var, _)| is_whole(var.index())) || !strict(row) {
                // Where the sum leaves the range of floats there is no tolerance to speak of.
                let slack = feasibility * unit(row) + f64::EPSILON * size;
                return if slack.is_finite() { distance <= slack } else { holds_exactly(model, i, x) };
            }
            // Data and sums are off by no more than this.
            let margin = rounding_margin(row.terms.len(), size + side_size(row));
            let clear = activity - margin > row.lower && activity + margin < row.upper;
            clear || (distance <= margin || !margin.is_finite()) && holds_exactly(model, i, x)
        })
}

/// Whether an exact point satisfies `model` exactly; false when the budget is over. Cost: the non-zeros, in rationals.
pub(crate) fn holds_at(model: &Model, x: &[RBig], budget: &Budget) -> bool {
    let model = &*nearest(model, |j| x[j.index()].clone());
    let decimals = &model.decimals;
    let is_within = |value: &RBig, lower: Option<RBig>, upper: Option<RBig>| {
        lower.is_none_or(|lower| lower <= *value) && upper.is_none_or(|upper| *value <= upper)
    };
    model.columns_by_id().zip(x).all(|((j, var), x)| {
        let sides = (decimals.side(Datum::Lower(j), var.lower), decimals.side(Datum::Upper(j), var.upper));
        !budget.spend(8) && (var.kind == VarKind::Continuous || x.is_int()) && is_within(x, sides.0, sides.1)
    }) && model.rows_by_id().all(|(i, row)| {
        let terms = row.terms.iter().filter(|(var, _)| !x[var.index()].is_zero());
        let value = |&(var, a): &(VarId, f64)| decimals.value(Datum::Entry(i, var), a) * &x[var.index()];
        let activity = terms.map(value).fold(RBig::ZERO, |sum, term| sum + term);
        let sides = (decimals.side(Datum::RowLower(i), row.lower), decimals.side(Datum::RowUpper(i), row.upper));
        !budget.spend(8 * row.terms.len()) && is_within(&activity, sides.0, sides.1)
    })
}

/// The exact objective, in the sense of the model, of a point that satisfies it: exactly where the values without rounding are given, else within `feasibility`
/// ([`is_feasible`], whole columns being whole), each float the decimal that it prints as. `None` if it does not, or has not as many values as there are
/// columns. Cost: the non-zeros, in rationals.
#[must_use]
pub fn objective_at(model: &Model, x: &[f64], exact: Option<&[RBig]>, feasibility: f64) -> Option<RBig> {
    let n = model.num_vars();
    if let Some(exact) = exact {
        let holds = exact.len() == n && holds_at(model, exact, &Budget::default());
        return holds.then(|| model.exact_objective(exact.iter().map(Cow::Borrowed)));
    }
    let holds = x.len() == n && is_feasible(model, x, feasibility, 0.0);
    holds.then(|| model.exact_objective(x.iter().map(|&x| Cow::Owned(decimal(x)))))
}

/// The greatest float that says no more than a number, as lower bounds are written: as the number that it is, or as the digits that it prints as; a number with as few
/// digits is that float.
#[must_use]
pub fn bound_below(value: &RBig) -> f64 {
    printed_below(value)
}

/// Whether a number is less than a lower bound that was written by [`bound_below`]: than the float, and than the digits that it prints as.
///
/// ```
/// use milp::Rational;
/// use milp::check::{bound_below, is_below};
///
/// // The nearest float to a tenth is more than a tenth.
/// let tenth = Rational::from(1) / Rational::from(10);
/// assert_eq!(bound_below(&tenth), 0.1);
/// assert!(!is_below(&tenth, 0.1));
/// assert!(is_below(&tenth, 0.2) && is_below(&tenth, f64::INFINITY) && !is_below(&tenth, f64::NEG_INFINITY));
/// ```
#[must_use]
pub fn is_below(value: &RBig, bound: f64) -> bool {
    RBig::try_from(bound).map_or(bound > 0.0, |itself| *value < itself && *value < Shortest::printed(bound).exact())
}

/// Whether a bound that was written by [`bound_below`] says as much as this number.
#[must_use]
pub fn is_bound_of(value: &RBig, bound: f64) -> bool {
    RBig::try_from(bound).is_ok_and(|itself| *value == itself || *value == Shortest::printed(bound).exact())
}

/// Whether, from any point of a model without special constraints, this direction leaves no bound and no side, improves the objective, and is whole on integer
/// columns: with a point it shows that the model is unbounded. Cost: the non-zeros, in rationals.
#[must_use]
pub fn is_ray(model: &Model, ray: &[RBig]) -> bool {
    let (zero, decimals) = (RBig::ZERO, &model.decimals);
    let keeps = |value: &RBig, lower: f64, upper: f64| {
        (lower == f64::NEG_INFINITY || *value >= zero) && (upper == f64::INFINITY || *value <= zero)
    };
    let sum = |terms: &mut dyn Iterator<Item = RBig>| terms.fold(RBig::ZERO, |sum, term| sum + term);
    let columns = || model.columns_by_id().zip(ray);
    let gain = sum(&mut columns().map(|((j, var), step)| decimals.value(Datum::Cost(j), var.cost) * step));
    let improves = if model.sense == Sense::Maximise { gain > zero } else { gain < zero };
    ray.len() == model.num_vars()
        && improves
        && columns().all(|((_, var), step)| {
            (var.kind == VarKind::Continuous || step.is_int()) && keeps(step, var.lower, var.upper)
        })
        && model.rows_by_id().all(|(i, row)| {
            let term = |&(var, a): &(VarId, f64)| decimals.value(Datum::Entry(i, var), a) * &ray[var.index()];
            keeps(&sum(&mut row.terms.iter().map(term)), row.lower, row.upper)
        })
}

/// The size of a row's largest coefficient, at most 1: what is little for numbers around 1 may be all that a row of smaller ones
/// says.
pub(crate) fn unit(row: &Row) -> f64 {
    match row.terms.iter().fold(0.0_f64, |top, (_, a)| top.max(a.abs())) {
        largest if largest > 0.0 => largest.min(1.0),
        _ => 1.0,
    }
}

/// The magnitude of a row's largest finite side.
fn side_size(row: &Row) -> f64 {
    [row.lower, row.upper].into_iter().filter(|side| side.is_finite()).fold(0.0, |top, side| top.max(side.abs()))
}

/// Whether a column keeps those bounds of which a float is but the nearest.
fn keeps_bounds_exactly(model: &Model, j: VarId, x: f64) -> bool {
    let var = &model.variables[j.index()];
    let kept = |datum, bound| model.decimals.kept(datum, bound);
    kept(Datum::Lower(j), var.lower).is_none_or(|lower| *lower <= decimal(x))
        && kept(Datum::Upper(j), var.upper).is_none_or(|upper| decimal(x) <= *upper)
}

fn exact_activity(model: &Model, i: RowId, x: &[f64]) -> RBig {
    let mut sum = DecimalSum::from(RBig::ZERO);
    for &(var, a) in model.rows[i.index()].terms.iter().filter(|(var, _)| x[var.index()] != 0.0) {
        model.decimals.add_product(&mut sum, Datum::Entry(i, var), a, x[var.index()]);
    }
    sum.total()
}

fn holds_exactly(model: &Model, i: RowId, x: &[f64]) -> bool {
    let (row, decimals, activity) = (&model.rows[i.index()], &model.decimals, exact_activity(model, i, x));
    decimals.side(Datum::RowLower(i), row.lower).is_none_or(|lower| lower <= activity)
        && decimals.side(Datum::RowUpper(i), row.upper).is_none_or(|upper| activity <= upper)
}

/// Distance of a value from an interval; infinite where floats could not tell the value.
pub(crate) fn outside(value: f64, lower: f64, upper: f64) -> f64 {
    if value.is_finite() { (lower - value).max(value - upper).max(0.0) } else { f64::INFINITY }
}

/// Activity of a row and the sum of its terms' magnitudes.
pub(crate) fn row_activity(row: &Row, x: &[f64]) -> (f64, f64) {
    dot(row.terms.iter().map(|&(var, a)| (a, x[var.index()])))
}

/// Sum of products, as if in twice the precision (Ogita, Rump, Oishi, *Accurate sum and dot product*, SIAM J. Sci. Comput. 26,
/// 2005, algorithm Dot2), and the sum of their magnitudes.
pub(crate) fn dot(pairs: impl Iterator<Item = (f64, f64)>) -> (f64, f64) {
    let (mut sum, mut lost, mut size) = (0.0_f64, 0.0, 0.0);
    for (a, x) in pairs {
        let term = a * x;
        let next = sum + term;
        lost += if sum.abs() >= term.abs() { (sum - next) + term } else { (term - next) + sum };
        lost += a.mul_add(x, -term);
        sum = next;
        size += term.abs();
    }
    (sum + lost, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_violation() {
        let mut model = Model::new("t");
        let x = model.add_var("x", 0.0, 1.0, 0.0, VarKind::Integer);
        let y = model.add_var("y", f64::NEG_INFINITY, 2.0, 0.0, VarKind::Continuous);
        model.add_row("r", 1.0, 3.0, [(x, 1.0), (y, 2.0)]);
        let of = |point: &[f64]| Violations::of(&model, point);
        assert_eq!(of(&[1.0, 1.0]), Violations::default());
        assert_eq!(of(&[0.5, 1.0]).integrality, 0.5);
        assert_eq!(of(&[1.0, 2.5]).bound, 0.5);
        assert_eq!(of(&[1.0, 2.5]).row, 3.0);
        assert_eq!(of(&[0.0, 0.25]).row, 0.5);
        assert!(is_feasible(&model, &[1.0, 1.0], 1e-9, 1e-9));
        assert!(!is_feasible(&model, &[1.0, 1.1], 1e-9, 1e-9));
        assert!(!is_feasible(&model, &[0.5, 1.0], 1e-9, 1e-9));
        assert!(!is_feasible(&model, &[1.0, f64::NAN], 1e-9, 1e-9));
    }

    /// A whole number between two floats, beyond 2^53: the bound that was written for it does not belie it, and a larger one does.
    #[test]
    fn great_numbers_are_not_below_their_bounds() {
        for number in [-2_002_000_000_002_000_000_i64, 2_000_000_000_002_000_001, 2_002_000_004_002_000_000, 1 << 60] {
            let value = RBig::from(number);
            let bound = bound_below(&value);
            assert!(!is_below(&value, bound), "{number}: {bound}");
            assert!(is_below(&value, bound.next_up().next_up()), "{number}: {bound}");
            let printed: RBig = format!("{bound}").parse().expect("digits");
            assert_eq!(is_bound_of(&value, bound), printed == value, "{number}: {bound}");
        }
    }

    /// x <= 3 remains that, in whatever unit it is written.
    #[test]
    fn rows_of_small_numbers_have_small_tolerances() {
        let inf = f64::INFINITY;
        for unit in [1.0, 1e-6, 1e-12, 1e-15] {
            let mut model = Model::new("t");
            let x = model.add_var("x", 0.0, inf, 0.0, VarKind::Continuous);
            model.add_row("r", -inf, 3.0 * unit, [(x, unit)]);
            for (value, fits) in [(3.0, true), (3.0 + 5e-10, true), (3.0 + 2e-9, false), (460_098.0, false)] {
                assert_eq!(is_feasible(&model, &[value], 1e-9, 1e-9), fits, "{value} in units of {unit}");
            }
        }
    }

    #[test]
    fn whole_columns_keep_bounds_with_digits_beyond_floats() {
        let mut model = Model::new("t");
        let x = model.add_var("x", 0.0, 3.0, 0.0, VarKind::Integer);
        assert!(is_feasible(&model, &[3.0], 1e-9, 1e-9));
        model.decimals.record(Datum::Upper(x), 3.0, decimal(3.0) - decimal(1e-30));
        assert!(!is_feasible(&model, &[3.0], 1e-9, 1e-9) && is_feasible(&model, &[2.0], 1e-9, 1e-9));
    }

    #[test]
    fn activities_beyond_floats_are_no_proof() {
        let mut model = Model::new("t");
        let [x, y] = ["x", "y"].map(|name| model.add_var(name, 0.0, 1e19, 0.0, VarKind::Continuous));
        model.add_row("r", f64::NEG_INFINITY, 1.0, [(x, 1e300), (y, -1e300)]);
        let feasible = |point: [f64; 2]| is_feasible(&model, &point, 1e-9, 1e-9);
        assert!(!feasible([2e10, 1e10]) && feasible([1e10, 2e10]) && feasible([1e10, 1e10]));
        assert_eq!(Violations::of(&model, &[2e10, 1e10]).row, f64::INFINITY, "1e310 is no float");
        assert_eq!(Violations::of(&model, &[f64::NAN, 0.0]).bound, f64::INFINITY);
    }

    /// What floats lose in sums counts, be it larger than all that they see; nothing is made up by them either.
    #[test]
    fn violations_are_those_of_the_decimals() {
        let inf = f64::INFINITY;
        let mut model = Model::new("t");
        let [x, y, z] = ["x", "y", "z"].map(|name| model.add_var(name, -inf, inf, 0.0, VarKind::Continuous));
        model.add_row("r", 0.3, 0.3, [(x, 1.0), (y, 1.0)]);
        model.add_row("s", -inf, 0.0, [(x, 1e16), (y, 1.0), (z, -1e16)]);
        model.add_row("t", -inf, 0.0, [(x, 1.0), (z, -1.0)]);
        assert_eq!(Violations::of(&model, &[0.1, 0.2, 1.0]).row, 0.0, "0.1 + 0.2 is 0.3");
        let of = Violations::of(&model, &[1e10, 0.75, 1e10]).row;
        assert_eq!(of, 1e10 + 0.45, "x + y - 0.3");
        model.rows.remove(0);
        assert_eq!(Violations::of(&model, &[1e10, 0.75, 1e10]).row, 0.75, "1e26 hides it from plain sums");
        // A third of 1e-9 is no float: it is rounded up.
        model.add_row("u", -inf, 0.0, [(y, 1.0 / 3.0)]);
        let of = Violations::of(&model, &[0.0, 1e-9, 1.0]).row;
        assert!(decimal(of) >= decimal(1.0 / 3.0) * decimal(1e-9) && of <= 3.34e-10, "{of}");
    }

    /// Rows over whole columns: digits beyond those of a float count, and decimals are what they say.
    #[test]
    fn whole_rows_hold_exactly_or_not() {
        let inf = f64::INFINITY;
        let mut model = Model::new("t");
        let [n, m] = ["n", "m"].map(|name| model.add_var(name, -inf, inf, 0.0, VarKind::Integer));
        model.add_row("r", 1_000_000_000_000_001.0, inf, [(n, 3.0)]);
        let feasible = |model: &Model, point: &[f64]| is_feasible(model, point, 1e-9, 1e-9);
        assert!(!feasible(&model, &[333_333_333_333_333.0, 0.0]) && feasible(&model, &[333_333_333_333_334.0, 0.0]));
        let mut model = Model { rows: Vec::new(), ..model };
        model.add_row("s", 0.3, 0.3, [(n, 0.1), (m, 0.2)]);
        assert!(feasible(&model, &[1.0, 1.0]), "in floats the sum is 0.30000000000000004");
        // 9007199254740993 is no float: the products are exact all the same.
        let mut model = Model { rows: Vec::new(), ..model };
        model.add_row("t", 0.0, 0.0, [(n, 9_007_199_254_740_991.0), (m, -3.0)]);
        assert!(feasible(&model, &[3.0, 9_007_199_254_740_991.0]));
        assert!(!feasible(&model, &[3.0, 9_007_199_254_740_990.0]));
        let y = model.add_var("y", -inf, inf, 0.0, VarKind::Continuous);
        let mut model = Model { rows: Vec::new(), ..model };
        model.add_row("u", 0.0, 0.0, [(n, 1e10), (y, -1.0)]);
        assert!(feasible(&model, &[1.0, 0.0, 1e10 + 2e-6]), "one unit in the last place of y");
        assert!(!feasible(&model, &[1.0, 0.0, 1e10 + 1e-4]));
    }
}
