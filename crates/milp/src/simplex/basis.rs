//! Which variables are basic, and where the others rest.

/// The place of a variable in a basic solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarStatus {
    /// In the basis; its value follows from the others.
    Basic,
    /// Non-basic at its lower bound (also when fixed).
    Lower,
    /// Non-basic at its upper bound.
    Upper,
    /// Non-basic at zero: a free variable.
    Zero,
}

/// A basis: the status of each of the n + m variables, m of them basic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Status of the structural variables, then of the logicals.
    pub status: Vec<VarStatus>,
}

impl Basis {
    /// The slack basis: all logicals basic, structural variables at the bound nearest zero.
    #[must_use]
    pub fn slack(lower: &[f64], upper: &[f64], num_cols: usize) -> Self {
        let rest = |(&lower, &upper): (&f64, &f64)| resting_place(lower, upper);
        let mut status: Vec<VarStatus> = lower.iter().zip(upper).map(rest).collect();
        status[num_cols..].fill(VarStatus::Basic);
        Self { status }
    }
}

impl Basis {
    /// Four variables a byte.
    pub(crate) fn packed(&self) -> Vec<u8> {
        let byte = |four: &[VarStatus]| four.iter().rev().fold(0, |byte, status| byte << 2 | *status as u8);
        self.status.chunks(4).map(byte).collect()
    }

    /// The basis of so many variables; `None` if these are not so many.
    pub(crate) fn unpacked(bytes: &[u8], num_vars: usize) -> Option<Self> {
        const ALL: [VarStatus; 4] = [VarStatus::Basic, VarStatus::Lower, VarStatus::Upper, VarStatus::Zero];
        if bytes.len() != num_vars.div_ceil(4) {
            return None;
        }
        let of = |var: usize| ALL[usize::from(bytes[var / 4] >> (2 * (var % 4)) & 3)];
        Some(Self { status: (0..num_vars).map(of).collect() })
    }
}

/// Where a non-basic variable with these bounds rests when nothing else is known: the finite bound nearest zero.
pub(super) fn resting_place(lower: f64, upper: f64) -> VarStatus {
    match (lower.is_finite(), upper.is_finite()) {
        (true, true) if upper.abs() < lower.abs() => VarStatus::Upper,
        (true, _) => VarStatus::Lower,
        (false, true) => VarStatus::Upper,
        (false, false) => VarStatus::Zero,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_bases_come_back() {
        use VarStatus::{Basic, Lower, Upper, Zero};
        for status in
            [vec![], vec![Upper], vec![Zero, Basic, Lower, Upper], vec![Lower, Upper, Zero, Basic, Zero, Upper]]
        {
            let basis = Basis { status };
            let (bytes, len) = (basis.packed(), basis.status.len());
            assert_eq!(Basis::unpacked(&bytes, len), Some(basis));
            assert_eq!(Basis::unpacked(&bytes, len + 4), None);
        }
    }
}
