//! Models divided into parts against the whole, and searches below a cutoff.

use super::disjunction_tests::Source;

use crate::{Division, Error, Model, Options, Outcome, Quiet, Rational, Sense, Status, VarKind, Vertex, divide, solve};

fn solved(model: &Model, options: &Options) -> Outcome {
    solve(model, options, &mut Quiet).expect("sound")
}

/// The models of the open leaves, and those of the closed ones.
fn leaves(model: &Model, division: &Division) -> [Vec<Model>; 2] {
    let mut parts = vec![None; division.vertices.len()];
    parts[0] = Some(model.clone());
    let mut leaves = [vec![], vec![]];
    for (vertex, what) in division.vertices.iter().enumerate() {
        let part = parts[vertex].take().expect("a parent before it");
        match *what {
            Vertex::Open => leaves[0].push(part),
            Vertex::Closed => leaves[1].push(part),
            Vertex::Split { column, at_most, yes, no } => {
                let [mut below, mut above] = [part.clone(), part];
                assert_eq!(below.variables[column.index()].kind, VarKind::Integer);
                let (upper, lower) =
                    (&mut below.variables[column.index()].upper, &mut above.variables[column.index()].lower);
                (*upper, *lower) = (upper.min(at_most), lower.max(at_most + 1.0));
                (parts[yes], parts[no]) = (Some(below), Some(above));
            }
        }
    }
    leaves
}

/// Several knapsacks over the same things, some of which are divisible, in either sense.
fn knapsacks(source: &mut Source) -> Model {
    let mut model = Model::new("knapsacks");
    let maximise = source.below(2) == 0;
    model.sense = if maximise { Sense::Maximise } else { Sense::Minimise };
    model.offset = -1.25;
    let with_reals = source.below(2) == 0;
    let columns = 12 + source.below(6);
    let things: Vec<_> = (0..columns)
        .map(|j| {
            let kind = if with_reals && j % 5 == 1 { VarKind::Continuous } else { VarKind::Integer };
            model.add_var(format!("x{j}"), 0.0, 1.0 + (j % 2) as f64, (30 + source.below(40)) as f64, kind)
        })
        .collect();
    for i in 0..3 {
        let weights: Vec<_> = things.iter().map(|&thing| (thing, (20 + source.below(50)) as f64)).collect();
        let half = weights.iter().map(|(_, weight)| weight).sum::<f64>() * 0.6;
        let sides = if maximise { (f64::NEG_INFINITY, half.floor()) } else { (half.ceil(), f64::INFINITY) };
        model.add_row(format!("r{i}"), sides.0, sides.1, weights);
    }
    model
}

/// Exact objective, in the sense of the model.
fn exact(model: &Model, outcome: &Outcome) -> Option<Rational> {
    crate::check::objective_at(model, outcome.solution.as_deref()?, outcome.exact_solution.as_deref(), 1e-9)
}

#[test]
fn parts_are_the_whole_in_any_order() {
    let mut source = Source(7);
    let (mut divided, mut closed) = (0, 0);
    for case in 0..150 {
        let model = if case % 3 == 0 { source.models().remove(0) } else { knapsacks(&mut source) };
        let sign = if model.sense == Sense::Maximise { -1.0 } else { 1.0 };
        let whole = solved(&model, &Options::default());
        let count = 2 + source.below(6) as usize;
        let mut options = Options::default();
        if case % 2 == 1 {
            // Less is decided at the root.
            (options.parameters.cut_rounds, options.parameters.dives) = (0, false);
        }
        let division = divide(&model, count, &options, &mut Quiet).expect("sound");
        let [mut open, shut] = leaves(&model, &division);
        assert!(open.len() <= count, "{case}: {division:?}");
        divided += usize::from(open.len() > 1);
        closed += shut.len();
        for part in &shut {
            let best = solved(part, &Options::default());
            let bound = division.closed.unwrap_or(sign * f64::INFINITY);
            let beats = best.objective.is_some_and(|objective| sign * objective < sign * bound - 1e-9);
            assert!(!beats, "{case}: {best:?} in a leaf closed at {bound}");
        }
        if let Some(best) = whole.objective {
            assert!(sign * division.outcome.bound <= sign * best + 1e-6, "{case}: {division:?}");
        }
        if source.below(2) == 0 {
            open.reverse();
        }
        let mut best = exact(&model, &division.outcome);
        let mut least = division.closed.map_or(f64::INFINITY, |bound| sign * bound);
        for part in &open {
            let end = solved(part, &Options { cutoff: best.clone(), ..Options::default() });
            assert!(matches!(end.status, Status::Optimal | Status::Infeasible), "{case}: {end:?}");
            assert_eq!(end.status == Status::Optimal, end.objective.is_some(), "{case}: {end:?}");
            least = least.min(sign * end.bound);
            best = exact(part, &end).or(best);
        }
        let best = best.map(|best| best.to_f64().value());
        assert_eq!(best.is_some(), whole.objective.is_some(), "{case}: {division:?}");
        if let (Some(best), Some(whole)) = (best, whole.objective) {
            assert!((best - whole).abs() <= 1e-5, "{case}: {best} {whole}");
            assert!((least - sign * whole).abs() <= 1e-5, "{case}: {least} {whole}");
        }
    }
    assert!(divided > 30 && closed > 60, "{divided} {closed}");
}

