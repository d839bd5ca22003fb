//! One lie in each: every precondition of every rule and section.

use super::proofs::{BOUND, BRANCH, CUTOFF, CUTS, FRACTIONAL_CUTOFF, NESTED, PRIMAL, Proof, RAY};
use super::run;

/// Replaces `from` (which stands once) by `to`; the checker must refuse the result at `line` with `word` in its message.
fn refused(proof: Proof, from: &str, to: &str, line: u64, word: &str) {
    assert_eq!(proof.certificate.matches(from).count(), 1, "`{from}` must stand once");
    let broken = proof.certificate.replace(from, to);
    match run(proof.model, &broken) {
        Ok(report) => panic!("`{from}` -> `{to}` was accepted: {report:?}"),
        Err(error) => {
            assert!(error.to_string().contains(word), "`{from}` -> `{to}`: {error}");
            assert_eq!(error.line(), line, "`{from}` -> `{to}`: {error}");
        }
    }
}

#[test]
fn version() {
    refused(CUTS, "VER 1.0", "VER 1.2", 2, "version");
    refused(CUTS, "VER 1.0", "VER", 3, "version");
    refused(CUTS, "VER 1.0\n", "", 2, "`VER`");
}

#[test]
fn var() {
    refused(CUTS, "VAR 2 x", "VAR 3 x w", 3, "3 variables");
    refused(CUTS, "VAR 2 x", "VAR 1 x", 3, "1 variables");
    refused(CUTS, "VAR 2 x", "VAR 2 w", 3, "no variable `w`");
    refused(CUTS, "VAR 2 x", "VAR 2 y", 4, "twice");
    refused(CUTS, "VAR 2", "VAR 99999999999999999999999", 3, "number of variables");
    refused(CUTS, "VAR 2", "VAR -2", 3, "number of variables");
}

#[test]
fn int() {
    refused(CUTS, "INT 2 0 1", "INT 1 0", 5, "1 integer variables");
    refused(CUTS, "INT 2 0 1", "INT 2 0 0", 5, "twice");
    refused(CUTS, "INT 2 0 1", "INT 2 0 2", 5, "variable 2");
    refused(BRANCH, "INT 1 1", "INT 1 0", 3, "continuous");
    refused(BRANCH, "INT 1 1", "INT 2 1 0", 3, "2 integer variables");
}

#[test]
fn obj() {
    refused(CUTS, "OBJ min", "OBJ max", 6, "other direction");
    refused(CUTS, "OBJ min", "OBJ least", 6, "min or max");
    refused(CUTS, "2 0 1 1 1\nCON", "2 0 1 1 2\nCON", 6, "objective");
    refused(CUTS, "2 0 1 1 1\nCON", "1 0 1\nCON", 6, "objective");
    refused(CUTS, "2 0 1 1 1\nCON", "3 0 1 1 1 0 0\nCON", 6, "twice");
}

#[test]
fn con() {
    refused(CUTS, "c1 G 1 ", "c1 G 2 ", 8, "no row");
    refused(CUTS, "c1 G 1 ", "c1 L 1 ", 8, "no row");
    refused(CUTS, "c1 G 1 ", "c1 E 1 ", 8, "no row");
    refused(CUTS, "c1 G 1 ", "c1 N 1 ", 8, "sense");
    refused(CUTS, "2 0 4 1 1\n", "2 0 4 1 2\n", 8, "no row");
    refused(CUTS, "2 0 4 1 1\n", "2 0 4 5 1\n", 8, "variable 5");
    refused(CUTS, "2 0 4 1 1\n", "1 0 4\n", 8, "no row");
    refused(CUTS, "c1 G 1 2 0 4 1 1\n", "c1 G 2 2 0 8 1 2\n", 8, "no row");
    refused(CUTS, "c1 G 1 2 0 4 1 1\n", "c1 L -1 2 0 -4 1 -1\n", 8, "no row");
    refused(CUTS, "CON 2 0\nc1 G 1 2 0 4 1 1\n", "CON 1 0\n", 8, "lacks a side of the model's row `c1`");
    refused(CUTS, "CON 2 0\n", "CON 3 0\nc1 G 1 2 0 4 1 1\n", 9, "twice");
    refused(CUTS, "CON 2 0\n", "CON 3 0\nc0 L 100 1 0 1\n", 8, "no row");
    refused(CUTS, "CON 2 0\n", "CON 2 1\n", 8, "no bound");
    refused(BRANCH, "CON 5 4\nlk G 0 1 1 1\n", "CON 4 3\n", 9, "lacks a bound of the model's variable `k`");
    refused(BRANCH, "CON 5 4", "CON 5 3", 9, "no row");
    refused(BRANCH, "CON 5 4", "CON 5 5", 10, "no bound");
    refused(BRANCH, "lz G 0", "lz G 1/2", 8, "no bound");
    refused(BOUND, "f E 2", "f G 2", 7, "lacks a bound");
    refused(FRACTIONAL_CUTOFF, "CON 6 4", "CON 5 4", 10, "lacks a side of the model's row `r`");
}

