//! Exact confirmation of conflicts: from a guessed support to a lemma with rational multipliers.
//!
//! A support is a set of inequalities s_k (a_k z) >= s_k beta_k (s_k = +1 for a lower, -1 for an upper bound). It is
//! contradictory iff multipliers lambda >= 0 exist with sum lambda_k s_k a_k = 0 and sum lambda_k s_k beta_k > 0. A
//! minimal contradictory support has a one-dimensional kernel, so the multipliers are the kernel vector and only
//! signs are to be checked. Four ways, cheapest first: `i128`, a float inverse with error bounds ([`linear::certified`]),
//! intervals, big integers. A kernel that is a line of mixed signs, or a point, is no contradiction; if it is wider, the exact
//! simplex of [`super::farkas`] decides, within [`EXACT_WORK`].

use super::assertion::{Lemma, Side, Support};
use super::discrete::Discrete;
use super::farkas;
use super::geometry::Geometry;
use crate::linear;
use crate::tolerances::EXACT_WORK;
use bdnn::Rational;
use bdnn::Stop;
use bdnn::separation::Effort;
use budget::Pace;
use dashu::integer::{IBig, UBig};
use numerics::bareiss::{Kernel, Whole, kernel};
use numerics::whole::gcd;
use numerics::{Interval, interval};

impl Geometry {
    /// The lemma of a support that floating point takes for contradictory, or `None` if exact arithmetic disagrees.
    /// Cost: one elimination of a (columns x support) matrix; an exact linear program in degenerate cases, which counts as
    /// disagreement when it takes more than [`EXACT_WORK`], or `stop` says so.
    #[must_use]
    pub fn confirm(&self, support: &[Support], stop: &Stop<'_>) -> Option<Lemma> {
        if let Some(discrete) = self.discrete() {
            let site = |s: &Support| if let Support::Site(site, side) = *s { Some((site, side)) } else { None };
            return discrete.refute(&support.iter().filter_map(site).collect::<Vec<_>>());
        }
        if support.len() <= self.columns() + 1
            && let Some(signs) = self.kernel_signs(support, stop)
        {
            return self.lemma_of_signs(support, &signs?);
        }
        let multipliers = self.farkas(support, &mut Self::guess_effort(stop))?;
        let signs: Vec<i32> = multipliers.iter().map(|v| i32::from(*v > Rational::ZERO)).collect();
        self.lemma_of_signs(support, &signs)
    }

    /// The multipliers of a lemma, one an atom, non-negative and not all zero. For proofs; cost of one elimination of a
    /// (columns x atoms) matrix in big integers, of an exact linear program where the weights are bounded. Empty if the lemma does
    /// not follow from these atoms alone, or whole weights are listed.
    #[must_use]
    pub fn multipliers(&self, lemma: &Lemma) -> Vec<Rational> {
        match self.discrete() {
            Some(Discrete::Integers(integers)) => return integers.multipliers(lemma),
            Some(Discrete::Listing(_)) => return Vec::new(),
            None => {}
        }
        let mut support: Vec<Support> = lemma.atoms.iter().map(|&(site, side)| Support::Site(site, side)).collect();
        let atoms = support.len();
        support.extend(self.permanent());
        if support.len() == atoms
            && let Some(multipliers) = self.positive_kernel(&support)
        {
            return multipliers;
        }
        let Some(mut multipliers) = self.farkas(&support, &mut Effort::unlimited()) else { return Vec::new() };
        multipliers.truncate(atoms);
        multipliers
    }

    /// The kernel vector of a support without bounds, coprime, if it is positive throughout and a contradiction.
    fn positive_kernel(&self, support: &[Support]) -> Option<Vec<Rational>> {
        use dashu::base::UnsignedAbs;
        let matrix = self.integer_matrix(support);
        let vector = kernel(matrix, support.len(), &mut Pace::new(&mut || false)).line()?;
        let sign = Whole::sign(vector.first()?);
        let proves = support.iter().any(|&s| self.exact.threshold(s) > Rational::ZERO);
        if !proves || sign == 0 || vector.iter().any(|v| Whole::sign(v) != sign) {
            return None;
        }
        let common = vector.iter().fold(UBig::ZERO, |common, v| gcd(&common, &v.clone().unsigned_abs()));
        let common = IBig::from(common) * IBig::from(sign);
        Some(vector.into_iter().map(|v| Rational::from(v / &common)).collect())
    }

