//! What losses and bounds count, for `--json`.

use bdnn::Rational;
use bdnn::model::RowUnits;
use serde::Serialize;

/// What losses and bounds count: as in the model file, and the worth of a unit as a float.
#[derive(Serialize)]
pub struct UnitsJson {
    #[serde(flatten)]
    units: RowUnits,
    value: f64,
}

impl UnitsJson {
    pub fn new(units: RowUnits) -> Self {
        let value = units.unit.parse().map_or(f64::NAN, |unit: Rational| unit.to_f64().value());
        Self { units, value }
    }
}
