//! The certificate of a run of `solve`: written, checked, and only then named.
//!
//! The checker shares no code with the solver, its reader of the model included. What it refuses gets no name: such a file would
//! be a bug, and the command ends as one that failed. The check takes as long as it takes, up to the end of a limit, for which
//! the search leaves some time ([`search_limit`]), or until somebody has waited for long enough after an interrupt; a certificate
//! that was not checked to its end is written all the same, and called so.

use super::check::source;
use crate::console::Console;
use crate::failure::Failure;
use crate::format::{self, Side};
use crate::global::is_dash;
use crate::interrupt::{self, Interrupt};
use crate::output::OutputFile;
use bdnn::pack::Packer;
use checker::{Format, Source};
use flate2::bufread::MultiGzDecoder;
use milp::{Certificate, Model, Outcome, Proven, Sense};
use serde::Serialize;
use std::io::{self, BufReader, BufWriter, ErrorKind, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// What writing a certificate without derivations and checking it take, in times of reading the model: it begins with the model as
/// stated, and the checker reads both, exactly.
const READINGS: f64 = 4.0;
/// The same where it is packed.
const READINGS_PACKED: f64 = 7.0;
/// The largest share of a limit of time that is left to them.
const MOST_SHARE: f64 = 0.5;
/// So long they may take beyond the limit: enough for small models.
const GRACE: Duration = Duration::from_millis(100);
/// After an interrupt what stands is written in so long, and checked until so long after the signal.
const PATIENCE: Duration = Duration::from_secs(5);
const LEAST_PATIENCE: Duration = Duration::from_millis(100);

/// Whether `left` seconds can come to a certificate of a model that was read in `reading` seconds: stating it exactly, setting up a search
/// and writing each take a part of that.
pub fn has_time(left: f64, reading: f64) -> bool {
    left >= reading
}

/// Says that a certificate is not written for want of time.
pub fn tell_no_time(file: &OutputFile, console: &Console) {
    console.warn(&format!("there was no time left for {}: it is not written", file.path().display()));
}

/// What a certified search may take of `left` seconds, if its model was read in `reading` seconds.
pub fn search_limit(left: f64, reading: f64, packed: bool) -> f64 {
    let readings = if packed { READINGS_PACKED } else { READINGS };
    left - (readings * reading).min(MOST_SHARE * left)
}

/// The object `certificate` of `solve --json`: what the certificate proves, bounds with the constant of the objective.
#[derive(Serialize)]
pub struct CertificateJson {
    claim: &'static str,
    lower: Option<f64>,
    upper: Option<f64>,
    derivations: u64,
    /// Whether the independent checker has accepted it.
    checked: bool,
    /// Whether it proves the status of the run and, up to the rounding of floats, its bound.
    proves_status: bool,
}

/// What to write and where.
pub struct Certified<'a> {
    /// The model, and the file that it was read from.
    pub model: &'a Model,
    pub path: &'a Path,
    pub outcome: &'a Outcome,
    pub file: &'a OutputFile,
    /// Seconds.
    pub time_limit: Option<f64>,
    pub interrupt: Interrupt,
}

/// What the checker says.
enum Verdict {
    Accepted,
    /// Why there is none.
    Unfinished(String),
}

