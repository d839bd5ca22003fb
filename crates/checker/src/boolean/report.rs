//! What is proven once all steps hold.

/// What a proof concludes about its formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// Nothing.
    None,
    /// There is a solution.
    Satisfiable,
    /// There is none.
    Unsatisfiable,
    /// The least value of the objective lies in [lower, upper].
    Bounds {
        /// `None` if there is no solution.
        lower: Option<i64>,
        /// `None` if no solution was given.
        upper: Option<i64>,
    },
}

/// What was checked, all of it successfully.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The conclusion, now proven.
    pub conclusion: Conclusion,
    /// Variables of formula and proof.
    pub variables: usize,
    /// Constraints of the formula.
    pub constraints: usize,
    /// Constraints that the proof added.
    pub derived: usize,
    /// The most constraints that were alive at once.
    pub most_alive: usize,
}
