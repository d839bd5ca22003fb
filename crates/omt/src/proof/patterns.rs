//! The search over activation patterns, with its proof.

use super::folder::{Folder, Written};
use super::layout::{Layout, Prepared, functions};
use super::log::{CaseLog, CaseState, Dictionary, Log};
use super::names::{Literal, Name};
use super::steps::Steps;
use super::structure::Structure;
use super::symmetry::{ORDERED_ROWS, Symmetry};
use crate::cube::Cube;
use crate::encode::{Encoding, MAX_TABLE, Order};
use crate::engine::{ALL, Style, search, search_within};
use crate::error::Error;
use crate::search::{Lit, ProofSink};
use crate::start::confirm;
use bdnn::ending::unstarted;
use bdnn::{Budget, Companion, Limits, Network, Problem, Request, Stop, Training};
use std::io::Write;
use std::sync::{Arc, Mutex};

/// A run that logs.
pub(super) struct Recorder<'a> {
    pub(super) layout: Layout<'a>,
    pub(super) log: Arc<Mutex<Log>>,
    /// What is assumed of the networks, beside the function of a case, if the proof is a part of one.
    cube: Option<&'a Cube>,
}

/// Trains from `start`, the start of the request confirmed, and writes the folder; `None` if the run ended before there was a search. One thread searches, so that there is one order
/// of steps.
pub(super) fn train(
    request: Request<'_>,
    start: Option<(Network, u64)>,
    folder: &Folder,
    companion: Option<&mut dyn Companion>,
) -> Result<(Training, Option<Written>), Error> {
    let Request { problem, limits, progress, .. } = request;
    let budget = Budget::new(limits, progress);
    let stop = || budget.stop();
    let Some(recorder) = Recorder::new((problem, None), folder, &stop)? else {
        return Ok((unstarted(problem, &budget, start), None));
    };
    let Some(prepared) = recorder.layout.prepare(&stop)? else { return Ok((unstarted(problem, &budget, start), None)) };
    budget.keep(prepared.formula.seconds_to_finish());
    let functions = !recorder.layout.functions.is_empty();
    let style = style(functions);
    let limits = Limits { threads: 1, time: budget.left(), ..limits.clone() };
    let mut sink =
        |case: usize, encoding: &Encoding| -> Box<dyn ProofSink> { Box::new(recorder.sink(case, encoding, &stop)) };
    let (training, _) = search_within(request.with_limits(&limits), start, style, &mut sink, companion, ALL)?;
    let written = recorder.finish(prepared, &training)?;
    Ok((training, Some(written)))
}

/// The search that a proof can follow.
pub(super) fn style(functions: bool) -> Style {
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
        labels: false,
        listed: false,
    }
}

/// The same search without a log.
pub(super) fn train_unlogged(request: Request<'_>) -> Result<Training, Error> {
    let limits = Limits { threads: 1, ..request.limits.clone() };
    let style = style(!functions(request.problem).is_empty());
    let start = confirm(request.problem, request.start)?;
    Ok(search(request.with_limits(&limits), start, style, None)?.0)
}

impl<'a> Recorder<'a> {
    /// Of all networks, or of a part; `None` once `stop` says so.
    pub(super) fn new(
        (problem, cube): (&'a Problem, Option<&'a Cube>),
        folder: &'a Folder,
        stop: &Stop<'_>,
    ) -> Result<Option<Self>, Error> {
        let Some(layout) = Layout::new(problem, folder, stop)? else { return Ok(None) };
        let log = Arc::new(Mutex::new(Log::new(folder.create_file(Folder::BODY)?, layout.lemmas()?)));
        Ok(Some(Self { layout, log, cube }))
    }

    /// The log of a case, its output function spelled out, unless `stop` says so before: then the case is never searched.
    pub(super) fn sink(&self, case: usize, encoding: &Encoding, stop: &Stop<'_>) -> CaseLog {
        let mut first = Vec::new();
        for (j, neuron) in encoding.formula.neurons.iter().enumerate() {
            if neuron.layer == first.len() {
                first.push(j);
            }
        }
        let clauses = if self.layout.functions.is_empty() {
            (1..=encoding.formula.clauses.len()).map(|position| position.to_string()).collect()
        } else {
            self.spelled_out(case, stop)
        };
        debug_assert!(stop() || clauses.len() == encoding.formula.clauses.len(), "a label for each clause");
        let dictionary = Dictionary {
            names: self.names(encoding),
            clauses,
            first,
            geometries: encoding.formula.layers.clone(),
            guards: Vec::new(),
            end: String::new(),
        };
        let function = (!self.layout.functions.is_empty()).then(|| Name::Case(case).is(true));
        let assumed = self.cube.map(|cube| cube.literals(self.layout.structure.problem, encoding)).unwrap_or_default();
        let named = |lit: &Lit| dictionary.names[lit.var().index()].when(lit.polarity());
        // Of a single run without cases it is the last word; of a part it is not, even if that is all networks.
        let is_last = function.is_none() && self.cube.is_none();
        let end = if is_last { "bound".to_owned() } else { format!("closed{case}") };
        let guards = function.into_iter().chain(assumed.iter().map(named)).collect();
        let dictionary = Dictionary { guards, end, ..dictionary };
        CaseLog::new(self.log.clone(), case, dictionary)
    }

