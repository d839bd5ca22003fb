//! Solutions without proof: greedy repair, removal of what is not needed, exchanges.

/// Rounds of exchanges at most.
const ROUNDS: u32 = 4;

/// An instance indexed both ways.
pub(super) struct Primal<'a> {
    costs: &'a [u64],
    cores: &'a [Box<[u32]>],
    /// By element: the cores it is in.
    of_element: Vec<Vec<u32>>,
    /// By core: how many elements of the solution hit it.
    hits: Vec<u32>,
    chosen: Vec<bool>,
}

impl<'a> Primal<'a> {
    pub(super) fn new(costs: &'a [u64], cores: &'a [Box<[u32]>]) -> Self {
        let mut of_element = vec![vec![]; costs.len()];
        for (c, core) in cores.iter().enumerate() {
            core.iter().for_each(|&e| of_element[e as usize].push(c as u32));
        }
        Self { costs, cores, of_element, hits: vec![0; cores.len()], chosen: vec![false; costs.len()] }
    }

    /// A solution (ascending) that starts from `from`, which need not be one. No core may be empty.
    pub(super) fn improve(&mut self, from: &[u32]) -> Vec<u32> {
        from.iter().for_each(|&e| self.choose(e));
        self.complete(None);
        self.strip();
        for _ in 0..ROUNDS {
            if !self.exchange() {
                break;
            }
        }
        (0..self.costs.len() as u32).filter(|&e| self.chosen[e as usize]).collect()
    }

    fn choose(&mut self, e: u32) {
        if !std::mem::replace(&mut self.chosen[e as usize], true) {
            self.of_element[e as usize].iter().for_each(|&c| self.hits[c as usize] += 1);
        }
    }

    fn drop(&mut self, e: u32) {
        if std::mem::replace(&mut self.chosen[e as usize], false) {
            self.of_element[e as usize].iter().for_each(|&c| self.hits[c as usize] -= 1);
        }
    }

    fn cost(&self) -> u64 {
        (0..self.costs.len()).filter(|&e| self.chosen[e]).map(|e| self.costs[e]).sum()
    }

    /// Chooses elements by least cost per core newly hit until none is left; `barred` only where nothing else hits.
    fn complete(&mut self, barred: Option<usize>) {
        let mut gain = vec![0_u64; self.costs.len()];
        loop {
            gain.fill(0);
            for (core, _) in self.cores.iter().zip(&self.hits).filter(|(_, hits)| **hits == 0) {
                core.iter().for_each(|&e| gain[e as usize] += 1);
            }
            // cost_e / gain_e < cost_f / gain_f, without division.
            let better = |e: usize, f: usize| match (Some(e) == barred, Some(f) == barred) {
                (false, false) => self.costs[e] * gain[f] < self.costs[f] * gain[e],
                (e_barred, _) => !e_barred,
            };
            let candidates = (0..gain.len()).filter(|&e| gain[e] > 0);
            match candidates.reduce(|best, e| if better(e, best) { e } else { best }) {
                Some(e) => self.choose(e as u32),
                None => return,
            }
        }
    }

    /// Drops elements that hit nothing alone, the dearest first.
    fn strip(&mut self) {
        let mut order: Vec<u32> = (0..self.costs.len() as u32).filter(|&e| self.chosen[e as usize]).collect();
        order.sort_by_key(|&e| std::cmp::Reverse(self.costs[e as usize]));
        for e in order {
            if self.of_element[e as usize].iter().all(|&c| self.hits[c as usize] > 1) {
                self.drop(e);
            }
        }
    }

    /// Tries each chosen element: without it, completed otherwise and stripped. Whether one such exchange was cheaper.
    fn exchange(&mut self) -> bool {
        let mut improved = false;
        for e in 0..self.costs.len() {
            if !self.chosen[e] || self.costs[e] == 0 {
                continue;
            }
            let (before, kept) = (self.cost(), self.chosen.clone());
            self.drop(e as u32);
            self.complete(Some(e));
            self.strip();
            if self.cost() < before {
                improved = true;
                continue;
            }
            for (f, kept) in kept.into_iter().enumerate() {
                if kept { self.choose(f as u32) } else { self.drop(f as u32) }
            }
        }
        improved
    }
}
