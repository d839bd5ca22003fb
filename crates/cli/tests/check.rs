//! `heaviside check`: true claims pass, false ones end with exit code 1.

mod common;

use common::{Files, heaviside, keys};

const KNAPSACK: &str = "Maximize\n obj: 5 x + 4 y + 3 z\nSubject To\n room: 2 x + 3 y + z <= 5\nBinary\n x y z\nEnd\n";

#[test]
fn a_feasible_solution_passes() {
    let files = Files::new();
    let (model, solution) = (files.add("k.lp", KNAPSACK), files.add("k.sol", "=obj= 9\nx 1\ny 1\n"));
    let json = heaviside(&["check", "solution", &model, &solution, "--json", "--tolerance", "0"]).json();
    assert_eq!(json["feasible"], true);
    assert_eq!(json["objective"], 9.0);
    assert_eq!(json["max_row_violation"], 0.0);
    assert_eq!((&json["stated_objective"], &json["objective_agrees"]), (&9.0.into(), &true.into()));
    assert_eq!(keys(&json).len(), 8);
}

#[test]
fn a_false_solution_fails_and_is_named() {
    let files = Files::new();
    let model = files.add("k.lp", KNAPSACK);
    let run = heaviside(&["check", "solution", &model, &files.add("a.sol", "x 1\ny 1\nz 1\n"), "--json"]);
    run.fails(1, &["rows", "1 (room)"]);
    assert!(run.out.contains("\"feasible\":false"), "{}", run.out);
    let almost = files.add("b.sol", "x 0.9999999\n");
    heaviside(&["check", "solution", &model, &almost]).fails(1, &["integrality", "1e-7 (x)"]);
    heaviside(&["check", "solution", &model, &almost, "--tolerance", "1e-6"]).ok();
}

/// A tenth is a tenth: the nearest float is larger by 5.6e-18, and would let more pass.
#[test]
fn a_tolerance_is_the_number_that_is_written() {
    let files = Files::new();
    let model = files.add("k.lp", KNAPSACK);
    let solution = files.add("a.sol", "x 0.100000000000000001\n");
    let check = |tolerance: &str| heaviside(&["check", "solution", &model, &solution, "--tolerance", tolerance]);
    check("0.1").fails(1, &["integrality", "0.1 (x)"]);
    for enough in ["0.100000000000000001", "100000000000000001/1000000000000000000", "1/2"] {
        assert!(check(enough).ok().contains(enough));
    }
    for wrong in ["-1", "-1e-9", "nan", "inf", "1/0", "1e999999", ""] {
        check(wrong).fails(2, &["0 or more"]);
    }
}

#[test]
fn files_that_cannot_be_understood_are_bad_input() {
    let files = Files::new();
    let model = files.add("k.lp", KNAPSACK);
    heaviside(&["check", "solution", &model, &files.path("none.sol")]).fails(2, &["none.sol"]);
    heaviside(&["check", "solution", &model, &files.add("c.sol", "x one\n")]).fails(2, &["c.sol:1", "one"]);
}

const COVER: &str =
    "Minimize\n x + y + 10\nSubject To\n c: 2 x + 2 y >= 3\nBounds\n x <= 9\n y <= 9\nGenerals\n x y\nEnd\n";
const CERTIFICATE: &str = "VER 1.1\nVAR 2 x y\nINT 2 0 1\nOBJ min 2 0 1 1 1\nCON 5 4\nlx G 0 1 0 1\nux L 9 1 0 1\n\
    ly G 0 1 1 1\nuy L 9 1 1 1\nc G 3 2 0 2 1 2\nRTP range 2 2\nSOL 1\nbest 1 0 2\nDER 2\n\
    half G 3/2 OBJ { lin 1 4 1/2 } 6\nbound G 2 OBJ { rnd 1 5 1 } -1\n";

#[test]
fn a_valid_certificate_passes() {
    let files = Files::new();
    let (model, proof) = (files.add("c.lp", COVER), files.add("c.vipr", CERTIFICATE));
    let json = heaviside(&["check", "certificate", &model, &proof, "--json"]).json();
    assert_eq!((&json["valid"], &json["claim"]), (&true.into(), &"optimal".into()));
    // The model's constant included.
    assert_eq!((&json["lower"], &json["upper"]), (&"12".into(), &"12".into()));
    assert!(heaviside(&["check", "certificate", &model, &proof]).ok().contains("the optimum is 12"));
    let bound = files.add("b.vipr", &CERTIFICATE.replace("RTP range 2 2", "RTP range 2 inf"));
    assert!(heaviside(&["check", "certificate", &model, &bound]).ok().contains("the optimum is at least 12"));
}

