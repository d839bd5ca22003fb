//! Every cut of every family holds at every point of the model: small models whose points can be enumerated, checked in rationals.

use std::sync::Arc;

use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::cut::Cut;
use super::*;
use crate::exact_lp::{ExactEnd, Meter};
use crate::model::{Sense, VarKind};
use crate::options::Options;
use crate::relaxation::{Effort, ExactRelaxation, Verdict};
use crate::simplex::{LpProblem, NewRow};
use crate::{Quiet, Rational, VarId};

/// A column: kind, bounds and cost in units of `unit`.
type Column = (bool, i32, i32, i32);

/// A number of units, written as a decimal.
fn number(units: i32, unit: f64) -> f64 {
    // A quotient is the float nearest to the decimal, a product need not be.
    f64::from(units) / (1.0 / unit).round()
}

fn columns(whole: usize, real: usize) -> impl Strategy<Value = Vec<Column>> {
    let of = |is_whole: bool| (Just(is_whole), -2_i32..2, 1_i32..4, -9_i32..10);
    (prop::collection::vec(of(true), 1..=whole), prop::collection::vec(of(false), 0..=real)).prop_map(
        |(mut all, real)| {
            all.extend(real);
            all
        },
    )
}

/// Rows of all sorts over any columns, data in tenths, eighths or units.
fn any_model() -> impl Strategy<Value = Model> {
    let row = (prop::collection::vec(-9_i32..10, 8), -6_i32..25, 0_u8..4);
    (columns(5, 3), prop::collection::vec(row, 1..5), prop::sample::select(vec![1.0, 0.1, 0.125, 0.01])).prop_map(
        |(columns, rows, unit)| {
            let mut model = Model::new("any");
            for (is_whole, lower, width, cost) in columns {
                let (kind, scale) = if is_whole { (VarKind::Integer, 1.0) } else { (VarKind::Continuous, unit) };
                model.add_var("", number(lower, scale), number(lower + width, scale), number(cost, unit), kind);
            }
            for (coefficients, side, kind) in rows {
                let terms = (0..model.num_vars()).map(|j| (VarId(j as u32), number(coefficients[j], unit)));
                let side = number(side, unit);
                let (lower, upper) = match kind {
                    0 => (f64::NEG_INFINITY, side),
                    1 => (-side, f64::INFINITY),
                    2 => (side, side),
                    _ => (side - 3.0 * unit, side),
                };
                model.add_row("", lower, upper, terms.collect::<Vec<_>>());
            }
            model
        },
    )
}

/// Flows with fixed charges out of a node or through periods: `sum of x (+ stock) = demand`, `x <= u y`.
fn fixed_charges() -> impl Strategy<Value = Model> {
    let arc = (1_i32..9, 1_i32..30, 0_i32..5);
    (prop::collection::vec(arc, 2..6), prop::collection::vec(1_i32..12, 1..4), any::<bool>(), any::<bool>()).prop_map(
        |(arcs, demands, has_stock, in_tenths)| {
            let mut model = Model::new("flow");
            let unit = if in_tenths { 0.1 } else { 1.0 };
            let mut stock = None;
            let periods = if has_stock { demands.len() } else { 1 };
            for (t, &demand) in demands.iter().take(periods).enumerate() {
                let mut terms: Vec<(VarId, f64)> = stock.map(|s| (s, 1.0)).into_iter().collect();
                for (k, &(capacity, charge, cost)) in arcs.iter().enumerate() {
                    if has_stock && k % periods != t {
                        continue;
                    }
                    let capacity = number(capacity, unit);
                    let x = model.add_var("", 0.0, 30.0, f64::from(cost), VarKind::Continuous);
                    let y = model.add_var("", 0.0, 1.0, f64::from(charge), VarKind::Integer);
                    model.add_row("", f64::NEG_INFINITY, 0.0, [(x, 1.0), (y, -capacity)]);
                    terms.push((x, 1.0));
                }
                if has_stock {
                    let next = model.add_var("", 0.0, 20.0, 1.0, VarKind::Continuous);
                    terms.push((next, -1.0));
                    stock = Some(next);
                }
                let demand = number(demand, unit);
                model.add_row("", demand, if has_stock { demand } else { f64::INFINITY }, terms);
            }
            model
        },
    )
}

