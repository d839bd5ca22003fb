//! Why a tuple of the dual tree holds no network that loses less than claimed, as lemmas and steps.
//!
//! A neuron is in a cone if it keeps to constraints: the sides of the points that its node was split by. That it takes a side at another
//! point, or cannot be right at two points, follows from some of them (Farkas), which is a lemma. So a point is lost by lemmas and a clause of the
//! output function; a core is a clause by propagation; and cores, the bound on the objective and the points that are lost contradict each other as a sum. What
//! all this used of the constraints is the clause that closes the tuple: one of them does not hold.
//!
//! What is known to follow from constraints that a neuron keeps to is used again; what is new is derived from the first node on its way that decides it. So
//! clauses need few constraints, and lemmas and cores are shared.

use super::folder::Output;
use super::layout::Layout;
use super::log::{LemmaLog, with_multipliers};
use super::names::{Literal, Name};
use super::steps::Steps;
use crate::dual::{Account, Judge, MOST, Verdict};
use crate::theory::{Geometry, Lemma, Side};
use bdnn::Stop;
use bdnn::separation::Effort;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::rc::Rc;

/// Where a neuron is in the tree.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) node: u32,
    root: u32,
    way: Vec<Step>,
    /// By point: a bit for resting there, and one for firing, of the points that it was split by.
    kept: Vec<u8>,
}

/// A step down the tree: a point, whether the neuron fires there, and the node where that is so.
#[derive(Clone, Copy)]
struct Step {
    node: u32,
    point: u32,
    fires: bool,
}

impl Place {
    pub(super) fn new(root: u32) -> Self {
        Self { node: root, root, way: Vec::new(), kept: Vec::new() }
    }

    /// Goes down to a node.
    pub(super) fn enter(&mut self, node: u32, point: u32, fires: bool) {
        self.way.push(Step { node, point, fires });
        self.node = node;
        let at = point as usize;
        self.kept.resize(self.kept.len().max(at + 1), 0);
        self.kept[at] |= 1 << u8::from(fires);
    }

    /// Whether it was split by a point and is on this side of it.
    fn keeps(&self, (point, fires): (u32, bool)) -> bool {
        self.kept.get(point as usize).is_some_and(|bits| bits >> u8::from(fires) & 1 == 1)
    }

    /// The constraints of the step of this number and of those before it.
    fn first(&self, last: usize) -> Vec<(u32, bool)> {
        self.way[..=last].iter().map(|step| (step.point, step.fires)).collect()
    }

    /// Goes back up.
    pub(super) fn leave(&mut self) {
        if let Some(step) = self.way.pop() {
            self.kept[step.point as usize] = 0;
        }
        self.node = self.way.last().map_or(self.root, |step| step.node);
    }
}

/// A constraint: a neuron, a point, and whether the one fires at the other.
type Constraint = (usize, u32, bool);

/// A clause that closes a tuple: one of some constraints does not hold.
pub(super) struct Clause {
    /// The number of its step.
    pub(super) label: u64,
    needs: BTreeSet<Constraint>,
}

impl Clause {
    pub(super) fn needs(&self, neuron: usize, point: u32, fires: bool) -> bool {
        self.needs.contains(&(neuron, point, fires))
    }
}

/// What is said of a neuron: it takes a side at a point, or is not right at both of two points.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Side(u32, bool),
    NotBoth(u32, u32),
}

/// Why a neuron in a cone takes a side at a point, or is not right at two of them.
struct Reason {
    /// The lemma, and whether it stands flipped; none for a point that the cone was split by.
    line: Option<(u32, bool)>,
    /// The constraints it rests on.
    needs: Vec<(u32, bool)>,
}

/// Steps, and what they need.
#[derive(Default)]
struct Hints {
    text: String,
    needs: BTreeSet<Constraint>,
}

impl Hints {
    fn add(&mut self, label: std::fmt::Arguments<'_>) {
        let written = write!(self.text, " @{label}");
        debug_assert!(written.is_ok(), "strings take all text");
    }

    /// What is so for a neuron.
    fn reason(&mut self, neuron: usize, reason: &Reason) {
        if let Some((line, flipped)) = reason.line {
            self.add(format_args!("{}{line}_{neuron}", if flipped { 'n' } else { 'm' }));
        }
        self.needs.extend(reason.needs.iter().map(|&(point, fires)| (neuron, point, fires)));
    }
}

