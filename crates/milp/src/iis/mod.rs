//! Why a model is infeasible: a part of it that is so by itself, and of which nothing can be left out.
//!
//! Entry point: [`infeasible_subsystem`]. The members (`part`) are single sides of rows, single bounds, and the integrality of single columns. Where the
//! relaxation has no point, a vertex of the alternative program is the answer and its own proof (`alternative`). Otherwise members are left out as long as
//! the rest stays infeasible (`deletion`).
//!
//! Invariant: the set is infeasible at any time, and a member is called needed only where an exact point satisfies all the others.
//!
//! References: Gleeson, Ryan, *Identifying minimally infeasible subsystems of inequalities*, ORSA J. Computing 2 (1990); Chinneck, Dravnieks,
//! *Locating minimal infeasible constraint sets in linear programs*, ORSA J. Computing 3 (1991); Guieu, Chinneck, *Analyzing infeasible
//! mixed-integer and integer linear programs*, INFORMS J. Computing 11 (1999).

mod alternative;
mod deletion;
mod part;
mod subsystem;
#[cfg(test)]
mod tests;

use ::budget::Instant;
use std::collections::BTreeSet;

use crate::model::{Model, refuse_special};
use crate::options::Options;
use crate::outcome::{Outcome, Statistics, Status};
use crate::{Budget, Control, Error, MemoryLimit};
use alternative::vertex;
use deletion::Filter;
pub use part::Part;
use part::parts;
pub use subsystem::{Member, Subsystem};

/// Why models with special constraints have no subsystem.
const NO_SPECIAL: &str =
    "infeasible subsystems are found of rows, bounds and integer columns alone; state it with rows and binary columns";

/// Whether a subsystem can be found of a model.
///
/// # Errors
/// [`Error::Model`] for special constraints, by the name of the first.
pub fn supports(model: &Model) -> Result<(), Error> {
    refuse_special(model, NO_SPECIAL)
}

/// Finds a subset of the sides of rows, bounds of columns and integrality of columns that is infeasible and irreducible (an IIS): without
/// any one of its members it has points. `None` if `outcome`, what [`crate::solve`] says of `model`, is not that it is infeasible.
///
/// If the relaxation has no point, this is one linear program: by a theorem of Gleeson and Ryan the support of a vertex of `{y >= 0, A'y = 0, b'y = 1}`,
/// which is computed without rounding, is irreducible. Otherwise each test of the deletion filter solves a part of the model,
/// about k log(n / k) of them for k members of n; a test ends undecided after [`crate::Parameters::iis_nodes`] nodes, or twice as many as `outcome` took, and after
/// [`crate::Parameters::iis_work`]; so does the linear program. The limits of `options` hold for all of it, nodes of `outcome` included. What is not decided then stays a member that is not called needed.
///
/// ```
/// use milp::iis::{Part, infeasible_subsystem};
/// use milp::{Model, Options, Quiet, VarKind};
///
/// let mut model = Model::new("shifts");
/// let [x, y] = ["x", "y"].map(|name| model.add_var(name, 0.0, 4.0, 1.0, VarKind::Integer));
/// let demand = model.add_row("demand", 9.0, f64::INFINITY, [(x, 1.0), (y, 1.0)]);
/// model.add_row("pairs", 0.0, f64::INFINITY, [(x, 1.0), (y, -1.0)]);
/// let options = Options::default();
/// let outcome = milp::solve(&model, &options, &mut Quiet)?;
/// let subsystem = infeasible_subsystem(&model, &outcome, &options, &mut Quiet)?.expect("it is infeasible");
/// let parts: Vec<Part> = subsystem.members.iter().map(|member| member.part).collect();
/// assert_eq!(parts, [Part::LowerSide(demand), Part::UpperBound(x), Part::UpperBound(y)]);
/// assert!(subsystem.is_irreducible());
/// # Ok::<(), milp::Error>(())
/// ```
///
/// # Errors
/// Those of [`crate::solve`], and [`Error::Model`] for special constraints, by their name.
pub fn infeasible_subsystem(
    model: &Model,
    outcome: &Outcome,
    options: &Options,
    control: &mut dyn Control,
) -> Result<Option<Subsystem>, Error> {
    supports(model)?;
    options.check()?;
    if outcome.status != Status::Infeasible {
        return Ok(None);
    }
    let began = Instant::now();
    let control: &dyn Control = control;
    let stop = || control.should_stop();
    let memory = MemoryLimit::gigabytes(options.memory_limit);
    let budget = || Budget::of_options(options, began).stopped_by(&stop).within(&memory);
    let Statistics { nodes, lp_iterations: iterations, .. } = outcome.statistics;
    let work_of_a_test = options.parameters.iis_work.max(iterations.saturating_mul(2 * size(model)));
    let (proven, lp_iterations) = vertex(model, options, &budget().of_work(work_of_a_test))?;
    let mut subsystem =
        Subsystem { members: Vec::new(), stopped: None, tests: 1, nodes: 0, lp_iterations, seconds: 0.0 };
    if let Some(set) = proven {
        subsystem.members = set.into_iter().map(|part| Member { part, is_needed: true }).collect();
    } else {
        let all: BTreeSet<Part> = parts(model).collect();
        let budget = budget();
        let mut filter = Filter::new(model, all, options, (nodes, work_of_a_test), (&budget, control));
        subsystem.stopped = filter.run()?;
        filter.tell(&mut subsystem);
    }
    subsystem.seconds = began.elapsed().as_secs_f64();
    Ok(Some(subsystem))
}

/// Rows, columns and entries of a model.
fn size(model: &Model) -> u64 {
    let entries: usize = model.rows.iter().map(|row| row.terms.len()).sum();
    (model.num_rows() + model.num_vars() + entries) as u64
}
