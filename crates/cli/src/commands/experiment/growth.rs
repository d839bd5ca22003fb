//! How the cost of a proof grows: one quantity varies, the others stay.

use super::synthetic::Recipe;
use super::table::Table;
use super::trial::Runner;
use crate::failure::Failure;
use bdnn::Loss;

/// What stays while another varies: m = 60 points, n = 2 features, d = 2 neurons, 20% of the labels flipped: enough for the
/// search to be what takes the time.
const BASE: Recipe = Recipe { points: 60, features: 2, neurons: 2, noise: 0.2 };

/// Ends of the repeats at one value of the varied quantity.
#[derive(Clone, Debug)]
pub struct Sample {
    pub value: f64,
    /// Ascending.
    pub seconds: Vec<f64>,
    /// Ascending.
    pub conflicts: Vec<u64>,
    /// Ascending.
    pub losses: Vec<u64>,
    pub proven: usize,
}

/// One quantity and its samples.
#[derive(Clone, Debug)]
pub struct Curve {
    pub quantity: &'static str,
    pub samples: Vec<Sample>,
}

/// Runs `repeats` data sets a setting. A curve ends after the first setting where no data set was solved.
pub fn run(repeats: u64, runner: &Runner<'_>) -> Result<Vec<Curve>, Failure> {
    let settings: [(&str, Vec<(f64, Recipe)>); 4] = [
        ("points m", vary(&[20, 40, 60, 80, 100, 150, 200, 300], |points| Recipe { points, ..BASE })),
        ("features n", vary(&[1, 2, 3, 4, 5, 6, 8, 10], |features| Recipe { features, ..BASE })),
        ("hidden neurons d", vary(&[1, 2, 3, 4, 5], |neurons| Recipe { neurons, ..BASE })),
        (
            "labels flipped, %",
            vary(&[0, 5, 10, 15, 20, 30, 40, 50], |percent| Recipe { noise: percent as f64 / 100.0, ..BASE }),
        ),
    ];
    let mut curves = vec![];
    for (quantity, settings) in settings {
        let mut samples: Vec<Sample> = vec![];
        if runner.wants(quantity) {
            for (value, recipe) in settings {
                if runner.stopped() || samples.last().is_some_and(|sample| sample.proven == 0) {
                    break;
                }
                samples.push(sample(quantity, value, recipe, repeats, runner)?);
            }
        }
        curves.push(Curve { quantity, samples });
    }
    Ok(curves)
}

fn vary(values: &[usize], recipe: impl Fn(usize) -> Recipe) -> Vec<(f64, Recipe)> {
    values.iter().map(|&value| (value as f64, recipe(value))).collect()
}

fn sample(quantity: &str, value: f64, recipe: Recipe, repeats: u64, runner: &Runner<'_>) -> Result<Sample, Failure> {
    let mut sample = Sample { value, seconds: vec![], conflicts: vec![], losses: vec![], proven: 0 };
    for repeat in 0..repeats {
        let name = format!("{quantity} = {value}, data set {repeat}");
        let points = recipe.make(runner.seed() + repeat);
        let trial = runner.prove(&name, points, recipe.neurons, Loss::ZeroOne)?;
        sample.seconds.push(trial.seconds);
        sample.conflicts.push(trial.conflicts);
        sample.losses.push(trial.loss);
        sample.proven += usize::from(trial.proven);
    }
    sample.seconds.sort_by(f64::total_cmp);
    sample.conflicts.sort_unstable();
    sample.losses.sort_unstable();
    Ok(sample)
}

/// The lower median of ascending values.
pub fn median<T: Copy>(ascending: &[T]) -> T {
    ascending[(ascending.len() - 1) / 2]
}

/// One row a setting: medians, and the slowest.
pub fn table(curves: &[Curve]) -> Table {
    let mut table = Table::new(&["varied", "value", "proven", "loss", "conflicts", "seconds", "slowest"]);
    for curve in curves {
        for sample in &curve.samples {
            table.push(vec![
                curve.quantity.to_owned(),
                sample.value.to_string(),
                format!("{} of {}", sample.proven, sample.seconds.len()),
                median(&sample.losses).to_string(),
                median(&sample.conflicts).to_string(),
                format!("{:.4}", median(&sample.seconds)),
                format!("{:.4}", sample.seconds.last().copied().unwrap_or_default()),
            ]);
        }
    }
    let Recipe { points, features, neurons, noise } = BASE;
    let percent = 100.0 * noise;
    table.note(format!(
        "Medians over the data sets; what does not vary is m = {points}, n = {features}, d = {neurons}, {percent}% flipped; \
         the exact engine alone, without the start that train gives it"
    ));
    table
}
