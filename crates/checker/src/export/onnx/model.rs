//! An ONNX file as nodes and constants: what the graphs of networks have, and nothing else.

use super::wire::{self, Form, Wire};
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

#[derive(Debug, Default)]
pub(super) struct Node {
    pub operator: String,
    pub inputs: Vec<String>,
    pub output: String,
    pub attributes: BTreeMap<String, i64>,
}

/// What goes in or comes out: its type, and its sizes where they are given.
#[derive(Debug, Default)]
pub(super) struct Value {
    pub name: String,
    pub of: u64,
    pub sizes: Vec<Option<u64>>,
}

#[derive(Debug, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    pub constants: BTreeMap<String, Tensor>,
    pub inputs: Vec<Value>,
    pub outputs: Vec<Value>,
}

/// The version of the operators that is read.
const OPSET: u64 = 13;
/// Numbers of types.
pub(super) const INT64: u64 = 7;
pub(super) const STRING: u64 = 8;
pub(super) const DOUBLE: u64 = 11;
/// The type of an attribute that is one whole number.
const WHOLE: u64 = 2;

// Field numbers of onnx.proto. Names and descriptions of nodes, producers and versions of models, and what is said of the types in between mean
// nothing for what is computed; functions, other tensors, and whatever comes with later versions do, and are not listed.
const MODEL: Form = Form { name: "the model", once: &[7], often: &[8], ignored: &[1, 2, 3, 4, 5, 6, 14] };
const OPERATORS: Form = Form { name: "a set of operators", once: &[1, 2], often: &[], ignored: &[] };
const GRAPH: Form = Form { name: "the graph", once: &[], often: &[1, 5, 11, 12], ignored: &[2, 10, 13, 16] };
const NODE: Form = Form { name: "a node", once: &[4, 7], often: &[1, 2, 5], ignored: &[3, 6, 9] };
const ATTRIBUTE: Form = Form { name: "an attribute", once: &[1, 3, 20], often: &[], ignored: &[13] };
const TENSOR: Form = Form { name: "a constant", once: &[2, 8], often: &[1, 6, 7, 10], ignored: &[12, 16] };
const VALUE: Form = Form { name: "an input or output", once: &[1, 2], often: &[], ignored: &[3, 4] };
const TYPE: Form = Form { name: "a type", once: &[1], often: &[], ignored: &[6] };
const TENSOR_TYPE: Form = Form { name: "a type of tensors", once: &[1, 2], often: &[], ignored: &[] };
const SHAPE: Form = Form { name: "a shape", once: &[], often: &[1], ignored: &[] };
const DIMENSION: Form = Form { name: "a dimension", once: &[1, 2], often: &[], ignored: &[3] };

type Read<T> = Result<T, String>;