#[test]
fn a_false_certificate_fails_at_its_step() {
    let files = Files::new();
    let model = files.add("c.lp", COVER);
    let beyond = files.add("a.vipr", &CERTIFICATE.replace("RTP range 2 2", "RTP range 3 inf"));
    let run = heaviside(&["check", "certificate", &model, &beyond, "--json"]);
    run.fails(1, &["a.vipr:16", "not proven"]);
    assert!(run.out.contains("\"valid\":false"), "{}", run.out);
    let step = files.add("b.vipr", &CERTIFICATE.replace("lin 1 4 1/2", "lin 1 4 1"));
    heaviside(&["check", "certificate", &model, &step]).fails(1, &["b.vipr:15", "`half` (lin)"]);
    let cut = files.add("c.vipr", CERTIFICATE.split_at(200).0);
    heaviside(&["check", "certificate", &model, &cut]).fails(2, &["c.vipr", "the file ends"]);
}

/// Three points on a line, the middle one of the other class.
const PROBLEM: &str = r#"{"format": "heaviside-proof", "version": 1,
 "architecture": {"inputs": 1, "hidden": [], "classes": 2, "bias": true, "weights": "continuous"},
 "scaler": {"shift": [0], "divisor": [1]},
 "schema": {"features": ["f1"], "named": false, "label": "label", "label_column": 1, "classes": ["no", "yes"]},
 "training": {"loss": "zero-one", "epsilon": null, "robust": null, "l0": 0, "l1": 0, "rows": 3, "distinct_points": 3,
  "data_sha256": "60e86b0809a8e165e6610b9c2039ce43da467d1fbf9653b7e00fb05b3d873599"},
 "points": [[0], [1.5], [4.5]], "row_points": [0, 1, 2], "row_classes": [0, 1, 0], "partition": null,
 "claim": {"bound": 1, "loss": null}}
"#;
const LEMMAS: &str = "{\"layer\":1,\"fires\":[[1,\"1\"]],\"rests\":[[0,\"2/3\"],[2,\"1/3\"]]}\n";
const FORMULA: &str = "min: 1 u1_0_0 1 ~u1_1_0 1 u1_2_0 ;\n@m0_0 1 ~u1_1_0 1 u1_0_0 1 u1_2_0 >= 1 ;\n\
    @n0_0 1 u1_1_0 1 ~u1_0_0 1 ~u1_2_0 >= 1 ;\n";
const PROOF: &str = "pseudo-Boolean proof version 3.0\nf 2;\noutput NONE;\nconclusion BOUNDS 1 : @m0_0 INF;\n\
    end pseudo-Boolean proof;\n";

#[test]
fn a_proof_folder_passes_or_fails_at_its_line() {
    let files = Files::new();
    files.add("problem.json", PROBLEM);
    files.add("lemmas.jsonl", LEMMAS);
    files.add("proof.pbp", PROOF);
    let (formula, folder) = (files.add("formula.opb", FORMULA), files.path("."));
    let data = files.add("data.csv", "0,no\n1.5,yes\n4.5,no\n");
    let json = heaviside(&["check", "proof", &folder, "--data", &data, "--json"]).json();
    assert_eq!((&json["valid"], &json["claim"], &json["bound"]), (&true.into(), &"bound".into(), &1.into()));
    assert_eq!((&json["loss"], &json["lemmas"], &json["data_compared"]), (&().into(), &1.into(), &true.into()));
    assert!(heaviside(&["check", "proof", &folder]).ok().contains("the least loss is at least 1"));
    let other = files.add("other.csv", "0,no\n1.5,no\n4.5,no\n");
    heaviside(&["check", "proof", &folder, "--data", &other]).fails(1, &["other.csv:2"]);
    files.add("lemmas.jsonl", &LEMMAS.replace("2/3", "1/3"));
    let run = heaviside(&["check", "proof", &folder, "--json"]);
    run.fails(1, &["lemmas.jsonl:1", "lemma 0"]);
    assert!(run.out.contains("\"valid\":false"), "{}", run.out);
    files.add("lemmas.jsonl", "nothing\n");
    heaviside(&["check", "proof", &folder]).fails(2, &["lemmas.jsonl:1"]);
    files.add("formula.opb.gz", "");
    heaviside(&["check", "proof", &folder]).fails(2, &["both formula.opb and formula.opb.gz"]);
    std::fs::remove_file(&formula).unwrap();
    std::fs::remove_file(files.path("formula.opb.gz")).unwrap();
    heaviside(&["check", "proof", &folder]).fails(2, &["formula.opb"]);
}

/// A model of two features and its data, trained by hand: it makes one error.
fn network(weights: &str, bias: &str, features: &str, classes: &str) -> String {
    format!(
        r#"{{"format": "heaviside-model", "version": 1,
 "architecture": {{"inputs": 2, "hidden": [], "classes": 2, "bias": {bias}, "weights": {{"integer": 1}}}},
 "network": {{"layers": [{{"inputs": 2, "outputs": 1, "weights": [{weights}], "biases": [-2]}}]}},
 "scaler": {{"shift": [0, 0], "divisor": [1, 1]}},
 "schema": {{"features": {features}, "named": true, "label": "c", "label_column": 2, "classes": {classes}}},
 "training": {{"loss": "hamming", "epsilon": null, "robust": null, "l0": 0, "l1": 0, "rows": 4, "distinct_points": 4,
   "data_sha256": "{HASH}"}},
 "claim": {{"status": "optimal", "loss": 0, "objective": 0, "bound": 0}}}}"#
    )
}

