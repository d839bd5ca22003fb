//! What one neuron is asked for: a side for every point and what the other side costs.

use bdnn::Problem;

/// The side each point is wanted on and the price of the other one. `base` is paid on every neuron.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Whether the point shall fire.
    pub wanted: Vec<bool>,
    /// What the point costs on its other side; points of weight 0 do not matter.
    pub weight: Vec<u64>,
    /// Sum of the cheaper sides.
    pub base: u64,
}

impl Task {
    /// From the cost of firing and the cost of resting, point by point.
    #[must_use]
    pub fn new(costs: impl IntoIterator<Item = (u64, u64)>) -> Self {
        let mut task = Self { wanted: vec![], weight: vec![], base: 0 };
        for (fire, rest) in costs {
            task.wanted.push(fire <= rest);
            task.weight.push(fire.abs_diff(rest));
            task.base += fire.min(rest);
        }
        task
    }

    /// What output `output` of a network is asked for (two classes, or the Hamming loss, whose outputs are independent).
    #[must_use]
    pub fn of_output(problem: &Problem, output: usize) -> Self {
        let class = if problem.architecture.classes == 2 { 1 } else { output };
        Self::new((0..problem.points.len()).map(|i| {
            let counts = problem.points.counts(i);
            let inside = u64::from(counts[class]);
            (counts.iter().map(|&c| u64::from(c)).sum::<u64>() - inside, inside)
        }))
    }

    /// The same for some of the points, in this order, nothing paid beforehand.
    pub(super) fn pick(&self, members: &[usize]) -> Self {
        Self {
            wanted: members.iter().map(|&i| self.wanted[i]).collect(),
            weight: members.iter().map(|&i| self.weight[i]).collect(),
            base: 0,
        }
    }

    /// Number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.weight.len()
    }

    /// Whether there is no point at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weight.is_empty()
    }

    /// Sum of the weights of the points on the other side, without `base`.
    pub fn cost(&self, fires: impl Fn(usize) -> bool) -> u64 {
        (0..self.len()).filter(|&i| fires(i) != self.wanted[i]).map(|i| self.weight[i]).sum()
    }

    /// Whether point `i` with this activation stands on its wanted side. Within `doubt` of zero the answer is no; without
    /// bias it is yes for a point that shall fire, since there many a best neuron has points exactly on its hyperplane.
    pub(super) fn right(&self, i: usize, activation: f64, doubt: f64, bias: bool) -> bool {
        match (self.wanted[i], bias) {
            (true, true) => activation > doubt,
            (true, false) => activation >= -doubt,
            (false, _) => activation < -doubt,
        }
    }
}
