//! What `solve` claims is true of the file: one model for each kind of claim that floats alone got wrong, with the right answer.

use std::path::Path;

use milp::io::parse_lp;
use milp::{
    Certificate, Model, Options, Outcome, Quiet, Rational, Status, VarKind, Verified, Violations, solve,
    solve_certified,
};

fn run(text: &str, options: &Options) -> Outcome {
    let model = parse_lp(text, Path::new("model.lp")).unwrap();
    solve(&model, options, &mut Quiet).unwrap()
}

fn claim(text: &str) -> (Status, Option<f64>) {
    let outcome = run(text, &Options::default());
    (outcome.status, outcome.objective)
}

fn optimal(value: f64) -> (Status, Option<f64>) {
    (Status::Optimal, Some(value))
}

/// Tiny costs beside huge ones: no reduced cost is too small to count.
#[test]
fn cost_spreads_hide_nothing() {
    let costs = "minimize\n obj: - 0.00001 x - 100000000 y\nsubject to\n c: x + y >= -1\nbounds\n 0 <= y <= 1\n";
    assert_eq!(claim(&format!("{costs} 0 <= x <= 1000000000000\nend\n")), optimal(-110_000_000.0));
    assert_eq!(claim(&format!("{costs}end\n")), (Status::Unbounded, None));
    let rows = "minimize\n obj: - 0.0001 y\nsubject to\n c: 0.00003 x + 89000 y >= 88000\n d: 3400000 x = -17000000\n\
                bounds\n -10 <= x <= 10\n -10 <= y <= 1000000\nend\n";
    assert_eq!(claim(rows), optimal(-100.0));
    let whole = "minimize\n obj: - 0.0001 x + z\nsubject to\n c: 100000 x + z >= 100000\nbounds\n 0 <= x <= 1000000\n\
                 0 <= z <= 1\ngeneral\n z\nend\n";
    assert_eq!(claim(whole), optimal(-100.0));
    let digits = "minimize\n obj: - x - 1000000000000 y\nsubject to\n c: x + 1000 y <= 100000\nbounds\n\
                  0 <= x <= 1000000\n 0 <= y <= 1\ngeneral\n x y\nend\n";
    assert_eq!(claim(digits), optimal(-1_000_000_099_000.0));
}

/// A constant that cancels a great objective leaves a small one: gaps are relative to what is left.
/// A cost below every tolerance of dual values counts where its column is wide: each unit of `y` is worth 10^-k, and the point that floats
/// take for the optimum has none of them.
#[test]
fn costs_below_tolerances_count_on_wide_columns() {
    for k in 7..=11 {
        for room in [1e9 + 2.0_f64, 3e11 + 1.0, 6e12 + 2.0] {
            let text = format!("min\nobj: x - 1e-{k} y\nst\na: 3 x >= 0.5\nb: 2 x + 3 y <= {room}\ngenerals\ny\nend\n");
            let outcome = run(&text, &Options { node_limit: 1000, ..Options::default() });
            let units = ((room - 1.0 / 3.0) / 3.0).floor();
            let best = 1.0 / 6.0 - units * 10.0_f64.powi(-k);
            assert_eq!(outcome.status, Status::Optimal, "{text}");
            let value = outcome.objective.unwrap();
            assert!((value - best).abs() <= 2e-9 * best.abs().max(1.0), "{text}{value}, not {best}");
            assert!(outcome.bound <= best + 1e-15 * best.abs(), "{text}{}, above {best}", outcome.bound);
        }
    }
}

#[test]
fn constants_that_cancel_leave_no_gap() {
    let text = "maximize\n obj: - 4 x + y - 30000000000\nsubject to\n c: x + z <= 7\nbounds\n x >= -10000000000\n\
                -inf <= y <= -9999999995\n z <= 1\ngeneral\n y\nend\n";
    assert_eq!(claim(text), optimal(5.0));
    let knapsack = "minimize\n obj: - 7.3 x - 5.1 y - 10000000 z + 100000000000\nsubject to\n c: 3 x + 2 y <= 12.5\nbounds\n\
                    x <= 5\n y <= 5\n z <= 10000\ngeneral\n x y z\nend\n";
    let outcome = run(knapsack, &Options::default());
    assert_eq!((outcome.status, outcome.objective), optimal(-29.9));
    assert!((outcome.bound + 29.9).abs() < 1e-6, "{}", outcome.bound);
    let linear =
        "minimize\n obj: - 7 x - 10000000 z + 100000000000\nsubject to\n c: 3 x <= 10\nbounds\n z <= 10000\nend\n";
    let outcome = run(linear, &Options::default());
    assert_eq!(outcome.status, Status::Optimal);
    assert!((outcome.bound + 70.0 / 3.0).abs() < 1e-6, "{}", outcome.bound);
}

