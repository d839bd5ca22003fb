//! How long a run was how far from its final solution.
//!
//! Reference: T. Berthold, *Measuring the impact of primal heuristics*, Operations Research Letters 41 (2013).

/// A value over time: solutions, or bounds. Memory grows with its changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct History(Vec<(f64, f64)>);

impl History {
    /// From `seconds` on it is `value`.
    pub fn note(&mut self, seconds: f64, value: f64) {
        if self.0.last().is_none_or(|(_, last)| *last != value) {
            self.0.push((seconds, value));
        }
    }

    /// The last value.
    pub fn last(&self) -> Option<f64> {
        self.0.last().map(|(_, value)| *value)
    }

    /// The integral, up to `seconds`, of its gap to `reference`: 1 while there is no value, and without a reference.
    pub fn integral(&self, reference: Option<f64>, seconds: f64) -> f64 {
        let Some(reference) = reference else { return seconds };
        let mut sum = self.0.first().map_or(seconds, |(first, _)| *first);
        for (k, (from, value)) in self.0.iter().enumerate() {
            let until = self.0.get(k + 1).map_or(seconds, |(next, _)| *next);
            sum += (until - from).max(0.0) * budget::share_open(Some(reference), *value);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_summed_over_time() {
        let mut history = History::default();
        assert_eq!(history.integral(Some(6.0), 5.0), 5.0);
        history.note(1.0, 8.0);
        history.note(2.0, 8.0);
        history.note(3.0, 6.0);
        assert_eq!(history.integral(Some(6.0), 5.0), 1.0 + 2.0 * 0.25);
        assert_eq!((history.integral(None, 5.0), history.last()), (5.0, Some(6.0)));
    }
}
