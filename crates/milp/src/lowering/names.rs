//! Names of what is added, which no other column, or row, bears.

use std::collections::{BTreeMap, BTreeSet};

use crate::Budget;

/// Work that a name takes, in units of [`Budget::spend`].
const WORK_OF_A_NAME: usize = 10;

/// Gives those from `first` on a number where an earlier one has the same name: `x`, `x#2`, `x#3`. Cost O(n log(added)); when the budget is over,
/// the rest keep theirs.
pub(super) fn number<T>(all: &mut [T], first: usize, name: impl Fn(&mut T) -> &mut String, budget: &Budget) {
    let (given, added) = all.split_at_mut(first);
    let stems: BTreeSet<String> = added.iter_mut().map(|of| stem(name(of)).to_owned()).collect();
    let mut taken = BTreeSet::new();
    for of in given {
        if budget.spend(WORK_OF_A_NAME) {
            return;
        }
        let name = name(of);
        if stems.contains(stem(name)) {
            taken.insert(name.clone());
        }
    }
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    for of in added {
        if budget.spend(WORK_OF_A_NAME) {
            return;
        }
        let name = name(of);
        if taken.contains(name) {
            let next = numbers.entry(name.clone()).or_insert(1);
            let mut numbered = std::iter::repeat_with(|| {
                *next += 1;
                format!("{name}#{next}")
            });
            *name = numbered.find(|numbered| !taken.contains(numbered)).unwrap_or_default();
        }
        taken.insert(name.clone());
    }
}

/// A name without the numbers at its end.
fn stem(name: &str) -> &str {
    name.trim_end_matches(|c: char| c == '#' || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(names: &[&str], first: usize) -> Vec<String> {
        let mut all: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        number(&mut all, first, |name| name, &Budget::default());
        all
    }

    #[test]
    fn added_names_are_taken_by_nobody() {
        assert_eq!(numbered(&["a", "b", "c", "d"], 2), ["a", "b", "c", "d"]);
        assert_eq!(numbered(&["a", "a#2", "a#4", "a", "a", "a"], 3), ["a", "a#2", "a#4", "a#3", "a#5", "a#6"]);
        assert_eq!(numbered(&["a#2", "a#2", "a#2#2", "a"], 1), ["a#2", "a#2#2", "a#2#2#2", "a"]);
        // What is given stays, whatever it is.
        assert_eq!(numbered(&["x", "x", "", "", "x"], 2), ["x", "x", "", "#2", "x#2"]);
    }

    #[test]
    fn many_of_one_name_take_a_step_each() {
        const MANY: usize = 100_000;
        let began = std::time::Instant::now();
        let all = numbered(&vec!["x"; MANY], MANY / 2);
        assert_eq!(all.iter().skip(MANY / 2 - 1).collect::<BTreeSet<_>>().len(), MANY / 2 + 1);
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    }
}
