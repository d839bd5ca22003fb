//! VBC: what VBCTOOL plays back, as SCIP, ABACUS and SYMPHONY write it too.
//!
//! Five lines of a head, then a line an event with its time. A node has one father, the root has 0; where a run has several roots, one node
//! above them holds them together and every number is one more than in the trace.

use super::nodes::change;
use super::run::{Run, Told};
use super::text::{number, plain};
use crate::Branch;
use crate::ending::word;
use crate::record::{Incumbent, Record};
use budget::observe::Ending;
use std::io::{self, Write};

/// Colours by number, with the meanings they have in SCIP's files.
const UNSOLVED: u8 = 3;
const SOLVED: u8 = 2;
const CUT_OFF: u8 = 4;
const SOLUTION: u8 = 14;
const CONFLICT: u8 = 15;

/// Writes a run.
///
/// # Errors
/// What the writer says.
pub fn vbc(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let bounds = if run.bounds.is_empty() && run.incumbents.is_empty() { "NONE" } else { "SET" };
    writeln!(out, "#TYPE: COMPLETE TREE\n#TIME: SET\n#BOUNDS: {bounds}\n#INFORMATION: STANDARD\n#NODE_NUMBER: NONE")?;
    let nodes = run.tree.nodes();
    let shift = u64::from(nodes.iter().filter(|node| node.parent.is_none()).count() > 1);
    if shift == 1 {
        writeln!(out, "{} N 0 1 {SOLVED}", time(0.0))?;
    }
    let (best, bound) = if run.maximises() { ('L', 'U') } else { ('U', 'L') };
    for told in &run.told {
        match *told {
            Told::Made(place) => {
                let node = &nodes[place];
                let father = node.parent.map_or(shift, |parent| nodes[parent].id + shift);
                let (at, id) = (time(node.made.0), node.id + shift);
                writeln!(out, "{at} N {father} {id} {UNSOLVED}")?;
                writeln!(out, "{at} I {id} {}", information(node))?;
            }
            Told::Ended(place) => {
                let node = &nodes[place];
                let (at, id) = (time(node.ended.map_or(node.made.0, |ended| ended.0)), node.id + shift);
                if let Some(colour) = colour(node.ending) {
                    writeln!(out, "{at} P {id} {colour}")?;
                }
                let bound = node.bound.map_or_else(String::new, |bound| format!("\\ibound:\\t{}", number(bound)));
                writeln!(out, "{at} A {id} \\i{}{bound}", word(node.ending))?;
            }
            Told::Incumbent(place) => {
                let line = &run.incumbents[place];
                if let Record::Incumbent(Incumbent { id, objective, .. }) = line.record {
                    let at = time(line.t);
                    writeln!(out, "{at} {best} {}", number(objective))?;
                    if run.tree.place(id).is_some() {
                        writeln!(out, "{at} P {} {SOLUTION}", id + shift)?;
                    }
                }
            }
            Told::Bound(place) => {
                let line = &run.bounds[place];
                if let Record::Bound(crate::record::Bound { value: Some(value) }) = line.record {
                    writeln!(out, "{} {bound} {}", time(line.t), number(value))?;
                }
            }
        }
    }
    Ok(())
}

/// What stands beside a node; `\i` begins a line, `\t` a column.
fn information(node: &Branch) -> String {
    let mut text = format!("\\inode:\\t{}\\idepth:\\t{}", node.id, node.depth);
    if let Some(change) = change(node) {
        // A backslash would begin a command.
        text += &format!("\\ibranch:\\t{}", plain(&change).replace('\\', "/"));
    }
    text
}

/// None where the colour stays that of a node not solved.
fn colour(ending: Option<Ending>) -> Option<u8> {
    match ending {
        Some(Ending::Branched) => Some(SOLVED),
        Some(Ending::Infeasible | Ending::Fathomed) => Some(CUT_OFF),
        Some(Ending::Integer) => Some(SOLUTION),
        Some(Ending::Conflict) => Some(CONFLICT),
        _ => None,
    }
}

/// `HH:MM:SS.hh`.
fn time(seconds: f64) -> String {
    let hundredths = (seconds * 100.0).round().max(0.0) as u64;
    let (minutes, rest) = (hundredths / 6000, hundredths % 6000);
    format!("{:02}:{:02}:{:02}.{:02}", minutes / 60, minutes % 60, rest / 100, rest % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_hundredths() {
        assert_eq!(
            [0.0, 1.234, 59.999, 3661.5].map(time),
            ["00:00:00.00", "00:00:01.23", "00:01:00.00", "01:01:01.50"]
        );
    }
}
