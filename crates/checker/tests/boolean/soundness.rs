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

/// Accepted proofs with words changed, lines dropped, doubled and swapped: refused, or still right.
#[test]
fn mutants_are_refused_or_right() {
    let (mut tried, mut accepted) = (0, 0);
    for seed in 0..400 {
        let random = &mut Random(seed + 50_000);
        let case = Case::new(random);
        let formula = case.formula();
        let steps = case.grow(random, 30);
        let valid: Vec<String> = case
            .conclusions()
            .iter()
            .map(|conclusion| proof(&steps, conclusion))
            .filter(|proof| run(&formula, proof).is_ok())
            .collect();
        for _ in 0..100 {
            let Some(last) = valid.last() else { continue };
            let mutant = mutant(random, last);
            tried += 1;
            if let Ok(report) = run(&formula, &mutant) {
                assert!(case.is_true(report.conclusion), "seed {seed}:\n{formula}\n{mutant}");
                accepted += 1;
            }
        }
    }
    println!("{tried} mutants, {accepted} still right");
    assert!(tried > 30_000 && accepted < tried / 2);
}

/// One change of a proof.
fn mutant(random: &mut Random, text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let (at, other) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(6) {
        0 => {
            lines.remove(at);
        }
        1 => lines.insert(at, lines[other]),
        2 => lines.swap(at, other),
        _ => {
            let mut words: Vec<String> = lines[at].split(' ').map(str::to_owned).collect();
            let place = random.below(words.len());
            let word = &words[place];
            words[place] = match (word.trim_end_matches(';').parse::<i64>(), random.below(4)) {
                (Ok(number), 0) => (number + 1).to_string(),
                (Ok(number), 1) => (number - 1).to_string(),
                (Ok(number), _) => (-number).to_string(),
                (_, 0) => String::new(),
                (_, 1) => ["x1", "x2", "1", "0", "->", ":", "~", ">="][random.below(8)].to_owned(),
                _ => word.strip_prefix('~').map_or_else(|| format!("~{word}"), str::to_owned),
            };
            let line = words.join(" ");
            let line = if line.ends_with(';') || random.one_in(4) { line } else { line + ";" };
            return [&lines[..at], &[&line], &lines[at + 1..]].concat().join("\n");
        }
    }
    lines.join("\n")
}
