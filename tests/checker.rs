//! The checker against the crates it shares no code with: where both read the same file, they must see the same.

use bdnn::model::{Claim, Provenance};
use bdnn::{
    Architecture, Confusion, Dataset, Layer, Loss, Model, Network, Problem, ReadOptions, Scaler, Scaling, Status,
    WeightDomain, exact,
};
use checker::network::{Options, Report, check};
use checker::{Format, Rational, Source};
use heaviside_acceptance::random::Source as Random;
use heaviside_acceptance::shared;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A random data file: delimiter, header, quotes, line ends, label column and number style by chance. Whole numbers and
/// quarters, so that points on hyperplanes and duplicates are common.
fn data_file(random: &mut Random, features: usize, classes: usize) -> (String, usize) {
    let delimiter = [",", ";", "\t"][random.whole(0, 2)];
    let end = ["\n", "\r\n", "\r", "\n\n"][random.whole(0, 3)];
    let label = random.whole(0, features);
    let mut text = String::new();
    let mut line = |cells: Vec<String>| text.push_str(&(cells.join(delimiter) + end));
    if random.one_in(2) {
        line((0..=features).map(|j| if j == label { "label".to_owned() } else { format!("f {j}") }).collect());
    }
    for i in 0..random.whole(classes, 40) {
        let class = if i < classes { i } else { random.whole(0, classes - 1) };
        let cell = |j| {
            let value = random.whole(0, 12) as f64 / 4.0 - 1.0;
            match random.whole(0, 4) {
                _ if j == label => ["red", "\"blue\"", " green "][class].to_owned(),
                0 => format!("{value:e}"),
                1 => format!(" {value} "),
                2 => format!("\"{value:.3}\""),
                // No short decimal.
                3 if random.one_in(4) => (value / 3.0).to_string(),
                _ => value.to_string(),
            }
        };
        line((0..=features).map(cell).collect());
    }
    (text, label)
}

fn network(random: &mut Random, architecture: &Architecture) -> Network {
    let widths = architecture.widths();
    let mut value = |whole: bool| {
        let size = if whole { random.whole(0, 4) as f64 - 2.0 } else { random.whole(0, 16) as f64 / 8.0 - 1.0 };
        // Sums of thirds and tenths meet 0 only if they are exact.
        if whole || random.one_in(3) { size } else { size / [1.0, 3.0, 10.0][random.whole(0, 2)] }
    };
    let whole = architecture.weights != WeightDomain::Continuous;
    let layers = widths.windows(2).map(|pair| Layer {
        inputs: pair[0],
        outputs: pair[1],
        weights: (0..pair[0] * pair[1]).map(|_| value(whole)).collect(),
        biases: (0..pair[1]).map(|_| if architecture.bias { value(false) } else { 0.0 }).collect(),
    });
    Network { layers: layers.collect() }
}

/// A model on a data file, its claims as bdnn recounts them.
struct Case {
    model: Model,
    data: Dataset,
    text: String,
    problem: Problem,
}

fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let (features, classes) = (random.whole(1, 3), random.whole(2, 3));
    let (text, label) = data_file(&mut random, features, classes);
    let options = ReadOptions { label: Some(label.to_string()), ..ReadOptions::default() };
    let data = Dataset::parse(text.as_bytes(), "data.csv", &options).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let scaling = [Scaling::MinMax, Scaling::Standard, Scaling::None][random.whole(0, 2)];
    let scaler: Scaler = scaling.fit(&data, &data.all());
    let weights = [WeightDomain::Continuous, WeightDomain::Integer(2)][random.whole(0, 1)];
    let hidden = (0..random.whole(0, 2)).map(|_| random.whole(1, 3)).collect();
    let architecture = Architecture { inputs: features, hidden, classes, bias: !random.one_in(4), weights };
    let points = data.points(&data.all(), &scaler);
    let loss = if random.one_in(2) { Loss::Hamming } else { Loss::ZeroOne };
    let problem = Problem {
        epsilon: random.one_in(2).then(|| [1e-4, 0.1, 0.25][random.whole(0, 2)]),
        robust: random.one_in(3).then(|| random.robust()),
        l0: if random.one_in(3) { 0.125 } else { 0.0 },
        l1: if random.one_in(3) { 0.1 } else { 0.0 },
        ..Problem::new(points, architecture.clone(), loss)
    };
    let network = network(&mut random, &architecture);
    let loss = exact::loss(&problem, &network);
    let sizes = || network.layers.iter().flat_map(|layer| &layer.weights).map(|w| w.abs());
    let objective =
        loss as f64 + problem.l0 * sizes().filter(|w| *w > 0.0).count() as f64 + problem.l1 * sizes().sum::<f64>();
    let model = Model {
        program: "a test".to_owned(),
        architecture,
        network,
        scaling,
        scaler,
        schema: data.schema.clone(),
        training: Provenance { seed, ..Provenance::of("none", &problem, data.sha256(&data.all())) },
        claim: Claim { status: Status::Heuristic, loss, objective, bound: 0.0 },
    };
    Case { model, data, text, problem }
}

