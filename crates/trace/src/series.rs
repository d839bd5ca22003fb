//! How many leaves a tree may have: a measure of its progress, smoothed and drawn out to where it will stand at the end.
//!
//! Reference: G. Hendel, D. Anderson, P. Le Bodic, M. Pfetsch, *Estimating the size of branch-and-bound trees*, INFORMS Journal on
//! Computing 34 (2022), section 4, with its constants; C. Holt, *Forecasting seasonals and trends by exponentially weighted moving averages* (1957).

/// Samples that are kept; then every second one goes, and samples are taken half as often.
const MOST: usize = 1024;

/// Where a measure stands at first and at the end, and how its level and trend are smoothed.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// At the start of a search.
    pub first: f64,
    /// At its end.
    pub last: f64,
    /// The weight of a new sample.
    pub alpha: f64,
    /// The weight of a new slope.
    pub beta: f64,
}

/// A measure over the closed leaves of a tree. Takes one sample of each `resolution` leaves.
#[derive(Clone, Debug)]
pub struct Series {
    kind: Kind,
    samples: Vec<f64>,
    resolution: u64,
    level: f64,
    trend: f64,
}

impl Series {
    /// Before the first leaf.
    pub fn new(kind: Kind) -> Self {
        Self { kind, samples: vec![], resolution: 1, level: kind.first, trend: 0.0 }
    }

    /// The measure stands so when this many leaves are closed; called for each leaf.
    pub fn take(&mut self, leaves: u64, value: f64) {
        if !leaves.is_multiple_of(self.resolution) {
            return;
        }
        self.samples.push(value);
        self.smooth(self.samples.len() - 1);
        if self.samples.len() == MOST {
            self.resolution *= 2;
            let mut place = 0;
            self.samples.retain(|_| {
                place += 1;
                place % 2 == 0
            });
            (0..self.samples.len()).for_each(|place| self.smooth(place));
        }
    }

    /// Takes a sample into level and trend; the first starts them anew.
    fn smooth(&mut self, place: usize) {
        let Kind { first, alpha, beta, .. } = self.kind;
        let value = self.samples[place];
        if place == 0 {
            (self.level, self.trend) = (value, value - first);
        } else {
            let level = alpha * value + (1.0 - alpha) * (self.level + self.trend);
            self.trend = beta * (level - self.level) + (1.0 - beta) * self.trend;
            self.level = level;
        }
    }

    /// Leaves in the end, if the trend goes on; `None` if it leads nowhere: to the other side, or by less than a float tells of the level.
    #[allow(clippy::cast_precision_loss)]
    pub fn leaves(&self) -> Option<f64> {
        let (now, missing) = (*self.samples.last()?, self.kind.last - self.samples.last()?);
        let seen = (self.samples.len() as u64 * self.resolution) as f64;
        if missing == 0.0 && now == self.kind.last {
            return Some(seen);
        }
        if self.level + self.trend == self.level {
            return None;
        }
        let steps = missing / self.trend;
        (steps.is_finite() && steps > 0.0).then_some(seen + steps * self.resolution as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHT: Kind = Kind { first: 0.0, last: 1.0, alpha: 0.65, beta: 0.15 };

    #[test]
    fn a_line_is_drawn_out() {
        let mut series = Series::new(WEIGHT);
        assert_eq!(series.leaves(), None);
        for leaf in 1..=3000_u32 {
            series.take(leaf.into(), f64::from(leaf) / 4000.0);
        }
        assert!(series.samples.len() < MOST && series.resolution == 4);
        let leaves = series.leaves().expect("it rises");
        assert!((leaves - 4000.0).abs() < 1e-6, "{leaves}");
    }

    #[test]
    fn what_stands_still_leads_nowhere() {
        let mut series = Series::new(WEIGHT);
        (1..=5).for_each(|leaf| series.take(leaf, 0.0));
        assert_eq!(series.leaves(), None);
        series.take(6, 1.0);
        assert_eq!(series.leaves(), Some(6.0));
    }

    /// By hand: level and trend start at 1/4, then 0.65 / 2 + 0.35 / 2 = 1/2 and 0.15 / 4 + 0.85 / 4.
    #[test]
    fn smoothing_by_hand() {
        let mut series = Series::new(WEIGHT);
        series.take(1, 0.25);
        assert_eq!(series.leaves(), Some(1.0 + 3.0));
        series.take(2, 0.5);
        assert_eq!((series.level, series.trend), (0.5, 0.25));
        series.take(3, 0.5);
        let level = 0.65 * 0.5 + 0.35 * 0.75;
        let trend = 0.15 * (level - 0.5) + 0.85 * 0.25;
        assert_eq!((series.level, series.trend), (level, trend));
        assert_eq!(series.leaves(), Some(3.0 + 0.5 / trend));
    }
}