/// Steps of the objective finer than floats of its size: no bound is rounded beyond them.
#[test]
fn steps_too_fine_for_floats_are_told_apart() {
    let text = "minimize\n obj: - 0.00007 x - 420000000 y - 0.000019 z\nsubject to\n r: - 3 x + y >= -5\nbounds\n\
                x <= 1000000\n y <= 50\n z <= 10\ngeneral\n x y z\nend\n";
    for mip_abs_gap in [None, Some(0.0)] {
        let outcome = run(text, &Options { mip_abs_gap, ..Options::default() });
        assert_eq!(
            (outcome.status, outcome.exact_solution),
            (Status::Optimal, Some([18, 50, 10].map(Rational::from).to_vec()))
        );
        assert!(outcome.bound <= -21_000_000_000.001_45 + 4e-6 && outcome.bound >= -21_000_000_000.01);
    }
}

/// A limit after the ray and before the point: nothing is bounded.
#[test]
fn what_is_unbounded_or_infeasible_has_no_bound() {
    let text = "maximize\n obj: x\nsubject to\n c: 6 x - 10 n + 15 m - 35 k = 1\ngeneral\n x n m k\nend\n";
    let outcome = run(text, &Options { node_limit: 0, ..Options::default() });
    assert!(outcome.status == Status::Unbounded || outcome.bound == f64::INFINITY, "{outcome:?}");
}

/// A point and a ray, both exact, and no number that looks like an optimum.
#[test]
fn unbounded_models_have_a_point_and_a_ray() {
    let text = "maximize\n obj: 2 x + 3 n + 0.1\nsubject to\n c: x - 3 n = 0.5\n d: x + n >= 7\ngeneral\n n\nend\n";
    let outcome = run(text, &Options::default());
    assert_eq!((outcome.status, outcome.verified, outcome.objective), (Status::Unbounded, Verified::Exact, None));
    assert_eq!(outcome.bound, f64::INFINITY);
    let (point, ray) = (outcome.exact_solution.unwrap(), outcome.ray.unwrap());
    let three = Rational::from(3);
    let half = Rational::ONE / Rational::from(2);
    assert!(&point[0] - &point[1] * &three == half && point[1].is_int() && &point[0] + &point[1] >= Rational::from(7));
    assert!(ray[0] == &ray[1] * &three && ray[1].is_int() && ray[1] > Rational::ZERO);
}

/// Nor where a start has one.
#[test]
fn unbounded_models_have_no_objective_beside_a_start() {
    let text = "minimize
 obj: - x + y\nsubject to\n c: x + y >= 1\nbounds\n y <= 9\ngeneral\n x\nend\n";
    for presolve in [false, true] {
        let mut options = Options { start: Some(vec![3.0, 2.0]), ..Options::default() };
        options.parameters.presolve = presolve;
        let outcome = run(text, &options);
        assert_eq!((outcome.status, outcome.objective), (Status::Unbounded, None));
        assert!(outcome.exact_solution.is_some() && outcome.ray.is_some());
    }
}

/// Printed beside points that violate no bound.
#[test]
fn no_violation_is_a_negative_zero() {
    let mut model = Model::new("t");
    let x = model.add_var("x", 0.0, 1.0, 1.0, VarKind::Continuous);
    model.add_row("r", 0.5, 0.5, [(x, 1.0)]);
    let violations = Violations::of(&model, &[0.25]);
    assert_eq!([violations.bound, violations.row].map(f64::to_bits), [0.0_f64, 0.25].map(f64::to_bits));
}

/// Constants and fixed columns are no part of a gap.
#[test]
fn constants_hide_no_differences() {
    let rows = "subject to\n k: 7 a + 11 b + 13 c + 19 d >= 101\nbounds\n a <= 9\n b <= 9\n c <= 9\n d <= 9\n";
    let costs = "minimize\n obj: 7 a + 11 b + 13 c + 17 d";
    let plain = claim(&format!("{costs}\n{rows}general\n a b c d\nend\n"));
    let (Status::Optimal, Some(least)) = plain else { panic!("{plain:?}") };
    let fixed = format!("{costs} + 1000000000000 y\n{rows} 1 <= y <= 1\ngeneral\n a b c d y\nend\n");
    assert_eq!(claim(&fixed), optimal(1e12 + least));
    assert_eq!(claim(&format!("{costs} - 10000000000\n{rows}general\n a b c d\nend\n")), optimal(least - 1e10));
    let outcome = run(&fixed, &Options::default());
    assert_eq!((outcome.bound, outcome.verified), (1e12 + least, Verified::Exact));
}

