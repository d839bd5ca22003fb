//! The exact engine on the data with known optima.

use bdnn::{Limits, Request, Scaling, Status};
use heaviside_acceptance::files;
use heaviside_acceptance::known::{self, Known};
use std::sync::Mutex;

/// Trains every row of the table that `take` wants and checks loss, bound and network.
fn check_rows(take: impl Fn(&Known) -> bool) {
    let rows: Vec<Known> = known::optima().into_iter().filter(take).collect();
    assert!(!rows.is_empty());
    for row in rows {
        let problem = row.problem();
        let training = omt::train(Request::new(&problem, &Limits::default())).expect("a sound problem");
        let name = format!("{} with {} hidden neurons", row.file, row.hidden);
        assert_eq!(training.status, Status::Optimal, "{name}");
        let network = training.network.expect("an optimum has a network");
        assert_eq!(bdnn::exact::check(&problem, &network), Ok(training.loss), "{name}");
        match row.optimum {
            Some(expected) => assert_eq!(training.loss, expected, "{name}"),
            // The table leaves this one open, at most 26.
            None => assert!(training.loss <= 26, "{name}"),
        }
    }
}

const OPEN: &str = "teacher_n3_m100_d3_s0.csv";

#[test]
fn rows_with_hidden_neurons() {
    check_rows(|row| row.hidden > 0 && row.file != OPEN);
}

#[test]
fn the_open_row_is_closed() {
    check_rows(|row| row.file == OPEN);
}

#[test]
fn breast_cancer_without_hidden_layer() {
    check_rows(|row| row.hidden == 0);
}

/// The same answer for one and two threads, under a limit of conflicts that stops in the middle.
#[test]
fn threads_change_nothing() {
    let path = known::path("teacher_n5_m50_d2_s0.csv");
    let problem = files::problem(&path, Scaling::MinMax, &[3]);
    let outcome = |threads| {
        let limits = Limits { threads, nodes: 3000, ..Limits::default() };
        let training = omt::train(Request::new(&problem, &limits)).expect("a sound problem");
        let conflicts = training.statistics.conflicts;
        (training.status, training.loss, training.bound.to_bits(), training.network, conflicts)
    };
    assert_eq!(outcome(1), outcome(2));
}

/// Whatever is reported while it runs is in order: bounds rise, losses fall.
#[test]
fn progress_is_monotone() {
    #[derive(Default)]
    struct Rows(Mutex<Vec<(f64, Option<f64>)>>);
    impl bdnn::Progress for Rows {
        fn row(&self, row: &bdnn::SearchRow) {
            self.0.lock().expect("no panic while held").push((row.bound, row.incumbent));
        }
    }
    let path = known::path("rand_n5_m40_d2_s0.csv");
    let problem = files::problem(&path, Scaling::MinMax, &[2]);
    let rows = Rows::default();
    omt::train(Request::new(&problem, &Limits::default()).with_progress(&rows)).expect("a sound problem");
    let rows = rows.0.into_inner().expect("no panic while held");
    assert!(!rows.is_empty());
    for pair in rows.windows(2) {
        assert!(pair[0].0 <= pair[1].0, "bounds rise: {rows:?}");
        assert!(pair[0].1.is_none_or(|before| pair[1].1.is_some_and(|after| after <= before)), "losses fall: {rows:?}");
    }
}
