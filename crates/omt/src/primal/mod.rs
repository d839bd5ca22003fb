//! A start for the search: local search over networks, one neuron at a time.
//!
//! With all other neurons fixed, what a neuron does at a point changes that point's loss by a known amount, so the best
//! response of one neuron is a weighted 0-1 loss problem of its own, and [`crate::linear::Descent`] walks it by exact
//! line searches. Neurons of later layers see 0/1 patterns, and the same walk serves them. The walk stops where no
//! neuron improves, and starts again after one hidden neuron was thrown away (iterated local search).
//!
//! Networks found are realised and confirmed like those of the search. Only ideal semantics: with a margin, robustness
//! or a partition not every pattern of floats is a network.

mod local;

pub(crate) use local::LocalSearch;
