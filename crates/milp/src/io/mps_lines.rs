//! The lines of an MPS file: section headers, and the fields of data lines in either layout.

use super::reading::shorten;

/// How a data line is cut into fields.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Between blanks.
    Free,
    /// By the columns of the card.
    Fixed,
}

/// The parts of an MPS file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Start,
    ObjectiveSense,
    ObjectiveName,
    Rows,
    Columns,
    RightSides,
    Ranges,
    Bounds,
    OrderedSets,
    Indicators,
    End,
}

/// The section that a header line opens, and what follows the keyword.
///
/// # Errors
/// What the line is instead, and what to do.
pub(super) fn header(line: &str) -> Result<(Section, &str), String> {
    let (keyword, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let section = match keyword.to_ascii_uppercase().as_str() {
        "NAME" => Section::Start,
        "OBJSENSE" => Section::ObjectiveSense,
        "OBJNAME" => Section::ObjectiveName,
        "ROWS" => Section::Rows,
        "COLUMNS" => Section::Columns,
        "RHS" => Section::RightSides,
        "RANGES" => Section::Ranges,
        "BOUNDS" => Section::Bounds,
        "SOS" => Section::OrderedSets,
        "INDICATORS" => Section::Indicators,
        "ENDATA" => Section::End,
        "QUADOBJ" | "QMATRIX" | "QSECTION" | "QCMATRIX" | "CSECTION" => {
            return Err(format!(
                "section {keyword} holds quadratic or conic terms, and only linear models are supported; linearise them"
            ));
        }
        "SOS1" | "SOS2" | "SETS" => {
            return Err(format!("section {keyword} is not read; write SOS, with lines 'S1 name' and 'column weight'"));
        }
        "GENCONS" | "PWLOBJ" | "PWLNAM" => {
            return Err(format!("section {keyword} is not supported; write it with binary columns and linear rows"));
        }
        "LAZYCONS" | "USERCUTS" => {
            return Err(format!(
                "section {keyword} is not supported; move its rows into ROWS if they belong to the model"
            ));
        }
        _ => {
            return Err(format!(
                "'{}' is not a section of an MPS file (NAME, OBJSENSE, OBJNAME, ROWS, COLUMNS, RHS, RANGES, BOUNDS, \
                 SOS, INDICATORS, ENDATA); data lines start with a blank",
                shorten(keyword)
            ));
        }
    };
    Ok((section, rest.trim()))
}

/// The non-empty fields of a data line, up to a comment: a field that starts with `$`, stands behind at least two others
/// and is not the name (`is_name`) of what the section speaks of.
pub(super) fn fields(line: &str, layout: Layout, is_name: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut fields = match layout {
        Layout::Free => line.split_whitespace().collect(),
        Layout::Fixed => card(line),
    };
    let comment = fields.iter().skip(2).position(|field| field.starts_with('$') && !is_name(field));
    fields.truncate(comment.map_or(fields.len(), |position| position + 2));
    fields
}

/// Columns 2-3, 5-12, 15-22, 25-36, 40-47, 50-61 of the original card; numbers may run on, and a comment behind one
/// starts after a blank.
fn card(line: &str) -> Vec<&str> {
    let at = |column: usize| line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte);
    let starts = [0, 4, 14, 24, 39, 49].map(at);
    let ends = [4, 14, 24, 39, 49, usize::MAX].map(at);
    let mut fields = Vec::with_capacity(6);
    for k in 0..6 {
        let field = line[starts[k]..ends[k]].trim();
        if field.is_empty() {
            continue;
        }
        let is_number = matches!(k, 3 | 5);
        match field.split_once('$').filter(|(before, _)| is_number && before.ends_with(char::is_whitespace)) {
            None => fields.push(field),
            Some((before, _)) => {
                fields.push(before.trim_end());
                break;
            }
        }
    }
    fields
}

/// Whether a line of COLUMNS that holds a marker opens a block of integer columns; `None` for other lines.
pub(super) fn marker(fields: &[&str]) -> Option<Result<bool, String>> {
    let &[_, word, marker, ..] = fields else { return None };
    word.eq_ignore_ascii_case("'MARKER'").then(|| match marker.to_ascii_uppercase().as_str() {
        "'INTORG'" => Ok(true),
        "'INTEND'" => Ok(false),
        _ => Err(format!("marker {} is neither 'INTORG' nor 'INTEND'", shorten(marker))),
    })
}

/// What a line of BOUNDS speaks of; the value is 0 where none stands.
pub(super) struct Bound<'a> {
    pub set: Option<&'a str>,
    pub column: &'a str,
    pub value: &'a str,
    /// Whether the type takes a value, and one is there.
    pub counts: bool,
}

/// The type of a bound in upper case, and its fields. The name of the set may be missing, types without a value may
/// carry one all the same, and of semi-continuous columns it may be left out.
///
/// # Errors
/// What is wrong with the line.
pub(super) fn bound<'a>(fields: &[&'a str], is_column: impl Fn(&str) -> bool) -> Result<(String, Bound<'a>), String> {
    let (&kind, rest) = fields.split_first().ok_or("an empty line in BOUNDS")?;
    let kind = kind.to_ascii_uppercase();
    let takes_value = match kind.as_str() {
        "UP" | "LO" | "FX" | "UI" | "LI" | "SC" | "SI" => true,
        "FR" | "MI" | "PL" | "BV" => false,
        other => {
            let other = shorten(other);
            return Err(format!("bound type '{other}' is none of UP, LO, FX, FR, MI, PL, BV, LI, UI, SC, SI"));
        }
    };
    let needs_value = takes_value && !is_semi_continuous(&kind);
    let (set, column, value) = match (rest, needs_value) {
        (&[column, value], true) => (None, column, Some(value)),
        (&[set, column, value], true) => (Some(set), column, Some(value)),
        (&[set, column], false) if is_column(column) => (Some(set), column, None),
        (&[column], false) => (None, column, None),
        (&[column, value], false) => (None, column, Some(value)),
        (&[set, column, value], false) => (Some(set), column, Some(value)),
        _ => return Err(format!("a bound of type {kind} is: {kind}, set name, column name, value")),
    };
    let counts = takes_value && value.is_some();
    Ok((kind, Bound { set, column, value: value.unwrap_or("0"), counts }))
}

/// Whether a type of bound says that the column is semi-continuous (or semi-integer).
pub(super) fn is_semi_continuous(kind: &str) -> bool {
    matches!(kind, "SC" | "SI")
}
