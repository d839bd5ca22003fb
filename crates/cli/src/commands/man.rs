//! `heaviside man`: manual pages.

use crate::console::Console;
use crate::failure::Failure;
use crate::format::plural;
use crate::output::OutputFile;
use clap::{Args, Command};
use clap_mangen::Man;
use serde::Serialize;
use std::path::PathBuf;

/// Write manual pages into a folder
///
/// One page a command, heaviside.1, heaviside-train.1 and so on. The folder must be there; pages in it are replaced.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside man ~/.local/share/man/man1\n  \
    man heaviside-train")]
pub struct ManArgs {
    /// Folder for the pages
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// The object of `man --json`.
#[derive(Serialize)]
struct ManJson {
    pages: Vec<String>,
}

/// Writes the pages of `command` and of all that it has.
pub fn run(args: &ManArgs, command: Command, console: &Console) -> Result<(), Failure> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut names = vec![];
    write(&command, args, &mut names)?;
    console.report(&format!("{} written to {}", plural(names.len() as u64, "page"), args.folder.display()))?;
    console.json(&ManJson { pages: names })
}

fn write(command: &Command, args: &ManArgs, names: &mut Vec<String>) -> Result<(), Failure> {
    let page = Man::new(command.clone());
    let name = page.get_filename();
    OutputFile::prepare(&args.folder.join(&name))?.write(|out| page.render(out))?;
    names.push(name);
    command.get_subcommands().filter(|inner| !inner.is_hide_set()).try_for_each(|inner| write(inner, args, names))
}
