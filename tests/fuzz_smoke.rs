//! A short fuzzing run of every reader: mutants of valid files, from a seed. Long runs are those of `fuzz/`.

#[path = "../fuzz/src/targets.rs"]
mod targets;

use heaviside_acceptance::random::Source;
use std::path::Path;
use targets::{SEPARATOR, TARGETS};

/// Mutants of each seed.
const MUTANTS: usize = 1500;

/// Bytes of a mutant that is not stretched again.
const LONG: usize = 1 << 14;

/// Pieces that mean something to some reader.
const WORDS: &[&str] = &[
    "0",
    "-1",
    "1e308",
    "-1e-320",
    "1/0",
    "1/3",
    "9999999999999999999999",
    "1e5000",
    "nan",
    "inf",
    "-inf",
    "1e20",
    " ",
    "\n",
    "\t",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ";",
    "%",
    "*",
    "\\",
    "OBJ",
    "DER 99999999",
    "CON 3 2",
    "rup",
    "pol 1 2 +",
    "red",
    "soli",
    "-> 1",
    "~u1_0_0",
    "u1_0_0",
    "del id 3;",
    "uns",
    "lin 2",
    "rnd 1",
    "asm",
    "sol",
    "RTP infeas",
    "SOL 0",
    "E",
    "L",
    "G",
    "RANGES",
    "BOUNDS",
    "MI",
    "BV",
    "end",
    "free",
    "bounds",
    "<=",
    ">=",
    "null",
    "true",
    "for (int i = 0; i < 1; )",
    "uint8_t h[999999999];",
    "net_predict(",
    "\u{0}",
    "\u{feff}",
    "é",
    "?",
];

fn mutant(random: &mut Source, seed: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..random.whole(1, 4) {
        let at = random.whole(0, bytes.len());
        let end = random.whole(at, (at + 40).min(bytes.len()));
        match random.whole(0, 7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.whole(0, 7),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                let to = random.whole(0, bytes.len());
                bytes.splice(to..to, piece);
            }
            3 => bytes.truncate(at),
            4 => {
                let word = WORDS[random.whole(0, WORDS.len() - 1)].bytes();
                bytes.splice(at..end, word);
            }
            // Long sums, long lists, deep nesting: a reader that calls itself a piece runs out of stack.
            5 if bytes.len() < LONG => {
                let piece = bytes[at..end.min(at + 12)].repeat(1 << random.whole(0, 13));
                bytes.splice(at..at, piece);
            }
            6 if at < bytes.len() && bytes[at].is_ascii_digit() => bytes[at] = b'0' + random.whole(0, 9) as u8,
            _ => {
                let word = WORDS[random.whole(0, WORDS.len() - 1)].bytes();
                bytes.splice(at..at, word);
            }
        }
    }
    bytes
}

#[test]
fn no_reader_panics() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut random = Source::new(17);
    for target in TARGETS {
        let kind = target.name.rsplit('_').next().unwrap();
        let files: &[&str] = match kind {
            "mps" => &["model.mps", "ranges.mps", "special.mps"],
            "lp" => &["model.lp", "special.lp"],
            "certificate" => &["optimum.vipr"],
            "solution" => &["optimum.sol"],
            "boolean" => &["boolean.txt"],
            "proof" => &["proof.txt"],
            "kernel" => &["single.kernel"],
            "export" => &["export.h", "export.onnx", "export.json"],
            "data" => &["data.csv"],
            _ => &["network.txt"],
        };
        for file in files {
            let seed = std::fs::read(folder.join(file)).unwrap();
            assert!(kind != "network" || seed.windows(SEPARATOR.len()).any(|window| window == SEPARATOR));
            (target.run)(&seed);
            for _ in 0..MUTANTS {
                (target.run)(&mutant(&mut random, &seed));
            }
        }
    }
}