fn recount(model: &str, data: &str, options: &Options) -> Report {
    check(Source::new("model.json", model.as_bytes()), Source::new("data.csv", data.as_bytes()), options)
        .unwrap_or_else(|error| panic!("{error}\n{model}\n{data}"))
}

/// Every figure agrees, and the checker finds a broken promise where bdnn finds a violation, on a thousand networks.
#[test]
fn recounts_agree_with_the_exact_forward_pass() {
    let (mut kept, mut broken) = (0, 0);
    for seed in 0..1000 {
        let Case { model, data, text, problem } = case(seed);
        let report = recount(&model.to_json().unwrap(), &text, &Options::default());
        let classes = data.num_classes();
        let rows = (0..data.len()).map(|i| data.row(i));
        let confusion = Confusion::of(&model.exact(), classes, rows, &data.labels);
        for truth in 0..classes {
            for predicted in 0..classes {
                let found = report.confusion.get(&(truth, predicted)).copied().unwrap_or(0);
                assert_eq!(found, confusion.at(truth, predicted), "seed {seed}");
            }
        }
        assert_eq!((report.loss, report.errors), (model.claim.loss, confusion.errors()), "seed {seed}");
        assert_eq!(report.data_sha256, model.training.data_sha256, "seed {seed}\n{text}");
        let network = model.exact();
        let at = |i: usize| network.pre_activations(problem.points.raw(i)).into_iter().flatten();
        let (fire, rest): (Vec<Rational>, Vec<Rational>) =
            (0..problem.points.len()).flat_map(at).partition(|value| *value >= Rational::ZERO);
        assert_eq!(report.least_firing.as_ref(), fire.iter().min(), "seed {seed}");
        assert_eq!(report.largest_resting.as_ref(), rest.iter().max(), "seed {seed}");
        let violation = exact::check(&problem, &model.network).err();
        let claims: Vec<String> = report.false_claims.iter().map(ToString::to_string).collect();
        assert_eq!(violation.is_some(), !claims.is_empty(), "seed {seed}: {violation:?} {claims:?}");
        *(if violation.is_some() { &mut broken } else { &mut kept }) += 1;
    }
    println!("{kept} models keep their promises, {broken} do not");
    assert!(kept > 200 && broken > 200);
}

/// The rows of a split are found by their lines, whatever the line ends.
#[test]
fn lines_agree() {
    for seed in 0..200 {
        let Case { model, data, text, .. } = case(seed);
        let members: Vec<usize> = data.all().into_iter().filter(|i| i % 3 != 1).collect();
        let lines = members.iter().map(|&i| data.lines[i]).collect();
        let report = recount(&model.to_json().unwrap(), &text, &Options { lines: Some(lines), ..Options::default() });
        assert_eq!(report.data_sha256, data.sha256(&members), "seed {seed}\n{text}");
    }
}

/// A checker model as text, every number rounded to binary64.
fn shown(model: &checker::Model) -> String {
    let float = |value: &Rational| value.to_f64().value();
    let side = |side: &Option<Rational>, open: f64| side.as_ref().map_or(open, float);
    let mut out = format!("{:?} {}\n", model.sense, float(&model.offset));
    for (j, column) in model.columns.iter().enumerate() {
        let cost = model.objective.iter().find(|(k, _)| *k == j).map_or(0.0, |(_, value)| float(value));
        let (lower, upper) = (side(&column.lower, f64::NEG_INFINITY), side(&column.upper, f64::INFINITY));
        writeln!(out, "{} {} {lower} {upper} {cost}", column.name, column.integer).unwrap();
    }
    for row in &model.rows {
        let (lower, upper) = (side(&row.lower, f64::NEG_INFINITY), side(&row.upper, f64::INFINITY));
        let terms: Vec<(usize, f64)> = row.terms.iter().map(|(j, value)| (*j, float(value))).collect();
        writeln!(out, "{} {lower} {upper} {terms:?}", row.name).unwrap();
    }
    out
}

