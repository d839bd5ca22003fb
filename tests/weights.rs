//! A row of weight k is k rows, everywhere: in every engine, the proofs, and the checker.

use checker::proof::{Folder, linear};
use heaviside::{ClassWeights, Dataset, EngineName, Method, Status, Trained, Trainer};
use heaviside_acceptance::oracle::optimum;
use heaviside_acceptance::random::{Source, trainer};
use std::fs::File;
use std::path::Path;

/// Random rows with whole weights from 0 to 3, and the same rows as often.
struct Pair {
    weighted: Dataset,
    copies: Dataset,
}

/// `unit`: what a weight of 1 is written as.
fn pair(source: &mut Source, classes: usize, unit: f64) -> Pair {
    loop {
        let (rows, features) = (source.whole(classes, 7), source.whole(1, 2));
        let row = |source: &mut Source| (0..features).map(|_| source.whole(0, 4) as f64).collect::<Vec<f64>>();
        let rows: Vec<Vec<f64>> = (0..rows).map(|_| row(source)).collect();
        let labels: Vec<usize> = rows.iter().map(|_| source.whole(0, classes - 1)).collect();
        let weights: Vec<usize> = rows.iter().map(|_| source.whole(0, 3)).collect();
        let (mut copied, mut of_copy) = (vec![], vec![]);
        for ((row, &label), &weight) in rows.iter().zip(&labels).zip(&weights) {
            copied.extend(std::iter::repeat_n(row.clone(), weight));
            of_copy.extend(std::iter::repeat_n(label, weight));
        }
        let all = |labels: &[usize]| (0..classes).all(|class| labels.contains(&class));
        // A common divisor would be a unit of its own.
        if all(&of_copy) && weights.contains(&1) {
            let weighted = Dataset::from_rows(&rows, &labels).expect("rows");
            let weights = weights.iter().map(|&weight| weight as f64 * unit).collect();
            let copies = Dataset::from_rows(&copied, &of_copy).expect("rows");
            return Pair { weighted: weighted.with_weights(weights).expect("weights"), copies };
        }
    }
}

fn told(trained: &Trained) -> (Status, Option<u64>, f64) {
    (trained.status(), trained.loss(), trained.bound())
}

#[test]
fn exact_engines_agree_with_copies_and_enumeration() {
    let mut source = Source::new(31);
    for case in 0..80 {
        let classes = if source.one_in(4) { 3 } else { 2 };
        let pair = pair(&mut source, classes, if case % 2 == 0 { 1.0 } else { 0.25 });
        let trainer = trainer(&mut source, case);
        let method = if case % 3 == 0 { Method::Milp } else { Method::Auto };
        let trainer = trainer.method(method);
        let (weighted, copies) = (trainer.fit(&pair.weighted).unwrap(), trainer.fit(&pair.copies).unwrap());
        assert_eq!(told(&weighted), told(&copies), "case {case}");
        let task = trainer.prepare(&pair.weighted).unwrap();
        assert_eq!(weighted.status(), Status::Optimal, "case {case}");
        assert_eq!(weighted.bound(), optimum(task.problem()), "case {case}");
        let unit = &task.units().expect("there are weights").unit;
        assert_eq!(unit.to_string(), if case % 2 == 0 { "1" } else { "1/4" });
    }
}

#[test]
fn heuristics_count_units() {
    let mut source = Source::new(32);
    for case in 0..20 {
        let pair = pair(&mut source, 2, 1.0);
        let split = Method::Split(heaviside::SplitOptions::default());
        let method = if case % 2 == 0 { Method::LocalSearch } else { split };
        let trainer = Trainer::new().threads(1).hidden(&[2]).method(method).node_limit(5);
        let trained = trainer.fit(&pair.weighted).unwrap();
        let task = trainer.prepare(&pair.copies).unwrap();
        let loss = bdnn::exact::check(task.problem(), trained.network().expect("some network"));
        assert_eq!(loss.ok(), trained.loss(), "case {case}: weights are the same rows again");
    }
}

/// A share of a great loss may be many units: an optimum is proven to the last of them.
#[test]
fn losses_of_many_units_are_proven_to_the_last() {
    let mut source = Source::new(36);
    for case in 0..6 {
        let rows: Vec<[f64; 2]> = (0..14).map(|_| [source.whole(0, 5) as f64, source.whole(0, 5) as f64]).collect();
        let labels: Vec<usize> = (0..14).map(|i| if i < 2 { i } else { source.whole(0, 1) }).collect();
        let weights = (0..14).map(|_| source.whole(1_000_000, 6_000_000) as f64).collect();
        let data = Dataset::from_rows(&rows, &labels).unwrap().with_weights(weights).unwrap();
        let trainer = Trainer::new().threads(1);
        let [milp, omt] = [Method::Milp, Method::Omt].map(|method| trainer.clone().method(method).fit(&data).unwrap());
        assert_eq!(told(&milp), told(&omt), "case {case}");
        assert_eq!((milp.status(), milp.loss().map(|loss| loss as f64)), (Status::Optimal, Some(milp.bound())));
    }
}

