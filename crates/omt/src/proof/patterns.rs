//! The search over activation patterns, with its proof.

use super::folder::{Folder, Written};
use super::formula::Formula;
use super::log::{CaseLog, CaseState, Dictionary, Log};
use super::names::{Literal, Name};
use super::steps::Steps;
use super::structure::Structure;
use super::symmetry::{MAX_WIDTH, ORDERED_ROWS, Symmetry, orders, unateness};
use crate::encode::{self, Encoding, MAX_TABLE, Order, Sites, Threshold};
use crate::engine::{Style, search};
use crate::error::Error;
use crate::search::{NoProof, ProofSink};
use crate::theory::Geometry;
use bdnn::budget::never;
use bdnn::ending::unstarted;
use bdnn::{Budget, Limits, Network, Problem, Request, Stop, Training};
use std::io::{ErrorKind, Write};
use std::sync::{Arc, Mutex};

/// What is written before the search.
struct Prepared {
    formula: Formula,
    /// The number of steps that break symmetries, if any do.
    symmetry: Option<u64>,
}

/// A run that logs.
struct Recorder<'a> {
    structure: Structure<'a>,
    folder: &'a Folder,
    /// The output functions that are told apart, if any are.
    functions: Vec<Threshold>,
    /// Parts whose activations the cases know.
    parts: Vec<usize>,
    /// Preferred class of each part, where it has one.
    preferred: Vec<Option<bool>>,
    log: Arc<Mutex<Log>>,
}

/// Trains from `start`, the start of the request confirmed, and writes the folder; `None` if the run ended before there was a search. One thread searches, so that there is one order
/// of steps.
pub(super) fn train(
    request: Request<'_>,
    start: Option<(Network, u64)>,
    folder: &Folder,
) -> Result<(Training, Option<Written>), Error> {
    let Request { problem, limits, progress, .. } = request;
    let budget = Budget::new(limits, progress);
    let stop = || budget.stop();
    let Some(recorder) = Recorder::new(problem, folder, &stop)? else {
        return Ok((unstarted(problem, &budget, start), None));
    };
    let Some(prepared) = recorder.prepare(&stop)? else { return Ok((unstarted(problem, &budget, start), None)) };
    budget.keep(prepared.formula.seconds_to_finish());
    let functions = !recorder.functions.is_empty();
    let style = style(functions);
    let limits = Limits { threads: 1, time: budget.left(), ..limits.clone() };
    let mut sink =
        |case: usize, encoding: &Encoding| -> Box<dyn ProofSink> { Box::new(recorder.sink(case, encoding, &stop)) };
    let training = search(request.with_limits(&limits), start, style, &mut sink);
    let written = recorder.finish(prepared, &training)?;
    Ok((training, Some(written)))
}

/// The search that a proof can follow.
fn style(functions: bool) -> Style {
    Style {
        functions,
        widest_table: MAX_TABLE,
        cells: false,
        dual: false,
        patience: u64::MAX,
        split_after: u64::MAX,
        look_ahead: false,
        cores: true,
        order: Order::LastPair { rows: if functions { ORDERED_ROWS } else { 0 } },
        blocks: false,
        walks: true,
        labels: false,
        listed: true,
    }
}

/// The output functions that a proof tells apart; none where it uses truth tables alone (as limits on errors do, which speak of outputs), or
/// where `stop` says that there is no time to tell.
fn functions(problem: &Problem, stop: &Stop<'_>) -> Vec<Threshold> {
    let few = problem.architecture.hidden.len() == 1
        && problem.architecture.hidden[0] <= MAX_WIDTH
        && problem.error_limits.is_empty();
    let geometry = if few { Geometry::first_layer_within(problem, stop) } else { None };
    geometry.and_then(|geometry| encode::cases(problem, &geometry)).unwrap_or_default()
}

/// The same search without a log.
pub(super) fn train_unlogged(request: Request<'_>) -> Result<Training, Error> {
    let limits = Limits { threads: 1, ..request.limits.clone() };
    let style = style(!functions(request.problem, &never).is_empty());
    Ok(search(request.with_limits(&limits), None, style, &mut |_, _| Box::new(NoProof)))
}