/// Rows of whole numbers over whole columns hold to the last digit.
#[test]
fn whole_rows_have_no_tolerance() {
    let odd = "minimize\n obj: n\nsubject to\n c: 3 n = 1000000000000001\ngeneral\n n\nend\n";
    assert_eq!(claim(odd), (Status::Infeasible, None));
    let division = "maximize\n obj: n\nsubject to\n c: 3 n <= 1000000000000001\ngeneral\n n\nend\n";
    assert_eq!(claim(division), optimal(333_333_333_333_333.0));
    let disjunction = "minimize\n obj: x - 3 b\nsubject to\n c1: x >= 1\n c2: x - 10000000000 b <= 10\n\
                       c3: x - 10000000000 b >= -9999999990\nbinary\n b\ngeneral\n x\nend\n";
    assert_eq!(claim(disjunction), optimal(1.0));
    let tenths = "minimize\n obj: n + m\nsubject to\n c: 0.1 n + 0.2 m = 0.3\n d: n - m = 0\ngeneral\n n m\nend\n";
    assert_eq!(claim(tenths), optimal(2.0));
}

/// Infeasible by less than any tolerance is infeasible.
#[test]
fn small_models_are_decided_to_the_last_digit() {
    let hair = "minimize\n obj: x\nsubject to\n c: x + y <= 1\n d: x + y >= 1.00000000000001\nend\n";
    let outcome = run(hair, &Options::default());
    assert_eq!((outcome.status, outcome.verified), (Status::Infeasible, Verified::Exact));
    let mixed = "minimize\n obj: b\nsubject to\n c: x + b <= 1\n d: x + b >= 1.00000000000001\nbinary\n b\nend\n";
    assert_eq!(claim(mixed), (Status::Infeasible, None));
}

/// A gap of 0 is one of 0, also where floats cannot tell the bound from the objective.
#[test]
fn no_gap_is_none() {
    let text = "maximize\n obj: 0.1 x + 790000000 n\nsubject to\n c: 3 x + n <= 10\ngeneral\n n\nend\n";
    let outcome = run(text, &Options { mip_abs_gap: Some(0.0), ..Options::default() });
    assert_eq!((outcome.status, outcome.objective, outcome.bound), (Status::Optimal, Some(7.9e9), 7.9e9));
    let linear = "maximize\n obj: x\nsubject to\n c: 3 x <= 1\nend\n";
    let outcome = run(linear, &Options { mip_abs_gap: Some(0.0), ..Options::default() });
    // The objective is the nearest float, the bound the least one that is a bound: a third is between them.
    let third = 1.0_f64 / 3.0;
    assert_eq!((outcome.verified, outcome.objective, outcome.bound), (Verified::Exact, Some(third), third.next_up()));
}

/// The dual of a row with one side may have the other sign by less than the tolerance, which is much beside costs of another
/// magnitude: no column is fixed by a reduced cost that leans on it.
#[test]
fn duals_of_the_wrong_sign_fix_nothing() {
    let text = "maximize\n obj: 0.000059 x - 6200000000 y + 0.000007 z\nsubject to\n r: - x + 2 y - z <= -11\n s: - y = 0\n\
                t: - 2 x + 3 z <= -6\nbounds\n x <= 1000000\n y <= 1000000000000\n z <= 1000000000000\n\
                general\n y z\nend\n";
    let outcome = run(text, &Options { mip_abs_gap: Some(0.0), node_limit: 1000, ..Options::default() });
    assert!(outcome.bound >= 63.666648, "{outcome:?}");
}

/// Objectives and bounds beyond 2^53, where floats merge neighbours: compared exactly, and bounds lie outside.
#[test]
fn neighbours_beyond_floats_are_told_apart() {
    let exact = |text: &str| {
        let outcome = run(text, &Options::default());
        assert_eq!((outcome.status, outcome.verified), (Status::Optimal, Verified::Exact), "{text}");
        outcome.exact_solution.unwrap()
    };
    let whole = |values: [i64; 2]| values.map(Rational::from).to_vec();
    let text = "minimize\n obj: - 3 x - 2 y\nsubject to\n c: 3 x + 2 y <= 18014398509481988\nbounds\n y <= 7\n\
                general\n x y\nend\n";
    let point = exact(text);
    assert_eq!(
        Rational::from(3) * &point[0] + Rational::from(2) * &point[1],
        Rational::from(18_014_398_509_481_988_i64)
    );
    let text = "maximize\n obj: x - 2 y\nsubject to\n c: x + y >= 5\nbounds\n x <= 9007199254740993\n y <= 4\n\
                general\n x y\nend\n";
    assert_eq!(exact(text), whole([9_007_199_254_740_993, 0]));
    // Half of an odd number is no whole number, whatever floats make of it.
    let text = "maximize\n obj: 3 x + y\nsubject to\n c: 2 x + 3 y = 144115188075855871\nbounds\n y <= 5\n\
                general\n x y\nend\n";
    assert_eq!(exact(text), whole([72_057_594_037_927_934, 1]));
    // y is a hair above 1 in the relaxation, and 1 as a float.
    let text = "minimize\n obj: 2 x + 9 y\nsubject to\n c: 3 x + 2305843009213693954 y = 2305843009213693957\nbounds\n\
                x <= 2305843009213693955\n y <= 4\ngeneral\n x y\nend\n";
    assert_eq!(exact(text), whole([1, 1]));
}

