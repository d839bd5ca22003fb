//! Whole solutions of several equations: elimination that keeps numbers whole.
//!
//! Entry points: [`contradiction`] and [`divisible`]. An equation with a coefficient of 1 (or -1) can be solved for that column whatever the
//! others are: it is subtracted from the other equations and set aside. Where no equation has one, columns are substituted
//! (`x = x' - q z`, which maps whole points to whole points) until the smallest coefficient of an equation has become its
//! divisor: Euclid's algorithm. An equation whose coefficients have a common divisor that its right side does not have is a
//! contradiction. Together this is Hermite's normal form, made one equation at a time; only the multipliers of the rows are
//! kept, and no column's history.
//!
//! Numbers may grow: the work is counted with their length, and there is an end to it.

use std::collections::{BTreeMap, BTreeSet};

use dashu::base::{Abs, BitTest, DivRem, Signed, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
use numerics::whole::gcd;

use crate::Budget;

/// Multipliers of rows, by index.
pub(crate) type Multipliers = Vec<(u32, RBig)>;

/// Work allowed however small the model is, in entries visited: less than anybody notices, so that what small models say modulo one is
/// always found.
const LEAST_WORK: usize = 100_000;

/// `terms = right`, with the multipliers of rows of the model that make it.
#[derive(Clone, Debug)]
pub(super) struct Equation {
    terms: BTreeMap<u32, IBig>,
    right: IBig,
    rows: BTreeMap<u32, RBig>,
}

impl Equation {
    /// Row `row` divided by `unit`, without its fixed columns.
    pub fn new(row: u32, terms: BTreeMap<u32, IBig>, right: IBig, unit: &RBig) -> Self {
        Self { terms, right, rows: BTreeMap::from([(row, RBig::ONE / unit)]) }
    }

    fn unit_column(&self, columns: &[BTreeSet<usize>]) -> Option<u32> {
        let units = self.terms.iter().filter(|(_, a)| a.unsigned_abs().is_one());
        units.map(|(&j, _)| j).min_by_key(|&j| columns[j as usize].len())
    }
}

/// Multipliers y of equations with `y'A` whole and `y'b` not, if the work allowed is enough to find them and there are any.
pub(super) fn contradiction(equations: Vec<Equation>, limit: usize, budget: &Budget) -> Option<Multipliers> {
    let mut system = System::new(equations, limit.max(LEAST_WORK), budget);
    system.drop_solvable();
    let found = system.eliminate();
    found.map(nonzeros)
}

fn nonzeros(rows: BTreeMap<u32, RBig>) -> Multipliers {
    rows.into_iter().filter(|(_, y)| !y.is_zero()).collect()
}

/// Multipliers y of equations with `y'A` whole, of which all others are sums of these and of whole numbers; as many as the work
/// allowed finds.
pub(super) fn divisible(equations: Vec<Equation>, limit: usize, budget: &Budget) -> Vec<Multipliers> {
    let homogeneous = equations.into_iter().map(|equation| Equation { right: IBig::ZERO, ..equation }).collect();
    let mut system = System::new(homogeneous, limit.max(LEAST_WORK), budget);
    system.drop_solvable();
    system.eliminate();
    system.divided
}

struct System<'a> {
    /// `None` for those set aside.
    equations: Vec<Option<Equation>>,
    /// The equations of each column.
    columns: Vec<BTreeSet<usize>>,
    left: usize,
    /// The multipliers of every equation that a common divisor was taken from.
    divided: Vec<Multipliers>,
    budget: &'a Budget<'a>,
}

/// How looking at an equation ended.
enum Look {
    Fine,
    Contradiction,
    /// The work allowed is used up.
    Tired,
}

impl<'a> System<'a> {
    fn new(equations: Vec<Equation>, left: usize, budget: &'a Budget<'a>) -> Self {
        let width = equations.iter().filter_map(|equation| equation.terms.keys().next_back()).max();
        let mut columns = vec![BTreeSet::new(); width.map_or(0, |&j| j as usize + 1)];
        for (i, equation) in equations.iter().enumerate() {
            equation.terms.keys().for_each(|&j| {
                columns[j as usize].insert(i);
            });
        }
        Self { equations: equations.into_iter().map(Some).collect(), columns, left, divided: Vec::new(), budget }
    }

    /// Counts work; false when there is no more to spend.
    fn spend(&mut self, work: usize) -> bool {
        // Big numbers in trees: some ten units each.
        let over = self.budget.spend(10 * work) || work > self.left;
        self.left = self.left.saturating_sub(work);
        !over
    }

    /// Sets aside equations with a unit coefficient at a column of their own: they can be solved at the end. Cost O(entries).
    fn drop_solvable(&mut self) {
        let mut waiting: Vec<usize> = (0..self.equations.len()).collect();
        while let Some(i) = waiting.pop() {
            let Some(equation) = &self.equations[i] else { continue };
            let own = |(&j, a): (&u32, &IBig)| self.columns[j as usize].len() == 1 && a.unsigned_abs().is_one();
            if equation.terms.iter().any(own) {
                waiting.extend(self.set_aside(i));
            }
        }
    }

    /// Removes an equation; gives those that are now alone with one of its columns.
    fn set_aside(&mut self, i: usize) -> Vec<usize> {
        let Some(equation) = self.equations[i].take() else { return Vec::new() };
        let mut alone = Vec::new();
        for &j in equation.terms.keys() {
            let column = &mut self.columns[j as usize];
            column.remove(&i);
            if let (1, Some(&other)) = (column.len(), column.first()) {
                alone.push(other);
            }
        }
        alone
    }

