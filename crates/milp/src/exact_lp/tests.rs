//! The exact simplex from arbitrary bases against certificates of its own answers.

use super::*;
use crate::Budget;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn random_lp(random: &mut ChaCha8Rng, n: usize, m: usize) -> ExactLp {
    let mut columns: Vec<Vec<(u32, RBig)>> = Vec::new();
    for _ in 0..n {
        let entry = |random: &mut ChaCha8Rng, i| (i as u32, RBig::from(random.random_range(-4..5)));
        columns.push((0..m).map(|i| entry(random, i)).filter(|(_, a)| !a.is_zero()).collect());
    }
    columns.extend((0..m as u32).map(|i| vec![(i, RBig::from(-1))]));
    let (mut lower, mut upper) = (Vec::new(), Vec::new());
    for _ in 0..n + m {
        let low = random.random_range(-6..3);
        lower.push((random.random_range(0..4) > 0).then(|| RBig::from(low)));
        upper.push((random.random_range(0..3) > 0).then(|| RBig::from(low + random.random_range(0..7))));
    }
    ExactLp { columns, cost: (0..n).map(|_| RBig::from(random.random_range(-5..6))).collect(), lower, upper }
}

/// The least value of `d'x + y's` over the bounds, `None` for minus infinity.
fn least(lp: &ExactLp, y: &[RBig], with_cost: bool) -> Option<RBig> {
    let mut sum = RBig::ZERO;
    for (var, column) in lp.columns.iter().enumerate() {
        let cost = lp.cost.get(var).filter(|_| with_cost).cloned().unwrap_or_default();
        let d = column.iter().fold(cost, |sum, (row, a)| sum - a * &y[*row as usize]);
        if !d.is_zero() {
            let bound = if d > RBig::ZERO { &lp.lower[var] } else { &lp.upper[var] };
            sum += d * bound.as_ref()?;
        }
    }
    Some(sum)
}

/// A variable whose bounds a point leaves; or a direction, which must keep every finite bound.
fn leaves(lp: &ExactLp, x: &[RBig], is_point: bool) -> Option<usize> {
    let mut values = x.to_vec();
    values.resize(lp.columns.len(), RBig::ZERO);
    for (var, column) in lp.columns.iter().take(x.len()).enumerate() {
        column.iter().for_each(|(row, a)| values[x.len() + *row as usize] += a * &x[var]);
    }
    let inside = |value: &RBig, bound: &Option<RBig>, sign: i8| {
        bound.as_ref().is_none_or(|bound| {
            let end = if is_point { bound.clone() } else { RBig::ZERO };
            (value - end) * RBig::from(sign) >= RBig::ZERO
        })
    };
    (0..values.len()).find(|&var| !inside(&values[var], &lp.lower[var], 1) || !inside(&values[var], &lp.upper[var], -1))
}

#[test]
fn every_answer_proves_itself() {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let mut ends = [0; 3];
    for _ in 0..600 {
        let (n, m) = (random.random_range(1..7), random.random_range(1..6));
        let lp = random_lp(&mut random, n, m);
        let mut status = vec![VarStatus::Lower; n];
        status.extend(vec![VarStatus::Basic; m]);
        match lp.solve(&status, &mut Meter::of(&Budget::default())) {
            ExactEnd::Optimal { point, duals } => {
                let value = point.iter().zip(&lp.cost).fold(RBig::ZERO, |sum, (x, c)| sum + x * c);
                assert_eq!(least(&lp, &duals, true), Some(value));
                ends[0] += 1;
            }
            ExactEnd::Infeasible { multipliers } => {
                assert!(least(&lp, &multipliers, false).is_some_and(|value| value > RBig::ZERO));
                ends[1] += 1;
            }
            ExactEnd::Unbounded { point, ray } => {
                assert_eq!(leaves(&lp, &point, true), None);
                assert_eq!(leaves(&lp, &ray, false), None);
                assert!(ray.iter().zip(&lp.cost).fold(RBig::ZERO, |sum, (x, c)| sum + x * c) < RBig::ZERO);
                ends[2] += 1;
            }
            ExactEnd::Unfinished => panic!("a small problem is solved"),
        }
    }
    assert!(ends.iter().all(|&count| count > 30), "{ends:?}");
}
