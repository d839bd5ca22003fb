//! Proof folders: what `omt::proof` writes, the checker accepts, and so do the kernel, once it is elaborated, and VeriPB where it is installed.
//!
//! VeriPB (`cargo install veripb`) is looked for at the environment variable `HEAVISIDE_VERIPB`, then on the path; where it is
//! absent the tests say so and rely on our checker alone.

use bdnn::{
    Dataset, ErrorLimit, Limits, Loss, Points, Problem, Progress, ReadOptions, Request, Scaler, Scaling, Silent,
    Status, Training, WeightDomain,
};
use budget::Tunable;
use checker::Source;
use heaviside_acceptance::oracle::optimum;
use heaviside_acceptance::random::Source as Random;
use heaviside_acceptance::told::Told;
use heaviside_acceptance::{files, folders::write_problem, known};
use omt::proof::{Folder, Written};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The public checker, if there is one: a second opinion beside that of our own.
fn veripb() -> Option<PathBuf> {
    let named = std::env::var_os("HEAVISIDE_VERIPB").map(PathBuf::from);
    let paths = std::env::var_os("PATH").unwrap_or_default();
    named.or_else(|| std::env::split_paths(&paths).map(|dir| dir.join("veripb")).find(|file| file.is_file()))
}

fn source(dir: &Path, name: &str) -> Source<'static> {
    Source::new(name, BufReader::new(File::open(dir.join(name)).expect("the file was written")))
}

/// The files of a folder.
struct Texts {
    problem: String,
    lemmas: String,
    formula: String,
    proof: String,
    network: Option<String>,
}

impl Texts {
    fn read(dir: &Path) -> Self {
        let text = |name: &str| std::fs::read_to_string(dir.join(name));
        let [problem, lemmas, formula, proof] = ["problem.json", "lemmas.jsonl", "formula.opb", "proof.pbp"]
            .map(|name| text(name).expect("the file was written"));
        Self { problem, lemmas, formula, proof, network: text("network.json").ok() }
    }

    fn elaborated(&self) -> Result<String, elaborate::Error> {
        let Self { problem, lemmas, proof, network, .. } = self;
        let mut bytes = Vec::new();
        elaborate::elaborate(
            elaborate::Folder { problem, lemmas, proof, network: network.as_deref() },
            &mut bytes,
            &|| false,
        )?;
        Ok(String::from_utf8(bytes).expect("UTF-8"))
    }

    /// What the kernel says of one lemma: `None` if it holds.
    fn fault_of(&self, lemma: &str) -> Option<String> {
        let proof = "rup 1 u1_0_0 1 ~u1_0_0 >= 1 : @m0_0;\nconclusion BOUNDS 0 0;\n".to_owned();
        let alone = Self {
            problem: self.problem.clone(),
            lemmas: lemma.to_owned(),
            formula: String::new(),
            proof,
            network: self.network.clone(),
        };
        let fault = kernel::check(&alone.elaborated().expect("a lemma")).err()?.what;
        (fault.contains("too far apart") || fault.contains("do not add up")).then_some(fault)
    }

    /// The same of the checker, which looks at a lemma before it compares its clauses.
    fn refused_by_checker(&self, lemma: &str) -> Option<String> {
        let of = |name: &'static str, text: &str| Source::new(name, std::io::Cursor::new(text.to_owned()));
        let folder = checker::proof::Folder {
            problem: of("problem.json", &self.problem),
            lemmas: of("lemmas.jsonl", lemma),
            formula: of("formula.opb", &self.formula),
            proof: of("proof.pbp", &self.proof),
            network: None,
            data: None,
        };
        let said = checker::proof::check(folder).err()?.to_string();
        said.contains("lemma 0: ").then_some(said)
    }

