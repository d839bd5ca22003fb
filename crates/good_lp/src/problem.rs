//! A model that constraints and options are added to, up to its solution.

use good_lp::constraint::ConstraintReference;
use good_lp::solvers::MipGapError;
use good_lp::solvers::lp_solvers::{LpSolver, Model as Written};
use good_lp::variable::UnsolvedProblem;
use good_lp::{
    Constraint, IntoAffineExpression, ModelWithSOS1, ResolutionError, SolutionStatus, Solver, SolverModel, Variable,
    WithInitialSolution, WithMipGap, WithTimeLimit,
};
use milp::{Model, Options, OrderedSet, Outcome, Quiet, Status};

use crate::reader::{Places, Reader};
use crate::solution::HeavisideSolution;

/// The solver, to be named in `using`.
///
/// ```
/// use good_lp::{Solution, SolutionStatus, SolverModel, constraint, variables};
/// use heaviside_good_lp::heaviside;
///
/// variables! { vars: 0 <= x <= 4; y (integer) <= 3; }
/// let solution = vars.maximise(x + 2 * y).using(heaviside).with(constraint!(2 * x + 3 * y <= 10)).solve()?;
/// assert_eq!((solution.value(x), solution.value(y)), (0.5, 3.0));
/// assert!(matches!(solution.status(), SolutionStatus::Optimal));
/// # Ok::<(), good_lp::ResolutionError>(())
/// ```
#[must_use]
pub fn heaviside(problem: UnsolvedProblem) -> Problem {
    let reader = Reader::default();
    let written = LpSolver(reader.clone()).create_model(problem);
    // How the tree is searched does not depend on the number of threads.
    let options = Options { threads: 0, ..Options::default() };
    Problem { written, reader, options, gap: None, start: Vec::new(), sets: Vec::new() }
}

/// A model of good_lp on its way to the solver.
pub struct Problem {
    written: Written<Reader>,
    reader: Reader,
    options: Options,
    gap: Option<f32>,
    start: Vec<(Variable, f64)>,
    /// Special ordered sets, each with weights.
    sets: Vec<Vec<(Variable, f64)>>,
}

impl Problem {
    /// Changes the options of the solver: limits in nodes and memory, threads, seed, parameters.
    ///
    /// ```
    /// use good_lp::{Solution, SolverModel, variable, variables};
    /// use heaviside_good_lp::heaviside;
    ///
    /// let mut vars = variables!();
    /// let x = vars.add(variable().integer().clamp(0.5, 7.5));
    /// let problem = vars.minimise(x).using(heaviside).with_options(|options| options.node_limit = 1000);
    /// assert_eq!(problem.solve()?.value(x), 1.0);
    /// # Ok::<(), good_lp::ResolutionError>(())
    /// ```
    #[must_use]
    pub fn with_options(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    /// The model as the solver has it, for files, certificates and all else that it does.
    ///
    /// ```
    /// use good_lp::{SolverModel, constraint, variables};
    /// use heaviside_good_lp::{heaviside, milp};
    ///
    /// variables! { vars: 0 <= x <= 4; }
    /// let model = vars.minimise(3 * x).using(heaviside).with(constraint!(x >= 1.5)).into_model()?;
    /// assert!(milp::io::to_lp(&model).is_ok_and(|text| text.contains("minimize\n obj: + 3 x")));
    /// # Ok::<(), good_lp::ResolutionError>(())
    /// ```
    ///
    /// # Errors
    /// [`ResolutionError::Str`] for a model that cannot be stated: a coefficient that is no number, 2^24 variables and more.
    pub fn into_model(self) -> Result<Model, ResolutionError> {
        self.read().map(|read| read.model)
    }

    fn read(self) -> Result<Read, ResolutionError> {
        let Self { written, reader, mut options, gap, start, sets } = self;
        let places = Places::new(written.solve()?);
        let mut model = reader.take().ok_or(ResolutionError::Other("the model was not handed on"))?;
        for (number, mut set) in sets.into_iter().enumerate() {
            set.sort_by(|(_, a), (_, b)| a.total_cmp(b));
            let members = set.iter().map(|(variable, _)| milp::VarId(places.of(*variable) as u32)).collect();
            model.special.sets.push(OrderedSet { name: format!("s{number}"), neighbours: 1, members });
        }
        if !start.is_empty() {
            // What is not given is as near to 0 as bounds allow.
            let mut point: Vec<f64> = model.variables.iter().map(|var| 0.0_f64.min(var.upper).max(var.lower)).collect();
            start.into_iter().for_each(|(variable, value)| point[places.of(variable)] = value);
            options.start = Some(point);
        }
        Ok(Read { model, places, options, gap })
    }
}

/// All that is handed on.
struct Read {
    model: Model,
    places: Places,
    options: Options,
    gap: Option<f32>,
}

impl SolverModel for Problem {
    type Solution = HeavisideSolution;
    type Error = ResolutionError;

