//! An exact simplex for what the fast paths leave: does a non-negative combination of columns vanish?

use bdnn::Rational;

/// lambda >= 0 with sum_k lambda_k columns[k][..c] = 0 and sum_k lambda_k columns[k][c] = 1, where every column has
/// length c + 1; `None` if there is none. The support of the answer is minimal (a basic solution).
///
/// Phase one of the tableau simplex in rationals with Bland's rule: artificial variables start in the basis and their
/// sum is driven to 0. Cost O(pivots * c * k) rational operations.
pub(super) fn combination(columns: &[Vec<Rational>]) -> Option<Vec<Rational>> {
    let equations = columns.first()?.len();
    let k = columns.len();
    // Row r of the tableau: sum_k t[r][k] lambda_k + artificial_r = rhs[r].
    let mut tableau: Vec<Vec<Rational>> =
        (0..equations).map(|r| columns.iter().map(|column| column[r].clone()).collect()).collect();
    let mut rhs = vec![Rational::ZERO; equations];
    rhs[equations - 1] = Rational::ONE;
    // `k` and beyond are artificial: once out of the basis they stay out.
    let mut basis: Vec<usize> = (k..k + equations).collect();
    loop {
        // Reduced cost of column j is minus the sum of its entries in rows with an artificial basic variable.
        let entering = (0..k).find(|&j| {
            let sum =
                (0..equations).filter(|&r| basis[r] >= k).fold(Rational::ZERO, |sum, r| sum + tableau[r][j].clone());
            sum > Rational::ZERO
        });
        let Some(entering) = entering else { break };
        let mut leaving: Option<(usize, Rational)> = None;
        for r in 0..equations {
            if tableau[r][entering] > Rational::ZERO {
                let ratio = rhs[r].clone() / tableau[r][entering].clone();
                let better = leaving
                    .as_ref()
                    .is_none_or(|(best, least)| ratio < *least || (ratio == *least && basis[r] < basis[*best]));
                if better {
                    leaving = Some((r, ratio));
                }
            }
        }
        let (row, _) = leaving?;
        pivot(&mut tableau, &mut rhs, row, entering);
        basis[row] = entering;
    }
    let mut lambda = vec![Rational::ZERO; k];
    for (r, &variable) in basis.iter().enumerate() {
        if variable < k {
            lambda[variable] = rhs[r].clone();
        } else if rhs[r] != Rational::ZERO {
            return None;
        }
    }
    Some(lambda)
}

fn pivot(tableau: &mut [Vec<Rational>], rhs: &mut [Rational], row: usize, column: usize) {
    let inverse = Rational::ONE / tableau[row][column].clone();
    tableau[row].iter_mut().for_each(|v| *v = v.clone() * inverse.clone());
    rhs[row] = rhs[row].clone() * inverse;
    let pivot_row = tableau[row].clone();
    let pivot_rhs = rhs[row].clone();
    for r in 0..tableau.len() {
        if r == row || tableau[r][column] == Rational::ZERO {
            continue;
        }
        let factor = tableau[r][column].clone();
        for (v, p) in tableau[r].iter_mut().zip(&pivot_row) {
            if *p != Rational::ZERO {
                *v = v.clone() - factor.clone() * p.clone();
            }
        }
        rhs[r] = rhs[r].clone() - factor * pivot_rhs.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(entries: &[&[i32]]) -> Vec<Vec<Rational>> {
        entries.iter().map(|c| c.iter().map(|&v| Rational::from(v)).collect()).collect()
    }

    #[test]
    fn finds_a_vanishing_combination() {
        // 1 * (1, 0) + 1 * (-1, 0) = 0; the third column is of no use.
        let lambda = combination(&columns(&[&[1, 0, 1], &[-1, 0, 1], &[0, 1, 1]])).expect("there is one");
        assert_eq!(lambda[0], lambda[1]);
        assert_eq!(lambda[2], Rational::ZERO);
        assert!(lambda[0] > Rational::ZERO);
    }

    #[test]
    fn says_when_there_is_none() {
        assert!(combination(&columns(&[&[1, 0, 1], &[1, 1, 1], &[1, -1, 1]])).is_none());
    }
}
