//! Parameters are read, change how the engines search, and never what they find.

use bdnn::{Architecture, Engine, Limits, Loss, Points, Problem, Request, Scaler, Statistics, Training, WeightDomain};
use budget::{Parameter, Range, Settings, Tunable, Value};
use heuristics::Validation;
use heuristics::local_search::{self, LocalSearch};
use heuristics::split::{self, Options, Split};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fs;
use std::path::Path;
use std::time::Instant;

/// The source of a crate without the files that declare parameters.
fn source(folder: &Path, out: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            source(&path, out);
        } else if !name.contains("tests") && name != "parameters.rs" {
            out.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

fn is_word(text: &str, word: &str) -> bool {
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        let taken = before.ends_with('.') || before.ends_with("{ ") || before.ends_with(", ");
        taken && ends(after.chars().next()) && !after.starts_with('(')
    })
}

/// A parameter that no engine reads would be a promise that nobody keeps.
#[test]
fn every_parameter_is_read() {
    let tables: [(&str, Vec<Parameter>); 12] = [
        ("heaviside", heaviside::AutoParameters::table()),
        ("heaviside", heaviside::RowParameters::table()),
        ("heaviside", heaviside::CubeParameters::table()),
        ("omt", omt::Parameters::table()),
        ("omt", omt::linear::Parameters::table()),
        ("omt", omt::DualParameters::table()),
        ("omt", omt::WholeParameters::table()),
        ("omt", omt::TurnParameters::table()),
        ("formulation", formulation::Parameters::table()),
        ("milp", milp::Parameters::table()),
        ("heuristics", local_search::Parameters::table()),
        ("heuristics", split::Parameters::table()),
    ];
    let mut names = Vec::new();
    for (krate, table) in &tables {
        let mut text = String::new();
        source(&Path::new(env!("CARGO_MANIFEST_DIR")).join("crates").join(krate).join("src"), &mut text);
        for parameter in table {
            let (_, field) = parameter.name.split_once('.').expect("crate and field");
            assert!(is_word(&text, field), "{} is read nowhere", parameter.name);
            assert!(parameter.about.ends_with('.'), "{}: {}", parameter.name, parameter.about);
            names.push(parameter.name);
        }
    }
    let all: Vec<&str> = heaviside::parameters().iter().map(|parameter| parameter.name).collect();
    assert_eq!(all, names);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all.len(), "two parameters have one name");
}

/// Scattered points, with labels that no small network predicts without error.
fn problem(inputs: usize, hidden: &[usize], weights: WeightDomain) -> Problem {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let raw: Vec<f64> = (0..24 * inputs).map(|_| f64::from(random.random_range(0..20_u32))).collect();
    let labels: Vec<usize> = (0..24).map(|_| random.random_range(0..2)).collect();
    let points = Points::merge(inputs, 2, &raw, &labels, Scaler::identity(inputs));
    let architecture = Architecture { inputs, hidden: hidden.to_vec(), classes: 2, bias: true, weights };
    Problem::new(points, architecture, Loss::Hamming)
}

fn train(engine: &dyn Engine, problem: &Problem, settings: &Settings) -> Training {
    let limits = Limits { threads: 1, nodes: 200_000, settings: settings.clone(), ..Limits::default() };
    engine.train(Request::new(problem, &limits)).unwrap()
}

/// At either end of every parameter of the exact engines the optimum is the same.
#[test]
fn no_parameter_changes_an_optimum() {
    let (problem, table) = (problem(3, &[2], WeightDomain::Continuous), omt::Parameters::table());
    // By clauses: where the dual tree suffices nothing else is asked.
    let mut clauses = Settings::default();
    clauses.set(&table, "omt.dual", "no").unwrap();
    let usual = train(&omt::Exact, &problem, &clauses);
    assert_eq!(usual.status, bdnn::Status::Optimal);
    let work = |training: &Training| {
        let statistics = &training.statistics;
        (statistics.nodes, statistics.conflicts, statistics.lp_iterations)
    };
    let mut others = 0;
    for parameter in &table {
        for end in parameter.range.ends() {
            let mut settings = clauses.clone();
            settings.set(&table, parameter.name, &end.to_string()).unwrap();
            let training = train(&omt::Exact, &problem, &settings);
            let at = format!("{}={end}", parameter.name);
            assert_eq!((training.status, training.loss), (usual.status, usual.loss), "{at}");
            others += usize::from(work(&training) != work(&usual));
        }
    }
    assert!(others > 5, "{others} ends of parameters changed the work done");
}

