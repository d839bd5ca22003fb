//! The answer from all that workers on cubes of a model have left.

use super::super::file::{read, read_if_there};
use super::super::merge::OpenCube;
use super::super::places::Places;
use super::super::shared::{Best, Shared};
use super::super::terms::Term;
use super::super::tree::{CubeFile, Leaf};
use super::files::{Below, CLOSED, ModelResult, UNBOUNDED};
use super::part::{AtMost, index, is_in, restricted};
use super::plan::Tree;
use super::point::{Point, is_better, vector};
use super::problem::Known;
use crate::error::Error;
use milp::check::{is_below, is_bound_of, is_ray};
use milp::{Model, Rational, Verified};
use numerics::fraction;
use std::path::{Path, PathBuf};

/// What cubes come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// No point is better than the best one, within the gap.
    Optimal,
    /// There is no point.
    Infeasible,
    /// By a point and a ray.
    Unbounded,
    /// Something is missing or unfinished.
    Unfinished,
}

impl Answer {
    /// The word used in tables and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::Infeasible => "infeasible",
            Self::Unbounded => "unbounded",
            Self::Unfinished => "unfinished",
        }
    }
}

/// What cubes say together.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Merged {
    /// What they come to.
    pub answer: Answer,
    /// On what that rests.
    pub verified: Verified,
    /// The model.
    pub model: Model,
    /// The best point, recounted; of an unbounded model one that the ray starts from.
    pub point: Option<Point>,
    /// Its objective, the nearest float; none of an unbounded model.
    pub objective: Option<f64>,
    /// No point is better, in the sense of the model; infinite if nothing is proven, or there is none.
    pub bound: f64,
    /// Leaves of the tree.
    pub leaves: usize,
    /// Those that have no point that is better than the best.
    pub closed: usize,
    /// The others.
    pub open: Vec<OpenCube<f64>>,
    /// Of all results.
    pub nodes: u64,
    /// Of all results.
    pub lp_iterations: u64,
    /// Of all results: wall seconds of their searches, added up.
    pub seconds: f64,
}

impl Merged {
    /// Relative distance of objective and bound, as for an outcome of the solver.
    #[must_use]
    pub fn gap(&self) -> f64 {
        let is_met = self.answer == Answer::Optimal && self.verified == Verified::Exact;
        if is_met { 0.0 } else { budget::relative_gap(self.objective, self.bound) }
    }
}

/// What closes a leaf.
enum Closed {
    /// It has no point.
    Empty,
    /// None that is better than one of this objective, by more than the gap.
    At(Rational),
    /// Nothing.
    No,
}

/// A leaf and what is proven of it.
struct Proven {
    name: String,
    status: String,
    /// No point is below, where the objective is minimised.
    least: f64,
    closed: Closed,
}

/// Something that a file says of a part: no point there is below (minimised).
struct Statement {
    file: PathBuf,
    terms: Vec<Term<AtMost>>,
    least: f64,
}

/// Reads the folder.
struct Reader<'a> {
    places: Places,
    known: &'a Known,
    stop: &'a dyn Fn() -> bool,
    statements: Vec<Statement>,
    /// Points of files, recounted.
    held: Vec<(PathBuf, Point)>,
    leaves: Vec<Proven>,
    /// A point that a ray starts from.
    unbounded: Option<Point>,
    nodes: u64,
    lp_iterations: u64,
    seconds: f64,
}

fn contradiction(file: &Path, what: &str) -> Error {
    Error::Contradiction(format!("{}: {what}", file.display()))
}

