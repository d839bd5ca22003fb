//! One lie a precondition: problem, lemmas, formula, proof, network, data.

use super::{Folder, folders};

/// The folder is refused with this word in a message that names file and line.
fn refused(folder: &Folder, place: &str, word: &str) {
    match folder.run(true) {
        Ok(report) => panic!("accepted {report:?}, expected {word:?}"),
        Err(error) => {
            let text = error.to_string();
            assert!(text.starts_with(place) && text.contains(word), "{text}, not {place} {word:?}");
        }
    }
}

#[test]
fn problems() {
    let (linear, margin, classes) = (folders::linear(), folders::margin(), folders::classes());
    let whole = folders::whole();
    for (folder, from, to, place, word) in [
        (&linear, "heaviside-proof", "heaviside-model", "problem.json:1", "`format`"),
        (&linear, "\"version\": 1", "\"version\": 2", "problem.json:1", "version 1"),
        (&linear, "\"continuous\"", "{\"integer\": 1}", "formula.opb:3", "another structure clause"),
        (&linear, "\"continuous\"", "{\"integer\": 0}", "problem.json:2", "a bound from 1"),
        (&linear, "\"continuous\"", "{\"integer\": 4294967296}", "problem.json:2", "a bound from 1"),
        (&whole, "{\"integer\": 1}", "{\"integer\": 2}", "formula.opb:4", "another structure clause"),
        (&whole, "{\"integer\": 1}", "\"continuous\"", "lemmas.jsonl:1", "no bound 1 of weight 0"),
        (&linear, "\"hidden\": []", "\"hidden\": [7]", "problem.json:2", "at most 6"),
        (&linear, "\"hidden\": []", "\"hidden\": [0]", "problem.json:2", "without neurons"),
        (&linear, "\"hidden\": []", "\"hidden\": [1]", "formula.opb:2", "objective"),
        (&linear, "\"inputs\": 1", "\"inputs\": 2", "problem.json:3", "2 shifts"),
        (&linear, "\"bias\": true", "\"bias\": false", "formula.opb:4", "neither structure nor a lemma"),
        (&linear, "\"divisor\": [3]", "\"divisor\": [0]", "problem.json:3", "positive"),
        (&linear, "\"divisor\": [3]", "\"divisor\": [4]", "network.json", "not those of problem.json"),
        (&linear, "\"l0\": 0", "\"l0\": 1", "problem.json:5", "l0 and l1"),
        (&linear, "\"l1\": 0", "\"l1\": 1", "problem.json:5", "l0 and l1"),
        (&linear, "\"epsilon\": null", "\"epsilon\": -1", "problem.json:5", "positive number"),
        (&linear, "\"epsilon\": null", "\"epsilon\": 0.25", "formula.opb:4", "neither structure nor a lemma"),
        (&linear, "\"zero-one\"", "\"ones\"", "problem.json:5", "hamming or zero-one"),
        (&linear, "\"zero-one\"", "\"hamming\"", "network.json", "not those of problem.json"),
        (&linear, "\"rows\": 3", "\"rows\": 4", "problem.json:7", "4 indices"),
        (&linear, "\"distinct_points\": 3", "\"distinct_points\": 2", "problem.json:6", "2 points"),
        (&linear, "[[0.0], ", "[[0.0, 1.0], ", "problem.json:6", "1 numbers"),
        (&linear, "[[0.0], ", "[[0.5], ", "problem.json:5", "not the fingerprint"),
        (&linear, "[[0.0], ", "[[1.5], ", "problem.json:6", "no point twice"),
        (&linear, "[[0.0], ", "[[null], ", "problem.json:6", "a number"),
        (&linear, "[2, 0, 1]", "[2, 0, 3]", "problem.json:7", "an index below 3"),
        (&linear, "[2, 0, 1]", "[2, 0, 0]", "problem.json:7", "every point to have a row"),
        (&linear, "[2, 0, 1]", "[2, 0]", "problem.json:7", "3 indices"),
        (&linear, "[2, 0, 1]", "[0, 2, 1]", "problem.json:5", "not the fingerprint"),
        (&linear, "[0, 0, 1]", "[0, 1, 1]", "problem.json:5", "not the fingerprint"),
        (&linear, "[0, 0, 1]", "[0, 0, 2]", "problem.json:8", "an index below 2"),
        (&linear, "\"data_sha256\": \"", "\"data_sha256\": \"0", "problem.json:5", "not the fingerprint"),
        (&linear, "\"no\", \"yes\"", "\"No\", \"yes\"", "problem.json:5", "not the fingerprint"),
        (&linear, "\"bound\": 1", "\"bound\": 2", "problem.json:10", "the proof shows a bound of 1"),
        (&linear, "\"bound\": 1", "\"bound\": 0", "problem.json:10", "the proof shows a bound of 1"),
        (&linear, "\"bound\": 1", "\"bound\": null", "problem.json:10", "claims infeasibility"),
        (&linear, "\"bound\": 1", "\"bound\": 1.5", "problem.json:10", "a natural number"),
        (&linear, "\"loss\": 1", "\"loss\": 0", "problem.json:10", "but the network has 1"),
        (&linear, "\"loss\": 1", "\"loss\": null", "network.json", "claims none"),
        (&margin, "\"epsilon\": 0.25", "\"epsilon\": 0.02", "lemmas.jsonl:2", "not nearer than the margin"),
        (&margin, "\"epsilon\": 0.25", "\"epsilon\": null", "formula.opb:3", "another structure clause"),
        (&margin, "\"hidden\": [1]", "\"hidden\": [1, 1]", "formula.opb:2", "objective"),
        (&classes, "[0, 0, 1],\n \"claim\"", "[0, 1, 0],\n \"claim\"", "formula.opb", "objective"),
        (&classes, "[0, 0, 1],\n \"claim\"", "[0, 0, 2],\n \"claim\"", "problem.json:9", "without a gap"),
        (&classes, "[0, 0, 1],\n \"claim\"", "[0, 0],\n \"claim\"", "problem.json:9", "the parts of 3 points"),
        (&classes, "[0, 0, 1],\n \"claim\"", "null,\n \"claim\"", "formula.opb", "objective"),
        (&classes, "\"linf\"", "\"l2\"", "problem.json:5", "linf or l1"),
        (&classes, "\"radius\": 0.25", "\"radius\": -1", "problem.json:5", "not negative"),
        (&classes, "\"radius\": 0.25", "\"radius\": 0.5", "network.json", "not those of problem.json"),
        (&classes, "\"bias\": false", "\"bias\": true", "lemmas.jsonl:1", "do not add up"),
    ] {
        refused(&folder.with("problem.json", from, to), place, word);
    }
}

