//! The network that was found, as a trace shows it.

use crate::interrupt::{self, Interrupt};
use bdnn::exact::ExactNetwork;
use heaviside::study::{Effort, Plane, Window, forced};
use heaviside::{Task, Trained};
use rayon::prelude::*;
use trace::network::{Network, Plane as Shown, Wrong};

/// Wrong rows that are told, and those of them whose cores are looked for.
const WRONG: usize = 1000;
const CORES: usize = 50;
/// Points among which cores are looked for, and the work for each.
const POINTS: usize = 2000;
const WORDS: u64 = 100_000_000;
/// Rows in a picture.
const ROWS: usize = 3000;

/// What a trace shows of the network; `None` without one. Cost: exact predictions, and for networks of one neuron at most 50 exact linear programs, which
/// end with the limit of time.
pub fn network(
    task: &Task<'_>,
    trained: &Trained,
    interrupt: Interrupt,
    time_limit: Option<f64>,
) -> Option<Network<'static>> {
    let found = trained.network()?;
    let (problem, data) = (task.problem(), task.data());
    let points = &problem.points;
    let exact = ExactNetwork::new(found, points.scaler());
    let predicted: Vec<usize> =
        (0..points.len()).into_par_iter().map(|point| exact.predict(points.raw(point))).collect();
    let mut rows: Vec<(usize, usize)> =
        task.split().train.iter().copied().zip(points.of_row().iter().copied()).collect();
    rows.sort_unstable();
    let is_wrong = |&(row, point): &(usize, usize)| predicted[point] != data.labels[row];
    let all: Vec<(usize, usize)> = rows.iter().copied().filter(is_wrong).collect();
    // A point stands for its first row of the class that is meant.
    let row_of = |point: usize, wrong: Option<usize>| {
        let class = predicted[point];
        let right = || rows.iter().find(|(row, of)| *of == point && data.labels[*row] == class);
        wrong.or_else(|| right().map(|(row, _)| *row)).map(|row| row as u64 + 1)
    };
    let stop = || interrupt.raised() || time_limit.is_some_and(|limit| interrupt::left(limit) <= 0.0);
    let core = |row: usize, point: usize| -> Vec<u64> {
        let core = forced(problem, found, point, &mut Effort { words: WORDS, stop: &stop }).unwrap_or_default();
        core.into_iter().filter_map(|member| row_of(member, (member == point).then_some(row))).collect()
    };
    let is_small = points.len() <= POINTS;
    let wrong: Vec<Wrong> = all
        .iter()
        .take(WRONG)
        .enumerate()
        .map(|(k, &(row, point))| Wrong {
            row: row as u64 + 1,
            class: data.labels[row],
            predicted: predicted[point],
            core: if k < CORES && is_small && !stop() { core(row, point) } else { vec![] },
        })
        .collect();
    let names = |names: &[String]| names.iter().map(|name| name.clone().into()).collect();
    Some(Network {
        features: names(&data.schema.features),
        classes: names(&data.schema.classes),
        rows: rows.len() as u64,
        errors: all.len() as u64,
        plane: plane(task, trained, &rows, &predicted, &wrong),
        wrong,
    })
}

/// The plane, where there are two features.
fn plane(
    task: &Task<'_>,
    trained: &Trained,
    rows: &[(usize, usize)],
    predicted: &[usize],
    wrong: &[Wrong],
) -> Option<Shown> {
    let (points, data) = (&task.problem().points, task.data());
    if points.num_features() != 2 || points.is_empty() {
        return None;
    }
    let place = |point: usize| [points.raw(point)[0], points.raw(point)[1]];
    let places: Vec<[f64; 2]> = (0..points.len()).map(place).collect();
    let plane = Plane::new(trained.network()?, points.scaler(), Window::around(&places))?;
    // All that is spoken of, and of the others as many as a picture can show.
    let spoken: std::collections::BTreeSet<u64> =
        wrong.iter().flat_map(|wrong| wrong.core.iter().chain([&wrong.row])).copied().collect();
    let step = rows.len().div_ceil(ROWS).max(1);
    let shown = rows.iter().enumerate().filter(|(k, (row, _))| k % step == 0 || spoken.contains(&(*row as u64 + 1)));
    Some(Shown {
        low: plane.window.low,
        high: plane.window.high,
        cells: plane.cells.into_iter().map(|cell| (cell.class, cell.corners)).collect(),
        lines: plane
            .lines
            .into_iter()
            .map(|line| (line.neuron as u32 + 1, [line.ends[0], line.ends[1], line.firing]))
            .collect(),
        points: shown
            .map(|(_, &(row, point))| (row as u64 + 1, place(point), data.labels[row], predicted[point]))
            .collect(),
    })
}
