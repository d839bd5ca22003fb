//! What a problem is: architecture, meaning of the data, and what is counted; common to model files and proof folders.

use super::names::Names;
use crate::field::{Field, Parsed};
use crate::json::Value;
use crate::number::{self, Rational};

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
pub(crate) enum Domain {
    /// Real, in [-1, 1].
    Continuous,
    /// Whole, in [-B, B].
    Integer(Rational),
}

/// The fields `architecture`, `scaler`, `schema` and `training` of a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Setting {
    pub inputs: usize,
    pub hidden: Vec<usize>,
    pub classes: usize,
    pub bias: bool,
    pub domain: Domain,
    pub scaler: Scaler,
    pub schema: Schema,
    pub loss: Loss,
    pub epsilon: Option<Rational>,
    pub robust: Option<(Norm, Rational)>,
    pub l0: Rational,
    pub l1: Rational,
    /// At most one for each of two classes.
    pub error_limits: Vec<ErrorLimit>,
    pub restrictions: Restrictions,
    /// What rows count, where they do not all count once.
    pub units: Option<Units>,
    /// Whether rows of the data were kept apart.
    pub kept_apart: bool,
    pub data_sha256: Located<String>,
    pub rows: Located<u64>,
    pub distinct_points: Located<u64>,
}

/// At most so many units of the rows of a class are wrong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ErrorLimit {
    pub class: usize,
    pub most: Located<u64>,
}

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
}

/// A value and the line it stands on, which does not count in comparisons.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub line: u64,
    pub value: T,
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T> Located<T> {
    pub fn read<'j>(field: &Field<'j>, value: impl Fn(&Field<'j>) -> Parsed<T>) -> Parsed<Self> {
        Ok(Self { line: field.line(), value: value(field)? })
    }
}

/// Scaled = (raw - shift) / divisor, exactly; divisors are positive.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scaler {
    pub shift: Vec<Rational>,
    pub divisor: Vec<Rational>,
}

/// What rows count: losses and bounds are whole numbers of a unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Units {
    /// What a unit is worth, as the file has it, and its value.
    pub text: String,
    pub unit: Rational,
    /// What a row of each class counts, beside its own weight.
    pub classes: Option<Vec<Rational>>,
    /// All training rows, in units.
    pub total: Located<u64>,
}

/// The column of what each row counts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WeightColumn {
    pub name: String,
    pub column: usize,
}

/// A column of categories: each of its values is a feature, called `name=value`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OneHot {
    pub name: String,
    pub column: usize,
    pub values: Names,
}

/// A column of the data that features come from.
#[derive(Clone, Copy)]
pub(crate) enum FeatureColumn<'s> {
    /// A feature of this name.
    Number(&'s String),
    /// A feature for each value.
    Categories(&'s OneHot),
}

impl FeatureColumn<'_> {
    pub fn name(&self) -> &String {
        match self {
            Self::Number(name) => name,
            Self::Categories(one_hot) => &one_hot.name,
        }
    }

    /// How many features it gives.
    pub fn width(&self) -> usize {
        match self {
            Self::Number(_) => 1,
            Self::Categories(one_hot) => one_hot.values.list().len(),
        }
    }
}

/// Meaning of the data's columns.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Schema {
    pub features: Vec<String>,
    pub named: bool,
    pub label: String,
    pub label_column: usize,
    pub weight: Option<WeightColumn>,
    /// Columns of categories, in the order of the file.
    pub one_hot: Vec<OneHot>,
    pub classes: Names,
    pub positive: Option<String>,
}

impl Schema {
    /// The columns that features come from, in the order of the file; `None` if they do not fit the features.
    pub fn feature_columns(&self) -> Option<Vec<FeatureColumn<'_>>> {
        let mut columns = vec![];
        let mut features = self.features.iter();
        let mut one_hot = self.one_hot.iter().peekable();
        let taken = |column: usize| {
            column == self.label_column || self.weight.as_ref().is_some_and(|weight| weight.column == column)
        };
        let mut column = 0;
        while features.len() > 0 {
            if let Some(categories) = one_hot.next_if(|one_hot| one_hot.column == column && !taken(column)) {
                for value in categories.values.list() {
                    features.next().filter(|name| **name == format!("{}={value}", categories.name))?;
                }
                columns.push(FeatureColumn::Categories(categories));
            } else if !taken(column) {
                columns.push(FeatureColumn::Number(features.next()?));
            }
            column += 1;
        }
        one_hot.next().is_none().then_some(columns)
    }
}

impl Setting {
    /// Reads the four fields of an object; they fit together.
    pub fn read(root: &Field<'_>) -> Parsed<Self> {
        let architecture = root.get("architecture")?;
        let classes = architecture.get("classes")?.size()?;
        if classes < 2 {
            return architecture.get("classes")?.wrong("at least 2 classes");
        }
        let inputs = architecture.get("inputs")?.size()?;
        let hidden: Vec<usize> = architecture.get("hidden")?.list()?.iter().map(Field::size).collect::<Parsed<_>>()?;
        if inputs == 0 || hidden.contains(&0) {
            return architecture.wrong("no layer without neurons");
        }
        let training = root.get("training")?;
        Ok(Self {
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
            error_limits: error_limits(&training, classes)?,
            restrictions: Restrictions::read(&training, inputs, classes)?,
            units: units(root, classes)?,
            kept_apart: training.optional("kept_apart").map(|field| kept_apart(&field)).transpose()?.unwrap_or(false),
            data_sha256: Located::read(&training.get("data_sha256")?, |field| field.text().map(str::to_owned))?,
            rows: Located::read(&training.get("rows")?, Field::natural)?,
            distinct_points: Located::read(&training.get("distinct_points")?, Field::natural)?,
            inputs,
            hidden,
            classes,
        })
    }

