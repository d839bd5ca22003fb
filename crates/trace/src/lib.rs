//! What a search did, as lines of JSON: one format for every engine, `docs/trace-format.md`.
//!
//! Entry points: [`Line`] and its [`Record`]; [`Reader`] reads a trace, packed or not; [`Tree`] is the tree of the search, rebuilt;
//! [`Dyadic`] sums up tree weights.
//!
//! ```
//! use trace::{Reader, Tree};
//!
//! let text = r#"{"e":"start","v":1,"command":"solve","t":0.0,"w":0}
//! {"e":"node","id":1,"dir":"M","bound":null,"depth":0,"t":0.001,"w":0}
//! {"e":"end","id":1,"as":"integer","bound":4.0,"t":0.002,"w":8}
//! "#;
//! let mut tree = Tree::default();
//! for line in Reader::new("a trace", text.as_bytes())? {
//!     tree.take(&line?);
//! }
//! assert_eq!(tree.nodes().len(), 1);
//! assert!(tree.weight(1).is_one(), "every node is closed");
//! # Ok::<(), trace::Error>(())
//! ```

mod dyadic;
mod read;
mod record;
mod tree;

pub use dyadic::Dyadic;
pub use read::{Error, Reader};
pub use record::{
    Bound, Case, Closing, Conflict, Core, Cuts, Direction, End, Engine, Finish, Incumbent, Limit, Line, Lp, Measures,
    Node, Problem, Record, Restart, Start, Totals, VERSION,
};
pub use tree::{Branch, Tree};
