//! One lie a precondition: formula files, rules, conclusions.

use super::{proof, run};

/// x1 + x2 >= 1, x1 + ~x2 >= 1, ~x1 + x3 >= 1, and 2 x1 + 2 x2 + x3 >= 2; least value of x1 + 2 x3: 3.
const FORMULA: &str = "* a comment\nmin: 1 x1 2 x3 ;\n1 x1 1 x2 >= 1 ;\n@second 1 x1 1 ~x2 >= 1 ;\n1 ~x1 1 x3 >= 1 ;\n2 x1 2 x2 1 x3 >= 2 ;\n";
const STEPS: &str =
    "f 4;\nsoli x1 ~x2 x3;\n@unit rup 1 x1 >= 1;\npol 3 @unit + -1 +;\nred 1 x2 >= 1 : x2 -> 1;\nrup >= 1;";

#[test]
fn the_valid_proof_passes() {
    run(FORMULA, &proof(STEPS, "BOUNDS 3 : -1 3")).unwrap();
    run(FORMULA, &proof(STEPS, "BOUNDS 3 3")).unwrap();
    run(FORMULA, &proof(STEPS, "BOUNDS 2 INF")).unwrap();
    run(FORMULA, &proof("rup >= 0; % a comment ; here\n", "BOUNDS 0 INF")).unwrap();
    run(FORMULA, &proof("", "NONE")).unwrap();
    run("", &proof("f 0;", "NONE")).unwrap();
    run("1 x1 >= 1 ;\n", &proof("sol x1;", "SAT")).unwrap();
    run("1 x1 >= 2 ;\n", &proof("", "UNSAT : 1")).unwrap();
}

fn refused(formula: &str, proof: &str, line: u64, word: &str) {
    match run(formula, proof) {
        Ok(report) => panic!("accepted {report:?}:\n{formula}{proof}"),
        Err(error) => {
            assert!(error.to_string().contains(word), "{error}, not {word:?}:\n{formula}{proof}");
            // Where a file ends is its last line or the one after it.
            assert!(error.line() == line || word.contains("the file ends"), "{error}:\n{proof}");
        }
    }
}

#[test]
fn formulas() {
    let good = proof("", "NONE");
    for (formula, word) in [
        ("min: 1 x1\n", "the file ends where a coefficient or `;`"),
        ("min 1 x1 ;\n", "expected `:`"),
        ("min: 1 x1 3 4 ;\n", "a literal"),
        ("min: 3 1 x1 ;\n", "a literal"),
        ("min: 1 x1 3 1 x2 ;\n", "expected a literal"),
        ("min: 0 x1 ;\n", "a coefficient of 0"),
        ("min: 1 x1 1 ~x1 ;\n", "twice"),
        ("max: 1 x1 ;\n", "expected a coefficient"),
        ("1 x1 >= 1\n", "the file ends"),
        ("1 x1 = 1 ;\n", "expected a coefficient or `>=`"),
        ("1 x1 <= 1 ;\n", "expected a coefficient or `>=`"),
        ("1 x1 1 x1 >= 1 ;\n", "twice"),
        ("0 x1 >= 1 ;\n", "a coefficient of 0"),
        ("01 x1 >= 1 ;\n", "expected a coefficient"),
        ("1.5 x1 >= 1 ;\n", "expected a coefficient"),
        ("x1 >= 1 ;\n", "expected a coefficient"),
        ("1 x >= 1 ;\n", "expected a literal"),
        ("1 ~~x1 >= 1 ;\n", "expected a literal"),
        ("1 1x >= 1 ;\n", "expected a literal"),
        ("1 xé >= 1 ;\n", "expected a literal"),
        ("1 x1 >= 1 : 2 ;\n", "expected `;`"),
        ("@ 1 x1 >= 1 ;\n", "expected a label"),
        ("@a 1 x1 >= 1 ; @a 1 x2 >= 1 ;\n", "label `@a` stands twice"),
        ("99999999999999999999 x1 >= 1 ;\n", "2^60"),
        ("1152921504606846976 x1 1 x2 >= 1 ;\n", "2^60"),
        ("1 x1 >= -1152921504606846977 ;\n", "2^60"),
        ("1 x1 >= 1 ; min: 1 x1 ;\n", "expected a coefficient"),
    ] {
        refused(formula, &good, 1, word);
    }
    assert!(run("\u{1}\u{2}", &good).is_err());
}

