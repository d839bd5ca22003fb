//! Open cubes in the report.

use crate::format::Pairs;
use heaviside::cubes::OpenCube;

/// Open cubes that are listed.
const LISTED: usize = 20;

/// Lists the first ones, with their bounds as `bound` has them, and says how many more there are.
pub fn list<B>(open: &[OpenCube<B>], bound: impl Fn(&B) -> String, pairs: &mut Pairs) {
    for OpenCube { name, status, bound: least } in open.iter().take(LISTED) {
        pairs.push(format!("cube {name}"), format!("{status}, bound {}", bound(least)));
    }
    if open.len() > LISTED {
        pairs.push("more open cubes", (open.len() - LISTED).to_string());
    }
}
