//! Directions of features and limits on their number: every engine against enumeration, and a proof of each kind.

use bdnn::restrictions::used_features;
use bdnn::separation::{Effort, Semantics, Sign, separate_signed};
use bdnn::{Rational, exact};
use checker::proof::linear;
use heaviside::{
    Dataset, Direction, EngineName, Loss, Method, Network, Problem, SplitOptions, Status, Trained, Trainer,
    WeightDomain,
};
use heaviside_acceptance::oracle;
use heaviside_acceptance::random::Source;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;

const NAMES: [&str; 3] = ["x1", "x2", "x3"];

/// Rows on a small grid, both classes with rows.
fn rows(source: &mut Source, features: usize, most: usize) -> Dataset {
    loop {
        let count = source.whole(3, most);
        let row = |source: &mut Source| (0..features).map(|_| source.whole(0, 3) as f64).collect::<Vec<f64>>();
        let rows: Vec<Vec<f64>> = (0..count).map(|_| row(source)).collect();
        let labels: Vec<usize> = (0..count).map(|_| source.whole(0, 1)).collect();
        if labels.contains(&0) && labels.contains(&1) {
            return Dataset::from_rows(&rows, &labels).expect("rows");
        }
    }
}

/// Directions for some features, a limit on their number, or both.
fn restricted(source: &mut Source, features: usize, mut trainer: Trainer) -> Trainer {
    let which = source.whole(1, 3);
    if which & 1 > 0 {
        let first = source.whole(0, features - 1);
        for (feature, name) in NAMES.iter().enumerate().take(features) {
            if feature == first || source.one_in(2) {
                let direction = [Direction::Nondecreasing, Direction::Nonincreasing][source.whole(0, 1)];
                trainer = trainer.monotone(*name, direction);
            }
        }
    }
    if which & 2 > 0 { trainer.max_features(source.whole(1, features)) } else { trainer }
}

/// All vectors of `length` whole numbers from -`bound` to `bound`.
fn vectors(bound: i64, length: usize) -> Vec<Vec<i64>> {
    let mut all = vec![vec![]];
    for _ in 0..length {
        all = all.iter().flat_map(|v: &Vec<i64>| (-bound..=bound).map(|w| [&v[..], &[w]].concat())).collect();
    }
    all
}

/// Whether the weights of all layers (by neuron) keep to what the problem asks: every path is walked by itself.
fn keeps(problem: &Problem, layers: &[Vec<Vec<i64>>]) -> bool {
    fn walk(layers: &[Vec<Vec<i64>>], input: usize, product: i64, sign: i64) -> bool {
        let Some((layer, rest)) = layers.split_first() else { return product * sign >= 0 };
        layer.iter().enumerate().all(|(j, neuron)| walk(rest, j, product * neuron[input], sign))
    }
    let used = (0..problem.architecture.inputs).filter(|&l| layers[0].iter().any(|neuron| neuron[l] != 0)).count();
    let directions = &problem.restrictions.monotone;
    problem.restrictions.max_features.is_none_or(|most| used <= most)
        && directions.iter().all(|one| walk(layers, one.feature, 1, one.direction.sign() as i64))
}

