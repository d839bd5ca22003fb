//! Exact training in independent parts: all networks are divided into [`Cube`]s, each is searched by whoever has time, and the least of
//! their bounds is the bound of all.
//!
//! Entry points: [`divide`], [`train`], [`Canonical::place`]. The search is the one for clauses over activation patterns ([`crate::train`] describes it)
//! whatever the problem; other searches know nothing of conditions on neurons, and what they prove of all networks holds in every part.
//!
//! **Why parts cover everything.** A run writes formulas, one for each output function or one alone, whose solutions are networks in canonical
//! form: complemented and ordered in one way. Every network has such a form with no larger loss, so the best solution of all formulas is
//! the best network. Which formulas these are follows from problem and [`Form`] alone, and a part adds literals to them and nothing else: no
//! order is chosen anew inside of it. A literal and its negation divide the solutions of a formula, a function and all others divide the formulas;
//! so the leaves of a tree of such conditions divide the solutions, and the least loss over the leaves is that of all. A network is found in
//! the leaf of its canonical form ([`Canonical`]), and not where its neurons stand as they are.

mod place;

pub use crate::cube::{Condition, Cube};
pub use crate::engine::{Divided, Vertex};
pub use place::{Canonical, Place};

use crate::encode::{self, Sites};
use crate::engine::{Style, Within, search_within};
use crate::error::{Error, Reason};
use crate::proof;
use crate::search::NoProof;
use crate::start::confirm;
use crate::support::supports_patterns;
use bdnn::{Companion, Problem, Request, Telling, Training};
use std::cell::OnceCell;

/// How formulas are written, which decides what a condition means: all parts of a problem must have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// With all order among neurons.
    Ordered,
    /// With the order that a proof can follow.
    Provable,
}

/// Whether a problem can be divided.
///
/// # Errors
/// What stands in the way.
pub fn supports(problem: &Problem, form: Form) -> Result<(), Reason> {
    if problem.restrictions.fewer_features(problem.architecture.inputs).is_some() {
        return Err(Reason::SetsOfFeatures);
    }
    supports_patterns(problem)?;
    if form == Form::Provable {
        proof::supports(problem)?;
        if problem.architecture.hidden.is_empty() {
            return Err(Reason::SingleNeuronsUnproven);
        }
    }
    Ok(())
}

/// How formulas of parts are written and searched.
fn style(problem: &Problem, request: Request<'_>, form: Form) -> Style {
    let usual = Style::of(&request.limits.settings.of());
    let usual = Style { cells: false, dual: false, blocks: false, ..usual };
    match form {
        Form::Ordered => usual,
        Form::Provable => {
            Style { look_ahead: usual.look_ahead, split_after: usual.split_after, ..proof::style_of(problem) }
        }
    }
}

/// Refuses cubes with conditions that say nothing of networks of the problem. Cost: nothing without conditions, else O(m C), and the conditions.
///
/// # Errors
/// [`Error::Cube`] with what is wrong.
pub fn check<'c>(problem: &Problem, cubes: impl IntoIterator<Item = &'c Cube>, form: Form) -> Result<(), Error> {
    // Both are made of all points: a part without conditions needs neither.
    let known = OnceCell::new();
    let refuse = |what: String| Err(Error::Cube(what));
    for &(condition, _) in cubes.into_iter().flat_map(|cube| &cube.terms) {
        let (functions, sites) = known.get_or_init(|| (functions(problem, form), Sites::new(problem)));
        match (condition, functions) {
            (Condition::Function(number), Some(all)) if number >= *all => {
                return refuse(format!("there is no output function {number}, but {all} from 0"));
            }
            (Condition::Function(_), None) => return refuse("output functions are not told apart here".to_owned()),
            (Condition::Fires { neuron, point }, _) => {
                let (width, points) = (problem.architecture.widths()[1], problem.points.len());
                if neuron >= width || point >= points {
                    return refuse(format!(
                        "there is no neuron {neuron} at point {point}, but {width} neurons and {points} points from 0"
                    ));
                }
                let decided = sites.all_decided || !problem.error_limits.is_empty();
                let prefers = sites.preference(crate::cube::part_of(problem, point)).1 > 0;
                if functions.is_some() && !decided && !prefers {
                    return refuse(format!("what neurons do at point {point} makes no difference"));
                }
            }
            (Condition::Function(_), Some(_)) => {}
        }
    }
    Ok(())
}

