//! `heaviside completions`: what a shell needs to complete command lines.

use crate::console::Console;
use crate::failure::Failure;
use clap::{Args, Command};
use clap_complete::Shell;

/// Print completions for a shell
///
/// The script goes to standard output; where a shell looks for it, its manual says.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside completions bash > ~/.local/share/bash-completion/completions/heaviside\n  \
    heaviside completions zsh > ~/.zfunc/_heaviside\n  \
    heaviside completions fish > ~/.config/fish/completions/heaviside.fish")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Writes the script for `command`.
pub fn run(args: &CompletionsArgs, mut command: Command, console: &Console) -> Result<(), Failure> {
    if console.is_json() {
        return Err(Failure::Input(
            "--json and the script would both go to standard output; leave out --json".to_owned(),
        ));
    }
    let name = command.get_name().to_owned();
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    console.stdout(|out| out.write_all(&script))
}
