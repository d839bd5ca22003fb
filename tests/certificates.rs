//! Certificates of the solver, read by the checker: what a run claims is proven, or the certificate says less.
//!
//! With `HEAVISIDE_VIPRCHK` set to the public checker (`viprchk` of scipopt/vipr, built without debug assertions), every
//! certificate is checked by it as well.

use bdnn::{Limits, Request, WeightDomain};
use checker::certificate::{Claim, Report, check};
use checker::{Format, Rational, Source};
use heaviside_acceptance::random::Source as Random;
use heaviside_acceptance::shared;
use milp::{Certificate, Control, Model, Options, Outcome, Proven, Quiet, Sense, Status, VarKind};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A run, its certificate, and what the checker says of it.
struct Certified {
    outcome: Outcome,
    proven: Proven,
    report: Report,
}

fn certify(model: &Model, file: &str, format: Format, options: &Options) -> Certified {
    let folder = tempfile::tempdir().unwrap();
    let mut certificate = Certificate::new(model, folder.path()).unwrap();
    let outcome = milp::solve_certified(model, options, &mut Quiet, &mut certificate).unwrap();
    let mut text = Vec::new();
    let proven = certificate.write(model, &mut text).unwrap();
    let exact = checker::Model::read(Source::new("model", file.as_bytes()), format).unwrap();
    let report = check(&exact, Source::new("certificate", text.as_slice()))
        .unwrap_or_else(|error| panic!("{error}\n{outcome:?}\n{file}\n{}", String::from_utf8_lossy(&text)));
    if let Some(program) = std::env::var_os("HEAVISIDE_VIPRCHK") {
        let path = folder.path().join("certificate.vipr");
        std::fs::write(&path, &text).unwrap();
        let output = Command::new(program).arg(&path).output().expect("HEAVISIDE_VIPRCHK names a program");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("Successfully verified"), "viprchk on {}", model.name);
    }
    Certified { outcome, proven, report }
}

fn certify_file(path: &Path, options: &Options) -> Certified {
    let model = milp::io::read_model(path).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    certify(&model, &text, Format::of_name(&path.display().to_string()).unwrap(), options)
}

/// The claim, as floats with the constant of the objective.
fn range(report: &Report) -> (f64, f64) {
    let float = |side: &Option<Rational>, open| {
        side.as_ref().map_or(open, |side: &Rational| (side + &report.offset).to_f64().value())
    };
    match &report.claim {
        Claim::Infeasible | Claim::Unbounded => panic!("{}: no range", report.version),
        Claim::Range { lower, upper } => (float(lower, f64::NEG_INFINITY), float(upper, f64::INFINITY)),
    }
}

/// The certificate proves `value` as the optimum, up to the gap at which the search ends.
fn assert_optimum(name: &str, certified: &Certified, value: f64) {
    let (lower, upper) = range(&certified.report);
    let slack = 1e-6 * value.abs().max(1.0);
    assert_eq!(certified.outcome.status, Status::Optimal, "{name}");
    assert!(lower >= value - slack && upper <= value + slack && lower <= upper, "{name}: {lower} .. {upper}");
    assert_eq!((certified.proven.lower, certified.proven.upper), (Some(lower), Some(upper)), "{name}");
}

fn run_table(folder: &str, files: &[&str], options: &Options) {
    run_files(&shared(folder), files, options);
}

/// Runs the files and compares with the folder's `expected.csv`.
fn run_files(folder: &Path, files: &[&str], options: &Options) {
    let table = std::fs::read_to_string(folder.join("expected.csv")).unwrap();
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    for name in files {
        let line = lines.iter().find(|line| line[0] == *name).unwrap_or_else(|| panic!("{name} is not in the table"));
        let certified = certify_file(&folder.join(name), options);
        // The tables are `file,kind,status,objective` and `file,optimum`.
        match (line[2], line[3].parse()) {
            ("infeasible", _) => assert_eq!(certified.report.claim, Claim::Infeasible, "{name}"),
            ("optimal", Ok(value)) => assert_optimum(name, &certified, value),
            _ => assert_optimum(name, &certified, line[1].parse().unwrap()),
        }
        println!("{name}: {:?}", certified.proven);
    }
}

