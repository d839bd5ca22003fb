//! What a run would go on with, kept while it lasts.
//!
//! A state is bytes that only its engine reads. An engine that lets another work keeps its own state around the other's ([`Within`]), so a
//! checkpoint holds whatever stood on whatever, and whoever writes it to a file need not know any of it.
//!
//! ```
//! use budget::checkpoint::{Keeper, Within, decode, encode};
//! use std::sync::Mutex;
//!
//! #[derive(Default)]
//! struct Shelf(Mutex<Vec<u8>>);
//!
//! impl Keeper for Shelf {
//!     fn is_due(&self) -> bool {
//!         true
//!     }
//!     fn keep(&self, state: Vec<u8>) {
//!         *self.0.lock().unwrap() = state;
//!     }
//! }
//!
//! let shelf = Shelf::default();
//! Within::new(&shelf, &"part 3 of 7")?.keep(encode(&41_u64)?);
//! let state = shelf.0.into_inner().unwrap();
//! let (outer, inner): (String, Vec<u8>) = decode(&state)?;
//! assert_eq!((outer.as_str(), decode(&inner)?), ("part 3 of 7", 41_u64));
//! # Ok::<(), budget::checkpoint::Unreadable>(())
//! ```

pub mod shared;

use serde::{Serialize, de::DeserializeOwned};

/// Whoever keeps the state of a run. Engines ask between two steps that are short beside the interval, where they would go on as if nothing had
/// been; the latest state counts, whatever ends them. What was cut short by a limit on work is no such place.
pub trait Keeper: Sync {
    /// Whether the latest state is old enough for a new one to be worth its writing. Cheap: a clock is read.
    fn is_due(&self) -> bool;

    /// Takes a state in the place of the one before. A keeper that cannot store it has to remember that: the run goes on, and the state before stands.
    fn keep(&self, state: Vec<u8>);
}

/// What a run is to keep its states with, and the state that it goes on with.
#[derive(Clone, Copy, Default)]
pub struct Checkpoint<'a> {
    /// Keeps the states, if somebody does.
    pub keeper: Option<&'a dyn Keeper>,
    /// The state to go on with, as it was kept by a run on the same input with the same options.
    pub resume: Option<&'a [u8]>,
}

impl<'a> Checkpoint<'a> {
    /// Keeps a state if it is time; `state` is made only then.
    pub fn keep(&self, state: impl FnOnce() -> Result<Vec<u8>, Unreadable>) {
        if let Some(keeper) = self.keeper.filter(|keeper| keeper.is_due())
            && let Ok(state) = state()
        {
            keeper.keep(state);
        }
    }

    /// Who keeps the states of an inner engine, with this state of the outer one before them.
    ///
    /// # Errors
    /// As [`encode`].
    pub fn around(&self, outer: &impl Serialize) -> Result<Option<Within<'a>>, Unreadable> {
        self.keeper.map(|keeper| Within::new(keeper, outer)).transpose()
    }

    /// The state to go on with, if there is one.
    ///
    /// # Errors
    /// As [`decode`].
    pub fn resumed<T: DeserializeOwned>(&self) -> Result<Option<T>, Unreadable> {
        self.resume.map(decode).transpose()
    }

    /// For an inner engine (which has not begun if its state is empty), whose states `keeper` takes, with its part of the state to go on with.
    #[must_use]
    pub fn within(keeper: Option<&'a Within<'a>>, resume: Option<&'a [u8]>) -> Self {
        Self { keeper: keeper.map(|keeper| keeper as &dyn Keeper), resume: resume.filter(|state| !state.is_empty()) }
    }
}

impl std::fmt::Debug for Checkpoint<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let resume = self.resume.map(<[u8]>::len);
        out.debug_struct("Checkpoint").field("keeper", &self.keeper.is_some()).field("resume", &resume).finish()
    }
}

/// A state that cannot be read, or written: it is of another version, or was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(postcard::Error);

impl Unreadable {
    /// For bytes that can be read, and whose parts contradict each other.
    #[must_use]
    pub fn inconsistent() -> Self {
        Self(postcard::Error::DeserializeBadEncoding)
    }
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "the state in the checkpoint is not one of this version: {}", self.0)
    }
}

impl std::error::Error for Unreadable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// A state as bytes; floats bit by bit. Cost: in proportion to its size.
///
/// # Errors
/// [`Unreadable`] for values that have no length of their own, such as iterators.
pub fn encode(state: &impl Serialize) -> Result<Vec<u8>, Unreadable> {
    postcard::to_allocvec(state).map_err(Unreadable)
}

/// The state in these bytes, all of them. Memory: no more than in proportion to the bytes.
///
/// # Errors
/// [`Unreadable`] if they are no such state.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    match postcard::take_from_bytes(bytes).map_err(Unreadable)? {
        (state, []) => Ok(state),
        _ => Err(Unreadable(postcard::Error::DeserializeBadEncoding)),
    }
}

/// Keeps the states of an inner engine with the state of the outer one before them, as a pair.
pub struct Within<'a> {
    keeper: &'a dyn Keeper,
    outer: Vec<u8>,
}

impl std::fmt::Debug for Within<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Within").field("outer", &self.outer.len()).finish_non_exhaustive()
    }
}

impl<'a> Within<'a> {
    /// Around the states that come, `outer`.
    ///
    /// # Errors
    /// As [`encode`].
    pub fn new(keeper: &'a dyn Keeper, outer: &impl Serialize) -> Result<Self, Unreadable> {
        Ok(Self { keeper, outer: encode(outer)? })
    }
}

impl Keeper for Within<'_> {
    fn is_due(&self) -> bool {
        self.keeper.is_due()
    }

    fn keep(&self, state: Vec<u8>) {
        let mut both = self.outer.clone();
        // A pair is one value after the other, and bytes are told their length first.
        if let Ok(inner) = encode(&state) {
            both.extend(inner);
            self.keeper.keep(both);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_come_back_bit_by_bit() {
        let values = [0.1, -0.0, f64::INFINITY, f64::MIN_POSITIVE / 8.0, f64::NAN];
        let back: Vec<f64> = decode(&encode(&values.to_vec()).unwrap()).unwrap();
        assert!(values.iter().zip(&back).all(|(a, b)| a.to_bits() == b.to_bits()));
    }

    #[test]
    fn what_is_cut_short_or_goes_on_is_refused() {
        let bytes = encode(&(vec![1_u64, 2, 300], "text")).unwrap();
        for most in 0..bytes.len() {
            assert!(decode::<(Vec<u64>, String)>(&bytes[..most]).is_err(), "{most} bytes");
        }
        assert!(decode::<(Vec<u64>, String)>(&[bytes.as_slice(), &[0]].concat()).is_err());
    }

    #[test]
    fn a_length_that_lies_takes_no_memory() {
        // A list of 2^62 numbers, and none of them there.
        let bytes = encode(&(1_u64 << 62)).unwrap();
        assert!(decode::<Vec<u64>>(&bytes).is_err());
    }
}