#[test]
fn lemmas() {
    let (linear, margin, classes) = (folders::linear(), folders::margin(), folders::classes());
    let (first, whole) = ("lemmas.jsonl:1", folders::whole());
    for (folder, from, to, place, word) in [
        (&whole, "[[0,1]]", "[]", first, "do not meet"),
        (&whole, "\"least\":[[0,1]],\"below\":[]", "\"least\":[],\"below\":[[0,1]]", first, "do not meet"),
        (&whole, "\"below\":[[0,2]]", "\"below\":[]", "lemmas.jsonl:2", "do not meet"),
        (&whole, "[[0,1]]", "[[0,3]]", first, "no bound 3 of weight 0"),
        (&whole, "[[0,1]]", "[[0,0]]", first, "no bound 0 of weight 0"),
        (&whole, "[[0,1]]", "[[1,1]]", first, "no bound 1 of weight 1"),
        (&whole, "[[0,1]]", "[[0,1],[0,1]]", first, "no bound twice"),
        (&whole, "\"below\":[]", "\"below\":[[0,1]]", first, "no bound twice"),
        (&whole, "[[0,1]]", "[[0]]", first, "an input and the number of a value"),
        (&whole, "[[0,1]]", "[[0,-1]]", first, "a natural number"),
        (&whole, "[[0,1]]", "[[0,2]]", "formula.opb:4", "its lemma (@m0_0)"),
        (&whole, "[[2,\"1\"]]", "[[2,\"2\"]]", first, "do not add up"),
        (&whole, "[[2,\"1\"]]", "[[0,\"1\"]]", first, "do not meet"),
        (&whole, "[[1,\"1\"]],\"rests\":[[2,\"1\"]]", "[],\"rests\":[]", first, "do not meet"),
        (&linear, "]]}", "]],\"least\":[[0,1]]}", first, "no bound 1 of weight 0"),
        (&linear, "{\"layer\"", "\"layer\"", first, "text after the end"),
        (&linear, "\"layer\":1", "\"layer\":0", first, "no layer 0"),
        (&linear, "\"layer\":1", "\"layer\":2", first, "no layer 2"),
        (&linear, "\"layer\":1", "\"layer\":18446744073709551615", first, "no layer"),
        (&linear, "[1,\"1\"]", "[3,\"1\"]", first, "there is no site 3"),
        (&linear, "[1,\"1\"]", "[0,\"1\"]", first, "no site twice"),
        (&linear, "[1,\"1\"]", "[1,\"1\"],[1,\"1\"]", first, "no site twice"),
        (&linear, "[1,\"1\"]", "[1,1]", first, "a text"),
        (&linear, "[1,\"1\"]", "[1]", first, "a site and its multiplier"),
        (&linear, "[1,\"1\"]", "[1,\"-1\"]", first, "a positive fraction"),
        (&linear, "[1,\"1\"]", "[1,\"0\"]", first, "a positive fraction"),
        (&linear, "[1,\"1\"]", "[1,\"1e0\"]", first, "a positive fraction"),
        (&linear, "[1,\"1\"]", "[1,\"1.0\"]", first, "a positive fraction"),
        (&linear, "[1,\"1\"]", "[1,\"1/0\"]", first, "zero denominator"),
        (&linear, "[1,\"1\"]", "[1,\"1/1/1\"]", first, "a multiplier"),
        (&linear, "[1,\"1\"]", "[1,\"\"]", first, "a multiplier"),
        (&linear, "\"2/3\"", "\"1/3\"", first, "do not add up"),
        (&linear, "\"2/3\"],[2,\"1/3\"", "\"1/3\"],[2,\"2/3\"", first, "do not meet"),
        (&linear, "\"2/3\"", "\"200000000000000000001/300000000000000000000\"", first, "do not add up"),
        (&linear, "[[0,\"2/3\"],[2,\"1/3\"]]", "[]", first, "no site rests"),
        (&linear, "fires", "rests", first, "twice"),
        (&linear, "\n", "\n\n", "lemmas.jsonl:2", "a JSON value"),
        (&linear, "\n", "", "", ""),
        (&margin, "\"12/25\"", "\"1/25\"", first, "not nearer than the margin"),
        // Exactly the margin: D = 1/8 and c = 1/8 reach 1/4 of the resting side's sum, 1.
        (&margin, "\"12/25\"],[2,\"13/25\"", "\"5/8\"],[2,\"3/8\"", "", ""),
        (&margin, "\"12/25\"],[2,\"13/25\"", "\"3/4\"],[2,\"1/4\"", first, "not nearer than the margin"),
        (&margin, "\"layer\":1", "\"layer\":2", first, "no site 2"),
        (&classes, "[0,\"1\"],[2", "[1,\"1\"],[2", first, "do not meet"),
        (&classes, "\"1\"],[2,\"1\"", "\"1\"],[2,\"3/4\"", "", ""),
        (&classes, "\"1\"],[2,\"1\"", "\"1\"],[2,\"1/9\"", first, "do not meet"),
    ] {
        let mutant = folder.with("lemmas.jsonl", from, to);
        if word.is_empty() {
            mutant.run(true).unwrap();
        } else {
            refused(&mutant, place, word);
        }
    }
    // A lemma too few, and too many.
    refused(
        &margin.with("lemmas.jsonl", "{\"layer\":1,\"fires\":[[0,\"1/2\"],[2,\"2/5\"]],\"rests\":[[1,\"1\"]]}\n", ""),
        "formula.opb",
        "neither structure nor a lemma",
    );
    let mut twice = linear.clone();
    twice.lemmas = linear.lemmas.repeat(2);
    refused(&twice, "formula.opb", "the formula ends before");
}

