//! What the fast paths leave: does a non-negative combination of columns vanish?

use bdnn::Rational;
use budget::Effort;
use numerics::{RationalLp, Solution};

/// lambda >= 0 with sum_k lambda_k columns[k][..c] = 0 and sum_k lambda_k columns[k][c] = 1, where every column has
/// length c + 1. The support of the answer is minimal (a basic solution). `None` if there is none, or once `effort` runs
/// out.
pub(super) fn combination(columns: Vec<Vec<Rational>>, effort: &mut Effort<'_>) -> Option<Vec<Rational>> {
    let equations = columns.first()?.len();
    let mut rhs = vec![Rational::ZERO; equations];
    rhs[equations - 1] = Rational::ONE;
    let mut program = RationalLp::new(rhs);
    for column in columns {
        program.column(Rational::ZERO, column.into_iter().enumerate().filter(|(_, v)| !v.is_zero()));
    }
    match program.solve_within(effort)? {
        Solution::Optimal { values, .. } => Some(values),
        Solution::Infeasible | Solution::Unbounded => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn combination_of(entries: &[&[i32]]) -> Option<Vec<Rational>> {
        let columns = entries.iter().map(|c| c.iter().map(|&v| Rational::from(v)).collect()).collect();
        combination(columns, &mut Effort::unlimited())
    }

    #[test]
    fn finds_a_vanishing_combination() {
        // 1 * (1, 0) + 1 * (-1, 0) = 0; the third column is of no use.
        let lambda = combination_of(&[&[1, 0, 1], &[-1, 0, 1], &[0, 1, 1]]).expect("there is one");
        assert_eq!(lambda[0], lambda[1]);
        assert_eq!(lambda[2], Rational::ZERO);
        assert!(lambda[0] > Rational::ZERO);
    }

    #[test]
    fn says_when_there_is_none() {
        assert!(combination_of(&[&[1, 0, 1], &[1, 1, 1], &[1, -1, 1]]).is_none());
    }
}
