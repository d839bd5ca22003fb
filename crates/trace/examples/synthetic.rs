//! A trace of a search that never was, of as many nodes as wanted: to try reports and exports on.
//!
//!     cargo run --release -p heaviside-trace --example synthetic -- 100000 7 > trace.jsonl
//!
//! The tree is that of a best-first search on random bounds; the seed decides everything, times included.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};
use trace::{
    Bound, Conflict, Direction, End, Ending, Estimates, Finish, Incumbent, Line, Measures, Node, Record, Start,
};

fn main() -> io::Result<()> {
    let numbers: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let [nodes, seed] = numbers[..] else {
        return Err(io::Error::other("usage: synthetic NODES SEED"));
    };
    write(nodes, seed, &mut io::BufWriter::new(io::stdout().lock()))
}

/// An open node: the less its key, the sooner it comes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    key: u64,
    bound: u64,
    id: u64,
    depth: u32,
}

/// Writes a trace of about `count` nodes.
///
/// # Errors
/// What the writer says.
pub fn write(count: u64, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut random = Random(seed.wrapping_add(0x9e37_79b9_7f4a_7c15));
    let mut clock = (0.0, 0);
    let tell = |out: &mut dyn Write, record: Record<'_>, clock: (f64, u64)| {
        serde_json::to_writer(&mut *out, &Line { record, t: clock.0, w: clock.1 })?;
        writeln!(out)
    };
    let scale = 1000.0;
    let problem =
        trace::Problem { name: Some("synthetic".into()), rows: 300, columns: 900, integers: 600, ..Default::default() };
    tell(out, Record::Start(Start { v: 1, command: "solve".into(), problem, seed, ..Start::default() }), clock)?;
    let root =
        Node { id: 1, parent: 0, tree: 1, dir: Direction::Middle, var: None, value: None, bound: None, depth: 0 };
    tell(out, Record::Node(root), clock)?;
    let mut open = BinaryHeap::from([Reverse(Open { key: 0, bound: 0, id: 1, depth: 0 })]);
    let (mut made, mut ended, mut best, mut bound, mut conflicts, mut weight) = (1, 0, u64::MAX, 0, 0, 0.0);
    // The bound that closes the tree near the wanted size is not known before: what is made last closes all.
    while let Some(Reverse(node)) = open.pop() {
        clock = (round(clock.0 + 1e-4 + 1e-3 * random.part()), clock.1 + 1 + random.below(40));
        let own = node.bound + random.below(12) * random.below(12);
        if node.key > bound {
            bound = node.key;
            tell(out, Record::Bound(Bound { value: Some(bound as f64 / scale) }), clock)?;
        }
        let ending = match random.below(100) {
            _ if node.bound >= best => Ending::Fathomed,
            0..4 if node.depth > 6 => Ending::Infeasible,
            4..7 if node.depth > 6 => Ending::Conflict,
            7 if node.depth > 12 => Ending::Integer,
            _ if made >= count => Ending::Fathomed,
            _ => Ending::Branched,
        };
        let value = (!matches!(ending, Ending::Infeasible | Ending::Conflict)).then_some(own as f64 / scale);
        if ending == Ending::Conflict {
            conflicts += 1;
            let size = 1 + random.below(60) as u32;
            let conflict =
                Conflict { id: node.id, count: conflicts, size, lbd: size.min(9), level: node.depth, backjump: 0 };
            tell(out, Record::Conflict(conflict), clock)?;
        }
        let found = own + 3000 * count.saturating_sub(made) / count + 20;
        if ending == Ending::Integer && found < best {
            best = found;
            let objective = best as f64 / scale;
            tell(out, Record::Incumbent(Incumbent { id: node.id, by: 'T', objective }), clock)?;
        }
        let frac = (ending == Ending::Branched).then(|| (round(random.part() * 30.0), 1 + random.below(60)));
        tell(
            out,
            Record::End(End { id: node.id, ending: Some(ending), bound: value, frac, candidates: vec![] }),
            clock,
        )?;
        ended += 1;
        if ending == Ending::Branched {
            let (layer, point, neuron) = (1, 1 + random.below(40), 1 + random.below(4));
            let name = format!("u_{layer}_{point}_{neuron}");
            for (dir, value) in [(Direction::Left, 0.0), (Direction::Right, 1.0)] {
                made += 1;
                let (id, depth) = (made, node.depth + 1);
                let bound = own + if dir == Direction::Right { random.below(90) } else { 0 };
                let var = Some(name.clone().into());
                let child = Node {
                    id,
                    parent: node.id,
                    tree: 1,
                    dir,
                    var,
                    value: Some(value),
                    bound: Some(bound as f64 / scale),
                    depth,
                };
                tell(out, Record::Node(child), clock)?;
                // Some of them are dived into.
                let key = if random.below(3) == 0 { bound.saturating_sub(120) } else { bound };
                open.push(Reverse(Open { key, bound, id, depth }));
            }
        } else {
            weight += 0.5_f64.powi(node.depth as i32);
        }
        if ended % 500 == 0 {
            let estimates = Estimates { weight: (weight > 0.0).then(|| ended as f64 / weight), ..Estimates::default() };
            let measures = Measures {
                tree: 1,
                ended,
                open: open.len() as u64,
                weight,
                leaf_frequency: 0.5,
                subtree_gaps: 1.0 - weight,
                gap: 1.0,
                estimates,
            };
            tell(out, Record::Measures(measures), clock)?;
        }
    }
    let objective = (best < u64::MAX).then_some(best as f64 / scale);
    let statistics = serde_json::from_value(serde_json::json!({
        "nodes": ended, "lp_seconds": clock.0 * 0.7, "propagation_seconds": clock.0 * 0.1,
    }))?;
    let finish = Finish {
        status: "optimal".into(),
        objective,
        bound: objective,
        primal_integral: 0.5,
        dual_integral: 1.5,
        primal_dual_integral: 2.0,
        statistics,
    };
    tell(out, Record::Finish(finish), clock)
}

/// Six decimals: what a clock of traces shows.
fn round(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// A stream of numbers (splitmix64, by Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
