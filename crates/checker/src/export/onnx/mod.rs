//! Exported ONNX graphs: read and evaluated row by row.
//!
//! Entry points: [`Onnx::read`], [`Onnx::class`]. A row is a tensor of one row; that others beside it make no difference is
//! seen from the operators: what a row becomes is the first operand of each, and the others are constants that stand beside every row. The standard leaves it to the runtime in which order a product of matrices adds up.
//! Whole numbers that stay within 2^53 make that no matter, and are told apart from others row by row.

mod model;
mod wire;

use super::binary64::Binary64;
use super::predicted::Predicted;
use crate::number::Rational;
use crate::{Error, Source};
use model::{DOUBLE, Elements, Graph, INT64, Node, STRING, Tensor, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Whole numbers beyond this are not all floats.
const MOST: i128 = 1 << 53;

/// A graph that can be evaluated.
pub(super) struct Onnx {
    graph: Graph,
    /// The name of the input, and how many features it takes.
    input: (String, u64),
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
        let [Value { name, of: DOUBLE, sizes }] = &graph.inputs[..] else {
            return Err("a graph that has not one input of 64-bit floats".to_owned());
        };
        let &[None, Some(features)] = &sizes[..] else {
            return Err("a graph whose input is not any number of rows of so many features".to_owned());
        };
        let input = (name.clone(), features);
        let gathers = graph.nodes.iter().find(|node| node.output == LABEL);
        let labels = gathers.and_then(|node| graph.constants.get(node.inputs.first()?));
        let (classes, of) = match labels.map(|labels| &labels.elements) {
            Some(Elements::Text(texts)) => (texts.clone(), STRING),
            Some(Elements::Whole(numbers)) => (numbers.iter().map(ToString::to_string).collect(), INT64),
            _ => return Err("no names of classes".to_owned()),
        };
        let is_output =
            |(name, of)| graph.outputs.iter().any(|out| out.name == name && out.of == of && out.sizes == [None]);
        if graph.outputs.len() != 2 || ![(LABEL, of), (CLASS, INT64)].into_iter().all(is_output) {
            return Err(format!("the outputs are not {LABEL} and {CLASS}, one a row, and of their types"));
        }
        names(&graph, &input.0)?;
        Ok(Self { graph, input, classes })
    }

    /// The class of a row in raw units, and whether nothing was rounded on the way.
    pub fn class<'r>(&self, row: impl Iterator<Item = &'r Rational>, source: &Source<'_>) -> Result<Predicted, Error> {
        let mut known: BTreeMap<&str, Tensor> = BTreeMap::new();
        let mut is_exact = true;
        let elements = Elements::Real(row.map(Binary64::of).collect());
        let (input, features) = &self.input;
        if u64::try_from(elements.len()) != Ok(*features) {
            return Ok(Predicted::Fault(0, format!("the graph takes {features} features, not {}", elements.len())));
        }
        known.insert(input, Tensor { sizes: vec![1, elements.len()], elements });
        let mut held = 0;
        for node in &self.graph.nodes {
            let tensor = |name: &String| self.graph.constants.get(name).or_else(|| known.get(name.as_str()));
            let operands: Vec<&Tensor> = node.inputs.iter().filter_map(tensor).collect();
            source.spend(operands.iter().map(|operand| operand.elements.len()).sum::<usize>() + 1)?;
            let tensor = match made(node, &operands, &mut is_exact) {
                Ok(tensor) => tensor,
                Err(what) => return Ok(Predicted::Fault(0, format!("node {} {}: {what}", node.operator, node.output))),
            };
            source.hold(tensor.elements.len(), size_of::<Binary64>())?;
            held += tensor.elements.len();
            known.insert(&node.output, tensor);
        }
        source.budget().release(held, size_of::<Binary64>());
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

/// Every name is made once, before it is used; a constant stands where it is the same for every row, and nothing else there.
fn names(graph: &Graph, input: &str) -> Result<(), String> {
    let mut made = BTreeSet::from([input]);
    let is_constant = |name: &str| graph.constants.contains_key(name);
    if is_constant(input) {
        return Err(format!("{input} is an input and a constant"));
    }
    for Node { operator, inputs, output, .. } in &graph.nodes {
        // The class of a row is a place among the labels.
        let of_row = if operator == "Gather" { 1 } else { 0 };
        let fits =
            |(at, name): (usize, &String)| if at == of_row { made.contains(name.as_str()) } else { is_constant(name) };
        if !inputs.iter().enumerate().all(fits) {
            return Err(format!(
                "node {operator} {output}: an input that nothing made before, or not of rows and constants"
            ));
        }
        if output.is_empty() || is_constant(output) || !made.insert(output) {
            return Err(format!("node {operator}: its output `{output}` has no name of its own"));
        }
    }
    Ok(())
}

type Made = Result<Tensor, String>;

/// What a node makes of its operands; `exact` ends where something may be rounded.
fn made(node: &Node, operands: &[&Tensor], exact: &mut bool) -> Made {
    let attributes: Vec<(&str, i64)> = node.attributes.iter().map(|(name, &value)| (name.as_str(), value)).collect();
    match (node.operator.as_str(), &attributes[..], operands) {
        ("Sub", [], [a, b]) => arithmetic(a, b, Binary64::minus, |a, b, value| a - b == value, exact),
        ("Add", [], [a, b]) => arithmetic(a, b, Binary64::plus, |a, b, value| a + b == value, exact),
        ("Div", [], [a, b]) => arithmetic(a, b, Binary64::over, |a, b, value| value * b == a, exact),
        ("MatMul", [], [a, b]) => product(a, b, exact),
        ("GreaterOrEqual", [], [a, b]) => {
            let elements = Elements::Truth(pairs(a, b)?.into_iter().map(|(a, b)| a >= b).collect());
            Ok(Tensor { sizes: a.sizes.clone(), elements })
        }
        ("Cast", [("to", to)], [of]) => cast(of, *to),
        ("ArgMax", [("axis", 1), ("keepdims", 0)], [of]) => first_largest(of),
        ("Squeeze", [], [of, axes])
            if axes.sizes == [1] && axes.elements == Elements::Whole(vec![1]) && of.sizes == [1, 1] =>
        {
            Ok(Tensor { sizes: vec![1], elements: of.elements.clone() })
        }
        ("Gather", [] | [("axis", 0)], [of, at]) => gather(of, at),
        _ => Err("an operator, or a form of it, that is not exported".to_owned()),
    }
}

/// Element by element; not exact unless both are whole and so is what comes out, and no other number is nearer to it.
fn arithmetic(
    a: &Tensor,
    b: &Tensor,
    of: fn(Binary64, Binary64) -> Option<Binary64>,
    is_it: fn(i128, i128, i128) -> bool,
    exact: &mut bool,
) -> Made {
    let mut made = vec![];
    for (a, b) in pairs(a, b)? {
        let value = of(a, b).ok_or("a float beyond the largest")?;
        let whole = small(a).zip(small(b)).zip(small(value));
        *exact &= whole.is_some_and(|((a, b), value)| is_it(a, b, value));
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
            let both = small(*w).is_some() && small(*x).is_some();
            *size = size.filter(|_| both).and_then(|size| size.checked_add(term.to_whole()?.abs()));
        }
    }
    // Sums of terms that are whole and together no larger than this are exact in any order.
    *exact &= sizes.iter().all(|size| size.is_some_and(|size| size <= MOST));
    Ok(Tensor { sizes: vec![1, *d], elements: Elements::Real(sums) })
}

