//! The pseudo-Boolean problem of a training problem, as `docs/certificate-format.md` prescribes it.

use super::names::{Clause, Literal, Name, Weighted};
use super::weights::Bounds;
use crate::encode::Sites;
use crate::theory::{Lemma, Side};
use bdnn::exact::{ExactNetwork, patterns};
use bdnn::{ErrorLimit, Loss, Network, Problem, Rational, Scaler, Stop};
use std::io::{self, Write};

/// What the formula is made from.
#[derive(Debug)]
pub(crate) struct Structure<'a> {
    pub(super) problem: &'a Problem,
    /// d_0, .., d_K.
    widths: Vec<usize>,
    part_of: Vec<usize>,
    /// Bounds on whole weights.
    pub(super) bounds: Bounds,
    /// Rows of each class in each part, `[part][class]`.
    counts: Vec<Vec<u64>>,
    /// Terms of the objective: weight and penalty.
    pub(crate) objective: Vec<(u64, Literal)>,
    /// Loss that is not in the objective.
    pub(crate) offset: u64,
}

impl<'a> Structure<'a> {
    /// `None` once `stop` says so. Cost O(m C).
    pub(crate) fn new(problem: &'a Problem, stop: &Stop<'_>) -> Option<Self> {
        let sites = Sites::new_within(problem, stop)?;
        let part_of = (0..problem.points.len()).map(|i| problem.partition.as_ref().map_or(i, |p| p[i])).collect();
        let mut structure = Self {
            problem,
            widths: problem.architecture.widths(),
            part_of,
            bounds: Bounds::new(problem),
            counts: sites.counts,
            objective: Vec::new(),
            offset: 0,
        };
        structure.losses(stop)?;
        Some(structure)
    }

    /// K.
    fn layers(&self) -> usize {
        self.widths.len() - 1
    }

    pub(crate) fn parts(&self) -> usize {
        self.counts.len()
    }

    /// Neurons of layer k (from 1).
    pub(crate) fn width(&self, layer: usize) -> usize {
        self.widths[layer]
    }

    fn margin(&self) -> bool {
        self.problem.epsilon.is_some()
    }

    /// Whether lemmas hold with all their sides flipped.
    pub(crate) fn flips(&self) -> bool {
        self.problem.architecture.bias && !self.margin()
    }

    /// Whether right and wrong is a matter of rows instead of outputs.
    fn rows_count(&self) -> bool {
        self.problem.loss == Loss::ZeroOne && self.problem.architecture.classes > 2
    }

    /// `None` once `stop` says so.
    fn losses(&mut self, stop: &Stop<'_>) -> Option<()> {
        /// Parts between two questions.
        const AT_ONCE: usize = 1 << 12;
        let last = self.layers();
        for (part, counts) in self.counts.iter().enumerate() {
            if part % AT_ONCE == 0 && stop() {
                return None;
            }
            if self.rows_count() {
                let classes = counts.iter().enumerate().filter(|&(_, &count)| count > 0);
                self.objective.extend(classes.map(|(class, &count)| (count, Name::Wrong { part, class }.is(true))));
                continue;
            }
            let total: u64 = counts.iter().sum();
            for neuron in 0..self.widths[last] {
                let ones = counts[if counts.len() == 2 { 1 } else { neuron }];
                let zeros = total - ones;
                self.offset += ones.min(zeros);
                if ones != zeros {
                    let output = Name::Unit { layer: last, part, neuron };
                    self.objective.push((ones.abs_diff(zeros), output.is(ones < zeros)));
                }
            }
        }
        Some(())
    }

    /// The assertion that a neuron takes a side at a site, or that a weight has a bound.
    fn member(&self, layer: usize, neuron: usize, (site, side): (u32, Side)) -> Literal {
        match self.bounds.meaning(layer, site) {
            Some((input, value)) => Name::AtLeast { layer, neuron, input, value }.is(side == Side::Fires),
            None => self.side(layer, neuron, site as usize, side),
        }
    }

