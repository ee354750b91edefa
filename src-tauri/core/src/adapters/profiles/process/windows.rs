//! A command of `cmd.exe`, which takes the text as it is within one more pair of quotes.

use tokio::process::Command;

pub(super) fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd.exe");
    shell.arg("/C").raw_arg(format!("\"{command}\""));
    shell
}
