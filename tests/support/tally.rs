//! Many models of a kind, counted.

use crate::judge::{Examined, Fault, Word, examine};
use crate::kinds::Kind;
use crate::shrink::shrink;
use budget::{Range as Values, Tunable, Value};
use milp::{Options, Parameters};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;

/// What came of the models of a kind.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How often the solver said what.
    pub words: BTreeMap<Word, u64>,
    /// How often a claim rested on what ([`milp::Verified`]).
    pub verified: BTreeMap<&'static str, u64>,
    /// Models that the oracle could not decide.
    pub open: u64,
    /// Models with a false word: their number, what is false, and the smallest model that shows it.
    pub faults: Vec<(u64, Fault, String)>,
}

/// The options for a model: the usual gap, none at all, or one of a twentieth, four models each in turn, so that those with a
/// certificate meet all of them. Every other dozen of trees is shared as soon as it has some open nodes, on one to three threads. For
/// every third model each parameter of the solver is drawn at random, one in four of them: small, the other way, or any word.
#[must_use]
pub fn options(number: u64) -> Options {
    let (mip_abs_gap, mip_rel_gap) = match number / 4 % 3 {
        0 => (None, 0.0),
        1 => (Some(0.0), 0.0),
        _ => (None, 0.05),
    };
    let mut options = Options { mip_abs_gap, mip_rel_gap, node_limit: 1000, time_limit: 10.0, ..Options::default() };
    if !(number / 12).is_multiple_of(2) {
        options.threads = 1 + number as usize / 24 % 3;
        options.parameters.subtrees = 2 + number as usize % 3;
        (options.parameters.alone_work, options.parameters.round_share, options.parameters.round_nodes) = (0, 0.0, 1);
    }
    if number % 3 == 2 {
        draw(&mut options.parameters, &mut ChaCha8Rng::seed_from_u64(number));
    }
    options
}

/// Draws one parameter in four at random.
fn draw(parameters: &mut Parameters, rng: &mut ChaCha8Rng) {
    for parameter in Parameters::table() {
        if rng.random_ratio(1, 4) {
            let value = match parameter.range {
                Values::Whole(low, high) => Value::Whole(rng.random_range(low..=high.min(low + 12))),
                Values::Real(low, high) => Value::Real(low + (high - low).min(1.0) * rng.random_range(0.0..=1.0)),
                range => {
                    let all = range.ends();
                    all[rng.random_range(0..all.len())]
                }
            };
            parameters.put(parameter.name, value);
        }
    }
}

/// Runs the models of a kind with these numbers, one in `certified` also with a certificate (0: none). Shrinks at most
/// `most` faults, and writes their models to `target/oracle`.
///
/// # Panics
/// If there is no temporary folder.
#[must_use]
pub fn tally(kind: &Kind, numbers: Range<u64>, certified: u64, most: usize) -> Tally {
    let folder = std::env::temp_dir();
    let mut tally = Tally::default();
    for number in numbers {
        let draft = kind.draft(number);
        let options = options(number);
        let with = (certified > 0 && number.is_multiple_of(certified)).then_some(folder.as_path());
        let Examined { truth, word, verified } = examine(&draft, &options, with);
        tally.open += u64::from(truth == crate::exact::Truth::Undecided);
        match word {
            Ok(word) => {
                *tally.words.entry(word).or_default() += 1;
                verified.iter().for_each(|verified| *tally.verified.entry(verified.as_str()).or_default() += 1);
            }
            Err(fault) => {
                let mut small = if tally.faults.len() < 3 { draft.to_lp() } else { String::new() };
                if tally.faults.len() < most {
                    let same = |word: &Result<Word, Fault>| word.as_ref().is_err_and(|other| other.kind == fault.kind);
                    let draft = shrink(&draft, |draft| same(&examine(draft, &options, with).word));
                    let what = examine(&draft, &options, with).word.expect_err("still shows it").what;
                    let gap = match options.mip_abs_gap {
                        Some(gap) => gap.to_string(),
                        None if options.mip_rel_gap > 0.0 => format!("{} of the objective", options.mip_rel_gap),
                        None => "by default".to_owned(),
                    };
                    small = format!(
                        "\\ {} {number}, gap {gap}: false {}: {what}\n{}",
                        kind.name,
                        fault.kind,
                        draft.to_lp()
                    );
                    write_down(&format!("{}-{number}.lp", kind.name), &small);
                }
                tally.faults.push((number, fault, small));
            }
        }
    }
    tally
}

fn write_down(name: &str, text: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/oracle");
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join(name), text));
    if let Err(error) = written {
        eprintln!("{}: {error}", folder.display());
    }
}

impl Tally {
    /// How often the solver said this.
    #[must_use]
    pub fn count(&self, word: Word) -> u64 {
        self.words.get(&word).copied().unwrap_or(0)
    }

    /// The faults in words, with the models that were shrunk.
    #[must_use]
    pub fn complaint(&self) -> String {
        let mut out = String::new();
        for (number, fault, small) in &self.faults {
            writeln!(out, "{number}: false {}: {}\n{small}", fault.kind, fault.what).expect("a string");
        }
        out
    }
}
