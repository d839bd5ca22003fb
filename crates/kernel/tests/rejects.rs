//! For every rule and every precondition a file with one lie in it.

#![allow(clippy::panic, clippy::expect_used, clippy::arithmetic_side_effects)]

use kernel::fault::Kind;

/// Three points on a line, of classes 1, 0, 1, and one neuron: one of them is wrong.
const SINGLE: &str = "
kernel 1 ; inputs 1 ; hidden ; classes 2 ; bias yes ; loss hamming ; epsilon 0 ; ball linf 0 ;
unit 1 1 ; shift 0 ; factor 1 ;
point 0 0 : 1 1 ; point 1 1 : 0 1 ; point 2 2 : 1 1 ;
limits ; claim 1 1 ;
layer 1 0 0 ;
lemma 1 0 1 2 1 : 1 2 ;
end 1 ;
";

/// The same points and a margin: variable 1, 2, 3 at the points. |x| is at most 2.
const MARGIN: &str = "
kernel 1 ; inputs 1 ; hidden ; classes 2 ; bias yes ; loss hamming ; epsilon 1 ; ball linf 0 ;
unit 10 1 ; shift 0 ; factor 1 ;
point 0 0 : 1 1 ; point 1 10 : 0 1 ; point 2 20 : 1 1 ;
limits ; claim 1 1 ;
layer 1 0 0 ;
lemma 1 0 1 2 1 : 1 2 ;
end 1 ;
";

/// A hidden layer of two over two points that one neuron tells apart; t(2, 0, p) are the variables 7 to 10.
const HIDDEN: &str = "
kernel 1 ; inputs 1 ; hidden 2 ; classes 2 ; bias yes ; loss hamming ; epsilon 0 ; ball linf 0 ;
unit 1 1 ; shift 0 ; factor 1 ;
point 0 0 : 0 1 ; point 1 1 : 1 1 ;
limits ; claim 0 0 ;
layer 1 1 -1 1 -1 ; layer 1 1 1 -1 ;
STEPS
end none ;
";

/// The three points and a neuron whose weight is -1, 0 or 1: variables 4 and 5 say that it is at least 0, at least 1.
const WHOLE: &str = "
kernel 1 ; inputs 1 ; hidden ; classes 2 ; bias yes ; weights 1 ; loss hamming ; epsilon 0 ; ball linf 0 ;
unit 4 1 ; shift 0 ; factor 1 ;
point 0 0 : 1 1 ; point 1 4 : 0 1 ; point 2 8 : 1 1 ;
limits ; claim 1 1 ;
layer 2 0 1 ;
lemma 1 0 1 : 1 1 : 1 ;
lemma 1 2 1 : 1 1 : -2 ;
rup 1 -1 2 -3 : 2 1 4 ;
end 6 ;
";

#[track_caller]
fn accepted(text: &str) {
    if let Err(fault) = kernel::check(text) {
        panic!("{fault}\n{text}");
    }
}

/// The file with the lie is refused with these words.
#[track_caller]
fn lies(text: &str, truth: &str, lie: &str, kind: Kind, words: &str) {
    assert_eq!(text.matches(truth).count(), 1, "`{truth}` stands once");
    let fault = kernel::check(&text.replace(truth, lie)).expect_err(lie);
    assert!(fault.kind == kind && fault.what.contains(words), "{lie}: {fault:?}");
}

fn refuted(text: &str, truth: &str, lie: &str, words: &str) {
    lies(text, truth, lie, Kind::Refuted, words);
}

fn malformed(text: &str, truth: &str, lie: &str, words: &str) {
    lies(text, truth, lie, Kind::Malformed, words);
}

fn hidden(steps: &str) -> String {
    HIDDEN.replace("STEPS", steps)
}

