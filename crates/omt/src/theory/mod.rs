//! Strict linear separability of one neuron's pattern, as a theory for the search.
//!
//! A *site* is something a neuron decides on: a point of the data for the first layer, a 0/1 pattern of the layer
//! below for a later one. Asserting `(site, Side::Fires)` says that the neuron's activation w x + b is at least 0
//! there, `(site, Side::Silent)` that it is below (ideal semantics) or at most -epsilon (with margin). A
//! [`Separation`] decides incrementally whether all assertions of one neuron hold for some weights; it finds
//! conflicts and implied assertions in floating point, and [`Geometry::confirm`] turns them into lemmas in exact
//! arithmetic. By Kirchberger's theorem a lemma needs at most n + 2 sites.
//!
//! Neurons with whole weights have other theories behind the same doors ([`Discrete`]): a list of all their dichotomies ([`listing`]), or
//! bounds on their weights ([`integers`]).
//!
//! Entry points: [`Geometry`], [`Separation::check`], [`Geometry::confirm`].
//!
//! References:
//! 1. B. Dutertre and L. de Moura, A fast linear-arithmetic solver for DPLL(T), CAV 2006 (sections 3 and 4).
//! 2. P. Kirchberger, Über Tchebychefsche Annäherungsmethoden, Math. Ann. 1903.

mod assertion;
mod discrete;
mod exact;
mod farkas;
mod geometry;
pub mod integers;
pub mod listing;
mod margin;
mod rows;
mod simplex;

#[cfg(test)]
mod tests;

pub use assertion::{Implied, Lemma, Side, Support};
pub use discrete::Discrete;
pub use geometry::Geometry;
pub use integers::Integers;
pub use listing::Listing;
pub use simplex::Separation;
