//! The problem and the network as the kernel file states them.
//!
//! Without a margin, with biases, without a ball and with real weights, nothing depends on where the inputs begin and in what they are measured, so the points stand there in raw units and the
//! weights of the first layer are converted; else shifts and divisors stand beside them. The numbers of a folder are binary64, so all of them are whole numbers of some
//! unit.

use crate::error::Error;
use dashu_base::{Gcd, UnsignedAbs};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The fields of one JSON file.
struct Fields<'v>(&'static str, &'v Value);

impl<'v> Fields<'v> {
    fn wrong(&self, path: &str, wanted: &str) -> Error {
        Error::Malformed { file: self.0, what: format!("{path}: {wanted} expected") }
    }

    fn at(&self, path: &str) -> Result<&'v Value, Error> {
        self.1.pointer(path).ok_or_else(|| self.wrong(path, "a value"))
    }

    /// What stands there unless it is missing or null.
    fn optional(&self, path: &str) -> Option<Fields<'v>> {
        self.1.pointer(path).filter(|value| !value.is_null()).map(|value| Fields(self.0, value))
    }

    fn list(&self, path: &str) -> Result<&'v [Value], Error> {
        self.at(path)?.as_array().map(Vec::as_slice).ok_or_else(|| self.wrong(path, "a list"))
    }

    fn naturals(&self, path: &str) -> Result<Vec<u64>, Error> {
        let natural = |value: &Value| value.as_u64().ok_or_else(|| self.wrong(path, "whole numbers"));
        self.list(path)?.iter().map(natural).collect()
    }

    fn number(&self, path: &str) -> Result<RBig, Error> {
        exact(self.at(path)?).ok_or_else(|| self.wrong(path, "a number"))
    }

    fn numbers(&self, path: &str) -> Result<Vec<RBig>, Error> {
        let number = |value: &Value| exact(value).ok_or_else(|| self.wrong(path, "numbers"));
        self.list(path)?.iter().map(number).collect()
    }
}

/// The binary64 that a number of a JSON file means.
fn exact(value: &Value) -> Option<RBig> {
    RBig::try_from(value.as_f64()?).ok()
}

/// The least whole number that makes all of these whole.
fn common<'r>(numbers: impl IntoIterator<Item = &'r RBig>) -> UBig {
    numbers.into_iter().fold(UBig::ONE, |common, number| {
        let shared = (&common).gcd(number.denominator());
        common * (number.denominator() / shared)
    })
}

/// The number times `common`, which makes it whole.
fn whole(number: &RBig, common: &UBig) -> IBig {
    number.numerator() * IBig::from(common / number.denominator())
}

/// Which of these widths and options the kernel is told, and the points.
struct Setting {
    raw: bool,
    /// Whether weights are whole.
    whole: bool,
    margin: bool,
    shift: Vec<RBig>,
    divisor: Vec<RBig>,
}