/// Local search finds something at either end of its parameters, and its limit holds.
#[test]
fn local_search_runs_at_all_ends() {
    let problem = problem(3, &[3], WeightDomain::Integer(1));
    let table = local_search::Parameters::table();
    for parameter in &table {
        for end in parameter.range.ends() {
            let mut settings = Settings::default();
            settings.set(&table, parameter.name, &end.to_string()).unwrap();
            let limits = Limits { threads: 1, nodes: 2, settings, ..Limits::default() };
            let training = LocalSearch::default().train(Request::new(&problem, &limits)).unwrap();
            assert!(training.network.is_some() && training.loss >= problem.floor(), "{}={end}", parameter.name);
        }
    }
}

/// Scattered points in the form of a problem that takes a search some time.
fn scattered(points: usize, inputs: usize, hidden: &[usize], weights: WeightDomain) -> Problem {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let raw: Vec<f64> = (0..points * inputs).map(|_| f64::from(random.random_range(0..50_u32))).collect();
    let labels: Vec<usize> = (0..points).map(|_| random.random_range(0..2)).collect();
    let points = Points::merge(inputs, 2, &raw, &labels, Scaler::identity(inputs));
    let architecture = Architecture { inputs, hidden: hidden.to_vec(), classes: 2, bias: true, weights };
    Problem::new(points, architecture, Loss::Hamming)
}

