//! One proof of many parts: what they share is derived once, their steps follow each other under new names, and the tree is closed from
//! its leaves to its root.
//!
//! For each output function, a leaf says that the function does not occur or one of the leaf's literals is false (or the loss is not below
//! the bound); a vertex follows from its two children by resolution, the root says "not this function". With that the proof ends as one of a single
//! run does. Parts were searched below the networks that their workers knew; the best of all is better, so its constraint is stronger, and what
//! was propagated is propagated.

use super::folder::{Folder, Written};
use super::layout::Layout;
use super::names::{Literal, Name};
use super::part::Part;
use super::renamed::{Renaming, closed, low, read_lemma};
use super::steps::Steps;
use crate::cube::{Condition, part_of};
use crate::error::Error;
use crate::theory::Lemma;
use bdnn::{Network, Problem, Stop};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;

/// A vertex of the tree of parts. Children stand after their parents; the first is the root.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Split by a condition.
    Split {
        /// The condition.
        on: Condition,
        /// The vertex where it holds.
        yes: usize,
        /// The vertex where it does not.
        no: usize,
    },
    /// A part that was searched: its folder, and what it holds.
    Part(PathBuf, Part),
    /// A part of which nothing is proven.
    Open,
}

/// Puts the parts of a proof together: `lemmas.jsonl`, `formula.opb` and `proof.pbp` of a proof folder. The bound is the least over the leaves, or
/// the loss of `best`, if none is less. `None` once `stop` says so. Cost: all steps are read and written once.
///
/// # Errors
/// [`Error::Folder`] if a file cannot be read or written, or is no part of a proof of this problem.
pub fn merge(
    problem: &Problem,
    pieces: &[Piece],
    best: Option<&Network>,
    folder: &Folder,
    stop: &Stop<'_>,
) -> Result<Option<Written>, Error> {
    let Some(layout) = Layout::new(problem, folder, stop)? else { return Ok(None) };
    let Some(prepared) = layout.prepare(stop)? else { return Ok(None) };
    let Some((lemmas, lines)) = gather(&layout, pieces, stop)? else { return Ok(None) };
    let failed = |name: &'static str| move |source| folder.failure(name, source);
    let constraints = prepared.formula.finish(&layout.structure, folder, &lemmas)?;
    let mut proof = Steps::open(folder.create_file(Folder::PROOF)?, constraints);
    let best = best.map(|network| proof.solution(&layout.structure, network));
    let mut steps = 0;
    if let Some(before) = prepared.symmetry {
        steps += before;
        proof.append(&mut folder.open_file(Folder::SYMMETRY)?);
    }
    let told = layout.functions.len();
    (0..told).for_each(|case| drop(layout.spell_out(&mut proof, case, stop)));
    let (mut learned, mut counts) = (0, 0);
    for (number, piece) in pieces.iter().enumerate() {
        if stop() {
            return Ok(None);
        }
        let Piece::Part(path, part) = piece else { continue };
        let renaming = Renaming { part: number, learned, counts, lemmas: &lines[&number] };
        let path = path.join(Folder::STEPS);
        let read = |source| Error::Folder { file: path.clone(), source };
        for line in BufReader::new(File::open(&path).map_err(read)?).lines() {
            let renamed = renaming.line(&line.map_err(read)?).ok_or_else(|| no_part(&path))?;
            let Some(step) = renamed.strip_suffix(';') else { return Err(no_part(&path)) };
            proof.step(step);
        }
        learned += u64::from(part.learned);
        counts += u64::from(part.counts);
    }
    let merged = Merged { layout: &layout, pieces, best };
    let bound = merged.conclude(&mut proof);
    steps += proof.steps;
    proof.finish().map_err(failed(Folder::PROOF))?;
    if prepared.symmetry.is_some() {
        folder.remove(Folder::SYMMETRY)?;
    }
    Ok(Some(Written {
        bound: bound.map(|objective| layout.structure.offset + objective),
        lemmas: lemmas.len() as u64,
        constraints,
        steps,
        bytes: folder.bytes(),
    }))
}