/// Which neurons are right at a point, by what is known in a core.
struct Rightness {
    /// Of each set some neuron is.
    some: Vec<u8>,
    /// Not all neurons of a set are.
    not_all: Vec<u8>,
}

impl Rightness {
    /// Whether propagation refutes that these neurons are right and those wrong.
    fn refutes(&self, mut right: u8, mut wrong: u8) -> bool {
        loop {
            let before = (right, wrong);
            for &set in &self.not_all {
                match set & !right {
                    0 => return true,
                    rest if rest.is_power_of_two() => wrong |= rest,
                    _ => {}
                }
            }
            for &set in &self.some {
                match set & !wrong {
                    0 => return true,
                    rest if rest.is_power_of_two() => right |= rest,
                    _ => {}
                }
            }
            if right & wrong != 0 {
                return true;
            }
            if before == (right, wrong) {
                return false;
            }
        }
    }
}

/// What is known of cones, whatever is claimed.
pub(super) struct Known {
    pub(super) judge: Judge,
    reasons: Reasons,
}

impl Known {
    pub(super) fn new(judge: Judge) -> Self {
        Self { judge, reasons: Reasons::new() }
    }
}

/// By what they say, those that were used last first.
type Reasons = BTreeMap<Said, Vec<Rc<Reason>>>;

/// Writes what closes tuples.
pub(super) struct Closing<'a, 'p> {
    pub(super) judge: Judge,
    layout: &'a Layout<'p>,
    geometry: &'a Geometry,
    /// What is assumed of the loss.
    unless: Option<Name>,
    lemmas: &'a mut LemmaLog,
    steps: &'a mut Steps<Output>,
    case: usize,
    reasons: Reasons,
    /// Clauses of cores of the case at hand, by their points and what they need.
    cores: BTreeMap<(Vec<u32>, Vec<Constraint>), u64>,
    labels: u64,
}

impl<'a, 'p> Closing<'a, 'p> {
    /// For what is claimed, under the assumption `unless` that the loss is less.
    pub(super) fn new(
        Known { judge, reasons }: Known,
        layout: &'a Layout<'p>,
        geometry: &'a Geometry,
        unless: Option<Name>,
        lemmas: &'a mut LemmaLog,
        steps: &'a mut Steps<Output>,
    ) -> Self {
        Self { judge, layout, geometry, unless, lemmas, steps, case: 0, reasons, cores: BTreeMap::new(), labels: 0 }
    }

    /// What stays for the next claim.
    pub(super) fn known(self) -> Known {
        Known { judge: self.judge, reasons: self.reasons }
    }

    /// Begins a case: spells its output function out. `None` once `stop` says so.
    pub(super) fn begin(&mut self, case: usize, stop: &Stop<'_>) -> Option<()> {
        self.case = case;
        self.cores.clear();
        if self.has_hidden_layer() {
            self.layout.spell_out(self.steps, case, stop);
        }
        (!stop()).then_some(())
    }

    fn has_hidden_layer(&self) -> bool {
        !self.layout.functions.is_empty()
    }

    fn label(&mut self) -> u64 {
        self.labels += 1;
        self.labels
    }

    fn unit(&self, neuron: usize, point: u32) -> Name {
        Name::Unit { layer: 1, part: self.judge.site(point) as usize, neuron }
    }

    /// The output is wrong at a point.
    fn wrong(&self, point: u32) -> Literal {
        let part = self.judge.site(point) as usize;
        let layer = if self.has_hidden_layer() { 2 } else { 1 };
        Name::Unit { layer, part, neuron: 0 }.is(!self.judge.wanted(point))
    }

    /// The clause that one of these constraints does not hold, after other literals.
    fn clause(&self, needs: &BTreeSet<Constraint>, others: impl IntoIterator<Item = Literal>) -> Vec<Literal> {
        let case = self.has_hidden_layer().then(|| Name::Case(self.case).is(false));
        let denied = needs.iter().map(|&(neuron, point, fires)| self.unit(neuron, point).is(!fires));
        case.into_iter().chain(others).chain(denied).collect()
    }

    pub(super) fn examine(&mut self, places: &[Place], stop: &Stop<'_>) -> Option<Verdict> {
        let mut nodes = [0; MOST];
        nodes.iter_mut().zip(places).for_each(|(node, place)| *node = place.node);
        self.judge.examine(self.case, &nodes[..places.len()], stop)
    }

