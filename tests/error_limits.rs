//! Limits on the errors of a class: every engine trains the best network within them, says that there is none, or refuses; proofs and
//! the checker mean the same limits.

use checker::proof::{Folder, linear};
use heaviside::{
    Allowed, ClassWeights, Dataset, EngineName, Error, ErrorLimit, Method, Problem, SplitOptions, Status, Trained,
    Trainer,
};
use heaviside_acceptance::oracle::losses_within_limits;
use heaviside_acceptance::random::{Source, trainer};
use std::fs::{self, File};
use std::path::Path;

/// Rows on a small grid, many of them equal with different labels, each class with rows; perhaps with weights.
fn rows(source: &mut Source, most: usize, weighted: bool) -> Dataset {
    loop {
        let (count, features) = (source.whole(3, most), source.whole(1, 2));
        let row = |source: &mut Source| (0..features).map(|_| source.whole(0, 3) as f64).collect::<Vec<f64>>();
        let rows: Vec<Vec<f64>> = (0..count).map(|_| row(source)).collect();
        let labels: Vec<usize> = (0..count).map(|_| source.whole(0, 1)).collect();
        if labels.contains(&0) && labels.contains(&1) {
            let data = Dataset::from_rows(&rows, &labels).expect("rows");
            let weights = (0..count).map(|_| source.whole(1, 3) as f64 / 2.0).collect();
            return if weighted { data.with_weights(weights).expect("weights") } else { data };
        }
    }
}

/// One limit or two: none, few or half of the errors, or so many that they do not bind.
fn limited(source: &mut Source, trainer: Trainer) -> Trainer {
    let allowed = |source: &mut Source| match source.whole(0, 5) {
        0 => Allowed::Share(0.5),
        1 => Allowed::Rows(9),
        few => Allowed::Rows(few as u64 / 4),
    };
    let which = [1, 2, 3, 3][source.whole(0, 3)];
    let trainer = if which & 1 > 0 { trainer.max_false_positives(allowed(source)) } else { trainer };
    if which & 2 > 0 { trainer.max_false_negatives(allowed(source)) } else { trainer }
}

fn told(trained: &Trained) -> (Status, Option<u64>, f64) {
    (trained.status(), trained.loss(), trained.bound())
}

#[test]
fn exact_engines_agree_with_enumeration() {
    let mut source = Source::new(51);
    let (mut infeasible, mut bound) = (0, 0);
    for case in 0..160 {
        let weighted = source.one_in(3);
        let data = rows(&mut source, 7, weighted);
        let free = trainer(&mut source, case);
        let trainer = limited(&mut source, free.clone());
        let method = [Method::Auto, Method::Omt, Method::Milp][case % 3].clone();
        let trainer = trainer.method(method);
        let task = trainer.prepare(&data).unwrap();
        let losses = losses_within_limits(task.problem());
        let trained = trainer.fit(&data).unwrap_or_else(|error| panic!("case {case}: {error}"));
        match losses.first() {
            None => {
                infeasible += 1;
                assert_eq!((trained.status(), trained.loss()), (Status::Infeasible, None), "case {case}");
            }
            Some(&least) => {
                assert_eq!(told(&trained), (Status::Optimal, Some(least), least as f64), "case {case}");
                let network = trained.network().expect("a network");
                assert_eq!(bdnn::exact::check(task.problem(), network), Ok(least), "case {case}");
                bound += usize::from(
                    losses_within_limits(&Problem { error_limits: vec![], ..task.problem().clone() })[0] < least,
                );
            }
        }
        if case % 4 == 0 {
            assert_eq!(told(&trainer.threads(2).fit(&data).unwrap()), told(&trained), "case {case}");
        }
    }
    assert!(infeasible >= 10 && bound >= 8, "{infeasible} {bound}");
}

/// What local search returns is within the limits, and it does not say that nothing is.
#[test]
fn local_search_keeps_the_limits() {
    let mut source = Source::new(52);
    let (mut best, mut all) = (0, 0);
    for case in 0..60 {
        let data = rows(&mut source, 9, case % 2 == 0);
        let free = trainer(&mut source, case);
        let trainer = limited(&mut source, free).method(Method::LocalSearch).node_limit(10);
        let task = trainer.prepare(&data).unwrap();
        let losses = losses_within_limits(task.problem());
        let trained = trainer.fit(&data).unwrap();
        assert_ne!(trained.status(), Status::Infeasible);
        match trained.network() {
            Some(network) => {
                let loss = bdnn::exact::check(task.problem(), network).unwrap_or_else(|e| panic!("case {case}: {e}"));
                assert_eq!(Some(loss), trained.loss());
                assert!(trained.bound() <= losses[0] as f64 && losses.contains(&loss), "case {case}");
                (best, all) = (best + usize::from(loss == losses[0]), all + 1);
            }
            None => all += usize::from(!losses.is_empty()),
        }
        assert_eq!(told(&trainer.threads(2).fit(&data).unwrap()), told(&trained), "case {case}");
    }
    assert!(10 * best >= 9 * all, "{best} of {all}");
}

