//! Whether weights keep to what a file says of them: found backwards, from the output to the features.

use super::file::Layer;
use super::setting::{Located, Restrictions};
use crate::number::Rational;
use std::cmp::Ordering;

/// What the weights do against them, with the line of the claim. `names` are those of the features.
pub fn faults(restrictions: &Restrictions, layers: &[Layer], names: &[String]) -> Vec<(u64, String)> {
    let mut faults = vec![];
    let ways = ways(layers);
    for Located { line, value: (feature, rises) } in &restrictions.monotone {
        let Some(&(with, against)) = ways.get(*feature) else { continue };
        if (*rises && against) || (!*rises && with) {
            let name = names.get(*feature).map_or("", String::as_str);
            let direction = if *rises { "nondecreasing" } else { "nonincreasing" };
            let name = crate::model::shorten(name);
            faults.push((*line, format!("claims to be {direction} in `{name}`, but some path of its weights is not")));
        }
    }
    if let Some(most) = &restrictions.max_features {
        let used = ways.len().min(used(layers));
        if used as u64 > most.value {
            faults.push((most.line, format!("claims at most {} features with weights, but {used} have", most.value)));
        }
    }
    faults
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
