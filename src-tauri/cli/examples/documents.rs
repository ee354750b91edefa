//! Writes what is installed beside the programs and follows from their arguments: man pages, and the completions of
//! three shells. An example, so that the programs themselves do not carry what writes them.
//!
//! `documents DIR` fills `DIR/man1`, `DIR/bash`, `DIR/zsh` and `DIR/fish`.

#[path = "../src/arguments.rs"]
#[allow(dead_code, reason = "the arguments are described here, not taken")]
mod arguments;
#[path = "../../src/arguments.rs"]
#[allow(dead_code, reason = "the arguments are described here, not taken")]
mod desktop;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate_to};

/// What no argument tells.
const MORE: &str = r".SH ENVIRONMENT
.TP
\fBGUISE_HOME\fR
the folder that \fB\-\-home\fR names
.TP
\fBGUISE_LOG\fR
how much is logged, such as \fBdebug\fR
.SH FILES
.TP
\fI~/.config/guise/catalog.toml\fR
sources, roles, accounts and settings, to be edited by hand as well; no secret is in it
.TP
\fI~/.local/state/guise/guise.log\fR
the log; no secret is in it
";

fn main() -> io::Result<()> {
    let folder =
        std::env::args_os().nth(1).ok_or_else(|| io::Error::other("name the folder to write into"))?;
    let folder = Path::new(&folder);
    for name in ["man1", "bash", "zsh", "fish"] {
        fs::create_dir_all(folder.join(name))?;
    }
    for command in [arguments::Arguments::command(), desktop::Arguments::command()] {
        man(&command, &folder.join("man1"))?;
        for (shell, name) in [(Shell::Bash, "bash"), (Shell::Zsh, "zsh"), (Shell::Fish, "fish")] {
            let program = command.get_name().to_owned();
            generate_to(shell, &mut command.clone(), program, folder.join(name))?;
        }
    }
    // Bash finds a completion by the command's own name.
    for program in ["guise", "guise-desktop"] {
        fs::rename(folder.join(format!("bash/{program}.bash")), folder.join("bash").join(program))?;
    }
    Ok(())
}

fn man(command: &Command, folder: &Path) -> io::Result<()> {
    clap_mangen::generate_to(command.clone(), folder)?;
    let page = folder.join(format!("{}.1", command.get_name()));
    let mut page: File = OpenOptions::new().append(true).open(page)?;
    page.write_all(MORE.as_bytes())
}
