//! What a file says that weights keep to, and whether they do: found backwards, from the output to the features.

use super::setting::Located;
use crate::field::{Field, Parsed};
use crate::network::file::Layer;
use crate::number::Rational;
use std::cmp::Ordering;

/// `training.restrictions`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Restrictions {
    /// Features that the output follows in one direction, each once: upwards (`true`) or downwards.
    pub monotone: Vec<Located<(usize, bool)>>,
    /// How many features have weights.
    pub max_features: Option<Located<u64>>,
}

impl Restrictions {
    /// Without the field there are none.
    pub fn read(training: &Field<'_>, inputs: usize, classes: usize) -> Parsed<Self> {
        let Some(field) = training.optional("restrictions") else { return Ok(Self::default()) };
        let mut monotone: Vec<Located<(usize, bool)>> = vec![];
        let list = field.optional("monotone").map(|list| list.list()).transpose()?.unwrap_or_default();
        for item in list {
            let feature = item.get("feature")?.size()?;
            let rises = match item.get("direction")?.text()? {
                "nondecreasing" => true,
                "nonincreasing" => false,
                _ => return item.get("direction")?.wrong("nondecreasing or nonincreasing"),
            };
            if classes != 2 || feature >= inputs || monotone.iter().any(|other| other.value.0 == feature) {
                return item.wrong("directions of features for two classes, one for each at most");
            }
            monotone.push(Located { line: item.line(), value: (feature, rises) });
        }
        let most = field.optional("max_features").map(|field| Located::read(&field, Field::natural)).transpose()?;
        Ok(Self { monotone, max_features: most })
    }

    /// Whether the output is to follow feature `l` upwards or downwards.
    pub fn direction(&self, l: usize) -> Option<bool> {
        self.monotone.iter().find(|monotone| monotone.value.0 == l).map(|monotone| monotone.value.1)
    }

    /// The limit on features, if it limits anything of so many.
    pub fn fewer_features(&self, inputs: usize) -> Option<u64> {
        self.max_features.as_ref().map(|most| most.value).filter(|&most| most < inputs as u64)
    }

    /// What the weights do against them, with the line of the claim. `names` are those of the features.
    pub fn faults(&self, layers: &[Layer], names: &[String]) -> Vec<(u64, String)> {
        let mut faults = vec![];
        let ways = ways(layers);
        for Located { line, value: (feature, rises) } in &self.monotone {
            let Some(&(with, against)) = ways.get(*feature) else { continue };
            if (*rises && against) || (!*rises && with) {
                let name = names.get(*feature).map_or("", String::as_str);
                let direction = if *rises { "nondecreasing" } else { "nonincreasing" };
                let name = crate::model::shorten(name);
                faults.push((
                    *line,
                    format!("claims to be {direction} in `{name}`, but some path of its weights is not"),
                ));
            }
        }
        if let Some(most) = &self.max_features {
            let used = ways.len().min(used(layers));
            if used as u64 > most.value {
                faults
                    .push((most.line, format!("claims at most {} features with weights, but {used} have", most.value)));
            }
        }
        faults
    }
}

/// How many inputs have a weight that is not 0.
fn used(layers: &[Layer]) -> usize {
    let Some(first) = layers.first() else { return 0 };
    let inputs = first.weights.first().map_or(0, Vec::len);
    (0..inputs).filter(|&l| first.weights.iter().any(|row| row.get(l).is_some_and(|w| !w.is_zero()))).count()
}

/// Of every input, whether paths of non-zero weights lead from it to an output with a positive product, and with a negative one.
fn ways(layers: &[Layer]) -> Vec<(bool, bool)> {
    let outputs = layers.last().map_or(0, |layer| layer.weights.len());
    let mut ways = vec![(true, false); outputs];
    for layer in layers.iter().rev() {
        let inputs = layer.weights.first().map_or(0, Vec::len);
        let mut before = vec![(false, false); inputs];
        for (row, &(with, against)) in layer.weights.iter().zip(&ways) {
            for (w, way) in row.iter().zip(&mut before) {
                let (more, less) = match w.cmp(&Rational::ZERO) {
                    Ordering::Greater => (with, against),
                    Ordering::Less => (against, with),
                    Ordering::Equal => continue,
                };
                way.0 |= more;
                way.1 |= less;
            }
        }
        ways = before;
    }
    ways
}
