//! Linear programs in exact arithmetic: dictionaries of whole numbers over one denominator, Bland's rule, two phases.
//!
//! Entry point: [`minimise`]. A dictionary says `denominator * basic = row[0] + sum row[k + 1] * nonbasic_k`, all whole;
//! a pivot divides by the old denominator without remainder (Edmonds 1967, Bareiss 1968), so no fraction is ever
//! reduced. Phase one has Chvatal's single artificial variable (*Linear Programming*, 1983, chapter 3).

use super::sum;
use checker::Rational;
use dashu::base::{Gcd, Sign, Signed};
use dashu::integer::{IBig, UBig};

/// `lower <= terms <= upper`; `None` is no side.
#[derive(Clone, Debug)]
pub struct Row {
    /// (column, coefficient).
    pub terms: Vec<(usize, Rational)>,
    /// Lower side.
    pub lower: Option<Rational>,
    /// Upper side.
    pub upper: Option<Rational>,
}

/// What is true of a linear program.
#[derive(Clone, Debug, PartialEq)]
pub enum Solved {
    /// The least objective and a point that has it.
    Optimal {
        /// `cost'x`.
        objective: Rational,
        /// One value a column.
        point: Vec<Rational>,
    },
    /// No point satisfies it.
    Infeasible,
    /// There are points, and the objective falls without end.
    Unbounded,
}

/// A column as `start + sign * v_first - v_second`: shifted or turned to start at 0, or split where it has no bound.
struct Place {
    start: Rational,
    sign: IBig,
    first: usize,
    second: Option<usize>,
}

/// Minimises `cost'x` over `rows` and the bounds (`None` is infinite). Cost: exponential at worst, meant for ten or
/// twenty columns and rows.
#[must_use]
pub fn minimise(cost: &[Rational], rows: &[Row], lower: &[Option<Rational>], upper: &[Option<Rational>]) -> Solved {
    let mut places = vec![];
    let mut variables = 0;
    let mut sides: Vec<(Vec<(usize, Rational)>, Rational)> = vec![]; // terms + constant >= 0, over the new variables
    for bounds in lower.iter().zip(upper) {
        let (start, sign, split) = match bounds {
            (Some(low), _) => (low.clone(), IBig::ONE, false),
            (None, Some(high)) => (high.clone(), IBig::NEG_ONE, false),
            (None, None) => (Rational::ZERO, IBig::ONE, true),
        };
        let first = variables;
        variables += 1 + usize::from(split);
        if let (Some(low), Some(high)) = bounds {
            if low > high {
                return Solved::Infeasible;
            }
            sides.push((vec![(first, -Rational::ONE)], high - low));
        }
        places.push(Place { start, sign, first, second: split.then_some(first + 1) });
    }
    for row in rows {
        let constant = sum(row.terms.iter().map(|(j, a)| a * &places[*j].start));
        for (side, up) in [(&row.lower, true), (&row.upper, false)] {
            let Some(side) = side else { continue };
            let mut terms = vec![];
            for (j, a) in &row.terms {
                let place = &places[*j];
                let a = if up { a.clone() } else { -a };
                terms.extend(place.second.map(|second| (second, -&a)));
                terms.push((place.first, a * Rational::from(place.sign.clone())));
            }
            sides.push((terms, if up { &constant - side } else { side - &constant }));
        }
    }
    let Some(mut dictionary) = Dictionary::feasible(variables, &sides) else { return Solved::Infeasible };
    let mut objective = vec![Rational::ZERO; variables];
    for (place, c) in places.iter().zip(cost) {
        objective[place.first] = -c * Rational::from(place.sign.clone());
        place.second.iter().for_each(|&second| objective[second] = c.clone());
    }
    dictionary.price(&objective);
    if !dictionary.maximise() {
        return Solved::Unbounded;
    }
    let values = dictionary.values(variables);
    let value = |place: &Place| {
        let shift = &values[place.first] * Rational::from(place.sign.clone());
        &place.start + shift - place.second.map_or(Rational::ZERO, |second| values[second].clone())
    };
    let point: Vec<Rational> = places.iter().map(value).collect();
    let objective = sum(cost.iter().zip(&point).map(|(c, x)| c * x));
    Solved::Optimal { objective, point }
}

/// The least common denominator of numbers.
#[must_use]
pub fn common_denominator<'a>(numbers: impl Iterator<Item = &'a Rational>) -> UBig {
    numbers.fold(UBig::ONE, |common, number| {
        let shared = (&common).gcd(number.denominator());
        common * (number.denominator() / shared)
    })
}

/// `number * factor`, which is whole.
fn whole(number: &Rational, factor: &UBig) -> IBig {
    number.numerator() * IBig::from(factor / number.denominator())
}

/// The last row is the objective, to be maximised. Variables: the caller's, the artificial one, one a side.
struct Dictionary {
    rows: Vec<Vec<IBig>>,
    denominator: IBig,
    basic: Vec<usize>,
    nonbasic: Vec<usize>,
}

