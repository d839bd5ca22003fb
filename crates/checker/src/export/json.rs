//! Exported JSON: the network in it, over the reals.
//!
//! Entry points: [`Plain::read`], [`Plain::class`]. Its numbers are the binary64 numbers that their decimals stand for. Who reads them computes
//! with floats, most likely: that rounds nothing where all numbers are whole, those of the row included, and no sum is beyond 2^53.

use super::rounding::Sizes;
use crate::field::{Field, Parsed};
use crate::json;
use crate::network::file::Layer;
use crate::network::layers::{Network, class};
use crate::network::setting::Scaler;
use crate::network::sparse::Sparse;
use crate::number::Rational;
use crate::{Error, Source};

/// A network as plain JSON has it.
pub(super) struct Plain {
    network: Network,
    /// Its names of the classes.
    pub classes: Vec<String>,
    /// Its names of the features.
    pub features: Vec<String>,
    /// If all its numbers are whole: how large sums get.
    sizes: Option<Sizes>,
}

impl Plain {
    /// The network in a text.
    pub fn read(text: &str, source: &Source<'_>) -> Result<Self, Error> {
        let json = json::parse(text).map_err(|(line, what)| source.malformed_at(line, what))?;
        parse(&Field::root(&json)).map_err(|(line, what)| source.malformed_at(line, what))
    }

    /// The class of a row in raw units, and whether readers with floats round nothing there.
    pub fn class(&self, row: &Sparse) -> (usize, bool) {
        let values = self.network.values(row);
        let is_exact = self.sizes.as_ref().is_some_and(|sizes| sizes.are_exact(row, &values));
        (values.last().map_or(0, |outputs| class(outputs)), is_exact)
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
    let sizes = is_whole.then(|| Sizes::new(&layers, &scaler.divisor));
    let network = Network::new(&layers, &scaler);
    Ok(Plain { network, classes, features, sizes })
}