/// Knapsacks and packing rows over binaries.
fn knapsacks() -> impl Strategy<Value = Model> {
    let row = (prop::collection::vec(0_i32..40, 9), 10_i32..90, any::<bool>());
    (prop::collection::vec(1_i32..30, 3..9), prop::collection::vec(row, 1..4), any::<bool>()).prop_map(
        |(costs, rows, is_packing)| {
            let mut model = Model::new("knapsack");
            model.sense = Sense::Maximise;
            for cost in costs {
                model.add_var("", 0.0, 1.0, f64::from(cost), VarKind::Integer);
            }
            for (weights, capacity, is_large) in rows {
                let weight = |a: i32| if is_packing { f64::from(a % 2) } else { number(a, 0.1) };
                let terms = (0..model.num_vars()).map(|j| (VarId(j as u32), weight(weights[j])));
                let capacity = if is_packing { 1.0 } else { number(capacity, 0.1) };
                let (lower, upper) =
                    if is_large && !is_packing { (capacity, f64::INFINITY) } else { (f64::NEG_INFINITY, capacity) };
                model.add_row("", lower, upper, terms.collect::<Vec<_>>());
            }
            model
        },
    )
}

/// What semi-continuous columns, special ordered sets and indicators are stated with.
fn lowered() -> impl Strategy<Value = Model> {
    any::<u64>().prop_map(|seed| {
        let model = crate::lowering::tests::random(&mut ChaCha8Rng::seed_from_u64(seed), true);
        let mut model = crate::lowering::lower(&model, &Budget::default()).unwrap().model;
        // Whole columns have whole bounds once a search begins.
        for var in model.variables.iter_mut().filter(|var| var.kind == VarKind::Integer) {
            var.lower = var.lower.ceil();
            var.upper = var.upper.floor().max(var.lower);
        }
        model
    })
}

/// The least slack of a cut over all points of the model, exactly: a rational LP over the continuous columns for each choice of
/// whole ones.
fn least_slack(model: &Model, cut: &Cut) -> Option<Rational> {
    let whole: Vec<usize> = (0..model.num_vars()).filter(|&j| model.variables[j].kind == VarKind::Integer).collect();
    // The greatest activity of the cut, its floats taken as they are: minus the least of its negative.
    let mut lp = ExactRelaxation::of(model);
    let mut cost = vec![Rational::ZERO; model.num_vars()];
    for &(j, a) in &cut.terms {
        cost[j] = -Rational::try_from(a).unwrap();
    }
    lp.set_cost(cost);
    let mut x: Vec<f64> = whole.iter().map(|&j| model.variables[j].lower).collect();
    let mut least: Option<Rational> = None;
    let budget = Budget::default();
    loop {
        for (&j, &value) in whole.iter().zip(&x) {
            lp.set_bounds(j, Some(value), Some(value));
        }
        match lp.solve(&[], &mut Meter::new(u64::MAX, &budget)) {
            ExactEnd::Optimal { point, .. } => {
                let slack = Rational::try_from(cut.upper).unwrap() + lp.objective(&point);
                least = Some(least.map_or(slack.clone(), |least| least.min(slack)));
            }
            ExactEnd::Infeasible { .. } => {}
            _ => panic!("columns have bounds"),
        }
        let Some(k) = (0..x.len()).find(|&k| x[k] < model.variables[whole[k]].upper) else { return least };
        x[k] += 1.0;
        (0..k).for_each(|k| x[k] = model.variables[whole[k]].lower);
    }
}

