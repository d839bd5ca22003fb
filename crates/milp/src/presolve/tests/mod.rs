//! What presolve is held to, by purpose.

mod duals;
mod ends;
mod models;
mod scale;
mod solves;
pub(crate) mod truth;

use rand_chacha::ChaCha8Rng;

use super::postsolve::Step;
use super::*;
use crate::check::holds_at;
use crate::exact_lp::{ExactEnd, Meter};
use crate::model::{Datum, VarKind};
use crate::relaxation::ExactRelaxation;
use crate::simplex::VarStatus;
