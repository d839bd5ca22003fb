//! The best labellings of the data in place of one best network: see [`bdnn::pool`].
//!
//! Entry point: [`solutions`]. The searches are those of [`crate::train`] for activation patterns: clauses, which exclude every labelling
//! that is known by a clause over the outputs, and the dual tree, which goes on below every loss of interest. Both share one pool, so what
//! one of them proves of all other labellings holds for the list.

use crate::engine::search_pool;
use crate::error::{Error, Reason};
use crate::start::confirm;
use crate::support::supports_patterns;
use bdnn::pool::{Pool, Solutions};
use bdnn::{Problem, Request, Training};

/// Whether [`solutions`] takes this problem, and if not, why.
///
/// # Errors
/// What stands in the way.
pub fn supports(problem: &Problem) -> Result<(), Reason> {
    supports_patterns(problem)
}

/// The `wanted` best labellings (at least one); the start is best an optimal network, and no labelling loses less than `bound`.
/// The training tells of the best network, of the work, and why the run ended: [`bdnn::Status::Optimal`] if the pool is complete and
/// it is known whether its last labelling has company.
///
/// ```
/// use bdnn::{Architecture, Limits, Loss, Points, Problem, Request, Scaler, WeightDomain};
///
/// // One threshold on four points of a line: eight labellings.
/// let points = Points::merge(1, 2, &[0.0, 1.0, 2.0, 3.0], &[0, 1, 0, 1], Scaler::identity(1));
/// let architecture =
///     Architecture { inputs: 1, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
/// let problem = Problem::new(points, architecture, Loss::Hamming);
/// let limits = Limits::default();
/// let (_, solutions) = omt::solutions(Request::new(&problem, &limits), 3, 0)?;
/// let losses: Vec<u64> = solutions.list.iter().map(|solution| solution.loss).collect();
/// assert_eq!((losses, solutions.complete(), solutions.tied), (vec![1, 1, 2], true, true));
/// # Ok::<(), omt::Error>(())
/// ```
///
/// # Errors
/// As [`crate::train`].
pub fn solutions(request: Request<'_>, wanted: usize, bound: u64) -> Result<(Training, Solutions), Error> {
    let problem = request.problem;
    problem.check()?;
    supports(problem)?;
    let start = confirm(problem, request.start)?;
    let mut pool = Pool::new(wanted);
    if let Some((network, _)) = &start {
        pool.offer(problem, network);
    }
    Ok(search_pool(request, start, (pool, bound)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Limits, Loss, Points, Scaler, Status, WeightDomain};

    fn problem(labels: &[usize], rows: &[f64], hidden: &[usize]) -> Problem {
        let points = Points::merge(1, 2, rows, labels, Scaler::identity(1));
        let hidden = hidden.to_vec();
        let architecture =
            Architecture { inputs: 1, hidden, classes: 2, bias: true, weights: WeightDomain::Continuous };
        Problem::new(points, architecture, Loss::Hamming)
    }

    fn solve(problem: &Problem, wanted: usize) -> (Training, Solutions) {
        solutions(Request::new(problem, &Limits::default()), wanted, 0).expect("sound")
    }

    fn losses(solutions: &Solutions) -> Vec<u64> {
        solutions.list.iter().map(|solution| solution.loss).collect()
    }

    /// Two cuts of five points: the labellings are all words of two letters with at most two changes, 2 (1 + 4 + 6).
    #[test]
    fn a_line_has_few_labellings() {
        let problem = problem(&[0, 1, 0, 1, 0], &[0.0, 1.0, 2.0, 3.0, 4.0], &[2]);
        let (training, all) = solve(&problem, 30);
        assert_eq!((training.status, all.list.len(), all.others, all.complete()), (Status::Optimal, 22, None, true));
        assert!(losses(&all).is_sorted() && losses(&all)[0] == 1);
        for wanted in 1..8 {
            let (_, some) = solve(&problem, wanted);
            assert_eq!(losses(&some), losses(&all)[..wanted]);
            assert_eq!(some.tied, losses(&all)[wanted] == losses(&all)[wanted - 1], "{wanted}");
            assert!(some.complete() && some.others.is_some_and(|others| others >= losses(&some)[wanted - 1]));
        }
    }

    /// A point whose rows are divided evenly is right either way, and both are labellings.
    #[test]
    fn points_that_cost_nothing_count() {
        let problem = problem(&[0, 0, 1, 1], &[0.0, 1.0, 1.0, 2.0], &[]);
        let (_, all) = solve(&problem, 9);
        assert_eq!((losses(&all), all.others), (vec![1, 1, 2, 2, 3, 3], None));
        // Where nothing costs anything, all are as good.
        let problem = self::problem(&[0, 1, 0, 1], &[0.0, 0.0, 1.0, 1.0], &[]);
        let (_, all) = solve(&problem, 9);
        assert_eq!((losses(&all), all.others), (vec![2; 4], None));
    }

    #[test]
    fn a_limit_leaves_a_true_statement() {
        let problem = problem(&[0, 1, 0, 1, 0], &[0.0, 1.0, 2.0, 3.0, 4.0], &[2]);
        let limits = Limits { time: 0.0, ..Limits::default() };
        let (training, none) = solutions(Request::new(&problem, &limits), 3, 1).expect("sound");
        assert!(training.status.is_limit() && !none.complete() && none.others.is_some_and(|others| others <= 1));
    }
}