/// A run in which some parameters matter.
struct Scenario {
    problem: Problem,
    nodes: u64,
    /// What is set beside.
    base: &'static [(&'static str, &'static str)],
    train: fn(Request<'_>) -> Training,
}

impl Scenario {
    /// All that a run tells but the time.
    fn run(&self, setting: Option<(&str, &str)>) -> String {
        let mut settings = Settings::default();
        let table = heaviside::parameters();
        for (name, value) in self.base.iter().copied().chain(setting) {
            settings.set(&table, name, value).unwrap();
        }
        // A limit of time that nobody meets, for what takes a share of it.
        let limits = Limits { threads: 1, nodes: self.nodes, time: 1e9, settings, ..Limits::default() };
        let Training { status, network, loss, bound, statistics, .. } =
            (self.train)(Request::new(&self.problem, &limits));
        let Statistics { nodes, conflicts, lp_iterations, more, .. } = statistics;
        format!("{status:?} {loss} {bound} {nodes} {conflicts} {lp_iterations} {more:?} {network:?}")
    }
}

/// Other values of a parameter, small ones and a larger one, none of which takes a run for ever.
fn others(parameter: &Parameter) -> Vec<String> {
    match (parameter.range, parameter.default) {
        (Range::Whole(low, high), Value::Whole(usual)) => {
            [low, usual / 2, 3 * usual + 1].map(|value| value.clamp(low, high).to_string()).to_vec()
        }
        (Range::Real(low, high), Value::Real(usual)) => {
            [low, 3.0 * usual].map(|value| value.clamp(low, high).to_string()).to_vec()
        }
        (_, Value::Switch(usual)) => vec![if usual { "no" } else { "yes" }.to_owned()],
        _ => vec![],
    }
}

/// What shows only where luck or size have it: where a walk finds better neurons, blocks outlive others, cones of more than four
/// dimensions have many rays, programs have many rows or flats many errors, in starts that are better than others, and in proofs.
const RARE: [&str; 11] = [
    "dual.flat_errors",
    "dual.proof_share",
    "dual.first_claim",
    "dual.rays",
    "linear.blocks_together",
    "linear.cores_kept",
    "linear.follow_lines",
    "linear.later_lines",
    "linear.program_rows",
    "whole.start_nodes",
    "whole.start_share",
];

/// Parameters of a table change what some run does, but for the [`RARE`] ones and one in five, since what small runs meet is chance.
fn most_do_something(table: &[Parameter], scenarios: &[Scenario]) {
    let usual: Vec<String> = scenarios.iter().map(|scenario| scenario.run(None)).collect();
    let idle = |parameter: &&Parameter| {
        let changes = |value: &String| {
            let mut runs = scenarios.iter().zip(&usual);
            runs.any(|(scenario, usual)| scenario.run(Some((parameter.name, value))) != *usual)
        };
        !others(parameter).iter().any(changes)
    };
    let common = table.iter().filter(|parameter| !RARE.contains(&parameter.name));
    let idle: Vec<&str> = common.filter(idle).map(|parameter| parameter.name).collect();
    assert!(5 * idle.len() <= table.len(), "these change nothing: {idle:?}");
}

#[test]
fn parameters_of_single_neurons_do_something() {
    let train = |request: Request<'_>| omt::linear::train(request).unwrap();
    let real = WeightDomain::Continuous;
    // Three classes behind one neuron: pairs of output codes, each a task of its own.
    let bands = |points: &Points| {
        let raw: Vec<f64> = (0..points.len()).flat_map(|i| points.raw(i).to_vec()).collect();
        let labels: Vec<usize> = (0..points.len()).map(|i| i % 3).collect();
        Points::merge(points.num_features(), 3, &raw, &labels, Scaler::identity(points.num_features()))
    };
    let Problem { points, architecture, .. } = scattered(30, 4, &[1], real);
    let architecture = Architecture { classes: 3, ..architecture };
    let codes = Problem::new(bands(&points), architecture, Loss::ZeroOne);
    let scenarios = [
        Scenario { problem: codes, nodes: 10, base: &[], train: |request| omt::train(request).unwrap() },
        Scenario { problem: scattered(40, 4, &[], real), nodes: 40, base: &[("linear.first_lines", "0")], train },
        Scenario { problem: scattered(30, 11, &[], real), nodes: 10, base: &[], train },
        Scenario {
            problem: scattered(80, 3, &[], real),
            nodes: 20,
            base: &[
                ("linear.blocks_after", "10000"),
                ("linear.turn", "10000"),
                ("linear.program_from", "2"),
                ("linear.first_lines", "0"),
            ],
            train,
        },
    ];
    most_do_something(&omt::linear::Parameters::table(), &scenarios);
}

#[test]
fn parameters_of_the_dual_tree_do_something() {
    let train = |request: Request<'_>| omt::train(request).unwrap();
    let real = WeightDomain::Continuous;
    let scenarios = [
        Scenario { problem: scattered(40, 2, &[2], real), nodes: 100, base: &[], train },
        Scenario { problem: scattered(40, 3, &[2], real), nodes: 40, base: &[("dual.short", "2")], train },
        Scenario { problem: scattered(40, 3, &[], real), nodes: 200, base: &[], train },
        Scenario {
            problem: Problem { epsilon: Some(0.125), ..scattered(40, 2, &[2], real) },
            nodes: 40,
            base: &[],
            train,
        },
    ];
    most_do_something(&omt::DualParameters::table(), &scenarios);
}

#[test]
fn parameters_of_whole_weights_do_something() {
    let train = |request: Request<'_>| omt::train(request).unwrap();
    let whole = WeightDomain::Integer(6);
    let scenarios = [
        Scenario { problem: scattered(40, 5, &[], whole), nodes: 4000, base: &[("whole.first_slice", "16")], train },
        Scenario {
            problem: scattered(30, 6, &[2], WeightDomain::Integer(1)),
            nodes: 10,
            base: &[("whole.tried_per_feature", "0"), ("whole.first_slice", "1")],
            train,
        },
    ];
    most_do_something(&omt::WholeParameters::table(), &scenarios);
}

#[test]
fn parameters_of_data_splitting_do_something() {
    fn split(split: Split, request: Request<'_>) -> Training {
        let options = Options { split, restarts: 2, ..Options::default() };
        split::train(request, &options, &LocalSearch::default()).unwrap()
    }
    let problem = || scattered(60, 3, &[2], WeightDomain::Continuous);
    let scenarios = [
        Scenario { problem: problem(), nodes: 30, base: &[], train: |request| split(Split::KMeans, request) },
        Scenario { problem: problem(), nodes: 30, base: &[], train: |request| split(Split::Linear, request) },
    ];
    most_do_something(&split::Parameters::table(), &scenarios);
}

#[test]
fn parameters_of_local_search_do_something() {
    let train = |request: Request<'_>| local_search::train(request).unwrap();
    let real = WeightDomain::Continuous;
    let scenarios = [
        Scenario { problem: scattered(60, 3, &[2], real), nodes: 12, base: &[], train },
        Scenario {
            problem: scattered(60, 3, &[3, 2], real),
            nodes: 12,
            base: &[("local-search.least_searches", "1")],
            train,
        },
        Scenario { problem: scattered(12, 3, &[12], real), nodes: 12, base: &[], train },
        Scenario {
            problem: Problem { epsilon: Some(0.125), ..scattered(40, 3, &[2], real) },
            nodes: 12,
            base: &[],
            train,
        },
        Scenario {
            problem: scattered(12, 3, &[12, 6], real),
            nodes: 12,
            base: &[],
            train: |request| {
                let points = &request.problem.points;
                let rows = (0..points.len()).flat_map(|i| points.raw(i).to_vec()).collect();
                let labels = (0..points.len()).map(|i| i % 2).collect();
                local_search::choose(request, &Validation { rows, labels }).unwrap()
            },
        },
    ];
    most_do_something(&local_search::Parameters::table(), &scenarios);
}

/// Seconds that a run may take which is asked to end after [`ASKED`]: a test machine may have much else to do, and a run that does not
/// hear of its limit takes minutes.
const HEARD: f64 = 5.0;
const ASKED: f64 = 0.1;

/// A limit of time holds at either end of every parameter of a table, and what is returned is true.
fn limits_hold(table: &[Parameter], problem: &Problem, engine: &dyn Engine) {
    for parameter in table {
        for end in parameter.range.ends() {
            let mut settings = Settings::default();
            settings.set(table, parameter.name, &end.to_string()).unwrap();
            let limits = Limits { threads: 1, time: ASKED, settings, ..Limits::default() };
            let began = Instant::now();
            let training = engine.train(Request::new(problem, &limits)).unwrap();
            let (at, took) = (format!("{}={end}", parameter.name), began.elapsed().as_secs_f64());
            assert!(took < HEARD, "{at}: {took} s");
            let network = training.network.as_ref().unwrap_or_else(|| panic!("{at}: no network"));
            assert_eq!(bdnn::exact::check(problem, network), Ok(training.loss), "{at}");
            let bounds = problem.floor() as f64..=training.objective;
            assert!(bounds.contains(&training.bound), "{at}: {} beside {}", training.bound, training.objective);
            assert!(training.status.is_limit() || training.status == bdnn::Status::Heuristic, "{at}: too easy");
        }
    }
}

#[test]
fn limits_hold_at_all_ends_of_the_exact_search() {
    let real = WeightDomain::Continuous;
    limits_hold(&omt::Parameters::table(), &scattered(300, 7, &[2], real), &omt::Exact);
    limits_hold(&omt::DualParameters::table(), &scattered(300, 4, &[2], real), &omt::Exact);
    limits_hold(&omt::TurnParameters::table(), &scattered(300, 7, &[2], real), &heaviside::Omt);
    limits_hold(&omt::WholeParameters::table(), &scattered(500, 12, &[2], WeightDomain::Integer(2)), &omt::Exact);
}

#[test]
fn limits_hold_at_all_ends_of_the_search_for_single_neurons() {
    let table = omt::linear::Parameters::table();
    for inputs in [6, 12] {
        limits_hold(&table, &scattered(400, inputs, &[], WeightDomain::Continuous), &omt::Exact);
    }
}

#[test]
fn limits_hold_at_all_ends_of_heuristics() {
    let problem = scattered(2000, 10, &[4], WeightDomain::Continuous);
    limits_hold(&local_search::Parameters::table(), &problem, &LocalSearch::default());
    let splitting = split::Splitting { engine: LocalSearch::default(), options: Options::default() };
    limits_hold(&split::Parameters::table(), &problem, &splitting);
    limits_hold(&heaviside::AutoParameters::table(), &problem, &heaviside::Auto);
}

/// A knapsack with two rows, hard for its size.
#[test]
fn limits_hold_at_all_ends_of_branch_and_bound() {
    let mut random = ChaCha8Rng::seed_from_u64(9);
    let mut model = milp::Model::new("two knapsacks");
    let columns: Vec<milp::VarId> = (0..60)
        .map(|j| {
            model.add_var(
                format!("x{j}"),
                0.0,
                1.0,
                -f64::from(random.random_range(900..1100_u32)),
                milp::VarKind::Integer,
            )
        })
        .collect();
    for row in 0..5 {
        let terms: Vec<_> = columns.iter().map(|&var| (var, f64::from(random.random_range(900..1100_u32)))).collect();
        model.add_row(format!("r{row}"), f64::NEG_INFINITY, 30_000.0, terms);
    }
    let table = milp::Parameters::table();
    let mut ended = 0;
    for parameter in &table {
        for end in parameter.range.ends() {
            let mut settings = Settings::default();
            settings.set(&table, parameter.name, &end.to_string()).unwrap();
            let options = milp::Options { time_limit: ASKED, parameters: settings.of(), ..milp::Options::default() };
            let began = Instant::now();
            let outcome = milp::solve(&model, &options, &mut milp::Quiet).unwrap();
            let (at, took) = (format!("{}={end}", parameter.name), began.elapsed().as_secs_f64());
            assert!(took < HEARD, "{at}: {took} s");
            // Cuts may close it in time.
            let ends = [milp::Status::TimeLimit, milp::Status::Optimal];
            assert!(ends.contains(&outcome.status), "{at}: {:?}", outcome.status);
            ended += u32::from(outcome.status == milp::Status::TimeLimit);
            assert!(outcome.objective.is_none_or(|objective| outcome.bound <= objective), "{at}");
        }
    }
    assert!(ended > 40, "{ended} runs came to their limit");
}
