//! The exact solution of an optimal basis from its factors modulo a prime.
//!
//! Entry point: [`optimum`]. Dual values and basic values are lifted: solved modulo p, the residual divided by p and solved again, so
//! that after k steps they are known modulo p^k; numbers stay small, and the factors are computed once. Fractions are found in
//! that ([`Lifted::fractions`]) as soon as there are enough digits, and count only if they satisfy the equations, which is checked
//! in whole numbers; so neither an unlucky prime nor a guess too early does any harm.
//!
//! Invariant: an end is [`ExactEnd::Optimal`], and exact; `None` says nothing.
//!
//! References: Dixon, *Exact solution of linear equations using p-adic expansions*, Numerische Mathematik 40 (1982); Wang, *A p-adic
//! algorithm for univariate partial fractions*, SYMSAC (1981), for fractions from residues; Cook, Steffy (2011), see [`super`].

use dashu::base::{BitTest, DivRem, Signed, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;

use super::factor::{Factors, Scalar};
use super::meter::Meter;
use super::program::{ExactEnd, ExactLp};
use crate::number::lcm;
use crate::simplex::VarStatus;

/// The prime: the largest below 2^31.
const PRIME: u64 = (1 << 31) - 1;

/// Residues that cost as much as one product of short rationals.
const RESIDUES_OF_A_RATIONAL: usize = 64;

/// Right-hand sides stay below 2 to this, so that sums of products of entries (63 bits), digits (31) and rows never overflow.
const SIDE_BITS: usize = 110;

/// Digits before the first search for fractions; each further one waits for half as many again.
const FIRST_DIGITS: usize = 6;

/// A fraction found by chance among digits that do not determine one is this much (in bits) larger than what is looked for.
const CHANCE_BITS: usize = 40;

/// Numbers of a solution are mostly below 2 to this.
const ORDINARY_BITS: usize = 48;

/// A residue modulo the prime.
#[derive(Clone, Copy, Default)]
struct Residue(u32);

impl Residue {
    fn of(value: i128) -> Self {
        // Most are short, for which division is many times faster.
        match i64::try_from(value) {
            Ok(short) => Self(short.rem_euclid(PRIME as i64) as u32),
            Err(_) => Self(value.rem_euclid(i128::from(PRIME)) as u32),
        }
    }

    fn wide(self) -> u64 {
        u64::from(self.0)
    }
}

impl Scalar for Residue {
    fn is_zero(&self) -> bool {
        self.0 == 0
    }

    fn times(&self, other: &Self) -> Self {
        Self((self.wide() * other.wide() % PRIME) as u32)
    }

    fn subtract_product(&mut self, a: &Self, b: &Self) {
        let product = a.wide() * b.wide() % PRIME;
        self.0 = ((self.wide() + PRIME - product) % PRIME) as u32;
    }

    fn inverse(&self) -> Self {
        // Fermat: x^(p - 2).
        let (mut power, mut base, mut exponent) = (Self(1), *self, PRIME - 2);
        while exponent > 0 {
            if exponent % 2 == 1 {
                power = power.times(&base);
            }
            base = base.times(&base);
            exponent /= 2;
        }
        power
    }

    fn spend(&self, count: usize, meter: &mut Meter<'_>) -> bool {
        meter.pass((count / RESIDUES_OF_A_RATIONAL) as u64)
    }
}

/// The program in whole numbers: row i times `row_factors[i]`, costs times `cost_factor`.
struct Whole {
    columns: Vec<Vec<(u32, i64)>>,
    row_factors: Vec<UBig>,
    cost: Vec<IBig>,
    cost_factor: UBig,
}

impl Whole {
    /// `None` if an entry has more than 63 bits then.
    fn of(lp: &ExactLp, meter: &mut Meter<'_>) -> Option<Self> {
        let mut row_factors = vec![UBig::ONE; lp.num_rows()];
        for (row, a) in lp.columns.iter().flatten() {
            let factor = &mut row_factors[*row as usize];
            if !(&*factor % a.denominator()).is_zero() {
                *factor = lcm(factor, a.denominator());
            }
        }
        let cost_factor = lp.cost.iter().fold(UBig::ONE, |factor, cost| lcm(&factor, cost.denominator()));
        let scaled = |a: &RBig, factor: &UBig| a.numerator() * IBig::from(factor / a.denominator());
        let mut columns = Vec::with_capacity(lp.columns.len());
        for column in &lp.columns {
            if !meter.pass(column.len() as u64) {
                return None;
            }
            let entry =
                |(row, a): &(u32, RBig)| Some((*row, i64::try_from(scaled(a, &row_factors[*row as usize])).ok()?));
            columns.push(column.iter().map(entry).collect::<Option<Vec<_>>>()?);
        }
        let cost = lp.cost.iter().map(|cost| scaled(cost, &cost_factor)).collect();
        Some(Self { columns, row_factors, cost, cost_factor })
    }
}

/// The basis as equations in whole numbers, by columns; or its transpose.
struct Equations<'a> {
    columns: Vec<&'a [(u32, i64)]>,
    factors: Factors<Residue>,
    entries: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Plain,
    Transposed,
}

