//! What a search did, as lines of JSON: one format for every engine, `docs/trace-format.md`.
//!
//! Entry points: [`Line`] and its [`Record`]; [`Writer`] makes a trace of the events that a search tells ([`budget::observe`]); [`Reader`] reads one,
//! packed or not; [`RebuiltTree`] is the tree of the search, from a trace; [`Forest`] is how far trees are while they are searched,
//! and [`Weights`] the part of that which costs next to nothing.
//!
//! ```
//! use trace::{Reader, RebuiltTree};
//!
//! let text = r#"{"e":"start","v":1,"command":"solve","t":0.0,"w":0}
//! {"e":"node","id":1,"dir":"M","bound":null,"depth":0,"t":0.001,"w":0}
//! {"e":"end","id":1,"as":"integer","bound":4.0,"t":0.002,"w":8}
//! "#;
//! let mut tree = RebuiltTree::default();
//! for line in Reader::new("a trace", text.as_bytes())? {
//!     tree.take(&line?);
//! }
//! assert_eq!(tree.nodes().len(), 1);
//! assert!(tree.weight(1).is_one(), "every node is closed");
//! # Ok::<(), trace::Error>(())
//! ```

mod dyadic;
mod ending;
mod gaps;
mod integral;
pub mod network;
mod progress;
mod read;
mod rebuilt;
mod record;
pub mod report;
mod series;
mod weight;
mod writer;

pub use budget::observe::Ending;
pub use dyadic::Dyadic;
pub use progress::{Forest, TreeProgress};
pub use read::{Error, Reader};
pub use rebuilt::{Branch, RebuiltTree};
pub use record::{
    Bound, Case, Conflict, Core, Cuts, Direction, End, Engine, Estimates, Finish, Incumbent, Limit, Line, Lp, Measures,
    Node, Problem, Record, Restart, Start, Totals, Tree, VERSION,
};
pub use weight::{TreeWeight, Weights};
pub use writer::{LEAST_LIMIT, Options, Writer};
