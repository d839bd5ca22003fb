//! What is asked of an export, and what comes out.

use super::inputs::Inputs;
use super::plan::Plan;
use std::path::Path;

/// What stands for a name where none was given.
pub(super) const NAME: &str = "network";

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

    /// What names begin with, from the name of a file: what is no letter or digit becomes an underscore.
    ///
    /// ```
    /// use heaviside::export::ExportOptions;
    ///
    /// let name = |path: &str| ExportOptions::new().named_after(path.as_ref()).name.unwrap();
    /// assert_eq!([name("out/my-net.h"), name("2nd.h")], ["my_net", "network_2nd"]);
    /// ```
    #[must_use]
    pub fn named_after(self, path: &Path) -> Self {
        const MOST_CHARS: usize = 40;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let name: String = stem.chars().map(plain).take(MOST_CHARS).collect();
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
        self.name(&if starts { name } else { format!("{NAME}_{name}") })
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
    /// What to know of it: a word and a line each.
    pub details: Vec<(&'static str, String)>,
}

impl Plan<'_> {
    /// What was written by this plan.
    pub(super) fn exported(self, bytes: Vec<u8>, details: Vec<(&'static str, String)>) -> Export {
        Export { bytes, real_layers: self.real_layers(), inputs: self.inputs, details }
    }
}
