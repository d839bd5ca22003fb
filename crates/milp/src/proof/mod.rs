//! Certificates: what a run claims, in the VIPR format, for others to check in exact arithmetic.
//!
//! Entry point: [`Certificate`], handed to [`crate::solve_certified`]; afterwards [`Certificate::write`] assembles the file.
//!
//! The model is that of the file: every float stands for its shortest decimal ([`exact`]). The search goes on in floating point
//! and leaves behind, for each node that closes, what closed it; here that becomes lines:
//!
//! * [`explain`]: bounds that propagation deduced, and conflicts of single rows;
//! * [`inequality`]: rows from multipliers (Farkas proofs, duals with the cutoff), rounded to short rationals;
//! * [`leaf`]: bounds on the objective from duals, and exact linear programming ([`crate::exact_lp`]) where rounding fails;
//! * [`whole`]: sides of rows rounded, and equations without whole solutions;
//! * [`congruence`]: what whole numbers within reach leave for the rest of a row at a node;
//! * [`branching`]: the two sides of each branching of the [`tree`];
//! * [`ray`]: that a model is unbounded;
//! * [`range`]: what of the outcome the lines exclude;
//! * [`statement`]: the model as the file states it, written before the search; [`journal`]: the lines until the end of the run;
//!   [`file`](mod@file): the file.
//!
//! Floating point only guesses. What is written is recomputed in rationals first; a closing that cannot be derived makes the
//! search go on below the node, and if nothing is left to branch on, the bound that can be derived is what the certificate claims.
//!
//! References: Cheung, Gleixner, Steffy, *Verifying Integer Programming Results*, IPCO 2017 (the format); Cook, Koch, Steffy,
//! Wolter, *A hybrid branch-and-bound approach for exact rational mixed-integer programming*, Math. Programming Computation 5
//! (2013), section 3 (exact dual bounds from floats).

mod branching;
mod claim;
mod closing;
mod congruence;
mod exact;
mod explain;
mod file;
mod inequality;
mod journal;
mod leaf;
mod names;
mod range;
mod ray;
mod statement;
mod sums;
mod tree;
mod whole;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashu::rational::RBig;

use crate::bounds::{Domain, RowProof, Side};
use crate::exact_lp::ExactLp;
use crate::model::{Model, refuse_special};
use crate::tolerances::SECONDS_A_BYTE;
use crate::{Budget, Error};
pub(crate) use closing::{Closed, Wanted};
pub(crate) use exact::objective_step;
use exact::{ExactModel, ExactPoint, Unbounded};
pub use file::Proven;
use journal::{Form, Journal, Rule};
pub(crate) use leaf::Exactly;
use statement::Statement;
use sums::Sums;
pub(crate) use tree::Place;
use tree::Tree;

/// Why a model with special constraints has no certificate.
pub(crate) const NO_LINES: &str =
    "a certificate has no lines for such constraints; leave it out, or write them with binary columns and rows";

/// Units of [`Budget::spend`] that the bound of a column takes.
const WORK_OF_A_BOUND: usize = 10;

/// A certificate in the making. One belongs to one run on one model.
pub struct Certificate {
    model: ExactModel,
    statement: Statement,
    /// The folder of the temporary files.
    folder: PathBuf,
    journal: Journal,
    /// Bounds that hold at the root, with their lines.
    lower: Vec<Option<(u64, RBig)>>,
    upper: Vec<Option<(u64, RBig)>>,
    /// Columns that lean on the bounds of a node, as in the relaxation; the others lean on those of the root.
    carried: Vec<bool>,
    /// The latest line that cuts off what is no better than the best point, and its right side (minimised).
    cutoff: Option<(u64, RBig)>,
    /// The line that all cutoffs rest on.
    assumption: Option<u64>,
    best: Option<ExactPoint>,
    /// If the model is unbounded, that is the claim.
    unbounded: Option<Unbounded>,
    tree: Tree,
    sums: Sums,
    lp: Option<ExactLp>,
    /// The duals of the root's relaxation.
    root_duals: Option<Arc<RowProof>>,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Certificate").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Certificate {
    /// For a run on `model`; temporary files without names are made in `folder`.
    ///
    /// # Errors
    /// [`Error::Io`] when there can be no file in `folder`, [`Error::Model`] for names that cannot stand in a certificate and for models
    /// with special constraints.
    pub fn new(model: &Model, folder: &Path) -> Result<Self, Error> {
        Self::new_within(model, folder, &Budget::default())
    }