impl<'a> Equations<'a> {
    /// `None` if the matrix is singular modulo the prime, or the meter runs out.
    fn new(columns: Vec<&'a [(u32, i64)]>, meter: &mut Meter<'_>) -> Option<Self> {
        let residues: Vec<Vec<(u32, Residue)>> = columns
            .iter()
            .map(|column| column.iter().map(|&(row, a)| (row, Residue::of(i128::from(a)))).collect())
            .collect();
        let views: Vec<&[(u32, Residue)]> = residues.iter().map(Vec::as_slice).collect();
        let factors = Factors::new(&views, meter)?;
        let entries = columns.iter().map(|column| column.len()).sum();
        Some(Self { columns, factors, entries })
    }

    /// The solution of `B x = right`, or of `B'x = right`.
    fn solve(&self, right: &[IBig], side: Side, meter: &mut Meter<'_>) -> Option<Solution> {
        let short = |value: &IBig| i128::try_from(value).ok().filter(|_| value.bit_len() <= SIDE_BITS);
        let mut residual = right.iter().map(short).collect::<Option<Vec<i128>>>()?;
        let mut lifted = Lifted { digits: Vec::new(), hard: 0 };
        let mut next = FIRST_DIGITS;
        loop {
            let rest: Vec<Residue> = residual.iter().map(|&r| Residue::of(r)).collect();
            let digits = match side {
                Side::Plain => self.factors.solve(rest, meter),
                Side::Transposed => self.factors.solve_transposed(rest, meter),
            };
            if !meter.pass(1 + ((self.entries + self.factors.size()) / RESIDUES_OF_A_RATIONAL) as u64) {
                return None;
            }
            for (position, column) in self.columns.iter().enumerate() {
                for &(row, a) in *column {
                    let (of, by) =
                        if side == Side::Plain { (row as usize, position) } else { (position, row as usize) };
                    residual[of] -= i128::from(a) * i128::from(digits[by].0);
                }
            }
            for r in &mut residual {
                *r =
                    i64::try_from(*r).map_or_else(|_| *r / i128::from(PRIME), |short| i128::from(short / PRIME as i64));
            }
            lifted.digits.push(digits);
            if lifted.digits.len() >= next {
                next += next / 2;
                if let Some(solution) = lifted.fractions(meter)
                    && self.holds(&solution, right, side, meter)?
                {
                    return Some(solution);
                }
            }
        }
    }

    /// Whether it solves the equations; `None` if the meter runs out.
    fn holds(&self, solution: &Solution, right: &[IBig], side: Side, meter: &mut Meter<'_>) -> Option<bool> {
        let Solution { scaled: values, common: denominator, .. } = solution;
        let mut missing: Vec<IBig> = right.iter().map(|value| value * denominator).collect();
        let words = 1 + denominator.bit_len() / 64;
        for (position, column) in self.columns.iter().enumerate() {
            for &(row, a) in *column {
                let (of, by) = if side == Side::Plain { (row as usize, position) } else { (position, row as usize) };
                if !values[by].is_zero() {
                    missing[of] -= a * &values[by];
                }
            }
            meter.pass((column.len() * words / RESIDUES_OF_A_RATIONAL) as u64).then_some(())?;
        }
        Some(missing.iter().all(IBig::is_zero))
    }
}

