//! Mutants of valid folders: each is refused, or proves the same claim about the same problem.

use super::{FILES, Folder, folders};

/// The folders and their true optimum.
fn all() -> [(Folder, u64); 5] {
    let whole = (folders::whole(), 1);
    [(folders::linear(), 1), (folders::margin(), 1), (folders::classes(), 3), (folders::conflicts(), 2), whole]
}

/// Whether the mutant is refused; if not, it must prove what the original proves. The problem is the same: data and
/// points are compared row by row, and the network's file, which only agrees if architecture, scaler, schema and training
/// are the same, is either untouched or compared with an untouched problem.
fn refused(original: &Folder, mutant: &Folder, optimum: u64) -> bool {
    if mutant.problem != original.problem && mutant.network != original.network {
        panic!("a mutant of one file only");
    }
    match mutant.run(true) {
        Err(_) => true,
        Ok(report) => {
            assert_eq!((report.bound, report.loss), (Some(optimum), Some(optimum)));
            assert_eq!(report.rows, original.run(true).unwrap().rows);
            false
        }
    }
}

/// Words, and everything between them, as pieces of a text.
fn pieces(text: &str) -> Vec<&str> {
    let word = |c: char| c.is_ascii_alphanumeric() || "~@_-/.".contains(c);
    let mut pieces = vec![];
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| word(c) != word(first)).unwrap_or(rest.len());
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces
}

/// What one piece may turn into.
fn mutations(piece: &str) -> Vec<String> {
    let mut all = vec![String::new(), format!("{piece}{piece}"), "0".to_owned(), "1".to_owned(), "x1".to_owned()];
    if let Ok(number) = piece.parse::<i64>() {
        all.extend([number + 1, number - 1, -number, 1_000_000_007].map(|value| value.to_string()));
        all.extend([format!("{piece}e9"), format!("{piece}/3"), format!("{piece}.5"), "9".repeat(40)]);
    } else {
        all.push(piece.strip_prefix('~').map_or_else(|| format!("~{piece}"), str::to_owned));
        all.extend(["null", "true", "rup", "INF", "{", "]", ";", "u1_0_0", "@m0_0"].map(str::to_owned));
    }
    all.retain(|mutant| mutant != piece);
    all
}

#[test]
fn every_word_changed() {
    for (folder, optimum) in all() {
        for name in FILES {
            let text = folder.clone().file(name).clone();
            let pieces = pieces(&text);
            let (mut tried, mut accepted) = (0, 0);
            for (at, piece) in pieces.iter().enumerate() {
                for mutation in mutations(piece) {
                    let mut mutant = folder.clone();
                    *mutant.file(name) = [&pieces[..at], &[&mutation], &pieces[at + 1..]].concat().concat();
                    tried += 1;
                    accepted += usize::from(!refused(&folder, &mutant, optimum));
                }
            }
            println!("{name}: {tried} mutants, {accepted} still prove the same");
            // Comments, blanks, unused steps, names and labels, fields that no check reads.
            assert!(accepted * 2 < tried || tried == 0, "{name}: {accepted} of {tried} mutants were accepted");
        }
    }
}

#[test]
fn every_line_dropped_doubled_and_swapped() {
    for (folder, optimum) in all() {
        for name in FILES {
            let text = folder.clone().file(name).clone();
            let original: Vec<&str> = text.lines().collect();
            let lines = original.clone();
            let mut accepted = vec![];
            for at in 0..lines.len() {
                let mut dropped = lines.clone();
                dropped.remove(at);
                let mut doubled = lines.clone();
                doubled.insert(at, lines[at]);
                let mut mutants = vec![dropped, doubled];
                for other in 0..at {
                    let mut swapped = lines.clone();
                    swapped.swap(other, at);
                    mutants.push(swapped);
                }
                for lines in mutants {
                    let mut mutant = folder.clone();
                    *mutant.file(name) = lines.join("\n") + "\n";
                    // A comment may stand anywhere or nowhere.
                    let content = |lines: &[&str]| -> Vec<String> {
                        lines.iter().filter(|line| !line.starts_with('*')).map(ToString::to_string).collect()
                    };
                    if !refused(&folder, &mutant, optimum) && content(&lines) != content(&original) {
                        accepted.push(lines[at.min(lines.len() - 1)].to_owned());
                    }
                }
            }
            println!("{name}: {} still prove the same", accepted.len());
            assert!(name != "lemmas.jsonl" || accepted.is_empty(), "{accepted:?}");
            assert!(name != "formula.opb" || accepted.is_empty(), "{accepted:?}");
        }
    }
}

/// No file can be left out, but for the network with its claim.
#[test]
fn files_of_other_folders() {
    let folders = all();
    for (at, (folder, optimum)) in folders.iter().enumerate() {
        for (other, (source, _)) in folders.iter().enumerate().filter(|(other, _)| *other != at) {
            for name in FILES {
                let mut mutant = folder.clone();
                *mutant.file(name) = source.clone().file(name).clone();
                assert!(refused(folder, &mutant, *optimum), "{name} of {other} in {at}");
            }
        }
    }
}
