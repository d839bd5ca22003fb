//! Models of every kind that good_lp can state, solved.

use good_lp::solvers::MipGapError;
use good_lp::{
    Expression, ModelWithSOS1, ResolutionError, Solution, SolutionStatus, SolverModel, Variable, WithInitialSolution,
    WithMipGap, WithTimeLimit, constraint, solver_name, variable, variables,
};
use heaviside_good_lp::milp::Verified;
use heaviside_good_lp::{HeavisideSolution, heaviside};

fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9
}

#[test]
fn linear_programs_in_both_directions() {
    let build = || {
        let mut vars = variables!();
        let [bread, cake] = ["bread", "cake"].map(|name| vars.add(variable().name(name).min(0)));
        (vars, bread, cake)
    };
    let (vars, bread, cake) = build();
    let rows = [constraint!(2 * bread + cake <= 14), constraint!(bread + 3 * cake <= 12), constraint!(cake >= 1)];
    let best = vars.maximise(3 * bread + 4 * cake + 7).using(heaviside).with_all(rows).solve().unwrap();
    assert!(is_near(best.value(bread), 6.0) && is_near(best.value(cake), 2.0));
    assert_eq!(best.eval(3 * bread + 4 * cake + 7), 33.0);
    assert_eq!((best.outcome().verified, best.outcome().bound), (Verified::Exact, 26.0));
    let (vars, bread, cake) = build();
    let least = vars.minimise(bread + cake).using(heaviside).with(constraint!(bread + 2 * cake == 5)).solve().unwrap();
    assert_eq!((least.value(bread), least.value(cake)), (0.0, 2.5));
    assert!(matches!(least.status(), SolutionStatus::Optimal));
    assert_eq!(solver_name(heaviside), "Heaviside");
}

#[test]
fn integers_binaries_and_their_bounds() {
    let mut vars = variables!();
    let n = vars.add(variable().integer().clamp(-7.5, 7.5));
    let use_it = vars.add(variable().binary());
    let x = vars.add(variable().max(10.0));
    let solution = vars
        .maximise(2 * n + x - 3 * use_it)
        .using(heaviside)
        .with(constraint!(3 * n + x <= 12.25))
        .with(constraint!(x <= 4 * use_it))
        .solve()
        .unwrap();
    let values = [n, use_it, x].map(|variable| solution.value(variable));
    // 2n with n = 4 and x = 0, or n = 2 and x = 4, or n = 3 and x = 3.25.
    assert_eq!(solution.eval(2 * n + x - 3 * use_it), 8.0, "{values:?}");
    assert!(values[0].fract() == 0.0 && [0.0, 1.0].contains(&values[1]));
    let mut vars = variables!();
    let x = vars.add(variable());
    assert_eq!(vars.minimise(x).using(heaviside).with(constraint!(x >= -2.5)).solve().unwrap().value(x), -2.5);
    let mut vars = variables!();
    let x = vars.add(variable().max(3));
    let free = vars.maximise(x).using(heaviside).solve().unwrap();
    assert_eq!(free.value(x), 3.0, "no lower bound, and none is made up");
}

/// Numbers come through with all their digits.
#[test]
fn digits_are_kept() {
    for value in [0.1, 1.0 / 3.0, 123_456_789.123_456_79, 1e-12, 16_777_217.0, 1e15] {
        let mut vars = variables!();
        let x = vars.add(variable().min(value));
        let y = vars.add(variable().integer().min(0).max(1e15));
        let solution = vars.minimise(x + y).using(heaviside).with(constraint!(y >= 1e15 - 0.5)).solve().unwrap();
        assert_eq!((solution.value(x), solution.value(y)), (value, 1e15));
    }
}

#[test]
fn what_has_no_solution_is_said_to_have_none() {
    let solve = |lower: f64, upper: f64| {
        let mut vars = variables!();
        let x = vars.add(variable());
        vars.maximise(x).using(heaviside).with(constraint!(x <= upper)).with(constraint!(x >= lower)).solve()
    };
    assert_eq!(solve(3.0, 2.0).err(), Some(ResolutionError::Infeasible));
    assert_eq!(solve(2.0, 2.0).unwrap().outcome().objective, Some(2.0));
    let mut vars = variables!();
    let [x, y] = [(); 2].map(|()| vars.add(variable().integer().clamp(0, 100)));
    let parity = vars.minimise(x).using(heaviside).with(constraint!(2 * x + 4 * y == 7)).solve();
    assert_eq!(parity.err(), Some(ResolutionError::Infeasible));
    let mut vars = variables!();
    let x = vars.add(variable().min(0));
    assert_eq!(vars.maximise(x).using(heaviside).solve().err(), Some(ResolutionError::Unbounded));
    let mut vars = variables!();
    let x = vars.add(variable().min(0));
    let nonsense = vars.minimise(f64::NAN * x).using(heaviside).solve();
    assert!(matches!(nonsense.err(), Some(ResolutionError::Str(_))));
}

/// Items of a knapsack: worth and weight.
fn items() -> Vec<(f64, f64)> {
    (1..=40_u32).map(|k| (f64::from(k * 37 % 53 + 20), f64::from(k * 29 % 41 + 18))).collect()
}