impl Reader<'_> {
    /// What is proven below a tree within a part.
    fn tree(&mut self, tree: &Tree, path: &Path, within: &[Term<AtMost>]) -> Result<f64, Error> {
        let mut all = f64::INFINITY;
        for Leaf { terms, name, .. } in tree.leaves(path, &self.known.sha256, within)? {
            restricted(&self.known.model, &terms).map_err(|what| contradiction(path, &what))?;
            all = all.min(match name {
                Some(name) => self.cube(&name, &terms, path)?,
                None => self.closed_leaf(tree.below.as_ref(), terms, path)?,
            });
        }
        Ok(all)
    }

    fn closed_leaf(&mut self, below: Option<&Below>, terms: Vec<Term<AtMost>>, path: &Path) -> Result<f64, Error> {
        let (least, closed) = match below {
            None => (f64::INFINITY, Closed::Empty),
            Some(Below { bound, objective }) => {
                let number = fraction(objective);
                let number = number.ok_or_else(|| contradiction(path, &format!("{objective:?} is no objective")))?;
                (self.known.sign() * bound, Closed::At(number))
            }
        };
        self.statements.push(Statement { file: path.to_path_buf(), terms, least });
        self.leaves.push(Proven { name: String::new(), status: CLOSED.to_owned(), least, closed });
        Ok(least)
    }

    /// An error once somebody wants it to end.
    fn ask(&self, file: &Path) -> Result<(), Error> {
        let what = "interrupted before all results were read; nothing is merged";
        if (self.stop)() { Err(Error::Cubes(format!("{}: {what}", file.display()))) } else { Ok(()) }
    }

    /// Keeps a point that no other file holds.
    fn hold(&mut self, file: PathBuf, point: Option<Point>) {
        let is_new = |point: &Point| self.held.iter().all(|(_, held)| held != point);
        if let Some(point) = point.filter(is_new) {
            self.held.push((file, point));
        }
    }

    /// What is proven of a cube, by its own search or by its parts.
    fn cube(&mut self, name: &str, terms: &[Term<AtMost>], tree: &Path) -> Result<f64, Error> {
        self.ask(tree)?;
        let path = self.places.cube(name);
        if let Some(file) = read_if_there::<CubeFile<AtMost>>(&path)?
            && (file.problem != self.known.sha256 || file.cube != name || file.terms != terms)
        {
            return Err(contradiction(&path, &format!("is not the cube {name} that {} has", tree.display())));
        }
        let own = self.result(name, terms, tree)?;
        let least = own.least;
        let split = self.places.split(name);
        let Some(parts) = read_if_there::<Tree>(&split)? else {
            self.leaves.push(own);
            return Ok(least);
        };
        let known = self.leaves.len();
        let below = self.tree(&parts, &split, terms)?;
        if !matches!(own.closed, Closed::No) {
            // The cube was faster than its parts.
            self.leaves.truncate(known);
            self.leaves.push(own);
        }
        Ok(least.max(below))
    }

    /// What the result of a cube says, if there is one.
    fn result(&mut self, name: &str, terms: &[Term<AtMost>], tree: &Path) -> Result<Proven, Error> {
        let path = self.places.result(name);
        let whole = self.known.file.bound.map_or(f64::NEG_INFINITY, |bound| self.known.sign() * bound);
        let Some(result) = read_if_there::<ModelResult>(&path)? else {
            let (name, status) = (name.to_owned(), "missing".to_owned());
            return Ok(Proven { name, status, least: whole, closed: Closed::No });
        };
        if result.problem != self.known.sha256 {
            let (problem, known) = (self.places.problem(), &self.known.sha256);
            let what =
                format!("is a result of another problem ({}) than {} ({known})", result.problem, problem.display());
            return Err(contradiction(&path, &what));
        }
        if result.cube != name || result.terms != terms {
            let what = format!("is of another part of the model than cube {name} is in {}", tree.display());
            return Err(contradiction(&path, &what));
        }
        self.nodes += result.nodes;
        self.lp_iterations += result.lp_iterations;
        self.seconds += result.seconds;
        let point = result.point(self.known).map_err(|what| contradiction(&path, &what))?;
        let least = result.least(self.known.sign());
        let closed = match &point {
            _ if result.status != CLOSED => Closed::No,
            Some(point) if result.bound.is_some() => Closed::At(point.objective.clone()),
            _ if result.bound.is_some() => {
                return Err(contradiction(&path, "is closed by a bound without a point"));
            }
            _ => Closed::Empty,
        };
        if result.status == UNBOUNDED {
            self.take_ray(&result, point.as_ref(), &path)?;
        }
        self.statements.push(Statement { file: path.clone(), terms: terms.to_vec(), least });
        self.hold(path, point);
        Ok(Proven { name: name.to_owned(), status: result.status, least, closed })
    }

    /// A point and a ray, if they show that the model is unbounded.
    fn take_ray(&mut self, result: &ModelResult, point: Option<&Point>, path: &Path) -> Result<(), Error> {
        let model = &self.known.model;
        let ray = result.ray.as_ref().map(|ray| vector(ray, model, fraction));
        let ray = ray.transpose().map_err(|what| contradiction(path, &what))?;
        match point.filter(|point| point.exact.is_some() && ray.is_some_and(|ray| is_ray(model, &ray))) {
            Some(point) => self.unbounded = Some(point.clone()),
            None => return Err(contradiction(path, "its point and ray do not show that the model is unbounded")),
        }
        Ok(())
    }

    /// Refuses statements that an exact point belies.
    fn compare(&self) -> Result<(), Error> {
        let (index, sign) = (index(&self.known.model), self.known.sign());
        for (file, point) in &self.held {
            let Some(exact) = &point.exact else { continue };
            self.ask(file)?;
            let value = point.value(self.known.model.sense);
            let is_belied = |one: &&Statement| is_below(&value, one.least) && is_in(exact, &index, &one.terms);
            let belied = self.statements.iter().find(is_belied);
            if let Some(Statement { file: other, least, .. }) = belied {
                let says = if least.is_finite() {
                    format!("none is better than {}", sign * least)
                } else {
                    "there is none".to_owned()
                };
                return Err(Error::Contradiction(format!(
                    "{} and {} contradict each other: one holds a point of objective {}, the other says of points in the part where it is that {says}",
                    file.display(),
                    other.display(),
                    point.near()
                )));
            }
        }
        Ok(())
    }
}

