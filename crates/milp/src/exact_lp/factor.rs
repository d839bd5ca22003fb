//! Factors of a basis without rounding: `E_t .. E_1 B = U` by sparse Gaussian elimination, over the rationals or modulo a prime
//! ([`Scalar`]).
//!
//! The pivot is in a column with the fewest entries, there in the row with the fewest. Bases of linear programs are
//! nearly triangular, so most steps eliminate nothing, and numbers grow only in the small rest.

use std::collections::{BTreeMap, BTreeSet};

use dashu::rational::RBig;

use super::meter::Meter;

/// Numbers of a field.
pub(super) trait Scalar: Clone + Default {
    fn is_zero(&self) -> bool;
    fn times(&self, other: &Self) -> Self;
    /// `self -= a b`.
    fn subtract_product(&mut self, a: &Self, b: &Self);
    /// 1 over a number that is not zero.
    fn inverse(&self) -> Self;
    /// Takes note of `count` products with this number.
    fn spend(&self, count: usize, meter: &mut Meter<'_>) -> bool;
}

impl Scalar for RBig {
    fn is_zero(&self) -> bool {
        self.is_zero()
    }

    fn times(&self, other: &Self) -> Self {
        self * other
    }

    fn subtract_product(&mut self, a: &Self, b: &Self) {
        *self -= a * b;
    }

    fn inverse(&self) -> Self {
        Self::ONE / self
    }

