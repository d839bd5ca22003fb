//! One walk: neurons respond to each other until none can, then one is thrown away.

use super::arena::Arena;
use super::bits::Bits;
use super::choice::Choice;
use super::columns::{Columns, Metric};
use super::confirm::realise;
use super::descent::{Descent, Plane, Task};
use super::gradient::Learner;
use super::labels::{Labels, Rank};
use super::parameters::Parameters;
use super::rules::{Rules, clamp};
use super::slabs;
use super::state::{Patterns, State};
use super::steps::Steps;
use bdnn::{Network, Stop, WeightDomain};
use budget::{Pace, never};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// What a search costs beside its sites, in touched sites.
const OVERHEAD: u64 = 32;

/// How a walk begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// At random planes.
    Random,
    /// By learning from gradients; where there is no hidden layer, at what was learned before.
    Learned,
    /// At a network of slabs; at random planes where there is none.
    Slabs,
}

/// A walk that remembers its best network. What is written down is what the next round depends on: not what searches work with.
#[derive(Serialize, Deserialize)]
pub(super) struct Walk {
    rng: ChaCha8Rng,
    state: State,
    /// At the walk's own prices.
    labels: Labels,
    best: Vec<Vec<Plane>>,
    best_rank: Rank,
    best_outputs: Vec<Bits>,
    /// Whether the best is better than when last asked, and rounds since it was.
    news: bool,
    stale: u64,
    vain: u32,
    #[serde(skip)]
    descent: Descent,
    #[serde(skip)]
    steps: Steps,
    /// While the walk learns by gradients.
    learner: Option<Learner>,
    #[serde(skip)]
    patterns: Patterns,
    #[serde(skip)]
    gathered: Columns,
    #[serde(skip)]
    saves: Vec<i32>,
    #[serde(skip)]
    site_saves: Vec<i32>,
    /// Sites touched: the measure of its work.
    work: u64,
    /// Where not all features may have weights: the walk's own choice, and that of its best network.
    choice: Option<Choice>,
    best_choice: Option<Choice>,
}

