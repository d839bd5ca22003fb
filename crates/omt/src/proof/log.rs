//! What the cases of the search tell, as steps of the proof and lines of lemmas.

use super::folder::Output;
use super::ledger::Ledger;
use super::names::{Literal, Name};
use super::steps::Steps;
use super::weights::Bounds;
use crate::search::{Lit, ProofSink, Share, Step};
use crate::theory::{Geometry, Lemma, Side};
use bdnn::Rational;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard};

/// The lemmas of all cases in the order they were found, each once.
pub(crate) struct LemmaLog {
    out: Output,
    bounds: Bounds,
    failure: Option<io::Error>,
    /// Line of each lemma, and whether the line is the flipped form of the key.
    lines: BTreeMap<Key, (u32, bool)>,
    /// Layer (from 1) and lemma of each line.
    pub(crate) written: Vec<(usize, Lemma)>,
}

/// Members of a lemma and its layer.
type Key = (usize, Vec<(u32, Side)>);

/// The same for a lemma and its flipped form, if that is another way to say it; and whether the members are flipped in it.
fn key(layer: usize, lemma: &Lemma, bounds: &Bounds, flips: bool) -> (Key, bool) {
    let mut flipped: Vec<(u32, Side)> = lemma.atoms.iter().map(|&atom| bounds.mirror(layer, atom)).collect();
    flipped.sort_unstable();
    let turned = flips && flipped < lemma.atoms;
    ((layer, if turned { flipped } else { lemma.atoms.clone() }), turned)
}

/// Writes one line of `lemmas.jsonl`; `layer` counts from 1.
fn write_lemma(
    out: &mut impl Write,
    layer: usize,
    lemma: &Lemma,
    multipliers: &[Rational],
    bounds: &Bounds,
) -> io::Result<()> {
    write!(out, "{{\"layer\":{layer}")?;
    let members =
        || lemma.atoms.iter().zip(multipliers).map(|(atom, times)| (atom, bounds.meaning(layer, atom.0), times));
    let list = |of_side: &mut dyn Iterator<Item = String>| of_side.collect::<Vec<_>>().join(",");
    for (name, wanted) in [("fires", Side::Fires), ("rests", Side::Silent)] {
        let sites = members().filter(|((_, side), bound, _)| *side == wanted && bound.is_none());
        write!(out, ",\"{name}\":[{}]", list(&mut sites.map(|((site, _), _, times)| format!("[{site},\"{times}\"]"))))?;
    }
    if bounds.values() > 0 {
        for (name, wanted) in [("least", Side::Fires), ("below", Side::Silent)] {
            let bounds = members().filter(|((_, side), ..)| *side == wanted).filter_map(|(_, bound, _)| bound);
            write!(out, ",\"{name}\":[{}]", list(&mut bounds.map(|(input, value)| format!("[{input},{value}]"))))?;
        }
    }
    writeln!(out, "}}")
}

/// The members of a lemma that have positive multipliers, with these.
pub(super) fn with_multipliers(lemma: &Lemma, geometry: &Geometry) -> (Lemma, Vec<Rational>) {
    let multipliers = geometry.multipliers(lemma);
    let positive = lemma.atoms.iter().copied().zip(multipliers).filter(|(_, v)| *v > Rational::ZERO);
    let (atoms, multipliers) = positive.unzip();
    (Lemma { atoms }, multipliers)
}

impl LemmaLog {
    pub(crate) fn new(out: Output, bounds: Bounds) -> Self {
        Self { out, bounds, failure: None, lines: BTreeMap::new(), written: Vec::new() }
    }

    /// The line of a lemma (layer from 1), and whether it stands there with its sides flipped.
    pub(crate) fn line(&mut self, layer: usize, lemma: &Lemma, geometry: &Geometry) -> (u32, bool) {
        let flips = geometry.closed_under_complement();
        self.line_with(layer, lemma, flips, || with_multipliers(lemma, geometry))
    }

    /// The same if it stands there already.
    pub(super) fn known(&self, layer: usize, lemma: &Lemma, flips: bool) -> Option<(u32, bool)> {
        let (key, turned) = key(layer, lemma, &self.bounds, flips);
        self.lines.get(&key).map(|&(line, first)| (line, turned != first))
    }

    /// The same for a lemma whose members with their multipliers are `proven`.
    pub(crate) fn line_with(
        &mut self,
        layer: usize,
        lemma: &Lemma,
        flips: bool,
        proven: impl FnOnce() -> (Lemma, Vec<Rational>),
    ) -> (u32, bool) {
        let (key, turned) = key(layer, lemma, &self.bounds, flips);
        if let Some(&(line, first)) = self.lines.get(&key) {
            return (line, turned != first);
        }
        let line = u32::try_from(self.written.len()).unwrap_or(u32::MAX);
        let (members, multipliers) = proven();
        self.write(layer, members, &multipliers);
        self.lines.insert(key, (line, turned));
        (line, false)
    }

