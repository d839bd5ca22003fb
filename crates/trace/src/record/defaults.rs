//! Numbers that lines leave out.

#[allow(clippy::trivially_copy_pass_by_ref)] // serde wants it so
pub(super) fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde wants it so
pub(super) fn is_one(number: &u64) -> bool {
    *number == 1
}

pub(super) fn one() -> u64 {
    1
}
