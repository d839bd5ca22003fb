//! Proof folders: no network of an architecture has a smaller loss on some points, and one has this loss.
//!
//! Entry point: [`check`]. The files are those of *Proof folder, version 1* in `docs/certificate-format.md`. The chain:
//! the lemmas hold by exact arithmetic (so every network obeys their clauses), the formula holds nothing but the structure
//! of the network and these clauses (so every network is a solution, and its loss is offset + objective), the proof shows
//! that no solution is below a bound, and the exact forward pass shows what the network that is given reaches. Nobody
//! has to be trusted but for the data, which can be compared with its file.
//!
//! [`linear`] does the same for folders whose bound a mixed-integer linear model and its certificate prove.
//!
//! Memory holds the points and the formula; lemmas and proof are streams.

mod formula;
mod lemma;
pub mod linear;
mod problem;
mod structure;

use crate::boolean::{self, Conclusion};
use crate::network::data::{Data, Unknown};
use crate::network::file::File;
use crate::network::{self, Binding, Options, binding};
use crate::number::{self, Rational};
use crate::{Error, Source};
use problem::{Kind, Problem};

/// The files of a folder.
pub struct Folder<'s> {
    /// `problem.json`
    pub problem: Source<'s>,
    /// `lemmas.jsonl`
    pub lemmas: Source<'s>,
    /// `formula.opb`
    pub formula: Source<'s>,
    /// `proof.pbp`
    pub proof: Source<'s>,
    /// `network.json`, if it is there
    pub network: Option<Source<'s>>,
    /// The data file the points are compared with, if one is given, and how it is read.
    pub data: Option<(Source<'s>, Options)>,
}

/// What was checked, all of it successfully.
#[derive(Clone, Debug)]
pub struct Report {
    /// No network has a smaller loss; `None`: no network satisfies the constraints.
    pub bound: Option<u64>,
    /// The loss of the network that is given, if one is.
    pub loss: Option<u64>,
    /// Training rows.
    pub rows: usize,
    /// Distinct points.
    pub points: usize,
    /// Parts of the points that share their activations; as many as points without a partition.
    pub parts: usize,
    /// Lemmas.
    pub lemmas: usize,
    /// Loss = offset + objective of the formula.
    pub offset: u64,
    /// The loss that no network avoids because rows of one part differ in class.
    pub unavoidable: u64,
    /// The Boolean part.
    pub proof: boolean::Report,
    /// What the claim is about: columns, classes, rows.
    pub binding: Binding,
    /// Whether the points were compared with a data file.
    pub data_compared: bool,
}

/// Checks a folder.
///
/// # Errors
/// [`Error::Refuted`] at the first claim that does not hold, [`Error::Malformed`] or [`Error::Unreadable`] for a file that
/// cannot be read.
pub fn check(folder: Folder<'_>) -> Result<Report, Error> {
    let Folder { problem: mut source, lemmas, formula, proof, network, data } = folder;
    let problem = Problem::read(&mut source, Kind::Boolean)?;
    let rows = problem.data();
    let data_compared = data.is_some();
    let binding = bind(&problem, &source, &rows, data)?;
    let checked = formula::check(&problem, &source, lemmas, formula)?;
    let proof = boolean::check_from(checked.formula, proof)?;
    let bound = proven_bound(&problem, &source, checked.offset, proof.conclusion)?;
    upper_bound(&problem, &source, &rows, network)?;
    agree(&problem, &source, problem.loss.value.map(Rational::from).as_ref())?;
    Ok(Report {
        bound,
        loss: problem.loss.value,
        rows: problem.row_points.len(),
        points: problem.points.len(),
        parts: problem.parts,
        lemmas: checked.lemmas,
        offset: checked.offset,
        unavoidable: checked.unavoidable,
        proof,
        binding,
        data_compared,
    })
}

/// The claimed bound is what the proof concludes.
fn proven_bound(
    problem: &Problem,
    source: &Source<'_>,
    offset: u64,
    conclusion: Conclusion,
) -> Result<Option<u64>, Error> {
    let Conclusion::Bounds { lower, .. } = conclusion else {
        return Err(source.refuted_at(problem.bound.line, "the proof concludes no bounds"));
    };
    // The loss is never negative.
    let proven = lower.map(|lower| offset.checked_add_signed(lower).unwrap_or(0));
    let shown = proven.map(Rational::from);
    if shown == problem.bound.value { Ok(proven) } else { Err(overclaimed(problem, source, shown.as_ref())) }
}

