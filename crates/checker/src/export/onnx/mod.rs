//! Exported ONNX graphs: read and evaluated row by row.
//!
//! Entry points: [`Onnx::read`], [`Onnx::class`]. The standard leaves it to the runtime in which order a product of matrices adds up.
//! Whole numbers that stay within 2^53 make that no matter, and are told apart from others row by row.

mod model;
mod wire;

use super::binary64::Binary64;
use super::predicted::Predicted;
use crate::number::Rational;
use crate::{Error, Source};
use model::{Elements, Graph, Node, Tensor};
use std::collections::BTreeMap;

/// Whole numbers beyond this are not all floats.
const MOST: i128 = 1 << 53;

/// The type that `Cast` is told to make.
const DOUBLE: i64 = 11;
const INT64: i64 = 7;

/// A graph that can be evaluated.
pub(super) struct Onnx {
    graph: Graph,
    input: String,
    /// Its names of the classes.
    pub classes: Vec<String>,
}

/// The outputs that a network has.
const LABEL: &str = "output_label";
const CLASS: &str = "class_index";

impl Onnx {
    /// The graph in a file.
    pub fn read(bytes: &[u8], source: &Source<'_>) -> Result<Self, Error> {
        Self::parse(bytes).map_err(|what| source.malformed_at(0, what))
    }

    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let graph = model::read(bytes)?;
        let [input] = &graph.inputs[..] else { return Err("a graph that has not one input".to_owned()) };
        let input = input.clone();
        if ![LABEL, CLASS].iter().all(|name| graph.outputs.iter().any(|output| output == name)) {
            return Err(format!("a graph without the outputs {LABEL} and {CLASS}"));
        }
        let gathers = graph.nodes.iter().find(|node| node.output == LABEL);
        let labels = gathers.and_then(|node| graph.constants.get(node.inputs.first()?));
        let classes = match labels.map(|labels| &labels.elements) {
            Some(Elements::Text(texts)) => texts.clone(),
            Some(Elements::Whole(numbers)) => numbers.iter().map(ToString::to_string).collect(),
            _ => return Err("no names of classes".to_owned()),
        };
        Ok(Self { graph, input, classes })
    }

    /// The class of a row in raw units, and whether nothing was rounded on the way.
    pub fn class(&self, row: &[Rational], source: &Source<'_>) -> Result<Predicted, Error> {
        let mut known: BTreeMap<&str, Tensor> = BTreeMap::new();
        let mut is_exact = true;
        let elements = Elements::Real(row.iter().map(Binary64::of).collect());
        known.insert(&self.input, Tensor { sizes: vec![1, row.len()], elements });
        for node in &self.graph.nodes {
            let tensor = |name: &String| self.graph.constants.get(name).or_else(|| known.get(name.as_str()));
            let operands: Vec<&Tensor> = node.inputs.iter().filter_map(tensor).collect();
            source.spend(operands.iter().map(|operand| operand.elements.len()).sum::<usize>() + 1)?;
            match made(node, &operands, &mut is_exact) {
                Ok(tensor) => known.insert(&node.output, tensor),
                Err(what) => return Ok(Predicted::Fault(0, format!("node {} {}: {what}", node.operator, node.output))),
            };
        }
        // The label is that of the class: what the file says it is.
        let one = |name: &str| known.get(name).map(|tensor| tensor.elements.clone());
        let (class, label) = match (one(CLASS), one(LABEL)) {
            (Some(Elements::Whole(class)), Some(Elements::Text(label))) => (class, label.first().cloned()),
            (Some(Elements::Whole(class)), Some(Elements::Whole(label))) => {
                (class, label.first().map(ToString::to_string))
            }
            _ => return Ok(Predicted::Fault(0, "no class comes out".to_owned())),
        };
        let class = class.first().and_then(|&class| usize::try_from(class).ok());
        match class.filter(|&class| self.classes.get(class) == label.as_ref()) {
            Some(class) => Ok(Predicted::Class { class, is_exact }),
            None => Ok(Predicted::Fault(0, "the label is not that of the class".to_owned())),
        }
    }
}

type Made = Result<Tensor, String>;

/// What a node makes of its operands; `exact` ends where something may be rounded.
fn made(node: &Node, operands: &[&Tensor], exact: &mut bool) -> Made {
    let attribute = |name: &str| node.attributes.get(name).copied();
    if operands.len() != node.inputs.len() {
        return Err("an input that nothing makes".to_owned());
    }
    match (node.operator.as_str(), operands) {
        ("Sub", [a, b]) => arithmetic(a, b, Binary64::minus, exact),
        ("Add", [a, b]) => arithmetic(a, b, Binary64::plus, exact),
        ("Div", [a, b]) => arithmetic(a, b, Binary64::over, exact),
        ("MatMul", [a, b]) => product(a, b, exact),
        ("GreaterOrEqual", [a, b]) => {
            let elements = Elements::Truth(pairs(a, b)?.into_iter().map(|(a, b)| a >= b).collect());
            Ok(Tensor { sizes: a.sizes.clone(), elements })
        }
        ("Cast", [of]) => cast(of, attribute("to")),
        ("ArgMax", [of]) if attribute("axis") == Some(1) && attribute("keepdims") == Some(0) => first_largest(of),
        ("Squeeze", [of, axes]) if axes.elements == Elements::Whole(vec![1]) && of.sizes == [1, 1] => {
            Ok(Tensor { sizes: vec![1], elements: of.elements.clone() })
        }
        ("Gather", [of, at]) if attribute("axis").unwrap_or(0) == 0 => gather(of, at),
        _ => Err("an operator, or a form of it, that is not exported".to_owned()),
    }
}

