//! Holds what the solver says of a model against the truth.
//!
//! Entry point: [`examine`]. A status is true or false; a bound is never beyond the optimum, compared exactly; a point
//! satisfies the model as the solver claims it does: whole columns exactly, rows of whole numbers on whole columns
//! exactly, everything else within the tolerance of the solver's documentation; its objective is within the gap asked for. A
//! float stands for its shortest decimal, as everywhere in this project.

use crate::draft::Draft;
use crate::exact::{Truth, sum, truth};
use checker::certificate::{self, Claim};
use checker::model::Sense;
use checker::solution::recount;
use checker::{Format, Model, Rational, Source};
use milp::{Certificate, Options, Outcome, Quiet, Status};
use std::path::Path;

/// Linear programs that the oracle may solve for one model.
const NODES: u64 = 4000;

/// What the solver said, all of it true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// An optimum.
    Optimal,
    /// Optimal at a point that satisfies within tolerance a model that no point satisfies exactly.
    WithinTolerance,
    /// Infeasible.
    Infeasible,
    /// Unbounded.
    Unbounded,
    /// It did not decide: limits, numerical failure, unresolved.
    Undecided,
    /// The file has numbers that the solver does not take.
    Refused,
}

/// A false word.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Which of its words.
    pub kind: &'static str,
    /// What was said and what is true.
    pub what: String,
}

/// A model judged.
#[derive(Clone, Debug)]
pub struct Examined {
    /// What is true.
    pub truth: Truth,
    /// What was said, or what of it is false.
    pub word: Result<Word, Fault>,
}

fn fault<T>(kind: &'static str, what: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { kind, what: what.into() })
}

/// The decimal that a float prints as; `None` for infinities.
fn exact(value: f64) -> Option<Rational> {
    checker::number::exact(&format!("{value:e}")).ok()
}

/// Judges the solver on a model; `certified` says whether it also writes a certificate, for which it runs again.
#[must_use]
pub fn examine(draft: &Draft, options: &Options, certified: Option<&Path>) -> Examined {
    let text = draft.to_lp();
    let model = Model::read(Source::new("model", text.as_bytes()), Format::Lp)
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
    let truth = truth(&model, NODES);
    let case = Case { draft, model: &model, truth: &truth, options };
    let word = case.plain(&text).and_then(|word| match certified {
        Some(folder) => case.certified(&text, folder).map(|()| word),
        None => Ok(word),
    });
    Examined { truth, word }
}

struct Case<'a> {
    draft: &'a Draft,
    model: &'a Model,
    truth: &'a Truth,
    options: &'a Options,
}