/// Rounds of cuts of a family (or of all), each cut checked, cuts of cuts included.
fn assert_valid(model: &Model, set: impl Fn(&mut Parameters)) -> Result<(), TestCaseError> {
    let mut options = Options::default();
    set(&mut options.parameters);
    let budget = Budget::default();
    let root = Domain::new(
        model.variables.iter().map(|var| var.lower).collect(),
        model.variables.iter().map(|var| var.upper).collect(),
    );
    let mut relaxation = Relaxation::new(model, Arc::new(LpProblem::varying(model)), &options);
    for _ in 0..3 {
        if relaxation.solve(Effort::full(), &budget).unwrap() != Verdict::Solved {
            return Ok(());
        }
        let separator = Separator { model, parameters: &options.parameters, budget: &budget };
        let found = separator.round(&mut relaxation, &root);
        for found in &found {
            if let Some(slack) = least_slack(model, &found.cut) {
                prop_assert!(slack >= Rational::ZERO, "{:?} cuts a point off by {}", found, -slack);
            }
        }
        relaxation.add_rows(found.iter().map(|found| found.cut.to_row()).collect::<Vec<NewRow>>());
    }
    Ok(())
}

/// One family alone.
fn alone(family: usize) -> impl Fn(&mut Parameters) {
    move |parameters| {
        (parameters.mir, parameters.gomory) = (family == 0, family == 1);
        (parameters.covers, parameters.zero_half) = (family == 2, family == 3);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn cuts_of_any_model_are_valid(model in any_model(), family in 0_usize..4) {
        assert_valid(&model, alone(family))?;
    }

    #[test]
    fn cuts_of_fixed_charges_are_valid(model in fixed_charges(), family in 0_usize..4) {
        assert_valid(&model, alone(family))?;
    }

    #[test]
    fn cuts_of_knapsacks_are_valid(model in knapsacks(), family in 0_usize..4) {
        assert_valid(&model, alone(family))?;
    }

    #[test]
    fn cuts_of_special_constraints_are_valid(model in lowered(), family in 0_usize..4) {
        assert_valid(&model, alone(family))?;
    }

    #[test]
    fn cuts_of_all_families_are_valid(model in prop_oneof![any_model(), fixed_charges(), knapsacks(), lowered()]) {
        assert_valid(&model, |_| ())?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever families are at work, the answer is that of the search without cuts.
    #[test]
    fn families_change_no_answer(
        model in prop_oneof![any_model(), fixed_charges(), knapsacks(), lowered()],
        families in prop::array::uniform4(any::<bool>()),
        dives in any::<bool>(),
    ) {
        let mut options = Options::default();
        options.parameters.cut_rounds = 0;
        let expected = crate::solve(&model, &options, &mut Quiet).unwrap();
        let parameters = &mut options.parameters;
        parameters.cut_rounds = 20;
        (parameters.rounding, parameters.dives) = (dives, dives);
        [parameters.mir, parameters.gomory, parameters.covers, parameters.zero_half] = families;
        let outcome = crate::solve(&model, &options, &mut Quiet).unwrap();
        prop_assert_eq!(outcome.status, expected.status);
        let near = |a: f64, b: f64| (a - b).abs() <= 2e-6 * b.abs().max(1.0);
        match (outcome.objective, expected.objective) {
            (Some(value), Some(expected)) => prop_assert!(near(value, expected), "{value} for {expected}"),
            (value, expected) => prop_assert_eq!(value, expected),
        }
    }
}

/// What the properties above speak of is there: every family cuts models of the kinds it is made for.
#[test]
fn every_family_finds_cuts() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut draw = |strategy: BoxedStrategy<Model>| strategy.new_tree(&mut runner).unwrap().current();
    let mut counts = [[0; 4]; 3];
    for _ in 0..200 {
        for (kind, model) in [any_model().boxed(), fixed_charges().boxed(), knapsacks().boxed()].into_iter().enumerate()
        {
            let model = draw(model);
            for (family, count) in counts[kind].iter_mut().enumerate() {
                *count += usize::from(!found(&model, family).is_empty());
            }
        }
    }
    let least = [[20, 20, 1, 1], [50, 50, 0, 0], [20, 20, 20, 5]];
    for (kind, (counts, least)) in counts.iter().zip(&least).enumerate() {
        assert!(counts.iter().zip(least).all(|(count, least)| count >= least), "kind {kind}: {counts:?}");
    }
}

/// Cuts that a family alone finds, at the solution of the relaxation; none where there is no such point.
fn found(model: &Model, family: usize) -> Vec<Cut> {
    let (mut options, budget) = (Options::default(), Budget::default());
    alone(family)(&mut options.parameters);
    let bounds = |of: fn(&crate::model::Variable) -> f64| model.variables.iter().map(of).collect();
    let root = Domain::new(bounds(|var| var.lower), bounds(|var| var.upper));
    let mut relaxation = Relaxation::new(model, Arc::new(LpProblem::varying(model)), &options);
    if relaxation.solve(Effort::full(), &budget).unwrap() != Verdict::Solved {
        return Vec::new();
    }
    let separator = Separator { model, parameters: &options.parameters, budget: &budget };
    separator.round(&mut relaxation, &root).into_iter().map(|found| found.cut).collect()
}

#[test]
fn a_fixed_charge_is_rounded() {
    // y >= x / 10 and x >= 4: y is at least 1.
    let mut model = Model::new("t");
    let x = model.add_var("x", 0.0, 30.0, 0.0, VarKind::Continuous);
    let y = model.add_var("y", 0.0, 5.0, 1.0, VarKind::Integer);
    model.add_row("link", f64::NEG_INFINITY, 0.0, [(x, 1.0), (y, -10.0)]);
    model.add_row("demand", 4.0, f64::INFINITY, [(x, 1.0)]);
    for family in [0, 1] {
        let cuts = found(&model, family);
        let says_it = |cut: &Cut| cut.terms == [(1, -1.0)] && cut.upper == -1.0;
        assert!(cuts.iter().any(says_it), "family {family}: {cuts:?}");
    }
}

#[test]
fn an_odd_cycle_is_halved() {
    let mut model = Model::new("triangle");
    let x: Vec<VarId> = (0..3).map(|_| model.add_var("", 0.0, 1.0, -1.0, VarKind::Integer)).collect();
    for (i, j) in [(0, 1), (1, 2), (2, 0)] {
        model.add_row("", f64::NEG_INFINITY, 1.0, [(x[i], 1.0), (x[j], 1.0)]);
    }
    let cuts = found(&model, 3);
    assert_eq!(cuts, [Cut { terms: vec![(0, 1.0), (1, 1.0), (2, 1.0)], upper: 1.0 }]);
}

#[test]
fn a_cover_is_lifted() {
    // Any three of the items of 5 weigh too much; the item of 11 counts for two of them.
    let mut model = Model::new("knapsack");
    model.sense = Sense::Maximise;
    let items = [(5.0, 10.0), (5.0, 10.0), (6.0, 12.5), (11.0, 1.0)];
    let terms: Vec<(VarId, f64)> =
        items.iter().map(|&(weight, worth)| (model.add_var("", 0.0, 1.0, worth, VarKind::Integer), weight)).collect();
    model.add_row("weight", f64::NEG_INFINITY, 14.0, terms);
    let cuts = found(&model, 2);
    assert_eq!(cuts.len(), 1, "{cuts:?}");
    let worth = |j: usize| cuts[0].terms.iter().find(|term| term.0 == j).map_or(0.0, |term| term.1);
    assert_eq!((worth(0), worth(1), worth(2), cuts[0].upper), (1.0, 1.0, 1.0, 2.0));
    assert_eq!(worth(3), 2.0);
}