impl Certified<'_> {
    /// Writes the certificate and says what it proves, also where that is less than the outcome says.
    /// `None` if there was no time to write it.
    pub fn write(&self, certificate: Certificate, console: &Console) -> Result<Option<CertificateJson>, Failure> {
        let failed = |source| Failure::file(self.file.path(), source);
        let mut written = tempfile::tempfile_in(self.file.folder()).map_err(failed)?;
        let stop = self.stop(Some(PATIENCE));
        let budget = milp::Budget::default().stopped_by(&stop);
        // Packed as it is written: that belongs to the limit, and takes as long as all the rest.
        let packed = self.file.is_packed();
        let mut out = Packer::fast(BufWriter::new(&written), packed);
        let proven = match certificate.write_within(self.model, &mut out, &budget) {
            Err(milp::Error::Io { source, .. }) if source.kind() == ErrorKind::Interrupted => {
                tell_no_time(self.file, console);
                return Ok(None);
            }
            proven => proven?,
        };
        out.finish().and_then(|mut out| out.flush()).map_err(failed)?;
        written.rewind().map_err(failed)?;
        let reader = BufReader::new(written.try_clone().map_err(failed)?);
        let verdict = if packed {
            self.check(BufReader::new(MultiGzDecoder::new(reader)), &proven)?
        } else {
            self.check(reader, &proven)?
        };
        written.rewind().map_err(failed)?;
        self.file.write(|out| io::copy(&mut BufReader::new(&written), out).map(drop))?;
        Ok(Some(self.tell(&proven, &verdict, console)))
    }

    /// Whether it is time to give up, from now on: `patience` from now after an interrupt, or for want of it when somebody has
    /// waited for long enough.
    fn stop(&self, patience: Option<Duration>) -> impl Fn() -> bool + 'static {
        let began = Instant::now();
        let interrupt = self.interrupt;
        let was_raised = interrupt.raised();
        let left = |limit: f64| Duration::try_from_secs_f64(interrupt::left(limit)).ok()?.checked_add(GRACE);
        let waited = || interrupt.since().map(|since| LEAST_PATIENCE.saturating_sub(since));
        let patience = if was_raised { patience.or_else(waited) } else { self.time_limit.and_then(left) };
        move || {
            let is_late = patience.is_some_and(|patience| began.elapsed() >= patience);
            is_late || (interrupt.raised() && !was_raised)
        }
    }

    fn check(&self, certificate: impl io::BufRead, proven: &Proven) -> Result<Verdict, Failure> {
        let stop = self.stop(None);
        if stop() {
            return Ok(Verdict::Unfinished("there was no time left".to_owned()));
        }
        let budget = checker::Budget::stopped_by(move || stop().then(|| "there was no time left".to_owned()));
        let model = if is_dash(self.path) {
            // What came from standard input is gone; the model is told once more.
            let text = milp::io::to_mps(self.model)?;
            checker::Model::read(Source::new("the model", io::Cursor::new(text)).within(&budget), Some(Format::Mps))
        } else {
            checker::Model::read(source::open(self.path, &budget)?, Format::of_name(&self.path.display().to_string()))
        };
        let name = self.file.path().display().to_string();
        let model = match model {
            Ok(model) => model,
            Err(error) => return Ok(Verdict::Unfinished(format!("the checker does not read the model: {error}"))),
        };
        let checked = checker::certificate::check(&model, Source::new(name, certificate).within(&budget));
        // The process is about to end: the system takes back all of its memory at once, not one number after the other.
        std::mem::forget(model);
        match checked {
            Ok(report) if claim_of(&report.claim) == kind(proven) => Ok(Verdict::Accepted),
            Ok(_) => Err(Failure::Internal("the certificate claims another thing than its writer".to_owned())),
            Err(error) if error.leaves_unproven() && !error.is_refutation() => {
                Ok(Verdict::Unfinished(error.to_string()))
            }
            Err(error) => Err(Failure::Internal(format!("the certificate fails its check: {error}"))),
        }
    }

    fn tell(&self, proven: &Proven, verdict: &Verdict, console: &Console) -> CertificateJson {
        let name = self.file.path().display();
        let lower = format::bound(proven.lower.unwrap_or(f64::NEG_INFINITY), Side::Below);
        let upper = format::bound(proven.upper.unwrap_or(f64::INFINITY), Side::Above);
        let range = format!("{lower} .. {upper}");
        let claim = proven.claim();
        let what = match claim {
            "infeasible" | "unbounded" => claim.to_owned(),
            _ => format!("optimum in {range}"),
        };
        let checked = matches!(verdict, Verdict::Accepted);
        let said = if checked { "checked" } else { "not checked" };
        console.note(&format!("  certificate written to {name}: {what}, {} derivations, {said}", proven.derivations));
        if let Verdict::Unfinished(why) = verdict {
            console.warn(&format!("the certificate was not checked to its end: {why}"));
        }
        let proves_status = proven.confirms(self.model, self.outcome);
        if !proves_status {
            console.warn(&format!(
                "the certificate does not prove all that the search found ({}, bound {}): {name} proves {what}",
                self.outcome.status.as_str(),
                format::bound(self.outcome.bound, side_of_bounds(self.model))
            ));
        }
        CertificateJson {
            claim,
            lower: proven.lower,
            upper: proven.upper,
            derivations: proven.derivations,
            checked,
            proves_status,
        }
    }
}

/// The side of the optimum on which bounds are.
pub fn side_of_bounds(model: &Model) -> Side {
    if model.sense == Sense::Minimise { Side::Below } else { Side::Above }
}

/// Infeasible, unbounded.
fn kind(proven: &Proven) -> (bool, bool) {
    (proven.infeasible, proven.unbounded)
}

fn claim_of(claim: &checker::certificate::Claim) -> (bool, bool) {
    use checker::certificate::Claim;
    (*claim == Claim::Infeasible, *claim == Claim::Unbounded)
}
