//! Against brute force over all subsets.

use super::HittingSet;
use proptest::prelude::*;

fn brute_force(costs: &[u64], cores: &[Vec<u32>]) -> u64 {
    let cost = |set: u32| (0..costs.len()).filter(|e| set >> e & 1 == 1).map(|e| costs[e]).sum();
    let hits = |set: u32| cores.iter().all(|core| core.iter().any(|e| set >> e & 1 == 1));
    (0..1_u32 << costs.len()).filter(|&set| hits(set)).map(cost).min().unwrap_or(u64::MAX)
}

fn instance() -> impl Strategy<Value = (Vec<u64>, Vec<Vec<u32>>)> {
    (1_usize..12).prop_flat_map(|count| {
        let element = 0..count as u32;
        (
            proptest::collection::vec(0_u64..6, count),
            proptest::collection::vec(proptest::collection::vec(element, 1..5), 0..25),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_optimum_is_that_of_brute_force_while_cores_are_added((costs, cores) in instance(), chunk in 1_usize..9) {
        let mut instance = HittingSet::new(costs.clone());
        let mut added = vec![];
        for part in cores.chunks(chunk) {
            for core in part {
                instance.add_core(core);
                added.push(core.clone());
            }
            let least = brute_force(&costs, &added);
            let heuristic = instance.heuristic().expect("no core is empty");
            prop_assert!(heuristic.cost >= least);
            // A search cut short still gives a valid bound and a valid solution.
            let cut = instance.solve(1, &|| false);
            prop_assert!(cut.bound <= least);
            let outcome = instance.solve(u64::MAX, &|| false);
            prop_assert!(outcome.is_optimal());
            prop_assert_eq!(outcome.bound, least);
            let solution = outcome.solution.expect("no core is empty");
            prop_assert!(added.iter().all(|core| core.iter().any(|e| solution.elements.contains(e))));
            prop_assert_eq!(solution.elements.iter().map(|&e| costs[e as usize]).sum::<u64>(), solution.cost);
        }
    }
}

#[test]
fn only_irredundant_cores_are_kept() {
    let mut instance = HittingSet::new(vec![1; 4]);
    assert!(instance.add_core(&[2, 0, 1]));
    assert!(!instance.add_core(&[1, 0, 2, 3]));
    assert!(instance.add_core(&[1, 0]));
    assert_eq!(instance.cores(), [Box::from([0, 1])]);
}

#[test]
fn an_empty_core_has_no_solution() {
    let mut instance = HittingSet::new(vec![1; 2]);
    instance.add_core(&[]);
    let outcome = instance.solve(u64::MAX, &|| false);
    assert_eq!((outcome.solution.is_none(), outcome.bound), (true, u64::MAX));
}

/// The lines of the projective plane of order 5: a point set that meets all of them has at least 6 points, a line.
#[test]
fn projective_planes_need_a_line() {
    let triples: Vec<[u32; 3]> = (0..125)
        .map(|code| [code / 25, code / 5 % 5, code % 5])
        .filter(|v| v.iter().find(|&&x| x != 0) == Some(&1))
        .collect();
    assert_eq!(triples.len(), 31);
    let mut instance = HittingSet::new(vec![1; 31]);
    for line in &triples {
        let on = |p: &[u32; 3]| (0..3).map(|k| line[k] * p[k]).sum::<u32>() % 5 == 0;
        let core: Vec<u32> = (0..31).filter(|&p| on(&triples[p as usize])).collect();
        instance.add_core(&core);
    }
    let outcome = instance.solve(u64::MAX, &|| false);
    assert!(outcome.is_optimal());
    assert_eq!(outcome.bound, 6);
}
