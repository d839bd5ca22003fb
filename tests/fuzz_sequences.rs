//! A short run of the fuzzer of incremental interfaces, from seeds. Long runs are those of `fuzz/`:
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run sequence_simplex -- -max_len=400 -max_total_time=600`.

#[path = "../fuzz/src/sequences.rs"]
mod sequences;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Runs `sequence` on bytes of so many seeds; what fails is named by its seed.
fn run(seeds: u64, sequence: fn(&[u8])) {
    for seed in 0..seeds {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let length = random.random_range(20..400);
        let bytes: Vec<u8> = (0..length).map(|_| random.random()).collect();
        if let Err(panic) = std::panic::catch_unwind(|| sequence(&bytes)) {
            eprintln!("seed {seed}");
            std::panic::resume_unwind(panic);
        }
    }
}

#[test]
fn simplex_with_rows_and_bounds_that_come_and_go() {
    run(2000, sequences::simplex);
}

#[test]
fn clauses_with_theories_step_by_step() {
    run(1000, sequences::clauses);
}
