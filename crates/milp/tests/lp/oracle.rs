//! An exact linear-programming solver for tiny problems: Chvatal's dictionaries in rationals, Bland's rule, two phases.
//! It shares nothing with the solver under test.

use dashu::rational::RBig;
use milp::simplex::LpProblem;

/// What is true of a problem.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    Optimal(f64),
    Infeasible,
    Unbounded,
}

fn exact(value: f64) -> RBig {
    RBig::try_from(value).expect("finite")
}

/// `basic = constant + coefficients * nonbasic`, one row a basic variable; the last row is the objective to maximise.
struct Dictionary {
    rows: Vec<Vec<RBig>>,
    basic: Vec<usize>,
    nonbasic: Vec<usize>,
}

impl Dictionary {
    fn pivot(&mut self, r: usize, c: usize) {
        let mut row = std::mem::take(&mut self.rows[r]);
        let pivot = std::mem::replace(&mut row[c + 1], RBig::ONE);
        // nonbasic_c = (basic_r - rest) / pivot
        for (k, entry) in row.iter_mut().enumerate() {
            let sign = if k == c + 1 { RBig::ONE } else { -RBig::ONE };
            *entry = &*entry * sign / &pivot;
        }
        for (i, other) in self.rows.iter_mut().enumerate() {
            if i == r || other[c + 1] == RBig::ZERO {
                continue;
            }
            let factor = std::mem::replace(&mut other[c + 1], RBig::ZERO);
            for (entry, step) in other.iter_mut().zip(&row) {
                *entry += &factor * step;
            }
        }
        self.rows[r] = row;
        std::mem::swap(&mut self.basic[r], &mut self.nonbasic[c]);
    }

    /// Bland's rule to the optimum; false if unbounded.
    fn maximise(&mut self) -> bool {
        loop {
            let objective = self.rows.last().expect("objective row");
            let entering =
                (0..self.nonbasic.len()).filter(|&c| objective[c + 1] > RBig::ZERO).min_by_key(|&c| self.nonbasic[c]);
            let Some(c) = entering else { return true };
            let mut leaving: Option<(RBig, usize)> = None;
            for r in 0..self.basic.len() {
                if self.rows[r][c + 1] < RBig::ZERO {
                    let ratio = -&self.rows[r][0] / &self.rows[r][c + 1];
                    let better = leaving.as_ref().is_none_or(|(known, held)| {
                        ratio < *known || (ratio == *known && self.basic[r] < self.basic[*held])
                    });
                    if better {
                        leaving = Some((ratio, r));
                    }
                }
            }
            let Some((_, r)) = leaving else { return false };
            self.pivot(r, c);
        }
    }
}

/// Solves the problem with other bounds (length n + m) exactly. Every variable is split into two non-negative ones.
pub fn solve(problem: &LpProblem, lower: &[f64], upper: &[f64]) -> Truth {
    let (n, m) = (problem.num_cols(), problem.num_rows());
    if lower.iter().zip(upper).any(|(l, u)| l > u) {
        return Truth::Infeasible;
    }
    let unit = |k: usize| (0..n).map(|j| if j == k { 1.0 } else { 0.0 }).collect();
    let mut forms: Vec<Vec<f64>> = (0..n + m).map(unit).collect();
    (0..n).for_each(|j| problem.columns.column(j).for_each(|(i, a)| forms[n + i][j] = a));
    // form <= upper and -form <= -lower, as slack = side - form (x = p - q, columns p then q, then the artificial).
    let artificial = 2 * n;
    let mut rows = Vec::new();
    for (form, (&lower, &upper)) in forms.iter().zip(lower.iter().zip(upper)) {
        for (side, sign) in [(upper, -1.0), (lower, 1.0)] {
            if side.is_finite() {
                let mut row = vec![exact(-sign * side)];
                row.extend(form.iter().map(|a| exact(sign * a)));
                row.extend(form.iter().map(|a| exact(-sign * a)));
                row.push(RBig::ONE);
                rows.push(row);
            }
        }
    }
    let count = rows.len();
    let mut objective = vec![RBig::ZERO; 2 * n + 2];
    objective[artificial + 1] = -RBig::ONE;
    rows.push(objective);
    let mut dictionary =
        Dictionary { rows, basic: (2 * n + 1..2 * n + 1 + count).collect(), nonbasic: (0..=2 * n).collect() };
    let worst = (0..count).min_by(|&a, &b| dictionary.rows[a][0].cmp(&dictionary.rows[b][0]));
    if let Some(worst) = worst
        && dictionary.rows[worst][0] < RBig::ZERO
    {
        dictionary.pivot(worst, artificial);
        assert!(dictionary.maximise(), "phase one is bounded");
        if dictionary.rows[count][0] < RBig::ZERO {
            return Truth::Infeasible;
        }
        if let Some(r) = dictionary.basic.iter().position(|&var| var == artificial) {
            let c = (0..dictionary.nonbasic.len()).find(|&c| dictionary.rows[r][c + 1] != RBig::ZERO);
            dictionary.pivot(r, c.expect("the artificial variable can leave"));
        }
    }
    // Fix the artificial variable at zero and price the true objective, -c'x to be maximised.
    let at = dictionary.nonbasic.iter().position(|&var| var == artificial).expect("non-basic");
    dictionary.nonbasic.remove(at);
    for row in &mut dictionary.rows {
        row.remove(at + 1);
    }
    let mut objective = vec![RBig::ZERO; dictionary.nonbasic.len() + 1];
    for var in 0..2 * n {
        let cost = exact(if var < n { -problem.cost[var] } else { problem.cost[var - n] });
        if let Some(c) = dictionary.nonbasic.iter().position(|&other| other == var) {
            objective[c + 1] += cost;
        } else {
            let r = dictionary.basic.iter().position(|&other| other == var).expect("basic");
            for (entry, term) in objective.iter_mut().zip(&dictionary.rows[r]) {
                *entry += &cost * term;
            }
        }
    }
    dictionary.rows[count] = objective;
    if dictionary.maximise() {
        Truth::Optimal(problem.offset - dictionary.rows[count][0].to_f64().value())
    } else {
        Truth::Unbounded
    }
}
