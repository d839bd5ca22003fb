//! The model as a VIPR file states it, written before the search: after a limit or a signal there is little time.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use dashu::rational::RBig;

use super::exact::ExactModel;
use super::journal::spend;
use super::names::written_name;
use crate::Budget;
use crate::model::{Datum, Model, RowId, Sense, VarId};

/// Bytes that are handed on at a time.
const BLOCK: usize = 1 << 16;

/// Units of [`Budget::spend`] that writing a number takes.
const WORK_OF_A_NUMBER: usize = 20;

/// The sections before the claim.
pub(super) struct Statement {
    file: File,
}

impl Statement {
    /// Of the model that is given both ways, in a file without a name in `folder`. Cost O(non-zeros); when the budget is over the error is
    /// [`io::ErrorKind::Interrupted`].
    pub(super) fn new(model: &Model, numbers: &ExactModel, folder: &Path, budget: &Budget) -> io::Result<Self> {
        // Millions of short pieces.
        let mut out = BufWriter::with_capacity(BLOCK, tempfile::tempfile_in(folder)?);
        writeln!(out, "VER 1.1\nVAR {}", model.num_vars())?;
        for var in &model.variables {
            writeln!(out, "{}", written_name(&var.name))?;
        }
        let integers: Vec<String> =
            (0..model.num_vars()).filter(|&j| numbers.integer[j]).map(|j| j.to_string()).collect();
        writeln!(out, "INT {}\n{}", integers.len(), integers.join(" "))?;
        let sense = if model.sense == Sense::Maximise { "max" } else { "min" };
        let costs = || (0..).map(VarId).zip(&model.variables).filter(|(_, var)| var.cost != 0.0);
        write!(out, "OBJ {sense}\n{}", costs().count())?;
        for (j, var) in costs() {
            write!(out, " {} ", j.0)?;
            model.decimals.write(Datum::Cost(j), var.cost, &mut out)?;
        }
        writeln!(out, "\nCON {} {}", numbers.lines, numbers.bound_lines)?;
        for (j, upper, _, bound) in numbers.initial_bounds() {
            let (name, sense) = if upper { ('u', 'L') } else { ('l', 'G') };
            spend(budget, WORK_OF_A_NUMBER)?;
            write!(out, "{name}{j} {sense} ")?;
            write_number(bound, &mut out)?;
            writeln!(out, " 1 {j} 1")?;
        }
        for ((i, row), exact) in (0..).zip(&model.rows).zip(&numbers.rows) {
            let lower = model.decimals.side(Datum::RowLower(RowId(i)), row.lower);
            let upper = model.decimals.side(Datum::RowUpper(RowId(i)), row.upper);
            let same = lower.is_some() && lower == upper;
            let sides = if same { vec![('E', &lower)] } else { vec![('G', &lower), ('L', &upper)] };
            for (sense, side) in sides {
                let Some(side) = side else { continue };
                spend(budget, WORK_OF_A_NUMBER * (1 + row.terms.len()))?;
                write!(out, "r{i}{sense} {sense} {side} {}", exact.entries.len())?;
                for (var, a) in row.terms.iter().filter(|(_, a)| *a != 0.0) {
                    write!(out, " {} ", var.0)?;
                    model.decimals.write(Datum::Entry(RowId(i), *var), *a, &mut out)?;
                }
                writeln!(out)?;
            }
        }
        Ok(Self { file: out.into_inner().map_err(io::IntoInnerError::into_error)? })
    }

    /// Hands it on; when the budget is over the error is [`io::ErrorKind::Interrupted`].
    pub(super) fn copy(&mut self, out: &mut dyn Write, budget: &Budget) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        let mut block = vec![0; BLOCK];
        loop {
            let read = match self.file.read(&mut block) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                // A signal came; whether that ends anything the budget says.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
                Err(error) => return Err(error),
            };
            spend(budget, read)?;
            out.write_all(&block[..read])?;
        }
    }
}

/// Writes a number; most are short and whole, which goes many times faster than for others.
fn write_number(value: &RBig, out: &mut impl Write) -> io::Result<()> {
    match i64::try_from(value.numerator()) {
        Ok(short) if value.is_int() => write!(out, "{short}"),
        _ => write!(out, "{value}"),
    }
}