/// Costs whose decimals have a step as fine as floats: the objective is settled by the gap.
/// Where floats are eighths to halves apart their shortest digits may lie on the other side of what they stand for.
#[test]
fn bounds_between_sparse_floats_hold() {
    for exponent in 48..53 {
        for k in 0..100_i64 {
            let (a, side) = ([3, 7, 11, 13][k as usize % 4], (1_i64 << exponent) * 7 + 12_345 * k + 1);
            for (sense, relation, sign) in [("max", "<=", 1), ("min", ">=", -1)] {
                let outcome = run(&format!("{sense} x\nst\n r: {a} x {relation} {side}\nend\n"), &Options::default());
                let least = Rational::from(side) / Rational::from(a);
                let excess = Rational::try_from(outcome.bound).expect("finite") - least;
                assert!(
                    excess * Rational::from(sign) >= Rational::ZERO,
                    "{sense} {a} x {relation} {side}: {}",
                    outcome.bound
                );
            }
        }
    }
}

/// Beyond 2^53 a bound's float and the digits that it prints as are two numbers, and either may be the false one.
#[test]
fn bounds_hold_as_they_print() {
    let options = Options { mip_rel_gap: 0.05, ..Options::default() };
    for k in 0..200_i128 {
        let fixed = (1 << 57) + 125 + 37 * k;
        for (sense, sign) in [("max", 1), ("min", -1)] {
            let outcome = run(&format!("{sense} 3 x\nst\n r: x = {fixed}\ngeneral\n x\nend\n"), &options);
            let printed: i128 = outcome.bound.to_string().parse().expect("a whole number");
            assert!(sign * (outcome.bound as i128 - 3 * fixed) >= 0, "{sense} {fixed}: {}", outcome.bound);
            assert!(
                outcome.verified == Verified::Exact || sign * (printed - 3 * fixed) >= 0,
                "{sense} {fixed}: {printed}"
            );
        }
    }
}

#[test]
fn steps_finer_than_floats_are_no_steps() {
    let text = "maximize\n obj: 0.30000000000000004 x + 0.7 y + 0.1999999999999999 z\nsubject to\n\
                c: 3 x + 7 y + 2 z <= 25.5\n d: x + y + z <= 7.5\ngeneral\n x y z\nend\n";
    let outcome = run(text, &Options::default());
    assert_eq!(outcome.status, Status::Optimal);
    assert!((outcome.objective.unwrap() - 2.5).abs() < 2e-6, "{outcome:?}");
}

/// A row without columns has no tolerance.
#[test]
fn empty_rows_hold_or_not() {
    for side in [">= 0.0000000001", "= 0.0000000001", "<= -0.0000000001"] {
        let text = format!("maximize\n obj: x\nsubject to\n c: 0 x {side}\ngeneral\n x\nend\n");
        assert_eq!(claim(&text).0, Status::Infeasible, "{side}");
    }
}

/// Objectives that no float holds: no infinite optimum is printed, no bound beyond what is true, and the run ends.
#[test]
fn objectives_beyond_floats_are_left_open() {
    let single = |sense: &str, general: &str| {
        format!("{sense}\n obj: 1e300 x\nsubject to\n c: x >= 1e10\nbounds\n x <= 1e12\n{general}end\n")
    };
    let sum = |general: &str| {
        format!(
            "minimize\n obj: 1e308 x + 1e308 y\nsubject to\n c: x + y >= 10\nbounds\n x <= 20\n y <= 20\n{general}end\n"
        )
    };
    let difference = |general: &str| {
        format!(
            "maximize\n obj: 1e308 x - 1e308 y\nsubject to\n c: x + y <= 10\nbounds\n x <= 20\n y <= 20\n{general}end\n"
        )
    };
    for (text, bound) in [
        (single("minimize", ""), f64::MAX),
        (single("minimize", "general\n x\n"), f64::MAX),
        (single("maximize", ""), f64::INFINITY),
        (single("maximize", "general\n x\n"), f64::INFINITY),
        (sum(""), f64::MAX),
        (sum("general\n x y\n"), f64::MAX),
        (difference(""), f64::INFINITY),
        (difference("general\n x y\n"), f64::INFINITY),
    ] {
        let outcome = run(&text, &Options { node_limit: 1000, ..Options::default() });
        assert_eq!((outcome.status, outcome.objective), (Status::Unresolved, None), "{text}");
        assert_eq!(outcome.bound, bound, "{text}");
    }
    // What floats do hold is told from the rest.
    let text = "minimize\n obj: 1e308 x - 1e308 y\nsubject to\n c: x - y >= -1\nbounds\n x <= 20\n y <= 20\ngeneral\n x y\nend\n";
    assert_eq!(claim(text), optimal(-1e308));
}