#[test]
fn frames() {
    let good = proof("f 4;", "NONE");
    for (from, to, line, word) in [
        ("version 3.0", "version 2.0", 1, "`3.0`"),
        ("pseudo-Boolean proof", "pseudo-boolean proof", 1, "`pseudo-Boolean`"),
        ("3.0\n", "3.0 ", 1, "first line, alone"),
        ("pseudo-Boolean proof v", "% comment\npseudo-Boolean proof v", 3, "first line, alone"),
        ("f 4", "f 3", 2, "4 constraints, not 3"),
        ("f 4", "@a f 4", 2, "a label before a rule"),
        ("f 4", "f -4", 2, "not -4"),
        ("f 4;", "f 4", 3, "expected `;`"),
        ("f 4;", "", 3, ""),
        ("output NONE", "output DERIVABLE IMPLICIT", 3, "`NONE`"),
        ("output NONE;\n", "", 3, "a rule"),
        ("conclusion NONE;\n", "", 4, "`conclusion`"),
        ("conclusion NONE", "conclusion PROBABLY", 4, "NONE, SAT"),
        ("end pseudo", "", 5, "`end`"),
        ("proof;\n", "proof", 5, "the file ends"),
        ("proof;\n", "proof; more", 5, "text after the end"),
    ] {
        let mutant = good.replacen(from, to, 1);
        assert_ne!(mutant, good);
        if !word.is_empty() {
            refused(FORMULA, &mutant, line, word);
        }
    }
}