/// The outputs at all points that networks of whole weights have, which keep the restrictions: all weights of all layers, all thresholds.
fn whole_labellings(problem: &Problem, bound: i64) -> BTreeSet<Vec<bool>> {
    /// Neurons of all layers from `k` on, on the `inputs` that the points give them.
    fn outputs(layers: &[Vec<Vec<i64>>], bias: bool, inputs: &[Vec<Rational>], found: &mut BTreeSet<Vec<bool>>) {
        let Some((layer, rest)) = layers.split_first() else {
            found.insert(inputs.iter().map(|x| !x[0].is_zero()).collect());
            return;
        };
        let mut columns: Vec<Vec<Vec<bool>>> = vec![];
        for neuron in layer {
            let value = |x: &Vec<Rational>| {
                x.iter().zip(neuron).fold(Rational::ZERO, |sum, (x, &w)| sum + x * Rational::from(w))
            };
            let values: Vec<Rational> = inputs.iter().map(value).collect();
            let mut levels: Vec<Option<Rational>> =
                if bias { values.iter().cloned().map(Some).collect() } else { vec![Some(Rational::ZERO)] };
            if bias {
                levels.push(None);
            }
            let mut patterns: Vec<Vec<bool>> = levels
                .iter()
                .map(|level| values.iter().map(|v| level.as_ref().is_some_and(|level| v >= level)).collect())
                .collect();
            patterns.sort();
            patterns.dedup();
            columns.push(patterns);
        }
        let mut chosen: Vec<Vec<&Vec<bool>>> = vec![vec![]];
        for patterns in &columns {
            chosen = chosen.iter().flat_map(|set| patterns.iter().map(move |p| [&set[..], &[p]].concat())).collect();
        }
        for choice in chosen {
            let bit = |fires: bool| Rational::from(u8::from(fires));
            let next: Vec<Vec<Rational>> =
                (0..inputs.len()).map(|i| choice.iter().map(|column| bit(column[i])).collect()).collect();
            outputs(rest, bias, &next, found);
        }
    }
    let widths = problem.architecture.widths();
    let points: Vec<Vec<Rational>> = (0..problem.points.len()).map(|i| problem.points.scaled_exact(i)).collect();
    let mut networks: Vec<Vec<Vec<Vec<i64>>>> = vec![vec![]];
    for pair in widths.windows(2) {
        let layers: Vec<Vec<Vec<i64>>> = vectors(bound, pair[0] * pair[1])
            .into_iter()
            .map(|weights| weights.chunks(pair[0]).map(<[i64]>::to_vec).collect())
            .collect();
        networks = networks
            .iter()
            .flat_map(|before| layers.iter().map(move |layer| [&before[..], std::slice::from_ref(layer)].concat()))
            .collect();
    }
    let mut found = BTreeSet::new();
    for network in networks.iter().filter(|network| keeps(problem, network)) {
        outputs(network, problem.architecture.bias, &points, &mut found);
    }
    found
}

/// The dichotomies of `inputs` by neurons of real weights with these signs.
fn dichotomies(inputs: &[Vec<Rational>], signs: &[Sign], semantics: &Semantics) -> Vec<Vec<bool>> {
    let mut prefixes: Vec<Vec<bool>> = vec![vec![]];
    for k in 1..=inputs.len() {
        let possible = |fires: &Vec<bool>| {
            let verdict = separate_signed(&inputs[..k], fires, signs, semantics, &mut Effort::unlimited());
            verdict.expect("nothing says stop").is_separable()
        };
        let longer = prefixes.iter().flat_map(|prefix| [false, true].map(|last| [&prefix[..], &[last]].concat()));
        prefixes = longer.filter(possible).collect();
    }
    prefixes
}

/// The outputs at all points of networks with real weights and biases, none or two hidden neurons: for every choice of features and of the way in
/// which each hidden neuron follows those with a direction.
fn real_labellings(problem: &Problem) -> BTreeSet<Vec<bool>> {
    let features = problem.architecture.inputs;
    let points: Vec<Vec<Rational>> = (0..problem.points.len()).map(|i| problem.points.scaled_exact(i)).collect();
    let semantics = Semantics::of_layer(problem, 0);
    let directions = problem.restrictions.directions(features);
    let most = problem.restrictions.max_features.unwrap_or(features);
    let ways = [Sign { positive: true, negative: false }, Sign { positive: false, negative: true }];
    // A neuron that follows none of them may be weighed either way: it follows them both ways at once.
    let of_way = |way: Sign, chosen: &[bool]| -> Vec<Sign> {
        let sign = |l: usize| match directions[l] {
            _ if !chosen[l] => Sign::ZERO,
            None => Sign::FREE,
            Some(Direction::Nondecreasing) => way,
            Some(Direction::Nonincreasing) => Sign { positive: way.negative, negative: way.positive },
        };
        (0..features).map(sign).collect()
    };
    let mut found = BTreeSet::new();
    for code in 0..1_usize << features {
        let chosen: Vec<bool> = (0..features).map(|l| code >> l & 1 == 1).collect();
        if code.count_ones() as usize > most {
            continue;
        }
        let of_neuron: Vec<Vec<Vec<bool>>> = [ways[0], ways[1], Sign::ZERO]
            .iter()
            .map(|&way| dichotomies(&points, &of_way(way, &chosen), &semantics))
            .collect();
        if problem.architecture.hidden.is_empty() {
            found.extend(of_neuron[0].iter().cloned());
            continue;
        }
        let weights = [ways[0], ways[1], Sign::FREE];
        for (a, first) in of_neuron.iter().enumerate() {
            for (b, second) in of_neuron.iter().enumerate() {
                for (u, v) in first.iter().flat_map(|u| second.iter().map(move |v| (u, v))) {
                    let bit = |fires: bool| Rational::from(u8::from(fires));
                    let hidden: BTreeSet<(bool, bool)> = u.iter().copied().zip(v.iter().copied()).collect();
                    let inputs: Vec<Vec<Rational>> = hidden.iter().map(|&(p, q)| vec![bit(p), bit(q)]).collect();
                    let semantics = Semantics::of_layer(problem, 1);
                    for fires in dichotomies(&inputs, &[weights[a], weights[b]], &semantics) {
                        let at = |i: usize| hidden.iter().position(|&h| h == (u[i], v[i])).expect("one of them");
                        found.insert((0..u.len()).map(|i| fires[at(i)]).collect());
                    }
                }
            }
        }
    }
    found
}

