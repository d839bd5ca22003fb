//! Networks that a companion finds beside the proof, in turns.

use super::Engine;

impl Engine<'_> {
    /// Lets the companion have its turns as far as they are due.
    pub(super) fn consult(&mut self) {
        let work = self.multiplications();
        while let Some((turns, companion)) = &mut self.companion {
            let best = self.incumbent.as_ref().map_or(u64::MAX, |(_, loss)| *loss);
            if best == self.floor || !turns.due(work) || self.budget.ended().is_some() {
                return;
            }
            let turn = companion.turn(best);
            turns.count(&turn, work);
            let Some((network, loss)) = turn.found else { continue };
            let stop = || self.budget.stop();
            if let Some(patterns) = bdnn::exact::patterns_within(&self.problem.points, &network, &stop) {
                self.cases.iter_mut().for_each(|case| case.follow(|i, j| patterns[i][0][j]));
            }
            if self.offer(network, loss) {
                self.report('L');
            }
        }
    }

    /// The work of the search, roughly, in multiplications: pivots of tableaux with a row a site and a column a weight, and conflicts
    /// that see as much.
    fn multiplications(&self) -> u64 {
        let points = &self.problem.points;
        let entries = points.len() * (points.num_features() + 1);
        (self.counts().pivots + self.conflicts()).saturating_mul(self.parameters.pivot_work * entries as u64)
    }
}