impl Case<'_> {
    /// `a` is no better than `b`.
    fn no_better(&self, a: &Rational, b: &Rational) -> bool {
        if self.model.sense == Sense::Minimise { a >= b } else { a <= b }
    }

    fn plain(&self, text: &str) -> Result<Word, Fault> {
        let model = match milp::io::parse_lp(text, Path::new("model.lp")) {
            Ok(model) => model,
            Err(_) => return Ok(Word::Refused),
        };
        match milp::solve(&model, self.options, &mut Quiet) {
            Ok(outcome) => self.judge(&outcome),
            Err(milp::Error::Numerical(_)) => Ok(Word::Undecided),
            Err(error) => fault("error", error.to_string()),
        }
    }

    fn judge(&self, outcome: &Outcome) -> Result<Word, Fault> {
        self.bound(outcome)?;
        if let Some(point) = &outcome.solution {
            self.point(outcome, point)?;
        }
        let truth = self.truth;
        match (outcome.status, truth) {
            (Status::Optimal, Truth::Unbounded) => fault("status", "optimal, but it is unbounded"),
            (Status::Optimal, _) => self.optimal(outcome),
            (Status::Infeasible, Truth::Infeasible | Truth::Undecided) => Ok(Word::Infeasible),
            (Status::Infeasible, _) => fault("status", format!("infeasible, but it is {truth:?}")),
            (Status::Unbounded, Truth::Unbounded | Truth::Undecided) => self.ray(outcome),
            (Status::Unbounded, _) => fault("status", format!("unbounded, but it is {truth:?}")),
            _ => Ok(Word::Undecided),
        }
    }

    /// The bound, in every state of affairs.
    fn bound(&self, outcome: &Outcome) -> Result<(), Fault> {
        let minimise = self.model.sense == Sense::Minimise;
        let (none, all) =
            if minimise { (f64::NEG_INFINITY, f64::INFINITY) } else { (f64::INFINITY, f64::NEG_INFINITY) };
        let said = outcome.bound;
        let text = format!("bound {said}, but it is {:?}", self.truth);
        match self.truth {
            _ if said.is_nan() => fault("bound", "NaN"),
            _ if said == none => Ok(()),
            Truth::Optimal(_) if said == all => fault("bound", text),
            Truth::Optimal(value) => {
                // As it prints, or as the float that it is.
                let readings = [exact(said), Rational::try_from(said).ok()];
                if readings.iter().flatten().any(|bound| self.no_better(value, bound)) {
                    Ok(())
                } else {
                    fault("bound", text)
                }
            }
            Truth::Unbounded => fault("bound", text),
            Truth::Infeasible | Truth::Undecided => Ok(()),
        }
    }

    /// The point satisfies the model as it is claimed to.
    fn point(&self, outcome: &Outcome, point: &[f64]) -> Result<(), Fault> {
        let Some(x) = point.iter().map(|&x| exact(x)).collect::<Option<Vec<Rational>>>() else {
            return fault("point", format!("{point:?}"));
        };
        let report = recount(self.model, &x);
        let tolerance = exact(self.options.feasibility_tolerance).expect("finite");
        let rounding = exact(1e-13).expect("finite");
        for (column, x) in self.model.columns.iter().zip(&x) {
            if column.integer && !x.is_int() {
                return fault("point", format!("{} = {x}", column.name));
            }
            let allowed = if column.integer { Rational::ZERO } else { tolerance.clone() };
            let off = |side: &Option<Rational>, up: bool| {
                side.as_ref().is_some_and(|side| if up { x - side > allowed } else { side - x > allowed })
            };
            if off(&column.lower, false) || off(&column.upper, true) {
                return fault("point", format!("{} = {x} is out of bounds", column.name));
            }
        }
        for (i, row) in self.model.rows.iter().enumerate() {
            let values: Vec<Rational> = row.terms.iter().map(|(j, a)| a * &x[*j]).collect();
            let whole = self.row_of(&row.name).is_some_and(|i| self.draft.is_whole_row(i));
            let allowed = if whole { Rational::ZERO } else { &tolerance + &rounding * sum(values.iter().map(abs)) };
            let value = sum(values);
            let low = row.lower.as_ref().is_some_and(|side| side - &value > allowed);
            let high = row.upper.as_ref().is_some_and(|side| &value - side > allowed);
            if low || high {
                return fault("point", format!("row {i} has the value {value} at {point:?}"));
            }
        }
        let Some(objective) = outcome.objective else {
            return if outcome.status == Status::Unbounded {
                Ok(())
            } else {
                fault("objective", "none beside a point")
            };
        };
        let sizes = self.size(&x) + abs(&self.model.offset);
        let said = exact(objective).unwrap_or_default();
        let off = abs(&(&said - &report.objective));
        let fits = sizes <= Rational::from(1_u64 << 53);
        if (self.draft.is_whole() && fits && !off.is_zero()) || off > sizes * rounding {
            return fault("objective", format!("{objective} at a point with {}", report.objective));
        }
        Ok(())
    }

    /// `sum |c_j x_j|`.
    fn size(&self, x: &[Rational]) -> Rational {
        sum(self.model.objective.iter().map(|(j, c)| abs(&(c * &x[*j]))))
    }

    /// The rows of the draft without any side are not in the file.
    fn row_of(&self, name: &str) -> Option<usize> {
        name.strip_prefix('r')?.parse().ok()
    }

    fn optimal(&self, outcome: &Outcome) -> Result<Word, Fault> {
        let Some(point) = &outcome.solution else { return fault("status", "optimal without a point") };
        let x: Vec<Rational> = point.iter().filter_map(|&x| exact(x)).collect();
        let objective = recount(self.model, &x).objective;
        let sizes = self.size(&x);
        let asked = self.absolute_gap(&abs(&(&objective - &self.model.offset)))
            + abs(&(&objective - &self.model.offset)) * exact(self.options.mip_rel_gap).expect("finite");
        // The values of continuous columns are floats; whole models are exact.
        let rounding = if self.draft.is_whole() { Rational::ZERO } else { sizes * exact(1e-13).expect("finite") };
        match self.truth {
            Truth::Infeasible => Ok(Word::WithinTolerance),
            Truth::Optimal(value) => {
                let sign = if self.model.sense == Sense::Minimise { Rational::ONE } else { -Rational::ONE };
                let worse = (&objective - value) * sign;
                if worse > asked + rounding {
                    return fault("optimum", format!("optimal at {objective}, but {value} is possible"));
                }
                Ok(Word::Optimal)
            }
            _ => Ok(Word::Optimal),
        }
    }

    /// The gap asked for, or the documented one for an objective of this size.
    fn absolute_gap(&self, size: &Rational) -> Rational {
        let default = if self.draft.is_whole() {
            Rational::ZERO
        } else {
            let least = if self.model.columns.iter().any(|column| column.integer) { 1e-6 } else { 1e-9 };
            exact(least).expect("finite").max(size * exact(1e-9).expect("finite"))
        };
        self.options.mip_abs_gap.map_or(default, |gap| exact(gap).expect("finite"))
    }

    /// The ray keeps every bound and side, and improves the objective; it starts from a point without rounding.
    fn ray(&self, outcome: &Outcome) -> Result<Word, Fault> {
        let (Some(ray), Some(point)) = (&outcome.ray, &outcome.exact_solution) else {
            return fault("ray", "unbounded without a point and a ray");
        };
        let keeps = |step: &Rational, lower: &Option<Rational>, upper: &Option<Rational>| {
            (lower.is_none() || *step >= Rational::ZERO) && (upper.is_none() || *step <= Rational::ZERO)
        };
        let along = |terms: &[(usize, Rational)]| sum(terms.iter().map(|(j, a)| a * &ray[*j]));
        let columns = self.model.columns.iter().zip(ray);
        let improves = !self.no_better(&along(&self.model.objective), &Rational::ZERO);
        let report = recount(self.model, point);
        if improves
            && columns.into_iter().all(|(column, step)| keeps(step, &column.lower, &column.upper))
            && self.model.rows.iter().all(|row| keeps(&along(&row.terms), &row.lower, &row.upper))
            && report.violation(&Rational::ZERO).is_none()
        {
            Ok(Word::Unbounded)
        } else {
            fault("ray", format!("{ray:?} from {point:?}"))
        }
    }

    /// A certificate says what is true, the checker accepts it, and it says what the run says.
    fn certified(&self, text: &str, folder: &Path) -> Result<(), Fault> {
        // A certificate needs every digit; the command refuses files of which floats do not hold all.
        let file = tempfile::Builder::new().suffix(".lp").tempfile_in(folder).expect("a writable folder");
        std::fs::write(file.path(), text).expect("a writable folder");
        let model = milp::io::read_model(file.path()).map_err(|error| error.to_string());
        let Some(model) = model.ok().filter(|model| model.decimals.is_empty()) else { return Ok(()) };
        let mut proof = Certificate::new(&model, folder).expect("a writable folder and plain names");
        let outcome = match milp::solve_certified(&model, self.options, &mut Quiet, &mut proof) {
            Ok(outcome) => outcome,
            Err(milp::Error::Numerical(_)) => return Ok(()),
            Err(error) => return fault("error", error.to_string()),
        };
        self.judge(&outcome)?;
        let mut written = vec![];
        proof.write(&model, &mut written).expect("memory");
        let report = match certificate::check(self.model, Source::new("certificate", written.as_slice())) {
            Ok(report) => report,
            Err(error) => return fault("certificate", error.to_string()),
        };
        let said = format!("{:?} and {:?}, but it is {:?}", outcome.status, report.claim, self.truth);
        let true_claim = match (&report.claim, self.truth) {
            (_, Truth::Undecided) => true,
            (Claim::Infeasible, truth) => *truth == Truth::Infeasible,
            (Claim::Unbounded, truth) => *truth == Truth::Unbounded,
            (Claim::Range { lower, upper }, Truth::Optimal(value)) => {
                let value = value - &report.offset;
                lower.as_ref().is_none_or(|lower| *lower <= value) && upper.as_ref().is_none_or(|upper| value <= *upper)
            }
            (Claim::Range { .. }, _) => true,
        };
        if !true_claim {
            return fault("claim", said);
        }
        let agrees = match outcome.status {
            Status::Infeasible => report.claim == Claim::Infeasible,
            Status::Optimal => matches!(&report.claim, Claim::Range { lower: Some(_), upper: Some(_) }),
            Status::Unbounded => report.claim == Claim::Unbounded,
            _ => matches!(&report.claim, Claim::Range { .. }),
        };
        if agrees { Ok(()) } else { fault("disagreement", said) }
    }
}

fn abs(value: &Rational) -> Rational {
    if *value < Rational::ZERO { -value } else { value.clone() }
}
