//! Pseudo-Boolean proofs: valid ones, ones with a lie in them, and random ones against brute force and `veripb`.

mod differential;
mod random;
mod rejects;
mod soundness;

use checker::boolean::{Report, check};
use checker::{Error, Source};

/// Checks a proof given as text.
fn run(formula: &str, proof: &str) -> Result<Report, Error> {
    check(Source::new("formula.opb", formula.as_bytes()), Source::new("proof.pbp", proof.as_bytes()))
}

/// A proof around these steps.
fn proof(steps: &str, conclusion: &str) -> String {
    format!(
        "pseudo-Boolean proof version 3.0\n{steps}\noutput NONE;\nconclusion {conclusion};\nend pseudo-Boolean proof;\n"
    )
}
