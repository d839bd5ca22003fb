//! DER: every step by its rule, and the claim at the end.

use super::assumptions::{Assumptions, Pool};
use super::combination::{Combination, Unsuitable, is_whole, round};
use super::constraint::{Constraint, Relation};
use super::forms;
use super::report::{Claim, Report};
use super::sections::Header;
use super::words::Words;
use crate::budget::Spent;
use crate::model::{Sense, shorten};
use crate::number::{self, Rational};
use crate::{Budget, Error, Model, limits};
use dashu_base::BitTest;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A constraint that later steps may use.
struct Derived {
    constraint: Constraint,
    basis: Basis,
}

/// What a constraint rests on: it holds at every point of the model that satisfies all `assumptions` and whose
/// objective reaches the `cutoff` (at most it when minimising, at least when maximising).
#[derive(Clone)]
struct Basis {
    assumptions: Assumptions,
    cutoff: Option<Rational>,
}

/// The constraints of the certificate by index: those of CON, then those of DER.
struct Store {
    /// Boxed, since most are gone soon and leave an empty place.
    entries: Vec<Option<Box<Derived>>>,
    /// Which constraints may go once a later one is verified.
    expiring: BTreeMap<usize, Vec<usize>>,
    alive: usize,
    most_alive: usize,
}

struct Checker<'c> {
    model: &'c Model,
    header: &'c Header,
    store: Store,
    pool: Pool,
    combination: Combination,
    budget: Budget,
}

/// Why a step fails, before its name and line are known. The first failure ends the check.
enum Fault {
    Wrong(String),
    Spent(Spent),
}

impl From<String> for Fault {
    fn from(what: String) -> Self {
        Self::Wrong(what)
    }
}

impl From<Spent> for Fault {
    fn from(spent: Spent) -> Self {
        Self::Spent(spent)
    }
}

type Step<T> = Result<T, Fault>;

pub(super) fn check(words: &mut Words<'_>, model: &Model, mut header: Header) -> Result<Report, Error> {
    words.keyword("DER")?;
    let derivations = words.natural("the number of derivations")?;
    if header.claim == Claim::Unbounded && derivations > 0 {
        return Err(words.refuted("a point and a ray need no derivation"));
    }
    let pool = Pool::new(words.budget());
    let mut store = Store { entries: vec![], expiring: BTreeMap::new(), alive: 0, most_alive: 0 };
    let constraints = header.constraints.len();
    for constraint in header.constraints.drain(..) {
        store.push(Derived { constraint, basis: Basis { assumptions: pool.empty(), cutoff: None } });
    }
    let combination = Combination::new(model.columns.len());
    let budget = words.budget().clone();
    let mut checker = Checker { model, header: &header, store, pool, combination, budget };
    for index in constraints..constraints.saturating_add(derivations) {
        let is_last = index + 1 - constraints == derivations;
        checker.step(words, index, is_last)?;
    }
    if words.next_or_end()?.is_some() {
        return Err(words.expected("the end of the file after the last derivation"));
    }
    checker.conclude(derivations > 0).map_err(|fault| match fault {
        Fault::Wrong(what) => words.refuted(format!("the claim is not proven: {what}")),
        Fault::Spent(spent) => words.unfinished(spent),
    })?;
    let most_alive = checker.store.most_alive;
    let Header { version, claim, solutions, .. } = header;
    Ok(Report { version, claim, offset: model.offset.clone(), constraints, solutions, derivations, most_alive })
}

impl Store {
    fn push(&mut self, derived: Derived) {
        self.entries.push(Some(Box::new(derived)));
        self.alive += 1;
        self.most_alive = self.most_alive.max(self.alive);
    }

    fn get(&self, index: usize) -> Step<&Derived> {
        match self.entries.get(index) {
            Some(Some(derived)) => Ok(derived),
            Some(None) => Err(format!("constraint {index} was released before").into()),
            None => Err(format!("constraint {index} is not derived yet").into()),
        }
    }

    fn release(&mut self, index: usize, pool: &mut Pool) {
        if let Some(derived) = self.entries.get_mut(index).and_then(Option::take) {
            pool.release(&derived.basis.assumptions);
            self.alive -= 1;
        }
    }
}