/// Another bound is claimed than is proven.
fn overclaimed(problem: &Problem, source: &Source<'_>, proven: Option<&Rational>) -> Error {
    let shown = |bound: Option<&Rational>| {
        bound.map_or("infeasibility".to_owned(), |bound| format!("a bound of {}", number::brief(bound)))
    };
    let what = format!("claims {}, but the proof shows {}", shown(problem.bound.value.as_ref()), shown(proven));
    source.refuted_at(problem.bound.line, what)
}

/// The claimed bound is not above what the network reaches.
fn agree(problem: &Problem, source: &Source<'_>, reached: Option<&Rational>) -> Result<(), Error> {
    let refuse = |what: String| Err(source.refuted_at(problem.bound.line, what));
    match (&problem.bound.value, reached) {
        (Some(bound), Some(reached)) if bound > reached => {
            refuse(format!("the bound {} is above the loss {}", number::brief(bound), number::brief(reached)))
        }
        (None, Some(_)) => refuse("no network is claimed to satisfy the constraints, and one is given".to_owned()),
        _ => Ok(()),
    }
}

/// The network is one of the problem's, keeps all its promises, and has the claimed loss. Gives its objective.
fn upper_bound(
    problem: &Problem,
    source: &Source<'_>,
    rows: &Data,
    network: Option<Source<'_>>,
) -> Result<Option<Rational>, Error> {
    let (loss, mut model) = match (problem.loss.value, network) {
        (None, None) => return Ok(None),
        (Some(loss), Some(model)) => (loss, model),
        (None, Some(model)) => return Err(model.refuted_at(0, "a network, but the problem claims none")),
        (Some(_), None) => {
            return Err(source.refuted_at(problem.loss.line, "claims a loss, but there is no network.json"));
        }
    };
    let file = File::read(&mut model)?;
    if file.setting != problem.setting {
        let what = "architecture, scaler, schema or training are not those of problem.json";
        return Err(model.refuted_at(0, what));
    }
    let report = network::recount(&file, &model, rows, source)?;
    if report.loss != loss {
        let what = format!("claims the loss {loss}, but the network has {}", report.loss);
        return Err(source.refuted_at(problem.loss.line, what));
    }
    if let Some((part, point)) = network::torn_part(&file, &model, &problem.features(), &problem.part_of)? {
        let line = problem.points.get(point).map_or(0, |point| point.line);
        return Err(source.refuted_at(line, format!("the network's activations differ within part {part}")));
    }
    report.false_claims.into_iter().next().map_or(Ok(Some(report.objective)), Err)
}

/// What the claim is about. With a data file the points are those of the file, row by row.
fn bind(
    problem: &Problem,
    source: &Source<'_>,
    rows: &Data,
    data: Option<(Source<'_>, Options)>,
) -> Result<Binding, Error> {
    let file = data.map(|(data, options)| compare(problem, rows, data, &options)).transpose()?;
    let data = file.as_ref().unwrap_or(rows);
    match binding::fault(&problem.setting, data) {
        Some(what) => Err(source.refuted_at(0, what)),
        None => Ok(Binding::of(&problem.setting, data)),
    }
}

/// The points are those of the data file, row by row; gives the latter.
fn compare(problem: &Problem, rows: &Data, mut source: Source<'_>, options: &Options) -> Result<Data, Error> {
    let data = Data::read_rows(&mut source, &problem.setting, options, Unknown::Refused)?;
    if data.rows.len() != rows.rows.len() {
        let what = format!("{} rows, but the problem has {}", data.rows.len(), rows.rows.len());
        return Err(source.refuted_at(0, what));
    }
    for (found, claimed) in data.rows.iter().zip(&rows.rows) {
        if found.features != claimed.features || found.class != claimed.class || found.units != claimed.units {
            let what = format!("this row is not that of the problem (problem.json:{})", claimed.line);
            return Err(source.refuted_at(found.line, what));
        }
    }
    Ok(data)
}
