//! Which features have weights, where not all may: each walk chooses for itself, and exchanges one for another when it is stuck.

use super::arena::Arena;
use super::bits::Bits;
use super::columns::Columns;
use super::descent::Plane;
use super::rules::Rules;
use crate::tolerances::SMALL_WEIGHT;
use bdnn::separation::Sign;
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// Sites that an exchange looks at, at most: a sample that tells features apart.
const SITES: usize = 4096;

/// A walk's choice of features.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Choice {
    chosen: Vec<bool>,
    most: usize,
    /// What the first layer's neurons must keep, weights of other features being 0.
    pub(super) rules: Rules,
    /// The signs of all features.
    signs: Vec<Sign>,
}

impl Choice {
    /// A random choice; what was learned makes features with large weights more likely, if the walk is to begin there. `None` where all features
    /// may have weights.
    pub(super) fn new(arena: &Arena<'_>, learned: bool, rng: &mut impl Rng) -> Option<Self> {
        let features = arena.problem.architecture.inputs;
        let most = arena.problem.restrictions.fewer_features(features)?;
        let rules = arena.rules[0].clone();
        let mut choice = Self { chosen: vec![false; features], most, signs: rules.signs.clone(), rules };
        let planes = arena.learned.as_ref().filter(|_| learned).map(|planes| &planes[0]);
        let size = |r: usize| planes.map_or(1.0, |planes| planes.iter().map(|plane| plane.w[r].abs()).sum::<f64>());
        let scores: Vec<f64> = (0..features).map(|r| size(r) * rng.random_range(0.3..1.0)).collect();
        choice.fill(&scores);
        Some(choice)
    }

    /// Chooses the features of these planes, and others at random while there is room.
    pub(super) fn take_in(&mut self, planes: &[Vec<Plane>], rng: &mut impl Rng) {
        self.chosen = (0..self.chosen.len()).map(|r| planes[0].iter().any(|plane| plane.w[r] != 0.0)).collect();
        let scores: Vec<f64> = (0..self.chosen.len()).map(|_| rng.random_range(0.0..1.0)).collect();
        self.fill(&scores);
    }

    /// Chooses more features, the highest scores first.
    fn fill(&mut self, scores: &[f64]) {
        let mut others: Vec<usize> = (0..self.chosen.len()).filter(|&r| !self.chosen[r]).collect();
        others.sort_by(|&r, &s| scores[s].total_cmp(&scores[r]));
        let room = self.most.saturating_sub(self.chosen.len() - others.len());
        others.into_iter().take(room).for_each(|r| self.chosen[r] = true);
        self.set_rules();
    }

    fn set_rules(&mut self) {
        let signs = self.signs.iter().zip(&self.chosen);
        self.rules.signs = signs.map(|(&sign, &chosen)| if chosen { sign } else { Sign::ZERO }).collect();
    }

    /// Gives up a feature, rather one of small weights in `planes`, for one that tells points apart whose neuron should change sides: it fires
    /// at `fires`, and firing saves `saves`. Returns the one given up;
    /// `None` if there is none.
    pub(super) fn exchange(
        &mut self,
        columns: &Columns,
        planes: &[Plane],
        saves: &[i32],
        fires: &Bits,
        rng: &mut impl Rng,
    ) -> Option<usize> {
        let stride = columns.len.div_ceil(SITES);
        let wrong: Vec<(usize, f64)> = (0..columns.len)
            .step_by(stride)
            .filter(|&i| (saves[i] > 0 && !fires.get(i)) || (saves[i] < 0 && fires.get(i)))
            .map(|i| (i, f64::from(saves[i])))
            .collect();
        let mean = |column: &[f64]| {
            let sample = column.iter().step_by(stride);
            sample.sum::<f64>() / columns.len.div_ceil(stride) as f64
        };
        let pull = |r: usize| {
            let column = columns.column(r);
            let mean = mean(column);
            let pull: f64 = wrong.iter().map(|&(i, saves)| saves * (column[i] - mean)).sum();
            // A feature that may not follow the pull is no use.
            let allowed = if pull > 0.0 { self.signs[r].positive } else { self.signs[r].negative };
            if allowed { pull.abs() + f64::MIN_POSITIVE } else { 0.0 }
        };
        let size = |r: usize| planes.iter().map(|plane| plane.w[r].abs()).sum::<f64>();
        let mut best = |scores: Vec<(usize, f64)>| {
            let score = |(r, score): (usize, f64)| (score * rng.random_range(0.2..1.0), r);
            scores.into_iter().map(score).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, r)| r)
        };
        let (inside, outside): (Vec<usize>, Vec<usize>) = (0..self.chosen.len()).partition(|&r| self.chosen[r]);
        let into = best(outside.into_iter().map(|r| (r, pull(r))).collect())?;
        let out = best(inside.into_iter().map(|r| (r, 1.0 / (size(r) + SMALL_WEIGHT))).collect())?;
        (self.chosen[into], self.chosen[out]) = (true, false);
        self.set_rules();
        Some(out)
    }
}
