//! Factors as a checkpoint has them. Factors that were updated are not those of the same basis factored anew, to the last digit: they are
//! kept as they are.

use serde::{Deserialize, Serialize};

use super::reach::Densities;
use super::segments::Segments;
use super::{HOLE, Lu};

/// What solves depend on: the factors, if they are those of the basis, and how dense results have been.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedLu {
    densities: Densities,
    factors: Option<Factors>,
}

/// The fields of [`Lu`] that are not scratch.
#[derive(Serialize, Deserialize)]
struct Factors {
    pivots: Vec<f64>,
    l_cols: Segments<f64>,
    l_rows: Segments<f64>,
    l_col_order: Vec<u32>,
    l_row_order: Vec<u32>,
    u_cols: Segments<f64>,
    u_rows: Segments<f64>,
    order: Vec<u32>,
    place: Vec<u32>,
    etas: Segments<f64>,
    eta_rows: Vec<u32>,
    fresh_entries: usize,
}

impl Factors {
    /// Whether nothing in them is out of place for a basis of `dim` rows. What they say of the basis is checked where it is used.
    fn fit(&self, dim: usize) -> bool {
        let all_below = |list: &[u32], most: usize| list.iter().all(|&i| (i as usize) < most);
        let triangles = [&self.l_cols, &self.l_rows, &self.u_cols, &self.u_rows];
        self.pivots.len() == dim
            && self.place.len() == dim
            && triangles.into_iter().all(|lists| lists.fit(dim, dim))
            && self.etas.fit(self.eta_rows.len(), dim)
            && [&self.l_col_order, &self.l_row_order, &self.eta_rows].into_iter().all(|list| all_below(list, dim))
            && self.order.iter().all(|&row| row == HOLE || (row as usize) < dim)
            && all_below(&self.place, self.order.len())
            && self.fresh_entries <= self.u_cols.arena_len() + self.l_cols.arena_len()
    }
}

impl Lu {
    /// What is to be kept; the factors only if they are those of the basis. Cost: their size.
    pub fn save(&self, is_factored: bool) -> SavedLu {
        let factors = is_factored.then(|| Factors {
            pivots: self.pivots.clone(),
            l_cols: self.l_cols.clone(),
            l_rows: self.l_rows.clone(),
            l_col_order: self.l_col_order.clone(),
            l_row_order: self.l_row_order.clone(),
            u_cols: self.u_cols.clone(),
            u_rows: self.u_rows.clone(),
            order: self.order.clone(),
            place: self.place.clone(),
            etas: self.etas.clone(),
            eta_rows: self.eta_rows.clone(),
            fresh_entries: self.fresh_entries,
        });
        SavedLu { densities: self.densities.clone(), factors }
    }

    /// Goes on with what was kept, for a basis of `dim` rows: whether there are factors. `None` if they are none of such a basis.
    pub fn restore(&mut self, dim: usize, saved: SavedLu) -> Option<bool> {
        self.densities = saved.densities;
        let Some(factors) = saved.factors else { return Some(false) };
        if !factors.fit(dim) {
            return None;
        }
        self.dim = dim;
        self.pivots = factors.pivots;
        self.l_cols = factors.l_cols;
        self.l_rows = factors.l_rows;
        self.l_col_order = factors.l_col_order;
        self.l_row_order = factors.l_row_order;
        self.u_cols = factors.u_cols;
        self.u_rows = factors.u_rows;
        self.order = factors.order;
        self.place = factors.place;
        self.etas = factors.etas;
        self.eta_rows = factors.eta_rows;
        self.fresh_entries = factors.fresh_entries;
        self.search.resize(dim);
        self.scratch.resize(dim);
        Some(true)
    }
}