#[test]
fn the_format_is_strict() {
    accepted(SINGLE);
    for (truth, lie, words) in [
        ("kernel 1 ;", "kernel 2 ;", "1 expected"),
        ("inputs 1", "inputs 01", "whole number"),
        ("inputs 1", "inputs 0", "an input"),
        ("classes 2", "classes 1", "two classes"),
        ("hidden ;", "hidden 0 ;", "a neuron in every layer"),
        ("bias yes", "bias maybe", "no expected"),
        ("loss hamming", "loss least", "hamming expected"),
        ("epsilon 0", "epsilon -1", "below 0"),
        ("ball linf 0", "ball l2 0", "l1 expected"),
        ("unit 1 1", "unit 1 0", "not above 0"),
        ("shift 0", "shift", "a shift and a factor"),
        ("factor 1", "factor 1 1", "a shift and a factor"),
        ("factor 1", "factor 0", "not above 0"),
        (": 1 1 ; point 1", ": 2 1 ; point 1", "classes of a point"),
        (": 1 1 ; point 1", ": 1 1 0 1 ; point 1", "classes of a point"),
        ("limits ;", "limits 2 1 ;", "limits are"),
        ("claim 1 1", "claim 1 -1", "whole number"),
        ("layer 1 0 0", "layer 1 0", "whole number"),
        ("layer 1 0 0", "layer 1 0 0 0 0", "neurons of"),
        ("layer 1 0 0", "layer 0 0 0", "not above 0"),
        ("lemma 1 0 1 2 1 :", "lemme 1 0 1 2 1 :", "a step expected"),
        ("end 1 ;", "end 1 ; end", "behind the end"),
        ("end 1 ;", "", "a step expected"),
    ] {
        malformed(SINGLE, truth, lie, words);
    }
}

#[test]
fn the_network_is_counted() {
    refuted(SINGLE, "claim 1 1", "claim 1 2", "the loss 1");
    refuted(SINGLE, "layer 1 0 0", "layer 1 0 -1", "the loss 2");
    refuted(&SINGLE.replace("bias yes", "bias no"), "layer 1 0 0", "layer 1 0 1", "a bias where");
    refuted(SINGLE, "limits ;", "limits 0 0 ;", "than its limit");
    accepted(&SINGLE.replace("limits ;", "limits 0 1 ;").replace("end 1", "end 2"));
    // All points of a part do the same.
    let apart = SINGLE.replace("layer 1 0 0", "layer 1 1 -2").replace("claim 1 1", "claim 0 1");
    refuted(&apart.replace("end 1", "end none"), "point 1 1", "point 2 1", "within a part");
    // Margin, weights and ball.
    refuted(MARGIN, "layer 1 0 0", "layer 1 2 0", "beyond 1");
    refuted(MARGIN, "layer 1 0 0", "layer 100 1 -5", "neither fires nor rests");
    // A neuron may rest at exactly minus epsilon, here 1 of 10 units, at 0 and at 1.
    let exact =
        MARGIN.replace("claim 1 1", "claim 0 2").replace("end 1", "end none").replace("layer 1 0 0", "layer 10 0 -1");
    accepted(&exact);
    refuted(&exact, "layer 10 0 -1", "layer 11 0 -1", "neither fires nor rests");
    let ball =
        SINGLE.replace("ball linf 0", "ball l1 1").replace("lemma 1 0 1 2 1 : 1 2 ;", "").replace("end 1", "end none");
    let ball = ball.replace("claim 1 1", "claim 0 1");
    accepted(&ball);
    refuted(&ball, "layer 1 0 0", "layer 1 1 0", "neither fires nor rests");
}

#[test]
fn lemmas_need_their_multipliers() {
    refuted(SINGLE, ": 1 2 ;", ": 1 1 ;", "do not add up");
    refuted(SINGLE, "lemma 1 0 1 2 1 :", "lemma 1 0 2 :", "too far apart");
    malformed(SINGLE, "2 1 : 1 2 ;", "2 -1 : 1 0 ;", "below 0");
    refuted(SINGLE, "0 1 2 1 : 1 2", "0 0 : 1 0", "too far apart");
    refuted(SINGLE, "0 1 2 1 : 1 2", "0 1 3 1 : 1 2", "no such point");
    refuted(SINGLE, "lemma 1", "lemma 0", "there is no such");
    refuted(SINGLE, "lemma 1", "lemma 2", "too far apart");
    accepted(MARGIN);
    // 2 epsilon must be more than what is missing: at 0 and 19 the mean is 9.5, which is 0.05 away, twice.
    accepted(&MARGIN.replace("point 2 20", "point 2 19"));
    refuted(MARGIN, "point 2 20", "point 2 18", "too far apart");
    refuted(MARGIN, "0 1 2 1 : 1 2", "0 1 2 1 : 1 3", "too far apart");
    refuted(MARGIN, "end 1", "end 2", "there is no");
    // Where the combinations meet and their sizes differ, the bias may be what tells them apart: |b| is at most 20 units, and epsilon 1.
    refuted(MARGIN, "0 1 2 1 : 1 2", "2 1 : 1 2", "too far apart");
    let no_bias = MARGIN.replace("bias yes", "bias no").replace("0 1 2 1 : 1 2", "2 1 : 1 2");
    accepted(&no_bias.replace("claim 1 1", "claim 0 1").replace("end 1", "end none"));
    let large = MARGIN.replace("epsilon 1", "epsilon 11").replace("0 1 2 1 : 1 2", "2 1 : 1 2");
    accepted(&large.replace("claim 1 1", "claim 0 1").replace("end 1", "end none"));
    let ball = MARGIN.replace("claim 1 1", "claim 0 1").replace("end 1", "end none");
    accepted(&ball.replace("point 2 20", "point 2 18").replace("ball linf 0", "ball linf 1"));
    accepted(&ball.replace("point 2 20", "point 2 18").replace("ball linf 0", "ball l1 1"));
}