    fn spend(&self, count: usize, meter: &mut Meter<'_>) -> bool {
        meter.spend(count, self)
    }
}

/// One step of the elimination.
struct Pivot<F> {
    row: u32,
    position: u32,
    inverse: F,
    /// What else stands in the row of U: positions that are pivoted later.
    others: Vec<(u32, F)>,
}

/// `row[target] -= factor * row[source]`.
struct Elimination<F> {
    target: u32,
    source: u32,
    factor: F,
}

/// Factors of an m x m matrix whose columns are called positions.
pub(super) struct Factors<F> {
    pivots: Vec<Pivot<F>>,
    eliminations: Vec<Elimination<F>>,
}

impl<F: Scalar> Factors<F> {
    /// Factors the matrix with these columns (row, value); `None` if it is singular or the meter runs out.
    pub fn new(columns: &[&[(u32, F)]], meter: &mut Meter<'_>) -> Option<Self> {
        let m = columns.len();
        let mut rows: Vec<BTreeMap<u32, F>> = vec![BTreeMap::new(); m];
        let mut active: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); m];
        for (position, column) in columns.iter().enumerate() {
            for (row, value) in column.iter().filter(|(_, value)| !value.is_zero()) {
                rows[*row as usize].insert(position as u32, value.clone());
                active[position].insert(*row);
            }
        }
        let mut by_count: BTreeSet<(usize, u32)> =
            active.iter().enumerate().map(|(position, rows)| (rows.len(), position as u32)).collect();
        let (mut pivots, mut eliminations) = (Vec::with_capacity(m), Vec::new());
        while let Some((_, position)) = by_count.pop_first() {
            if !meter.pass(1) {
                return None;
            }
            let in_column = std::mem::take(&mut active[position as usize]);
            let row = in_column.iter().copied().min_by_key(|&row| rows[row as usize].len())?;
            let mut others = std::mem::take(&mut rows[row as usize]);
            let inverse = others.remove(&position)?.inverse();
            for &column in others.keys() {
                let set = &mut active[column as usize];
                by_count.remove(&(set.len(), column));
                set.remove(&row);
                by_count.insert((set.len(), column));
            }
            for &target in in_column.iter().filter(|&&target| target != row) {
                let entry = rows[target as usize].remove(&position)?;
                let factor = entry.times(&inverse);
                if !factor.spend(others.len(), meter) {
                    return None;
                }
                for (&column, u) in &others {
                    let set = &mut active[column as usize];
                    let slot = rows[target as usize].entry(column).or_default();
                    slot.subtract_product(&factor, u);
                    let vanished = slot.is_zero();
                    if vanished {
                        rows[target as usize].remove(&column);
                    }
                    if vanished == set.contains(&target) {
                        by_count.remove(&(set.len(), column));
                        if vanished {
                            set.remove(&target)
                        } else {
                            set.insert(target)
                        };
                        by_count.insert((set.len(), column));
                    }
                }
                eliminations.push(Elimination { target, source: row, factor });
            }
            pivots.push(Pivot { row, position, inverse, others: others.into_iter().collect() });
        }
        Some(Self { pivots, eliminations })
    }

    /// Numbers that stand in the factors.
    pub fn size(&self) -> usize {
        self.eliminations.len() + self.pivots.iter().map(|pivot| 1 + pivot.others.len()).sum::<usize>()
    }

    /// `B^-1 v`: from rows to positions. Without meaning once the meter has run out, here and below.
    pub fn solve(&self, mut v: Vec<F>, meter: &mut Meter<'_>) -> Vec<F> {
        for step in &self.eliminations {
            if !v[step.source as usize].is_zero() {
                if !step.factor.spend(1, meter) {
                    return v;
                }
                let source = std::mem::take(&mut v[step.source as usize]);
                v[step.target as usize].subtract_product(&step.factor, &source);
                v[step.source as usize] = source;
            }
        }
        let mut x = vec![F::default(); v.len()];
        for pivot in self.pivots.iter().rev() {
            let mut sum = std::mem::take(&mut v[pivot.row as usize]);
            if !sum.spend(pivot.others.len(), meter) {
                return x;
            }
            for (position, u) in &pivot.others {
                if !x[*position as usize].is_zero() {
                    sum.subtract_product(u, &x[*position as usize]);
                }
            }
            x[pivot.position as usize] = sum.times(&pivot.inverse);
        }
        x
    }

    /// `B^-T c`: from positions to rows.
    pub fn solve_transposed(&self, mut c: Vec<F>, meter: &mut Meter<'_>) -> Vec<F> {
        let mut y = vec![F::default(); c.len()];
        for pivot in &self.pivots {
            let value = std::mem::take(&mut c[pivot.position as usize]);
            if value.is_zero() {
                continue;
            }
            let value = value.times(&pivot.inverse);
            if !value.spend(pivot.others.len(), meter) {
                return y;
            }
            for (position, u) in &pivot.others {
                c[*position as usize].subtract_product(u, &value);
            }
            y[pivot.row as usize] = value;
        }
        for step in self.eliminations.iter().rev() {
            if !y[step.target as usize].is_zero() {
                if !step.factor.spend(1, meter) {
                    return y;
                }
                let target = std::mem::take(&mut y[step.target as usize]);
                y[step.source as usize].subtract_product(&step.factor, &target);
                y[step.target as usize] = target;
            }
        }
        y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn solves_are_exact() {
        let mut random = ChaCha8Rng::seed_from_u64(3);
        for m in 1..14_u32 {
            let mut columns: Vec<Vec<(u32, RBig)>> = Vec::new();
            for j in 0..m {
                let mut column = vec![(j, RBig::from(random.random_range(1..9)))];
                for i in (0..m).filter(|i| *i != j) {
                    if random.random_range(0..3) == 0 {
                        column.push((i, RBig::from(random.random_range(-5..6))));
                    }
                }
                columns.push(column);
            }
            let views: Vec<&[(u32, RBig)]> = columns.iter().map(Vec::as_slice).collect();
            let Some(factors) = Factors::new(&views, &mut Meter::of(&Budget::default())) else { continue };
            let v: Vec<RBig> = (0..m).map(|_| RBig::from(random.random_range(-3..4))).collect();
            let x = factors.solve(v.clone(), &mut Meter::of(&Budget::default()));
            let mut back = vec![RBig::ZERO; m as usize];
            for (column, x) in columns.iter().zip(&x) {
                column.iter().for_each(|(i, a)| back[*i as usize] += a * x);
            }
            assert_eq!(back, v);
            let y = factors.solve_transposed(v.clone(), &mut Meter::of(&Budget::default()));
            for (column, v) in columns.iter().zip(&v) {
                let product = column.iter().fold(RBig::ZERO, |sum, (i, a)| sum + a * &y[*i as usize]);
                assert_eq!(&product, v);
            }
        }
    }

    #[test]
    fn singular() {
        let column = vec![(0, RBig::ONE), (1, RBig::from(2))];
        assert!(Factors::<RBig>::new(&[&column, &column], &mut Meter::of(&Budget::default())).is_none());
    }
}