    /// A lemma of whole weights does not hold without the bounds in it; with its sides exchanged it may, and checker and kernel agree on that.
    fn lemmas_need_their_bounds(&self) {
        for line in self.lemmas.lines().filter(|line| !line.contains(r#""least":[],"below":[]"#)).take(20) {
            let (points, _) = line.split_once(r#","least""#).expect("whole weights");
            let bare = format!(r#"{points},"least":[],"below":[]}}"#);
            let turned = line.replace("fires", "x").replace("rests", "fires").replace('x', "rests");
            assert_eq!((self.fault_of(line), self.refused_by_checker(line)), (None, None), "{line}");
            assert!(self.fault_of(&bare).is_some() && self.refused_by_checker(&bare).is_some(), "{bare}");
            assert_eq!(self.fault_of(&turned).is_some(), self.refused_by_checker(&turned).is_some(), "{turned}");
        }
    }
}

/// Trains, checks the folder in every way there is, and returns what was proven.
fn prove(problem: &Problem, limits: &Limits, progress: &dyn Progress, veripb: Option<&Path>) -> (Training, Written) {
    let (training, written) = prove_if_begun(problem, limits, progress, veripb);
    (training, written.expect("a search that began"))
}

/// The same for a run that may end before its search begins: then there is no proof.
fn prove_if_begun(
    problem: &Problem,
    limits: &Limits,
    progress: &dyn Progress,
    veripb: Option<&Path>,
) -> (Training, Option<Written>) {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let dir = temporary.path();
    let folder = Folder::create(dir, false).expect("a writable folder");
    let (training, written) = omt::proof::train(Request::new(problem, limits).with_progress(progress), &folder, None)
        .unwrap_or_else(|e| panic!("{e}\n{problem:?}"));
    let Some(written) = written else { return (training, None) };
    write_problem(dir, problem, &training, serde_json::json!(written.bound));
    let report = checker::proof::check(checker::proof::Folder {
        problem: source(dir, "problem.json"),
        lemmas: source(dir, "lemmas.jsonl"),
        formula: source(dir, "formula.opb"),
        proof: source(dir, "proof.pbp"),
        network: training.network.as_ref().map(|_| source(dir, "network.json")),
        data: None,
    });
    let report = report.unwrap_or_else(|error| panic!("{error}\n{problem:?}"));
    assert_eq!(report.bound, written.bound);
    let texts = Texts::read(dir);
    let proven = kernel::check(&texts.elaborated().unwrap_or_else(|error| panic!("{error}\n{problem:?}")));
    let proven = proven.unwrap_or_else(|fault| panic!("{fault}\n{problem:?}")).problem;
    assert_eq!(proven.bound, written.bound.map(i128::from), "{problem:?}");
    if let WeightDomain::Integer(_) = problem.architecture.weights {
        texts.lemmas_need_their_bounds();
    }
    if let Some(program) = veripb {
        let run = Command::new(program).args([dir.join("formula.opb"), dir.join("proof.pbp")]).output();
        let run = run.expect("veripb runs");
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success(), "{said}\n{}\n{problem:?}", String::from_utf8_lossy(&run.stderr));
        if let Some(bound) = written.bound {
            let objective = bound - report.offset;
            assert!(said.contains(&format!("s VERIFIED BOUNDS {objective} <= obj <= ")), "{said}");
        }
    }
    (training, Some(written))
}

/// A problem of every kind that proofs know, small enough to enumerate.
fn problem(source: &mut Random, hidden: &[usize], weights: WeightDomain) -> Problem {
    let classes = if source.one_in(3) { 3 } else { 2 };
    let (rows, features) = (source.whole(3, 7), source.whole(1, 2));
    let points = source.points_of_all(rows, features, classes);
    let bias = !source.one_in(4);
    let (epsilon, robust) = (source.one_in(3).then_some(0.125), source.one_in(4).then(|| source.robust()));
    let partition = source.one_in(4).then(|| source.partition(points.len(), 4));
    let plain = source.problem(points, hidden, weights, bias);
    let limit = ErrorLimit { class: source.whole(0, 1), most: source.whole(0, 2) as u64 };
    let error_limits = if classes == 2 && source.one_in(3) { vec![limit] } else { vec![] };
    Problem { epsilon, robust, partition, error_limits, ..plain }
}

/// The loss that a problem's proof and enumeration agree on; `None` if there is no network.
fn is_proven(problem: &Problem, veripb: Option<&Path>) -> Option<u64> {
    let (training, written) = prove(problem, &Limits::default(), &Silent, veripb);
    let least = optimum(problem);
    if training.network.is_none() {
        assert!(least.is_infinite() && written.bound.is_none(), "{problem:?}");
        return None;
    }
    assert_eq!(training.status, Status::Optimal, "{problem:?}");
    assert_eq!((training.loss as f64, written.bound), (least, Some(training.loss)), "{problem:?}");
    Some(training.loss)
}

#[test]
fn every_kind_of_problem() {
    let veripb = veripb();
    let mut source = Random::new(5);
    for case in 0..90 {
        let hidden: &[usize] = [&[][..], &[2], &[3], &[2, 2], &[1], &[4]][case % 6];
        let problem = problem(&mut source, hidden, WeightDomain::Continuous);
        is_proven(&problem, veripb.as_deref());
    }
}

/// The same with whole weights: output functions are told apart where they all fit, and elsewhere truth tables.
#[test]
fn every_kind_of_problem_with_whole_weights() {
    let veripb = veripb();
    let mut source = Random::new(23);
    let mut above = 0;
    for case in 0..80 {
        let hidden: &[usize] = [&[][..], &[2], &[1], &[2, 2], &[3]][case % 5];
        let weights = WeightDomain::Integer(1 + u32::from(source.one_in(2)));
        let problem = problem(&mut source, hidden, weights);
        let loss = is_proven(&problem, veripb.as_deref());
        above += usize::from(loss.is_some_and(|loss| loss > problem.floor()));
    }
    assert!(above >= 20, "{above}");
}

/// Points anywhere, a few weights of more values: too many for the oracle, so the search that lists dichotomies says what is right.
#[test]
fn whole_weights_are_proven_as_they_are_listed() {
    let veripb = veripb();
    let mut source = Random::new(29);
    for case in 0..24 {
        let hidden: &[usize] = [&[][..], &[2], &[2], &[3]][case % 4];
        let features = source.whole(2, 3);
        let points = source.points(12 + case % 8, features, 2);
        let weights = WeightDomain::Integer([1, 2, 3][case % 3]);
        let problem = source.problem(points, hidden, weights, case % 5 != 0);
        let problem = Problem { epsilon: (case % 3 == 0).then_some(0.125), ..problem };
        let (training, written) = prove(&problem, &Limits::default(), &Silent, veripb.as_deref());
        let listed = omt::train(Request::new(&problem, &Limits::default())).expect("sound");
        assert_eq!((training.status, listed.status), (Status::Optimal, Status::Optimal), "{problem:?}");
        assert_eq!((training.loss, written.bound), (listed.loss, Some(listed.loss)), "{problem:?}");
    }
}

/// A problem that the dual tree decides alone: few dimensions, up to three neurons or none, on a grid with ties and duplicates or anywhere; rows that count
/// several times, now and then all an even number.
fn low_problem(source: &mut Random, case: usize) -> Problem {
    let hidden: &[usize] = [&[][..], &[1], &[2], &[3]][case % 4];
    let (rows, features) = (source.whole(3, 20), source.whole(1, 3));
    let points = source.points_of_all(rows, features, 2);
    let times = [1, 1, 2, 3][source.whole(0, 3)];
    let mut raw = Vec::new();
    let mut labels = Vec::new();
    for i in 0..points.len() {
        for (class, &count) in points.counts(i).iter().enumerate() {
            for _ in 0..count as usize * if source.one_in(2) { times } else { times.min(2) } {
                raw.extend_from_slice(points.raw(i));
                labels.push(class);
            }
        }
    }
    let points = Points::merge(features, 2, &raw, &labels, Scaler::identity(features));
    Problem { epsilon: None, ..source.problem(points, hidden, WeightDomain::Continuous, true) }
}

/// Proofs of the dual tree hold what the search without a log says, which clauses say, too.
#[test]
fn what_the_dual_tree_decides_is_proven() {
    let veripb = veripb();
    let mut source = Random::new(17);
    let mut above = [0; 4];
    for case in 0..120 {
        let problem = low_problem(&mut source, case);
        let (training, written) = prove(&problem, &Limits::default(), &Silent, veripb.as_deref());
        let mut limits = Limits::default();
        limits.settings.set(&omt::Parameters::table(), "omt.dual", "no").expect("a parameter");
        let clauses = omt::train(Request::new(&problem, &limits)).expect("sound");
        assert_eq!((training.status, training.loss), (Status::Optimal, clauses.loss), "{problem:?}");
        assert_eq!(written.bound, Some(training.loss), "{problem:?}");
        above[case % 4] += usize::from(written.lemmas > 0 && training.loss > problem.floor());
    }
    assert!(above.iter().all(|&cases| cases >= 5), "{above:?}");
}

/// Haberman with two neurons and without: of the 60 errors of the former a search by clauses proves 6 in minutes.
#[test]
fn haberman_is_proven() {
    let veripb = veripb();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/haberman.csv");
    for (hidden, least) in [(&[][..], 66), (&[2], 60)] {
        let problem = Problem { epsilon: None, ..files::problem(&path, Scaling::MinMax, hidden) };
        let (training, written) = prove(&problem, &Limits::default(), &Silent, veripb.as_deref());
        assert_eq!((training.loss, written.bound), (least, Some(least)), "{hidden:?}");
    }
}

/// A run that a limit stops proves the bound it has.
#[test]
fn limits_leave_the_bound_of_the_run() {
    let veripb = veripb();
    let mut source = Random::new(8);
    let mut above = 0;
    for (case, (hidden, nodes)) in [
        (&[][..], 0),
        (&[], 1),
        (&[], 4),
        (&[1], 30),
        (&[2], 20),
        (&[2], 60),
        (&[3], 400),
        (&[2, 2], 20),
        (&[3, 2], 900),
    ]
    .into_iter()
    .cycle()
    .take(27)
    .enumerate()
    {
        let features = source.whole(2, 4);
        let classes = if case % 4 == 3 { 3 } else { 2 };
        let points = source.points(if features > 2 { 40 } else { 30 }, features, classes);
        let problem = source.problem(points, hidden, WeightDomain::Continuous, true);
        let problem = Problem { epsilon: source.one_in(4).then_some(0.125), ..problem };
        let mut limits = Limits { nodes, ..Limits::default() };
        if case % 2 == 1 {
            limits.settings.set(&omt::Parameters::table(), "omt.dual", "no").expect("a parameter");
        }
        let (training, written) = prove(&problem, &limits, &Silent, veripb.as_deref());
        let Some(bound) = written.bound else { continue };
        assert_eq!(bound as f64, training.bound, "case {case}: {problem:?}");
        above += usize::from(training.status == Status::NodeLimit && !hidden.is_empty() && bound > problem.floor());
    }
    assert!(above >= 5, "bounds by cores: {above}");
}

/// What conflicting labels force is proven whatever is counted and wherever the run ends: the folder says what the report says.
#[test]
fn what_labels_force_is_proven() {
    let veripb = veripb();
    let mut source = Random::new(11);
    let mut forced = 0;
    for case in 0..60 {
        let hidden: &[usize] = [&[1][..], &[], &[2], &[2, 2], &[3]][case % 5];
        let (classes, places) = ([3, 4, 2][case % 3], source.whole(2, 5));
        let rows: Vec<(f64, usize)> = (0..places + 6)
            .map(|row| ((row % places) as f64, if row < classes { row } else { source.whole(0, classes - 1) }))
            .collect();
        let (features, labels): (Vec<f64>, Vec<usize>) = rows.into_iter().unzip();
        let points = Points::merge(1, classes, &features, &labels, Scaler::identity(1));
        let problem = source.problem(points, hidden, WeightDomain::Continuous, true);
        let loss = if case % 4 == 3 { Loss::Hamming } else { Loss::ZeroOne };
        let problem = Problem { loss, epsilon: source.one_in(3).then_some(0.125), ..problem };
        for nodes in [0, 3, u64::MAX] {
            let limits = Limits { nodes, ..Limits::default() };
            let (training, written) = prove(&problem, &limits, &Silent, veripb.as_deref());
            assert_eq!(written.bound.map(|bound| bound as f64), Some(training.bound), "{nodes}: {problem:?}");
        }
        forced += usize::from(problem.floor() > 0 && problem.loss == Loss::ZeroOne && classes > 2);
    }
    assert!(forced >= 20, "{forced}");
}

/// A run that is stopped anywhere leaves a folder that proves what it says, or none if its search had not begun.
#[test]
fn a_run_that_is_stopped_leaves_a_whole_proof() {
    let veripb = veripb();
    let mut source = Random::new(3);
    let mut whole = 0;
    for (hidden, classes) in [(&[][..], 2), (&[2], 2), (&[4], 2), (&[2, 2], 3), (&[3], 3)] {
        let points = source.points(40, 4, classes);
        let problem = source.problem(points, hidden, WeightDomain::Continuous, true);
        for from in [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] {
            let limits = Limits { nodes: 200, ..Limits::default() };
            let (training, written) = prove_if_begun(&problem, &limits, &Told::from(from), veripb.as_deref());
            let Some(written) = written else {
                assert!(training.network.is_some(), "{from}: {problem:?}");
                continue;
            };
            whole += 1;
            let bound = written.bound.expect("networks of these kinds exist");
            assert!(training.network.is_some() && bound <= training.loss, "{from}: {problem:?}");
            assert!(bound as f64 <= training.bound && bound >= problem.floor(), "{from}: {problem:?}");
        }
    }
    assert!(whole >= 10, "{whole}");
}

/// Where the search leaves no time to prove its bound, the folder proves a smaller one, in the end that of the run.
#[test]
fn limits_of_time_leave_what_they_have_time_for() {
    let veripb = veripb();
    let mut source = Random::new(21);
    let (mut partial, mut cases) = (0, 0);
    for (rows, hidden) in [(30, &[][..]), (30, &[2]), (40, &[2]), (24, &[3]), (30, &[3])] {
        let points = source.points(rows, 2, 2);
        let problem = source.problem(points, hidden, WeightDomain::Continuous, true);
        let mut seconds = 0.01;
        loop {
            let limits = Limits { time: seconds, threads: 1, ..Limits::default() };
            let (training, written) = prove_if_begun(&problem, &limits, &Silent, veripb.as_deref());
            seconds *= 1.5;
            assert!(seconds < 1e4, "these take a second at most");
            let Some(bound) = written.and_then(|written| written.bound) else { continue };
            cases += 1;
            assert!(training.network.is_some() && problem.floor() <= bound && bound as f64 <= training.bound);
            partial += usize::from(problem.floor() < bound && (bound as f64) < training.objective);
            if bound == training.loss {
                assert_eq!(training.status, Status::Optimal, "{problem:?}");
                break;
            }
        }
    }
    // How many depends on the machine.
    println!("{partial} of {cases} proofs are of a part");
}

/// Rows of the table of known optima with two hidden neurons or none, and iris, one class against the rest.
fn known_optima(take: impl Fn(&str) -> bool) {
    let veripb = veripb();
    let iris = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/iris.csv");
    for (class, least) in [("setosa", 0), ("versicolor", 25), ("virginica", 1)] {
        let options = ReadOptions { positive: Some(class.to_owned()), ..ReadOptions::default() };
        let data = Dataset::read(&iris, &options).expect("the file is in the repository");
        let all = data.all();
        let points = data.points(&all, &Scaling::MinMax.fit(&data, &all));
        let problem = Problem { points, ..files::problem(&iris, Scaling::MinMax, &[]) };
        let architecture = bdnn::Architecture { classes: 2, ..problem.architecture.clone() };
        let problem = Problem { architecture, ..problem };
        let (_, written) = prove(&problem, &Limits::default(), &Silent, veripb.as_deref());
        assert_eq!(written.bound, Some(least), "{class}");
    }
    let rows: Vec<_> = known::optima().into_iter().filter(|row| row.hidden <= 2 && take(&row.file)).collect();
    assert!(rows.len() >= 10);
    for row in rows {
        let (_, written) = prove(&row.problem(), &Limits::default(), &Silent, veripb.as_deref());
        assert_eq!(written.bound, row.optimum, "{}", row.file);
    }
}

/// Those whose proofs have some ten thousand steps or fewer.
#[test]
fn known_optima_are_proven() {
    known_optima(|file| !file.contains("m80") && !file.contains("m100"));
}

/// All of them: a minute.
#[test]
#[ignore = "a minute"]
fn all_known_optima_are_proven() {
    known_optima(|_| true);
}
