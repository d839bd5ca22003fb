//! Models that only whole numbers decide, and bounds that chase each other: the right answer after a handful of nodes, and a
//! certificate that the checker accepts.

use checker::certificate::{Claim, check};
use checker::{Format, Source};
use milp::{Certificate, Options, Quiet, Status};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;
use std::path::Path;

/// Nodes that each of these may take.
const FEW: u64 = 20;

/// Solves an LP file with and without a certificate; the claim of the certificate, checked.
fn claim(text: &str, expected: Status, objective: Option<f64>) -> Claim {
    claim_within(FEW, text, expected, objective)
}

fn claim_within(nodes: u64, text: &str, expected: Status, objective: Option<f64>) -> Claim {
    let model = milp::io::parse_lp(text, Path::new("model.lp")).unwrap();
    let options = Options { node_limit: nodes, ..Options::default() };
    let folder = tempfile::tempdir().unwrap();
    let mut certificate = Certificate::new(&model, folder.path()).unwrap();
    let certified = milp::solve_certified(&model, &options, &mut Quiet, &mut certificate).unwrap();
    for outcome in [milp::solve(&model, &options, &mut Quiet).unwrap(), certified] {
        assert_eq!((outcome.status, outcome.objective), (expected, objective), "{text}");
    }
    let mut proof = Vec::new();
    certificate.write(&model, &mut proof).unwrap();
    let exact = checker::Model::read(Source::new("model", text.as_bytes()), Format::Lp).unwrap();
    check(&exact, Source::new("certificate", proof.as_slice())).unwrap_or_else(|error| panic!("{error}\n{text}")).claim
}

#[test]
fn equations_without_whole_solutions() {
    let ones = |k: usize| (0..k).map(|j| format!("+ 2 y{j}")).collect::<Vec<_>>().join(" ");
    let names = |k: usize| (0..k).map(|j| format!("y{j}")).collect::<Vec<_>>().join(" ");
    let parity = format!("minimize\n c: y0\nsubject to\n e: {} = 41\nbinary\n {}\nend\n", ones(41), names(41));
    let cases = [
        parity.as_str(),
        "minimize\n c: x\nsubject to\n e: 2 x - 4 z = 15\ngeneral\n x z\nend\n",
        "maximize\n c: a + b\nsubject to\n p: 2 a - 2 b = 1\nbounds\n a <= 100000000\n b <= 100000000\ngeneral\n a b\nend\n",
        "minimize\n c: a\nsubject to\n e: 6 a - 4 b + 10 c = 7\nbounds\n a free\n b free\n c free\ngeneral\n a b c\nend\n",
        // Halves between whole numbers, fractions in the coefficients, a side on either hand.
        "minimize\n c: x\nsubject to\n e: x - y = 0.5\nbounds\n x free\n y free\ngeneral\n x y\nend\n",
        "minimize\n c: x\nsubject to\n e: 0.1 x + 0.2 y = 0.25\ngeneral\n x y\nend\n",
        "minimize\n c: x\nsubject to\n l: 3 x + 6 y >= 4\n u: 3 x + 6 y <= 5\nbounds\n x free\n y free\ngeneral\n x y\nend\n",
        // Together: the difference is 2 y = 1, and a fixed continuous column plays a part.
        "minimize\n c: x\nsubject to\n e: x + y + z = 0\n f: x - y + z = 1\nbounds\n x free\n y free\n z free\ngeneral\n x y z\nend\n",
        // One whole number is left for y, an odd one.
        "maximize\n c: x\nsubject to\n e: - 2 x + y + 2 z = 0\n f: 3 <= 3 y <= 4\ngeneral\n x y z\nend\n",
        "minimize\n c: x\nsubject to\n e: - 2 x + y + 2 z = 0\n f: 0.9 <= y <= 1.9\ngeneral\n x y z\nend\n",
        "minimize\n c: x\nsubject to\n e: 2 x + 4 y + z = 2\nbounds\n x free\n y free\n z = 0.5\ngeneral\n x y\nend\n",
    ];
    for case in cases {
        assert_eq!(claim(case, Status::Infeasible, None), Claim::Infeasible);
    }
}

