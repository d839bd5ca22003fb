//! In which part a network is: its canonical form, as the formulas have it.

use super::{Condition, Cube, Form, style};
use crate::cube::part_of;
use crate::encode::{self, Order, Sites, Threshold};
use crate::engine::Style;
use bdnn::exact::{self, ExactNetwork};
use bdnn::{Network, Problem, Request, Scaler, Stop};

/// What the canonical form of a network does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The number of the output function, where functions are told apart.
    function: Option<usize>,
    /// By part and neuron of the first layer.
    fires: Vec<Vec<bool>>,
}

impl Place {
    /// Whether the network is in this part.
    #[must_use]
    pub fn is_in(&self, problem: &Problem, cube: &Cube) -> bool {
        cube.terms.iter().all(|&(condition, holds)| match condition {
            Condition::Function(number) => (self.function == Some(number)) == holds,
            Condition::Fires { neuron, point } => {
                let part = (point < problem.points.len()).then(|| part_of(problem, point));
                part.and_then(|part| self.fires[part].get(neuron)) == Some(&holds)
            }
        })
    }
}

/// How networks of a problem are brought into the canonical form that the formulas have.
///
/// ```
/// use bdnn::{Architecture, Layer, Limits, Loss, Network, Points, Problem, Request, Scaler, WeightDomain};
/// use omt::cubes::{Canonical, Condition, Cube, Form};
///
/// let points = Points::merge(1, 2, &[0.0, 1.0, 2.0], &[0, 1, 0], Scaler::identity(1));
/// let architecture =
///     Architecture { inputs: 1, hidden: vec![2], classes: 2, bias: true, weights: WeightDomain::Continuous };
/// let problem = Problem::new(points, architecture, Loss::Hamming);
/// // Fires between 0.5 and 1.5.
/// let first = Layer { inputs: 1, outputs: 2, weights: vec![1.0, 1.0], biases: vec![-0.5, -1.5] };
/// let last = Layer { inputs: 2, outputs: 1, weights: vec![1.0, -1.0], biases: vec![-1.0] };
/// let network = Network { layers: vec![first, last] };
/// let limits = Limits::default();
/// let canonical = Canonical::new(Request::new(&problem, &limits), Form::Ordered, &|| false).unwrap();
/// let place = canonical.place(&network, &|| false).unwrap();
/// let fires = |neuron, point| Condition::Fires { neuron, point };
/// let inside = |condition| place.is_in(&problem, &Cube::default().with(condition, true));
/// // The second neuron is complemented, and comes first.
/// assert!(inside(fires(0, 0)) && inside(fires(0, 1)) && !inside(fires(1, 0)) && inside(fires(1, 1)));
/// ```
#[derive(Debug)]
pub struct Canonical<'a> {
    problem: &'a Problem,
    sites: Sites,
    style: Style,
    /// What the output may compute of the first layer, where functions are told apart.
    functions: Option<Vec<Threshold>>,
    /// Whether a neuron may be complemented.
    complement: bool,
}

impl<'a> Canonical<'a> {
    /// For a problem and a way to write formulas; `None` once `stop` says so. Cost O(m C).
    #[must_use]
    pub fn new(request: Request<'a>, form: Form, stop: &Stop<'_>) -> Option<Self> {
        let problem = request.problem;
        let style = style(problem, request, form).of_problem(problem);
        let functions = encode::cases(problem).filter(|_| style.functions);
        let complement = encode::turns(problem) && problem.epsilon.is_none();
        Some(Self { problem, sites: Sites::new_within(problem, stop)?, style, functions, complement })
    }

    /// Where a network is found among the parts. `None` if it has no canonical form (an output that ignores neurons where weights are whole,
    /// or follow features), or `stop` says so. Cost: an exact forward pass.
    #[must_use]
    pub fn place(&self, network: &Network, stop: &Stop<'_>) -> Option<Place> {
        let Self { problem, sites, style, functions, complement } = self;
        let patterns = exact::patterns_within(&problem.points, network, stop)?;
        let first = |part: &Vec<u32>| patterns[part[0] as usize][0].clone();
        let columns = Columns { fires: sites.points.iter().map(first).collect() };
        match functions {
            Some(functions) => columns.shallow(problem, network, functions, (sites, style.labels, style.order)),
            None => {
                let orders = style.order == Order::Full && !problem.architecture.hidden.is_empty();
                Some(if orders { columns.layered(*complement) } else { columns.done(None) })
            }
        }
    }
}

/// What the neurons of the first layer do, by part.
struct Columns {
    fires: Vec<Vec<bool>>,
}

