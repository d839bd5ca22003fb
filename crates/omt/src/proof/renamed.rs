//! Steps and lemmas of a part under the names that they have in the whole proof.

use super::weights::Bounds;
use crate::theory::{Lemma, Side};
use std::fmt::Write as _;

/// How the names of a part change.
pub(super) struct Renaming<'a> {
    /// Number of the part.
    pub(super) part: usize,
    /// Learned clauses, and counts, of the parts before.
    pub(super) learned: u64,
    pub(super) counts: u64,
    /// The line of each of its lemmas.
    pub(super) lemmas: &'a [usize],
}

impl Renaming<'_> {
    /// A line of steps; `None` if a lemma is not there.
    pub(super) fn line(&self, line: &str) -> Option<String> {
        let mut out = String::with_capacity(line.len() + line.len() / 8);
        let mut rest = line;
        while !rest.is_empty() {
            let end = rest.find([' ', ';']).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            self.word(word, &mut out)?;
            let next = after.find(|c| c != ' ' && c != ';').unwrap_or(after.len());
            out.push_str(&after[..next]);
            rest = &after[next..];
        }
        Some(out)
    }

    fn word(&self, word: &str, out: &mut String) -> Option<()> {
        let part = self.part;
        let number = |text: &str| text.parse::<u64>().ok();
        let renamed =
            |prefix: &str, by: u64| Some((prefix.len(), number(word.strip_prefix(prefix)?)?.checked_add(by)?));
        let counted = ["@least", "@less", "@share", "count", "~count"]
            .into_iter()
            .find_map(|prefix| renamed(prefix, self.counts));
        if let Some((at, number)) = counted.or_else(|| renamed("@c", self.learned)) {
            let _ = write!(out, "{}{number}", &word[..at]);
        } else if let Some((kind, rest)) = lemma(word) {
            let (line, neuron) = rest.split_once('_')?;
            let line = self.lemmas.get(line.parse::<usize>().ok()?)?;
            let _ = write!(out, "{kind}{line}_{neuron}");
        } else if let Some(case) = word.strip_prefix("@closed") {
            let _ = write!(out, "@{}", closed(part, case));
        } else if let Some(case) = word.strip_prefix("@case").and_then(|word| word.strip_suffix("low")) {
            let _ = write!(out, "@{}", low(part, case));
        } else {
            out.push_str(word);
        }
        Some(())
    }
}

/// The label of a lemma's clause: its kind, and what follows.
fn lemma(word: &str) -> Option<(&str, &str)> {
    let is_label =
        |kind: &&str| word.strip_prefix(*kind).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    ["@m", "@n"].into_iter().find(is_label).map(|kind| word.split_at(kind.len()))
}

/// The label of the clause that closes a case in a part.
pub(super) fn closed(part: usize, case: impl std::fmt::Display) -> String {
    format!("part{part}closed{case}")
}

/// The label of what cores of a case in a part add up to.
pub(super) fn low(part: usize, case: impl std::fmt::Display) -> String {
    format!("part{part}low{case}")
}

