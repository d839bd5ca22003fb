//! The search for single neurons, with its proof.
//!
//! An output's loss is f = sum of w_i over the points on their wrong side. The variable `below` says f <= U - 1, where U
//! is the bound that the search ends with. A leaf's cores, times what they charge, add up with that to a constraint that
//! its decisions violate; so `below` implies that one of them is undone. A vertex of the tree follows from its two
//! children, the root says "not below", and f >= U is what that means. Outputs add up.
//!
//! Decisions whose sibling is closed already are implied and do not stand in clauses.

use super::folder::{Folder, Output, Written};
use super::formula::Formula;
use super::log::LemmaLog;
use super::names::{Literal, Name};
use super::steps::Steps;
use super::structure::Structure;
use crate::error::Error;
use crate::linear::{self, Core, Decision, Evidence, Task, TreeLog};
use crate::theory::{Lemma, Side};
use bdnn::ending::unstarted;
use bdnn::exact;
use bdnn::{Budget, Companion, Limits, Rational, Request, Training};
use std::fmt::Write as _;

/// Trains, and writes the folder; `None` if the run ended before there was a search.
pub(super) fn train(
    request: Request<'_>,
    folder: &Folder,
    companion: Option<&mut dyn Companion>,
) -> Result<(Training, Option<Written>), Error> {
    let Request { problem, limits, start, progress, .. } = request;
    let budget = Budget::new(limits, progress);
    let stop = || budget.stop();
    let unbegun = || {
        let start = start.and_then(|network| exact::check(problem, network).ok().map(|loss| (network.clone(), loss)));
        Ok((unstarted(problem, &budget, start), None))
    };
    let Some(structure) = Structure::new(problem, &stop) else { return unbegun() };
    let Some(formula) = Formula::prepare(&structure, folder, &stop)? else { return unbegun() };
    budget.keep(formula.seconds_to_finish());
    let limits = &Limits { time: budget.left(), ..limits.clone() };
    let mut forest = Forest {
        flips: structure.flips(),
        steps: Steps::new(folder.create_file(Folder::BODY)?),
        lemmas: LemmaLog::new(folder.create_file(Folder::LEMMAS)?, structure.bounds.clone()),
        cores: Vec::new(),
        tree: Tree::default(),
        used: 0,
        outputs: Vec::new(),
    };
    let training = linear::train_logged(request.with_limits(limits), companion, &mut forest)?;
    let written = forest.finish(&structure, &formula, folder, &training)?;
    Ok((training, Some(written)))
}

/// A core until a leaf needs it: then its line among the lemmas.
enum CoreState {
    Fresh(Core),
    Line { line: u32, turned: bool },
}

/// A vertex of a tree of decisions.
#[derive(Default)]
struct Vertex {
    parent: Option<(usize, Decision)>,
    /// By side: wrong, right.
    children: [Option<usize>; 2],
    /// The number of the clause that closes it.
    closed: Option<u64>,
}

/// The tree of the output at hand.
struct Tree {
    vertices: Vec<Vertex>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { vertices: vec![Vertex::default()] }
    }
}

impl Tree {
    fn at(&mut self, decisions: &[Decision]) -> usize {
        let mut vertex = 0;
        for &decision in decisions {
            let side = usize::from(decision.right);
            vertex = self.vertices[vertex].children[side].unwrap_or_else(|| {
                let child = self.vertices.len();
                self.vertices.push(Vertex { parent: Some((vertex, decision)), ..Vertex::default() });
                self.vertices[vertex].children[side] = Some(child);
                child
            });
        }
        vertex
    }

    /// The decisions that lead to a vertex and are not implied, and the clauses that imply the others, both from the root.
    fn path(&self, mut vertex: usize) -> (Vec<Decision>, Vec<u64>) {
        let (mut open, mut implied) = (Vec::new(), Vec::new());
        while let Some((parent, decision)) = self.vertices[vertex].parent {
            let sibling = self.vertices[parent].children[usize::from(!decision.right)];
            match sibling.and_then(|sibling| self.vertices[sibling].closed) {
                Some(clause) => implied.push(clause),
                None => open.push(decision),
            }
            vertex = parent;
        }
        open.reverse();
        implied.reverse();
        (open, implied)
    }
}

/// Writes the trees of all outputs.
struct Forest {
    flips: bool,
    steps: Steps<Output>,
    lemmas: LemmaLog,
    cores: Vec<CoreState>,
    tree: Tree,
    /// Numbers given to clauses and sums.
    used: u64,
    /// Task, bound and the clause of the root, by output.
    outputs: Vec<(Task, u64, Option<u64>)>,
}

/// The literal "point `i` stands on its wrong side".
fn wrong(output: usize, task: &Task, point: usize) -> Literal {
    Name::Unit { layer: 1, part: point, neuron: output }.is(!task.wanted[point])
}

impl Forest {
    fn number(&mut self) -> u64 {
        self.used += 1;
        self.used
    }

    /// The label of a core's clause for an output.
    fn core_label(&mut self, core: u32, output: usize) -> String {
        let state = &mut self.cores[core as usize];
        if let CoreState::Fresh(core) = state {
            let side = |fires: bool| if fires { Side::Fires } else { Side::Silent };
            let lemma = Lemma { atoms: core.members.iter().map(|m| (m.point, side(m.fires))).collect() };
            let multipliers = core.multipliers.iter().cloned().map(Rational::from).collect();
            let (line, turned) = self.lemmas.line_with(1, &lemma, self.flips, || (lemma.clone(), multipliers));
            *state = CoreState::Line { line, turned };
        }
        match *state {
            CoreState::Line { line, turned } => format!("@{}{line}_{output}", if turned { 'n' } else { 'm' }),
            CoreState::Fresh(_) => unreachable!("written above"),
        }
    }

