//! Against brute force over all subsets of points, decided by the exact simplex of `bdnn::separation`.

use super::alternative::{Alternative, Answer, Role};
use super::answer::Incumbent;
use super::blocks::{Blocks, Crew};
use super::lp::{Quota, State};
use super::watch::{TreeState, Watch};
use super::{Conduct, Core, Descent, Geometry, Member, Outcome, Parameters, Task, minimise, supports, train};
use bdnn::separation::{Semantics, separate};
use bdnn::{Architecture, Limits, Loss, Points, Problem, Rational, Request, Scaler, Status, WeightDomain};
use budget::Pace;
use numerics::inverse::invert;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Checks every core and every bound it hears of.
struct Auditor<'a> {
    geometry: &'a Geometry,
    wants_cores: bool,
    bound: u64,
}

impl Watch for Auditor<'_> {
    fn stop(&mut self, _nodes: u64) -> Option<Status> {
        None
    }
    fn tree(&mut self, bound: u64, _tree: &TreeState) {
        assert!(bound >= self.bound, "the bound never falls");
        self.bound = bound;
    }
    fn incumbent(&mut self, _incumbent: &Incumbent) {}
    fn core(&mut self, core: &Core) -> u32 {
        assert!(core.holds(self.geometry));
        assert!(core.members.len() <= self.geometry.dim() + 1);
        0
    }
    fn wants_cores(&self) -> bool {
        self.wants_cores
    }
}

pub(super) fn points(features: usize, rows: &[Vec<f64>]) -> Points {
    Points::merge(features, 2, &rows.concat(), &vec![0; rows.len()], Scaler::identity(features))
}

fn solve(points: &Points, bias: bool, task: &Task) -> Outcome {
    let geometry = Geometry::new(points, bias);
    // Both ways to prove a core: with multipliers, and by float bounds where they suffice.
    let [with, without] = [true, false].map(|wants_cores| {
        let mut auditor = Auditor { geometry: &geometry, wants_cores, bound: 0 };
        minimise(points, &geometry, task, None, &Conduct { seed: 7, ..Conduct::default() }, None, &mut auditor)
    });
    assert_eq!((with.status, with.bound, with.incumbent.cost), (without.status, without.bound, without.incumbent.cost));
    assert_eq!(with.incumbent.cost, with.incumbent.neuron.cost(points, task), "exact cost");
    without
}

/// The least weight of points left out so that the rest can be had exactly.
pub(super) fn brute_force(points: &Points, bias: bool, task: &Task) -> u64 {
    let exact: Vec<Vec<Rational>> = (0..points.len()).map(|i| points.scaled_exact(i)).collect();
    let semantics = Semantics { bias, bound: 1.0, epsilon: None, robust: None };
    let cost = |wrong: u32| (0..task.len()).filter(|i| wrong >> i & 1 == 1).map(|i| task.weight[i]).sum::<u64>();
    let mut subsets: Vec<u32> = (0..1 << task.len()).collect();
    subsets.sort_by_key(|&wrong| cost(wrong));
    let possible = |&wrong: &u32| {
        let kept: Vec<usize> = (0..task.len()).filter(|i| wrong >> i & 1 == 0).collect();
        let at: Vec<Vec<Rational>> = kept.iter().map(|&i| exact[i].clone()).collect();
        let fires: Vec<bool> = kept.iter().map(|&i| task.wanted[i]).collect();
        separate(&at, &fires, &semantics).is_separable()
    };
    cost(subsets.into_iter().find(possible).expect("no point at all is separable"))
}