impl Checker<'_> {
    /// Reads and verifies the derivation with the given constraint index.
    fn step(&mut self, words: &mut Words<'_>, index: usize, is_last: bool) -> Result<(), Error> {
        let (name, target) = forms::constraint(words, &self.header.columns, &self.header.objective)?;
        let line = words.line();
        let name = shorten(&name);
        words.keyword("{")?;
        let rule = words.next("a reason")?.to_owned();
        let basis = match rule.as_str() {
            "asm" => self.assume(index),
            "lin" | "rnd" => {
                let multipliers = multipliers(words, &rule)?;
                self.combine(&multipliers, &target, rule == "rnd")
            }
            "uns" => {
                let mut next = |what| words.natural(what);
                let first = (next("a constraint index")?, next("an assumption index")?);
                let second = (next("a constraint index")?, next("an assumption index")?);
                self.unsplit(first, second, &target)
            }
            "sol" => self.cut_off(&target),
            _ => return Err(words.expected("a reason (asm, lin, rnd, uns or sol)")),
        };
        let basis = basis.map_err(|fault| match fault {
            Fault::Wrong(what) => words.refuted_at(line, format!("`{name}` ({rule}): {what}")),
            Fault::Spent(spent) => words.unfinished(spent),
        })?;
        words.keyword("}")?;
        let last_use = last_use(words)?;
        self.store.push(Derived { constraint: target, basis });
        for released in self.store.expiring.remove(&index).unwrap_or_default() {
            self.store.release(released, &mut self.pool);
        }
        match last_use {
            Some(last_use) if last_use > index => self.store.expiring.entry(last_use).or_default().push(index),
            // Nothing later uses it; the last one is the claim itself.
            Some(_) if !is_last => self.store.release(index, &mut self.pool),
            _ => {}
        }
        Ok(())
    }

    fn assume(&mut self, index: usize) -> Step<Basis> {
        let assumptions = self.pool.single(index)?;
        Ok(Basis { assumptions, cutoff: None })
    }

    /// `lin` and `rnd`: a suitable linear combination, rounded if asked, dominates the target.
    fn combine(&mut self, multipliers: &[(usize, Rational)], target: &Constraint, rounded: bool) -> Step<Basis> {
        let mut bases = vec![];
        for (index, factor) in multipliers {
            let used = self.store.get(*index)?;
            let bits = factor.numerator().bit_len() + factor.denominator().bit_len();
            self.budget.spend(used.constraint.terms.len().saturating_mul(1 + bits / 64))?;
            self.combination.add(factor, &used.constraint).map_err(|why| match why {
                Unsuitable::Sign => format!("the multiplier of constraint {index} has the wrong sign"),
                Unsuitable::TooLarge => format!("the combination exceeds {} bits", limits::BITS),
            })?;
            bases.push((used.basis.clone(), None));
        }
        let mut combined = self.combination.take();
        if rounded {
            combined = round(combined, self.model)?;
        }
        if combined.dominates(target) { self.join(bases) } else { Err(mismatch(&combined, target, self.model).into()) }
    }

    /// `uns`: the target holds on both sides of a disjunction that every point of the model satisfies.
    fn unsplit(&mut self, first: (usize, usize), second: (usize, usize), target: &Constraint) -> Step<Basis> {
        let mut bases = vec![];
        for (index, assumption) in [first, second] {
            let used = self.store.get(index)?;
            if !used.constraint.dominates(target) {
                return Err(format!("constraint {index} does not dominate it").into());
            }
            bases.push((used.basis.clone(), Some(assumption)));
        }
        let (left, right) = (&self.store.get(first.1)?.constraint, &self.store.get(second.1)?.constraint);
        let (below, above) = match (left.relation, right.relation) {
            (Relation::AtMost, Relation::AtLeast) => (left, right),
            (Relation::AtLeast, Relation::AtMost) => (right, left),
            _ => return Err("the two sides must be one `L` and one `G`".to_owned().into()),
        };
        if !below.same_terms(above) {
            return Err("the two sides bound different linear forms".to_owned().into());
        }
        is_whole(&below.terms, self.model)?;
        if !below.right.is_int() {
            return Err(format!("the bound {} of the split is not whole", number::brief(&below.right)).into());
        }
        if &below.right + Rational::ONE != above.right {
            return Err("the two sides leave a gap or overlap: they must be `L b` and `G b+1`".to_owned().into());
        }
        self.join(bases)
    }

    /// `sol`: nothing is claimed of points that are no better than the best solution.
    fn cut_off(&self, target: &Constraint) -> Step<Basis> {
        let Some(best) = &self.header.best else { return Err("there is no solution in SOL".to_owned().into()) };
        let step = if self.header.whole_objective { Rational::ONE } else { Rational::ZERO };
        let (relation, reach) = match self.model.sense {
            Sense::Minimise => (Relation::AtMost, best - step),
            Sense::Maximise => (Relation::AtLeast, best + step),
        };
        let objective = Constraint { relation, right: reach, terms: Rc::clone(&self.header.objective) };
        if target.relation != relation || !objective.same_terms(target) {
            return Err("it must bound the objective on the side of better solutions".to_owned().into());
        }
        if !objective.dominates(target) {
            return Err(format!("the best solution has objective {}", number::brief(best)).into());
        }
        Ok(Basis { assumptions: self.pool.empty(), cutoff: Some(target.right.clone()) })
    }

    /// All bases together, each without one assumption; of several cutoffs the one that leaves the fewest points.
    fn join(&mut self, bases: Vec<(Basis, Option<usize>)>) -> Step<Basis> {
        let (mut sets, mut cutoffs) = (vec![], vec![]);
        for (basis, except) in bases {
            sets.push((basis.assumptions, except));
            cutoffs.extend(basis.cutoff);
        }
        let assumptions = self.pool.union(&sets)?;
        let cutoff = match self.model.sense {
            Sense::Minimise => cutoffs.into_iter().min(),
            Sense::Maximise => cutoffs.into_iter().max(),
        };
        Ok(Basis { assumptions, cutoff })
    }

    /// Whether the last derivation proves the dual side of the claim.
    fn conclude(&self, any: bool) -> Step<()> {
        let dual = match (&self.header.claim, self.model.sense) {
            (Claim::Unbounded, _) => return Ok(()),
            (Claim::Infeasible, _) => None,
            (Claim::Range { lower: None, .. }, Sense::Minimise) => return Ok(()),
            (Claim::Range { upper: None, .. }, Sense::Maximise) => return Ok(()),
            (Claim::Range { lower: Some(bound), .. }, Sense::Minimise) => Some((Relation::AtLeast, bound)),
            (Claim::Range { upper: Some(bound), .. }, Sense::Maximise) => Some((Relation::AtMost, bound)),
        };
        let Some(Some(last)) = self.store.entries.last().filter(|_| any) else {
            return Err("there is no derivation".to_owned().into());
        };
        if let Some(assumption) = last.basis.assumptions.first() {
            return Err(format!("the last derivation still assumes constraint {assumption}").into());
        }
        let Some((relation, bound)) = dual else {
            let proven = last.constraint.is_absurd() && last.basis.cutoff.is_none();
            return if proven { Ok(()) } else { Err("the last derivation is no contradiction".to_owned().into()) };
        };
        let terms = Rc::clone(&self.header.objective);
        if !last.constraint.dominates(&Constraint { relation, right: bound.clone(), terms }) {
            return Err(format!("the last derivation does not bound the objective by {}", number::brief(bound)).into());
        }
        // Points beyond the cutoff were left out; their objective is worse than the cutoff.
        let covered = last.basis.cutoff.as_ref().is_none_or(|cutoff| match (relation, self.header.whole_objective) {
            (Relation::AtLeast, true) => *bound <= Rational::from(cutoff.floor()) + Rational::ONE,
            (Relation::AtLeast, false) => bound <= cutoff,
            (_, true) => *bound >= Rational::from(cutoff.ceil()) - Rational::ONE,
            (_, false) => bound >= cutoff,
        });
        if covered {
            Ok(())
        } else {
            let bound = number::brief(bound);
            let what =
                format!("the last derivation only speaks of points better than a solution, which is short of {bound}");
            Err(what.into())
        }
    }
}