#[test]
fn sums_need_their_constraints() {
    let sum = |step: &str| SINGLE.replace("end 1", &format!("{step} end 3"));
    accepted(&sum("pol 1 1 : ;"));
    accepted(&sum("pol 3 3*1 : 2*1 ;"));
    for (step, words) in
        [("pol 1 4 : ;", "there is no"), ("pol 1 1 : -1 ;", "not shown"), ("pol 1 2*2 : ;", "not shown")]
    {
        refuted(&sum("STEP"), "STEP", step, words);
    }
    for (step, words) in [
        ("pol 1 x : ;", "number of a constraint"),
        ("pol 1 -1*1 : ;", "a positive number"),
        ("pol 1 0*1 : ;", "a positive number"),
        ("pol 1 1 : 0 ;", "no variable"),
        ("pol 1 1 : 4 ;", "no variable"),
        ("pol 1 1 ;", "number of a constraint"),
    ] {
        malformed(&sum("STEP"), "STEP", step, words);
    }
    malformed(&sum("STEP"), "STEP", "pol 0 1 : ;", "positive divisor");
}

#[test]
fn propagation_needs_its_hints() {
    let rup = |step: &str| SINGLE.replace("end 1", &format!("{step} end 3"));
    accepted(&rup("rup 1 -1 2 -3 : 1 ;"));
    for step in ["rup 1 -1 2 -3 : ;", "rup 1 -1 2 -3 : 2 ;", "rup 1 -1 2 : 1 ;", "rup 2 -1 2 -3 : 1 ;"] {
        refuted(&rup("STEP"), "STEP", step, "does not refute");
    }
    refuted(&rup("STEP"), "STEP", "rup 1 -1 2 -3 : 9 ;", "there is no");
    malformed(&rup("STEP"), "STEP", "rup 1 -1 2 -9 : 1 ;", "no variable");
    // Hints are visited in order, each once: 4 or 3 follows from the definition only once 1 and 2 are known.
    let chain = "def 2 1 2 ; rup 1 -1 -2 4 : 3 ; rup 1 -4 1 : 4 ;";
    accepted(&SINGLE.replace("end 1", &format!("{chain} end 1")));
}

#[test]
fn definitions_say_no_more_than_they_may() {
    let of = |step: &str| SINGLE.replace("end 1", &format!("{step} end 1"));
    accepted(&of("def 2 1 2 3 ; rup 1 4 -1 -2 : 3 ; rup 1 -4 1 2 : 4 ;"));
    refuted(&of("STEP"), "STEP", "def 2 1 2 3 ; rup 1 4 -1 : 3 ;", "does not refute");
    refuted(&of("STEP"), "STEP", "def 2 1 2 3 ; rup 1 -4 1 : 4 ;", "does not refute");
    malformed(&of("STEP"), "STEP", "def 1 4 ;", "no variable");
    malformed(&of("STEP"), "STEP", "def 1 1 ; def 1 5 ;", "no variable");
}

#[test]
fn exchanges_need_networks_and_goals() {
    // The hidden neurons of a network may be ordered, here at the first point (variables 1 and 3).
    accepted(&hidden("red 1 2 1 : 1 1 -3 ;"));
    refuted(&hidden("STEP"), "STEP", "red 1 1 2 : 1 1 -3 ;", "does not follow");
    refuted(&hidden("STEP"), "STEP", "red 1 2 1 : 1 1 3 ;", "does not follow");
    // But not at both points at once, unless the first is a tie.
    refuted(&hidden("STEP"), "STEP", "red 1 2 1 : 1 1 -3 ; red 1 2 1 : 1 2 -4 ;", "does not follow");
    refuted(&hidden("STEP"), "STEP", "red 2 1 : 1 1 ;", "no hidden layer");
    refuted(&hidden("STEP"), "STEP", "red 0 1 : 1 1 ;", "no hidden layer");
    malformed(&hidden("STEP"), "STEP", "red 1 1 : 1 1 ;", "sources expected");
    malformed(&hidden("STEP"), "STEP", "red 1 1 3 : 1 1 ;", "neuron from 1");
    // Complementing the first neuron makes it fire at the first point.
    accepted(&hidden("red 1 -1 2 : 1 1 ;"));
    let no_bias =
        hidden("STEP").replace("bias yes", "bias no").replace("1 -1 1 -1 ; layer 1 1 1 -1", "1 0 1 0 ; layer 1 1 1 0");
    refuted(&no_bias.replace("claim 0 0", "claim 0 1"), "STEP", "red 1 -1 2 : 1 1 ;", "without a bias");
    refuted(&no_bias.replace("claim 0 0", "claim 0 1"), "STEP", "red 1 zero 2 : 1 : 1 1 ;", "without a bias");
}