/// Rows whose difference contradicts itself: propagation gives up chasing, and the relaxation knows at once.
#[test]
fn bounds_that_chase_each_other() {
    let chase = |bounds: &str| {
        format!("minimize\n c: x\nsubject to\n p: x - y >= 1\n q: y - x >= 1\n{bounds}general\n x y\nend\n")
    };
    for bounds in ["", "bounds\n x <= 500000000\n y <= 500000000\n", "bounds\n x free\n y free\n"] {
        assert_eq!(claim(&chase(bounds), Status::Infeasible, None), Claim::Infeasible);
    }
    let feasible = "minimize\n c: b\nsubject to\n p: x - y + 1000000000 b >= 1\n q: y - x + 1000000000 b >= 1\nbounds\n \
                    x <= 500000000\n y <= 500000000\nbinary\n b\ngeneral\n x y\nend\n";
    assert!(matches!(claim(feasible, Status::Optimal, Some(1.0)), Claim::Range { .. }));
}

/// A rounded side closes the gap of the relaxation: 2 x + 4 y <= 7 is x + 2 y <= 3, also with a fixed column in the row and
/// with fractions, which a certificate leaves to branching.
#[test]
fn rounded_sides() {
    let cases = [
        ("maximize\n c: x + 2 y\nsubject to\n r: 2 x + 4 y <= 7\ngeneral\n x y\nend\n", 3.0),
        ("maximize\n c: x + 2 y\nsubject to\n r: 2 x + 4 y + 3 z <= 12\nbounds\n z = 1\ngeneral\n x y z\nend\n", 4.0),
        ("maximize\n c: x + 2 y\nsubject to\n r: 0.1 x + 0.2 y <= 0.35\ngeneral\n x y\nend\n", 3.0),
        ("minimize\n c: x + 2 y\nsubject to\n r: 3 x + 6 y >= 7\ngeneral\n x y\nend\n", 3.0),
    ];
    for (text, optimum) in cases {
        assert!(matches!(claim(text, Status::Optimal, Some(optimum)), Claim::Range { .. }));
    }
}

/// Whole columns without bounds, and others whose values decide whether there are whole points: some by their bounds, some only once
/// the search has fixed them.
#[test]
fn parity_at_nodes() {
    let wide = "bounds\n x free\n z free\n";
    let infeasible = [
        format!("maximize\n c: x\nsubject to\n e: - 2 x + y + 2 z = 0\n{wide} 1 <= y <= 1.5\ngeneral\n x z\nend\n"),
        format!("minimize\n c: y\nsubject to\n e: - 2 x + y + 2 z = 0\n{wide} 1 <= y <= 1.5\ngeneral\n x z\nend\n"),
        "maximize\n c: x\nsubject to\n e: - 2 x + y + 2 z = 0\nbounds\n 1 <= y <= 1.5\ngeneral\n x z\nend\n".to_owned(),
        // Unit coefficients: what is left must be whole itself.
        format!("minimize\n c: x\nsubject to\n e: x + y - z = 0\n{wide} 0.25 <= y <= 0.75\ngeneral\n x z\nend\n"),
        // The binaries add up to an odd number, whichever it is.
        format!(
            "minimize\n c: x\nsubject to\n e: 2 x + a + b + c - 2 z = 0\n f: a - b = 0\n g: c + d = 2\n{wide}general\n x z\nbinary\n a b c d\nend\n"
        ),
        // Two equations together, whose sum is 2 x - 2 z = y.
        format!(
            "minimize\n c: y\nsubject to\n e: 2 x - u = 0\n f: u - 2 z - y = 0\n{wide} u free\n y >= 1\n y <= 1\ngeneral\n x z u y\nend\n"
        ),
        format!(
            "minimize\n c: y\nsubject to\n e: 2 x - u = 0\n f: u - 2 z - y = 0\n{wide} u free\n 0.5 <= y <= 1.5\ngeneral\n x z u\nend\n"
        ),
        // A range that holds no even number, and one that holds none less the binary.
        format!(
            "minimize\n c: x\nsubject to\n e: 1 <= 4 x + y + 6 z <= 1.5\n f: y + w = 1\n g: w + v = 2\n{wide}general\n x z\nbinary\n y w v\nend\n"
        ),
    ];
    for text in &infeasible {
        assert_eq!(claim(text, Status::Infeasible, None), Claim::Infeasible, "{text}");
    }
    let optimal = [
        // The least even number.
        (
            format!(
                "minimize\n c: y\nsubject to\n e: - 2 x + y + 2 z = 0\n{wide} y >= 1\n y <= 9\ngeneral\n x z y\nend\n"
            ),
            2.0,
        ),
        (format!("maximize\n c: y\nsubject to\n e: - 2 x + y + 2 z = 0\n{wide}general\n x z\nbinary\n y\nend\n"), 0.0),
        // The same of a column that need not be whole, from above and below, closely and from afar.
        (format!("maximize\n c: y\nsubject to\n e: - 2 x + y + 2 z = 0\n{wide} y <= 3.5\ngeneral\n x z\nend\n"), 2.0),
        (
            format!(
                "minimize\n c: y\nsubject to\n e: - 2 x + y + 2 z = 0\n{wide} 0.1 <= y <= 1e6\ngeneral\n x z\nend\n"
            ),
            2.0,
        ),
        (
            format!("maximize\n c: y\nsubject to\n e: - 2 x + y + 2 z = 0\n{wide} y <= 1000.001\ngeneral\n x z\nend\n"),
            1000.0,
        ),
        // 6 divides y, by two equations.
        (
            format!(
                "minimize\n c: y\nsubject to\n e: 2 x - u = 0\n f: 3 u - 6 z - y = 0\n{wide} u free\n 1 <= y <= 100\ngeneral\n x z u y\nend\n"
            ),
            6.0,
        ),
    ];
    for (text, optimum) in &optimal {
        assert!(matches!(claim(text, Status::Optimal, Some(*optimum)), Claim::Range { .. }), "{text}");
    }
    let unbounded = "maximize\n c: x\nsubject to\n e: - 2 x + y + 2 z = 0\ngeneral\n x z\nbinary\n y\nend\n";
    assert_eq!(claim(unbounded, Status::Unbounded, None), Claim::Unbounded);
}