#[test]
fn small_models() {
    let files = [
        "klee_minty.lp",
        "beale.mps",
        "assignment.mps",
        "max_flow.lp",
        "morra.mps",
        "median.lp",
        "tenths.lp",
        "cycle.mps",
        "apart.lp",
        "fano.lp",
        "petersen_cover.mps",
        "petersen_colours.lp",
        "frobenius_43.lp",
        "frobenius_44.mps",
        "hexagon_tour.lp",
        "bins.mps",
        "smith.lp",
        "quarter.lp",
        "odd.mps",
        "golomb.lp",
    ];
    run_files(&models(), &files, &Options::default());
}

fn models() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("crates/milp/tests/models")
}

#[test]
#[ignore = "needs ../shared"]
fn infeasible_linear_models() {
    let files = [
        "bgetam.mps",
        "box1.mps",
        "ex72a.mps",
        "forest6.mps",
        "galenet.mps",
        "gams10am.mps",
        "klein1.mps",
        "refinery.mps",
        "vol1.mps",
        "woodinfe.mps",
        "cplex1.mps",
    ];
    run_table("data/mps", &files, &Options::default());
}

#[test]
#[ignore = "needs ../shared"]
fn linear_optima() {
    let files = [
        "adlittle.mps",
        "afiro.mps",
        "avgas.mps",
        "blending.mps",
        "chip.mps",
        "e226.mps",
        "israel.mps",
        "qap04.mps",
        "sctest.mps",
        "standata.mps",
        "no-newline-eof.lp",
    ];
    run_table("data/mps", &files, &Options::default());
    let folder = shared("data/mps");
    let afiro = certify_file(&folder.join("afiro.mps"), &Options::default());
    assert!(afiro.proven.exact, "the optimum of a linear model is proven exactly");
}

#[test]
#[ignore = "needs ../shared"]
fn mixed_integer_optima() {
    let files = [
        "flugpl.mps",
        "egout.mps",
        "gt2.mps",
        "small_mip.mps",
        "p01.mps",
        "issue-2095.mps",
        "issue-2173.mps",
        "bound_implied.mps",
        "fixed-binary.lp",
        "infeasible-mip0.mps",
        "infeasible-mip1.mps",
        "issue-2402.mps",
        "issue-2874-3.mps",
        "dcmulti.mps",
        "rgn.mps",
    ];
    run_table("data/mps", &files, &Options::default());
}

#[test]
#[ignore = "needs ../shared, a minute"]
fn longer_mixed_integer_optima() {
    run_table("data/mps", &["lseu.mps", "bell5.mps"], &Options::default());
}

#[test]
#[ignore = "needs ../shared"]
fn training_models() {
    let options = Options { mip_abs_gap: Some(0.999), ..Options::default() };
    run_table("data/bdnn-mps", &["rand_n2_m10_d2_s0.mps"], &options);
}

#[test]
#[ignore = "needs ../shared, minutes"]
fn larger_training_models() {
    let files = ["rand_n2_m15_d2_s0.mps", "rand_n2_m20_d2_s0.mps", "rand_n3_m20_d2_s0.mps", "rand_n2_m20_d3_s0.mps"];
    run_table("data/bdnn-mps", &files, &Options { mip_abs_gap: Some(0.999), ..Options::default() });
}

/// A bound is a claim, too: runs that a limit stops prove theirs.
#[test]
#[ignore = "needs ../shared"]
fn limits() {
    let folder = shared("data");
    for (file, node_limit) in [
        ("mps/lseu.mps", 100),
        ("mps/bell5.mps", 150),
        ("mps/dcmulti.mps", 60),
        ("bdnn-mps/rand_n2_m15_d2_s0.mps", 400),
    ] {
        let certified = certify_file(&folder.join(file), &Options { node_limit, ..Options::default() });
        assert_eq!(certified.outcome.status, Status::NodeLimit, "{file}");
        let (lower, upper) = range(&certified.report);
        let bound = certified.outcome.bound;
        assert!(lower >= bound - 1e-6 * bound.abs().max(1.0), "{file}: {lower} is proven of {bound}");
        assert_eq!(certified.outcome.objective.is_some(), upper.is_finite(), "{file}");
    }
}