#[test]
fn new_tables_are_those_of_neurons_with_the_same_outputs() {
    // A table that is x2 may as well be that of "both", with the first neuron firing everywhere: so not that one (t is 0 0 1 1).
    let accept = "red 1 one 2 : 1 1 -2 : 1 5 6 -7 -8 ;";
    accepted(&hidden("STEP").replace("STEP", &accept.replace("5 6 -7 -8", "7 8 -9 -10")));
    let step = "red 1 one 2 : 1 1 -2 : 1 7 8 -9 -10 ;";
    refuted(&hidden("STEP"), "STEP", &step.replace("1 1 -2", "1 1 -1"), "outputs stay");
    refuted(&hidden("STEP"), "STEP", &step.replace("7 8 -9 -10", "8 -9 -10"), "outputs stay");
    refuted(&hidden("STEP"), "STEP", &step.replace("one 2", "one one"), "outputs stay");
    malformed(&hidden("STEP"), "STEP", &step.replace("1 1 -2 :", "1 1 :"), "whole number");
    // "x1 or x2" is the other neuron that would do, at rest everywhere; "always" is not.
    accepted(&hidden("STEP").replace("STEP", &step.replace("one", "zero").replace("1 1 -2", "1 1 -1")));
    refuted(&hidden("STEP"), "STEP", &step.replace("1 1 -2", "0 0 0"), "outputs stay");
    let margin = hidden("STEP").replace("epsilon 0", "epsilon 1").replace("unit 1 1", "unit 4 1");
    let margin =
        margin.replace("claim 0 0", "claim 0 1").replace("1 -1 1 -1 ; layer 1 1 1 -1", "1 0 1 0 ; layer 1 1 1 -1");
    refuted(&margin, "STEP", &step.replace("7 8 -9 -10", "1"), "may only change places");
    refuted(&margin, "STEP", "red 1 -1 2 : 1 1 ;", "with a margin");
    accepted(&margin.replace("STEP", "red 1 2 1 : 1 1 -3 ;"));
}

#[test]
fn what_was_derived_may_be_forgotten_and_nothing_else() {
    let of = |step: &str| SINGLE.replace("end 1", &format!("{step} end 1"));
    accepted(&of("pol 1 1 : ; del 3 ;"));
    refuted(&of("STEP"), "STEP", "pol 1 1 : ; del 3 3 ;", "was not derived");
    refuted(&of("STEP"), "STEP", "del 1 ;", "was not derived");
    refuted(&of("STEP"), "STEP", "del 0 ;", "was not derived");
    refuted(&of("STEP"), "STEP", "pol 1 1 : ; del 3 ; pol 1 3 : ;", "there is no");
}

#[test]
fn the_conclusion_is_what_was_shown() {
    refuted(SINGLE, "end 1", "end none", "not shown");
    refuted(SINGLE, "end 1", "end 2", "not shown");
    refuted(SINGLE, "end 1", "end 3", "there is no");
    refuted(SINGLE, "claim 1 1", "claim 2 1", "above the loss");
    refuted(SINGLE, "claim 1 1", "claim infeasible 1", "there is no network");
    let alone = SINGLE.replace("claim 1 1", "claim 1 none").replace("layer 1 0 0 ;", "");
    accepted(&alone);
    refuted(&alone, "claim 1", "claim 2", "not shown");
    refuted(&alone, "claim 1", "claim infeasible", "not shown that there is no network");
    refuted(&alone, "end 1", "end 0", "there is no constraint 0");
    // No error is allowed at all: then there is no network.
    let none = alone.replace("limits ;", "limits 0 0 1 0 ;").replace("claim 1", "claim infeasible");
    accepted(
        &none.replace("lemma 1 0 1 2 1 : 1 2 ;", "lemma 1 0 1 2 1 : 1 2 ; rup 1 : 1 2 3 ;").replace("end 1", "end 5"),
    );
    refuted(&none, "end 1", "end 3", "not shown");
}

