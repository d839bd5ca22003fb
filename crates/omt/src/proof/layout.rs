//! What a proof of a problem says before any search: its formula, the output functions that are told apart, and why they are enough.

use super::folder::Folder;
use super::formula::Formula;
use super::log::LemmaLog;
use super::steps::Steps;
use super::structure::Structure;
use super::symmetry::{MAX_WIDTH, ORDERED_ROWS, Symmetry, orders, unateness};
use crate::encode::{self, Sites, Threshold};
use crate::error::Error;
use crate::theory::Geometry;
use bdnn::{Problem, Stop};
use std::io::{ErrorKind, Write};

/// What is written before the search.
pub(super) struct Prepared {
    pub(super) formula: Formula,
    /// The number of steps that break symmetries, if any do.
    pub(super) symmetry: Option<u64>,
}

/// The output functions that a proof tells apart; none where it uses truth tables alone (as limits on errors do, which speak of outputs, and whole
/// weights too small for some of the functions).
pub(super) fn functions(problem: &Problem) -> Vec<Threshold> {
    let few = problem.architecture.hidden.len() == 1
        && problem.architecture.hidden[0] <= MAX_WIDTH
        && problem.error_limits.is_empty();
    let all = if few { Threshold::all(problem.architecture.hidden[0]) } else { Vec::new() };
    let cases = if few { encode::cases(problem).unwrap_or_default() } else { Vec::new() };
    if cases.len() == all.len() { cases } else { Vec::new() }
}

/// A problem as a proof has it.
pub(super) struct Layout<'a> {
    pub(super) structure: Structure<'a>,
    pub(super) folder: &'a Folder,
    /// The output functions that are told apart, if any are.
    pub(super) functions: Vec<Threshold>,
    /// Parts whose activations the cases know.
    pub(super) parts: Vec<usize>,
    /// Preferred class of each part, where it has one.
    pub(super) preferred: Vec<Option<bool>>,
}

impl<'a> Layout<'a> {
    /// `None` once `stop` says so.
    pub(super) fn new(problem: &'a Problem, folder: &'a Folder, stop: &Stop<'_>) -> Result<Option<Self>, Error> {
        let functions = functions(problem);
        let (Some(sites), Some(structure)) = (Sites::new_within(problem, stop), Structure::new(problem, stop)) else {
            return Ok(None);
        };
        let preference = |part: usize| {
            let (class, weight, _) = sites.preference(part);
            (weight > 0).then_some(class)
        };
        let told = if functions.is_empty() { 0 } else { sites.len() };
        let preferred: Vec<Option<bool>> = (0..told).map(preference).collect();
        let parts = (0..told).filter(|&part| preferred[part].is_some() || sites.all_decided).collect();
        Ok(Some(Self { structure, folder, functions, parts, preferred }))
    }

    /// The log of lemmas, with those that symmetry rests on.
    pub(super) fn lemmas(&self) -> Result<LemmaLog, Error> {
        let mut lemmas = LemmaLog::new(self.folder.create_file(Folder::LEMMAS)?, self.structure.bounds.clone());
        if let (false, &[width]) = (self.functions.is_empty(), &self.structure.problem.architecture.hidden[..]) {
            let patterns: Vec<Vec<bool>> =
                (0..1_usize << width).map(|p| (0..width).map(|j| p >> j & 1 == 1).collect()).collect();
            let geometry = Geometry::patterns(width, &patterns, true, None);
            for lemma in unateness(width) {
                lemmas.line(2, &lemma, &geometry);
            }
        }
        Ok(lemmas)
    }

    pub(super) fn symmetry(&self) -> Symmetry<'_, 'a> {
        Symmetry { structure: &self.structure, functions: &self.functions, parts: &self.parts }
    }

    /// Writes what does not depend on the search; `None` once `stop` says so.
    pub(super) fn prepare(&self, stop: &Stop<'_>) -> Result<Option<Prepared>, Error> {
        let Some(formula) = Formula::prepare(&self.structure, self.folder, stop)? else { return Ok(None) };
        let mut symmetry = None;
        if !self.functions.is_empty() {
            let mut steps = Steps::new(self.folder.create_file(Folder::SYMMETRY)?);
            self.symmetry().write(&mut steps, stop);
            symmetry = Some(steps.steps);
            match steps.finish() {
                Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(None),
                written => written.map_err(|source| self.folder.failure(Folder::SYMMETRY, source))?,
            }
        }
        Ok((!stop()).then_some(Prepared { formula, symmetry }))
    }

    /// Derives the clauses of a case's formula; returns their labels in the formula's order.
    pub(super) fn spell_out(&self, steps: &mut Steps<impl Write>, case: usize, stop: &Stop<'_>) -> Vec<String> {
        let mut labels = Vec::new();
        for (part, class) in self.preferred.iter().enumerate() {
            if stop() {
                break;
            }
            let Some(class) = *class else { continue };
            let label = format!("y{case}_{part}");
            let clauses = self.symmetry().spell_out(steps, case, part, class, &label);
            labels.extend((0..clauses).map(|number| format!("@{label}_{number}")));
        }
        if orders(&self.functions[case]) {
            for row in 0..self.parts.len().min(ORDERED_ROWS) {
                labels.extend([format!("@order{case}_{row}"), format!("@agree{row}a"), format!("@agree{row}b")]);
            }
        }
        // What orders the bounds of weights stands first in the formula.
        labels.extend((1..=self.structure.chains(1)).map(|number| number.to_string()));
        labels
    }
}
