//! The neurons' theories under the trail: assertion, conflicts, implied literals and their explanations.

use super::conflict::Conflict;
use super::counts::Counts;
use super::formula::{Formula, Neuron, side_index};
use super::literal::Lit;
use super::proof::{ProofSink, Step};
use super::trail::{Reason, Trail};
use crate::theory::{Geometry, Implied, Lemma, Separation, Side, Support};
use budget::Stop;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A literal implied by a theory: its support waits in [`Theories::supports`] until somebody asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Implication {
    neuron: u32,
    start: u32,
    len: u32,
    trail: usize,
    /// The confirmed clause, implied literal included.
    clause: Option<Box<[Lit]>>,
    /// The clause in the proof.
    step: Step,
}

/// One theory a neuron.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Theories {
    #[serde(with = "budget::checkpoint::shared::list")]
    layers: Vec<Arc<Geometry>>,
    neurons: Vec<Neuron>,
    pub(super) separations: Vec<Separation>,
    /// For each literal the (neuron, site, side) it asserts.
    asserts: Vec<Vec<(u32, u32, Side)>>,
    implications: Vec<Implication>,
    supports: Vec<Support>,
    /// Neurons of which exact arithmetic has refused an implication since a clause was last learned: what they imply is confirmed before
    /// it counts, so that no guess is made for ever.
    cautious: Vec<bool>,
    /// Buffers of propagation: neurons told something new, what one of them implies.
    touched: Vec<usize>,
    implied: Vec<Implied>,
    /// Clauses of lemmas, to be attached before the next propagation.
    pub(super) instances: Vec<(Vec<Lit>, Step)>,
    /// Lemmas confirmed since they were last taken, by layer.
    pub(super) lemmas: Vec<(usize, Lemma)>,
}

#[allow(clippy::cast_possible_truncation)]
impl Theories {
    /// Nothing is asserted yet; literals come with [`Self::new_var`], what they assert with [`Self::connect`].
    pub(super) fn new(formula: &Formula) -> Self {
        Self {
            layers: formula.layers.clone(),
            neurons: formula.neurons.clone(),
            separations: formula.neurons.iter().map(|n| Separation::new(formula.layers[n.layer].clone())).collect(),
            asserts: Vec::new(),
            implications: Vec::new(),
            supports: Vec::new(),
            cautious: vec![false; formula.neurons.len()],
            touched: Vec::new(),
            implied: Vec::new(),
            instances: Vec::new(),
            lemmas: Vec::new(),
        }
    }

    pub(super) fn new_var(&mut self) {
        self.asserts.extend([Vec::new(), Vec::new()]);
    }

    /// Ties the literals of all sites to what they assert.
    pub(super) fn connect(&mut self) {
        for (j, neuron) in self.neurons.iter().enumerate() {
            for (site, atoms) in neuron.atoms.iter().enumerate() {
                tie(&mut self.asserts, j, site, atoms);
            }
        }
    }

    /// Replaces a layer's geometry by one with more sites after the same first ones; `atoms` are those of the new sites,
    /// for each neuron of the layer in turn. Nothing may be asserted.
    pub(super) fn grow(&mut self, layer: usize, geometry: &Arc<Geometry>, atoms: &[Vec<[Option<Lit>; 2]>]) {
        self.layers[layer] = geometry.clone();
        let mut atoms = atoms.iter();
        for (j, neuron) in self.neurons.iter_mut().enumerate().filter(|(_, neuron)| neuron.layer == layer) {
            for pair in atoms.next().into_iter().flatten() {
                tie(&mut self.asserts, j, neuron.atoms.len(), pair);
                neuron.atoms.push(*pair);
            }
            self.separations[j].grow(geometry.clone());
        }
    }

    /// Tells the theories the new literals, checks them and enqueues what they imply; a confirmed conflict ends it.
    pub(super) fn propagate(
        &mut self,
        trail: &mut Trail,
        sink: &mut dyn ProofSink,
        counts: &mut Counts,
        stop: &Stop<'_>,
    ) -> Result<(), Conflict> {
        let mut touched = std::mem::take(&mut self.touched);
        touched.clear();
        while trail.theory_head < trail.literals.len() {
            let lit = trail.literals[trail.theory_head];
            trail.theory_head += 1;
            for &(neuron, site, side) in &self.asserts[lit.index()] {
                self.separations[neuron as usize].assert(site, side);
                if !touched.contains(&(neuron as usize)) {
                    touched.push(neuron as usize);
                }
            }
        }
        touched.sort_unstable();
        let checked = self.check(&mut touched, sink, counts, stop);
        if checked.is_ok() {
            touched.iter().for_each(|&neuron| self.imply(neuron, trail, sink, counts, stop));
        }
        self.touched = touched;
        checked
    }

