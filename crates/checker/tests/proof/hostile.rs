//! Hostile folders: no reader panics, hangs or swells, whatever stands in one of the files.

use super::{FILES, Folder, folders};
use std::time::{Duration, Instant};

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

/// Words of all formats, and what tends to break readers.
const PIECES: [&str; 64] = [
    "rup",
    "pol",
    "red",
    "soli",
    "sol",
    "del",
    "id",
    "range",
    "spec",
    "f",
    "output",
    "NONE",
    "conclusion",
    "BOUNDS",
    "INF",
    "UNSAT",
    "SAT",
    "end",
    ";",
    ":",
    ">=",
    "->",
    "~",
    "@m0_0",
    "@",
    "-1",
    "0",
    "1",
    "2",
    "3",
    "s",
    "w",
    "d",
    "*",
    "+",
    "u1_0_0",
    "~u1_1_0",
    "t2_0_0",
    "e0_0",
    "zz",
    "min:",
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    "null",
    "true",
    "1e308",
    "1e-5000",
    "1/2",
    "1/0",
    "-",
    "%",
    "\n",
    " ",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1152921504606846976",
    "\u{feff}",
    "é",
    "\u{0}",
];

/// One to six edits of a text.
fn stirred(random: &mut Random, text: &str) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..1 + random.below(6) {
        let at = random.below(text.len() + 1);
        let end = (at + random.below(12)).min(text.len());
        let with: Vec<char> = match random.below(4) {
            0 => vec![],
            1 => vec![char::from(random.below(128) as u8)],
            2 => PIECES[random.below(PIECES.len())].chars().collect(),
            _ => {
                let from = random.below(text.len() + 1);
                text[from..(from + random.below(40)).min(text.len())].to_vec()
            }
        };
        text.splice(at..end, with);
    }
    text.into_iter().collect()
}

/// Two seconds of folders with one file stirred; `HEAVISIDE_FUZZ_SECONDS` asks for more, from another seed each run.
#[test]
fn stirred_folders() {
    let seconds = std::env::var("HEAVISIDE_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let mut random = Random(seconds.map_or(1, |_| u64::from(std::process::id())));
    let deadline = Instant::now() + Duration::from_secs(seconds.unwrap_or(0));
    let originals = [folders::linear(), folders::margin(), folders::classes(), folders::conflicts(), folders::whole()];
    let (mut tried, mut accepted) = (0u64, 0u64);
    while tried < 20_000 || Instant::now() < deadline {
        let mut folder: Folder = originals[random.below(originals.len())].clone();
        let file = folder.file(FILES[random.below(FILES.len())]);
        *file = stirred(&mut random, file);
        tried += 1;
        accepted += u64::from(folder.run(random.below(2) == 0).is_ok());
    }
    println!("{tried} folders, {accepted} accepted");
    assert!(accepted > 0 && accepted * 2 < tried);
}

/// Sizes, indices and nestings that promise more than the file holds, or that repeat without end.
#[test]
fn promised_sizes_are_not_believed() {
    let folder = folders::margin();
    for count in ["4294967295", "18446744073709551615", "99999999999999999999999999"] {
        for (name, from) in [
            ("problem.json", "\"inputs\": 1"),
            ("problem.json", "\"rows\": 3"),
            ("problem.json", "\"distinct_points\": 3"),
            ("lemmas.jsonl", "\"layer\":1"),
            ("proof.pbp", "f 16"),
        ] {
            let to = format!("{}{count}", from.trim_end_matches(|c: char| c.is_ascii_digit()));
            assert!(folder.with(name, from, &to).run(true).is_err(), "{from} -> {to}");
        }
        for (name, from, to) in [
            ("problem.json", "\"hidden\": [1]", format!("\"hidden\": [{count}]")),
            ("problem.json", "\"classes\": 2", format!("\"classes\": {count}")),
            ("problem.json", "\"row_points\": [0", format!("\"row_points\": [{count}")),
            ("problem.json", "null,\n \"claim\"", format!("[{count}, 0, 0],\n \"claim\"")),
            ("lemmas.jsonl", "[1,\"1\"]", format!("[{count},\"1\"]")),
            ("formula.opb", ">= 1", format!(">= {count}")),
            ("formula.opb", "min: 1", format!("min: {count}")),
            ("proof.pbp", "rup >= 1;", format!("rup >= 1 : {count};")),
            ("proof.pbp", "rup >= 1;", format!("del range 1 {count}; rup >= 1;")),
        ] {
            assert!(folder.with(name, from, &to).run(true).is_err(), "{from} -> {to}");
        }
    }
    // Many layers, each of few neurons: the variables are counted before they are made.
    let hidden = format!("\"hidden\": [{}6]", "6, ".repeat(10_000));
    assert!(folder.with("problem.json", "\"hidden\": [1]", &hidden).run(true).is_err());
    for name in FILES {
        for piece in [
            "9",
            "x",
            "{",
            "[",
            "\"",
            "%",
            "\\",
            "-",
            "1 ",
            "x\n",
            "1,",
            "rup >= 0;\n",
            "pol 1 ",
            "1 1 + ",
            "a:b",
            ";",
            ":",
            "@",
        ] {
            let mut mutant = folder.clone();
            mutant.file(name).push_str(&piece.repeat(100_000));
            let _ = mutant.run(false);
        }
    }
}

/// Multipliers with ever other denominators are refused before their product fills the memory.
#[test]
fn lemmas_are_limited() {
    let mut folder = folders::linear();
    let members: Vec<String> = (0..3).map(|site| format!("[{site},\"1/{}\"]", "9".repeat(30_000 + site))).collect();
    folder.lemmas = format!("{{\"layer\":1,\"fires\":[{}],\"rests\":[{}]}}\n", members[0], members[1..].join(","));
    let error = folder.run(true).unwrap_err().to_string();
    assert!(error.contains("too many different denominators"), "{error}");
}
