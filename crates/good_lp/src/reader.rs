//! The model as good_lp hands it on, read into the solver's.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::sync::{Arc, Mutex, PoisonError};

use good_lp::solvers::lp_solvers::LpSolution;
use good_lp::{Solution as _, Variable};
use lp_solvers::lp_format::{AsVariable, LpObjective, LpProblem, WriteToLpFileFormat};
use lp_solvers::solvers::{Solution, SolverTrait, Status};
use milp::{Model, Sense, VarId, VarKind};

/// Columns whose places single precision tells apart, which is what values of solutions have at this door.
const MOST_COLUMNS: usize = 1 << 24;

/// Takes the model that it is asked to solve, and gives as the value of each variable the place of its column.
#[derive(Clone, Debug, Default)]
pub struct Reader(Arc<Mutex<Option<Model>>>);

impl Reader {
    /// The model that was read.
    pub fn take(&self) -> Option<Model> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The places of variables among the columns.
pub struct Places(LpSolution);

impl Places {
    /// From what came of a [`Reader`].
    pub fn new(solution: LpSolution) -> Self {
        Self(solution)
    }

    /// The place of one.
    pub fn of(&self, variable: Variable) -> usize {
        self.0.value(variable) as usize
    }
}

impl SolverTrait for Reader {
    fn run<'a, P: LpProblem<'a>>(&self, problem: &'a P) -> Result<Solution, String> {
        let (model, places) = read(problem)?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(model);
        let results = places.into_iter().map(|(name, place)| (name, place.0 as f32)).collect();
        Ok(Solution::new(Status::Optimal, results))
    }
}

/// The model, and the columns by their names.
fn read<'a, P: LpProblem<'a>>(problem: &'a P) -> Result<(Model, BTreeMap<String, VarId>), String> {
    let mut model = Model::new(problem.name());
    model.sense = match problem.sense() {
        LpObjective::Minimize => Sense::Minimise,
        LpObjective::Maximize => Sense::Maximise,
    };
    let mut places = BTreeMap::new();
    for var in problem.variables() {
        let kind = if var.is_integer() { VarKind::Integer } else { VarKind::Continuous };
        let place = model.add_var(var.name(), var.lower_bound(), var.upper_bound(), 0.0, kind);
        places.insert(var.name().to_owned(), place);
    }
    if places.len() != model.num_vars() || model.num_vars() > MOST_COLUMNS {
        return Err(format!("{} variables are too many, or two of them have one name", model.num_vars()));
    }
    for (place, cost) in terms(&problem.objective(), &places)? {
        model.variables[place.index()].cost += cost;
    }
    for (number, row) in problem.constraints().enumerate() {
        let (lower, upper) = match row.operator {
            Ordering::Less => (f64::NEG_INFINITY, row.rhs),
            Ordering::Equal => (row.rhs, row.rhs),
            Ordering::Greater => (row.rhs, f64::INFINITY),
        };
        model.add_row(format!("c{number}"), lower, upper, terms(&row.lhs, &places)?);
    }
    Ok((model, places))
}

/// An expression as it is written: a coefficient and a name, again and again.
fn terms(expression: &impl WriteToLpFileFormat, places: &BTreeMap<String, VarId>) -> Result<Vec<(VarId, f64)>, String> {
    let text = Shown(expression).to_string();
    let words: Vec<&str> = text.split_whitespace().collect();
    let term = |pair: &[&str]| -> Option<(VarId, f64)> {
        let [coefficient, name] = pair else { return None };
        Some((*places.get(*name)?, coefficient.parse().ok()?))
    };
    words.chunks(2).map(|pair| term(pair).ok_or_else(|| format!("'{}' is no term", pair.join(" ")))).collect()
}

struct Shown<'a, E>(&'a E);

impl<E: WriteToLpFileFormat> Display for Shown<'_, E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.to_lp_file_format(out)
    }
}