    /// Closes a tuple whose last two columns stand in the wrong order, as far as the first points tell.
    pub(super) fn by_order(&mut self, places: &[Place]) -> Option<Clause> {
        let [.., a, b] = places else { return None };
        let both = || a.way.iter().zip(&b.way).take(self.layout.parts.len());
        let row = both().position(|(a, b)| a.fires != b.fires).filter(|&row| b.way[row].fires)?;
        let mut hints = Hints::default();
        (0..row).for_each(|row| ["a", "b"].into_iter().for_each(|kind| hints.add(format_args!("agree{row}{kind}"))));
        hints.add(format_args!("order{}_{row}", self.case));
        let last = places.len() - 1;
        let constraints =
            both().take(row + 1).flat_map(|(a, b)| [(last - 1, a.point, a.fires), (last, b.point, b.fires)]);
        let needs: BTreeSet<Constraint> = constraints.collect();
        Some(self.close(needs, &hints.text))
    }

    /// Writes a clause by propagation.
    fn close(&mut self, needs: BTreeSet<Constraint>, hints: &str) -> Clause {
        let clause = self.clause(&needs, self.unless.map(|name| name.is(false)));
        let label = self.label();
        self.steps.rup_by(format_args!("c{label}"), &clause, hints);
        Clause { label, needs }
    }

    pub(super) fn forget(&mut self, clause: Clause) {
        self.steps.delete(format_args!("c{}", clause.label));
    }

    /// What follows from the clauses of two halves, told apart by a neuron's side of a point.
    pub(super) fn resolve(&mut self, fires: Clause, rests: Clause, (neuron, point): (usize, u32)) -> Clause {
        let hints = format!(" @c{} @c{}", fires.label, rests.label);
        let both = fires.needs.union(&rests.needs).copied();
        let needs = both.filter(|&(j, at, _)| (j, at) != (neuron, point)).collect();
        let clause = self.close(needs, &hints);
        self.forget(fires);
        self.forget(rests);
        clause
    }

    /// Closes a tuple by what its networks lose; `None` once `stop` says so.
    pub(super) fn leaf(&mut self, places: &[Place], account: &Account, stop: &Stop<'_>) -> Option<Clause> {
        let mut hints = Hints::default();
        for &point in &account.lost {
            self.lose(places, point, &mut hints, stop)?;
        }
        let limit = if self.unless.is_some() { "cut0" } else { "best" };
        if account.cores.is_empty() {
            hints.add(format_args!("{limit}"));
            return Some(self.close(hints.needs, &hints.text));
        }
        let mut sum = Hints::default();
        sum.add(format_args!("{limit}"));
        for core in &account.cores {
            let label = self.core(places, core, &mut sum.needs, stop)?;
            match self.judge.unit() {
                1 => sum.add(format_args!("{label} +")),
                unit => sum.add(format_args!("{label} {unit} * +")),
            }
        }
        let label = self.label();
        self.steps.step(format_args!("@c{label} pol{}", sum.text));
        hints.add(format_args!("c{label}"));
        hints.needs.append(&mut sum.needs);
        let clause = self.close(hints.needs, &hints.text);
        self.steps.delete(format_args!("c{label}"));
        Some(clause)
    }

    /// Neurons that surely are on the wrong side of a point, and on the right one.
    fn sides(&self, places: &[Place], point: u32) -> (u8, u8) {
        let wanted = self.judge.wanted(point);
        let mask = |right: bool| {
            let on = |place: &Place| self.judge.side(place.node, point) == Some(wanted == right);
            places.iter().enumerate().map(|(j, place)| u8::from(on(place)) << j).sum()
        };
        (mask(false), mask(true))
    }

    /// Hints that a point is lost for certain.
    fn lose(&mut self, places: &[Place], point: u32, hints: &mut Hints, stop: &Stop<'_>) -> Option<()> {
        let (wrong, _) = self.sides(places, point);
        let set = self.set_within(point, wrong)?;
        self.all_wrong(places, point, set, wrong, hints, stop)
    }

    /// The first set of neurons within a mask that make a point wrong.
    fn set_within(&self, point: u32, mask: u8) -> Option<(usize, u8)> {
        self.judge.sets(self.case, point).enumerate().find(|(_, set)| set & !mask == 0)
    }