/// A vector of fractions.
struct Solution {
    /// Each by itself: numerator and denominator, perhaps with a common divisor.
    parts: Vec<(IBig, UBig)>,
    /// All over one denominator.
    scaled: Vec<IBig>,
    common: UBig,
}

/// The digits of a vector in base p, least first.
struct Lifted {
    digits: Vec<Vec<Residue>>,
    /// Where the last search for fractions failed: the next one begins there, for easy ones are found too early.
    hard: usize,
}

impl Lifted {
    /// Fractions of small numbers with these digits; `None` if there are none.
    fn fractions(&mut self, meter: &mut Meter<'_>) -> Option<Solution> {
        let whole = Modulus::of(self.digits.len());
        // Twice the square of the bound, and what chance may make of it, are below the modulus.
        let bound = UBig::ONE << (whole.value.bit_len().saturating_sub(CHANCE_BITS + 2) / 2);
        let length = self.digits.first()?.len();
        let (mut common, mut parts) = (UBig::ONE, vec![(IBig::ZERO, UBig::ONE); length]);
        let mut short = whole.shorter(&common);
        for j in (self.hard..length).chain(0..self.hard) {
            self.hard = j;
            let words = 1 + short.value.bit_len() / 64;
            meter.pass((short.digits * words / (2 * RESIDUES_OF_A_RATIONAL)) as u64 + 1).then_some(())?;
            if self.digits.iter().all(|digits| digits[j].is_zero()) {
                continue;
            }
            // Most share the denominator of those before them, and are known by few digits then.
            let by_few = short.nearest_zero(self.value(j, &short) * &common);
            if by_few.bit_len() + CHANCE_BITS < short.value.bit_len() {
                parts[j] = (by_few, common.clone());
                continue;
            }
            let words = 1 + whole.value.bit_len() / 64;
            meter.pass((whole.digits * words / (2 * RESIDUES_OF_A_RATIONAL)) as u64).then_some(())?;
            let value = whole.rest(self.value(j, &whole) * &common);
            let (numerator, denominator) = fraction(value, &whole.value, &bound, meter)?;
            common *= denominator;
            if common > bound {
                return None;
            }
            short = whole.shorter(&common);
            parts[j] = (numerator, common.clone());
        }
        let scaled = parts.iter().map(|(numerator, of)| numerator * IBig::from(&common / of)).collect();
        Some(Solution { parts, scaled, common })
    }

    /// The number that the first digits of a component make.
    fn value(&self, j: usize, modulus: &Modulus) -> UBig {
        // Two digits at once are a word.
        let pairs = self.digits[..modulus.digits].chunks(2).rev().map(|pair| {
            let high = pair.get(1).map_or(0, |digits| digits[j].wide());
            high * PRIME + pair[0][j].wide()
        });
        pairs.fold(UBig::ZERO, |sum, pair| sum * (PRIME * PRIME) + pair)
    }
}

/// A power of the prime.
struct Modulus {
    digits: usize,
    value: UBig,
}

impl Modulus {
    fn of(digits: usize) -> Self {
        Self { digits, value: UBig::from(PRIME).pow(digits) }
    }

    /// As many digits as numerators of ordinary numbers over this denominator have, with some more against chance.
    fn shorter(&self, denominator: &UBig) -> Self {
        let bits = denominator.bit_len() + ORDINARY_BITS + CHANCE_BITS;
        Self::of((bits / (PRIME.bit_len() - 1) + 1).min(self.digits))
    }

    fn rest(&self, value: UBig) -> UBig {
        value % &self.value
    }

    /// The number of least size with this rest.
    fn nearest_zero(&self, value: UBig) -> IBig {
        let rest = self.rest(value);
        let other = &self.value - &rest;
        if rest <= other { IBig::from(rest) } else { -IBig::from(other) }
    }
}

