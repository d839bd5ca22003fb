//! Random models and mutated files: both readers see the same, or both refuse.

use crate::{Format, by_checker, by_solver, shown};
use heaviside_acceptance::random::Source as Random;
use milp::{Model, Sense, VarKind};
use std::fmt::Write as _;

/// A number as files have them: mostly short, sometimes with more digits than a float holds, sometimes a word.
fn number(random: &mut Random) -> String {
    let digits =
        |random: &mut Random, n: usize| (0..n).map(|_| char::from(b'0' + random.whole(0, 9) as u8)).collect::<String>();
    match random.whole(0, 60) {
        10.. => random.whole(0, 20).to_string(),
        0..=4 => format!("{}.{}", random.whole(0, 9), random.whole(0, 99)),
        5 => format!("0.{}", digits(random, 20)),
        6 => format!("1{}", digits(random, 17)),
        7 => format!("{}e{}", random.whole(1, 9), random.whole(0, 30) as i64 - 10),
        8 => ["1e20", "inf", "1e400", "99999999999999999999", "1e-400", "0.30000000000000004"][random.whole(0, 5)]
            .to_owned(),
        _ => "1".to_owned(),
    }
}

fn signed(random: &mut Random) -> String {
    format!("{}{}", if random.one_in(3) { "-" } else { "" }, number(random))
}

pub fn random_lp(random: &mut Random) -> String {
    let columns = random.whole(1, 4);
    let names = ["x", "y[1]", "z", "_w"];
    let expression = |random: &mut Random| {
        let mut text = String::new();
        for _ in 0..random.whole(1, 5) {
            let sign = ["+", "-"][random.whole(0, 1)];
            let value = number(random);
            let name = if random.one_in(6) { "" } else { names[random.whole(0, columns - 1)] };
            let _ = write!(text, " {sign} {value} {name}");
        }
        text
    };
    let mut text = format!("{}\n obj:", ["min", "Maximize"][random.whole(0, 1)]);
    text += &expression(random);
    // So that all are declared.
    names.iter().take(columns).for_each(|name| {
        let _ = write!(text, " + 0 {name}");
    });
    text += "\nsubject to\n";
    let mut binaries = String::new();
    for i in 0..random.whole(0, 4) {
        let relation = ["<=", ">=", "=", "<"][random.whole(0, 3)];
        let label = if random.one_in(2) { format!("c{i}: ") } else { String::new() };
        let left = if random.one_in(4) { format!("{} <= ", signed(random)) } else { String::new() };
        let mut condition = String::new();
        if random.one_in(10) {
            let name = names[random.whole(0, columns - 1)];
            condition = format!("{name} = {} -> ", random.whole(0, 1));
            binaries += &format!(" {name}\n");
        }
        let _ = writeln!(text, " {label}{condition}{left}{} {relation} {}", expression(random), signed(random));
    }
    text += "bounds\n";
    for name in names.iter().take(columns) {
        match random.whole(0, 5) {
            0 => text += &format!(" {name} free\n"),
            1 => text += &format!(" {} <= {name} <= {}\n", signed(random), signed(random)),
            2 => text += &format!(" {name} >= {}\n", signed(random)),
            3 => text += &format!(" {name} <= {}\n", signed(random)),
            _ => {}
        }
    }
    for section in ["general", "binary", "semi-continuous"] {
        let _ = writeln!(text, "{section}");
        let odds = if section == "semi-continuous" { 8 } else { 4 };
        names.iter().take(columns).filter(|_| random.one_in(odds)).for_each(|name| text += &format!(" {name}\n"));
    }
    text += &format!("binary\n{binaries}");
    for k in 0..[0, 0, 0, 1, 2][random.whole(0, 4)] {
        text += &format!("sos\n s{k}: S{}::", random.whole(1, 2));
        for (weight, name) in names.iter().take(columns).enumerate() {
            match random.whole(0, 20) {
                0 => text += &format!(" {name}:{}", signed(random)),
                1..=10 => text += &format!(" {name}:-{weight}.5"),
                _ => {}
            }
        }
        text += "\n";
    }
    text + "end\n"
}

