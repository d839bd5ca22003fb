//! Cubes that are searched in several sittings, and files that somebody has changed.

use heaviside::cubes::{CubeResult, Plan, Wish, Work, merge};
use heaviside::{Dataset, Limits, Method, Progress, Scaling, Silent, Trainer};
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

/// Every sitting says how it ended itself, also where an earlier one has proven as much, and nothing of that is lost.
#[test]
fn a_sitting_says_how_it_ended() {
    struct Over;
    impl Progress for Over {
        fn should_stop(&self) -> bool {
            true
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let all = cubes(dir.path());
    let work = Work { state: None, ..Work::on(&all[1]).unwrap() };
    let first = search(&work, 50);
    assert_eq!((first.status.as_str(), first.is_closed()), ("node-limit", false));
    let ended = |limits: &Limits, progress: &dyn Progress| {
        let result = work.run(limits, progress).unwrap().result;
        let file: CubeResult = serde_json::from_slice(&fs::read(&work.result).unwrap()).unwrap();
        assert_eq!(file, result);
        assert!(result.bound >= first.bound && result.loss <= first.loss, "{result:?} {first:?}");
        assert!(result.conflicts < first.conflicts, "work is that of the sitting: {result:?}");
        result.status
    };
    assert_eq!(ended(&Limits::default(), &Over), "interrupted");
    assert_eq!(ended(&Limits { time: 0.0, ..Limits::default() }, &Silent), "time-limit");
    assert_eq!(ended(&Limits { memory: 0.0, ..Limits::default() }, &Silent), "memory-limit");
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

/// Points so near that floats do not show every network there is: what was not found is not proven to be none, in whatever scale. The same problem in
/// other scales has networks that lose no less than what is said to be proven.
#[test]
fn what_no_floats_are_found_for_is_not_proven() {
    let values = [0.0, 1e-20, 2e-20, 0.1, 0.2, 0.3, 0.300_000_000_000_000_04, 0.4, 1.0];
    let mut random = 5_u32;
    let mut next = |below: usize| {
        random = random.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        (random >> 8) as usize % below
    };
    let scalings = [Scaling::None, Scaling::Standard, Scaling::MinMax];
    let (mut unresolved, limits) = (0, Limits { threads: 1, ..Limits::default() });
    for _ in 0..60 {
        let points: Vec<[f64; 2]> = (0..6).map(|_| [(); 2].map(|()| values[next(values.len())])).collect();
        let mut labels: Vec<&str> = (0..6).map(|_| ["a", "b"][next(2)]).collect();
        (labels[0], labels[1]) = ("a", "b");
        let data = Dataset::from_rows(&points, &labels).unwrap();
        let trainer = |scaling| Trainer::new().scaling(scaling).method(Method::Omt);
        let train = |scaling| trainer(scaling).prepare(&data).unwrap().train(&limits, &Silent).unwrap().loss().unwrap();
        let least = scalings.map(train).into_iter().min();
        for scaling in scalings {
            let dir = tempfile::tempdir().unwrap();
            let wish = Wish { cubes: 4, proofs: false };
            let task = trainer(scaling);
            let plan = Plan::new(&task.prepare(&data).unwrap(), wish, &limits, &Silent).unwrap();
            plan.write(dir.path()).unwrap();
            for name in &plan.made().names {
                search(&Work::on(&dir.path().join(format!("cube-{name}.json"))).unwrap(), u64::MAX);
            }
            let merged = merge(dir.path(), None, &|| false).unwrap();
            assert!(merged.bound <= least, "{scaling:?} {points:?} {labels:?}: {merged:?}, and {least:?} is possible");
            unresolved += u32::from(merged.bound < merged.loss);
        }
    }
    assert!(unresolved > 0, "no table has points so near");
}

/// Whatever stands in the files: an answer or an error, and soon.
#[test]
fn no_file_ends_more_than_the_call() {
    let dir = tempfile::tempdir().unwrap();
    let all = cubes(dir.path());
    let works: Vec<Work> = all.iter().map(|cube| Work::on(cube).unwrap()).collect();
    let state = works[1].state.clone().unwrap().0;
    search(&works[0], u64::MAX);
    search(&Work { state: Some((state.clone(), 1e-6)), ..works[1].clone() }, 200);
    let mut random = 1_u32;
    let mut next = |below: usize| {
        random = random.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        (random >> 8) as usize % below
    };
    let limits = Limits { nodes: 1, time: 0.2, ..Limits::default() };
    let names = ["problem.json", "tree.json", "incumbent.json"].map(|name| dir.path().join(name));
    let files = names.into_iter().chain([all[1].clone(), works[0].result.clone(), works[1].result.clone(), state]);
    let mut refused = 0;
    for file in files {
        let kept = fs::read(&file).unwrap();
        for _ in 0..40 {
            let mut bytes = kept.clone();
            for _ in 0..=next(2) {
                let at = next(bytes.len());
                match next(3) {
                    0 => bytes[at] = b"0123456789-e.,[]{}\"nt"[next(21)],
                    1 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, b'9'),
                }
            }
            fs::write(&file, &bytes).unwrap();
            let merged = merge(dir.path(), None, &|| false);
            refused += u32::from(merged.is_err());
            drop(works[1].run(&limits, &Silent));
        }
        fs::write(&file, &kept).unwrap();
    }
    assert!(refused > 100, "{refused}");
}