/// A knapsack with an equation, which keeps many nodes open.
fn market_split() -> Model {
    let mut random = Random::new(3);
    let mut model = Model::new("split");
    let vars: Vec<_> = (0..24)
        .map(|j| model.add_var(format!("x{j}"), 0.0, 1.0, random.whole(1, 50) as f64 + 0.5, VarKind::Integer))
        .collect();
    for (i, side) in [700.0, 650.0].into_iter().enumerate() {
        let terms: Vec<_> = vars.iter().map(|&var| (var, random.whole(1, 99) as f64)).collect();
        model.add_row(format!("r{i}"), side, side + 3.0, terms);
    }
    model
}

/// What there is no time to bound one by one has the bound of the root: the certificate says less, and stays valid.
#[test]
fn closing_is_limited() {
    let model = market_split();
    let text = milp::io::to_mps(&model).unwrap();
    let run = |node_limit, closing_limit| {
        let options = Options { node_limit, closing_limit, ..Options::default() };
        certify(&model, &text, Format::Mps, &options)
    };
    let lower = |certified: &Certified| range(&certified.report).0;
    let all = run(60, u64::MAX);
    assert_eq!(all.outcome.status, Status::NodeLimit);
    let bound = all.outcome.bound;
    assert!(lower(&all) >= bound - 1e-6 * bound.abs());
    let none = run(60, 0);
    assert_eq!((none.outcome.status, none.outcome.bound), (Status::NodeLimit, bound));
    // The command compares this with the outcome's bound, and warns.
    assert!(lower(&none) < bound - 1e-6 * bound.abs(), "{} {bound}", lower(&none));
    // The objective alone says no more than 0.
    assert!(lower(&none) > 1.0, "{}", lower(&none));
    assert!(none.proven.derivations < all.proven.derivations);
}

/// Asks to stop from some question on, and counts the questions.
struct Impatient {
    questions: Cell<u64>,
    patience: u64,
}

impl Control for Impatient {
    fn should_stop(&self) -> bool {
        self.questions.set(self.questions.get() + 1);
        self.questions.get() > self.patience
    }
}

/// A limit of no time at all, and an interrupt: both leave a certificate of something, within the time for closing.
#[test]
fn certificates_of_runs_cut_short() {
    let model = market_split();
    let text = milp::io::to_mps(&model).unwrap();
    let exact = checker::Model::read(Source::new("model", text.as_bytes()), Format::Mps).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (time_limit, patience) in [(0.0, u64::MAX), (f64::INFINITY, 0), (f64::INFINITY, 40), (f64::INFINITY, 400)] {
        let mut control = Impatient { questions: Cell::new(0), patience };
        let mut certificate = Certificate::new(&model, folder.path()).unwrap();
        let options = Options { time_limit, ..Options::default() };
        let outcome = milp::solve_certified(&model, &options, &mut control, &mut certificate).unwrap();
        let ended = if patience == u64::MAX { Status::TimeLimit } else { Status::Interrupted };
        assert_eq!(outcome.status, ended, "{time_limit} {patience}");
        let mut written = vec![];
        certificate.write(&model, &mut written).unwrap();
        let report = check(&exact, Source::new("certificate", written.as_slice())).unwrap();
        let (lower, _) = range(&report);
        // What the objective's columns give at least.
        assert!(lower >= 0.0, "{lower}");
        // The run says as much, before its root is solved as well.
        assert!(outcome.bound.is_finite() && outcome.bound >= 0.0, "{}", outcome.bound);
        assert!(lower >= outcome.bound - 1e-6, "{lower} {}", outcome.bound);
    }
}

