//! Rounds of cuts at the root: when cuts are looked for, which stay, and when that ends.
//!
//! Entry point: [`Search::cut`]. Each round adds the best cuts to the relaxation and solves it from the basis at hand, which stays dual
//! feasible; cuts that are slack for some rounds go. It ends when the bound hardly moves any more, and if it has not moved
//! altogether, the relaxation is what it was before: rows that do not help cost time at every node.

use ::budget::observe::{Cuts, Interest, What};

use super::search::Search;
use crate::Error;
use crate::cuts::{Family, Found, Separator};
use crate::relaxation::Verdict;
use crate::simplex::{NewRow, VarStatus};

impl Search<'_> {
    /// Cuts the solution of the root's relaxation off, round by round. Ends with the verdict on the relaxation with the cuts that stay.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub(super) fn cut(&mut self) -> Result<Verdict, Error> {
        // Derivations of cuts are not written down.
        if self.certificate.is_some() {
            return Ok(Verdict::Solved);
        }
        let (before, basis) = (self.relaxation.objective(), self.relaxation.basis());
        let mut ages: Vec<u32> = Vec::new();
        let (mut stalled, first) = (0, self.relaxation.iterations());
        let parameters = &self.options.parameters;
        let least = parameters.cut_gain * before.abs().max(1.0);
        let most = parameters.free_cut_iterations + parameters.cut_iterations * first;
        for round in 1..=parameters.cut_rounds {
            let last = self.relaxation.objective();
            let is_long = self.relaxation.iterations() - first > most;
            let is_over = is_long || stalled >= parameters.cut_stalled_rounds || self.budget.ask().is_some();
            if is_over || self.fractional().is_empty() {
                break;
            }
            let (model, budget) = (self.model, self.budget);
            let found = Separator { model, parameters, budget }.round(&mut self.relaxation, &self.domain);
            let others = self.cuts_of_plugins()?;
            if found.is_empty() && others.is_empty() {
                break;
            }
            #[cfg(test)]
            self.propagator.check_cuts(&found);
            let counts = others.iter().map(|(name, rows)| (*name, rows.len()));
            let counts: Vec<(&'static str, usize)> = counts_by_family(&found).chain(counts).collect();
            let own = found.iter().map(|found| found.cut.to_row());
            let added: Vec<NewRow> = own.chain(others.into_iter().flat_map(|(_, rows)| rows)).collect();
            ages.extend(added.iter().map(|_| 0));
            self.relaxation.add_rows(added);
            match self.relax()? {
                Verdict::Solved => {}
                Verdict::Undecided | Verdict::Unbounded | Verdict::OutOfIterations => break,
                closed => return Ok(closed),
            }
            let now = self.relaxation.objective();
            self.tell_cuts(round, &counts, last, now);
            let is_gain = now - last > parameters.cut_round_gain * (now - before).max(least);
            stalled = if is_gain { 0 } else { stalled + 1 };
            self.drop_slack(&mut ages, parameters.cut_age);
        }
        if ages.is_empty() {
            return Ok(Verdict::Solved);
        }
        if self.relaxation.objective() - before > least {
            self.drop_slack(&mut ages, 1);
        } else {
            self.relaxation.retain_added(&vec![false; ages.len()]);
            self.relaxation.load_basis(&basis);
        }
        self.report.statistics.cuts = self.relaxation.added().len() as u64;
        // Floats see a ray here that the relaxation without cuts had none of.
        Ok(match self.relax()? {
            Verdict::Unbounded => Verdict::Undecided,
            other => other,
        })
    }

    /// Takes out the cuts that have been slack for so many rounds.
    fn drop_slack(&mut self, ages: &mut Vec<u32>, most: u32) {
        let problem = self.relaxation.problem();
        let first = problem.num_vars() - ages.len();
        let is_slack = |k: usize| self.relaxation.simplex().var_status(first + k) == VarStatus::Basic;
        for (k, age) in ages.iter_mut().enumerate() {
            *age = if is_slack(k) { *age + 1 } else { 0 };
        }
        if ages.iter().any(|age| *age >= most) {
            let keep: Vec<bool> = ages.iter().map(|age| *age < most).collect();
            self.relaxation.retain_added(&keep);
            ages.retain(|age| *age < most);
        }
    }

    /// Tells of a round: how many cuts of each kind.
    fn tell_cuts(&mut self, round: usize, counts: &[(&'static str, usize)], before: f64, after: f64) {
        if !self.wants(Interest::LEARNING) {
            return;
        }
        let (before, after) = (self.report.units().objective_near(before), self.report.units().objective_near(after));
        for &(kind, count) in counts.iter().filter(|(_, count)| *count > 0) {
            let (node, round) = (0, u32::try_from(round).unwrap_or(u32::MAX));
            self.tell(What::Cuts(Cuts { node, round, kind, count: count as u32, before, after }));
        }
    }
}

/// How many cuts of each family were found.
fn counts_by_family(found: &[Found]) -> impl Iterator<Item = (&'static str, usize)> {
    Family::ALL.into_iter().map(|family| (family.name(), found.iter().filter(|found| found.family == family).count()))
}