const HASH: &str = "0bd6ba5e0e6bc5cb61ffdbcd2fa1f48a2a6ff73c0c0a7f28a5d9fb7d3d9ef1d4";
const NETWORK_DATA: &str = "a,b,c\n0,0,0\n0,1,0\n1,0,0\n1,1,1\n";

/// What is false about a network is a failed check, whatever the solver's own reader would think of the file.
#[test]
fn networks_outside_their_domain_fail_the_check() {
    let files = Files::new();
    let data = files.add("d.csv", NETWORK_DATA);
    let (features, classes) = (r#"["a", "b"]"#, r#"["0", "1"]"#);
    let check = |model: &str| heaviside(&["check", "network", &files.add("m.json", model), &data, "--json"]);
    // The fingerprint is made up, so that alone is false here.
    let right = check(&network("1, 1", "true", features, classes));
    right.fails(1, &["other data"]);
    assert!(!right.err.contains("domain"), "{}", right.err);
    let json: serde_json::Value = serde_json::from_str(&right.out).unwrap();
    assert_eq!((&json["loss"], &json["label"]), (&0.into(), &"c".into()));
    assert_eq!(json["feature_columns"], serde_json::json!([0, 1]));
    assert_eq!(json["classes"][0], serde_json::json!({"name": "0", "rows": 3}));
    for (model, words) in [
        (network("1, 2", "true", features, classes), "weight 2 outside its domain"),
        (network("1, 0.5", "true", features, classes), "outside its domain"),
        (network("1, 1", "false", features, classes), "a bias in a network without"),
        (network("1, 1", "true", r#"["a", "c"]"#, classes), "the label `c` is used as a feature"),
        (network("1, 1", "true", features, r#"["0", "2"]"#), "no class `1`"),
    ] {
        let run = check(&model);
        assert!(run.err.contains(words), "{words}: {}", run.err);
        assert!(run.code == 1 || words.starts_with("no class"), "{words}: {}", run.code);
    }
}

/// A check whose certificate never comes, with these options; what is done to it; its end.
fn unfinished(options: &[&str], stop: impl FnOnce(u32)) -> (std::process::Output, f64) {
    let files = Files::new();
    let model = files.add("c.lp", COVER);
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("heaviside"));
    command.args(["check", "certificate", &model, "-", "--json"]).args(options);
    let pipes = || std::process::Stdio::piped();
    // Standard input stays open.
    let mut child = command.stdin(pipes()).stdout(pipes()).stderr(pipes()).spawn().unwrap();
    let input = child.stdin.take();
    let start = std::time::Instant::now();
    stop(child.id());
    let output = child.wait_with_output().unwrap();
    drop(input);
    (output, start.elapsed().as_secs_f64())
}

/// A check that is not finished says so, and is no success.
#[test]
fn checks_end_at_their_time_limit() {
    let (output, seconds) = unfinished(&["--time-limit", "0.3"], |_| {});
    assert!(seconds >= 0.2, "{seconds}");
    assert_eq!(output.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["valid"], false);
    assert!(json["failure"].as_str().unwrap().contains("not finished: the time limit of 0.3 s"), "{json}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("not finished"));
    // One that is finished in time is not disturbed.
    let files = Files::new();
    let (model, proof) = (files.add("c.lp", COVER), files.add("c.vipr", CERTIFICATE));
    heaviside(&["check", "certificate", &model, &proof, "--time-limit", "60"]).ok();
}

#[cfg(unix)]
#[test]
fn checks_hear_signals() {
    for signal in ["-INT", "-TERM"] {
        let (output, _) = unfinished(&[], |id| {
            std::thread::sleep(std::time::Duration::from_millis(500));
            std::process::Command::new("kill").args([signal, &id.to_string()]).status().unwrap();
        });
        assert_ne!(output.status.code(), Some(0), "{signal}");
        assert!(!String::from_utf8_lossy(&output.stdout).contains("\"valid\":true"), "{signal}");
    }
}

/// A small file that unpacks to more than its size accounts for is not read to its end.
#[test]
fn packed_bombs_are_not_unpacked() {
    let files = Files::new();
    let model = files.add("c.lp", COVER);
    let path = files.path("bomb.vipr.gz");
    let file = std::fs::File::create(&path).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::best());
    let blanks = vec![b'\n'; 1 << 20];
    for _ in 0..90 {
        std::io::Write::write_all(&mut encoder, &blanks).unwrap();
    }
    encoder.finish().unwrap();
    heaviside(&["check", "certificate", &model, &path]).fails(2, &["bomb.vipr.gz", "unpack"]);
}