impl Walk {
    /// The walk of stream `stream`.
    pub(super) fn new(arena: &Arena<'_>, seed: u64, stream: u64, start: Start, stop: &Stop<'_>) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        let state = State::zero(&arena.problem.architecture, arena.problem.points.len(), &arena.labels);
        let mut walk = Self {
            rng,
            best: vec![],
            state,
            labels: arena.labels.clone(),
            best_rank: Rank::WORST,
            best_outputs: vec![],
            news: false,
            stale: 0,
            vain: 0,
            descent: Descent::default(),
            steps: Steps::default(),
            learner: None,
            patterns: Patterns::default(),
            gathered: Columns::default(),
            saves: vec![],
            site_saves: vec![],
            work: 0,
            choice: None,
            best_choice: None,
        };
        walk.choice = Choice::new(arena, start == Start::Learned, &mut walk.rng);
        // Without biases there may be no allowed plane near a learned one.
        let allowed = arena.problem.architecture.bias || arena.rules[0].lenient();
        let learns = allowed && arena.rules[0].free();
        if start == Start::Learned && walk.state.layers.len() > 1 && learns && arena.parameters.gradients {
            walk.learner = Some(Learner::new(arena, &mut walk.rng, stop));
        } else if let Some(planes) = arena.learned.as_ref().filter(|_| start == Start::Learned) {
            if !walk.adopt(arena, planes, stop) {
                return walk;
            }
        } else if let Some(planes) = (start == Start::Slabs && arena.parameters.slabs)
            .then(|| slabs::network(arena, &mut walk.rng, stop))
            .flatten()
        {
            if !walk.stand(arena, &planes, stop) {
                return walk;
            }
        } else {
            for k in 0..walk.state.layers.len() {
                let neurons = 0..walk.state.layers[k].planes.len();
                neurons.filter(|_| !stop()).for_each(|j| walk.throw(arena, k, j));
            }
        }
        walk.keep(arena, stop);
        // Zeros are no news.
        walk.news &= walk.learner.is_none();
        walk
    }

    /// Stands at these planes; false once `stop` says so, and then the walk has only its best network.
    fn stand(&mut self, arena: &Arena<'_>, planes: &[Vec<Plane>], stop: &Stop<'_>) -> bool {
        self.state.set(planes, &arena.inputs, &self.labels, &mut Pace::new(&mut || stop()))
    }

    /// Goes back to the best network; false as [`Self::stand`].
    fn go_back(&mut self, arena: &Arena<'_>, stop: &Stop<'_>) -> bool {
        self.state.set(&self.best, &arena.inputs, &self.labels, &mut Pace::new(&mut || stop()))
    }

    /// Goes on where it stood when it was written down.
    pub(super) fn attach(&mut self, arena: &Arena<'_>) {
        self.labels = self.labels.at_prices_of(&arena.labels);
    }

    /// Starts again from these planes, unless `stop` says so.
    pub(super) fn restart(&mut self, arena: &Arena<'_>, planes: &[Vec<Plane>], stop: &Stop<'_>) {
        if let Some(choice) = &mut self.choice {
            choice.take_in(planes, &mut self.rng);
        }
        if !self.stand(arena, planes, stop) {
            return;
        }
        self.best_rank = Rank::WORST;
        self.stale = 0;
        self.keep(arena, stop);
    }

    /// Starts again from these planes, and learns on from there where walks learn. The walk ends up no worse than there.
    pub(super) fn resume(&mut self, arena: &Arena<'_>, planes: &[Vec<Plane>], stop: &Stop<'_>) {
        self.restart(arena, planes, stop);
        if let Some(learner) = &mut self.learner {
            learner.resume(arena, planes, &mut Pace::new(&mut || stop()));
        }
    }

    /// The best network so far, in scaled units; `None` once `until` says so.
    pub(super) fn network(&self, arena: &Arena<'_>, until: &Stop<'_>) -> Option<Network> {
        realise(arena, &self.best, until)
    }

    /// The same; where weights have a price, without those that cost more than they save, of which no more are looked for once `stop` says
    /// so; `None` once `until` does. The walk goes on with what is left. Cost O(n + m log m) a weight.
    pub(super) fn slim(&mut self, arena: &Arena<'_>, stop: &Stop<'_>, until: &Stop<'_>) -> Option<Network> {
        let (l0, l1) = (arena.problem.l0, arena.problem.l1);
        if (l0 == 0.0 && l1 == 0.0) || !self.go_back(arena, stop) {
            return realise(arena, &self.best, until);
        }
        self.choice.clone_from(&self.best_choice);
        for k in 0..self.state.layers.len() {
            for j in 0..self.state.layers[k].planes.len() {
                self.drop_weights(arena, (k, j), |w| l0 + l1 * w.abs(), stop);
            }
        }
        realise(arena, &self.state.planes(), until)
    }

    /// Sets weights of a neuron to 0, the smallest first, where the loss rises by less than their price.
    fn drop_weights(&mut self, arena: &Arena<'_>, (k, j): (usize, usize), price: impl Fn(f64) -> f64, stop: &Stop<'_>) {
        let rules = rules_of(arena, &self.choice, k);
        self.state.saves(k, j, &self.labels, &mut self.saves);
        let task = sees(arena, &self.state, k, &mut self.patterns, &self.saves, &mut self.site_saves);
        let plane = &self.state.layers[k].planes[j];
        if !self.steps.drop_weights(task, rules, plane, price, stop) {
            return;
        }
        let (plane, sums, _) = self.steps.place();
        let sums = sums.to_vec();
        self.install(k, j, &plane, sums);
    }

    /// The rank of the best network as floats see it.
    pub(super) fn best_rank(&self) -> Rank {
        self.best_rank
    }

    /// The outputs of the best network, a row of bits an output.
    pub(super) fn best_outputs(&self) -> &[Bits] {
        &self.best_outputs
    }

    /// Whether the best network is better than at the last call.
    pub(super) fn take_news(&mut self) -> bool {
        let news = std::mem::take(&mut self.news);
        self.stale = if news { 0 } else { self.stale + 1 };
        news
    }

    /// Calls of [`Self::take_news`] in a row that brought none.
    pub(super) fn stale(&self) -> u64 {
        self.stale
    }

    /// Remembers the present network. Once `stop` says so the best one stays, or is lost in the middle of a large one.
    fn keep(&mut self, arena: &Arena<'_>, stop: &Stop<'_>) {
        let rank = self.rank(arena);
        let better = rank < self.best_rank;
        let mut ask = || stop();
        let mut pace = Pace::new(&mut ask);
        if pace.spend(arena.weights) {
            return;
        }
        if !self.state.copy_to(&mut self.best, &mut pace) {
            (self.best_rank, self.news) = (Rank::WORST, false);
            return;
        }
        self.vain = if better { 0 } else { self.vain + 1 };
        self.news |= better;
        self.best_outputs = self.state.outputs().to_vec();
        self.best_rank = rank;
        self.best_choice.clone_from(&self.choice);
    }

    /// The rank of the present network.
    fn rank(&self, arena: &Arena<'_>) -> Rank {
        Rank { price: self.price(arena), ..self.labels.rank(self.state.outputs(), self.state.loss) }
    }

    /// What the present weights cost.
    fn price(&self, arena: &Arena<'_>) -> f64 {
        let layers = self.state.layers.iter().zip(&arena.rules).filter(|(_, rules)| rules.priced());
        layers.flat_map(|(layer, rules)| layer.planes.iter().map(|plane| rules.price(&plane.w))).sum()
    }

    /// Works for about `budget` touched sites, or until the loss is the least possible.
    pub(super) fn advance(&mut self, arena: &Arena<'_>, budget: u64, stop: &Stop<'_>) {
        let end = self.work + budget;
        self.learn(arena, end, stop);
        while self.work < end && self.best_rank > Rank::within(arena.floor) && !stop() {
            while self.sweep(arena, end, stop) {}
            if self.rank(arena) <= self.best_rank {
                self.keep(arena, stop);
            } else {
                self.vain += 1;
            }
            if self.labels.reprice(self.state.outputs()) {
                self.state.loss = self.labels.loss(self.state.outputs());
            }
            if self.work >= end || stop() {
                return;
            }
            if self.vain > 0 && self.vain.is_multiple_of(arena.parameters.walk_patience) {
                if !self.go_back(arena, stop) {
                    return;
                }
                self.choice.clone_from(&self.best_choice);
            }
            self.exchange(arena);
            if self.state.layers.len() > 1 {
                let k = self.rng.random_range(0..self.state.layers.len() - 1);
                let j = self.rng.random_range(0..self.state.layers[k].planes.len());
                self.throw(arena, k, j);
            }
        }
    }

    /// Learns by gradients, if this is how the walk began and it still does.
    fn learn(&mut self, arena: &Arena<'_>, end: u64, stop: &Stop<'_>) {
        while let Some(learner) = &mut self.learner {
            if self.work >= end || stop() {
                return;
            }
            learner.epoch(arena, &mut self.rng, stop);
            self.work += learner.cost();
            // What half an epoch has learned is worth looking at only if nothing else is there, and a look takes no time.
            let over = stop();
            if over && !(learner.fresh() && arena.quick) {
                return;
            }
            let stop = if over { &never } else { stop };
            let (planes, done) = (learner.planes(&mut Pace::new(&mut || stop())), learner.done());
            let Some(planes) = planes else { return };
            if !self.adopt(arena, &planes, stop) {
                return;
            }
            if done {
                self.learner = None;
            }
            if self.rank(arena) <= self.best_rank {
                self.keep(arena, stop);
                // Of equals the later one keeps farther from the points.
                self.news = self.best_rank < Rank::WORST;
            }
            if self.learner.is_none() && !self.go_back(arena, stop) {
                return;
            }
        }
    }

    /// Whether it still learns by gradients.
    pub(super) fn learns(&self) -> bool {
        self.learner.is_some()
    }

    /// Stands at these planes or, where the rules forbid them, at the allowed ones that change the fewest activations; false as [`Self::stand`].
    fn adopt(&mut self, arena: &Arena<'_>, planes: &[Vec<Plane>], stop: &Stop<'_>) -> bool {
        if !self.stand(arena, planes, stop) {
            return false;
        }
        for k in (0..arena.rules.len()).filter(|&k| !arena.rules[k].lenient() || !arena.rules[k].free()) {
            for (j, plane) in planes[k].iter().enumerate() {
                if stop() {
                    return false;
                }
                let fires = &self.state.layers[k].fires[j];
                self.saves.clear();
                self.saves.extend((0..self.state.points()).map(|i| if fires.get(i) { 1 } else { -1 }));
                let task = sees(arena, &self.state, k, &mut self.patterns, &self.saves, &mut self.site_saves);
                self.steps.stand(task, rules_of(arena, &self.choice, k), plane);
                let (plane, sums, _) = self.steps.place();
                let sums = sums.to_vec();
                self.install(k, j, &plane, sums);
            }
        }
        true
    }

    /// Lets every neuron respond once, in random order; whether the loss fell.
    fn sweep(&mut self, arena: &Arena<'_>, end: u64, stop: &Stop<'_>) -> bool {
        let before = (self.state.loss as f64, self.price(arena));
        let layers = &self.state.layers;
        let mut order: Vec<(usize, usize)> =
            (0..layers.len()).flat_map(|k| (0..layers[k].planes.len()).map(move |j| (k, j))).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, self.rng.random_range(0..=at));
        }
        for (k, j) in order {
            if self.work >= end || stop() {
                return false;
            }
            self.respond(arena, k, j, stop);
        }
        self.state.loss as f64 + self.price(arena) < before.0 + before.1
    }

    /// Lets neuron `j` of layer `k` find a better plane, all others as they are.
    fn respond(&mut self, arena: &Arena<'_>, k: usize, j: usize, stop: &Stop<'_>) {
        self.state.saves(k, j, &self.labels, &mut self.saves);
        self.work += self.state.cost_of_saves(k, &self.labels) + OVERHEAD;
        let relevant = self.saves.iter().filter(|&&saves| saves != 0).count();
        if relevant == 0 {
            return;
        }
        let rules = rules_of(arena, &self.choice, k);
        let Parameters { least_searches, searches_per_weight, .. } = arena.parameters;
        let searches = least_searches.max(searches_per_weight * self.state.layers[k].planes[j].w.len() as u64);
        let plane = self.state.layers[k].planes[j].clone();
        if k == 0 && rules.plain() && !rules.priced() {
            self.free_response(arena, j, &plane, relevant, searches, stop);
            return;
        }
        let task = sees(arena, &self.state, k, &mut self.patterns, &self.saves, &mut self.site_saves);
        let task = Task { signs: &rules.signs, ..task };
        let columns = task.columns;
        self.work += self.saves.len() as u64;
        let before = task.cost(&plane);
        let dear = before as f64 + rules.price(&plane.w);
        if let Some(functions) = &arena.functions[k] {
            let (plane, cost) = functions.best(&by_pattern(task), &mut self.rng);
            self.work += OVERHEAD * columns.len as u64;
            if cost <= before {
                let mut sums = Vec::new();
                columns.combine(&plane.w, 0.0, &mut sums);
                self.install(k, j, plane, sums);
            }
            return;
        }
        // Line searches know no prices: they are where every second response of a neuron whose weights have some begins.
        let lines = !rules.priced() || self.rng.random();
        if lines && rules.weights == WeightDomain::Continuous && rules.parts.is_none() {
            let lines = self.descent.lines;
            self.descent.stand(task, &plane);
            self.descent.walk(task, searches, &mut self.rng, stop);
            self.work += (self.descent.lines - lines) * (columns.len as u64 + OVERHEAD);
            self.steps.stand(task, rules, self.descent.place().0);
        } else {
            self.steps.stand(task, rules, &plane);
        }
        if !rules.plain() || rules.priced() {
            let sweeps = self.steps.sweeps;
            self.steps.walk(task, rules, searches, &mut self.rng, stop);
            self.work += (self.steps.sweeps - sweeps) * (columns.len as u64 + OVERHEAD);
        }
        if self.steps.total() <= dear {
            let (plane, sums, _) = self.steps.place();
            let sums = sums.to_vec();
            self.install(k, j, &plane, sums);
        }
    }

    /// The response of a first-layer neuron that may be any plane.
    fn free_response(
        &mut self,
        arena: &Arena<'_>,
        j: usize,
        plane: &Plane,
        relevant: usize,
        searches: u64,
        stop: &Stop<'_>,
    ) {
        let all = &arena.inputs.columns;
        let few = 2 * relevant < all.len;
        if few {
            let sites: Vec<u32> = (0..).zip(&self.saves).filter(|(_, saves)| **saves != 0).map(|(i, _)| i).collect();
            all.gather(&sites, &mut self.gathered);
            self.saves.retain(|&saves| saves != 0);
        }
        let columns = if few { &self.gathered } else { all };
        let Rules { bias, signs, .. } = rules_of(arena, &self.choice, 0);
        let (metric, parameters) = (&arena.inputs.metric, &arena.parameters);
        let task = Task { columns, metric, saves: &self.saves, bias: *bias, signs, parameters };
        let lines = self.descent.lines;
        self.descent.stand(task, plane);
        let before = self.descent.place().1;
        self.descent.walk(task, searches, &mut self.rng, stop);
        self.work += (self.descent.lines - lines) * (columns.len as u64 + OVERHEAD) + all.len as u64;
        let (plane, cost) = self.descent.place();
        if cost > before {
            return;
        }
        let mut fires = Bits::zeros(all.len);
        if few {
            let mut activations = Vec::new();
            all.combine(&plane.w, plane.bias, &mut activations);
            fires.fill(|i| activations[i] >= 0.0);
        } else {
            let activations = self.descent.activations();
            fires.fill(|i| activations[i] >= 0.0);
        }
        let plane = plane.clone();
        self.state.place((0, j), &plane, fires, None, &self.labels);
    }

    /// Where not all features may have weights, gives one up for another and stands at the planes without it.
    fn exchange(&mut self, arena: &Arena<'_>) {
        let Some(choice) = &mut self.choice else { return };
        let j = self.rng.random_range(0..self.state.layers[0].planes.len());
        self.state.saves(0, j, &self.labels, &mut self.saves);
        let layer = &self.state.layers[0].planes;
        let fires = &self.state.layers[0].fires[j];
        let out = choice.exchange(&arena.inputs.columns, layer, &self.saves, fires, &mut self.rng);
        let Some(out) = out else { return };
        self.work += (arena.inputs.columns.values.len() / 8) as u64 + OVERHEAD;
        for j in 0..self.state.layers[0].planes.len() {
            if self.state.layers[0].planes[j].w[out] == 0.0 {
                continue;
            }
            let plane = self.state.layers[0].planes[j].clone();
            let rules = rules_of(arena, &self.choice, 0);
            self.state.saves(0, j, &self.labels, &mut self.saves);
            let task = sees(arena, &self.state, 0, &mut self.patterns, &self.saves, &mut self.site_saves);
            self.steps.stand(task, rules, &plane);
            let (plane, sums, _) = self.steps.place();
            let sums = sums.to_vec();
            self.install(0, j, &plane, sums);
        }
    }

    /// Puts a neuron with pre-activations `sums` (without bias, by site) into the network.
    fn install(&mut self, k: usize, j: usize, plane: &Plane, sums: Vec<f64>) {
        let mut fires = Bits::zeros(self.state.points());
        let sums = if k == 0 { sums } else { self.patterns.site_of.iter().map(|&site| sums[site as usize]).collect() };
        fires.fill(|i| sums[i] + plane.bias >= 0.0);
        self.state.place((k, j), plane, fires, (k > 0).then_some(sums), &self.labels);
    }

    /// Replaces a neuron by a random one through a random place of what it sees.
    fn throw(&mut self, arena: &Arena<'_>, k: usize, j: usize) {
        let rules = rules_of(arena, &self.choice, k);
        let points = self.state.points();
        let (columns, metric) = if k == 0 {
            (&arena.inputs.columns, &arena.inputs.metric)
        } else {
            self.patterns.read(&self.state.layers[k - 1].fires, points);
            (&self.patterns.columns, &PLAIN)
        };
        self.work += columns.len as u64;
        let mut w: Vec<f64> = (0..columns.dim)
            .map(|_| match rules.weights {
                WeightDomain::Continuous => self.rng.random_range(-1.0..1.0),
                WeightDomain::Integer(bound) => f64::from(self.rng.random_range(0..=2 * bound)) - f64::from(bound),
            })
            .collect();
        if rules.weights == WeightDomain::Continuous {
            metric.colour(&mut w);
        }
        // A wish that a cut near a random site grants best.
        let at = self.rng.random_range(0..columns.len);
        let mut sums = Vec::new();
        clamp(&mut w, &rules.signs);
        columns.combine(&w, 0.0, &mut sums);
        self.site_saves.clear();
        self.site_saves.extend(sums.iter().map(|&sum| if sum >= sums[at] { 1 } else { -1 }));
        let (bias, signs, parameters) = (rules.bias, &rules.signs, &arena.parameters);
        let task = Task { columns, metric, saves: &self.site_saves, bias, signs, parameters };
        self.steps.stand(task, rules, &Plane { w, bias: 0.0 });
        let (plane, sums, _) = self.steps.place();
        let sums = sums.to_vec();
        self.install(k, j, &plane, sums);
    }
}