/// The number of output functions that are told apart, if any are.
fn functions(problem: &Problem, form: Form) -> Option<usize> {
    if form == Form::Provable && !proof::style_of(problem).functions {
        return None;
    }
    encode::cases(problem).map(|functions| functions.len())
}

/// Divides a part into about `count` smaller ones, after a short search in each; `None` if a limit comes before. The start may be
/// any network of the problem. In the form for proofs no part is closed on the way: each refutation is wanted in writing. Cost: some
/// hundred conflicts a part.
///
/// ```
/// use bdnn::{Architecture, Limits, Loss, Points, Problem, Request, Scaler, WeightDomain};
/// use omt::cubes::{self, Cube, Form, Vertex};
///
/// // The classes change five times along a line.
/// let rows: Vec<f64> = (0..12).map(f64::from).collect();
/// let points = Points::merge(1, 2, &rows, &[0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1], Scaler::identity(1));
/// let architecture =
///     Architecture { inputs: 1, hidden: vec![2], classes: 2, bias: true, weights: WeightDomain::Continuous };
/// let problem = Problem::new(points, architecture, Loss::Hamming);
/// let limits = Limits::default();
/// let all = Cube::default();
/// let divided = cubes::divide(Request::new(&problem, &limits), (&all, 0), Form::Provable, 4)?.expect("no limit");
/// // What is left of each part: the least of the bounds is that of all networks.
/// let parts = divided.cubes(&all).into_iter().zip(&divided.vertices).filter(|(_, vertex)| **vertex == Vertex::Open);
/// let run = |cube: &Cube| cubes::train(Request::new(&problem, &limits), (cube, 0), Form::Provable, None);
/// let bounds = parts.map(|(cube, _)| Ok(run(&cube)?.bound)).collect::<Result<Vec<f64>, omt::Error>>()?;
/// assert!((1..=4).contains(&bounds.len()));
/// assert_eq!(bounds.into_iter().fold(f64::INFINITY, f64::min), omt::train(Request::new(&problem, &limits))?.bound);
/// # Ok::<(), omt::Error>(())
/// ```
///
/// # Errors
/// [`Error::Problem`], [`Error::Unsupported`] (see [`supports`]), [`Error::Cube`], [`Error::Start`].
pub fn divide(
    request: Request<'_>,
    (cube, floor): (&Cube, u64),
    form: Form,
    count: usize,
) -> Result<Option<Divided>, Error> {
    let problem = request.problem;
    sound(problem, cube, form)?;
    let start = confirm(problem, request.start)?;
    let within = Within { cube, floor };
    let style = style(problem, request, form);
    Ok(crate::engine::divide(request, start, style, within, (count, form == Form::Provable)))
}

/// Trains over a part of all networks, of which `floor` is known to be a lower bound. Start and companion may bring any network of
/// the problem: the part is closed once none in it loses less than the best that is known, and the bound is then that loss. [`Training::bound`] is a
/// bound of the part alone.
///
/// # Errors
/// As [`divide`].
pub fn train(
    request: Request<'_>,
    (cube, floor): (&Cube, u64),
    form: Form,
    companion: Option<&mut dyn Companion>,
) -> Result<Training, Error> {
    let problem = request.problem;
    sound(problem, cube, form)?;
    let start = confirm(problem, request.start)?;
    let mut telling = Telling::new(request.progress);
    telling.start(problem);
    let style = style(problem, request, form);
    let within = Within { cube, floor };
    let (training, _) = search_within(request, start, style, &mut |_, _| Box::new(NoProof), companion, within)?;
    telling.finish(&training);
    Ok(training)
}

fn sound(problem: &Problem, cube: &Cube, form: Form) -> Result<(), Error> {
    problem.check()?;
    supports(problem, form)?;
    check(problem, [cube], form)
}
