//! Networks that are found beside the proof: by the engine's own walks, or by a companion in turns.

use super::Engine;
use crate::answer::realise;
use crate::goal::Claim;

/// Multiplications that take as long as what a pivot does to an entry of its tableau, with all that leads to it.
const PIVOT: u64 = 4;

impl Engine<'_> {
    /// Walks on, and takes the best network if it is new: with the walk's own weights if the exact forward pass finds them
    /// as good as the walk does, else with weights of a large margin.
    pub(super) fn local_search(&mut self, lines: u64) {
        let Some(local) = &mut self.local else { return };
        let budget = &self.budget;
        let stop = || budget.stop();
        if self.incumbent.as_ref().is_some_and(|(_, loss)| *loss == self.floor) || !local.walk(lines, &stop) {
            return;
        }
        let claimed = local.best_loss();
        if self.incumbent.as_ref().is_some_and(|(_, best)| *best <= claimed) {
            return;
        }
        let own = local.network();
        let own = bdnn::exact::check(self.problem, &own).ok().map(|loss| (own, loss));
        let thin = own.as_ref().is_some_and(|(_, loss)| *loss <= claimed);
        let claim = Claim::Loss(claimed);
        let wide = || realise(self.problem, None, &mut local.theories(&self.geometry), &claim, &stop);
        let Some((network, loss)) = (if thin { own } else { wide().or(own) }) else { return };
        for case in &mut self.cases {
            case.follow(|i, j| local.fires(i, j));
        }
        if self.offer(network, loss) {
            self.thin = thin;
            self.report('L');
        }
    }

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
        (self.counts().pivots + self.conflicts()).saturating_mul(PIVOT * entries as u64)
    }

    /// Gives an incumbent of the local search weights of a large margin, if there is time.
    pub(super) fn widen(&mut self) {
        let (Some(local), Some((_, claimed)), true) = (&self.local, &self.incumbent, self.thin) else { return };
        let (budget, claimed) = (&self.budget, *claimed);
        let stop = || budget.stop();
        let claim = Claim::Loss(claimed);
        if let Some((network, loss)) = realise(self.problem, None, &mut local.theories(&self.geometry), &claim, &stop) {
            self.incumbent = Some((network, loss));
        }
    }
}