fn knapsack(
    change: impl FnOnce(heaviside_good_lp::Problem, &[Variable]) -> heaviside_good_lp::Problem,
) -> Option<(HeavisideSolution, f64)> {
    let mut vars = variables!();
    let chosen = vars.add_vector(variable().binary(), items().len());
    let sum = |of: fn(&(f64, f64)) -> f64| -> Expression {
        items().iter().zip(&chosen).map(|(item, &variable)| of(item) * variable).sum()
    };
    let (worth, weight) = (sum(|item| item.0), sum(|item| item.1));
    let problem = vars.maximise(worth.clone()).using(heaviside).with(weight.leq(300));
    let solution = change(problem, &chosen).solve().ok()?;
    let total = solution.eval(worth);
    Some((solution, total))
}

#[test]
fn gaps_end_early_and_are_told() {
    let (best, optimum) = knapsack(|problem, _| problem).unwrap();
    assert!(matches!(best.status(), SolutionStatus::Optimal));
    assert_eq!(best.outcome().bound, optimum);
    let (near, value) = knapsack(|problem, _| problem.with_mip_gap(0.5).unwrap()).unwrap();
    assert!(value <= optimum && value >= 0.5 * optimum, "{value} of {optimum}");
    assert!(near.outcome().bound >= optimum);
    let is_met = near.outcome().bound == value;
    assert_eq!(matches!(near.status(), SolutionStatus::Optimal), is_met, "{:?}", near.status());
    let mut vars = variables!();
    let x = vars.add(variable().min(0));
    let problem = vars.minimise(x).using(heaviside).with_mip_gap(0.25).unwrap();
    assert_eq!(problem.mip_gap(), Some(0.25));
    assert!(matches!(problem.with_mip_gap(-1.0), Err(MipGapError::Negative)));
    for (gap, expected) in [(f32::INFINITY, MipGapError::Infinite), (-0.5, MipGapError::Negative)] {
        let mut vars = variables!();
        let x = vars.add(variable().min(0));
        assert_eq!(vars.minimise(x).using(heaviside).with_mip_gap(gap).err(), Some(expected));
    }
}

#[test]
fn limits_end_with_what_there_is() {
    // Without time what holds at once is tried, the empty knapsack; where that breaks a row, there is no solution.
    let (none, value) = knapsack(|problem, _| problem.with_time_limit(0)).unwrap();
    assert!(matches!(none.status(), SolutionStatus::TimeLimit), "{:?}", none.status());
    assert_eq!((value, none.outcome().verified), (0.0, Verified::Rigorous));
    let filled = knapsack(|problem, variables| {
        let count: Expression = variables.iter().sum();
        problem.with(count.geq(3)).with_time_limit(0)
    });
    assert!(filled.is_none(), "no time, no solution");
    let (best, optimum) = knapsack(|problem, _| problem.with_time_limit(3600.0)).unwrap();
    assert!(matches!(best.status(), SolutionStatus::Optimal));
    // A start counts before any node; the rest is limited away.
    let chosen: Vec<usize> =
        (0..items().len()).filter(|&k| best.outcome().solution.as_ref().unwrap()[k] == 1.0).collect();
    let (started, value) = knapsack(|problem, variables| {
        let start: Vec<(Variable, f64)> = chosen.iter().map(|&k| (variables[k], 1.0)).collect();
        let few = |options: &mut heaviside_good_lp::milp::Options| {
            options.node_limit = 0;
            (options.parameters.presolve, options.parameters.rounding, options.parameters.dives) =
                (false, false, false);
        };
        problem.with_initial_solution(start).with_options(few)
    })
    .unwrap();
    assert_eq!(value, optimum, "{:?}", started.status());
}

#[test]
fn of_an_ordered_set_one_is_not_zero() {
    let mut vars = variables!();
    let [x, y, z] = [(); 3].map(|()| vars.add(variable().clamp(0, 5)));
    let solution = vars.maximise(2 * x + 3 * y + z).using(heaviside).with_sos1(x + 2 * y + 3 * z).solve().unwrap();
    assert_eq!([x, y, z].map(|variable| solution.value(variable)), [0.0, 5.0, 0.0]);
}

/// An assignment of workers to jobs against all permutations.
#[test]
fn assignments_agree_with_enumeration() {
    let n = 6;
    let cost = |i: usize, j: usize| f64::from((i as u32 * 31 + j as u32 * 17 + (i * j) as u32 * 7) % 23);
    fn best(n: usize, row: usize, taken: &mut Vec<usize>, cost: &dyn Fn(usize, usize) -> f64) -> f64 {
        if row == n {
            return 0.0;
        }
        let mut least = f64::INFINITY;
        for j in 0..n {
            if !taken.contains(&j) {
                taken.push(j);
                least = least.min(cost(row, j) + best(n, row + 1, taken, cost));
                taken.pop();
            }
        }
        least
    }
    let mut vars = variables!();
    let x: Vec<Vec<Variable>> = (0..n).map(|_| vars.add_vector(variable().binary(), n)).collect();
    let total: Expression = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| cost(i, j) * x[i][j]).sum();
    let mut problem = vars.minimise(total.clone()).using(heaviside);
    for row in &x {
        problem.add_constraint(row.iter().sum::<Expression>().eq(1));
    }
    for j in 0..n {
        problem.add_constraint(x.iter().map(|row| row[j]).sum::<Expression>().eq(1));
    }
    let solution = problem.solve().unwrap();
    assert_eq!(solution.eval(total), best(n, 0, &mut Vec::new(), &cost));
}
