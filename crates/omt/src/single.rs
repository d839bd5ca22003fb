//! Chains of single hidden neurons: the same functions as no hidden layer at all.
//!
//! Behind one hidden neuron h, a layer of one neuron computes h, not h or a constant. With biases in ideal semantics a
//! half-space's complement is a half-space too (there are finitely many points) and so is everything, so the chain
//! does what its first neuron alone can do, and the engine for single neurons trains it. Without biases it is another class:
//! the complement of a cone through 0 is not one of the kind "fires at 0".

use crate::{Error, linear};
use bdnn::{Layer, Limits, Network, Problem, Progress, SearchRow, Training};

/// The problem without its hidden layers, if those are a chain of single neurons and [`linear::train`] takes it.
pub(crate) fn without_chain(problem: &Problem) -> Option<Problem> {
    let architecture = &problem.architecture;
    let chain = !architecture.hidden.is_empty() && architecture.hidden.iter().all(|&d| d == 1);
    if !chain || architecture.classes != 2 || !architecture.bias {
        return None;
    }
    let mut plain = problem.clone();
    plain.architecture.hidden.clear();
    linear::supports(&plain).is_ok().then_some(plain)
}

/// Trains the chain of `problem` by way of `plain`, its [`without_chain`].
///
/// # Errors
/// As [`crate::train`].
pub(crate) fn train(
    problem: &Problem,
    plain: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    progress: &dyn Progress,
) -> Result<Training, Error> {
    let length = problem.architecture.hidden.len();
    let given = match start {
        Some(network) => Some((network.clone(), bdnn::exact::check(problem, network)?)),
        None => None,
    };
    // The first neuron is a start of its own where it is as good as the chain.
    let head = given.as_ref().map(|(network, _)| Network { layers: network.layers[..1].to_vec() });
    let worse = |network: &Network| {
        let least = given.as_ref().map_or(0, |(_, loss)| *loss);
        bdnn::exact::check(plain, network).is_ok_and(|loss| loss > least)
    };
    let head = head.filter(|network| !worse(network));
    let mut training = linear::train(plain, limits, head.as_ref(), &Lengthened { progress, length })?;
    training.network = training.network.map(|network| lengthen(network, length));
    if let Some((network, loss)) = given.filter(|(_, loss)| training.network.is_none() || *loss < training.loss) {
        (training.network, training.loss) = (Some(network), loss);
        training.objective = loss as f64;
    }
    Ok(training)
}

/// The network of one neuron followed by `length` neurons that repeat it.
fn lengthen(mut network: Network, length: usize) -> Network {
    let repeat = Layer { inputs: 1, outputs: 1, weights: vec![1.0], biases: vec![-0.5] };
    network.layers.extend(std::iter::repeat_n(repeat, length));
    network
}

/// Passes on what is told about the plain problem.
struct Lengthened<'a> {
    progress: &'a dyn Progress,
    length: usize,
}

impl Progress for Lengthened<'_> {
    fn should_stop(&self) -> bool {
        self.progress.should_stop()
    }

    fn row(&self, row: &SearchRow) {
        self.progress.row(row);
    }

    fn incumbent(&self, network: &Network, objective: f64) {
        self.progress.incumbent(&lengthen(network.clone(), self.length), objective);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Loss, Points, Scaler, Silent, Status, WeightDomain};

    fn problem(hidden: &[usize], bias: bool) -> Problem {
        let labels = [1, 1, 0, 0, 1, 0, 0, 1];
        let rows: Vec<f64> = (0..8).map(f64::from).collect();
        let hidden = hidden.to_vec();
        let architecture = Architecture { inputs: 1, hidden, classes: 2, bias, weights: WeightDomain::Continuous };
        Problem::new(Points::merge(1, 2, &rows, &labels, Scaler::identity(1)), architecture, Loss::ZeroOne)
    }

    #[test]
    fn a_chain_is_as_good_as_its_head() {
        let limits = Limits::default();
        for hidden in [&[1][..], &[1, 1, 1]] {
            let problem = problem(hidden, true);
            assert!(without_chain(&problem).is_some());
            let training = crate::train(&problem, &limits, None, &Silent).expect("sound");
            assert_eq!((training.status, training.loss), (Status::Optimal, 2));
            let network = training.network.expect("optimal");
            assert_eq!(bdnn::exact::check(&problem, &network), Ok(2));
        }
        assert!(without_chain(&problem(&[1], false)).is_none());
        assert!(without_chain(&problem(&[2], true)).is_none());
    }

    #[test]
    fn a_start_is_never_lost() {
        let problem = problem(&[1], true);
        // Fires up to 1.5, by way of a head that fires beyond.
        let head = Layer { inputs: 1, outputs: 1, weights: vec![1.0], biases: vec![-1.5] };
        let flip = Layer { inputs: 1, outputs: 1, weights: vec![-1.0], biases: vec![0.5] };
        let start = Network { layers: vec![head, flip] };
        let limits = Limits { time: 0.0, ..Limits::default() };
        let training = crate::train(&problem, &limits, Some(&start), &Silent).expect("sound");
        assert_eq!(training.loss, 2);
    }
}