/// With a margin the bias may have to be as large as epsilon, even where all points are smaller: a bias of -epsilon rests
/// everywhere, so no lemma may deny that.
#[test]
fn resting_everywhere_is_never_denied() {
    let mut folder = folders::margin();
    for file in [&mut folder.problem, folder.network.as_mut().unwrap()] {
        *file = file.replace("\"divisor\": [2]", "\"divisor\": [100]");
    }
    folder.lemmas = "{\"layer\":1,\"fires\":[],\"rests\":[[0,\"1\"]]}\n".to_owned();
    refused(&folder, "lemmas.jsonl:1", "not nearer than the margin");
}

#[test]
fn formulas() {
    let (linear, margin, classes) = (folders::linear(), folders::margin(), folders::classes());
    let whole = folders::whole();
    for (folder, from, to, word) in [
        (&whole, "1 ~w1_0_0_2 1 w1_0_0_1 >= 1 ;\n", "", "another structure clause"),
        (&whole, "1 ~w1_0_0_2 1 w1_0_0_1", "1 w1_0_0_1 1 ~w1_0_0_2", "another structure clause"),
        (&whole, "1 ~w1_0_0_2 1 w1_0_0_1", "1 ~w1_0_0_1 1 w1_0_0_2", "another structure clause"),
        (&whole, "1 ~w1_0_0_1 >= 1", ">= 1", "its lemma (@m0_0)"),
        (&whole, "1 ~u1_2_0 1 w1_0_0_2", "1 ~u1_2_0 1 w1_0_0_1", "its lemma (@n0_0)"),
        (&linear, "min: 1 u1_0_0 1 ~u1_1_0 1 u1_2_0 ;\n", "", "objective"),
        (&linear, "min: 1", "min: 2", "objective"),
        (&linear, "~u1_1_0 1 u1_2_0 ;", "u1_1_0 1 u1_2_0 ;", "objective"),
        (&linear, "1 u1_2_0 ;", ";", "objective"),
        (&linear, "1 u1_2_0 ;", "1 u1_2_0 1 ;", "objective"),
        (&linear, "min: 1 u1_0_0 1 ~u1_1_0", "min: 1 ~u1_1_0 1 u1_0_0", "objective"),
        (&linear, "@m0_0", "@m0_1", "its lemma (@m0_0)"),
        (&linear, "@n0_0", "@m1_0", "its lemma (@n0_0)"),
        (&linear, "@m0_0 1 ~u1_1_0", "@m0_0 1 u1_1_0", "its lemma (@m0_0)"),
        (&linear, " 1 u1_0_0 1 u1_2_0 >= 1", " 1 u1_0_0 >= 1", "its lemma (@m0_0)"),
        (&linear, ">= 1", ">= 2", "its lemma (@m0_0)"),
        (&linear, "@m0_0 1", "@m0_0 2", "its lemma (@m0_0)"),
        (&linear, "1 ~u1_2_0 >= 1 ;\n", "1 ~u1_2_0 >= 1 ;\n1 u1_0_0 >= 1 ;\n", "neither structure nor a lemma"),
        (&linear, "@n0_0 1 u1_1_0 1 ~u1_0_0 1 ~u1_2_0 >= 1 ;\n", "", "the formula ends before"),
        (&linear, "u1_1_0 1 ~u1_0_0 1 ~u1_2_0", "u1_1_0 1 ~u1_2_0 1 ~u1_0_0", "its lemma (@n0_0)"),
        (&linear, "1 ~u1_2_0 >= 1 ;", "1 ~u1_2_0 1 zz >= 1 ;", "its lemma (@n0_0)"),
        (&margin, "1 ~t2_0_0 1 ~s2_0_0 >= 1 ;\n", "", "structure clause"),
        (&margin, "1 ~t2_0_0 1 ~s2_0_0", "1 ~t2_0_0 1 ~s2_0_1", "structure clause"),
        (&margin, "1 ~t2_0_0 1 ~s2_0_0", "@a 1 ~t2_0_0 1 ~s2_0_0", "structure clause"),
        (&margin, "1 u1_0_0 1 u2_0_0 1 s2_0_0", "1 u1_0_0 1 u2_0_0 1 ~t2_0_0", "structure clause"),
        (&margin, "1 ~u1_2_0 1 u2_2_0 1 s2_0_1 >= 1 ;\n", "", "structure clause"),
        (&classes, "1 e0_0 1 ~u1_0_1 >= 1 ;\n", "", "structure clause"),
        (&classes, "1 e0_1 1 u1_0_1", "1 e0_1 1 ~u1_0_1", "structure clause"),
        (&classes, "min: 1 e0_0 ", "min: ", "objective"),
    ] {
        refused(&folder.with("formula.opb", from, to), "formula.opb", word);
    }
    // Labels may be left out.
    linear.with("formula.opb", "@m0_0 ", "").run(true).unwrap();
}

