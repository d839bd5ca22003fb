//! Lifted cover inequalities of knapsack rows.
//!
//! A row becomes a knapsack `sum a_j y_j <= b`, y binary, a > 0: binaries are complemented, and all other variables leave at the bound where their
//! term is least. A cover C is a set of items that weighs more than b; not all of them can be chosen. With the weight `w` at which `sum min(a_j,
//! w)` over the cover is b, and S(k) the sum of the k largest of these, an item is worth as many units as there are S(k) below its weight, and items
//! of the cover that weigh no more than w are worth 1 each; together that is at most |C| - 1.
//!
//! Why this holds: let a choice be worth |C| or more, p units of it by light items of the cover. The others weigh more than the sum of S(k) over their
//! units k, which is at least S(|C| - p) as S is concave, and p light items weigh at least the p least of the minima, that is b - S(|C| - p). So they
//! weigh more than b together; and a choice of light items alone is worth less than |C|, as long as one item of the cover is heavy. With b rounded up,
//! w so that the sum comes to b or more, S rounded up and weights rounded down, no step of this is lost.
//!
//! References: Gu, Nemhauser, Savelsbergh, *Lifted cover inequalities for 0-1 integer programs: computation*, INFORMS J. on Computing 10 (1998);
//! Letchford, Souli, *On lifted cover inequalities: a new lifting procedure with unusual properties*, OR Letters 47 (2019).

use super::cut::{Cut, Family};
use super::equation::Equation;
use super::interval::{Interval, add_down, add_up};
use super::pool::Pool;
use super::rounding::{Term, from_bounds};
use super::substitution::by_rows;
use super::system::System;
use crate::Budget;
use crate::bounds::Side;

/// An item: a binary, the bound it stands at when it is not chosen, its weight and its value at the point.
#[derive(Clone, Copy, Debug)]
struct Item {
    variable: usize,
    side: Side,
    weight: f64,
    value: f64,
}

/// Separates from every row and its negative.
pub(crate) fn separate(system: &System<'_>, pool: &mut Pool, budget: &Budget) {
    let (mut equation, mut scratch) = (Equation::new(system.n + system.m), Equation::new(system.n + system.m));
    let (mut terms, mut items) = (Vec::new(), Vec::new());
    for i in 0..system.m {
        let has_binary =
            system.row(i).any(|(j, _)| system.is_binary(j) && system.distance(j, Side::Lower).fract() != 0.0);
        if !has_binary {
            continue;
        }
        equation.clear();
        equation.add_row(system, i, 1.0);
        by_rows(system, &mut equation);
        for _ in 0..2 {
            let capacity = knapsack(system, &equation, &mut terms, &mut items);
            if let Some(cut) = capacity.and_then(|capacity| lifted(system, &items, capacity, &mut scratch)) {
                pool.offer(system, cut, Family::Cover);
            }
            equation.negate();
        }
        let work = equation.work + scratch.work + 8 * items.len();
        (equation.work, scratch.work) = (0, 0);
        if budget.spend(4 * work) {
            return;
        }
    }
}

/// The knapsack of an equation: its items and capacity.
fn knapsack(system: &System<'_>, equation: &Equation, terms: &mut Vec<Term>, items: &mut Vec<Item>) -> Option<f64> {
    // The least term has its variable at the lower bound where the coefficient is positive.
    let least = |variable: usize| if equation.value(variable).middle() > 0.0 { Side::Lower } else { Side::Upper };
    let capacity = from_bounds(system, equation, least, terms)?;
    items.clear();
    for &Term { variable, side, coefficient } in terms.iter() {
        if coefficient < 0.0 {
            return None;
        }
        if coefficient > 0.0 && system.is_binary(variable) {
            let value = system.distance(variable, side).min(1.0);
            items.push(Item { variable, side, weight: coefficient, value });
        }
    }
    (items.len() >= 2).then_some(capacity)
}

