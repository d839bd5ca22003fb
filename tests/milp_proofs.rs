//! Proof folders of the MILP engine: what `formulation::train_with_proof` leaves is accepted down to the data, for every kind
//! of problem, and proves the optimum that enumeration finds.

use bdnn::{Limits, Points, Problem, Request, Scaler, Status, Training, WeightDomain};
use checker::proof::linear::{Folder, Report, check};
use checker::{Error, Source};
use formulation::{Proof, train_with_proof};
use heaviside_acceptance::folders::write_problem;
use heaviside_acceptance::oracle::optimum;
use heaviside_acceptance::random::Source as Random;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

fn source(dir: &Path, name: &str) -> Source<'static> {
    Source::new(name, BufReader::new(File::open(dir.join(name)).expect("the file was written")))
}

/// Writes the folder with this claim, and checks it.
fn check_folder(dir: &Path, problem: &Problem, training: &Training, bound: Option<f64>) -> Result<Report, Error> {
    write_problem(dir, problem, training, serde_json::json!(bound));
    check(Folder {
        problem: source(dir, "problem.json"),
        model: source(dir, "model.mps"),
        certificate: source(dir, "certificate.vipr"),
        network: training.network.as_ref().map(|_| source(dir, "network.json")),
        data: None,
    })
}

/// Trains and checks the folder; claims a little less than the float bound where it need not be whole.
fn prove(problem: &Problem, limits: &Limits) -> (Training, Option<f64>) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (training, proof) =
        train_with_proof(Request::new(problem, limits), (dir.path(), &mut |_, _| Ok(true))).expect("a sound problem");
    let proof = proof.expect("a search that began");
    let Proof { model, certificate } = proof;
    fs::write(dir.path().join("model.mps"), milp::io::to_mps(&model).expect("names fit")).expect("a writable folder");
    let mut text = vec![];
    let proven = certificate.write(&model, &mut text).expect("a writable folder");
    fs::write(dir.path().join("certificate.vipr"), text).expect("a writable folder");
    let whole = problem.l0 == 0.0 && problem.l1 == 0.0;
    let lower = proven.lower.map_or(0.0, |lower| if whole { lower } else { (lower - 1e-9).max(0.0) });
    let bound = (!proven.infeasible).then_some(lower);
    let report = check_folder(dir.path(), problem, &training, bound);
    let report = report.unwrap_or_else(|error| panic!("{error}\n{problem:?}"));
    assert_eq!(report.loss, training.network.as_ref().map(|_| training.loss));
    if let Some(lower) = bound {
        // More is not proven.
        let more = check_folder(dir.path(), problem, &training, Some(lower + if whole { 1.0 } else { 1e-6 }));
        assert!(more.is_err_and(|error| error.is_refutation()), "{problem:?}");
    }
    (training, bound)
}

/// A problem with a margin of any kind, small enough to enumerate. Scaled points are no short decimals.
fn problem(source: &mut Random, case: usize) -> Problem {
    let hidden: &[usize] = [&[][..], &[2], &[1, 1], &[1], &[2]][case % 5];
    let classes = if source.one_in(3) { 3 } else { 2 };
    let (rows, features) = (source.whole(3, 6), source.whole(1, 2));
    let plain = source.points_of_all(rows, features, classes);
    let mut rows: Vec<(usize, usize)> = vec![];
    for i in 0..plain.len() {
        for (class, &count) in plain.counts(i).iter().enumerate() {
            rows.extend((0..count).map(|_| (i, class)));
        }
    }
    let raw: Vec<f64> = rows.iter().flat_map(|&(i, _)| plain.raw(i).to_vec()).collect();
    let labels: Vec<usize> = rows.iter().map(|&(_, class)| class).collect();
    let scaler =
        Scaler { shift: vec![-1.0; features], divisor: vec![if source.one_in(2) { 3.0 } else { 0.7 }; features] };
    let points = Points::merge(features, classes, &raw, &labels, scaler);
    let weights =
        if source.one_in(3) { WeightDomain::Integer(source.whole(1, 2) as u32) } else { WeightDomain::Continuous };
    let bias = !source.one_in(4);
    let robust = source.one_in(3).then(|| source.robust());
    let partition = source.one_in(4).then(|| source.partition(points.len(), 4));
    let epsilon = Some(if source.one_in(2) { 0.1 } else { 0.001 });
    let (l0, l1) = if source.one_in(3) { (0.3, 0.1) } else { (0.0, 0.0) };
    let plain = source.problem(points, hidden, weights, bias);
    Problem { epsilon, robust, partition, l0, l1, ..plain }
}

#[test]
fn every_kind_of_problem() {
    let mut source = Random::new(11);
    let mut optima = 0;
    for case in 0..60 {
        let problem = problem(&mut source, case);
        let (training, bound) = prove(&problem, &Limits { nodes: 400, ..Limits::default() });
        let regularised = problem.l0 > 0.0 || problem.l1 > 0.0;
        let Some(bound) = bound else {
            assert!(training.network.is_none());
            continue;
        };
        assert!(bound <= training.objective, "{problem:?}");
        if training.status == Status::Optimal {
            assert!(bound >= training.objective - 1e-5, "{bound} {training:?}\n{problem:?}");
            if !regularised {
                assert_eq!(training.loss as f64, optimum(&problem), "{problem:?}");
            }
            optima += 1;
        }
    }
    assert!(optima >= 40, "{optima}");
}

/// The claim holds for the exact points of the data, however unlike decimals they are.
#[test]
fn the_claim_is_about_exact_points() {
    // Thirds, sevenths and a wide range, where coordinates lose the most.
    for scale in [1.0, 1e6, 1e-3] {
        let raw: Vec<f64> = (0..9).map(|i| f64::from(i * i % 7) * scale / 3.0 + f64::from(i)).collect();
        let labels: Vec<usize> = (0..9).map(|i| i / 2 % 2).collect();
        let scaler = Scaler { shift: vec![scale / 7.0], divisor: vec![scale * 1.1] };
        let points = Points::merge(1, 2, &raw, &labels, scaler);
        let problem = Random::new(1).problem(points, &[1], WeightDomain::Continuous, true);
        let (training, bound) = prove(&Problem { epsilon: Some(1e-3), ..problem }, &Limits::default());
        assert_eq!((training.status, bound), (Status::Optimal, Some(training.loss as f64)), "{scale}");
        assert!(training.loss > 0, "{scale}");
    }
}
