//! Cores that a point of the program violates, from the alternative polyhedron.

use super::done::Done;
use super::pool::{Clause, value};
use super::simplex::Literal;
use crate::linear::alternative::{self, Alternative, Answer, Role};
use crate::linear::core::{Core, Member};
use crate::linear::parameters::Parameters;
use crate::linear::{Geometry, Task, certified};
use crate::tolerances::{COVER_LEAST_COST, COVER_VIOLATED};
use bdnn::Stop;
use budget::Pace;
use rand::{Rng, RngExt};
use serde::Serialize;

/// Rounds of one separation: one without noise and one with it.
const ROUNDS: usize = 2;

/// What looks for cores: the points, and a simplex that remembers its basis.
pub(in crate::linear) struct Separation<'a> {
    pub geometry: &'a Geometry,
    pub task: &'a Task,
    pub stop: &'a Stop<'a>,
    alternative: Alternative<'a>,
    /// Whether exact elimination is cheap.
    light: bool,
    costs: Vec<f64>,
    /// Cores proven, and guesses that were not.
    proven: u64,
    refused: u64,
}

/// What a separation goes on with, beside the data.
pub(in crate::linear) type Remembered = (alternative::State, u64, u64);

impl<'a> Separation<'a> {
    pub(in crate::linear) fn new(geometry: &'a Geometry, task: &'a Task, stop: &'a Stop<'a>) -> Self {
        let (alternative, light) = (Alternative::new(geometry), geometry.is_light());
        Self { geometry, task, stop, alternative, light, costs: vec![], proven: 0, refused: 0 }
    }

    /// What is written down of it: a [`Remembered`].
    pub(in crate::linear) fn state(&self) -> impl Serialize {
        (self.alternative.state(), self.proven, self.refused)
    }

    /// Goes back to a state.
    pub(in crate::linear) fn restore(&mut self, (alternative, proven, refused): Remembered) {
        self.alternative.restore(alternative);
        (self.proven, self.refused) = (proven, refused);
    }

    /// What has been done since the last call.
    pub(super) fn done(&mut self) -> Done {
        let Alternative { work, pivots, .. } = self.alternative;
        let done = Done { work, pivots, cores: self.proven, refused: self.refused, ..Done::default() };
        (self.alternative.work, self.alternative.pivots, self.proven, self.refused) = (0, 0, 0, 0);
        done
    }

    /// Clauses violated at x under the decisions, each proven exactly; and a hyperplane that has all points on the sides
    /// asked for, if one turns up. Some cores are looked for in each of two rounds.
    pub(super) fn cores(
        &mut self,
        x: &[f64],
        decided: &[Option<bool>],
        parameters: &Parameters,
        rng: &mut impl Rng,
    ) -> (Vec<Clause>, Option<Vec<f64>>) {
        let Parameters { cores_at_once, core_noise, core_diversity, .. } = *parameters;
        let mut found = vec![];
        for round in 0..ROUNDS {
            self.costs.clear();
            for (&x, decided) in x.iter().zip(decided) {
                let noise = if round == 0 { 0.0 } else { core_noise * rng.random_range(0.0..1.0) };
                self.costs.push(if decided.is_some() { 0.0 } else { x.max(0.0) + COVER_LEAST_COST + noise });
            }
            for core in 0..cores_at_once {
                // One core may be too little work for its pace to ask.
                if (self.stop)() {
                    return (found, None);
                }
                self.ask(decided, |_| true);
                match self.solve() {
                    Ok(members) => {
                        for member in &members {
                            self.costs[member.point as usize] += core_diversity;
                        }
                        let clause = self.clause(&members);
                        if value(&clause, x) < 1.0 - COVER_VIOLATED {
                            found.push(clause);
                        } else if core > 1 {
                            break;
                        }
                    }
                    Err(Some(w)) => return (found, Some(w)),
                    Err(None) => break,
                }
            }
        }
        (found, None)
    }

    /// A core among the decided points and the free ones that x has right, or a hyperplane that has these right, or nothing.
    pub(super) fn settle(&mut self, x: &[f64], decided: &[Option<bool>]) -> Result<Clause, Option<Vec<f64>>> {
        self.costs.clear();
        self.costs.extend(decided.iter().map(|decided| if decided.is_some() { 0.0 } else { 1.0 }));
        self.ask(decided, |j| x[j] < 0.5);
        self.solve().map(|members| self.clause(&members))
    }

    /// The clause of a proven core.
    pub(super) fn clause(&self, members: &[Member]) -> Clause {
        let literal =
            |m: &Member| -> Literal { 2 * m.point + u32::from(m.fires != self.task.wanted[m.point as usize]) };
        let mut clause: Clause = members.iter().map(literal).collect();
        clause.sort_unstable();
        clause
    }

    fn ask(&mut self, decided: &[Option<bool>], free: impl Fn(usize) -> bool) {
        for (j, (&decided, &wanted)) in decided.iter().zip(&self.task.wanted).enumerate() {
            let role = match decided {
                _ if self.task.weight[j] == 0 => Role::Absent,
                None if !free(j) => Role::Absent,
                None => Role::Asked(wanted),
                Some(wrong) => Role::Asked(wanted != wrong),
            };
            self.alternative.set(j, role, self.costs[j]);
        }
    }

    /// The members of a proven core, or a hyperplane, or nothing.
    fn solve(&mut self) -> Result<Vec<Member>, Option<Vec<f64>>> {
        let stop = self.stop;
        let mut ask = || stop();
        let mut pace = Pace::new(&mut ask);
        match self.alternative.solve(&mut pace) {
            Answer::Core(support) => {
                let members = self.prove(support, &mut pace);
                *if members.is_some() { &mut self.proven } else { &mut self.refused } += 1;
                members.ok_or(None)
            }
            Answer::Separable(w) => Err(Some(w)),
            Answer::Failed => Err(None),
        }
    }

    /// The core in a guessed support, proven by floats with error bounds where elimination would need big integers.
    fn prove(&self, support: Vec<Member>, pace: &mut Pace<'_>) -> Option<Vec<Member>> {
        if !self.light && certified(self.geometry, &support, pace) {
            debug_assert!(
                Core::confirm(self.geometry, &support).is_some_and(|core| core.members.len() == support.len())
            );
            return Some(support);
        }
        let core = Core::confirm_within(self.geometry, &support, pace)?;
        debug_assert!(core.holds(self.geometry), "a confirmed core holds");
        Some(core.members)
    }
}
