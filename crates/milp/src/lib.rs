//! Linear and mixed-integer linear programming: a bounded revised simplex, branch and bound, and the MPS and LP file
//! formats.
//!
//! Build a [`Model`] (or read one with [`io`]), choose [`Options`], call [`solve`], read the [`Outcome`].
//! Inside, every model is minimised over `lower <= x <= upper`, `row_lower <= A x <= row_upper`; the sense of the
//! objective is turned once on the way in and once on the way out.
//!
//! ```
//! use milp::{Model, Options, Quiet, Sense, Status, VarKind, solve};
//!
//! let mut model = Model::new("knapsack");
//! model.sense = Sense::Maximise;
//! let mut item = |name, worth| model.add_var(name, 0.0, 1.0, worth, VarKind::Integer);
//! let (x, y, z) = (item("x", 5.0), item("y", 4.0), item("z", 3.0));
//! model.add_row("weight", f64::NEG_INFINITY, 5.0, [(x, 2.0), (y, 3.0), (z, 1.0)]);
//! let outcome = solve(&model, &Options::default(), &mut Quiet)?;
//! assert_eq!((outcome.status, outcome.objective), (Status::Optimal, Some(9.0)));
//! # Ok::<(), milp::Error>(())
//! ```

mod bounds;
pub mod budget;
pub mod check;
pub mod control;
mod cuts;
pub mod error;
mod exact_lp;
pub mod iis;
pub mod io;
mod lowering;
mod lu;
mod mip;
pub mod model;
mod number;
pub mod options;
pub mod outcome;
mod parameters;
pub mod plugins;
pub mod pool;
mod presolve;
mod proof;
mod relaxation;
mod scatter;
mod shortest;
pub mod simplex;
pub mod tolerances;
mod verify;
mod whole;

/// An exact number.
pub use dashu::rational::RBig as Rational;

pub use ::budget::MemoryLimit;
pub use ::budget::observe;
pub use budget::Budget;
pub use control::{Control, Event, Interest, Judgement, ProgressRow, Quiet, What};
pub use error::Error;
pub use mip::{
    Disjunction, Division, Vertex, divide, solve, solve_certified, solve_disjunction, solve_resumable, solve_with,
};
pub use model::{Datum, Decimals, Indicator, Model, OrderedSet, RowId, Sense, Special, VarId, VarKind};
pub use options::Options;
pub use outcome::{Outcome, Statistics, Status, Verified, Violations};
pub use parameters::{Branching, NodeOrder, Parameters};
pub use plugins::Plugins;
pub use proof::{Certificate, Proven};
