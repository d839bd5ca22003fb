//! `--iis`: what an infeasible model is infeasible by, found, told and written.

use crate::console::{Console, visible_name};
use crate::failure::Failure;
use crate::format::{self, Pairs, plural};
use crate::global::is_stdout;
use crate::output::OutputFile;
use milp::iis::{Member, Part, Subsystem, infeasible_subsystem, supports};
use milp::io::Format;
use milp::{Control, Model, Options, Outcome, RowId, VarId};
use serde::Serialize;
use std::path::Path;

/// Members that the report names.
const SHOWN: usize = 20;

/// Where the subsystem is to go.
pub struct Target {
    file: OutputFile,
    format: Format,
}

impl Target {
    /// Makes sure, before a run, that the file can be written and has a format.
    pub fn prepare(path: &Path) -> Result<Self, Failure> {
        let format = if is_stdout(path) { Some(Format::Lp) } else { Format::of_path(path) };
        let format = format.ok_or_else(|| {
            let name = path.display();
            Failure::Input(format!("--iis {name}: the ending tells no format; end it in .lp or .mps (also with .gz)"))
        })?;
        Ok(Self { file: OutputFile::prepare(path)?, format })
    }

    /// Refuses models that no subsystem is found of, before the run.
    pub fn check(&self, model: &Model) -> Result<(), Failure> {
        Ok(supports(model)?)
    }

    /// The subsystem, where the outcome says that there is one.
    pub fn find(
        &self,
        (model, outcome): (&Model, &Outcome),
        options: &Options,
        control: &mut dyn Control,
        console: &Console,
    ) -> Result<Option<Subsystem>, Failure> {
        if outcome.status == milp::Status::Infeasible {
            console.note("  infeasible: looking for a part of it that is so by itself");
        }
        Ok(infeasible_subsystem(model, outcome, options, control)?)
    }

    /// Writes it as a model.
    pub fn write(&self, model: &Model, subsystem: Option<&Subsystem>, console: &Console) -> Result<(), Failure> {
        let name = self.file.name();
        let Some(subsystem) = subsystem else {
            console.warn(&format!("the model was not found infeasible: {name} is not written"));
            return Ok(());
        };
        let part = subsystem.to_model(model);
        let text = match self.format {
            Format::Lp => milp::io::to_lp(&part)?,
            Format::Mps => milp::io::to_mps(&part)?,
        };
        self.file.write_packed(text.as_bytes())?;
        console.note(&format!("  infeasible subsystem written to {name}"));
        Ok(())
    }
}

/// The object `iis` of `solve --json`.
#[derive(Serialize)]
pub struct IisJson<'a> {
    irreducible: bool,
    /// The limit that came before all members were decided.
    stopped: Option<&'static str>,
    rows: Vec<RowJson<'a>>,
    bounds: Vec<BoundJson<'a>>,
    integers: Vec<IntegerJson<'a>>,
    tests: u64,
    nodes: u64,
    lp_iterations: u64,
    seconds: f64,
}

#[derive(Serialize)]
struct RowJson<'a> {
    row: &'a str,
    side: &'static str,
    value: f64,
    needed: bool,
}

#[derive(Serialize)]
struct BoundJson<'a> {
    column: &'a str,
    side: &'static str,
    value: f64,
    needed: bool,
}

#[derive(Serialize)]
struct IntegerJson<'a> {
    column: &'a str,
    needed: bool,
}

/// What JSON says of a subsystem.
pub fn json<'a>(model: &'a Model, subsystem: &Subsystem) -> IisJson<'a> {
    let mut json = IisJson {
        irreducible: subsystem.is_irreducible(),
        stopped: subsystem.stopped.map(milp::Status::as_str),
        rows: Vec::new(),
        bounds: Vec::new(),
        integers: Vec::new(),
        tests: subsystem.tests,
        nodes: subsystem.nodes,
        lp_iterations: subsystem.lp_iterations,
        seconds: subsystem.seconds,
    };
    for &Member { part, is_needed: needed } in &subsystem.members {
        match side(model, part) {
            Ok(Side { of, is_row: true, side, value }) => json.rows.push(RowJson { row: of, side, value, needed }),
            Ok(Side { of, side, value, .. }) => json.bounds.push(BoundJson { column: of, side, value, needed }),
            Err(column) => json.integers.push(IntegerJson { column, needed }),
        }
    }
    json
}

