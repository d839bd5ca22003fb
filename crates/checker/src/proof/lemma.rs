//! Lemmas: activations that no neuron of a layer has, checked in exact arithmetic.

use super::problem::Problem;
use crate::field::{Field, Parsed};
use crate::fractions;
use crate::limits;
use crate::network::Norm;
use crate::number::{self, Rational};
use dashu_base::{Abs, BitTest, Gcd};
use dashu_int::{IBig, UBig};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// A site and its multiplier, positive.
type Member = (usize, Rational);

/// An input, and v: the weight there is at least v - B.
type Bound = (usize, usize);

/// The claim that no neuron of a layer fires at all of some sites and rests at all of others, or none with certain bounds on its weights.
pub(super) struct Lemma {
    /// From 1.
    pub layer: usize,
    pub fires: Vec<Member>,
    pub rests: Vec<Member>,
    /// Bounds that hold.
    pub least: Vec<Bound>,
    /// Bounds that do not.
    pub below: Vec<Bound>,
}

impl Lemma {
    /// Reads one line of `lemmas.jsonl`.
    pub fn parse(root: &Field<'_>) -> Parsed<Self> {
        let lemma = Self {
            layer: root.get("layer")?.size()?,
            fires: members(&root.get("fires")?)?,
            rests: members(&root.get("rests")?)?,
            least: bounds(root.optional("least"))?,
            below: bounds(root.optional("below"))?,
        };
        let sites: BTreeSet<usize> = lemma.fires.iter().chain(&lemma.rests).map(|(site, _)| *site).collect();
        if sites.len() != lemma.fires.len() + lemma.rests.len() {
            return root.wrong("no site twice");
        }
        let bounds: BTreeSet<&Bound> = lemma.least.iter().chain(&lemma.below).collect();
        if bounds.len() != lemma.least.len() + lemma.below.len() {
            return root.wrong("no bound twice");
        }
        Ok(lemma)
    }
}

fn members(list: &Field<'_>) -> Parsed<Vec<Member>> {
    let member = |field: &Field<'_>| -> Parsed<Member> {
        match &field.list()?[..] {
            [site, multiplier] => {
                let text = multiplier.text()?;
                let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/');
                match number::exact(text) {
                    Ok(value) if plain && !value.is_zero() => Ok((site.size()?, value)),
                    Err(error) if plain => multiplier.wrong(&format!("a multiplier ({error})")),
                    _ => multiplier.wrong("a positive fraction `p/q`"),
                }
            }
            _ => field.wrong("a site and its multiplier"),
        }
    };
    list.list()?.iter().map(member).collect()
}

fn bounds(list: Option<Field<'_>>) -> Parsed<Vec<Bound>> {
    let bound = |field: &Field<'_>| match &field.list()?[..] {
        [input, value] => Ok((input.size()?, value.size()?)),
        _ => field.wrong("an input and the number of a value"),
    };
    list.map_or_else(|| Ok(vec![]), |list| list.list()?.iter().map(bound).collect())
}

/// What the neurons of one layer see, and which of their activations count.
pub(super) struct Space {
    /// Raw input j of site i is sites[i][j] / 2^powers[j].
    sites: Vec<Vec<IBig>>,
    powers: Vec<usize>,
    /// An input is (raw - shift) / divisor.
    maps: Vec<(Rational, Rational)>,
    /// The perturbation of the inputs.
    radius: Rational,
    norm: Norm,
    epsilon: Option<Rational>,
    /// Bound on the bias that loses no activations, which matters with a margin: the number, and a short one that is not below it; 0 if there is
    /// no bias.
    bias: (Rational, Rational),
    has_bias: bool,
    /// 2 B where weights are whole, else 0.
    values: usize,
}

impl Space {
    /// What the first layer sees: the points.
    pub fn points(problem: &Problem) -> Self {
        let setting = &problem.setting;
        let (norm, radius) = setting.robust.clone().unwrap_or((Norm::Linf, Rational::ZERO));
        let maps: Vec<_> = setting.scaler.shift.iter().cloned().zip(setting.scaler.divisor.iter().cloned()).collect();
        let inputs = Rational::from(setting.inputs);
        let sizes = |point: &[Rational]| {
            point.iter().zip(&maps).map(|(raw, (shift, divisor))| ((raw - shift) / divisor).abs()).collect()
        };
        let wanted = setting.epsilon.is_some() && setting.bias;
        let largest = fractions::largest(problem.points.iter().filter(|_| wanted).map(|point| sizes(&point.value)));
        let reach = match norm {
            Norm::Linf => &radius * inputs,
            Norm::L1 => radius.clone(),
        };
        let raw: Vec<&[Rational]> = problem.points.iter().map(|point| &*point.value).collect();
        let (sites, powers) = whole(&raw, setting.inputs);
        let bias = (Rational::ZERO, Rational::ZERO);
        let space = Self { sites, powers, maps, radius, norm, epsilon: None, bias, has_bias: false, values: 0 };
        space.with(problem, (largest.0 + &reach, largest.1 + reach))
    }