/// Limits bound rows, not what a class weighs; a row of weight k is k rows.
#[test]
fn weights_of_rows_count_and_prices_of_classes_do_not() {
    let data = Dataset::from_rows(&[[0.0], [1.0], [1.0], [2.0]], &["a", "a", "b", "b"]).unwrap();
    let limits = |trainer: Trainer, data: &Dataset| trainer.prepare(data).unwrap().problem().error_limits.clone();
    let most = |class, most| vec![ErrorLimit { class, most }];
    let one = Trainer::new().max_false_negatives(Allowed::Rows(1));
    assert_eq!(limits(one.clone(), &data), most(1, 1));
    let halves = data.clone().with_weights(vec![0.5, 1.0, 2.5, 1.0]).unwrap();
    assert_eq!(limits(one.clone(), &halves), most(1, 2));
    let share = Trainer::new().max_false_positives(Allowed::Share(0.7));
    // 0.7 of three halves are 2.1 halves.
    assert_eq!(limits(share, &halves), most(0, 2));
    let priced = one.clone().class_weights(ClassWeights::Given(vec![1.0, 3.0]));
    assert_eq!(limits(priced, &data), most(1, 3));
    let free = one.clone().class_weights(ClassWeights::Given(vec![1.0, 0.0]));
    assert!(free.prepare(&data).unwrap_err().to_string().contains("count nothing"));
    let wrong = Trainer::new().max_false_negatives(Allowed::Share(1.5));
    assert!(wrong.prepare(&data).unwrap_err().to_string().contains("from 0 to 1"));
    let three = Dataset::from_rows(&[[0.0], [1.0], [2.0]], &["a", "b", "c"]).unwrap();
    assert!(one.prepare(&three).unwrap_err().to_string().contains("two classes"));
    let split = one.method(Method::Split(SplitOptions::default())).prepare(&data);
    assert!(matches!(split, Err(Error::Heuristics(_))) && split.unwrap_err().to_string().contains("splitting"));
}

#[test]
fn copies_are_weights() {
    let mut source = Source::new(53);
    for case in 0..20 {
        let data = rows(&mut source, 6, false);
        let weights: Vec<usize> = (0..data.len()).map(|i| if i == 0 { 1 } else { source.whole(1, 3) }).collect();
        let copies: Vec<usize> = (0..data.len()).flat_map(|i| std::iter::repeat_n(i, weights[i])).collect();
        let copied: Vec<&[f64]> = copies.iter().map(|&i| data.row(i)).collect();
        let labels: Vec<usize> = copies.iter().map(|&i| data.labels[i]).collect();
        let copied = Dataset::from_rows(&copied, &labels).unwrap();
        let weighted = data.with_weights(weights.iter().map(|&weight| weight as f64).collect()).unwrap();
        let free = trainer(&mut source, case);
        let trainer = limited(&mut source, free);
        assert_eq!(told(&trainer.fit(&weighted).unwrap()), told(&trainer.fit(&copied).unwrap()), "case {case}");
    }
}

/// The best labellings within the limits, and that there are no others.
#[test]
fn solutions_are_within_the_limits() {
    let mut source = Source::new(54);
    for case in 0..40 {
        let data = rows(&mut source, 5, false);
        let trainer = Trainer::new().threads(1).hidden([&[][..], &[2]][case % 2]).method(Method::Omt);
        let trainer = limited(&mut source, trainer).solutions(4);
        let losses = losses_within_limits(trainer.prepare(&data).unwrap().problem());
        let trained = trainer.fit(&data).unwrap();
        let solutions = trained.solutions().expect("asked for");
        let found: Vec<u64> = solutions.list.iter().map(|solution| solution.loss).collect();
        assert_eq!(found, losses[..losses.len().min(4)], "case {case}");
        assert!(solutions.complete(), "case {case}");
        match losses.get(4) {
            Some(&next) => assert!(solutions.others.is_some_and(|others| others <= next), "case {case}"),
            None => assert!(losses.len() == 4 || solutions.others.is_none(), "case {case}"),
        }
    }
}

fn file(folder: &Path, name: &str) -> checker::Source<'static> {
    checker::Source::new(name, std::io::BufReader::new(File::open(folder.join(name)).expect("the file was written")))
}