    /// Writes a lemma whose multipliers are known.
    fn write(&mut self, layer: usize, lemma: Lemma, multipliers: &[Rational]) {
        if multipliers.is_empty() && self.failure.is_none() {
            let sites = lemma.atoms.iter().map(|&(site, side)| format!("{site} {side:?}")).collect::<Vec<_>>();
            self.failure = Some(io::Error::other(format!("no multipliers for the lemma {}", sites.join(", "))));
        }
        if self.failure.is_none() {
            self.failure = write_lemma(&mut self.out, layer, &lemma, multipliers, &self.bounds).err();
        }
        self.written.push((layer, lemma));
    }

    /// Layers and lemmas of the lines, all on disk.
    pub(crate) fn finish(mut self) -> io::Result<Vec<(usize, Lemma)>> {
        self.failure.take().map_or(Ok(()), Err)?;
        self.out.close()?;
        Ok(self.written)
    }
}

/// A constraint of the proof that a case's search knows.
#[derive(Clone, Copy)]
enum Known {
    /// The bound on the objective.
    Best,
    /// A clause of the case's formula.
    Problem(u32),
    /// A limit on errors, by its number.
    Limit(u32),
    /// A literal of the guards, which nobody has to be told.
    Guard,
    Lemma {
        line: u32,
        neuron: u32,
        flipped: bool,
    },
    /// A clause learned, by its number among those of all cases.
    Learned(u32),
}

/// What all cases write to.
pub(crate) struct Log {
    pub(crate) steps: Steps<Output>,
    pub(crate) lemmas: LemmaLog,
    /// By case, how far it got.
    pub(crate) cases: Vec<CaseState>,
    pub(crate) learned: u32,
    pub(crate) counts: u32,
}

/// What is proven of a case.
#[derive(Default)]
pub(crate) struct CaseState {
    /// No solution of it costs less than the best.
    pub(crate) refuted: bool,
    /// What its cores add up to.
    pub(crate) ledger: Ledger,
}

impl Log {
    pub(crate) fn new(steps: Output, lemmas: LemmaLog) -> Self {
        Self { steps: Steps::new(steps), lemmas, cases: Vec::new(), learned: 0, counts: 0 }
    }
}

/// What a case's formula is called in the proof.
pub(crate) struct Dictionary {
    /// By variable.
    pub(crate) names: Vec<Literal>,
    /// By clause; where there is no label, the clause's number in the formula file, from 1.
    pub(crate) clauses: Vec<String>,
    /// First neuron of each layer.
    pub(crate) first: Vec<usize>,
    pub(crate) geometries: Vec<Arc<Geometry>>,
    /// What the case assumes; the negations go with every clause.
    pub(crate) guards: Vec<Literal>,
    /// What the clause is called that refutes the case.
    pub(crate) end: String,
}

/// The log of one case.
pub(crate) struct CaseLog {
    log: Arc<Mutex<Log>>,
    case: usize,
    dictionary: Dictionary,
    known: Vec<Known>,
}

impl CaseLog {
    /// The log of the case of this number.
    pub(crate) fn new(log: Arc<Mutex<Log>>, case: usize, dictionary: Dictionary) -> Self {
        lock(&log).cases.resize_with(case + 1, CaseState::default);
        Self { log, case, dictionary, known: vec![Known::Best] }
    }

    fn step(&mut self, known: Known) -> Step {
        self.known.push(known);
        Step(u32::try_from(self.known.len() - 1).unwrap_or(u32::MAX))
    }

    fn name(&self, lit: Lit) -> Literal {
        let name = self.dictionary.names[lit.var().index()];
        if lit.polarity() { name } else { !name }
    }

    fn names(&self, literals: &[Lit]) -> Vec<Literal> {
        literals.iter().map(|&lit| self.name(lit)).collect()
    }

    /// The number of the count that a literal stands for.
    fn count(&self, lit: Lit) -> u32 {
        match self.name(lit).name {
            Name::Count(number) => number,
            name => unreachable!("{name} is no count"),
        }
    }

    /// The clause in the proof's variables, under the guards.
    fn translate(&self, clause: &[Lit]) -> Vec<Literal> {
        let guards = &self.dictionary.guards;
        let literals = clause.iter().map(|&lit| self.name(lit)).filter(|literal| !guards.contains(&!*literal));
        guards.iter().map(|&guard| !guard).chain(literals).collect()
    }

