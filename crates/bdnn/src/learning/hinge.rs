//! One neuron by Newton's method on the squared hinge loss, and what becomes of it when points far on the wrong side are
//! given up.

use super::rows::Rows;

/// Regularisation of the first minimisation, and the factor of each further one, relative to the mean weight of a point.
const FIRST_PRICE: f64 = 1e-3;
const LESS_PRICE: f64 = 1e-2;
const LEAST_PRICE: f64 = 1e-10;
/// Newton steps of a minimisation, and conjugate gradient steps for each of them.
const NEWTON_STEPS: usize = 12;
const GRADIENT_STEPS: usize = 40;
/// Where the residual of a Newton system and the gradient of the objective are small enough, relative to what they were.
const RESIDUAL: f64 = 0.03;
const GRADIENT: f64 = 1e-6;
/// The next, smaller regularisation is tried while it brings the errors below this share.
const WORTH: f64 = 0.75;
/// Stages of giving up, Newton steps of each, and the factor by which each narrows the ramp.
const STAGES: usize = 8;
const STAGE_STEPS: usize = 2;
const NARROWER: f64 = 1.6;
/// Tries of a step along a line.
const LINE_STEPS: usize = 12;

/// A neuron that learns: weights of z, and its activations.
pub(super) struct Hinge<'a> {
    rows: &'a Rows<'a>,
    /// By point: positive to fire, negative to rest, and how much.
    wants: &'a [f32],
    /// One over the sum of their magnitudes.
    share: f64,
    w: Vec<f64>,
    a: Vec<f64>,
    /// Points given up.
    kept: Vec<bool>,
    best: Vec<f64>,
    best_errors: f64,
    gradient: Vec<f64>,
    slopes: Vec<f64>,
}

impl<'a> Hinge<'a> {
    pub(super) fn new(rows: &'a Rows<'a>, wants: &'a [f32]) -> Self {
        let (len, dim) = (rows.len(), rows.dim());
        let sum: f64 = wants.iter().map(|want| f64::from(want.abs())).sum();
        Self {
            rows,
            wants,
            share: if sum > 0.0 { 1.0 / sum } else { 0.0 },
            w: vec![0.0; dim],
            a: vec![0.0; len],
            kept: vec![true; len],
            best: vec![0.0; dim],
            best_errors: f64::INFINITY,
            gradient: vec![0.0; dim],
            slopes: vec![0.0; len],
        }
    }

    /// Learns until no point is on its wrong side, nothing improves or `stop` says so. Returns the weights of z that have
    /// the least weight of points on their wrong side, as floats see it, of all that were met.
    pub(super) fn learn(mut self, stop: &dyn Fn() -> bool) -> Vec<f64> {
        let mut price = FIRST_PRICE;
        while price >= LEAST_PRICE {
            let before = self.best_errors;
            self.minimise(price, NEWTON_STEPS, stop);
            if self.best_errors == 0.0 || stop() {
                return self.best;
            }
            if self.best_errors > WORTH * before {
                break;
            }
            price *= LESS_PRICE;
        }
        self.w.copy_from_slice(&self.best);
        self.rows.apply(&self.w, &mut self.a);
        price = FIRST_PRICE;
        for _ in 0..STAGES {
            for (kept, (a, want)) in self.kept.iter_mut().zip(self.a.iter().zip(self.wants)) {
                *kept = a * f64::from(want.signum()) > -1.0;
            }
            self.minimise(price, STAGE_STEPS, stop);
            if self.best_errors == 0.0 || stop() {
                break;
            }
            self.w.iter_mut().for_each(|w| *w *= NARROWER);
            self.a.iter_mut().for_each(|a| *a *= NARROWER);
            price /= NARROWER * NARROWER;
        }
        self.best
    }

