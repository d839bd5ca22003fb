//! What a run needs before its first round: the geometry of the first layer, its cases, and the dual tree.

use super::dual_part::DualPart;
use super::style::Style;
use crate::Parameters;
use crate::case::Case;
use crate::cells::Cells;
use crate::cube::Cube;
use crate::encode::{self, Encoding, Sites, Threshold};
use crate::search::ProofSink;
use crate::theory::Geometry;
use bdnn::{Limits, Problem, Stop};
use std::sync::Arc;

/// What a run needs before its first round.
pub(super) struct Parts {
    pub(super) geometry: Arc<Geometry>,
    pub(super) dual: Option<DualPart>,
    pub(super) cases: Vec<Case>,
}

impl Parts {
    /// Of the networks of `cube`. `None` once `stop` says so, or where the dual tree does not take a problem that was for it alone.
    pub(super) fn new(
        (problem, cube): (&Problem, &Cube),
        limits: &Limits,
        style: Style,
        sink: &mut dyn FnMut(usize, &Encoding) -> Box<dyn ProofSink>,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let parameters: Parameters = limits.settings.of();
        let sites = Sites::new_within(problem, stop)?;
        let geometry = Arc::new(Geometry::first_layer_as(problem, style.listed, stop)?);
        let functions = encode::cases(problem).filter(|_| style.functions);
        let few = functions.as_deref().filter(|_| style.dual);
        let dual = few.and_then(|functions| {
            DualPart::new(problem, &geometry, functions, style.labels, &limits.settings.of(), stop)
        });
        if style.patience < u64::MAX && !dual.as_ref().is_some_and(DualPart::suffices) {
            return None;
        }
        let dual = dual.map(|dual| dual.with_patience(style.patience));
        if dual.as_ref().is_some_and(DualPart::suffices) {
            return Some(Self { geometry, dual, cases: Vec::new() });
        }
        let one = |function: Option<Threshold>| formula(problem, &sites, &geometry, function, &style, stop);
        let encodings: Vec<(usize, Encoding)> = match functions {
            Some(functions) => {
                let allowed = functions.into_iter().enumerate().filter(|(number, _)| cube.allows(*number));
                allowed.map(|(number, function)| Some((number, one(Some(function))?))).collect::<Option<_>>()?
            }
            None => vec![(0, one(None)?)],
        };
        let cells = Cells::new(&sites, &geometry, parameters.early_cell_words).filter(|_| style.cells).map(Arc::new);
        let mut cases = Vec::with_capacity(encodings.len());
        for (number, encoding) in encodings {
            if stop() {
                return None;
            }
            let sink = sink(number, &encoding);
            let assumed = cube.literals(problem, &encoding);
            let mut case = Case::new(encoding, &parameters, (style.cores, style.look_ahead), sink);
            assumed.into_iter().for_each(|lit| case.solver.add_fact(lit));
            case.search_cells(cells.as_ref());
            cases.push(case);
        }
        Some(Self { geometry, dual, cases })
    }
}

/// The formula of an output function, or that with truth tables if there is none; `None` once `stop` says so.
pub(super) fn formula(
    problem: &Problem,
    sites: &Sites,
    geometry: &Arc<Geometry>,
    function: Option<Threshold>,
    style: &Style,
    stop: &Stop<'_>,
) -> Option<Encoding> {
    let mut encoding = match function {
        Some(function) => (!stop()).then(|| encode::shallow(sites, geometry, function, style.order, style.labels))?,
        None => encode::layered(problem, sites, geometry, (style.widest_table, style.listed), style.order, stop)?,
    };
    encoding.limit_errors(problem, sites);
    Some(encoding)
}