#[test]
fn rtp() {
    refused(CUTS, "RTP range 1 1", "RTP rang 1 1", 10, "infeas, range or unbounded");
    refused(CUTS, "RTP range 1 1", "RTP range 1 1/2", 10, "empty");
    refused(CUTS, "RTP range 1 1", "RTP range inf inf", 10, "lower bound");
    refused(CUTS, "RTP range 1 1", "RTP infeas", 13, "not infeasible");
    refused(CUTS, "RTP range 1 1", "RTP range 5/4 2", 18, "does not bound");
    refused(CUTS, "RTP range 1 1", "RTP range 1 1/0", 10, "zero denominator");
    refused(BRANCH, "range 2.5 5/2", "range 2 2", 18, "does not bound");
    refused(BOUND, "range 8 inf", "range 8.1 inf", 12, "does not bound");
}

#[test]
fn sol_section() {
    refused(CUTS, "best 1 1 1", "best 1 1 3/2", 13, "integrality of `y`");
    refused(CUTS, "best 1 1 1", "best 1 1 0", 13, "row `c1`");
    refused(CUTS, "best 1 1 1", "best 2 1 1 1 1", 13, "twice");
    refused(CUTS, "best 1 1 1", "best 1 2 1", 13, "variable 2");
    refused(CUTS, "SOL 2\nsome 2 0 1 1 2\nbest 1 1 1\n", "SOL 1 some 2 0 1 1 2\n", 11, "no solution meets");
    refused(CUTS, "SOL 2\nsome 2 0 1 1 2\nbest 1 1 1\n", "SOL 0\n", 11, "no solution meets");
    refused(BRANCH, "0 0.5", "0 0.6", 12, "row `c`");
    refused(BRANCH, "0 0.5", "0 0.4", 12, "no solution meets");
    refused(BRANCH, "2 1 1 0 0.5", "1 1 -1", 12, "bounds of `k`");
    refused(NESTED, "SOL 0", "SOL 1 no 1 1 1.5", 12, "integrality");
    refused(PRIMAL, "range -inf 3", "range -inf 1/2", 11, "no solution meets");
}

/// Both preconditions of `RTP unbounded`: a solution, and a ray that nothing stops and that improves the objective.
#[test]
fn unbounded() {
    let (start, ray) = ("start 2 0 1 2 1", "RAY 2 0 1 2 2/3");
    refused(RAY, start, "start 2 0 1/2 2 2/3", 14, "integrality of `k`");
    refused(RAY, start, "start 2 0 1 2 2", 14, "row `c`");
    refused(RAY, start, "start 3 0 1 2 1 3 5", 14, "bounds of `w`");
    refused(RAY, "SOL 1\nstart 2 0 1 2 1\n", "SOL 0\n", 13, "no solution to start from");
    refused(RAY, ray, "RAY 0", 15, "does not improve");
    refused(RAY, ray, "RAY 3 0 1 2 2/3 1 -3", 15, "bound of `y`");
    refused(RAY, ray, "RAY 2 0 -1 2 -2/3", 15, "bound of `k`");
    refused(RAY, ray, "RAY 3 0 1 2 2/3 3 1", 15, "bound of `w`");
    refused(RAY, ray, "RAY 2 0 1 2 1", 15, "row `c`");
    refused(RAY, ray, "RAY 2 0 1 2 1/2", 15, "row `c`");
    refused(RAY, ray, "RAY 3 0 1 2 2/3 1 2", 15, "row `r`");
    refused(RAY, ray, "RAY 2 0 1 2 2/0", 15, "zero denominator");
    refused(RAY, ray, "RAY 2 0 1 4 2/3", 15, "variable 4");
    refused(RAY, ray, "RAY 2 0 1 0 2/3", 15, "twice");
    refused(RAY, ray, "RAY 2 0 1 2 2/3 1 0", 15, "`DER`");
    refused(RAY, ray, "", 16, "`RAY`");
    refused(RAY, "DER 0", "DER 1 a G 0 1 0 1 { asm } -1", 16, "no derivation");
    refused(RAY, "DER 0", "", 15, "ends where");
    refused(RAY, "RTP unbounded", "RTP range 5 inf", 14, "no solution meets");
    // Only this claim has a ray, and without one it claims nothing of the dual side.
    refused(RAY, "RTP unbounded", "RTP range 2 inf", 15, "`DER`");
    refused(PRIMAL, "DER 0", "RAY 1 0 -1\nDER 0", 12, "`DER`");
    refused(PRIMAL, "RTP range -inf 3", "RTP unbounded", 12, "`RAY`");
    refused(NESTED, "RTP infeas", "RTP unbounded", 12, "no solution to start from");
}

