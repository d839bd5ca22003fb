//! Parameters are read, change how the engines search, and never what they find.

use bdnn::{Architecture, Engine, Limits, Loss, Points, Problem, Request, Scaler, Training, WeightDomain};
use budget::{Parameter, Settings, Tunable};
use heuristics::local_search::{self, LocalSearch};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fs;
use std::path::Path;

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
    let tables: [(&str, Vec<Parameter>); 4] = [
        ("heaviside", heaviside::AutoParameters::table()),
        ("omt", omt::Parameters::table()),
        ("milp", milp::Parameters::table()),
        ("heuristics", local_search::Parameters::table()),
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
    let usual = train(&omt::Omt, &problem, &clauses);
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
            let training = train(&omt::Omt, &problem, &settings);
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
