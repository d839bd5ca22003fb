//! The proof kernel of Heaviside: what has to be trusted, and nothing else.
//!
//! A kernel file states a training problem, claims a lower bound on the loss of all networks of an architecture and perhaps a network that reaches some loss, and proves
//! both. [`check`] accepts it only if that is so. The format and the argument for every rule stand in `docs/kernel.md`; what else one trusts, in `docs/trust.md`.
//!
//! No crate but the standard library, no unsafe code, no float; whole numbers alone, and every operation on them checked or of any size. Memory and steps
//! are bounded by the size of the file.
//!
//! Read `problem.rs`, `network.rs`, `structure.rs`, `geometry.rs`, `constraint.rs`, `assignment.rs`, `exchange.rs`, `proof.rs`, in this order.

pub mod assignment;
pub mod constraint;
pub mod exchange;
pub mod fault;
pub mod number;
pub mod problem;
pub mod structure;
pub mod tokens;

mod geometry;
mod network;
mod proof;

use fault::Fault;
use problem::Problem;
use proof::Proof;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use structure::Structure;
use tokens::Tokens;

/// What a file proves.
#[derive(Debug)]
pub struct Report {
    /// The problem, with the claim in it.
    pub problem: Problem,
    /// Steps of the proof.
    pub steps: usize,
}

/// What the file proves, in words; inputs, and sizes of margin and ball, stand in the file alone.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = &self.problem;
        match (problem.bound, problem.reached) {
            (None, _) => writeln!(f, "proven: there is no such network")?,
            (Some(bound), None) => writeln!(f, "proven: no network has a loss below {bound}")?,
            (Some(bound), Some(loss)) if bound == loss => writeln!(f, "proven: the least loss is {loss}")?,
            (Some(bound), Some(loss)) => writeln!(f, "proven: the least loss is at least {bound}, at most {loss}")?,
        }
        let widths: Vec<String> = problem.widths.iter().map(usize::to_string).collect();
        let or = |holds: bool, yes: &'static str, no: &'static str| if holds { yes } else { no };
        let bias = or(problem.bias, "biases", "no biases");
        let margin = or(problem.margin(), "rests if a <= -epsilon, real weights in [-1, 1]", "rests if a < 0");
        let ball = or(problem.ball.1.sign().is_gt(), ", throughout a ball around each point", "");
        let weights =
            if problem.cap > 0 { format!("whole weights up to {}", problem.cap) } else { "real weights".into() };
        writeln!(f, "networks: {}, {weights}, {bias}; fires if a >= 0, {margin}{ball}", widths.join("-"))?;
        let counted = or(problem.by_row, "rows with a wrong output", "wrong outputs");
        let limits = problem.limits.iter().map(|(class, most)| format!("; at most {most} rows of class {class} wrong"));
        writeln!(f, "counted: {counted}{}", limits.collect::<String>())?;
        let mut rows: BTreeMap<usize, i128> = BTreeMap::new();
        for &(class, count) in problem.points.iter().flat_map(|point| &point.rows) {
            let sum = rows.entry(class).or_default();
            *sum = sum.saturating_add(count);
        }
        let parts = problem.points.iter().map(|point| point.part).collect::<BTreeSet<_>>().len();
        let tied = or(parts < problem.points.len(), ", the same activations throughout a part", "");
        writeln!(f, "points: {} in {parts} parts{tied}; rows by class: {rows:?}", problem.points.len())?;
        write!(f, "steps: {}", self.steps)
    }
}

/// Checks a file: no network of its problem has a smaller loss than it claims, and its network has the loss that it claims.
///
/// Cost: that of its propagations, sums and products, which the budget bounds.
///
/// # Errors
/// The first [`Fault`], with its line: text that is no kernel file, a claim that its steps do not prove, or more than the budget of its size.
///
/// ```
/// let file = "
///     kernel 1 ; inputs 1 ; hidden ; classes 2 ; bias yes ; loss hamming ; epsilon 0 ; ball linf 0 ;
///     unit 1 1 ; shift 0 ; factor 1 ;
///     point 0 0 : 1 1 ;  point 1 1 : 0 1 ;  point 2 2 : 1 1 ;      # three points on a line: inside, outside, inside
///     limits ; claim 1 1 ;
///     layer 1 0 0 ;                                               # fires everywhere
///     lemma 1 0 1 2 1 : 1 2 ;                                     # fires at 0 and 2: then at their mean
///     end 1 ;                                                     # so one of the three is wrong
/// ";
/// let report = kernel::check(file).unwrap();
/// assert_eq!(report.problem.bound, Some(1));
/// ```
pub fn check(text: &str) -> Result<Report, Fault> {
    let mut tokens = Tokens::new(text, text.len());
    checked(&mut tokens).map_err(|fault| Fault { line: tokens.line, ..fault })
}

fn checked(tokens: &mut Tokens<'_>) -> Result<Report, Fault> {
    let problem = Problem::read(tokens)?;
    if let Some(reached) = problem.reached {
        network::check(tokens, &problem, reached)?;
    }
    let structure = Structure::new(&problem, &tokens.budget)?;
    let steps = Proof::new(&structure, tokens)?.run()?;
    Ok(Report { problem, steps })
}
