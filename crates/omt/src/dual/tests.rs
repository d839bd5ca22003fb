//! The tree against exact separation, and the search against brute force, on points in every position.

use super::search::Work;
use super::tree::Scratch;
use super::*;
use crate::theory;
use crate::theory::Side;
use bdnn::budget::never;
use bdnn::separation::Effort;
use bdnn::{Architecture, Loss, Points, Scaler, WeightDomain};
use proptest::prelude::*;
use rayon::ThreadPoolBuilder;

fn problem(n: usize, rows: &[f64], labels: &[usize]) -> Problem {
    let points = Points::merge(n, 2, &rows[..n * labels.len()], labels, Scaler::identity(n));
    let architecture =
        Architecture { inputs: n, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
    Problem::new(points, architecture, Loss::ZeroOne)
}

fn points(problem: &Problem) -> Geometry {
    Geometry::new(&problem.points, true)
}

/// All patterns that a neuron can have on the points `sites`, bit k for site k.
fn dichotomies(problem: &Problem, sites: &[u32]) -> Vec<u32> {
    let geometry = theory::Geometry::first_layer(problem);
    let separable = |&pattern: &u32| {
        let side = |k: usize| if pattern >> k & 1 == 1 { Side::Fires } else { Side::Silent };
        let asserted: Vec<(u32, Side)> = sites.iter().enumerate().map(|(k, &site)| (site, side(k))).collect();
        geometry.confirm_all(&asserted, &mut Effort::unlimited()).is_none()
    };
    (0..1 << sites.len()).filter(separable).collect()
}

/// The patterns of all leaves.
fn leaves(tree: &Tree) -> Vec<u32> {
    let (mut open, mut found, mut scratch) = (vec![tree.root], Vec::new(), Scratch::default());
    while let Some(node) = open.pop() {
        let decided: Vec<(u32, bool)> = tree.decided(node).collect();
        if decided.len() < tree.at.sites.len() {
            let halves = tree.children(node, &mut scratch, &|| false).expect("nothing says stop").expect("few rays");
            // The point between them fires in one and rests in the other.
            let site = tree.at.sites[halves.point as usize];
            let fires = |half: u32| tree.decided(half).find(|&(decided, _)| decided == site).map(|(_, fires)| fires);
            assert_eq!([halves.fires, halves.rests].map(fires), [Some(true), Some(false)]);
            open.extend([halves.fires, halves.rests]);
        } else {
            let place = |site: u32| tree.at.sites.iter().position(|&s| s == site).expect("a point of the tree");
            found.push(decided.iter().map(|&(site, fires)| u32::from(fires) << place(site)).sum());
        }
    }
    found.sort_unstable();
    found
}

/// Whether points that matter span something: else there is no arrangement.
fn spans(problem: &Problem) -> bool {
    let costs = |i: &usize| problem.point_loss(*i, &[true]) != problem.point_loss(*i, &[false]);
    (0..problem.points.len()).filter(costs).count() > 1
}

/// Each point a class of its own, so that all count: labels in turn.
fn leaves_and_dichotomies(n: usize, rows: &[f64], m: usize) -> Option<(Vec<u32>, Vec<u32>)> {
    let labels: Vec<usize> = (0..m).map(|i| i % 2).collect();
    let problem = problem(n, rows, &labels);
    let task = Task { wanted: vec![true; problem.points.len()], weight: vec![1; problem.points.len()], base: 0 };
    if problem.points.len() < 2 {
        return None;
    }
    let arrangement =
        Arrangement::new(&points(&problem), &task, false, &|| false).expect("several points span something");
    let tree = Tree::new(arrangement, Parameters::default(), &|| false)?;
    let expected = dichotomies(&problem, &tree.at.sites);
    Some((leaves(&tree), expected))
}

/// The least loss of each function over all tuples of patterns.
fn brute_force(problem: &Problem, functions: &[Threshold]) -> u64 {
    let sites: Vec<u32> = (0..problem.points.len() as u32).collect();
    let patterns = dichotomies(problem, &sites);
    let costs: Vec<[u64; 2]> = (0..sites.len()).map(|i| [false, true].map(|on| problem.point_loss(i, &[on]))).collect();
    let mut best = u64::MAX;
    for f in functions {
        let mut choice = vec![0; f.inputs()];
        loop {
            let input =
                |i: usize| (0..f.inputs()).map(|j| ((patterns[choice[j]] >> i & 1) as usize) << j).sum::<usize>();
            best = best.min((0..sites.len()).map(|i| costs[i][usize::from(f.at(input(i)))]).sum());
            let Some(at) = (0..choice.len()).find(|&j| choice[j] + 1 < patterns.len()) else { break };
            choice[at] += 1;
            choice[..at].fill(0);
        }
    }
    best
}

/// The least loss by the search, every bound on the way, and the work.
fn least(problem: &Problem, functions: &[Threshold], slice: u64, threads: usize) -> Option<(u64, Vec<u64>, Work)> {
    run(
        super::search(problem, &points(problem), functions.to_vec(), false, &Parameters::default(), &|| false)?,
        slice,
        threads,
    )
}

fn run(mut search: Search, slice: u64, threads: usize) -> Option<(u64, Vec<u64>, Work)> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let (mut best, mut bounds) = (u64::MAX, Vec::new());
    while search.open() > 0 {
        bounds.extend(search.bound().map(|bound| bound.min(best)));
        for found in search.advance(best, slice << 8, Some(&pool), Listener::default(), &|| false) {
            best = best.min(found.loss);
        }
    }
    bounds.extend(search.bound().map(|bound| bound.min(best)));
    Some((best, bounds, search.work))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Cones of many rays stay whole: then the bound may stay below the optimum, and is told so. Conflicts that are forgotten cost nothing else.
    #[test]
    fn room_may_be_short(
        n in 2_usize..5,
        d in 1_usize..3,
        raw in prop::collection::vec(-9_i32..10, 40),
        labels in prop::collection::vec(0_usize..2, 4..9),
        (slice, rays) in (1_u64..200, 0_usize..6),
    ) {
        let rows: Vec<f64> = raw.iter().map(|&v| f64::from(v)).collect();
        let problem = problem(n, &rows, &labels);
        let functions = Threshold::all(d);
        let costs = (0..problem.points.len()).map(|i| (problem.point_loss(i, &[true]), problem.point_loss(i, &[false])));
        let task = Task::new(costs);
        let search = |most_rays: usize, most_bytes: usize| {
            let arrangement = Arrangement::new(&points(&problem), &task, false, &never)?;
            let mut tree = Tree::new(arrangement, Parameters::default(), &never)?;
            (tree.most_rays, tree.most_bytes) = (most_rays, most_bytes);
            Search::new(Arc::new(tree), functions.clone(), false)
        };
        let Some(short) = search(n + 1 + rays, usize::MAX) else { return Ok(()) };
        let best = brute_force(&problem, &functions);
        let (found, bounds, work) = run(short, slice, 2).expect("it runs");
        prop_assert!(found >= best && bounds.iter().all(|&bound| bound <= best), "{} {:?} {}", found, bounds, best);
        prop_assert!(work.left > 0 || found == best);
        prop_assert!(work.left == 0 || bounds.last().is_some());
        let (found, bounds, _) = run(search(usize::MAX, 0).expect("as before"), slice, 2).expect("it runs");
        prop_assert!(found == best && bounds.iter().all(|&bound| bound <= best));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// On coarse grids, with duplicates, collinear and coplanar points, the leaves are the dichotomies, each once.
    #[test]
    fn leaves_are_the_dichotomies(n in 1_usize..5, m in 2_usize..9, raw in prop::collection::vec(-2_i32..3, 32)) {
        let rows: Vec<f64> = raw.iter().map(|&v| f64::from(v)).collect();
        if let Some((leaves, expected)) = leaves_and_dichotomies(n, &rows, m) {
            prop_assert_eq!(leaves, expected);
        }
    }

    /// So they are for numbers of many digits, next to special position: decimals on a line are not on one as floats.
    #[test]
    fn many_digits_change_nothing(n in 1_usize..5, m in 2_usize..8, raw in prop::collection::vec(-3_i32..4, 32), power in 0_i32..3) {
        let rows: Vec<f64> = raw.iter().map(|&v| f64::from(v) * 0.1 + f64::from(v.pow(2)) * 1e-9 * f64::from(power)).collect();
        if let Some((leaves, expected)) = leaves_and_dichotomies(n, &rows, m) {
            prop_assert_eq!(leaves, expected);
        }
    }
}

fn agrees(n: usize, d: usize, raw: &[i32], labels: &[usize], slice: u64) -> Result<(), TestCaseError> {
    let rows: Vec<f64> = raw.iter().map(|&v| f64::from(v)).collect();
    let problem = problem(n, &rows, labels);
    let functions = Threshold::all(d);
    let one = least(&problem, &functions, slice, 1);
    prop_assert_eq!(one.is_some(), spans(&problem));
    let Some(one) = one else { return Ok(()) };
    prop_assert_eq!(one.0, brute_force(&problem, &functions));
    prop_assert!(one.1.iter().all(|&bound| bound <= one.0));
    prop_assert_eq!(&least(&problem, &functions, slice, 3), &Some(one));
    // Function by function: each is a case of its own.
    for f in functions {
        let f = [f];
        prop_assert_eq!(least(&problem, &f, slice, 2).map(|found| found.0), Some(brute_force(&problem, &f)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn one_neuron(
        n in 1_usize..5,
        raw in prop::collection::vec(-2_i32..3, 40),
        labels in prop::collection::vec(0_usize..2, 2..10),
        slice in 1_u64..200,
    ) {
        agrees(n, 1, &raw, &labels, slice)?;
    }

    #[test]
    fn two_neurons(
        n in 1_usize..4,
        raw in prop::collection::vec(-2_i32..3, 24),
        labels in prop::collection::vec(0_usize..2, 2..9),
        slice in 1_u64..200,
    ) {
        agrees(n, 2, &raw, &labels, slice)?;
    }

    #[test]
    fn three_neurons(
        n in 1_usize..3,
        raw in prop::collection::vec(-2_i32..3, 12),
        labels in prop::collection::vec(0_usize..2, 4..7),
        slice in 1_u64..200,
    ) {
        agrees(n, 3, &raw, &labels, slice)?;
    }
}

/// Two points, points on a line in space, one point: rank 1, rank 1, nothing to search.
#[test]
fn the_rank_is_that_of_the_data() {
    let rank = |n: usize, rows: &[f64], labels: &[usize]| {
        let problem = problem(n, rows, labels);
        super::search(&problem, &points(&problem), Threshold::all(1), false, &Parameters::default(), &|| false)
            .map(|search| search.rank())
    };
    assert_eq!(rank(2, &[0.0, 0.0, 1.0, 1.0], &[0, 1]), Some(1));
    assert_eq!(rank(3, &[0.0, 0.0, 5.0, 1.0, 2.0, 5.0, 2.0, 4.0, 5.0, 3.0, 6.0, 5.0], &[0, 1, 0, 1]), Some(1));
    assert_eq!(rank(3, &[0.0, 0.0, 5.0, 1.0, 2.0, 5.0, 2.0, 4.0, 6.0, 3.0, 6.0, 5.0], &[0, 1, 0, 1]), Some(2));
    assert_eq!(rank(1, &[1.0, 1.0, 1.0], &[0, 1, 1]), None);
}

/// Features that follow from others, or never change, are no dimensions.
#[test]
fn few_dimensions_are_recognised() {
    let rows: Vec<f64> = (0..40_i32)
        .flat_map(|i| {
            let (a, b) = (f64::from(i * i % 17), f64::from(i * 7 % 11));
            [a, b, 3.0, 250.0 * a, a - b, 0.5, 2.0 * b + 1.0]
        })
        .collect();
    let labels: Vec<usize> = (0..40).map(|i| i % 2).collect();
    assert!(promises(&problem(7, &rows, &labels), &Parameters::default(), &never));
    let mut rows = rows;
    (0..3).for_each(|k| rows[7 * k + 2 + k] += 0.1);
    assert!(!promises(&problem(7, &rows, &labels), &Parameters::default(), &never));
}

/// A cone of many rays is left as it was by a wish to stop in the middle of its split, and the bound stands.
#[test]
fn a_wish_to_stop_is_heard_within_a_split() {
    use std::sync::atomic::{AtomicU64, Ordering};
    let rows: Vec<f64> = (0..60_i32).flat_map(|t| (1..=6).map(move |k| f64::from(t - 30).powi(k))).collect();
    let labels: Vec<usize> = (0..60).map(|t| t % 2).collect();
    let problem = problem(6, &rows, &labels);
    let mut search =
        super::search(&problem, &points(&problem), Threshold::all(2), false, &Parameters::default(), &|| false)
            .expect("six dimensions");
    for patience in 1..40 {
        let asked = AtomicU64::new(0);
        let stop = || asked.fetch_add(1, Ordering::Relaxed) >= patience;
        let before = search.bound().expect("nothing is finished");
        assert!(
            search
                .advance(u64::MAX, u64::MAX, None, Listener::default(), &stop)
                .iter()
                .all(|found| found.loss >= before)
        );
        assert!(search.bound().is_some_and(|bound| before <= bound));
    }
}

/// Thousands are found at once where all labellings are looked for, over tens of thousands of points.
#[test]
fn what_is_found_takes_no_room_for_each_point() {
    assert!(size_of::<Found>() <= 64, "{}", size_of::<Found>());
}
