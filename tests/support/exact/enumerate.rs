//! The same truth by enumeration, for tiny models: every vertex, every whole point of a box.

use super::Truth;
use checker::model::Sense;
use checker::{Model, Rational};

/// The truth about a model whose vertices lie well within [-1e6, 1e6]: the least objective over all choices of as many
/// tight sides as columns, in two boxes, which differ if it is unbounded. Whole columns need bounds and are enumerated. Meant
/// for three columns.
#[must_use]
pub fn truth(model: &Model) -> Truth {
    let [near, far] = [1_000_000, 10_000_000].map(|size| best_in_box(model, &Rational::from(size), &mut vec![]));
    match (near, far) {
        (None, None) => Truth::Infeasible,
        (Some(near), Some(far)) if near == far => Truth::Optimal(near + &model.offset),
        _ => Truth::Unbounded,
    }
}

/// Columns before `fixed.len()` are whole and have these values (others in it are `None`).
fn best_in_box(model: &Model, size: &Rational, fixed: &mut Vec<Option<Rational>>) -> Option<Rational> {
    let better = |a: &Rational, b: &Rational| if model.sense == Sense::Minimise { a < b } else { a > b };
    let keep = |best: Option<Rational>, new: Option<Rational>| match (best, new) {
        (Some(best), Some(new)) => Some(if better(&new, &best) { new } else { best }),
        (best, new) => best.or(new),
    };
    let mut best = None;
    if let Some(column) = model.columns.get(fixed.len()) {
        if !column.integer {
            fixed.push(None);
            best = best_in_box(model, size, fixed);
            fixed.pop();
            return best;
        }
        let [lower, upper] =
            [&column.lower, &column.upper].map(|bound| bound.clone().expect("bounds on whole columns"));
        let mut value = Rational::from(lower.ceil());
        while value <= upper {
            fixed.push(Some(value.clone()));
            best = keep(best, best_in_box(model, size, fixed));
            fixed.pop();
            value += Rational::ONE;
        }
        return best;
    }
    let n = model.columns.len();
    // (form, side): form x = side may be tight. Whole columns always are.
    let mut always: Vec<(Vec<Rational>, Rational)> = vec![];
    let mut sides: Vec<(Vec<Rational>, Rational)> = vec![];
    for (j, column) in model.columns.iter().enumerate() {
        let form: Vec<Rational> = (0..n).map(|k| Rational::from(u8::from(k == j))).collect();
        if let Some(value) = &fixed[j] {
            always.push((form, value.clone()));
            continue;
        }
        let bound = |bound: &Option<Rational>, size: Rational| bound.clone().unwrap_or(size);
        sides.push((form.clone(), bound(&column.lower, -size)));
        sides.push((form, bound(&column.upper, size.clone())));
    }
    for row in &model.rows {
        let mut form = vec![Rational::ZERO; n];
        row.terms.iter().for_each(|(j, a)| form[*j] = a.clone());
        sides.extend(row.lower.iter().chain(&row.upper).map(|side| (form.clone(), side.clone())));
    }
    for chosen in choices(sides.len(), n - always.len()) {
        let system = always.iter().chain(chosen.iter().map(|&k| &sides[k]));
        let Some(x) = solve(system.cloned().collect()) else { continue };
        let report = checker::solution::recount(model, &x);
        let inside = x.iter().all(|x| x <= size && -x <= *size);
        if inside && report.violation(&Rational::ZERO).is_none() {
            best = keep(best, Some(report.objective - &model.offset));
        }
    }
    best
}

/// All sets of `k` numbers below `n`.
fn choices(n: usize, k: usize) -> Vec<Vec<usize>> {
    if k == 0 {
        return vec![vec![]];
    }
    (k - 1..n)
        .flat_map(|last| {
            choices(last, k - 1).into_iter().map(move |mut set| {
                set.push(last);
                set
            })
        })
        .collect()
}

/// The only solution of a square system, `None` if it is singular (Gauss and Jordan).
fn solve(mut system: Vec<(Vec<Rational>, Rational)>) -> Option<Vec<Rational>> {
    let n = system.len();
    for k in 0..n {
        let pivot = (k..n).find(|&i| !system[i].0[k].is_zero())?;
        system.swap(k, pivot);
        let (form, side) = system[k].clone();
        for (i, (other, value)) in system.iter_mut().enumerate().filter(|(i, _)| *i != k) {
            debug_assert_ne!(i, k);
            let factor = &other[k] / &form[k];
            other.iter_mut().zip(&form).for_each(|(entry, a)| *entry -= &factor * a);
            *value -= factor * &side;
        }
    }
    Some(system.iter().enumerate().map(|(k, (form, side))| side / &form[k]).collect())
}