/// The kernel file up to its steps: the problem of `problem.json` with the network of `network.json`, if there is one.
pub fn write(problem: &Value, network: Option<&Value>) -> Result<String, Error> {
    let fields = Fields("problem.json", problem);
    let inputs = fields.naturals("/architecture/hidden")?;
    let classes = fields
        .at("/architecture/classes")?
        .as_u64()
        .ok_or_else(|| fields.wrong("/architecture/classes", "a number"))?;
    let bias = fields.at("/architecture/bias")?.as_bool().unwrap_or(false);
    let whole = match fields.at("/architecture/weights")?.pointer("/integer") {
        None => 0,
        Some(bound) => {
            bound.as_u64().filter(|&bound| bound > 0).ok_or_else(|| fields.wrong("/architecture/weights", "a bound"))?
        }
    };
    let (epsilon, robust) = (fields.optional("/training/epsilon"), fields.optional("/training/robust"));
    let ball = match &robust {
        None => None,
        Some(robust) => {
            let radius = robust.number("/radius")?;
            (!radius.is_zero())
                .then(|| (robust.at("/norm").ok().and_then(Value::as_str).unwrap_or("").to_owned(), radius))
        }
    };
    let epsilon = epsilon.map(|epsilon| epsilon.number("")).transpose()?;
    let setting = Setting {
        raw: epsilon.is_none() && bias && ball.is_none() && whole == 0,
        whole: whole > 0,
        margin: epsilon.is_some(),
        shift: fields.numbers("/scaler/shift")?,
        divisor: fields.numbers("/scaler/divisor")?,
    };
    let number = |value: Option<&Value>| value.and_then(Value::as_u64).map(|number| number.to_string());
    let claim = |path: &str, none: &str| number(problem.pointer(path)).unwrap_or_else(|| none.to_owned());

    let mut text = String::new();
    let hidden: Vec<String> = inputs.iter().map(u64::to_string).collect();
    let loss = fields.at("/training/loss")?.as_str().unwrap_or("");
    line(&mut text, format_args!("kernel 1 ;\ninputs {} ;\nhidden {} ;", setting.shift.len(), hidden.join(" ")));
    line(&mut text, format_args!("classes {classes} ;\nbias {} ;", if bias { "yes" } else { "no" }));
    if whole > 0 {
        line(&mut text, format_args!("weights {whole} ;"));
    }
    line(&mut text, format_args!("loss {loss} ;"));
    points(&fields, &setting, &mut text, epsilon.as_ref(), ball.as_ref())?;
    // One for each class, the stricter where a class has two.
    let mut limits: BTreeMap<u64, u64> = BTreeMap::new();
    for limit in fields.optional("/training/error_limits").map_or(Ok(&[][..]), |limits| limits.list(""))? {
        let limit = Fields("problem.json", limit);
        let natural = |path| limit.at(path)?.as_u64().ok_or_else(|| limit.wrong(path, "a whole number"));
        let most = natural("/most")?;
        limits.entry(natural("/class")?).and_modify(|least| *least = most.min(*least)).or_insert(most);
    }
    let limits: String = limits.iter().map(|(class, most)| format!(" {class} {most}")).collect();
    line(&mut text, format_args!("limits{limits} ;"));
    line(&mut text, format_args!("claim {} {} ;", claim("/claim/bound", "infeasible"), claim("/claim/loss", "none")));
    if let Some(network) = network {
        layers(&Fields("network.json", network), &setting, &mut text)?;
    }
    Ok(text)
}

fn line(text: &mut String, more: std::fmt::Arguments<'_>) {
    let written = writeln!(text, "{more}");
    debug_assert!(written.is_ok(), "strings take all text");
}

fn joined(numbers: impl Iterator<Item = IBig>) -> String {
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
}

