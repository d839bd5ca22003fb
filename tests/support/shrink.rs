//! Makes a model that shows a fault as small as it gets.

use crate::draft::{Column, Decimal, Draft, Row};
use std::time::{Duration, Instant};

/// Time for one model.
const PATIENCE: Duration = Duration::from_secs(5);

/// The smallest draft found that still `shows` it, by leaving out and simplifying one thing at a time.
pub fn shrink(draft: &Draft, shows: impl Fn(&Draft) -> bool) -> Draft {
    let mut best = draft.clone();
    let start = Instant::now();
    'again: loop {
        for candidate in candidates(&best) {
            if start.elapsed() > PATIENCE {
                return best;
            }
            if shows(&candidate) {
                best = candidate;
                continue 'again;
            }
        }
        return best;
    }
}

/// All drafts that are simpler by one thing, the largest steps first.
fn candidates(draft: &Draft) -> Vec<Draft> {
    let mut all = vec![];
    let mut add = |change: &dyn Fn(&mut Draft)| {
        let mut next = draft.clone();
        change(&mut next);
        all.push(next);
    };
    for i in 0..draft.rows.len() {
        add(&|draft| drop(draft.rows.remove(i)));
    }
    for j in 0..draft.columns.len() {
        if draft.columns.len() > 1 {
            add(&|draft| remove_column(draft, j));
        }
    }
    add(&|draft| draft.offset = Decimal::default());
    for i in 0..draft.rows.len() {
        for t in 0..draft.rows[i].terms.len() {
            add(&|draft| {
                draft.rows[i].terms.remove(t);
            });
        }
        let Row { lower, upper, .. } = &draft.rows[i];
        if lower.is_some() && upper.is_some() {
            add(&|draft| draft.rows[i].lower = None);
            add(&|draft| draft.rows[i].upper = None);
        }
    }
    for j in 0..draft.columns.len() {
        let Column { lower, upper, integer, .. } = draft.columns[j];
        if integer {
            add(&|draft| draft.columns[j].integer = false);
        }
        if upper.is_some() {
            add(&|draft| draft.columns[j].upper = None);
        }
        if lower != Some(Decimal::default()) {
            add(&|draft| draft.columns[j].lower = Some(Decimal::default()));
        }
    }
    let mut numbers = vec![];
    visit(&mut draft.clone(), &mut |number| numbers.push(*number));
    for (k, number) in numbers.iter().enumerate() {
        for simpler in number.simpler() {
            add(&|draft| {
                let mut at = 0;
                visit(draft, &mut |number| {
                    if at == k {
                        *number = simpler;
                    }
                    at += 1;
                });
            });
        }
    }
    all
}

fn remove_column(draft: &mut Draft, j: usize) {
    draft.columns.remove(j);
    for row in &mut draft.rows {
        row.terms.retain(|(k, _)| *k != j);
        row.terms.iter_mut().for_each(|(k, _)| *k -= usize::from(*k > j));
    }
}

/// All numbers of a draft, in a fixed order.
fn visit(draft: &mut Draft, what: &mut dyn FnMut(&mut Decimal)) {
    what(&mut draft.offset);
    for column in &mut draft.columns {
        what(&mut column.cost);
        column.lower.iter_mut().for_each(&mut *what);
        column.upper.iter_mut().for_each(&mut *what);
    }
    for row in &mut draft.rows {
        row.terms.iter_mut().for_each(|(_, a)| what(a));
        row.lower.iter_mut().for_each(&mut *what);
        row.upper.iter_mut().for_each(&mut *what);
    }
}
