//! `lemmas.jsonl`: lemmas, their multipliers made whole.

use crate::error::Error;
use dashu_base::Gcd;
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use kernel::problem::Problem;
use kernel::structure::{Deed, Kind};
use serde_json::Value;
use std::fmt::Write as _;
use std::str::FromStr;

/// A lemma as it stands in the kernel file.
pub struct Lemma {
    /// From 1.
    pub layer: usize,
    /// What no neuron does.
    pub deeds: Vec<Deed>,
    /// The step.
    pub text: String,
}

/// Reads all lines.
pub fn read(text: &str, problem: &Problem) -> Result<Vec<Lemma>, Error> {
    let lemma = |(number, line): (usize, &str)| {
        let wrong = || Error::Malformed { file: "lemmas.jsonl", what: format!("line {}: not a lemma", number + 1) };
        serde_json::from_str(line).ok().and_then(|json| parse(&json, problem)).ok_or_else(wrong)
    };
    text.lines().enumerate().map(lemma).collect()
}

/// A number such as `3` or `1/3`; a denominator of 0 is none.
fn multiplier(text: &str) -> Option<RBig> {
    let (over, under) = text.split_once('/').unwrap_or((text, "1"));
    let under = UBig::from_str(under).ok().filter(|under| *under > UBig::ZERO)?;
    Some(RBig::from_parts(IBig::from_str(over).ok()?, under))
}

/// Bounds by place, input after input.
fn bounds(json: &Value, problem: &Problem) -> Option<Vec<(usize, bool)>> {
    let mut bounds = Vec::new();
    for (side, holds) in [("least", true), ("below", false)] {
        for bound in json.get(side).map_or(Some(&vec![]), Value::as_array)? {
            let number = |at: usize| usize::try_from(bound.get(at)?.as_u64()?).ok();
            let value = number(1)?.checked_sub(1).filter(|&value| value < problem.bounds())?;
            bounds.push((number(0)?.checked_mul(problem.bounds())?.checked_add(value)?, holds));
        }
    }
    Some(bounds)
}

fn parse(json: &Value, problem: &Problem) -> Option<Lemma> {
    let layer = usize::try_from(json.get("layer")?.as_u64()?).ok()?;
    let mut members = Vec::new();
    let mut multipliers: Vec<RBig> = Vec::new();
    for (side, fires) in [("fires", true), ("rests", false)] {
        for member in json.get(side)?.as_array()? {
            members.push((usize::try_from(member.get(0)?.as_u64()?).ok()?, fires));
            multipliers.push(multiplier(member.get(1)?.as_str()?)?);
        }
    }
    let common = multipliers.iter().fold(UBig::ONE, |common, multiplier| {
        let shared = (&common).gcd(multiplier.denominator());
        common * (multiplier.denominator() / shared)
    });
    let whole = |multiplier: &RBig| (multiplier * RBig::from(common.clone())).numerator().clone();
    let whole: Vec<_> = multipliers.iter().map(whole).collect();
    let bounds = bounds(json, problem)?;
    let mut text = format!("lemma {layer}");
    for wanted in [true, false] {
        for ((site, fires), multiplier) in members.iter().zip(&whole) {
            if *fires == wanted {
                write!(text, " {site} {multiplier}").ok()?;
            }
        }
        text.push_str(if wanted || problem.cap > 0 { " :" } else { "" });
    }
    for (place, holds) in &bounds {
        write!(text, " {}{}", if *holds { "" } else { "-" }, place + 1).ok()?;
    }
    text.push_str(" ;");
    let place = |&(site, fires): &(usize, bool)| {
        Some((Kind::Unit, if layer == 1 { problem.points.get(site)?.part } else { site }, fires))
    };
    let bounds = bounds.into_iter().map(|(place, holds)| Some((Kind::Bound, place, holds)));
    let deeds = members.iter().map(place).chain(bounds).collect::<Option<_>>()?;
    Some(Lemma { layer, deeds, text })
}

#[cfg(test)]
mod tests {
    use super::read;
    use kernel::problem::Problem;
    use kernel::structure::Kind;
    use kernel::tokens::Tokens;

    /// Two points on a line; weights up to B.
    fn problem(bound: usize) -> Problem {
        let text = format!(
            "kernel 1 ; inputs 1 ; hidden ; classes 2 ; bias yes ; weights {bound} ; loss hamming ; epsilon 0 ; ball linf 0 ; unit 1 1 ; \
             shift 0 ; factor 1 ; point 0 0 : 0 1 ; point 1 1 : 1 1 ; limits ; claim 0 none ;"
        );
        Problem::read(&mut Tokens::new(&text, text.len())).expect("a problem")
    }

    #[test]
    fn multipliers_are_numbers_or_refused() {
        let problem = problem(0);
        let lemma = |text: &str| read(&format!(r#"{{"layer":1,"fires":[[0,"{text}"]],"rests":[[1,"2"]]}}"#), &problem);
        let found = &lemma("2/3").expect("a fraction")[0];
        let deeds = [(Kind::Unit, 0, true), (Kind::Unit, 1, false)];
        assert_eq!((&found.deeds[..], &found.text[..]), (&deeds[..], "lemma 1 0 2 : 1 6 ;"));
        for text in ["1/0", "0/0", "1/00", "1/", "/1", "1/2/3", "1/-2", "x", ""] {
            assert!(lemma(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bounds_have_numbers() {
        let lemma =
            |bounds: &str| read(&format!(r#"{{"layer":1,"fires":[[0,"1"]],"rests":[[1,"1"]],{bounds}}}"#), &problem(2));
        let found = &lemma(r#""least":[[0,4]],"below":[[0,1]]"#).expect("bounds")[0];
        let deeds = [(Kind::Bound, 3, true), (Kind::Bound, 0, false)];
        assert_eq!((&found.deeds[2..], &found.text[..]), (&deeds[..], "lemma 1 0 1 : 1 1 : 4 -1 ;"));
        for bounds in [r#""least":[[0,5]]"#, r#""below":[[0,0]]"#, r#""least":[[0]]"#, r#""below":7"#] {
            assert!(lemma(bounds).is_err(), "{bounds}");
        }
    }
}