    /// A step under a number of its own.
    fn numbered(&mut self, write: impl FnOnce(&mut Steps<Output>, u32)) -> Step {
        let mut log = lock(&self.log);
        let number = log.learned;
        log.learned += 1;
        write(&mut log.steps, number);
        drop(log);
        self.step(Known::Learned(number))
    }

    fn label(&self, step: Step, out: &mut String) {
        let written = match self.known[step.0 as usize] {
            Known::Best => write!(out, " @best"),
            Known::Problem(clause) => write!(out, " {}", self.dictionary.clauses[clause as usize]),
            Known::Limit(number) => write!(out, " @limit{number}"),
            Known::Guard => Ok(()),
            Known::Lemma { line, neuron, flipped } => {
                write!(out, " @{}{line}_{neuron}", if flipped { 'n' } else { 'm' })
            }
            Known::Learned(number) => write!(out, " @c{number}"),
        };
        debug_assert!(written.is_ok(), "strings take all text");
    }
}

impl ProofSink for CaseLog {
    fn listens(&self) -> bool {
        true
    }

    fn problem(&mut self, index: usize) -> Step {
        self.step(Known::Problem(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    fn limit(&mut self, index: usize) -> Step {
        self.step(Known::Limit(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    fn assumed(&mut self) -> Step {
        self.step(Known::Guard)
    }

    fn lemma(&mut self, layer: usize, lemma: &Lemma, neuron: usize, flipped: bool, _clause: &[Lit]) -> Step {
        let geometry = &self.dictionary.geometries[layer];
        let (line, turned) = lock(&self.log).lemmas.line(layer + 1, lemma, geometry);
        let neuron = u32::try_from(neuron - self.dictionary.first[layer]).unwrap_or(u32::MAX);
        self.step(Known::Lemma { line, neuron, flipped: flipped != turned })
    }

    fn learned(&mut self, clause: &[Lit], antecedents: &[Step]) -> Step {
        let mut hints = String::new();
        antecedents.iter().for_each(|&step| self.label(step, &mut hints));
        let literals = self.translate(clause);
        if clause.is_empty() {
            let mut log = lock(&self.log);
            let label = &self.dictionary.end;
            if !std::mem::replace(&mut log.cases[self.case].refuted, true) {
                log.steps.rup_by(label, &literals, &hints);
            }
            return Step::default();
        }
        self.numbered(|steps, number| steps.rup_by(format_args!("c{number}"), &literals, &hints))
    }

    fn deleted(&mut self, step: Step) {
        if let Known::Learned(number) = self.known[step.0 as usize] {
            lock(&self.log).steps.delete(format_args!("c{number}"));
        }
    }

    fn bound(&mut self, _bound: u64) {}

    fn counts(&mut self, inputs: &[Lit], least: usize, output: Lit) {
        debug_assert!(output.polarity() && output.var().index() == self.dictionary.names.len(), "a new variable");
        let inputs = self.names(inputs);
        let mut log = lock(&self.log);
        let number = log.counts;
        log.counts += 1;
        log.steps.define_count(number, &inputs, least);
        drop(log);
        self.dictionary.names.push(Name::Count(number).is(true));
    }

    fn sum(&mut self, clause: &[Lit], left: Share<'_>, right: Share<'_>) -> Step {
        let output = clause.last().map_or(0, |&output| self.count(output));
        let mut terms = format!("@less{output}");
        for share in [left, right] {
            let written = match (share.count, share.inputs) {
                // What is not known to be true is weakened away.
                (None, inputs) => inputs.iter().try_for_each(|&lit| write!(terms, " {} w", self.name(lit).name)),
                (Some(_), [_]) => Ok(()),
                (Some(count), _) => write!(terms, " @least{} +", self.count(count)),
            };
            debug_assert!(written.is_ok(), "strings take all text");
        }
        let divisor = left.inputs.len() + right.inputs.len() + 1;
        self.numbered(|steps, number| steps.step(format_args!("@c{number} pol {terms} {divisor} d")))
    }

    fn core(&mut self, penalties: &[Lit], weight: u64, step: Step) {
        let penalties = self.names(penalties);
        let Known::Learned(clause) = self.known[step.0 as usize] else { unreachable!("cores are learned") };
        lock(&self.log).cases[self.case].ledger.core(clause, penalties, weight);
    }

    fn charged(&mut self, core: usize, least: usize, output: Lit, weight: u64) {
        let count = self.count(output);
        lock(&self.log).cases[self.case].ledger.charge(core, least, count, weight);
    }
}

fn lock(log: &Mutex<Log>) -> MutexGuard<'_, Log> {
    log.lock().expect("no writer panics")
}
