//! A small proof folder, ten points on a line and two hidden neurons, as the kernel sees it.

use elaborate::{Error, Folder, elaborate, problem};

const FOLDER: Folder<'_> = Folder {
    problem: include_str!("line/problem.json"),
    lemmas: include_str!("line/lemmas.jsonl"),
    proof: include_str!("line/proof.pbp"),
    network: Some(include_str!("line/network.json")),
};

fn kernel_file(folder: Folder<'_>) -> Result<String, Error> {
    let mut bytes = Vec::new();
    elaborate(folder, &mut bytes, &|| false)?;
    Ok(String::from_utf8(bytes).expect("UTF-8"))
}

#[test]
fn the_kernel_accepts_it() {
    let text = kernel_file(FOLDER).expect("a proof folder");
    let report = kernel::check(&text).expect("a proof");
    assert_eq!((report.problem.bound, report.problem.reached), (Some(3), Some(3)));
    assert!(text.starts_with(&problem(FOLDER.problem, FOLDER.network).expect("a problem")));
}

#[test]
fn without_its_network_the_proof_says_nothing() {
    // The bound on the objective that the network gives is among the steps' hints.
    let alone = Folder { network: None, ..FOLDER };
    let refused = match kernel_file(alone) {
        Err(Error::Step { what, .. }) => what,
        Ok(text) => kernel::check(&text).expect_err("no network has the claimed loss").what,
        Err(error) => error.to_string(),
    };
    assert!(!refused.is_empty());
}

/// Lies in the folder end with an error of the elaborator, or with one of the kernel.
#[test]
fn lies_are_not_elaborated_away() {
    let problem = FOLDER.problem.replace("\"bound\":3", "\"bound\":4").replace("\"loss\":3", "\"loss\":4");
    let problem_lies = Folder { problem: &problem, ..FOLDER };
    let uneven = |line: &str| {
        let (fires, rests) = line.split_once("\"rests\"").expect("two sides");
        format!("{}\"rests\"{rests}\n", fires.replace("\"]", "0\"]"))
    };
    let lemmas: String = FOLDER.lemmas.lines().map(uneven).collect();
    let lemma_lies = Folder { lemmas: &lemmas, ..FOLDER };
    let proof: String =
        FOLDER.proof.lines().filter(|line| !line.starts_with("@bound ")).map(|line| format!("{line}\n")).collect();
    let proof_lies = Folder { proof: &proof, ..FOLDER };
    for folder in [problem_lies, lemma_lies, proof_lies] {
        assert!(kernel_file(folder).is_err() || kernel::check(&kernel_file(folder).expect("text")).is_err());
    }
}

#[test]
fn what_is_no_folder_is_named() {
    let error = |folder| kernel_file(folder).expect_err("not a folder").to_string();
    assert!(error(Folder { problem: "{", ..FOLDER }).starts_with("problem.json: "));
    assert!(error(Folder { lemmas: "{}", ..FOLDER }).starts_with("lemmas.jsonl: line 1"));
    assert!(error(Folder { proof: "sol u1_0_0;", ..FOLDER }).starts_with("proof.pbp:1: "));
    assert!(error(Folder { proof: "rup 1 x >= 1;", ..FOLDER }).contains("there is no variable `x`"));
    let stopped = elaborate(FOLDER, &mut Vec::new(), &|| true);
    assert!(matches!(stopped, Err(Error::Stopped)));
}
