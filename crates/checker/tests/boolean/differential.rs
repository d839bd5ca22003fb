//! What we accept, `veripb` accepts: ignored, for it needs `veripb` (`VERIPB` names one).

use super::random::{Case, Random};
use super::{proof, run};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The peer.
fn veripb() -> PathBuf {
    let path = PathBuf::from(std::env::var_os("VERIPB").unwrap_or_else(|| "veripb".into()));
    let found = Command::new(&path).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(found.is_ok_and(|status| status.success()), "there is no {}", path.display());
    path
}

fn accepts(veripb: &Path, folder: &Path, formula: &str, proof: &str) -> (bool, String) {
    let (formula_path, proof_path) = (folder.join("formula.opb"), folder.join("proof.pbp"));
    std::fs::write(&formula_path, formula).unwrap();
    std::fs::write(&proof_path, proof).unwrap();
    let output = Command::new(veripb).args([&formula_path, &proof_path]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success() && text.contains("VERIFIED"), text)
}

/// Every conclusion that we accept after random accepted steps. How much stricter we are is printed.
#[test]
#[ignore = "needs veripb"]
fn veripb_accepts_what_we_accept() {
    let veripb = veripb();
    let folder = std::env::temp_dir().join(format!("heaviside-veripb-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (mut both, mut stricter) = (0, 0);
    let count = std::env::var("VERIPB_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    for seed in 0..count {
        let random = &mut Random(seed + 1_000_000);
        let case = Case::new(random);
        let (formula, steps) = (case.formula(), case.grow(random, 40));
        for conclusion in case.conclusions() {
            let proof = proof(&steps, &conclusion);
            let ours = run(&formula, &proof);
            if ours.is_err() && !random.one_in(6) {
                continue;
            }
            let (theirs, text) = accepts(&veripb, &folder, &formula, &proof);
            match (&ours, theirs) {
                (Ok(_), false) => panic!("seed {seed}: veripb refuses\n{formula}\n{proof}\n{text}"),
                (Ok(_), true) => both += 1,
                (Err(error), true) => {
                    stricter += 1;
                    println!("stricter: {error}");
                }
                (Err(_), false) => {}
            }
        }
        // One more step, accepted or not.
        let step = case.step(random, case.rows.len());
        let proof = proof(&format!("{steps}{step}\n"), "NONE");
        let (theirs, text) = accepts(&veripb, &folder, &formula, &proof);
        match run(&formula, &proof) {
            Ok(_) => assert!(theirs, "seed {seed}: veripb refuses\n{formula}\n{proof}\n{text}"),
            Err(error) if theirs => {
                stricter += 1;
                println!("stricter: {step}: {error}");
            }
            Err(_) => {}
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    println!("{both} proofs accepted by both, {stricter} only by veripb");
    assert!(both > 20);
}
