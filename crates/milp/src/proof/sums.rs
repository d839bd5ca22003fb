//! Sums of multiples of rows.

use dashu::integer::IBig;

/// Sums of multiples of rows, column by column; one is reused for all.
#[derive(Default)]
pub(super) struct Sums {
    values: Vec<IBig>,
    /// By how much the rounding of multipliers may have moved a sum.
    noise: Vec<f64>,
    touched: Vec<u32>,
}

impl Sums {
    pub fn new(columns: usize) -> Self {
        Self { values: vec![IBig::ZERO; columns], noise: vec![0.0; columns], touched: Vec::new() }
    }

    pub fn add(&mut self, factor: &IBig, column: u32, value: &IBig, size: f64) {
        let j = column as usize;
        if self.noise[j] == 0.0 {
            self.touched.push(column);
        }
        self.values[j] += factor * value;
        self.noise[j] += size.abs().max(f64::MIN_POSITIVE);
    }

    /// The non-zero sums with their noise, by column; afterwards everything is zero again.
    pub fn take(&mut self) -> Vec<(u32, IBig, f64)> {
        self.touched.sort_unstable();
        let mut out = Vec::with_capacity(self.touched.len());
        for &column in &self.touched {
            let noise = std::mem::take(&mut self.noise[column as usize]);
            let value = std::mem::take(&mut self.values[column as usize]);
            if !value.is_zero() {
                out.push((column, value, noise));
            }
        }
        self.touched.clear();
        out
    }
}
