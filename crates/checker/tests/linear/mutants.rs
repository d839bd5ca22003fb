//! Mutants of valid folders: each is refused, or proves what is true of the same problem.

use super::{FILES, Folder, classes, line, pair, regularised};
use checker::Rational;

/// The folders and their true optimum.
fn all() -> [(Folder, u64); 4] {
    [(line(), 1), (regularised(), 1), (pair(), 0), (classes(), 3)]
}

/// Whether the mutant is refused; if not, what it proves must be true. The problem is the same: data and points are compared
/// row by row, and the network's file only agrees if architecture, scaler, schema and training are.
fn refused(mutant: &Folder, optimum: u64) -> bool {
    match mutant.run() {
        Err(_) => true,
        Ok(report) => {
            assert!(report.bound.is_some_and(|bound| bound <= Rational::from(optimum)));
            assert_eq!(report.loss, Some(optimum));
            false
        }
    }
}

/// What one word may turn into.
fn mutations(word: &str) -> Vec<String> {
    let mut all: Vec<String> = ["0", "1", "-1", "x", "", "2 2"].map(str::to_owned).to_vec();
    if word.parse::<f64>().is_ok() {
        all.extend([
            format!("-{word}"),
            format!("{word}1"),
            format!("1{word}"),
            format!("{word}e-1"),
            format!("{word}/2"),
        ]);
    } else {
        all.extend([format!("{word}0"), "G".to_owned(), "L".to_owned(), "E".to_owned(), "u_1_0_0".to_owned()]);
        all.extend(["null".to_owned(), "[]".to_owned(), "FR".to_owned(), "UP".to_owned(), "lin".to_owned()]);
    }
    all.retain(|mutant| mutant != word);
    all
}

/// Words, and what stands between them.
fn pieces(text: &str) -> Vec<&str> {
    let word = |c: char| c.is_ascii_alphanumeric() || "_-/.'".contains(c);
    let mut pieces = vec![];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| word(c) != word(first)).unwrap_or(rest.len());
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces
}

#[test]
fn every_word_changed() {
    for (folder, optimum) in all() {
        for name in FILES {
            let text = folder.clone().file(name).clone();
            let pieces = pieces(&text);
            let words = (0..pieces.len()).filter(|&at| !pieces[at].trim().is_empty());
            let all: Vec<_> = words.flat_map(|at| mutations(pieces[at]).into_iter().map(move |to| (at, to))).collect();
            let (mut tried, mut accepted) = (0, 0);
            // Of large files a sample, which is not in step with the mutations of one word.
            let step = if std::env::var_os("HEAVISIDE_ALL_MUTANTS").is_some() { 1 } else { all.len() / 900 * 2 + 1 };
            for (at, mutation) in all.into_iter().step_by(step) {
                let mut mutant = folder.clone();
                *mutant.file(name) = [&pieces[..at], &[&mutation], &pieces[at + 1..]].concat().concat();
                tried += 1;
                accepted += usize::from(!refused(&mutant, optimum));
            }
            println!("{name}: {tried} mutants, {accepted} still prove something true");
            // Names of sets, constraints and solutions, sides that only become weaker, last uses, fields that no check reads.
            assert!(accepted * 2 < tried, "{name}: {accepted} of {tried} mutants were accepted");
        }
    }
}

#[test]
fn every_line_dropped_doubled_and_swapped() {
    for (folder, optimum) in all() {
        for name in FILES {
            let text = folder.clone().file(name).clone();
            let lines: Vec<&str> = text.lines().collect();
            for at in 0..lines.len() {
                let mut dropped = lines.clone();
                dropped.remove(at);
                let mut doubled = lines.clone();
                doubled.insert(at, lines[at]);
                let mut swapped = lines.clone();
                swapped.swap(at, (at + 1) % lines.len());
                for lines in [dropped, doubled, swapped] {
                    let mut mutant = folder.clone();
                    *mutant.file(name) = lines.join("\n") + "\n";
                    refused(&mutant, optimum);
                }
            }
        }
    }
}

#[test]
fn files_of_other_folders() {
    let folders = all();
    for (at, (folder, optimum)) in folders.iter().enumerate() {
        for (other, (source, _)) in folders.iter().enumerate().filter(|(other, _)| *other != at) {
            for name in FILES {
                let mut mutant = folder.clone();
                *mutant.file(name) = source.clone().file(name).clone();
                assert!(refused(&mutant, *optimum), "{name} of {other} in {at}");
            }
        }
    }
}
