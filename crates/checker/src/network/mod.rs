//! Networks: errors recounted and every claim of a model file compared, in exact arithmetic.
//!
//! Entry point: [`check`]. A row's point is the exact rational (raw - shift) / divisor; all numbers of the two files
//! are the binary64 numbers that their decimals stand for. A neuron fires iff its pre-activation is at least 0.
//! What the file claims beyond its loss is checked as well: the weights' domain, the margin (where a neuron does not
//! fire, its pre-activation is at most -epsilon), the balls of robust training (first layer, dual norm of the weights),
//! and the fingerprint of the data. A claimed *bound* is only compared with the recounted objective: that no network is
//! better takes a certificate.

pub(crate) mod binding;
mod conditions;
mod csv;
pub(crate) mod data;
pub(crate) mod file;
mod header;
pub(crate) mod layers;
pub(crate) mod names;
mod options;
mod restrictions;
pub(crate) mod setting;
pub(crate) mod sparse;

use crate::model::shorten;
use crate::number::{self, Rational};
use crate::{Error, Source};
use data::{Data, Point, Unknown};
use file::File;
use layers::{Network, Value, Values, class};
use setting::{Domain, Located};
use sparse::Sparse;
use std::cmp::Ordering;
use std::collections::BTreeMap;

pub use binding::{Binding, Weights};
pub use conditions::Conditions;
pub use options::Options;
pub use setting::{Loss, Norm};

/// A recount, and the claims it refutes.
#[derive(Debug)]
pub struct Report {
    /// Rows of the data.
    pub rows: usize,
    /// Rows left out for missing values.
    pub dropped: usize,
    /// Rows that differ in some feature.
    pub distinct_points: usize,
    /// Fingerprint of the data.
    pub data_sha256: String,
    /// The loss the model counts, recounted; in units where rows have weights.
    pub loss: u64,
    /// All rows, in units.
    pub units: u64,
    /// Wrong outputs of all rows, each as many as its row has units.
    pub hamming: u64,
    /// Units of the rows with a wrong output.
    pub zero_one: u64,
    /// What the model claims of the errors of a class, and what is recounted.
    pub error_limits: Vec<ErrorsOfClass>,
    /// Rows whose predicted class is wrong.
    pub errors: u64,
    /// Rows by class and predicted class, where there are any.
    pub confusion: BTreeMap<(usize, usize), u64>,
    /// What the claim is about: networks, columns, classes, rows.
    pub binding: Binding,
    /// Loss plus regularisation.
    pub objective: Rational,
    /// Smallest pre-activation of a neuron that fires, over all rows and neurons, in scaled units.
    pub least_firing: Option<Rational>,
    /// Largest pre-activation of a neuron that does not fire.
    pub largest_resting: Option<Rational>,
    /// The status that the model claims.
    pub claimed_status: String,
    /// The loss that the model claims.
    pub claimed_loss: u64,
    /// The lower bound that the model claims.
    pub claimed_bound: Rational,
    /// Every claim that is false, with its place. Empty if the file is right.
    pub false_claims: Vec<Error>,
}

/// A limit on the errors of a class, in units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorsOfClass {
    /// The class, from 0.
    pub class: usize,
    /// The most that the model claims.
    pub most: u64,
    /// What is wrong, recounted.
    pub errors: u64,
}

/// Recounts a model on its training data. Cost: rows times weights exact operations.
///
/// # Errors
/// [`Error::Malformed`] or [`Error::Unreadable`] for either file; false claims are no error but stand in the report.
pub fn check(mut model: Source<'_>, mut data: Source<'_>, options: &Options) -> Result<Report, Error> {
    let file = File::read(&mut model)?;
    let data_file = Data::read_rows(&mut data, &file.setting, options, Unknown::Refused)?;
    recount(&file, &model, &data_file, &data)
}

/// Recounts a model that was read, on rows that were read; the sources are named in messages.
pub(crate) fn recount(file: &File, model: &Source<'_>, rows: &Data, data: &Source<'_>) -> Result<Report, Error> {
    let network = Network::new(&file.layers, &file.setting.scaler);
    let mut count = Count::default();
    let size = network.size();
    // The first row that breaks the margin or the ball.
    let mut broken = None;
    for point in &rows.rows {
        data.spend(size)?;
        let values = network.values(&point.features);
        if broken.is_none() {
            broken = broken_promise(file, &network, &values).map(|what| data.refuted_at(point.line, what));
        }
        count.add(point, values);
    }
    let mut report = count.report(file, rows);
    let mut faults: Vec<(u64, String)> =
        binding::fault(&file.setting, rows).into_iter().map(|what| (0, what)).collect();
    faults.extend(domain_faults(file));
    faults.extend(restrictions::faults(&file.setting.restrictions, &file.layers, &file.setting.schema.features));
    faults.extend(claim_faults(file, &report));
    report.false_claims = faults.into_iter().map(|(line, what)| model.refuted_at(line, what)).chain(broken).collect();
    Ok(report)
}

