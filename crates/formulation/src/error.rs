//! What keeps a model from being made or solved.

use bdnn::shortest;

/// `x` rounded to so many significant digits.
fn rounded(x: f64, digits: usize) -> String {
    format!("{x:.*e}", digits - 1).parse().map_or_else(|_| x.to_string(), shortest)
}

/// The same of a size, which may be beyond all floats.
fn size(x: f64, digits: usize) -> String {
    if x.is_finite() { rounded(x, digits) } else { "more than 1.7e308".to_owned() }
}

/// Bad input, or a failure of the solver.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The problem makes no sense.
    #[error(transparent)]
    Problem(#[from] bdnn::Error),
    /// Tolerances of the solver that could leak through the big-M rows of the model.
    #[error(
        "in layer {layer} the solver's tolerances (integrality {}, feasibility {}) let a pre-activation move by {}, too close \
         to epsilon = {} (big-M up to {}); {}scale the data (and whole weights) to smaller values",
        shortest(*integrality), shortest(*feasibility), size(*leak, 2), shortest(*epsilon), size(*big_m, 5),
        if enough.is_finite() { format!("raise epsilon to at least {}, or ", rounded(*enough, 2)) } else { String::new() }
    )]
    Tolerances {
        /// The layer with the largest leak, counted from 1.
        layer: usize,
        /// Integrality tolerance of the solver.
        integrality: f64,
        /// Feasibility tolerance of the solver.
        feasibility: f64,
        /// How far a pre-activation may be off, in scaled units; infinite beyond all floats, as is `big_m`.
        leak: f64,
        /// The margin of the model.
        epsilon: f64,
        /// The largest big-M of the layer.
        big_m: f64,
        /// The least epsilon these tolerances allow, infinite if they allow none.
        enough: f64,
    },
    /// A model that would not fit into memory.
    #[error(
        "the mixed-integer model would have about {} entries and take {gigabytes:.1} GB{}; use \
         --method local-search, fewer rows or fewer neurons", bdnn::significant(*.entries, 2), .room.map_or(String::new(), |room| format!(" where {room:.1} GB are left"))
    )]
    TooLarge {
        /// Entries of its matrix.
        entries: f64,
        /// What it takes.
        gigabytes: f64,
        /// What there is, as far as anybody can tell.
        room: Option<f64>,
    },
    /// The solver failed.
    #[error(transparent)]
    Solver(#[from] milp::Error),
}
