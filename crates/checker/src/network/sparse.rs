//! Features of a row without those that are 0: a category of ten thousand takes the memory of one.

use crate::number::Rational;
use dashu_base::Abs;
use std::rc::Rc;

/// Features that are not 0, by rising places. Copies share them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sparse(Rc<[(usize, Rational)]>);

/// Memory of a feature.
pub(super) const ENTRY: usize = size_of::<(usize, Rational)>();

impl Sparse {
    /// From features in order.
    pub fn new(features: impl IntoIterator<Item = Rational>) -> Self {
        Self::of(features.into_iter().enumerate())
    }

    /// From features by rising places; others are 0.
    pub fn of(features: impl IntoIterator<Item = (usize, Rational)>) -> Self {
        Self(features.into_iter().filter(|(_, value)| !value.is_zero()).collect())
    }

    /// The same without signs.
    pub fn absolute(&self) -> Self {
        Self::of(self.0.iter().map(|(place, value)| (*place, value.clone().abs())))
    }

    /// Those that are not 0.
    pub fn entries(&self) -> &[(usize, Rational)] {
        &self.0
    }

    /// The feature at a place.
    pub fn get(&self, place: usize) -> Rational {
        let found = self.0.binary_search_by_key(&place, |&(at, _)| at).ok();
        found.and_then(|found| self.0.get(found)).map_or(Rational::ZERO, |(_, value)| value.clone())
    }

    /// All of so many features, in order.
    pub fn all(&self, width: usize) -> impl Iterator<Item = &Rational> {
        static NONE: Rational = Rational::ZERO;
        let mut entries = self.0.iter().peekable();
        (0..width).map(move |place| entries.next_if(|&&(at, _)| at == place).map_or(&NONE, |(_, value)| value))
    }
}