/// Points on a small integer grid (so: duplicates, collinear and coplanar ones) with costs of firing and resting.
pub(super) fn instance() -> impl Strategy<Value = (usize, Vec<Vec<f64>>, Vec<(u64, u64)>)> {
    (1_usize..4, 1_usize..9, 1_i32..4).prop_flat_map(|(features, count, reach)| {
        let coordinate = (-reach..=reach).prop_map(f64::from);
        let row = proptest::collection::vec(coordinate, features);
        (Just(features), proptest::collection::vec(row, count), proptest::collection::vec((0_u64..4, 0_u64..4), count))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn full_precision_coordinates_have_the_same_optimum_as_brute_force(
        (features, rows, costs) in instance(), jitter in proptest::collection::vec(-1.0..1.0, 24), size in 0..3
    ) {
        // From points in general position to points a hair away from collinear: those need the exact kernel.
        let size = [1.0, 1e-7, 1e-14][size as usize];
        let moved = |i: usize, j: usize| rows[i][j] + size * jitter[(3 * i + j) % jitter.len()];
        let rows: Vec<Vec<f64>> = (0..rows.len()).map(|i| (0..features).map(|j| moved(i, j)).collect()).collect();
        let points = points(features, &rows);
        let task = Task::new(costs[..points.len()].iter().copied());
        let outcome = solve(&points, true, &task);
        let least = brute_force(&points, true, &task);
        prop_assert!(outcome.bound <= least && least <= outcome.incumbent.cost);
        prop_assert!(outcome.bound == least || outcome.status == Status::Unresolved);
        prop_assert!(outcome.status == Status::Optimal || size < 1e-10, "{:?}", outcome);
    }

    #[test]
    fn the_optimum_is_that_of_brute_force((features, rows, costs) in instance(), bias in any::<bool>()) {
        let points = points(features, &rows);
        let task = Task::new(costs[..points.len()].iter().copied());
        let outcome = solve(&points, bias, &task);
        prop_assert_eq!(outcome.status, Status::Optimal);
        prop_assert_eq!(outcome.bound, outcome.incumbent.cost);
        prop_assert_eq!(outcome.bound, brute_force(&points, bias, &task));
    }

    #[test]
    fn a_core_is_confirmed_exactly_when_its_points_exclude_each_other(
        (features, rows, costs) in instance(), bias in any::<bool>()
    ) {
        let points = points(features, &rows);
        let geometry = Geometry::new(&points, bias);
        let members: Vec<Member> = (0..points.len().min(features + 2))
            .map(|i| Member { point: i as u32, fires: costs[i].0 < 2 })
            .collect();
        let at: Vec<Vec<Rational>> = (0..members.len()).map(|i| points.scaled_exact(i)).collect();
        let fires: Vec<bool> = members.iter().map(|m| m.fires).collect();
        let semantics = Semantics { bias, bound: 1.0, epsilon: None, robust: None };
        let separable = separate(&at, &fires, &semantics).is_separable();
        if let Some(core) = Core::confirm(&geometry, &members) {
            prop_assert!(core.holds(&geometry));
            prop_assert!(!separable);
            // Irreducible: without any one of its points the rest is possible.
            for left_out in &core.members {
                let rest: Vec<&Member> = core.members.iter().filter(|m| *m != left_out).collect();
                let at: Vec<Vec<Rational>> = rest.iter().map(|m| points.scaled_exact(m.point as usize)).collect();
                let fires: Vec<bool> = rest.iter().map(|m| m.fires).collect();
                prop_assert!(separate(&at, &fires, &semantics).is_separable());
            }
        }
    }
}

#[test]
fn coordinates_beyond_machine_words_are_still_exact() {
    // Nearly collinear by one unit in the last place: (0, 0), (1, 1), (2, 2 + 4e-16) with alternating labels.
    let rows = [vec![0.0, 0.0], vec![1.0, 1.0], vec![2.0, 2.0_f64.next_up()], vec![1e-20, 3.0]];
    let points = points(2, &rows);
    for wanted in 0..16_u32 {
        let task = Task::new((0..4).map(|i| if wanted >> i & 1 == 1 { (0, 1) } else { (1, 0) }));
        let outcome = solve(&points, true, &task);
        let least = brute_force(&points, true, &task);
        assert!(outcome.bound <= least && outcome.incumbent.cost >= least, "{wanted:b}: {outcome:?} against {least}");
    }
}

/// Labels by a plane with noise, weights up to 3, on a grid: so with ties and points on planes through others.
fn noisy(m: usize, n: usize, seed: u64) -> (Points, Task) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let rows: Vec<Vec<f64>> = (0..m).map(|_| (0..n).map(|_| f64::from(rng.random_range(-6..=6))).collect()).collect();
    let points = points(n, &rows);
    let costs = (0..points.len()).map(|i| {
        let inside = points.raw(i).iter().sum::<f64>() >= 0.0;
        let weight = rng.random_range(0..4);
        if inside == rng.random_bool(0.8) { (0, weight) } else { (weight, 0) }
    });
    let task = Task::new(costs);
    (points, task)
}

/// Blocks prove no more than the optimum, something, and the same on any number of threads; quotas hold.
#[test]
fn blocks_add_up_below_the_optimum() {
    for seed in 0..6 {
        let (points, task) = noisy(60, 2, seed);
        let optimum = solve(&points, true, &task).bound;
        let geometry = Geometry::new(&points, true);
        let activations: Vec<f64> = (0..points.len()).map(|i| points.raw(i).iter().sum()).collect();
        let advance = |threads: usize, nodes: u64| {
            // About five.
            let conduct = Conduct { seed, parameters: Parameters { block_points: 3, ..Parameters::default() } };
            let mut blocks = Blocks::new((&geometry, &task), &activations, conduct, &|| false).expect("some blocks");
            let crew = Crew::new(threads, &|| false);
            let mut bounds = vec![];
            for _ in 0..200 {
                let before = blocks.done().nodes;
                let state = blocks.advance(Quota { work: 100_000, nodes }, &crew);
                assert!(blocks.bound() <= optimum, "{} above {optimum}", blocks.bound());
                assert!(blocks.done().nodes - before <= nodes);
                bounds.push(blocks.bound());
                if state == State::Over {
                    break;
                }
            }
            assert!(bounds.is_sorted(), "a bound never falls: {bounds:?}");
            bounds
        };
        let alone = advance(1, 50);
        assert_eq!(alone, advance(3, 50));
        assert!(3 * alone.last().expect("a turn") >= optimum, "{alone:?} of {optimum}");
        assert!(advance(1, 0).len() == 200);
    }
}

/// The race over the program of cores and blocks ends with the optimum of the packing of cores.
#[test]
fn a_race_is_won_by_the_optimum() {
    for (n, seed) in [(10, 1), (10, 2), (2, 3)] {
        let (points, task) = noisy(if n == 10 { 40 } else { 120 }, n, seed);
        let geometry = Geometry::new(&points, true);
        let crew = Crew::new(1, &|| false);
        let race = || {
            let mut auditor = Auditor { geometry: &geometry, wants_cores: false, bound: 0 };
            minimise(
                &points,
                &geometry,
                &task,
                None,
                &Conduct { seed: 7, ..Conduct::default() },
                Some(&crew),
                &mut auditor,
            )
        };
        let (first, again, alone) = (race(), race(), solve(&points, true, &task));
        assert_eq!((first.status, first.bound, first.incumbent.cost), (Status::Optimal, alone.bound, alone.bound));
        assert_eq!((first.tree.nodes, first.tree.pivots), (again.tree.nodes, again.tree.pivots));
        assert_eq!(first.incumbent.cost, first.incumbent.neuron.cost(&points, &task));
    }
}

#[test]
fn a_walk_never_ends_above_where_it_began() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let rows: Vec<Vec<f64>> = (0..60).map(|_| (0..3).map(|_| rng.random_range(-1.0..1.0)).collect()).collect();
    let points = points(3, &rows);
    let geometry = Geometry::new(&points, true);
    let task = Task::new((0..60).map(|_| if rng.random_bool(0.5) { (1, 0) } else { (0, 1) }));
    let mut descent = Descent::new(&geometry, &task, &[1.0, 0.0, 0.0, 0.0]);
    let before = descent.cost();
    descent.walk(500, &mut rng, &|| false);
    assert!(descent.cost() < before, "random labels leave room: {} against {before}", descent.cost());
}

