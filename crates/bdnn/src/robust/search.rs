//! Depth-first search over the activations that the ball can change.

use super::confirm::{Ball, Exact};
use super::deeper::{Deeper, Threat};
use super::random::vertex;
use super::tableau::{Asked, Guess};
use super::vertex::push;
use super::worst_case::{Attack, Verdict, WorstCase};
use crate::exact::Inputs;
use crate::{Rational, Stop};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Random vertices tried before the search.
const SAMPLES: usize = 32;
/// Nodes that a decision in rationals counts for.
const EXACT_NODES: u64 = 100;

/// Moves that the exact forward pass has seen.
#[derive(Clone, Debug)]
enum Moves {
    Floats(Vec<f64>),
    Rationals(Vec<Rational>),
}

/// A point of the ball with its activations.
#[derive(Clone, Debug)]
struct Seen {
    moves: Moves,
    first: Vec<bool>,
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    On,
    /// An attack was found, or the work is used up.
    Stop,
}

struct Search<'a> {
    ball: Ball<'a>,
    deeper: &'a Deeper,
    class: usize,
    /// Activations that are fixed by the ball or by the path to the node.
    wanted: Vec<Option<bool>>,
    /// The row of each open neuron in the tableau.
    row: Vec<Option<usize>>,
    open: Vec<usize>,
    tableau: Asked,
    nodes_left: u64,
    stop: &'a Stop<'a>,
    attack: Option<Attack>,
    /// Some node could not be decided.
    unknown: bool,
}

/// The verdict for a network with hidden layers.
pub(super) fn decide(case: &WorstCase<'_>, deeper: &Deeper, at: Inputs, stop: &Stop<'_>) -> Verdict {
    let wanted = case.fixed(at);
    let neurons = &case.network.layers[0];
    let open: Vec<usize> = (0..neurons.len()).filter(|&j| wanted[j].is_none()).collect();
    if open.is_empty() {
        return Verdict::Certified;
    }
    let mut row = vec![None; neurons.len()];
    open.iter().enumerate().for_each(|(r, &j)| row[j] = Some(r));
    let rows: Vec<&[f64]> = open.iter().map(|&j| neurons[j].weights()).collect();
    let centre = open.iter().map(|&j| neurons[j].estimate(at.scaled).value).collect();
    let ball = Ball { case, at };
    let here =
        Seen { first: ball.activations(&vec![0.0; at.raw.len()]), moves: Moves::Floats(vec![0.0; at.raw.len()]) };
    let mut search = Search {
        class: case.network.class_after(&here.first),
        ball,
        deeper,
        wanted,
        row,
        tableau: Asked::new(&rows, centre, case.ball),
        open,
        nodes_left: case.work,
        stop,
        attack: None,
        unknown: false,
    };
    if search.sample() == Flow::On && search.explore(&here) == Flow::Stop && search.attack.is_none() {
        search.unknown = true;
    }
    match search.attack {
        Some(attack) => Verdict::Attackable(attack),
        None if search.unknown => Verdict::Undecided,
        None => Verdict::Certified,
    }
}

