//! Hyperplanes through sites, and on which side of them the other sites lie, for certain.

use super::geometry::Geometry;
use dashu::integer::IBig;
use numerics::bareiss::{Whole, kernel};
use numerics::{Estimate, Interval, Pace, interval};

/// The hyperplane through `columns - 1` sites of a geometry with one row a site.
pub(crate) enum Hyperplane {
    /// Enclosed by floats: coefficients and their errors.
    Floats(Vec<f64>, Vec<f64>),
    /// Exact.
    Integers(Vec<IBig>),
}

impl Geometry {
    /// The hyperplane through these sites, `None` if they do not determine one.
    pub(crate) fn hyperplane(&self, sites: &[usize]) -> Option<Hyperplane> {
        let n = self.columns();
        let mut matrix: Vec<Interval> = sites
            .iter()
            .flat_map(|&site| &self.exact.floats[site * n..(site + 1) * n])
            .map(|&(value, is_exact)| Interval::around(value, is_exact))
            .collect();
        if let Some(enclosure) = interval::kernel(&mut matrix, n, &mut Pace::new(&mut || false)) {
            let (middles, errors) = enclosure.iter().map(|v| v.middle_and_error()).unzip();
            return Some(Hyperplane::Floats(middles, errors));
        }
        let matrix = sites.iter().flat_map(|&site| &self.exact.entries[site * n..(site + 1) * n]).cloned().collect();
        kernel(matrix, n, &mut Pace::new(&mut || false)).line().map(Hyperplane::Integers)
    }

    /// 1 or -1 for a site that is on that side of the hyperplane for certain, 0 for one on it or too close to tell.
    pub(crate) fn side_of(&self, plane: &Hyperplane, site: usize) -> i32 {
        let n = self.columns();
        match plane {
            Hyperplane::Floats(middles, errors) => {
                match Estimate::inner(middles, errors, &self.exact.floats[site * n..(site + 1) * n]).sign() {
                    Some(side) => side as i32,
                    None => 0,
                }
            }
            Hyperplane::Integers(v) => {
                let row = &self.exact.entries[site * n..(site + 1) * n];
                let value = row.iter().zip(v).map(|(x, c)| x * c).fold(IBig::ZERO, |sum, term| sum + term);
                Whole::sign(&value)
            }
        }
    }
}
