//! A linear program in exact rationals, solved by the two-phase tableau simplex with Bland's rule.
//!
//! Meant to be believed by reading: no scaling, no tolerance, no clever pivoting. Bland's rule (Bland, New finite
//! pivoting rules for the simplex method, Math. Oper. Res. 2, 1977) takes the entering and the leaving variable of the
//! lowest index, which excludes cycling, so the method ends.

use crate::Rational;

/// minimise c'y subject to A y = b, y >= 0, with b >= 0.
#[derive(Clone, Debug)]
pub(crate) struct RationalLp {
    rhs: Vec<Rational>,
    cost: Vec<Rational>,
    columns: Vec<Vec<Rational>>,
}

/// How a [`RationalLp`] ends.
#[derive(Clone, Debug)]
pub(crate) enum Solution {
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
    /// A program with the rows' right-hand sides `rhs`, all >= 0, and no column yet.
    pub(crate) fn new(rhs: Vec<Rational>) -> Self {
        assert!(rhs.iter().all(|b| *b >= Rational::ZERO), "right-hand sides are not negative");
        Self { rhs, cost: vec![], columns: vec![] }
    }

    /// Adds a column of A with its cost; entries on one row are added up. Returns its index.
    pub(crate) fn column(&mut self, cost: Rational, entries: impl IntoIterator<Item = (usize, Rational)>) -> usize {
        let mut column = vec![Rational::ZERO; self.rhs.len()];
        for (row, value) in entries {
            column[row] += value;
        }
        self.cost.push(cost);
        self.columns.push(column);
        self.columns.len() - 1
    }

    /// Solves the program; cost O(rows * columns) rational operations a pivot.
    pub(crate) fn solve(&self) -> Solution {
        let mut tableau = Tableau::new(self);
        // Phase 1 is bounded below by 0.
        while tableau.pivot(Phase::Feasibility).is_some_and(|moved| moved) {}
        if tableau.feasibility[tableau.width - 1] != Rational::ZERO {
            return Solution::Infeasible;
        }
        tableau.expel_artificials();
        loop {
            match tableau.pivot(Phase::Optimality) {
                Some(true) => {}
                Some(false) => return tableau.optimal(),
                None => return Solution::Unbounded,
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Feasibility,
    Optimality,
}

/// Rows B^-1 (A, I, b); the columns of I are the artificial variables, which never re-enter but show B^-1.
struct Tableau {
    structural: usize,
    width: usize,
    rows: Vec<Vec<Rational>>,
    /// Reduced costs of the sum of artificials; the last entry is minus its value.
    feasibility: Vec<Rational>,
    /// Reduced costs of c; the last entry is minus its value.
    optimality: Vec<Rational>,
    basis: Vec<usize>,
}

impl Tableau {
    fn new(lp: &RationalLp) -> Self {
        let (rows, structural) = (lp.rhs.len(), lp.columns.len());
        let width = structural + rows + 1;
        let row = |i: usize| -> Vec<Rational> {
            let identity = (0..rows).map(|k| if k == i { Rational::ONE } else { Rational::ZERO });
            lp.columns.iter().map(|column| column[i].clone()).chain(identity).chain([lp.rhs[i].clone()]).collect()
        };
        let rows: Vec<Vec<Rational>> = (0..rows).map(row).collect();
        let mut feasibility = vec![Rational::ZERO; width];
        for row in &rows {
            for j in (0..structural).chain([width - 1]) {
                feasibility[j] -= &row[j];
            }
        }
        let mut optimality = lp.cost.clone();
        optimality.resize(width, Rational::ZERO);
        let basis = (structural..width - 1).collect();
        Self { structural, width, rows, feasibility, optimality, basis }
    }

    /// One step by Bland's rule: `Some(true)` moved, `Some(false)` optimal, `None` unbounded.
    fn pivot(&mut self, phase: Phase) -> Option<bool> {
        let reduced = if phase == Phase::Feasibility { &self.feasibility } else { &self.optimality };
        let Some(entering) = (0..self.structural).find(|&j| reduced[j] < Rational::ZERO) else { return Some(false) };
        let last = self.width - 1;
        let ratio = |i: usize| &self.rows[i][last] / &self.rows[i][entering];
        let leaving = (0..self.rows.len())
            .filter(|&i| self.rows[i][entering] > Rational::ZERO)
            .map(|i| (ratio(i), self.basis[i], i))
            .min()
            .map(|(_, _, i)| i)?;
        self.exchange(leaving, entering);
        Some(true)
    }

    /// Makes `entering` basic in row `leaving`.
    fn exchange(&mut self, leaving: usize, entering: usize) {
        let mut pivot_row = std::mem::take(&mut self.rows[leaving]);
        let pivot = pivot_row[entering].clone();
        for value in pivot_row.iter_mut().filter(|value| !value.is_zero()) {
            *value /= &pivot;
        }
        for row in self.rows.iter_mut().chain([&mut self.feasibility, &mut self.optimality]) {
            let Some(factor) = row.get(entering).filter(|factor| !factor.is_zero()).cloned() else { continue };
            for (value, above) in row.iter_mut().zip(&pivot_row).filter(|(_, above)| !above.is_zero()) {
                *value -= &factor * above;
            }
        }
        self.rows[leaving] = pivot_row;
        self.basis[leaving] = entering;
    }

    /// After phase 1: artificials still basic are 0; swap them out where the row has anything else. A row that has
    /// nothing else is redundant and stays at rest.
    fn expel_artificials(&mut self) {
        for i in 0..self.rows.len() {
            if self.basis[i] >= self.structural
                && let Some(j) = (0..self.structural).find(|&j| !self.rows[i][j].is_zero())
            {
                self.exchange(i, j);
            }
        }
    }

    fn optimal(&self) -> Solution {
        let last = self.width - 1;
        let mut values = vec![Rational::ZERO; self.structural];
        for (row, &var) in self.rows.iter().zip(&self.basis).filter(|&(_, &var)| var < self.structural) {
            values[var] = row[last].clone();
        }
        let duals = self.optimality[self.structural..last].iter().map(|d| -d.clone()).collect();
        Solution::Optimal { values, duals, objective: -self.optimality[last].clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::{RationalLp, Solution};
    use crate::Rational;

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
}
