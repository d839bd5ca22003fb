//! Sparse linear equations in rationals with more unknowns than equations.
//!
//! Entry point: [`System::solve`]. An unknown that stands in one equation alone is a pivot that eliminates nothing; after those the
//! equation with the fewest terms is next. Unknowns without a pivot are zero. Pivots are large among the terms of their equation,
//! in scaled units, so that the solution is not much larger than the right sides.

use std::collections::{BTreeMap, BTreeSet};

use dashu::rational::RBig;

use crate::exact_lp::Meter;
use crate::number::approximately;
use crate::tolerances::{LU_PIVOT_RELATIVE, PROJECTION_NUCLEUS};

/// A coefficient and its size, the latter in scaled units.
struct Term {
    value: RBig,
    size: f64,
}

struct Equation {
    name: usize,
    terms: BTreeMap<u32, Term>,
    right: RBig,
}

struct Pivot {
    unknown: u32,
    value: RBig,
    others: Vec<(u32, RBig)>,
    right: RBig,
}

pub(super) struct Solution {
    /// Unknowns that are not zero.
    pub values: BTreeMap<u32, RBig>,
    /// Names of equations whose terms depend on others, and that do not hold: what is missing on their right side.
    pub dependent: Vec<(usize, RBig)>,
}

pub(super) struct System<'a> {
    factors: &'a [f64],
    equations: Vec<Equation>,
    /// The equations without pivot that each unknown stands in.
    places: BTreeMap<u32, BTreeSet<u32>>,
}

impl<'a> System<'a> {
    /// Without equations; `factors` multiply the coefficients of each unknown where sizes are compared.
    pub fn new(factors: &'a [f64]) -> Self {
        Self { factors, equations: Vec::new(), places: BTreeMap::new() }
    }

    /// Adds `sum terms = right`; no term is zero.
    pub fn add(&mut self, name: usize, terms: BTreeMap<u32, RBig>, right: RBig) {
        let place = self.equations.len() as u32;
        for i in terms.keys() {
            self.places.entry(*i).or_default().insert(place);
        }
        let terms = terms.into_iter().map(|(i, value)| (i, self.term(i, value))).collect();
        self.equations.push(Equation { name, terms, right });
    }

    fn term(&self, unknown: u32, value: RBig) -> Term {
        let size = approximately(&value).abs() * self.factors[unknown as usize];
        Term { value, size }
    }

    /// `None` if the meter runs out, or if it would.
    pub fn solve(mut self, meter: &mut Meter<'_>) -> Option<Solution> {
        let mut open: BTreeSet<(usize, u32)> =
            self.equations.iter().enumerate().map(|(k, equation)| (equation.terms.len(), k as u32)).collect();
        let mut lonely: Vec<u32> = self.places.keys().copied().collect();
        let (mut pivots, mut dependent) = (Vec::new(), Vec::new());
        while let Some(&(count, first)) = open.first() {
            if !meter.pass(1) {
                return None;
            }
            if count == 0 {
                open.pop_first();
                let Equation { name, right, .. } = &mut self.equations[first as usize];
                if !right.is_zero() {
                    dependent.push((*name, std::mem::take(right)));
                }
                continue;
            }
            let (place, unknown) = match self.alone(&mut lonely) {
                Some(found) => found,
                // Only the nucleus is left, where numbers grow.
                None if count > 1 && open.len() > PROJECTION_NUCLEUS => return None,
                None => (first, self.pivot_of(first)?),
            };
            pivots.push(self.eliminate(place, unknown, &mut open, &mut lonely, meter)?);
        }
        let mut values = BTreeMap::<u32, RBig>::new();
        for Pivot { unknown, value, others, right } in pivots.into_iter().rev() {
            if !meter.spend(others.len(), &right) {
                return None;
            }
            let known = others.iter().filter_map(|(i, a)| Some(a * values.get(i)?));
            let rest = known.fold(right, |rest, term| rest - term);
            if !rest.is_zero() {
                values.insert(unknown, rest / value);
            }
        }
        Some(Solution { values, dependent })
    }

    /// An unknown of one equation alone, and that equation, if it may be a pivot there.
    fn alone(&self, lonely: &mut Vec<u32>) -> Option<(u32, u32)> {
        while let Some(unknown) = lonely.pop() {
            if let Some(at) = self.places.get(&unknown)
                && at.len() == 1
                && let Some(&place) = at.first()
                && self.is_pivot(place, unknown)
            {
                return Some((place, unknown));
            }
        }
        None
    }

    fn is_pivot(&self, place: u32, unknown: u32) -> bool {
        let terms = &self.equations[place as usize].terms;
        let largest = terms.values().fold(0.0_f64, |top, term| top.max(term.size));
        terms[&unknown].size >= LU_PIVOT_RELATIVE * largest
    }