/// The lines of the report.
pub fn report((model, outcome): (&Model, &Outcome), subsystem: Option<&Subsystem>, pairs: &mut Pairs) {
    let Some(subsystem) = subsystem else {
        let why = if outcome.solution.is_some() { "the model has a solution" } else { "not found infeasible" };
        pairs.push("infeasible subsystem", format!("none: {why}"));
        return;
    };
    pairs.push("infeasible subsystem", summary(subsystem));
    for member in subsystem.members.iter().take(SHOWN) {
        let doubt = if member.is_needed { "" } else { " (not decided)" };
        pairs.push("", format!("{}{doubt}", told(model, member.part)));
    }
    if let Some(rest) = subsystem.members.len().checked_sub(SHOWN).filter(|&rest| rest > 0) {
        pairs.push("", format!("and {rest} more, in the file and in --json"));
    }
}

/// `3 sides of rows, 1 bound; irreducible`.
fn summary(subsystem: &Subsystem) -> String {
    let count = |of: fn(&Part) -> bool| subsystem.members.iter().filter(|member| of(&member.part)).count() as u64;
    let rows = count(|part| matches!(part, Part::LowerSide(_) | Part::UpperSide(_)));
    let bounds = count(|part| matches!(part, Part::LowerBound(_) | Part::UpperBound(_)));
    let whole = count(|part| matches!(part, Part::Whole(_)));
    let sides = if rows == 1 { "1 side of a row".to_owned() } else { format!("{rows} sides of rows") };
    let kinds = [(rows, sides), (bounds, plural(bounds, "bound")), (whole, plural(whole, "integer column"))];
    let kinds: Vec<String> = kinds.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
    let open = subsystem.members.iter().filter(|member| !member.is_needed).count();
    let why = subsystem.stopped.map_or("tests ended at milp.iis_nodes or milp.iis_work", milp::Status::as_str);
    let proven = match open {
        0 => "irreducible: without any one of them there are solutions".to_owned(),
        open => format!("not proven irreducible: {open} not decided ({why})"),
    };
    format!("{}; {proven}", kinds.join(", "))
}

/// A side of a row or a bound of a column.
struct Side<'a> {
    of: &'a str,
    is_row: bool,
    side: &'static str,
    value: f64,
}

/// Which side a part is; or else the column that it asks to be whole.
fn side(model: &Model, part: Part) -> Result<Side<'_>, &str> {
    let row = |i: RowId| &model.rows[i.index()];
    let column = |j: VarId| &model.variables[j.index()];
    Ok(match part {
        Part::LowerSide(i) => Side { of: &row(i).name, is_row: true, side: "lower", value: row(i).lower },
        Part::UpperSide(i) => Side { of: &row(i).name, is_row: true, side: "upper", value: row(i).upper },
        Part::LowerBound(j) => Side { of: &column(j).name, is_row: false, side: "lower", value: column(j).lower },
        Part::UpperBound(j) => Side { of: &column(j).name, is_row: false, side: "upper", value: column(j).upper },
        Part::Whole(j) => return Err(&column(j).name),
    })
}

/// `row demand >= 9`, `bound x <= 4`, `integer x`.
fn told(model: &Model, part: Part) -> String {
    match side(model, part) {
        Ok(Side { of, is_row, side, value }) => {
            let sign = if side == "lower" { ">=" } else { "<=" };
            format!("{} {} {sign} {}", if is_row { "row" } else { "bound" }, visible_name(of), format::precise(value))
        }
        Err(column) => format!("integer {}", visible_name(column)),
    }
}
