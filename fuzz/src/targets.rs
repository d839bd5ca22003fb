//! What is fuzzed: every reader of files that somebody else wrote. A target takes arbitrary bytes and must come back: no panic,
//! no endless loop, no unbounded memory. Whether the bytes are accepted does not matter here.
//!
//! `fuzz_targets/` hands these functions to libFuzzer; `tests/fuzz_smoke.rs` runs them on mutated valid files.

use bdnn::data::SampleOptions;
use bdnn::{Architecture, Dataset, Loss, Model, Problem, ReadOptions, Sample, Scaling, WeightDomain};
use checker::network::{self, Options};
use checker::{Format, Source, boolean, certificate, export, proof, solution};
use std::path::Path;

/// A reader and the function that feeds it.
pub struct Target {
    /// Name, the same as the file in `fuzz_targets/`.
    pub name: &'static str,
    /// Reads the bytes.
    pub run: fn(&[u8]),
}

/// All readers.
pub const TARGETS: &[Target] = &[
    Target { name: "checker_mps", run: checker_mps },
    Target { name: "checker_lp", run: checker_lp },
    Target { name: "checker_certificate", run: checker_certificate },
    Target { name: "checker_solution", run: checker_solution },
    Target { name: "checker_network", run: checker_network },
    Target { name: "checker_export", run: checker_export },
    Target { name: "checker_boolean", run: checker_boolean },
    Target { name: "checker_proof", run: checker_proof },
    Target { name: "kernel", run: kernel },
    Target { name: "bdnn_data", run: bdnn_data },
    Target { name: "bdnn_network", run: bdnn_network },
    Target { name: "milp_mps", run: milp_mps },
    Target { name: "milp_lp", run: milp_lp },
    Target { name: "milp_solution", run: milp_solution },
];

/// The model that certificates and solutions are read against.
pub const MODEL: &str = "NAME knapsack\nOBJSENSE\n    MAX\nROWS\n N Obj\n L weight\n G sum\nCOLUMNS\n    M 'MARKER' 'INTORG'\n    \
    x Obj 5 weight 3\n    x sum 1\n    y Obj 4 weight 2.5\n    y sum 1\n    M 'MARKER' 'INTEND'\n    z Obj 0.5 weight 1\nRHS\n    \
    RHS weight 7.25 sum 0.5\nBOUNDS\n UP B x 3\n UP B y 2\n UP B z 1.5\nENDATA\n";

/// Between the two files of a target that reads two.
pub const SEPARATOR: &[u8] = b"\n====\n";

fn model(bytes: &[u8], format: Format) {
    let _ = checker::Model::read(Source::new("fuzz", bytes), format);
}

/// The checker's MPS reader.
pub fn checker_mps(bytes: &[u8]) {
    model(bytes, Format::Mps);
}

/// The checker's LP reader.
pub fn checker_lp(bytes: &[u8]) {
    model(bytes, Format::Lp);
}

fn known() -> checker::Model {
    checker::Model::read(Source::new("model", MODEL.as_bytes()), Format::Mps).expect("the model is valid")
}

/// The checker of VIPR certificates.
pub fn checker_certificate(bytes: &[u8]) {
    let _ = certificate::check(&known(), Source::new("fuzz", bytes));
}

/// The proof kernel.
pub fn kernel(bytes: &[u8]) {
    let _ = ::kernel::check(&String::from_utf8_lossy(bytes));
}

/// The checker's reader of solution files.
pub fn checker_solution(bytes: &[u8]) {
    let _ = solution::check(&known(), Source::new("fuzz", bytes));
}

/// The checker of networks: JSON, [`SEPARATOR`], CSV.
pub fn checker_network(bytes: &[u8]) {
    let [json, csv] = files(bytes);
    let _ = network::check(Source::new("fuzz.json", json), Source::new("fuzz.csv", csv), &Options::default());
}

/// The readers of exported networks (C, ONNX, JSON), against the network of a seed.
pub fn checker_export(bytes: &[u8]) {
    let _ = exported(bytes);
}

/// The comparison of an exported network with that of the seed.
pub fn exported(bytes: &[u8]) -> Result<export::Report, checker::Error> {
    let [json, csv] = files(include_bytes!("../seeds/network.txt"));
    let data = vec![Source::new("fuzz.csv", csv)];
    export::check(Source::new("fuzz.json", json), Source::new("fuzz", bytes), data, &Options::default())
}