/// What is known is not looked for again, and a bound is no better than it; what has no point has none.
#[test]
fn below_a_cutoff() {
    let mut model = Model::new("cutoff");
    model.sense = Sense::Maximise;
    model.offset = 0.5;
    // Two of weight 4 and one of weight 2 fill the sack: 5 + 5 + 3.
    let items = [(4.0, 5.0), (4.0, 5.0), (3.0, 3.5), (2.0, 3.0), (7.0, 8.0), (6.0, 6.5)];
    let x: Vec<_> = (0..)
        .zip(items)
        .map(|(j, (_, worth))| model.add_var(format!("x{j}"), 0.0, 1.0, worth, VarKind::Integer))
        .collect();
    model.add_row("r", f64::NEG_INFINITY, 10.0, x.iter().zip(items).map(|(&x, (weight, _))| (x, weight)));
    let end = |model: &Model, cutoff: f64, presolve: bool| {
        let cutoff = Some(Rational::try_from(cutoff).expect("finite"));
        let mut options = Options { cutoff, ..Options::default() };
        options.parameters.presolve = presolve;
        let Outcome { status, objective, bound, .. } = solved(model, &options);
        (status, objective, bound)
    };
    for presolve in [true, false] {
        assert_eq!(end(&model, 11.5, presolve), (Status::Optimal, Some(13.5), 13.5));
        assert_eq!(end(&model, 13.5, presolve), (Status::Infeasible, None, 13.5));
        assert_eq!(end(&model, 20.5, presolve), (Status::Infeasible, None, 20.5));
        let mut empty = model.clone();
        empty.rows[0].lower = 100.0;
        empty.rows[0].upper = 200.0;
        let (status, objective, _) = end(&empty, 8.5, presolve);
        assert_eq!((status, objective), (Status::Infeasible, None));
    }
}

/// The exact objectives of all points of a model of whole columns.
fn objectives(model: &Model) -> Vec<Rational> {
    let mut points = vec![vec![]];
    for var in &model.variables {
        let values = (var.lower as i64..=var.upper as i64).map(|value| value as f64);
        points = points.iter().flat_map(|point| values.clone().map(|value| [&point[..], &[value]].concat())).collect();
    }
    points.iter().filter_map(|point| crate::check::objective_at(model, point, None, 1e-9)).collect()
}

/// Cutoffs that no point of the part reaches exactly, as those of the whole are: what is said of the part is true of all its points.
#[test]
fn cutoffs_from_elsewhere() {
    let mut source = Source(3);
    let costs = [1000.0, 0.001, 0.1, 1.0, 1e-7, 2.5, 0.3, 0.0];
    let (mut none, mut some) = (0, 0);
    for case in 0..600 {
        let mut whole = Model::new("whole");
        if source.below(2) == 0 {
            whole.sense = Sense::Maximise;
        }
        let sign = if whole.sense == Sense::Maximise { -1.0 } else { 1.0 };
        let columns: Vec<_> = (0..3 + source.below(2))
            .map(|j| {
                let cost = sign * costs[source.below(8) as usize];
                whole.add_var(format!("x{j}"), 0.0, 1.0 + source.below(3) as f64, cost, VarKind::Integer)
            })
            .collect();
        for i in 0..1 + source.below(2) {
            let terms: Vec<_> = columns.iter().map(|&column| (column, source.below(4) as f64)).collect();
            whole.add_row(format!("r{i}"), 1.0 + source.below(8) as f64, f64::INFINITY, terms);
        }
        let all = objectives(&whole);
        if all.is_empty() {
            continue;
        }
        let cutoff = all[source.below(all.len() as u64) as usize].clone();
        let mut part = whole.clone();
        for _ in 0..1 + source.below(2) {
            let var = &mut part.variables[source.below(columns.len() as u64) as usize];
            (var.lower, var.upper) = if source.below(2) == 0 { (0.0, 0.0) } else { (1.0, 1.0) };
        }
        let minimised = |value: &Rational| if sign < 0.0 { -value.clone() } else { value.clone() };
        let best = objectives(&part).iter().map(minimised).min();
        let mut options = Options { cutoff: Some(cutoff.clone()), ..Options::default() };
        (options.parameters.presolve, options.mip_rel_gap) =
            (source.below(2) == 0, [0.0, 0.3][source.below(2) as usize]);
        let end = solved(&part, &options);
        let context = || format!("{case}: {} {cutoff} {:?}\n{end:?}", options.mip_rel_gap, crate::io::to_lp(&part));
        if let Some(best) = &best {
            assert!(!crate::check::is_below(best, sign * end.bound), "{} {best}", context());
        }
        let beats = best.as_ref().is_some_and(|best| *best < minimised(&cutoff));
        match end.status {
            Status::Infeasible if options.mip_rel_gap == 0.0 => assert!(!beats, "{}", context()),
            Status::Infeasible => {}
            Status::Optimal | Status::Unresolved => {
                let found = exact(&part, &end).map(|found| minimised(&found));
                assert!(options.mip_rel_gap > 0.0 || found == best, "{} {best:?}", context());
            }
            _ => panic!("{}", context()),
        }
        (none, some) = (none + usize::from(!beats), some + usize::from(beats));
    }
    assert!(none > 100 && some > 50, "{none} {some}");
}