/// A mutant of a certificate is refused, or what it claims is true.
#[test]
fn accepted_mutants_of_a_certificate_tell_the_truth() {
    let seed = include_bytes!("../fuzz/seeds/optimum.vipr");
    let model = checker::Model::read(checker::Source::new("model", targets::MODEL.as_bytes()), None).unwrap();
    let optimum = checker::number::exact("85/8").unwrap();
    let mut random = Source::new(23);
    let mut accepted = 0;
    for _ in 0..20_000 {
        let bytes = mutant(&mut random, seed);
        let Ok(report) = checker::certificate::check(&model, checker::Source::new("mutant", bytes.as_slice())) else {
            continue;
        };
        let checker::certificate::Claim::Range { lower, upper } = report.claim else { panic!("it is feasible") };
        assert!(lower.is_none_or(|lower| lower <= optimum), "{}", String::from_utf8_lossy(&bytes));
        assert!(upper.is_none_or(|upper| upper >= optimum), "{}", String::from_utf8_lossy(&bytes));
        accepted += 1;
    }
    println!("{accepted} mutants are still proofs");
    assert!((1..10_000).contains(&accepted));
}

/// The seeds are valid, so that mutants reach every part of the readers.
#[test]
fn seeds_are_valid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let source = |name: &str| checker::Source::open(&folder.join(name)).unwrap();
    let model = checker::Model::read(source("model.mps"), None).unwrap();
    assert_eq!(std::fs::read_to_string(folder.join("model.mps")).unwrap(), targets::MODEL);
    checker::Model::read(source("ranges.mps"), None).unwrap();
    checker::Model::read(source("model.lp"), None).unwrap();
    for name in ["special.lp", "special.mps"] {
        assert!(checker::Model::read(source(name), None).unwrap().special().is_some());
    }
    checker::certificate::check(&model, source("optimum.vipr")).unwrap();
    checker::solution::check(&model, source("optimum.sol")).unwrap();
    let network = std::fs::read(folder.join("network.txt")).unwrap();
    let at = network.windows(SEPARATOR.len()).position(|window| window == SEPARATOR).unwrap();
    let (json, csv) = (&network[..at], &network[at + SEPARATOR.len()..]);
    let (json, csv) = (checker::Source::new("json", json), checker::Source::new("csv", csv));
    assert!(checker::network::check(json, csv, &checker::network::Options::default()).unwrap().false_claims.is_empty());
    assert!(bdnn::Model::parse(&network[..at]).is_ok());
    assert_eq!(bdnn::Dataset::read(&folder.join("data.csv"), &bdnn::ReadOptions::default()).unwrap().len(), 4);
    for name in ["export.h", "export.onnx", "export.json"] {
        assert!(targets::exported(&std::fs::read(folder.join(name)).unwrap()).unwrap().holds(), "{name}");
    }
    kernel::check(&std::fs::read_to_string(folder.join("single.kernel")).unwrap()).unwrap();
    let boolean = std::fs::read_to_string(folder.join("boolean.txt")).unwrap();
    let (formula, proof) = boolean.split_once("\n====\n").unwrap();
    let (formula, proof) =
        (checker::Source::new("opb", formula.as_bytes()), checker::Source::new("pbp", proof.as_bytes()));
    checker::boolean::check(formula, proof).unwrap();
    let proof = std::fs::read_to_string(folder.join("proof.txt")).unwrap();
    let [problem, lemmas, formula, proof, network, data] = proof.split("\n====\n").collect::<Vec<_>>()[..] else {
        panic!("six files")
    };
    let source = |name: &'static str, text: &'_ str| {
        checker::Source::new(name, std::io::Cursor::new(text.to_owned().into_bytes()))
    };
    let report = checker::proof::check(checker::proof::Folder {
        problem: source("problem.json", problem),
        lemmas: source("lemmas.jsonl", lemmas),
        formula: source("formula.opb", formula),
        proof: source("proof.pbp", proof),
        network: Some(source("network.json", network)),
        data: Some((source("data.csv", data), checker::network::Options::default())),
    });
    assert_eq!(report.unwrap().bound, Some(1));
}
