//! The search for the best point of a model split into independent pieces (`docs/scale.md`, *Cubes of a model*): the same files as for training, with bounds of integer
//! columns for conditions.
//!
//! Entry points: [`ModelText`] reads a model, [`Plan`] makes cubes of it, [`Work`] searches one, [`split_again`] divides one that takes long, [`merge`] is the answer. The
//! division is [`milp::divide`].
//!
//! ```
//! use heaviside::Limits;
//! use heaviside::cubes::model::{Answer, ModelText, Plan, Work, merge};
//!
//! let folder = std::env::temp_dir().join(format!("heaviside-model-cubes-{}", std::process::id()));
//! let items = || (0..25).map(|j| (format!("x{j}"), 30 + 7 * j * j % 41, 20 + 4 * j * j % 37, 20 + 5 * j * j % 31));
//! let sum = |terms: Vec<String>| terms.join(" + ");
//! let worth = sum(items().map(|(x, worth, ..)| format!("{worth} {x}")).collect());
//! let first = sum(items().map(|(x, _, weight, _)| format!("{weight} {x}")).collect());
//! let second = sum(items().map(|(x, .., weight)| format!("{weight} {x}")).collect());
//! let names: Vec<String> = items().map(|(x, ..)| x).collect();
//! let text = format!("maximize {worth}\nsubject to\n {first} <= 401\n {second} <= 333\nbinary {}\nend", names.join(" "));
//! let model = ModelText { name: "sacks.lp".to_owned(), format: "lp".to_owned(), text };
//! let plan = Plan::new(&model, 4, &Limits::default(), &mut milp::Quiet)?;
//! plan.write(&folder)?;
//! // Anybody, anywhere, in any order:
//! for name in plan.made().names {
//!     Work::on(&folder.join(format!("cube-{name}.json")))?.run(&Limits::default(), &mut milp::Quiet)?;
//! }
//! let merged = merge(&folder, &|| false)?;
//! let whole = milp::solve(&model.read()?.model, &milp::Options::default(), &mut milp::Quiet)?;
//! assert_eq!((merged.answer, merged.objective), (Answer::Optimal, whole.objective));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod files;
mod merge;
mod part;
mod plan;
mod point;
mod problem;
mod work;

pub use files::{Below, ModelIncumbent, ModelResult};
pub use merge::{Answer, Merged, merge};
pub use part::AtMost;
pub use plan::{Made, Plan, split_again};
pub use point::{Point, PointFile};
pub use problem::{Known, ModelFile, ModelText, is_model};
pub use work::{Opened, Work, Worked};