/// Element by element; not exact unless both are whole and so is what comes out.
fn arithmetic(a: &Tensor, b: &Tensor, of: fn(Binary64, Binary64) -> Option<Binary64>, exact: &mut bool) -> Made {
    let mut made = vec![];
    for (a, b) in pairs(a, b)? {
        let value = of(a, b).ok_or("a float beyond the largest")?;
        *exact &= [a, b, value].into_iter().all(is_small);
        made.push(value);
    }
    Ok(Tensor { sizes: a.sizes.clone(), elements: Elements::Real(made) })
}

/// A row times a matrix, added up from the first term on.
fn product(a: &Tensor, b: &Tensor, exact: &mut bool) -> Made {
    let (Elements::Real(row), Elements::Real(matrix), [n, d]) = (&a.elements, &b.elements, &b.sizes[..]) else {
        return Err("no row of floats and matrix".to_owned());
    };
    if row.len() != *n || a.sizes != [1, *n] || *d == 0 {
        return Err(format!("a row of {} and a matrix with {n} rows", row.len()));
    }
    let mut sums = vec![Binary64::ZERO; *d];
    let mut sizes = vec![Some(0_i128); *d];
    for (x, weights) in row.iter().zip(matrix.chunks(*d)) {
        for ((sum, size), w) in sums.iter_mut().zip(&mut sizes).zip(weights) {
            let term = w.times(*x).ok_or("a float beyond the largest")?;
            *sum = sum.plus(term).ok_or("a float beyond the largest")?;
            let both = is_small(*w) && is_small(*x);
            *size = size.filter(|_| both).and_then(|size| size.checked_add(term.to_whole()?.abs()));
        }
    }
    // Sums of terms that are whole and together no larger than this are exact in any order.
    *exact &= sizes.iter().all(|size| size.is_some_and(|size| size <= MOST));
    Ok(Tensor { sizes: vec![1, *d], elements: Elements::Real(sums) })
}

/// Whether a number is whole and so are all as small.
fn is_small(value: Binary64) -> bool {
    value.to_whole().is_some_and(|whole| whole.abs() <= MOST)
}

/// The elements of two lists of floats side by side; a single one on the right stands beside all.
fn pairs(a: &Tensor, b: &Tensor) -> Result<Vec<(Binary64, Binary64)>, String> {
    let (Elements::Real(a), Elements::Real(b)) = (&a.elements, &b.elements) else { return Err("no floats".to_owned()) };
    match &b[..] {
        [single] => Ok(a.iter().map(|&a| (a, *single)).collect()),
        _ if a.len() == b.len() => Ok(a.iter().copied().zip(b.iter().copied()).collect()),
        _ => Err(format!("{} beside {} elements", a.len(), b.len())),
    }
}

fn cast(of: &Tensor, to: Option<i64>) -> Made {
    let Elements::Truth(truths) = &of.elements else { return Err("a cast of numbers".to_owned()) };
    let elements = match to {
        Some(DOUBLE) => {
            let one = Binary64::whole(1).unwrap_or(Binary64::ZERO);
            Elements::Real(truths.iter().map(|&truth| if truth { one } else { Binary64::ZERO }).collect())
        }
        Some(INT64) => Elements::Whole(truths.iter().map(|&truth| i64::from(truth)).collect()),
        _ => return Err("a cast to a type that is not exported".to_owned()),
    };
    Ok(Tensor { sizes: of.sizes.clone(), elements })
}

/// The place of the first of the largest.
fn first_largest(of: &Tensor) -> Made {
    let Elements::Real(values) = &of.elements else { return Err("no floats".to_owned()) };
    let mut best: Option<(i64, Binary64)> = None;
    for (at, &value) in (0..).zip(values) {
        if best.is_none_or(|(_, most)| value > most) {
            best = Some((at, value));
        }
    }
    let (at, _) = best.ok_or("no outputs")?;
    Ok(Tensor { sizes: vec![1], elements: Elements::Whole(vec![at]) })
}

fn gather(of: &Tensor, at: &Tensor) -> Made {
    let Elements::Whole(places) = &at.elements else { return Err("places that are no whole numbers".to_owned()) };
    let places: Option<Vec<usize>> = places.iter().map(|&place| usize::try_from(place).ok()).collect();
    let places = places.ok_or("a place below 0")?;
    let elements = match &of.elements {
        Elements::Text(all) => {
            places.iter().map(|&place| all.get(place).cloned()).collect::<Option<_>>().map(Elements::Text)
        }
        Elements::Whole(all) => {
            places.iter().map(|&place| all.get(place).copied()).collect::<Option<_>>().map(Elements::Whole)
        }
        _ => None,
    };
    Ok(Tensor { sizes: at.sizes.clone(), elements: elements.ok_or("a place beyond the end")? })
}
