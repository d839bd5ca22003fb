//! Networks for other programs: C for devices, ONNX for runtimes, JSON, and a picture.
//!
//! Entry point: [`export`]. A layer whose inputs are whole numbers (the features, if [`ExportOptions::inputs`] says so, and always what
//! hidden neurons give) is written in whole numbers wherever these fit: nothing is rounded there, so the exported network gives the exact
//! class for all inputs in the stated ranges. What is left is computed in floats, and [`Export::real_layers`] says where.
//! `heaviside check export` evaluates what was written against the exact forward pass, by other code.
//!
//! The forms are described in `docs/export.md`.

mod c;
mod dot;
mod exported;
mod inputs;
mod json;
mod onnx;
mod plan;
mod text;
mod whole;

pub use exported::{Export, ExportOptions};
pub use inputs::Inputs;

use crate::error::Error;
use bdnn::Model;
use std::str::FromStr;

/// What a network is exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A header for C99 and C++.
    C,
    /// A graph of opset 13, for runtimes.
    Onnx,
    /// Plain JSON in the units of the data, for other programs.
    Json,
    /// A picture for Graphviz, of small networks.
    Dot,
}

impl FromStr for Format {
    type Err = String;

    /// Reads `c`, `onnx`, `json` or `dot`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "c" => Ok(Self::C),
            "onnx" => Ok(Self::Onnx),
            "json" => Ok(Self::Json),
            "dot" => Ok(Self::Dot),
            _ => Err("expected c, onnx, json or dot".to_owned()),
        }
    }
}

/// Writes a network in another form.
///
/// ```
/// use heaviside::export::{ExportOptions, Format, Inputs, export};
/// use heaviside::{Dataset, Scaling, Trainer, WeightDomain};
///
/// let rows = [[0.0, 3.0], [1.0, 9.0], [4.0, 1.0], [5.0, 4.0]];
/// let data = Dataset::from_rows(&rows, &["left", "left", "right", "right"])?;
/// let trainer = Trainer::new().weights(WeightDomain::Integer(1)).scaling(Scaling::None);
/// let trained = trainer.fit(&data)?;
/// let options = ExportOptions::new().name("side").inputs(Inputs::of_rows(&rows));
/// let exported = export(trained.classifier()?.model(), Format::C, &options)?;
/// assert!(exported.real_layers.is_empty());
/// assert!(String::from_utf8_lossy(&exported.bytes).contains("static int side_predict(const uint8_t *x)"));
/// # Ok::<(), heaviside::Error>(())
/// ```
///
/// # Errors
/// [`Error::Export`] if the inputs do not fit the network, the name is none in C, or the network is too large for a picture.
pub fn export(model: &Model, format: Format, options: &ExportOptions) -> Result<Export, Error> {
    options.inputs.check(model.architecture.inputs)?;
    let inputs = options.inputs.clone().with(&model.schema.encoded());
    let options = &ExportOptions { inputs, ..options.clone() };
    match format {
        Format::C => c::export(model, options),
        Format::Onnx => Ok(onnx::export(model, options)),
        Format::Json => json::export(model, options),
        Format::Dot => dot::export(model, options),
    }
}