pub fn random_mps(random: &mut Random) -> String {
    let (columns, rows) = (random.whole(1, 4), random.whole(0, 4));
    let mut text = String::from("NAME random\n");
    if random.one_in(3) {
        text += ["OBJSENSE\n    MAX\n", "OBJSENSE MIN\n", "OBJSENSE\nMAXIMIZE\n"][random.whole(0, 2)];
    }
    text += "ROWS\n N obj\n";
    for i in 0..rows {
        let _ = writeln!(text, " {} r{i}", ["L", "G", "E", "N"][random.whole(0, 3)]);
    }
    text += "COLUMNS\n";
    for j in 0..columns {
        if random.one_in(4) {
            text += ["    M 'MARKER' 'INTORG'\n", "    M 'MARKER' 'INTEND'\n"][random.whole(0, 1)];
        }
        let _ = writeln!(text, "    x{j} obj {}", signed(random));
        for i in 0..rows {
            if random.one_in(2) {
                let _ = writeln!(text, "    x{j} r{i} {}", signed(random));
            }
        }
    }
    for section in ["RHS", "RANGES"] {
        let _ = writeln!(text, "{section}");
        for i in 0..rows {
            if random.one_in(2) {
                let _ = writeln!(text, "    {}r{i} {}", ["", "S "][random.whole(0, 1)], signed(random));
            }
        }
    }
    text += "BOUNDS\n";
    for _ in 0..random.whole(0, 5) {
        let kind = ["UP", "LO", "FX", "FR", "MI", "PL", "BV", "LI", "UI", "SC", "SI"][random.whole(0, 10)];
        let value = if kind == "SC" && random.one_in(4) { String::new() } else { signed(random) };
        let _ = writeln!(text, " {kind} B x{} {value}", random.whole(0, columns - 1));
    }
    for k in 0..[0, 0, 0, 1, 2][random.whole(0, 4)] {
        let _ = writeln!(text, "SOS\n S{} s{k}", random.whole(1, 2));
        for j in 0..columns {
            match random.whole(0, 20) {
                0 => text += &format!("    x{j} {}\n", signed(random)),
                1..=10 => text += &format!("    x{j} -{j}.5\n"),
                _ => {}
            }
        }
    }
    if random.one_in(5) && rows > 0 {
        let (row, column) = (random.whole(0, rows - 1), random.whole(0, columns - 1));
        let _ = writeln!(text, "BOUNDS\n BV B x{column}\nINDICATORS\n IF r{row} x{column} {}", random.whole(0, 1));
    }
    text + "ENDATA\n"
}

/// Whether both read it, and as the same; panics where they differ, also in the line of the first thing that is wrong.
#[track_caller]
fn agree(format: Format, text: &str) -> bool {
    match (by_solver(format, text), by_checker(format, text)) {
        (Ok((a, _)), Ok(b)) => {
            assert_eq!(a, b, "{format:?} {text:?}");
            true
        }
        (Err((line, _)), Err((other, _))) if line == other => false,
        (a, b) => panic!("{format:?} {text:?}\n  solver {a:?}\n  checker {b:?}"),
    }
}

/// A model read from either format, written in both and read by both readers, is the same model.
#[test]
fn random_models_in_both_formats() {
    let mut random = Random::new(101);
    let mut read = 0;
    for k in 0..3_000 {
        let (format, text) =
            if k % 2 == 0 { (Format::Lp, random_lp(&mut random)) } else { (Format::Mps, random_mps(&mut random)) };
        if !agree(format, &text) {
            continue;
        }
        read += 1;
        let reading = milp::io::parse(&text, Some(format.solver()), std::path::Path::new("random")).unwrap();
        let expected = shown(&reading.model);
        let written = [(Format::Mps, milp::io::to_mps(&reading.model)), (Format::Lp, milp::io::to_lp(&reading.model))];
        for (format, written) in written {
            let written = match written {
                Ok(written) => written,
                // A range has a width; crossed sides have none.
                Err(error) => {
                    assert!(error.to_string().contains("MPS cannot hold the sides"), "{error}\n{text}");
                    continue;
                }
            };
            assert_eq!(by_solver(format, &written).map(|(model, _)| model), Ok(expected.clone()), "{text}\n{written}");
            assert_eq!(by_checker(format, &written), Ok(expected.clone()), "{text}\n{written}");
        }
    }
    assert!(read > 1_000, "{read} of 3000 were read");
}

/// What mutations put in.
const PIECES: &[&str] = &[
    "\n",
    "\r",
    "\r\n",
    " ",
    "\t",
    "\u{c}",
    "\u{feff}",
    "$",
    " $ ",
    "*",
    "\\",
    "-",
    "+",
    "- -",
    "1",
    "0",
    ".",
    ",",
    "e",
    "E5",
    "1e20",
    "1e400",
    "inf",
    "-inf",
    "nan",
    "free",
    "[",
    "]",
    "[1]",
    ":",
    "<=",
    ">=",
    "=",
    "<",
    "->",
    "x = 1 ->",
    "^",
    "S1",
    "S1::",
    "s: S2:: x:1",
    "semi",
    "sos2",
    "SOS",
    "INDICATORS",
    "IF r0 x0 1",
    "SC",
    "SI",
    "x",
    "x0",
    "x1",
    "r0",
    "r1",
    "obj",
    "c1:",
    "end",
    "ENDATA",
    "bounds",
    "BOUNDS",
    "general",
    "binary",
    "st",
    "RHS",
    "RANGES",
    "ROWS",
    "COLUMNS",
    "OBJSENSE",
    "OBJNAME",
    "MAX",
    "min",
    "N",
    "UP",
    "FR",
    "'MARKER'",
    "'INTORG'",
    "\0",
    "é",
    "0x1",
    "1d5",
    "99999999999999999999",
    "0.1000000000000000001",
];

