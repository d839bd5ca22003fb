//! Dimensions of the data, modulo a prime: what is dependent there is so in fact but for a chance of about one in 2^61, and whoever
//! relies on it looks again in whole numbers.

use bdnn::{Points, Stop};

/// The prime 2^61 - 1: a power of two times a residue is a rotation of its bits.
const BITS: u32 = 61;
const PRIME: u64 = (1 << BITS) - 1;

/// The residue of a float, which is a whole number times a power of two.
fn residue(value: f64) -> u64 {
    let bits = value.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i32);
    let (whole, power) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let turn = power.rem_euclid(BITS as i32) as u32;
    let size = if turn == 0 { whole } else { (whole << turn & PRIME) | whole >> (BITS - turn) };
    if value < 0.0 { (PRIME - size) % PRIME } else { size % PRIME }
}

fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let sum = (product as u64 & PRIME) + (product >> BITS) as u64;
    if sum >= PRIME { sum - PRIME } else { sum }
}

fn inverse(value: u64) -> u64 {
    let (mut power, mut base, mut left) = (1, value, PRIME - 2);
    while left > 0 {
        if left & 1 == 1 {
            power = times(power, base);
        }
        base = times(base, base);
        left >>= 1;
    }
    power
}

/// Whether the points span at most so many dimensions: see above. `false` once `stop` says so. Cost O(m n `most`).
pub(super) fn at_most(points: &Points, most: usize, stop: &Stop<'_>) -> bool {
    if points.num_features() <= most {
        return true;
    }
    // Place of the leading entry, which is 1, and the row.
    let mut basis: Vec<(usize, Vec<u64>)> = Vec::with_capacity(most + 2);
    let mut row = vec![0; points.num_features() + 1];
    for i in 0..points.len() {
        if stop() {
            return false;
        }
        row[0] = 1;
        row[1..].iter_mut().zip(points.raw(i)).for_each(|(entry, &x)| *entry = residue(x));
        for (lead, base) in &basis {
            let factor = PRIME - row[*lead];
            if factor < PRIME {
                row.iter_mut().zip(base).for_each(|(entry, &b)| *entry = (*entry + times(b, factor)) % PRIME);
            }
        }
        let Some(lead) = row.iter().position(|&entry| entry != 0) else { continue };
        if basis.len() == most + 1 {
            return false;
        }
        let scale = inverse(row[lead]);
        basis.push((lead, row.iter().map(|&entry| times(entry, scale)).collect()));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::Scaler;
    use bdnn::budget::never;

    #[test]
    fn residues_are_those_of_the_numbers() {
        assert_eq!((residue(0.0), residue(1.0), residue(-1.0), residue(3.0)), (0, 1, PRIME - 1, 3));
        assert_eq!(times(residue(0.5), 2), 1);
        assert_eq!(residue(2.0_f64.powi(61)), 1);
        assert_eq!(residue(2.0_f64.powi(62) - 2.0_f64.powi(40)), (2 + PRIME - (1 << 40)) % PRIME);
        for value in [0.1, -1e300, 7e-310, f64::MIN_POSITIVE] {
            assert_eq!((residue(value) + residue(-value)) % PRIME, 0, "{value}");
            assert_eq!(times(residue(value), inverse(residue(value))), 1, "{value}");
            assert_eq!(residue(2.0 * value), times(2, residue(value)), "{value}");
        }
    }

    #[test]
    fn dimensions_are_affine_and_exact() {
        let of = |dimensions: usize, nudge: f64| {
            let rows: Vec<f64> = (0..40_i32)
                .flat_map(|i| {
                    let t: Vec<f64> =
                        (0..dimensions as i32).map(|k| f64::from((i * (k + 3) + i * i * k) % 17)).collect();
                    (0..7).map(move |j| {
                        let sum: f64 = t.iter().zip(1..).map(|(t, k)| t * f64::from((j * k * k) % 5 - 2)).sum();
                        sum + 100.5 + if i == 39 && j == 6 { nudge } else { 0.0 }
                    })
                })
                .collect();
            let labels: Vec<usize> = (0..40).map(|i| i % 2).collect();
            Points::merge(7, 2, &rows, &labels, Scaler::identity(7))
        };
        for dimensions in 1..=3 {
            let flat = of(dimensions, 0.0);
            let rank = (0..8).find(|&most| at_most(&flat, most, &never)).expect("at most the features");
            assert!(rank <= dimensions && rank >= 1);
            // One number off by the least that a float can say, and there is one dimension more.
            let off = of(dimensions, 1e-12);
            assert!(!at_most(&off, rank, &never) && at_most(&off, rank + 1, &never));
        }
        assert!(!at_most(&of(2, 0.0), 2, &|| true));
    }
}
