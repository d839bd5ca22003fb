//! The VIPR file: the model as it was stated, the claim, the best point, and the derivations.

use std::io::{self, Write};

use dashu::rational::RBig;

use super::Certificate;
use super::closing::Closed;
use super::exact::{ExactPoint, Unbounded};
use super::journal::{Form, Rule};
use crate::bounds::Multipliers;
use crate::model::{Datum, Model};
use crate::number::approximately;
use crate::{Budget, Error};

/// What a certificate claims, and how large it is. Bounds include the constant of the objective, in the sense of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Proven {
    /// Whether it claims that no point satisfies the model.
    pub infeasible: bool,
    /// Whether it claims that the objective improves without end.
    pub unbounded: bool,
    /// Lower bound on the optimum, to the nearest float; `None` also where no float holds it.
    pub lower: Option<f64>,
    /// Upper bound on the optimum, likewise.
    pub upper: Option<f64>,
    /// Whether both bounds are the same, exactly.
    pub exact: bool,
    /// Lines of DER.
    pub derivations: u64,
}

impl Certificate {
    /// Assembles the file. `model` is the one that the certificate was made for. Cost: the temporary file of derivations is read twice, that of the statement once.
    ///
    /// # Errors
    /// [`Error::Io`] when the temporary file or `out` fails.
    pub fn write(self, model: &Model, out: &mut dyn Write) -> Result<Proven, Error> {
        self.write_within(model, out, &Budget::default())
    }

    /// As [`Self::write`], as long as the budget lasts.
    ///
    /// # Errors
    /// [`Error::Io`] of the kind `Interrupted` when the budget is over; what is written then is no certificate.
    pub fn write_within(mut self, model: &Model, out: &mut dyn Write, budget: &Budget) -> Result<Proven, Error> {
        let folder = self.folder.clone();
        if let Some(claim) = self.unbounded.take() {
            let written = self.write_ray(&claim, out, budget);
            return written.map_err(|source| Error::Io { path: folder, source });
        }
        let (claim, last) = self.claim();
        self.assemble(model, &claim, last, out, budget).map_err(|source| Error::Io { path: folder, source })
    }

    /// The lower bound (minimised) that is proven and the line that proves it; `Closed::bound` is `None` for infeasible.
    fn claim(&mut self) -> (Option<Closed>, Option<u64>) {
        let Some(root) = self.tree.root.take() else { return (None, None) };
        let closed = match (self.best.clone(), self.assumption) {
            (Some(best), Some(assumption)) => {
                let bound = root.bound.as_ref().map_or(&best.objective, |bound| bound.min(&best.objective)).clone();
                match self.model.grid.clone() {
                    // Either better than the best point by a step, where the root's line holds, or not.
                    Some(step) => {
                        let terms = self.steps(false);
                        let steps = (&best.objective - &self.model.fixed_cost) / &step;
                        let other = self.journal.push('G', Some(&steps), Form::Whole(&terms), Rule::Assume);
                        let (sense, right) = self.objective_side(&best.objective);
                        let mut lines: Multipliers = vec![(other, step * RBig::from(self.model.sign()))];
                        lines.extend(self.fixed_costs(true, &RBig::ONE));
                        let above = self.journal.push(sense, Some(&right), Form::Objective, Rule::Combine(&lines));
                        self.unsplit(Some(bound), [root.line, assumption, above, other])
                    }
                    None => {
                        let (sense, right) = self.objective_side(&bound);
                        let lines: Multipliers = vec![(root.line, RBig::ONE)];
                        let line = self.journal.push(sense, Some(&right), Form::Objective, Rule::Combine(&lines));
                        Closed { line, bound: Some(bound) }
                    }
                }
            }
            _ => root,
        };
        let line = closed.line;
        (Some(closed), Some(line))
    }

    fn assemble(
        mut self,
        model: &Model,
        claim: &Option<Closed>,
        last: Option<u64>,
        out: &mut dyn Write,
        budget: &Budget,
    ) -> io::Result<Proven> {
        let infeasible = claim.as_ref().is_some_and(|claim| claim.bound.is_none());
        let best = self.best.as_ref().map(|best| &best.objective);
        let below = claim.as_ref().and_then(|claim| claim.bound.as_ref());
        let turn = |value: &RBig| if self.model.maximise { -value } else { value.clone() };
        let (mut lower, mut upper) = (below.map(turn), best.map(turn));
        if self.model.maximise {
            std::mem::swap(&mut lower, &mut upper);
        }
        self.statement.copy(out, budget)?;
        if infeasible {
            writeln!(out, "RTP infeas")?;
        } else {
            let side = |side: &Option<RBig>, open: &str| side.as_ref().map_or(open.to_owned(), ToString::to_string);
            writeln!(out, "RTP range {} {}", side(&lower, "-inf"), side(&upper, "inf"))?;
        }
        write_point(self.best.as_ref(), out)?;
        let deferred = match (&self.model.grid, best) {
            (Some(step), Some(best)) => ((best - &self.model.fixed_cost) / step - RBig::ONE).to_string(),
            (None, Some(best)) => turn(best).to_string(),
            _ => String::new(),
        };
        let exact = lower.is_some() && lower == upper;
        let assembled = self.journal.assemble(last, &deferred, out, budget)?;
        let offset = model.decimals.value(Datum::Offset, model.offset);
        let shown =
            |side: Option<RBig>| side.map(|side| approximately(&(side + &offset))).filter(|side| side.is_finite());
        let derivations = assembled.derivations;
        Ok(Proven { infeasible, unbounded: false, lower: shown(lower), upper: shown(upper), exact, derivations })
    }

    /// The file of an unbounded model: nothing is derived.
    fn write_ray(&mut self, claim: &Unbounded, out: &mut dyn Write, budget: &Budget) -> io::Result<Proven> {
        self.statement.copy(out, budget)?;
        writeln!(out, "RTP unbounded")?;
        write_point(Some(&claim.point), out)?;
        write!(out, "RAY ")?;
        write_values(&claim.ray, out)?;
        writeln!(out, "DER 0")?;
        Ok(Proven { infeasible: false, unbounded: true, lower: None, upper: None, exact: false, derivations: 0 })
    }
}

/// The section SOL.
fn write_point(best: Option<&ExactPoint>, out: &mut dyn Write) -> io::Result<()> {
    let Some(best) = best else { return writeln!(out, "SOL 0") };
    write!(out, "SOL 1\nbest ")?;
    write_values(&best.values, out)
}

/// The number of values other than 0, and each after its column.
fn write_values(values: &[RBig], out: &mut dyn Write) -> io::Result<()> {
    let nonzeros = || values.iter().enumerate().filter(|(_, x)| !x.is_zero());
    write!(out, "{}", nonzeros().count())?;
    nonzeros().try_for_each(|(j, x)| write!(out, " {j} {x}"))?;
    writeln!(out)
}
