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

/// Wherever the work allowed runs out, the end is none, or that of as much work as it takes.
#[test]
fn no_end_comes_of_a_meter_that_runs_out() {
    let mut random = ChaCha8Rng::seed_from_u64(31);
    let budget = Budget::default();
    let kind = |end: &ExactEnd| std::mem::discriminant(end);
    let mut unfinished = 0;
    for _ in 0..60 {
        let (n, m) = (random.random_range(4..9), random.random_range(3..7));
        let lp = random_lp(&mut random, n, m);
        let end = lp.solve(&lp.slack(), &mut Meter::of(&budget));
        for work in (0..400).chain((400..3000).step_by(37)) {
            match lp.solve(&lp.slack(), &mut Meter::new(work, &budget)) {
                ExactEnd::Unfinished => unfinished += 1,
                early => assert_eq!(kind(&early), kind(&end), "{work}"),
            }
        }
    }
    assert!(unfinished > 1000, "{unfinished}");
}

/// A sparse program with a basis that is optimal by construction, its point and its duals; all numbers have a few decimals.
struct Planted {
    lp: ExactLp,
    status: Vec<VarStatus>,
    point: Vec<RBig>,
    duals: Vec<RBig>,
}

fn planted(random: &mut ChaCha8Rng, n: usize, m: usize) -> Planted {
    let ratio = |random: &mut ChaCha8Rng, size: i64, below: u64| {
        RBig::from_parts(random.random_range(-size..=size).into(), random.random_range(1..=below).into())
    };
    let mut columns: Vec<Vec<(u32, RBig)>> = Vec::new();
    for j in 0..n {
        let mut column = vec![((j % m) as u32, RBig::from(random.random_range(1..40)))];
        for i in (0..m as u32).filter(|&i| i != (j % m) as u32) {
            if random.random_range(0..8) == 0 {
                column.push((i, RBig::from_parts(random.random_range(-300..300).into(), 100_u8.into())));
            }
        }
        column.retain(|(_, a)| !a.is_zero());
        columns.push(column);
    }
    // Most of the first m columns are basic, and the logicals of the other rows.
    let in_basis: Vec<bool> = (0..m).map(|_| random.random_range(0..5) > 0).collect();
    let point: Vec<RBig> = (0..n).map(|_| ratio(random, 1000, 12)).collect();
    let mut x = point.clone();
    for i in 0..m as u32 {
        let row = columns
            .iter()
            .zip(&point)
            .map(|(column, x)| column.iter().filter(|(row, _)| *row == i).fold(RBig::ZERO, |sum, (_, a)| sum + a * x));
        x.push(row.fold(RBig::ZERO, |sum, term| sum + term));
    }
    columns.extend((0..m as u32).map(|i| vec![(i, -RBig::ONE)]));
    let basic = |var: usize| if var < n { var < m && in_basis[var] } else { !in_basis[var - n] };
    let duals: Vec<RBig> = (0..m).map(|i| if basic(n + i) { RBig::ZERO } else { ratio(random, 90, 9) }).collect();
    let (mut status, mut cost, mut lower, mut upper) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (var, column) in columns.iter().enumerate() {
        let product = column.iter().fold(RBig::ZERO, |sum, (row, a)| sum + a * &duals[*row as usize]);
        let reduced = match var {
            _ if basic(var) => RBig::ZERO,
            var if var < n => ratio(random, 50, 7),
            var => duals[var - n].clone(),
        };
        if var < n {
            cost.push(product + &reduced);
        }
        let at = if basic(var) {
            VarStatus::Basic
        } else if reduced < RBig::ZERO {
            VarStatus::Upper
        } else {
            VarStatus::Lower
        };
        let far = |away: i32| Some(&x[var] + RBig::from(away));
        lower.push(if at == VarStatus::Lower { Some(x[var].clone()) } else { far(-3).filter(|_| var % 3 > 0) });
        upper.push(if at == VarStatus::Upper { Some(x[var].clone()) } else { far(4).filter(|_| var % 2 > 0) });
        status.push(at);
    }
    Planted { lp: ExactLp { columns, cost, lower, upper }, status, point, duals }
}

#[test]
fn lifted_solutions_are_exact() {
    let mut random = ChaCha8Rng::seed_from_u64(23);
    let budget = Budget::default();
    let mut found = 0;
    for round in 0..40 {
        let m = 30 + round % 9;
        let Planted { mut lp, mut status, point, duals } = planted(&mut random, m + m / 2, m);
        match lifting::optimum(&lp, &status, &mut Meter::of(&budget)) {
            Some(ExactEnd::Optimal { point: x, duals: y }) => {
                assert_eq!((x, y), (point.clone(), duals.clone()));
                found += 1;
            }
            Some(_) => panic!("lifting finds optima alone"),
            // Singular bases are rare.
            None => continue,
        }
        // What rests on the wrong one of two bounds is moved, and what has no other is no optimum.
        let var = (m..m + m / 2).find(|&var| status[var] == VarStatus::Lower).expect("some column rests there");
        status[var] = VarStatus::Upper;
        lp.upper[var] = lp.lower[var].as_ref().map(|lower| lower + RBig::ONE);
        let moved = lifting::optimum(&lp, &status, &mut Meter::of(&budget));
        assert!(matches!(moved, Some(ExactEnd::Optimal { point: x, .. }) if x == point));
        lp.lower[var] = None;
        let wanted =
            lp.cost[var] != lp.columns[var].iter().fold(RBig::ZERO, |sum, (i, a)| sum + a * &duals[*i as usize]);
        assert_eq!(lifting::optimum(&lp, &status, &mut Meter::of(&budget)).is_none(), wanted);
        assert!(lifting::optimum(&lp, &status, &mut Meter::new(20, &budget)).is_none(), "the meter is heard");
    }
    assert!(found > 30, "{found}");
}
