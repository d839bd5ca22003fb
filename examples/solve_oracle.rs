//! `cargo run --release -p heaviside-acceptance --example solve_oracle -- [COUNT [KIND..]]`: the table of kinds of small random
//! models, what `solve` says of each and what of it is false. Models that show a fault go to `target/oracle`, made small.

use heaviside_acceptance::judge::Word;
use heaviside_acceptance::kinds::KINDS;
use heaviside_acceptance::tally::tally;
use milp::Verified;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = arguments.first().map_or(500, |count| count.parse().expect("a number of models"));
    let chosen = |name: &str| arguments.len() < 2 || arguments[1..].iter().any(|wanted| wanted == name);
    let columns = [
        "kind",
        "models",
        "false",
        "optimal",
        "in tolerance",
        "infeasible",
        "unbounded",
        "undecided",
        "refused",
        "exact",
        "rigorous",
        "tolerance",
        "oracle open",
    ];
    println!("| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len()));
    let mut totals = [0_u64; 12];
    for kind in KINDS.iter().filter(|kind| chosen(kind.name)) {
        let tally = tally(kind, 0..count, 4, 5);
        let words =
            [Word::Optimal, Word::WithinTolerance, Word::Infeasible, Word::Unbounded, Word::Undecided, Word::Refused];
        let claims = [Verified::Exact, Verified::Rigorous, Verified::Tolerance];
        let mut cells = vec![count, tally.faults.len() as u64];
        cells.extend(words.iter().map(|&word| tally.count(word)));
        cells.extend(claims.iter().map(|claim| tally.verified.get(claim.as_str()).copied().unwrap_or(0)));
        cells.push(tally.open);
        totals.iter_mut().zip(&cells).for_each(|(total, cell)| *total += cell);
        println!("| {} | {} |", kind.name, row(&cells));
        eprint!("{}", tally.complaint());
    }
    println!("| all | {} |", row(&totals));
}

fn row(cells: &[u64]) -> String {
    cells.iter().map(u64::to_string).collect::<Vec<_>>().join(" | ")
}
