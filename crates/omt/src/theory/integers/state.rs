//! The bounds and points that one neuron's assertions leave.

use super::layer::{Integers, Meaning, weakest};
use super::test::{Ranges, Test, most};
use crate::theory::assertion::{Implied, Side, Support};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Work (weights in tests) up to which all pairs of points are tested; beyond, those with the extreme points of each side. Once
/// weights are fixed the extreme points are the hardest ones: nothing is lost, some of it is found later.
const ALL_PAIRS: usize = 1 << 14;

/// How many points of a side are extreme.
const EXTREME: usize = 3;

/// A bound before it was changed by the assertion with this number.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Change {
    assertion: usize,
    input: usize,
    low: i32,
    high: i32,
}

/// The backtrackable box of one neuron's weights.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::theory) struct Bounded {
    #[serde(with = "budget::checkpoint::shared")]
    integers: Arc<Integers>,
    weights: Ranges,
    changes: Vec<Change>,
    /// Assertions taken note of.
    known: usize,
    /// Points by side, in the order of the assertions; and which points these are.
    firing: Vec<usize>,
    resting: Vec<usize>,
    sides: Vec<Option<Side>>,
}

#[allow(clippy::cast_possible_truncation)]
impl Bounded {
    pub(in crate::theory) fn new(integers: Arc<Integers>) -> Self {
        Self {
            weights: Ranges::whole(integers.lattice.inputs, integers.bound),
            changes: Vec::new(),
            known: 0,
            firing: Vec::new(),
            resting: Vec::new(),
            sides: vec![None; integers.lattice.points()],
            integers,
        }
    }

    /// All of these assertions but the first `len` are gone.
    pub(in crate::theory) fn retract(&mut self, asserted: &[(u32, Side)], len: usize) {
        while self.known > len {
            self.known -= 1;
            let (site, side) = asserted[self.known];
            match (self.integers.meaning(site), side) {
                (Meaning::Point(point), Side::Fires) => {
                    self.firing.pop();
                    self.sides[point] = None;
                }
                (Meaning::Point(point), Side::Silent) => {
                    self.resting.pop();
                    self.sides[point] = None;
                }
                (Meaning::Weight { .. }, _) => {
                    if let Some(change) = self.changes.pop_if(|change| change.assertion == self.known) {
                        (self.weights.low[change.input], self.weights.high[change.input]) = (change.low, change.high);
                    }
                }
            }
        }
    }

    fn note(&mut self, (site, side): (u32, Side)) {
        match (self.integers.meaning(site), side) {
            (Meaning::Point(point), side) => {
                let points = if side == Side::Fires { &mut self.firing } else { &mut self.resting };
                points.push(point);
                self.sides[point] = Some(side);
            }
            (Meaning::Weight { input, value }, side) => {
                let (low, high) = (self.weights.low[input], self.weights.high[input]);
                let next = if side == Side::Fires { (low.max(value), high) } else { (low, high.min(value - 1)) };
                if next != (low, high) {
                    self.changes.push(Change { assertion: self.known, input, low, high });
                    (self.weights.low[input], self.weights.high[input]) = next;
                }
            }
        }
        self.known += 1;
    }

    /// Takes note of all assertions.
    ///
    /// # Errors
    /// Assertions that no weights of the box meet.
    pub(in crate::theory) fn check(&mut self, asserted: &[(u32, Side)]) -> Result<(), Vec<Support>> {
        for &atom in &asserted[self.known..] {
            self.note(atom);
        }
        let integers = &self.integers;
        if let Some(input) = (0..integers.lattice.inputs).find(|&j| self.weights.low[j] > self.weights.high[j]) {
            let bounds =
                [integers.lower(input, self.weights.low[input]), integers.upper(input, self.weights.high[input])];
            return Err(bounds.into_iter().flatten().map(|(site, side)| Support::Site(site, side)).collect());
        }
        let tests = integers.tests(&self.extreme(true), &self.extreme(false));
        if let Some(&test) = tests.iter().find(|&&test| integers.slack(test, &self.weights) < 0) {
            let mut support = Vec::new();
            self.explain(test, None, &mut support);
            return Err(support);
        }
        if integers.doubt > 0 && self.weights.fixed() {
            let hardest = integers.hardest(&self.firing, &self.resting, &self.weights.low);
            if let Some(test) = integers.worst(&hardest, &self.weights) {
                let mut support = Vec::new();
                self.explain(test, None, &mut support);
                return Err(support);
            }
        }
        Ok(())
    }

