//! Why one output function of each kind is enough, as steps of redundance, and the cases that remain.
//!
//! One hidden layer of d neurons, two classes, ideal semantics with biases. Complementing hidden neuron j and exchanging
//! the truth table's entries accordingly changes no output, so the table may be nondecreasing in input j. A table that
//! ignores input j may as well be one that does not, with neuron j constant. Exchanging hidden neurons leaves one
//! table of each kind. Where the table cannot tell the last two neurons apart, their columns are ordered.
//!
//! Every step's witness maps lemma clauses to lemma clauses, since the formula has them for all neurons and flipped. What becomes of a neuron becomes of
//! the bounds on its whole weights; of the output's weights no lemma here says anything.

use super::names::{Literal, Name};
use super::steps::{Steps, Value};
use super::structure::Structure;
use crate::encode::Threshold;
use crate::theory::{Lemma, Side};
use bdnn::Stop;
use std::fmt::Display;
use std::io::Write;

/// Widest hidden layer whose output functions are told apart.
pub(crate) const MAX_WIDTH: usize = 4;

/// Widest hidden layer over which all monotone functions are threshold functions (Muroga 1971).
const ALL_THRESHOLDS: usize = 3;

/// Rows that the order of two columns looks at.
pub(crate) const ORDERED_ROWS: usize = 12;

fn entry(pattern: usize) -> Name {
    Name::Fires { layer: 2, neuron: 0, pattern }
}

fn unit(part: usize, neuron: usize) -> Name {
    Name::Unit { layer: 1, part, neuron }
}

/// The truth table's entries are those of `table`: the literals that say so.
fn equals(table: &[bool]) -> Vec<Literal> {
    table.iter().enumerate().map(|(pattern, &value)| entry(pattern).is(value)).collect()
}

/// Lemmas of layer 2 that say the output neuron is monotone, one way or the other, in each input: rising at one pattern
/// and falling at another cannot be.
pub(crate) fn unateness(width: usize) -> Vec<Lemma> {
    let mut lemmas = Vec::new();
    for input in 0..width {
        let low: Vec<u32> = (0..1_u32 << width).filter(|p| p >> input & 1 == 0).collect();
        for (k, &p) in low.iter().enumerate() {
            for &q in &low[..k] {
                let high = |p: u32| p | 1 << input;
                let mut atoms =
                    vec![(p, Side::Fires), (high(p), Side::Silent), (q, Side::Silent), (high(q), Side::Fires)];
                atoms.sort_unstable();
                lemmas.push(Lemma { atoms });
            }
        }
    }
    if width > ALL_THRESHOLDS {
        lemmas.extend(summability(width));
    }
    lemmas
}

/// Lemmas of layer 2 that tell threshold functions from other monotone ones: two patterns where the neuron fires have not
/// the same sum as two where it rests. Up to 8 inputs that is enough (Muroga 1971, 2-asummability).
fn summability(width: usize) -> impl Iterator<Item = Lemma> {
    let patterns = 0..1_u32 << width;
    let pairs = move || patterns.clone().flat_map(move |p| (0..p).map(move |q| (q, p)));
    // The sum of two patterns is told by where both and where one of them is 1.
    let same = |(a, b): (u32, u32), (c, d): (u32, u32)| a & b == c & d && a ^ b == c ^ d;
    pairs().flat_map(move |fires| {
        pairs().filter(move |&rests| rests != fires && same(fires, rests)).map(move |rests| {
            let mut atoms =
                vec![(fires.0, Side::Fires), (fires.1, Side::Fires), (rests.0, Side::Silent), (rests.1, Side::Silent)];
            atoms.sort_unstable();
            Lemma { atoms }
        })
    })
}

/// The steps that reduce all tables to `functions`, name each of them, and order columns. `parts` are those whose
/// activations the search knows.
pub(crate) struct Symmetry<'a, 'p> {
    pub(crate) structure: &'a Structure<'p>,
    pub(crate) functions: &'a [Threshold],
    pub(crate) parts: &'a [usize],
}

impl Symmetry<'_, '_> {
    fn width(&self) -> usize {
        self.structure.width(1)
    }

    fn patterns(&self) -> std::ops::Range<usize> {
        0..1 << self.width()
    }