/// A whole number as such, if all as small are floats.
fn small(value: Binary64) -> Option<i128> {
    value.to_whole().filter(|whole| whole.abs() <= MOST)
}

/// The elements of a row and of what stands beside every row: as many, or a single one.
fn pairs(a: &Tensor, b: &Tensor) -> Result<Vec<(Binary64, Binary64)>, String> {
    let (Elements::Real(row), Elements::Real(beside)) = (&a.elements, &b.elements) else {
        return Err("no floats".to_owned());
    };
    let n = row.len();
    let fits = match b.sizes[..] {
        [] | [1, 1] => true,
        [size] | [1, size] => size == n || size == 1,
        _ => false,
    };
    if a.sizes != [1, n] || !fits {
        return Err(format!("a tensor of {:?} beside one of {:?}", b.sizes, a.sizes));
    }
    match &beside[..] {
        [single] => Ok(row.iter().map(|&a| (a, *single)).collect()),
        _ => Ok(row.iter().copied().zip(beside.iter().copied()).collect()),
    }
}

fn cast(of: &Tensor, to: i64) -> Made {
    let Elements::Truth(truths) = &of.elements else { return Err("a cast of numbers".to_owned()) };
    let elements = match u64::try_from(to) {
        Ok(DOUBLE) => {
            let one = Binary64::whole(1).unwrap_or(Binary64::ZERO);
            Elements::Real(truths.iter().map(|&truth| if truth { one } else { Binary64::ZERO }).collect())
        }
        Ok(INT64) => Elements::Whole(truths.iter().map(|&truth| i64::from(truth)).collect()),
        _ => return Err("a cast to a type that is not exported".to_owned()),
    };
    Ok(Tensor { sizes: of.sizes.clone(), elements })
}

/// The place of the first of the largest.
fn first_largest(of: &Tensor) -> Made {
    let Elements::Real(values) = &of.elements else { return Err("no floats".to_owned()) };
    if of.sizes != [1, values.len()] {
        return Err(format!("a tensor of {:?}, which is no row", of.sizes));
    }
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
    if of.sizes.len() != 1 {
        return Err(format!("places in a tensor of {:?}, which is no list", of.sizes));
    }
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
