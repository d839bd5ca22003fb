//! The neurons' theories under the trail: assertion, conflicts, implied literals and their explanations.

use super::formula::side_index;
use super::literal::Lit;
use super::proof::Step;
use super::solver::{Reason, Solver};
use crate::theory::{Geometry, Lemma, Side};
use bdnn::Stop;

/// A literal implied by a theory: its support waits in [`Solver::supports`] until somebody asks.
#[derive(Clone, Debug)]
pub(super) struct Implication {
    neuron: u32,
    start: u32,
    len: u32,
    trail: usize,
    /// The confirmed clause, implied literal included.
    clause: Option<Box<[Lit]>>,
    /// The clause in the proof.
    step: Step,
}

#[allow(clippy::cast_possible_truncation)]
impl Solver {
    /// Tells the theories the new literals, checks them and enqueues what they imply; false on a confirmed conflict.
    pub(super) fn propagate_theories(&mut self, stop: &Stop<'_>) -> bool {
        let mut touched = std::mem::take(&mut self.touched);
        touched.clear();
        while self.theory_head < self.trail.len() {
            let lit = self.trail[self.theory_head];
            self.theory_head += 1;
            for &(neuron, site, side) in &self.asserts[lit.index()] {
                self.theories[neuron as usize].assert(site, side);
                if !touched.contains(&(neuron as usize)) {
                    touched.push(neuron as usize);
                }
            }
        }
        touched.sort_unstable();
        let consistent = self.check_theories(&touched, stop);
        if consistent {
            touched.iter().for_each(|&neuron| self.propagate_neuron(neuron, stop));
        }
        self.touched = touched;
        consistent
    }

    /// Checks these neurons; false on a confirmed conflict. What `stop` leaves unchecked counts as consistent.
    fn check_theories(&mut self, touched: &[usize], stop: &Stop<'_>) -> bool {
        for &neuron in touched {
            self.counts.checks += 1;
            let Some(Err(mut support)) = self.theories[neuron].check_within(stop) else { continue };
            self.counts.theory_conflicts += 1;
            let geometry = self.layers[self.neurons[neuron].layer].clone();
            let mut lemma = geometry.confirm(&support, stop);
            if lemma.is_none() {
                // Drift, or a support that is contradictory only up to rounding: look again from the data, then ask
                // exact arithmetic about all assertions.
                self.counts.unconfirmed += 1;
                self.theories[neuron].distrust();
                match self.theories[neuron].check_within(stop) {
                    None | Some(Ok(())) => continue,
                    Some(Err(again)) => {
                        support = again;
                        let asserted = self.theories[neuron].asserted();
                        lemma = geometry
                            .confirm(&support, stop)
                            .or_else(|| geometry.confirm_all(asserted, &mut Geometry::guess_effort(stop)));
                    }
                }
            }
            if let Some(lemma) = lemma {
                self.clause_of(neuron, &lemma, false);
                self.note_lemma(neuron, lemma);
                return false;
            }
        }
        true
    }

    /// Row-bound propagation of one neuron.
    fn propagate_neuron(&mut self, neuron: usize, stop: &Stop<'_>) {
        let mut implied = std::mem::take(&mut self.implied);
        implied.clear();
        let first = self.supports.len();
        {
            let atoms = &self.neurons[neuron].atoms;
            let values = &self.values;
            // A site is of interest while an assertion there could still be refuted by a free literal.
            let decided = |site: u32| atoms[site as usize].iter().flatten().all(|lit| values[lit.index()] != 0);
            self.theories[neuron].implied(decided, &mut self.supports, &mut implied);
        }
        let mut used = first;
        for found in &implied {
            let Some(lit) = self.neurons[neuron].atoms[found.site as usize][side_index(found.side)] else { continue };
            if !self.is_free(lit) {
                continue;
            }
            self.supports.copy_within(found.start..found.start + found.len, used);
            let implication = Implication {
                neuron: neuron as u32,
                start: used as u32,
                len: found.len as u32,
                trail: self.trail.len(),
                clause: None,
                step: Step::default(),
            };
            used += found.len;
            self.implications.push(implication);
            let index = self.implications.len() as u32 - 1;
            if self.level() == 0 && self.confirm_implication(index, stop).is_none() {
                self.implications.pop();
                continue;
            }
            self.counts.implied += 1;
            self.enqueue(!lit, Reason::Theory(index));
        }
        self.supports.truncate(used);
        self.implied = implied;
    }

