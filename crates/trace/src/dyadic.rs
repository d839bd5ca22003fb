//! Sums of powers of one half, exactly.

/// A sum of terms 2^-k. Takes memory of as many bits as the largest k.
///
/// ```
/// use trace::Dyadic;
///
/// let mut sum = Dyadic::default();
/// sum.add(1);
/// (2..=300).for_each(|depth| sum.add(depth));
/// assert_eq!(sum.to_f64(), 1.0, "to the nearest float");
/// assert!(!sum.is_one());
/// sum.add(300);
/// assert!(sum.is_one());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dyadic {
    whole: u64,
    /// Bits behind the point, the first word first, its highest bit 1/2; no zeros at the end.
    words: Vec<u64>,
}

impl Dyadic {
    /// Adds 2^-`k`. Takes constant time on the average of ascending sums, and k / 64 steps at most.
    pub fn add(&mut self, k: u32) {
        let Some(k) = k.checked_sub(1) else {
            self.whole += 1;
            return;
        };
        let mut word = (k / 64) as usize;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        let mut carry = 1_u64 << (63 - k % 64);
        loop {
            let (sum, over) = self.words[word].overflowing_add(carry);
            self.words[word] = sum;
            if !over {
                break;
            }
            carry = 1;
            match word.checked_sub(1) {
                Some(before) => word = before,
                None => {
                    self.whole += 1;
                    break;
                }
            }
        }
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
    }

    /// The whole part.
    #[must_use]
    pub fn whole(&self) -> u64 {
        self.whole
    }

    /// Whether the sum is 1.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.is(1)
    }

    /// Whether the sum is a whole number, and which.
    #[must_use]
    pub fn is(&self, whole: u64) -> bool {
        self.whole == whole && self.words.is_empty()
    }

    /// The sum, within 2 units in the last place.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn to_f64(&self) -> f64 {
        let unit = 0.5_f64.powi(64);
        let digits = |k: usize| self.words.get(k).map_or(0.0, |word| *word as f64);
        self.whole as f64 + unit * (digits(0) + unit * digits(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carries_run_through_words() {
        let mut sum = Dyadic::default();
        (1..=200).for_each(|k| sum.add(k));
        assert_eq!(sum.words.len(), 4);
        assert!(!sum.is_one() && sum.whole() == 0);
        sum.add(200);
        assert!(sum.is_one() && sum.words.is_empty());
        sum.add(65);
        assert_eq!((sum.whole(), sum.words.clone()), (1, vec![0, 1 << 63]));
        sum.add(0);
        assert_eq!(sum.whole(), 2);
    }

    #[test]
    fn floats_are_near() {
        let mut sum = Dyadic::default();
        for k in [2, 3, 70] {
            sum.add(k);
        }
        assert_eq!(sum.to_f64(), 0.375 + 0.5_f64.powi(70));
    }
}