#[test]
fn what_a_file_may_take_grows_with_it() {
    let alone = SINGLE.replace("claim 1 1", "claim 1 none").replace("layer 1 0 0 ;", "");
    lies(&alone, "hidden ;", "hidden 30 30 ;", Kind::Unfinished, "memory");
    lies(&alone, "hidden ;", "hidden 18446744073709551615 ;", Kind::Unfinished, "memory");
    lies(&alone, "classes 2", "classes 1000000000000", Kind::Unfinished, "memory");
    lies(&alone, "point 2 2", "point 1000000000000 2", Kind::Unfinished, "memory");
    // A long factor times many points.
    let points: String = (0..4000).map(|part| format!("point {part} 1 : 0 1 ;\n")).collect();
    let factor = format!("factor 1{} ;", "0".repeat(300_000));
    let file = SINGLE.replace("factor 1 ;", &factor).replace("point 0 0 : 1 1 ;", &points);
    assert_eq!(kernel::check(&file).expect_err("memory").kind, Kind::Unfinished);
    // Long sums, copied over and over.
    let points: String = (0..20_000).map(|part| format!("point {part} {part} : 0 1 ;\n")).collect();
    let lits: String = (1..=20_000).map(|var| format!(" {var}")).collect();
    let copies = "pol 1 1 : ;\n".repeat(20_000);
    let (head, _) = SINGLE.split_once("point 0").expect("points");
    let file = format!("{head}{points}limits ; claim 0 none ;\npol 1 :{lits} ;\n{copies}end none ;");
    assert_eq!(kernel::check(&file).expect_err("memory").kind, Kind::Unfinished);
    // A long constraint, visited over and over.
    let hints = "1 ".repeat(100_000);
    let file = format!("{head}{points}limits ; claim 0 none ;\npol 1 :{lits} ;\nrup 1 1 : {hints} ; end none ;");
    assert_eq!(kernel::check(&file).expect_err("steps").kind, Kind::Unfinished);
    // Numbers beyond 128 bits.
    let double = format!("pol 1 1 : 1 ; {} end 1", (3..140).map(|id| format!("pol 1 2*{id} : ; ")).collect::<String>());
    lies(SINGLE, "end 1", &double, Kind::Unfinished, "too large");
}

/// Work and memory that no word of the file pays for by itself: long numbers beside many short ones, sites that stand twice, steps that look at all there is.
#[test]
fn what_repeats_is_paid_for() {
    let unfinished = |file: &str| assert_eq!(kernel::check(file).expect_err("steps").kind, Kind::Unfinished);
    let head = |inputs: usize, more: &str, classes: usize, long: &str| {
        let (shifts, factors) = ("0 ".repeat(inputs), "1 ".repeat(inputs));
        format!(
            "kernel 1 ; inputs {inputs} ; hidden {more} ; classes {classes} ; bias yes ; loss hamming ; epsilon 0 ; \
             ball linf 0 ; unit {long} {long} ; shift {shifts} ; factor {factors} ;"
        )
    };
    let long = "9".repeat(30_000);
    // A long unit times a long bias at every point.
    let points = "point 0 0 : ; ".repeat(2_000);
    unfinished(&format!("{} {points} limits ; claim 0 0 ; layer 1 0 {long} ; end none ;", head(1, "", 2, &long)));
    // A site that stands often, for many neurons.
    let sites = "0 1 ".repeat(20_000);
    let lemma = format!("point 0 0 : ; limits ; claim 0 none ; lemma 1 {sites} : {sites} ; end none ;");
    unfinished(&format!("{} {lemma}", head(1, "", 20_000, "1")));
    // An exchange over clauses of lemmas.
    let exchanges = "red 1 1 2 : 0 ; ".repeat(1_000);
    let steps = format!("limits ; claim 0 none ; lemma 2 3 1 : 3 1 ; {exchanges} end none ;");
    unfinished(&format!("{} {steps}", head(1, "2", 40_000, "1")));
    // One long multiplier and many short ones.
    let lemma = format!("limits ; claim 0 none ; lemma 1 0 {long} {sites} : 0 1 ; end none ;");
    let no_bias = head(1_000, "", 2, "1").replace("bias yes", "bias no");
    unfinished(&format!("{no_bias} point 0 {} : ; {lemma}", "1 ".repeat(1_000)));
    // Limits of a class, again and again.
    malformed(SINGLE, "limits ;", "limits 0 1 0 1 ;", "one for each");
    malformed(SINGLE, "limits ;", "limits 1 1 0 1 ;", "in this order");
}