/// Sums of floats that overflow prove nothing.
#[test]
fn overflowing_sums_are_no_proof() {
    let n = 60;
    let sum = |term: &dyn Fn(usize) -> String| (0..n).map(term).collect::<Vec<_>>().join(" ");
    let text = format!(
        "minimize\n obj: {}\nsubject to\n{}\nbounds\n{}\nend\n",
        sum(&|i| format!("+ 1e300 x{i} - z{i}")),
        (0..n).map(|i| format!(" c{i}: 1e-5 x{i} + 1e-5 y{i} >= 1000000\n")).collect::<String>(),
        (0..n).map(|i| format!(" x{i} <= 1e15\n y{i} <= 1e11\n z{i} <= 1e9\n")).collect::<String>(),
    );
    let outcome = run(&text, &Options::default());
    let best = -1e9 * n as f64;
    assert!(outcome.bound <= best, "{} is above {best}", outcome.bound);
    assert!(outcome.objective.is_none_or(|value| value >= best), "{:?}", outcome.objective);
    assert!(outcome.status != Status::Optimal || outcome.objective == Some(best), "{outcome:?}");
}

/// A column between two decimals of one float is not fixed: neither whole rows nor propagation take it for that.
#[test]
fn columns_between_digits_beyond_floats_are_not_fixed() {
    let text = "minimize\n obj: y\nsubject to\n c: 10 x + y = 1.0000000000000000001\nbounds\n\
                0.1 <= x <= 0.10000000000000000002\n -5 <= y <= 5\ngeneral\n y\nend\n";
    assert_eq!(claim(text), optimal(0.0));
    let whole = "maximize\n obj: x + y\nsubject to\n c: x + y <= 3\nbounds\n 0 <= x <= 0.99999999999999999999\n\
                 0 <= y <= 1\ngeneral\n x y\nend\n";
    assert_eq!(claim(whole), optimal(1.0));
    let large = "minimize\n obj: x\nsubject to\n c: x + y >= 1\nbounds\n 9007199254740993 <= x <= 9007199254740999\n\
                 0 <= y <= 1\ngeneral\n x y\nend\n";
    let outcome = run(large, &Options::default());
    assert_eq!(outcome.status, Status::Optimal);
    assert_eq!(outcome.exact_solution.unwrap()[0], Rational::from(9_007_199_254_740_993_i64));
}

/// No gap at all with continuous costs: what is known exactly on both sides is compared exactly.
#[test]
fn no_gap_is_reached_with_continuous_costs() {
    let text = "minimize\n obj: -0.000064 x0 - 84000000 x1 - 0.013 y0 - 0.00000005 y1 - 0.00000009 y2\nsubject to\n\
                r0: y0 - 5.77 x0 - 6.1 x1 <= 1.8\n r1: y1 - 1 x0 + 9 x1 <= 7\n r2: y2 - 8 x0 - 3 x1 <= 2.2\nbounds\n\
                x0 <= 1\n x1 <= 2\n -50 <= y0 <= 83\n -50 <= y1 <= 90\n -50 <= y2 <= 49\ngeneral\n x0 x1\nend\n";
    let outcome = run(text, &Options { mip_abs_gap: Some(0.0), ..Options::default() });
    assert_eq!((outcome.status, outcome.objective), optimal(-168_000_000.257_074_95), "{outcome:?}");
    assert_eq!(outcome.verified, Verified::Exact);
}

/// Far from zero, solutions of the relaxation miss bounds by more than the tolerance: a node is looked at again only if there is news.
#[test]
fn limits_are_heard_where_floats_miss_bounds() {
    let text = "minimize\n obj: 4 x0 + 0 x1 - 7 x2 - 8 x3\nsubject to\n r0: 3 x0 - 6666666666690 x1 - 2 x3 = 6666666665754\n\
                r1: 38888888892482 <= 38888888888930 x1 + 8 x3 <= 38888888892489\n\
                r2: - 9 x0 + 90000000000063 x1 - 15555555555566 x2 + 2 x3 <= 50000000000963\nbounds\n\
                x1 <= 1\n x2 <= 1\n x3 <= 10000000000000\ngeneral\n x0 x1 x2 x3\nend\n";
    let outcome = run(text, &Options { node_limit: 50, time_limit: 20.0, ..Options::default() });
    assert!(outcome.status != Status::TimeLimit && outcome.bound <= 17_777_777_774_217.0, "{outcome:?}");
}

