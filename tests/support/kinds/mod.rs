//! Small random models of many kinds, each kind a trap that solvers have fallen into.
//!
//! Entry point: [`KINDS`]. A model is made from its kind's name and its number alone. Rooms: `linear` continuous
//! columns, `whole` whole ones, `mixed` both, `magnitude` sides far from their coefficients.

mod linear;
mod magnitude;
mod mixed;
mod whole;

use crate::draft::{Decimal, Draft, decimal, whole};
use crate::random::Source;

/// A kind of model.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name, as in tables.
    pub name: &'static str,
    /// Makes one.
    make: fn(&mut Source) -> Draft,
}

impl Kind {
    /// The model with this number.
    #[must_use]
    pub fn draft(&self, number: u64) -> Draft {
        let name = self.name.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        (self.make)(&mut Source::new((name << 20) + number))
    }
}

/// The kind of that name.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn kind(name: &str) -> Kind {
    *KINDS.iter().find(|kind| kind.name == name).unwrap_or_else(|| panic!("no kind is called {name}"))
}

/// All kinds.
pub const KINDS: &[Kind] = &[
    Kind { name: "plain-linear", make: linear::plain },
    Kind { name: "cost-spread", make: linear::cost_spread },
    Kind { name: "free-columns", make: linear::free_columns },
    Kind { name: "dense-equations", make: linear::dense_equations },
    Kind { name: "degenerate", make: linear::degenerate },
    Kind { name: "odd-bounds", make: linear::odd_bounds },
    Kind { name: "hidden-rays", make: linear::hidden_rays },
    Kind { name: "tenths", make: linear::tenths },
    Kind { name: "by-a-hair", make: linear::by_a_hair },
    Kind { name: "duplicates", make: linear::duplicates },
    Kind { name: "tiny-sides", make: linear::tiny_sides },
    Kind { name: "crossed", make: mixed::crossed },
    Kind { name: "empty", make: mixed::empty },
    Kind { name: "plain-mixed", make: mixed::plain },
    Kind { name: "mixed-cost-spread", make: mixed::cost_spread },
    Kind { name: "big-m", make: mixed::big_m },
    Kind { name: "tiny-coefficients", make: mixed::tiny_coefficients },
    Kind { name: "fixed-charge", make: mixed::fixed_charge },
    Kind { name: "disjunction", make: mixed::disjunction },
    Kind { name: "plain-whole", make: whole::plain },
    Kind { name: "huge-numbers", make: whole::huge_numbers },
    Kind { name: "beyond-floats", make: whole::beyond_floats },
    Kind { name: "parity", make: whole::parity },
    Kind { name: "odd-binaries", make: whole::odd_binaries },
    Kind { name: "offset", make: whole::offset },
    Kind { name: "fixed-costs", make: whole::fixed_costs },
    Kind { name: "order-cycles", make: whole::order_cycles },
    Kind { name: "knapsack", make: whole::knapsack },
    Kind { name: "unbounded-ranges", make: whole::unbounded_ranges },
    Kind { name: "partitioning", make: whole::partitioning },
    Kind { name: "one-sided", make: magnitude::one_sided },
    Kind { name: "large-equations", make: magnitude::equations },
    Kind { name: "far-sides", make: magnitude::far_sides },
    Kind { name: "huge-sides", make: magnitude::huge_sides },
];

/// A whole number in `-size..=size`.
fn signed(source: &mut Source, size: usize) -> Decimal {
    whole(source.whole(0, 2 * size) as i128 - size as i128)
}

/// The same without 0.
fn nonzero(source: &mut Source, size: usize) -> Decimal {
    let value = whole(source.whole(1, size) as i128);
    if source.one_in(2) { -value } else { value }
}

/// One or two digits times a power of ten between the exponents, either sign.
fn spread(source: &mut Source, low: i32, high: i32) -> Decimal {
    let exponent = low + source.whole(0, (high - low) as usize) as i32;
    let size = pick(source, &[9, 99]);
    nonzero(source, size) * decimal(1, exponent)
}

/// One of the values.
fn pick<T: Copy>(source: &mut Source, values: &[T]) -> T {
    values[source.whole(0, values.len() - 1)]
}

/// Terms on a share of one in `times` of the columns (all for 1), at least one, with coefficients of `make`.
fn terms(
    source: &mut Source,
    columns: usize,
    times: usize,
    make: impl Fn(&mut Source) -> Decimal,
) -> Vec<(usize, Decimal)> {
    let must = source.whole(0, columns - 1);
    (0..columns)
        .filter_map(|j| if j == must || source.one_in(times) { Some((j, make(source))) } else { None })
        .filter(|(_, a)| !a.is_zero())
        .collect()
}

/// `sum a_j x_j`.
fn activity(terms: &[(usize, Decimal)], point: &[Decimal]) -> Decimal {
    terms.iter().fold(whole(0), |sum, (j, a)| sum + *a * point[*j])
}

/// A row that `point` satisfies, often with equality: `<=`, `>=`, `=` (if `equations`) or ranged, the slack from `make`.
fn row_through(
    source: &mut Source,
    draft: &mut Draft,
    terms: Vec<(usize, Decimal)>,
    point: &[Decimal],
    equations: bool,
    make: impl Fn(&mut Source) -> Decimal,
) {
    let value = activity(&terms, point);
    let slack = |source: &mut Source| if source.one_in(3) { whole(0) } else { make(source) };
    let below = (value - slack(source)).rounded(15, false);
    let above = (value + slack(source)).rounded(15, true);
    match source.whole(0, if equations { 4 } else { 2 }) {
        0 => draft.row(Some(below), terms, None),
        1 => draft.row(None, terms, Some(above)),
        2 => draft.row(Some(below), terms, Some(above)),
        _ => draft.row(Some(value.rounded(15, false)), terms, Some(value.rounded(15, false))),
    }
}