    /// The inequalities that hold without any assertion: column bounds and norm rows.
    pub(super) fn permanent(&self) -> Vec<Support> {
        let mut all = Vec::new();
        for c in 0..self.columns() {
            let column = u32::try_from(c).unwrap_or(u32::MAX);
            if let Some((_, upper)) = &self.exact.column_bounds[c] {
                all.push(Support::Column(column, Side::Fires));
                if upper.is_some() {
                    all.push(Support::Column(column, Side::Silent));
                }
            }
        }
        all.extend((0..self.exact.norm_rows).map(|i| Support::Norm(u32::try_from(i).unwrap_or(u32::MAX))));
        all
    }

    /// Multipliers (any positive scale, one a support) of a contradiction among `support`, by an exact simplex.
    fn farkas(&self, support: &[Support], effort: &mut Effort<'_>) -> Option<Vec<Rational>> {
        let columns = support
            .iter()
            .map(|&s| {
                let mut column: Vec<Rational> =
                    (0..self.columns()).map(|c| Rational::from(self.signed_entry(s, c))).collect();
                column.push(self.exact.threshold(s));
                column
            })
            .collect();
        farkas::combination(columns, effort)
    }

    fn lemma_of_signs(&self, support: &[Support], signs: &[i32]) -> Option<Lemma> {
        if signs.iter().any(|&s| s < 0) {
            return None;
        }
        let mut atoms: Vec<(u32, Side)> = support
            .iter()
            .zip(signs)
            .filter(|&(_, &sign)| sign > 0)
            .filter_map(|(s, _)| if let Support::Site(site, side) = *s { Some((site, side)) } else { None })
            .collect();
        atoms.sort_unstable();
        atoms.dedup();
        Some(Lemma { atoms })
    }

    /// Where the exact row of a support starts, or its column for a unit row; and its sign.
    fn signed_entry(&self, support: Support, column: usize) -> IBig {
        let (entry, sign) = match support {
            Support::Site(site, side) => {
                (self.exact.entries[self.row_of(site, side) * self.columns() + column].clone(), side.sign())
            }
            Support::Column(c, side) => {
                (if c as usize == column { self.exact.units[column].clone() } else { IBig::ZERO }, side.sign())
            }
            Support::Norm(i) => {
                (self.exact.entries[(self.norm_rows().start + i as usize) * self.columns() + column].clone(), 1)
            }
        };
        if sign > 0 { entry } else { -entry }
    }

    /// The columns' equations in integers, a row each, one column a support.
    fn integer_matrix(&self, support: &[Support]) -> Vec<IBig> {
        (0..self.columns()).flat_map(|c| support.iter().map(move |&s| self.signed_entry(s, c))).collect()
    }

    /// Signs of the kernel vector, oriented so that it is a contradiction; `Some(None)` if nothing in the kernel is one,
    /// `None` if the kernel is wider than a line.
    fn kernel_signs(&self, support: &[Support], stop: &Stop<'_>) -> Option<Option<Vec<i32>>> {
        let all_sites = support.iter().all(|s| matches!(s, Support::Site(..)));
        if all_sites {
            match self.small_kernel(support, stop) {
                Kernel::Line(vector) => return Some(self.oriented(support, &signs_of(&vector), || None)),
                Kernel::Trivial => return Some(None),
                Kernel::Wide | Kernel::Stopped => return None,
                Kernel::Overflow => {}
            }
            if self.vouched(support) {
                return Some(Some(vec![1; support.len()]));
            }
            if support.len() == self.columns() + 1
                && let Some(signs) = self.interval_kernel(support, stop)
            {
                return Some(self.oriented(support, &signs, || None));
            }
        }
        match kernel(self.integer_matrix(support), support.len(), &mut Pace::new(&mut || stop())) {
            Kernel::Line(vector) => Some(self.oriented(support, &signs_of(&vector), || {
                let sum = support
                    .iter()
                    .zip(&vector)
                    .fold(Rational::ZERO, |sum, (&s, v)| sum + self.exact.threshold(s) * Rational::from(v.clone()));
                Some(Whole::sign(sum.numerator()))
            })),
            Kernel::Trivial => Some(None),
            Kernel::Wide | Kernel::Overflow | Kernel::Stopped => None,
        }
    }

