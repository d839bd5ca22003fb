//! Networks for other programs: C for devices, ONNX for runtimes, JSON, and a picture.
//!
//! Entry point: [`export`]. A layer whose inputs are whole numbers (the features, if [`ExportOptions::inputs`] says so, and always what
//! hidden neurons give) is written in whole numbers wherever these fit: nothing is rounded there, so the exported network gives the exact
//! class for all inputs in the stated ranges. What is left is computed in floats, and [`Export::real_layers`] says where.
//! `heaviside check export` evaluates what was written against the exact forward pass, by other code.
//!
//! The forms are described in `docs/export.md`.

mod c;
mod inputs;
mod plan;
mod text;
mod whole;

pub use inputs::Inputs;

use crate::error::Error;
use bdnn::Model;
use plan::Plan;

/// What a network is exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A header for C99 and C++.
    C,
}

/// How a network is exported.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ExportOptions {
    /// What names begin with in C, and what the network is called elsewhere.
    pub name: Option<String>,
    /// The features it will see.
    pub inputs: Inputs,
}

impl ExportOptions {
    /// Any floats as features, and a name that says nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What names begin with: letters, digits and underscores.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    /// The features it will see.
    #[must_use]
    pub fn inputs(self, inputs: Inputs) -> Self {
        Self { inputs, ..self }
    }
}

/// An exported network.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Export {
    /// The file.
    pub bytes: Vec<u8>,
    /// The features it takes: [`Inputs::Real`] where whole numbers were offered, but the first layer's would be too large.
    pub inputs: Inputs,
    /// The layers, from 1, that are computed in floats: a sum that is 0 up to rounding may get the wrong sign there. Empty if every
    /// class is exact.
    pub real_layers: Vec<usize>,
    /// What to know of it: a line each.
    pub notes: Vec<String>,
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
/// [`Error::Export`] if the inputs do not fit the network or the name is none in C.
pub fn export(model: &Model, format: Format, options: &ExportOptions) -> Result<Export, Error> {
    options.inputs.check(model.architecture.inputs)?;
    match format {
        Format::C => c::export(model, options),
    }
}

/// What stands for a name where none was given.
const NAME: &str = "network";

impl Plan<'_> {
    fn exported(self, bytes: Vec<u8>, notes: Vec<String>) -> Export {
        Export { bytes, real_layers: self.real_layers(), inputs: self.inputs, notes }
    }
}