/// A file of a part that is none.
fn no_part(path: &std::path::Path) -> Error {
    let source = io::Error::other("is no part of a proof, or was changed");
    Error::Folder { file: path.to_path_buf(), source }
}

/// Layers (from 1) and lemmas by line.
type Lemmas = Vec<(usize, Lemma)>;

/// By part, the line of each of its lemmas.
type Lines = BTreeMap<usize, Vec<usize>>;

/// Writes the lemmas of all parts, each once; `None` once `stop` says so.
fn gather(layout: &Layout<'_>, pieces: &[Piece], stop: &Stop<'_>) -> Result<Option<(Lemmas, Lines)>, Error> {
    let folder = layout.folder;
    let failed = |source| folder.failure(Folder::LEMMAS, source);
    let mut lemmas = layout.lemmas()?.finish().map_err(failed)?;
    // Those that symmetry rests on come first, as in every part.
    let mut first = String::new();
    folder.open_file(Folder::LEMMAS)?.read_to_string(&mut first).map_err(failed)?;
    let mut known: BTreeMap<String, usize> = first.lines().map(str::to_owned).zip(0..).collect();
    let mut lines = Lines::new();
    let mut out = folder.create_file(Folder::LEMMAS)?;
    out.write_all(first.as_bytes()).map_err(failed)?;
    for (number, piece) in pieces.iter().enumerate() {
        let Piece::Part(path, _) = piece else { continue };
        if stop() {
            return Ok(None);
        }
        let path = path.join(Folder::LEMMAS);
        let read = |source| Error::Folder { file: path.clone(), source };
        let mut of_part = Vec::new();
        for line in BufReader::new(File::open(&path).map_err(read)?).lines() {
            let line = line.map_err(read)?;
            let at = match known.get(&line) {
                Some(&at) => at,
                None => {
                    lemmas.push(read_lemma(&line, &layout.structure.bounds).ok_or_else(|| no_part(&path))?);
                    writeln!(out, "{line}").map_err(failed)?;
                    known.insert(line, lemmas.len() - 1);
                    lemmas.len() - 1
                }
            };
            of_part.push(at);
        }
        lines.insert(number, of_part);
    }
    out.close().map_err(failed)?;
    Ok(Some((lemmas, lines)))
}

/// All parts, their steps written.
struct Merged<'a, 'p> {
    layout: &'a Layout<'p>,
    pieces: &'a [Piece],
    /// The objective of the best network.
    best: Option<u64>,
}

impl Merged<'_, '_> {
    /// The vertices that a function can be in, by the path from the root.
    fn of_function(&self, function: Option<usize>) -> Vec<usize> {
        let mut reached = vec![0];
        let mut at = 0;
        while let Some(&vertex) = reached.get(at) {
            at += 1;
            if let Piece::Split { on, yes, no } = &self.pieces[vertex] {
                match (on, function) {
                    (Condition::Function(number), Some(function)) => {
                        reached.push(if *number == function { *yes } else { *no });
                    }
                    _ => reached.extend([*yes, *no]),
                }
            }
        }
        reached
    }

    /// A lower bound on the objective in a leaf; `None` if there is no network below the best. A part's own bounds hold below what its worker
    /// knew.
    fn bound_of(&self, vertex: usize, function: usize) -> Option<u64> {
        match &self.pieces[vertex] {
            Piece::Split { .. } => None,
            Piece::Open => Some(0),
            Piece::Part(_, part) => match part.cases.iter().find(|case| case.function == function) {
                Some(case) if case.refuted => None,
                Some(case) => Some(case.bound),
                None => Some(0),
            },
        }
    }

    fn functions(&self) -> Vec<Option<usize>> {
        let told = self.layout.functions.len();
        if told == 0 { vec![None] } else { (0..told).map(Some).collect() }
    }

