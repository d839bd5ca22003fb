//! A first network with hidden layers: what single neurons can do, handed on from layer to layer.

use super::parameters::Parameters;
use super::train::{applies, train};
use bdnn::{Layer, Limits, Loss, Network, Problem, Quiet, Request};

/// For whole weights with biases: the best single neurons of a short search as the first neurons of every layer. `None` where layers are too
/// narrow, weights real or parts share their activations.
pub(crate) fn start(request: Request<'_>) -> Option<Network> {
    let Request { problem, limits, progress, .. } = request;
    let architecture = &problem.architecture;
    let (widths, outputs) = (architecture.widths(), architecture.outputs());
    if architecture.hidden.is_empty() || !architecture.bias || architecture.hidden.iter().any(|&width| width < outputs)
    {
        return None;
    }
    let mut single = Problem { loss: Loss::Hamming, ..problem.clone() };
    single.architecture.hidden.clear();
    if !applies(&single) {
        return None;
    }
    let Parameters { start_nodes, start_share, .. } = limits.settings.of();
    let limits = Limits { nodes: limits.nodes.min(start_nodes), time: limits.time * start_share, ..limits.clone() };
    let neurons = train(Request::new(&single, &limits).with_progress(&Quiet(&|| progress.should_stop())), None)
        .ok()?
        .network?
        .layers
        .pop()?;
    let mut layers: Vec<Layer> = widths.windows(2).map(|width| Layer::zeros(width[0], width[1])).collect();
    layers[0].weights[..neurons.weights.len()].copy_from_slice(&neurons.weights);
    layers[0].biases[..outputs].copy_from_slice(&neurons.biases);
    for layer in &mut layers[1..] {
        for j in 0..outputs {
            layer.weights[j * layer.inputs + j] = 1.0;
            // Rests at -1, which is within every margin that whole weights can have here.
            layer.biases[j] = -1.0;
        }
    }
    let network = Network { layers };
    bdnn::exact::check(problem, &network).is_ok().then_some(network)
}