/// Each step alone before the conclusion NONE.
#[test]
fn steps() {
    for (step, word) in [
        ("rup 1 x2 >= 1;", "rup"),
        ("rup 1 x1 1 x2 >= 2;", "rup"),
        ("rup 1 x1 >= 1 : 1;", "rup"),
        ("rup 1 x1 >= 1 : 1 2 9;", "no constraint 9"),
        ("rup 1 x1 >= 1 : 1 @third;", "no label"),
        ("rup 1 x1 >= 1 : 0;", "no constraint 0"),
        ("rup 1 x1 >= 1 : -5;", "no constraint -5"),
        ("rup 1 x1 = 1;", "expected a coefficient"),
        ("rup 1 x1 ==> 1 x2 >= 1;", "expected a coefficient"),
        ("rup 1 x1 >= 1", "expected `;`"),
        ("pol 9;", "no constraint 9"),
        ("pol 1 2;", "does not end with one"),
        ("pol ;", "an operand is missing"),
        ("pol 1 +;", "an operand is missing"),
        ("pol 1 0 *;", "a positive number"),
        ("pol 1 -1 *;", "a positive number"),
        ("pol 1 x1 *;", "a positive number"),
        ("pol 1 0 d;", "a positive number"),
        ("pol 1 2 + d;", "a positive number"),
        ("pol 1 ~x1 w;", "`w` needs a variable"),
        ("pol 1 2 w;", "`w` needs a variable"),
        ("pol s;", "an operand is missing"),
        ("pol 1 x;", "expected a literal"),
        ("pol 1 2 m;", "expected a literal"),
        ("pol 4 1152921504606846976 *;", "2^60"),
        ("pol 1 9223372036854775808 *;", "2^60"),
        ("red 1 ~x1 >= 1 : x1 -> 0;", "constraint 1 does not follow"),
        ("red 1 ~x3 >= 1 : x3 -> 0;", "constraint 3 does not follow"),
        ("red 1 x2 >= 1 : x2 -> 0;", "the constraint does not follow"),
        ("red 1 x2 >= 1 : x2 -> x1 x1 -> x2;", "does not follow"),
        ("red 1 x2 >= 1;", "a witness"),
        ("red 1 x2 >= 1 : ;", "without variables"),
        ("red 1 x2 >= 1 : x2 -> 2;", "expected a literal"),
        ("red 1 x2 >= 1 : x2;", "expected a literal"),
        ("red 1 x2 >= 1 : ~x2 -> 1;", "expected a variable"),
        ("red 1 x2 >= 1 : x2 -> 1 x2 -> 1;", "twice"),
        ("red 1 x2 >= 1 : x2 -> 1 : subproof qed;", "subproofs"),
        ("soli x1 x2;", "leaves a variable of the objective open"),
        ("soli x1 x3;", "accepted"),
        ("soli ~x1 x2 x3;", "does not satisfy constraint 2"),
        ("soli x1 x2 ~x3;", "does not satisfy constraint 3"),
        ("soli x1 x2 x3 ~x3;", "twice"),
        ("soli x1 x2 x3 : 4;", "has the value 3"),
        ("soli x1 x2 x3 : ;", "expected the value"),
        ("soli x1 x2 x3; soli x1 x2 x3;", "does not satisfy constraint 5"),
        ("sol ~x1 x2 x3;", "does not satisfy"),
        ("@a sol x1 x2 x3;", "a label before a rule"),
        ("del id 1;", "must not be deleted"),
        ("soli x1 x2 x3; del id 5;", "must not be deleted"),
        ("rup >= 0; del id 5 5;", "was deleted"),
        ("rup 1 x1 >= 1; del id 5; pol 5;", "was deleted"),
        ("rup 1 x1 >= 1; del id 5; rup 1 x1 >= 1 : 5;", "was deleted"),
        ("rup 1 x1 >= 1; del id 6;", "no constraint 6"),
        ("rup >= 0; del range 4 6;", "must not be deleted"),
        ("rup >= 0; del range 6 5;", "no constraint 6"),
        ("rup >= 0; rup >= 0; del range 6 5;", "the range is empty"),
        ("rup >= 0; del range 5 7;", "no constraint 7"),
        ("del spec 1 x1 >= 1;", "no live constraint is this one"),
        ("rup 1 x1 >= 1; rup 1 x1 >= 1; del spec 1 x1 >= 1;", "several"),
        ("del spec 1 x1 1 x2 >= 1;", "must not be deleted"),
        ("del 1;", "id, range or spec"),
        ("@a rup >= 0; @a rup >= 0;", "label `@a` stands twice"),
        ("@second rup >= 0;", "label `@second` stands twice"),
        ("a 1 x2 >= 1;", "expected a rule"),
        ("ia 1 x1 >= 1 : 1;", "expected a rule"),
        ("dom 1 x1 >= 1 : x1 -> 1;", "expected a rule"),
        ("obju new 1 x1;", "expected a rule"),
        ("core id 1;", "expected a rule"),
        ("obji 0;", "expected a rule"),
        ("fail;", "expected a rule"),
    ] {
        let proof = proof(step, "NONE");
        match word {
            // x2 need not be assigned: every constraint holds without it.
            "accepted" => drop(run(FORMULA, &proof).unwrap()),
            _ => refused(FORMULA, &proof, if step.ends_with(';') { 2 } else { 3 }, word),
        }
    }
    refused("1 x1 >= 1 ;\n", &proof("soli x1;", "NONE"), 2, "no objective");
    let dearer = proof("red 1 x1 >= 1 : x1 -> 1;", "NONE");
    refused("min: 1 x1 ;\n1 x1 1 x2 >= 1 ;\n", &dearer, 2, "the objective does not follow");
    run("min: 1 x2 ;\n1 x1 1 x2 >= 1 ;\n", &dearer).unwrap();
}