/// The lifted inequality of a cover that the point nearly chooses.
fn lifted(system: &System<'_>, items: &[Item], capacity: f64, scratch: &mut Equation) -> Option<Cut> {
    let mut cover = cover(items, capacity)?;
    cover.sort_by(|&a, &b| items[b].weight.total_cmp(&items[a].weight).then(a.cmp(&b)));
    let limit = limit(items, &cover, capacity)?;
    if items[cover[0]].weight <= limit {
        return None;
    }
    let mut sums = Vec::with_capacity(cover.len());
    cover.iter().fold(0.0, |sum, &k| {
        let sum = add_up(sum, items[k].weight.min(limit));
        sums.push(sum);
        sum
    });
    let mut is_light = vec![false; items.len()];
    cover.iter().filter(|&&k| items[k].weight <= limit).for_each(|&k| is_light[k] = true);
    scratch.clear();
    let mut right = Interval::exact(cover.len() as f64 - 1.0);
    for (item, is_light) in items.iter().zip(is_light) {
        let worth = if is_light { 1.0 } else { sums.partition_point(|&sum| sum < item.weight) as f64 };
        if worth == 0.0 {
            continue;
        }
        let signed = if item.side == Side::Lower { worth } else { -worth };
        right = right.add(system.bound(item.variable, item.side).times(signed));
        if item.variable < system.n {
            scratch.add(item.variable, Interval::exact(signed));
        } else {
            scratch.add_activity(system, item.variable - system.n, signed);
        }
    }
    Cut::settle(system, scratch, right.high)
}

/// Items that weigh more than the capacity together, none of which could be spared: first those that the point chooses.
fn cover(items: &[Item], capacity: f64) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = (0..items.len()).filter(|&k| items[k].value > 0.0).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&items[a], &items[b]);
        b.value.total_cmp(&a.value).then(b.weight.total_cmp(&a.weight)).then(a.variable.cmp(&b.variable))
    });
    let (mut sum, mut size) = (0.0, 0);
    while sum <= capacity {
        sum = add_down(sum, items[*order.get(size)?].weight);
        size += 1;
    }
    order.truncate(size);
    // The items chosen least go first, if they are not needed. The sum is never above that of what is left.
    let mut cover = Vec::with_capacity(size);
    for k in order.into_iter().rev() {
        let rest = add_down(sum, -items[k].weight);
        if rest > capacity {
            sum = rest;
        } else {
            cover.push(k);
        }
    }
    Some(cover)
}

/// The weight at which items of the cover (the heaviest first), none counted for more, come to the capacity or a little more.
fn limit(items: &[Item], cover: &[usize], capacity: f64) -> Option<f64> {
    let total: f64 = cover.iter().map(|&k| items[k].weight).sum();
    let mut excess = total - capacity;
    let mut limit = items[cover[0]].weight;
    for (k, &item) in cover.iter().enumerate().skip(1) {
        let step = (limit - items[item].weight) * k as f64;
        if step >= excess {
            break;
        }
        excess -= step;
        limit = items[item].weight;
    }
    let heavy = cover.iter().filter(|&&k| items[k].weight >= limit).count();
    limit -= excess / heavy as f64;
    let reaches = |limit: f64| cover.iter().fold(0.0, |sum, &k| add_down(sum, items[k].weight.min(limit))) >= capacity;
    // Rounding may have taken it down a little too far.
    (0..8).map(|k| limit + f64::from(k) * 2.0 * f64::EPSILON * total).find(|&limit| limit > 0.0 && reaches(limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Light items that one heavy one makes needless: each is looked at once, not with all others.
    #[test]
    fn many_items_are_spared_in_one_go() {
        const MANY: usize = 300_000;
        let item = |variable, weight, value| Item { variable, side: Side::Lower, weight, value };
        let mut items: Vec<Item> = (0..MANY).map(|k| item(k, 1.0, 1.0)).collect();
        items.push(item(MANY, MANY as f64, 0.5));
        let began = std::time::Instant::now();
        let cover = cover(&items, MANY as f64 + 0.5).expect("all of them weigh enough");
        assert_eq!((cover.len(), cover.contains(&MANY)), (2, true));
        assert!(cover.iter().map(|&k| items[k].weight).sum::<f64>() > MANY as f64 + 0.5);
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    }
}
