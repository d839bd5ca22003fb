//! No accepted conclusion is false, by brute force.

use super::random::{Case, Random};
use super::{proof, run};
use checker::boolean::Conclusion;

/// Random formulas, random steps of which the accepted ones stay, and every conclusion near the truth.
#[test]
fn accepted_conclusions_are_true() {
    let mut accepted = [0; 4];
    for seed in 0..3000 {
        let random = &mut Random(seed);
        let case = Case::new(random);
        let steps = case.grow(random, 40);
        for conclusion in case.conclusions() {
            let proof = proof(&steps, &conclusion);
            if let Ok(report) = run(&case.formula(), &proof) {
                assert!(case.is_true(report.conclusion), "seed {seed}:\n{}\n{proof}", case.formula());
                accepted[match report.conclusion {
                    Conclusion::None => 0,
                    Conclusion::Satisfiable => 1,
                    Conclusion::Unsatisfiable => 2,
                    Conclusion::Bounds { .. } => 3,
                }] += 1;
            }
        }
    }
    println!("accepted (none, sat, unsat, bounds): {accepted:?}");
    assert!(accepted.iter().all(|&count| count > 100), "{accepted:?}");
}
