//! The deletion filter: what can be left out, goes; what cannot, is needed.
//!
//! Entry point: [`Filter::run`]. Parts are left out many at a time, twice as many after each success. Where the rest has a point, those left out that it
//! violates hold the reason: a single one is needed, and half of several are tried next. So k members are found among n parts with about k log(n / k) tests.

use std::collections::BTreeSet;

use super::part::{Columns, Part, extract, parts};
use super::subsystem::{Member, Subsystem};
use crate::check::holds_at;
use crate::control::{Control, Stopping};
use crate::mip::solve_of_work;
use crate::model::Model;
use crate::number::decimal;
use crate::options::Options;
use crate::outcome::Status;
use crate::{Budget, Error, Rational};

/// The search for a subset.
pub(super) struct Filter<'a> {
    model: &'a Model,
    options: &'a Options,
    budget: &'a Budget<'a>,
    control: &'a dyn Control,
    /// Infeasible.
    set: BTreeSet<Part>,
    /// Those of them without which it is not.
    needed: BTreeSet<Part>,
    /// Nodes and work that one test may take, and all nodes that are left.
    nodes_of_a_test: u64,
    work_of_a_test: u64,
    nodes_left: u64,
    tests: u64,
    nodes: u64,
    lp_iterations: u64,
    stopped: Option<Status>,
}

/// What is known of a set of parts.
enum Test {
    Infeasible,
    /// A point that satisfies it exactly.
    Point(Vec<Rational>),
    Undecided,
}

impl<'a> Filter<'a> {
    /// On a set that is infeasible, which `nodes` have shown; a test may take so much work.
    pub fn new(
        model: &'a Model,
        set: BTreeSet<Part>,
        options: &'a Options,
        (nodes, work_of_a_test): (u64, u64),
        (budget, control): (&'a Budget<'a>, &'a dyn Control),
    ) -> Self {
        Self {
            model,
            options,
            budget,
            control,
            set,
            needed: BTreeSet::new(),
            nodes_of_a_test: options.parameters.iis_nodes.max(nodes.saturating_mul(2)),
            work_of_a_test,
            nodes_left: options.node_limit.saturating_sub(nodes),
            tests: 0,
            nodes: 0,
            lp_iterations: 0,
            stopped: None,
        }
    }

    /// Leaves out what can be left out: pass after pass, for a test that was not decided may be easier once others have gone. The limit that
    /// came first.
    ///
    /// # Errors
    /// Those of [`crate::solve`].
    pub fn run(&mut self) -> Result<Option<Status>, Error> {
        loop {
            let before = self.set.len();
            let open = parts(self.model).filter(|part| self.set.contains(part) && !self.needed.contains(part));
            self.pass(open.collect())?;
            if self.stopped.is_some() || self.set.len() == before {
                return Ok(self.stopped);
            }
        }
    }

    fn pass(&mut self, mut open: Vec<Part>) -> Result<(), Error> {
        let mut size = open.len().div_ceil(2);
        while !open.is_empty() {
            size = size.clamp(1, open.len());
            let test = self.test(&open[..size])?;
            if self.stopped.is_some() {
                return Ok(());
            }
            match test {
                Test::Infeasible => {
                    open.drain(..size).for_each(|part| _ = self.set.remove(&part));
                    size *= 2;
                }
                Test::Point(x) => {
                    let holds = |part: &Part| {
                        self.budget.spend(16 * part.size(self.model));
                        part.holds_at(self.model, &x)
                    };
                    let (kept, violated): (Vec<Part>, Vec<Part>) = open.drain(..size).partition(holds);
                    match violated.as_slice() {
                        [] => return Err(Error::Numerical("a point was found of what has none".to_owned())),
                        [one] => _ = self.needed.insert(*one),
                        several => size = several.len() / 2,
                    }
                    let again = if violated.len() > 1 { violated } else { Vec::new() };
                    open.splice(..0, again.into_iter().chain(kept));
                }
                Test::Undecided if size == 1 => _ = open.remove(0),
                Test::Undecided => size /= 2,
            }
        }
        Ok(())
    }

    /// What is left of the set without some parts.
    fn test(&mut self, without: &[Part]) -> Result<Test, Error> {
        self.stopped = self.budget.ask().or((self.nodes_left == 0).then_some(Status::NodeLimit));
        let mut rest = self.set.clone();
        without.iter().for_each(|part| _ = rest.remove(part));
        let rest = if self.stopped.is_none() { extract(self.model, &rest, Columns::All, self.budget) } else { None };
        let Some(rest) = rest else {
            self.stopped = self.stopped.or(self.budget.over());
            return Ok(Test::Undecided);
        };
        let (time_limit, node_limit) = (self.budget.seconds_left(), self.nodes_of_a_test.min(self.nodes_left));
        let options = Options { time_limit, node_limit, start: None, ..self.options.clone() };
        let outcome = solve_of_work(&rest, &options, &mut Stopping(self.control), self.work_of_a_test)?;
        self.tests += 1;
        self.nodes += outcome.statistics.nodes;
        self.nodes_left = self.nodes_left.saturating_sub(outcome.statistics.nodes);
        self.lp_iterations += outcome.statistics.lp_iterations;
        if outcome.status == Status::Infeasible {
            return Ok(Test::Infeasible);
        }
        let exact = outcome.exact_solution.or_else(|| Some(outcome.solution?.iter().map(|&x| decimal(x)).collect()));
        let exact = exact.filter(|x| holds_at(&rest, x, self.budget));
        // A limit that ended the test may have ended all.
        self.stopped = self.budget.ask().filter(|_| exact.is_none());
        Ok(exact.map_or(Test::Undecided, Test::Point))
    }

    /// What has become of the set.
    pub fn tell(self, subsystem: &mut Subsystem) {
        let members = parts(self.model).filter(|part| self.set.contains(part));
        subsystem.members = members.map(|part| Member { part, is_needed: self.needed.contains(&part) }).collect();
        subsystem.tests += self.tests;
        subsystem.nodes += self.nodes;
        subsystem.lp_iterations += self.lp_iterations;
    }
}