#[test]
fn points_without_any_coordinate_leave_only_one_answer() {
    // Without bias and features that are all zero, every neuron fires: no direction to search a line along.
    let points = points(2, &[vec![0.0, 0.0]]);
    let task = Task::new([(3, 1)]);
    let outcome = solve(&points, false, &task);
    assert_eq!((outcome.status, outcome.incumbent.cost, outcome.bound), (Status::Optimal, 2, 2));
}

#[test]
fn three_classes_are_three_neurons() {
    // One feature, classes in the order 0 1 2: the middle one is not a half-line.
    let rows = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
    let points = Points::merge(1, 3, &rows, &[0, 0, 1, 1, 2, 2], Scaler::identity(1));
    let architecture =
        Architecture { inputs: 1, hidden: vec![], classes: 3, bias: true, weights: WeightDomain::Continuous };
    let problem = Problem::new(points, architecture, Loss::Hamming);
    let training = train(Request::new(&problem, &Limits::default())).expect("supported");
    assert_eq!((training.status, training.loss, training.bound), (Status::Optimal, 2, 2.0));
    let network = training.network.expect("there always is one");
    assert_eq!(bdnn::exact::loss(&problem, &network), 2);
    let again = train(Request::new(&problem, &Limits::default()).with_start(Some(&network))).expect("supported");
    assert_eq!(again.loss, 2);
    assert!(supports(&Problem { loss: Loss::ZeroOne, ..problem }).is_err());
}