    /// Whether rows of this class may be in the data and none among those that count: kept apart, or of the weight 0.
    pub fn may_lack(&self, class: usize) -> bool {
        let weightless = |units: &Units| {
            let of_class = units.classes.as_ref().and_then(|weights| weights.get(class));
            self.schema.weight.is_some() || of_class.is_some_and(Rational::is_zero)
        };
        self.kept_apart || self.units.as_ref().is_some_and(weightless)
    }

    /// d_0, .., d_K.
    pub fn widths(&self) -> Vec<usize> {
        let outputs = if self.classes == 2 { 1 } else { self.classes };
        [self.inputs].into_iter().chain(self.hidden.iter().copied()).chain([outputs]).collect()
    }
}

/// `training.error_limits`; without the field there are none.
fn error_limits(training: &Field<'_>, classes: usize) -> Parsed<Vec<ErrorLimit>> {
    let Some(list) = training.optional("error_limits") else { return Ok(vec![]) };
    let mut limits: Vec<ErrorLimit> = vec![];
    for field in list.list()? {
        let class = field.get("class")?.size()?;
        if classes != 2 || class >= classes || limits.iter().any(|other| other.class == class) {
            return field.wrong("limits for two classes, one for each at most");
        }
        limits.push(ErrorLimit { class, most: Located::read(&field.get("most")?, Field::natural)? });
    }
    Ok(limits)
}

/// `training.kept_apart`: whether one of the shares is positive.
fn kept_apart(field: &Field<'_>) -> Parsed<bool> {
    let shares = [non_negative(&field.get("validation")?)?, non_negative(&field.get("test")?)?];
    Ok(shares.iter().any(|share| !share.is_zero()))
}

/// `training.units`; without it there is no column of weights either.
fn units(root: &Field<'_>, classes: usize) -> Parsed<Option<Units>> {
    let Some(field) = root.get("training")?.optional("units") else {
        return match root.get("schema")?.optional("weight") {
            Some(weight) => weight.wrong("`training.units` beside a column of weights"),
            None => Ok(None),
        };
    };
    let weight = |field: &Field<'_>| match number::exact(field.text()?) {
        Ok(value) if value >= Rational::ZERO => Ok(value),
        _ => field.wrong("a rational that is not negative, as text"),
    };
    let text = field.get("unit")?;
    let unit = weight(&text)?;
    if unit.is_zero() {
        return text.wrong("a positive rational, as text");
    }
    let of_classes =
        field.optional("classes").map(|field| field.list()?.iter().map(weight).collect::<Parsed<Vec<_>>>());
    let of_classes = of_classes.transpose()?;
    if of_classes.as_ref().is_some_and(|weights| weights.len() != classes) {
        return field.get("classes")?.wrong(&format!("{classes} class weights"));
    }
    let total = Located::read(&field.get("total")?, Field::natural)?;
    Ok(Some(Units { text: text.text()?.to_owned(), unit, classes: of_classes, total }))
}

fn domain(field: &Field<'_>) -> Parsed<Domain> {
    match field.value() {
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
        weight: field.optional("weight").map(|field| weight_column(&field)).transpose()?,
        one_hot: match field.optional("one_hot") {
            Some(list) => list.list()?.iter().map(one_hot).collect::<Parsed<_>>()?,
            None => vec![],
        },
        classes: Names::new(field.get("classes")?.texts()?),
        positive: field.optional("positive").map(|field| field.text().map(str::to_owned)).transpose()?,
    };
    if schema.features.len() != inputs {
        return field.get("features")?.wrong(&format!("{inputs} features"));
    }
    if schema.classes.list().len() != classes {
        return field.get("classes")?.wrong(&format!("{classes} classes"));
    }
    let Some(columns) = schema.feature_columns().map(|columns| columns.len()) else {
        return field.get("one_hot")?.wrong("columns whose values are features, in order");
    };
    let columns = columns + 1 + usize::from(schema.weight.is_some());
    if schema.label_column >= columns {
        return field.get("label_column")?.wrong("one of the columns");
    }
    if schema.weight.as_ref().is_some_and(|weight| weight.column >= columns || weight.column == schema.label_column) {
        return field.get("weight")?.wrong("one of the columns beside the label");
    }
    if schema.positive.is_some() && (classes != 2 || schema.positive.as_ref() != schema.classes.list().get(1)) {
        return field.get("positive")?.wrong("the second of two classes");
    }
    Ok(schema)
}

/// A column of categories has values, no two of which are one.
fn one_hot(field: &Field<'_>) -> Parsed<OneHot> {
    let values = Names::new(field.get("values")?.texts()?);
    if values.list().is_empty() || values.twice().is_some() {
        return field.get("values")?.wrong("different values");
    }
    Ok(OneHot { name: field.get("name")?.text()?.to_owned(), column: field.get("column")?.size()?, values })
}

fn weight_column(field: &Field<'_>) -> Parsed<WeightColumn> {
    Ok(WeightColumn { name: field.get("name")?.text()?.to_owned(), column: field.get("column")?.size()? })
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
