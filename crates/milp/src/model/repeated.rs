//! Names that stand twice.

use crate::Budget;

/// Names of a bucket, about.
const TOGETHER: usize = 64;

/// The first, in the order of texts, of the names that stand twice, if there are any; `None` when the budget is over. Cost O(n) for short names.
pub(crate) fn repeated<'m>(
    names: impl ExactSizeIterator<Item = &'m str> + Clone,
    budget: &Budget,
) -> Option<Option<&'m str>> {
    let buckets = (names.len() / TOGETHER).next_power_of_two();
    let bucket = |name: &str| (hash(name) as usize) & (buckets - 1);
    let mut starts = vec![0; buckets + 1];
    for name in names.clone() {
        if budget.spend(1 + name.len()) {
            return None;
        }
        starts[bucket(name) + 1] += 1;
    }
    for k in 0..buckets {
        starts[k + 1] += starts[k];
    }
    let mut next = starts.clone();
    let mut sorted = vec![""; names.len()];
    for name in names {
        if budget.spend(1 + name.len()) {
            return None;
        }
        let at = &mut next[bucket(name)];
        sorted[*at] = name;
        *at += 1;
    }
    let mut first: Option<&str> = None;
    for pair in starts.windows(2) {
        let together = &mut sorted[pair[0]..pair[1]];
        if budget.spend(TOGETHER + together.len()) {
            return None;
        }
        together.sort_unstable();
        let twice = together.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
        first = first.into_iter().chain(twice).min();
    }
    Some(first)
}

/// FNV-1a, folded.
fn hash(name: &str) -> u64 {
    let mixed = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    mixed ^ mixed >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn the_first_repeated_name_is_found() {
        let mut names: Vec<String> = (0..5000).map(|k| format!("u_1_{k}_0")).collect();
        let find = |names: &[String]| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            repeated(names.iter().copied(), &Budget::default()).expect("no limits").map(str::to_owned)
        };
        assert_eq!(find(&names), None);
        assert_eq!(find(&[]), None);
        names.extend(["u_1_77_0".to_owned(), "u_1_2_0".to_owned()]);
        assert_eq!(find(&names).as_deref(), Some("u_1_2_0"));
    }

    /// Told to stop, it ends before it knows, and it asks every few thousand names.
    #[test]
    fn it_ends_where_it_is_told_to() {
        let names: Vec<String> = (0..100_000).map(|k| format!("u_1_{k}_0")).collect();
        let names = names.iter().map(String::as_str);
        let run = |patience: usize| {
            let asked = Cell::new(0);
            let stop = || asked.replace(asked.get() + 1) >= patience;
            (repeated(names.clone(), &Budget::default().stopped_by(&stop)), asked.get())
        };
        let (found, questions) = run(usize::MAX);
        assert!(found == Some(None) && questions > 50, "{questions}");
        (0..questions).for_each(|patience| assert_eq!(run(patience), (None, patience + 1)));
    }
}