/// Checks a folder; the bound it proves, `None` for infeasibility.
fn checked(folder: &Path, engine: EngineName) -> Result<(Option<u64>, Option<u64>), checker::Error> {
    let network = folder.join("network.json").exists().then(|| file(folder, "network.json"));
    let (problem, data) = (file(folder, "problem.json"), None);
    if engine == EngineName::Milp {
        let (model, certificate) = (file(folder, "model.mps"), file(folder, "certificate.vipr"));
        let report = linear::check(linear::Folder { problem, model, certificate, network, data })?;
        let bound = report.bound.map(|bound| u64::try_from(bound).expect("a whole loss"));
        return Ok((bound, report.loss));
    }
    let [lemmas, formula, proof] = ["lemmas.jsonl", "formula.opb", "proof.pbp"].map(|name| file(folder, name));
    let report = checker::proof::check(Folder { problem, lemmas, formula, proof, network, data })?;
    Ok((report.bound, report.loss))
}

/// Proofs of optima and of infeasibility are accepted, and not for tighter limits than the search had.
#[test]
fn proofs_claim_the_limits() {
    let dir = tempfile::tempdir().unwrap();
    let mut source = Source::new(55);
    let (mut infeasible, mut refused) = (0, 0);
    for case in 0..60 {
        let data = rows(&mut source, 7, case % 5 == 0);
        let method = if case % 3 == 0 { Method::Milp } else { Method::Omt };
        let folder = dir.path().join(case.to_string());
        let trainer = Trainer::new().threads(1).hidden([&[][..], &[2]][case % 2]).method(method).prove(&folder, false);
        let trainer = limited(&mut source, trainer);
        let limits = trainer.prepare(&data).unwrap().problem().error_limits.clone();
        let trained = trainer.fit(&data).unwrap();
        let engine = trained.choice().engine;
        let shown = checked(&folder, engine).unwrap_or_else(|error| panic!("case {case}: {error}"));
        assert_eq!(shown, (trained.loss(), trained.loss()), "case {case}");
        infeasible += usize::from(trained.status() == Status::Infeasible);
        // Another limit is another claim: the network may exceed it, and the formula does not hold it.
        for name in ["problem.json", "network.json"] {
            let path = folder.join(name);
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
            let most = &mut json["training"]["error_limits"][0]["most"];
            *most = serde_json::json!(most.as_u64().expect("a limit") + 1);
            fs::write(&path, json.to_string()).unwrap();
        }
        let other = checked(&folder, engine);
        let rows_of_class = |class: usize| data.labels.iter().filter(|&&label| label == class).count() as u64;
        if data.weights.is_none() && limits[0].most < rows_of_class(limits[0].class) {
            refused += 1;
            assert!(other.is_err(), "case {case}");
        }
    }
    assert!(infeasible >= 5 && refused >= 20, "{infeasible} {refused}");
}

/// A model file that claims less than its network does wrong.
#[test]
fn networks_beyond_their_limits_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let data = Dataset::from_rows(&[[0.0], [1.0], [1.0], [2.0]], &["0", "0", "1", "1"]).unwrap();
    let trained = Trainer::new().max_false_positives(Allowed::Rows(1)).max_false_negatives(Allowed::Rows(0));
    let trained = trained.fit(&data).unwrap();
    assert_eq!(told(&trained), (Status::Optimal, Some(1), 1.0));
    let path = dir.path().join("model.json");
    trained.model().unwrap().write(&path).unwrap();
    let csv = "x1,label\n0,0\n1,0\n1,1\n2,1\n";
    let check = || {
        let data = checker::Source::new("data.csv", std::io::Cursor::new(csv));
        checker::network::check(file(dir.path(), "model.json"), data, &checker::network::Options::default()).unwrap()
    };
    let report = check();
    assert!(report.false_claims.is_empty(), "{:?}", report.false_claims);
    let found: Vec<_> = report.error_limits.iter().map(|limit| (limit.class, limit.most, limit.errors)).collect();
    assert_eq!(found, [(0, 1, 1), (1, 0, 0)]);
    let text = fs::read_to_string(&path).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json["training"]["error_limits"][0]["most"] = 0.into();
    fs::write(&path, json.to_string()).unwrap();
    let claims = check().false_claims;
    assert!(claims.len() == 1 && claims[0].to_string().contains("at most 0 errors of the class `0`"), "{claims:?}");
    json["training"]["error_limits"][0]["class"] = 1.into();
    assert!(heaviside::Model::parse(json.to_string().as_bytes()).unwrap_err().contains("error_limits"));
}
