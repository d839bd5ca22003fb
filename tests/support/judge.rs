//! Holds what the solver says of a model against the truth.
//!
//! Entry point: [`examine`]. A status is true or false; a bound is never beyond the optimum, compared exactly; a point
//! satisfies the model as the solver claims it does ([`milp::Verified`]): exactly, or whole columns and the rows over them
//! exactly and everything else within the tolerance; its objective is within the gap asked for; a ray is exact. A float stands
//! for its shortest decimal, as everywhere in this project.

use crate::draft::Draft;
use crate::exact::{Truth, sum, truth};
use checker::certificate::{self, Claim};
use checker::model::Sense;
use checker::solution::recount;
use checker::{Format, Model, Rational, Source};
use milp::{Certificate, Options, Outcome, Quiet, Status, Verified};
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
    /// On what the claim rests, where there is one.
    pub verified: Option<Verified>,
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
    let said = case.plain(&text).and_then(|said| match certified {
        Some(folder) => case.certified(&text, folder).map(|()| said),
        None => Ok(said),
    });
    let verified = said.as_ref().ok().and_then(|said| said.1);
    Examined { word: said.map(|said| said.0), truth, verified }
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

    fn plain(&self, text: &str) -> Result<(Word, Option<Verified>), Fault> {
        let model = match milp::io::parse_lp(text, Path::new("model.lp")) {
            Ok(model) => model,
            Err(_) => return Ok((Word::Refused, None)),
        };
        match milp::solve(&model, self.options, &mut Quiet) {
            Ok(outcome) => {
                let word = self.judge(&outcome)?;
                Ok((word, (word != Word::Undecided).then_some(outcome.verified)))
            }
            Err(milp::Error::Numerical(_)) => Ok((Word::Undecided, None)),
            Err(error) => fault("error", error.to_string()),
        }
    }

    /// Status, bound, points and ray of an outcome.
    fn judge(&self, outcome: &Outcome) -> Result<Word, Fault> {
        self.bound(outcome)?;
        self.points(outcome)?;
        let truth = self.truth;
        match (outcome.status, truth) {
            (Status::Optimal, Truth::Unbounded) => fault("status", "optimal, but it is unbounded"),
            (Status::Optimal, _) => self.optimal(outcome),
            (Status::Infeasible, _) if outcome.verified == Verified::Tolerance => {
                fault("verified", "infeasible within tolerance")
            }
            (Status::Infeasible, Truth::Infeasible | Truth::Undecided) => Ok(Word::Infeasible),
            (Status::Infeasible, _) => fault("status", format!("infeasible, but it is {truth:?}")),
            (Status::Unbounded, Truth::Unbounded | Truth::Undecided) => self.unbounded(outcome),
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
                let holds = readings.iter().flatten().any(|bound| self.no_better(value, bound));
                // An exact optimum is printed as the nearest float.
                let nearest = || outcome.verified == Verified::Exact && off(value, said) <= ulps(value);
                if holds || nearest() { Ok(()) } else { fault("bound", text) }
            }
            Truth::Unbounded => fault("bound", text),
            Truth::Infeasible | Truth::Undecided => Ok(()),
        }
    }

    /// The point satisfies the model as it is claimed to; if it is known exactly, it satisfies the model exactly, and what is
    /// printed is its rounding.
    fn points(&self, outcome: &Outcome) -> Result<(), Fault> {
        let Some(point) = &outcome.solution else {
            return if outcome.exact_solution.is_some() { fault("point", "exact, but not printed") } else { Ok(()) };
        };
        let Some(printed) = point.iter().map(|&x| exact(x)).collect::<Option<Vec<Rational>>>() else {
            return fault("point", format!("{point:?}"));
        };
        if let Some(known) = &outcome.exact_solution {
            if let Some(violation) = recount(self.model, known).violation(&Rational::ZERO) {
                return fault("point", format!("{violation} at {known:?}"));
            }
            let rounded = known.iter().zip(point).all(|(known, &x)| off(known, x) <= ulps(known));
            if !rounded {
                return fault("point", format!("{point:?} is no rounding of {known:?}"));
            }
        } else {
            let strict = outcome.verified != Verified::Tolerance && outcome.status == Status::Optimal;
            self.satisfies(&printed, strict)?;
        }
        let Some(said) = outcome.objective else {
            return if outcome.status == Status::Unbounded {
                Ok(())
            } else {
                fault("objective", "none beside a point")
            };
        };
        if outcome.status == Status::Unbounded {
            return fault("objective", "printed beside unbounded");
        }
        let x = outcome.exact_solution.as_ref().unwrap_or(&printed);
        let objective = recount(self.model, x).objective;
        let size = self.size(x) + abs(&self.model.offset);
        let fits = size <= Rational::from(1_u64 << 53);
        let allowed = if self.draft.is_whole() && fits { Rational::ZERO } else { size * float(ROUNDING) };
        if off(&objective, said) > allowed {
            return fault("objective", format!("{said} at a point with {objective}"));
        }
        Ok(())
    }

    /// Whole columns are whole and within their bounds, rows over whole columns hold exactly; for others there is the
    /// tolerance unless `strict`.
    fn satisfies(&self, x: &[Rational], strict: bool) -> Result<(), Fault> {
        let tolerance = if strict { Rational::ZERO } else { float(self.options.feasibility_tolerance) };
        let rounding = if strict { Rational::ZERO } else { float(ROUNDING) };
        let outside = |value: &Rational, lower: &Option<Rational>, upper: &Option<Rational>, allowed: Rational| {
            lower.as_ref().is_some_and(|lower| lower - value > allowed)
                || upper.as_ref().is_some_and(|upper| value - upper > allowed)
        };
        for (column, x) in self.model.columns.iter().zip(x) {
            let allowed = if column.integer { Rational::ZERO } else { &tolerance + &rounding * abs(x) };
            if column.integer && !x.is_int() || outside(x, &column.lower, &column.upper, allowed) {
                return fault("point", format!("{} = {x}", column.name));
            }
        }
        for row in &self.model.rows {
            let values: Vec<Rational> = row.terms.iter().map(|(j, a)| a * &x[*j]).collect();
            let whole = row.terms.iter().all(|(j, _)| self.model.columns[*j].integer);
            let allowed = if whole { Rational::ZERO } else { &tolerance + &rounding * sum(values.iter().map(abs)) };
            let value = sum(values);
            if outside(&value, &row.lower, &row.upper, allowed) {
                return fault("point", format!("row {} has the value {value} at {x:?}", row.name));
            }
        }
        Ok(())
    }

    /// `sum |c_j x_j|`.
    fn size(&self, x: &[Rational]) -> Rational {
        sum(self.model.objective.iter().map(|(j, c)| abs(&(c * &x[*j]))))
    }

    /// The objective is the optimum within the gap asked for; exact claims have none.
    fn optimal(&self, outcome: &Outcome) -> Result<Word, Fault> {
        let Some(point) = &outcome.solution else { return fault("status", "optimal without a point") };
        let printed: Vec<Rational> = point.iter().filter_map(|&x| exact(x)).collect();
        let x = outcome.exact_solution.as_ref().unwrap_or(&printed);
        let objective = recount(self.model, x).objective;
        let value = match self.truth {
            Truth::Infeasible if outcome.verified == Verified::Tolerance => return Ok(Word::WithinTolerance),
            Truth::Infeasible => return fault("status", "optimal, but it is infeasible"),
            Truth::Optimal(value) => value,
            _ => return Ok(Word::Optimal),
        };
        let size = abs(&(&objective - &self.model.offset));
        let relative = &size * float(self.options.mip_rel_gap);
        // A point known as floats alone is off by their rounding where columns are continuous.
        let exactly = self.draft.is_whole() || outcome.exact_solution.is_some();
        let rounding = if exactly { Rational::ZERO } else { self.size(x) * float(ROUNDING) };
        let allowed = match outcome.verified {
            Verified::Exact => Rational::ZERO,
            _ => self.absolute_gap(&size) + relative + rounding,
        };
        let worse = if self.model.sense == Sense::Minimise { &objective - value } else { value - &objective };
        let better = worse < Rational::ZERO && outcome.verified != Verified::Tolerance;
        if worse > allowed || better {
            return fault(
                "optimum",
                format!("optimal ({}) at {objective}, but it is {value}", outcome.verified.as_str()),
            );
        }
        Ok(Word::Optimal)
    }

    /// A point, and a direction that leaves no bound and no side and improves the objective.
    fn unbounded(&self, outcome: &Outcome) -> Result<Word, Fault> {
        let (Some(_), Some(ray)) = (&outcome.exact_solution, &outcome.ray) else {
            return fault("ray", "unbounded without an exact point or ray");
        };
        let leaves = |step: &Rational, lower: &Option<Rational>, upper: &Option<Rational>| {
            lower.is_some() && *step < Rational::ZERO || upper.is_some() && *step > Rational::ZERO
        };
        let along = |terms: &[(usize, Rational)]| sum(terms.iter().map(|(j, a)| a * &ray[*j]));
        let columns = self.model.columns.iter().zip(ray);
        let out = columns.clone().any(|(column, step)| leaves(step, &column.lower, &column.upper))
            || self.model.rows.iter().any(|row| leaves(&along(&row.terms), &row.lower, &row.upper));
        let fractional = columns.clone().any(|(column, step)| column.integer && !step.is_int());
        let improves = !self.no_better(&along(&self.model.objective), &Rational::ZERO);
        if out || fractional || !improves { fault("ray", format!("{ray:?}")) } else { Ok(Word::Unbounded) }
    }

    /// The gap asked for, or the documented one for an objective of this size.
    fn absolute_gap(&self, size: &Rational) -> Rational {
        let costs = || self.model.objective.iter();
        let default = if self.has_steps() {
            Rational::ZERO
        } else {
            let largest = costs().map(|(_, c)| abs(c)).max().unwrap_or_default().min(Rational::ONE);
            let share = float(if self.model.num_integer() > 0 { 1e-6 } else { 1e-9 });
            (largest * share).max(size * float(1e-9))
        };
        self.options.mip_abs_gap.map_or(default, float)
    }

    /// Whether the objective has a step that floats see: whole columns alone have costs, and the dearest that is not fixed has less
    /// than 2^50 steps.
    fn has_steps(&self) -> bool {
        let columns = &self.model.columns;
        let costs = self.model.objective.iter().filter(|(j, _)| {
            let (lower, upper) = (&columns[*j].lower, &columns[*j].upper);
            lower.is_none() || lower != upper
        });
        let (mut step, mut largest) = (Rational::ZERO, Rational::ZERO);
        for (j, cost) in costs {
            if !columns[*j].integer {
                return false;
            }
            let (mut a, mut b) = (abs(cost), step);
            largest = largest.max(a.clone());
            while b > Rational::ZERO {
                let rest = &a - &b * Rational::from((&a / &b).floor());
                (a, b) = (b, rest);
            }
            step = a;
        }
        largest <= step * Rational::from(1_u64 << 50)
    }

    /// A certificate says what is true, the checker accepts it, and it says what the run says.
    fn certified(&self, text: &str, folder: &Path) -> Result<(), Fault> {
        let file = tempfile::Builder::new().suffix(".lp").tempfile_in(folder).expect("a writable folder");
        std::fs::write(file.path(), text).expect("a writable folder");
        let model = milp::io::read_model(file.path()).map_err(|error| error.to_string());
        let Ok(model) = model else { return Ok(()) };
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
            Status::Optimal => return self.carries(&report, &outcome),
            Status::Unbounded => report.claim == Claim::Unbounded,
            _ => matches!(&report.claim, Claim::Range { .. }),
        };
        if agrees { Ok(()) } else { fault("disagreement", said) }
    }

    /// The certificate of an optimum proves the bound that the run prints.
    fn carries(&self, report: &certificate::Report, outcome: &Outcome) -> Result<(), Fault> {
        let Claim::Range { lower, upper } = &report.claim else {
            return fault("disagreement", "optimal, but no range");
        };
        let proven = if self.model.sense == Sense::Minimise { lower } else { upper };
        let Some(proven) = proven.as_ref().map(|bound| bound + &report.offset) else {
            return fault("weak", "an optimum without a bound in its certificate");
        };
        // An exact optimum is printed as the nearest float.
        let rounding = if outcome.verified == Verified::Exact { ulps(&proven) } else { Rational::ZERO };
        let Some(said) = exact(outcome.bound) else { return Ok(()) };
        let short = if self.model.sense == Sense::Minimise { &said - &proven } else { &proven - &said };
        if short > rounding { fault("weak", format!("bound {said}, but proven {proven}")) } else { Ok(()) }
    }
}

/// Relative rounding of a float, its decimal and a few sums of them.
const ROUNDING: f64 = 1e-15;

fn float(value: f64) -> Rational {
    exact(value).expect("finite")
}

/// How far the float (as it prints) is from the number; infinities are far from everything.
fn off(value: &Rational, printed: f64) -> Rational {
    exact(printed).map_or_else(|| abs(value) + Rational::ONE, |printed| abs(&(value - printed)))
}

/// What rounding to a float may change.
fn ulps(value: &Rational) -> Rational {
    abs(value) * float(ROUNDING) + float(1e-300)
}

fn abs(value: &Rational) -> Rational {
    if *value < Rational::ZERO { -value } else { value.clone() }
}