/// The same search, not only the same optimum: points and their counts are equal.
#[test]
fn searches_are_the_same() {
    let mut source = Source::new(33);
    for case in 0..20 {
        let pair = pair(&mut source, 2, 1.0);
        let trainer = Trainer::new().threads(1).hidden(&[2]).scaling(heaviside::Scaling::MinMax);
        let trainer = trainer.method(if case % 2 == 0 { Method::Omt } else { Method::Milp });
        let (one, other) = (trainer.fit(&pair.weighted).unwrap(), trainer.fit(&pair.copies).unwrap());
        assert_eq!(one.network(), other.network(), "case {case}");
        assert_eq!(one.statistics().conflicts, other.statistics().conflicts, "case {case}");
        assert_eq!(one.statistics().nodes, other.statistics().nodes, "case {case}");
    }
}

#[test]
fn class_weights_are_weights_of_rows() {
    let mut source = Source::new(34);
    for case in 0..20 {
        let pair = pair(&mut source, 2, 1.0);
        let by_class: Vec<f64> = (0..2).map(|_| source.whole(1, 4) as f64).collect();
        let trainer = Trainer::new().threads(1).hidden([&[][..], &[2]][case % 2]);
        let by_row = pair.weighted.weights.clone().expect("weights");
        let by_row =
            by_row.iter().zip(&pair.weighted.labels).map(|(weight, &class)| weight * by_class[class]).collect();
        let rows = pair.weighted.clone().with_weights(by_row).unwrap();
        let classes = trainer.clone().class_weights(ClassWeights::Given(by_class));
        assert_eq!(told(&classes.fit(&pair.weighted).unwrap()), told(&trainer.fit(&rows).unwrap()), "case {case}");
    }
}

fn file(folder: &Path, name: &str) -> checker::Source<'static> {
    checker::Source::new(name, std::io::BufReader::new(File::open(folder.join(name)).expect("the file was written")))
}

fn bytes(text: &str) -> checker::Source<'static> {
    checker::Source::new("data.csv", std::io::Cursor::new(text.to_owned()))
}

/// Model files and proof folders, by the checker's own readers.
#[test]
fn the_checker_counts_the_same_units() {
    let dir = tempfile::tempdir().unwrap();
    let mut source = Source::new(35);
    for case in 0..24 {
        let pair = pair(&mut source, 2, if case % 2 == 0 { 1.0 } else { 0.5 });
        let data = &pair.weighted;
        let method = if case % 3 == 0 { Method::Milp } else { Method::Omt };
        let folder = dir.path().join(case.to_string());
        let trainer = Trainer::new().threads(1).hidden([&[][..], &[2]][case % 2]).method(method).prove(&folder, false);
        let trainer = if case % 4 == 0 { trainer.class_weights(ClassWeights::Balanced) } else { trainer };
        let mut shown = data.clone();
        shown.schema.weight = Some(bdnn::data::WeightColumn { name: "w".to_owned(), column: 0 });
        shown.schema.label_column = data.num_features() + 1;
        let trained = trainer.fit(&shown).unwrap();
        assert_eq!(trained.status(), Status::Optimal, "case {case}");
        let weights = shown.weights.as_ref().expect("weights");
        let cells = |i: usize| data.row(i).iter().map(|x| format!("{x},")).collect::<String>();
        let csv = |weight: &dyn Fn(usize) -> f64| -> String {
            let row = |i: usize| format!("{},{}{}\n", weight(i), cells(i), data.schema.classes[data.labels[i]]);
            (0..data.len()).map(row).collect()
        };
        let model = || file(&folder, "network.json");
        let options = checker::network::Options { header: Some(false), ..Default::default() };
        let recount = |data: &str| checker::network::check(model(), bytes(data), &options);
        let right = csv(&|i| weights[i]);
        let report = recount(&right).unwrap();
        assert!(report.false_claims.is_empty(), "case {case}: {:?}", report.false_claims);
        assert_eq!(Some(report.loss), trained.loss());
        let linear = trained.choice().engine == EngineName::Milp;
        let checked = |data: &str| -> Result<(Option<u64>, String), checker::Error> {
            let data = Some((bytes(data), options.clone()));
            let problem = file(&folder, "problem.json");
            if linear {
                let (program, certificate) = (file(&folder, "model.mps"), file(&folder, "certificate.vipr"));
                let folder = linear::Folder { problem, model: program, certificate, network: Some(model()), data };
                return linear::check(folder).map(|report| (report.loss, format!("{:?}", report.bound)));
            }
            let [lemmas, formula, proof] = ["lemmas.jsonl", "formula.opb", "proof.pbp"].map(|name| file(&folder, name));
            let folder = Folder { problem, lemmas, formula, proof, network: Some(model()), data };
            let report = checker::proof::check(folder)?;
            assert_eq!(report.bound, trained.loss());
            Ok((report.loss, String::new()))
        };
        let (loss, _) = checked(&right).unwrap_or_else(|error| panic!("case {case}: {error}"));
        assert_eq!(loss, trained.loss());
        // Other weights are other data.
        let at = weights.iter().position(|&weight| weight > 0.0).expect("some weight");
        let other = csv(&|i| weights[i] + if i == at { 1.0 } else { 0.0 });
        assert!(recount(&other).map_or(true, |report| !report.false_claims.is_empty()), "case {case}");
        assert!(checked(&other).is_err(), "case {case}");
        assert_eq!(linear, case % 3 == 0);
    }
}