/// What the search deduces and a certificate cannot derive leaves columns to branch on all the same.
#[test]
fn certificates_close_differences_that_large_costs_hide() {
    let text = "maximize\n obj: 1000000000 x + 37 y0 + 55 y1 + 35 y2 + 9 y3 + 22 y4 + 46 y5 + 40 y6 + 38 y7 + 64 y8 + 26 y9 + 39 y10\n\
                + 28 y11 + 43 y12 + 28 y13\nsubject to\n k: 34 y0 + 58 y1 + 36 y2 + 12 y3 + 26 y4 + 42 y5 + 41 y6 + 35 y7\n\
                + 60 y8 + 29 y9 + 40 y10 + 32 y11 + 47 y12 + 23 y13 <= 257\n f: x <= 1\nbinary\n\
                x y0 y1 y2 y3 y4 y5 y6 y7 y8 y9 y10 y11 y12 y13\nend\n";
    let model = parse_lp(text, Path::new("model.lp")).unwrap();
    let mut certificate = Certificate::new(&model, &std::env::temp_dir()).unwrap();
    let outcome = solve_certified(&model, &Options::default(), &mut Quiet, &mut certificate).unwrap();
    let proven = certificate.write(&model, &mut std::io::sink()).unwrap();
    assert_eq!((outcome.status, outcome.objective), optimal(1_000_000_270.0));
    assert!(proven.exact && proven.upper == Some(1_000_000_270.0), "{proven:?}");
}

/// Whole columns without upper bounds whose order the rows say, as for tours: multipliers that are rounded leave them residues of
/// which nothing follows, and exact ones need what propagation made of the branchings. A certificate costs no node more.
#[test]
fn certificates_close_what_propagation_closes() {
    let text = "minimize
 obj: 1.046188662325 x0 + 8.996398711804 x1 + 1.814554106506 x2 + 3.941995423470 x3 + 8.648093679504 x4
 + 6.373018317181 x7 + 3.352132621330 x8 + 2.151093369186 x10 + 7.284226811900 x11 + 3.747133016681 x12
 + 3.722423264055 x13 + 2.196222781121 x5 + 3.250813746098 x6 + 6.372527262093 x9
subject to
 x13 + x7 + x10 + x2 >= 1
 x4 + x10 + x13 + x7 + x3 >= 1
 x11 + x2 + x0 + x10 >= 2
 x11 + x1 + x10 >= 1
 x8 + x2 + x12 + x7 + x4 >= 2
 u2 - u1 + 11 x8 - x10 <= 3
 u0 - u2 + 3 x3 - 3 x7 <= 3
 u0 - u1 + 11 x12 - 3 x11 <= -1
 u0 - u2 + 3 x4 <= 2
 u0 - u1 + 11 x4 - x10 <= 4
 u2 - u0 + 3 x13 - 3 x3 <= -1
 u2 - u1 + 3 x3 <= 0
 u0 - u1 + 3 x11 - 3 x8 <= -1
 u1 - u0 + 3 x13 - x1 <= 0
 u1 - u2 + 11 x7 <= 2
binary
 x0 x1 x2 x3 x4 x5 x6 x7 x8 x9 x10 x11 x12 x13
general
 u0 u1 u2
end
";
    let model = parse_lp(text, Path::new("model.lp")).unwrap();
    let mut options = Options::default();
    // A certified search has neither.
    options.parameters.cut_rounds = 0;
    options.parameters.presolve = false;
    let plain = solve(&model, &options, &mut Quiet).unwrap();
    let mut certificate = Certificate::new(&model, &std::env::temp_dir()).unwrap();
    let certified = solve_certified(&model, &options, &mut Quiet, &mut certificate).unwrap();
    assert_eq!((plain.status, certified.status), (Status::Infeasible, Status::Infeasible));
    assert_eq!(certified.statistics.nodes, plain.statistics.nodes);
    let proven = certificate.write(&model, &mut std::io::sink()).unwrap();
    assert!(proven.infeasible, "{proven:?}");
}

