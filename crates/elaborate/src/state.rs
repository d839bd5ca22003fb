//! What stands in the kernel file so far.

use crate::error::Error;
use crate::lemmas::Lemma;
use crate::names;
use crate::propagate::Database;
use kernel::constraint::{Constraint, Lit, Sum};
use kernel::fault::Fault;
use kernel::problem::Problem;
use kernel::structure::Structure;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

/// Why a step has no kernel step.
pub enum Failure {
    /// It is not understood, or does not follow.
    Step(String),
    /// The file cannot be written.
    Write(std::io::Error),
}

impl Failure {
    /// The error of the line with this number.
    pub fn at(self, line: usize) -> Error {
        match self {
            Self::Step(what) => Error::Step { line, what },
            Self::Write(error) => Error::Write(error),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Step(fault.what)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error)
    }
}

/// A step that is not understood.
pub fn unknown<T>(what: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Step(what.into()))
}

/// A defined variable: its positive literal, and its two constraints with their numbers.
pub struct Definition {
    pub lit: Lit,
    pub halves: [(usize, Constraint); 2],
}

/// The kernel file in the making.
pub struct State<'a> {
    pub problem: &'a Problem,
    pub structure: &'a Structure<'a>,
    out: &'a mut dyn Write,
    lemmas: Vec<Lemma>,
    /// The first number of each lemma that stands in the file.
    bases: BTreeMap<usize, usize>,
    /// The same the other way round.
    by_base: BTreeMap<usize, usize>,
    cutoff: Option<Constraint>,
    pub derived: BTreeMap<usize, Constraint>,
    pub labels: BTreeMap<String, usize>,
    pub definitions: BTreeMap<String, Definition>,
    last: usize,
    variables: usize,
    database: Option<Database>,
}

impl<'a> State<'a> {
    pub fn new(
        problem: &'a Problem,
        structure: &'a Structure<'a>,
        lemmas: Vec<Lemma>,
        out: &'a mut dyn Write,
    ) -> Result<Self, Fault> {
        let cutoff = problem.reached.map(|reached| structure.at_most(reached - 1)).transpose()?;
        let (last, variables) = (structure.axioms.len(), structure.variables);
        let (bases, by_base, derived) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (labels, definitions) = (BTreeMap::new(), BTreeMap::new());
        let database = None;
        Ok(Self {
            problem,
            structure,
            out,
            lemmas,
            bases,
            by_base,
            cutoff,
            derived,
            labels,
            definitions,
            last,
            variables,
            database,
        })
    }

    /// Writes one step.
    pub fn write(&mut self, text: &str) -> Result<(), Failure> {
        Ok(writeln!(self.out, "{text}")?)
    }

    /// The literal of a name, with `~` before it or not.
    pub fn lit(&self, word: &str) -> Result<Lit, Failure> {
        let (name, negated) = word.strip_prefix('~').map_or((word, false), |name| (name, true));
        let defined = self.definitions.get(name).map(|definition| definition.lit);
        match defined.or_else(|| names::variable(self.structure, name)) {
            Some(lit) => Ok(if negated { lit.negated() } else { lit }),
            None => unknown(format!("there is no variable `{name}`")),
        }
    }

    /// The number of a constraint by its label or its number in `formula.opb`.
    pub fn id(&mut self, word: &str) -> Result<usize, Failure> {
        if let Ok(number) = word.parse() {
            return if number <= self.structure.axioms.len() {
                Ok(number)
            } else {
                unknown("a lemma or step by number, not by label")
            };
        }
        let label = word.trim_start_matches('@');
        if let Some(&id) = self.labels.get(label) {
            return Ok(id);
        }
        let lemma = label.strip_prefix('m').map(|rest| (rest, 0)).or_else(|| Some((label.strip_prefix('n')?, 1)));
        let place = lemma.and_then(|(rest, form)| {
            let (line, neuron) = rest.split_once('_')?;
            Some((line.parse::<usize>().ok()?, neuron.parse::<usize>().ok()?, form))
        });
        if let Some((line, neuron, form)) = place {
            let forms = self.problem.forms();
            return Ok(self.base(line)? + neuron * forms + form);
        }
        if let Some(limit) = label.strip_prefix("limit").and_then(|number| number.parse::<usize>().ok()) {
            return Ok(self.structure.axioms.len() + 1 + limit - self.problem.limits.len());
        }
        unknown(format!("there is no constraint `{word}`"))
    }

    /// The first number of a lemma's clauses; a lemma that is needed for the first time is written.
    fn base(&mut self, line: usize) -> Result<usize, Failure> {
        if let Some(&base) = self.bases.get(&line) {
            return Ok(base);
        }
        let Some(lemma) = self.lemmas.get(line) else { return unknown(format!("there is no lemma {line}")) };
        let (text, clauses) = (lemma.text.clone(), self.problem.width(lemma.layer) * self.problem.forms());
        self.write(&text)?;
        let base = self.last + 1;
        self.last += clauses;
        self.bases.insert(line, base);
        self.by_base.insert(base, line);
        Ok(base)
    }

