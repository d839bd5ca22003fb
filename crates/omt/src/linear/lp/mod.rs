//! A tree over the linear program of cores, for neurons in more dimensions.
//!
//! Entry point: [`Tree::advance`]. A core whose members F are asked to be right and W to be wrong is the clause "one of F is wrong or one
//! of W is right", valid at every node of the search: sum_F x + sum_W (1 - x) >= 1 with x_j = 1 where point j is wrong. So
//! cores are rows of one program, min w x, and decisions are bounds of its columns.
//!
//! * [`simplex`] solves it, [`separate`] finds violated cores, each proven exactly before it becomes a row, [`pool`] keeps
//!   them all;
//! * [`claim`] turns duals into bounds and decisions in whole numbers: nothing else is believed of the simplex;
//! * [`tree`] branches on fractional columns by pseudo-costs, best bound first.
//!
//! References: Codato and Fischetti, Combinatorial Benders' cuts for mixed-integer linear programming, Oper. Res. 54(4), 2006; Achterberg,
//! Koch and Martin, Branching rules revisited, Oper. Res. Lett. 33(1), 2005 (pseudo-costs); Nemhauser and Wolsey, Integer and
//! Combinatorial Optimization, 1988, section II.5 (reduced-cost fixing).

mod claim;
mod done;
mod inverse;
mod pool;
mod separate;
mod simplex;
#[cfg(test)]
mod tests;
mod tree;

pub(super) use done::Done;
pub(super) use separate::{Remembered, Separation};
pub(super) use tree::{Host, Quota, State, Tree};
