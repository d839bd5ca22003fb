//! `formula.opb` compared with what the problem and its lemmas give.

use super::lemma::{Lemma, Space};
use super::problem::Problem;
use super::structure::Variables;
use crate::boolean::{self, Lit, Reader, Row};
use crate::field::Field;
use crate::{Error, Source, json};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A formula that holds what it must and nothing else.
pub(super) struct Checked {
    pub formula: boolean::Problem,
    /// loss = offset + objective.
    pub offset: u64,
    /// The loss that labels alone force.
    pub unavoidable: u64,
    pub lemmas: usize,
}

/// Reads both files side by side: every lemma holds, and the formula is structure, limits on errors and lemmas.
pub(super) fn check(
    problem: &Problem,
    source: &Source<'_>,
    mut lemmas: Source<'_>,
    formula: Source<'_>,
) -> Result<Checked, Error> {
    let mut file = File { reader: Reader::new(formula), formula: boolean::Problem::default() };
    let too_large = || source.malformed_at(0, "more variables than can be counted");
    let (names, budget) = (&mut file.formula.names, source.budget());
    let variables = Variables::new(problem, names, budget).map_err(|spent| source.unfinished(spent))?;
    let variables = variables.ok_or_else(too_large)?;
    let (sum, offset) = variables.objective().ok_or_else(too_large)?;
    let unavoidable = variables.unavoidable().ok_or_else(too_large)?;
    file.objective(&sum)?;
    variables.structure(|lits| file.clause(None, &lits))?.ok_or_else(too_large)?;
    for limit in variables.limits(problem).ok_or_else(too_large)? {
        file.row(&limit, "the limit on the errors of a class")?;
    }
    let spaces = spaces(problem);
    let mut count = 0;
    let mut line = String::new();
    while lemmas.next_line(&mut line)? {
        let lemma = parse(&line, &lemmas)?;
        let Some(space) = lemma.layer.checked_sub(1).and_then(|layer| spaces.get(layer)) else {
            return Err(lemmas.malformed(format!("there is no layer {}", lemma.layer)));
        };
        let members = lemma.fires.len() + lemma.rests.len();
        lemmas.spend(members.saturating_mul(space.inputs()) + lemma.least.len() + lemma.below.len())?;
        space.check(&lemma).map_err(|what| lemmas.refuted_at(lemmas.line(), format!("lemma {count}: {what}")))?;
        for j in 0..variables.width(lemma.layer) {
            for (kind, turned) in [('m', false), ('n', true)] {
                let lits = variables.lemma(&lemma, j, &problem.part_of, turned);
                let lits = lits.ok_or_else(|| lemmas.malformed("there is no such site"))?;
                if !lits.is_empty() && (!turned || space.complements()) {
                    file.clause(Some(format!("{kind}{count}_{j}")), &lits)?;
                }
            }
        }
        count += 1;
    }
    file.end()?;
    Ok(Checked { formula: file.formula, offset, unavoidable, lemmas: count })
}

fn parse(line: &str, lemmas: &Source<'_>) -> Result<Lemma, Error> {
    let json = json::parse(line).map_err(|(_, what)| lemmas.malformed(what))?;
    Lemma::parse(&Field::root(&json)).map_err(|(_, what)| lemmas.malformed(what))
}

/// What each layer sees.
fn spaces(problem: &Problem) -> Vec<Rc<Space>> {
    // Layers of one width see the same patterns, however many there are.
    let mut by_width: BTreeMap<usize, Rc<Space>> = BTreeMap::new();
    let mut patterns =
        |inputs: usize| Rc::clone(by_width.entry(inputs).or_insert_with(|| Rc::new(Space::patterns(problem, inputs))));
    let later = problem.setting.hidden.iter().map(|&inputs| patterns(inputs));
    [Rc::new(Space::points(problem))].into_iter().chain(later).collect()
}

/// The formula file and what was read of it.
struct File<'s> {
    reader: Reader<'s>,
    formula: boolean::Problem,
}

impl File<'_> {
    fn objective(&mut self, expected: &boolean::Sum) -> Result<(), Error> {
        match self.reader.objective(&mut self.formula.names)? {
            Some((sum, 0)) if sum == *expected => self.formula.set_objective(&sum, 0, &self.reader),
            _ => Err(self.reader.refuted("the objective is not the loss of the problem")),
        }
    }

    /// The next constraint is this clause; its label may be left out.
    fn clause(&mut self, label: Option<String>, lits: &[Lit]) -> Result<(), Error> {
        let name = match &label {
            Some(label) => format!("the clause of its lemma (@{label})"),
            None => "another structure clause".to_owned(),
        };
        self.row(&Row { label, sum: lits.iter().map(|&lit| (1, lit)).collect(), degree: 1 }, &name)
    }

    /// The next constraint is this one, which messages call by this name; its label may be left out.
    fn row(&mut self, expected: &Row, name: &str) -> Result<(), Error> {
        let Some(row) = self.reader.next(&mut self.formula.names)? else {
            return Err(self.reader.refuted(format!("the formula ends before {name}")));
        };
        let labelled = row.label.is_none() || row.label == expected.label;
        if row.sum != expected.sum || row.degree != expected.degree || !labelled {
            return Err(self.reader.refuted(format!("expected {name} here")));
        }
        self.formula.add(row, &self.reader)
    }

    fn end(&mut self) -> Result<(), Error> {
        match self.reader.next(&mut self.formula.names)? {
            None => Ok(()),
            Some(_) => Err(self.reader.refuted("a constraint that is neither structure nor a lemma")),
        }
    }
}
