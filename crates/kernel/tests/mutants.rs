//! Mutants of valid files, and files stirred at random.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::arithmetic_side_effects
)]

mod support;

use kernel::fault::Kind;
use std::time::{Duration, Instant};
use support::Random;

/// Kernel files of small problems, as `heaviside elaborate` made them from what `train --proof` wrote: name and text of each.
const FILES: [(&str, &str); 10] = [
    ("line", include_str!("files/line.kernel")),
    ("single", include_str!("files/single.kernel")),
    ("margin", include_str!("files/margin.kernel")),
    ("limits", include_str!("files/limits.kernel")),
    ("ball", include_str!("files/ball.kernel")),
    ("three", include_str!("files/three.kernel")),
    ("narrow", include_str!("files/narrow.kernel")),
    ("ternary", include_str!("files/ternary.kernel")),
    ("whole", include_str!("files/whole.kernel")),
    ("deep", include_str!("files/deep.kernel")),
];

/// How many mutants each test makes of each file, unless the environment says otherwise.
fn mutants() -> usize {
    std::env::var("HEAVISIDE_KERNEL_MUTANTS").ok().and_then(|text| text.parse().ok()).unwrap_or(200)
}

#[test]
fn the_files_are_accepted() {
    for (name, text) in FILES {
        if let Err(fault) = kernel::check(text) {
            panic!("{name}: {fault}");
        }
    }
}

/// The same words, one of them changed, left out, doubled, or two exchanged.
fn mutant(words: &[&str], random: &mut Random) -> String {
    let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    for _ in 0..1 + random.below(2) {
        let at = random.below(words.len());
        let other = random.below(words.len());
        let word = words[at].clone();
        match random.below(8) {
            0 => words[at] = words[other].clone(),
            1 => {
                words.remove(at);
            }
            2 => words.insert(at, word),
            3 => words.swap(at, other),
            4 => words[at] = word.strip_prefix('-').map_or(format!("-{word}"), str::to_owned),
            5 => words[at] = random.below(20).to_string(),
            6 => {
                // A whole step is left out.
                let end = words[at..].iter().position(|word| word == ";").map_or(words.len(), |end| at + end + 1);
                words.drain(at..end);
            }
            _ => {
                let number: i64 = word.parse().unwrap_or(1);
                words[at] = (number + if random.below(2) == 1 { 1 } else { -1 }).to_string();
            }
        }
        if words.is_empty() {
            break;
        }
    }
    words.join(" ")
}

/// The file up to its claim, with another claim and a network that has the loss; and its steps. One more than the optimum is claimed.
fn overclaiming(text: &str) -> (String, String) {
    let (problem, rest) = text.split_once("claim").expect("a claim");
    let (claim, rest) = rest.split_once(';').expect("an end of the claim");
    let optimum: usize = claim.split_whitespace().next().expect("a bound").parse().expect("a number");
    let at =
        rest.find("lemma").into_iter().chain(rest.find("def")).chain(rest.find("red")).chain(rest.find("rup")).min();
    let (network, steps) = rest.split_at(at.expect("steps"));
    let wanted = optimum + 1;
    let mut random = Random(3);
    for _ in 0..200_000 {
        // Weights are changed until the network has one error more; most changes break its form or its margin.
        let words: Vec<&str> = network.split_ascii_whitespace().collect();
        let network: Vec<String> = words
            .iter()
            .map(|word| match word.parse::<i64>() {
                Ok(number) if random.below(3) == 0 => {
                    (number * [-1, 0, 1, 2][random.below(4)] + random.below(3) as i64 - 1).to_string()
                }
                _ => (*word).to_owned(),
            })
            .collect();
        let head = format!("{problem} claim {wanted} {wanted} ; {}", network.join(" "));
        let fault = kernel::check(&format!("{head} end none ;")).expect_err("nothing is shown");
        if fault.what.contains("not shown") {
            return (head, steps.to_owned());
        }
    }
    panic!("no network with {wanted} errors");
}

/// With a network of one error more than the optimum, no proof shows that this is the least.
#[test]
fn no_mutant_claims_more() {
    let mut random = Random(1);
    for (name, text) in FILES {
        let (head, steps) = overclaiming(text);
        assert!(kernel::check(&format!("{head} {steps}")).is_err(), "{name}");
        let words: Vec<&str> = steps.split_ascii_whitespace().collect();
        for _ in 0..mutants() {
            let file = format!("{head} {}", mutant(&words, &mut random));
            assert!(kernel::check(&file).is_err(), "{name} is accepted:\n{file}");
        }
    }
}