#[test]
fn proofs() {
    let (linear, margin) = (folders::linear(), folders::margin());
    for (folder, from, to, word) in [
        (&linear, "f 2", "f 3", "2 constraints, not 3"),
        (&linear, "soli ~u1_0_0 ~u1_1_0 ~u1_2_0", "soli u1_0_0 ~u1_1_0 u1_2_0", "constraint 2"),
        (&linear, "soli ~u1_0_0", "soli u1_0_0", "does not refute"),
        (&linear, "soli ~u1_0_0 ~u1_1_0 ~u1_2_0;\n", "", "does not refute"),
        (&linear, "rup >= 1;\n", "", "no constraint 4"),
        (&linear, "BOUNDS 1 : 4 1", "BOUNDS 1 : 2 1", "at least 1"),
        (&linear, "BOUNDS 1 : 4 1", "BOUNDS 2 : 4 1", "below the lower bound"),
        (&linear, "end pseudo-Boolean proof;", "", "the file ends"),
        (&margin, "rup 1 ~u1_1_0 >= 1;\n", "", "does not refute"),
        (&margin, "~t2_0_0", "t2_0_0", "does not satisfy"),
    ] {
        refused(&folder.with("proof.pbp", from, to), "proof.pbp", word);
    }
    // Conclusions that hold and say something else than the claim.
    for (from, to) in [("BOUNDS 1 : 4 1", "NONE"), ("BOUNDS 1 : 4 1", "BOUNDS 0 1")] {
        refused(&linear.with("proof.pbp", from, to), "problem.json:10", "");
    }
}

