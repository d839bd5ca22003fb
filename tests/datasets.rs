//! The files of `datasets/` are what their manifest says, byte by byte, and the reader agrees.

use bdnn::{Dataset, ReadOptions};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("datasets")
}

fn entries() -> Vec<Value> {
    let text = std::fs::read_to_string(folder().join("manifest.json")).expect("the manifest is there");
    let manifest: Value = serde_json::from_str(&text).expect("the manifest is JSON");
    manifest["datasets"].as_array().expect("a list").clone()
}

#[test]
fn every_file_is_in_the_manifest_with_its_hash() {
    let mut listed = vec![];
    for entry in entries() {
        let file = entry["file"].as_str().expect("a name").to_owned();
        let bytes = std::fs::read(folder().join(&file)).expect("the file is there");
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(entry["sha256"], hash.as_str(), "{file}");
        for field in ["name", "title", "source", "via", "licence", "citation"] {
            assert!(entry[field].as_str().is_some_and(|text| !text.is_empty()), "{file} has no {field}");
        }
        listed.push(file);
    }
    let mut found: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8"))
        .filter(|name| name.ends_with(".csv"))
        .collect();
    found.sort();
    listed.sort();
    assert_eq!(found, listed);
}

#[test]
fn the_reader_finds_rows_features_and_classes() {
    for entry in entries() {
        let path = folder().join(entry["file"].as_str().expect("a name"));
        let missing = entry["rows_with_missing_values"].as_u64().expect("a count") as usize;
        let plain = Dataset::read(&path, &ReadOptions::default());
        assert_eq!(plain.is_err(), missing > 0, "missing values are refused unless they shall be dropped");
        let options = ReadOptions { drop_missing: true, ..ReadOptions::default() };
        let data = Dataset::read(&path, &options).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(data.dropped, missing);
        assert_eq!(Some((data.len() + missing) as u64), entry["rows"].as_u64());
        assert_eq!(Some(data.num_features() as u64), entry["features"].as_u64());
        assert!(data.schema.named && data.schema.label == "class");

        let manifest: BTreeMap<String, u64> =
            serde_json::from_value(entry["classes"].clone()).expect("a count for each class");
        assert_eq!(data.schema.classes, manifest.keys().cloned().collect::<Vec<_>>());
        let mut counts = vec![0; data.num_classes()];
        data.labels.iter().for_each(|&label| counts[label] += 1);
        if missing == 0 {
            assert_eq!(counts, manifest.into_values().collect::<Vec<u64>>());
        }
    }
}
