//! The primal-dual integral: how long a run was how far from its end.
//!
//! Reference: T. Berthold, Measuring the impact of primal heuristics, Operations Research Letters 41 (2013).

/// The gap in [0, 1] between a lower and an upper bound on the same optimum, relative to the larger magnitude: 0 where they
/// are equal, 1 while a side is missing or the signs differ.
///
/// ```
/// assert_eq!(budget::relative_gap(1.0, Some(4.0)), 0.75);
/// assert_eq!(budget::relative_gap(-1.0, Some(4.0)), 1.0);
/// ```
#[must_use]
pub fn relative_gap(bound: f64, best: Option<f64>) -> f64 {
    match best {
        Some(value) if value == bound => 0.0,
        Some(value) if bound.is_finite() && value * bound >= 0.0 => {
            ((value - bound).abs() / value.abs().max(bound.abs())).min(1.0)
        }
        _ => 1.0,
    }
}

/// The integral of [`relative_gap`] over the seconds of a run. Whoever runs says when bound or incumbent change, and the time
/// since its start; nothing here reads a clock.
#[derive(Clone, Copy, Debug)]
pub struct GapIntegral {
    seconds: f64,
    gap: f64,
    sum: f64,
}

impl Default for GapIntegral {
    /// At the start of a run: nothing is known, the gap is 1.
    fn default() -> Self {
        Self { seconds: 0.0, gap: 1.0, sum: 0.0 }
    }
}

impl GapIntegral {
    /// From `seconds` on the gap is that between `bound` and `best`; until then it was what the call before said. Times do
    /// not go back.
    pub fn note(&mut self, seconds: f64, bound: f64, best: Option<f64>) {
        self.sum = self.until(seconds);
        self.seconds = seconds.max(self.seconds);
        self.gap = relative_gap(bound, best);
    }

    /// The integral up to `seconds`, in seconds.
    ///
    /// ```
    /// let mut integral = budget::GapIntegral::default();
    /// integral.note(2.0, 1.0, Some(4.0));
    /// integral.note(4.0, 4.0, Some(4.0));
    /// assert_eq!(integral.until(9.0), 2.0 + 2.0 * 0.75);
    /// ```
    #[must_use]
    pub fn until(&self, seconds: f64) -> f64 {
        self.sum + (seconds - self.seconds).max(0.0) * self.gap
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps() {
        assert_eq!(relative_gap(0.0, None), 1.0);
        assert_eq!(relative_gap(3.0, Some(3.0)), 0.0);
        assert_eq!(relative_gap(0.0, Some(0.0)), 0.0);
        assert_eq!(relative_gap(f64::NEG_INFINITY, Some(4.0)), 1.0);
        assert_eq!(relative_gap(0.0, Some(1e-300)), 1.0);
    }

    #[test]
    fn time_does_not_go_back() {
        let mut integral = GapIntegral::default();
        integral.note(3.0, 0.0, Some(0.0));
        integral.note(1.0, 0.0, None);
        assert_eq!((integral.until(2.0), integral.until(4.0)), (3.0, 4.0));
    }
}