/// Activations without the bias are at most 20 units at the points, and at the patterns of two neurons: so much a bias may bring where a side outweighs the
/// other by 1, and margins have to exceed it.
#[test]
fn biases_under_a_margin_are_bounded_by_what_there_is() {
    accepted(&MARGIN.replace("end 1 ;", "lemma 1 0 10 2 11 : 1 22 ; end 1 ;"));
    refuted(MARGIN, "end 1 ;", "lemma 1 0 9 2 10 : 1 20 ; end 1 ;", "too far apart");
    let head = HIDDEN.split_once("limits").expect("limits").0;
    let head =
        head.replace("epsilon 0", "epsilon 1").replace("unit 1 1", "unit 10 1").replace("1 1 : 1 1", "1 10 : 1 1");
    let patterns = |lemma: &str| format!("{head} limits ; claim 0 none ; {lemma} end none ;");
    accepted(&patterns("lemma 2 1 11 2 11 : 0 10 3 11 ;"));
    refuted(&patterns("LEMMA"), "LEMMA", "lemma 2 1 10 2 10 : 0 9 3 10 ;", "too far apart");
}

/// Clauses of lemmas speak of the parts of their points, and of patterns.
#[test]
fn lemmas_speak_of_their_places() {
    let parts =
        SINGLE.replace("point 0 0", "point 2 0").replace("point 1 1", "point 0 1").replace("point 2 2", "point 1 2");
    accepted(&parts);
    // Sixteen axioms, then the clause that a neuron does not fire at the patterns 1 and 2 alone, and its complement.
    let patterns = |step: &str| hidden(&format!("lemma 2 1 1 2 1 : 0 1 3 1 ; {step}"));
    accepted(&patterns("rup 1 -8 -9 7 10 : 17 ;"));
    accepted(&patterns("rup 1 8 9 -7 -10 : 18 ;"));
    refuted(&patterns("STEP"), "STEP", "rup 1 -8 -9 7 : 17 ;", "does not refute");
    refuted(&patterns("STEP"), "STEP", "rup 1 -8 7 10 : 17 ;", "does not refute");
}

/// Pattern 4 of two neurons would look like pattern 0.
#[test]
fn patterns_end_where_the_neurons_do() {
    accepted(&hidden("lemma 2 3 1 : 3 1 ;"));
    refuted(&hidden("STEP"), "STEP", "lemma 2 4 1 : 0 1 ;", "there is no such");
    refuted(&hidden("STEP"), "STEP", "lemma 2 0 1 : 4 1 ;", "there is no such");
}

/// Rows of both classes at a point: one of them is wrong in any case.
#[test]
fn classes_of_a_point_rise() {
    let both = SINGLE.replace("point 0 0 : 1 1 ;", "point 0 0 : 0 1 1 1 ;").replace("claim 1 1", "claim 1 2");
    accepted(&both);
    malformed(&both, "0 1 1 1 ;", "0 1 0 1 ;", "rise");
    malformed(&both, "0 1 1 1 ;", "1 1 0 1 ;", "rise");
    malformed(&both, "0 1 1 1 ;", "1 1 1 1 ;", "rise");
    refuted(&both, "claim 1 2", "claim 1 1", "has the loss 2");
}

/// A part with several points ties them, whatever the numbers of parts are.
#[test]
fn a_report_says_what_parts_tie() {
    let said = |text: &str| kernel::check(text).expect("a proof").to_string();
    assert!(said(SINGLE).contains("points: 3 in 3 parts; "));
    let tied =
        SINGLE.replace("point 0 0", "point 2 0").replace("claim 1 1", "claim 0 none").replace("layer 1 0 0 ;", "");
    assert!(said(&tied).contains("points: 3 in 2 parts, the same activations throughout a part; "), "{}", said(&tied));
}

#[test]
fn numbers_are_written_in_one_way() {
    let sum = SINGLE.replace("end 1", "pol 1 3*1 : 2*1 ; end 1");
    accepted(&sum);
    for (truth, lie) in [("3*1", "03*1"), ("3*1", "+3*1"), ("3*1", "3*01"), (": 2*1", ": 2*01"), (": 2*1", ": -+1")] {
        let words = if truth == "3*1" { "expected" } else { "no variable" };
        malformed(&sum, truth, lie, words);
    }
    malformed(SINGLE, "point 2 2", "point 02 2", "whole number");
}

/// Editors show a carriage return as the end of a line.
#[test]
fn a_comment_ends_where_its_line_does() {
    accepted(&SINGLE.replace("point 1 1", "# inside\rpoint 1 1"));
    accepted(&SINGLE.replace('\n', "\r\n"));
    malformed(SINGLE, "point 1 1", "# inside\rpoint 1 1 : 0 1 ; point x", "whole number");
}

