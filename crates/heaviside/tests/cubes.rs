//! Cubes that are searched in several sittings.

use heaviside::cubes::{CubeResult, Plan, Wish, Work};
use heaviside::{Dataset, Limits, Method, Silent, Trainer};
use std::fs;
use std::path::{Path, PathBuf};

/// Labels by chance, which take some thousand decisions.
fn data(rows: u32) -> Dataset {
    let points: Vec<[f64; 6]> = (0..rows)
        .map(|i| {
            let mut state = i;
            [(); 6].map(|()| {
                state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
                f64::from((state >> 16) % 101)
            })
        })
        .collect();
    let labels: Vec<&str> = (0..rows).map(|i| if (i * i * 7 + i / 3) % 11 < 5 { "a" } else { "b" }).collect();
    Dataset::from_rows(&points, &labels).expect("sound")
}

/// Cubes in a folder: their files.
fn cubes(folder: &Path) -> Vec<PathBuf> {
    let data = data(40);
    let trainer = Trainer::new().hidden(&[2]).method(Method::Omt);
    let limits = Limits { nodes: 1, ..Limits::default() };
    let wish = Wish { cubes: 2, proofs: false };
    let plan = Plan::new(&trainer.prepare(&data).unwrap(), wish, &limits, &Silent).unwrap();
    plan.write(folder).unwrap();
    plan.made().names.iter().map(|name| folder.join(format!("cube-{name}.json"))).collect()
}

fn search(work: &Work, nodes: u64) -> CubeResult {
    work.run(&Limits { nodes, threads: 1, ..Limits::default() }, &Silent).unwrap().result
}

#[test]
fn an_open_cube_goes_on_where_it_stood() {
    let dir = tempfile::tempdir().unwrap();
    let [once, often] = ["once", "often"].map(|name| dir.path().join(name));
    for (whole, parts) in cubes(&once).iter().zip(cubes(&often)) {
        let whole = search(&Work { state: None, ..Work::on(whole).unwrap() }, u64::MAX);
        assert!(whole.is_closed() && whole.conflicts > 500, "{whole:?}");
        let usual = Work::on(&parts).unwrap();
        let (state, _) = usual.state.clone().expect("beside the cube");
        let work = Work { state: Some((state.clone(), 1e-6)), ..usual };
        // What a limit cuts short within a round is done again: it has to be longer than the rounds, which become longer.
        let (mut limit, mut sittings) = (50, 1);
        let mut result = search(&work, limit);
        while !result.is_closed() {
            assert!(state.is_file());
            (limit, sittings) = (2 * limit, sittings + 1);
            result = search(&work, limit);
        }
        assert!(sittings > 3);
        assert_eq!((result.bound, result.loss), (whole.bound, whole.loss));
        // What one sitting learned the next one knows.
        assert!(
            result.conflicts < whole.conflicts + whole.conflicts / 2,
            "{} and {}",
            result.conflicts,
            whole.conflicts
        );
        assert!(!state.exists(), "nothing is left to go on with");
    }
}

#[test]
fn a_state_of_something_else_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let all = cubes(dir.path());
    let [one, other] = [&all[0], &all[1]].map(|cube| Work::on(cube).unwrap());
    let (state, every) = (one.state.clone().unwrap().0, 1e-6);
    search(&Work { state: Some((state.clone(), every)), ..one.clone() }, 200);
    let refused = |work: &Work| work.run(&Limits::default(), &Silent).unwrap_err().to_string();
    let message = refused(&Work { state: Some((state.clone(), every)), ..other.clone() });
    assert!(message.contains("another search") && message.contains("conditions"), "{message}");
    let bytes = fs::read(&state).unwrap();
    fs::write(&state, &bytes[..bytes.len() - 1]).unwrap();
    let message = refused(&one);
    assert!(message.contains("damaged") && message.contains("cube-"), "{message}");
    fs::write(&state, "{}").unwrap();
    assert!(refused(&one).contains("no checkpoint"));
}