/// The layer (from 1) and the members of a line of `lemmas.jsonl`; `None` if it is none.
pub(super) fn read_lemma(line: &str, bounds: &Bounds) -> Option<(usize, Lemma)> {
    let rest = line.strip_prefix("{\"layer\":")?.strip_suffix("]}")?;
    let (layer, rest) = rest.split_once(",\"fires\":[")?;
    let layer = layer.parse().ok().filter(|&layer| bounds.is_layer(layer))?;
    let (fires, rest) = rest.split_once("],\"rests\":[")?;
    let (rests, rest) = rest.split_once("],\"least\":[").unwrap_or((rest, ""));
    let (least, below) = rest.split_once("],\"below\":[").unwrap_or_default();
    let mut atoms = Vec::new();
    for (members, side, is_bound) in [
        (fires, Side::Fires, false),
        (rests, Side::Silent, false),
        (least, Side::Fires, true),
        (below, Side::Silent, true),
    ] {
        for member in members.split("],").filter(|member| !member.is_empty()) {
            let (site, more) = member.strip_prefix('[')?.split_once(',')?;
            let site = if is_bound {
                let value =
                    more.trim_end_matches(']').parse().ok().filter(|&value| value > 0 && value <= bounds.values())?;
                bounds.site(layer, (site.parse().ok()?, value))
            } else {
                site.parse().ok()?
            };
            atoms.push((site, side));
        }
    }
    // The search's order: by site.
    atoms.sort_unstable();
    Some((layer, Lemma { atoms }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Loss, Points, Problem, Scaler, WeightDomain};

    #[test]
    fn names_of_a_part() {
        let renaming = Renaming { part: 7, learned: 100, counts: 10, lemmas: &[4, 2] };
        for (before, after) in [
            (
                "@c3 rup 1 ~case1 1 u1_3_0 >= 1 : @m1_0 @n0_1 @c2;",
                "@c103 rup 1 ~case1 1 u1_3_0 >= 1 : @m2_0 @n4_1 @c102;",
            ),
            ("@c4 pol  @less2 @least0 + 3 d;", "@c104 pol  @less12 @least10 + 3 d;"),
            (
                "@least1 red 2 ~count1 1 u2_0_0 >= 2 : count1 -> 0;",
                "@least11 red 2 ~count11 1 u2_0_0 >= 2 : count11 -> 0;",
            ),
            (
                "@closed0 rup 1 ~case0 >= 1 : @best @y0_3_1 @order0_2 @agree1a 12;",
                "@part7closed0 rup 1 ~case0 >= 1 : @best @y0_3_1 @order0_2 @agree1a 12;",
            ),
            ("@share3 pol @c5 1 * @least3 + 2 d;", "@share13 pol @c105 1 * @least13 + 2 d;"),
            ("@case1low pol @share3;", "@part7low1 pol @share13;"),
            ("del id @c5;", "del id @c105;"),
        ] {
            assert_eq!(renaming.line(before).as_deref(), Some(after));
        }
        assert_eq!(renaming.line("@c3 rup >= 1 : @m2_0;"), None, "no such lemma");
    }

    #[test]
    fn lemmas_of_a_line() {
        let points = Points::merge(1, 2, &[0.0, 1.0], &[0, 1], Scaler::identity(1));
        let of = |weights| {
            let architecture = Architecture { inputs: 1, hidden: vec![3], classes: 2, bias: true, weights };
            Bounds::new(&Problem::new(points.clone(), architecture, Loss::Hamming))
        };
        let real = of(WeightDomain::Continuous);
        let line = r#"{"layer":2,"fires":[[3,"1/2"],[5,"1"]],"rests":[[1,"7/3"]]}"#;
        let atoms = vec![(1, Side::Silent), (3, Side::Fires), (5, Side::Fires)];
        assert_eq!(read_lemma(line, &real).map(|(layer, lemma)| (layer, lemma.atoms)), Some((2, atoms)));
        let empty = read_lemma(r#"{"layer":1,"fires":[],"rests":[[0,"1"]]}"#, &real);
        assert_eq!(empty.map(|(_, lemma)| lemma.atoms), Some(vec![(0, Side::Silent)]));
        for bad in ["", "{}", r#"{"layer":1,"fires":[[x,"1"]],"rests":[]}"#, r#"{"layer":3,"fires":[],"rests":[]}"#] {
            assert!(read_lemma(bad, &real).is_none(), "{bad}");
        }
        // Behind 8 patterns, weights of which each has 4 bounds.
        let bounded = r#"{"layer":2,"fires":[],"rests":[[1,"1"]],"least":[[0,1],[2,4]],"below":[[1,3]]}"#;
        let atoms = vec![(1, Side::Silent), (8, Side::Fires), (14, Side::Silent), (19, Side::Fires)];
        let whole = of(WeightDomain::Integer(2));
        assert_eq!(read_lemma(bounded, &whole).map(|(layer, lemma)| (layer, lemma.atoms)), Some((2, atoms)));
        assert!(
            read_lemma(&bounded.replace("[2,4]", "[2,5]"), &whole).is_none() && read_lemma(bounded, &real).is_none()
        );
    }
}
