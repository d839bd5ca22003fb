//! All parameters of all engines in one table.

use budget::{Parameter, Tunable};

budget::parameters! {
    /// Parameters of the choice of an engine.
    pub struct AutoParameters = "auto" {
        /// Rounds of local search that make a start for an exact engine.
        priming_rounds: u64 = 2, 0..=1_000_000_000;
        /// The same where there are many activations.
        long_priming_rounds: u64 = 12, 0..=1_000_000_000;
        /// Activations (points times neurons) that are many.
        many_activations: usize = 5000, 0..=1_000_000_000;
        /// The share of a limit of time that a start may take.
        priming_share: f64 = 0.1, 0.0..=1.0;
        /// Activations beyond which exact search is not a default.
        most_activations: usize = 200_000, 0..=1_000_000_000;
        /// Activations beyond which a start far from its bound is left to local search.
        far_activations: usize = 20_000, 0..=1_000_000_000;
        /// Errors beyond those that conflicting labels force from which on a start is far.
        far_errors: u64 = 200, 0..=1_000_000_000_000;
        /// Entries of a MILP beyond which it is not a default.
        most_entries: usize = 1_000_000, 0..=1_000_000_000;
    }
}

budget::parameters! {
    /// Parameters of cubes.
    pub struct CubeParameters = "cubes" {
        /// Nodes of the common run before a problem is divided.
        common_nodes: u64 = 10_000, 0..=1_000_000_000_000;
        /// Multiplications that a look at what other workers have found counts for, when turns of local search are dealt out.
        look_work: u64 = 1_048_576, 1..=1_000_000_000_000;
    }
}

budget::parameters! {
    /// Parameters of how rows are taken.
    pub struct RowParameters = "rows" {
        /// Whether points stand in the order of their features, so that the network does not depend on the order of the rows.
        sorted: bool = false;
    }
}

/// Every parameter that can be set, engine by engine: what [`Trainer::set`](crate::Trainer::set) and the command line take.
///
/// ```
/// let table = heaviside::parameters();
/// let decay = table.iter().find(|parameter| parameter.name == "omt.activity_decay").unwrap();
/// assert_eq!(decay.default.to_string(), "0.95");
/// ```
#[must_use]
pub fn parameters() -> Vec<Parameter> {
    let engines = [
        AutoParameters::table(),
        RowParameters::table(),
        CubeParameters::table(),
        omt::Parameters::table(),
        omt::linear::Parameters::table(),
        omt::DualParameters::table(),
        omt::WholeParameters::table(),
        omt::TurnParameters::table(),
        formulation::Parameters::table(),
        milp::Parameters::table(),
        heuristics::local_search::Parameters::table(),
        heuristics::split::Parameters::table(),
    ];
    engines.concat()
}
