//! The model file: JSON of the format `heaviside-model`, version 1. Fields that the checks do not need are not read.

use crate::json::{self, Json, Value};
use crate::model::shorten;
use crate::number::{self, Rational};
use crate::{Error, Source};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Sum over rows and outputs of |target - output|.
    Hamming,
    /// Number of rows with any wrong output.
    ZeroOne,
}

/// Norm of the perturbation in robust training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    /// Every feature moves by at most the radius.
    Linf,
    /// The absolute moves add up to at most the radius.
    L1,
}

/// What the weights may be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Domain {
    /// Real, in [-1, 1].
    Continuous,
    /// Whole, in [-B, B].
    Integer(Rational),
}

/// A model file that fits together.
pub(super) struct File {
    pub layers: Vec<Layer>,
    pub scaler: Scaler,
    pub schema: Schema,
    pub domain: Domain,
    pub bias: bool,
    pub loss: Loss,
    pub epsilon: Option<Rational>,
    pub robust: Option<(Norm, Rational)>,
    pub l0: Rational,
    pub l1: Rational,
    pub claim: Claim,
}

/// One layer; `weights[j]` are those of neuron j.
pub(super) struct Layer {
    pub line: u64,
    pub weights: Vec<Vec<Rational>>,
    pub biases: Vec<Rational>,
}

/// Scaled = (raw - shift) / divisor, exactly; divisors are positive.
pub(super) struct Scaler {
    pub shift: Vec<Rational>,
    pub divisor: Vec<Rational>,
}

/// Meaning of the data's columns.
pub(super) struct Schema {
    pub features: Vec<String>,
    pub named: bool,
    pub label: String,
    pub label_column: usize,
    pub classes: Vec<String>,
    pub positive: Option<String>,
}

/// A value and the line it stands on.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Located<T> {
    pub line: u64,
    pub value: T,
}

/// What the file says of its network on its data.
pub(super) struct Claim {
    pub status: String,
    pub loss: Located<u64>,
    pub objective: Located<Rational>,
    pub bound: Located<Rational>,
    pub data_sha256: Located<String>,
    pub rows: Located<u64>,
    pub distinct_points: Located<u64>,
}

impl File {
    pub fn read(source: &mut Source<'_>) -> Result<Self, Error> {
        let json = json::read(source)?;
        let root = Field { json: &json, path: String::new() };
        parse(&root).map_err(|(line, what)| source.malformed_at(line, what))
    }
}

type Parsed<T> = Result<T, (u64, String)>;

/// A value of the file and the way to it.
struct Field<'j> {
    json: &'j Json,
    path: String,
}

impl<'j> Field<'j> {
    fn wrong<T>(&self, expected: &str) -> Parsed<T> {
        Err((self.json.line, format!("field `{}`: expected {expected}", shorten(&self.path))))
    }

    /// The entry under `key`; `None` if it is not there or null.
    fn optional(&self, key: &str) -> Option<Field<'j>> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let json = self.json.get(key).filter(|json| !matches!(json.value, Value::Null))?;
        Some(Field { json, path })
    }

    fn get(&self, key: &str) -> Parsed<Field<'j>> {
        match self.optional(key) {
            Some(field) => Ok(field),
            None => self.wrong(&format!("an object with the field `{key}`")),
        }
    }

    fn text(&self) -> Parsed<&'j str> {
        match &self.json.value {
            Value::Text(text) => Ok(text),
            _ => self.wrong("a text"),
        }
    }

    fn boolean(&self) -> Parsed<bool> {
        match &self.json.value {
            Value::Bool(value) => Ok(*value),
            _ => self.wrong("true or false"),
        }
    }

    fn natural(&self) -> Parsed<u64> {
        match &self.json.value {
            Value::Number(text) => text.parse().or_else(|_| self.wrong("a natural number")),
            _ => self.wrong("a natural number"),
        }
    }

    fn size(&self) -> Parsed<usize> {
        usize::try_from(self.natural()?).or_else(|_| self.wrong("a smaller number"))
    }

    /// A number, meant as the binary64 nearest to it.
    fn number(&self) -> Parsed<Rational> {
        match &self.json.value {
            Value::Number(text) => number::binary64(text).or_else(|error| self.wrong(&format!("a number ({error})"))),
            _ => self.wrong("a number"),
        }
    }

    fn list(&self) -> Parsed<Vec<Field<'j>>> {
        match &self.json.value {
            Value::List(items) => {
                let item = |(i, json)| Field { json, path: format!("{}[{i}]", self.path) };
                Ok(items.iter().enumerate().map(item).collect())
            }
            _ => self.wrong("a list"),
        }
    }

    fn texts(&self) -> Parsed<Vec<String>> {
        self.list()?.iter().map(|item| item.text().map(str::to_owned)).collect()
    }

    fn numbers(&self) -> Parsed<Vec<Rational>> {
        self.list()?.iter().map(Self::number).collect()
    }

    fn located<T>(&self, value: impl Fn(&Self) -> Parsed<T>) -> Parsed<Located<T>> {
        Ok(Located { line: self.json.line, value: value(self)? })
    }
}

