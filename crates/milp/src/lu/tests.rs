//! Factors, solves and updates against the matrix itself.

use proptest::prelude::*;

use super::{Lu, SparseVector};
use crate::model::SparseColumns;

/// A matrix by columns from a list of columns.
fn matrix(columns: &[Vec<(u32, f64)>]) -> SparseColumns {
    let mut a = SparseColumns { starts: vec![0], ..SparseColumns::default() };
    for column in columns {
        for &(row, value) in column {
            a.rows.push(row);
            a.values.push(value);
        }
        a.starts.push(a.rows.len());
    }
    a
}

/// `B x` for the basis `head` of [A | -I].
fn multiply(a: &SparseColumns, head: &[usize], x: &[f64]) -> Vec<f64> {
    let n = a.starts.len() - 1;
    let mut out = vec![0.0; head.len()];
    for (&var, &x) in head.iter().zip(x) {
        if var < n {
            a.column(var).for_each(|(i, value)| out[i] += value * x);
        } else {
            out[var - n] -= x;
        }
    }
    out
}

/// `B'y`.
fn multiply_transposed(a: &SparseColumns, head: &[usize], y: &[f64]) -> Vec<f64> {
    let n = a.starts.len() - 1;
    let product = |&var: &usize| if var < n { a.column(var).map(|(i, v)| v * y[i]).sum() } else { -y[var - n] };
    head.iter().map(product).collect()
}

fn sparse(values: &[f64]) -> SparseVector {
    let mut vector = SparseVector::new(values.len());
    vector.values.copy_from_slice(values);
    vector.gather();
    vector
}

fn assert_listed(vector: &SparseVector) {
    let mut listed = vector.index.clone();
    listed.sort_unstable();
    let nonzero: Vec<u32> = (0..vector.values.len() as u32).filter(|&i| vector.values[i as usize] != 0.0).collect();
    assert_eq!(listed, nonzero, "the list and the values disagree");
}

/// Solves both systems for a dense and for each unit right-hand side and checks the residuals.
fn assert_solves(lu: &mut Lu, a: &SparseColumns, head: &[usize]) {
    let m = head.len();
    let dense: Vec<f64> = (0..m).map(|i| ((i * 7 + 3) % 11) as f64 - 5.0).collect();
    let units = (0..m).map(|k| (0..m).map(|i| f64::from(u8::from(i == k))).collect());
    for rhs in std::iter::once(dense).chain(units) {
        let mut x = sparse(&rhs);
        lu.ftran(&mut x);
        assert_listed(&x);
        assert_close(&multiply(a, head, &x.values), &rhs, &x.values);
        let mut y = sparse(&rhs);
        lu.btran(&mut y);
        assert_listed(&y);
        assert_close(&multiply_transposed(a, head, &y.values), &rhs, &y.values);
    }
}

fn assert_close(got: &[f64], wanted: &[f64], solution: &[f64]) {
    let size = solution.iter().fold(1.0_f64, |top, v| top.max(v.abs()));
    for (got, wanted) in got.iter().zip(wanted) {
        assert!((got - wanted).abs() <= 1e-8 * size, "residual {} at size {size}", got - wanted);
    }
}

/// A matrix of m rows and 2 m columns with about `density` non-zeros a column, entries small integers.
fn columns(m: usize) -> impl Strategy<Value = Vec<Vec<(u32, f64)>>> {
    let entry = (0..m as u32, prop_oneof![Just(1.0), Just(-1.0), Just(2.0), Just(-3.0), Just(0.5), Just(10.0)]);
    let column = proptest::collection::vec(entry, 0..5).prop_map(|mut entries| {
        entries.sort_by_key(|&(row, _)| row);
        entries.dedup_by_key(|&mut (row, _)| row);
        entries
    });
    proptest::collection::vec(column, 2 * m)
}

