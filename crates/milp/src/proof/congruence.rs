//! What a congruence says at a node ([`crate::bounds::Congruence`]), in lines of a certificate: its rows with the bounds of its
//! rest bound what is whole, that is rounded, and the rows less what was rounded bound the rest.

use dashu::base::Signed;
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;

use super::Certificate;
use super::closing::Closed;
use super::explain::Leaning;
use super::journal::{Form, Rule};
use crate::Budget;
use crate::bounds::{BoundChange, Congruence, Domain, Inequality, Multipliers, Origin, Side};
use crate::number::lcm;

impl Congruence {
    /// The side of the rest from which a change follows.
    pub(super) fn side_of(&self, change: &BoundChange) -> Option<Side> {
        let (_, a) = self.rest.iter().find(|(column, _)| *column == change.var)?;
        Some(if a.is_positive() { change.side } else { change.side.other() })
    }

    /// `rest >= value` (or `<=`, turned) in whole numbers, which is a line or the turned one.
    pub(super) fn row(&self, side: Side, value: &RBig, line: u64) -> Inequality {
        let factor = if side == Side::Lower { RBig::ONE } else { -RBig::ONE };
        let scale = RBig::from(self.denominator());
        let terms = self.whole_rest().into_iter().map(|(column, a)| (column, a * factor.numerator())).collect();
        Inequality { terms, right: value * scale * &factor, factor, origin: Origin::Line(line) }
    }

    fn denominator(&self) -> UBig {
        self.rest.iter().fold(UBig::ONE, |common, (_, a)| lcm(&common, a.denominator()))
    }

    /// The rest times its denominator.
    fn whole_rest(&self) -> Vec<(u32, IBig)> {
        let scale = RBig::from(self.denominator());
        self.rest.iter().map(|(column, a)| (*column, (a * &scale).numerator().clone())).collect()
    }
}

impl Certificate {
    /// The contradiction that no whole number is within reach of the bounds in force.
    pub(super) fn incongruent(
        &mut self,
        domain: &mut Domain,
        congruence: &Congruence,
        budget: &Budget,
    ) -> Option<Closed> {
        let end = domain.end();
        let [least, greatest] =
            [Side::Lower, Side::Upper].map(|side| self.leaning_of_rest(domain, congruence, side, end));
        let (least, greatest) = (least?, greatest?);
        self.explain(domain, least.iter().chain(&greatest).copied(), budget)?;
        let (most_line, most) = self.rounded_whole(domain, congruence, Side::Upper, &least)?;
        let (fewest_line, fewest) = self.rounded_whole(domain, congruence, Side::Lower, &greatest)?;
        (fewest > most).then(|| self.absurd(&vec![(fewest_line, RBig::ONE), (most_line, -RBig::ONE)]))
    }

    /// What the least (or greatest) value of the rest leans on before a position; `None` if there is no such value.
    pub(super) fn leaning_of_rest(
        &self,
        domain: &Domain,
        congruence: &Congruence,
        side: Side,
        before: u32,
    ) -> Option<Leaning> {
        let place = |(column, a): &(u32, RBig)| {
            let (j, side) = (*column as usize, if a.is_positive() { side } else { side.other() });
            let position = domain.position(j, side, before);
            self.value_at(domain, j, side, position).map(|_| position)
        };
        congruence.rest.iter().map(place).collect()
    }

    /// The least (or greatest) value of the rest.
    pub(super) fn rest_at(
        &self,
        domain: &Domain,
        congruence: &Congruence,
        side: Side,
        leaning: &Leaning,
    ) -> Option<RBig> {
        let mut sum = RBig::ZERO;
        for ((column, a), &position) in congruence.rest.iter().zip(leaning) {
            let side = if a.is_positive() { side } else { side.other() };
            sum += a * self.value_at(domain, *column as usize, side, position)?;
        }
        Some(sum)
    }

    /// Writes the side of the rest that the bounds on its own side, which `leaning` names, leave; as an inequality.
    pub(super) fn congruent_row(
        &mut self,
        domain: &Domain,
        congruence: &Congruence,
        side: Side,
        leaning: &Leaning,
    ) -> Option<Inequality> {
        let (rounded, target) = self.rounded_whole(domain, congruence, side.other(), leaning)?;
        let scale = RBig::from(congruence.denominator());
        let mut lines = self.rows_of(congruence, side)?;
        lines.iter_mut().for_each(|(_, multiplier)| *multiplier = &*multiplier * &scale);
        lines.push((rounded, -scale.clone()));
        let value = (if side == Side::Lower { &congruence.lower } else { &congruence.upper }) - target;
        let terms = congruence.whole_rest();
        let right = &value * &scale;
        let line = self.journal.push(sense(side), Some(&right), Form::Whole(&terms), Rule::Combine(&lines));
        Some(congruence.row(side, &value, line))
    }

    /// The line of the whole columns' upper (or lower) side, rounded, and that. The rest leans on its bounds of the other side.
    fn rounded_whole(
        &mut self,
        domain: &Domain,
        congruence: &Congruence,
        direction: Side,
        leaning: &Leaning,
    ) -> Option<(u64, RBig)> {
        let mut lines = self.rows_of(congruence, direction)?;
        for ((column, a), &position) in congruence.rest.iter().zip(leaning) {
            let side = if a.is_positive() { direction.other() } else { direction };
            let (line, _) = self.bound_at(domain, *column as usize, side, position)?;
            lines.push((line, -a));
        }
        let rest = self.rest_at(domain, congruence, direction.other(), leaning)?;
        let (value, target) = match direction {
            Side::Lower => (&congruence.lower - &rest, (&congruence.lower - &rest).ceil()),
            Side::Upper => (&congruence.upper - &rest, (&congruence.upper - &rest).floor()),
        };
        let target = RBig::from(target);
        let form = Form::Whole(&congruence.whole);
        let line = if value.is_int() {
            self.journal.push(sense(direction), Some(&value), form, Rule::Combine(&lines))
        } else {
            self.push_rounded(sense(direction), (&value, &target), form, lines)
        };
        Some((line, target))
    }

    /// The lines of the rows on a side, with their multipliers.
    fn rows_of(&self, congruence: &Congruence, direction: Side) -> Option<Multipliers> {
        let line = |(i, y): &(u32, RBig)| {
            let row = &self.model.rows[*i as usize];
            let takes_lower = y.is_positive() == (direction == Side::Lower);
            Some(((if takes_lower { row.lower_line } else { row.upper_line })?, y.clone()))
        };
        congruence.multipliers.iter().map(line).collect()
    }
}

fn sense(side: Side) -> char {
    if side == Side::Lower { 'G' } else { 'L' }
}