impl Search<'_> {
    /// Tries vertices: those that push one neuron as far as it goes, then random ones from a fixed stream.
    fn sample(&mut self) -> Flow {
        let case = self.ball.case;
        if matches!(self.deeper.threat(&self.wanted, self.class), Threat::None) {
            return Flow::On;
        }
        let mut random = ChaCha8Rng::seed_from_u64(0);
        let features = self.ball.at.raw.len();
        for i in 0..self.open.len() + SAMPLES {
            let delta = match self.open.get(i) {
                Some(&j) => {
                    let neuron = &case.network.layers[0][j];
                    let fires = neuron.estimate(self.ball.at.scaled).value >= 0.0;
                    push(neuron.weights(), case.ball, if fires { -1.0 } else { 1.0 })
                }
                None => vertex(features, case.ball, &mut random),
            };
            if (self.stop)() || self.try_out(self.seen(delta)).is_none() {
                return Flow::Stop;
            }
        }
        Flow::On
    }

    fn seen(&self, delta: Vec<f64>) -> Seen {
        Seen { first: self.ball.activations(&delta), moves: Moves::Floats(delta) }
    }

    /// Gives the point back unless it is an attack.
    fn try_out(&mut self, seen: Seen) -> Option<Seen> {
        let class = self.ball.case.network.class_after(&seen.first);
        if class == self.class {
            return Some(seen);
        }
        self.attack = Some(match &seen.moves {
            Moves::Floats(delta) => Attack::from_floats(delta, class),
            Moves::Rationals(delta) => Attack { delta: delta.clone(), class },
        });
        None
    }

    /// Searches below the node that `wanted` describes; `here` has its activations and the class of the centre.
    fn explore(&mut self, here: &Seen) -> Flow {
        let branch = match self.deeper.threat(&self.wanted, self.class) {
            Threat::None => return Flow::On,
            Threat::Possible(branch) => branch,
        };
        let next = || self.open.iter().copied().find(|&j| self.wanted[j].is_none());
        let Some((j, harmful)) = branch.or_else(|| next().map(|j| (j, !here.first[j]))) else {
            // All are fixed, and the exact forward pass has seen the class of these activations.
            return Flow::On;
        };
        for fires in [harmful, !harmful] {
            let row = self.row[j].expect("only open neurons are branched on");
            let bounds = self.tableau.bounds(row);
            self.tableau.assert(row, fires);
            self.wanted[j] = Some(fires);
            let flow = if here.first[j] == fires { self.explore(here) } else { self.enter() };
            self.wanted[j] = None;
            self.tableau.restore(row, bounds);
            if flow == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::On
    }

    /// Looks for a point with the wanted activations, and searches on from it.
    fn enter(&mut self) -> Flow {
        if self.nodes_left == 0 || (self.stop)() {
            return Flow::Stop;
        }
        self.nodes_left -= 1;
        for attempt in 0..2 {
            if attempt > 0 {
                self.tableau.refresh();
            }
            match self.tableau.check(self.stop) {
                Guess::Feasible(delta) => {
                    let seen = self.seen(self.ball.inside(delta));
                    if self.agrees(&seen) {
                        return self.go_on(seen);
                    }
                }
                Guess::Infeasible(multipliers) => {
                    let multipliers: Vec<(usize, f64)> =
                        multipliers.into_iter().map(|(row, mu)| (self.open[row], mu)).collect();
                    if self.ball.refutes(&multipliers, &self.wanted) {
                        return Flow::On;
                    }
                }
                Guess::Unknown => {}
            }
        }
        self.enter_exactly()
    }

    /// As [`Self::enter`], where no guess could be confirmed.
    fn enter_exactly(&mut self) -> Flow {
        self.nodes_left = self.nodes_left.saturating_sub(EXACT_NODES);
        let asked: Vec<Option<bool>> =
            (0..self.wanted.len()).map(|j| self.wanted[j].filter(|_| self.row[j].is_some())).collect();
        match self.ball.decide(&asked, self.stop) {
            Exact::Infeasible => Flow::On,
            Exact::Feasible(delta) => {
                let seen = Seen { first: self.ball.activations_exactly(&delta), moves: Moves::Rationals(delta) };
                debug_assert!(self.agrees(&seen), "the simplex is exact");
                self.go_on(seen)
            }
            Exact::TooLarge => {
                self.unknown = true;
                Flow::On
            }
        }
    }

    fn go_on(&mut self, seen: Seen) -> Flow {
        match self.try_out(seen) {
            Some(seen) => self.explore(&seen),
            None => Flow::Stop,
        }
    }

    fn agrees(&self, seen: &Seen) -> bool {
        self.wanted.iter().zip(&seen.first).all(|(wanted, fires)| wanted.is_none_or(|wanted| wanted == *fires))
    }
}