#[test]
fn asm() {
    // A bound that is only assumed.
    refused(CUTS, "bound G 1 OBJ { rnd 1 4 1 } 0", "bound G 1 OBJ { asm } 0", 18, "still assumes");
    // An assumption that a combination inherits.
    refused(CUTS, "half G -1/2 1 1 1 { lin 2 0 1/2 1 -1/2 } 3", "half G 0 1 1 1 { asm } 3", 18, "still assumes");
    refused(BRANCH, "uns 7 5 8 6", "lin 1 7 1", 18, "still assumes");
    refused(BRANCH, "{ asm } -1\nup", "{ asm 3 } -1\nup", 14, "`}`");
}

#[test]
fn lin() {
    refused(CUTS, "lin 2 0 1/2 1 -1/2", "lin 2 0 1/2 1 1/2", 15, "wrong sign");
    refused(CUTS, "lin 2 0 1/2 1 -1/2", "lin 2 0 1/2 1 -1/3", 15, "coefficient");
    refused(CUTS, "lin 2 0 1/2 1 -1/2", "lin 2 0 1/2 0 -1/2", 15, "two multipliers");
    refused(CUTS, "lin 2 0 1/2 1 -1/2", "lin 2 0 1/2 2 -1/2", 15, "not derived yet");
    refused(CUTS, "lin 2 0 1/2 1 -1/2", "lin 1 2 1", 15, "not derived yet");
    refused(CUTS, "lin 2 0 1/2 1 -1/2", "lin 0", 15, "coefficient");
    refused(CUTS, "lin 2 0 1/2 1 -1/2", "lin 2 0 -1/2 1 1/2", 15, "other sense");
    refused(CUTS, "half G -1/2", "half G -1/3", 15, "right side");
    refused(CUTS, "half G -1/2", "half E -1/2", 15, "other sense");
    refused(CUTS, "half G -1/2", "half L -1/2", 15, "other sense");
    // Released before it is used.
    refused(CUTS, "-1/2 } 3", "-1/2 } 2", 16, "released");
    refused(CUTS, "-1/2 } 3", "-1/2 } 0", 16, "released");
    // Numbers.
    refused(CUTS, "lin 2 0 1/2", "lin 2 0 1/0", 15, "zero denominator");
    refused(CUTS, "lin 2 0 1/2", "lin 2 0 1e6000", 15, "exponent");
    refused(CUTS, "lin 2 0 1/2", "lin two 0 1/2", 15, "number of multipliers");
    refused(CUTS, "lin 2 0 1/2", "lin 2 -1 1/2", 15, "constraint index");
    refused(CUTS, "lin 2 0 1/2 1 -1/2 }", "lin 2 0 1/2 1 -1/2", 15, "`}`");
    // A contradiction dominates all, but this is none.
    refused(BRANCH, "right L -1 0 { lin 3 4 1 6 -2 2 -2 }", "right L -1 0 { lin 3 4 0 6 -2 2 -2 }", 17, "coefficient");
    refused(BOUND, "lin 2 1 1 0 4", "lin 2 1 1 0 3", 11, "coefficient");
    refused(BOUND, "same E 17/2", "same E 8", 11, "right side");
}

