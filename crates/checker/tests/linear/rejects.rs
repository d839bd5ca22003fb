//! One lie a precondition: problem, formulation, certificate, network, data.

use super::{Folder, classes, line, pair, regularised};

/// The folder is refused with this word in a message that names the file, and the line or the name of what is wrong.
fn refused(folder: &Folder, place: &str, word: &str) {
    match folder.run() {
        Ok(report) => panic!("accepted {report:?}, expected {word:?}"),
        Err(error) => {
            let text = error.to_string();
            assert!(text.starts_with(place) && text.contains(word), "{text}, not {place} {word:?}");
        }
    }
}

#[test]
fn problems() {
    let (line, classes) = (line(), classes());
    for (folder, from, to, place, word) in [
        (&line, "heaviside-proof", "heaviside-model", "problem.json:1", "`format`"),
        (&line, "\"epsilon\":0.25", "\"epsilon\":null", "problem.json:5", "a margin `epsilon`"),
        (&line, "\"epsilon\":0.25", "\"epsilon\":0.125", "model.mps", "bounds of column `b_1_0` exclude"),
        (&line, "\"divisor\":[4.5]", "\"divisor\":[4]", "model.mps", "bounds of column `b_1_0` exclude"),
        (&line, "\"divisor\":[4.5]", "\"divisor\":[4.75]", "model.mps", "row `fire_1_1_0` excludes"),
        (&line, "\"hidden\":[]", "\"hidden\":[1]", "model.mps", "`w_2_0_0` is missing"),
        (&line, "\"hidden\":[]", "\"hidden\":[18446744073709551615]", "model.mps", "`w_1_1_0`"),
        (&line, "\"bias\":true", "\"bias\":false", "model.mps", "column `b_1_0` stands where `u_1_0_0`"),
        (&line, "\"continuous\"", "{\"integer\":1}", "model.mps", "column `w_1_0_0` must be integer"),
        (&line, "\"l0\":0.0", "\"l0\":1.0", "model.mps", "where `z_1_0_0` should"),
        (&line, "\"l1\":0.0", "\"l1\":1.0", "model.mps", "where `xi_1_0_0` should"),
        (&line, "\"robust\":null", "\"robust\":{\"radius\":0.1,\"norm\":\"l1\"}", "model.mps", "where `norm_0` should"),
        (&line, "[0,1,0]", "[0,1,1]", "problem.json:5", "not the fingerprint"),
        (&line, "\"partition\": null", "\"partition\": [0,1,0]", "model.mps", "`fire_1_2_0`"),
        (&line, "\"bound\":1.0", "\"bound\":1.25", "problem.json:10", "the proof shows a bound of 1"),
        (&line, "\"bound\":1.0", "\"bound\":null", "problem.json:10", "claims infeasibility"),
        (&line, "\"bound\":1.0", "\"bound\":\"1\"", "problem.json:10", "a number"),
        (&line, "\"loss\":1}", "\"loss\":0}", "problem.json:10", "but the network has 1"),
        (&line, "\"loss\":1}", "\"loss\":null}", "network.json", "claims none"),
        (&classes, "\"integer\":2", "\"integer\":3", "model.mps", "bounds of column `w_1_0_0` exclude"),
        (&classes, "\"zero-one\"", "\"hamming\"", "model.mps", "column `e_0_2` has no meaning"),
        (&classes, "\"radius\":0.25", "\"radius\":0.5", "model.mps", "row `fire_1_0_0` excludes"),
    ] {
        refused(&folder.with("problem.json", from, to), place, word);
    }
}