/// An unbounded relaxation without a whole point: that there is none is proven by a search of its own.
#[test]
fn certificates_of_unbounded_relaxations_without_points() {
    let text = "maximize\n obj: x + y\nsubject to\n r: 2.99758443668644 n - 0.0446060793280072 m + 0.11552583803632 k\n\
                = -2.020713523665084\nbounds\n -6 <= n <= -1\n -12 <= m <= -10\ngeneral\n n m k x y\nend\n";
    let model = parse_lp(text, Path::new("model.lp")).unwrap();
    let mut certificate = Certificate::new(&model, &std::env::temp_dir()).unwrap();
    let outcome = solve_certified(&model, &Options::default(), &mut Quiet, &mut certificate).unwrap();
    let proven = certificate.write(&model, &mut std::io::sink()).unwrap();
    assert_eq!(outcome.status, Status::Infeasible);
    assert!(proven.infeasible && !proven.unbounded, "{proven:?}");
}

/// With a gap of a twentieth many nodes are open at the end.
const OPEN_AT_THE_END: &str = "minimize\n obj: 9316 x0 - 415 x1 + 6573 x2 - 4569 x4 - 8366 x5\nsubject to\n\
    r0: 9794 x0 + 7127 x1 + 2981 x3 - 8631 x4 - 773 x6 = 9265\n r1: - 5016 x2 + 7560 x3 + 8701 x4 <= -17184\n\
    r2: 5390 x0 - 5343 x1 + 8547 x3 + 4095 x4 + 7476 x5 >= -3288\n\
    r3: - 6700 x0 - 1843 x1 - 5837 x2 + 3335 x3 + 1197 x6 <= 672\nbounds\n x0 <= 100\n x1 <= 100\n x2 <= 100\n\
    x3 <= 100\n x4 <= 100\n x5 <= 100\n x6 <= 100\ngeneral\n x0 x1 x2 x3 x4 x5 x6\nend\n";

/// With a certificate, what is called optimal is what the certificate proves: without a gap the optimum itself, and never less than the
/// bound that is printed, nodes included that were open when the search ended.
#[test]
fn certificates_of_optima_prove_the_bound_that_is_printed() {
    let continuous = "minimize\n obj: 0.0003 x0 - 0.00077 x1 + 0.00099 x2 - 0.00041 x3 + 0.00084 x4 + 0.00024 x5 - 0.00076 x6\n\
                      subject to\n r0: - 0.00062 x0 - 0.00076 x1 + 0.0008 x2 - 0.00056 x4 - 0.00065 x5 + 0.00023 x6 = -0.0009\n\
                      bounds\n x0 <= 100\n x1 <= 100\n x2 <= 100\n x3 <= 100\n -100 <= x4 <= 100\n -100 <= x5 <= 100\n\
                      x6 <= 100\ngeneral\n x0 x1 x2 x5 x6\nend\n";
    // Without the fixed column the objective has steps of 3.
    let fixed = "minimize\n obj: - 21 x0 - 15 x1 - 18 x2 + 4000000000 x3\nsubject to\n r0: 19 x0 + 11 x1 + 17 x2 + 2 x3 <= 22\n\
                 bounds\n x0 <= 1\n x1 <= 2\n x2 <= 1\n -2 <= x3 <= -2\ngeneral\n x0 x1 x2 x3\nend\n";
    for (text, optimum) in [(continuous, -0.27656), (OPEN_AT_THE_END, -775_727.0), (fixed, -8_000_000_030.0)] {
        for (gap, relative) in [(Some(0.0), 0.0), (None, 0.0), (None, 0.05)] {
            let model = parse_lp(text, Path::new("model.lp")).unwrap();
            let options = Options { mip_abs_gap: gap, mip_rel_gap: relative, ..Options::default() };
            let mut certificate = Certificate::new(&model, &std::env::temp_dir()).unwrap();
            let outcome = solve_certified(&model, &options, &mut Quiet, &mut certificate).unwrap();
            let proven = certificate.write(&model, &mut std::io::sink()).unwrap();
            assert_eq!(outcome.status, Status::Optimal);
            assert!(
                proven.lower.is_some_and(|lower| outcome.bound <= lower && lower <= optimum),
                "{proven:?} {outcome:?}"
            );
            if gap == Some(0.0) {
                assert_eq!((proven.exact, outcome.bound, outcome.objective), (true, optimum, Some(optimum)));
            }
        }
    }
}

/// Where no time is left to close what is open, an optimum that the certificate does not prove is not called one.
#[test]
fn optima_without_a_proof_are_not_claimed() {
    let model = parse_lp(OPEN_AT_THE_END, Path::new("model.lp")).unwrap();
    let options = Options { mip_rel_gap: 0.05, closing_limit: 0, ..Options::default() };
    let mut certificate = Certificate::new(&model, &std::env::temp_dir()).unwrap();
    let outcome = solve_certified(&model, &options, &mut Quiet, &mut certificate).unwrap();
    let proven = certificate.write(&model, &mut std::io::sink()).unwrap();
    assert_eq!(outcome.status, Status::Unresolved);
    assert!(proven.lower.is_some_and(|lower| outcome.bound <= lower && lower < -800_000.0), "{proven:?} {outcome:?}");
}

