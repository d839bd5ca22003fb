//! `heaviside formulate`: model files that say what they should.

mod common;

use common::{Files, heaviside, heaviside_with};

const XOR: &str = "a,b,class\n0,0,no\n0,1,yes\n1,0,yes\n1,1,no\n";

#[test]
fn the_model_goes_to_standard_output_as_mps() {
    let run = heaviside_with(&["formulate", "-", "--hidden", "2"], XOR);
    assert!(run.ok().starts_with("NAME"), "{}", run.out);
    assert!(run.out.trim_end().ends_with("ENDATA"), "{}", run.out);
    // Layer 2, point 3, neuron 0; and no neuron 1 in layer 2.
    assert!(run.out.contains(" u_2_3_0 ") && !run.out.contains(" u_2_3_1 "), "{}", run.out);
    assert!(run.err.contains("epsilon 0.0001"), "{}", run.err);
}

#[test]
fn the_extension_chooses_the_format() {
    let files = Files::new();
    let data = files.add("xor.csv", XOR);
    for name in ["xor.mps", "xor.lp", "xor.mps.gz", "xor.lp.gz"] {
        heaviside(&["formulate", &data, "--out", &files.path(name), "--epsilon", "0.25"]).ok();
    }
    assert!(files.read("xor.mps").starts_with("NAME"));
    assert!(files.read("xor.lp").contains("ubject to"));
    for packed in ["xor.mps.gz", "xor.lp.gz"] {
        assert_eq!(std::fs::read(files.path(packed)).unwrap()[..2], [0x1f, 0x8b], "{packed}");
    }
    assert!(files.read("xor.lp").contains("<= -0.25"), "the margin stands in the rows");
}

#[test]
fn json_tells_the_size() {
    let files = Files::new();
    let data = files.add("xor.csv", &format!("{XOR}1,1,no\n"));
    let json = heaviside(&["formulate", &data, "--out", &files.path("xor.mps"), "--json"]).json();
    // 2 weights, a bias, and a binary for each of the 4 distinct points; 2 rows each.
    assert_eq!((json["columns"].as_u64(), json["integers"].as_u64()), (Some(7), Some(4)));
    assert_eq!((json["points"].as_u64(), json["distinct_points"].as_u64()), (Some(5), Some(4)));
    assert_eq!(json["rows"].as_u64(), Some(8));
    heaviside(&["formulate", &data, "--json"]).fails(2, &["--out"]);
    // The ending says the format, or an option does.
    for name in ["xor.txt", "xor", "xor.gz", "xor.mps.bz2"] {
        heaviside(&["formulate", &data, "--out", &files.path(name)])
            .fails(2, &[name, ".mps", ".lp", ".gz", "--format"]);
        assert!(!std::path::Path::new(&files.path(name)).exists(), "{name}");
    }
    heaviside(&["formulate", &data, "--out", &files.path("xor.txt"), "--format", "lp"]).ok();
    assert!(std::fs::read_to_string(files.path("xor.txt")).unwrap().to_lowercase().contains("minimize"));
    assert!(heaviside(&["formulate", &data, "--format", "lp"]).ok().to_lowercase().contains("minimize"));
}