    /// Hints that neurons `decided` of a set are wrong at a point, and the clause of the set.
    fn all_wrong(
        &mut self,
        places: &[Place],
        point: u32,
        (number, set): (usize, u8),
        decided: u8,
        hints: &mut Hints,
        stop: &Stop<'_>,
    ) -> Option<()> {
        for j in bits(set & decided) {
            let reason = self.side(&places[j], point, stop)?;
            hints.reason(j, &reason);
        }
        if self.has_hidden_layer() {
            hints.add(format_args!("y{}_{}_{number}", self.case, self.judge.site(point)));
        }
        Some(())
    }

    /// The label of the clause that one of a core's points is wrong.
    fn core(
        &mut self,
        places: &[Place],
        core: &[u32],
        needs: &mut BTreeSet<Constraint>,
        stop: &Stop<'_>,
    ) -> Option<String> {
        let (&point, witnesses) = core.split_first()?;
        let mut hints = Hints::default();
        let (wrong, right) = self.sides(places, point);
        let mut rightness = Rightness { some: Vec::new(), not_all: Vec::new() };
        let ways: Vec<u8> = self.judge.ways(self.case, point).filter(|way| way & wrong == 0).collect();
        for way in ways {
            let found = witnesses.iter().find_map(|&witness| {
                let excluded: u8 = bits(way & !right)
                    .filter(|&j| self.judge.excludes(places[j].node, point, witness))
                    .map(|j| 1 << j)
                    .sum();
                let (decided, _) = self.sides(places, witness);
                let (number, set) = self.set_within(witness, excluded | decided)?;
                Some((witness, (number, set), decided))
            });
            let (witness, set, decided) = found?;
            let excluded = set.1 & !decided;
            for j in bits(excluded) {
                let reason = self.exclusion(&places[j], point, witness, stop)?;
                hints.reason(j, &reason);
            }
            self.all_wrong(places, witness, set, decided, &mut hints, stop)?;
            rightness.not_all.push(excluded);
        }
        let sets: Vec<u8> = self.judge.sets(self.case, point).collect();
        for (number, set) in sets.into_iter().enumerate().filter(|(_, set)| set & right == 0) {
            self.all_wrong(places, point, (number, set), wrong, &mut hints, stop)?;
            rightness.some.push(set & !wrong);
        }
        needs.extend(&hints.needs);
        if !self.has_hidden_layer() {
            // One neuron is wrong at one of both points: that is what the lemma says.
            return Some(hints.text.trim_start_matches([' ', '@']).to_owned());
        }
        let key = (core.to_vec(), hints.needs.iter().copied().collect());
        if let Some(label) = self.cores.get(&key) {
            return Some(format!("c{label}"));
        }
        let paid: Vec<Literal> = core.iter().map(|&point| self.wrong(point)).collect();
        let clause = self.clause(&hints.needs, paid);
        let label = self.refute(&rightness, point, &clause, &hints.text, (0, 0))?;
        self.cores.insert(key, label);
        Some(format!("c{label}"))
    }

    /// Derives the clause under the assumption that some neurons are right at the point, and some wrong; `None` if it does not follow.
    fn refute(
        &mut self,
        rightness: &Rightness,
        point: u32,
        clause: &[Literal],
        hints: &str,
        (right, wrong): (u8, u8),
    ) -> Option<u64> {
        let mut hints = hints.to_owned();
        let mut halves = Vec::new();
        if !rightness.refutes(right, wrong) {
            let all = rightness.some.iter().fold(0, |all, set| all | set);
            let next = bits(all & !right & !wrong).next()?;
            for (right, wrong) in [(right | 1 << next, wrong), (right, wrong | 1 << next)] {
                let half = self.refute(rightness, point, clause, &hints, (right, wrong))?;
                halves.push(half);
            }
            hints = halves.iter().map(|half| format!(" @c{half}")).collect();
        }
        let wanted = self.judge.wanted(point);
        let decided = [(right, wanted), (wrong, !wanted)];
        let mut longer = clause.to_vec();
        for (mask, fires) in decided {
            longer.extend(bits(mask).map(|j| self.unit(j, point).is(!fires)));
        }
        let label = self.label();
        self.steps.rup_by(format_args!("c{label}"), &longer, &hints);
        halves.into_iter().for_each(|half| self.steps.delete(format_args!("c{half}")));
        Some(label)
    }