impl Dictionary {
    /// A dictionary whose basic solution satisfies `terms + constant >= 0` for every side, `None` if there is none. Its
    /// objective is zero.
    fn feasible(variables: usize, sides: &[(Vec<(usize, Rational)>, Rational)]) -> Option<Self> {
        let artificial = variables;
        let mut rows: Vec<Vec<IBig>> = vec![];
        for (terms, constant) in sides {
            let factor = common_denominator(terms.iter().map(|(_, a)| a).chain([constant]));
            let mut row = vec![IBig::ZERO; variables + 2];
            row[0] = whole(constant, &factor);
            terms.iter().for_each(|(j, a)| row[j + 1] += whole(a, &factor));
            row[artificial + 1] = IBig::ONE;
            rows.push(row);
        }
        let count = rows.len();
        let mut objective = vec![IBig::ZERO; variables + 2];
        objective[artificial + 1] = IBig::NEG_ONE;
        rows.push(objective);
        let basic = (variables + 1..=variables + count).collect();
        let mut dictionary = Self { rows, denominator: IBig::ONE, basic, nonbasic: (0..=variables).collect() };
        let worst = (0..count).min_by_key(|&r| &dictionary.rows[r][0]);
        if let Some(worst) = worst.filter(|&worst| dictionary.rows[worst][0].sign() == Sign::Negative) {
            dictionary.pivot(worst, artificial);
            assert!(dictionary.maximise(), "minus a non-negative variable is bounded");
            if !dictionary.rows[count][0].is_zero() {
                return None;
            }
            if let Some(r) = dictionary.basic.iter().position(|&variable| variable == artificial) {
                let c = (0..dictionary.nonbasic.len()).find(|&c| !dictionary.rows[r][c + 1].is_zero());
                dictionary.pivot(r, c.expect("the artificial variable is not constant"));
            }
        }
        let at = dictionary.nonbasic.iter().position(|&variable| variable == artificial).expect("not basic");
        dictionary.nonbasic.remove(at);
        dictionary.rows.iter_mut().for_each(|row| drop(row.remove(at + 1)));
        Some(dictionary)
    }

    /// Sets the objective, up to a positive factor.
    fn price(&mut self, objective: &[Rational]) {
        let factor = common_denominator(objective.iter());
        let mut priced = vec![IBig::ZERO; self.nonbasic.len() + 1];
        for (variable, c) in objective.iter().enumerate().filter(|(_, c)| !c.is_zero()) {
            let c = whole(c, &factor);
            if let Some(k) = self.nonbasic.iter().position(|&other| other == variable) {
                priced[k + 1] += c * &self.denominator;
            } else {
                let r = self.basic.iter().position(|&other| other == variable).expect("basic or not");
                priced.iter_mut().zip(&self.rows[r]).for_each(|(entry, term)| *entry += &c * term);
            }
        }
        *self.rows.last_mut().expect("the objective") = priced;
    }

    /// Exchanges basic `r` and non-basic `c`.
    fn pivot(&mut self, r: usize, c: usize) {
        let row = std::mem::take(&mut self.rows[r]);
        let pivot = row[c + 1].clone();
        for other in self.rows.iter_mut().filter(|other| !other.is_empty()) {
            let factor = std::mem::replace(&mut other[c + 1], IBig::ZERO);
            for (k, (entry, term)) in other.iter_mut().zip(&row).enumerate() {
                *entry = if k == c + 1 {
                    factor.clone()
                } else if factor.is_zero() || term.is_zero() {
                    if entry.is_zero() { IBig::ZERO } else { &*entry * &pivot / &self.denominator }
                } else {
                    (&*entry * &pivot - &factor * term) / &self.denominator
                };
            }
        }
        let mut row: Vec<IBig> = row.into_iter().map(|entry| -entry).collect();
        row[c + 1] = std::mem::replace(&mut self.denominator, pivot);
        self.rows[r] = row;
        if self.denominator.sign() == Sign::Negative {
            self.denominator = -std::mem::take(&mut self.denominator);
            self.rows.iter_mut().flatten().for_each(|entry| *entry = -std::mem::take(entry));
        }
        std::mem::swap(&mut self.basic[r], &mut self.nonbasic[c]);
    }

    /// Bland's rule to the optimum; false if there is none.
    fn maximise(&mut self) -> bool {
        loop {
            let objective = self.rows.last().expect("the objective");
            let candidates =
                (0..self.nonbasic.len()).filter(|&c| objective[c + 1].is_positive() && !objective[c + 1].is_zero());
            let Some(c) = candidates.min_by_key(|&c| self.nonbasic[c]) else { return true };
            let mut leaving: Option<usize> = None;
            for r in (0..self.basic.len()).filter(|&r| self.rows[r][c + 1].sign() == Sign::Negative) {
                let better = leaving.is_none_or(|held| {
                    let [new, old] = [(r, held), (held, r)].map(|(a, b)| &self.rows[a][0] * -&self.rows[b][c + 1]);
                    new < old || (new == old && self.basic[r] < self.basic[held])
                });
                leaving = if better { Some(r) } else { leaving };
            }
            let Some(r) = leaving else { return false };
            self.pivot(r, c);
        }
    }

    /// The values of the first `count` variables.
    fn values(&self, count: usize) -> Vec<Rational> {
        let mut values = vec![Rational::ZERO; count];
        for (row, &variable) in self.rows.iter().zip(&self.basic) {
            if variable < count {
                values[variable] = Rational::from(row[0].clone()) / Rational::from(self.denominator.clone());
            }
        }
        values
    }
}
