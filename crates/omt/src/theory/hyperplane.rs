//! Hyperplanes through sites, and on which side of them the other sites lie, for certain.

use super::geometry::Geometry;
use super::interval::{self, Interval};
use super::kernel::{self, Integer};
use bdnn::budget::never;
use dashu::integer::IBig;

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
        if let Some(enclosure) = interval::kernel(&mut matrix, n, &never) {
            let (middles, errors) = enclosure.iter().map(|v| v.middle_and_error()).unzip();
            return Some(Hyperplane::Floats(middles, errors));
        }
        let matrix = sites.iter().map(|&site| self.exact.entries[site * n..(site + 1) * n].to_vec()).collect();
        kernel::kernel(matrix, n, &never).line().map(Hyperplane::Integers)
    }

    /// 1 or -1 for a site that is on that side of the hyperplane for certain, 0 for one on it or too close to tell.
    pub(crate) fn side_of(&self, plane: &Hyperplane, site: usize) -> i32 {
        let n = self.columns();
        match plane {
            Hyperplane::Floats(middles, errors) => {
                let (mut value, mut size, mut error) = (0.0, 0.0, 0.0);
                for ((&v, &e), &(x, is_exact)) in
                    middles.iter().zip(errors).zip(&self.exact.floats[site * n..(site + 1) * n])
                {
                    let term = v * x;
                    value += term;
                    size += term.abs();
                    error += e * x.abs() + if is_exact { 0.0 } else { (v.abs() + e) * x.abs() * f64::EPSILON };
                }
                // The sums have n terms: n roundings each, and one a product; doubled for the error's own roundings.
                #[allow(clippy::cast_precision_loss)]
                let doubt = 2.0 * (error + size * f64::EPSILON * (n + 2) as f64) + f64::MIN_POSITIVE;
                i32::from(value > doubt) - i32::from(value < -doubt)
            }
            Hyperplane::Integers(v) => {
                let row = &self.exact.entries[site * n..(site + 1) * n];
                let value = row.iter().zip(v).map(|(x, c)| x * c).fold(IBig::ZERO, |sum, term| sum + term);
                Integer::sign(&value)
            }
        }
    }
}