#[test]
fn networks() {
    let (linear, margin, classes) = (folders::linear(), folders::margin(), folders::classes());
    let mut none = linear.clone();
    none.network = None;
    refused(&none, "problem.json:10", "there is no network.json");
    for (folder, from, to, place, word) in [
        (&linear, "heaviside-model", "heaviside-proof", "network.json:1", "`format`"),
        (&linear, "\"biases\": [-1]", "\"biases\": [1]", "problem.json:10", "but the network has 2"),
        (&linear, "\"weights\": [0]", "\"weights\": [2]", "problem.json:10", "but the network has 2"),
        (
            &linear,
            "\"weights\": [0], \"biases\": [-1]",
            "\"weights\": [1.5], \"biases\": [-2]",
            "network.json",
            "outside its domain",
        ),
        (&linear, "\"loss\": 1,", "\"loss\": 0,", "network.json", "claims 0 as its loss"),
        (&linear, "\"inputs\": 1, \"outputs\": 1", "\"inputs\": 2, \"outputs\": 1", "network.json", "layers[0]"),
        (&linear, "\"epsilon\": null", "\"epsilon\": 1", "network.json", "not those of problem.json"),
        (&linear, "\"rows\": 3", "\"rows\": 4", "network.json", "not those of problem.json"),
        (&linear, "\"no\"", "\"No\"", "network.json", "not those of problem.json"),
        (&margin, "\"biases\": [-0.25]", "\"biases\": [-0.2]", "problem.json:6", "margin"),
        (&classes, "[1, 0, 1, 0, -1, 0]", "[1, 0, 1, 0, -0.2, 0.8]", "problem.json:6", "margin on the whole ball"),
        (&classes, "\"biases\": [0, 0, 0]", "\"biases\": [0, 0, 0.1]", "network.json", "a bias in a network without"),
        (&classes, "[1, 0, 1, 0, -1, 0]", "[1, 0, 1, 0, 1, 0]", "problem.json:10", "but the network has 4"),
    ] {
        refused(&folder.with("network.json", from, to), place, word);
    }
}

#[test]
fn data_files() {
    let linear = folders::linear();
    for (from, to, place, word) in [
        ("4.5,no\n", "", "data.csv", "2 rows, but the problem has 3"),
        ("4.5,no\n", "4.5,yes\n", "data.csv:1", "not that of the problem"),
        ("4.5,no\n", "4.25,no\n", "data.csv:1", "not that of the problem"),
        ("0,no\n1.5,yes\n", "1.5,yes\n0,no\n", "data.csv:2", "not that of the problem"),
        ("yes", "maybe", "data.csv:3", "no class"),
    ] {
        refused(&linear.with("data.csv", from, to), place, word);
    }
    // Without the file the folder speaks of its own points.
    assert!(!linear.with("data.csv", "4.5", "5").run(false).unwrap().data_compared);
}
