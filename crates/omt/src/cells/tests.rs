//! The list of dichotomies against exact separation.

use super::arrangement::dichotomies;
use crate::theory::{Geometry, Side};
use bdnn::{Architecture, Loss, Points, Problem, Scaler, WeightDomain};
use proptest::prelude::*;

fn geometry(n: usize, raw: &[f64]) -> (usize, Geometry) {
    let labels = vec![0; raw.len() / n];
    let points = Points::merge(n, 2, &raw[..labels.len() * n], &labels, Scaler::identity(n));
    let architecture =
        Architecture { inputs: n, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
    let problem = Problem::new(points, architecture, Loss::ZeroOne);
    (problem.points.len(), Geometry::first_layer(&problem))
}

fn separable(geometry: &Geometry, m: usize, pattern: u64) -> bool {
    let side = |k: usize| if pattern >> k & 1 == 1 { Side::Fires } else { Side::Silent };
    let asserted: Vec<(u32, Side)> = (0..m).map(|k| (u32::try_from(k).expect("small"), side(k))).collect();
    geometry.confirm_all(&asserted, &mut bdnn::separation::Effort::unlimited()).is_none()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// On a coarse grid, with many collinear points, the list still holds every dichotomy.
    #[test]
    fn degenerate_points_lose_nothing(n in 1_usize..4, raw in prop::collection::vec(-2_i32..3, 21)) {
        let raw: Vec<f64> = raw[..7 * n].iter().map(|&v| f64::from(v)).collect();
        let (m, geometry) = geometry(n, &raw);
        if let Some(list) = dichotomies::<1>(&geometry, &(0..m).collect::<Vec<_>>(), &|| false) {
            for pattern in 0..1_u64 << m {
                if separable(&geometry, m, pattern) {
                    prop_assert!(list.binary_search(&[pattern]).is_ok());
                }
            }
        }
    }

    /// In general position there are exactly as many as Cover counts, all separable.
    #[test]
    fn general_position_is_listed_exactly(n in 1_usize..4, raw in prop::collection::vec(-1.0_f64..1.0, 24)) {
        let raw = &raw[..8 * n];
        let (m, geometry) = geometry(n, raw);
        let list = dichotomies::<1>(&geometry, &(0..m).collect::<Vec<_>>(), &|| false).expect("general position");
        let binomial = |k: usize| (0..k).fold(1_usize, |b, j| b * (m - 1 - j) / (j + 1));
        prop_assert_eq!(list.len(), 2 * (0..=n).map(binomial).sum::<usize>());
        for &[pattern] in list.iter().step_by(7) {
            prop_assert!(separable(&geometry, m, pattern));
        }
    }
}
