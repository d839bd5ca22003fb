//! Activities of long rows, kept along with the box, so that a row is summed up only when it has something to say.
//!
//! Entry point: [`LongRows::is_silent`]. A model may have rows with as many entries as it has columns (covering and
//! partitioning rows, the objective): summing such a row anew after each of its columns' changes takes the square of its
//! length for one pass over the columns. Here each change of a bound moves the sums by one term, and the largest reach of a
//! term bounds from above what any of them could be deduced to.
//!
//! Nothing is deduced from these sums: they only say that a full visit, which sums the row anew and has its margins, would
//! deduce nothing. An error here costs a visit or a deduction, and never a point. The sums are compensated (Knuth's
//! two-sum), so that the order of changes hardly matters, and start anew at every full visit.

use serde::{Deserialize, Serialize};

use crate::bounds::Domain;
use crate::model::Row;

/// Rows with fewer entries than this are summed anew at each visit: that is faster, and says the same.
const LONG: usize = 100;

/// A sum of finite terms with what rounding took from it, and the number of infinite terms.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Sum {
    value: f64,
    rest: f64,
    infinite: u32,
}

impl Sum {
    fn add(&mut self, term: f64) {
        if term.is_finite() {
            self.add_finite(term);
        } else {
            self.infinite += 1;
        }
    }

    fn remove(&mut self, term: f64) {
        if term.is_finite() {
            self.add_finite(-term);
        } else {
            self.infinite -= 1;
        }
    }

    fn add_finite(&mut self, term: f64) {
        let sum = self.value + term;
        let part = sum - self.value;
        self.rest += (self.value - (sum - part)) + (term - part);
        self.value = sum;
    }

