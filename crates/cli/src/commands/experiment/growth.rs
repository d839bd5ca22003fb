//! How the cost of a proof grows: one quantity varies, the others stay.
//!
//! Seconds are CPU seconds of one thread where the system tells them, so that other work on the machine does not show.

use super::synthetic::Recipe;
use super::table::Table;
use super::trial::Runner;
use crate::failure::Failure;
use crate::format;
use bdnn::Loss;

/// What stays while another varies: hard enough that the search takes most of the time, and not what comes before it.
pub const BASE: Recipe = Recipe { points: 100, features: 3, neurons: 2, noise: 0.2 };

/// The end of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    pub seconds: f64,
    pub conflicts: u64,
    pub loss: u64,
    pub proven: bool,
}

/// Ends of the repeats at one value of the varied quantity.
#[derive(Clone, Debug)]
pub struct Sample {
    pub value: f64,
    /// Proven ones first, by seconds.
    pub ends: Vec<End>,
}

/// One quantity and its samples.
#[derive(Clone, Debug)]
pub struct Curve {
    pub quantity: &'static str,
    /// What stays.
    pub others: String,
    /// Whether values are multiples of each other rather than steps.
    pub doubling: bool,
    pub samples: Vec<Sample>,
}

impl Sample {
    /// How many are proven.
    pub fn proven(&self) -> usize {
        self.ends.iter().filter(|end| end.proven).count()
    }

    /// The lower median, if it is proven.
    pub fn median(&self) -> Option<&End> {
        self.ends.get((self.ends.len() - 1) / 2).filter(|end| end.proven)
    }
}

/// What is varied, what is not, and the recipe at each place.
type Axis = (&'static str, String, Vec<(f64, Recipe)>);

/// Runs `repeats` data sets a setting. A curve ends after the first setting where no data set was solved.
pub fn run(repeats: u64, runner: &Runner<'_>) -> Result<Vec<Curve>, Failure> {
    let Recipe { points, features, neurons, noise } = BASE;
    let percent = 100.0 * noise;
    let settings: [Axis; 4] = [
        (
            "points m",
            format!("n = {features}, d = {neurons}, {percent}% flipped"),
            vary(&[25, 50, 100, 200, 400, 800, 1600], |points| Recipe { points, ..BASE }),
        ),
        (
            "features n",
            format!("m = {points}, d = {neurons}, {percent}% flipped"),
            vary(&[1, 2, 3, 4, 5, 6, 7, 8], |features| Recipe { features, ..BASE }),
        ),
        (
            "hidden neurons d",
            format!("m = {points}, n = {features}, {percent}% flipped"),
            vary(&[1, 2, 3, 4, 5], |neurons| Recipe { neurons, ..BASE }),
        ),
        (
            "labels flipped, %",
            format!("m = {points}, n = {features}, d = {neurons}"),
            vary(&[0, 5, 10, 15, 20, 25, 30, 40, 50], |percent| Recipe { noise: percent as f64 / 100.0, ..BASE }),
        ),
    ];
    let mut curves = vec![];
    for (quantity, others, settings) in settings {
        let mut samples: Vec<Sample> = vec![];
        if runner.wants(quantity) {
            for (value, recipe) in settings {
                if runner.stopped() || samples.last().is_some_and(|sample| sample.proven() == 0) {
                    break;
                }
                samples.push(sample(quantity, value, recipe, repeats, runner)?);
            }
        }
        curves.push(Curve { quantity, others, doubling: quantity == "points m", samples });
    }
    Ok(curves)
}

fn vary(values: &[usize], recipe: impl Fn(usize) -> Recipe) -> Vec<(f64, Recipe)> {
    values.iter().map(|&value| (value as f64, recipe(value))).collect()
}

fn sample(quantity: &str, value: f64, recipe: Recipe, repeats: u64, runner: &Runner<'_>) -> Result<Sample, Failure> {
    let mut ends = vec![];
    for repeat in 0..repeats {
        let name = format!("{quantity} = {value}, data set {repeat}");
        let points = recipe.make(runner.seed() + repeat);
        let trial = runner.prove(&name, points, recipe.neurons, Loss::ZeroOne)?;
        ends.push(End { seconds: trial.cpu, conflicts: trial.conflicts, loss: trial.loss, proven: trial.proven });
    }
    ends.sort_by(|a, b| b.proven.cmp(&a.proven).then(a.seconds.total_cmp(&b.seconds)));
    Ok(Sample { value, ends })
}

/// The lower median of ascending values.
pub fn median<T: Copy>(ascending: &[T]) -> T {
    ascending[(ascending.len() - 1) / 2]
}

/// One row a setting: medians, and the slowest.
pub fn table(curves: &[Curve]) -> Table {
    let mut table = Table::new(&["varied", "value", "proven", "loss", "conflicts", "CPU seconds", "slowest"]);
    for curve in curves {
        for sample in &curve.samples {
            let of = |field: fn(&End) -> u64| {
                let mut values: Vec<u64> = sample.ends.iter().map(field).collect();
                values.sort_unstable();
                median(&values).to_string()
            };
            let limit = |text: Option<String>| text.unwrap_or_else(|| "beyond the limit".to_owned());
            let seconds = |end: &End| format!("{:.3}", end.seconds);
            table.push(vec![
                curve.quantity.to_owned(),
                format::value(sample.value),
                format!("{} of {}", sample.proven(), sample.ends.len()),
                of(|end| end.loss),
                of(|end| end.conflicts),
                limit(sample.median().map(seconds)),
                limit(sample.ends.last().filter(|end| end.proven).map(seconds)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_proven_comes_last() {
        let end = |seconds, proven| End { seconds, conflicts: 3, loss: 1, proven };
        let sample = |ends: Vec<End>| Sample { value: 1.0, ends };
        assert_eq!(sample(vec![end(1.0, true), end(9.0, true), end(4.0, false)]).median(), Some(&end(9.0, true)));
        assert_eq!(sample(vec![end(1.0, true), end(4.0, false), end(5.0, false)]).median(), None);
        let half = sample(vec![end(1.0, true), end(4.0, false)]);
        assert_eq!((half.proven(), half.median()), (1, Some(&end(1.0, true))));
    }
}