    /// Multipliers of a contradiction, if elimination comes to one.
    fn eliminate(&mut self) -> Option<BTreeMap<u32, RBig>> {
        for i in 0..self.equations.len() {
            if self.equations[i].is_some() {
                match self.normalise(i) {
                    Look::Fine => {}
                    Look::Contradiction => return self.equations[i].take().map(|equation| equation.rows),
                    Look::Tired => return None,
                }
            }
        }
        // Short equations first: they fill in least.
        let lengths = |equation: &Option<Equation>| equation.as_ref().map(|equation| equation.terms.len());
        let mut open: BTreeSet<(usize, usize)> =
            self.equations.iter().enumerate().filter_map(|(i, equation)| Some((lengths(equation)?, i))).collect();
        while let Some((length, i)) = open.pop_first() {
            let Some(equation) = &self.equations[i] else { continue };
            if equation.terms.len() > length {
                open.insert((equation.terms.len(), i)); // it has grown
                continue;
            }
            let column = match equation.unit_column(&self.columns) {
                Some(column) => column,
                None => self.make_unit(i)?,
            };
            for k in self.columns[column as usize].clone() {
                if k == i {
                    continue;
                }
                if !self.subtract(i, k, column) {
                    return None;
                }
                match self.normalise(k) {
                    Look::Fine => {}
                    Look::Contradiction => return self.equations[k].take().map(|equation| equation.rows),
                    Look::Tired => return None,
                }
            }
            self.set_aside(i);
        }
        None
    }

    /// Divides an equation by the common divisor of its coefficients, if the right side has it too. An equation without terms
    /// is set aside unless its right side says no.
    fn normalise(&mut self, i: usize) -> Look {
        let length = self.equations[i].as_ref().map_or(0, |equation| equation.terms.len());
        if !self.spend(1 + length) {
            return Look::Tired;
        }
        let Some(equation) = &mut self.equations[i] else { return Look::Fine };
        let divisor = equation.terms.values().fold(UBig::ZERO, |divisor, a| gcd(&divisor, &a.clone().unsigned_abs()));
        if divisor.is_zero() {
            if !equation.right.is_zero() {
                // 0 = right: a share of it is no whole number.
                let half = RBig::from_parts(IBig::ONE, equation.right.clone().unsigned_abs() * UBig::from(2_u8));
                equation.rows.values_mut().for_each(|y| *y *= &half);
                return Look::Contradiction;
            }
            self.equations[i] = None;
            return Look::Fine;
        }
        if divisor.is_one() {
            return Look::Fine;
        }
        let whole = IBig::from(divisor);
        let share = RBig::ONE / RBig::from(whole.clone());
        equation.rows.values_mut().for_each(|y| *y *= &share);
        if !(&equation.right % &whole).is_zero() {
            return Look::Contradiction;
        }
        self.divided.push(nonzeros(equation.rows.clone()));
        equation.right /= &whole;
        equation.terms.values_mut().for_each(|a| *a /= &whole);
        Look::Fine
    }

    /// Substitutes columns until an equation without a common divisor has a unit coefficient; its column. `None` when the work
    /// allowed is used up.
    fn make_unit(&mut self, i: usize) -> Option<u32> {
        loop {
            let equation = self.equations[i].as_ref()?;
            let (&least, a) = equation.terms.iter().min_by_key(|(_, a)| (*a).unsigned_abs())?;
            if a.unsigned_abs().is_one() {
                return Some(least);
            }
            let quotients: Vec<(u32, IBig)> = equation
                .terms
                .iter()
                .filter(|(j, _)| **j != least)
                .map(|(&j, b)| (j, nearest_quotient(b, a)))
                .filter(|(_, q)| !q.is_zero())
                .collect();
            // x_least = x' - sum q_j x_j, in all equations.
            for k in self.columns[least as usize].clone() {
                if !self.spend(1 + quotients.len()) {
                    return None;
                }
                let factor = self.equations[k].as_ref()?.terms.get(&least)?.clone();
                for (j, q) in &quotients {
                    self.add(k, *j, -(&factor * q));
                }
            }
        }
    }

    /// Takes the multiple of equation i from equation k that removes a column with a unit coefficient in i.
    fn subtract(&mut self, i: usize, k: usize, column: u32) -> bool {
        let (Some(source), Some(target)) = (self.equations[i].clone(), &mut self.equations[k]) else { return true };
        let Some(factor) = target.terms.get(&column).map(|a| a * &source.terms[&column]) else { return true };
        let words = 1 + factor.bit_len() / 64;
        target.right -= &factor * &source.right;
        for (row, y) in &source.rows {
            *target.rows.entry(*row).or_default() -= RBig::from(factor.clone()) * y;
        }
        let work = (source.terms.len() + source.rows.len()) * words;
        for (j, a) in &source.terms {
            self.add(k, *j, -(&factor * a));
        }
        self.spend(work)
    }

    /// Adds to a coefficient.
    fn add(&mut self, k: usize, column: u32, value: IBig) {
        let Some(equation) = &mut self.equations[k] else { return };
        let slot = equation.terms.entry(column).or_default();
        *slot += value;
        if slot.is_zero() {
            equation.terms.remove(&column);
            self.columns[column as usize].remove(&k);
        } else {
            self.columns[column as usize].insert(k);
        }
    }
}

/// The whole number nearest to `b / a`: what it leaves of b is at most half of a.
fn nearest_quotient(b: &IBig, a: &IBig) -> IBig {
    let (quotient, rest) = b.div_rem(a);
    if rest.clone().abs() * IBig::from(2) <= a.clone().abs() {
        quotient
    } else if rest.is_positive() == a.is_positive() {
        quotient + IBig::ONE
    } else {
        quotient - IBig::ONE
    }
}