    fn total(&self) -> f64 {
        self.value + self.rest
    }
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct LongRow {
    min: Sum,
    max: Sum,
    /// At least the largest `|a_j| (upper_j - lower_j)`.
    reach: f64,
}

/// The sums as they are kept along, which is not to the last digit what they are summed up anew, and the bounds of the last look.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedSums {
    rows: Vec<LongRow>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

/// The sums of the long rows over the bounds of the last look at the box.
#[derive(Clone)]
pub(super) struct LongRows {
    /// Place of each row among the long ones.
    place: Vec<Option<u32>>,
    rows: Vec<LongRow>,
    /// For each column the long rows in which it appears, with its coefficient.
    columns: Vec<Vec<(u32, f64)>>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl LongRows {
    /// Over the rows of the model and the objective, and the box at the start.
    pub fn new(rows: &[Row], domain: &Domain) -> Self {
        let mut count = 0;
        let mut columns = vec![Vec::new(); domain.lower().len()];
        let place: Vec<Option<u32>> = rows
            .iter()
            .map(|row| {
                (row.terms.len() >= LONG).then(|| {
                    row.terms.iter().for_each(|&(var, a)| columns[var.index()].push((count, a)));
                    count += 1;
                    count - 1
                })
            })
            .collect();
        let mut out = Self {
            place,
            rows: vec![LongRow::default(); count as usize],
            columns,
            lower: domain.lower().to_vec(),
            upper: domain.upper().to_vec(),
        };
        (0..rows.len()).for_each(|i| out.sum_up(i, &rows[i]));
        out
    }

    /// Whether there are any.
    pub fn any(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Sums up a row anew over the bounds of the last look.
    fn sum_up(&mut self, i: usize, row: &Row) {
        let Some(place) = self.place.get(i).copied().flatten() else { return };
        let mut sums = LongRow::default();
        for &(var, a) in &row.terms {
            let (least, greatest) = extremes(a, self.lower[var.index()], self.upper[var.index()]);
            sums.min.add(least);
            sums.max.add(greatest);
            sums.reach = sums.reach.max(greatest - least);
        }
        self.rows[place as usize] = sums;
    }

    /// The sums, if there are any.
    pub fn save(&self) -> Option<SavedSums> {
        let all = || SavedSums { rows: self.rows.clone(), lower: self.lower.clone(), upper: self.upper.clone() };
        self.any().then(all)
    }

    /// Goes on from the sums of these rows; `None` if they are of others.
    pub fn restore(&mut self, saved: Option<SavedSums>, rows: &[Row]) -> Option<()> {
        let Some(saved) = saved else { return (!self.any()).then_some(()) };
        let bounds = [&saved.lower, &saved.upper];
        let is_box = |bounds: &Vec<f64>| bounds.len() == self.lower.len() && !bounds.iter().any(|bound| bound.is_nan());
        if saved.rows.len() != self.rows.len() || !bounds.into_iter().all(is_box) {
            return None;
        }
        (self.lower, self.upper) = (saved.lower, saved.upper);
        (0..rows.len()).for_each(|i| self.sum_up(i, &rows[i]));
        // How many terms are infinite is a whole number, and known.
        let counts = |own: &LongRow, saved: &LongRow| {
            own.min.infinite == saved.min.infinite && own.max.infinite == saved.max.infinite
        };
        let fits = self.rows.iter().zip(&saved.rows).all(|(own, saved)| counts(own, saved));
        self.rows = saved.rows;
        fits.then_some(())
    }

    /// Takes over what changed in the box since the last look.
    fn look(&mut self, domain: &mut Domain) {
        while let Some(var) = domain.next_changed() {
            let (lower, upper) = (domain.lower()[var], domain.upper()[var]);
            let (old_lower, old_upper) = (self.lower[var], self.upper[var]);
            if (lower, upper) == (old_lower, old_upper) {
                continue;
            }
            (self.lower[var], self.upper[var]) = (lower, upper);
            for &(place, a) in &self.columns[var] {
                let row = &mut self.rows[place as usize];
                let (old_least, old_greatest) = extremes(a, old_lower, old_upper);
                let (least, greatest) = extremes(a, lower, upper);
                row.min.remove(old_least);
                row.min.add(least);
                row.max.remove(old_greatest);
                row.max.add(greatest);
                row.reach = row.reach.max(greatest - least);
            }
        }
    }

    /// Whether a visit of row i would deduce nothing from the box; if it might, the row is summed up anew.
    pub fn is_silent(&mut self, i: usize, row: &Row, domain: &mut Domain) -> bool {
        if !self.any() {
            return false;
        }
        let Some(place) = self.place.get(i).copied().flatten() else { return false };
        self.look(domain);
        let LongRow { min, max, reach } = self.rows[place as usize];
        let silent = |infinite: u32, room: f64| match infinite {
            0 => reach <= room,
            1 => false,
            _ => true,
        };
        let above = row.upper == f64::INFINITY || silent(min.infinite, row.upper - min.total());
        let below = row.lower == f64::NEG_INFINITY || silent(max.infinite, max.total() - row.lower);
        if above && below {
            return true;
        }
        self.sum_up(i, row);
        false
    }
}

/// The least and the greatest value of `a x`, a not zero.
fn extremes(a: f64, lower: f64, upper: f64) -> (f64, f64) {
    if a > 0.0 { (a * lower, a * upper) } else { (a * upper, a * lower) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VarId;
    use crate::bounds::{BoundChange, Reason};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// After any changes and undoings the sums are those of the box.
    #[test]
    fn sums_follow_the_box() {
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let terms: Vec<(VarId, f64)> = (0..LONG as u32)
            .map(|j| (VarId(j), f64::from(random.random_range(1..2000)) * if j % 3 == 0 { -0.001 } else { 0.01 }))
            .collect();
        let row = Row { name: String::new(), lower: f64::NEG_INFINITY, upper: 0.0, terms };
        let mut domain = Domain::new(vec![f64::NEG_INFINITY; LONG], vec![9.0; LONG]);
        let mut long = LongRows::new(std::slice::from_ref(&row), &domain);
        domain.note_changes(long.any());
        for _ in 0..20_000 {
            let mark = domain.mark();
            let change = BoundChange::lower(random.random_range(0..LONG), random.random::<f64>() * 8.0 - 4.0);
            if mark > 150 || random.random_range(0..4) == 0 {
                domain.undo_to(mark - random.random_range(0..=mark));
            } else if domain.is_news(&change) {
                domain.set(change, Reason::Guess);
            }
            if random.random_range(0..3) == 0 {
                long.look(&mut domain);
            }
        }
        long.look(&mut domain);
        let kept = long.rows[0];
        long.sum_up(0, &row);
        let anew = long.rows[0];
        assert_eq!((kept.min.infinite, kept.max.infinite), (anew.min.infinite, anew.max.infinite));
        assert!((kept.min.total() - anew.min.total()).abs() < 1e-12, "{kept:?} {anew:?}");
        assert!((kept.max.total() - anew.max.total()).abs() < 1e-12);
        assert!(kept.reach >= anew.reach);
    }

    /// Sum x_j = 1 over binaries has nothing to say until one is 1 or all but one are 0.
    #[test]
    fn a_partitioning_row_speaks_when_it_has_to() {
        let terms = (0..LONG as u32).map(|j| (VarId(j), 1.0)).collect();
        let row = Row { name: String::new(), lower: 1.0, upper: 1.0, terms };
        let mut domain = Domain::new(vec![0.0; LONG], vec![1.0; LONG]);
        let mut long = LongRows::new(std::slice::from_ref(&row), &domain);
        domain.note_changes(long.any());
        for j in 0..LONG - 2 {
            domain.set(BoundChange::upper(j, 0.0), Reason::Guess);
            assert!(long.is_silent(0, &row, &mut domain), "{j}");
        }
        let mark = domain.mark();
        domain.set(BoundChange::upper(LONG - 1, 0.0), Reason::Guess);
        assert!(!long.is_silent(0, &row, &mut domain));
        domain.undo_to(mark);
        assert!(long.is_silent(0, &row, &mut domain));
        domain.set(BoundChange::lower(LONG - 1, 1.0), Reason::Guess);
        assert!(!long.is_silent(0, &row, &mut domain));
    }
}
