//! A model of good_lp, solved and proven.

use good_lp::{ResolutionError, Solution, SolverModel, constraint, variable, variables};
use heaviside_good_lp::heaviside;

fn main() -> Result<(), ResolutionError> {
    let mut vars = variables!();
    let [chairs, tables] = ["chairs", "tables"].map(|name| vars.add(variable().name(name).integer().min(0)));
    let solution = vars
        .maximise(45 * chairs + 80 * tables)
        .using(heaviside)
        .with(constraint!(5 * chairs + 20 * tables <= 410))
        .with(constraint!(10 * chairs + 15 * tables <= 455))
        .solve()?;
    println!("{} chairs and {} tables", solution.value(chairs), solution.value(tables));
    let outcome = solution.outcome();
    println!(
        "worth {}, no more than {} proven: {}",
        solution.eval(45 * chairs + 80 * tables),
        outcome.bound,
        outcome.verified.as_str()
    );
    Ok(())
}
