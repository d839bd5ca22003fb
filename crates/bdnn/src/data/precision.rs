//! Decimals that binary64 cannot tell apart, or changes more than printing does.
//!
//! A decimal is *faithful* if it is what its binary64 number prints as, rounded to as many significant digits: whatever
//! program wrote it from a float, with whatever format, the float is meant and comes back. Two decimals that differ and are
//! one float are both faithful only if one is a longer print of the same float. All others were written with more
//! precision than binary64 has; [`Alterations`] keeps them, so that what merges is known before training. Up to 15
//! digits every decimal within the normal range is faithful, so most cells are not looked at.

use super::cell::shorten;
use std::collections::BTreeMap;

/// Most different values kept; beyond, only their number is known.
const MOST_KEPT: usize = 10_000;
/// Lines kept of one value.
const MOST_LINES: usize = 8;
/// Every decimal of so many digits within the normal range is what the float nearest to it prints as.
const SURE_DIGITS: usize = 15;

/// Whether the number `x` printed to as many significant digits as `cell` has gives `cell`, which reads as `x`. A few
/// nanoseconds up to 15 digits, some ten up to 19 for numbers of usual size.
pub(super) fn faithful(cell: &str, x: f64) -> bool {
    let magnitude = x.abs();
    if cell.len() <= SURE_DIGITS && magnitude >= f64::MIN_POSITIVE {
        return true;
    }
    // The longest exact expansion of a float.
    const MOST_DIGITS: usize = 767;
    let decimal = Decimal::of(cell);
    match decimal.digits {
        0 => true,
        digits if magnitude == 0.0 || digits > MOST_DIGITS => false,
        digits if digits <= SURE_DIGITS && magnitude >= f64::MIN_POSITIVE => true,
        _ => decimal.is_print_of(magnitude).unwrap_or_else(|| {
            let cell = normal(cell).0;
            cell == printed(magnitude, decimal.digits) || cell == normal(&magnitude.to_string()).0
        }),
    }
}

/// Whether `cell`, which reads as `x`, is sure to be the decimal that `x` prints as: one of up to 15 digits, zero or within the normal range.
pub(super) fn is_print(cell: &str, x: f64) -> bool {
    let digits = Decimal::of(cell).digits;
    if x == 0.0 { digits == 0 } else { digits <= SURE_DIGITS && x.abs() >= f64::MIN_POSITIVE }
}

/// A decimal: mantissa times a power of ten. The last digit of the mantissa is not zero.
struct Decimal {
    /// Significant digits.
    digits: usize,
    /// Their value if there are at most 19.
    mantissa: u64,
    /// Of ten.
    power: i64,
}

impl Decimal {
    fn of(cell: &str) -> Self {
        let (mut digits, mut zeros, mut mantissa, mut power) = (0, 0, 0_u64, 0);
        let mut fraction = false;
        let bytes = cell.as_bytes();
        for (i, &byte) in bytes.iter().enumerate() {
            match byte {
                b'.' => fraction = true,
                b'0'..=b'9' => {
                    if byte != b'0' {
                        for _ in 0..zeros {
                            mantissa = mantissa.wrapping_mul(10);
                        }
                        digits += zeros + 1;
                        zeros = 0;
                        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                    } else if digits > 0 {
                        zeros += 1;
                    }
                    power -= i64::from(fraction);
                }
                b'e' | b'E' => {
                    power += cell[i + 1..].parse::<i64>().unwrap_or_default();
                    break;
                }
                _ => {}
            }
        }
        Self { digits, mantissa, power: power + zeros as i64 }
    }

    /// Whether the nearest decimal to `x > 0` with this last place is this one, in whole numbers: x = m 2^q, so that
    /// m 10^k 2^q is compared for the power -k of ten. `None` where 128 bits do not hold them.
    fn is_print_of(&self, x: f64) -> Option<bool> {
        const MOST_DIGITS: usize = 19;
        const FRACTION_BITS: u32 = 52;
        const BIAS: i64 = 1075;
        // 2^53 10^22 < 2^127.
        const MOST_POWER: i64 = 22;
        if self.digits > MOST_DIGITS || !(-MOST_POWER..=0).contains(&self.power) {
            return None;
        }
        let bits = x.to_bits();
        let biased = i64::try_from(bits >> FRACTION_BITS).ok()?;
        let fraction = u128::from(bits & ((1 << FRACTION_BITS) - 1));
        let (m, q) = if biased == 0 { (fraction, 1 - BIAS) } else { (fraction | 1 << FRACTION_BITS, biased - BIAS) };
        let scaled = m * 10_u128.pow(u32::try_from(-self.power).ok()?);
        let mantissa = u128::from(self.mantissa);
        if q >= 0 {
            let shift = u32::try_from(q).ok()?;
            return (shift < scaled.leading_zeros()).then(|| scaled << shift == mantissa);
        }
        let shift = u32::try_from(-q).ok().filter(|&shift| shift < u128::BITS)?;
        let (whole, rest, half) = (scaled >> shift, scaled & ((1 << shift) - 1), 1_u128 << (shift - 1));
        // Half way, programs print either.
        Some((rest <= half && whole == mantissa) || (rest >= half && whole + 1 == mantissa))
    }
}

