//! Geometric lemmas: what no neuron of a layer does, with the multipliers that show it.

use crate::fault::{Budget, Fault, ensure, refuted};
use crate::number::Int;
use crate::problem::Problem;
use crate::structure::bit;

/// A site (a point of layer 1, a pattern of a later layer), its multiplier, from 0, and whether the neuron fires there.
pub type Member = (usize, Int, bool);

/// A bound on a weight, by place, and whether it holds.
pub type Bound = (usize, bool);

/// Checks that no neuron of layer k fires at all sites of the one list and rests at all of the other.
///
/// Let l be the multipliers of the sites z that fire, m those of the ones that rest, r the radius of the ball (0 in later layers), and
///
/// ```text
/// g = sum l z - sum m z    c = sum l - sum m    S = sum l + sum m
/// ```
///
/// A neuron (w, b) that fires has w z + b - r |w| >= 0, one that rests has w z + b + r |w| < 0, or <= -epsilon; |w| is the norm dual to the ball's. The sum of
/// these, each times its multiplier, is w g + b c - r S |w| >= epsilon sum m, and more than that if sum m > 0 without a margin. With w_j in [-B, B] and within
/// `bounds`, and M the least that |w| can be, w g - r S |w| is at most the overhang D:
///
/// ```text
/// sum_j of the most that g_j w_j - r S |w_j| is, at an end or at 0    for linf (|w| = sum |w_j|), and for r = 0
/// sum_j of the most that g_j w_j is, less r S M                       for l1   (|w| = max |w_j|)
/// ```
///
/// Of real weights, which without a margin may be scaled, B is 1. If they are not 0 one may be taken to be of size 1, so M = 1; if they are, w g is 0: D is 0 at least.
///
/// Where biases may be of any size c must be 0. With a margin and real weights |b| <= beta may be assumed, the most that |w z| + r |w| is, or epsilon if that is more:
/// above, the neuron fires everywhere, as do weights 0 with a bias of 0. Below, it fires nowhere: then all l are 0, so c = -sum m, and D + beta |c| < epsilon sum m does
/// not hold. So that contradicts the sum; without a margin D = 0 does as well, if sum m > 0.
///
/// Cost: members times inputs products.
pub fn check(problem: &Problem, k: usize, members: &[Member], bounds: &[Bound], budget: &Budget) -> Result<(), Fault> {
    let longest = members.iter().map(|(_, times, _)| times.words()).max().unwrap_or(0);
    budget.spend(longest.saturating_mul(members.len()))?;
    let (l, m, none, real) = (total(members, true), total(members, false), Int::default(), problem.cap == 0);
    let c = l.minus(&m).abs();
    let any = problem.bias && !(real && problem.margin());
    ensure(!any || c.sign().is_eq(), refuted("the multipliers of both sides do not add up to the same"))?;
    let radius = if k == 1 { &problem.ball.1 } else { &none };
    let by_input = problem.ball.0 || radius.sign().is_eq();
    let room = radius.times(&l.plus(&m), budget)?;
    let toll = if by_input { &room } else { &none };
    let (mut overhang, mut least) = (Int::default(), Int::from(usize::from(real)));
    for j in 0..problem.width(k.saturating_sub(1)) {
        let mut g = Int::default();
        for (site, times, fires) in members {
            let input = coordinate(problem, k, *site, j)?;
            budget.spend(g.words().saturating_add(16))?;
            let product = times.times(&input, budget)?;
            g = if *fires { g.plus(&product) } else { g.minus(&product) };
        }
        // The weight is at least `low`, and its negation at least `down`.
        let mut low = none.minus(&Int::from(problem.cap.max(1)));
        let mut down = low.clone();
        budget.spend(bounds.len().saturating_mul(16).saturating_add(overhang.words()))?;
        for &(place, holds) in bounds {
            let (input, value) = problem.bound(problem.turned(place, !holds))?;
            let side = if holds { &mut low } else { &mut down };
            *side = if input == j { value.max(side.clone()) } else { side.clone() };
        }
        let at = |size: &Int, g: &Int| Ok(g.times(size, budget)?.minus(&toll.times(&size.abs(), budget)?));
        let ends = at(&low, &g)?.max(at(&down, &none.minus(&g))?);
        let inside = low.sign().is_lt() && down.sign().is_lt();
        overhang = overhang.plus(&if inside { ends.max(none.clone()) } else { ends });
        least = least.max(low).max(down);
    }
    if !by_input {
        overhang = overhang.minus(&room.times(&least, budget)?);
    }
    overhang = if real { overhang.max(none.clone()) } else { overhang };
    let beta = if problem.bias { beta(problem, k, budget)?.max(problem.epsilon.clone()) } else { none };
    let excess = overhang.plus(&beta.times(&c, budget)?).minus(&problem.epsilon.times(&m, budget)?).sign();
    let meet = excess.is_eq() && !problem.margin() && m.sign().is_gt();
    ensure(meet || excess.is_lt(), refuted("the combinations of both sides are too far apart"))
}

fn total(members: &[Member], fires: bool) -> Int {
    members.iter().filter(|member| member.2 == fires).fold(Int::default(), |sum, (_, times, _)| sum.plus(times))
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
fn beta(problem: &Problem, k: usize, budget: &Budget) -> Result<Int, Fault> {
    let inputs = Int::from(problem.width(k.saturating_sub(1)));
    if k > 1 {
        return inputs.times(&problem.one, budget);
    }
    let norm = if problem.ball.0 { inputs } else { Int::from(1) };
    Ok(problem.far.plus(&problem.ball.1.times(&norm, budget)?))
}