/// The multipliers of `lin` and `rnd`: a count, then pairs of index and value, no index twice.
fn multipliers(words: &mut Words<'_>, rule: &str) -> Result<Vec<(usize, Rational)>, Error> {
    let word = words.next("the number of multipliers")?;
    if rule == "lin" && (word == "weak" || word == "incomplete") {
        let what = format!("the derivation is `{word}`: complete it (viprcomp) before it can be checked");
        return Err(words.refuted(what));
    }
    let count = words.current_natural("the number of multipliers")?;
    let mut all: Vec<(usize, Rational)> = Vec::new();
    for _ in 0..count {
        let index = words.natural("a constraint index")?;
        all.push((index, words.value("a multiplier")?));
    }
    let mut indices: Vec<usize> = all.iter().map(|(index, _)| *index).collect();
    indices.sort_unstable();
    match indices.iter().zip(indices.iter().skip(1)).find(|(index, next)| index == next) {
        Some((index, _)) => Err(words.malformed(format!("constraint {index} has two multipliers"))),
        None => Ok(all),
    }
}

/// The index after which a constraint is no longer used; `None` for -1, never.
fn last_use(words: &mut Words<'_>) -> Result<Option<usize>, Error> {
    let what = "-1 or the index of the last use";
    if words.next(what)? == "-1" {
        return Ok(None);
    }
    words.current_natural(what).map(Some)
}

/// What a combination gives instead of the target.
fn mismatch(combined: &Constraint, target: &Constraint, model: &Model) -> String {
    if combined.relation != target.relation && combined.relation != Relation::Equal {
        return "the combination has the other sense".to_owned();
    }
    if combined.same_terms(target) {
        let (found, wanted) = (number::brief(&combined.right), number::brief(&target.right));
        return format!("the combination gives the right side {found}, not {wanted}");
    }
    let coefficient = |constraint: &Constraint, column: usize| {
        let at = constraint.terms.binary_search_by_key(&column, |(column, _)| *column).ok();
        at.and_then(|at| constraint.terms.get(at)).map_or(Rational::ZERO, |(_, value)| value.clone())
    };
    let columns = combined.terms.iter().chain(target.terms.iter()).map(|(column, _)| *column);
    for column in columns {
        let (found, wanted) = (coefficient(combined, column), coefficient(target, column));
        if found != wanted {
            let name = model.columns.get(column).map_or("", |column| column.name.as_str());
            let (found, wanted) = (number::brief(&found), number::brief(&wanted));
            return format!("the combination gives `{}` the coefficient {found}, not {wanted}", shorten(name));
        }
    }
    "the combination is another constraint".to_owned()
}