    /// The clause that explains an implied literal (with the literal), or `None` if exact arithmetic disagrees.
    pub(super) fn confirm_implication(&mut self, index: u32, stop: &Stop<'_>) -> Option<&[Lit]> {
        if self.implications[index as usize].clause.is_none() {
            let Implication { neuron, start, len, .. } = self.implications[index as usize];
            let neuron = neuron as usize;
            let support = &self.supports[start as usize..(start + len) as usize];
            let Some(lemma) = self.layers[self.neurons[neuron].layer].confirm(support, stop) else {
                self.counts.unconfirmed += 1;
                return None;
            };
            let keep = std::mem::take(&mut self.conflict);
            self.clause_of(neuron, &lemma, false);
            let clause = std::mem::replace(&mut self.conflict, keep);
            self.counts.lemmas += 1;
            let step = self.sink.lemma(self.neurons[neuron].layer, &lemma, neuron, false, &clause);
            let implication = &mut self.implications[index as usize];
            implication.clause = Some(clause.into_boxed_slice());
            implication.step = step;
        }
        self.implications[index as usize].clause.as_deref()
    }

    /// What [`Self::confirm_implication`] has answered before, and the clause in the proof.
    pub(super) fn confirmed(&self, index: u32) -> (&[Lit], Step) {
        let implication = &self.implications[index as usize];
        (implication.clause.as_deref().unwrap_or_default(), implication.step)
    }

    /// Writes the lemma's clause for a neuron (sides flipped for its complement) to `self.conflict`; false if some
    /// atom has no literal there.
    fn clause_of(&mut self, neuron: usize, lemma: &Lemma, flip: bool) -> bool {
        self.conflict.clear();
        for &(site, side) in &lemma.atoms {
            let side = if flip { side.flip() } else { side };
            let Some(lit) = self.neurons[neuron].atoms[site as usize][side_index(side)] else { return false };
            if !self.conflict.contains(&!lit) {
                self.conflict.push(!lit);
            }
        }
        true
    }

    /// Records a lemma whose clause for `neuron` stands in `self.conflict`, and queues its other instances.
    fn note_lemma(&mut self, neuron: usize, lemma: Lemma) {
        self.counts.lemmas += 1;
        let layer = self.neurons[neuron].layer;
        let conflict = std::mem::take(&mut self.conflict);
        self.conflict_step = self.sink.lemma(layer, &lemma, neuron, false, &conflict);
        self.instantiate(layer, &lemma, Some(neuron));
        self.conflict = conflict;
        self.fresh_lemmas.push((layer, lemma));
    }

    /// Queues the lemma's clauses for all neurons of the layer and, where valid, for their complements.
    pub(super) fn instantiate(&mut self, layer: usize, lemma: &Lemma, without: Option<usize>) {
        let flips = 1 + usize::from(self.layers[layer].closed_under_complement());
        for neuron in 0..self.neurons.len() {
            if self.neurons[neuron].layer != layer {
                continue;
            }
            for flip in 0..flips {
                if flip == 0 && without == Some(neuron) {
                    continue;
                }
                if self.clause_of(neuron, lemma, flip == 1) {
                    let clause = self.conflict.clone();
                    // Both polarities of a part that is split over its sites: a tautology.
                    if !clause.iter().any(|&l| clause.contains(&!l)) {
                        let step = self.sink.lemma(layer, lemma, neuron, flip == 1, &clause);
                        self.pending.push((clause, step));
                    }
                }
            }
        }
    }

    /// Takes over a lemma that another solver of the same layers has confirmed.
    pub fn import_lemma(&mut self, layer: usize, lemma: &Lemma) {
        self.backtrack(0);
        self.instantiate(layer, lemma, None);
    }

    /// Takes back everything the theories were told at or after this trail position.
    pub(super) fn retract_theories(&mut self, start: usize) {
        while self.theory_head > start {
            self.theory_head -= 1;
            let lit = self.trail[self.theory_head];
            for &(neuron, _, _) in self.asserts[lit.index()].iter().rev() {
                let theory = &mut self.theories[neuron as usize];
                theory.retract(theory.len() - 1);
            }
        }
        while self.implications.last().is_some_and(|i| i.trail >= start) {
            if let Some(last) = self.implications.pop() {
                self.supports.truncate(last.start as usize);
            }
        }
    }

    /// The side a neuron asserts at a site under the current assignment, if any.
    #[must_use]
    pub fn decided_side(&self, neuron: usize, site: usize) -> Option<Side> {
        let atoms = &self.neurons[neuron].atoms[site];
        let on = |lit: Option<Lit>| lit.is_some_and(|lit| self.is_true(lit));
        if on(atoms[0]) {
            Some(Side::Fires)
        } else if on(atoms[1]) {
            Some(Side::Silent)
        } else {
            None
        }
    }
}