    /// What a later layer sees: all patterns of `inputs` zeros and ones.
    pub fn patterns(problem: &Problem, inputs: usize) -> Self {
        let bits = |pattern: usize| (0..inputs).map(|l| IBig::from(pattern >> l & 1)).collect();
        let space = Self {
            sites: (0..1usize << inputs).map(bits).collect(),
            powers: vec![0; inputs],
            maps: vec![(Rational::ZERO, Rational::ONE); inputs],
            radius: Rational::ZERO,
            norm: Norm::Linf,
            epsilon: None,
            bias: (Rational::ZERO, Rational::ZERO),
            has_bias: false,
            values: 0,
        };
        space.with(problem, (Rational::from(inputs), Rational::from(inputs)))
    }

    /// The margin, and the bias bounded by the largest 1-norm of a site. With a larger bias a neuron fires everywhere or
    /// rests everywhere, which weights 0 and a bias of 0 or -epsilon do as well; so epsilon is allowed in any case.
    fn with(mut self, problem: &Problem, (largest, above): (Rational, Rational)) -> Self {
        self.has_bias = problem.setting.bias;
        self.values = problem.values;
        self.epsilon = problem.setting.epsilon.clone();
        if let (true, Some(epsilon)) = (self.has_bias, &self.epsilon) {
            self.bias = (largest.max(epsilon.clone()), above.max(epsilon.clone()));
        }
        self
    }

    /// How many inputs a site has.
    pub fn inputs(&self) -> usize {
        self.maps.len()
    }

    /// Whether complementing a neuron turns its activations round.
    pub fn complements(&self) -> bool {
        self.epsilon.is_none() && self.has_bias
    }

    /// Checks a lemma. A neuron with these activations would have w g + b c - radius S ||w|| positive (ideal) or at least
    /// epsilon sum mu, with lambda the multipliers of the firing sites and mu of the resting ones, g = sum lambda z - sum mu z,
    /// c = sum lambda - sum mu, S = sum lambda + sum mu; but that is at most D max |w| + |b c|. Of whole weights, with c = 0 or without biases, it is
    /// at most the largest value of w g - radius S ||w|| within their bounds; that may be negative, and then no site need rest.
    ///
    /// Cost: members times inputs products.
    pub fn check(&self, lemma: &Lemma) -> Result<(), String> {
        let (fires, rests) = self.integers(lemma)?;
        let ranges = self.ranges(lemma)?;
        let sum = |members: &[(&Vec<IBig>, IBig)]| members.iter().fold(IBig::ZERO, |sum, (_, value)| sum + value);
        let (lambda, mu) = (sum(&fires), sum(&rests));
        let (is_whole, one_rests) = (self.values > 0, mu > IBig::ZERO);
        if !is_whole && !one_rests {
            return Err("no site rests".to_owned());
        }
        let c = &lambda - &mu;
        if (self.complements() || is_whole && self.has_bias) && c != IBig::ZERO {
            return Err("the multipliers of both sides do not add up to the same".to_owned());
        }
        let ball = &self.radius * Rational::from(&lambda + &mu);
        let slopes = self.slopes(&fires, &rests, &c);
        let (terms, beside) =
            if is_whole { self.largest(&slopes, &ranges, ball) } else { self.overhang(&slopes, ball) };
        let Some(epsilon) = &self.epsilon else {
            return match fractions::compare(&terms, &beside) {
                Ordering::Less => Ok(()),
                Ordering::Equal if one_rests => Ok(()),
                _ => Err("the combinations of both sides do not meet".to_owned()),
            };
        };
        let (most, c) = (epsilon * Rational::from(mu), Rational::from(c).abs());
        let within = |bias: &Rational| {
            let left = &most - bias * &c;
            (is_whole || left > Rational::ZERO) && fractions::compare(&terms, &(left + &beside)) == Ordering::Less
        };
        // The long number decides where the short one does not suffice.
        if within(&self.bias.1) || within(&self.bias.0) {
            Ok(())
        } else {
            Err("the combinations of both sides are not nearer than the margin".to_owned())
        }
    }

    /// The members' coordinates and their multipliers times a common denominator.
    #[expect(clippy::type_complexity)]
    fn integers(&self, lemma: &Lemma) -> Result<(Vec<(&Vec<IBig>, IBig)>, Vec<(&Vec<IBig>, IBig)>), String> {
        let mut common = UBig::ONE;
        for (_, multiplier) in lemma.fires.iter().chain(&lemma.rests) {
            let shared = (&common).gcd(multiplier.denominator());
            common *= multiplier.denominator() / shared;
            if common.bit_len() > limits::LEMMA_BITS {
                return Err("the multipliers have too many different denominators".to_owned());
            }
        }
        let member = |(site, multiplier): &Member| {
            let point = self.sites.get(*site).ok_or_else(|| format!("there is no site {site}"))?;
            Ok((point, multiplier.numerator() * IBig::from(&common / multiplier.denominator())))
        };
        let all = |members: &[Member]| members.iter().map(member).collect::<Result<_, String>>();
        Ok((all(&lemma.fires)?, all(&lemma.rests)?))
    }