/// The fraction whose parts are within the bound and that is the value modulo the modulus, if there is one.
fn fraction(value: UBig, modulus: &UBig, bound: &UBig, meter: &mut Meter<'_>) -> Option<(IBig, UBig)> {
    let words = 1 + modulus.bit_len() / 64;
    let (mut last, mut rest) = (modulus.clone(), value);
    let (mut before, mut factor) = (IBig::ZERO, IBig::ONE);
    while rest > *bound {
        let (quotient, remainder) = (&last).div_rem(&rest);
        let next = before - IBig::from(quotient) * &factor;
        (before, factor) = (factor, next);
        (last, rest) = (rest, remainder);
        meter.pass(1 + (words / RESIDUES_OF_A_RATIONAL) as u64).then_some(())?;
    }
    let numerator = if factor.is_negative() { -IBig::from(rest) } else { IBig::from(rest) };
    let denominator = factor.unsigned_abs();
    (!denominator.is_zero() && denominator <= *bound).then_some((numerator, denominator))
}

/// The optimum, if the statuses name an optimal basis up to bounds that variables rest on. `None` also if the meter runs out.
pub(super) fn optimum(lp: &ExactLp, status: &[VarStatus], meter: &mut Meter<'_>) -> Option<ExactEnd> {
    let basic: Vec<usize> = (0..status.len()).filter(|&var| status[var] == VarStatus::Basic).collect();
    if basic.len() != lp.num_rows() || status.len() != lp.columns.len() {
        return None;
    }
    let whole = Whole::of(lp, meter)?;
    let equations = Equations::new(basic.iter().map(|&var| whole.columns[var].as_slice()).collect(), meter)?;
    let costs: Vec<IBig> = basic.iter().map(|&var| whole.cost.get(var).cloned().unwrap_or_default()).collect();
    let duals = equations.solve(&costs, Side::Transposed, meter)?;
    let mut x = vec![RBig::ZERO; status.len()];
    for var in (0..status.len()).filter(|&var| status[var] != VarStatus::Basic) {
        let (mut at, mut value) = lp.rest(var, status[var])?;
        if !lp.is_fixed(var) {
            let cost = whole.cost.get(var).map_or(IBig::ZERO, |cost| cost * &duals.common);
            let reduced = whole.columns[var].iter().fold(cost, |sum, (row, a)| sum - *a * &duals.scaled[*row as usize]);
            let words = duals.common.bit_len() / 64;
            meter.pass((whole.columns[var].len() * words / RESIDUES_OF_A_RATIONAL) as u64).then_some(())?;
            let better = match at {
                VarStatus::Lower if reduced.is_negative() => VarStatus::Upper,
                VarStatus::Upper if reduced.is_positive() && !reduced.is_zero() => VarStatus::Lower,
                VarStatus::Zero if !reduced.is_zero() => return None,
                at => at,
            };
            if better != at {
                (at, value) = lp.rest(var, better)?;
                if at != better {
                    return None;
                }
            }
        }
        x[var] = value;
    }
    // B x_B = -N x_N, the right side over a common denominator.
    let mut right = vec![RBig::ZERO; lp.num_rows()];
    for (var, value) in x.iter().enumerate().filter(|(_, value)| !value.is_zero()) {
        for (row, a) in &whole.columns[var] {
            right[*row as usize] -= value * RBig::from(*a);
        }
        meter.spend(whole.columns[var].len(), value).then_some(())?;
    }
    let common = right.iter().fold(UBig::ONE, |common, value| lcm(&common, value.denominator()));
    let right: Vec<IBig> =
        right.iter().map(|value| value.numerator() * IBig::from(&common / value.denominator())).collect();
    let values = equations.solve(&right, Side::Plain, meter)?;
    for (&var, (numerator, denominator)) in basic.iter().zip(values.parts) {
        let value = RBig::from_parts(numerator, denominator * &common);
        meter.spend(1, &value).then_some(())?;
        let is_inside = lp.lower[var].as_ref().is_none_or(|lower| *lower <= value)
            && lp.upper[var].as_ref().is_none_or(|upper| value <= *upper);
        if !is_inside {
            return None;
        }
        x[var] = value;
    }
    x.truncate(lp.cost.len());
    let dual = |((numerator, denominator), factor): ((IBig, UBig), &UBig)| {
        RBig::from_parts(numerator * IBig::from(factor.clone()), denominator * &whole.cost_factor)
    };
    let duals = duals.parts.into_iter().zip(&whole.row_factors).map(dual).collect();
    Some(ExactEnd::Optimal { point: x, duals })
}
