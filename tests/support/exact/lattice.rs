//! The whole solutions of linear equations: one point and a basis of directions, or the knowledge that there is none.
//!
//! Euclid's algorithm on the coefficients of one equation after the other, as in the Hermite normal form (Schrijver, *Theory
//! of Linear and Integer Programming*, 1986, chapter 4).

use dashu::base::{DivRem, UnsignedAbs};
use dashu::integer::IBig;

/// All whole `x = point + sum z_k directions[k]`, z whole.
#[derive(Clone, Debug)]
pub struct Lattice {
    /// One solution.
    pub point: Vec<IBig>,
    /// Independent directions that reach all others.
    pub directions: Vec<Vec<IBig>>,
}

impl Lattice {
    /// All whole vectors of length `n`.
    #[must_use]
    pub fn all(n: usize) -> Self {
        let unit = |k: usize| (0..n).map(|j| IBig::from(u8::from(j == k))).collect();
        Self { point: vec![IBig::ZERO; n], directions: (0..n).map(unit).collect() }
    }

    /// Keeps what satisfies `terms = side`; false if nothing does (then the lattice is spoiled).
    pub fn restrict(&mut self, terms: &[(usize, IBig)], side: &IBig) -> bool {
        let value = |x: &[IBig]| terms.iter().map(|(j, a)| a * &x[*j]).sum::<IBig>();
        let rest = side - value(&self.point);
        let mut steps: Vec<IBig> = self.directions.iter().map(|direction| value(direction)).collect();
        loop {
            let nonzero = || (0..steps.len()).filter(|&k| !steps[k].is_zero());
            let Some(least) = nonzero().min_by_key(|&k| (&steps[k]).unsigned_abs()) else { return rest.is_zero() };
            let Some(other) = nonzero().find(|&k| k != least) else {
                let (times, remainder) = rest.div_rem(&steps[least]);
                let direction = self.directions.remove(least);
                self.point.iter_mut().zip(&direction).for_each(|(x, d)| *x += &times * d);
                return remainder.is_zero();
            };
            let times = &steps[other] / &steps[least];
            let direction = self.directions[least].clone();
            self.directions[other].iter_mut().zip(&direction).for_each(|(x, d)| *x -= &times * d);
            let step = steps[least].clone();
            steps[other] -= times * step;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parity_has_no_whole_solution() {
        let terms = [(0, IBig::from(2)), (1, IBig::from(-4))];
        assert!(!Lattice::all(2).restrict(&terms, &IBig::from(15)));
        assert!(Lattice::all(2).restrict(&terms, &IBig::from(14)));
    }

    /// 6x + 10y + 15z = 1 and x = y: both hold along all directions.
    #[test]
    fn equations_one_after_the_other() {
        let mut lattice = Lattice::all(3);
        let [first, second] =
            [[6, 10, 15], [1, -1, 0]].map(|row| row.map(IBig::from).into_iter().enumerate().collect::<Vec<_>>());
        assert!(lattice.restrict(&first, &IBig::ONE) && lattice.restrict(&second, &IBig::ZERO));
        let value = |terms: &[(usize, IBig)], x: &[IBig]| terms.iter().map(|(j, a)| a * &x[*j]).sum::<IBig>();
        assert_eq!((value(&first, &lattice.point), value(&second, &lattice.point)), (IBig::ONE, IBig::ZERO));
        assert_eq!(lattice.directions.len(), 1);
        assert!(value(&first, &lattice.directions[0]).is_zero() && value(&second, &lattice.directions[0]).is_zero());
    }
}
