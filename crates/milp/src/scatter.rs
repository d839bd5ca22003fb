//! Numbers that look random and depend on a seed and a place alone.

/// A number in [0, 1) for each seed and place (the finaliser of splitmix64). Seed 0 leaves the places as they are.
pub(crate) fn scatter(seed: u64, place: usize) -> f64 {
    let mut z = (place as u64).wrapping_add(seed.rotate_left(32)).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