    /// The assertion that a neuron takes a side at a point or pattern.
    pub(crate) fn side(&self, layer: usize, neuron: usize, site: usize, side: Side) -> Literal {
        match (layer, side) {
            (1, _) => Name::Unit { layer, part: self.part_of[site], neuron }.is(side == Side::Fires),
            (_, Side::Silent) if self.margin() => Name::Rests { layer, neuron, pattern: site }.is(true),
            (..) => Name::Fires { layer, neuron, pattern: site }.is(side == Side::Fires),
        }
    }

    /// The clauses of a lemma of layer `layer`, plain and flipped, for all neurons; tautologies are left out.
    fn instances(&self, layer: usize, lemma: &Lemma, mut each: impl FnMut(char, usize, &[Literal])) {
        // Points and patterns come before bounds, of each first what fires, or is a lower bound.
        let mut atoms = lemma.atoms.clone();
        atoms.sort_by_key(|&(site, side)| (self.bounds.meaning(layer, site).is_some(), side));
        let mut clause: Vec<Literal> = Vec::with_capacity(atoms.len());
        for neuron in 0..self.widths[layer] {
            for (kind, turned) in [('m', false), ('n', true)].into_iter().take(1 + usize::from(self.flips())) {
                clause.clear();
                for &atom in &atoms {
                    let atom = if turned { self.bounds.mirror(layer, atom) } else { atom };
                    let denied = !self.member(layer, neuron, atom);
                    if !clause.contains(&denied) {
                        clause.push(denied);
                    }
                }
                if clause.iter().any(|&literal| clause.contains(&!literal)) {
                    return;
                }
                each(kind, neuron, &clause);
            }
        }
    }

    /// The literal of a unit that is false when the unit is `on`.
    fn unless(layer: usize, part: usize, neuron: usize, on: bool) -> Literal {
        Name::Unit { layer, part, neuron }.is(!on)
    }

    /// The number in the formula of the clause that ties the error at `place` in the objective to an output neuron.
    pub(crate) fn error_clause(&self, place: usize, neuron: usize) -> u64 {
        let of_layer = |layer: usize| {
            let of_pattern = 2 * self.parts() + usize::from(self.margin());
            (self.widths[layer] << self.widths[layer - 1]) * of_pattern
        };
        let tables: usize = (2..=self.layers()).map(of_layer).sum();
        let chains: usize = (1..=self.layers()).map(|layer| self.chains(layer)).sum();
        (tables + chains + place * self.widths[self.layers()] + neuron + 1) as u64
    }

    /// How many clauses order the bounds of a layer's weights.
    pub(super) fn chains(&self, layer: usize) -> usize {
        self.widths[layer] * self.chains_of(layer).count()
    }

    /// Inputs of a layer, and bounds on a weight that imply the one before.
    fn chains_of(&self, layer: usize) -> impl Iterator<Item = (usize, usize)> {
        let values = self.bounds.values();
        (0..self.widths[layer - 1]).flat_map(move |input| (2..=values).map(move |value| (input, value)))
    }

