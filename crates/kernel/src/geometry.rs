//! Geometric lemmas: what no neuron of a layer does, with the multipliers that show it.

use crate::fault::{Budget, Fault, refuted};
use crate::number::Int;
use crate::problem::Problem;
use crate::structure::bit;

/// A site (a point of layer 1, a pattern of a later layer) and its multiplier, from 0.
pub type Member = (usize, Int);

/// Checks that no neuron of layer k fires at all sites of the one list and rests at all of the other.
///
/// Let l be the multipliers of the sites z that fire, m those of the ones that rest, r the radius of the ball (0 in later layers), and
///
/// ```text
/// g = sum l z - sum m z    c = sum l - sum m    S = sum l + sum m
/// ```
///
/// A neuron (w, b) that fires has w z + b - r |w| >= 0, one that rests has w z + b + r |w| < 0, or <= -epsilon; |w| is the norm dual to the ball's. The sum of these,
/// each times its multiplier, is w g + b c - r S |w| > 0 (as soon as sum m > 0), or >= epsilon sum m. Now w g - r S |w| is at most D max |w_j|, where the overhang D is
///
/// ```text
/// sum_j max(0, |g_j| - r S)   for linf (|w| = sum |w_j|), and for r = 0
/// max(0, sum_j |g_j| - r S)   for l1   (|w| = max |w_j|)
/// ```
///
/// Without a margin D = 0 and (with biases) c = 0 contradict the sum. With one, |w_j| <= 1, and |b| <= beta may be assumed, beta being the
/// most that |w z| + r |w| is, or epsilon if that is more: beyond, the neuron fires everywhere or rests everywhere, as do weights 0 with a bias of 0 or -epsilon. So
/// D + beta |c| < epsilon sum m contradicts it.
///
/// Cost: members times inputs products.
pub fn check(problem: &Problem, k: usize, fires: &[Member], rests: &[Member], budget: &Budget) -> Result<(), Fault> {
    let (l, m) = (total(fires), total(rests));
    if !m.sign().is_gt() {
        return Err(refuted("no multiplier of a site that rests is positive"));
    }
    let c = l.minus(&m).abs();
    if problem.forms() == 2 && c.sign().is_ne() {
        return Err(refuted("the multipliers of both sides do not add up to the same"));
    }
    let none = Int::default();
    let radius = if k == 1 { &problem.ball.1 } else { &none };
    let by_input = problem.ball.0 || radius.sign().is_eq();
    let room = radius.times(&l.plus(&m));
    let mut overhang = Int::default();
    for j in 0..problem.width(k.saturating_sub(1)) {
        let mut g = Int::default();
        for (members, subtract) in [(fires, false), (rests, true)] {
            for (site, times) in members {
                let term = coordinate(problem, k, *site, j)?;
                budget.spend(times.words().saturating_mul(term.words()))?;
                let term = times.times(&term);
                g = if subtract { g.minus(&term) } else { g.plus(&term) };
            }
        }
        let beyond = if by_input { g.abs().minus(&room).max(Int::default()) } else { g.abs() };
        overhang = overhang.plus(&beyond);
    }
    if !by_input {
        overhang = overhang.minus(&room).max(Int::default());
    }
    if !problem.margin() {
        let meet = overhang.sign().is_eq();
        return if meet { Ok(()) } else { Err(refuted("the combinations of both sides do not meet")) };
    }
    let beta = if problem.bias { beta(problem, k).max(problem.epsilon.clone()) } else { Int::default() };
    let nearer = overhang.plus(&beta.times(&c)).minus(&problem.epsilon.times(&m)).sign().is_lt();
    if nearer { Ok(()) } else { Err(refuted("the combinations of both sides are not nearer than the margin")) }
}

fn total(members: &[Member]) -> Int {
    members.iter().fold(Int::default(), |sum, (_, times)| sum.plus(times))
}

/// Input j of a site as layer k sees it, in units.
fn coordinate(problem: &Problem, k: usize, site: usize, j: usize) -> Result<Int, Fault> {
    if k > 1 {
        return Ok(if bit(site, j) { problem.one.clone() } else { Int::default() });
    }
    let input = problem.points.get(site).and_then(|point| point.inputs.get(j));
    input.cloned().ok_or_else(|| refuted("there is no such point"))
}

/// The most that |w z| + r |w| can be with weights of at most 1, in units.
fn beta(problem: &Problem, k: usize) -> Int {
    let inputs = Int::from(problem.width(k.saturating_sub(1)));
    if k > 1 {
        return inputs.times(&problem.one);
    }
    problem.far.plus(&problem.ball.1.times(&if problem.ball.0 { inputs } else { Int::from(1) }))
}
