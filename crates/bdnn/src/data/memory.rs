//! Room for numbers: a table that does not fit is an error, not the end of the process.

/// Growth below this many bytes is not compared with what the machine has left.
const SMALL: u64 = 1 << 26;

/// Makes room for `more` entries, by half of what is there at least. The error is how many bytes there would have to be.
pub(super) fn reserve<T>(vector: &mut Vec<T>, more: usize) -> Result<(), u64> {
    if vector.capacity() - vector.len() >= more {
        return Ok(());
    }
    let entry = size_of::<T>() as u64;
    let least = (vector.len() + more) as u64 * entry;
    let generous = more.max(vector.len() / 2);
    for extra in [generous, more] {
        let grown = extra as u64 * entry;
        if (grown <= SMALL || budget::free().is_none_or(|left| grown <= left))
            && vector.try_reserve_exact(extra).is_ok()
        {
            return Ok(());
        }
    }
    Err(least)
}