fn parse(root: &Field<'_>) -> Parsed<File> {
    match root.optional("format").map(|field| field.text()).transpose()? {
        Some("heaviside-model") => {}
        _ => return root.wrong("`format` to be `heaviside-model`"),
    }
    if root.get("version")?.natural()? != 1 {
        return root.get("version")?.wrong("version 1");
    }
    let architecture = root.get("architecture")?;
    let classes = architecture.get("classes")?.size()?;
    let layers = layers(root, &architecture, classes)?;
    let inputs = architecture.get("inputs")?.size()?;
    let training = root.get("training")?;
    Ok(File {
        scaler: scaler(&root.get("scaler")?, inputs)?,
        schema: schema(&root.get("schema")?, inputs, classes)?,
        domain: domain(&architecture.get("weights")?)?,
        bias: architecture.get("bias")?.boolean()?,
        loss: match training.get("loss")?.text()? {
            "hamming" => Loss::Hamming,
            "zero-one" => Loss::ZeroOne,
            _ => return training.get("loss")?.wrong("hamming or zero-one"),
        },
        epsilon: training.optional("epsilon").map(|field| positive(&field)).transpose()?,
        robust: training.optional("robust").map(|field| robust(&field)).transpose()?,
        l0: non_negative(&training.get("l0")?)?,
        l1: non_negative(&training.get("l1")?)?,
        claim: claim(&root.get("claim")?, &training)?,
        layers,
    })
}

/// The layers, which fit together and have the widths that the architecture says.
fn layers(root: &Field<'_>, architecture: &Field<'_>, classes: usize) -> Parsed<Vec<Layer>> {
    if classes < 2 {
        return architecture.get("classes")?.wrong("at least 2 classes");
    }
    let mut widths = vec![architecture.get("inputs")?.size()?];
    for width in architecture.get("hidden")?.list()? {
        widths.push(width.size()?);
    }
    widths.push(if classes == 2 { 1 } else { classes });
    if widths.contains(&0) {
        return architecture.wrong("no layer without neurons");
    }
    let list = root.get("network")?.get("layers")?;
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
        layers.push(Layer { line: field.json.line, weights, biases });
    }
    Ok(layers)
}

fn domain(field: &Field<'_>) -> Parsed<Domain> {
    match &field.json.value {
        Value::Text(text) if text == "continuous" => Ok(Domain::Continuous),
        Value::Object(_) => Ok(Domain::Integer(Rational::from(field.get("integer")?.natural()?))),
        _ => field.wrong("`continuous` or `{\"integer\": B}`"),
    }
}

fn scaler(field: &Field<'_>, inputs: usize) -> Parsed<Scaler> {
    let scaler = Scaler { shift: field.get("shift")?.numbers()?, divisor: field.get("divisor")?.numbers()? };
    if scaler.shift.len() != inputs || scaler.divisor.len() != inputs {
        return field.wrong(&format!("{inputs} shifts and divisors"));
    }
    if scaler.divisor.iter().any(|divisor| *divisor <= Rational::ZERO) {
        return field.get("divisor")?.wrong("positive divisors");
    }
    Ok(scaler)
}

fn schema(field: &Field<'_>, inputs: usize, classes: usize) -> Parsed<Schema> {
    let schema = Schema {
        features: field.get("features")?.texts()?,
        named: field.get("named")?.boolean()?,
        label: field.get("label")?.text()?.to_owned(),
        label_column: field.get("label_column")?.size()?,
        classes: field.get("classes")?.texts()?,
        positive: field.optional("positive").map(|field| field.text().map(str::to_owned)).transpose()?,
    };
    if schema.features.len() != inputs {
        return field.get("features")?.wrong(&format!("{inputs} features"));
    }
    if schema.classes.len() != classes {
        return field.get("classes")?.wrong(&format!("{classes} classes"));
    }
    if schema.label_column > inputs {
        return field.get("label_column")?.wrong("one of the columns");
    }
    if schema.positive.is_some() && (classes != 2 || schema.positive.as_ref() != schema.classes.get(1)) {
        return field.get("positive")?.wrong("the second of two classes");
    }
    Ok(schema)
}

fn non_negative(field: &Field<'_>) -> Parsed<Rational> {
    let value = field.number()?;
    if value < Rational::ZERO { field.wrong("a number that is not negative") } else { Ok(value) }
}

fn positive(field: &Field<'_>) -> Parsed<Rational> {
    let value = field.number()?;
    if value <= Rational::ZERO { field.wrong("a positive number or null") } else { Ok(value) }
}

fn robust(field: &Field<'_>) -> Parsed<(Norm, Rational)> {
    let norm = match field.get("norm")?.text()? {
        "linf" => Norm::Linf,
        "l1" => Norm::L1,
        _ => return field.get("norm")?.wrong("linf or l1"),
    };
    Ok((norm, non_negative(&field.get("radius")?)?))
}

fn claim(field: &Field<'_>, training: &Field<'_>) -> Parsed<Claim> {
    Ok(Claim {
        status: field.get("status")?.text()?.to_owned(),
        loss: field.get("loss")?.located(Field::natural)?,
        objective: field.get("objective")?.located(Field::number)?,
        bound: field.get("bound")?.located(Field::number)?,
        data_sha256: training.get("data_sha256")?.located(|field| field.text().map(str::to_owned))?,
        rows: training.get("rows")?.located(Field::natural)?,
        distinct_points: training.get("distinct_points")?.located(Field::natural)?,
    })
}