fn least(problem: &Problem, labellings: &BTreeSet<Vec<bool>>) -> u64 {
    let loss = |labelling: &Vec<bool>| {
        labelling.iter().enumerate().map(|(i, &fires)| problem.point_loss(i, &[fires])).sum::<u64>()
    };
    labellings.iter().map(loss).min().expect("a constant")
}

fn told(trained: &Trained) -> (Status, Option<u64>, f64) {
    (trained.status(), trained.loss(), trained.bound())
}

/// What `exact::check` says, and that no network that was returned breaks what was asked: twice, in two ways.
fn confirm(problem: &Problem, network: &Network, loss: u64, case: usize) {
    assert_eq!(exact::check(problem, network), Ok(loss), "case {case}");
    let signs: Vec<Vec<Vec<i64>>> = network
        .layers
        .iter()
        .map(|layer| {
            (0..layer.outputs)
                .map(|j| layer.neuron(j).iter().map(|w| if *w == 0.0 { 0 } else { w.signum() as i64 }).collect())
                .collect()
        })
        .collect();
    assert!(keeps(problem, &signs), "case {case}: {network:?}");
}

#[test]
fn whole_weights_agree_with_enumeration() {
    let mut source = Source::new(71);
    let mut binding = 0;
    for case in 0..60 {
        let hidden = [&[][..], &[2], &[1, 1], &[]][case % 4];
        let features = if hidden.is_empty() { source.whole(2, 3) } else { 2 };
        let data = rows(&mut source, features, 6);
        let free = Trainer::new().threads(1).hidden(hidden).weights(WeightDomain::Integer(1));
        let free = if source.one_in(4) { free.bias(false) } else { free };
        let trainer = restricted(&mut source, features, free.clone());
        let trainer = if source.one_in(2) { trainer.loss(Loss::ZeroOne) } else { trainer };
        let trainer = trainer.method(if case % 3 == 0 { Method::Auto } else { Method::Milp });
        let task = trainer.prepare(&data).unwrap();
        let problem = task.problem();
        let best = least(problem, &whole_labellings(problem, 1));
        let trained = trainer.fit(&data).unwrap_or_else(|error| panic!("case {case}: {error}"));
        assert_eq!(told(&trained), (Status::Optimal, Some(best), best as f64), "case {case}: {problem:?}");
        confirm(problem, trained.network().expect("a network"), best, case);
        binding += usize::from(free.fit(&data).unwrap().loss().unwrap() < best);
        let walked = trainer.clone().method(Method::LocalSearch).node_limit(8).fit(&data).unwrap();
        confirm(problem, walked.network().expect("a constant at least"), walked.loss().unwrap(), case);
        assert!(walked.bound() <= best as f64 && walked.loss().unwrap() >= best);
    }
    assert!(binding >= 10, "{binding}");
}

