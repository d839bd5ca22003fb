//! `heaviside parameters`: the table of all that `--set` takes.

use crate::console::Console;
use crate::failure::Failure;
use clap::Args;
use heaviside::{Parameter, Settings};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// List the parameters of the engines: what `train --set` and `solve --set` take
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside parameters\n  \
    heaviside parameters milp branching\n  \
    heaviside parameters --json\n  \
    heaviside train data.csv --hidden 2 --set omt.restart_margin=1.3 --set omt.cores=no\n  \
    heaviside solve model.mps --set milp.branching=most-fractional")]
pub struct ParametersArgs {
    /// Only those that have all of these words in their name or in what they do; upper and lower case are the same
    #[arg(value_name = "WORD")]
    words: Vec<String>,
}

impl ParametersArgs {
    fn wants(&self, row: &Parameter) -> bool {
        let text = format!("{} {}", row.name, row.about).to_lowercase();
        self.words.iter().all(|word| text.contains(&word.to_lowercase()))
    }
}

/// A row of `--json`.
#[derive(Serialize)]
struct ParameterJson {
    name: &'static str,
    range: String,
    default: String,
    about: &'static str,
}

#[derive(Serialize)]
struct TableJson {
    parameters: Vec<ParameterJson>,
}

/// Prints the table.
pub fn run(args: &ParametersArgs, console: &Console) -> Result<(), Failure> {
    let table: Vec<Parameter> = heaviside::parameters().into_iter().filter(|row| args.wants(row)).collect();
    if table.is_empty() {
        let words = args.words.join(" ");
        return Err(Failure::Input(format!(
            "no parameter has '{words}' in its name or in what it does; `heaviside parameters` lists all"
        )));
    }
    let json = |row: &Parameter| ParameterJson {
        name: row.name,
        range: row.range.to_string(),
        default: row.default.to_string(),
        about: row.about,
    };
    if console.is_json() {
        return console.json(&TableJson { parameters: table.iter().map(json).collect() });
    }
    let text = if args.words.is_empty() { page(&table) } else { tables(&table) };
    console.report(text.trim())
}

/// docs/parameters.md.
fn page(table: &[Parameter]) -> String {
    let head =         "# Parameters

How the engines search, for those who study it: `train` and `solve` take `--set NAME=VALUE`, any number of times, and the library
`Trainer::set`. What may be claimed rests on none of them. What is set stands in the report, in the JSON (`settings`) and in the
model. This page is what `heaviside parameters` prints.
";
    format!("{head}{}", tables(table))
}

/// A table an engine.
fn tables(table: &[Parameter]) -> String {
    let mut page = String::new();
    let mut engine = "";
    for row in table {
        let of = row.name.split('.').next().unwrap_or_default();
        if of != engine {
            engine = of;
            let _ = write!(page, "\n## {engine}\n\n| name | values | default | what it does |\n|---|---|---|---|\n");
        }
        let _ = writeln!(page, "| `{}` | {} | {} | {} |", row.name, row.range, row.default, row.about);
    }
    page
}

/// What is set, for a report: nothing if all is as by default.
pub fn set(settings: &Settings) -> Option<String> {
    let all: Vec<String> = settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// What is set, for JSON.
pub fn settings(settings: &Settings) -> BTreeMap<&'static str, String> {
    settings.iter().map(|(name, value)| (name, value.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    #[test]
    fn the_page_is_what_the_command_prints() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/parameters.md");
        let advice = "heaviside parameters > docs/parameters.md";
        assert_eq!(fs::read_to_string(path).unwrap(), page(&heaviside::parameters()), "make it again: {advice}");
    }
}