/// What the neurons of a walk must keep.
fn rules_of<'r>(arena: &'r Arena<'_>, choice: &'r Option<Choice>, k: usize) -> &'r Rules {
    choice.as_ref().filter(|_| k == 0).map_or(&arena.rules[k], |choice| &choice.rules)
}

static PLAIN: Metric = Metric::Plain;

/// The task of a neuron of layer `k` at its sites (the points, or the patterns of the layer below), from what firing saves
/// at each point.
fn sees<'a>(
    arena: &'a Arena<'_>,
    state: &State,
    k: usize,
    patterns: &'a mut Patterns,
    saves: &[i32],
    site_saves: &'a mut Vec<i32>,
) -> Task<'a> {
    let (bias, parameters) = (arena.rules[k].bias, &arena.parameters);
    if k == 0 {
        site_saves.clear();
        site_saves.extend_from_slice(saves);
        let (columns, metric) = (&arena.inputs.columns, &arena.inputs.metric);
        return Task { columns, metric, saves: site_saves, bias, signs: &[], parameters };
    }
    patterns.read(&state.layers[k - 1].fires, saves.len());
    patterns.collect(saves, site_saves);
    Task { columns: &patterns.columns, metric: &PLAIN, saves: site_saves, bias, signs: &[], parameters }
}

/// What firing saves at each pattern of a few inputs: bit r of the index is input r.
fn by_pattern(task: Task<'_>) -> Vec<i64> {
    let mut saves = vec![0; 1 << task.columns.dim];
    for (site, &value) in task.saves.iter().enumerate() {
        let fires = |r: usize| usize::from(task.columns.column(r)[site] > 0.0) << r;
        saves[(0..task.columns.dim).map(fires).sum::<usize>()] += i64::from(value);
    }
    saves
}