    /// As a single run concludes: derives the constraint `bound`, and the conclusion.
    fn conclude(&self, proof: &mut Steps<impl Write>) -> Option<u64> {
        let structure = &self.layout.structure;
        let best = self.best;
        let bounds = self.functions().into_iter().flat_map(|function| {
            let leaves = self.of_function(function);
            leaves.into_iter().filter_map(move |vertex| self.bound_of(vertex, function.unwrap_or(0)))
        });
        let bound = bounds.chain(best).min();
        let floor = structure.floor();
        let ended = |proof: &mut Steps<_>, bound: Option<u64>, hint: bool| {
            proof.conclude(bound, hint.then_some("bound"), best);
            bound
        };
        if best == Some(0) {
            proof.rup_by("bound", &[], " @best");
            return ended(proof, best, true);
        }
        if bound.is_some_and(|bound| bound <= floor) {
            if floor > 0 {
                structure.prove_floor(proof, "bound");
            }
            return ended(proof, Some(floor), floor > 0);
        }
        let below = if bound == best { None } else { bound };
        if let Some(bound) = below {
            proof.define_below(0, &structure.objective, bound);
        }
        let unless = below.map(|_| Name::Below(0));
        let roots: Vec<String> =
            self.functions().into_iter().map(|function| self.close(proof, function, unless)).collect();
        if self.layout.functions.is_empty() {
            match below {
                Some(bound) => proof.step(format_args!("@bound pol @low0 @{} {bound} * +", roots[0])),
                None => proof.rup_by("bound", &[], &format!(" @{}", roots[0])),
            }
        } else {
            self.layout.symmetry().close(proof, unless);
            if let Some(bound) = below {
                proof.step(format_args!("@bound pol @low0 @closed {bound} * +"));
            }
        }
        ended(proof, bound, true)
    }

    /// Closes the tree for a function; returns the label of the clause of its root.
    fn close(&self, proof: &mut Steps<impl Write>, function: Option<usize>, unless: Option<Name>) -> String {
        let structure = &self.layout.structure;
        let case = function.unwrap_or(0);
        let limit = if unless.is_some() { "cut0" } else { "best" };
        // No coefficient exceeds it.
        let divisor = 1 + structure.objective.iter().map(|(weight, _)| weight).sum::<u64>();
        let mut guards: BTreeMap<usize, Vec<Literal>> = BTreeMap::new();
        guards.insert(0, function.map(|function| Name::Case(function).is(true)).into_iter().collect());
        let mut reached = self.of_function(function);
        for &vertex in &reached {
            let own = guards[&vertex].clone();
            let Piece::Split { on, yes, no } = &self.pieces[vertex] else { continue };
            for (child, holds) in [(*yes, true), (*no, false)] {
                let mut child_guards = own.clone();
                if let Condition::Fires { neuron, point } = *on {
                    let part = part_of(structure.problem, point);
                    child_guards.push(Name::Unit { layer: 1, part, neuron }.is(holds));
                }
                guards.insert(child, child_guards);
            }
        }
        let mut labels: BTreeMap<usize, String> = BTreeMap::new();
        // Children stand after their parents.
        reached.sort_unstable();
        for &vertex in reached.iter().rev() {
            let label = match &self.pieces[vertex] {
                Piece::Part(..) if self.bound_of(vertex, case).is_none() => closed(vertex, case),
                Piece::Part(..) | Piece::Open => {
                    let label = closed(vertex, case);
                    proof.step(format_args!("@{label} pol @{limit} @{} + {divisor} d", low(vertex, case)));
                    label
                }
                Piece::Split { on: Condition::Function(_), yes, no } => {
                    labels.remove(yes).or_else(|| labels.remove(no)).unwrap_or_default()
                }
                Piece::Split { yes, no, .. } => {
                    let mut clause: Vec<Literal> = guards[&vertex].iter().map(|&guard| !guard).collect();
                    clause.extend(unless.map(|name| name.is(false)));
                    let label = format!("join{vertex}of{case}");
                    let hints: String = [yes, no]
                        .into_iter()
                        .filter_map(|child| labels.get(child))
                        .map(|child| format!(" @{child}"))
                        .collect();
                    proof.rup_by(&label, &clause, &hints);
                    label
                }
            };
            labels.insert(vertex, label);
        }
        labels.remove(&0).unwrap_or_default()
    }
}