    /// Checks these neurons and leaves those that floating point finds consistent: no other tableau implies anything. What `stop`
    /// leaves unchecked counts as consistent.
    fn check(
        &mut self,
        touched: &mut Vec<usize>,
        sink: &mut dyn ProofSink,
        counts: &mut Counts,
        stop: &Stop<'_>,
    ) -> Result<(), Conflict> {
        let mut consistent = 0;
        for k in 0..touched.len() {
            let neuron = touched[k];
            counts.checks += 1;
            let Some(Err(mut support)) = self.separations[neuron].check_within(stop) else {
                touched[consistent] = neuron;
                consistent += 1;
                continue;
            };
            counts.theory_conflicts += 1;
            let geometry = self.layers[self.neurons[neuron].layer].clone();
            let mut lemma = geometry.confirm(&support, stop);
            if lemma.is_none() {
                // Drift, or a support that is contradictory only up to rounding: look again from the data, then ask
                // exact arithmetic about all assertions.
                counts.unconfirmed += 1;
                self.separations[neuron].distrust();
                match self.separations[neuron].check_within(stop) {
                    None | Some(Ok(())) => {
                        touched[consistent] = neuron;
                        consistent += 1;
                        continue;
                    }
                    Some(Err(again)) => {
                        support = again;
                        let asserted = self.separations[neuron].asserted();
                        lemma = geometry
                            .confirm(&support, stop)
                            .or_else(|| geometry.confirm_all(asserted, &mut Geometry::guess_effort(stop)));
                    }
                }
            }
            if let Some(lemma) = lemma {
                counts.lemmas += 1;
                return Err(self.conflict_of(neuron, lemma, sink));
            }
        }
        touched.truncate(consistent);
        Ok(())
    }

    /// Row-bound propagation of one neuron.
    fn imply(
        &mut self,
        neuron: usize,
        trail: &mut Trail,
        sink: &mut dyn ProofSink,
        counts: &mut Counts,
        stop: &Stop<'_>,
    ) {
        let mut implied = std::mem::take(&mut self.implied);
        implied.clear();
        let first = self.supports.len();
        {
            let atoms = &self.neurons[neuron].atoms;
            let values = &trail.values;
            // A site is of interest while an assertion there could still be refuted by a free literal.
            let decided = |site: u32| atoms[site as usize].iter().flatten().all(|lit| values[lit.index()] != 0);
            self.separations[neuron].implied(decided, &mut self.supports, &mut implied);
        }
        let mut used = first;
        for found in &implied {
            let Some(lit) = self.neurons[neuron].atoms[found.site as usize][side_index(found.side)] else { continue };
            if !trail.is_free(lit) {
                continue;
            }
            self.supports.copy_within(found.start..found.start + found.len, used);
            let implication = Implication {
                neuron: neuron as u32,
                start: used as u32,
                len: found.len as u32,
                trail: trail.literals.len(),
                clause: None,
                step: Step::default(),
            };
            used += found.len;
            self.implications.push(implication);
            let index = self.implications.len() as u32 - 1;
            let certain = trail.level() == 0 || self.cautious[neuron];
            if certain && self.confirm(index, sink, counts, stop).is_none() {
                self.implications.pop();
                continue;
            }
            counts.implied += 1;
            trail.enqueue(!lit, Reason::Theory(index));
        }
        self.supports.truncate(used);
        self.implied = implied;
    }

    /// The clause that explains an implied literal (with the literal), or `None` if exact arithmetic disagrees.
    pub(super) fn confirm(
        &mut self,
        index: u32,
        sink: &mut dyn ProofSink,
        counts: &mut Counts,
        stop: &Stop<'_>,
    ) -> Option<&[Lit]> {
        if self.implications[index as usize].clause.is_none() {
            let Implication { neuron, start, len, .. } = self.implications[index as usize];
            let neuron = neuron as usize;
            let support = &self.supports[start as usize..(start + len) as usize];
            let Some(lemma) = self.layers[self.neurons[neuron].layer].confirm(support, stop) else {
                counts.unconfirmed += 1;
                return None;
            };
            let (clause, _) = self.clause_of(neuron, &lemma, false);
            counts.lemmas += 1;
            let step = sink.lemma(self.neurons[neuron].layer, &lemma, neuron, false, &clause);
            let implication = &mut self.implications[index as usize];
            implication.clause = Some(clause.into_boxed_slice());
            implication.step = step;
        }
        self.implications[index as usize].clause.as_deref()
    }

    /// What [`Self::confirm`] has answered before, and the clause in the proof.
    pub(super) fn confirmed(&self, index: u32) -> (&[Lit], Step) {
        let implication = &self.implications[index as usize];
        (implication.clause.as_deref().unwrap_or_default(), implication.step)
    }

