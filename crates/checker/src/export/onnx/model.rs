//! An ONNX file as nodes and constants: what the graphs of networks have, and nothing else.

use super::wire::{self, Wire, fields};
use crate::export::binary64::Binary64;
use std::collections::BTreeMap;

/// The elements of a tensor.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Elements {
    Real(Vec<Binary64>),
    Whole(Vec<i64>),
    Truth(Vec<bool>),
    Text(Vec<String>),
}

/// Numbers or texts and how many there are in each direction.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tensor {
    pub sizes: Vec<usize>,
    pub elements: Elements,
}

#[derive(Debug)]
pub(super) struct Node {
    pub operator: String,
    pub inputs: Vec<String>,
    pub output: String,
    pub attributes: BTreeMap<String, i64>,
}

#[derive(Debug, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    pub constants: BTreeMap<String, Tensor>,
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
}

/// The version of the operators that is read.
const OPSET: u64 = 13;
/// Numbers of types.
const INT64: u64 = 7;
const STRING: u64 = 8;
const DOUBLE: u64 = 11;

type Read<T> = Result<T, String>;

/// The graph of a file.
pub(super) fn read(bytes: &[u8]) -> Read<Graph> {
    let (mut graph, mut opset) = (None, None);
    for field in fields(bytes)? {
        match field {
            (7, Wire::Bytes(bytes)) => graph = Some(read_graph(bytes)?),
            (8, Wire::Bytes(bytes)) => {
                let version = fields(bytes)?.into_iter().find(|(number, _)| *number == 2);
                opset = version.map(|(_, version)| version);
            }
            _ => {}
        }
    }
    if opset != Some(Wire::Varint(OPSET)) {
        return Err(format!("the operators are not those of version {OPSET}"));
    }
    graph.ok_or_else(|| "no graph: this is no ONNX file of a network".to_owned())
}

fn read_graph(bytes: &[u8]) -> Read<Graph> {
    let mut graph = Graph::default();
    for field in fields(bytes)? {
        match field {
            (1, Wire::Bytes(bytes)) => graph.nodes.push(node(bytes)?),
            (5, Wire::Bytes(bytes)) => {
                let (name, tensor) = tensor(bytes)?;
                if graph.constants.insert(name.clone(), tensor).is_some() {
                    return Err(format!("two constants are called {name}"));
                }
            }
            (11, Wire::Bytes(bytes)) => graph.inputs.push(first_text(bytes)?),
            (12, Wire::Bytes(bytes)) => graph.outputs.push(first_text(bytes)?),
            _ => {}
        }
    }
    Ok(graph)
}

fn text(bytes: &[u8]) -> Read<String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| "a name that is not UTF-8".to_owned())
}

/// Field 1 of a message, a name.
fn first_text(bytes: &[u8]) -> Read<String> {
    match fields(bytes)?.into_iter().find(|(number, _)| *number == 1) {
        Some((_, Wire::Bytes(name))) => text(name),
        _ => Err("something without a name".to_owned()),
    }
}

fn node(bytes: &[u8]) -> Read<Node> {
    let (mut inputs, mut outputs, mut operator) = (vec![], vec![], String::new());
    let mut attributes = BTreeMap::new();
    for field in fields(bytes)? {
        match field {
            (1, Wire::Bytes(name)) => inputs.push(text(name)?),
            (2, Wire::Bytes(name)) => outputs.push(text(name)?),
            (4, Wire::Bytes(name)) => operator = text(name)?,
            (5, Wire::Bytes(bytes)) => {
                let value = fields(bytes)?.into_iter().find(|(number, _)| *number == 3);
                let Some((_, Wire::Varint(value))) = value else {
                    return Err(format!("an attribute of {operator} that is no whole number"));
                };
                attributes.insert(first_text(bytes)?, value.cast_signed());
            }
            _ => {}
        }
    }
    match <[String; 1]>::try_from(outputs) {
        Ok([output]) => Ok(Node { operator, inputs, output, attributes }),
        Err(_) => Err(format!("a node {operator} that has not one output")),
    }
}

fn tensor(bytes: &[u8]) -> Read<(String, Tensor)> {
    let (mut sizes, mut kind, mut name) = (vec![], 0, String::new());
    let (mut reals, mut whole, mut texts) = (vec![], vec![], vec![]);
    for field in fields(bytes)? {
        match field {
            (1, Wire::Varint(size)) => sizes.push(size),
            (1, Wire::Bytes(packed)) => sizes.extend(wire::varints(packed)?),
            (2, Wire::Varint(found)) => kind = found,
            (6, Wire::Bytes(bytes)) => texts.push(text(bytes)?),
            (7, Wire::Varint(value)) => whole.push(value.cast_signed()),
            (7, Wire::Bytes(packed)) => whole.extend(wire::varints(packed)?.into_iter().map(u64::cast_signed)),
            (8, Wire::Bytes(bytes)) => name = text(bytes)?,
            (10, Wire::Fixed64(bits)) => reals.push(finite(bits)?),
            (10, Wire::Bytes(packed)) => {
                let (numbers, rest) = packed.as_chunks::<8>();
                if !rest.is_empty() {
                    return Err("a list of floats that is cut off".to_owned());
                }
                for number in numbers {
                    reals.push(finite(u64::from_le_bytes(*number))?);
                }
            }
            (9 | 4 | 5 | 11 | 13 | 14, _) => {
                return Err(format!("the constant {name} is stored in a way that is not exported"));
            }
            _ => {}
        }
    }
    let elements = match kind {
        DOUBLE => Elements::Real(reals),
        INT64 => Elements::Whole(whole),
        STRING => Elements::Text(texts),
        _ => return Err(format!("the constant {name} has the type {kind}, which is not exported")),
    };
    let sizes: Option<Vec<usize>> = sizes.into_iter().map(|size| usize::try_from(size).ok()).collect();
    let sizes = sizes.unwrap_or_default();
    let count = sizes.iter().try_fold(1_usize, |count, &size| count.checked_mul(size));
    if count != Some(elements.len()) {
        return Err(format!("the constant {name} has {} elements, not {sizes:?}", elements.len()));
    }
    Ok((name, Tensor { sizes, elements }))
}

fn finite(bits: u64) -> Read<Binary64> {
    Binary64::from_bits(bits).ok_or_else(|| "a float that is not finite".to_owned())
}

impl Elements {
    pub fn len(&self) -> usize {
        match self {
            Self::Real(all) => all.len(),
            Self::Whole(all) => all.len(),
            Self::Truth(all) => all.len(),
            Self::Text(all) => all.len(),
        }
    }
}