    /// Turns a sign vector into one of a contradiction. `sum_sign` gives the sign of sum lambda_k s_k beta_k where
    /// the thresholds do not make it obvious.
    fn oriented(&self, support: &[Support], signs: &[i32], sum_sign: impl FnOnce() -> Option<i32>) -> Option<Vec<i32>> {
        let (positive, negative) = (signs.iter().any(|&s| s > 0), signs.iter().any(|&s| s < 0));
        if positive == negative {
            return None;
        }
        let oriented: Vec<i32> = signs.iter().map(|s| s.abs()).collect();
        let obvious = support
            .iter()
            .zip(&oriented)
            .filter(|&(_, &s)| s > 0)
            .all(|(&s, _)| matches!(s, Support::Site(..)) && self.exact.threshold(s) >= Rational::ZERO)
            && support.iter().zip(&oriented).any(|(&s, &sign)| sign > 0 && self.exact.threshold(s) > Rational::ZERO);
        let orientation = if positive { 1 } else { -1 };
        (obvious || sum_sign()? == orientation).then_some(oriented)
    }

    /// Whether float bounds prove the support, every multiplier positive.
    fn vouched(&self, support: &[Support]) -> bool {
        let Some(points) = &self.cores else { return false };
        let member = |s: &Support| match *s {
            Support::Site(point, side) => Some(linear::Member { point, fires: side == Side::Fires }),
            Support::Column(..) | Support::Norm(_) => None,
        };
        let members: Option<Vec<linear::Member>> = support.iter().map(member).collect();
        members.is_some_and(|members| linear::certified(points, &members, &mut Pace::new(&mut || false)))
    }

    fn small_kernel(&self, support: &[Support], stop: &Stop<'_>) -> Kernel<i128> {
        let Some(small) = self.exact.small.as_ref() else { return Kernel::Overflow };
        let mut matrix = Vec::with_capacity(self.columns() * support.len());
        for c in 0..self.columns() {
            matrix.extend(support.iter().map(|&s| match s {
                Support::Site(site, side) => {
                    i128::from(small[self.row_of(site, side) * self.columns() + c]) * i128::from(side.sign())
                }
                Support::Column(..) | Support::Norm(_) => 0,
            }));
        }
        kernel(matrix, support.len(), &mut Pace::new(&mut || stop()))
    }

    fn interval_kernel(&self, support: &[Support], stop: &Stop<'_>) -> Option<Vec<i32>> {
        let k = support.len();
        let mut matrix = Vec::with_capacity(self.columns() * k);
        for c in 0..self.columns() {
            for &s in support {
                let Support::Site(site, side) = s else { return None };
                let (value, is_exact) = self.exact.floats[self.row_of(site, side) * self.columns() + c];
                matrix.push(Interval::around(f64::from(side.sign()) * value, is_exact));
            }
        }
        let vector = interval::kernel(&mut matrix, k, &mut Pace::new(&mut || stop()))?;
        let signs: Vec<i32> = vector.iter().map(|v| v.sign()).collect();
        signs.iter().all(|&s| s != 0).then_some(signs)
    }
}

impl Geometry {
    /// What a single guess of the float simplex is worth.
    pub(crate) fn guess_effort<'a>(stop: &'a Stop<'_>) -> Effort<'a> {
        Effort { words: EXACT_WORK, stop }
    }

    /// A lemma among all these assertions, by the exact simplex; `None` if they are separable, or once `effort` runs out.
    /// Slow: the last resort (with whole weights, all pairs of points).
    #[must_use]
    pub fn confirm_all(&self, asserted: &[(u32, Side)], effort: &mut Effort<'_>) -> Option<Lemma> {
        if let Some(discrete) = self.discrete() {
            return discrete.refute(asserted);
        }
        let mut support: Vec<Support> = asserted.iter().map(|&(site, side)| Support::Site(site, side)).collect();
        support.extend(self.permanent());
        let multipliers = self.farkas(&support, effort)?;
        let signs: Vec<i32> = multipliers.iter().map(|v| i32::from(*v > Rational::ZERO)).collect();
        self.lemma_of_signs(&support, &signs)
    }
}

fn signs_of<T: Whole>(vector: &[T]) -> Vec<i32> {
    vector.iter().map(Whole::sign).collect()
}