#[test]
fn real_weights_agree_with_enumeration() {
    let mut source = Source::new(72);
    let (mut binding, mut walked_best, mut by_omt) = (0, 0, 0);
    for case in 0..60 {
        let hidden = [&[][..], &[2], &[]][case % 3];
        let features = if hidden.is_empty() { source.whole(2, 3) } else { 2 };
        let data = rows(&mut source, features, if hidden.is_empty() { 9 } else { 6 });
        let free = Trainer::new().threads(1).hidden(hidden);
        let trainer = restricted(&mut source, features, free.clone());
        let trainer = trainer.method(if case % 2 == 0 { Method::Auto } else { Method::Milp });
        let task = trainer.prepare(&data).unwrap();
        let best = least(task.problem(), &real_labellings(task.problem()));
        let trained = trainer.fit(&data).unwrap_or_else(|error| panic!("case {case}: {error}"));
        assert_eq!(told(&trained), (Status::Optimal, Some(best), best as f64), "case {case}: {:?}", task.problem());
        confirm(task.problem(), trained.network().expect("a network"), best, case);
        by_omt += usize::from(task.choice().engine == EngineName::Omt);
        binding += usize::from(free.fit(&data).unwrap().loss().unwrap() < best);
        let walked = trainer.clone().method(Method::LocalSearch).node_limit(10).fit(&data).unwrap();
        confirm(task.problem(), walked.network().expect("a constant at least"), walked.loss().unwrap(), case);
        assert!(walked.bound() <= best as f64 && walked.loss().unwrap() >= best);
        walked_best += usize::from(walked.loss() == Some(best));
    }
    assert!(binding >= 10 && walked_best >= 55 && by_omt >= 10, "{binding} {walked_best} {by_omt}");
}

/// Without hidden layers a price on weights that are not 0 is one on features: the exact engine finds the best set of them.
#[test]
fn prices_of_features_agree_with_enumeration() {
    let mut source = Source::new(77);
    let mut between = 0;
    for case in 0..40 {
        let features = source.whole(1, 3);
        let data = rows(&mut source, features, 9);
        let price = [0.3, 0.75, 1.0, 2.5][case % 4];
        let trainer = Trainer::new().threads(1).l0(price);
        let trainer = if source.one_in(3) { trainer.weights(WeightDomain::Integer(2)) } else { trainer };
        let trainer = if source.one_in(4) { trainer.bias(false) } else { trainer };
        let task = trainer.prepare(&data).unwrap();
        assert_eq!(task.choice().engine, EngineName::Omt, "case {case}");
        let best = oracle::optimum(task.problem());
        for trainer in [trainer.clone(), trainer.method(Method::Omt)] {
            let trained = trainer.fit(&data).unwrap();
            assert_eq!(trained.status(), Status::Optimal, "case {case}");
            let objective = trained.training().objective;
            assert!(
                (objective - best).abs() < 1e-9 && (trained.bound() - best).abs() < 1e-9,
                "case {case}: {objective} {best}"
            );
            let network = trained.network().expect("a network");
            assert_eq!(exact::check(task.problem(), network), Ok(trained.loss().unwrap()), "case {case}");
            let used = used_features(&network.layers[0]).len();
            between += usize::from(used > 0 && used < features);
        }
    }
    assert!(between >= 10, "{between}");
}

/// A margin and balls keep what they are beside signs.
#[test]
fn margins_and_balls_go_with_signs() {
    let mut source = Source::new(73);
    for case in 0..40 {
        let features = source.whole(2, 3);
        let data = rows(&mut source, features, 8);
        let trainer = Trainer::new().threads(1).epsilon(0.05).monotone(NAMES[1], Direction::Nonincreasing);
        let trainer = match case % 3 {
            0 => trainer,
            1 => trainer.robust(0.06, heaviside::Norm::Linf),
            _ => trainer.robust(0.06, heaviside::Norm::L1),
        };
        let [omt, milp] = [Method::Omt, Method::Milp].map(|method| trainer.clone().method(method));
        let best =
            least(omt.prepare(&data).unwrap().problem(), &real_labellings(omt.prepare(&data).unwrap().problem()));
        for trainer in [omt, milp] {
            let trained = trainer.fit(&data).unwrap();
            assert_eq!(told(&trained), (Status::Optimal, Some(best), best as f64), "case {case}");
        }
    }
}