    /// What the bounds of a lemma leave of each weight; nothing is left out where they exclude each other.
    fn ranges(&self, lemma: &Lemma) -> Result<Vec<(IBig, IBig)>, String> {
        let middle = IBig::from(self.values / 2);
        let mut ranges = vec![(-&middle, middle.clone()); if self.values > 0 { self.inputs() } else { 0 }];
        for (bounds, is_least) in [(&lemma.least, true), (&lemma.below, false)] {
            for &(input, value) in bounds {
                let range = ranges.get_mut(input).filter(|_| (1..=self.values).contains(&value));
                let Some((low, high)) = range else {
                    return Err(format!("there is no bound {value} of weight {input}"));
                };
                let value = IBig::from(value) - &middle;
                if is_least {
                    *low = value.max(low.clone());
                } else {
                    *high = (value - IBig::ONE).min(high.clone());
                }
            }
        }
        Ok(ranges)
    }

    /// g, weight by weight.
    fn slopes(&self, fires: &[(&Vec<IBig>, IBig)], rests: &[(&Vec<IBig>, IBig)], c: &IBig) -> Vec<Rational> {
        let slope = |(j, (power, (shift, divisor))): (usize, (&usize, &(Rational, Rational)))| {
            let side = |members: &[(&Vec<IBig>, IBig)]| {
                let terms = members.iter().filter_map(|(site, multiplier)| Some(site.get(j)? * multiplier));
                terms.fold(IBig::ZERO, |sum, term| sum + term)
            };
            let raw = side(fires) - side(rests);
            if raw == IBig::ZERO && *c == IBig::ZERO {
                return Rational::ZERO;
            }
            let raw = Rational::from_parts(raw, UBig::ONE << *power);
            (raw - shift * Rational::from(c.clone())) / divisor
        };
        self.powers.iter().zip(&self.maps).enumerate().map(slope).collect()
    }

    /// D = max(0, sum of the terms - the number beside them); the ball is radius S.
    fn overhang(&self, slopes: &[Rational], ball: Rational) -> (Vec<Rational>, Rational) {
        let sizes = slopes.iter().map(|slope| slope.clone().abs());
        match self.norm {
            Norm::Linf => (sizes.filter(|size| *size > ball).map(|size| size - &ball).collect(), Rational::ZERO),
            Norm::L1 => (sizes.collect(), ball),
        }
    }

    /// The most that w g - radius S ||w|| is for weights in these ranges, or more: sum of the terms - the number beside them. Each term is
    /// concave in its weight, with a peak at an end or at 0; the largest weight is at least that of every range.
    fn largest(&self, slopes: &[Rational], ranges: &[(IBig, IBig)], ball: Rational) -> (Vec<Rational>, Rational) {
        let (by_input, beside) = match self.norm {
            Norm::Linf => (ball, Rational::ZERO),
            Norm::L1 => {
                let least = |(low, high): &(IBig, IBig)| low.clone().max(-high).max(IBig::ZERO);
                (Rational::ZERO, ball * Rational::from(ranges.iter().map(least).max().unwrap_or(IBig::ZERO)))
            }
        };
        let term = |(slope, (low, high)): (&Rational, &(IBig, IBig))| {
            let value = |weight: &IBig| {
                slope * Rational::from(weight.clone()) - &by_input * Rational::from(weight.clone()).abs()
            };
            let ends = value(low).max(value(high));
            if *low < IBig::ZERO && *high > IBig::ZERO { ends.max(Rational::ZERO) } else { ends }
        };
        (slopes.iter().zip(ranges).map(term).collect(), beside)
    }
}

/// binary64 numbers as integers over a power of two for each column.
fn whole(points: &[&[Rational]], columns: usize) -> (Vec<Vec<IBig>>, Vec<usize>) {
    let power = |value: &Rational| value.denominator().trailing_zeros().unwrap_or(0);
    let at = |point: &[Rational], j: usize| point.get(j).map_or(0, power);
    let powers: Vec<usize> = (0..columns).map(|j| points.iter().map(|point| at(point, j)).max().unwrap_or(0)).collect();
    let scale = |(value, &most): (&Rational, &usize)| value.numerator() << most.saturating_sub(power(value));
    let sites = points.iter().map(|point| point.iter().zip(&powers).map(scale).collect()).collect();
    (sites, powers)
}