    /// What a witness makes of a hidden neuron: its activations by part, and the bounds of its weights by input and number of the value.
    fn becomes(
        &self,
        neuron: usize,
        activation: impl Fn(usize) -> Value,
        bound: impl Fn(usize, usize) -> Value,
    ) -> Vec<(Name, Value)> {
        let units = (0..self.structure.parts()).map(|part| (unit(part, neuron), activation(part)));
        let bounds = self.structure.bounds_of(1, neuron).filter_map(|name| match name {
            Name::AtLeast { input, value, .. } => Some((name, bound(input, value))),
            _ => None,
        });
        units.chain(bounds).collect()
    }

    /// The same where it becomes another one.
    fn replaced(&self, neuron: usize, other: usize) -> Vec<(Name, Value)> {
        let at_least = |input, value| Name::AtLeast { layer: 1, neuron: other, input, value };
        let literal = |name: Name| Value::Literal(name.is(true));
        self.becomes(neuron, |part| literal(unit(part, other)), |input, value| literal(at_least(input, value)))
    }

    /// All of it. Once `stop` says so, the steps have failed. Cost O(parts) a step.
    pub(crate) fn write(&self, steps: &mut Steps<impl Write>, stop: &Stop<'_>) {
        self.nondecreasing(steps, stop);
        self.one_of_each_kind(steps, stop);
        for (case, function) in self.functions.iter().enumerate() {
            let table: Vec<bool> = self.patterns().map(|p| function.at(p)).collect();
            define(steps, case, Name::Case(case), &equals(&table));
        }
        let ordered: Vec<usize> = (0..self.functions.len()).filter(|&case| orders(&self.functions[case])).collect();
        if !ordered.is_empty() {
            self.define_agreement(steps);
            ordered.into_iter().for_each(|case| self.order(steps, case, stop));
        }
    }

    fn nondecreasing(&self, steps: &mut Steps<impl Write>, stop: &Stop<'_>) {
        for input in 0..self.width() {
            if steps.failed() {
                return;
            }
            // Weight l is at least v where it was below 1 - v.
            let turned = |l, value| {
                let value = self.structure.bounds.values() + 1 - value;
                Value::Literal(Name::AtLeast { layer: 1, neuron: input, input: l, value }.is(false))
            };
            let mut witness = self.becomes(input, |part| Value::Literal(unit(part, input).is(false)), turned);
            witness.extend(self.patterns().map(|p| (entry(p), Value::Literal(entry(p ^ 1 << input).is(true)))));
            for p in self.patterns().filter(|p| p >> input & 1 == 0) {
                let rises = [entry(p).is(false), entry(p | 1 << input).is(true)];
                steps.red_within(format_args!("rise{input}_{p}"), &rises, &witness, stop);
            }
        }
    }

    /// Rules out every other monotone threshold function: those that ignore an input, then the permuted ones.
    fn one_of_each_kind(&self, steps: &mut Steps<impl Write>, stop: &Stop<'_>) {
        let width = self.width();
        let constants = |table: &[bool]| -> Vec<(Name, Value)> {
            table.iter().enumerate().map(|(p, &value)| (entry(p), Value::Constant(value))).collect()
        };
        let mut tables: Vec<(usize, Vec<bool>)> = monotone_tables(width)
            .into_iter()
            .map(|table| ((0..width).filter(|&j| depends(&table, j)).count(), table))
            .collect();
        tables.sort();
        for (used, table) in tables {
            if steps.failed() {
                return;
            }
            let mut witness = Vec::new();
            if let Some(ignored) = (0..width).find(|&j| !depends(&table, j)) {
                let all_zero = !table.contains(&true);
                let on = |p: usize| p >> ignored & 1 == 1;
                let richer: Vec<bool> = (0..table.len()).map(|p| on(p) && (all_zero || table[p])).collect();
                let zero = |_, value| Value::Constant(2 * value <= self.structure.bounds.values());
                witness.extend(self.becomes(ignored, |_| Value::Constant(!all_zero), zero));
                witness.extend(constants(&richer));
            } else {
                debug_assert_eq!(used, width);
                let Some((order, function)) = self.canonical(&table) else { continue };
                if order.iter().enumerate().all(|(j, &k)| j == k) {
                    continue;
                }
                let moved = order.iter().enumerate().filter(|&(j, &k)| j != k);
                witness.extend(moved.flat_map(|(j, &k)| self.replaced(j, k)));
                witness.extend(constants(&(0..table.len()).map(|p| function.at(p)).collect::<Vec<_>>()));
            }
            let bits: usize = table.iter().enumerate().map(|(p, &value)| usize::from(value) << p).sum();
            let other: Vec<Literal> = equals(&table).into_iter().map(|literal| !literal).collect();
            steps.red_within(format_args!("not{bits}"), &other, &witness, stop);
        }
    }

