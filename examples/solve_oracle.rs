//! `cargo run --release -p heaviside-acceptance --example solve_oracle -- [COUNT [KIND..]]`: the table of kinds of small random
//! models, what `solve` says of each and what of it is false. Models that show a fault go to `target/oracle`, made small.

use heaviside_acceptance::judge::Word;
use heaviside_acceptance::kinds::KINDS;
use heaviside_acceptance::tally::tally;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let count = arguments.first().map_or(500, |count| count.parse().expect("a number of models"));
    let chosen = |name: &str| arguments.len() < 2 || arguments[1..].iter().any(|wanted| wanted == name);
    println!(
        "| kind | models | optimal | in tolerance | infeasible | unbounded | undecided | refused | oracle open | false |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for kind in KINDS.iter().filter(|kind| chosen(kind.name)) {
        let tally = tally(kind, 0..count, 1, 5);
        let words =
            [Word::Optimal, Word::WithinTolerance, Word::Infeasible, Word::Unbounded, Word::Undecided, Word::Refused];
        let cells: Vec<String> = words.iter().map(|&word| tally.count(word).to_string()).collect();
        println!("| {} | {count} | {} | {} | {} |", kind.name, cells.join(" | "), tally.open, tally.faults.len());
        eprint!("{}", tally.complaint());
    }
}
