//! Whoever says stop is obeyed at whatever moment, and what is returned then is true.
//!
//! Counts of questions rather than seconds: the run is told to stop at its k-th question, for k from 0 on. The clock only
//! guards against a run that does not end.

use bdnn::{
    Architecture, Limits, Loss, Points, Problem, Progress, Request, Scaler, Status, Training, WeightDomain, exact,
};
use heaviside_acceptance::random::Source;
use heaviside_acceptance::told::Told;
use heuristics::local_search::LocalSearch;
use std::time::{Duration, Instant};

/// As counts of words are: skewed, many zeros, two decimals; classes that overlap.
fn skewed(rows: usize, features: usize, classes: usize, hidden: &[usize]) -> Problem {
    let mut source = Source::new(7);
    let (mut values, mut labels) = (vec![], vec![]);
    for _ in 0..rows {
        let class = source.whole(0, classes - 1);
        for j in 0..features {
            let often = if j % classes == class { 2 } else { 4 };
            let value = if source.one_in(often) { source.whole(1, 400) * source.whole(1, 9) } else { 0 };
            values.push(value as f64 / 100.0);
        }
        labels.push(class);
    }
    let points = Points::merge(features, classes, &values, &labels, Scaler::identity(features));
    let weights = WeightDomain::Continuous;
    let architecture = Architecture { inputs: features, hidden: hidden.to_vec(), classes, bias: true, weights };
    Problem::new(points, architecture, Loss::Hamming)
}

type Engine = (&'static str, fn(&Problem, &Limits, &dyn Progress) -> Training);

const ENGINES: [Engine; 4] = [
    ("omt", |problem, limits, progress| {
        omt::train(Request::new(problem, limits).with_progress(progress)).expect("sound")
    }),
    ("local search", |problem, limits, progress| {
        heuristics::local_search::train(Request::new(problem, limits).with_progress(progress)).expect("sound")
    }),
    ("splitting", |problem, limits, progress| {
        let options = heuristics::split::Options::default();
        heuristics::split::train(
            Request::new(problem, limits).with_progress(progress),
            &options,
            &LocalSearch::default(),
        )
        .expect("sound")
    }),
    ("milp", |problem, limits, progress| {
        formulation::train(Request::new(problem, limits).with_progress(progress)).expect("sound")
    }),
];

#[test]
fn a_run_ends_wherever_it_is_told_to() {
    let problems = [
        skewed(300, 30, 2, &[]),
        skewed(300, 30, 2, &[2]),
        skewed(200, 12, 3, &[2, 2]),
        skewed(200, 12, 4, &[1]),
        // More dimensions than points: a network loses nothing, and nobody has to search for a proof.
        skewed(20, 60, 2, &[2]),
        Problem { epsilon: Some(0.01), ..skewed(100, 6, 2, &[2]) },
    ];
    for (at, problem) in problems.iter().enumerate() {
        for (name, train) in ENGINES {
            for from in [0, 1, 2, 5, 20, 100, 500, 2000] {
                let told = Told::from(from);
                // The guard for those who end by themselves first.
                let limits = Limits { nodes: 2000, threads: 1, ..Limits::default() };
                let began = Instant::now();
                let training = train(problem, &limits, &told);
                assert!(began.elapsed() < Duration::from_secs(60), "{name} on problem {at} from question {from} on");
                let network = training.network.as_ref().expect("one answer for all points is always there");
                let margin = problem.margin();
                let claimed =
                    if name == "milp" { Problem { epsilon: Some(margin), ..problem.clone() } } else { problem.clone() };
                assert_eq!(exact::check(&claimed, network), Ok(training.loss), "{name} on problem {at}, {from}");
                assert!(training.bound <= training.objective, "{name} on problem {at}, {from}");
                assert!(training.bound <= 300.0 && training.bound >= problem.floor() as f64);
                let met = training.bound >= training.objective;
                assert!(!met || training.status == Status::Optimal, "{name} on problem {at}, {from}: it is proven");
                if from == 0 && training.status != Status::Optimal {
                    assert_eq!(training.status, Status::Interrupted, "{name} on problem {at}");
                }
            }
        }
    }
}

/// Of separable points in the plane thousands of labellings are found at once, most of which have no network yet when somebody says stop.
#[test]
fn a_list_of_labellings_ends_wherever_it_is_told_to() {
    let mut source = Source::new(5);
    let rows: Vec<f64> = (0..4000).map(|_| source.whole(0, 100_000) as f64).collect();
    let labels: Vec<usize> = rows.chunks_exact(2).map(|row| usize::from(row[0] + row[1] > 100_000.0)).collect();
    let points = Points::merge(2, 2, &rows, &labels, Scaler::identity(2));
    let weights = WeightDomain::Continuous;
    let architecture = Architecture { inputs: 2, hidden: vec![2], classes: 2, bias: true, weights };
    let problem = Problem::new(points, architecture, Loss::Hamming);
    let limits = Limits { threads: 1, ..Limits::default() };
    let start = omt::train(Request::new(&problem, &limits)).expect("sound").network;
    let mut most = 0;
    for from in [0, 100, 3000, 6000] {
        let told = Told::from(from);
        let request = Request::new(&problem, &limits).with_start(start.as_ref()).with_progress(&told);
        let (training, solutions) = omt::solutions(request, 10_000, 0).expect("sound");
        assert_eq!((training.status, training.loss), (Status::Interrupted, 0), "{from}");
        assert!(!solutions.complete() && !solutions.list.is_empty(), "{from}");
        // One point beside a line may be on either side of it, so some labelling that is not listed loses no more than 1.
        assert!(solutions.others.is_some_and(|others| others <= 1), "{from}: {:?}", solutions.others);
        most = most.max(solutions.list.len());
    }
    assert!(most > 1, "no labelling but the first was found");
}

/// The clock, with a generous allowance: no phase goes on for long after its limit.
#[test]
fn limits_of_time_hold_roughly_in_every_phase() {
    let problem = skewed(1500, 57, 2, &[2]);
    for (name, train) in ENGINES {
        for time in [0.0, 0.02, 0.2] {
            let limits = Limits { time, ..Limits::default() };
            let began = Instant::now();
            let training = train(&problem, &limits, &bdnn::Silent);
            assert!(began.elapsed().as_secs_f64() < time + 15.0, "{name} with {time} s took {:?}", began.elapsed());
            assert!(training.network.is_some(), "{name} with {time} s");
        }
    }
}

/// A limit that comes before a proof is begun leaves no proof, and a network that meets what labels alone force is optimal all the same.
#[test]
fn what_needs_no_proof_is_optimal_without_one() {
    for hidden in [&[][..], &[2]] {
        let problem = skewed(20, 60, 2, hidden);
        let best = omt::train(Request::new(&problem, &Limits::default())).expect("sound").network;
        let folder = tempfile::tempdir().expect("a folder");
        let folder = omt::proof::Folder::create(folder.path(), false).expect("a writable folder");
        let limits = Limits { time: 0.0, ..Limits::default() };
        let request = Request::new(&problem, &limits).with_start(best.as_ref());
        let (training, written) = omt::proof::train(request, &folder, None).expect("sound");
        assert_eq!((training.status, training.loss, training.bound), (Status::Optimal, 0, 0.0), "{hidden:?}");
        assert!(written.is_none(), "there was no time");
    }
}
