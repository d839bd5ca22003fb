//! Exported JSON: the network in it, over the reals.
//!
//! Entry points: [`Plain::read`], [`Plain::class`]. Its numbers are the binary64 numbers that their decimals stand for.

use crate::field::{Field, Parsed};
use crate::json;
use crate::network::file::Layer;
use crate::network::layers::{Network, class};
use crate::network::setting::Scaler;
use crate::number::Rational;
use crate::{Error, Source};

/// A network as plain JSON has it.
pub(super) struct Plain {
    network: Network,
    /// Its names of the classes.
    pub classes: Vec<String>,
    /// Its names of the features.
    pub features: Vec<String>,
    /// Whether all its numbers are whole, so that readers with floats round nothing.
    pub is_whole: bool,
}

impl Plain {
    /// The network in a text.
    pub fn read(text: &str, source: &Source<'_>) -> Result<Self, Error> {
        let json = json::parse(text).map_err(|(line, what)| source.malformed_at(line, what))?;
        parse(&Field::root(&json)).map_err(|(line, what)| source.malformed_at(line, what))
    }

    /// The class of a row in raw units.
    pub fn class(&self, row: &[Rational]) -> usize {
        self.network.values(row).last().map_or(0, |outputs| class(outputs))
    }

    pub fn size(&self) -> usize {
        self.network.size()
    }
}

fn parse(root: &Field<'_>) -> Parsed<Plain> {
    root.is_format("heaviside-network")?;
    let features = root.get("features")?.list()?;
    let features: Vec<String> =
        features.iter().map(|feature| Ok(feature.get("name")?.text()?.to_owned())).collect::<Parsed<_>>()?;
    let classes = root.get("classes")?.texts()?;
    let fields = root.get("layers")?.list()?;
    let mut width = features.len();
    let same = Scaler { shift: vec![Rational::ZERO; width], divisor: vec![Rational::ONE; width] };
    let mut scaler = same.clone();
    let mut layers = vec![];
    for (k, field) in fields.iter().enumerate() {
        if let Some(shift) = field.optional("shift") {
            scaler = Scaler { shift: shift.numbers()?, divisor: field.get("divisor")?.numbers()? };
            let is_map = k == 0 && scaler.shift.len() == width && scaler.divisor.len() == width;
            if !is_map || scaler.divisor.iter().any(|divisor| *divisor <= Rational::ZERO) {
                return field.wrong(&format!("{width} shifts and positive divisors, in the first layer alone"));
            }
        }
        let weights: Vec<Vec<Rational>> =
            field.get("weights")?.list()?.iter().map(Field::numbers).collect::<Parsed<_>>()?;
        let biases = field.get("biases")?.numbers()?;
        if biases.is_empty() || biases.len() != weights.len() || weights.iter().any(|row| row.len() != width) {
            return field.wrong(&format!("rows of {width} weights, and as many biases as rows"));
        }
        width = weights.len();
        layers.push(Layer { line: field.line(), weights, biases });
    }
    let outputs = if classes.len() == 2 { 1 } else { classes.len() };
    if layers.is_empty() || width != outputs {
        return root.get("layers")?.wrong(&format!("layers that end in {outputs} outputs"));
    }
    let mut numbers = layers.iter().flat_map(|layer| layer.weights.iter().flatten().chain(&layer.biases));
    let is_whole = numbers.all(Rational::is_int) && scaler == same;
    let network = Network::new(&layers, &scaler).map_err(|what| (0, what))?;
    Ok(Plain { network, classes, features, is_whole })
}