/// The search for points within tolerance takes back nothing of what the search for exact ones has proven.
#[test]
fn more_nodes_prove_no_less() {
    let text = "minimize\n obj: 3 x0 + 6 x1 + 7 x2 + 2 x3 + 8 x4 + 2 x5 + 8 x6 + 9 x7 + y\nsubject to\n \
                42 x0 + 18 x1 + 13 x2 + 31 x3 + 35 x4 + 60 x5 + 26 x6 + 11 x7 = 118\n x0 + y >= 0.5\n x1 + w - y = 0\n\
                bounds\n w <= 5\n x0 <= 1\n x1 <= 1\n x2 <= 1\n x3 <= 1\n x4 <= 1\n x5 <= 1\n x6 <= 1\n x7 <= 1\n\
                general\n x0 x1 x2 x3 x4 x5 x6 x7\nend\n";
    for cut_rounds in [0, 50] {
        let mut last = f64::NEG_INFINITY;
        for node_limit in 0..40 {
            let mut options = Options { node_limit, ..Options::default() };
            options.parameters.cut_rounds = cut_rounds;
            let outcome = run(text, &options);
            assert!(outcome.solution.is_none() && outcome.statistics.nodes <= node_limit);
            assert!(outcome.bound >= last, "{} after {last} with {node_limit} nodes", outcome.bound);
            assert_eq!(outcome.status == Status::Infeasible, outcome.bound == f64::INFINITY);
            last = outcome.bound;
        }
        assert_eq!(last, f64::INFINITY);
    }
}

/// A start that satisfies its model exactly counts, whatever digits it has: whole columns as wide as whole numbers of floats are, beside others in
/// eighths.
#[test]
fn exact_starts_of_wide_whole_columns_count() {
    let mut state = 11_u64;
    let mut below = move |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i128::from((state >> 16) % n)
    };
    for case in 0..300 {
        let most = [1_000_000_000_000, 10_000_000_000_000, 1_000_000_000_000_000, 1 << 53][below(4) as usize];
        let (wholes, others) = (1 + below(4) as usize, below(4) as usize);
        // All values in eighths.
        let mut point: Vec<i128> = (0..wholes).map(|_| 8 * (below(2 * most + 1) - i128::from(most))).collect();
        point.extend((0..others).map(|_| below(16_000_001) - 8_000_000));
        let name = |j: usize| if j < wholes { format!("x{j}") } else { format!("y{j}") };
        let eighths = |value: i128| {
            let sign = if value < 0 { "-" } else { "" };
            format!("{sign}{}.{:03}", value.abs() / 8, value.abs() % 8 * 125)
        };
        let costs: Vec<i128> = (0..point.len()).map(|j| if j < wholes { below(11) - 5 } else { 0 }).collect();
        let sum = |terms: &[i128]| terms.iter().zip(&point).map(|(a, x)| a * x).sum::<i128>();
        let written = |terms: &[i128]| {
            let terms = terms.iter().enumerate();
            terms
                .map(|(j, a)| format!(" {} {} {}", if *a < 0 { "-" } else { "+" }, a.abs(), name(j)))
                .collect::<String>()
        };
        let mut text = format!("min\n obj:{}\nst\n", written(&costs));
        for _ in 0..1 + below(4) {
            let factors = [0, 1, -1, 2, 3, 7, -5, 1000];
            let terms: Vec<i128> = (0..point.len()).map(|_| factors[below(8) as usize]).collect();
            let relation = ["=", "<=", ">="][below(3) as usize];
            text += &format!("{} {relation} {}\n", written(&terms), eighths(sum(&terms)));
        }
        text += "bounds\n";
        for j in 0..point.len() {
            let most = if j < wholes { i128::from(most) } else { 1_000_000 };
            text += &format!(" -{most} <= {} <= {most}\n", name(j));
        }
        text += &format!("general\n{}\nend\n", (0..wholes).map(name).collect::<Vec<_>>().join(" "));
        let start: Vec<f64> = point.iter().map(|&x| x as f64 / 8.0).collect();
        let mut options = Options { start: Some(start), node_limit: 0, ..Options::default() };
        for presolve in [true, false] {
            options.parameters.presolve = presolve;
            let outcome = run(&text, &options);
            let stated = sum(&costs) as f64 / 8.0;
            let found = outcome.objective.unwrap_or(f64::INFINITY);
            assert!(found <= stated + 1e-15 * stated.abs(), "{case} {presolve}: {found} for {stated}\n{text}{point:?}");
        }
    }
}
