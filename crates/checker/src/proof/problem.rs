//! `problem.json`: what is claimed of which points. Both kinds of proof folders have one.

use crate::field::{Field, Parsed};
use crate::json;
use crate::network::data::{Data, Point};
use crate::network::setting::{Domain, Located, Setting};
use crate::network::sparse::Sparse;
use crate::number::Rational;
use crate::{Error, Source};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Hidden layers are at most so wide: later layers see 2^width patterns.
const MAX_HIDDEN: usize = 6;

/// What proves the bound.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Lemmas and a pseudo-Boolean proof.
    Boolean,
    /// A mixed-integer linear model and its certificate.
    Linear,
}

/// The problem and the claim about it.
pub(super) struct Problem {
    pub setting: Setting,
    /// The distinct points, in raw units.
    pub points: Vec<Located<Rc<[Rational]>>>,
    /// By training row.
    pub row_points: Vec<usize>,
    /// By training row.
    pub row_classes: Vec<usize>,
    /// By training row: what it counts.
    pub row_units: Vec<u32>,
    /// By point.
    pub part_of: Vec<usize>,
    pub parts: usize,
    /// 2 B where weights are whole: each is at least v - B or less, for v = 1, .., 2 B. 0 where they are real.
    pub values: usize,
    /// No network has a smaller objective (the loss, if nothing is regularised); `None`: none satisfies the constraints.
    pub bound: Located<Option<Rational>>,
    /// The loss of the network that is given, if one is.
    pub loss: Located<Option<u64>>,
}

impl Problem {
    /// Reads the file and checks that its parts fit together, the fingerprint of the data included.
    pub fn read(source: &mut Source<'_>, kind: Kind) -> Result<Self, Error> {
        let json = json::read(source)?;
        let problem = parse(&Field::root(&json), kind).map_err(|(line, what)| source.malformed_at(line, what))?;
        let fingerprint = &problem.setting.data_sha256;
        source.spend(problem.row_points.len().saturating_mul(problem.setting.inputs))?;
        if problem.data().sha256(&problem.setting) != fingerprint.value {
            let what = "`training.data_sha256` is not the fingerprint of the rows";
            return Err(source.refuted_at(fingerprint.line, what));
        }
        Ok(problem)
    }

    /// The training rows; the line of a row is that of its point.
    pub fn data(&self) -> Data {
        let features = self.features();
        let row = |((&point, &class), &units)| {
            let (features, point): (&Sparse, &Located<_>) = (features.get(point)?, self.points.get(point)?);
            Some(Point { line: point.line, features: features.clone(), class, units })
        };
        let rows = self.row_points.iter().zip(&self.row_classes).zip(&self.row_units).filter_map(row).collect();
        Data { rows, dropped: 0, unknown: 0, columns: None, in_file: vec![] }
    }

    /// The points, as networks see them.
    pub fn features(&self) -> Vec<Sparse> {
        self.points.iter().map(|point| Sparse::new(point.value.iter().cloned())).collect()
    }
}

fn parse(root: &Field<'_>, kind: Kind) -> Parsed<Problem> {
    root.is_format("heaviside-proof")?;
    let setting = Setting::read(root)?;
    match kind {
        Kind::Boolean => is_boolean(root, &setting)?,
        Kind::Linear if setting.epsilon.is_none() => {
            return root.get("training")?.wrong("a margin `epsilon`: linear models know no strict inequality");
        }
        Kind::Linear => {}
    }
    let values = values(root, &setting)?;
    let points = points(&root.get("points")?, &setting)?;
    let (row_points, row_classes) = rows(root, &setting, points.len())?;
    let row_units = units(root, &setting, row_points.len())?;
    let (part_of, parts) = match root.optional("partition") {
        None => ((0..points.len()).collect(), points.len()),
        Some(field) => partition(&field, points.len())?,
    };
    let claim = root.get("claim")?;
    let natural = |key: &str| claim.optional(key).map(|field| field.natural()).transpose();
    let bound = match kind {
        Kind::Boolean => natural("bound")?.map(Rational::from),
        Kind::Linear => claim.optional("bound").map(|field| field.number()).transpose()?,
    };
    let bound = Located { line: claim.line(), value: bound };
    let loss = Located { line: claim.line(), value: natural("loss")? };
    Ok(Problem { setting, points, row_points, row_classes, row_units, part_of, parts, values, bound, loss })
}

