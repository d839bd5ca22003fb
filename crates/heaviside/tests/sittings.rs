//! Runs in several sittings, through files.

use heaviside::{Dataset, Limits, Loss, Method, Status, Trained, Trainer};
use std::fs;

/// Points whose classes overlap.
fn data(seed: u64, rows: usize) -> Dataset {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let points: Vec<[f64; 5]> = (0..rows).map(|_| [(); 5].map(|()| (next() % 40) as f64)).collect();
    let label = |x: &[f64; 5]| x.iter().sum::<f64>() > 97.0;
    let labels: Vec<&str> = points.iter().map(|x| if label(x) ^ (next() % 5 == 0) { "yes" } else { "no" }).collect();
    Dataset::from_rows(&points, &labels).expect("sound")
}

fn end(trained: &Trained) -> String {
    let statistics = trained.statistics();
    let (nodes, conflicts) = (statistics.nodes, statistics.conflicts);
    format!(
        "{:?} {:?} {} {nodes} {conflicts} {:?}",
        trained.status(),
        trained.loss(),
        trained.bound(),
        trained.network()
    )
}

#[test]
fn sittings_add_up_to_one_run() {
    let dir = tempfile::tempdir().unwrap();
    let runs = [(Method::Auto, 2500), (Method::Omt, 2500), (Method::LocalSearch, 12)];
    for (k, (method, nodes)) in runs.into_iter().enumerate() {
        let data = data(k as u64 + 1, 90);
        let trainer = Trainer::new().hidden(&[2]).method(method);
        let limited = |nodes, threads| trainer.clone().limits(Limits { nodes, threads, ..Limits::default() });
        let whole = limited(nodes, 1).fit(&data).unwrap();
        let file = dir.path().join(format!("{k}.checkpoint"));
        limited(nodes / 5, 2).checkpoint(&file, 1e-6).fit(&data).unwrap();
        let second = limited(nodes / 2, 1).checkpoint(&file, 1e-6).resume(&file).fit(&data).unwrap();
        assert!(second.statistics().seconds > 0.0);
        let third = limited(nodes, 2).checkpoint(&file, 1e-6).resume(&file).fit(&data).unwrap();
        assert_eq!(end(&third), end(&whole), "run {k}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), k + 1, "nothing is left beside the files");
        // Once more: what is over is given at once, and a limit comes again.
        let again = limited(nodes, 1).resume(&file).fit(&data).unwrap();
        assert_eq!(end(&again), end(&whole), "run {k} once more");
        // Other runs are refused by name.
        let other = limited(nodes, 1).loss(Loss::ZeroOne).resume(&file).fit(&data).unwrap_err().to_string();
        assert!(other.contains("another run") && other.contains("loss"), "{other}");
        let new = limited(nodes, 1).checkpoint(&file, 60.0).fit(&data).unwrap_err().to_string();
        assert!(new.contains("--resume"), "{new}");
    }
}

#[test]
fn a_limit_of_time_leaves_a_state_and_what_was_found() {
    let dir = tempfile::tempdir().unwrap();
    let (file, data) = (dir.path().join("run"), data(9, 400));
    let trainer = Trainer::new().hidden(&[3]).method(Method::Omt).time_limit(2.0);
    let first = trainer.clone().checkpoint(&file, 60.0).fit(&data).unwrap();
    assert_eq!(first.status(), Status::TimeLimit);
    let second = trainer.resume(&file).fit(&data).unwrap();
    assert!(second.loss() <= first.loss() && second.bound() >= first.bound());
    assert!(second.statistics().seconds > first.statistics().seconds);
}

/// One that is over before it could keep a state of its own, as by Ctrl-C in its first second.
#[test]
fn a_short_sitting_leaves_the_state_of_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let (file, data) = (dir.path().join("run"), data(3, 120));
    let trainer = Trainer::new().hidden(&[2]).method(Method::Omt);
    let whole = trainer.clone().node_limit(4000).fit(&data).unwrap();
    trainer.clone().node_limit(2000).checkpoint(&file, 1e-6).fit(&data).unwrap();
    let size = fs::metadata(&file).unwrap().len();
    let short = trainer.clone().checkpoint(&file, 60.0).resume(&file).time_limit(1e-3).fit(&data).unwrap();
    assert_eq!(short.status(), Status::TimeLimit);
    assert!(fs::metadata(&file).unwrap().len() > size / 2);
    let rest = trainer.resume(&file).node_limit(4000).fit(&data).unwrap();
    assert_eq!(end(&rest), end(&whole));
}

#[test]
fn damage_and_what_cannot_be_kept_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (file, data) = (dir.path().join("run"), data(10, 60));
    let trainer = Trainer::new().hidden(&[2]).method(Method::Omt).node_limit(200);
    trainer.clone().checkpoint(&file, 60.0).fit(&data).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let damaged = trainer.clone().resume(&file).fit(&data).unwrap_err().to_string();
    assert!(damaged.contains("damaged"), "{damaged}");
    let several = trainer.solutions(2).checkpoint(dir.path().join("new"), 60.0).fit(&data);
    assert!(several.unwrap_err().to_string().contains("several solutions"));
}
