//! A lower bound from real weights, which can do whatever whole ones can.
//!
//! With many inputs a box of weights says nothing before it is small, and there are too many small ones. The search for single neurons with
//! real weights ([`crate::linear`]) bounds the same task; under a margin or a radius as well, which ask for more. It has its turns: each
//! time the boxes have done twice the work, as much again, from the start.

use super::output::Output;
use crate::linear::{Conduct, Crew, Geometry, Incumbent, Neuron, TreeState, Watch, minimise};
use bdnn::{Budget, Limits, Problem, Status};

/// When real weights have their turn, and what came of it.
pub(super) struct Floor {
    geometry: Option<Geometry>,
    /// Work of the boxes for an output before the first turn: most problems of few inputs are over by then.
    first: u64,
    /// Work of the boxes at which the next turn is due.
    due: u64,
    /// The largest bound so far, over all outputs.
    pub(super) largest: u64,
}

/// Listens to a turn.
struct Turn<'a> {
    budget: &'a Budget<'a>,
    quota: u64,
    /// No bound above it is of use.
    enough: u64,
    work: u64,
    bound: u64,
}

impl Watch for Turn<'_> {
    fn stop(&mut self, _nodes: u64) -> Option<Status> {
        let over = self.work >= self.quota || self.bound >= self.enough;
        self.budget.ended().or(over.then_some(Status::NodeLimit))
    }

    fn tree(&mut self, bound: u64, _tree: &TreeState) {
        self.bound = self.bound.max(bound);
    }

    fn better(&mut self, work: u64) -> Option<Incumbent> {
        self.work = work;
        None
    }

    fn incumbent(&mut self, _incumbent: &Incumbent) {}
}

impl Floor {
    pub(super) fn new(first: u64) -> Self {
        Self { geometry: None, first, due: first, largest: 0 }
    }

    /// What is written down of it: when it is due, and its largest bound.
    pub(super) fn state(&self) -> (u64, u64) {
        (self.due, self.largest)
    }

    /// Goes back to a state.
    pub(super) fn restore(&mut self, (due, largest): (u64, u64)) {
        (self.due, self.largest) = (due, largest);
    }

    /// The turn for an output, if it is due when the boxes have done so much: a lower bound on the cost of any neuron.
    pub(super) fn ask(
        &mut self,
        work: u64,
        problem: &Problem,
        output: &Output,
        limits: &Limits,
        budget: &Budget<'_>,
    ) -> Option<u64> {
        if work < self.due {
            return None;
        }
        self.due = work.saturating_mul(2);
        let stop = || budget.stop();
        let points = &problem.points;
        if self.geometry.is_none() {
            self.geometry = Geometry::new_within(points, problem.architecture.bias, &stop);
        }
        let geometry = self.geometry.as_ref()?;
        let neuron = Neuron { weights: output.weights.iter().map(|&w| f64::from(w)).collect(), bias: output.bias };
        let start = Incumbent { neuron, cost: output.cost };
        let mut turn = Turn { budget, quota: work, enough: output.cost, work: 0, bound: 0 };
        let crew = Crew::new(limits.threads, &stop);
        let conduct = Conduct::of(limits);
        let outcome = minimise(points, geometry, &output.task, Some(start), &conduct, Some(&crew), &mut turn);
        if outcome.status == Status::Optimal {
            // Nothing is left to be known of real weights.
            self.due = u64::MAX;
        }
        self.largest = self.largest.max(outcome.bound);
        Some(outcome.bound)
    }

    /// On to another output.
    pub(super) fn begin(&mut self, work: u64) {
        self.due = work.saturating_add(self.first);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Lattice, train};
    use super::*;
    use bdnn::budget::never;
    use bdnn::separation::Semantics;
    use bdnn::{Architecture, Loss, Norm, Points, Request, Robust, Scaler, Silent, WeightDomain};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// What real weights cost at least, whole ones do, with a margin or a radius as well; and it is the optimum of real weights.
        #[test]
        fn real_weights_are_a_floor(
            n in 1_usize..4,
            raw in prop::collection::vec(-9_i32..10, 36),
            labels in prop::collection::vec(0_usize..2, 3..12),
            bias in any::<bool>(),
            epsilon in prop::option::of(Just(0.125)),
            robust in prop::option::of(Just(Robust { radius: 0.5, norm: Norm::Linf })),
        ) {
            let rows: Vec<f64> = raw[..n * labels.len()].iter().map(|&v| f64::from(v)).collect();
            let points = Points::merge(n, 2, &rows, &labels, Scaler::identity(n));
            let architecture =
                Architecture { inputs: n, hidden: vec![], classes: 2, bias, weights: WeightDomain::Integer(1) };
            let problem = Problem { epsilon, robust, ..Problem::new(points, architecture, Loss::Hamming) };
            let limits = Limits { threads: 1, ..Limits::default() };
            let whole = train(Request::new(&problem, &limits), None).expect("sound");
            let lattice = Lattice::of(n, problem.points.len(), |i| problem.points.scaled_exact(i), &Semantics::of_layer(&problem, 0), 1, &never);
            let output = Output::new(&problem, &lattice.expect("nothing says stop"), 0);
            let budget = Budget::new(&limits, &Silent);
            let first = super::super::Parameters::default().real_after;
            let mut floor = Floor::new(first);
            prop_assert!(floor.ask(first - 1, &problem, &output, &limits, &budget).is_none());
            let bound = floor.ask(first, &problem, &output, &limits, &budget).expect("it is due");
            prop_assert!(output.task.base + bound <= whole.loss, "{} {}", bound, whole.loss);
            let mut real = Problem { epsilon: None, robust: None, ..problem };
            real.architecture.weights = WeightDomain::Continuous;
            let real = crate::linear::train(Request::new(&real, &limits)).expect("sound");
            prop_assert_eq!((output.task.base + bound) as f64, real.bound);
        }
    }
}
