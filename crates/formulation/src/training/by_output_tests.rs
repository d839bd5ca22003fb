//! Training by output functions against all networks, enumerated neuron by neuron.

use super::train;
use crate::output::functions;
use bdnn::separation::{self, Effort, Semantics, Sign, biases, separate_signed};
use bdnn::{
    Architecture, Direction, ErrorLimit, Limits, Loss, Monotone, Norm, Points, Problem, Rational, Request, Robust,
    Scaler, Status, Training, WeightDomain, exact,
};

/// Pseudo-random numbers (Knuth's linear congruential generator).
struct Source(u64);

impl Source {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    /// A problem with `hidden` neurons that trains by output functions; `kind` says what is special of it.
    fn problem(&mut self, hidden: usize, kind: usize) -> Problem {
        let inputs = 1 + self.below(2);
        let rows = 1 + self.below(if hidden > 2 { 4 } else { 7 });
        let features: Vec<f64> = (0..rows * inputs).map(|_| self.below(6) as f64 / 4.0).collect();
        let one_class = self.below(12) == 0;
        let labels: Vec<usize> = (0..rows).map(|_| if one_class { 1 } else { self.below(2) }).collect();
        let points = Points::merge(inputs, 2, &features, &labels, Scaler::identity(inputs));
        let whole = kind % 2 == 1;
        let weights = if whole { WeightDomain::Integer(1 + self.below(2) as u32) } else { WeightDomain::Continuous };
        let architecture = Architecture { inputs, hidden: vec![hidden], classes: 2, bias: true, weights };
        let mut problem = Problem { epsilon: Some(1e-3), ..Problem::new(points, architecture, Loss::ZeroOne) };
        match kind / 2 {
            1 => {
                let norm = if self.below(2) == 0 { Norm::Linf } else { Norm::L1 };
                problem.robust = Some(Robust { radius: 0.125, norm });
            }
            2 => {
                let mut parts: Vec<usize> = (0..problem.points.len()).map(|_| self.below(3)).collect();
                let mut used = parts.clone();
                used.sort_unstable();
                used.dedup();
                parts.iter_mut().for_each(|part| *part = used.binary_search(part).expect("it is one of them"));
                problem.partition = Some(parts);
            }
            3 => {
                let class = self.below(2);
                problem.error_limits = vec![ErrorLimit { class, most: self.below(2) as u64 }];
            }
            4 => {
                let direction = [Direction::Nondecreasing, Direction::Nonincreasing][self.below(2)];
                problem.restrictions.monotone = vec![Monotone { feature: self.below(inputs), direction }];
            }
            5 => problem.restrictions.max_features = Some(1),
            _ => {}
        }
        problem
    }
}

/// The patterns, one bit a part, that a neuron may have whose weights have these signs.
fn patterns(problem: &Problem, signs: &[Sign]) -> Vec<u32> {
    let points: Vec<Vec<Rational>> = (0..problem.points.len()).map(|i| problem.points.scaled_exact(i)).collect();
    let semantics = Semantics::of_layer(problem, 0);
    let part = |i: usize| problem.partition.as_ref().map_or(i, |parts| parts[i]);
    let parts = (0..points.len()).map(part).max().expect("points") + 1;
    let weights: Vec<Vec<f64>> = match problem.architecture.weights {
        WeightDomain::Continuous => vec![],
        WeightDomain::Integer(bound) => vectors(signs.len(), i64::from(bound))
            .into_iter()
            .map(|w| w.into_iter().map(|w| w as f64).collect())
            .filter(|w: &Vec<f64>| w.iter().zip(signs).all(|(w, s)| (s.range(9.0).0..=s.range(9.0).1).contains(w)))
            .collect(),
    };
    let can = |pattern: &u32| {
        let fires: Vec<bool> = (0..points.len()).map(|i| pattern >> part(i) & 1 == 1).collect();
        if problem.architecture.weights == WeightDomain::Continuous {
            let mut effort = Effort { words: u64::MAX, stop: &|| false };
            let verdict = separate_signed(&points, &fires, signs, &semantics, &mut effort).expect("nobody stops it");
            return verdict.is_separable();
        }
        weights.iter().any(|w| {
            let w: Vec<Rational> = w.iter().map(|&w| separation::exact(w)).collect();
            biases(&points, &fires, &w, &semantics).is_some()
        })
    };
    (0..1_u32 << parts).filter(can).collect()
}

/// All vectors with entries from -most to most.
fn vectors(length: usize, most: i64) -> Vec<Vec<i64>> {
    (0..length).fold(vec![vec![]], |all: Vec<Vec<i64>>, _| {
        all.iter().flat_map(|v| (-most..=most).map(move |x| [&v[..], &[x]].concat())).collect()
    })
}