fn mutant(random: &mut Random, text: &str) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..random.whole(1, 3) {
        let at = random.whole(0, text.len());
        match random.whole(0, 4) {
            0 if at < text.len() => drop(text.remove(at)),
            1 => {
                let end = (at + random.whole(1, 12)).min(text.len());
                text.drain(at..end);
            }
            2 => {
                let end = (at + random.whole(1, 20)).min(text.len());
                let piece: Vec<char> = text[at..end].to_vec();
                let to = random.whole(0, text.len());
                text.splice(to..to, piece);
            }
            _ => {
                let piece = PIECES[random.whole(0, PIECES.len() - 1)];
                text.splice(at..at, piece.chars());
            }
        }
    }
    text.into_iter().collect()
}

/// Both name the first line that is wrong: a fault that is put before another one takes the blame.
#[test]
fn the_first_fault_is_blamed() {
    let mut random = Random::new(606);
    let mut held = 0;
    for _ in 0..4_000 {
        let (format, text, fault) = match random.one_in(2) {
            true => (Format::Lp, random_lp(&mut random), ["x <= = 1", "@ [ y ]", "c0: c0: x >= 1", "^"]),
            false => (Format::Mps, random_mps(&mut random), ["NONSENSE", " a b c d e f g", "SOS3", "QUADOBJ"]),
        };
        let text = mutant(&mut random, &text);
        // That a file is no text is known before its lines are, and those of old files end otherwise.
        if text.contains(['\0', '\r']) {
            continue;
        }
        let Err((line, _)) = by_solver(format, &text) else { continue };
        let at = random.whole(1, line);
        let mut lines: Vec<&str> = text.lines().collect();
        lines.insert(at - 1, fault[random.whole(0, 3)]);
        let text = lines.join("\n");
        assert!(!agree(format, &text));
        let blamed = by_solver(format, &text).unwrap_err().0;
        assert!(blamed <= at, "{format:?} {text:?}: line {blamed} for {at}");
        held += 1;
    }
    assert!(held > 1_000, "{held}");
}

#[test]
fn mutated_files_mean_the_same_to_both() {
    differential(202, 20_000);
}

#[test]
#[ignore = "long: by name"]
fn many_mutated_files_mean_the_same_to_both() {
    differential(303, 1_000_000);
}

fn differential(seed: u64, count: usize) {
    let mut random = Random::new(seed);
    let (mut read, mut refused) = (0, 0);
    while read + refused < count {
        let (format, text) = if random.one_in(2) {
            (Format::Lp, random_lp(&mut random))
        } else {
            (Format::Mps, random_mps(&mut random))
        };
        for _ in 0..5 {
            if agree(format, &mutant(&mut random, &text)) {
                read += 1;
            } else {
                refused += 1;
            }
        }
    }
    println!("{read} read, {refused} refused");
    assert!(read > count / 20 && refused > count / 10, "{read} read, {refused} refused");
}

/// Models made in memory, in both formats.
#[test]
fn models_in_memory() {
    let mut random = Random::new(404);
    for _ in 0..500 {
        let mut model = Model::new("m");
        model.sense = if random.one_in(2) { Sense::Maximise } else { Sense::Minimise };
        let float =
            |random: &mut Random| (random.whole(0, 2000) as f64 - 1000.0) / [1.0, 3.0, 10.0, 1e-9][random.whole(0, 3)];
        model.offset = float(&mut random);
        let columns = random.whole(1, 5);
        let interval = |random: &mut Random| {
            let (a, b) = (float(random), float(random));
            [(0.0, f64::INFINITY), (a.min(b), a.max(b)), (a, a), (f64::NEG_INFINITY, b), (0.0, 1.0)][random.whole(0, 4)]
        };
        for j in 0..columns {
            let (lower, upper) = interval(&mut random);
            let kind = if random.one_in(2) { VarKind::Integer } else { VarKind::Continuous };
            model.add_var(format!("x{j}"), lower, upper, float(&mut random), kind);
        }
        for i in 0..random.whole(0, 4) {
            let (lower, upper) = interval(&mut random);
            let terms: Vec<_> = (0..columns as u32).map(|j| (milp::VarId(j), float(&mut random))).collect();
            model.add_row(format!("r{i}"), lower, upper, terms);
        }
        let expected = shown(&model);
        let written = [(Format::Mps, milp::io::to_mps(&model)), (Format::Lp, milp::io::to_lp(&model))];
        for (format, text) in written {
            let text = text.unwrap();
            assert_eq!(by_solver(format, &text).map(|(model, _)| model), Ok(expected.clone()), "{text}");
            assert_eq!(by_checker(format, &text), Ok(expected.clone()), "{text}");
        }
    }
}