#[test]
fn rnd() {
    // A multiplier that makes a coefficient fractional.
    refused(CUTS, "y G 0 1 1 1 { rnd 1 2 1 }", "y G 0 1 1 1/2 { rnd 1 2 1/2 }", 16, "not whole");
    // Rounding goes up for `G`, and only to the next whole number.
    refused(CUTS, "y G 0 1 1 1 { rnd 1 2 1 }", "y G 1 1 1 1 { rnd 1 2 1 }", 16, "right side");
    refused(CUTS, "y G 0 1 1 1 { rnd 1 2 1 }", "y G 0 1 1 1 { lin 1 2 1 }", 16, "right side");
    refused(CUTS, "rnd 1 4 1", "rnd 1 4 -1", 18, "other sense");
    refused(CUTS, "rnd 1 4 1", "rnd 1 6 1", 18, "not derived yet");
    refused(CUTS, "rnd 1 4 1", "rnd weak { 0 } 1 4 1", 18, "number of multipliers");
    // A continuous variable: 2 k + z <= 5/2 is not 2 k + z <= 2.
    refused(
        BRANCH,
        "left L 5/2 OBJ { lin 2 4 1/2 5 1 } -1",
        "left L 2 OBJ { rnd 2 4 1/2 5 1 } -1",
        16,
        "variable `z` is continuous",
    );
    // An equation: x + 3 f = 17/2 rounded to 9.
    let whole = Proof { model: "min\n x\nst\n e: 2 x = 3\nbounds\n x free\ngenerals\n x\nend", ..BOUND };
    let certificate = "VER 1.1 VAR 1 x INT 1 0 OBJ min 1 0 1 CON 1 0 e E 3 1 0 2 RTP range 2 inf SOL 0 DER 1\n\
        bound G 2 OBJ { rnd 1 0 1/2 } -1";
    let error = run(whole.model, certificate).unwrap_err();
    assert!(error.to_string().contains("equation"), "{error}");
}

#[test]
fn uns() {
    refused(BRANCH, "uns 7 5 8 6", "uns 7 5 7 6", 18, "still assumes");
    refused(BRANCH, "uns 7 5 8 6", "uns 7 6 8 5", 18, "still assumes");
    refused(BRANCH, "uns 7 5 8 6", "uns 4 5 8 6", 18, "does not dominate");
    refused(BRANCH, "uns 7 5 8 6", "uns 7 5 4 6", 18, "does not dominate");
    refused(BRANCH, "uns 7 5 8 6", "uns 7 5 9 6", 18, "not derived yet");
    refused(BRANCH, "uns 7 5 8 6", "uns 7 5 8 9", 18, "not derived yet");
    refused(BRANCH, "uns 7 5 8 6", "uns 7 5 8 5", 18, "one `L` and one `G`");
    refused(BRANCH, "uns 7 5 8 6", "uns 7 5 8 2", 18, "different linear forms");
    refused(BRANCH, "uns 7 5 8 6", "uns 7 5 8", 18, "assumption index");
    refused(BRANCH, "best L 25e-1", "best L 24e-1", 18, "does not dominate");
    // The right side still follows, from tighter assumptions, but the two no longer cover the whole numbers.
    refused(BRANCH, "up G 2 ", "up G 3 ", 18, "gap or overlap");
    refused(BRANCH, "up G 2 ", "up G 1.75 ", 18, "gap or overlap");
    refused(BRANCH, "up G 2 ", "up L 2 ", 17, "wrong sign");
    // A released side.
    refused(BRANCH, "up G 2 1 1 1 { asm } -1", "up G 2 1 1 1 { asm } 8", 18, "released");
    refused(NESTED, "b1 L 1 1 1 1 { asm } 11", "b1 L 1 1 1 1 { asm } 8", 20, "released");
}

