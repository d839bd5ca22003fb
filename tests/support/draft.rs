//! Models in decimals, as people write them: what random generators make and LP files say.

use std::fmt::{self, Display, Formatter, Write as _};
use std::ops::{Add, Mul, Neg, Sub};

/// `digits * 10^exponent`, exactly. Arithmetic panics where 38 digits do not suffice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decimal {
    digits: i128,
    exponent: i32,
}

/// `digits * 10^exponent`.
#[must_use]
pub fn decimal(digits: i128, exponent: i32) -> Decimal {
    let mut decimal = Decimal { digits, exponent };
    while decimal.digits % 10 == 0 && decimal.digits != 0 {
        decimal = Decimal { digits: decimal.digits / 10, exponent: decimal.exponent + 1 };
    }
    if decimal.digits == 0 { Decimal::default() } else { decimal }
}

/// A whole number.
#[must_use]
pub fn whole(value: i128) -> Decimal {
    decimal(value, 0)
}

impl Decimal {
    fn scaled(self, exponent: i32) -> i128 {
        let shift = u32::try_from(self.exponent - exponent).expect("a smaller exponent");
        10_i128.checked_pow(shift).and_then(|power| self.digits.checked_mul(power)).expect("38 digits")
    }

    /// Whether it is 0.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// Whether it is a whole number.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.digits == 0 || self.exponent >= 0
    }

    /// At most `places` significant digits (15 are read back from a float as they stand), rounded down or up.
    #[must_use]
    pub fn rounded(self, places: u32, up: bool) -> Self {
        let mut power: i128 = 1;
        let mut exponent = self.exponent;
        while self.digits.abs() / power >= 10_i128.pow(places) {
            power *= 10;
            exponent += 1;
        }
        let exact = self.digits % power == 0;
        decimal(self.digits.div_euclid(power) + i128::from(up && !exact), exponent)
    }

    /// Simpler numbers of the same sign, simplest first: for shrinking.
    #[must_use]
    pub fn simpler(self) -> Vec<Self> {
        let sign = self.digits.signum();
        let shorter = |power: i128| decimal(self.digits / power, self.exponent) * decimal(power, 0);
        let power = 10_i128.pow(self.digits.unsigned_abs().checked_ilog10().unwrap_or(0));
        let candidates = [
            decimal(0, 0),
            decimal(sign, 0),
            decimal(sign, self.exponent + power.ilog10() as i32),
            shorter(power),
            shorter(10),
        ];
        candidates.into_iter().filter(|candidate| *candidate != self).collect()
    }
}

impl Add for Decimal {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        if self.is_zero() || other.is_zero() {
            return if self.is_zero() { other } else { self };
        }
        let exponent = self.exponent.min(other.exponent);
        decimal(self.scaled(exponent).checked_add(other.scaled(exponent)).expect("38 digits"), exponent)
    }
}

impl Mul for Decimal {
    type Output = Self;
    #[expect(clippy::suspicious_arithmetic_impl, reason = "exponents of a product add up")]
    fn mul(self, other: Self) -> Self {
        decimal(self.digits.checked_mul(other.digits).expect("38 digits"), self.exponent + other.exponent)
    }
}

impl Neg for Decimal {
    type Output = Self;
    fn neg(self) -> Self {
        Self { digits: -self.digits, ..self }
    }
}

impl Sub for Decimal {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        (self.digits, self.exponent) == (other.digits, other.exponent)
    }
}

impl Display for Decimal {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let (sign, digits) = (if self.digits < 0 { "-" } else { "" }, self.digits.unsigned_abs().to_string());
        let places = usize::try_from(-self.exponent).unwrap_or(0);
        match self.exponent {
            0.. if self.exponent == 0 || digits.len() + self.exponent as usize <= 16 => {
                write!(out, "{sign}{digits}{}", "0".repeat(self.exponent as usize))
            }
            -15..0 if places < digits.len() => {
                let (before, after) = digits.split_at(digits.len() - places);
                write!(out, "{sign}{before}.{after}")
            }
            -15..0 => write!(out, "{sign}0.{}{digits}", "0".repeat(places - digits.len())),
            exponent => write!(out, "{sign}{digits}e{exponent}"),
        }
    }
}

/// A column; `None` is no bound.
#[derive(Clone, Debug)]
pub struct Column {
    /// Lower bound.
    pub lower: Option<Decimal>,
    /// Upper bound.
    pub upper: Option<Decimal>,
    /// Coefficient of the objective.
    pub cost: Decimal,
    /// Whole numbers only.
    pub integer: bool,
}

