//! The layer: its points and weights in whole numbers, and its lemmas.

use super::test::{Numbers, Ranges, Test, most};
use crate::theory::assertion::{Lemma, Side};
use crate::whole::Lattice;
use bdnn::separation::Semantics;
use bdnn::{Norm, Rational, Stop};
use dashu::base::{BitTest, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use serde::{Deserialize, Serialize};

/// Bits that a sum over all weights may have.
const SUM_BITS: usize = 58;

/// Most sites of weights in a layer: 2 B a weight.
const MAX_WEIGHT_SITES: u64 = 1 << 13;

/// Whether the weights of a neuron with so many inputs can be variables of the search.
#[must_use]
pub fn affordable(inputs: usize, bound: u32) -> bool {
    2 * u64::from(bound) * inputs as u64 <= MAX_WEIGHT_SITES
}

/// What a site of the layer stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The neuron's activation at this point.
    Point(usize),
    /// "Weight `input` is at least `value`."
    Weight {
        /// Index of the weight.
        input: usize,
        /// In (-B, B].
        value: i32,
    },
}

/// The points of a layer of neurons with whole weights.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Integers {
    pub(super) lattice: Lattice,
    pub(super) bound: i32,
    /// Coordinates in words, point by point, and the radius and the margin (1 unit where resting is strict), rounded down.
    words: Vec<i64>,
    numbers: Numbers,
    /// Sums of differences of words are off by less than this: 0 where they are exact.
    pub(super) doubt: i64,
}

impl Integers {
    /// The layer whose neurons decide on these points (length `inputs` each). `None` once `stop` says so.
    #[must_use]
    pub fn new(
        inputs: usize,
        points: usize,
        point: impl Fn(usize) -> Vec<Rational>,
        semantics: &Semantics,
        bound: u32,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let lattice = Lattice::of(inputs, points, point, semantics, bound, stop)?;
        let margin = lattice.margin.clone().unwrap_or(IBig::ONE);
        let sizes = lattice.each().chain([lattice.radius.clone(), margin.clone()]);
        let largest = sizes.map(|x| x.unsigned_abs().bit_len()).max().unwrap_or(0);
        let terms = u64::from(bound) * 4 * (inputs as u64 + 1);
        let excess = (largest + terms.bit_len()).saturating_sub(SUM_BITS);
        let scale = IBig::from(UBig::ONE << excess);
        // Towards zero: less than 1 a coordinate, 2 a difference.
        let word = |x: &IBig| i64::try_from(x / &scale).unwrap_or(0);
        Some(Self {
            words: lattice.each().map(|x| word(&x)).collect(),
            numbers: Numbers { radius: word(&lattice.radius), margin: word(&margin) },
            doubt: if excess > 0 { i64::try_from(terms).unwrap_or(i64::MAX) } else { 0 },
            bound: i32::try_from(bound).unwrap_or(i32::MAX),
            lattice,
        })
    }

