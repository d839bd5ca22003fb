//! Special ordered sets of LP files: `name: S1:: column:weight ..`.

use std::collections::BTreeSet;

use super::lp_columns::Columns;
use super::lp_cursor::{Cursor, Parsed};
use super::lp_lexer::Token;
use super::number;
use super::reading::shorten;
use super::weighted::Weighted;
use crate::OrderedSet;

/// The sets read so far.
#[derive(Default)]
pub(super) struct Sets<'a> {
    names: BTreeSet<&'a str>,
    all: Vec<OrderedSet>,
}

/// The neighbours that `S1::` or `S2::` tells, if that comes next.
fn neighbours(at: &Cursor) -> Option<usize> {
    let (Some(Token::Name(word)), Some(Token::Colon), Some(Token::Colon)) = (at.ahead(0), at.ahead(1), at.ahead(2))
    else {
        return None;
    };
    [(1, "S1"), (2, "S2")]
        .into_iter()
        .find(|(_, kind)| word.eq_ignore_ascii_case(kind))
        .map(|(neighbours, _)| neighbours)
}

impl<'a> Sets<'a> {
    /// Reads one set; `heading` is the number in the word that opens the section, if there is one.
    pub(super) fn read(
        &mut self,
        at: &mut Cursor<'_, 'a>,
        columns: &mut Columns<'a>,
        heading: Option<usize>,
    ) -> Parsed<()> {
        let start = at.next_line();
        let label = if neighbours(at).is_some() { None } else { at.label() };
        let Some(neighbours) = neighbours(at) else {
            return at.refuse("a special ordered set is 'name: S1:: column:weight ..', or S2 in the place of S1");
        };
        at.next += 3;
        if heading.is_some_and(|heading| heading != neighbours) {
            return at
                .refuse_last("this set is not of the kind that the section's heading names; write 'sos' for both");
        }
        if label.is_some_and(|label| !self.names.insert(label)) {
            return Err((start, "this set's name is taken by an earlier set; names are unique".into()));
        }
        let mut members = Weighted::default();
        while let Some(Token::Name(name)) = at.peek() {
            if at.labels_next() && matches!(at.ahead(2), Some(Token::Name(_) | Token::Colon)) {
                break;
            }
            at.next += 1;
            let column = columns.named(name, at.line());
            if at.peek() != Some(Token::Colon) {
                return at.refuse_gap(at.next, format!("'{}' has no weight; write 'column:weight'", shorten(name)));
            }
            at.next += 1;
            let (negative, text) = at.signed()?;
            let weight = at.located(number::parse_finite(text))?;
            at.located(members.add(column, name, if negative { weight.negated() } else { weight }))?;
        }
        self.all.push(OrderedSet { name: label.unwrap_or("").to_owned(), neighbours, members: members.in_order() });
        Ok(())
    }

    /// All of them; those without a name are called `SOS` and their number, from 1, with underscores that keep names unique.
    pub(super) fn finish(mut self) -> Vec<OrderedSet> {
        for (k, set) in self.all.iter_mut().enumerate().filter(|(_, set)| set.name.is_empty()) {
            set.name = format!("SOS{}", k + 1);
            while self.names.contains(set.name.as_str()) {
                set.name.push('_');
            }
        }
        self.all
    }
}