    /// As [`Self::new`], as long as the budget lasts: the model is stated in exact numbers. Cost O(non-zeros).
    ///
    /// # Errors
    /// Those of [`Self::new`], and [`Error::Io`] of the kind `Interrupted` when the budget is over.
    pub fn new_within(model: &Model, folder: &Path, budget: &Budget) -> Result<Self, Error> {
        let io = |source| Error::Io { path: folder.to_path_buf(), source };
        let interrupted = || io(ErrorKind::Interrupted.into());
        refuse_special(model, NO_LINES)?;
        names::check_names(model, budget)?.ok_or_else(interrupted)?;
        let exact = ExactModel::of(model, budget).ok_or_else(interrupted)?;
        let statement = Statement::new(model, &exact, folder, budget).map_err(io)?;
        let mut journal = Journal::new(folder, exact.lines).map_err(io)?;
        let (mut lower, mut upper) = (vec![None; exact.num_cols()], vec![None; exact.num_cols()]);
        for (j, is_upper, line, bound) in exact.initial_bounds() {
            if budget.spend(WORK_OF_A_BOUND) {
                return Err(interrupted());
            }
            let mut whole = (line, bound.clone());
            if exact.integer[j] && !bound.is_int() {
                let rounded = RBig::from(if is_upper { bound.floor() } else { bound.ceil() });
                let sense = if is_upper { 'L' } else { 'G' };
                let lines = vec![(line, RBig::ONE)];
                whole = (journal.push(sense, Some(&rounded), Form::Column(j), Rule::Round(&lines)), rounded);
            }
            (if is_upper { &mut upper } else { &mut lower })[j] = Some(whole);
        }
        let sums = Sums::new(exact.num_cols());
        Ok(Self {
            carried: exact.integer.clone(),
            model: exact,
            statement,
            folder: folder.to_path_buf(),
            journal,
            lower,
            upper,
            cutoff: None,
            assumption: None,
            best: None,
            unbounded: None,
            tree: Tree::default(),
            sums,
            lp: None,
            root_duals: None,
        })
    }

    /// Seconds that what is there takes to be written and to be read by a checker, about.
    pub(crate) fn seconds_to_write(&self) -> f64 {
        SECONDS_A_BYTE * self.journal.bytes() as f64
    }

    /// Keeps the duals of the root's relaxation.
    pub(crate) fn keep_root(&mut self, duals: Arc<RowProof>) {
        self.root_duals = Some(duals).filter(|duals| duals.with_cost);
    }

    /// From now on these continuous columns lean on the bounds of a node, too.
    pub(crate) fn carry(&mut self, columns: &[usize]) {
        columns.iter().for_each(|&j| self.carried[j] = true);
    }

    /// Whether the objective has a step at whole points, by exact reckoning.
    pub(crate) fn has_grid(&self) -> bool {
        self.model.grid.is_some()
    }

    /// That step.
    pub(crate) fn step(&self) -> Option<&RBig> {
        self.model.grid.as_ref()
    }

    /// The objective (minimised, without constant) of the best point.
    pub(crate) fn best_objective(&self) -> Option<&RBig> {
        self.best.as_ref().map(|best| &best.objective)
    }

    /// What is proven of the root, once all below it is closed.
    pub(crate) fn root(&self) -> Option<&Closed> {
        self.tree.root.as_ref()
    }

    /// A bound that holds at the root, with its line.
    fn base(&self, j: usize, side: Side) -> Option<(u64, RBig)> {
        match side {
            Side::Lower => self.lower[j].clone(),
            Side::Upper => self.upper[j].clone(),
        }
    }

    /// Two bounds of a column or sides of a row in the model that exclude each other.
    pub(crate) fn crossed(&mut self) -> Option<Closed> {
        let minus = || -RBig::ONE;
        let columns = self.lower.iter().zip(&self.upper).filter_map(|(lower, upper)| {
            let ((low_line, low), (high_line, high)) = (lower.as_ref()?, upper.as_ref()?);
            (low > high).then(|| vec![(*low_line, RBig::ONE), (*high_line, minus())])
        });
        let rows = self.model.rows.iter().filter_map(|row| {
            let crossed = row.lower.as_ref()? > row.upper.as_ref()?;
            crossed.then_some(vec![(row.lower_line?, RBig::ONE), (row.upper_line?, minus())])
        });
        let lines = columns.chain(rows).next()?;
        Some(self.absurd(&lines))
    }

    /// The bounds in force become those of the root, as far as they can be derived.
    pub(crate) fn rebase(&mut self, domain: &mut Domain, budget: &Budget) {
        for j in 0..self.model.num_cols() {
            for side in [Side::Lower, Side::Upper] {
                let position = domain.position(j, side, domain.end());
                if position > 0 && self.explain(domain, [position], budget).is_some() {
                    let derived = self.bound(domain, j, side, domain.end());
                    *(if side == Side::Lower { &mut self.lower[j] } else { &mut self.upper[j] }) = derived;
                }
            }
        }
    }
}