    /// Number of sites: points first, then weights.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.lattice.points() + self.lattice.inputs * self.values()
    }

    /// Sites of one weight.
    fn values(&self) -> usize {
        2 * usize::try_from(self.bound).unwrap_or(0)
    }

    /// Whether what lemmas say holds turned round as well: with biases, which are real, and where resting is the opposite of firing.
    #[must_use]
    pub fn closed_under_complement(&self) -> bool {
        self.lattice.bias && self.lattice.margin.is_none()
    }

    /// What a site stands for.
    #[must_use]
    pub fn meaning(&self, site: u32) -> Meaning {
        let site = site as usize;
        let Some(at) = site.checked_sub(self.lattice.points()) else { return Meaning::Point(site) };
        let value = 1 - self.bound + i32::try_from(at % self.values()).unwrap_or(0);
        Meaning::Weight { input: at / self.values(), value }
    }

    /// The site "weight `input` is at least `value`".
    pub(super) fn site(&self, input: usize, value: i32) -> u32 {
        let at = usize::try_from(value + self.bound - 1).unwrap_or(0);
        u32::try_from(self.lattice.points() + input * self.values() + at).unwrap_or(u32::MAX)
    }

    /// The sites of each weight, in the order of their values.
    pub fn weight_sites(&self) -> impl Iterator<Item = Vec<u32>> + '_ {
        (0..self.lattice.inputs).map(|j| (1 - self.bound..=self.bound).map(|value| self.site(j, value)).collect())
    }

    /// What an assertion about a neuron is of the neuron with negated weights.
    pub(in crate::theory) fn mirror(&self, (site, side): (u32, Side)) -> (u32, Side) {
        match self.meaning(site) {
            Meaning::Point(_) => (site, side.flip()),
            Meaning::Weight { input, value } => (self.site(input, 1 - value), side.flip()),
        }
    }

    /// The assertion that a bound is, if it is one.
    pub(super) fn lower(&self, input: usize, low: i32) -> Option<(u32, Side)> {
        (low > -self.bound).then(|| (self.site(input, low), Side::Fires))
    }

    pub(super) fn upper(&self, input: usize, high: i32) -> Option<(u32, Side)> {
        (high < self.bound).then(|| (self.site(input, high + 1), Side::Silent))
    }

    /// The tests of a firing and a resting point, as far as there are such.
    pub(super) fn tests(&self, firing: &[usize], resting: &[usize]) -> Vec<Test> {
        if self.lattice.bias {
            let pairs =
                firing.iter().flat_map(|&f| resting.iter().map(move |&r| Test { fires: Some(f), rests: Some(r) }));
            return pairs.collect();
        }
        let fires = firing.iter().map(|&f| Test { fires: Some(f), rests: None });
        fires.chain(resting.iter().map(|&r| Test { fires: None, rests: Some(r) })).collect()
    }

    /// What some test makes of assertions: a lemma among them with the first one in it, bounds as weak as possible. `None` if all tests can be passed.
    pub(in crate::theory) fn refute(&self, atoms: &[(u32, Side)]) -> Option<Lemma> {
        let kept = *atoms.first()?;
        let (firing, resting, mut weights) = self.told(atoms);
        if let Some(input) = (0..self.lattice.inputs).find(|&j| weights.low[j] > weights.high[j]) {
            let bounds =
                self.lower(input, weights.low[input]).into_iter().chain(self.upper(input, weights.high[input]));
            return Some(lemma(bounds.collect()));
        }
        let test = self.failed(&firing, &resting, &weights)?;
        let mut excess = self.exact_lack(test, &weights)? - IBig::ONE;
        // From here on every bound is loosened as far as the test still fails.
        let mut atoms = vec![kept];
        atoms.extend(test.fires.map(|i| (u32::try_from(i).unwrap_or(u32::MAX), Side::Fires)));
        atoms.extend(test.rests.map(|i| (u32::try_from(i).unwrap_or(u32::MAX), Side::Silent)));
        let norm = self.norm_input(&weights);
        let mut gains: Vec<(IBig, usize)> =
            (0..self.lattice.inputs).map(|j| (self.gain(test, j, &weights, -self.bound, self.bound), j)).collect();
        gains.sort();
        for (_, input) in gains {
            let (low, high) = (weights.low[input], weights.high[input]);
            let own = |atom: Option<(u32, Side)>| atom.is_some_and(|atom| atom == kept);
            let fixed = norm == Some(input);
            let free_low = !fixed && !own(self.lower(input, low));
            let free_high = !fixed && !own(self.upper(input, high));
            let lowest = if free_low {
                weakest(low, -self.bound, |to| self.gain(test, input, &weights, to, high) <= excess)
            } else {
                low
            };
            let highest = if free_high {
                weakest(high, self.bound, |to| self.gain(test, input, &weights, lowest, to) <= excess)
            } else {
                high
            };
            excess -= self.gain(test, input, &weights, lowest, highest);
            (weights.low[input], weights.high[input]) = (lowest, highest);
            atoms.extend(self.lower(input, lowest).into_iter().chain(self.upper(input, highest)));
        }
        Some(lemma(atoms))
    }

    /// Points that fire, points that rest, and what is left of the weights.
    fn told(&self, atoms: &[(u32, Side)]) -> (Vec<usize>, Vec<usize>, Ranges) {
        let mut weights = Ranges::whole(self.lattice.inputs, self.bound);
        let (mut firing, mut resting) = (Vec::new(), Vec::new());
        for &(site, side) in atoms {
            match (self.meaning(site), side) {
                (Meaning::Point(i), Side::Fires) => firing.push(i),
                (Meaning::Point(i), Side::Silent) => resting.push(i),
                (Meaning::Weight { input, value }, Side::Fires) => weights.low[input] = weights.low[input].max(value),
                (Meaning::Weight { input, value }, Side::Silent) => {
                    weights.high[input] = weights.high[input].min(value - 1);
                }
            }
        }
        (firing, resting, weights)
    }

    /// A test of these points that these weights fail, if they fail any.
    fn failed(&self, firing: &[usize], resting: &[usize], weights: &Ranges) -> Option<Test> {
        let tests =
            if weights.fixed() { self.hardest(firing, resting, &weights.low) } else { self.tests(firing, resting) };
        if let [test] = tests[..] { Some(test) } else { self.worst(&tests, weights) }
    }

    /// Multipliers of a lemma: 1 for the points of a test that its bounds fail, and for bounds, which need none; 0 for other points. Empty if there is
    /// no such test.
    #[must_use]
    pub fn multipliers(&self, lemma: &Lemma) -> Vec<Rational> {
        let (firing, resting, weights) = self.told(&lemma.atoms);
        let Some(test) = self.failed(&firing, &resting, &weights) else { return Vec::new() };
        let needed = |&(site, side): &(u32, Side)| match self.meaning(site) {
            Meaning::Point(point) => (if side == Side::Fires { test.fires } else { test.rests }) == Some(point),
            Meaning::Weight { .. } => true,
        };
        lemma.atoms.iter().map(|atom| Rational::from(u8::from(needed(atom)))).collect()
    }

    /// The tests that one weight vector fails if it fails any: those of the firing point with the least sum and of the resting one with the
    /// greatest, in whole numbers. Cost O(m n).
    pub(super) fn hardest(&self, firing: &[usize], resting: &[usize], weights: &[i32]) -> Vec<Test> {
        let values = self.lattice.values(&weights.iter().map(|&w| i64::from(w)).collect::<Vec<_>>());
        let least = firing.iter().copied().min_by_key(|&i| &values[i]);
        let greatest = resting.iter().copied().max_by_key(|&i| &values[i]);
        self.tests(least.as_slice(), greatest.as_slice())
    }

    /// The test that a box fails by most.
    pub(super) fn worst(&self, tests: &[Test], weights: &Ranges) -> Option<Test> {
        let certain = |test: &Test| self.slack(*test, weights) < 0 || self.doubt > 0;
        let lacks =
            tests.iter().filter(|test| certain(test)).filter_map(|&test| Some((self.exact_lack(test, weights)?, test)));
        lacks.max_by(|a, b| a.0.cmp(&b.0)).map(|(_, test)| test)
    }

    /// How much every vector of the box lacks to pass a test, if that is more than nothing.
    fn exact_lack(&self, test: Test, weights: &Ranges) -> Option<IBig> {
        let most = (0..self.lattice.inputs).map(|j| self.exact_term(test, j, weights.low[j], weights.high[j]));
        let sum = most.fold(IBig::ZERO, |sum, term| sum + term);
        let lack = self.exact_need(test) + self.norm_need(test, weights) - sum;
        (lack > IBig::ZERO).then_some(lack)
    }

    /// What the test of a box gains from other bounds on one weight.
    fn gain(&self, test: Test, input: usize, weights: &Ranges, low: i32, high: i32) -> IBig {
        self.exact_term(test, input, low, high) - self.exact_term(test, input, weights.low[input], weights.high[input])
    }

    fn exact_need(&self, test: Test) -> IBig {
        let margin = || self.lattice.margin.clone().unwrap_or(IBig::ONE);
        if test.rests.is_some() { margin() } else { IBig::ZERO }
    }

    /// The most that a weight within these bounds adds to the test.
    fn exact_term(&self, test: Test, input: usize, low: i32, high: i32) -> IBig {
        let x = |point: Option<usize>| point.map_or(IBig::ZERO, |i| self.lattice.at(i, input));
        let slope = x(test.fires) - x(test.rests);
        let radius = match self.lattice.norm {
            Norm::Linf => &self.lattice.radius * test.sides(),
            Norm::L1 => IBig::ZERO,
        };
        let value = |w: i32| &slope * w - &radius * w.abs();
        let inside = (low < 0 && high > 0).then_some(IBig::ZERO);
        value(low).max(value(high)).max(inside.unwrap_or_else(|| value(low)))
    }

    /// With a ball in the 1-norm: the weight whose bounds say most about the largest one, if they say anything.
    fn norm_input(&self, weights: &Ranges) -> Option<usize> {
        if self.lattice.norm == Norm::Linf || self.lattice.radius == IBig::ZERO {
            return None;
        }
        (0..self.lattice.inputs).max_by_key(|&j| weights.least(j)).filter(|&j| weights.least(j) > 0)
    }

    /// What the largest weight adds to the need of a test (ball in the 1-norm).
    fn norm_need(&self, test: Test, weights: &Ranges) -> IBig {
        let least = self.norm_input(weights).map_or(0, |j| weights.least(j));
        &self.lattice.radius * test.sides() * least
    }

    /// Weights and bias of a neuron that fires and rests as told, where that is all of the points that matter.
    pub(super) fn neuron(&self, weights: &[i32], fires: impl Fn(usize) -> Option<bool>) -> (Vec<f64>, f64) {
        let whole: Vec<i64> = weights.iter().map(|&w| i64::from(w)).collect();
        let (values, reach) = (self.lattice.values(&whole), self.lattice.reach(&whole));
        let (bias, _) = self.lattice.bias(&values, &reach, fires);
        (weights.iter().map(|&w| f64::from(w)).collect(), bias)
    }
}

