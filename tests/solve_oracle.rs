//! `solve` on small random models of many kinds, each word held against exact arithmetic that shares nothing with it.
//!
//! A model that shows a fault is made small and written to `target/oracle`; its kind and number say how to make it again.
//! `cargo run --release -p heaviside-acceptance --example solve_oracle` prints the table.

use checker::{Format, Model, Source};
use heaviside_acceptance::exact::{self, Truth};
use heaviside_acceptance::judge::Word;
use heaviside_acceptance::kinds::{KINDS, kind};
use heaviside_acceptance::tally::tally;

/// No false word on the models with these numbers, a certificate for every fourth; few are left open.
fn none_false(name: &str, count: u64) {
    let tally = tally(&kind(name), 0..count, 4, 1);
    assert!(tally.faults.is_empty(), "{} false words\n{}", tally.faults.len(), tally.complaint());
    let undecided = tally.count(Word::Undecided);
    assert!(undecided * 20 <= count, "{name}: {undecided} of {count} undecided");
    assert!(tally.open * 20 <= count, "{name}: the oracle left {} of {count} open", tally.open);
}

/// A test a kind; `ignore` says what is not true yet.
macro_rules! kinds {
    ($($(#[$attribute:meta])? $test:ident $name:literal),* $(,)?) => {
        $(
            #[test]
            $(#[$attribute])?
            fn $test() {
                none_false($name, 500);
            }
        )*

        #[test]
        fn every_kind_has_its_test() {
            let tested = [$($name),*];
            assert_eq!(KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>(), tested);
        }
    };
}

kinds! {
    plain_linear "plain-linear",
    cost_spread "cost-spread",
    free_columns "free-columns",
    dense_equations "dense-equations",
    degenerate "degenerate",
    odd_bounds "odd-bounds",
    hidden_rays "hidden-rays",
    tenths "tenths",
    by_a_hair "by-a-hair",
    duplicates "duplicates",
    tiny_sides "tiny-sides",
    crossed "crossed",
    empty "empty",
    plain_mixed "plain-mixed",
    mixed_cost_spread "mixed-cost-spread",
    big_m "big-m",
    tiny_coefficients "tiny-coefficients",
    fixed_charge "fixed-charge",
    disjunction "disjunction",
    plain_whole "plain-whole",
    huge_numbers "huge-numbers",
    beyond_floats "beyond-floats",
    parity "parity",
    odd_binaries "odd-binaries",
    offset "offset",
    fixed_costs "fixed-costs",
    order_cycles "order-cycles",
    knapsack "knapsack",
    unbounded_ranges "unbounded-ranges",
    partitioning "partitioning",
    one_sided "one-sided",
    large_equations "large-equations",
    far_sides "far-sides",
    huge_sides "huge-sides",
}

#[test]
#[ignore = "150,000 models, minutes"]
fn five_thousand_of_every_kind() {
    KINDS.iter().for_each(|kind| none_false(kind.name, 5000));
}

/// The oracle itself, against every vertex and every whole point.
#[test]
fn the_oracle_agrees_with_enumeration() {
    let mut ends = [0; 3];
    for name in [
        "plain-linear",
        "degenerate",
        "duplicates",
        "crossed",
        "empty",
        "plain-mixed",
        "plain-whole",
        "dense-equations",
    ] {
        for number in 0..400 {
            let draft = kind(name).draft(number);
            let bounded =
                |column: &heaviside_acceptance::draft::Column| column.lower.is_some() && column.upper.is_some();
            if draft.columns.len() > 3 || draft.columns.iter().any(|column| column.integer && !bounded(column)) {
                continue;
            }
            let text = draft.to_lp();
            let model = Model::read(Source::new("model", text.as_bytes()), Format::Lp).unwrap();
            let truth = exact::truth(&model, 1000);
            assert_eq!(truth, exact::enumerate::truth(&model), "{name} {number}\n{text}");
            ends[match truth {
                Truth::Optimal(_) => 0,
                Truth::Infeasible => 1,
                _ => 2,
            }] += 1;
        }
    }
    assert!(ends.iter().all(|&count| count >= 50), "{ends:?}");
}
