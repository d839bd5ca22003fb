//! What a core-guided search adds to a formula, told to the proof as it is added.

use super::literal::Lit;
use super::proof::{Share, Step};
use super::solver::Solver;

impl Solver {
    /// A new literal for "at least `least` of `inputs` are true". The clauses that make it true then are up to
    /// [`Self::add_sum`].
    pub fn new_count(&mut self, inputs: &[Lit], least: usize) -> Lit {
        let output = self.new_var().is(true);
        if self.sink.listens() {
            self.sink.counts(inputs, least, output);
        }
        output
    }

    /// Adds the clause that two shares of a count's inputs make the count `output` true: together they have at least as
    /// many as it asks for.
    pub fn add_sum(&mut self, left: Share<'_>, right: Share<'_>, output: Lit) {
        let clause: Vec<Lit> = [left.count, right.count].into_iter().flatten().map(|l| !l).chain([output]).collect();
        let step = if self.sink.listens() { self.sink.sum(&clause, left, right) } else { Step::default() };
        self.add_step(&clause, step);
    }

    /// Adds a core's clause, which the proof has as `step`: one of `penalties` must be paid, and `weight` is the least of
    /// theirs.
    pub fn add_core(&mut self, penalties: &[Lit], weight: u64, step: Step) {
        if self.sink.listens() {
            self.sink.core(penalties, weight, step);
        }
        self.add_step(penalties, step);
    }

    /// Charges the penalties of a core (by its number from 0 among those added) beyond the first: `weight` for each if
    /// `output` holds, which says that they are at least `least`.
    pub fn charge_core(&mut self, core: usize, least: usize, output: Lit, weight: u64) {
        if self.sink.listens() {
            self.sink.charged(core, least, output, weight);
        }
    }
}