    /// The clauses that tie activations, truth tables, weights and penalties, in order.
    fn clauses(&self, each: &mut dyn FnMut(&[Literal]) -> io::Result<()>) -> io::Result<()> {
        for layer in 1..=self.layers() {
            let inputs = self.widths[layer - 1];
            for neuron in 0..self.widths[layer] {
                for pattern in 0..self.patterns(layer) {
                    let fires = self.side(layer, neuron, pattern, Side::Fires);
                    let rests = self.side(layer, neuron, pattern, Side::Silent);
                    if self.margin() {
                        each(&[!fires, !rests])?;
                    }
                    for part in 0..self.parts() {
                        let mut clause: Vec<Literal> =
                            (0..inputs).map(|l| Self::unless(layer - 1, part, l, pattern >> l & 1 == 1)).collect();
                        let output = Name::Unit { layer, part, neuron };
                        clause.extend([output.is(false), fires]);
                        each(&clause)?;
                        clause.truncate(inputs);
                        clause.extend([output.is(true), rests]);
                        each(&clause)?;
                    }
                }
                for (input, value) in self.chains_of(layer) {
                    let at_least = |value| Name::AtLeast { layer, neuron, input, value };
                    each(&[at_least(value).is(false), at_least(value - 1).is(true)])?;
                }
            }
        }
        if self.rows_count() {
            let layer = self.layers();
            for &(_, wrong) in &self.objective {
                let Name::Wrong { part, class } = wrong.name else { continue };
                for neuron in 0..self.widths[layer] {
                    each(&[wrong, Name::Unit { layer, part, neuron }.is(neuron == class)])?;
                }
            }
        }
        Ok(())
    }

    /// How many patterns a layer's truth tables have; the first layer has none.
    fn patterns(&self, layer: usize) -> usize {
        if layer == 1 { 0 } else { 1 << self.widths[layer - 1] }
    }

    /// The bounds of a neuron's weights.
    pub(super) fn bounds_of(&self, layer: usize, neuron: usize) -> impl Iterator<Item = Name> {
        let values = self.bounds.values();
        let bounds = (0..self.widths[layer - 1]).flat_map(move |input| (1..=values).map(move |value| (input, value)));
        bounds.map(move |(input, value)| Name::AtLeast { layer, neuron, input, value })
    }

    /// All variables of the formula, in a fixed order.
    pub(crate) fn variables(&self) -> Vec<Name> {
        let mut all = Vec::new();
        for layer in 1..=self.layers() {
            let neurons = || 0..self.widths[layer];
            for part in 0..self.parts() {
                all.extend(neurons().map(|neuron| Name::Unit { layer, part, neuron }));
            }
            for neuron in neurons() {
                for pattern in 0..self.patterns(layer) {
                    all.push(Name::Fires { layer, neuron, pattern });
                    if self.margin() {
                        all.push(Name::Rests { layer, neuron, pattern });
                    }
                }
                all.extend(self.bounds_of(layer, neuron));
            }
        }
        if self.rows_count() {
            all.extend(self.objective.iter().map(|(_, wrong)| wrong.name));
        }
        all
    }

    /// How many variables there are.
    pub(crate) fn num_variables(&self) -> usize {
        let of_pattern = 1 + usize::from(self.margin());
        let of_layer = |layer: usize| {
            let bounds = self.widths[layer - 1] * self.bounds.values();
            self.widths[layer] * (self.parts() + of_pattern * self.patterns(layer) + bounds)
        };
        let wrong = if self.rows_count() { self.objective.len() } else { 0 };
        (1..=self.layers()).map(of_layer).sum::<usize>() + wrong
    }

    /// A limit on errors as a sum of what is right, and the least of it: weights and literals, and the degree.
    fn limit(&self, limit: ErrorLimit) -> (Vec<(u64, Literal)>, u64) {
        let layer = self.layers();
        let right = |part: usize| {
            let output = Name::Unit { layer, part, neuron: 0 };
            (self.counts[part][limit.class], output.is(limit.class == 1))
        };
        let terms: Vec<(u64, Literal)> = (0..self.parts()).map(right).filter(|&(rows, _)| rows > 0).collect();
        let all: u64 = terms.iter().map(|(rows, _)| rows).sum();
        (terms, all.saturating_sub(limit.most))
    }