/// `x > 0` rounded to `digits` significant digits, in the form of [`normal`].
fn printed(x: f64, digits: usize) -> String {
    normal(&format!("{x:.*e}", digits.saturating_sub(1))).0
}

/// The one form `DIGITSePOWER` of the value of a decimal without its sign, and whether it is negative: equal decimals have
/// equal forms.
fn normal(cell: &str) -> (String, bool) {
    let (mantissa, exponent) = cell.split_once(['e', 'E']).unwrap_or((cell, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: String = whole.chars().chain(fraction.chars()).filter(char::is_ascii_digit).collect();
    let kept = digits.trim_end_matches('0');
    let power =
        exponent.parse::<i64>().unwrap_or_default() - fraction.len() as i64 + (digits.len() - kept.len()) as i64;
    let kept = kept.trim_start_matches('0');
    if kept.is_empty() { ("0".to_owned(), false) } else { (format!("{kept}e{power}"), cell.starts_with('-')) }
}

/// Whether two decimals have one value, exactly.
pub(super) fn same_decimal(a: &str, b: &str) -> bool {
    normal(a) == normal(b)
}

/// The unfaithful decimals of a table.
#[derive(Debug, Default)]
pub(super) struct Alterations {
    /// How many cells.
    pub(super) cells: u64,
    /// The first, for a message: feature, line, text, value.
    pub(super) first: Option<(usize, u64, String, f64)>,
    /// Pairs of different decimals that are one float; the first is given.
    pub(super) merged: u64,
    pub(super) first_merged: Option<Merged>,
    kept: BTreeMap<(usize, u64), Kept>,
}

/// Two decimals of one column that differ and are one float.
#[derive(Clone, Debug)]
pub(super) struct Merged {
    pub(super) feature: usize,
    pub(super) value: f64,
    pub(super) one: (String, u64),
    /// The other; its text is not known if it prints as the float itself.
    pub(super) other: (Option<String>, Option<u64>),
}

/// The unfaithful decimals of one float in one column.
#[derive(Debug)]
struct Kept {
    text: String,
    lines: Vec<u64>,
    cells: u64,
    merged: bool,
}

impl Alterations {
    /// Notes an unfaithful `cell` of a feature, which reads as `x`.
    pub(super) fn add(&mut self, feature: usize, line: u64, cell: &str, x: f64) {
        self.cells += 1;
        if self.first.is_none() {
            self.first = Some((feature, line, shorten(cell), x));
        }
        let key = (feature, (x + 0.0).to_bits());
        if let Some(kept) = self.kept.get_mut(&key) {
            kept.cells += 1;
            if kept.lines.len() < MOST_LINES {
                kept.lines.push(line);
            }
            if !kept.merged && !same_decimal(&kept.text, cell) {
                kept.merged = true;
                self.merged += 1;
                if self.first_merged.is_none() {
                    let one = (shorten(&kept.text), kept.lines[0]);
                    let other = (Some(shorten(cell)), Some(line));
                    self.first_merged = Some(Merged { feature, value: x, one, other });
                }
            }
        } else if self.kept.len() < MOST_KEPT {
            let kept = Kept { text: cell.to_owned(), lines: vec![line], cells: 1, merged: false };
            self.kept.insert(key, kept);
        }
    }

    /// Adds those of a row that stood before all others.
    pub(super) fn put_first(&mut self, row: Self) {
        self.cells += row.cells;
        self.first = row.first.or(self.first.take());
        for ((feature, bits), kept) in row.kept {
            let Some(other) = self.kept.get_mut(&(feature, bits)) else {
                self.kept.insert((feature, bits), kept);
                continue;
            };
            if !other.merged && !same_decimal(&other.text, &kept.text) {
                other.merged = true;
                self.merged += 1;
                let one = (shorten(&kept.text), kept.lines[0]);
                let other = (Some(shorten(&other.text)), other.lines.first().copied());
                self.first_merged = Some(Merged { feature, value: f64::from_bits(bits), one, other });
            }
            other.cells += kept.cells;
            other.lines.insert(0, kept.lines[0]);
        }
    }

    /// Finds what merges with faithful decimals among the rows (row-major, n features, a line each). Cost O(m) a column
    /// that has unfaithful decimals.
    pub(super) fn compare(&mut self, n: usize, rows: &[f64], lines: &[u64]) {
        let mut features: Vec<usize> = self.kept.keys().map(|(feature, _)| *feature).collect();
        features.sort_unstable();
        features.dedup();
        for feature in features {
            let mut found: BTreeMap<u64, (u64, Option<u64>)> = BTreeMap::new();
            for (row, &line) in rows.chunks_exact(n.max(1)).zip(lines) {
                let bits = (row[feature] + 0.0).to_bits();
                let Some(kept) = self.kept.get(&(feature, bits)) else { continue };
                let (cells, other) = found.entry(bits).or_default();
                *cells += 1;
                if other.is_none() && !kept.lines.contains(&line) {
                    *other = Some(line);
                }
            }
            let mut found: Vec<_> = found.into_iter().collect();
            found.sort_unstable();
            for (bits, (cells, other)) in found {
                let Some(kept) = self.kept.get_mut(&(feature, bits)) else { continue };
                if cells <= kept.cells || kept.merged {
                    continue;
                }
                kept.merged = true;
                self.merged += 1;
                if self.first_merged.is_none() {
                    let known = kept.cells as usize <= MOST_LINES;
                    let one = (shorten(&kept.text), kept.lines[0]);
                    let other = (None, other.filter(|_| known));
                    self.first_merged = Some(Merged { feature, value: f64::from_bits(bits), one, other });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_faithful(cell: &str) -> bool {
        faithful(cell, cell.parse().unwrap())
    }

    #[test]
    fn what_floats_print_as_is_faithful() {
        for cell in [
            "0",
            "-0.0",
            "0e5",
            "1",
            "0.1",
            "0.10000000000000001",
            "0.1000000000000000055511151231257827",
            "1e-320",
            "4.9e-324",
            "5e-324",
            "1e308",
            "9007199254740992",
            "9007199254740993.0e0",
            "1.000000000000000056e-01",
            "0.30000000000000004",
            "12345678901234567000",
            "1e22",
            "100000000000000000000000",
        ] {
            assert_eq!(is_faithful(cell), cell != "9007199254740993.0e0", "{cell}");
        }
        for cell in [
            "9007199254740993",
            "-9007199254740993",
            "0.1000000000000000000000000001",
            "1e-400",
            "3e-324",
            "-1e-330",
            "3.14159265358979323846264338328",
            "12345678901234567890",
            "0.300000000000000045",
        ] {
            assert!(!is_faithful(cell), "{cell}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Any float printed to any number of digits is faithful as soon as it reads back.
        #[test]
        fn prints_are_faithful(bits in any::<u64>(), small in any::<bool>(), digits in 1_usize..25) {
            let x = if small { (bits as f64) / 1.0e19 - 0.5 } else { f64::from_bits(bits) };
            prop_assume!(x.is_finite());
            let text = format!("{x:.*e}", digits - 1);
            if text.parse() == Ok(x) {
                prop_assert!(is_faithful(&text), "{}", text);
            }
            prop_assert!(is_faithful(&x.to_string()));
        }

        /// The quick answer in whole numbers is the slow one.
        #[test]
        fn quick_and_slow_agree(mantissa in 1_u64..10_000_000_000_000_000_000, point in 0_usize..20) {
            let mut text = format!("{mantissa:020}");
            text.insert(20 - point, '.');
            let x: f64 = text.parse().unwrap();
            let decimal = Decimal::of(&text);
            if let Some(quick) = decimal.is_print_of(x) {
                let slow = normal(&text).0 == printed(x, decimal.digits);
                // Half way between two decimals the exact expansion has one digit more.
                let half_way = printed(x, 100).split('e').next().map(str::len) == Some(decimal.digits + 1);
                prop_assert!(quick == slow || (quick && half_way), "{}", text);
            }
        }
    }
}