    fn solve(self) -> Result<Self::Solution, Self::Error> {
        let Read { model, places, options, gap } = self.read()?;
        let outcome = milp::solve(&model, &options, &mut Quiet).map_err(|error| error.to_string())?;
        let status = status(&outcome, gap)?;
        if outcome.solution.is_none() {
            return Err(ResolutionError::Other("a limit was reached before a solution was found"));
        }
        Ok(HeavisideSolution::new(outcome, status, places))
    }

    fn add_constraint(&mut self, constraint: Constraint) -> ConstraintReference {
        self.written.add_constraint(constraint)
    }

    fn name() -> &'static str {
        "Heaviside"
    }
}

/// What good_lp calls the end of a run.
fn status(outcome: &Outcome, gap: Option<f32>) -> Result<SolutionStatus, ResolutionError> {
    match outcome.status {
        Status::Infeasible => Err(ResolutionError::Infeasible),
        Status::Unbounded => Err(ResolutionError::Unbounded),
        Status::Unresolved => {
            let bound = outcome.bound;
            Err(ResolutionError::Str(format!(
                "neither floats nor exact arithmetic could decide; the bound {bound} holds"
            )))
        }
        Status::Optimal if gap.is_some_and(|gap| gap > 0.0) && outcome.gap() > 0.0 => Ok(SolutionStatus::GapLimit),
        Status::Optimal => Ok(SolutionStatus::Optimal),
        // good_lp has no words for other limits.
        Status::TimeLimit | Status::NodeLimit | Status::MemoryLimit | Status::Interrupted => {
            Ok(SolutionStatus::TimeLimit)
        }
    }
}

impl WithTimeLimit for Problem {
    fn with_time_limit<T: Into<f64>>(mut self, seconds: T) -> Self {
        self.options.time_limit = seconds.into();
        self
    }
}

impl WithMipGap for Problem {
    fn mip_gap(&self) -> Option<f32> {
        self.gap
    }

    fn with_mip_gap(mut self, gap: f32) -> Result<Self, MipGapError> {
        if gap.is_nan() {
            return Err(MipGapError::Other("it is not a number".to_owned()));
        }
        if gap.is_sign_negative() {
            return Err(MipGapError::Negative);
        }
        if gap.is_infinite() {
            return Err(MipGapError::Infinite);
        }
        self.gap = Some(gap);
        self.options.mip_rel_gap = f64::from(gap);
        Ok(self)
    }
}

impl WithInitialSolution for Problem {
    fn with_initial_solution(mut self, solution: impl IntoIterator<Item = (Variable, f64)>) -> Self {
        self.start = solution.into_iter().collect();
        self
    }
}

impl ModelWithSOS1 for Problem {
    /// The columns of a set need bounds, given or following from rows.
    fn add_sos1<I: IntoAffineExpression>(&mut self, variables_and_weights: I) {
        self.sets.push(variables_and_weights.linear_coefficients().into_iter().collect());
    }
}