    /// Why a neuron takes the side it does at a point that is decided.
    fn side(&mut self, place: &Place, point: u32, stop: &Stop<'_>) -> Option<Rc<Reason>> {
        let fires = self.judge.side(place.node, point)?;
        let said = Said::Side(point, fires);
        if let Some(known) = self.recall(said, place) {
            return Some(known);
        }
        let at = place.way.iter().position(|step| self.judge.side(step.node, point).is_some())?;
        let constraints = place.first(at);
        let reason = if constraints.contains(&(point, fires)) {
            Reason { line: None, needs: vec![(point, fires)] }
        } else {
            self.follows(&constraints, &[], (point, fires), stop)?
        };
        Some(self.keep(said, reason))
    }

    /// Why a neuron is not right at two points.
    fn exclusion(&mut self, place: &Place, point: u32, witness: u32, stop: &Stop<'_>) -> Option<Rc<Reason>> {
        let said = Said::NotBoth(point.min(witness), point.max(witness));
        if let Some(known) = self.recall(said, place) {
            return Some(known);
        }
        let at = place.way.iter().position(|step| self.judge.excludes(step.node, point, witness))?;
        let [right, wrong] = [(point, self.judge.wanted(point)), (witness, !self.judge.wanted(witness))];
        let reason = self.follows(&place.first(at), &[right], wrong, stop)?;
        Some(self.keep(said, reason))
    }

    /// A reason that rests on nothing but what a neuron keeps to. The next tuples are like this one, so it is looked at first from here on.
    fn recall(&mut self, said: Said, place: &Place) -> Option<Rc<Reason>> {
        let reasons = self.reasons.get_mut(&said)?;
        let found = reasons.iter().position(|reason| reason.needs.iter().all(|&need| place.keeps(need)))?;
        reasons.swap(0, found);
        reasons.first().cloned()
    }

    fn keep(&mut self, said: Said, reason: Reason) -> Rc<Reason> {
        let reason = Rc::new(reason);
        self.reasons.entry(said).or_default().push(reason.clone());
        reason
    }

    /// The lemma that a side of a point follows from constraints and what is given.
    fn follows(
        &mut self,
        constraints: &[(u32, bool)],
        given: &[(u32, bool)],
        (point, fires): (u32, bool),
        stop: &Stop<'_>,
    ) -> Option<Reason> {
        let known: Vec<(u32, bool)> = constraints.iter().chain(given).copied().collect();
        let guess = self.judge.implied_by(&known, (point, fires)).unwrap_or_default();
        let member =
            |(point, fires): (u32, bool)| (self.judge.site(point), if fires { Side::Fires } else { Side::Silent });
        let denied = member((point, !fires));
        let guessed = guess.iter().map(|&k| member(known[k])).chain([denied]);
        let lemma = lemma_of(guessed.collect());
        let flips = self.layout.structure.flips();
        let (line, flipped) = match self.lemmas.known(1, &lemma, flips) {
            Some(known) => known,
            None => {
                let mut proven = with_multipliers(&lemma, self.geometry);
                if proven.1.is_empty() {
                    let all: Vec<(u32, Side)> = known.iter().map(|&known| member(known)).chain([denied]).collect();
                    let mut effort = Effort { words: u64::MAX, stop };
                    let confirmed = self.geometry.confirm_all(&all, &mut effort)?;
                    proven = with_multipliers(&confirmed, self.geometry);
                }
                let shorter = proven.0.clone();
                self.lemmas.line_with(1, &shorter, flips, || proven)
            }
        };
        let members: BTreeSet<u32> = self.lemmas.written[line as usize].1.atoms.iter().map(|&(site, _)| site).collect();
        let needs = constraints.iter().copied().filter(|&(point, _)| members.contains(&self.judge.site(point)));
        Some(Reason { line: Some((line, flipped)), needs: needs.collect() })
    }
}

/// A lemma of these members.
fn lemma_of(mut atoms: Vec<(u32, Side)>) -> Lemma {
    atoms.sort_unstable();
    atoms.dedup();
    Lemma { atoms }
}

/// The places of the bits set.
fn bits(mask: u8) -> impl Iterator<Item = usize> {
    (0..8).filter(move |j| mask >> j & 1 == 1)
}
