//! Exact training split into independent pieces, that any scheduler runs: files that are made, worked on and put together (`docs/scale.md`).
//!
//! Entry points: [`Plan`] makes cubes of a [`Task`](crate::Task), [`Work`] searches one, [`split_again`] divides one that takes long, [`merge`] is the
//! answer. The mathematics is in [`omt::cubes`]. Files are written whole or not at all, and name the problem by the hash of `problem.json`, which
//! holds the rows: a worker needs it, a cube and, if there is one, the best network.
//!
//! ```
//! use heaviside::cubes::{Plan, Wish, Work, merge};
//! use heaviside::{Dataset, Limits, Method, Silent, Status, Trainer};
//!
//! let folder = std::env::temp_dir().join(format!("heaviside-cubes-{}", std::process::id()));
//! let rows: Vec<[f64; 2]> = (0..20).map(|i| [f64::from(i % 5), f64::from(i * i % 7)]).collect();
//! let labels: Vec<&str> = (0..20).map(|i| if i * i % 11 < 5 { "a" } else { "b" }).collect();
//! let data = Dataset::from_rows(&rows, &labels)?;
//! let trainer = Trainer::new().hidden(&[2]).method(Method::Omt);
//! let limits = Limits { nodes: 5, ..Limits::default() };
//! let plan = Plan::new(&trainer.prepare(&data)?, Wish { cubes: 4, proofs: true }, &limits, &Silent)?;
//! plan.write(&folder)?;
//! // Anybody, anywhere, in any order:
//! for name in plan.made().names {
//!     Work::on(&folder.join(format!("cube-{name}.json")))?.run(&Limits::default(), &Silent)?;
//! }
//! let merged = merge(&folder, None, &|| false)?;
//! assert_eq!((merged.status, merged.loss), (Status::Optimal, trainer.fit(&data)?.loss()));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod companion;
mod file;
mod files;
mod folder;
mod merge;
pub mod model;
mod places;
mod plan;
mod problem;
mod proof;
mod rows;
mod shared;
mod state;
mod terms;
mod tree;
mod work;

pub use files::{CubeResult, IncumbentFile};
pub use merge::{Gathered, Merged, OpenCube, gather, merge};
pub use places::Places;
pub use plan::{Made, Plan, Wish, split_again};
pub use problem::{Known, ProblemFile};
pub use rows::Rows;
pub use terms::{Fires, Function, On, Term};
pub use tree::{CubeFile, TreeClosed, TreeCube, TreeFile, TreeSplit, TreeVertex};
pub use work::{Opened, Work, Worked};
