//! How far a run is from its end, and the primal-dual integral: how long it was how far.
//!
//! Reference: T. Berthold, Measuring the impact of primal heuristics, Operations Research Letters 41 (2013).

/// The gap that users are shown, `|best - bound| / |best|`: 0 when both are equal; infinite without a solution, without a bound, or
/// when the best is 0 and the bound is not.
///
/// ```
/// assert_eq!(budget::relative_gap(Some(4.0), 3.0), 0.25);
/// assert_eq!(budget::relative_gap(None, 3.0), f64::INFINITY);
/// ```
#[must_use]
pub fn relative_gap(best: Option<f64>, bound: f64) -> f64 {
    match best {
        Some(best) if best == bound => 0.0,
        Some(best) if best != 0.0 && bound.is_finite() => ((best - bound) / best).abs(),
        _ => f64::INFINITY,
    }
}

/// The gap in [0, 1] that the integral sums up, relative to the larger magnitude: 1 while a side is missing or the signs differ.
///
/// ```
/// assert_eq!(budget::share_open(Some(4.0), 1.0), 0.75);
/// assert_eq!(budget::share_open(None, 1.0), 1.0);
/// ```
#[must_use]
pub fn share_open(best: Option<f64>, bound: f64) -> f64 {
    match best {
        Some(best) if best == bound => 0.0,
        Some(best) if bound.is_finite() && best * bound >= 0.0 => {
            ((best - bound).abs() / best.abs().max(bound.abs())).min(1.0)
        }
        _ => 1.0,
    }
}

/// The integral of the gap, as a share in [0, 1], over the seconds of a run. Whoever runs says when bound or incumbent change, and the time
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
        self.gap = share_open(best, bound);
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
        assert_eq!(relative_gap(Some(-4.0), -5.0), 0.25);
        assert_eq!(relative_gap(Some(0.0), 0.0), 0.0);
        assert_eq!(relative_gap(Some(0.0), -1.0), f64::INFINITY);
        assert_eq!(share_open(None, 0.0), 1.0);
        assert_eq!(share_open(Some(4.0), 1.0), 0.75);
        assert_eq!(share_open(Some(4.0), -1.0), 1.0);
        assert_eq!(share_open(Some(0.0), 0.0), 0.0);
        assert_eq!(share_open(Some(4.0), f64::NEG_INFINITY), 1.0);
        assert_eq!(share_open(Some(1e-300), 0.0), 1.0);
    }

    #[test]
    fn time_does_not_go_back() {
        let mut integral = GapIntegral::default();
        integral.note(3.0, 0.0, Some(0.0));
        integral.note(1.0, 0.0, None);
        assert_eq!((integral.until(2.0), integral.until(4.0)), (3.0, 4.0));
    }
}