/// The first class is never predicted for more of what speaks for the second, anywhere.
#[test]
fn predictions_are_monotone_everywhere() {
    let mut source = Source::new(74);
    for _ in 0..6 {
        let data = rows(&mut source, 2, 12);
        let trainer = Trainer::new().threads(1).hidden(&[2]).node_limit(200);
        let trainer = trainer.monotone("x1", Direction::Nondecreasing).monotone("x2", Direction::Nonincreasing);
        let trained = trainer.fit(&data).unwrap();
        let classifier = trained.classifier().expect("a network");
        let at: Vec<[f64; 2]> =
            (-4..12).flat_map(|i| (-4..12).map(move |k| [f64::from(i) / 2.0, f64::from(k) / 2.0])).collect();
        let classes = classifier.predict(&at).unwrap();
        for (one, a) in at.iter().zip(&classes) {
            for (other, b) in at.iter().zip(&classes) {
                assert!(!(other[0] >= one[0] && other[1] <= one[1]) || b >= a, "{one:?} {other:?}");
            }
        }
    }
}

#[test]
fn what_cannot_be_kept_is_refused_by_name() {
    let data = Dataset::from_rows(&[[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]], &["a", "b", "b"]).unwrap();
    let says = |trainer: Trainer, data: &Dataset, words: &str| {
        let message = trainer.prepare(data).unwrap_err().to_string();
        assert!(message.contains(words), "{message}");
    };
    let rising = Trainer::new().monotone("x1", Direction::Nondecreasing);
    says(rising.clone().method(Method::Split(SplitOptions::default())), &data, "splitting");
    says(Trainer::new().max_features(1).method(Method::Split(SplitOptions::default())), &data, "splitting");
    says(rising.clone().method(Method::Omt).weights(WeightDomain::Integer(1)), &data, "whole weights");
    says(rising.clone().method(Method::Omt).hidden(&[2, 2]), &data, "hidden layers");
    says(Trainer::new().max_features(0), &data, "at least one");
    says(Trainer::new().monotone("x7", Direction::Nondecreasing), &data, "\"x7\"");
    says(rising.clone().monotone("x1", Direction::Nonincreasing), &data, "two directions");
    let three = Dataset::from_rows(&[[0.0], [1.0], [2.0]], &["a", "b", "c"]).unwrap();
    says(rising.clone(), &three, "two classes");
    // A start that breaks them.
    let line = Dataset::from_rows(&[[0.0], [1.0], [2.0]], &["a", "a", "b"]).unwrap();
    let model = Trainer::new().fit(&line).unwrap().model().expect("a model").clone();
    let start = Trainer::new().monotone("x1", Direction::Nonincreasing).method(Method::Omt).start(model);
    assert!(start.fit(&line).unwrap_err().to_string().contains("the sign is not -"));
}

/// The best labellings among networks that follow a feature, and that there are no others.
#[test]
fn solutions_keep_signs() {
    let mut source = Source::new(76);
    for case in 0..16 {
        let data = rows(&mut source, 2, 6);
        let trainer = Trainer::new().threads(1).hidden([&[][..], &[2]][case % 2]).method(Method::Omt).solutions(4);
        let trainer = trainer.monotone("x2", Direction::Nondecreasing);
        let task = trainer.prepare(&data).unwrap();
        let problem = task.problem();
        let loss = |labelling: &Vec<bool>| {
            labelling.iter().enumerate().map(|(i, &fires)| problem.point_loss(i, &[fires])).sum::<u64>()
        };
        let mut losses: Vec<u64> = real_labellings(problem).iter().map(loss).collect();
        losses.sort_unstable();
        let trained = trainer.fit(&data).unwrap();
        let solutions = trained.solutions().expect("asked for");
        let found: Vec<u64> = solutions.list.iter().map(|solution| solution.loss).collect();
        assert_eq!(found, losses[..losses.len().min(4)], "case {case}");
        assert!(solutions.complete(), "case {case}");
        solutions.list.iter().for_each(|solution| confirm(problem, &solution.network, solution.loss, case));
    }
}

fn file(folder: &Path, name: &str) -> checker::Source<'static> {
    checker::Source::new(name, std::io::BufReader::new(File::open(folder.join(name)).expect("the file was written")))
}

