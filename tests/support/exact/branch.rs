//! Branch and bound in exact arithmetic. Equations of whole columns are solved in whole numbers first, rows of whole
//! columns are divided by the greatest common divisor and their sides rounded; then depth first, on the first column that
//! is not whole.

use super::lattice::Lattice;
use super::lp::{Row, Solved, common_denominator, minimise};
use super::{Truth, sum};
use checker::model::Sense;
use checker::{Model, Rational};
use dashu::base::Gcd;
use dashu::integer::{IBig, UBig};

type Bounds = Vec<Option<Rational>>;

/// Minimise `constant + cost'x` over rows and bounds, some columns whole.
#[derive(Clone, Debug)]
pub struct Problem {
    cost: Vec<Rational>,
    constant: Rational,
    rows: Vec<Row>,
    lower: Bounds,
    upper: Bounds,
    integer: Vec<bool>,
}

impl Problem {
    /// The model, turned to minimise, without its constant, equations of whole columns solved. `None` if these or crossed
    /// sides already show that no point satisfies it.
    #[must_use]
    pub fn of(model: &Model) -> Option<Self> {
        let n = model.columns.len();
        let mut lattice = Lattice::all(n);
        let integer = |j: usize| model.columns[j].integer;
        for row in &model.rows {
            if let Some(side) = &row.lower
                && row.lower == row.upper
                && row.terms.iter().all(|(j, _)| integer(*j))
            {
                let factor = Rational::from(common_denominator(row.terms.iter().map(|(_, a)| a)));
                let terms: Vec<(usize, IBig)> =
                    row.terms.iter().map(|(j, a)| (*j, (a * &factor).numerator().clone())).collect();
                let side = side * factor;
                if !side.is_int() || !lattice.restrict(&terms, side.numerator()) {
                    return None;
                }
            }
        }
        let mut problem = Self {
            cost: vec![],
            constant: Rational::ZERO,
            rows: vec![],
            lower: vec![None; lattice.directions.len()],
            upper: vec![None; lattice.directions.len()],
            integer: vec![],
        };
        // Every old column in the new ones, which are the lattice's coordinates (continuous columns are their own).
        let point: Vec<Rational> = lattice.point.iter().cloned().map(Rational::from).collect();
        let mut column: Vec<Vec<(usize, Rational)>> = vec![vec![]; n];
        for (k, direction) in lattice.directions.iter().enumerate() {
            for (j, step) in direction.iter().enumerate().filter(|(_, step)| !step.is_zero()) {
                column[j].push((k, Rational::from(step.clone())));
            }
            problem.integer.push((0..n).all(|j| integer(j) || direction[j].is_zero()));
        }
        let count = lattice.directions.len();
        let express = |terms: &[(usize, Rational)]| {
            let mut new = vec![Rational::ZERO; count];
            terms.iter().for_each(|(j, a)| column[*j].iter().for_each(|(k, step)| new[*k] += a * step));
            let constant = sum(terms.iter().map(|(j, a)| a * &point[*j]));
            (new, constant)
        };
        (problem.cost, problem.constant) = express(&model.objective);
        if model.sense == Sense::Maximise {
            problem.constant = -problem.constant;
            problem.cost.iter_mut().for_each(|c| *c = -std::mem::take(c));
        }
        for row in &model.rows {
            problem.add(express(&row.terms), row.lower.as_ref(), row.upper.as_ref())?;
        }
        for (j, old) in model.columns.iter().enumerate() {
            problem.add(express(&[(j, Rational::ONE)]), old.lower.as_ref(), old.upper.as_ref())?;
        }
        Some(problem)
    }