/// What a model could hide: a network that it excludes, or that costs more in it.
#[test]
fn formulations() {
    let (line, regularised, pair, classes) = (line(), regularised(), pair(), classes());
    for (folder, from, to, word) in [
        (&line, "NAME bdnn", "OBJSENSE MAX", "is maximised"),
        (&line, "RHS Obj -1", "RHS Obj -2", "constant of the objective"),
        (&line, "u_1_1_0 Obj -1", "u_1_1_0 Obj 1", "column `u_1_1_0` has another cost"),
        (&line, "w_1_0_0 fire_1_1_0", "w_1_0_0 Obj 1\n    w_1_0_0 fire_1_1_0", "column `w_1_0_0` has another cost"),
        (&line, "LO BND w_1_0_0 -1", "LO BND w_1_0_0 -0.9", "bounds of column `w_1_0_0` exclude"),
        (&line, "UP BND w_1_0_0 1", "UP BND w_1_0_0 0.9", "bounds of column `w_1_0_0` exclude"),
        (&line, "LO BND b_1_0 -1.0", "LO BND b_1_0 -0.9", "bounds of column `b_1_0` exclude"),
        (&line, "UP BND b_1_0 0.75", "UP BND b_1_0 0.74", "bounds of column `b_1_0` exclude"),
        (&line, "BV BND u_1_0_0", "FX BND u_1_0_0 0", "bounds of column `u_1_0_0` exclude"),
        (&line, "BOUNDS", "BOUNDS\n LI BND b_1_0 -9", "column `b_1_0` must not be integer"),
        // The side of u = 1, then that of u = 0.
        (&line, "RHS fire_1_0_0 -1.0", "RHS fire_1_0_0 -0.9", "row `fire_1_0_0` excludes"),
        (&line, "fire_1_0_0 -1\n", "fire_1_0_0 -1.1\n", "row `fire_1_0_0` excludes"),
        (&line, "RHS rest_1_0_0 -0.2", "RHS rest_1_0_0 -0.3", "row `rest_1_0_0` excludes"),
        (&line, "rest_1_0_0 -1\n", "rest_1_0_0 -0.9\n", "row `rest_1_0_0` excludes"),
        (&line, "fire_1_1_0 0.3333333333333333", "fire_1_1_0 0.3334", "row `fire_1_1_0` excludes"),
        (&line, "rest_1_1_0 0.3333333333333333", "rest_1_1_0 0.3332", "row `rest_1_1_0` excludes"),
        (&line, "w_1_0_0 fire_1_2_0 1", "w_1_0_0 fire_1_2_0 0", "row `fire_1_2_0` excludes"),
        (&line, "b_1_0 fire_1_0_0 1", "b_1_0 fire_1_0_0 2", "the coefficient 1"),
        (&line, "b_1_0 fire_1_0_0 1", "b_1_0 fire_1_0_0 0", "the coefficient 1"),
        (&line, "u_1_1_0 Obj", "u_1_1_0 fire_1_0_0 1\n    u_1_1_0 Obj", "`fire_1_0_0`: a column that does not belong"),
        (&line, "G fire_1_0_0", "L fire_1_0_0", "row `fire_1_0_0` excludes"),
        (&line, "L rest_1_0_0", "E rest_1_0_0", "row `rest_1_0_0` excludes"),
        (&line, "G fire_1_0_0\n L rest_1_0_0", "L rest_1_0_0\n G fire_1_0_0", "row `rest_1_0_0` stands where"),
        (&line, "L rest_1_2_0\n", "L rest_1_2_0\n G extra\n", "row `extra` has no meaning"),
        (&line, "RANGES", "RANGES\n    R fire_1_0_0 1", "row `fire_1_0_0` excludes"),
        (&regularised, "UP BND xi_1_0_0 1", "UP BND xi_1_0_0 0.5", "bounds of column `xi_1_0_0` exclude"),
        (&regularised, "xi_1_0_0 abs_hi_1_0_0 1", "xi_1_0_0 abs_hi_1_0_0 0.5", "`abs_hi_1_0_0` has other coefficients"),
        (&regularised, "z_1_0_0 zero_lo_1_0_0 1", "z_1_0_0 zero_lo_1_0_0 0.5", "`zero_lo_1_0_0` has other"),
        (&regularised, "xi_1_0_0 fire_1_0_0 -0.125", "xi_1_0_0 fire_1_0_0 -0.126", "row `fire_1_0_0` excludes"),
        (&regularised, "xi_1_0_0 rest_1_0_0 0.125", "xi_1_0_0 rest_1_0_0 0.126", "row `rest_1_0_0` excludes"),
        // An indicator is no part of a norm.
        (&regularised, "z_1_0_0 Obj", "z_1_0_0 fire_1_0_0 -0.1\n    z_1_0_0 Obj", "a column that does not belong"),
        (&regularised, "and_off_hi_2_0_0_0 -1", "and_off_hi_2_0_0_0 -0.5", "`and_off_hi_2_0_0_0` has other"),
        (
            &regularised,
            "RHS and_on_hi_2_0_0_0 1",
            "RHS and_on_hi_2_0_0_0 0.5",
            "sides of row `and_on_hi_2_0_0_0` exclude",
        ),
        (&regularised, "RHS and_on_lo_2_0_0_0 -1", "RHS and_on_lo_2_0_0_0 -0.5", "sides of row `and_on_lo_2_0_0_0`"),
        (&regularised, "RHS rest_2_0_0 -0.2", "RHS rest_2_0_0 -0.3", "row `rest_2_0_0` excludes"),
        (&regularised, "UP BND s_2_0_0_0 1", "UP BND s_2_0_0_0 0.5", "bounds of column `s_2_0_0_0` exclude"),
        (&pair, "order_1_0 1\n", "order_1_0 -1\n", "row `order_1_0` has other coefficients"),
        (&pair, "RHS and_on", "RHS order_1_0 1\n    RHS and_on", "sides of row `order_1_0` exclude"),
        (&pair, "FX BND u_1_0_0 1", "FX BND u_1_0_0 0", "bounds of column `u_1_0_0` exclude"),
        (&pair, "BV BND u_1_1_0", "FX BND u_1_1_0 1", "bounds of column `u_1_1_0` exclude"),
        (&classes, "UP BND norm_0 2", "UP BND norm_0 1", "bounds of column `norm_0` exclude"),
        (&classes, "norm_0 fire_1_0_0 -0.25", "norm_0 fire_1_0_0 -0.26", "row `fire_1_0_0` excludes"),
        (&classes, "norm_0 norm_hi_0_0 1", "norm_0 norm_hi_0_0 0.5", "`norm_hi_0_0` has other"),
        (&classes, "e_2_0 Obj 1", "e_2_0 Obj 2", "column `e_2_0` has another cost"),
        (&classes, "RHS floor_2 1", "RHS floor_2 2", "sides of row `floor_2` exclude"),
        (&classes, "e_0_2 wrong_0_2_0 1", "e_0_2 wrong_0_2_0 0.5", "`wrong_0_2_0` has other coefficients"),
        (&classes, "RHS wrong_0_2_2 1", "RHS wrong_0_2_2 2", "sides of row `wrong_0_2_2` exclude"),
    ] {
        refused(&folder.with("model.mps", from, to), "model.mps", word);
    }
}