/// The tests in words.
impl Integers {
    pub(super) fn words_of(&self, point: usize) -> &[i64] {
        &self.words[point * self.lattice.inputs..(point + 1) * self.lattice.inputs]
    }

    /// What a unit of a weight's size costs in a test.
    pub(super) fn toll(&self, test: Test) -> i64 {
        if self.lattice.norm == Norm::Linf { self.numbers.radius * i64::from(test.sides()) } else { 0 }
    }

    /// The slope of every weight in a test.
    pub(super) fn slopes(&self, test: Test, into: &mut Vec<i64>) {
        into.clear();
        match (test.fires, test.rests) {
            (Some(f), Some(r)) => into.extend(self.words_of(f).iter().zip(self.words_of(r)).map(|(f, r)| f - r)),
            (Some(f), None) => into.extend(self.words_of(f)),
            (None, Some(r)) => into.extend(self.words_of(r).iter().map(|x| -x)),
            (None, None) => {}
        }
    }

    /// What the box has to spare in a test: below 0, no vector of it passes.
    pub(super) fn slack(&self, test: Test, weights: &Ranges) -> i64 {
        let toll = self.toll(test);
        let bounds = weights.low.iter().zip(&weights.high);
        let term = |(slope, (&low, &high)): (i64, (&i32, &i32))| most(slope, toll, low, high);
        let sum: i64 = match (test.fires, test.rests) {
            (Some(f), Some(r)) => {
                let slopes = self.words_of(f).iter().zip(self.words_of(r)).map(|(f, r)| f - r);
                slopes.zip(bounds).map(term).sum()
            }
            (Some(f), None) => self.words_of(f).iter().copied().zip(bounds).map(term).sum(),
            (None, Some(r)) => self.words_of(r).iter().map(|x| -x).zip(bounds).map(term).sum(),
            (None, None) => 0,
        };
        let margin = if test.rests.is_some() { self.numbers.margin } else { 0 };
        let norm = self.norm_input(weights).map_or(0, |j| i64::from(weights.least(j)));
        sum + self.doubt - margin - self.numbers.radius * i64::from(test.sides()) * norm
    }
}

/// The value furthest from `from` towards `to` at which `holds` is still true; it is at `from`, and false from some value on.
pub(super) fn weakest(from: i32, to: i32, holds: impl Fn(i32) -> bool) -> i32 {
    let (mut good, mut bad) = (from, to + (to - from).signum());
    while (bad - good).abs() > 1 {
        let middle = good + (bad - good) / 2;
        if holds(middle) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    good
}

fn lemma(mut atoms: Vec<(u32, Side)>) -> Lemma {
    atoms.sort_unstable();
    atoms.dedup();
    Lemma { atoms }
}
