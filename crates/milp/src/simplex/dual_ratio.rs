//! The ratio test of the dual simplex: bound flipping, Harris' tolerances, shifting.

use super::basis::VarStatus;
use super::breakpoints::DualBreakpoint;
use super::core::Core;
use crate::tolerances::{DUAL_PIVOT, FLIP_GROUP_PIVOT, RATIO_GROWTH};

impl Core {
    /// Chooses the entering variable for leaving position r from the priced row; `None` if the dual ray is
    /// unbounded. Boxed variables whose breakpoints the step passes are left in `flips`. Costs are shifted where the
    /// step would otherwise be negative or leave a reduced cost infeasible.
    pub fn choose_column(&mut self, r: usize) -> Option<usize> {
        let x = self.base_value[r];
        let (sign, violation) =
            if x < self.base_lower[r] { (-1.0, self.base_lower[r] - x) } else { (1.0, x - self.base_upper[r]) };
        self.flips.clear();
        let mut candidates = std::mem::take(&mut self.candidates);
        self.collect_candidates(sign, &mut candidates);
        let chosen = self.pass_breakpoints(violation, &mut candidates);
        let entering = chosen.map(|(k, group)| {
            self.shift_for_step(candidates[k], &candidates[group]);
            candidates[k].var
        });
        self.candidates = candidates;
        entering
    }

    fn collect_candidates(&self, sign: f64, candidates: &mut Vec<DualBreakpoint>) {
        candidates.clear();
        for &var in &self.alpha_row.index {
            let var = var as usize;
            let alpha = sign * self.alpha_row.values[var];
            if alpha.abs() <= DUAL_PIVOT {
                continue;
            }
            let direction = match self.status[var] {
                _ if self.work_lower[var] == self.work_upper[var] => continue,
                VarStatus::Lower if alpha > 0.0 => 1.0,
                VarStatus::Upper if alpha < 0.0 => -1.0,
                VarStatus::Zero => alpha.signum(),
                _ => continue,
            };
            let (rate, cost) = (alpha.abs(), direction * self.dual[var]);
            candidates.push(DualBreakpoint { var, rate, cost, ratio: cost / rate });
        }
    }

    /// Walks along the breakpoints while the dual objective rises. DualBreakpoints within one Harris bound form a group;
    /// the group in which the slope turns, or an earlier one if its pivots are too small, gives the entering
    /// variable: that of the largest rate. Returns its place and the range of its group; earlier groups are flipped.
    fn pass_breakpoints(
        &mut self,
        violation: f64,
        candidates: &mut [DualBreakpoint],
    ) -> Option<(usize, std::ops::Range<usize>)> {
        if candidates.is_empty() {
            return None;
        }
        let near = self.shortlist(violation, candidates);
        let list = &mut candidates[..near];
        list.sort_unstable_by(|a, b| a.ratio.total_cmp(&b.ratio).then(a.var.cmp(&b.var)));
        let tolerance = self.dual_tolerance;
        let largest = list.iter().fold(0.0_f64, |top, c| top.max(c.rate));
        let mut slope = violation;
        let mut start = 0;
        let mut chosen: Option<(usize, std::ops::Range<usize>)> = None;
        while start < list.len() && slope >= 0.0 {
            let mut bound = f64::INFINITY;
            let mut end = start;
            let mut best = start;
            while end < list.len() && list[end].ratio <= bound {
                bound = bound.min((list[end].cost.max(0.0) + tolerance) / list[end].rate);
                if list[end].rate > list[best].rate {
                    best = end;
                }
                slope -= list[end].rate * (self.work_upper[list[end].var] - self.work_lower[list[end].var]);
                end += 1;
            }
            // A later group is taken only if its pivot is not far smaller than the best one so far.
            let weak = FLIP_GROUP_PIVOT * largest.min(1.0);
            if chosen.as_ref().is_none_or(|(known, _)| list[best].rate >= weak.min(list[*known].rate)) {
                chosen = Some((best, start..end));
            }
            start = end;
        }
        if let Some((_, group)) = &chosen {
            for passed in &list[..group.start] {
                let range = self.work_upper[passed.var] - self.work_lower[passed.var];
                let change = if self.status[passed.var] == VarStatus::Lower { range } else { -range };
                self.flips.push((passed.var, change));
            }
        }
        chosen
    }

    /// Moves to the front the breakpoints that the step can reach before the slope turns, in rounds of ten times the
    /// step; returns their number.
    fn shortlist(&self, violation: f64, candidates: &mut [DualBreakpoint]) -> usize {
        let tolerance = self.dual_tolerance;
        let mut limit =
            candidates.iter().fold(f64::INFINITY, |least, c| least.min((c.cost.max(0.0) + tolerance) / c.rate));
        let mut slope = violation;
        let mut near = 0;
        loop {
            let mut k = near;
            while k < candidates.len() {
                let DualBreakpoint { var, rate, ratio, .. } = candidates[k];
                if ratio <= limit {
                    slope -= rate * (self.work_upper[var] - self.work_lower[var]);
                    candidates.swap(near, k);
                    near += 1;
                }
                k += 1;
            }
            if slope < 0.0 || near == candidates.len() {
                return near;
            }
            limit = RATIO_GROWTH * limit + tolerance;
        }
    }

    /// Shifts costs so that the step is not negative and no reduced cost of the group turns infeasible.
    fn shift_for_step(&mut self, entering: DualBreakpoint, group: &[DualBreakpoint]) {
        let step = entering.ratio.max(0.0);
        if entering.cost < 0.0 {
            self.shift_cost(entering.var, -entering.cost);
        }
        for breakpoint in group {
            let after = breakpoint.cost - step * breakpoint.rate;
            if after < 0.0 && breakpoint.var != entering.var {
                self.shift_cost(breakpoint.var, -after);
            }
        }
    }

    /// Changes the working cost of a non-basic variable, and its reduced cost, by `size` in the feasible direction.
    fn shift_cost(&mut self, var: usize, size: f64) {
        let at_upper = match self.status[var] {
            VarStatus::Upper => true,
            VarStatus::Zero => self.dual[var] > 0.0,
            _ => false,
        };
        let change = if at_upper { -size } else { size };
        self.work_cost[var] += change;
        self.dual[var] += change;
        self.work_objective += change * self.value[var];
        self.costs_shifted = true;
    }
}
