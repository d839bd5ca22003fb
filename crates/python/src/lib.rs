//! The native half of the Python package `heaviside_nn`: what `heaviside` does, for arrays that come as bytes.
//!
//! Entry points: [`train::train`], [`network::Network`], [`solve::solve`], [`proof::check_proof`], and [`cubes::cubes`] with what follows from
//! it. The other half, `python/heaviside_nn`, checks arrays,
//! has the names that Python users expect, and says everything there is to say to them.
//!
//! Invariants: arrays are contiguous bytes of binary64 or 64-bit integers in the order of this machine; options and results are JSON,
//! so that this border has few types; every run is on a thread of its own without the interpreter's lock, while the calling thread
//! listens for signals ([`watch`]).

mod arrays;
mod certify;
mod cubes;
mod errors;
mod files;
mod network;
mod options;
mod proof;
mod solve;
mod train;
mod watch;

use pyo3::prelude::*;

/// The native half of heaviside_nn.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<network::Network>()?;
    module.add_function(wrap_pyfunction!(train::train, module)?)?;
    module.add_function(wrap_pyfunction!(solve::solve, module)?)?;
    module.add_function(wrap_pyfunction!(proof::check_proof, module)?)?;
    module.add_function(wrap_pyfunction!(cubes::cubes, module)?)?;
    module.add_function(wrap_pyfunction!(cubes::work, module)?)?;
    module.add_function(wrap_pyfunction!(cubes::merge, module)?)?;
    module.add_function(wrap_pyfunction!(options::parameters, module)?)?;
    module.add("PROGRAM", heaviside::PROGRAM)
}
