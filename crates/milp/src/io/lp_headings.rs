//! Headings of LP files that are not read, named where a line is refused: those of other programs, and those written otherwise.
//!
//! Entry point: [`heading_not_read`]. It changes messages alone: any of these words may be a column elsewhere.

/// Sections of other programs, and headings that are written otherwise here, each alone on its line: what to do instead.
const NOT_READ: &[(&str, &str)] = &[
    ("int", "write 'generals'"),
    ("ints", "write 'generals'"),
    ("lazy constraints", "write such rows into the others"),
    ("user cuts", "leave them out, or write them into the rows"),
    ("general constraints", "only linear rows are read"),
    ("general constraint", "only linear rows are read"),
    ("pwlobj", "only linear objectives are read"),
    ("multi-objectives", "only one objective is read"),
    ("scenario", "write every scenario into a file of its own"),
    ("sc", "write 'semi-continuous'"),
    ("sec", "write 'semi-continuous'"),
    ("semi continuous", "write 'semi-continuous'"),
    ("sin", "name semi-integer columns under 'semi-continuous' and under 'general'"),
    ("semi-integer", "name semi-integer columns under 'semi-continuous' and under 'general'"),
    ("subject to:", "write 'subject to' without the colon"),
    ("such that:", "write 'such that' without the colon"),
    ("st:", "write 'st' without the colon"),
    ("s.t.:", "write 's.t.' without the colon"),
    ("bounds:", "write 'bounds' without the colon"),
    ("generals:", "write 'generals' without the colon"),
    ("binaries:", "write 'binaries' without the colon"),
];

/// What is wrong with a line that is refused and is a heading alone, of a section that is not read.
pub(super) fn heading_not_read(text: &str, line: usize) -> Option<String> {
    let bare = text.lines().nth(line.checked_sub(1)?)?.split('\\').next()?;
    let words = bare.split_whitespace().collect::<Vec<_>>().join(" ").replace(" :", ":");
    let (_, advice) = NOT_READ.iter().find(|(heading, _)| words.eq_ignore_ascii_case(heading))?;
    Some(format!("'{words}' opens no section that is read: {advice}"))
}
