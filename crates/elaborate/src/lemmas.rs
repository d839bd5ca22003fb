//! `lemmas.jsonl`: lemmas, their multipliers made whole.

use crate::error::Error;
use dashu_base::Gcd;
use dashu_int::UBig;
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

fn parse(json: &Value) -> Option<Lemma> {
    let layer = usize::try_from(json.get("layer")?.as_u64()?).ok()?;
    let mut members = Vec::new();
    let mut multipliers: Vec<RBig> = Vec::new();
    for (side, fires) in [("fires", true), ("rests", false)] {
        for member in json.get(side)?.as_array()? {
            members.push((usize::try_from(member.get(0)?.as_u64()?).ok()?, fires));
            multipliers.push(RBig::from_str(member.get(1)?.as_str()?).ok()?);
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