/// Splits that do not cover all points: fractional bounds, fractional coefficients, continuous variables.
#[test]
fn uns_needs_whole_disjunctions() {
    let proof = |variable: &str, split: &str| {
        format!(
            "VER 1.1 VAR 2 k z INT 1 0 OBJ min 1 0 1 CON 4 4 lk G 0 1 0 1 uk L 5 1 0 1 lz G 0 1 1 1 uz L 1 1 1 1\n\
             RTP range 0 inf SOL 0 DER 3 low L {split} {{ asm }} -1\n\
             high G {variable} {{ asm }} -1\n\
             bound G 0 OBJ {{ uns 0 4 0 5 }} -1"
        )
    };
    let model = "min\n k + 0 z\nst\nbounds\n k <= 5\n z <= 1\ngenerals\n k\nend";
    assert!(run(model, &proof("2 1 0 1", "1 1 0 1")).is_ok());
    for (high, low, word) in [
        ("3/2 1 0 1", "1/2 1 0 1", "not whole"),
        ("2 1 0 1/2", "1 1 0 1/2", "not whole"),
        ("1 1 1 1", "0 1 1 1", "continuous"),
        ("2 2 0 1 1 1", "1 2 0 1 1 1", "continuous"),
    ] {
        let error = run(model, &proof(high, low)).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn sol_rule() {
    refused(CUTOFF, "better L 1 OBJ", "better L 0 OBJ", 16, "best solution has objective 2");
    refused(CUTOFF, "better L 1 OBJ", "better G 1 OBJ", 16, "side of better solutions");
    refused(CUTOFF, "better L 1 OBJ", "better E 1 OBJ", 16, "side of better solutions");
    refused(CUTOFF, "better L 1 OBJ", "better L 1 1 0 1", 16, "bound the objective");
    // Without a solution there is no cutoff.
    refused(CUTOFF, "range 2 2\nSOL 2\nfar 2 0 9 1 9\nnear 1 0 2\n", "range 2 inf\nSOL 0\n", 14, "no solution in SOL");
    // A worse solution gives a weaker cutoff.
    refused(
        CUTOFF,
        "range 2 2\nSOL 2\nfar 2 0 9 1 9\nnear 1 0 2\n",
        "range 2 18\nSOL 1\nfar 2 0 9 1 9\n",
        15,
        "best solution has objective 18",
    );
    // The contradiction says nothing of points that are as good as the solution.
    refused(CUTOFF, "RTP range 2 2", "RTP range 3 inf", 17, "short of 3");
    refused(CUTOFF, "RTP range 2 2", "RTP range 2.5 3", 17, "short of");
    // For an objective that is not whole, better means more than the solution, not more than the next whole number.
    refused(FRACTIONAL_CUTOFF, "better G 3/2", "better G 2", 16, "best solution has objective 3/2");
    refused(FRACTIONAL_CUTOFF, "better G 3/2", "better L 3/2", 16, "side of better solutions");
}

/// A contradiction that rests on a cutoff proves neither infeasibility nor whatever bound one likes.
#[test]
fn a_cutoff_is_no_contradiction() {
    let certificate = |claim: &str, solutions: &str, steps: &str| {
        format!(
            "VER 1.1 VAR 1 x INT 1 0 OBJ min 1 0 1 CON 2 2 lx G 0 1 0 1 ux L 9 1 0 1 RTP {claim} SOL {solutions} {steps}"
        )
    };
    let model = "min\n x\nst\nbounds\n x <= 9\ngenerals\n x\nend";
    let steps = "DER 2 cut L -1 OBJ { sol } -1 no G 1 0 { lin 2 0 1 2 -1 } -1";
    assert!(run(model, &certificate("range 0 0", "1 zero 0", steps)).is_ok());
    for (claim, solutions) in [("infeas", "1 zero 0"), ("range 1 inf", "1 zero 0"), ("range 100 inf", "1 zero 0")] {
        let error = run(model, &certificate(claim, solutions, steps)).unwrap_err();
        assert!(error.is_refutation(), "{error}");
    }
    // Of two cutoffs the tighter one counts, whatever its multiplier.
    for zero in ["3 0", "3 -0.0"] {
        let steps = format!(
            "DER 3 cut L -1 OBJ {{ sol }} -1 far L 100 OBJ {{ sol }} -1 no G 1 0 {{ lin 3 0 1 2 -1 {zero} }} -1"
        );
        assert!(run(model, &certificate("range 0 0", "1 zero 0", &steps)).is_ok());
        assert!(run(model, &certificate("range 1 inf", "1 zero 0", &steps)).is_err());
    }
    // Through rounding, splitting and further combinations, the cutoff stays.
    let steps = "DER 6 cut L -1 OBJ { sol } -1 a L 4 1 0 1 { asm } -1 b G 5 1 0 1 { asm } -1 \
        no G 1 0 { rnd 2 0 1 2 -1 } -1 both G 1 0 { uns 5 3 5 4 } -1 end G 100 OBJ { lin 1 6 1 } -1";
    assert!(run(model, &certificate("range 0 0", "1 zero 0", steps)).is_ok());
    let error = run(model, &certificate("range 1 inf", "1 zero 0", steps)).unwrap_err();
    assert!(error.to_string().contains("better than a solution"), "{error}");
}

#[test]
fn incomplete_derivations() {
    refused(CUTS, "lin 2 0 1/2 1 -1/2", "lin weak { 0 } 2 0 1/2 1 -1/2", 15, "complete it");
    refused(CUTS, "lin 2 0 1/2 1 -1/2", "lin incomplete 0 1", 15, "complete it");
}

#[test]
fn der_section() {
    refused(CUTS, "{ rnd 1 4 1 }", "{ cut 1 4 1 }", 18, "a reason");
    refused(CUTS, "{ rnd 1 4 1 }", "rnd 1 4 1 }", 18, "`{`");
    refused(CUTS, "{ rnd 1 4 1 } 0", "{ rnd 1 4 1 }", 18, "last use");
    refused(CUTS, "{ rnd 1 4 1 } 0", "{ rnd 1 4 1 } -2", 18, "last use");
    refused(CUTS, "{ rnd 1 4 1 } 0", "{ rnd 1 4 1 } 0 more", 18, "end of the file");
    refused(CUTS, "DER 4", "DER 3", 18, "end of the file");
    refused(CUTS, "DER 4", "DER 5", 18, "ends where");
    refused(CUTS, "DER 4", "DER 18446744073709551615", 18, "ends where");
    refused(CUTS, "DER 4", "DRE 4", 14, "`DER`");
    // The last derivation must be the proof, not an earlier one.
    refused(CUTS, "1 } 0\n", "1 } 0\nafter G 0 1 1 1 { lin 1 3 1 } -1\n", 19, "end of the file");
    refused(NESTED, "end G 1 0 { uns 11 5 16 6 }", "end G -1 0 { lin 0 }", 26, "no contradiction");
    refused(
        BOUND,
        "DER 2\nsame E 17/2 OBJ { lin 2 1 1 0 4 } 3\nbound G 8 OBJ { lin 1 2 1 } -1\n",
        "DER 0\n",
        10,
        "no derivation",
    );
    refused(BOUND, "bound G 8 OBJ", "bound G 8 2 0 1 1 2", 12, "coefficient");
}

#[test]
fn hostile_sizes() {
    let long = format!("half G {} ", "9".repeat(checker::limits::NUMBER_CHARS + 1));
    refused(CUTS, "half G -1/2 ", &long, 15, "longer than");
    // Each step squares the denominator's size; the limit ends it.
    let mut certificate =
        String::from("VER 1.1 VAR 1 x INT 0 OBJ min 0 CON 1 1 lx G 0 1 0 1 RTP range 0 inf SOL 0 DER 1\n s G 1 1 0 ");
    let digits = "7".repeat(90_000);
    certificate.push_str(&format!("{digits} {{ lin 1 0 1/{digits} }} -1"));
    let error = run("min\n x\nst\nend", &certificate).unwrap_err();
    assert!(!error.to_string().is_empty());
    for text in ["", "%", "% VER 1.0", "\u{0}", "VER", "VER 1.0 VAR"] {
        assert!(run(CUTS.model, text).is_err(), "{text}");
    }
}

/// Every prefix of a proof is refused, with any bytes after it.
#[test]
fn truncated_proofs() {
    for proof in [CUTS, BRANCH, NESTED, CUTOFF, FRACTIONAL_CUTOFF, BOUND, PRIMAL, RAY] {
        let text = proof.certificate.trim_end();
        for end in 0..text.len() {
            let cut = &text[..end];
            // A shorter number at the very end is still a number.
            let last_number =
                text[end..].bytes().all(|byte| byte.is_ascii_digit()) && cut.ends_with(|c: char| c.is_ascii_digit());
            assert!(last_number || run(proof.model, cut).is_err(), "{cut}");
        }
    }
}