/// The files of a target that reads several, each after a [`SEPARATOR`]; what is not there is empty.
fn files<const N: usize>(mut bytes: &[u8]) -> [&[u8]; N] {
    std::array::from_fn(|_| {
        let at = bytes.windows(SEPARATOR.len()).position(|window| window == SEPARATOR);
        let (file, rest) = at.map_or((bytes, &b""[..]), |at| (&bytes[..at], &bytes[at + SEPARATOR.len()..]));
        bytes = rest;
        file
    })
}

/// The checker of pseudo-Boolean proofs: formula, proof.
pub fn checker_boolean(bytes: &[u8]) {
    let [formula, proof] = files(bytes);
    let _ = boolean::check(Source::new("fuzz.opb", formula), Source::new("fuzz.pbp", proof));
}

/// The checker of proof folders: problem, lemmas, formula, proof, network (or nothing), data (or nothing).
pub fn checker_proof(bytes: &[u8]) {
    let [problem, lemmas, formula, proof, network, data] = files(bytes);
    let _ = proof::check(proof::Folder {
        problem: Source::new("problem.json", problem),
        lemmas: Source::new("lemmas.jsonl", lemmas),
        formula: Source::new("formula.opb", formula),
        proof: Source::new("proof.pbp", proof),
        network: (!network.is_empty()).then(|| Source::new("network.json", network)),
        data: (!data.is_empty()).then(|| (Source::new("data.csv", data), Options::default())),
    });
}

/// The reader of training data, and what happens to the rows before training.
pub fn bdnn_data(bytes: &[u8]) {
    for drop_missing in [false, true] {
        let options = ReadOptions { drop_missing, ..ReadOptions::default() };
        let Ok(data) = Dataset::parse(bytes, "fuzz", &options) else { continue };
        for scaling in [Scaling::MinMax, Scaling::Standard, Scaling::None] {
            let points = data.points(&data.all(), &scaling.fit(&data, &data.all()));
            let architecture = Architecture {
                inputs: data.num_features(),
                hidden: vec![],
                classes: data.num_classes(),
                bias: true,
                weights: WeightDomain::Continuous,
            };
            // Data whose range no float holds are refused here.
            let problem = Problem::new(points, architecture, Loss::Hamming);
            let _ = problem.check().map(|()| problem.floor());
        }
    }
}

/// The reader of models and of data for them: JSON, [`SEPARATOR`], CSV. Every row gets a class, and what is written again
/// is the same model.
pub fn bdnn_network(bytes: &[u8]) {
    let [json, csv] = files(bytes);
    let Ok(model) = Model::parse(json) else { return };
    let written = model.to_json().expect("a model that was read can be written");
    assert_eq!(Model::parse(written.as_bytes()).as_ref(), Ok(&model));
    let network = model.exact();
    for labelled in [false, true] {
        let options = SampleOptions { labelled, drop_missing: true, ..SampleOptions::default() };
        let Ok(sample) = Sample::parse(csv, "fuzz", &model.schema, options) else { continue };
        assert!(sample.iter().all(|row| network.predict(row) < model.schema.classes.len()));
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The solver's MPS reader, and the writers on what it reads.
pub fn milp_mps(bytes: &[u8]) {
    if let Ok(model) = milp::io::parse_mps(&text(bytes), Path::new("fuzz")) {
        written(&model);
    }
}

/// The solver's LP reader, likewise.
pub fn milp_lp(bytes: &[u8]) {
    if let Ok(model) = milp::io::parse_lp(&text(bytes), Path::new("fuzz")) {
        written(&model);
    }
}

fn written(model: &milp::Model) {
    // Not every model can stand in every format: sums may overflow, names may hold odd characters.
    let _ = milp::io::to_mps(model).and_then(|text| milp::io::parse_mps(&text, Path::new("written")));
    let _ = milp::io::to_lp(model).and_then(|text| milp::io::parse_lp(&text, Path::new("written")));
}

/// The solver's reader of solution files.
pub fn milp_solution(bytes: &[u8]) {
    let model = milp::io::parse_mps(MODEL, Path::new("model")).expect("the model is valid");
    let _ = milp::io::parse_solution(&text(bytes), &model, Path::new("fuzz"));
}
