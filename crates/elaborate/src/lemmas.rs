//! `lemmas.jsonl`: lemmas, their multipliers made whole.

use crate::error::Error;
use dashu_base::Gcd;
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use serde_json::Value;
use std::fmt::Write as _;
use std::str::FromStr;

/// A lemma as it stands in the kernel file.
pub struct Lemma {
    /// From 1.
    pub layer: usize,
    /// Sites, and whether the neuron fires there.
    pub members: Vec<(usize, bool)>,
    /// The step.
    pub text: String,
}

/// Reads all lines.
pub fn read(text: &str) -> Result<Vec<Lemma>, Error> {
    let lemma = |(number, line): (usize, &str)| {
        let wrong = || Error::Malformed { file: "lemmas.jsonl", what: format!("line {}: not a lemma", number + 1) };
        serde_json::from_str(line).ok().and_then(|json| parse(&json)).ok_or_else(wrong)
    };
    text.lines().enumerate().map(lemma).collect()
}

/// A number such as `3` or `1/3`; a denominator of 0 is none.
fn multiplier(text: &str) -> Option<RBig> {
    let (over, under) = text.split_once('/').unwrap_or((text, "1"));
    let under = UBig::from_str(under).ok().filter(|under| *under > UBig::ZERO)?;
    Some(RBig::from_parts(IBig::from_str(over).ok()?, under))
}

fn parse(json: &Value) -> Option<Lemma> {
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
    let mut text = format!("lemma {layer}");
    for wanted in [true, false] {
        for ((site, fires), multiplier) in members.iter().zip(&whole) {
            if *fires == wanted {
                write!(text, " {site} {multiplier}").ok()?;
            }
        }
        text.push_str(if wanted { " :" } else { " ;" });
    }
    Some(Lemma { layer, members, text })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn multipliers_are_numbers_or_refused() {
        let lemma = |text: &str| read(&format!(r#"{{"layer":1,"fires":[[0,"{text}"]],"rests":[[1,"2"]]}}"#));
        assert_eq!(lemma("2/3").expect("a fraction")[0].members, [(0, true), (1, false)]);
        for text in ["1/0", "0/0", "1/00", "1/", "/1", "1/2/3", "1/-2", "x", ""] {
            assert!(lemma(text).is_err(), "{text}");
        }
    }
}
