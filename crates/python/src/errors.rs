//! What goes wrong, as the exceptions that Python users expect: `OSError` for files, `RuntimeError` where the solver failed, `ValueError`
//! for all other input.

use heaviside::Error;
use pyo3::PyErr;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use std::io;

/// The exception for an error of the library.
pub fn exception(error: &Error) -> PyErr {
    match error {
        Error::Internal(_) | Error::Engine(_) => PyRuntimeError::new_err(error.to_string()),
        Error::Milp(failure) | Error::Formulation(formulation::Error::Solver(failure)) => of_solver(failure),
        error => of_file(error).unwrap_or_else(|| PyValueError::new_err(error.to_string())),
    }
}

/// The exception for an error of the MILP solver.
pub fn of_solver(error: &milp::Error) -> PyErr {
    match error {
        milp::Error::Numerical(_) => PyRuntimeError::new_err(error.to_string()),
        error => of_file(error).unwrap_or_else(|| PyValueError::new_err(error.to_string())),
    }
}

/// The exception of the system's kind (`FileNotFoundError` and its like), where an error of the system is at the bottom.
pub fn of_file(error: &(dyn std::error::Error + 'static)) -> Option<PyErr> {
    let mut below = Some(error);
    while let Some(cause) = below {
        if let Some(system) = cause.downcast_ref::<io::Error>() {
            return Some(io::Error::new(system.kind(), error.to_string()).into());
        }
        below = cause.source();
    }
    None
}

/// The exception for what cannot be.
pub fn internal(what: &str) -> PyErr {
    PyRuntimeError::new_err(format!("internal error: {what}; please report it"))
}
