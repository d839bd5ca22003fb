//! Exported networks: what they say of the rows of data files, against the model that they were made from.
//!
//! Entry point: [`check`]. The exported file is evaluated as the program that it is, by an interpreter of its form (`c`, `onnx`, `json`), and the model by
//! the exact forward pass of this crate; nothing is shared with what wrote either. Whole numbers are exact; doubles are
//! rounded operation by operation as IEEE 754 says (`binary64`), and rows at which another order of the operations, or fused ones, might
//! decide otherwise are counted (`rounding`).

mod binary64;
mod c;
mod json;
mod onnx;
mod predicted;
mod rounding;

use crate::network::Options;
use crate::network::data::{Data, Unknown};
use crate::network::file::File;
use crate::network::layers::{Network, class};
use crate::network::sparse::Sparse;
use crate::{Error, Source, limits};
use c::Header;
use json::Plain;
use onnx::Onnx;
use predicted::Predicted;
use rounding::Rounding;

/// Differences that a report names; the rest are counted.
const NAMED: usize = 10;

/// What was exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A header for C.
    C,
    /// An ONNX graph.
    Onnx,
    /// Plain JSON.
    Json,
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
    /// Rows with a category that the model does not know: all features of its column are 0 there, as for `predict`.
    pub unknown: usize,
    /// Rows with the same class.
    pub equal: usize,
    /// The first of the others.
    pub differences: Vec<Difference>,
    /// Whether nothing was rounded for any of the rows, nor is by who evaluates the file with floats, in whatever order.
    pub is_exact: bool,
    /// Rows at which floats in another order, or fused operations, might give another class than the exact one; 0 where nothing is rounded.
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
/// assert!(report.holds() && report.is_exact);
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
    let bytes = exported.read_bytes(limits::JSON_BYTES)?;
    let program = Program::read(&bytes, &exported)?;
    let network = Network::new(&file.layers, &file.setting.scaler);
    let rounding = Rounding::new(&file);
    let mut report = Report {
        form: program.form(),
        rows: 0,
        dropped: 0,
        unknown: 0,
        equal: 0,
        differences: vec![],
        is_exact: true,
        doubtful: 0,
        false_claims: program.faults(&file).into_iter().map(|what| exported.refuted_at(0, what)).collect(),
    };
    for mut source in data {
        let rows = Data::read_rows(&mut source, &file.setting, options, Unknown::Zeros)?;
        report.dropped += rows.dropped;
        report.unknown += rows.unknown;
        for point in &rows.rows {
            source.spend(network.size())?;
            let values = network.values(&point.features);
            let (given, is_exact) = match program.class((&point.features, file.setting.inputs), &exported)? {
                Predicted::Class { class, is_exact } => (class, is_exact),
                Predicted::NotTaken(what) => {
                    let what = format!("the exported network does not take this row: {what}");
                    return Err(source.malformed_at(point.line, what));
                }
                Predicted::Fault(line, what) => {
                    let what = format!("{what}, at the row of {}:{}", source.name(), point.line);
                    return Err(exported.refuted_at(line, what));
                }
            };
            report.is_exact &= is_exact;
            report.doubtful += usize::from(!is_exact && rounding.may_decide(&point.features, &values));
            let exact = values.last().map_or(0, |outputs| class(outputs));
            report.count((source.name(), point.line), exact, given, file.setting.schema.classes.list());
        }
    }
    Ok(report)
}

impl Report {
    fn count(&mut self, (file, line): (&str, u64), exact: usize, exported: usize, classes: &[String]) {
        self.rows += 1;
        self.equal += usize::from(exported == exact);
        if exported != exact && self.differences.len() < NAMED {
            let name = |class: usize| classes.get(class).cloned().unwrap_or_else(|| format!("no class: {class}"));
            let (exact, exported) = (name(exact), name(exported));
            self.differences.push(Difference { file: file.to_owned(), line, exact, exported });
        }
    }
}

/// What was exported, to be evaluated.
enum Program<'s> {
    C(Header<'s>),
    Onnx(Onnx),
    Json(Plain),
}

impl<'s> Program<'s> {
    /// The program in a file: what it is, its first bytes tell.
    fn read(bytes: &[u8], source: &'s Source<'s>) -> Result<Self, Error> {
        // A graph begins with the key of its version, which no text has.
        let text = std::str::from_utf8(bytes).ok().filter(|text| !text.starts_with('\u{8}'));
        let Some(text) = text else { return Ok(Self::Onnx(Onnx::read(bytes, source)?)) };
        match text.trim_start() {
            start if start.starts_with('{') => Ok(Self::Json(Plain::read(text, source)?)),
            start if start.starts_with("digraph") => {
                Err(source.malformed_at(0, "a picture, which predicts nothing that could be checked"))
            }
            _ => Ok(Self::C(Header::read(text, source)?)),
        }
    }

    fn form(&self) -> Form {
        match self {
            Self::C(_) => Form::C,
            Self::Onnx(_) => Form::Onnx,
            Self::Json(_) => Form::Json,
        }
    }

    /// The class of a row of so many features.
    fn class(&self, (row, inputs): (&Sparse, usize), source: &Source<'_>) -> Result<Predicted, Error> {
        source.spend(inputs)?;
        match self {
            Self::C(header) => header.class(row.all(inputs)),
            Self::Onnx(onnx) => onnx.class(row.all(inputs), source),
            Self::Json(plain) => {
                source.spend(plain.size())?;
                let (class, is_exact) = plain.class(row);
                Ok(Predicted::Class { class, is_exact })
            }
        }
    }

    /// What the file says otherwise than the model, beside classes of rows.
    fn faults(&self, file: &File) -> Vec<String> {
        let mut faults = vec![];
        let (inputs, known) = (file.setting.inputs, file.setting.schema.classes.list());
        let classes = match self {
            Self::C(header) => &header.classes,
            Self::Onnx(onnx) => &onnx.classes,
            Self::Json(plain) => &plain.classes,
        };
        if classes != known {
            faults.push("the names of its classes are not those of the model".to_owned());
        }
        match self {
            Self::C(header) => {
                let misstated = header.misstates(inputs, known.len());
                faults.extend(
                    misstated.map(|ending| format!("what ends in {ending} is another number than the model's")),
                );
            }
            Self::Json(plain) if plain.features != file.setting.schema.features => {
                faults.push("the names of its features are not those of the model".to_owned());
            }
            _ => {}
        }
        faults
    }
}
