//! What reading takes: `read DATA.csv` reads a file, fits the scaling and merges equal rows; `read DATA.csv ROWS COLUMNS`
//! writes a table of random numbers first. Memory is best seen from outside (`/usr/bin/time -v`).

use bdnn::{Dataset, ReadOptions, Scaling};
use rand::{RngExt, SeedableRng};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, size @ ..] = &arguments[..] else { return Err("usage: read DATA.csv [ROWS COLUMNS]".into()) };
    let file = Path::new(file);
    if let [rows, columns] = size {
        write(file, rows.parse()?, columns.parse()?)?;
    }
    let mut began = Instant::now();
    let mut lap = move || std::mem::replace(&mut began, Instant::now()).elapsed().as_secs_f64();
    let data = Dataset::read(file, &ReadOptions::default())?;
    println!("read    {:7.3} s  {} rows, {} features, {:?}", lap(), data.len(), data.num_features(), data.remarks);
    let all = data.all();
    let scaler = Scaling::MinMax.fit(&data, &all);
    println!("scale   {:7.3} s", lap());
    let points = data.points(&all, &scaler);
    println!("merge   {:7.3} s  {} distinct points", lap(), points.len());
    let hash = data.sha256(&all);
    println!("hash    {:7.3} s  {hash}", lap());
    Ok(())
}

/// Numbers with all the digits that a float has, and a label.
fn write(file: &Path, rows: usize, columns: usize) -> std::io::Result<()> {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(1);
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    for j in 1..=columns {
        write!(out, "f{j},")?;
    }
    writeln!(out, "label")?;
    for _ in 0..rows {
        for _ in 0..columns {
            write!(out, "{},", random.random::<f64>())?;
        }
        writeln!(out, "{}", if random.random() { "yes" } else { "no" })?;
    }
    out.flush()
}
