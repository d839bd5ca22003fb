//! Linear programs in exact rationals, from a basis that floating point found.
//!
//! Entry point: [`ExactLp::solve`]. The basis is factored in rationals ([`factor`]); mostly it is optimal (or shows that there
//! is no point) as it stands, and otherwise exact pivots ([`tableau`]) lead on. Where numbers grow so that this takes long, the solution
//! of the basis is lifted ([`lifting`]), which computes with short numbers only; if the basis is not optimal, pivots have to do. They are
//! dual ones while reduced costs have the right
//! signs, else primal ones, first on the sum of infeasibilities. What it costs is metered ([`meter`]). Every end proves itself:
//! a point with duals, multipliers, or a point with a ray.
//!
//! Conventions as in [`crate::simplex`]: variable `n + i` is the logical of row i with column `-e_i`; `B'y = c_B`, `d_j = c_j -
//! a_j'y`.
//!
//! References: Applegate, Cook, Dash, Espinoza, *Exact solutions to linear programming problems*, OR Letters 35 (2007); Cook, Steffy,
//! *Solving very sparse rational systems of equations*, ACM Trans. Math. Software 37 (2011), for lifting and its ends;
//! Bland, *New finite pivoting rules for the simplex method*, Mathematics of OR 2 (1977), for the choice of pivots.

mod factor;
mod lifting;
mod meter;
mod program;
mod tableau;

use dashu::rational::RBig;

use crate::simplex::VarStatus;
use crate::tolerances::WORK_BEFORE_LIFTING;
pub(crate) use meter::Meter;
pub(crate) use program::{ExactEnd, ExactLp};
use tableau::Tableau;

impl ExactLp {
    /// Solves from the basis with these statuses (n + m), or from the slack basis if they are none.
    pub fn solve(&self, status: &[VarStatus], meter: &mut Meter<'_>) -> ExactEnd {
        let crossed = |(lower, upper): (&Option<RBig>, &Option<RBig>)| Some(lower.as_ref()? > upper.as_ref()?);
        if self.lower.iter().zip(&self.upper).any(|bounds| crossed(bounds) == Some(true)) {
            return ExactEnd::Infeasible { multipliers: vec![RBig::ZERO; self.num_rows()] };
        }
        // Where numbers stay short, nothing is faster than to factor the basis as it is.
        let mut part = meter.part(WORK_BEFORE_LIFTING);
        if let Some(end) = Tableau::new(self, status, &mut part).and_then(|mut tableau| tableau.run(&mut part)) {
            meter.count(part.spent());
            return end;
        }
        meter.count(part.spent());
        if let Some(end) = lifting::optimum(self, status, meter) {
            return end;
        }
        let start = Tableau::new(self, status, meter).or_else(|| Tableau::new(self, &self.slack(), meter));
        let Some(mut tableau) = start else { return ExactEnd::Unfinished };
        tableau.run(meter).unwrap_or(ExactEnd::Unfinished)
    }
}

#[cfg(test)]
mod tests;
