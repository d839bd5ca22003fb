//! Splitting a part by a linear classifier of its labels.
//!
//! The classifier tells the part's most frequent class from the others: the averaged perceptron (Freund and Schapire,
//! Large margin classification using the perceptron algorithm, Machine Learning 37, 1999), every row in turn.

use bdnn::{Points, Stop};

/// True for the members on the positive side of the classifier. Cost O(epochs m n); once `stop` says so, of what it has
/// learned so far.
pub(super) fn divide(points: &Points, members: &[usize], epochs: usize, stop: &Stop<'_>) -> Vec<bool> {
    let features = points.num_features();
    let mut totals = vec![0_u64; points.num_classes()];
    for &i in members {
        totals.iter_mut().zip(points.counts(i)).for_each(|(total, &count)| *total += u64::from(count));
    }
    // The most frequent class, the lowest among equals.
    let common = (1..totals.len()).fold(0, |best, class| if totals[class] > totals[best] { class } else { best });
    // Positive: more rows of the common class than of others; the margin counts rows.
    let lead = |i: usize| {
        let counts = points.counts(i);
        let all: f64 = counts.iter().map(|&count| f64::from(count)).sum();
        2.0 * f64::from(counts[common]) - all
    };
    let mut mean = vec![0.0; features];
    for &i in members {
        mean.iter_mut().zip(points.scaled(i)).for_each(|(m, x)| *m += x / members.len() as f64);
    }
    let value = |w: &[f64], b: f64, i: usize| {
        w.iter().zip(points.scaled(i)).zip(&mean).fold(b, |sum, ((w, x), m)| sum + w * (x - m))
    };
    let (mut w, mut b) = (vec![0.0; features], 0.0);
    let (mut w_sum, mut b_sum) = (vec![0.0; features], 0.0);
    for _ in 0..epochs {
        if stop() {
            break;
        }
        let mut mistakes = false;
        for &i in members {
            let lead = lead(i);
            if lead * value(&w, b, i) <= 0.0 && lead != 0.0 {
                mistakes = true;
                w.iter_mut().zip(points.scaled(i)).zip(&mean).for_each(|((w, x), m)| *w += lead * (x - m));
                b += lead;
            }
            w_sum.iter_mut().zip(&w).for_each(|(sum, w)| *sum += w);
            b_sum += b;
        }
        if !mistakes {
            // It separates: averaging with the failures before would only blur it.
            (w_sum, b_sum) = (w.clone(), b);
            break;
        }
    }
    members.iter().map(|&i| value(&w_sum, b_sum, i) >= 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::Scaler;

    #[test]
    fn separable_parts_split_by_class() {
        let rows: Vec<f64> = (0..20).flat_map(|i| [f64::from(i % 5), f64::from(i / 5)]).collect();
        let class = |x: f64, y: f64| usize::from(x + 2.0 * y > 5.5);
        let labels: Vec<usize> = rows.chunks(2).map(|p| class(p[0], p[1])).collect();
        let points = Points::merge(2, 2, &rows, &labels, Scaler { shift: vec![0.0; 2], divisor: vec![4.0, 3.0] });
        let members: Vec<usize> = (0..20).collect();
        let sides = divide(&points, &members, 100, &|| false);
        let common = usize::from(labels.iter().sum::<usize>() > 10);
        assert_eq!(sides, labels.iter().map(|&label| label == common).collect::<Vec<_>>());
    }
}
