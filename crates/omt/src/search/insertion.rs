//! How clauses enter: those of the problem at level 0, instances of lemmas under any trail.

use super::arena::Origin;
use super::literal::Lit;
use super::proof::Step;
use super::solver::Solver;
use super::trail::Reason;

impl Solver {
    /// After [`super::Verdict::Satisfied`]: excludes the patterns that the theories of these neurons hold, or, if there are none, what all neurons
    /// hold together. That is no consequence of anything, so nothing that the solver says from here on is a bound of the problem.
    pub fn exclude_patterns(&mut self, neurons: &[usize]) {
        let all: Vec<usize> = (0..self.theories.separations.len()).collect();
        let clauses: Vec<Vec<Lit>> = if neurons.is_empty() {
            vec![self.theories.denial(&all)]
        } else {
            neurons.iter().map(|&neuron| self.theories.denial(&[neuron])).collect()
        };
        clauses.iter().for_each(|clause| self.add_clause(clause));
    }

    /// Adds a clause of the problem at level 0.
    pub fn add_clause(&mut self, clause: &[Lit]) {
        self.add_step(clause, Step::default());
    }

    /// Makes a literal true that the whole search assumes; the proof has it with everything that is learned.
    pub fn add_fact(&mut self, lit: Lit) {
        let step = if self.sink.listens() { self.sink.assumed() } else { Step::default() };
        self.add_step(&[lit], step);
    }

    /// Adds a clause that the proof has as `step`.
    pub(super) fn add_step(&mut self, clause: &[Lit], step: Step) {
        self.backtrack(0);
        let mut literals: Vec<Lit> = clause.to_vec();
        literals.sort_unstable();
        literals.dedup();
        if literals.windows(2).any(|pair| pair[0] == !pair[1]) || literals.iter().any(|&l| self.trail.is_true(l)) {
            return;
        }
        let step = self.without_false(&mut literals, step);
        match literals[..] {
            [] => self.consistent = false,
            [unit] => self.enqueue_fact(unit, step),
            _ => {
                self.clauses.attach(&literals, Origin::Problem, 0, step);
            }
        }
    }

    /// Attaches waiting lemma instances under the current assignment; false if one of them is a conflict.
    pub(super) fn attach_pending(&mut self) -> bool {
        while let Some((mut literals, step)) = self.theories.instances.pop() {
            let rank = |l: Lit| if self.trail.is_false(l) { self.trail.level_of(l) } else { u32::MAX };
            literals.sort_by_key(|&l| std::cmp::Reverse(rank(l)));
            if self.trail.is_false(literals[0]) {
                self.conflict.literals.clone_from(&literals);
                self.conflict.step = step;
                if literals.len() > 1 {
                    self.clauses.attach(&literals, Origin::Lemma, self.trail.level().max(2), step);
                }
                return false;
            }
            if literals.len() == 1 {
                if self.trail.level() == 0 {
                    if self.trail.is_free(literals[0]) {
                        self.enqueue_fact(literals[0], step);
                    }
                } else {
                    // A fact: it belongs at level 0.
                    self.backtrack(0);
                    self.theories.instances.push((literals, step));
                }
                continue;
            }
            let glue = u32::try_from(literals.len()).unwrap_or(u32::MAX);
            let clause = self.clauses.attach(&literals, Origin::Lemma, glue, step);
            if self.trail.is_free(literals[0]) && self.trail.is_false(literals[1]) {
                self.counts.propagations += 1;
                self.trail.enqueue(literals[0], Reason::Clause(clause));
            }
        }
        true
    }
}