#[test]
fn layers_beyond_the_first_change_places_too() {
    // u are 1 to 4 and, of the second layer, 5 to 8, its t 9 to 16; the output's u are 17 and 18, its t 19 to 22.
    let deep = |steps: &str| {
        let network = "layer 1 1 0 -1 1 0 -1 ; layer 1 1 1 -1 ;";
        hidden(steps).replace("hidden 2", "hidden 2 2").replace("layer 1 1 1 -1 ;", network)
    };
    accepted(&deep(""));
    for step in ["red 2 2 1 : 1 5 -7 ;", "red 2 2 1 : 1 9 -13 ;", "red 2 2 1 : 1 20 -21 ;", "red 2 -1 2 : 1 5 ;"] {
        accepted(&deep(step));
    }
    accepted(&deep("red 1 2 1 : 1 10 -11 ;"));
    for step in ["red 2 2 1 : 1 5 ;", "red 2 2 1 : 1 19 ;", "red 2 2 1 : 1 17 -18 ;", "red 2 1 2 : 1 5 ;"] {
        refuted(&deep("STEP"), "STEP", step, "does not follow");
    }
    // What was assumed of the places has to hold once more.
    refuted(&deep("STEP"), "STEP", "red 2 2 1 : 1 5 -7 ; red 2 2 1 : 1 6 -8 ;", "does not follow");
    refuted(&deep("STEP"), "STEP", "red 3 1 : 1 17 ;", "no hidden layer");
}

#[test]
fn whole_weights_are_whole_and_bounded() {
    accepted(WHOLE);
    // Weights mean themselves, biases have a unit: w = 1, b = -3/2 fires at the last point alone.
    accepted(&WHOLE.replace("layer 2 0 1", "layer 2 1 -3"));
    refuted(WHOLE, "layer 2 0 1", "layer 2 2 1", "beyond B");
    refuted(WHOLE, "layer 2 0 1", "layer 2 -2 1", "beyond B");
    malformed(WHOLE, "weights 1", "weights -1", "whole number");
    malformed(WHOLE, "weights 1", "weights 1/2", "whole number");
    malformed(WHOLE, "weights 1 ;", "", "whole number");
    malformed(SINGLE, "1 2 ;", "1 2 : 1 ;", "whole number");
    // Beyond memory.
    lies(WHOLE, "weights 1 ;", "weights 1000000000000 ;", Kind::Unfinished, "memory");
}

#[test]
fn lemmas_of_whole_weights_need_their_bounds() {
    // What is left of the weight reaches too far, or is another weight's.
    for (truth, lie) in [
        ("1 1 : 1 ;", "1 1 : ;"),
        ("1 1 : 1 ;", "1 1 : -1 ;"),
        ("1 1 : -2 ;", "1 1 : -3 ;"),
        ("1 1 : -2 ;", "1 1 : 2 ;"),
    ] {
        refuted(WHOLE, truth, lie, "too far apart");
    }
    refuted(WHOLE, "1 1 : 1 ;", "1 1 : 1 3 ;", "there is no such");
    refuted(WHOLE, "0 1 : 1 1 : 1 ;", "0 1 : 1 2 : 1 ;", "do not add up");
    refuted(WHOLE, "0 1 : 1 1 : 1 ;", ": : 1 ;", "too far apart");
    malformed(WHOLE, "1 1 : 1 ;", "1 1 : 0 ;", "number of a bound");
    malformed(WHOLE, "1 1 : 1 ;", "1 1 : x ;", "number of a bound");
    malformed(WHOLE, "1 1 : 1 ;", "1 1 ;", "whole number");
    // The steps need the order of the bounds.
    refuted(WHOLE, "2 1 4", "2 4", "does not refute");
    // With a margin of one unit the first lemma has one to spare at w >= 0, none at 2 units if the weight is 0.
    let margin = WHOLE
        .replace("epsilon 0", "epsilon 1")
        .replace("rup 1 -1 2 -3 : 2 1 4", "rup 1 -1 2 -3 : 2 1 3")
        .replace("end 6", "end 4");
    accepted(&margin.replace("layer 2 0 1", "layer 4 0 0"));
    refuted(&margin.replace("layer 2 0 1", "layer 4 0 0"), "0 1 : 1 1 : 1 ;", "0 1 2 1 : 1 1 : 1 ;", "do not add up");
    // Without biases a point that fires is enough: w x >= 0 has no solution for w <= -1, and one for w <= 0.
    let alone = |bound: &str| {
        let head = WHOLE.split_once("claim").expect("a claim").0.replace("bias yes", "bias no");
        format!("{head} claim 0 none ; lemma 1 1 1 : : {bound} ; end none ;")
    };
    accepted(&alone("-1"));
    refuted(&alone("STEP"), "STEP", "-2", "too far apart");
    // Under a ball of 1 unit in the 1-norm the sum 4 w - 2 |w| is positive for w = 1 alone; under one of 2 units for none.
    let ball = |radius: usize, bound: &str| {
        let head = WHOLE.split_once("claim").expect("a claim").0.replace("linf 0", &format!("l1 {radius}"));
        format!("{head} claim 0 none ; lemma 1 1 1 : 0 1 : {bound} ; end none ;")
    };
    accepted(&ball(1, "-2"));
    refuted(&ball(1, "STEP"), "STEP", "1", "too far apart");
    accepted(&ball(2, "2"));
    refuted(&ball(2, "STEP"), "STEP", "1", "too far apart");
}