    /// price / 2 |w|^2 + mean of max(0, 1 - t a)^2 / 2 over the points kept, made small by so many Newton steps.
    fn minimise(&mut self, price: f64, steps: usize, stop: &dyn Fn() -> bool) {
        let mut first = None;
        for _ in 0..steps {
            let (rows, share) = (self.rows, self.share);
            let (a, wants, kept) = (&self.a, self.wants, &self.kept);
            let lies = |i: usize| kept[i] && a[i] * f64::from(wants[i].signum()) < 1.0;
            let weight = |i: usize| if lies(i) { share * f64::from(wants[i].abs()) } else { 0.0 };
            rows.gather(|i| weight(i) * (a[i] - f64::from(wants[i].signum())), &mut self.gradient);
            self.gradient.iter_mut().zip(&self.w).for_each(|(g, w)| *g += price * w);
            let size = self.gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
            let first = *first.get_or_insert(size);
            if size <= GRADIENT * first || !size.is_finite() {
                return;
            }
            let step = newton_step(rows, weight, price, &self.gradient, stop);
            rows.apply(&step, &mut self.slopes);
            let length = self.line(price, &step);
            self.w.iter_mut().zip(&step).for_each(|(w, d)| *w += length * d);
            self.a.iter_mut().zip(&self.slopes).for_each(|(a, slope)| *a += length * slope);
            let errors: f64 = self.a.iter().zip(self.wants).map(|(&a, &want)| error(a, want)).sum();
            if errors < self.best_errors {
                self.best_errors = errors;
                self.best.copy_from_slice(&self.w);
            }
            if errors == 0.0 || stop() {
                return;
            }
        }
    }

    /// The best length of a step: the derivative along it is piecewise linear and never falls, so Newton's method on it ends
    /// at its zero.
    fn line(&self, price: f64, step: &[f64]) -> f64 {
        let along: f64 = self.w.iter().zip(step).map(|(w, d)| w * d).sum();
        let square: f64 = step.iter().map(|d| d * d).sum();
        let (mut low, mut high, mut length) = (0.0, f64::INFINITY, 1.0);
        for _ in 0..LINE_STEPS {
            let (mut slope, mut curve) = (price * (along + length * square), price * square);
            for (((&a, &e), &want), &kept) in self.a.iter().zip(&self.slopes).zip(self.wants).zip(&self.kept) {
                let side = f64::from(want.signum());
                let gap = 1.0 - side * (a + length * e);
                if kept && gap > 0.0 {
                    let weight = self.share * f64::from(want.abs());
                    slope -= weight * gap * side * e;
                    curve += weight * e * e;
                }
            }
            if slope < 0.0 {
                low = length
            } else {
                high = length
            }
            let next = length - slope / curve;
            let next = if next > low && next < high { next } else { 0.5 * (low + high.min(4.0 * length)) };
            if !next.is_finite() || (next - length).abs() <= 1e-3 * length {
                break;
            }
            length = next;
        }
        length
    }
}

/// What a point costs on its side: its weight where it is on the wrong one.
fn error(a: f64, want: f32) -> f64 {
    let wrong = if want > 0.0 { a <= 0.0 } else { a >= 0.0 };
    if wrong { f64::from(want.abs()) } else { 0.0 }
}

/// An approximate solution of (price + sum of weight z z') d = -gradient by conjugate gradients.
fn newton_step(
    rows: &Rows<'_>,
    weight: impl Fn(usize) -> f64 + Sync,
    price: f64,
    gradient: &[f64],
    stop: &dyn Fn() -> bool,
) -> Vec<f64> {
    let dot = |u: &[f64], v: &[f64]| u.iter().zip(v).map(|(u, v)| u * v).sum::<f64>();
    let mut residual: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut direction = residual.clone();
    let (mut step, mut image) = (vec![0.0; gradient.len()], vec![0.0; gradient.len()]);
    let first = dot(&residual, &residual);
    let mut size = first;
    for _ in 0..GRADIENT_STEPS.min(2 * gradient.len()) {
        rows.curve(&weight, &direction, &mut image);
        image.iter_mut().zip(&direction).for_each(|(v, d)| *v += price * d);
        let curve = dot(&direction, &image);
        if curve <= 0.0 || !curve.is_finite() {
            break;
        }
        let length = size / curve;
        step.iter_mut().zip(&direction).for_each(|(s, d)| *s += length * d);
        residual.iter_mut().zip(&image).for_each(|(r, v)| *r -= length * v);
        let next = dot(&residual, &residual);
        if next <= RESIDUAL * RESIDUAL * first || stop() {
            break;
        }
        direction.iter_mut().zip(&residual).for_each(|(d, r)| *d = r + next / size * *d);
        size = next;
    }
    step
}