/// The same for a model of the solver.
fn shown_by_solver(model: &milp::Model) -> String {
    let mut out = format!("{:?} {}\n", model.sense, model.offset + 0.0);
    for var in &model.variables {
        let integer = var.kind == milp::VarKind::Integer;
        writeln!(out, "{} {integer} {} {} {}", var.name, var.lower + 0.0, var.upper + 0.0, var.cost + 0.0).unwrap();
    }
    for row in &model.rows {
        let mut terms: Vec<(usize, f64)> = row.terms.iter().map(|&(var, value)| (var.index(), value)).collect();
        terms.retain(|(_, value)| *value != 0.0);
        terms.sort_by_key(|(j, _)| *j);
        writeln!(out, "{} {} {} {terms:?}", row.name, row.lower + 0.0, row.upper + 0.0).unwrap();
    }
    out
}

fn read_by_checker(path: &Path) -> Result<checker::Model, checker::Error> {
    checker::Model::read(Source::open(path).unwrap(), Format::of_name(&path.display().to_string()))
}

/// Both readers agree on every shared model, and on which files are none.
#[test]
#[ignore = "needs ../shared"]
fn model_readers_agree() {
    assert!(readers_agree(&shared("data/mps")) > 50);
}

/// Both readers agree on every small model.
#[test]
fn model_readers_agree_on_small_models() {
    assert_eq!(readers_agree(&models()), 24);
}

fn models() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("crates/milp/tests/models")
}

fn readers_agree(folder: &Path) -> usize {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "mps" || extension == "lp"));
    paths.sort();
    for path in &paths {
        match (read_by_checker(path), milp::io::read_model(path)) {
            (Ok(ours), Ok(theirs)) => {
                let (ours, theirs) = (shown(&ours), shown_by_solver(&theirs));
                let difference = ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs);
                assert_eq!(difference, None, "{}", path.display());
                assert_eq!(ours.lines().count(), theirs.lines().count(), "{}", path.display());
            }
            (Err(ours), Err(theirs)) => println!("{ours}\n{theirs}"),
            (ours, theirs) => panic!("{}: {:?} {:?}", path.display(), ours.err(), theirs.err()),
        }
    }
    paths.len()
}

/// What the solver writes, as MPS and as LP, the checker reads as the same model.
#[test]
#[ignore = "needs ../shared"]
fn written_models_are_read_alike() {
    let files = ["small_mip.mps", "bell5.mps", "egout.mps", "flugpl.mps", "2122.lp", "issue-2446.mps", "etamacro.mps"];
    written_are_read_alike(&shared("data/mps"), &files);
}

#[test]
fn written_small_models_are_read_alike() {
    let files =
        ["klee_minty.lp", "beale.mps", "morra.mps", "median.lp", "petersen_colours.lp", "queens.mps", "golomb.lp"];
    written_are_read_alike(&models(), &files);
}

fn written_are_read_alike(folder: &Path, files: &[&str]) {
    for &name in files {
        let model = milp::io::read_model(&folder.join(name)).unwrap();
        // Some names cannot stand in an LP file.
        let texts =
            [milp::io::to_mps(&model).ok().zip(Some(Format::Mps)), milp::io::to_lp(&model).ok().zip(Some(Format::Lp))];
        assert!(texts[0].is_some());
        for (text, format) in texts.into_iter().flatten() {
            let read = checker::Model::read(Source::new(name, text.as_bytes()), format);
            let read = read.unwrap_or_else(|error| panic!("{format:?}: {error}"));
            // LP files list columns in the order of their first use.
            let sorted = |text: String| {
                let mut lines: Vec<String> = text.lines().map(|l| l.split(" [").next().unwrap_or("").into()).collect();
                lines.sort();
                lines
            };
            assert_eq!(sorted(shown(&read)), sorted(shown_by_solver(&model)), "{name} {format:?}");
        }
    }
}