    /// The order of inputs under which `table` is one of the functions: function(v) with v_j = input order[j]. The
    /// identity if it is one itself; `None` if it is no threshold function.
    fn canonical(&self, table: &[bool]) -> Option<(Vec<usize>, &Threshold)> {
        let width = self.width();
        permutations(width).into_iter().find_map(|order| {
            let view = |p: usize| (0..width).map(|j| (p >> order[j] & 1) << j).sum::<usize>();
            let same = |f: &&Threshold| (0..table.len()).all(|p| f.at(view(p)) == table[p]);
            self.functions.iter().find(same).map(|f| (order.clone(), f))
        })
    }

    /// The last two columns' literals at the rows that are compared.
    fn last_columns(&self) -> impl Iterator<Item = (Name, Name)> + '_ {
        let width = self.width();
        self.parts.iter().take(ORDERED_ROWS).map(move |&part| (unit(part, width - 2), unit(part, width - 1)))
    }

    fn define_agreement(&self, steps: &mut Steps<impl Write>) {
        let mut before: Option<Literal> = None;
        for (row, (a, b)) in self.last_columns().enumerate() {
            let equal = Name::Equal(row);
            let so_far = |rest: &[Literal]| -> Vec<Literal> {
                before.map(|e| !e).into_iter().chain(rest.iter().copied()).collect()
            };
            for (kind, value) in [('a', true), ('b', false)] {
                let clause = so_far(&[a.is(!value), b.is(!value), equal.is(true)]);
                steps.red(format_args!("agree{row}{kind}"), &clause, &[(equal, Value::Constant(true))]);
            }
            let mut needed = vec![[a.is(true), b.is(false)].to_vec(), [a.is(false), b.is(true)].to_vec()];
            needed.extend(before.map(|e| vec![e]));
            for (kind, mut clause) in ('c'..).zip(needed) {
                clause.insert(0, equal.is(false));
                steps.red(format_args!("agree{row}{kind}"), &clause, &[(equal, Value::Constant(false))]);
            }
            before = Some(equal.is(true));
        }
    }

    /// In the case of this function the last column but one is lexicographically at least the last.
    fn order(&self, steps: &mut Steps<impl Write>, case: usize, stop: &Stop<'_>) {
        if steps.failed() {
            return;
        }
        let width = self.width();
        let (j, k) = (width - 2, width - 1);
        let mut exchange = self.replaced(j, k);
        exchange.extend(self.replaced(k, j));
        for p in self.patterns() {
            let exchanged = p & !(1 << j) & !(1 << k) | (p >> j & 1) << k | (p >> k & 1) << j;
            if exchanged != p {
                exchange.push((entry(p), Value::Literal(entry(exchanged).is(true))));
            }
        }
        for (row, (a, b)) in self.last_columns().enumerate() {
            let before = row.checked_sub(1).map(|row| Name::Equal(row).is(false));
            let clause: Vec<Literal> =
                [Name::Case(case).is(false)].into_iter().chain(before).chain([a.is(true), b.is(false)]).collect();
            steps.red_within(format_args!("order{case}_{row}"), &clause, &exchange, stop);
        }
    }

    /// Once every case is refuted: the tables that remain are none. Clauses over growing prefixes of the table; the last is
    /// the contradiction `bound` or, where cases are refuted only under the assumption `unless`, its negation `closed`.
    pub(crate) fn close(&self, steps: &mut Steps<impl Write>, unless: Option<Name>) {
        self.refute(steps, unless, &mut Vec::new());
    }

    fn refute(&self, steps: &mut Steps<impl Write>, unless: Option<Name>, prefix: &mut Vec<bool>) {
        // Entries stand in an order in which smaller patterns come first, so a fall shows as soon as it is there.
        let last = prefix.len().checked_sub(1);
        let falls =
            last.is_some_and(|p| (0..self.width()).any(|j| p >> j & 1 == 1 && prefix[p ^ 1 << j] && !prefix[p]));
        if falls || prefix.len() == self.patterns().len() {
            return;
        }
        for value in [false, true] {
            prefix.push(value);
            self.refute(steps, unless, prefix);
            prefix.pop();
        }
        let mut clause: Vec<Literal> = equals(prefix).into_iter().map(|literal| !literal).collect();
        clause.extend(unless.map(|name| name.is(false)));
        let last = if unless.is_some() { "closed" } else { "bound" };
        steps.rup(if prefix.is_empty() { last.to_owned() } else { format!("no{}", label(prefix)) }, &clause);
    }

    /// The clauses of `output` over the hidden neurons, derived from the truth table, at one part: under the
    /// guard, the output takes the value only if from each of its sets some neuron has it. Returns the number of
    /// clauses that stay, labelled `{label}_0`, ..
    pub(crate) fn spell_out(
        &self,
        steps: &mut Steps<impl Write>,
        case: usize,
        part: usize,
        value: bool,
        label: &dyn Display,
    ) -> usize {
        let sets = self.functions[case].clauses(value);
        let output = Name::Unit { layer: 2, part, neuron: 0 }.is(!value);
        for (number, set) in sets.iter().enumerate() {
            let mut clause = vec![Name::Case(case).is(false), output];
            clause.extend(set.iter().map(|&j| unit(part, j).is(value)));
            let others: Vec<usize> = (0..self.width()).filter(|j| !set.contains(j)).collect();
            // From all other neurons but one decided, down to none.
            for decided in (0..others.len().max(1)).rev() {
                for choice in 0..1_usize << decided {
                    let mut longer = clause.clone();
                    longer.extend((0..decided).map(|k| unit(part, others[k]).is(choice >> k & 1 == 0)));
                    if decided == 0 {
                        steps.rup(format_args!("{label}_{number}"), &longer);
                    } else {
                        steps.rup(format_args!("{label}_{number}_{decided}_{choice}"), &longer);
                    }
                }
                if decided + 1 < others.len() {
                    for choice in 0..1_usize << (decided + 1) {
                        steps.delete(format_args!("{label}_{number}_{}_{choice}", decided + 1));
                    }
                }
            }
        }
        sets.len()
    }
}