    /// Writes what of `formula.opb` depends on no run, objective, clauses and limits; returns the numbers of constraints and of literals. Once
    /// `stop` says so, the error is of the kind `Interrupted`.
    pub(crate) fn write_clauses(&self, out: &mut impl Write, stop: &Stop<'_>) -> io::Result<(u64, u64)> {
        /// Clauses, or terms of the objective, between two questions whether to go on.
        const AT_ONCE: usize = 1 << 8;
        let go_on = || -> io::Result<()> { if stop() { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) } };
        write!(out, "min: ")?;
        for terms in self.objective.chunks(AT_ONCE) {
            go_on()?;
            write!(out, "{}", Weighted { terms, negated: false })?;
        }
        writeln!(out, ";")?;
        let (mut clauses, mut literals) = (0, self.objective.len());
        self.clauses(&mut |clause| {
            (clauses, literals) = (clauses + 1, literals + clause.len());
            if clauses % AT_ONCE == 0 {
                go_on()?;
            }
            writeln!(out, "{} ;", Clause(clause))
        })?;
        for (number, &limit) in self.problem.error_limits.iter().enumerate() {
            let (terms, least) = self.limit(limit);
            if terms.is_empty() {
                continue;
            }
            writeln!(out, "@limit{number} {}>= {least} ;", Weighted { terms: &terms, negated: false })?;
            (clauses, literals) = (clauses + 1, literals + terms.len());
        }
        Ok((clauses as u64, literals as u64))
    }

    /// Literals that the end of a proof writes whatever the search finds: the best solution, and the objective twice, for the bound.
    pub(crate) fn literals_at_end(&self) -> usize {
        self.num_variables() + 2 * self.objective.len()
    }

    /// Writes the first line of `formula.opb`.
    pub(crate) fn write_head(&self, variables: usize, constraints: u64, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "* #variable= {variables} #constraint= {constraints}")
    }

    /// How many constraints these lemmas (layers from 1) are.
    pub(crate) fn count_lemmas(&self, lemmas: &[(usize, Lemma)]) -> u64 {
        let mut count = 0;
        lemmas.iter().for_each(|(layer, lemma)| self.instances(*layer, lemma, |_, _, _| count += 1));
        count
    }

    /// Writes the constraints of lemmas, the last lines of `formula.opb`.
    pub(crate) fn write_lemmas(&self, lemmas: &[(usize, Lemma)], out: &mut impl Write) -> io::Result<()> {
        let mut result = Ok(());
        for (line, (layer, lemma)) in lemmas.iter().enumerate() {
            self.instances(*layer, lemma, |kind, neuron, clause| {
                if result.is_ok() {
                    result = writeln!(out, "@{kind}{line}_{neuron} {} ;", Clause(clause));
                }
            });
        }
        result
    }

    /// The assignment of a network that satisfies the problem's constraints, and its objective.
    pub(crate) fn solution(&self, network: &Network) -> (Vec<Literal>, u64) {
        let mut of_part = vec![Vec::new(); self.parts()];
        for (pattern, &part) in patterns(&self.problem.points, network).into_iter().zip(&self.part_of) {
            of_part[part] = pattern;
        }
        let tables: Vec<Vec<Vec<Rational>>> = (2..=self.layers()).map(|layer| self.table(network, layer)).collect();
        let epsilon = self.problem.epsilon.and_then(|e| Rational::try_from(e).ok()).unwrap_or(Rational::ZERO);
        let target = |class: usize| self.problem.architecture.target(class);
        let value = |name: Name| match name {
            Name::Unit { layer, part, neuron } => of_part[part][layer - 1][neuron],
            Name::Fires { layer, neuron, pattern } => tables[layer - 2][pattern][neuron] >= Rational::ZERO,
            Name::Rests { layer, neuron, pattern } => tables[layer - 2][pattern][neuron] <= -&epsilon,
            Name::AtLeast { layer, neuron, input, value } => {
                let weight = network.layers[layer - 1].weights[neuron * self.widths[layer - 1] + input];
                2.0 * weight >= 2.0 * value as f64 - self.bounds.values() as f64
            }
            Name::Wrong { part, class } => of_part[part].last() != Some(&target(class)),
            Name::Case(_) | Name::Equal(_) | Name::Count(_) | Name::Below(_) => false,
        };
        let literals: Vec<Literal> = self.variables().into_iter().map(|name| name.is(value(name))).collect();
        let paid = |&&(_, literal): &&(u64, Literal)| value(literal.name) == literal.positive;
        (literals, self.objective.iter().filter(paid).map(|(weight, _)| weight).sum())
    }

    /// Pre-activations of layer `layer` >= 2 at all patterns, `[pattern][neuron]`.
    fn table(&self, network: &Network, layer: usize) -> Vec<Vec<Rational>> {
        let inputs = self.widths[layer - 1];
        let alone = Network { layers: vec![network.layers[layer - 1].clone()] };
        let exact = ExactNetwork::new(&alone, &Scaler::identity(inputs));
        let at =
            |pattern: usize| -> Vec<f64> { (0..inputs).map(|l| f64::from(u8::from(pattern >> l & 1 == 1))).collect() };
        (0..1_usize << inputs).map(|p| exact.pre_activations(&at(p)).pop().unwrap_or_default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Points, WeightDomain};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Points on a line with two or three classes.
    fn problem(len: usize, classes: usize, hidden: &[usize]) -> Problem {
        let rows: Vec<f64> = (0..len).map(|i| i as f64).collect();
        let labels: Vec<usize> = (0..len).map(|i| i / 2 % classes).collect();
        let points = Points::merge(1, classes, &rows, &labels, Scaler::identity(1));
        let weights = WeightDomain::Continuous;
        let architecture = Architecture { inputs: 1, hidden: hidden.to_vec(), classes, bias: true, weights };
        Problem::new(points, architecture, Loss::ZeroOne)
    }

    /// Told to stop at any question, nothing is made, and nothing is asked any more; a question comes for every few thousand points.
    #[test]
    fn making_ends_where_it_is_told_to() {
        let len = 3 << 13;
        for classes in [2, 3] {
            let problem = problem(len, classes, &[]);
            let made = |patience: usize| {
                let asked = AtomicUsize::new(0);
                let stop = || asked.fetch_add(1, Ordering::Relaxed) >= patience;
                (Structure::new(&problem, &stop).is_some(), asked.into_inner())
            };
            let (done, questions) = made(usize::MAX);
            assert!(done && questions >= len >> 11, "{questions} questions");
            for patience in 0..questions {
                assert_eq!(made(patience), (false, patience + 1));
            }
        }
    }

    /// The same of the clauses, whose error says that somebody wanted it so.
    #[test]
    fn writing_ends_where_it_is_told_to() {
        let problem = problem(600, 3, &[2]);
        let structure = Structure::new(&problem, &|| false).expect("nobody says stop");
        let written = |patience: usize| {
            let asked = AtomicUsize::new(0);
            let stop = || asked.fetch_add(1, Ordering::Relaxed) >= patience;
            let mut out = Vec::new();
            let result = structure.write_clauses(&mut out, &stop).map_err(|error| error.kind());
            (result, asked.into_inner(), out.len())
        };
        let (result, questions, bytes) = written(usize::MAX);
        let (clauses, _) = result.expect("nobody says stop");
        assert!(questions as u64 >= clauses >> 8, "{questions} questions for {clauses} clauses");
        for patience in 0..questions {
            let (result, asked, begun) = written(patience);
            assert_eq!((result, asked), (Err(io::ErrorKind::Interrupted), patience + 1));
            assert!(begun < bytes);
        }
    }

    /// Variables are counted without a list of them.
    #[test]
    fn variables_are_as_many_as_listed() {
        for (classes, hidden) in [(2, vec![]), (2, vec![3]), (3, vec![2, 2])] {
            for epsilon in [None, Some(0.125)] {
                let problem = Problem { epsilon, ..problem(9, classes, &hidden) };
                let structure = Structure::new(&problem, &|| false).expect("nobody says stop");
                assert_eq!(structure.num_variables(), structure.variables().len());
            }
        }
    }
}