/// Mutants of all of a file: whatever is accepted is no more than what brute force finds for the problem as it now stands.
#[test]
fn accepted_mutants_are_true() {
    let mut random = Random(2);
    let (mut accepted, mut changed) = (0, 0);
    let (_, text) = FILES[0];
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    for _ in 0..4 * mutants() {
        let file = mutant(&words, &mut random);
        let Ok(report) = kernel::check(&file) else { continue };
        accepted += 1;
        let problem = report.problem;
        assert!(problem.bound.is_some() && problem.bound <= problem.reached.or(problem.bound), "{file}");
        if problem.widths != [1, 2, 1] {
            continue;
        }
        let points: Vec<_> =
            problem.points.iter().map(|point| (point.inputs[0].clone(), point.rows.clone(), point.part)).collect();
        let truth = least(&points);
        assert!(problem.bound.unwrap() <= truth, "claims {:?}, and {truth} is true:\n{file}", problem.bound);
        changed += usize::from(truth != 3);
    }
    assert!(accepted > 20, "{accepted} accepted, {changed} of them changed");
}

/// A point of a line: its place, classes with rows, part.
type Place = (kernel::number::Int, Vec<(usize, i128)>, usize);

/// The least loss of two hidden neurons on points of a line, each with classes and rows; points of a part are alike in all they do, which is left out here: it only
/// allows more networks, so it is not used where a part has several points.
fn least(points: &[Place]) -> i128 {
    let mut values: Vec<_> = points.iter().map(|(value, ..)| value.clone()).collect();
    values.sort_by(|a, b| a.minus(b).sign());
    values.dedup();
    let rank = |value| values.iter().position(|other| other == value).unwrap();
    let neurons: Vec<(usize, bool)> = (0..=values.len()).flat_map(|cut| [(cut, false), (cut, true)]).collect();
    let fires = |neuron: (usize, bool), value| (rank(value) >= neuron.0) != neuron.1;
    let mut parts: Vec<usize> = points.iter().map(|point| point.2).collect();
    parts.sort_unstable();
    parts.dedup();
    if parts.len() < points.len() {
        return i128::MAX;
    }
    let mut best = i128::MAX;
    for &one in &neurons {
        for &two in &neurons {
            let mut cost = [[0i128; 2]; 4];
            for (value, rows, _) in points {
                let pattern = usize::from(fires(one, value)) + 2 * usize::from(fires(two, value));
                rows.iter().for_each(|&(class, count)| cost[pattern][1 - class] += count);
            }
            for table in (0..16usize).filter(|table| ![0b0110, 0b1001].contains(table)) {
                best = best.min((0..4).map(|pattern| cost[pattern][table >> pattern & 1]).sum());
            }
        }
    }
    best
}

/// Whatever the bytes, there is an answer, and soon. `HEAVISIDE_FUZZ_SECONDS=600` makes it run for ten minutes.
#[test]
fn stirred_files_end() {
    let seconds = std::env::var("HEAVISIDE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let (begun, mut random, mut files) = (Instant::now(), Random(4), 0);
    let keywords = [
        "lemma", "pol", "rup", "def", "red", "del", "end", ":", ";", "none", "one", "zero", "-1", "0", "2*3", "#", "\n",
    ];
    while begun.elapsed() < Duration::from_secs(seconds) {
        let (_, text) = FILES[random.below(FILES.len())];
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..1 + random.below(8) {
            let (at, length) = (random.below(bytes.len()), random.below(40));
            let end = (at + length).min(bytes.len());
            match random.below(5) {
                0 => bytes[at] = random.below(128) as u8,
                1 => {
                    bytes.drain(at..end);
                }
                2 => {
                    let word = keywords[random.below(keywords.len())];
                    bytes.splice(at..at, format!(" {word} ").into_bytes());
                }
                3 => {
                    let digits = "9".repeat(random.below(60));
                    bytes.splice(at..at, digits.into_bytes());
                }
                _ => {
                    let piece = bytes[at..end].to_vec();
                    let to = random.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let timed = || {
            let started = Instant::now();
            (kernel::check(&text), started.elapsed() < Duration::from_secs(30))
        };
        let (checked, soon) = timed();
        // A machine that stood still for a while does not do so twice.
        assert!(soon || timed().1, "{text}");
        if let Err(fault) = checked {
            assert!(fault.line >= 1 && !fault.what.is_empty());
            let _ = fault.kind == Kind::Unfinished;
        }
        files += 1;
    }
    assert!(files > 10, "{files} files");
}