impl<'a> Recorder<'a> {
    /// `None` once `stop` says so.
    fn new(problem: &'a Problem, folder: &'a Folder, stop: &Stop<'_>) -> Result<Option<Self>, Error> {
        let functions = functions(problem, stop);
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
        let mut log = Log::new(folder.create_file(Folder::BODY)?, folder.create_file(Folder::LEMMAS)?);
        if let (false, &[width]) = (functions.is_empty(), &problem.architecture.hidden[..]) {
            let patterns: Vec<Vec<bool>> =
                (0..1_usize << width).map(|p| (0..width).map(|j| p >> j & 1 == 1).collect()).collect();
            let geometry = Geometry::patterns(width, &patterns, true, None);
            for lemma in unateness(width) {
                log.lemmas.line(2, &lemma, &geometry);
            }
        }
        Ok(Some(Self { structure, folder, functions, parts, preferred, log: Arc::new(Mutex::new(log)) }))
    }

    fn symmetry(&self) -> Symmetry<'_, 'a> {
        Symmetry { structure: &self.structure, functions: &self.functions, parts: &self.parts }
    }

    /// Writes what does not depend on the search; `None` once `stop` says so.
    fn prepare(&self, stop: &Stop<'_>) -> Result<Option<Prepared>, Error> {
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

    /// The log of a case, its output function spelled out, unless `stop` says so before: then the case is never searched.
    fn sink(&self, case: usize, encoding: &Encoding, stop: &Stop<'_>) -> CaseLog {
        let mut first = Vec::new();
        for (j, neuron) in encoding.formula.neurons.iter().enumerate() {
            if neuron.layer == first.len() {
                first.push(j);
            }
        }
        let clauses = if self.functions.is_empty() {
            (1..=encoding.formula.clauses.len()).map(|position| position.to_string()).collect()
        } else {
            self.spell_out(case, stop)
        };
        debug_assert!(stop() || clauses.len() == encoding.formula.clauses.len(), "a label for each clause");
        let dictionary = Dictionary {
            names: self.names(encoding),
            clauses,
            first,
            geometries: encoding.formula.layers.clone(),
            guard: (!self.functions.is_empty()).then(|| Name::Case(case).is(true)),
        };
        CaseLog::new(self.log.clone(), case, dictionary)
    }

    /// What the search's variables are called.
    fn names(&self, encoding: &Encoding) -> Vec<Literal> {
        if self.functions.is_empty() {
            return self.structure.variables().into_iter().map(|name| name.is(true)).collect();
        }
        let mut names: Vec<Option<Literal>> = vec![None; encoding.formula.variables as usize];
        for (part, row) in encoding.first_layer.iter().enumerate() {
            for (neuron, lit) in row.iter().enumerate() {
                if let Some(lit) = lit {
                    names[lit.var().index()] = Some(Name::Unit { layer: 1, part, neuron }.is(lit.polarity()));
                }
            }
            if let (Some(class), [penalty]) = (self.preferred[part], &encoding.penalties[part][..]) {
                let output = Name::Unit { layer: 2, part, neuron: 0 };
                names[penalty.var().index()] = Some(output.is(class != penalty.polarity()));
            }
        }
        // What is left compares two columns, row by row.
        let mut rows = 0..;
        let name =
            |name: Option<Literal>| name.unwrap_or_else(|| Name::Equal(rows.next().unwrap_or_default()).is(true));
        names.into_iter().map(name).collect()
    }

    /// Derives the clauses of a case's formula; returns their labels in the formula's order.
    fn spell_out(&self, case: usize, stop: &Stop<'_>) -> Vec<String> {
        let mut log = self.log.lock().expect("no writer panics");
        let mut labels = Vec::new();
        for (part, class) in self.preferred.iter().enumerate() {
            if stop() {
                break;
            }
            let Some(class) = *class else { continue };
            let label = format!("y{case}_{part}");
            let clauses = self.symmetry().spell_out(&mut log.steps, case, part, class, &label);
            labels.extend((0..clauses).map(|number| format!("@{label}_{number}")));
        }
        if orders(&self.functions[case]) {
            for row in 0..self.parts.len().min(ORDERED_ROWS) {
                labels.extend([format!("@order{case}_{row}"), format!("@agree{row}a"), format!("@agree{row}b")]);
            }
        }
        labels
    }

    /// Completes the formula and puts the proof together.
    fn finish(self, prepared: Prepared, training: &Training) -> Result<Written, Error> {
        let log = Arc::into_inner(self.log).and_then(|log| log.into_inner().ok()).expect("the search is over");
        let failed = |name: &'static str| move |source| self.folder.failure(name, source);
        let lemmas = log.lemmas.finish().map_err(failed(Folder::LEMMAS))?;
        let mut steps = log.steps.steps;
        log.steps.finish().map_err(failed(Folder::BODY))?;

        let constraints = prepared.formula.finish(&self.structure, self.folder, &lemmas)?;

        let symmetry = Symmetry { structure: &self.structure, functions: &self.functions, parts: &self.parts };
        let mut proof = Steps::open(self.folder.create_file(Folder::PROOF)?, constraints);
        let best = training.network.as_ref().map(|network| proof.solution(&self.structure, network));
        if let Some(before) = prepared.symmetry {
            steps += before;
            proof.append(&mut self.folder.open_file(Folder::SYMMETRY)?);
        }
        proof.append(&mut self.folder.open_file(Folder::BODY)?);
        let guarded = (!self.functions.is_empty()).then_some(&symmetry);
        let bound = conclude(&mut proof, &self.structure, &log.cases, guarded, best);
        let hint = (bound != Some(0) || best == Some(0)).then_some("bound");
        proof.conclude(bound, hint, best);
        steps += proof.steps;
        proof.finish().map_err(failed(Folder::PROOF))?;
        if prepared.symmetry.is_some() {
            self.folder.remove(Folder::SYMMETRY)?;
        }
        self.folder.remove(Folder::BODY)?;
        Ok(Written {
            bound: bound.map(|objective| self.structure.offset + objective),
            lemmas: lemmas.len() as u64,
            constraints,
            steps,
            bytes: self.folder.bytes(),
        })
    }
}

/// Derives the constraint `bound`, a lower bound on the objective, from what is proven of the cases and the `best` solution's
/// objective, and of what conflicting labels force; returns it, `None` if there are no solutions. With 0 nothing needs to be
/// derived. Where there are several cases, `guarded` closes them.
fn conclude(
    proof: &mut Steps<impl Write>,
    structure: &Structure<'_>,
    cases: &[CaseState],
    guarded: Option<&Symmetry<'_, '_>>,
    best: Option<u64>,
) -> Option<u64> {
    if best == Some(0) {
        // At the floor the solution's own bound is a contradiction.
        proof.rup_by("bound", &[], " @best");
        return best;
    }
    let open = || cases.iter().enumerate().filter(|(_, case)| !case.refuted);
    // A search that was stopped before it began has proven nothing.
    let lowest = if cases.is_empty() { Some(0) } else { open().map(|(_, case)| case.ledger.bound()).min() };
    let bound = lowest.into_iter().chain(best).min();
    let floor = structure.floor();
    if bound.is_some_and(|bound| bound <= floor) {
        // A search to its end has derived a contradiction under that label.
        let over = guarded.is_none() && cases.iter().any(|case| case.refuted);
        if floor > 0 && !over {
            structure.prove_floor(proof, "bound");
        }
        return Some(floor);
    }
    let objective = &structure.objective[..];
    let Some(symmetry) = guarded else {
        open().for_each(|(_, case)| case.ledger.prove(proof, objective, "bound"));
        return bound;
    };
    // Either every case is closed by the best solution, or some by less.
    let below = if bound == best { None } else { bound };
    if let Some(bound) = below {
        proof.define_below(0, objective, bound);
    }
    let limit = if below.is_some() { "cut0" } else { "best" };
    // No coefficient exceeds it.
    let divisor = 1 + objective.iter().map(|(weight, _)| weight).sum::<u64>();
    for (number, case) in open() {
        case.ledger.prove(proof, objective, &format!("case{number}low"));
        proof.step(format_args!("@closed{number} pol @{limit} @case{number}low + {divisor} d"));
    }
    symmetry.close(proof, below.map(|_| Name::Below(0)));
    if let Some(bound) = below {
        proof.step(format_args!("@bound pol @low0 @closed {bound} * +"));
    }
    bound
}
