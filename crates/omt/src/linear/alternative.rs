//! Primal simplex over the alternative polyhedron of one neuron, in floats: it guesses cores and hyperplanes.
//!
//! Columns: each point twice, as (z, 0) if asked to fire and as (-z, 1) if asked to rest. Rows: dim for
//! sum lambda a = 0 and one for sum over resting points = 1 (with bias that also normalises the firing ones).
//!
//! ```text
//! { lambda >= 0 :  sum_fire lambda_i z_i - sum_rest lambda_i z_i = 0,  sum_rest lambda_i = 1 }
//! ```
//!
//! A vertex is a core (see [`super::core`]). If the polyhedron of the admitted columns is empty, the duals (u, theta) of
//! phase 1 are a separating neuron w = -u: w z >= 0 for the firing and w z <= -theta < 0 for the resting points.
//!
//! Which columns are admitted and what they cost changes between calls; the basis stays primal feasible whatever
//! changes, since inadmissible basic columns count as infeasibility of phase 1. The right side is zero but for one row, so
//! almost every vertex is degenerate: phase 1 lifts the basic levels by tiny different amounts (a perturbation of the
//! right side, Charnes 1952), and verdicts look at the levels without it, which are updated beside. The inverse is that of the points in the
//! basis alone ([`super::kernel`]): a pivot costs O(m dim + k^2 + k dim) for k of them, at most min(m, dim + 1).

use super::core::Member;
use super::geometry::Geometry;
use super::kernel::{self, Asked, Basic, Basics, Kernel, Unit};
use crate::tolerances::{
    NEURON_LEVEL, NEURON_LIFT, NEURON_MARGIN_PIVOTS, NEURON_MULTIPLIER, NEURON_PIVOT, NEURON_PIVOTS,
    NEURON_REDUCED_COST, NEURON_REFRESH, NEURON_STALL,
};
use budget::Pace;
use serde::{Deserialize, Serialize};

/// Points priced together: as many as registers hold.
const BLOCK: usize = 16;

/// Fractional part of the golden ratio.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// How a point takes part.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Role {
    /// Not at all.
    Absent,
    /// As a resting (`false`) or firing (`true`) point.
    Asked(bool),
}

/// What a solve found.
#[derive(Debug)]
pub(super) enum Answer {
    /// The support of a vertex.
    Core(Vec<Member>),
    /// Weights w (length dim, float units) that put every admitted point on its side as far as floats can tell, shifted
    /// so that both sides keep the same distance (with bias).
    Separable(Vec<f64>),
    /// The numbers went bad, or there was no time or room; nothing is known.
    Failed,
}

/// A basis to come back to: its points and their pivot rows, artificial columns elsewhere.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Basis {
    points: Box<[Asked]>,
    pivots: Box<[usize]>,
}

/// What may enter: a point on its side, or the elastic column of a feature.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Entering {
    Point(Asked),
    Elastic { feature: usize, positive: bool },
}

/// What a simplex goes on with, beside the data.
#[derive(Deserialize)]
pub(super) struct State {
    kernel: kernel::State<Vec<Asked>, Vec<usize>, Vec<Unit>, Vec<f64>>,
    roles: Vec<Role>,
    columns: [Vec<f64>; 3],
    basic: Vec<[bool; 2]>,
    levels: [Basics; 2],
    counts: (usize, u64, u64),
}

pub(super) struct Alternative<'a> {
    geometry: &'a Geometry,
    rows: usize,
    roles: Vec<Role>,
    /// By point, for pricing: +1 if asked to fire, -1 if asked to rest, 0 if absent.
    signs: Vec<f64>,
    /// Cost of a point's column in phase 2.
    costs: Vec<f64>,
    /// Price of moving feature `j` by 1: empty, or one a feature in the elastic polyhedron.
    stretch: Vec<f64>,
    kernel: Kernel<'a>,
    /// By point, whether it is basic as a resting and as a firing one.
    basic: Vec<[bool; 2]>,
    /// Basic levels of the ratio test, perturbed in phase 1; never negative.
    level: Basics,
    /// Basic levels without perturbation.
    exact: Basics,
    /// Scratch of pricing: duals, and activations by them; and of levels.
    duals: Vec<f64>,
    priced: Vec<f64>,
    entries: Vec<f64>,
    /// Pivots since the last inversion.
    age: usize,
    /// Pivots and multiplications since the start.
    pub pivots: u64,
    pub work: u64,
}

