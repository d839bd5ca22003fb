//! What several parts of a state hold together, behind [`Arc`] or [`Rc`]: it stands in the bytes once, and is one again when they are read.
//!
//! Fields name this module (`#[serde(with = "budget::checkpoint::shared")]`), and the state goes through [`encode`] and [`decode`] here, which
//! know what is shared. What a run makes again from its problem is known to both from the beginning, and is not written at all.
//!
//! ```
//! use budget::checkpoint::shared::{self, Known};
//! use serde::{Deserialize, Serialize};
//! use std::sync::Arc;
//!
//! #[derive(Serialize, Deserialize)]
//! struct Part(#[serde(with = "budget::checkpoint::shared")] Arc<Vec<u64>>);
//!
//! let (data, learned) = (Arc::new(vec![7; 1000]), Arc::new(vec![1, 2]));
//! let parts = [Part(data.clone()), Part(learned.clone()), Part(learned)];
//! let bytes = shared::encode(&Known::default().with(&data), &parts)?;
//! assert!(bytes.len() < 20);
//! let [first, second, third]: [Part; 3] = shared::decode(&Known::default().with(&data), &bytes)?;
//! assert!(Arc::ptr_eq(&first.0, &data) && Arc::ptr_eq(&second.0, &third.0));
//! assert_eq!(*second.0, [1, 2]);
//! # Ok::<(), budget::checkpoint::Unreadable>(())
//! ```

use super::Unreadable;
use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What is written by its number: pointers in the order in which they came.
#[derive(Clone, Default)]
pub struct Known {
    places: BTreeMap<usize, u32>,
    pointers: Vec<Rc<dyn Any>>,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Known").field("pointers", &self.pointers.len()).finish()
    }
}

impl Known {
    /// Also this, next in the order.
    #[must_use]
    pub fn with<P: Pointer>(mut self, pointer: &P) -> Self {
        self.push(pointer.clone());
        self
    }

    fn push<P: Pointer>(&mut self, pointer: P) {
        let number = u32::try_from(self.pointers.len()).unwrap_or(u32::MAX);
        self.places.insert(pointer.place(), number);
        self.pointers.push(Rc::new(pointer));
    }
}

/// A pointer to what is shared.
pub trait Pointer: Clone + 'static {
    /// What is behind it.
    type Target: Serialize + DeserializeOwned;
    /// The first such pointer.
    fn new(target: Self::Target) -> Self;
    /// What is behind it.
    fn target(&self) -> &Self::Target;
    /// Where it leads.
    fn place(&self) -> usize;
}

impl<T: Serialize + DeserializeOwned + 'static> Pointer for Arc<T> {
    type Target = T;

    fn new(target: T) -> Self {
        Self::new(target)
    }

    fn target(&self) -> &T {
        self
    }

    fn place(&self) -> usize {
        Self::as_ptr(self).addr()
    }
}

impl<T: Serialize + DeserializeOwned + 'static> Pointer for Rc<T> {
    type Target = T;

    fn new(target: T) -> Self {
        Self::new(target)
    }

    fn target(&self) -> &T {
        self
    }

    fn place(&self) -> usize {
        Self::as_ptr(self).addr()
    }
}

thread_local! {
    /// Of the state that this thread writes or reads.
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// Lets `work` write or read with what is known, by [`super::encode`] and [`super::decode`], and then forgets it. Other threads that help know nothing.
pub fn knowing<T>(known: &Known, work: impl FnOnce() -> T) -> T {
    let before = KNOWN.replace(known.clone());
    let done = work();
    KNOWN.set(before);
    done
}

/// As [`super::encode`], for states with shared parts.
///
/// # Errors
/// As [`super::encode`].
pub fn encode(known: &Known, state: &impl Serialize) -> Result<Vec<u8>, Unreadable> {
    knowing(known, || super::encode(state))
}

/// As [`super::decode`], for states with shared parts; `known` as when they were written.
///
/// # Errors
/// As [`super::decode`].
pub fn decode<T: DeserializeOwned>(known: &Known, bytes: &[u8]) -> Result<T, Unreadable> {
    knowing(known, || super::decode(bytes))
}

/// Lists of shared parts.
pub mod list {
    use super::Pointer;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    #[serde(bound = "")]
    struct Each<P: Pointer>(#[serde(with = "super")] P);

    /// Writes them one after the other.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<P: Pointer, S: Serializer>(pointers: &[P], serializer: S) -> Result<S::Ok, S::Error> {
        pointers.iter().cloned().map(Each).collect::<Vec<_>>().serialize(serializer)
    }

    /// Reads what [`serialize`] wrote.
    ///
    /// # Errors
    /// As [`super::deserialize`].
    pub fn deserialize<'de, P: Pointer, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<P>, D::Error> {
        Ok(Vec::<Each<P>>::deserialize(deserializer)?.into_iter().map(|each| each.0).collect())
    }
}

/// Writes its number, and with the first one what is behind it.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<P: Pointer, S: Serializer>(pointer: &P, serializer: S) -> Result<S::Ok, S::Error> {
    let place = pointer.place();
    if let Some(number) = KNOWN.with_borrow(|known| known.places.get(&place).copied()) {
        return (number, None::<Vec<u8>>).serialize(serializer);
    }
    // What stands within comes first, as it does in reading.
    let bytes = super::encode(pointer.target()).map_err(S::Error::custom)?;
    let number = KNOWN.with_borrow_mut(|known| {
        known.push(pointer.clone());
        known.pointers.len() - 1
    });
    (u32::try_from(number).map_err(S::Error::custom)?, Some(bytes)).serialize(serializer)
}

/// Reads what [`serialize`] wrote.
///
/// # Errors
/// Those of the deserializer, and for numbers that stand for nothing of the kind.
pub fn deserialize<'de, P: Pointer, D: Deserializer<'de>>(deserializer: D) -> Result<P, D::Error> {
    let (number, bytes) = <(u32, Option<Vec<u8>>)>::deserialize(deserializer)?;
    if let Some(bytes) = bytes {
        let pointer = P::new(super::decode(&bytes).map_err(D::Error::custom)?);
        KNOWN.with_borrow_mut(|known| known.push(pointer.clone()));
        return Ok(pointer);
    }
    KNOWN
        .with_borrow(|known| {
            known.pointers.get(number as usize).and_then(|pointer| pointer.downcast_ref::<P>()).cloned()
        })
        .ok_or_else(|| D::Error::custom("a part of the state is missing"))
}
