//! The ratio tests of the primal simplex.

use super::basis::VarStatus;
use super::breakpoints::PrimalBreakpoint;
use super::core::Core;
use super::status::Phase;
use crate::tolerances::{PRIMAL_PIVOT, RATIO_PIVOT};

/// What ends the step of the entering variable.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leaving {
    /// Its own other bound.
    Flip,
    /// The basic variable at this position leaves to this bound after a step of this length.
    Row { position: usize, to: VarStatus, step: f64 },
}

impl Core {
    /// Chooses what leaves when `q` moves in `direction` along the column at hand; `None` if nothing stops it.
    pub fn choose_leaving(&mut self, q: usize, direction: f64, phase: Phase) -> Option<Leaving> {
        match phase {
            Phase::One => self.choose_leaving_infeasible(q, direction),
            Phase::Two => self.choose_leaving_feasible(q, direction),
        }
    }

    /// Two passes (Harris 1973): the largest step that keeps all bounds within their tolerances, then the largest
    /// pivot among the rows that block no later. A step that would be negative becomes zero by shifting the bound.
    fn choose_leaving_feasible(&mut self, q: usize, direction: f64) -> Option<Leaving> {
        let mut bound = f64::INFINITY;
        for &i in &self.column.index {
            let i = i as usize;
            let rate = -direction * self.column.values[i];
            let room = if rate < -PRIMAL_PIVOT {
                self.base_value[i] - self.base_lower[i]
            } else if rate > PRIMAL_PIVOT {
                self.base_upper[i] - self.base_value[i]
            } else {
                continue;
            };
            bound = bound.min((room + self.tolerance[self.basic[i]]).max(0.0) / rate.abs());
        }
        let range = self.work_upper[q] - self.work_lower[q];
        if range <= bound {
            return range.is_finite().then_some(Leaving::Flip);
        }
        let mut best: Option<PrimalBreakpoint> = None;
        for &i in &self.column.index {
            let position = i;
            let i = i as usize;
            let rate = -direction * self.column.values[i];
            let (room, to) = if rate < -PRIMAL_PIVOT {
                (self.base_value[i] - self.base_lower[i], VarStatus::Lower)
            } else if rate > PRIMAL_PIVOT {
                (self.base_upper[i] - self.base_value[i], VarStatus::Upper)
            } else {
                continue;
            };
            let (step, rate) = (room / rate.abs(), rate.abs());
            if step <= bound && best.is_none_or(|known| rate > known.rate) {
                best = Some(PrimalBreakpoint { position, to, step, rate });
            }
        }
        let best = best?;
        let position = best.position as usize;
        if best.step < 0.0 {
            self.shift_bound_to_value(position, best.to);
        }
        Some(Leaving::Row { position, to: best.to, step: best.step.max(0.0) })
    }

    /// Widens the working bound of a basic variable that is violated within tolerance, so that it can leave here.
    fn shift_bound_to_value(&mut self, position: usize, to: VarStatus) {
        let var = self.basic[position];
        match to {
            VarStatus::Lower => self.work_lower[var] = self.base_value[position],
            _ => self.work_upper[var] = self.base_value[position],
        }
        self.bounds_shifted = true;
        self.load_base_bounds(position);
    }

    /// Walks along the breakpoints of the sum of infeasibilities, a convex piecewise linear function of the step, to
    /// where its slope turns (Maros 2003, section 9.3), and takes the largest pivot near there.
    fn choose_leaving_infeasible(&mut self, q: usize, direction: f64) -> Option<Leaving> {
        let mut points = std::mem::take(&mut self.breakpoints);
        points.clear();
        let mut slope = self.dual[q].abs();
        for &position in &self.column.index {
            let i = position as usize;
            let rate = -direction * self.column.values[i];
            if rate.abs() <= PRIMAL_PIVOT {
                continue;
            }
            let (x, lower, upper) = (self.base_value[i], self.base_lower[i], self.base_upper[i]);
            let infeasible = self.infeasibility[i] > 0.0;
            let mut push = |bound: f64, to| {
                let step = ((bound - x) / rate).max(0.0);
                points.push(PrimalBreakpoint { position, to, step, rate: rate.abs() });
            };
            // Moving away from both bounds from outside never blocks.
            if rate > 0.0 {
                if infeasible && x < lower {
                    push(lower, VarStatus::Lower);
                }
                if upper.is_finite() && !(infeasible && x > upper) {
                    push(upper, VarStatus::Upper);
                }
            } else {
                if infeasible && x > upper {
                    push(upper, VarStatus::Upper);
                }
                if lower.is_finite() && !(infeasible && x < lower) {
                    push(lower, VarStatus::Lower);
                }
            }
        }
        points.sort_unstable_by(|a, b| a.step.total_cmp(&b.step).then(b.rate.total_cmp(&a.rate)));
        let range = self.work_upper[q] - self.work_lower[q];
        let mut chosen: Option<Leaving> = None;
        let mut best_rate = 0.0_f64;
        for point in &points {
            if range <= point.step {
                chosen = Some(Leaving::Flip);
                break;
            }
            // A later breakpoint improves the sum more; one with a far smaller pivot is not worth it.
            if point.rate >= RATIO_PIVOT * best_rate.min(1.0) {
                best_rate = best_rate.max(point.rate);
                chosen = Some(Leaving::Row { position: point.position as usize, to: point.to, step: point.step });
            }
            slope -= point.rate;
            if slope <= 0.0 {
                break;
            }
        }
        if points.is_empty() && range.is_finite() {
            chosen = Some(Leaving::Flip);
        }
        self.breakpoints = points;
        chosen
    }
}