/// A row; `None` is no side.
#[derive(Clone, Debug)]
pub struct Row {
    /// (column, coefficient), each column once.
    pub terms: Vec<(usize, Decimal)>,
    /// Lower side.
    pub lower: Option<Decimal>,
    /// Upper side.
    pub upper: Option<Decimal>,
}

/// A model.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Whether the largest objective is best.
    pub maximise: bool,
    /// Constant of the objective.
    pub offset: Decimal,
    /// The columns, called `x0`, `x1`, ...
    pub columns: Vec<Column>,
    /// The rows, called `r0`, `r1`, ...
    pub rows: Vec<Row>,
}

impl Draft {
    /// Adds a column, returns its index.
    pub fn column(&mut self, lower: Option<Decimal>, upper: Option<Decimal>, cost: Decimal, integer: bool) -> usize {
        self.columns.push(Column { lower, upper, cost, integer });
        self.columns.len() - 1
    }

    /// Adds a column with bounds 0 and 1.
    pub fn binary(&mut self, cost: Decimal) -> usize {
        self.column(Some(whole(0)), Some(whole(1)), cost, true)
    }

    /// Adds a row.
    pub fn row(&mut self, lower: Option<Decimal>, terms: Vec<(usize, Decimal)>, upper: Option<Decimal>) {
        self.rows.push(Row { terms, lower, upper });
    }

    /// Whether all columns are integer and all numbers of the objective whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.offset.is_whole() && self.columns.iter().all(|column| column.integer && column.cost.is_whole())
    }

    /// The model as an LP file.
    #[must_use]
    pub fn to_lp(&self) -> String {
        let mut out = String::new();
        let form = |terms: &mut dyn Iterator<Item = (usize, Decimal)>| -> String {
            let term = |(j, a): (usize, Decimal)| {
                let (sign, size) = if a.digits < 0 { ("-", -a) } else { ("+", a) };
                format!(" {sign} {size} x{j}")
            };
            terms.map(term).collect()
        };
        let all: String = form(&mut self.columns.iter().map(|column| column.cost).enumerate());
        let constant =
            if self.offset.digits < 0 { format!(" - {}", -self.offset) } else { format!(" + {}", self.offset) };
        let sense = if self.maximise { "maximize" } else { "minimize" };
        let constant = if self.offset.is_zero() { String::new() } else { constant };
        writeln!(out, "{sense}\n obj:{all}{constant}\nsubject to").expect("a string");
        for (i, row) in self.rows.iter().enumerate() {
            let mut form = form(&mut row.terms.iter().copied());
            if form.is_empty() {
                form = " 0 x0".to_owned();
            }
            let text = match (row.lower, row.upper) {
                (Some(lower), Some(upper)) if lower == upper => format!("{form} = {lower}"),
                (Some(lower), Some(upper)) => format!(" {lower} <={form} <= {upper}"),
                (Some(lower), None) => format!("{form} >= {lower}"),
                (None, Some(upper)) => format!("{form} <= {upper}"),
                (None, None) => continue,
            };
            writeln!(out, " r{i}:{text}").expect("a string");
        }
        writeln!(out, "bounds").expect("a string");
        for (j, column) in self.columns.iter().enumerate() {
            let text = match (column.lower, column.upper) {
                (None, None) => format!("x{j} free"),
                (Some(lower), None) if lower.is_zero() => continue,
                (Some(lower), None) => format!("x{j} >= {lower}"),
                (Some(lower), Some(upper)) => format!("{lower} <= x{j} <= {upper}"),
                (None, Some(upper)) => format!("-inf <= x{j} <= {upper}"),
            };
            writeln!(out, " {text}").expect("a string");
        }
        let integers: Vec<usize> = (0..self.columns.len()).filter(|&j| self.columns[j].integer).collect();
        if !integers.is_empty() {
            writeln!(out, "general").expect("a string");
            integers.iter().for_each(|j| writeln!(out, " x{j}").expect("a string"));
        }
        out.push_str("end\n");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_print_and_round() {
        let printed = |digits, exponent| decimal(digits, exponent).to_string();
        assert_eq!(printed(1250, -3), "1.25");
        assert_eq!(printed(-5, -3), "-0.005");
        assert_eq!(printed(12, 3), "12000");
        assert_eq!(printed(0, 7), "0");
        assert_eq!(printed(7, -12), "0.000000000007");
        assert_eq!(printed(7, -16), "7e-16");
        assert_eq!(printed(4_611_686_018_427_387_903, 0), "4611686018427387903");
        assert_eq!((decimal(1, -1) + whole(2)).to_string(), "2.1");
        assert_eq!(decimal(-12_349, -2).rounded(3, false).to_string(), "-124");
        assert_eq!(decimal(-12_349, -2).rounded(3, true).to_string(), "-123");
        assert_eq!(whole(123).rounded(15, true), whole(123));
    }
}
