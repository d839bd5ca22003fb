//! Exported networks: what they say of the rows of data files, against the model that they were made from.
//!
//! Entry point: [`check`]. The exported file is evaluated as the program that it is, by interpreters of its form ([`c`]), and the model by
//! the exact forward pass of this crate; nothing is shared with what wrote either. Whole numbers are exact; doubles are
//! rounded operation by operation as IEEE 754 says ([`binary64`]), and rows at which another order of the operations, or fused ones, might
//! decide otherwise are counted ([`rounding`]).

mod binary64;
mod c;
mod rounding;

use crate::network::Options;
use crate::network::data::Data;
use crate::network::file::File;
use crate::network::layers::{Network, class};
use crate::{Error, Source, limits};
use c::{Header, Predicted};
use rounding::Rounding;

/// Differences that a report names; the rest are counted.
const NAMED: usize = 10;

/// What was exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A header for C.
    C,
}

/// A row for which the exported network gives another class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The data file, and the line of the row.
    pub file: String,
    /// From 1.
    pub line: u64,
    /// The class that the model gives, exactly.
    pub exact: String,
    /// What the exported network gives.
    pub exported: String,
}

/// A comparison.
#[derive(Debug)]
pub struct Report {
    /// What was exported.
    pub form: Form,
    /// Rows compared.
    pub rows: usize,
    /// Rows left out for missing values.
    pub dropped: usize,
    /// Rows with the same class.
    pub equal: usize,
    /// The first of the others.
    pub differences: Vec<Difference>,
    /// Whether all numbers of the exported network are whole.
    pub is_whole: bool,
    /// Rows at which doubles in another order, or fused, might give another class than the exact one; 0 where all is whole.
    pub doubtful: usize,
    /// What is wrong with the file beside.
    pub false_claims: Vec<Error>,
}

impl Report {
    /// Whether the exported network does what the model does.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.equal == self.rows && self.false_claims.is_empty()
    }
}

/// Compares an exported network with its model on every row of the data. Cost: rows times weights, with some twenty steps a weight.
///
/// ```
/// use checker::{Source, export, network::Options};
///
/// let model = r#"{"format": "heaviside-model", "version": 1,
///  "architecture": {"inputs": 1, "hidden": [], "classes": 2, "bias": true, "weights": {"integer": 1}},
///  "network": {"layers": [{"inputs": 1, "outputs": 1, "weights": [1], "biases": [-2.5]}]},
///  "scaler": {"shift": [0], "divisor": [1]},
///  "schema": {"features": ["x"], "named": false, "label": "y", "label_column": 1, "classes": ["low", "high"]},
///  "training": {"loss": "hamming", "epsilon": null, "robust": null, "l0": 0, "l1": 0,
///   "data_sha256": "", "rows": 2, "distinct_points": 2},
///  "claim": {"status": "optimal", "loss": 0, "objective": 0, "bound": 0}}"#;
/// let header = r#"static const char *const x_classes[2] = { "low", "high" };
///  static int x_predict(const uint8_t *x) { return x[0] >= 3; }"#;
/// let source = |name: &str, text: &'static str| Source::new(name, text.as_bytes());
/// let data = vec![source("data.csv", "2,low\n3,high\n4,low\n")];
/// let report = export::check(source("m.json", model), source("x.h", header), data, &Options::default())?;
/// assert!(report.holds() && report.is_whole);
/// assert_eq!(report.rows, 3);
/// # Ok::<(), checker::Error>(())
/// ```
///
/// # Errors
/// [`Error::Malformed`] or [`Error::Unreadable`] for any of the files; rows that differ are no error but stand in the report.
pub fn check(
    mut model: Source<'_>,
    mut exported: Source<'_>,
    data: Vec<Source<'_>>,
    options: &Options,
) -> Result<Report, Error> {
    let file = File::read(&mut model)?;
    let text = exported.read_whole(limits::JSON_BYTES)?;
    let header = Header::read(&text, &exported)?;
    let network = Network::new(&file.layers, &file.setting.scaler).map_err(|what| model.malformed_at(0, what))?;
    let rounding = if header.is_whole { None } else { Some(Rounding::new(&file)) };
    let rounding = rounding.transpose().map_err(|what| model.malformed_at(0, what))?;
    let mut report = Report {
        form: Form::C,
        rows: 0,
        dropped: 0,
        equal: 0,
        differences: vec![],
        is_whole: header.is_whole,
        doubtful: 0,
        false_claims: faults(&file, &header, &exported),
    };
    let name = |class: usize| file.setting.schema.classes.get(class).cloned();
    for mut source in data {
        let rows = Data::read_rows(&mut source, &file.setting, options)?;
        report.dropped += rows.dropped;
        for point in &rows.rows {
            source.spend(network.size())?;
            let values = network.values(&point.features);
            let exact = values.last().map_or(0, |outputs| class(outputs));
            let given = match header.class(&point.features)? {
                Predicted::Class(class) => class,
                Predicted::NotTaken(what) => {
                    return Err(
                        source.malformed_at(point.line, format!("the exported network does not take this row: {what}"))
                    );
                }
                Predicted::Fault(line, what) => {
                    let what = format!("{what}, at the row of {}:{}", source.name(), point.line);
                    return Err(exported.refuted_at(line, what));
                }
            };
            report.rows += 1;
            report.equal += usize::from(given == exact);
            let may_decide = |rounding: &Rounding| rounding.may_decide(&point.features, &values);
            report.doubtful += usize::from(rounding.as_ref().is_some_and(may_decide));
            if given != exact && report.differences.len() < NAMED {
                report.differences.push(Difference {
                    file: source.name().to_owned(),
                    line: point.line,
                    exact: name(exact).unwrap_or_default(),
                    exported: name(given).unwrap_or_else(|| format!("no class: {given}")),
                });
            }
        }
    }
    Ok(report)
}

/// What the exported file says otherwise than the model, beside classes of rows.
fn faults(file: &File, header: &Header<'_>, exported: &Source<'_>) -> Vec<Error> {
    let mut faults = vec![];
    let (classes, inputs) = (&file.setting.schema.classes, file.setting.inputs);
    if header.classes != *classes {
        faults.push("the names of its classes are not those of the model".to_owned());
    }
    let stated = |ending: &str, wanted: usize| {
        header.defined(ending).is_some_and(|stated| Ok(wanted) != usize::try_from(stated))
    };
    if stated("_INPUTS", inputs) {
        faults.push(format!("it states another number of inputs than {inputs}"));
    }
    if stated("_CLASSES", classes.len()) {
        faults.push(format!("it states another number of classes than {}", classes.len()));
    }
    faults.into_iter().map(|what| exported.refuted_at(0, what)).collect()
}