/// Small models of all kinds: bounds that are no whole numbers, free columns, two-sided rows, steps of the objective, both
/// senses, a constant.
fn random_model(random: &mut Random) -> Model {
    let mut model = Model::new("random");
    model.sense = if random.one_in(2) { Sense::Maximise } else { Sense::Minimise };
    model.offset = random.whole(0, 6) as f64 / 4.0;
    let step = [1.0, 2.0, 0.5, 0.1][random.whole(0, 3)];
    let integers = random.whole(0, 5);
    for j in 0..integers + random.whole(usize::from(integers == 0), 3) {
        let kind = if j < integers { VarKind::Integer } else { VarKind::Continuous };
        let lower = random.whole(0, 8) as f64 / 2.0 - 2.0;
        let width = random.whole(0, 9) as f64 / 2.0;
        let cost = if kind == VarKind::Continuous && random.one_in(2) {
            0.0
        } else {
            (random.whole(0, 8) as f64 - 4.0) * step
        };
        let free = kind == VarKind::Continuous && random.one_in(4);
        let (lower, upper) = if free { (f64::NEG_INFINITY, lower + 8.0) } else { (lower, lower + width) };
        model.add_var(format!("x{j}"), lower, upper, cost, kind);
    }
    for i in 0..random.whole(0, 6) {
        let side = random.whole(0, 24) as f64 / 2.0 - 6.0;
        let terms: Vec<_> = (0..model.num_vars() as u32)
            .map(|j| (milp::VarId(j), (random.whole(0, 10) as f64 - 5.0) / [1.0, 2.0, 10.0][random.whole(0, 2)]))
            .collect();
        let (lower, upper) = match random.whole(0, 4) {
            0 => (side, side),
            1 => (side, side + 1.5),
            2 => (side, f64::INFINITY),
            _ => (f64::NEG_INFINITY, side),
        };
        model.add_row(format!("r{i}"), lower, upper, terms);
    }
    model
}

/// On random models the certificate proves what the search says, and the search says what it says without one.
#[test]
fn random_models() {
    let mut random = Random::new(5);
    let mut ends = [0; 3];
    for case in 0..400 {
        let model = random_model(&mut random);
        let text = milp::io::to_mps(&model).unwrap();
        let plain = milp::solve(&model, &Options::default(), &mut Quiet).unwrap();
        let Certified { outcome, report, .. } = certify(&model, &text, Format::Mps, &Options::default());
        assert_eq!(outcome.status, plain.status, "case {case}\n{text}");
        match outcome.status {
            Status::Optimal => {
                let (lower, upper) = range(&report);
                let value = plain.objective.unwrap();
                assert!(
                    (lower - value).abs() < 2e-6 && (upper - value).abs() < 2e-6,
                    "case {case}: {lower} {upper}\n{text}"
                );
                ends[0] += 1;
            }
            Status::Infeasible => {
                assert_eq!(report.claim, Claim::Infeasible, "case {case}\n{text}");
                ends[1] += 1;
            }
            Status::Unbounded => {
                assert_eq!(report.claim, Claim::Unbounded, "case {case}\n{text}");
                ends[2] += 1;
            }
            other => panic!("case {case}: {other:?}"),
        }
    }
    assert!(ends[0] > 100 && ends[1] > 25 && ends[2] > 0, "{ends:?}");
}

/// Costs of fixed columns, of either sign and kind, are no part of the step of the objective: neither the search nor its certificate
/// needs a node more than without them, and the optimum is proven to the last digit.
#[test]
fn fixed_columns_have_no_part_in_the_step() {
    let knapsack = |sense, (times, over): (f64, f64), fixed: &[(f64, f64, VarKind)]| {
        let mut model = Model::new("fixed");
        model.sense = sense;
        let sign = if sense == Sense::Maximise { times } else { -times };
        let items = [(7.0, 5.0), (9.0, 7.0), (11.0, 8.0), (4.0, 3.0), (15.0, 11.0)];
        let terms: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(j, (worth, size))| {
                (model.add_var(format!("x{j}"), 0.0, 3.0, sign * worth / over, VarKind::Integer), *size)
            })
            .collect();
        model.add_row("room", f64::NEG_INFINITY, 37.5, terms);
        for (k, &(cost, value, kind)) in fixed.iter().enumerate() {
            model.add_var(format!("f{k}"), value, value, cost, kind);
        }
        let text = milp::io::to_mps(&model).unwrap();
        certify(&model, &text, Format::Mps, &Options::default())
    };
    let (whole, real) = (VarKind::Integer, VarKind::Continuous);
    for sense in [Sense::Minimise, Sense::Maximise] {
        for step in [(1.0, 1.0), (3.0, 1.0), (1.0, 10.0)] {
            let plain = knapsack(sense, step, &[]);
            for (fixed, constant) in [
                (&[(0.37, 1.5, real)][..], 0.555),
                (&[(-0.37, 1.5, real)], -0.555),
                (&[(0.05, 3.0, whole), (-7.0, 0.25, real), (0.5, -1.0, whole)], -2.1),
                (&[(2.0, 0.0, real)], 0.0),
            ] {
                let certified = knapsack(sense, step, fixed);
                let case = format!("{sense:?} {step:?} {fixed:?}");
                assert!(certified.proven.exact, "{case}");
                assert_eq!(certified.outcome.statistics.nodes, plain.outcome.statistics.nodes, "{case}");
                let (lower, upper) = range(&certified.report);
                let value = plain.outcome.objective.unwrap() + constant;
                assert!((lower - value).abs() < 1e-9 && lower == upper, "{case}: {lower} .. {upper}, {value}");
            }
        }
    }
}