    /// What the search's variables are called.
    fn names(&self, encoding: &Encoding) -> Vec<Literal> {
        let structure = &self.layout.structure;
        if self.layout.functions.is_empty() {
            // Of a bound on a weight below 1 the search's variable says that it does not hold.
            let below =
                |name: &Name| matches!(name, Name::AtLeast { value, .. } if 2 * value <= structure.bounds.values());
            return structure.variables().into_iter().map(|name| name.is(!below(&name))).collect();
        }
        let mut names: Vec<Option<Literal>> = vec![None; encoding.formula.variables as usize];
        for (part, row) in encoding.first_layer.iter().enumerate() {
            for (neuron, lit) in row.iter().enumerate() {
                if let Some(lit) = lit {
                    names[lit.var().index()] = Some(Name::Unit { layer: 1, part, neuron }.is(lit.polarity()));
                }
            }
            if let (Some(class), [penalty]) = (self.layout.preferred[part], &encoding.penalties[part][..]) {
                let output = Name::Unit { layer: 2, part, neuron: 0 };
                names[penalty.var().index()] = Some(output.is(class != penalty.polarity()));
            }
        }
        for (neuron, own) in encoding.formula.neurons.iter().enumerate() {
            for (site, [at_least, _]) in (0..).zip(&own.atoms) {
                if let (Some((input, value)), Some(lit)) = (structure.bounds.meaning(1, site), at_least) {
                    let name = Name::AtLeast { layer: 1, neuron, input, value };
                    names[lit.var().index()] = Some(name.is(lit.polarity()));
                }
            }
        }
        // What is left compares two columns, row by row.
        let mut rows = 0..;
        let name =
            |name: Option<Literal>| name.unwrap_or_else(|| Name::Equal(rows.next().unwrap_or_default()).is(true));
        names.into_iter().map(name).collect()
    }

    /// The labels of the clauses of a case's formula, which are derived in the log or, for a part of the networks, by whoever puts the parts
    /// together.
    fn spelled_out(&self, case: usize, stop: &Stop<'_>) -> Vec<String> {
        if self.cube.is_none() {
            let mut log = self.log.lock().expect("no writer panics");
            self.layout.spell_out(&mut log.steps, case, stop)
        } else {
            self.layout.spell_out(&mut Steps::new(std::io::sink()), case, stop)
        }
    }

    /// Completes the formula and puts the proof together.
    fn finish(self, prepared: Prepared, training: &Training) -> Result<Written, Error> {
        let log = Arc::into_inner(self.log).and_then(|log| log.into_inner().ok()).expect("the search is over");
        let failed = |name: &'static str| move |source| self.layout.folder.failure(name, source);
        let lemmas = log.lemmas.finish().map_err(failed(Folder::LEMMAS))?;
        let mut steps = log.steps.steps;
        log.steps.finish().map_err(failed(Folder::BODY))?;

        let constraints = prepared.formula.finish(&self.layout.structure, self.layout.folder, &lemmas)?;

        let symmetry = self.layout.symmetry();
        let mut proof = Steps::open(self.layout.folder.create_file(Folder::PROOF)?, constraints);
        let best = training.network.as_ref().map(|network| proof.solution(&self.layout.structure, network));
        if let Some(before) = prepared.symmetry {
            steps += before;
            proof.append(&mut self.layout.folder.open_file(Folder::SYMMETRY)?);
        }
        proof.append(&mut self.layout.folder.open_file(Folder::BODY)?);
        let guarded = (!self.layout.functions.is_empty()).then_some(&symmetry);
        let bound = conclude(&mut proof, &self.layout.structure, &log.cases, guarded, best);
        let hint = (bound != Some(0) || best == Some(0)).then_some("bound");
        proof.conclude(bound, hint, best);
        steps += proof.steps;
        proof.finish().map_err(failed(Folder::PROOF))?;
        if prepared.symmetry.is_some() {
            self.layout.folder.remove(Folder::SYMMETRY)?;
        }
        self.layout.folder.remove(Folder::BODY)?;
        Ok(Written {
            bound: bound.map(|objective| self.layout.structure.offset + objective),
            lemmas: lemmas.len() as u64,
            constraints,
            steps,
            bytes: self.layout.folder.bytes(),
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