impl<'a> Alternative<'a> {
    pub(super) fn new(geometry: &'a Geometry) -> Self {
        let rows = geometry.dim() + 1;
        let mut simplex = Self {
            geometry,
            rows,
            roles: vec![Role::Absent; geometry.len()],
            signs: vec![0.0; geometry.len()],
            costs: vec![0.0; geometry.len()],
            stretch: Vec::new(),
            kernel: Kernel::new(geometry, rows),
            basic: vec![[false; 2]; geometry.len()],
            level: Basics::default(),
            exact: Basics::default(),
            duals: Vec::new(),
            priced: Vec::new(),
            entries: Vec::new(),
            age: 0,
            pivots: 0,
            work: 0,
        };
        simplex.reset();
        simplex
    }

    /// The polyhedron with columns +e_j and -e_j priced by the scale of each feature: its least cost is the widest margin
    /// that weights in [-1, 1] (scaled units) can keep between the two sides, and its duals are those weights.
    pub(super) fn elastic(geometry: &'a Geometry) -> Self {
        Self { stretch: geometry.half().to_vec(), ..Self::new(geometry) }
    }

    /// What is written down of it: a [`State`].
    pub(super) fn state(&self) -> impl Serialize {
        let columns = [&self.signs, &self.costs, &self.stretch];
        let counts = (self.age, self.pivots, self.work);
        (self.kernel.state(), &self.roles, columns, &self.basic, [&self.level, &self.exact], counts)
    }

    /// Goes back to a state.
    pub(super) fn restore(&mut self, state: State) {
        let State { kernel, roles, columns, basic, levels, counts } = state;
        self.kernel.restore(kernel);
        (self.roles, self.basic) = (roles, basic);
        [self.signs, self.costs, self.stretch] = columns;
        [self.level, self.exact] = levels;
        (self.age, self.pivots, self.work) = counts;
    }

    /// Back to the artificial basis.
    pub(super) fn reset(&mut self) {
        self.kernel.clear();
        self.basic.fill([false; 2]);
        self.relevel(true);
        self.age = 0;
    }

    /// Takes the levels from the inverse; in phase 1 lifted by amounts that differ from row to row.
    fn relevel(&mut self, phase_one: bool) {
        let mut entries = std::mem::take(&mut self.entries);
        entries.clear();
        entries.resize(self.rows, 0.0);
        entries[self.rows - 1] = 1.0;
        self.kernel.solve(&entries, &mut self.exact);
        self.entries = entries;
        // The golden ratio's multiples spread evenly over [0, 1).
        let lift = |r: usize| if phase_one { NEURON_LIFT * (1.0 + (r as f64 * GOLDEN).fract()) } else { 0.0 };
        self.level.clone_from(&self.exact);
        for (level, &r) in self.level.points.iter_mut().zip(&self.kernel.pivots) {
            *level = level.max(0.0) + lift(r);
        }
        for &r in &self.kernel.covered {
            self.level.rows[r] = self.level.rows[r].max(0.0) + lift(r);
        }
    }

    /// Whether the basis is a vertex (up to rounding) without perturbation.
    fn is_vertex(&self) -> bool {
        self.exact.points.iter().all(|&level| level >= -NEURON_LEVEL)
            && self.kernel.covered.iter().all(|&r| self.exact.rows[r] >= -NEURON_LEVEL)
    }

    /// The basis at hand, to be given to [`Self::load`] later. Elastic columns are not remembered.
    pub(super) fn basis(&self) -> Basis {
        Basis { points: self.kernel.points.clone().into(), pivots: self.kernel.pivots.clone().into() }
    }