/// What a variable says of a neuron that becomes a constant is then true or false: a defined variable that says the same has to have that value.
#[test]
fn constants_are_what_they_are() {
    // The first defined variable is 11; t(2, 0, p) are 7 to 10. The output fires where the second hidden neuron does.
    let constant = |deed: &str, source: &str, value: &str| {
        let weights = if source == "one" { "1 1 -2" } else { "1 1 -1" };
        hidden(&format!("def 1 {deed} ; red 1 {source} 2 : {weights} : 1 7 8 -9 -10 {value} ;"))
    };
    let (yes, no) = ("-11", "11");
    for (deed, source, right, wrong) in [("1", "one", yes, no), ("-1", "one", no, yes), ("1", "zero", no, yes)] {
        accepted(&constant(deed, source, right));
        refuted(&constant("DEED", source, wrong), "DEED", deed, "does not follow");
    }
    // What the neuron that stays does changes nothing.
    accepted(&constant("4", "zero", yes));
    accepted(&constant("4", "zero", no));
    // Weights of a constant are 0: at least 0, and not at least 1. Of these w, 5 and 6 are the first neuron's; t are 11 to 14, the defined variable is 19.
    let whole = |deed: &str, value: &str| {
        let steps = format!("def 1 {deed} ; red 1 one 2 : 1 1 -2 : 1 11 12 -13 -14 {value} ;");
        hidden(&steps).replace("loss", "weights 1 ; loss")
    };
    for (deed, right, wrong) in [("5", "-19", "19"), ("6", "19", "-19"), ("-6", "-19", "19")] {
        accepted(&whole(deed, right));
        refuted(&whole("DEED", wrong), "DEED", deed, "does not follow");
    }
}

#[test]
fn exchanges_carry_the_bounds_of_weights() {
    // u are 1 to 4, w of the hidden neurons 5, 6 and 7, 8; t is 11 to 14, w of the output 15 to 18.
    let whole = |steps: &str| hidden(steps).replace("loss", "weights 1 ; loss");
    accepted(&whole(""));
    // A weight of -1 becomes one of 1 by complement: w >= 0 may be assumed, and then still of the other neuron, and of both once they change places.
    let first = "red 1 -1 2 : 1 5 : 0 1 ;";
    accepted(&whole(first));
    accepted(&whole(&format!("{first} red 1 1 -2 : 1 7 : 0 2 ; red 1 2 1 : 1 6 -8 : 21 22 : 22 21 ;")));
    refuted(&whole("STEP"), "STEP", "red 1 -1 2 : 1 6 : 0 1 ;", "does not follow");
    refuted(&whole("STEP"), "STEP", "red 1 2 1 : 1 5 ;", "does not follow");
    refuted(&whole("STEP"), "STEP", &format!("{first} red 1 -1 2 : 1 -6 : 0 1 ;"), "does not follow");
    refuted(&whole("STEP"), "STEP", &format!("{first} red 1 2 1 : 1 1 -3 ;"), "does not follow");
    // A constant has the weight 0, and new weights are bounded, too.
    let constant = "red 1 one 2 : 1 1 -2 : 1 11 12 -13 -14 ;";
    accepted(&whole(&format!("{first} {constant}")));
    refuted(&whole("STEP"), "STEP", &format!("def 1 6 ; {constant}"), "does not follow");
    refuted(&whole("STEP"), "STEP", &constant.replace("1 1 -2", "1 2 -2"), "beyond B");
    refuted(&whole("STEP"), "STEP", "pol 1 : 15 ; red 1 2 1 : 1 1 -3 ;", "that read exchanged neurons");
}