/// The first part (of the raw points `part` by `part`, all of equal length) whose points do not share their activations, with the
/// point where it shows; `None` if there is none. `part_of` names the part of each point.
pub(crate) fn torn_part(
    file: &File,
    model: &Source<'_>,
    points: &[Sparse],
    part_of: &[usize],
) -> Result<Option<(usize, usize)>, Error> {
    let network = Network::new(&file.layers, &file.setting.scaler);
    let size = network.size();
    let pattern = |point: usize| -> Result<Vec<bool>, Error> {
        model.spend(size)?;
        let values = points.get(point).map(|point| network.values(point)).unwrap_or_default();
        Ok(values.iter().flatten().map(Value::fires).collect())
    };
    // Part by part, so that two patterns are in memory and not one for each point.
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_key(|&point| part_of.get(point));
    // The part, its first point, and what that point's neurons do.
    type First<'a> = (Option<&'a usize>, usize, Option<Vec<bool>>);
    let mut first: Option<First<'_>> = None;
    for point in order {
        let part = part_of.get(point);
        match &mut first {
            Some((same, start, known)) if *same == part => {
                let known = match known {
                    Some(known) => known,
                    None => known.insert(pattern(*start)?),
                };
                if *known != pattern(point)? {
                    return Ok(Some((part.copied().unwrap_or(0), point)));
                }
            }
            _ => first = Some((part, point, None)),
        }
    }
    Ok(None)
}

/// Sums over the rows.
#[derive(Default)]
struct Count<'n> {
    hamming: u64,
    zero_one: u64,
    /// Units of the rows with a wrong output, by class.
    of_class: BTreeMap<usize, u64>,
    confusion: BTreeMap<(usize, usize), u64>,
    least_firing: Option<Value<'n>>,
    largest_resting: Option<Value<'n>>,
}

impl<'n> Count<'n> {
    /// Counts a row.
    fn add(&mut self, point: &Point, values: Values<'n>) {
        let outputs = values.last().map_or(&[][..], Vec::as_slice);
        let target = |j: usize| if outputs.len() == 1 { point.class == 1 } else { point.class == j };
        let wrong = outputs.iter().enumerate().filter(|(j, value)| value.fires() != target(*j)).count() as u64;
        // Rows and outputs are fewer than 2^31, and units of a row fewer than 2^32.
        let units = u64::from(point.units);
        self.hamming = self.hamming.saturating_add(wrong.saturating_mul(units));
        self.zero_one = self.zero_one.saturating_add(wrong.min(1) * units);
        let of_class = self.of_class.entry(point.class).or_default();
        *of_class = of_class.saturating_add(wrong.min(1) * units);
        *self.confusion.entry((point.class, class(outputs))).or_default() += 1;
        for value in values.into_iter().flatten() {
            if value.fires() {
                if self.least_firing.as_ref().is_none_or(|least| least.exceeds(&value)) {
                    self.least_firing = Some(value);
                }
            } else if self.largest_resting.as_ref().is_none_or(|largest| value.exceeds(largest)) {
                self.largest_resting = Some(value);
            }
        }
    }

    fn report(self, file: &File, data: &Data) -> Report {
        let loss = match file.setting.loss {
            Loss::Hamming => self.hamming,
            Loss::ZeroOne => self.zero_one,
        };
        let right: u64 =
            self.confusion.iter().filter(|((class, predicted), _)| class == predicted).map(|(_, n)| n).sum();
        let rows = data.rows.len();
        let error_limits = file.setting.error_limits.iter().map(|limit| ErrorsOfClass {
            class: limit.class,
            most: limit.most.value,
            errors: self.of_class.get(&limit.class).copied().unwrap_or(0),
        });
        Report {
            rows,
            dropped: data.dropped,
            distinct_points: data.distinct(),
            data_sha256: data.sha256(&file.setting),
            loss,
            units: data.rows.iter().map(|point| u64::from(point.units)).fold(0, u64::saturating_add),
            hamming: self.hamming,
            zero_one: self.zero_one,
            error_limits: error_limits.collect(),
            errors: rows as u64 - right,
            confusion: self.confusion,
            binding: Binding::of(&file.setting, data),
            objective: objective(file, loss),
            least_firing: self.least_firing.as_ref().map(Value::exact),
            largest_resting: self.largest_resting.as_ref().map(Value::exact),
            claimed_status: file.claim.status.clone(),
            claimed_loss: file.claim.loss.value,
            claimed_bound: file.claim.bound.value.clone(),
            false_claims: vec![],
        }
    }
}

/// Loss + l0 * number of non-zero weights + l1 * sum of absolute weights.
fn objective(file: &File, loss: u64) -> Rational {
    let weights = || file.layers.iter().flat_map(|layer| &layer.weights).flatten().filter(|weight| !weight.is_zero());
    let absolute = |weight: &Rational| if *weight < Rational::ZERO { -weight } else { weight.clone() };
    let sum = weights().fold(Rational::ZERO, |sum, weight| sum + absolute(weight));
    Rational::from(loss) + &file.setting.l0 * Rational::from(weights().count()) + &file.setting.l1 * sum
}