/// Puts the results of all cubes in `folder` together: points are recounted, what is missing or unfinished is listed, and what is said of a part in which a point
/// says otherwise is refused. Cost: the files, and points times statements.
///
/// # Errors
/// [`Error::Contradiction`] names the files that do not fit; [`Error::File`] and [`Error::Cubes`] for what cannot be read, or if `stop` says so.
pub fn merge(folder: &Path, stop: &dyn Fn() -> bool) -> Result<Merged, Error> {
    let places = Places::new(folder);
    let known = Known::read(&places.problem())?;
    let tree_path = places.tree();
    let tree: Tree = read(&tree_path)?;
    let (incumbent, problem) = (places.incumbent(), places.problem());
    let mut reader = Reader {
        places,
        known: &known,
        stop,
        statements: vec![],
        held: vec![],
        leaves: vec![],
        unbounded: None,
        nodes: 0,
        lp_iterations: 0,
        seconds: 0.0,
    };
    let best = Shared { path: &incumbent, known: &known }.read().map_err(|error| match error {
        Error::Cubes(what) => Error::Contradiction(format!("{what}; the problem is that of {}", problem.display())),
        error => error,
    })?;
    reader.hold(incumbent, best);
    let sign = known.sign();
    let whole = known.file.bound.map_or(f64::NEG_INFINITY, |bound| sign * bound);
    reader.statements.push(Statement { file: problem, terms: vec![], least: whole });
    let least = reader.tree(&tree, &tree_path, &[])?.max(whole);
    reader.compare()?;
    let points = reader.held.iter().map(|(_, point)| point);
    let best = points.reduce(|one, other| if known.is_better(other, one) { other } else { one }).cloned();
    let is_closed = |leaf: &Proven| match &leaf.closed {
        Closed::Empty => true,
        Closed::At(objective) => {
            best.as_ref().is_some_and(|best| !is_better(objective, &best.objective, known.model.sense))
        }
        Closed::No => false,
    };
    let open: Vec<OpenCube<f64>> = reader
        .leaves
        .iter()
        .filter(|leaf| !is_closed(leaf))
        .map(|leaf| OpenCube {
            name: leaf.name.clone(),
            // Closed below a point that is not here.
            status: if leaf.status == CLOSED { "no point".to_owned() } else { leaf.status.clone() },
            bound: sign * leaf.least + 0.0,
        })
        .collect();
    let answer = match (&reader.unbounded, open.is_empty(), &best) {
        (Some(_), ..) => Answer::Unbounded,
        (None, true, Some(_)) => Answer::Optimal,
        (None, true, None) => Answer::Infeasible,
        (None, false, _) => Answer::Unfinished,
    };
    let point = if answer == Answer::Unbounded { reader.unbounded.clone() } else { best };
    let least = match (&point, answer) {
        (_, Answer::Unbounded) => f64::NEG_INFINITY,
        (Some(point), _) => least.min(point.value_below(known.model.sense)),
        (None, _) => least,
    };
    let is_met = |point: &Point| is_bound_of(&point.value(known.model.sense), least);
    let verified = match &point {
        Some(point) if point.exact.is_none() => Verified::Tolerance,
        Some(point) if answer == Answer::Unbounded || is_met(point) => Verified::Exact,
        _ => Verified::Rigorous,
    };
    Ok(Merged {
        answer,
        verified,
        objective: point.as_ref().filter(|_| answer != Answer::Unbounded).map(Point::near),
        point,
        bound: sign * least + 0.0,
        leaves: reader.leaves.len(),
        closed: reader.leaves.len() - open.len(),
        open,
        nodes: reader.nodes,
        lp_iterations: reader.lp_iterations,
        seconds: reader.seconds,
        model: known.model.clone(),
    })
}