/// Factors, putting logicals in the place of dependent columns.
fn factor_repaired(lu: &mut Lu, a: &SparseColumns, head: &mut [usize]) {
    let n = a.starts.len() - 1;
    for _ in 0..=head.len() {
        match lu.factor(a, head, None) {
            Ok(()) => return,
            Err(deficiency) => {
                assert_eq!(deficiency.positions.len(), deficiency.rows.len());
                assert!(!deficiency.rows.is_empty());
                for (&position, &row) in deficiency.positions.iter().zip(&deficiency.rows) {
                    head[position as usize] = n + row as usize;
                }
            }
        }
    }
    panic!("the repair does not end");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn solves_after_repair_and_updates((m, columns) in (1_usize..30).prop_flat_map(|m| (Just(m), columns(m))),
                                       picks in proptest::collection::vec(0_usize..1000, 40)) {
        let a = matrix(&columns);
        let n = 2 * m;
        let mut head: Vec<usize> = (0..m).map(|i| (picks[i % picks.len()] + 7 * i) % n).collect();
        head.sort_unstable();
        head.dedup();
        for i in 0..m {
            if head.len() < m && !head.contains(&(n + i)) {
                head.push(n + i);
            }
        }
        let mut lu = Lu::default();
        factor_repaired(&mut lu, &a, &mut head);
        assert_solves(&mut lu, &a, &head);
        for &pick in &picks {
            let entering = pick % (n + m);
            if head.contains(&entering) {
                continue;
            }
            let mut column = SparseVector::new(m);
            if entering < n {
                a.column(entering).for_each(|(i, value)| column.insert(i, value));
            } else {
                column.insert(entering - n, -1.0);
            }
            lu.ftran_entering(&mut column);
            let largest = column.iter().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
            let Some((position, alpha)) = largest.filter(|(_, alpha)| alpha.abs() > 1e-3) else { continue };
            if lu.update(position, alpha).is_ok() {
                head[position] = entering;
            }
        }
        assert_solves(&mut lu, &a, &head);
        let mut fresh = Lu::default();
        let mut order = head.clone();
        if fresh.factor(&a, &mut order, None).is_ok() {
            // The updated factors solve as the fresh ones do, up to the order of the positions.
            let rhs: Vec<f64> = (0..m).map(|i| (i % 5) as f64 - 2.0).collect();
            let (mut updated, mut new) = (sparse(&rhs), sparse(&rhs));
            lu.ftran(&mut updated);
            fresh.ftran(&mut new);
            let size = new.values.iter().fold(1.0_f64, |top, v| top.max(v.abs()));
            for (position, &var) in head.iter().enumerate() {
                let at = order.iter().position(|&other| other == var).expect("same basis");
                prop_assert!((updated.values[position] - new.values[at]).abs() <= 1e-7 * size * size);
            }
        }
    }
}

#[test]
fn a_dependent_column_is_named_with_a_row_to_repair_it() {
    let a = matrix(&[vec![(0, 1.0), (1, 2.0)], vec![(0, 2.0), (1, 4.0)], vec![(2, 1.0)]]);
    let mut head = vec![0, 1, 2];
    let mut lu = Lu::default();
    let deficiency = lu.factor(&a, &mut head, None).expect_err("columns 0 and 1 are dependent");
    assert_eq!(head, [0, 1, 2], "a failed factorisation leaves the head alone");
    assert_eq!(deficiency.positions.len(), 1);
    head[deficiency.positions[0] as usize] = 3 + deficiency.rows[0] as usize;
    lu.factor(&a, &mut head, None).expect("the repaired basis is regular");
    assert_solves(&mut lu, &a, &head);
}

#[test]
fn a_column_that_would_make_the_basis_singular_is_refused() {
    let a = matrix(&[vec![(0, 1.0)], vec![(1, 1.0)], vec![(0, 1.0), (1, 1e-13)]]);
    let mut head = vec![0, 1];
    let mut lu = Lu::default();
    lu.factor(&a, &mut head, None).expect("regular");
    let mut column = sparse(&[1.0, 1e-13]);
    lu.ftran_entering(&mut column);
    let position = head.iter().position(|&var| var == 1).expect("basic");
    assert!(lu.update(position, column.values[position]).is_err());
    assert_solves(&mut lu, &a, &head);
}
