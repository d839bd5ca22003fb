//! `formula.opb`: what does not depend on the run is written before it, so that the end of a run has little left to write.
//!
//! The first line counts the constraints, lemmas included, so the objective and the clauses of the structure wait in a file of their
//! own until the search is over.

use super::folder::Folder;
use super::structure::Structure;
use crate::error::Error;
use crate::theory::Lemma;
use bdnn::Stop;
use budget::Instant;
use std::io::{self, ErrorKind};

/// What copying takes that was written before, as a share of what writing it took; lemmas, and whatever else is small, included.
const COPIED: f64 = 0.5;

/// A formula whose first part is written.
pub(super) struct Formula {
    variables: usize,
    /// Constraints of the first part.
    clauses: u64,
    /// Literals of the end for each of the first part.
    end: f64,
    began: Instant,
}

impl Formula {
    /// Writes the first part; `None` once `stop` says so.
    pub(super) fn prepare(structure: &Structure<'_>, folder: &Folder, stop: &Stop<'_>) -> Result<Option<Self>, Error> {
        let began = Instant::now();
        let failed = |source| folder.failure(Folder::CLAUSES, source);
        let mut out = folder.create_file(Folder::CLAUSES)?;
        let (clauses, literals) = match structure.write_clauses(&mut out, stop) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(None),
            written => written.map_err(failed)?,
        };
        out.close().map_err(failed)?;
        let end = structure.literals_at_end() as f64 / literals.max(1) as f64;
        Ok(Some(Self { variables: structure.num_variables(), clauses, end, began }))
    }

    /// Seconds to keep back, if nothing else is prepared from now on.
    pub(super) fn seconds_to_finish(&self) -> f64 {
        (COPIED + self.end) * self.began.elapsed().as_secs_f64()
    }

    /// Puts the file together with these lemmas (layers from 1); returns the number of constraints.
    pub(super) fn finish(
        &self,
        structure: &Structure<'_>,
        folder: &Folder,
        lemmas: &[(usize, Lemma)],
    ) -> Result<u64, Error> {
        let constraints = self.clauses + structure.count_lemmas(lemmas);
        let mut formula = folder.create_file(Folder::FORMULA)?;
        let mut part = folder.open_file(Folder::CLAUSES)?;
        let written = (|| -> io::Result<()> {
            structure.write_head(self.variables, constraints, &mut formula)?;
            formula.append(&mut part)?;
            structure.write_lemmas(lemmas, &mut formula)?;
            formula.close()
        })();
        written.map_err(|source| folder.failure(Folder::FORMULA, source))?;
        folder.remove(Folder::CLAUSES)?;
        Ok(constraints)
    }
}