/// Whether the case orders the last two columns.
pub(crate) fn orders(function: &Threshold) -> bool {
    let width = function.inputs();
    width >= 2 && function.symmetric(width - 2, width - 1)
}

/// `name` holds iff all `literals` do.
fn define(steps: &mut Steps<impl Write>, number: usize, name: Name, literals: &[Literal]) {
    let n = literals.len();
    let sum: String = literals.iter().map(|literal| format!(" 1 {literal}")).collect();
    let only_if = format!("{n} ~{name}{sum} >= {n}");
    steps.red_sum(format_args!("case{number}only"), only_if, &[(name, Value::Constant(false))]);
    let mut clause = vec![name.is(true)];
    clause.extend(literals.iter().map(|&literal| !literal));
    steps.red(format_args!("case{number}if"), &clause, &[(name, Value::Constant(true))]);
}

fn label(prefix: &[bool]) -> String {
    prefix.iter().map(|&value| if value { '1' } else { '0' }).collect()
}

fn depends(table: &[bool], input: usize) -> bool {
    (0..table.len()).any(|p| table[p] != table[p ^ 1 << input])
}

/// All monotone functions of `width` <= [`MAX_WIDTH`] inputs.
fn monotone_tables(width: usize) -> Vec<Vec<bool>> {
    let size = 1_usize << width;
    (0..1_usize << size)
        .map(|bits| (0..size).map(|p| bits >> p & 1 == 1).collect::<Vec<bool>>())
        .filter(|table| (0..size).all(|p| (0..width).all(|j| !table[p] || table[p | 1 << j])))
        .collect()
}

fn permutations(width: usize) -> Vec<Vec<usize>> {
    if width == 0 {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for shorter in permutations(width - 1) {
        for at in (0..width).rev() {
            let mut order = shorter.clone();
            order.insert(at, width - 1);
            all.push(order);
        }
    }
    all
}
