//! A linear model with its prices; the same with whole numbers; and changed, solved again from what is known.

use milp::{Error, Model, Options, Outcome, Quiet, Sense, VarKind, solve};

fn tell(what: &str, outcome: &Outcome) {
    if let (Some(point), Some(worth)) = (&outcome.solution, outcome.objective) {
        let proof = outcome.verified.as_str();
        println!(
            "{what}: {:.1} chairs, {:.1} tables, worth {worth}: {}, {proof}",
            point[0],
            point[1],
            outcome.status.as_str()
        );
    }
}

fn main() -> Result<(), Error> {
    let mut model = Model::new("furniture");
    model.sense = Sense::Maximise;
    let chairs = model.add_var("chairs", 0.0, f64::INFINITY, 45.0, VarKind::Continuous);
    let tables = model.add_var("tables", 0.0, f64::INFINITY, 80.0, VarKind::Continuous);
    let wood = model.add_row("wood", f64::NEG_INFINITY, 410.0, [(chairs, 5.0), (tables, 20.0)]);
    let hours = model.add_row("hours", f64::NEG_INFINITY, 455.0, [(chairs, 10.0), (tables, 15.0)]);

    let mut options = Options { time_limit: 60.0, ..Options::default() };
    let linear = solve(&model, &options, &mut Quiet)?;
    tell("linear", &linear);
    if let Some(duals) = &linear.duals {
        println!("one more of wood is worth {:.1}, an hour {:.1}", duals[wood.index()], duals[hours.index()]);
    }

    for column in [chairs, tables] {
        model.variables[column.index()].kind = VarKind::Integer;
    }
    let whole = solve(&model, &options, &mut Quiet)?;
    tell("whole", &whole);

    // What was found is a first solution of the model with more hours.
    model.rows[hours.index()].upper = 470.0;
    options.start = whole.solution;
    tell("more hours", &solve(&model, &options, &mut Quiet)?);
    Ok(())
}