/// The least loss of a network, if there is one.
fn optimum(problem: &Problem) -> Option<u64> {
    let (inputs, d) = (problem.architecture.inputs, problem.architecture.hidden[0]);
    let most = match problem.architecture.weights {
        WeightDomain::Continuous => 2,
        WeightDomain::Integer(bound) => i64::from(bound),
    };
    let features: Vec<Vec<bool>> = match problem.restrictions.fewer_features(inputs) {
        Some(1) => (0..inputs).map(|l| (0..inputs).map(|k| k == l).collect()).collect(),
        Some(_) => unreachable!("one feature or all"),
        None => vec![vec![true; inputs]],
    };
    let part = |i: usize| problem.partition.as_ref().map_or(i, |parts| parts[i]);
    let loss = |outputs: &dyn Fn(usize) -> bool| -> Option<u64> {
        let output = |i: usize| outputs(part(i));
        let within = problem.error_limits.iter().all(|limit| {
            let wrong = |&i: &usize| output(i) != (limit.class == 1);
            let count = |i: usize| u64::from(problem.points.counts(i)[limit.class]);
            (0..problem.points.len()).filter(wrong).map(count).sum::<u64>() <= limit.most
        });
        within.then(|| (0..problem.points.len()).map(|i| problem.point_loss(i, &[output(i)])).sum())
    };
    let mut best = None;
    for used in features {
        // By the sign of the output's weight, -1, 0 or 1: the neuron follows the features as it has to.
        let of_sign = [-1.0, 0.0, 1.0].map(|sign: f64| {
            let mut signs: Vec<Sign> = used.iter().map(|&used| if used { Sign::FREE } else { Sign::ZERO }).collect();
            for monotone in &problem.restrictions.monotone {
                let way = sign * monotone.direction.sign();
                signs[monotone.feature].positive &= way >= 0.0;
                signs[monotone.feature].negative &= way <= 0.0;
            }
            patterns(problem, &signs)
        });
        let mut seen = std::collections::BTreeSet::new();
        for v in vectors(d, most) {
            for t in -most * d as i64..=most * d as i64 + 1 {
                let sum = |h: usize| (0..d).filter(|j| h >> j & 1 == 1).map(|j| v[j]).sum::<i64>();
                let table: Vec<bool> = (0..1 << d).map(|h| sum(h) >= t).collect();
                let neurons: Vec<&Vec<u32>> = v.iter().map(|w| &of_sign[(w.signum() + 1) as usize]).collect();
                let directed = !problem.restrictions.monotone.is_empty();
                let signs: Vec<i64> = v.iter().map(|w| if directed { w.signum() } else { 0 }).collect();
                if !seen.insert((table.clone(), signs)) {
                    continue;
                }
                let count: usize = neurons.iter().map(|all| all.len()).product();
                let mut chosen = vec![0; d];
                for tuple in 0..count {
                    let mut rest = tuple;
                    for (pattern, all) in chosen.iter_mut().zip(&neurons) {
                        *pattern = all[rest % all.len()];
                        rest /= all.len();
                    }
                    let hidden = |p: usize| (0..d).fold(0, |h, j| h | ((chosen[j] >> p & 1) as usize) << j);
                    best = best.into_iter().chain(loss(&|p| table[hidden(p)])).min();
                }
            }
        }
    }
    best
}

/// What is claimed is true: of networks, bounds and statuses.
fn is_true(problem: &Problem, training: &Training, optimum: Option<u64>) {
    let context = || format!("{training:?}\noptimum {optimum:?}\n{problem:?}");
    if let Some(network) = &training.network {
        assert_eq!(exact::check(problem, network), Ok(training.loss), "{}", context());
        assert!(optimum.is_some_and(|least| least <= training.loss), "{}", context());
    }
    assert!(optimum.is_none_or(|least| training.bound <= least as f64), "{}", context());
    if training.status == Status::Optimal {
        assert_eq!(Some(training.loss), optimum, "{}", context());
    }
}

#[test]
fn the_best_of_all_functions_is_the_best_of_all_networks() {
    let mut source = Source(7);
    let mut functions_used = [0; 4];
    for case in 0..600 {
        let (hidden, kind) = ([1, 2, 2, 3][case / 12 % 4], case % 12);
        let problem = source.problem(hidden, kind);
        functions_used[hidden] += usize::from(functions(&problem).is_some());
        let optimum = optimum(&problem);
        let limits = Limits { threads: 1, ..Limits::default() };
        let training = train(Request::new(&problem, &limits)).expect("sound");
        is_true(&problem, &training, optimum);
        let proven = if optimum.is_some() { Status::Optimal } else { Status::Infeasible };
        assert_eq!(training.status, proven, "case {case}: {training:?}\n{problem:?}");
        for nodes in [0, 1 + source.below(30) as u64] {
            let training = train(Request::new(&problem, &Limits { nodes, ..limits.clone() })).expect("sound");
            assert!(training.statistics.nodes <= nodes, "{training:?}");
            is_true(&problem, &training, optimum);
        }
    }
    assert_eq!(functions_used, [0, 156, 300, 144]);
}