    /// The lemma's clause for a neuron (mirrored for its complement); false if some atom has no literal there, where the
    /// clause ends.
    fn clause_of(&self, neuron: usize, lemma: &Lemma, flip: bool) -> (Vec<Lit>, bool) {
        let mut clause = Vec::with_capacity(lemma.atoms.len());
        let geometry = &self.layers[self.neurons[neuron].layer];
        for &atom in &lemma.atoms {
            let (site, side) = if flip { geometry.mirror(atom) } else { atom };
            let Some(lit) = self.neurons[neuron].atoms[site as usize][side_index(side)] else { return (clause, false) };
            if !clause.contains(&!lit) {
                clause.push(!lit);
            }
        }
        (clause, true)
    }

    /// The clause that one of these neurons' assertions does not hold.
    pub(super) fn denial(&self, neurons: &[usize]) -> Vec<Lit> {
        let mut clause = Vec::new();
        for &neuron in neurons {
            for &(site, side) in self.separations[neuron].asserted() {
                clause.extend(self.neurons[neuron].atoms[site as usize][side_index(side)].map(|lit| !lit));
            }
        }
        clause
    }

    /// The conflict that a lemma is for `neuron`; its other instances are queued.
    fn conflict_of(&mut self, neuron: usize, lemma: Lemma, sink: &mut dyn ProofSink) -> Conflict {
        let layer = self.neurons[neuron].layer;
        let (literals, _) = self.clause_of(neuron, &lemma, false);
        let step = sink.lemma(layer, &lemma, neuron, false, &literals);
        self.instantiate(layer, &lemma, Some(neuron), sink);
        self.lemmas.push((layer, lemma));
        Conflict { literals, step }
    }

    /// Queues the lemma's clauses for all neurons of the layer and, where valid, for their complements.
    pub(super) fn instantiate(
        &mut self,
        layer: usize,
        lemma: &Lemma,
        without: Option<usize>,
        sink: &mut dyn ProofSink,
    ) {
        let flips = 1 + usize::from(self.layers[layer].closed_under_complement());
        for neuron in 0..self.neurons.len() {
            if self.neurons[neuron].layer != layer {
                continue;
            }
            for flip in 0..flips {
                if flip == 0 && without == Some(neuron) {
                    continue;
                }
                let (clause, whole) = self.clause_of(neuron, lemma, flip == 1);
                // Both polarities of a part that is split over its sites: a tautology.
                if whole && !clause.iter().any(|&l| clause.contains(&!l)) {
                    let step = sink.lemma(layer, lemma, neuron, flip == 1, &clause);
                    self.instances.push((clause, step));
                }
            }
        }
    }

    /// Takes back everything the theories were told at or after this trail position.
    pub(super) fn retract(&mut self, trail: &mut Trail, start: usize) {
        while trail.theory_head > start {
            trail.theory_head -= 1;
            let lit = trail.literals[trail.theory_head];
            for &(neuron, _, _) in self.asserts[lit.index()].iter().rev() {
                let theory = &mut self.separations[neuron as usize];
                theory.retract(theory.len() - 1);
            }
        }
        while self.implications.last().is_some_and(|i| i.trail >= start) {
            if let Some(last) = self.implications.pop() {
                self.supports.truncate(last.start as usize);
            }
        }
    }

    /// Exact arithmetic has refused this implication: rounding has led the tableaus astray, and its neuron is cautious from here on.
    pub(super) fn refused(&mut self, index: u32) {
        self.cautious[self.implications[index as usize].neuron as usize] = true;
        self.separations.iter_mut().for_each(Separation::distrust);
    }

    /// A clause was learned: neurons may guess again.
    pub(super) fn embolden(&mut self) {
        self.cautious.fill(false);
    }

    /// Simplex pivots so far.
    pub(super) fn pivots(&self) -> u64 {
        self.separations.iter().map(Separation::pivots).sum()
    }

    /// The side a neuron asserts at a site under the current assignment, if any.
    pub(super) fn decided_side(&self, trail: &Trail, neuron: usize, site: usize) -> Option<Side> {
        let atoms = &self.neurons[neuron].atoms[site];
        let on = |lit: Option<Lit>| lit.is_some_and(|lit| trail.is_true(lit));
        if on(atoms[0]) {
            Some(Side::Fires)
        } else if on(atoms[1]) {
            Some(Side::Silent)
        } else {
            None
        }
    }
}

/// Ties the literals of one site of a neuron to what they assert.
#[allow(clippy::cast_possible_truncation)]
fn tie(asserts: &mut [Vec<(u32, u32, Side)>], neuron: usize, site: usize, atoms: &[Option<Lit>; 2]) {
    for (lit, side) in atoms.iter().zip([Side::Fires, Side::Silent]) {
        if let Some(lit) = lit {
            asserts[lit.index()].push((neuron as u32, site as u32, side));
        }
    }
}