    /// The points of a side whose tests are the hardest: all, while few.
    fn extreme(&self, firing: bool) -> Vec<usize> {
        let inputs = self.integers.lattice.inputs;
        let points = if firing { &self.firing } else { &self.resting };
        if !self.integers.lattice.bias || self.firing.len() * self.resting.len() * inputs <= ALL_PAIRS {
            return points.clone();
        }
        // How far a point can be on its side, alone.
        let reach = |&point: &usize| {
            let slope = |x: &i64| if firing { *x } else { -x };
            let bounds = self.weights.low.iter().zip(&self.weights.high);
            self.integers.words_of(point).iter().zip(bounds).map(|(x, (&l, &h))| most(slope(x), 0, l, h)).sum::<i64>()
        };
        let mut ranked: Vec<(i64, usize)> = points.iter().map(|point| (reach(point), *point)).collect();
        let kept = EXTREME.min(ranked.len());
        ranked.select_nth_unstable(kept - 1);
        ranked.truncate(kept);
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, point)| point).collect()
    }

    /// The points of a test, unless one is `but`, and the bounds of all weights.
    fn explain(&self, test: Test, but: Option<usize>, into: &mut Vec<Support>) {
        let point = |point: Option<usize>, side: Side| point.filter(|&p| Some(p) != but).map(|p| (p as u32, side));
        let points = [point(test.fires, Side::Fires), point(test.rests, Side::Silent)];
        let bounds = (0..self.integers.lattice.inputs)
            .flat_map(|j| [self.integers.lower(j, self.weights.low[j]), self.integers.upper(j, self.weights.high[j])]);
        into.extend(points.into_iter().chain(bounds).flatten().map(|(site, side)| Support::Site(site, side)));
    }

    /// As [`crate::theory::Separation::implied`].
    pub(in crate::theory) fn implied(
        &self,
        decided: impl Fn(u32) -> bool,
        buffer: &mut Vec<Support>,
        implied: &mut Vec<Implied>,
    ) {
        let (firing, resting) = (self.extreme(true), self.extreme(false));
        let mut slopes = Vec::new();
        let mut told: Vec<u32> = Vec::new();
        for test in self.integers.tests(&firing, &resting) {
            self.bound_weights(test, &decided, &mut slopes, &mut told, buffer, implied);
        }
        for point in (0..self.sides.len()).filter(|&point| self.sides[point].is_none()) {
            let site = point as u32;
            if decided(site) {
                continue;
            }
            for side in [Side::Fires, Side::Silent] {
                if let Some(test) = self.fails(point, side, if side == Side::Fires { &resting } else { &firing }) {
                    let start = buffer.len();
                    buffer.push(Support::Site(site, side));
                    self.explain(test, Some(point), buffer);
                    implied.push(Implied { site, side, start, len: buffer.len() - start });
                    break;
                }
            }
        }
    }

    /// A test that would fail if this point were on that side.
    fn fails(&self, point: usize, side: Side, others: &[usize]) -> Option<Test> {
        let test = |other: Option<usize>| match side {
            Side::Fires => Test { fires: Some(point), rests: other },
            Side::Silent => Test { fires: other, rests: Some(point) },
        };
        let failing = |test: &Test| self.integers.slack(*test, &self.weights) < 0;
        if self.integers.lattice.bias {
            others.iter().map(|&other| test(Some(other))).find(failing)
        } else {
            Some(test(None)).filter(failing)
        }
    }

    /// Excludes values of weights with which a test cannot be passed.
    fn bound_weights(
        &self,
        test: Test,
        decided: &impl Fn(u32) -> bool,
        slopes: &mut Vec<i64>,
        told: &mut Vec<u32>,
        buffer: &mut Vec<Support>,
        implied: &mut Vec<Implied>,
    ) {
        let integers = &self.integers;
        let slack = integers.slack(test, &self.weights);
        let toll = integers.toll(test);
        integers.slopes(test, slopes);
        for (input, &slope) in slopes.iter().enumerate() {
            let (low, high) = (self.weights.low[input], self.weights.high[input]);
            let best = most(slope, toll, low, high);
            let passes = |w: i32| best - most(slope, toll, w, w) <= slack;
            if low == high || (passes(low) && passes(high)) {
                continue;
            }
            // The tests' terms are concave: what passes is an interval around a place where the term is largest.
            let at = [low, high, 0].into_iter().filter(|&w| low <= w && w <= high);
            let Some(peak) = at.max_by_key(|&w| most(slope, toll, w, w)) else { continue };
            let excluded = [(weakest(peak, low, passes), Side::Silent), (weakest(peak, high, passes), Side::Fires)];
            for (last, side) in excluded {
                let (far, site) = match side {
                    Side::Silent => (last > low, integers.site(input, last.max(1 - integers.bound))),
                    Side::Fires => (last < high, integers.site(input, (last + 1).min(integers.bound))),
                };
                if far && !decided(site) && !told.contains(&site) {
                    told.push(site);
                    let start = buffer.len();
                    buffer.push(Support::Site(site, side));
                    self.explain(test, None, buffer);
                    implied.push(Implied { site, side, start, len: buffer.len() - start });
                }
            }
        }
    }

    /// Weights and bias that meet the assertions checked, once all weights are fixed.
    pub(in crate::theory) fn neuron(&self) -> Option<(Vec<f64>, f64)> {
        let fires = |point: usize| self.sides[point].map(|side| side == Side::Fires);
        self.weights.fixed().then(|| self.integers.neuron(&self.weights.low, fires))
    }
}