/// What the cutoff takes away before the first relaxation counts in the bound.
#[test]
fn a_bound_knows_what_the_cutoff_took() {
    let mut model = Model::new("took");
    let x = model.add_var("x", 0.0, 200.0, 1.0, VarKind::Integer);
    let y = [1, 2].map(|k| model.add_var(format!("y{k}"), 0.0, 200.0, 1.0, VarKind::Integer));
    let w = model.add_var("w", 0.0, f64::INFINITY, -1.0, VarKind::Continuous);
    let v = model.add_var("v", 0.0, 10.0, 0.0, VarKind::Continuous);
    model.add_row("r", 255.0, f64::INFINITY, [(x, 3.0), (y[0], 1.0), (y[1], 1.0)]);
    model.add_row("s", f64::NEG_INFINITY, 0.0, [(w, 1.0), (v, -1.0)]);
    for presolve in [true, false] {
        let mut options = Options { cutoff: Some(Rational::from(100)), mip_rel_gap: 0.3, ..Options::default() };
        options.parameters.presolve = presolve;
        let end = solved(&model, &options);
        // All of x, and none of y.
        assert!(end.bound <= 75.0, "{end:?}");
    }
}

#[test]
fn models_that_are_not_divided() {
    let whole = |model: &Model| divide(model, 4, &Options::default(), &mut Quiet).expect("sound");
    let mut linear = Model::new("linear");
    let x = linear.add_var("x", 0.0, 4.0, -1.0, VarKind::Continuous);
    assert_eq!(whole(&linear).vertices, [Vertex::Open]);
    let mut unbounded = Model::new("unbounded");
    unbounded.add_var("n", 0.0, f64::INFINITY, -1.0, VarKind::Integer);
    let division = whole(&unbounded);
    assert_eq!((division.vertices, division.outcome.bound), (vec![Vertex::Open], f64::NEG_INFINITY));
    assert!(division.outcome.ray.is_none() && division.outcome.status == Status::NodeLimit);
    let mut empty = Model::new("empty");
    let n = empty.add_var("n", 0.0, 9.0, -1.0, VarKind::Integer);
    empty.add_row("odd", 3.0, 3.0, [(n, 2.0)]);
    let division = whole(&empty);
    assert_eq!((division.vertices, division.closed), (vec![Vertex::Closed], None));
    assert_eq!(division.outcome.status, Status::Infeasible);
    linear.special.semi.insert(x);
    let refused = divide(&linear, 4, &Options::default(), &mut Quiet);
    assert!(matches!(refused, Err(Error::Model { message, .. }) if message.contains("'x' is semi-continuous")));
}

#[test]
fn rays_are_directions_without_an_end() {
    let mut model = Model::new("cone");
    model.sense = Sense::Maximise;
    let x = model.add_var("x", 0.0, f64::INFINITY, 1.0, VarKind::Integer);
    let y = model.add_var("y", f64::NEG_INFINITY, 5.0, 0.0, VarKind::Continuous);
    model.add_row("r", f64::NEG_INFINITY, 3.0, [(x, 0.5), (y, 1.0)]);
    let is_ray =
        |x: f64, y: f64| crate::check::is_ray(&model, &[x, y].map(|step| Rational::try_from(step).expect("finite")));
    assert!(is_ray(2.0, -1.0) && is_ray(2.0, -3.0));
    assert!(!is_ray(2.0, -0.5), "it leaves the row");
    assert!(!is_ray(1.5, -1.0), "x is whole");
    assert!(!is_ray(0.0, -1.0), "nothing is gained");
    assert!(!is_ray(-2.0, -1.0) && !is_ray(2.0, 1.0) && !crate::check::is_ray(&model, &[]));
}