/// Certifies an LP file and gives the status and the checked claim.
fn claim_of(text: &str) -> (Status, Claim) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.lp");
    std::fs::write(&path, text).unwrap();
    let certified = certify_file(&path, &Options::default());
    (certified.outcome.status, certified.report.claim)
}

/// Pairs of bounds or sides that exclude each other, by however little, are a contradiction and no optimum.
#[test]
fn crossed_bounds_and_sides() {
    for text in [
        "min x\nst\n c: x + y >= 1\nbounds\n 1 <= x <= -3\nend",
        "min y\nst\n c: 5 <= x + y <= 3\nend",
        "max x\nst\n c: x >= -9\nbounds\n 0 <= x <= -1\nend",
        "max x\nst\n c: x + y <= 9\nbounds\n 0.3 <= x <= 0.7\ngeneral\n x\nend",
        "max x\nst\n c: x + y <= 9\nbounds\n 1.0000001 <= x <= 1.9\ngeneral\n x\nend",
        "min 0 x\nst\n c: 2 <= x + 0 y <= 1.9999999999\ngeneral\n x\nend",
        "min x\nst\n c: x + y >= 1\nbounds\n 2.00000000001 <= x <= 2\nend",
    ] {
        assert_eq!(claim_of(text), (Status::Infeasible, Claim::Infeasible), "{text}");
    }
}

#[test]
fn unbounded_models_have_a_point_and_a_ray() {
    for text in [
        "max x + y\nst\n c: x - y <= 3\nend",
        "min x\nst\n c: x + y >= -1\nbounds\n x free\n y free\nend",
        "max x\nst\n e: 3 x - 7 y + z = 2\n r: x - 3 y <= 100\nbounds\n z <= 4\nend",
        // Integer columns: the ray is a fraction where the equation makes it one.
        "max x + z\nst\n e: 3 x - 7 y = 2\n f: 2 <= z + k <= 5\nbounds\n k <= 3\ngeneral\n x y k\nend",
        "min - 2 x\nst\n e: x - y = 0.5\nbounds\n 0.5 <= y\ngeneral\n x\nend",
        "max x\nst\n c: y >= 1\nbounds\n y <= 4\ngeneral\n x y\nend",
    ] {
        assert_eq!(claim_of(text), (Status::Unbounded, Claim::Unbounded), "{text}");
    }
}