/// The graph of a file.
pub(super) fn read(bytes: &[u8]) -> Read<Graph> {
    let (mut graph, mut sets) = (None, vec![]);
    MODEL.read(bytes, |number, value| {
        match (number, value) {
            (7, Wire::Bytes(bytes)) => graph = Some(read_graph(bytes)?),
            (8, Wire::Bytes(bytes)) => sets.push(operators(bytes)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    match &sets[..] {
        [(domain, OPSET)] if is_standard(domain) => {}
        _ => return Err(format!("the operators are not those of version {OPSET} alone")),
    }
    graph.ok_or_else(|| "no graph: this is no ONNX file of a network".to_owned())
}

/// Whether a domain is that of the standard.
fn is_standard(domain: &str) -> bool {
    matches!(domain, "" | "ai.onnx")
}

/// Domain and version.
fn operators(bytes: &[u8]) -> Read<(String, u64)> {
    let mut set = (String::new(), 0);
    OPERATORS.read(bytes, |number, value| {
        match (number, value) {
            (1, Wire::Bytes(domain)) => set.0 = text(domain)?,
            (2, Wire::Varint(version)) => set.1 = version,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(set)
}

fn read_graph(bytes: &[u8]) -> Read<Graph> {
    let mut graph = Graph::default();
    GRAPH.read(bytes, |number, value| {
        let Wire::Bytes(bytes) = value else { return Ok(false) };
        match number {
            1 => graph.nodes.push(node(bytes)?),
            5 => {
                let (name, tensor) = tensor(bytes)?;
                if graph.constants.insert(name.clone(), tensor).is_some() {
                    return Err(format!("two constants are called {name}"));
                }
            }
            11 => graph.inputs.push(read_value(bytes)?),
            _ => graph.outputs.push(read_value(bytes)?),
        }
        Ok(true)
    })?;
    Ok(graph)
}

fn text(bytes: &[u8]) -> Read<String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| "a name that is not UTF-8".to_owned())
}

fn node(bytes: &[u8]) -> Read<Node> {
    let mut node = Node::default();
    let mut outputs = vec![];
    NODE.read(bytes, |number, value| {
        let Wire::Bytes(bytes) = value else { return Ok(false) };
        match number {
            1 => node.inputs.push(text(bytes)?),
            2 => outputs.push(text(bytes)?),
            4 => node.operator = text(bytes)?,
            5 => {
                let (name, value) = attribute(bytes)?;
                if node.attributes.insert(name.clone(), value).is_some() {
                    return Err(format!("a node with two attributes {name}"));
                }
            }
            _ if is_standard(&text(bytes)?) => {}
            _ => return Err(format!("a node of the domain {}", text(bytes)?)),
        }
        Ok(true)
    })?;
    match <[String; 1]>::try_from(outputs) {
        Ok([output]) => Ok(Node { output, ..node }),
        Err(_) => Err(format!("a node {} that has not one output", node.operator)),
    }
}

/// Name and value.
fn attribute(bytes: &[u8]) -> Read<(String, i64)> {
    let (mut name, mut whole, mut of) = (String::new(), None, 0);
    ATTRIBUTE.read(bytes, |number, value| {
        match (number, value) {
            (1, Wire::Bytes(bytes)) => name = text(bytes)?,
            (3, Wire::Varint(value)) => whole = Some(value.cast_signed()),
            (20, Wire::Varint(found)) => of = found,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    match whole {
        Some(whole) if of == WHOLE => Ok((name, whole)),
        _ => Err(format!("an attribute {name} that is no whole number")),
    }
}

fn tensor(bytes: &[u8]) -> Read<(String, Tensor)> {
    let (mut sizes, mut kind, mut name) = (vec![], 0, String::new());
    let (mut reals, mut whole, mut texts) = (vec![], vec![], vec![]);
    TENSOR.read(bytes, |number, value| {
        match (number, value) {
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
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let stored = reals.len() + whole.len() + texts.len();
    let elements = match kind {
        DOUBLE => Elements::Real(reals),
        INT64 => Elements::Whole(whole),
        STRING => Elements::Text(texts),
        _ => return Err(format!("the constant {name} has the type {kind}, which is not exported")),
    };
    let sizes: Option<Vec<usize>> = sizes.into_iter().map(|size| usize::try_from(size).ok()).collect();
    let sizes = sizes.unwrap_or_default();
    let count = sizes.iter().try_fold(1_usize, |count, &size| count.checked_mul(size));
    if count != Some(elements.len()) || elements.len() != stored {
        return Err(format!("the constant {name} has {stored} elements, not {sizes:?} of its type"));
    }
    Ok((name, Tensor { sizes, elements }))
}

fn finite(bits: u64) -> Read<Binary64> {
    Binary64::from_bits(bits).ok_or_else(|| "a float that is not finite".to_owned())
}

fn read_value(bytes: &[u8]) -> Read<Value> {
    let mut value = Value::default();
    let mut of = None;
    VALUE.read(bytes, |number, field| {
        let Wire::Bytes(bytes) = field else { return Ok(false) };
        if number == 1 {
            value.name = text(bytes)?;
            return Ok(true);
        }
        TYPE.read(bytes, |_, field| {
            let Wire::Bytes(bytes) = field else { return Ok(false) };
            TENSOR_TYPE.read(bytes, |number, field| {
                match (number, field) {
                    (1, Wire::Varint(found)) => of = Some(found),
                    (2, Wire::Bytes(bytes)) => value.sizes = shape(bytes)?,
                    _ => return Ok(false),
                }
                Ok(true)
            })?;
            Ok(true)
        })?;
        Ok(true)
    })?;
    match of {
        Some(of) => Ok(Value { of, ..value }),
        None => Err(format!("the input or output {} has no type", value.name)),
    }
}

/// The sizes, `None` where any will do.
fn shape(bytes: &[u8]) -> Read<Vec<Option<u64>>> {
    let mut sizes = vec![];
    SHAPE.read(bytes, |_, field| {
        let Wire::Bytes(bytes) = field else { return Ok(false) };
        let (mut size, mut is_free) = (None, false);
        DIMENSION.read(bytes, |_, field| {
            match field {
                Wire::Varint(found) => size = Some(found),
                _ => is_free = true,
            }
            Ok(size.is_none() || !is_free)
        })?;
        sizes.push(size);
        Ok(true)
    })?;
    Ok(sizes)
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
