//! Mixed-integer rounding of an equation, with every rounding error on the safe side.
//!
//! In an equation over variables written as `l + t` or `u - t` with `t >= 0`, coefficients are rounded down and the right side up: what is
//! left are floats, `sum g_j t_j + sum h_k t_k <= b`, that every point satisfies exactly. On these the rounding function
//! `F(g) = floor(g) + max(0, frac(g) - f) / (1 - f)` with `f = frac(b)` is computed downwards. It is continuous and rises, so a coefficient that lies
//! below a whole number by a rounding error alone costs no more than that error.
//!
//! References: Nemhauser, Wolsey, *A recursive procedure to generate all cuts for 0-1 mixed integer programs*, Math. Programming 46 (1990);
//! Cook, Dash, Fukasawa, Goycoolea, *Numerically safe Gomory mixed-integer cuts*, INFORMS J. on Computing 21 (2009), sections 3 and 4.

use super::cut::Cut;
use super::equation::Equation;
use super::interval::{Interval, add_down, add_up, divide_down, divide_up};
use super::system::System;
use crate::bounds::Side;
use crate::tolerances::{CUT_FRACTION, LARGEST_EXACT_WHOLE};

/// A variable above its lower or below its upper bound.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    pub variable: usize,
    pub side: Side,
    /// The coefficient that the row `<=` has at the distance from the bound, rounded down.
    pub coefficient: f64,
}

/// The equation as a row `<=` over distances from bounds: its right side, rounded up. `None` if a variable has no bound. The side of each
/// variable is the one that `side` prefers, if there is a bound there.
pub(crate) fn from_bounds(
    system: &System<'_>,
    equation: &Equation,
    side: impl Fn(usize) -> Side,
    terms: &mut Vec<Term>,
) -> Option<f64> {
    terms.clear();
    let mut right = Interval::ZERO;
    for (variable, value) in equation.terms() {
        let range = Interval { low: system.range(variable).0, high: system.range(variable).1 };
        if value.low < 0.0 && value.high > 0.0 && range.is_finite() {
            // What rounding left of a coefficient that is zero, or nearly.
            right = right.add(Interval::exact(-value.product(range).low));
            continue;
        }
        let wanted = side(variable);
        let has = |side: &Side| system.bound(variable, *side).is_finite();
        let side = [wanted, wanted.other()].into_iter().find(has)?;
        right = right.add(value.product(system.bound(variable, side)).negate());
        let coefficient = if side == Side::Lower { value.low } else { -value.high };
        terms.push(Term { variable, side, coefficient });
    }
    right.is_finite().then_some(right.high)
}

/// The cut that rounding the row (see [`from_bounds`]) divided by `divisor` gives. `scratch` is left with what it was.
pub(crate) fn round(
    system: &System<'_>,
    terms: &[Term],
    right: f64,
    divisor: f64,
    scratch: &mut Equation,
) -> Option<Cut> {
    let right = divide_up(right, divisor);
    let whole = right.floor();
    let fraction = add_up(right, -whole);
    if !(CUT_FRACTION..=1.0 - CUT_FRACTION).contains(&fraction) || whole.abs() > LARGEST_EXACT_WHOLE {
        return None;
    }
    let (rest_down, rest_up) = (add_down(1.0, -fraction), add_up(1.0, -fraction));
    scratch.clear();
    let mut total = Interval::exact(whole);
    for &Term { variable, side, coefficient } in terms {
        let scaled = divide_down(coefficient, divisor);
        let bound = system.bound(variable, side);
        let rounded = if system.integer[variable] && bound.low == bound.high {
            let below = scaled.floor();
            let above = add_down(add_down(scaled, -below), -fraction);
            if above > 0.0 { add_down(below, divide_down(above, rest_up)) } else { below }
        } else if scaled < 0.0 {
            divide_down(scaled, rest_down)
        } else {
            0.0
        };
        if rounded == 0.0 {
            continue;
        }
        // The distance is the variable less its lower bound, or the upper bound less the variable.
        let signed = if side == Side::Lower { rounded } else { -rounded };
        total = total.add(bound.times(signed));
        if variable < system.n {
            scratch.add(variable, Interval::exact(signed));
        } else {
            scratch.add_activity(system, variable - system.n, signed);
        }
    }
    Cut::settle(system, scratch, total.high)
}
