//! A linear program in exact rationals, solved by the revised simplex method in whole numbers.
//!
//! Rows and costs are multiplied by positive numbers until all are whole. The inverse of the basis is kept as whole
//! numbers over one denominator, the determinant of the basis, so that a pivot is a step of fraction-free elimination
//! (Bareiss, Math. Comp. 22, 1968): no common divisor is ever taken, and no number is longer than a determinant.
//!
//! The column of least reduced cost enters. Of the rows of least ratio the lexicographically least leaves, with an
//! infinitesimal perturbation of the right-hand sides in front of the rows of the inverse (Dantzig, Orden and Wolfe,
//! Pacific J. Math. 5, 1955): the rows differ, so there is always one, and the method ends.

use crate::Rational;
use crate::whole::{common_denominator, widen};
use budget::Effort;
use dashu::base::{BitTest, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use std::cmp::Ordering;

/// minimise c'y subject to A y = b, y >= 0, with b >= 0.
///
/// ```
/// use numerics::Rational;
/// use numerics::rational_lp::{RationalLp, Solution};
///
/// // Half a unit of what costs 3, or as much of what costs 1 and 4 for the same row.
/// let mut lp = RationalLp::new(vec![Rational::from(1)]);
/// lp.column(Rational::from(3), [(0, Rational::from(2))]);
/// lp.column(Rational::from(5), [(0, Rational::from(1))]);
/// let Solution::Optimal { objective, .. } = lp.solve() else { panic!("it has an optimum") };
/// assert_eq!(objective, Rational::from(3) / Rational::from(2));
/// ```
#[derive(Clone, Debug)]
pub struct RationalLp {
    rhs: Vec<Rational>,
    cost: Vec<Rational>,
    columns: Vec<Vec<(usize, Rational)>>,
}

/// How a [`RationalLp`] ends.
#[derive(Clone, Debug)]
pub enum Solution {
    /// A basic optimal solution: at most as many positive `values` as rows.
    Optimal {
        /// y, one a column.
        values: Vec<Rational>,
        /// pi with pi'A <= c' and pi'b = c'y, one a row.
        duals: Vec<Rational>,
        /// c'y.
        objective: Rational,
    },
    /// No y satisfies the rows.
    Infeasible,
    /// c'y has no minimum.
    Unbounded,
}

impl RationalLp {
    /// A program with the rows' right-hand sides `rhs` and no column yet.
    ///
    /// # Panics
    /// If a right-hand side is negative.
    #[must_use]
    pub fn new(rhs: Vec<Rational>) -> Self {
        assert!(rhs.iter().all(|b| *b >= Rational::ZERO), "right-hand sides are not negative");
        Self { rhs, cost: vec![], columns: vec![] }
    }

    /// Adds a column of A with its cost; entries on one row are added up. Returns its index.
    pub fn column(&mut self, cost: Rational, entries: impl IntoIterator<Item = (usize, Rational)>) -> usize {
        let mut column: Vec<(usize, Rational)> = Vec::new();
        for (row, value) in entries {
            match column.iter_mut().find(|(at, _)| *at == row) {
                Some((_, sum)) => *sum += value,
                None => column.push((row, value)),
            }
        }
        self.cost.push(cost);
        self.columns.push(column);
        self.columns.len() - 1
    }

    /// Solves the program. A pivot costs O(rows^2) products of determinants and O(rows * columns) of a determinant and
    /// an entry.
    ///
    /// # Panics
    /// Never: nothing says stop.
    #[must_use]
    pub fn solve(&self) -> Solution {
        self.solve_within(&mut Effort::unlimited()).expect("nothing says stop")
    }

    /// Solves the program, or gives up with `None` once `effort` runs out.
    #[must_use]
    pub fn solve_within(&self, effort: &mut Effort<'_>) -> Option<Solution> {
        let mut simplex = Simplex::new(self);
        // Phase 1 is bounded below by 0.
        while simplex.infeasible() {
            match simplex.step(Phase::Feasibility, effort)? {
                Step::Moved => {}
                Step::Optimal | Step::Unbounded => return Some(Solution::Infeasible),
            }
        }
        simplex.expel_artificials(effort)?;
        if simplex.cost.iter().any(|c| !c.is_zero()) {
            simplex.perturb();
            loop {
                match simplex.step(Phase::Optimality, effort)? {
                    Step::Moved => {}
                    Step::Optimal => break,
                    Step::Unbounded => return Some(Solution::Unbounded),
                }
            }
        }
        Some(simplex.optimal(self))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Feasibility,
    Optimality,
}

enum Step {
    Moved,
    Optimal,
    Unbounded,
}

/// Places in [`Simplex::rows`] before the row of the inverse: the basic variable's value, and its infinitesimal part.
const VALUE: usize = 0;
const INFINITESIMAL: usize = 1;
const INVERSE: usize = 2;

/// The program in whole numbers, and B^-1 (b, perturbation, I) times `denominator`, one row a basic variable.
struct Simplex {
    columns: Vec<Vec<(usize, IBig)>>,
    cost: Vec<IBig>,
    /// What rows and costs were multiplied by.
    units: Vec<UBig>,
    cost_unit: UBig,
    rows: Vec<Vec<IBig>>,
    denominator: IBig,
    /// Variables from `columns.len()` on are artificial; once out of the basis they stay out.
    basis: Vec<usize>,
    is_basic: Vec<bool>,
}

impl Simplex {
    fn new(lp: &RationalLp) -> Self {
        let count = lp.rhs.len();
        let mut units: Vec<UBig> = lp.rhs.iter().map(|b| b.denominator().clone()).collect();
        for (row, value) in lp.columns.iter().flatten() {
            widen(&mut units[*row], value.denominator());
        }
        let cost_unit = common_denominator(&lp.cost);
        let whole = |value: &Rational, unit: &UBig| value.numerator() * IBig::from(unit / value.denominator());
        let column = |column: &Vec<(usize, Rational)>| {
            column.iter().filter(|(_, v)| !v.is_zero()).map(|(row, v)| (*row, whole(v, &units[*row]))).collect()
        };
        let columns: Vec<Vec<(usize, IBig)>> = lp.columns.iter().map(column).collect();
        let mut rows = vec![vec![IBig::ZERO; INVERSE + count]; count];
        for (i, row) in rows.iter_mut().enumerate() {
            row[VALUE] = whole(&lp.rhs[i], &units[i]);
            row[INVERSE + i] = IBig::ONE;
        }
        let mut simplex = Self {
            cost: lp.cost.iter().map(|c| whole(c, &cost_unit)).collect(),
            basis: (columns.len()..columns.len() + count).collect(),
            is_basic: vec![false; columns.len()],
            columns,
            units,
            cost_unit,
            rows,
            denominator: IBig::ONE,
        };
        simplex.perturb();
        simplex
    }

    /// Gives every basic variable an infinitesimal part: different numbers in no particular order, so that few ties are
    /// left to the inverse.
    fn perturb(&mut self) {
        let mut state = 1_u32;
        for row in &mut self.rows {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            row[INFINITESIMAL] = &self.denominator * IBig::from((state >> 16) + 1);
        }
    }

    fn is_artificial(&self, row: usize) -> bool {
        self.basis[row] >= self.columns.len()
    }

    /// Whether an artificial variable is above 0.
    fn infeasible(&self) -> bool {
        (0..self.rows.len()).any(|i| self.is_artificial(i) && !self.rows[i][VALUE].is_zero())
    }

    /// Work of one pivot in products of words.
    fn work(&self) -> u64 {
        let words = 1 + self.denominator.bit_len() as u64 / 64;
        let (rows, columns) = (self.rows.len() as u64, self.columns.len() as u64);
        rows * words * (2 * rows * words + columns)
    }

    fn step(&mut self, phase: Phase, effort: &mut Effort<'_>) -> Option<Step> {
        if !effort.spend(self.work()) {
            return None;
        }
        let Some(entering) = self.entering(phase) else { return Some(Step::Optimal) };
        let column = self.transformed(entering);
        let Some(leaving) = self.leaving(&column) else { return Some(Step::Unbounded) };
        self.exchange(leaving, entering, &column);
        Some(Step::Moved)
    }

    /// The multipliers of the rows, times the denominator.
    fn multipliers(&self, phase: Phase) -> Vec<IBig> {
        let mut multipliers = vec![IBig::ZERO; self.rows.len()];
        for (i, row) in self.rows.iter().enumerate() {
            let cost = match phase {
                Phase::Feasibility if self.is_artificial(i) => &IBig::ONE,
                Phase::Optimality if !self.is_artificial(i) => &self.cost[self.basis[i]],
                _ => &IBig::ZERO,
            };
            if !cost.is_zero() {
                multipliers.iter_mut().zip(&row[INVERSE..]).for_each(|(sum, v)| *sum += cost * v);
            }
        }
        multipliers
    }

    /// The column of least reduced cost, if that is negative; the first of equals.
    fn entering(&self, phase: Phase) -> Option<usize> {
        let multipliers = self.multipliers(phase);
        let mut best: Option<(usize, IBig)> = None;
        for (j, column) in self.columns.iter().enumerate().filter(|&(j, _)| !self.is_basic[j]) {
            let cost = match phase {
                Phase::Feasibility => IBig::ZERO,
                Phase::Optimality => &self.cost[j] * &self.denominator,
            };
            let reduced = column.iter().fold(cost, |sum, (row, v)| sum - &multipliers[*row] * v);
            if reduced < best.as_ref().map_or(IBig::ZERO, |(_, least)| least.clone()) {
                best = Some((j, reduced));
            }
        }
        best.map(|(j, _)| j)
    }

    /// One entry of B^-1 A_j, times the denominator.
    fn entry(&self, row: usize, j: usize) -> IBig {
        self.columns[j].iter().fold(IBig::ZERO, |sum, (r, v)| sum + &self.rows[row][INVERSE + r] * v)
    }

    fn transformed(&self, j: usize) -> Vec<IBig> {
        (0..self.rows.len()).map(|row| self.entry(row, j)).collect()
    }

    /// The row of least ratio among those where `column` is positive.
    fn leaving(&self, column: &[IBig]) -> Option<usize> {
        (0..self.rows.len()).filter(|&i| column[i] > IBig::ZERO).min_by(|&a, &b| {
            let both = self.rows[a].iter().zip(&self.rows[b]);
            both.map(|(x, y)| (x * &column[b]).cmp(&(y * &column[a])))
                .find(|&o| o != Ordering::Equal)
                .unwrap_or(a.cmp(&b))
        })
    }

    /// Makes `entering`, whose transformed column is given, basic in row `leaving`.
    fn exchange(&mut self, leaving: usize, entering: usize, column: &[IBig]) {
        let pivot = &column[leaving];
        let pivot_row = std::mem::take(&mut self.rows[leaving]);
        for (row, factor) in self.rows.iter_mut().zip(column) {
            for (value, above) in row.iter_mut().zip(&pivot_row) {
                if factor.is_zero() || above.is_zero() {
                    if !value.is_zero() {
                        *value = &*value * pivot / &self.denominator;
                    }
                } else {
                    *value = (&*value * pivot - factor * above) / &self.denominator;
                }
            }
        }
        self.rows[leaving] = pivot_row;
        self.denominator = pivot.clone();
        if self.denominator < IBig::ZERO {
            self.denominator = -std::mem::take(&mut self.denominator);
            self.rows.iter_mut().flatten().for_each(|value| *value = -std::mem::take(value));
        }
        if let Some(left) = self.is_basic.get_mut(self.basis[leaving]) {
            *left = false;
        }
        self.is_basic[entering] = true;
        self.basis[leaving] = entering;
    }

    /// After phase 1: artificials still basic are 0; swap them out where the row has anything else. A row that has
    /// nothing else is redundant and stays at rest.
    fn expel_artificials(&mut self, effort: &mut Effort<'_>) -> Option<()> {
        for i in 0..self.rows.len() {
            if self.is_artificial(i)
                && let Some(j) = (0..self.columns.len()).find(|&j| !self.is_basic[j] && !self.entry(i, j).is_zero())
            {
                if !effort.spend(self.work()) {
                    return None;
                }
                let column = self.transformed(j);
                self.exchange(i, j, &column);
            }
        }
        Some(())
    }

    fn optimal(&self, lp: &RationalLp) -> Solution {
        let denominator = self.denominator.clone().unsigned_abs();
        let mut values = vec![Rational::ZERO; self.columns.len()];
        for (row, &var) in self.rows.iter().zip(&self.basis) {
            if let Some(value) = values.get_mut(var) {
                *value = Rational::from_parts(row[VALUE].clone(), denominator.clone());
            }
        }
        let multipliers = self.multipliers(Phase::Optimality);
        let all = denominator * &self.cost_unit;
        let duals = multipliers.into_iter().zip(&self.units);
        let duals = duals.map(|(pi, unit)| Rational::from_parts(pi * IBig::from(unit.clone()), all.clone())).collect();
        let objective = values.iter().zip(&lp.cost).fold(Rational::ZERO, |sum, (y, c)| sum + y * c);
        Solution::Optimal { values, duals, objective }
    }
}

#[cfg(test)]
mod tests {
    use super::{RationalLp, Solution};
    use crate::Rational;
    use budget::Effort;
    use std::cell::Cell;

    fn int(value: i32) -> Rational {
        Rational::from(value)
    }

    #[test]
    fn a_small_program_has_its_hand_computed_optimum_and_duals() {
        // min -3x - 5y, x + s = 4, 2y + t = 12, 3x + 2y + u = 18 (Hillier and Lieberman's first example): -36 at (2, 6).
        let mut lp = RationalLp::new(vec![int(4), int(12), int(18)]);
        lp.column(int(-3), [(0, int(1)), (2, int(3))]);
        lp.column(int(-5), [(1, int(2)), (2, int(2))]);
        for i in 0..3 {
            lp.column(int(0), [(i, int(1))]);
        }
        let Solution::Optimal { values, duals, objective } = lp.solve() else { panic!("the program has an optimum") };
        assert_eq!(objective, int(-36));
        assert_eq!(values[..2], [int(2), int(6)]);
        assert_eq!(duals, [int(0), Rational::from_parts((-3).into(), 2u8.into()), int(-1)]);
    }

    #[test]
    fn beales_example_does_not_cycle() {
        // Beale (1955): the largest-coefficient rule cycles here; the optimum is -1/20.
        let parts = |p: i32, q: u32| Rational::from_parts(p.into(), q.into());
        let mut lp = RationalLp::new(vec![int(0), int(0), int(1)]);
        lp.column(parts(-3, 4), [(0, parts(1, 4)), (1, parts(1, 2))]);
        lp.column(int(150), [(0, int(-60)), (1, int(-90))]);
        lp.column(parts(-1, 50), [(0, parts(-1, 25)), (1, parts(-1, 50)), (2, int(1))]);
        lp.column(int(6), [(0, int(9)), (1, int(3))]);
        for i in 0..3 {
            lp.column(int(0), [(i, int(1))]);
        }
        let Solution::Optimal { objective, .. } = lp.solve() else { panic!("the program has an optimum") };
        assert_eq!(objective, parts(-1, 20));
    }

    #[test]
    fn infeasible_unbounded_and_redundant_rows_are_told_apart() {
        let mut infeasible = RationalLp::new(vec![int(1)]);
        infeasible.column(int(0), [(0, int(-1))]);
        assert!(matches!(infeasible.solve(), Solution::Infeasible));

        let mut unbounded = RationalLp::new(vec![int(0)]);
        unbounded.column(int(-1), [(0, int(1))]);
        unbounded.column(int(0), [(0, int(-1))]);
        assert!(matches!(unbounded.solve(), Solution::Unbounded));

        let mut redundant = RationalLp::new(vec![int(1), int(2)]);
        redundant.column(int(1), [(0, int(1)), (1, int(2))]);
        let Solution::Optimal { objective, values, .. } = redundant.solve() else { panic!("the program is feasible") };
        assert_eq!((objective, &values[..]), (int(1), &[int(1)][..]));
    }

    #[test]
    fn it_gives_up_between_pivots_when_told_to() {
        let mut lp = RationalLp::new(vec![int(4), int(12)]);
        for j in 0..6 {
            lp.column(int(-j), [(0, int(1 + j % 3)), (1, int(7 - j))]);
        }
        assert!(lp.solve_within(&mut Effort { words: 1, stop: &|| false }).is_none());
        let asked = Cell::new(0);
        let stop = || {
            asked.set(asked.get() + 1);
            asked.get() > 2
        };
        assert!(lp.solve_within(&mut Effort { words: u64::MAX, stop: &stop }).is_none());
        assert_eq!(asked.get(), 3);
    }

    #[test]
    fn full_precision_in_many_dimensions_takes_a_moment() {
        // Two points a dimension with fractions of 52 bits each, which meet in a common centre: the numbers on the
        // way are determinants of some 2,000 bits. With common divisors this took minutes.
        let (dimensions, points) = (35, 90);
        let mut state = 1_u64;
        let mut fraction = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Rational::from_parts(((state >> 12) as i64 - (1_i64 << 51)).into(), (1_u64 << 52).into())
        };
        let mut rhs = vec![int(0); dimensions];
        rhs.push(int(1));
        let mut lp = RationalLp::new(rhs);
        for _ in 0..points {
            let entries: Vec<_> = (0..dimensions).map(|row| (row, fraction())).chain([(dimensions, int(1))]).collect();
            lp.column(int(0), entries);
        }
        let mut effort = Effort { words: 1 << 30, stop: &|| false };
        match lp.solve_within(&mut effort).expect("well within the work allowed") {
            Solution::Optimal { values, .. } => {
                for row in 0..=dimensions {
                    let zip = lp.columns.iter().zip(&values);
                    let sum = zip.fold(int(0), |sum, (column, y)| sum + &column[row].1 * y);
                    assert_eq!(sum, int(i32::from(row == dimensions)));
                }
            }
            Solution::Infeasible => {}
            Solution::Unbounded => panic!("no column has a cost"),
        }
    }
}
