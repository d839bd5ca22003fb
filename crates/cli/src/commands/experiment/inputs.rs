//! Large inputs for `experiment limits`, written to files by seed.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// What a file of points is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Points {
    pub rows: usize,
    pub features: usize,
    pub kind: Kind,
}

/// How values and labels come about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Four decimals, uniform in [-1, 1]; a linear rule with one label in ten flipped.
    Linear,
    /// As counts of words: many zeros, two decimals, a few columns of long tails; classes that overlap.
    Skewed,
    /// Zeros and ones; labels by chance.
    Binary,
    /// As [`Kind::Linear`], with labels of so many classes by chance.
    Classes(usize),
}

impl Points {
    /// Writes the points of this seed with a header, the label last.
    pub fn write(&self, path: &Path, seed: u64) -> io::Result<()> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        let names: Vec<String> = (0..self.features).map(|j| format!("x{j}")).collect();
        writeln!(out, "{},label", names.join(","))?;
        // A weight, or a rate and a lean, a feature.
        let rule: Vec<(f64, f64)> =
            (0..self.features).map(|_| (random.random_range(-1.0..1.0), random.random_range(0.02..0.5))).collect();
        let mut line = String::new();
        for _ in 0..self.rows {
            line.clear();
            let label = match self.kind {
                Kind::Linear => usize::from(linear(&rule, &mut random, &mut line)),
                Kind::Skewed => usize::from(skewed(&rule, &mut random, &mut line)),
                Kind::Binary => {
                    rule.iter().for_each(|_| line.push_str(if random.random() { "1," } else { "0," }));
                    random.random_range(0..2)
                }
                Kind::Classes(classes) => {
                    linear(&rule, &mut random, &mut line);
                    random.random_range(0..classes)
                }
            };
            writeln!(out, "{line}{label}")?;
        }
        out.flush()
    }
}

fn linear(rule: &[(f64, f64)], random: &mut impl Rng, line: &mut String) -> bool {
    let mut sum = 0.0;
    for (weight, _) in rule {
        let value: f64 = random.random_range(-1.0..1.0);
        sum += weight * value;
        let _ = write!(line, "{value:.4},");
    }
    (sum > 0.0) != random.random_bool(0.1)
}

fn skewed(rule: &[(f64, f64)], random: &mut impl Rng, line: &mut String) -> bool {
    let label = random.random_bool(0.4);
    for (j, &(lean, rate)) in rule.iter().enumerate() {
        let rate = rate * if (lean > 0.0) == label { 1.6 } else { 0.7 };
        let tail = -random.random_range(f64::MIN_POSITIVE..1.0).ln();
        // The last three of fifty-seven are lengths.
        let value = if j % 57 >= 54 {
            1.0 + 5.0 * tail * tail * if label { 2.0 } else { 1.0 }
        } else if random.random_bool(rate) {
            0.7 * tail
        } else {
            0.0
        };
        let _ = if value == 0.0 { write!(line, "0,") } else { write!(line, "{value:.2},") };
    }
    label
}

/// Writes a set partitioning problem as MPS: `rows` flights, `columns` rotations of two to nine flights each, and a
/// costly one for every flight alone, so that there is a solution.
pub fn set_partitioning(path: &Path, rows: usize, columns: usize, seed: u64) -> io::Result<()> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(out, "NAME partitioning\nROWS\n N cost")?;
    for row in 0..rows {
        writeln!(out, " E f{row}")?;
    }
    writeln!(out, "COLUMNS\n M1 'MARKER' 'INTORG'")?;
    let mut members = Vec::new();
    for column in 0..columns {
        members.clear();
        if column < rows {
            members.push(column);
        } else {
            let start = random.random_range(0..rows);
            for k in 0..random.random_range(2..10) {
                members.push((start + k * random.random_range(1..rows / 8)) % rows);
            }
            members.sort_unstable();
            members.dedup();
        }
        let alone = if column < rows { 4.0 } else { 1.0 };
        let cost = alone * members.len() as f64 * random.random_range(800.0..1200.0);
        writeln!(out, " c{column} cost {cost:.0}")?;
        for row in &members {
            writeln!(out, " c{column} f{row} 1")?;
        }
    }
    writeln!(out, " M2 'MARKER' 'INTEND'\nRHS")?;
    for row in 0..rows {
        writeln!(out, " rhs f{row} 1")?;
    }
    writeln!(out, "BOUNDS")?;
    for column in 0..columns {
        writeln!(out, " BV bnd c{column}")?;
    }
    writeln!(out, "ENDATA")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_one_file() {
        let folder = tempfile::tempdir().expect("a folder");
        for (at, kind) in [Kind::Linear, Kind::Skewed, Kind::Binary, Kind::Classes(7)].into_iter().enumerate() {
            let points = Points { rows: 40, features: 60, kind };
            let read = |name: &str, seed| {
                let path = folder.path().join(format!("{at}{name}"));
                points.write(&path, seed).expect("written");
                std::fs::read_to_string(path).expect("text")
            };
            let text = read("a", 1);
            assert_eq!(text, read("b", 1));
            assert_ne!(text, read("c", 2));
            assert_eq!(text.lines().count(), 41);
            assert!(text.lines().all(|line| line.split(',').count() == 61));
        }
        let path = folder.path().join("m.mps");
        set_partitioning(&path, 20, 100, 3).expect("written");
        let model = milp::io::read_model(&path).expect("a model");
        assert_eq!((model.num_rows(), model.num_vars()), (20, 100));
    }
}