    /// Takes up a basis of an earlier time; the artificial one if it cannot be inverted or there is no time.
    pub(super) fn load(&mut self, basis: &Basis, pace: &mut Pace<'_>) {
        let found = self.kernel.load(&basis.points, &basis.pivots, pace);
        self.renew(found);
    }

    pub(super) fn set(&mut self, point: usize, role: Role, cost: f64) {
        self.roles[point] = role;
        self.costs[point] = cost;
        self.signs[point] = match role {
            Role::Absent => 0.0,
            Role::Asked(true) => 1.0,
            Role::Asked(false) => -1.0,
        };
    }

    /// Inverts the basis afresh; the artificial basis if it is singular.
    fn refresh(&mut self, pace: &mut Pace<'_>) {
        let found = self.kernel.invert(pace);
        self.renew(found);
    }

    /// What goes with a fresh inverse, if there is one.
    fn renew(&mut self, found: bool) {
        if !found {
            self.reset();
            return;
        }
        self.basic.fill([false; 2]);
        for point in &self.kernel.points {
            self.basic[point.point as usize][usize::from(point.fires)] = true;
        }
        self.relevel(true);
        self.age = 0;
    }

    /// All basic columns, points first.
    fn basics(&self) -> impl Iterator<Item = Basic> + '_ {
        (0..self.kernel.points.len()).map(Basic::Point).chain(self.kernel.covered.iter().map(|&r| Basic::Row(r)))
    }

    fn asked(&self, asked: Asked) -> bool {
        self.roles[asked.point as usize] == Role::Asked(asked.fires)
    }

    fn admitted(&self, basic: Basic) -> bool {
        match basic {
            Basic::Point(p) => self.asked(self.kernel.points[p]),
            Basic::Row(r) => self.kernel.units[r] != Unit::Artificial,
        }
    }

    /// A number for each column, for the smallest index rule.
    fn index(&self, basic: Basic) -> usize {
        let points = 2 * self.roles.len();
        match basic {
            Basic::Point(p) => {
                let Asked { point, fires } = self.kernel.points[p];
                2 * point as usize + usize::from(fires)
            }
            Basic::Row(r) => match self.kernel.units[r] {
                Unit::Pivot | Unit::Artificial => points + r,
                Unit::Elastic { positive } => points + self.rows + 2 * r + usize::from(!positive),
            },
        }
    }

    /// Finds a core among the admitted points, of low cost, or a neuron that separates them.
    pub(super) fn solve(&mut self, pace: &mut Pace<'_>) -> Answer {
        let limit = NEURON_PIVOTS.0 + NEURON_PIVOTS.1 * self.rows as u64;
        if !self.is_vertex() {
            self.reset();
        }
        if !self.optimise(true, limit, pace) {
            self.reset();
            if pace.over() || !self.optimise(true, 10 * limit, pace) {
                self.reset();
                return Answer::Failed;
            }
        }
        if self.infeasibility() > NEURON_MULTIPLIER {
            return Answer::Separable(self.separator(true));
        }
        self.optimise(false, limit, pace);
        if !self.is_vertex() || self.infeasibility() > NEURON_MULTIPLIER {
            self.reset();
            return Answer::Failed;
        }
        let levels = self.kernel.points.iter().zip(&self.exact.points);
        let support = levels.filter(|(point, level)| **level > NEURON_MULTIPLIER && self.asked(**point));
        Answer::Core(support.map(|(&Asked { point, fires }, _)| Member { point, fires }).collect())
    }

    /// The weights and bias of the widest margin between the admitted points; `None` if one side has none of them, the
    /// margin is too small for floats, the numbers went bad or there is no time. Elastic polyhedron only.
    pub(super) fn widest(&mut self, pace: &mut Pace<'_>) -> Option<Vec<f64>> {
        let limit = NEURON_MARGIN_PIVOTS.0 + NEURON_MARGIN_PIVOTS.1 * self.rows as u64;
        let found = self.optimise(true, limit, pace)
            && self.infeasibility() <= NEURON_MULTIPLIER
            && self.optimise(false, 10 * limit, pace)
            && self.infeasibility() <= NEURON_MULTIPLIER;
        found.then(|| self.separator(false))
    }

    /// Sum of the levels of inadmissible basic columns, without perturbation.
    fn infeasibility(&self) -> f64 {
        self.basics().filter(|&basic| !self.admitted(basic)).map(|basic| self.exact.at(basic)).sum()
    }

    /// y = c_B B^-1 (length rows), into `duals`.
    fn price_rows(&mut self, phase_one: bool, duals: &mut Vec<f64>) {
        let (roles, costs, stretch) = (&self.roles, &self.costs, &self.stretch);
        let price = |admitted: bool, cost: f64| match (phase_one, admitted) {
            (true, admitted) => f64::from(u8::from(!admitted)),
            (false, true) => cost,
            (false, false) => 0.0,
        };
        let of_point =
            |Asked { point, fires }: Asked| price(roles[point as usize] == Role::Asked(fires), costs[point as usize]);
        let of_row = |r: usize, unit: Unit| match unit {
            Unit::Pivot | Unit::Artificial => price(false, 0.0),
            Unit::Elastic { .. } => price(true, stretch[r]),
        };
        self.kernel.duals(of_point, of_row, duals);
    }

    /// The neuron that the duals describe, its bias moved to the middle of the gap.
    fn separator(&mut self, phase_one: bool) -> Vec<f64> {
        let mut duals = vec![];
        self.price_rows(phase_one, &mut duals);
        let dim = self.geometry.dim();
        let mut w: Vec<f64> = duals[..dim].iter().map(|u| -u).collect();
        if self.geometry.bias() {
            w[dim - 1] += duals[dim] / 2.0;
        }
        w
    }

    /// Pivots until optimal, feasible (phase 1) or `limit`; false if it stopped at the limit or at that of `pace`, or broke down.
    fn optimise(&mut self, phase_one: bool, limit: u64, pace: &mut Pace<'_>) -> bool {
        let (mut stalled, mut entries, mut direction) = (0, Vec::new(), Basics::default());
        self.relevel(phase_one);
        for _ in 0..limit {
            if phase_one && self.infeasibility() <= NEURON_MULTIPLIER && self.is_vertex() {
                return true;
            }
            let work = self.geometry.len() * self.rows + 3 * self.kernel.cost();
            self.work += work as u64;
            if pace.spend(work) {
                return false;
            }
            let bland = stalled > NEURON_STALL * self.rows;
            let Some(entering) = self.price(phase_one, bland) else {
                if self.age == 0 {
                    return true;
                }
                // Trust the verdict only of a fresh inverse.
                self.refresh(pace);
                self.relevel(phase_one);
                continue;
            };
            match entering {
                Entering::Point(point) => self.kernel.column(point, &mut entries),
                Entering::Elastic { feature, positive } => {
                    entries.clear();
                    entries.resize(self.rows, 0.0);
                    entries[feature] = Unit::Elastic { positive }.sign();
                }
            }
            self.kernel.solve(&entries, &mut direction);
            let Some(leaving) = self.ratio(&direction, phase_one, bland) else {
                // The polyhedron is bounded (with bias) or its costs are non-negative: no ray improves.
                return false;
            };
            if matches!((entering, leaving), (Entering::Point(_), Basic::Row(_))) && self.kernel.full() {
                return false;
            }
            let step = (self.level.at(leaving) / direction.at(leaving)).max(0.0);
            stalled = if step > NEURON_MULTIPLIER { 0 } else { stalled + 1 };
            self.pivot(entering, leaving, step, &direction);
            if self.age >= NEURON_REFRESH.max(self.kernel.points.len()) {
                self.refresh(pace);
                self.relevel(phase_one);
            }
        }
        false
    }

    /// The entering column: the most negative reduced cost, or the first negative one.
    fn price(&mut self, phase_one: bool, first: bool) -> Option<Entering> {
        let mut duals = std::mem::take(&mut self.duals);
        self.price_rows(phase_one, &mut duals);
        let (u, theta) = duals.split_at(self.geometry.dim());
        let mut priced = std::mem::take(&mut self.priced);
        self.geometry.activations(u, &mut priced);
        let share = if phase_one { 0.0 } else { 1.0 };
        // Reduced costs: cost - a to fire, cost + a - theta to rest, zero for the absent.
        for ((a, &sign), &cost) in priced.iter_mut().zip(&self.signs).zip(&self.costs) {
            *a = share * cost * sign.abs() - sign * *a - 0.5 * (sign.abs() - sign) * theta[0];
        }
        let mut best = (-NEURON_REDUCED_COST, None);
        for (block, reduced) in priced.chunks(BLOCK).enumerate() {
            let least = reduced.iter().fold(0.0, |least, &d| if d < least { d } else { least });
            if least >= best.0 || (first && best.1.is_some()) {
                continue;
            }
            for (i, &reduced) in reduced.iter().enumerate() {
                let point = block * BLOCK + i;
                let fires = self.signs[point] > 0.0;
                if reduced < best.0 && !self.basic[point][usize::from(fires)] && !(first && best.1.is_some()) {
                    best = (reduced, Some(Entering::Point(Asked { point: point as u32, fires })));
                }
            }
        }
        self.priced = priced;
        for (feature, &stretch) in self.stretch.iter().enumerate() {
            let cost = if phase_one { 0.0 } else { stretch };
            for (positive, reduced) in [(true, cost - u[feature]), (false, cost + u[feature])] {
                if reduced < best.0 && self.kernel.units[feature] != (Unit::Elastic { positive }) {
                    best = (reduced, Some(Entering::Elastic { feature, positive }));
                }
            }
        }
        self.duals = duals;
        best.1
    }

    /// The leaving column. In phase 2 an inadmissible basic column stays at zero: a direction that would raise it makes it leave.
    fn ratio(&self, direction: &Basics, phase_one: bool, bland: bool) -> Option<Basic> {
        let mut least = f64::INFINITY;
        for basic in self.basics() {
            let d = direction.at(basic);
            if d > NEURON_PIVOT {
                least = least.min((self.level.at(basic) + NEURON_MULTIPLIER) / d);
            }
        }
        let barred = |basic: Basic| !phase_one && direction.at(basic).abs() > NEURON_PIVOT && !self.admitted(basic);
        let any_barred = !phase_one && self.basics().any(barred);
        let mut best: Option<Basic> = None;
        for basic in self.basics() {
            let d = direction.at(basic);
            let eligible =
                if any_barred { barred(basic) } else { d > NEURON_PIVOT && self.level.at(basic) / d <= least };
            let better = |best: Basic| {
                if bland { self.index(basic) < self.index(best) } else { d.abs() > direction.at(best).abs() }
            };
            if eligible && best.is_none_or(better) {
                best = Some(basic);
            }
        }
        best
    }

    fn pivot(&mut self, entering: Entering, leaving: Basic, step: f64, direction: &Basics) {
        let exact_step = self.exact.at(leaving) / direction.at(leaving);
        for (levels, step, least) in [(&mut self.level, step, 0.0), (&mut self.exact, exact_step, f64::NEG_INFINITY)] {
            for (level, d) in levels.points.iter_mut().zip(&direction.points) {
                *level = (*level - step * d).max(least);
            }
            for &r in &self.kernel.covered {
                levels.rows[r] = (levels.rows[r] - step * direction.rows[r]).max(least);
            }
            levels.exchange(leaving, entering.place(), step);
        }
        if let Basic::Point(p) = leaving {
            let Asked { point, fires } = self.kernel.points[p];
            self.basic[point as usize][usize::from(fires)] = false;
        }
        match entering {
            Entering::Point(point) => {
                self.basic[point.point as usize][usize::from(point.fires)] = true;
                self.kernel.enter_point(point, direction, leaving);
            }
            Entering::Elastic { feature, positive } => {
                self.kernel.enter_unit(feature, Unit::Elastic { positive }, leaving);
            }
        }
        self.pivots += 1;
        self.age += 1;
    }
}

impl Entering {
    /// The row of a unit column.
    fn place(self) -> Option<usize> {
        match self {
            Self::Point(_) => None,
            Self::Elastic { feature, .. } => Some(feature),
        }
    }
}