    /// Of the unknowns that may be the pivot of an equation the one in the fewest others.
    fn pivot_of(&self, place: u32) -> Option<u32> {
        let terms = &self.equations[place as usize].terms;
        let largest = terms.values().fold(0.0_f64, |top, term| top.max(term.size));
        let large = terms.iter().filter(|(_, term)| term.size >= LU_PIVOT_RELATIVE * largest);
        large.map(|(unknown, _)| *unknown).min_by_key(|unknown| self.places[unknown].len())
    }

    /// Takes an unknown out of all equations but one.
    fn eliminate(
        &mut self,
        place: u32,
        unknown: u32,
        open: &mut BTreeSet<(usize, u32)>,
        lonely: &mut Vec<u32>,
        meter: &mut Meter<'_>,
    ) -> Option<Pivot> {
        let equation = &mut self.equations[place as usize];
        open.remove(&(equation.terms.len(), place));
        let mut terms = std::mem::take(&mut equation.terms);
        let right = std::mem::take(&mut equation.right);
        let value = terms.remove(&unknown)?.value;
        for i in terms.keys() {
            leave(self.places.get_mut(i)?, place, *i, lonely);
        }
        for target in self.places.remove(&unknown)?.into_iter().filter(|target| *target != place) {
            let mut other = std::mem::take(&mut self.equations[target as usize].terms);
            open.remove(&(other.len(), target));
            let factor = other.remove(&unknown)?.value / &value;
            if !meter.spend(terms.len() + 1, &factor) {
                return None;
            }
            self.equations[target as usize].right -= &factor * &right;
            for (&i, term) in &terms {
                let old = other.remove(&i).map(|term| term.value).unwrap_or_default();
                let new = old - &factor * &term.value;
                let at = self.places.get_mut(&i)?;
                if new.is_zero() {
                    leave(at, target, i, lonely);
                } else {
                    at.insert(target);
                    other.insert(i, self.term(i, new));
                }
            }
            open.insert((other.len(), target));
            self.equations[target as usize].terms = other;
        }
        let others = terms.into_iter().map(|(i, term)| (i, term.value)).collect();
        Some(Pivot { unknown, value, others, right })
    }
}

/// Notes that an unknown has left an equation.
fn leave(places: &mut BTreeSet<u32>, place: u32, unknown: u32, lonely: &mut Vec<u32>) {
    places.remove(&place);
    if places.len() == 1 {
        lonely.push(unknown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn solutions_satisfy_their_equations_and_dependent_ones_are_named() {
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let mut consistent = 0;
        for round in 0..60_u32 {
            let (unknowns, count) = (4 + round % 9, 1 + round % 5);
            let mut equations: Vec<(BTreeMap<u32, RBig>, RBig)> = Vec::new();
            for _ in 0..count {
                let mut terms = BTreeMap::new();
                for i in 0..unknowns {
                    let a = random.random_range(-6..7_i32);
                    if a != 0 && random.random_range(0..3) != 0 {
                        terms.insert(i, RBig::from(a) / RBig::from(random.random_range(1..4_i32)));
                    }
                }
                equations.push((terms, RBig::from(random.random_range(-9..10_i32))));
            }
            // One that depends on the first two or so, and is off by its own number in every other round.
            let mut sum = BTreeMap::<u32, RBig>::new();
            let mut right = RBig::from(if round % 2 == 0 { 0 } else { 3 });
            for (terms, side) in equations.iter().take(2) {
                terms.iter().for_each(|(i, a)| *sum.entry(*i).or_default() += a);
                right += side;
            }
            sum.retain(|_, a| !a.is_zero());
            equations.push((sum, right));
            let factors = vec![1.0; unknowns as usize];
            let mut system = System::new(&factors);
            for (name, (terms, right)) in equations.iter().enumerate() {
                system.add(name, terms.clone(), right.clone());
            }
            let solution = system.solve(&mut Meter::of(&Budget::default())).expect("no limit");
            for (name, (terms, right)) in equations.iter().enumerate() {
                let known = terms.iter().filter_map(|(i, a)| Some(a * solution.values.get(i)?));
                let missing = known.fold(right.clone(), |rest, term| rest - term);
                let named = solution.dependent.iter().find(|(other, _)| *other == name);
                assert_eq!(missing, named.map(|(_, rest)| rest.clone()).unwrap_or_default());
            }
            if round % 2 == 0 {
                consistent += u32::from(solution.dependent.is_empty());
            } else {
                assert!(!solution.dependent.is_empty());
            }
        }
        // Some of the random equations contradict one another by themselves.
        assert!(consistent >= 20, "{consistent} of 30");
    }

    #[test]
    fn a_meter_that_is_used_up_ends_it() {
        let mut system = System::new(&[1.0, 1.0]);
        system.add(0, [(0, RBig::ONE), (1, RBig::ONE)].into(), RBig::ONE);
        assert!(system.solve(&mut Meter::new(0, &Budget::default())).is_none());
    }
}
