//! What a propagator has learned, for runs that go on.

use serde::{Deserialize, Serialize};

use super::{Origin, Propagator};
use crate::mip::activity::SavedSums;
use crate::mip::lessons::row_fits;
use crate::model::Row;

/// What a search has added to the rows of its root, and how often each was of use.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedRows {
    cutoff: f64,
    /// Learned rows with their places, in the order in which they were learned.
    learned: Vec<(u32, Row)>,
    free: Vec<u32>,
    hits: Vec<u32>,
    queue: Vec<u32>,
    sums: Option<SavedSums>,
}

impl Propagator {
    /// What is not known of the root, between two nodes. Cost: the size of the learned rows.
    pub fn save(&self) -> SavedRows {
        SavedRows {
            cutoff: self.rows[self.objective].upper,
            learned: self.learned.iter().map(|&row| (row, self.rows[row as usize].clone())).collect(),
            free: self.free.clone(),
            hits: self.hits.clone(),
            queue: self.queue.iter().copied().collect(),
            sums: self.long.save(),
        }
    }

    /// Puts what was saved in the place of what was learned so far; `None`, and the propagator is not to be used any more, if it is of
    /// another root.
    pub fn restore(&mut self, saved: SavedRows) -> Option<()> {
        let base = self.objective + 1 + self.congruences.len();
        let total = base + saved.learned.len() + saved.free.len();
        let mut places: Vec<u32> =
            saved.learned.iter().map(|(row, _)| *row).chain(saved.free.iter().copied()).collect();
        places.sort_unstable();
        let fits = places.iter().map(|&row| row as usize).eq(base..total)
            && saved.hits.len() == total
            && saved.hits.iter().all(|&hits| hits <= u32::MAX / 2)
            && saved.queue.iter().all(|&row| (row as usize) < total)
            && saved.learned.iter().all(|(_, row)| row_fits(row, self.columns.len()))
            && !saved.cutoff.is_nan();
        if !fits {
            return None;
        }
        let (least, greatest) = (f64::NEG_INFINITY, f64::INFINITY);
        self.rows.resize(total, Row { name: String::new(), lower: least, upper: greatest, terms: Vec::new() });
        self.origins.resize(total, Origin::Itself);
        self.origins[base..].fill(Origin::Itself);
        for &row in &saved.free {
            let free = &mut self.rows[row as usize];
            (free.lower, free.upper) = (least, greatest);
            free.terms.clear();
        }
        self.columns.iter_mut().for_each(|column| column.retain(|row| (*row as usize) < base));
        self.learned.clear();
        for (place, row) in saved.learned {
            row.terms.iter().for_each(|(var, _)| self.columns[var.index()].push(place));
            self.rows[place as usize] = row;
            self.learned.push(place);
        }
        (self.free, self.hits) = (saved.free, saved.hits);
        self.rows[self.objective].upper = saved.cutoff;
        self.long.restore(saved.sums, &self.rows[..base])?;
        self.queue.clear();
        self.queued = vec![false; total];
        saved.queue.into_iter().for_each(|row| self.enqueue(row));
        Some(())
    }
}