/// A continuous column whose bound has more digits than floats hold: the float beside it excludes no point.
#[test]
fn bounds_between_floats() {
    let model = |sense: &str, right: &str, bounds: &str| {
        format!(
            "{sense}\n c: y\nsubject to\n e: y - 2 x + 2 z = {right}\nbounds\n -1000 <= x <= 1000\n -1000 <= z <= 1000\n {bounds}\ngeneral\n x z\nend\n"
        )
    };
    let below = "0.09999999999999999999";
    let above = "0.2786838738069560423041";
    let cases = [
        (model("minimize", below, &format!("{below} <= y <= 0.5")), 0.1),
        (model("maximize", above, &format!("-5.5 <= y <= {above}")), 0.278_683_873_806_956_04),
        (model("minimize", &format!("-{above}"), &format!("-{above} <= y <= 5.5")), -0.278_683_873_806_956_04),
    ];
    for (text, optimum) in &cases {
        assert!(matches!(claim(text, Status::Optimal, Some(*optimum)), Claim::Range { .. }), "{text}");
    }
}

/// Whole numbers as coefficients: no multiple of `step`, except by chance.
fn whole(random: &mut ChaCha8Rng, most: i64, step: i64) -> i64 {
    step * random.random_range(-most..=most)
}

/// Residues that the oracle goes through.
const MOST_RESIDUES: i64 = 40;

/// Random equations in two or three free whole columns and up to three of few values, against every value of these and residues.
#[test]
fn random_parity_agrees_with_residues() {
    let mut random = ChaCha8Rng::seed_from_u64(41);
    let mut ends = [0; 2];
    for number in 0..400 {
        let (few, equations) = (random.random_range(1..4_usize), random.random_range(1..3_usize));
        let step = random.random_range(1..5);
        let wide: Vec<[i64; 3]> =
            (0..equations).map(|_| std::array::from_fn(|_| whole(&mut random, 4, step))).collect();
        let rest: Vec<Vec<i64>> =
            (0..equations).map(|_| (0..few).map(|_| whole(&mut random, 5, 1)).collect()).collect();
        let right: Vec<i64> = (0..equations).map(|_| random.random_range(-9..10)).collect();
        let bounds: Vec<(i64, i64)> =
            (0..few).map(|_| (random.random_range(-3..2), random.random_range(2..4))).collect();
        let costs: Vec<i64> = (0..few).map(|_| whole(&mut random, 4, 1)).collect();
        let minor = |i: usize, j: usize| match &wide[..] {
            [a, b] => (a[i] * b[j] - a[j] * b[i]).abs(),
            [a, ..] => a[i].abs(),
            _ => 0,
        };
        let minors = [minor(0, 1), minor(0, 2), minor(1, 2)].into_iter().filter(|d| (1..=MOST_RESIDUES).contains(d));
        let Some(modulus) = minors.min() else { continue };
        // What the wide columns reach, modulo that.
        let of = |x: [i64; 3]| {
            wide.iter().map(move |a| a.iter().zip(x).map(|(a, x)| a * x).sum::<i64>().rem_euclid(modulus)).collect()
        };
        let residues = || 0..modulus;
        let reached: BTreeSet<Vec<i64>> =
            residues().flat_map(|x| residues().flat_map(move |u| residues().map(move |z| [x, u, z]))).map(of).collect();
        let solvable = |y: &[i64]| {
            let left = |k: usize| right[k] - rest[k].iter().zip(y).map(|(a, y)| a * y).sum::<i64>();
            reached.contains(&(0..equations).map(|k| left(k).rem_euclid(modulus)).collect::<Vec<i64>>())
        };
        let mut best: Option<i64> = None;
        let mut values: Vec<Vec<i64>> = vec![vec![]];
        for &(low, high) in &bounds {
            values = values.iter().flat_map(|y| (low..=high).map(|v| [&y[..], &[v]].concat())).collect();
        }
        for y in values.iter().filter(|y| solvable(y)) {
            let cost = costs.iter().zip(y).map(|(c, y)| c * y).sum();
            best = Some(best.map_or(cost, |best| best.min(cost)));
        }
        let sum = |values: &[i64], name: &str| {
            values
                .iter()
                .enumerate()
                .map(|(j, a)| format!(" {} {} {name}{j}", if *a < 0 { "-" } else { "+" }, a.abs()))
                .collect::<String>()
        };
        let rows: String = (0..equations)
            .map(|k| format!(" e{k}:{}{} = {}\n", sum(&wide[k], "x"), sum(&rest[k], "y"), right[k]))
            .collect();
        let boxes: String =
            bounds.iter().enumerate().map(|(j, (low, high))| format!(" {low} <= y{j} <= {high}\n")).collect();
        let names: String = (0..few).map(|j| format!(" y{j}")).collect();
        let text = format!(
            "minimize\n c:{}\nsubject to\n{rows}bounds\n x0 free\n x1 free\n x2 free\n{boxes}general\n x0 x1 x2{names}\nend\n",
            sum(&costs, "y")
        );
        let status = if best.is_some() { Status::Optimal } else { Status::Infeasible };
        let said = claim_within(400, &text, status, best.map(|best| best as f64));
        assert_eq!(said == Claim::Infeasible, best.is_none(), "{number}\n{text}");
        ends[usize::from(best.is_some())] += 1;
    }
    assert!(ends.iter().all(|&count| count >= 30), "{ends:?}");
}

