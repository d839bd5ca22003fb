//! Mutants of valid proofs: each is refused, or proves something that is true all the same.

use super::proofs::{ALL, Proof};
use super::run;
use checker::certificate::Claim;
use checker::number::exact;
use proptest::prelude::*;

/// Whether a claim is true, given what the model's optimum is.
fn is_true(claim: &Claim, proof: &Proof) -> bool {
    match (claim, proof.optimum) {
        (Claim::Infeasible, optimum) => optimum.is_none(),
        (Claim::Unbounded, optimum) => optimum == Some("unbounded"),
        // The one unbounded model maximises.
        (Claim::Range { upper, .. }, Some("unbounded")) => upper.is_none(),
        (Claim::Range { lower, upper }, Some(optimum)) => {
            let optimum = exact(optimum).unwrap();
            lower.as_ref().is_none_or(|lower| *lower <= optimum) && upper.as_ref().is_none_or(|upper| *upper >= optimum)
        }
        // Without a solution every bound on the dual side is true, and none on the other can be shown.
        (Claim::Range { lower, upper }, None) => lower.is_none() || upper.is_none(),
    }
}

/// Whether the mutant is refused; panics if it proves something false.
fn refused(proof: &Proof, mutant: &str) -> bool {
    match run(proof.model, mutant) {
        Err(_) => true,
        Ok(report) => {
            assert!(is_true(&report.claim, proof), "a false claim was accepted:\n{mutant}");
            false
        }
    }
}

/// What one word may turn into.
fn mutations(word: &str) -> Vec<String> {
    let mut all: Vec<String> = vec![];
    if let Ok(value) = exact(word) {
        let one = checker::Rational::ONE;
        all.extend(
            [&value + &one, &value - &one, -&value, &value + &value, checker::Rational::ZERO].map(|v| v.to_string()),
        );
        all.extend([
            format!("{word}1"),
            format!("-{word}"),
            format!("{word}/2"),
            format!("{word}/0"),
            format!("{word}e1"),
        ]);
    } else {
        let words = [
            "L",
            "G",
            "E",
            "asm",
            "lin",
            "rnd",
            "uns",
            "sol",
            "OBJ",
            "inf",
            "-inf",
            "infeas",
            "range",
            "unbounded",
            "min",
            "max",
        ];
        all.extend(words.map(str::to_owned));
        all.extend(["0", "1", "{", "}", ""].map(str::to_owned));
    }
    all.extend(["%".to_owned(), "x".to_owned(), format!("{word} {word}"), String::new()]);
    all.retain(|mutant| mutant != word);
    all
}

fn words(text: &str) -> Vec<&str> {
    text.lines().flat_map(|line| line.split(' ').chain(["\n"])).collect()
}

#[test]
fn every_word_changed() {
    for proof in &ALL {
        let words = words(proof.certificate);
        let (mut tried, mut accepted) = (0, 0);
        for (at, word) in words.iter().enumerate().filter(|(_, word)| **word != "\n") {
            for mutation in mutations(word) {
                let mut mutant: Vec<&str> = words.clone();
                mutant[at] = &mutation;
                tried += 1;
                accepted += usize::from(!refused(proof, &mutant.join(" ")));
            }
        }
        println!("{tried} mutants, {accepted} of them valid proofs");
        // Names, unused lines, weaker multipliers and the like may change; most of a proof may not.
        assert!(accepted * 4 < tried, "{accepted} of {tried} mutants were accepted");
    }
}

#[test]
fn every_line_dropped_doubled_and_swapped() {
    for proof in &ALL {
        let lines: Vec<&str> = proof.certificate.lines().collect();
        let mut accepted = 0;
        for at in 0..lines.len() {
            let mut dropped = lines.clone();
            dropped.remove(at);
            let mut doubled = lines.clone();
            doubled.insert(at, lines[at]);
            let mut mutants = vec![dropped, doubled];
            for other in 0..at {
                let mut swapped = lines.clone();
                swapped.swap(other, at);
                mutants.push(swapped);
            }
            accepted += mutants.iter().filter(|mutant| !refused(proof, &mutant.join("\n"))).count();
        }
        println!("{accepted} valid");
        assert!(accepted < lines.len() * 3, "{accepted} of {}", lines.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// Several changes at once, numbers swapped between places included.
    #[test]
    fn several_words_changed(
        which in 0..ALL.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>()), 1..4),
    ) {
        let proof = &ALL[which];
        let original = words(proof.certificate);
        let mut mutant: Vec<String> = original.iter().map(|word| (*word).to_owned()).collect();
        for (place, choice, swap) in &changes {
            let at = place.index(mutant.len());
            if *swap {
                mutant[at] = original[choice.index(original.len())].to_owned();
            } else {
                let options = mutations(&mutant[at]);
                mutant[at] = options[choice.index(options.len())].clone();
            }
        }
        refused(proof, &mutant.join(" "));
    }
}
