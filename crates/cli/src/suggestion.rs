//! Errors of the command line with suggestions that help, or without any.
//!
//! Entry point: [`sober`]. Clap suggests the nearest option however far it is, and to pass an unknown one as a value.

use clap::error::{ContextKind, ContextValue};

/// The error without suggestions that are far from what was typed.
pub fn sober(mut error: clap::Error) -> clap::Error {
    // No command takes values that look like options.
    error.remove(ContextKind::Suggested);
    for (typed, suggested) in [
        (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand),
        (ContextKind::InvalidValue, ContextKind::SuggestedValue),
    ] {
        let Some(ContextValue::String(typed)) = error.get(typed) else { continue };
        let near = match error.get(suggested) {
            Some(ContextValue::String(known)) => resembles(typed, known),
            Some(ContextValue::Strings(known)) => known.iter().any(|known| resembles(typed, known)),
            _ => continue,
        };
        if !near {
            error.remove(suggested);
        }
    }
    error
}

/// Whether two words begin and end alike for at least half of the longer one.
fn resembles(a: &str, b: &str) -> bool {
    let [a, b] = [a, b].map(|word| word.trim_start_matches('-').chars().collect::<Vec<char>>());
    let (shorter, longer) = (a.len().min(b.len()), a.len().max(b.len()));
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    (start + end).min(shorter) * 2 >= longer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_far_is_not_suggested() {
        for (typed, known, near) in [
            ("--hiden", "--hidden", true),
            ("--lable", "--label", true),
            ("--time-limt", "--time-limit", true),
            ("--out-file", "--out", false),
            ("--bogus", "--robust", false),
            ("--x", "--json", false),
            ("trian", "train", true),
            ("solver", "solve", true),
            ("fit", "predict", false),
        ] {
            assert_eq!(resembles(typed, known), near, "{typed} {known}");
        }
    }
}