/// One equation of free whole columns, a continuous one between quarters and a whole one of few values: what the continuous one
/// may be are equally spaced numbers, of which the first and the last count.
#[test]
fn random_spacing_agrees_with_enumeration() {
    let mut random = ChaCha8Rng::seed_from_u64(43);
    let mut ends = [0; 2];
    for number in 0..300 {
        let (step, a) = (random.random_range(1..7_i64), random.random_range(1..4_i64));
        let wide: [i64; 2] = [step * random.random_range(1..4), step * random.random_range(-3..4)];
        let (few, right) = (random.random_range(-4..5_i64), random.random_range(-9..10_i64));
        let low = random.random_range(-12..13_i64);
        let high = low + random.random_range(0..24);
        let (cost, price) = ([-1, 1][random.random_range(0..2)], random.random_range(-2..3_i64));
        let gcd = (1..=wide[0]).rev().find(|d| wide[0] % d == 0 && wide[1] % d == 0).unwrap();
        // Values of y are (right - few b - gcd t) / a within quarters; all in units of 1 / (4 a).
        let mut best: Option<i64> = None;
        for b in 0..=2 {
            for t in -400..=400 {
                let y = 4 * (right - few * b - gcd * t);
                if a * low <= y && y <= a * high {
                    let value = cost * y + price * b * 4 * a;
                    best = Some(best.map_or(value, |best| best.min(value)));
                }
            }
        }
        let sign = |value: i64| if value < 0 { "-" } else { "+" };
        let term = |value: i64, name: &str| format!(" {} {} {name}", sign(value), value.abs());
        let text = format!(
            "minimize\n c:{}{}\nsubject to\n e:{}{}{}{} = {right}\nbounds\n x free\n z free\n {} <= y <= {}\n b <= 2\ngeneral\n x z b\nend\n",
            term(cost, "y"),
            term(price, "b"),
            term(wide[0], "x"),
            term(wide[1], "z"),
            term(a, "y"),
            term(few, "b"),
            low as f64 / 4.0,
            high as f64 / 4.0,
        );
        // The same a little farther out, by less than floats tell.
        let text = if number % 3 == 0 && low > 0 { text.replace(".25 <=", ".24999999999999999999 <=") } else { text };
        let status = if best.is_some() { Status::Optimal } else { Status::Infeasible };
        let said = claim_within(400, &text, status, best.map(|best| best as f64 / (4 * a) as f64));
        assert_eq!(said == Claim::Infeasible, best.is_none(), "{number}\n{text}");
        ends[usize::from(best.is_some())] += 1;
    }
    assert!(ends.iter().all(|&count| count >= 30), "{ends:?}");
}