/// Coefficients of any magnitude: whatever the run says, what is written is right, and nothing overflows.
#[test]
fn numbers_of_any_magnitude() {
    let mut random = Random::new(11);
    let mut written = 0;
    for _ in 0..150 {
        let mut number = |signed: bool| {
            let power = [-300, -150, -20, -9, 0, 0, 9, 19][random.whole(0, 7)];
            let size = random.whole(1, 99) as f64 * 10_f64.powi(power);
            if signed && random.one_in(2) { -size } else { size }
        };
        let mut model = Model::new("magnitudes");
        for j in 0..3 {
            let kind = if j == 0 { VarKind::Integer } else { VarKind::Continuous };
            let upper = if number(true) > 0.0 { f64::INFINITY } else { number(false).min(9e18) };
            model.add_var(format!("x{j}"), 0.0, upper, number(true), kind);
        }
        for i in 0..3 {
            let terms: Vec<_> = (0..3).map(|j| (milp::VarId(j), number(true))).collect();
            let side = number(true).clamp(-9e18, 9e18);
            let (lower, upper) = if i == 0 { (side, side) } else { (f64::NEG_INFINITY, side) };
            model.add_row(format!("r{i}"), lower, upper, terms);
        }
        let text = milp::io::to_mps(&model).unwrap();
        let exact = checker::Model::read(Source::new("model", text.as_bytes()), Format::Mps).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut certificate = Certificate::new(&model, folder.path()).unwrap();
        let options = Options { node_limit: 50, time_limit: 2.0, ..Options::default() };
        if milp::solve_certified(&model, &options, &mut Quiet, &mut certificate).is_err() {
            continue; // floating point has no answer, and says so
        }
        let mut file = vec![];
        certificate.write(&model, &mut file).unwrap();
        check(&exact, Source::new("certificate", file.as_slice())).unwrap_or_else(|error| panic!("{error}\n{text}"));
        written += 1;
    }
    assert!(written > 75, "{written}");
}

/// Rows that push one column after the other: what a conflict at the end needs is derived once, a line a step.
#[test]
fn chains_of_bounds_are_linear() {
    let size = |steps: usize| {
        let mut model = Model::new("chain");
        let upper = steps as f64 - 0.5;
        let columns: Vec<_> =
            (0..=steps).map(|j| model.add_var(format!("x{j}"), 0.0, upper, 0.0, VarKind::Integer)).collect();
        for (i, pair) in columns.windows(2).enumerate() {
            model.add_row(format!("r{i}"), 1.0, f64::INFINITY, [(pair[1], 1.0), (pair[0], -1.0)]);
        }
        let text = milp::io::to_mps(&model).unwrap();
        let certified = certify(&model, &text, Format::Mps, &Options::default());
        assert_eq!(certified.report.claim, Claim::Infeasible);
        certified.proven.derivations
    };
    let (short, long) = (size(500), size(4000));
    assert!(short >= 250 && long <= 8 * short + 8, "{short} {long}");
}

/// Two columns that push each other up step by step.
#[test]
fn chases_are_no_longer_than_the_search_makes_them() {
    for (rows, integer) in [("2 a - 2 b = 1", true), ("a - b >= 0.5\n q: b - a >= 0.5", false)] {
        let general = if integer { "general\n a b\n" } else { "" };
        let text = format!("max\n a + b\nst\n p: {rows}\nbounds\n a <= 100000\n b <= 100000\n{general}end\n");
        assert_eq!(claim_of(&text), (Status::Infeasible, Claim::Infeasible), "{text}");
    }
}

/// `train_with_proof`: the certificate proves, of the formulation, the loss that the network has.
#[test]
fn trained_networks() {
    let mut random = Random::new(7);
    let folder = tempfile::tempdir().unwrap();
    for case in 0..8 {
        let points = random.points(8, 2, 2);
        let hidden: &[usize] = if case % 2 == 0 { &[2] } else { &[] };
        let problem = random.problem(points, hidden, WeightDomain::Continuous, true);
        let limits = Limits { threads: 1, ..Limits::default() };
        let (training, proof) =
            formulation::train_with_proof(Request::new(&problem, &limits), (folder.path(), &mut |_, _| Ok(true)))
                .unwrap();
        let proof = proof.expect("a search that began");
        let text = milp::io::to_mps(&proof.model).unwrap();
        let path = folder.path().join("model.mps");
        std::fs::write(&path, &text).unwrap();
        assert_eq!(milp::io::read_model(&path).unwrap(), *proof.model, "the file holds the model to the last digit");
        let mut certificate = Vec::new();
        proof.certificate.write(&proof.model, &mut certificate).unwrap();
        let exact = checker::Model::read(Source::new("model.mps", text.as_bytes()), Format::Mps).unwrap();
        let report = check(&exact, Source::new("certificate", certificate.as_slice())).unwrap();
        assert_eq!(training.status, bdnn::Status::Optimal);
        assert_eq!(range(&report), (training.objective, training.objective), "case {case}");
    }
}