/// The first neuron that is nearer to changing its mind than the margin and the ball allow.
fn broken_promise(file: &File, network: &Network, values: &Values<'_>) -> Option<String> {
    if file.setting.epsilon.is_none() && file.setting.robust.is_none() {
        return None;
    }
    for (k, layer) in values.iter().enumerate() {
        for (j, value) in layer.iter().enumerate() {
            // How far the pre-activation may move within the ball: only the first layer sees the inputs.
            let reach = match (&file.setting.robust, network.norms(j)) {
                (Some((Norm::Linf, radius)), Some((sum, _))) if k == 0 => radius * sum,
                (Some((Norm::L1, radius)), Some((_, most))) if k == 0 => radius * most,
                _ => Rational::ZERO,
            };
            let kept = match &file.setting.epsilon {
                _ if value.fires() => value.compare(&reach) != Ordering::Less,
                Some(epsilon) => value.compare(&-(&reach + epsilon)) != Ordering::Greater,
                None => value.compare(&-&reach) == Ordering::Less,
            };
            if !kept {
                let (layer, neuron, value) = (k + 1, j + 1, number::brief(&value.exact()));
                let what = if reach.is_zero() { "margin" } else { "margin on the whole ball" };
                return Some(format!(
                    "layer {layer}, neuron {neuron} has the pre-activation {value} here and breaks the claimed {what}"
                ));
            }
        }
    }
    None
}

/// Weights and biases outside of the domain that the architecture states.
fn domain_faults(file: &File) -> Vec<(u64, String)> {
    let bound = match &file.setting.domain {
        Domain::Continuous => Rational::ONE,
        Domain::Integer(bound) => bound.clone(),
    };
    let mut faults = vec![];
    for (k, layer) in file.layers.iter().enumerate() {
        let allowed = |weight: &&Rational| {
            **weight <= bound && -*weight <= bound && (file.setting.domain == Domain::Continuous || weight.is_int())
        };
        if let Some(weight) = layer.weights.iter().flatten().find(|weight| !allowed(weight)) {
            faults.push((layer.line, format!("layer {}: weight {} outside its domain", k + 1, number::brief(weight))));
        }
        if !file.setting.bias && layer.biases.iter().any(|bias| !bias.is_zero()) {
            faults.push((layer.line, format!("layer {}: a bias in a network without", k + 1)));
        }
    }
    faults
}

/// Claims that the recount refutes.
fn claim_faults(file: &File, report: &Report) -> Vec<(u64, String)> {
    let (claim, setting) = (&file.claim, &file.setting);
    let mut faults = vec![];
    let mut compare = |what: &str, claimed: &Located<u64>, found: u64| {
        if claimed.value != found {
            faults.push((claimed.line, format!("claims {} {what}, recounted {found}", claimed.value)));
        }
    };
    compare("rows", &setting.rows, report.rows as u64);
    compare("distinct points", &setting.distinct_points, report.distinct_points as u64);
    compare("as its loss", &claim.loss, report.loss);
    if let Some(units) = &setting.units {
        compare("units", &units.total, report.units);
    }
    for (limit, found) in setting.error_limits.iter().zip(&report.error_limits) {
        if found.errors > limit.most.value {
            let (most, errors) = (limit.most.value, found.errors);
            let name = setting.schema.classes.list().get(limit.class).map_or("", String::as_str);
            let what = format!("claims at most {most} errors of the class `{}`, recounted {errors}", shorten(name));
            faults.push((limit.most.line, what));
        }
    }
    if setting.data_sha256.value != report.data_sha256 {
        faults.push((setting.data_sha256.line, "the model was trained on other data (data_sha256)".to_owned()));
    }
    // "optimal" says that bound and objective are one, up to what the engine's arithmetic leaves where weights have a price.
    let open = &report.objective - &claim.bound.value;
    let priced = !setting.l0.is_zero() || !setting.l1.is_zero();
    if claim.status == "optimal" && open > number::bound_accuracy(&report.objective, priced) {
        let (bound, found) = (number::brief(&claim.bound.value), number::brief(&report.objective));
        faults.push((claim.bound.line, format!("claims an optimum with the bound {bound} and the objective {found}")));
    }
    // The claimed objective is a rounding of the exact one; without regularisation both are whole.
    let difference = &claim.objective.value - &report.objective;
    let slack = &report.objective * number::rounding();
    if difference > slack || -&difference > slack {
        let (claimed, found) = (number::brief(&claim.objective.value), number::brief(&report.objective));
        faults.push((claim.objective.line, format!("claims the objective {claimed}, recounted {found}")));
    }
    if claim.bound.value > &report.objective + &slack {
        let (bound, found) = (number::brief(&claim.bound.value), number::brief(&report.objective));
        faults.push((claim.bound.line, format!("claims the lower bound {bound}, but reaches {found}")));
    }
    faults
}