    /// The clause "not below, or one of these decisions undone", by `hints`.
    fn undo(&mut self, output: usize, task: &Task, decisions: &[Decision], hints: &str) -> u64 {
        let mut clause = vec![Name::Below(output).is(false)];
        clause.extend(decisions.iter().map(|decision| {
            let wrong = wrong(output, task, decision.point as usize);
            if decision.right { wrong } else { !wrong }
        }));
        let number = self.number();
        self.steps.rup_by(format_args!("c{number}"), &clause, hints);
        number
    }

    /// Closes a vertex by a clause, and all above it that this closes.
    fn close(&mut self, output: usize, task: &Task, mut vertex: usize, mut clause: u64) {
        loop {
            self.tree.vertices[vertex].closed = Some(clause);
            let Some((parent, _)) = self.tree.vertices[vertex].parent else { return };
            let closed = |child: Option<usize>| child.and_then(|child| self.tree.vertices[child].closed);
            let [Some(first), Some(second)] = self.tree.vertices[parent].children.map(closed) else { return };
            let (decisions, implied) = self.tree.path(parent);
            let mut hints = String::new();
            for hint in implied.into_iter().chain([first, second]) {
                push(&mut hints, format_args!("@c{hint}"));
            }
            clause = self.undo(output, task, &decisions, &hints);
            self.steps.delete(format_args!("c{first}"));
            self.steps.delete(format_args!("c{second}"));
            vertex = parent;
        }
    }

    /// Puts the folder together.
    fn finish(
        self,
        structure: &Structure<'_>,
        formula: &Formula,
        folder: &Folder,
        training: &Training,
    ) -> Result<Written, Error> {
        let failed = |name: &'static str| move |source| folder.failure(name, source);
        let lemmas = self.lemmas.finish().map_err(failed(Folder::LEMMAS))?;
        let mut steps = self.steps.steps;
        self.steps.finish().map_err(failed(Folder::BODY))?;
        let constraints = formula.finish(structure, folder, &lemmas)?;

        let mut proof = Steps::open(folder.create_file(Folder::PROOF)?, constraints);
        let best = training.network.as_ref().map(|network| proof.solution(structure, network));
        for (output, (task, bound, _)) in self.outputs.iter().enumerate() {
            let weights = task.weight.iter().enumerate().filter(|&(_, &weight)| weight > 0);
            let terms: Vec<(u64, Literal)> = weights.map(|(i, &weight)| (weight, wrong(output, task, i))).collect();
            proof.define_below(output, &terms, *bound);
        }
        proof.append(&mut folder.open_file(Folder::BODY)?);
        let mut sum = String::new();
        let mut total = 0;
        for (output, (_, bound, root)) in self.outputs.iter().enumerate() {
            let (Some(root), true) = (root, *bound > 0) else { continue };
            push(&mut sum, format_args!("@low{output} @c{root} {bound} * +"));
            if total > 0 {
                sum.push_str(" +");
            }
            total += bound;
        }
        if total > 0 {
            proof.step(format_args!("@bound pol{sum}"));
        }
        proof.conclude(Some(total), (total > 0).then_some("bound"), best);
        steps += proof.steps;
        proof.finish().map_err(failed(Folder::PROOF))?;
        folder.remove(Folder::BODY)?;
        Ok(Written {
            bound: Some(structure.offset + total),
            lemmas: lemmas.len() as u64,
            constraints,
            steps,
            bytes: folder.bytes(),
        })
    }
}

fn push(text: &mut String, more: std::fmt::Arguments<'_>) {
    let written = write!(text, " {more}");
    debug_assert!(written.is_ok(), "strings take all text");
}

impl TreeLog for Forest {
    fn core(&mut self, core: &Core) -> u32 {
        self.cores.push(CoreState::Fresh(core.clone()));
        u32::try_from(self.cores.len() - 1).unwrap_or(u32::MAX)
    }

    fn leaf(&mut self, output: usize, task: &Task, decisions: &[Decision], evidence: &Evidence) {
        let vertex = self.tree.at(decisions);
        let (open, implied) = self.tree.path(vertex);
        let mut hints = String::new();
        implied.into_iter().for_each(|clause| push(&mut hints, format_args!("@c{clause}")));
        let mut sum = None;
        match evidence.refuted {
            Some(core) => {
                let core = self.core_label(core, output);
                push(&mut hints, format_args!("{core}"));
            }
            None => {
                let mut terms = format!(" @cut{output}");
                for &(core, charge) in evidence.charges.iter().filter(|&&(_, charge)| charge > 0) {
                    let core = self.core_label(core, output);
                    match charge {
                        1 => push(&mut terms, format_args!("{core} +")),
                        _ => push(&mut terms, format_args!("{core} {charge} * +")),
                    }
                }
                let number = self.number();
                self.steps.step(format_args!("@c{number} pol{terms}"));
                push(&mut hints, format_args!("@c{number}"));
                sum = Some(number);
            }
        }
        let clause = self.undo(output, task, &open, &hints);
        if let Some(number) = sum {
            self.steps.delete(format_args!("c{number}"));
        }
        self.close(output, task, vertex, clause);
    }

    fn bound(&mut self, _output: usize, task: &Task, bound: u64) {
        let tree = std::mem::take(&mut self.tree);
        self.outputs.push((task.clone(), bound, tree.vertices[0].closed));
    }
}
