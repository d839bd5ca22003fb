//! The model file: JSON of the format `heaviside-model`, version 1. Fields that the checks do not need are not read.

use super::setting::{Located, Setting};
use crate::field::{Field, Parsed};
use crate::json;
use crate::number::Rational;
use crate::{Error, Source};

/// A model file that fits together.
pub(crate) struct File {
    pub setting: Setting,
    pub layers: Vec<Layer>,
    pub claim: Claim,
}

/// One layer; `weights[j]` are those of neuron j.
pub(crate) struct Layer {
    pub line: u64,
    pub weights: Vec<Vec<Rational>>,
    pub biases: Vec<Rational>,
}

/// What the file says of its network on its data.
pub(crate) struct Claim {
    pub status: String,
    pub loss: Located<u64>,
    pub objective: Located<Rational>,
    pub bound: Located<Rational>,
}

impl File {
    pub fn read(source: &mut Source<'_>) -> Result<Self, Error> {
        let json = json::read(source)?;
        parse(&Field::root(&json)).map_err(|(line, what)| source.malformed_at(line, what))
    }
}

fn parse(root: &Field<'_>) -> Parsed<File> {
    root.is_format("heaviside-model")?;
    let setting = Setting::read(root)?;
    Ok(File {
        layers: layers(&root.get("network")?.get("layers")?, &setting.widths())?,
        claim: claim(&root.get("claim")?)?,
        setting,
    })
}

/// The layers, which fit together and have these widths.
fn layers(list: &Field<'_>, widths: &[usize]) -> Parsed<Vec<Layer>> {
    let fields = list.list()?;
    if fields.len() + 1 != widths.len() {
        return list.wrong(&format!("{} layers, as the architecture has", widths.len() - 1));
    }
    let mut layers = Vec::with_capacity(fields.len());
    for (field, (&inputs, &outputs)) in fields.iter().zip(widths.iter().zip(widths.iter().skip(1))) {
        if field.get("inputs")?.size()? != inputs || field.get("outputs")?.size()? != outputs {
            return field.wrong(&format!("a layer of {outputs} neurons on {inputs} inputs"));
        }
        let flat = field.get("weights")?.numbers()?;
        let biases = field.get("biases")?.numbers()?;
        if Some(flat.len()) != inputs.checked_mul(outputs) || biases.len() != outputs {
            return field.wrong(&format!("{outputs} x {inputs} weights and {outputs} biases"));
        }
        let weights = flat.chunks(inputs).map(<[Rational]>::to_vec).collect();
        layers.push(Layer { line: field.line(), weights, biases });
    }
    Ok(layers)
}

fn claim(field: &Field<'_>) -> Parsed<Claim> {
    Ok(Claim {
        status: field.get("status")?.text()?.to_owned(),
        loss: Located::read(&field.get("loss")?, Field::natural)?,
        objective: Located::read(&field.get("objective")?, Field::number)?,
        bound: Located::read(&field.get("bound")?, Field::number)?,
    })
}