impl Columns {
    fn done(self, function: Option<usize>) -> Place {
        Place { function, fires: self.fires }
    }

    fn width(&self) -> usize {
        self.fires.first().map_or(0, Vec::len)
    }

    fn column(&self, neuron: usize) -> Vec<bool> {
        self.fires.iter().map(|row| row[neuron]).collect()
    }

    fn set(&mut self, neuron: usize, value: impl Fn(bool) -> bool) {
        self.fires.iter_mut().for_each(|row| row[neuron] = value(row[neuron]));
    }

    /// Neuron j becomes what neuron `order[j]` was.
    fn exchange(&mut self, order: &[usize]) {
        self.fires.iter_mut().for_each(|row| *row = order.iter().map(|&j| row[j]).collect());
    }

    /// As truth tables have it: all fire at the first part, and columns fall.
    fn layered(mut self, complement: bool) -> Place {
        for neuron in 0..self.width() {
            if complement && !self.fires[0][neuron] {
                self.set(neuron, |fires| !fires);
            }
        }
        let mut order: Vec<usize> = (0..self.width()).collect();
        order.sort_by_key(|&neuron| std::cmp::Reverse(self.column(neuron)));
        self.exchange(&order);
        self.done(None)
    }

    /// As the formula of an output function has it.
    fn shallow(
        mut self,
        problem: &Problem,
        network: &Network,
        functions: &[Threshold],
        (sites, labels, order): (&Sites, bool, Order),
    ) -> Option<Place> {
        let width = self.width();
        let mut table = match &network.layers[1..] {
            [] => vec![false, true],
            [output, ..] => {
                let output = ExactNetwork::new(&Network { layers: vec![output.clone()] }, &Scaler::identity(width));
                let bits = |p: usize| (0..width).map(|j| f64::from(u8::from(p >> j & 1 == 1))).collect::<Vec<f64>>();
                (0..1_usize << width).map(|p| output.outputs(&bits(p))[0]).collect::<Vec<bool>>()
            }
        };
        for j in 0..width {
            if (0..table.len()).any(|p| p >> j & 1 == 0 && table[p] && !table[p | 1 << j]) {
                table = (0..table.len()).map(|p| table[p ^ 1 << j]).collect();
                self.set(j, |fires| !fires);
            }
            if (0..table.len()).all(|p| table[p] == table[p ^ 1 << j]) {
                // A constant neuron, and a function that depends on it.
                let never = !table.contains(&true);
                table = (0..table.len()).map(|p| p >> j & 1 == 1 && (never || table[p])).collect();
                self.set(j, |_| !never);
            }
        }
        let all = functions.iter().enumerate();
        let found = permutations(width).into_iter().find_map(|inputs| {
            let view = |p: usize| (0..width).map(|j| (p >> inputs[j] & 1) << j).sum::<usize>();
            let same = |f: &Threshold| (0..table.len()).all(|p| f.at(view(p)) == table[p]);
            all.clone().find(|(_, f)| same(f)).map(|(number, f)| (inputs, number, f))
        });
        let (inputs, number, function) = found?;
        self.exchange(&inputs);
        // Rows that the formula has, as far as it compares them.
        let has = |part: &usize| sites.preference(*part).1 > 0 || sites.all_decided || labels;
        let (from, rows) = match order {
            Order::Full => (1, usize::MAX),
            Order::LastPair { rows } => (width.max(2) - 1, rows),
        };
        let compared: Vec<usize> = (0..sites.len()).filter(has).take(rows).collect();
        let mut inputs: Vec<usize> = (0..width).collect();
        let mut at = from.saturating_sub(1);
        while at < width {
            let end = (at + 1..width).find(|&j| !function.symmetric(j - 1, j)).unwrap_or(width);
            let key = |&j: &usize| compared.iter().map(|&part| self.fires[part][j]).collect::<Vec<bool>>();
            inputs[at..end].sort_by_key(|j| std::cmp::Reverse(key(j)));
            at = end;
        }
        self.exchange(&inputs);
        debug_assert_eq!(problem.architecture.classes, 2, "functions are of one output");
        Some(self.done(Some(number)))
    }
}

fn permutations(width: usize) -> Vec<Vec<usize>> {
    let longer = |all: Vec<Vec<usize>>, next: usize| {
        let insert =
            |order: Vec<usize>| (0..=order.len()).map(move |at| [&order[..at], &[next], &order[at..]].concat());
        all.into_iter().flat_map(insert).collect()
    };
    (0..width).fold(vec![vec![]], longer)
}