/// Points in far more dimensions than there are of them, and in half as many dimensions: the first are separated without a
/// pivot; the second are not separable, few pivots find a core, and the basis never holds more points than there are.
#[test]
fn many_dimensions_are_no_burden() {
    let random = |m: usize, n: usize| {
        let mut rng = ChaCha8Rng::seed_from_u64(9);
        let rows: Vec<f64> = (0..m * n).map(|_| f64::from(rng.random_range(-64..64))).collect();
        let labels: Vec<usize> = (0..m).map(|_| rng.random_range(0..2)).collect();
        Points::merge(n, 2, &rows, &labels, Scaler::identity(n))
    };
    let train = |points: &Points, nodes: u64| {
        let architecture = Architecture {
            inputs: points.num_features(),
            hidden: vec![],
            classes: 2,
            bias: true,
            weights: WeightDomain::Continuous,
        };
        let problem = Problem::new(points.clone(), architecture, Loss::ZeroOne);
        crate::train(Request::new(&problem, &Limits { nodes, ..Limits::default() })).expect("sound")
    };
    let wide = train(&random(60, 900), u64::MAX);
    assert_eq!((wide.status, wide.loss, wide.statistics.lp_iterations), (Status::Optimal, 0, 0));
    let points = random(70, 20);
    let hard = train(&points, 0);
    assert!(hard.loss > 0 && hard.bound <= hard.loss as f64);
    let geometry = Geometry::new(&points, true);
    let mut simplex = Alternative::new(&geometry);
    for i in 0..points.len() {
        simplex.set(i, Role::Asked(points.counts(i)[1] > 0), 1.0);
    }
    let Answer::Core(members) = simplex.solve(&mut Pace::new(&mut || false)) else { panic!("not separable") };
    assert!(members.len() <= geometry.dim() + 1);
    let core = Core::confirm(&geometry, &members).expect("a core");
    assert!(core.holds(&geometry));
    // Long work asks whether to stop.
    let identity: Vec<f64> = (0..128 * 128).map(|at| f64::from(u8::from(at % 129 == 0))).collect();
    assert!(invert(&identity, 128, &mut Pace::new(&mut || true)).is_none());
    assert_eq!(invert(&identity, 128, &mut Pace::new(&mut || false)), Some(identity));
}

/// Features so small that weights leave the range of floats: no network holds a number that is none, and no bound is above a loss.
#[test]
fn features_next_to_nothing_are_no_panic() {
    let tiny = [0.0, 5e-324, 1e-323, 1.5e-323, 1e-310, 1e-308, 2e-308];
    for seed in 0..12_u64 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let features = 1 + seed as usize % 3;
        let rows: Vec<f64> = (0..9 * features).map(|_| tiny[rng.random_range(0..tiny.len())]).collect();
        let labels: Vec<usize> = (0..9).map(|_| rng.random_range(0..2)).collect();
        for bias in [true, false] {
            let architecture =
                Architecture { inputs: features, hidden: vec![], classes: 2, bias, weights: WeightDomain::Continuous };
            let points = Points::merge(features, 2, &rows, &labels, Scaler::identity(features));
            let problem = Problem::new(points, architecture, Loss::Hamming);
            let training = train(Request::new(&problem, &Limits { nodes: 2000, ..Limits::default() })).expect("sound");
            let network = training.network.expect("a constant at least");
            assert_eq!(bdnn::exact::check(&problem, &network), Ok(training.loss), "seed {seed}");
            assert!(training.bound <= training.loss as f64, "seed {seed}");
        }
    }
}