    /// Adds a row or, where it has one term, a bound. `None` if it can never hold.
    fn add(
        &mut self,
        (form, constant): (Vec<Rational>, Rational),
        lower: Option<&Rational>,
        upper: Option<&Rational>,
    ) -> Option<()> {
        let mut terms: Vec<(usize, Rational)> = form.into_iter().enumerate().filter(|(_, a)| !a.is_zero()).collect();
        let (mut lower, mut upper) = (lower.map(|side| side - &constant), upper.map(|side| side - &constant));
        if terms.is_empty() {
            let holds =
                lower.is_none_or(|side| side <= Rational::ZERO) && upper.is_none_or(|side| side >= Rational::ZERO);
            return holds.then_some(());
        }
        if terms.iter().all(|(k, _)| self.integer[*k]) {
            let factor = step(terms.iter().map(|(_, a)| a)).expect("a term");
            terms.iter_mut().for_each(|(_, a)| *a /= &factor);
            lower = lower.map(|side| Rational::from((side / &factor).ceil()));
            upper = upper.map(|side| Rational::from((side / &factor).floor()));
        }
        if let [(k, a)] = &terms[..] {
            let (mut low, mut high) = (lower.map(|side| side / a), upper.map(|side| side / a));
            if *a < Rational::ZERO {
                std::mem::swap(&mut low, &mut high);
            }
            tighten(&mut self.lower[*k], low, |new, old| new > old);
            tighten(&mut self.upper[*k], high, |new, old| new < old);
            return match (&self.lower[*k], &self.upper[*k]) {
                (Some(low), Some(high)) if low > high => None,
                _ => Some(()),
            };
        }
        if matches!((&lower, &upper), (Some(low), Some(high)) if low > high) {
            return None;
        }
        self.rows.push(Row { terms, lower, upper });
        Some(())
    }

    /// The optimum, minimised and without the model's constant.
    #[must_use]
    pub fn minimise(&self, nodes: u64) -> Truth {
        match minimise(&self.cost, &self.rows, &self.lower, &self.upper) {
            Solved::Infeasible => Truth::Infeasible,
            Solved::Unbounded if !self.integer.contains(&true) => Truth::Unbounded,
            Solved::Unbounded => {
                let any = Self { cost: vec![Rational::ZERO; self.cost.len()], ..self.clone() };
                match any.search(nodes) {
                    Truth::Optimal(_) => Truth::Unbounded,
                    other => other,
                }
            }
            Solved::Optimal { .. } => self.search(nodes),
        }
    }

    fn search(&self, nodes: u64) -> Truth {
        // Objectives differ by multiples of this, if only whole columns have a cost.
        let of_whole = self.cost.iter().zip(&self.integer).all(|(c, &integer)| integer || c.is_zero());
        let grid = step(self.cost.iter().filter(|c| !c.is_zero())).filter(|_| of_whole).unwrap_or(Rational::ZERO);
        let anything = self.cost.iter().all(Rational::is_zero);
        let mut best: Option<Rational> = None;
        let mut open = vec![(self.lower.clone(), self.upper.clone())];
        for _ in 0..nodes {
            let Some((lower, upper)) = open.pop() else {
                return best.map_or(Truth::Infeasible, |best| Truth::Optimal(best + &self.constant));
            };
            let Solved::Optimal { objective, point } = minimise(&self.cost, &self.rows, &lower, &upper) else {
                continue;
            };
            if best.as_ref().is_some_and(|best| objective > best - &grid || objective >= *best) {
                continue;
            }
            let Some(j) = (0..point.len()).find(|&j| self.integer[j] && !point[j].is_int()) else {
                if anything {
                    return Truth::Optimal(self.constant.clone());
                }
                best = Some(objective);
                continue;
            };
            let (down, up) = (Rational::from(point[j].floor()), Rational::from(point[j].ceil()));
            let nearer_up = &up - &point[j] < &point[j] - &down;
            let mut below = (lower.clone(), upper.clone());
            below.1[j] = Some(down);
            let mut above = (lower, upper);
            above.0[j] = Some(up);
            open.extend(if nearer_up { [below, above] } else { [above, below] });
        }
        Truth::Undecided
    }
}

fn tighten(bound: &mut Option<Rational>, new: Option<Rational>, better: impl Fn(&Rational, &Rational) -> bool) {
    if let Some(new) = new
        && bound.as_ref().is_none_or(|old| better(&new, old))
    {
        *bound = Some(new);
    }
}

/// The greatest rational that all are whole multiples of, `None` for none; all must be non-zero.
fn step<'a>(numbers: impl Iterator<Item = &'a Rational> + Clone) -> Option<Rational> {
    let common = common_denominator(numbers.clone());
    let size = |number: &Rational| -> UBig {
        let whole = number * Rational::from(common.clone());
        dashu::base::UnsignedAbs::unsigned_abs(whole.numerator())
    };
    let divisor = numbers.map(size).reduce(|a, b| a.gcd(b))?;
    Some(Rational::from(divisor) / Rational::from(common))
}