/// What lemmas and clauses can speak of.
fn is_boolean(root: &Field<'_>, setting: &Setting) -> Parsed<()> {
    let (architecture, training) = (root.get("architecture")?, root.get("training")?);
    if setting.hidden.iter().any(|&width| width > MAX_HIDDEN) {
        return architecture.get("hidden")?.wrong(&format!("hidden layers of at most {MAX_HIDDEN} neurons"));
    }
    if !setting.l0.is_zero() || !setting.l1.is_zero() {
        return training.wrong("l0 and l1 to be 0: these proofs know no regularisation");
    }
    Ok(())
}

/// 2 B of whole weights, 0 of real ones.
fn values(root: &Field<'_>, setting: &Setting) -> Parsed<usize> {
    let Domain::Integer(bound) = &setting.domain else { return Ok(0) };
    match u32::try_from(bound.numerator()) {
        Ok(bound) if bound > 0 => Ok((bound as usize).saturating_mul(2)),
        _ => root.get("architecture")?.get("weights")?.wrong("a bound from 1 to 2^32 - 1"),
    }
}

/// The points, no two of them equal.
fn points(list: &Field<'_>, setting: &Setting) -> Parsed<Vec<Located<Rc<[Rational]>>>> {
    let mut points = vec![];
    for field in list.list()? {
        let point: Located<Rc<[Rational]>> = Located::read(&field, |field| Ok(field.numbers()?.into()))?;
        if point.value.len() != setting.inputs {
            return field.wrong(&format!("{} numbers", setting.inputs));
        }
        points.push(point);
    }
    if u64::try_from(points.len()) != Ok(setting.distinct_points.value) {
        return list.wrong(&format!("{} points, as `training.distinct_points` says", setting.distinct_points.value));
    }
    let distinct: BTreeSet<&Rc<[Rational]>> = points.iter().map(|point| &point.value).collect();
    if distinct.len() != points.len() { list.wrong("no point twice") } else { Ok(points) }
}

/// The point and the class of each row; every point has a row.
fn rows(root: &Field<'_>, setting: &Setting, points: usize) -> Parsed<(Vec<usize>, Vec<usize>)> {
    let read = |key: &str, bound: usize| -> Parsed<Vec<usize>> {
        let list = root.get(key)?;
        let indices = indices(&list, bound)?;
        if u64::try_from(indices.len()) != Ok(setting.rows.value) {
            return list.wrong(&format!("{} indices, as `training.rows` says", setting.rows.value));
        }
        Ok(indices)
    };
    let (row_points, row_classes) = (read("row_points", points)?, read("row_classes", setting.classes)?);
    let seen: BTreeSet<&usize> = row_points.iter().collect();
    if seen.len() != points {
        return root.get("row_points")?.wrong("every point to have a row");
    }
    Ok((row_points, row_classes))
}

/// What each row counts: `row_units`, there if and only if `training.units` is, positive, with the sum that is claimed.
fn units(root: &Field<'_>, setting: &Setting, rows: usize) -> Parsed<Vec<u32>> {
    let Some(units) = &setting.units else {
        return match root.optional("row_units") {
            Some(field) => field.wrong("`training.units` beside units of rows"),
            None => Ok(vec![1; rows]),
        };
    };
    let list = root.get("row_units")?;
    let unit = |field: &Field<'_>| match u32::try_from(field.natural()?) {
        Ok(units) if units > 0 => Ok(units),
        _ => field.wrong("a positive number below 2^32"),
    };
    let found: Vec<u32> = list.list()?.iter().map(unit).collect::<Parsed<_>>()?;
    let total = found.iter().map(|&units| u64::from(units)).fold(0, u64::saturating_add);
    if found.len() != rows || total != units.total.value {
        return list.wrong(&format!("the units of {rows} rows, {} together", units.total.value));
    }
    Ok(found)
}

fn indices(list: &Field<'_>, bound: usize) -> Parsed<Vec<usize>> {
    let index = |field: &Field<'_>| {
        let index = field.size()?;
        if index < bound { Ok(index) } else { field.wrong(&format!("an index below {bound}")) }
    };
    list.list()?.iter().map(index).collect()
}

/// The part of each point, and the number of parts, all of which have points.
fn partition(list: &Field<'_>, points: usize) -> Parsed<(Vec<usize>, usize)> {
    let part_of = indices(list, points)?;
    let parts: BTreeSet<&usize> = part_of.iter().collect();
    if part_of.len() != points || parts.last().map_or(0, |last| **last + 1) != parts.len() {
        return list.wrong(&format!("the parts of {points} points, numbered without a gap"));
    }
    let parts = parts.len();
    Ok((part_of, parts))
}
