//! Hostile folders: no reader panics, hangs or swells, whatever stands in one of the files.

use super::{FILES, classes, line, pair, regularised};

/// Files cut off, and single characters replaced, all over.
#[test]
fn damaged_files() {
    let (mut tried, mut accepted) = (0, 0);
    for (at, folder) in [line(), regularised(), pair(), classes()].into_iter().enumerate() {
        for name in FILES {
            let text: Vec<char> = folder.clone().file(name).chars().collect();
            let step = text.len() / 120 + 1;
            for place in (at..text.len()).step_by(step) {
                let with = |piece: &str, skipped: usize| -> String {
                    let rest = text.iter().skip(place + skipped);
                    text[..place].iter().chain(piece.chars().collect::<Vec<_>>().iter()).chain(rest).collect()
                };
                let damaged = [
                    text[..place].iter().collect(),
                    with("", 1),
                    with("9", 0),
                    with("-", 0),
                    with("e9", 1),
                    with(" ", 1),
                    with("\n", 1),
                    with("\u{0}é", 1),
                    with("1e5000", 1),
                    with("18446744073709551616", 1),
                    with("[{\"", 1),
                ];
                for text in damaged {
                    let mut mutant = folder.clone();
                    *mutant.file(name) = text;
                    tried += 1;
                    accepted += usize::from(mutant.run().is_ok());
                }
            }
        }
    }
    println!("{tried} folders, {accepted} accepted");
    assert!(accepted > 0 && accepted * 2 < tried);
}

/// Sizes and bounds that promise more than the files hold.
#[test]
fn promised_sizes_are_not_believed() {
    let (line, pair, classes) = (line(), pair(), classes());
    for count in ["4294967295", "18446744073709551615", "99999999999999999999999999"] {
        for (folder, from, to) in [
            (&line, "\"inputs\":1", format!("\"inputs\":{count}")),
            (&line, "\"classes\":2", format!("\"classes\":{count}")),
            (&line, "\"rows\":3", format!("\"rows\":{count}")),
            (&line, "\"distinct_points\":3", format!("\"distinct_points\":{count}")),
            (&line, "\"partition\": null", format!("\"partition\": [{count},0,0]")),
            (&line, "\"row_points\": [0", format!("\"row_points\": [{count}")),
            (&pair, "\"hidden\":[2]", format!("\"hidden\":[{count}]")),
            (&pair, "\"hidden\":[2]", format!("\"hidden\":[2,{count},{count}]")),
            (&classes, "\"integer\":2", format!("\"integer\":{count}")),
        ] {
            assert!(folder.with("problem.json", from, &to).run().is_err(), "{from} -> {to}");
        }
    }
    let hidden = format!("\"hidden\":[{}2]", "2,".repeat(100_000));
    assert!(pair.with("problem.json", "\"hidden\":[2]", &hidden).run().is_err());
}