/// A higher price on weights in the model than in the problem counts against what it proves: here by a tenth (less what
/// binary64 makes of it) for each of three weights.
#[test]
fn other_costs_count_against_the_bound() {
    let mut dearer = regularised();
    for weight in ["1_0_0", "1_0_1", "2_0_0"] {
        dearer = dearer.with("model.mps", &format!("xi_{weight} Obj 0.1"), &format!("xi_{weight} Obj 0.2"));
    }
    dearer.certificate = include_str!("folders/regularised/dearer.vipr").to_owned();
    refused(&dearer, "problem.json:10", "the proof shows a bound of ~0.699999");
    refused(&dearer.with("problem.json", "0.999999999999", "0.7001"), "problem.json:10", "claims a bound of ~0.700");
    dearer.with("problem.json", "0.999999999999", "0.6999").run().unwrap();
    // Lower prices only weaken the model.
    let mut cheaper = regularised().with("problem.json", "\"l1\":0.1", "\"l1\":0.5");
    let network = cheaper.network.take().unwrap();
    cheaper.network = Some(network.replacen("\"l1\": 0.1", "\"l1\": 0.5", 1));
    cheaper.run().unwrap();
}

#[test]
fn certificates() {
    let line = line();
    for (from, to, place, word) in [
        ("RTP range 0 0", "RTP range 1 1", "certificate.vipr", ""),
        ("RTP range 0 0", "RTP infeas", "certificate.vipr", ""),
        ("lin 4 22", "lin 4 21", "certificate.vipr", "lin"),
        ("VAR 5", "VAR 4", "certificate.vipr", ""),
    ] {
        refused(&line.with("certificate.vipr", from, to), place, word);
    }
    // A weaker certificate is a valid one, and proves less than is claimed.
    let weak = "RTP range -1 0\nSOL 0\nDER 1\nd16 G -1 OBJ { lin 3 2 1 8 -1 4 1 } -1\n";
    let start = line.certificate.find("RTP").unwrap();
    let mut folder = line.clone();
    folder.certificate.truncate(start);
    folder.certificate.push_str(&weak.replace("-1 0\n", "-1 inf\n"));
    refused(&folder, "problem.json:10", "the proof shows a bound of 0");
}

#[test]
fn networks_and_data() {
    let (line, regularised) = (line(), regularised());
    for (from, to, place, word) in [
        ("\"loss\": 1", "\"loss\": 2", "network.json", "claims 2 as its loss"),
        ("\"epsilon\": 0.25", "\"epsilon\": 0.125", "network.json", "not those of problem.json"),
        ("\"continuous\"", "{\"integer\": 1}", "network.json", "not those of problem.json"),
    ] {
        refused(&line.with("network.json", from, to), place, word);
    }
    refused(&Folder { network: None, ..line.clone() }, "problem.json:10", "there is no network.json");
    refused(&line.with("data.csv", "1.5,yes", "1.5,no"), "data.csv:2", "not that of the problem");
    refused(&line.with("data.csv", "4.5,no", "4.25,no"), "data.csv:3", "not that of the problem");
    // The network does not keep a margin that is asked for.
    let margin = "\"epsilon\":0.25";
    let network = regularised.network.clone().unwrap().replacen("\"epsilon\": 0.25", "\"epsilon\": 0.5", 1);
    let wider = Folder { network: Some(network), ..regularised.with("problem.json", margin, "\"epsilon\":0.5") };
    refused(&wider, "problem.json", "breaks the claimed margin");
}