/// The statements from `epsilon` to the points. Inputs are (n - s) f / (K F) with whole numbers: n / K is the raw value, s / K the shift, F / f the divisor.
fn points(
    fields: &Fields<'_>,
    setting: &Setting,
    text: &mut String,
    epsilon: Option<&RBig>,
    ball: Option<&(String, RBig)>,
) -> Result<(), Error> {
    let list = fields.list("/points")?;
    let points: Vec<Vec<RBig>> =
        list.iter().map(|point| Fields("problem.json", point).numbers("")).collect::<Result<_, _>>()?;
    let inverse: Vec<RBig> = setting.divisor.iter().map(|divisor| RBig::ONE / divisor).collect();
    let (shift, factor) = if setting.raw {
        (vec![RBig::ZERO; inverse.len()], vec![RBig::ONE; inverse.len()])
    } else {
        (setting.shift.clone(), inverse)
    };
    let over = common(&factor);
    let sizes = epsilon.into_iter().chain(ball.map(|(_, radius)| radius));
    let unit = common(points.iter().flatten().chain(&shift).chain(sizes));
    let in_units = |number: &RBig| whole(number, &unit) * IBig::from(over.clone());
    line(text, format_args!("epsilon {} ;", epsilon.map_or(IBig::ZERO, in_units)));
    let (norm, radius) = ball.map_or(("linf", IBig::ZERO), |(norm, radius)| (&norm[..], in_units(radius)));
    line(text, format_args!("ball {norm} {radius} ;"));
    line(text, format_args!("unit {unit} {over} ;"));
    line(text, format_args!("shift {} ;", joined(shift.iter().map(|shift| whole(shift, &unit)))));
    line(text, format_args!("factor {} ;", joined(factor.iter().map(|factor| whole(factor, &over)))));
    let parts = match fields.optional("/partition") {
        Some(partition) => partition.naturals("")?,
        None => (0..points.len() as u64).collect(),
    };
    let mut rows: Vec<std::collections::BTreeMap<u64, u64>> = vec![Default::default(); points.len()];
    let (of_row, classes) = (fields.naturals("/row_points")?, fields.naturals("/row_classes")?);
    let units = match fields.optional("/row_units") {
        Some(units) => units.naturals("")?,
        None => vec![1; of_row.len()],
    };
    for ((&point, &class), &units) in of_row.iter().zip(&classes).zip(&units) {
        let slot = rows.get_mut(point as usize).ok_or_else(|| fields.wrong("/row_points", "points that are there"))?;
        *slot.entry(class).or_default() += units;
    }
    if parts.len() != points.len() {
        return Err(fields.wrong("/partition", "a part for each point"));
    }
    for ((point, part), rows) in points.iter().zip(parts).zip(rows) {
        let numbers = joined(point.iter().map(|value| whole(value, &unit)));
        let rows: String = rows.iter().map(|(class, units)| format!(" {class} {units}")).collect();
        line(text, format_args!("point {part} {numbers} :{rows} ;"));
    }
    Ok(())
}

/// The layers of a network. Without a margin a neuron may be scaled by itself; with one all weights of a layer are in one unit. Whole weights stay as they are, and biases have a
/// unit.
fn layers(fields: &Fields<'_>, setting: &Setting, text: &mut String) -> Result<(), Error> {
    for (k, layer) in fields.list("/network/layers")?.iter().enumerate() {
        let layer = Fields("network.json", layer);
        let weights = layer.numbers("/weights")?;
        let biases = layer.numbers("/biases")?;
        let inputs = weights.len().checked_div(biases.len()).unwrap_or(0).max(1);
        let mut neurons: Vec<Vec<RBig>> = weights.chunks(inputs).map(<[RBig]>::to_vec).collect();
        for (neuron, mut bias) in neurons.iter_mut().zip(biases) {
            if setting.raw && k == 0 {
                for ((weight, shift), divisor) in neuron.iter_mut().zip(&setting.shift).zip(&setting.divisor) {
                    *weight = &*weight / divisor;
                    bias -= &*weight * shift;
                }
            }
            neuron.push(bias);
        }
        if setting.whole {
            let scale = common(neurons.iter().filter_map(|neuron| neuron.last()));
            let numbers = |neuron: &Vec<RBig>| {
                let one = UBig::ONE;
                let units = |(l, number): (usize, &RBig)| whole(number, if l < inputs { &one } else { &scale });
                joined(neuron.iter().enumerate().map(units))
            };
            let neurons: Vec<String> = neurons.iter().map(numbers).collect();
            line(text, format_args!("layer {scale}\n{} ;", neurons.join("\n")));
            continue;
        }
        let scale = if setting.margin { common(neurons.iter().flatten()) } else { UBig::ONE };
        let of_neuron = |neuron: &Vec<RBig>| {
            let scale = if setting.margin { scale.clone() } else { common(neuron) };
            let whole: Vec<IBig> = neuron.iter().map(|number| whole(number, &scale)).collect();
            let sizes = whole.iter().map(|number| number.clone().unsigned_abs()).filter(|size| *size != UBig::ZERO);
            let shared = sizes.reduce(Gcd::gcd).filter(|_| !setting.margin).unwrap_or(UBig::ONE);
            joined(whole.into_iter().map(|number| number / IBig::from(shared.clone())))
        };
        let neurons: Vec<String> = neurons.iter().map(of_neuron).collect();
        line(text, format_args!("layer {scale}\n{} ;", neurons.join("\n")));
    }
    Ok(())
}