#[test]
fn conclusions() {
    let solved = "soli x1 ~x2 x3;";
    for (steps, conclusion, word) in [
        (STEPS, "BOUNDS 4 3", "below the lower bound 4"),
        (STEPS, "BOUNDS 4 INF", "below the lower bound 4"),
        (STEPS, "BOUNDS 3 2", "upper bound"),
        (STEPS, "BOUNDS 3 4", "upper bound"),
        (STEPS, "BOUNDS 3 : 1 3", "at least 3"),
        (STEPS, "BOUNDS 3 : 99 3", "no constraint 99"),
        (STEPS, "BOUNDS INF INF", "a solution was logged"),
        (STEPS, "BOUNDS INF 3", "finite upper bound"),
        (STEPS, "BOUNDS 3", "expected an upper bound"),
        (STEPS, "BOUNDS -INF 3", "a lower bound"),
        (STEPS, "SAT", "no conclusion about a formula with an objective"),
        (STEPS, "UNSAT", "no conclusion about a formula with an objective"),
        (solved, "BOUNDS 3 3", "at least 3"),
        (solved, "BOUNDS 1 3", "at least 1"),
        ("", "BOUNDS 0 3", "upper bound"),
        ("", "BOUNDS INF INF", "contradiction"),
        ("rup 1 x1 >= 1;", "BOUNDS 2 INF", "at least 2"),
        ("rup 1 x1 >= 1;", "BOUNDS 1 : 1 INF", "at least 1"),
    ] {
        let line = 2 + steps.lines().count().max(1) as u64 + 1;
        refused(FORMULA, &proof(steps, conclusion), line, word);
    }
    let without = "1 x1 1 x2 >= 1 ;\n1 ~x1 >= 1 ;\n";
    for (formula, steps, conclusion, word) in [
        (without, "", "SAT", "no solution"),
        (without, "", "UNSAT", "contradiction"),
        (without, "", "UNSAT : 1", "contradiction"),
        (without, "", "BOUNDS 0 INF", "no objective"),
        (without, "sol ~x1 x2;", "UNSAT", "a solution was logged"),
        // Refuted by propagation is not yet a contradiction that stands there.
        ("1 x1 >= 1 ;\n1 ~x1 >= 1 ;\n", "", "UNSAT", "contradiction"),
    ] {
        refused(formula, &proof(steps, conclusion), 4, word);
    }
    run("1 x1 >= 1 ;\n1 ~x1 >= 1 ;\n", &proof("rup >= 1;", "UNSAT : 3")).unwrap();
    // An empty formula proves nothing, not even that a sum of positive terms is not negative.
    refused("min: 1 x1 ;\n", &proof("", "BOUNDS 0 INF"), 4, "at least 0");
}

/// A deleted constraint that propagated on its own takes with it what followed.
#[test]
fn deletion_takes_back_propagation() {
    let formula = "1 x1 1 x2 >= 1 ;\n1 ~x1 1 x3 >= 1 ;\n1 x4 1 x5 >= 1 ;\n";
    let steps = "red 1 x1 >= 1 : x1 -> 1 x3 -> 1;\nrup 1 x3 >= 1;\ndel id 5;\nrup 1 x3 >= 1;\ndel id 4 6;\n";
    run(formula, &proof(steps, "NONE")).unwrap();
    refused(formula, &proof(&format!("{steps}rup 1 x3 >= 1;"), "NONE"), 7, "rup");
    let contradictory = "1 x1 1 x2 >= 1 ;\n1 x1 1 ~x2 >= 1 ;\n";
    let steps = "red 1 x3 1 x4 >= 1 : x3 -> 1;\nred 1 x3 >= 1 : x3 -> 1;\nred 1 x4 >= 1 : x4 -> 1;\ndel id 4;\n";
    run(contradictory, &proof(&format!("{steps}rup 1 x1 1 x5 >= 1;"), "NONE")).unwrap();
    refused(contradictory, &proof(&format!("{steps}rup 1 x3 >= 1;"), "NONE"), 6, "rup");
}

/// Labels put copies of a constraint on the stack: a short line may not take more memory than it has bytes for.
#[test]
fn copies_on_the_stack() {
    let variables = 3000;
    let sum: String = (0..variables).map(|j| format!("1 x{j} ")).collect();
    let formula = format!("@a {sum}>= 1 ;\n");
    let steps = format!("f 1;\npol {};", "@a ".repeat(9000));
    let budget = checker::Budget::default();
    let source = |name: &'static str, text: &str| {
        checker::Source::new(name, std::io::Cursor::new(text.to_owned())).within(&budget)
    };
    let text = super::proof(&steps, "NONE");
    let error = checker::boolean::check(source("formula.opb", &formula), source("proof.pbp", &text)).unwrap_err();
    assert!(error.leaves_unproven() && !error.is_refutation(), "{error}");
    let bytes = formula.len() + text.len();
    assert!(budget.most_held() <= checker::limits::HELD + checker::limits::HELD_PER_BYTE * bytes, "{budget:?}");
}