fn checked(folder: &Path) -> Result<linear::Report, checker::Error> {
    let [problem, network] = ["problem.json", "network.json"].map(|name| file(folder, name));
    let (model, certificate) = (file(folder, "model.mps"), file(folder, "certificate.vipr"));
    linear::check(linear::Folder { problem, model, certificate, network: Some(network), data: None })
}

/// Proofs are accepted of what was asked, and say so; without the restrictions the same model excludes networks.
#[test]
fn proofs_claim_restrictions() {
    let dir = tempfile::tempdir().unwrap();
    let mut source = Source::new(75);
    let mut binding = 0;
    for case in 0..16 {
        let hidden = [&[][..], &[2], &[1, 1], &[]][case % 4];
        let features = if hidden.is_empty() { 3 } else { 2 };
        let data = rows(&mut source, features, 6);
        let free = Trainer::new().threads(1).hidden(hidden);
        let free = if case % 3 == 0 { free } else { free.weights(WeightDomain::Integer(1)) };
        let folder = dir.path().join(case.to_string());
        let trainer = restricted(&mut source, features, free.clone());
        let trained = trainer.clone().prove(&folder, false).fit(&data).unwrap();
        assert_eq!((trained.status(), trained.choice().engine), (Status::Optimal, EngineName::Milp), "case {case}");
        let report = checked(&folder).unwrap_or_else(|error| panic!("case {case}: {error}"));
        let bound = report.bound.map(|bound| u64::try_from(bound).expect("a whole loss"));
        assert_eq!((bound, report.loss), (trained.loss(), trained.loss()), "case {case}");
        let task = trainer.prepare(&data).unwrap();
        let restrictions = &task.problem().restrictions;
        assert_eq!(report.binding.conditions.monotone.len(), restrictions.monotone.len());
        assert_eq!(report.binding.conditions.max_features, restrictions.max_features.map(|most| most as u64));
        binding += usize::from(free.fit(&data).unwrap().loss() < trained.loss());
        if restrictions.monotone.is_empty() && restrictions.fewer_features(features).is_none() {
            continue;
        }
        for name in ["problem.json", "network.json"] {
            let path = folder.join(name);
            let mut json: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            json["training"].as_object_mut().unwrap().remove("restrictions").expect("they are told");
            fs::write(&path, json.to_string()).unwrap();
        }
        assert!(checked(&folder).is_err(), "case {case}");
    }
    assert!(binding >= 3, "{binding}");
}

/// A model file that claims what its weights do not keep is refused, by the reader and by the checker.
#[test]
fn networks_that_break_their_claim_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let rows = [[0.0, 0.0], [1.0, 2.0], [2.0, 1.0], [3.0, 3.0]];
    let data = Dataset::from_rows(&rows, &["0", "0", "1", "1"]).unwrap();
    let trained = Trainer::new().monotone("x1", Direction::Nondecreasing).max_features(2).fit(&data).unwrap();
    let path = dir.path().join("model.json");
    trained.model().unwrap().write(&path).unwrap();
    let csv = "x1,x2,label\n0,0,0\n1,2,0\n2,1,1\n3,3,1\n";
    let check = || {
        let data = checker::Source::new("data.csv", std::io::Cursor::new(csv));
        checker::network::check(file(dir.path(), "model.json"), data, &checker::network::Options::default()).unwrap()
    };
    let report = check();
    assert!(report.false_claims.is_empty(), "{:?}", report.false_claims);
    assert_eq!(
        (&report.binding.conditions.monotone[..], report.binding.conditions.max_features),
        (&[(0, true)][..], Some(2))
    );
    let json: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let used = used_features(&trained.network().unwrap().layers[0]);
    for (field, value, words) in [
        ("/training/restrictions/monotone/0/direction", serde_json::json!("nonincreasing"), "nonincreasing in `x1`"),
        ("/training/restrictions/max_features", serde_json::json!(used.len() - 1), "features with weights"),
    ] {
        let mut json = json.clone();
        *json.pointer_mut(field).expect("it is there") = value;
        fs::write(&path, json.to_string()).unwrap();
        let claims = check().false_claims;
        assert!(claims.len() == 1 && claims[0].to_string().contains(words), "{claims:?}");
        assert!(heaviside::Model::parse(json.to_string().as_bytes()).is_err());
    }
}
