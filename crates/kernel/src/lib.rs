//! The proof kernel of Heaviside: what has to be trusted, and nothing else.
//!
//! A kernel file states a training problem, claims a lower bound on the loss of all networks of an architecture and perhaps a network that reaches some loss, and proves
//! both. [`check`] accepts it only if that is so. The format and the argument for every rule stand in `docs/kernel.md`; what else one trusts, in `docs/trust.md`.
//!
//! No crate but the standard library, no unsafe code, no float; whole numbers alone, and every operation on them checked or of any size. Memory and steps
//! are bounded by the size of the file.
//!
//! | read in this order | what it holds |
//! |---|---|
//! | `problem.rs` | which networks, which points, what is claimed |
//! | `network.rs` | the loss of the network that is given |
//! | `structure.rs` | variables and axioms: what a network is |
//! | `geometry.rs` | lemmas: what no neuron does |
//! | `constraint.rs`, `assignment.rs` | sums of literals, and unit propagation |
//! | `exchange.rs` | symmetries of networks |
//! | `proof.rs` | the steps and the conclusion |
//! | `number.rs`, `tokens.rs`, `fault.rs` | whole numbers, words, faults and budgets |

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
use problem::{Ball, Problem};
use proof::Proof;
use std::fmt;
use structure::Structure;
use tokens::Tokens;

/// What a file proves.
#[derive(Debug)]
pub struct Report {
    /// The problem, with the claim in it.
    pub problem: Problem,
    /// Lemmas that were checked.
    pub lemmas: usize,
    /// Steps of the proof.
    pub steps: usize,
}

/// What the file proves, in words, with everything of the problem that words can hold.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = &self.problem;
        match (problem.bound, problem.reached) {
            (None, _) => writeln!(f, "proven: there is no such network")?,
            (Some(bound), None) => writeln!(f, "proven: no network has a loss below {bound}")?,
            (Some(bound), Some(loss)) if bound == loss => writeln!(f, "proven: the least loss is {loss}")?,
            (Some(bound), Some(loss)) => writeln!(f, "proven: the least loss is {bound} at least, and {loss} at most")?,
        }
        let widths: Vec<String> = problem.widths.iter().map(usize::to_string).collect();
        let bias = if problem.bias { "biases" } else { "no biases" };
        writeln!(f, "networks: {}, real weights, {bias}", widths.join("-"))?;
        match &problem.epsilon {
            None => writeln!(f, "semantics: a neuron fires if a >= 0")?,
            Some(_) => {
                writeln!(f, "semantics: a neuron fires if a >= 0, rests if a <= -epsilon; weights of at most 1")?
            }
        }
        writeln!(
            f,
            "counted: {:?}, limits on errors: {:?}, ball: {}",
            problem.loss,
            problem.limits,
            problem.ball != Ball::None
        )?;
        writeln!(f, "points: {} in {} parts", problem.points.len(), problem.parts)?;
        let rows = (0..problem.classes).map_while(|class| problem.rows_of(class).ok());
        writeln!(f, "rows by class: {:?}", rows.collect::<Vec<_>>())?;
        write!(f, "proof: {} lemmas in {} steps", self.lemmas, self.steps)
    }
}

/// Checks a file: no network of its problem has a smaller loss than it claims, and its network has the loss that it claims.
///
/// Cost: that of its propagations, sums and products, which the budget bounds.
///
/// ```
/// let file = "
///     kernel 1 ; inputs 1 ; hidden ; classes 2 ; bias yes ; loss hamming ; epsilon none ; ball none ;
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
    let mut tokens = Tokens::new(text);
    let checked = checked(&mut tokens);
    checked.map_err(|fault| Fault { line: tokens.line(), ..fault })
}

fn checked(tokens: &mut Tokens<'_>) -> Result<Report, Fault> {
    let problem = Problem::read(tokens)?;
    if let Some(reached) = problem.reached {
        network::check(tokens, &problem, reached)?;
    }
    let structure = Structure::new(&problem, &tokens.budget)?;
    let mut proof = Proof::new(&problem, &structure, tokens)?;
    proof.run()?;
    let (lemmas, steps) = (proof.lemmas, proof.steps);
    Ok(Report { problem, lemmas, steps })
}