    /// The constraint of a number.
    pub fn get(&self, id: usize) -> Result<Constraint, Failure> {
        if let Some(axiom) = id.checked_sub(1).and_then(|at| self.structure.axioms.get(at)) {
            return Ok(axiom.clone());
        }
        let lemma = || {
            let (&base, &line) = self.by_base.range(..=id).next_back()?;
            let (lemma, place) = (self.lemmas.get(line)?, id - base);
            let (neuron, turned) = (place / self.problem.forms(), place % self.problem.forms() == 1);
            self.structure.denial(lemma.layer, neuron, &lemma.deeds, turned).ok()
        };
        let found = if id == 0 { self.cutoff.clone() } else { self.derived.get(&id).cloned().or_else(lemma) };
        found.map_or_else(|| unknown(format!("there is no constraint {id}")), Ok)
    }

    /// Takes note of a constraint that the step just written derives; gives its number.
    pub fn derive(&mut self, constraint: Constraint) -> usize {
        self.last += 1;
        if let Some(database) = &mut self.database {
            database.add(self.last, constraint.clone());
        }
        self.derived.insert(self.last, constraint);
        self.last
    }

    /// Writes that constraints are forgotten.
    pub fn forget(&mut self, ids: &[usize]) -> Result<(), Failure> {
        let numbers: String = ids.iter().map(|id| format!(" {id}")).collect();
        for id in ids {
            self.derived.remove(id);
            if let Some(database) = &mut self.database {
                database.remove(*id);
            }
        }
        if ids.is_empty() { Ok(()) } else { self.write(&format!("del{numbers} ;")) }
    }

    /// Writes a definition: the variable of this name is true iff the constraint holds.
    pub fn define(&mut self, name: &str, constraint: &Constraint) -> Result<(), Failure> {
        self.write(&format!("def {} ;", shown(constraint)))?;
        self.variables += 1;
        let lit = Lit::new(self.variables, true);
        let mut half = |constraint: &Constraint, lit: Lit| -> Result<(usize, Constraint), Failure> {
            let mut sum = Sum::new(0);
            sum.add_constraint(constraint, 1)?;
            sum.add(lit, constraint.degree())?;
            let half = sum.divided(1)?;
            Ok((self.derive(half.clone()), half))
        };
        let halves = [half(&constraint.negation()?, lit)?, half(constraint, lit.negated())?];
        self.definitions.insert(name.to_owned(), Definition { lit, halves });
        Ok(())
    }

    /// Writes a constraint that propagation along the hints shows.
    pub fn rup(&mut self, constraint: Constraint, hints: &[usize]) -> Result<usize, Failure> {
        let hints: String = hints.iter().map(|id| format!(" {id}")).collect();
        self.write(&format!("rup {} :{hints} ;", shown(&constraint)))?;
        Ok(self.derive(constraint))
    }

    /// All axioms, lemmas of later layers and derived constraints, to propagate through.
    pub fn database(&mut self) -> Result<&Database, Failure> {
        if self.database.is_none() {
            for line in 0..self.lemmas.len() {
                if self.lemmas[line].layer > 1 {
                    self.base(line)?;
                }
            }
            let mut database = Database::default();
            (1..).zip(&self.structure.axioms).for_each(|(id, axiom)| database.add(id, axiom.clone()));
            for (&base, &line) in &self.by_base {
                let layer = self.lemmas[line].layer;
                let clauses = if layer > 1 { self.problem.width(layer) * self.problem.forms() } else { 0 };
                for id in base..base + clauses {
                    database.add(id, self.get(id)?);
                }
            }
            self.derived.iter().for_each(|(&id, constraint)| database.add(id, constraint.clone()));
            self.database = Some(database);
        }
        Ok(self.database.get_or_insert_default())
    }
}

/// A constraint as the kernel reads it.
pub fn shown(constraint: &Constraint) -> String {
    let mut text = constraint.degree().max(0).to_string();
    for &(lit, coefficient) in constraint.terms() {
        let written = write!(text, " {}", term(lit, coefficient));
        debug_assert!(written.is_ok(), "strings take all text");
    }
    text
}

/// A literal some times.
pub fn term(lit: Lit, times: i128) -> String {
    let sign = if lit.value() { "" } else { "-" };
    if times == 1 { format!("{sign}{}", lit.var()) } else { format!("{times}*{sign}{}", lit.var()) }
}

/// Reads `number literal .. >= number`; gives what follows, too.
pub fn constraint<'w>(state: &State<'_>, words: &'w [&'w str]) -> Result<(Constraint, &'w [&'w str]), Failure> {
    let Some(end) = words.iter().position(|&word| word == ">=") else { return unknown("a constraint without `>=`") };
    let number = |word: &str| word.parse::<i128>().map_err(|_| Failure::Step(format!("`{word}` is no number")));
    let (terms, rest) = words.split_at(end);
    let Some((degree, rest)) = rest.get(1..).and_then(<[&str]>::split_first) else { return unknown("no degree") };
    let mut sum = Sum::new(number(degree)?);
    for pair in terms.chunks(2) {
        let &[times, lit] = pair else { return unknown("a coefficient without a literal") };
        sum.add(state.lit(lit)?, number(times)?)?;
    }
    Ok((sum.divided(1)?, rest))
}
