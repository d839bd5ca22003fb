//! Folders that describe much with few bytes: the check ends before the memory is taken.

use super::folders;
use checker::{Budget, Source, limits};

/// A folder of few bytes for a network of many layers: each layer has more variables than the file has bytes for it.
#[test]
fn variables_are_bounded_by_the_bytes() {
    for layers in [10, 10_000] {
        let hidden = vec!["6"; layers].join(", ");
        let folder = folders::linear().with("problem.json", "\"hidden\": []", &format!("\"hidden\": [{hidden}]"));
        let budget = Budget::default();
        let source = |name: &str, text: &str| {
            Source::new(name.to_owned(), std::io::Cursor::new(text.to_owned())).within(&budget)
        };
        let error = checker::proof::check(checker::proof::Folder {
            problem: source("problem.json", &folder.problem),
            lemmas: source("lemmas.jsonl", &folder.lemmas),
            formula: source("formula.opb", &folder.formula),
            proof: source("proof.pbp", &folder.proof),
            network: None,
            data: None,
        });
        let error = error.unwrap_err();
        let most = limits::HELD + limits::HELD_PER_BYTE * folder.problem.len();
        assert!(budget.most_held() <= most, "{budget:?}");
        if layers == 10 {
            assert!(error.is_refutation(), "{error}");
        } else {
            assert!(error.leaves_unproven() && !error.is_refutation(), "{error}");
            assert!(error.to_string().contains("not finished"), "{error}");
        }
    }
}

/// Many rows of one point with many features: the rows share it.
#[test]
fn rows_share_their_points() {
    let (features, rows) = (400, 20_000);
    let values = vec!["1.0"; features].join(", ");
    let folder = folders::linear()
        .with("problem.json", "[[0.0], [1.5], [4.5]]", &format!("[[{values}]]"))
        .with("problem.json", "[2, 0, 1]", &format!("[{}]", vec!["0"; rows].join(",")))
        .with("problem.json", "[0, 0, 1]", &format!("[{}]", vec!["1"; rows].join(",")))
        .with(
            "problem.json",
            "\"rows\": 3, \"distinct_points\": 3",
            &format!("\"rows\": {rows}, \"distinct_points\": 1"),
        )
        .with("problem.json", "\"inputs\": 1", &format!("\"inputs\": {features}"))
        .with("problem.json", "\"shift\": [1]", &format!("\"shift\": [{values}]"))
        .with("problem.json", "\"divisor\": [3]", &format!("\"divisor\": [{values}]"))
        .with(
            "problem.json",
            "\"features\": [\"f1\"]",
            &format!("\"features\": [{}]", vec!["\"f\""; features].join(",")),
        )
        .with("problem.json", "\"label_column\": 1", &format!("\"label_column\": {features}"));
    assert!(folder.problem.len() < 200_000);
    let error = folder.run(false).unwrap_err();
    assert!(error.to_string().contains("not the fingerprint"), "{error}");
}
