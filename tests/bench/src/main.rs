//! Takes the figures of whole processes, adds those of criterion, and writes them into the page.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bench::figure::{Figure, page_with, table};
use bench::stage::Stage;
use bench::{browser, click, command, criterion, drawn, machine, memory, start, switcher, wakeups};
use clap::{Parser, ValueEnum};
use desktop_tests::{Because, Result, programs};

/// Takes the figures; without options all of them, into the page.
#[derive(Debug, Parser)]
struct Arguments {
    /// Take only these and print them; the page stays as it is
    #[arg(long, value_name = "PART")]
    only: Vec<Part>,
    /// How often each thing is done
    #[arg(long, default_value_t = 10)]
    runs: usize,
    /// The page to write the table into
    #[arg(long, default_value = "docs/figures.md")]
    page: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// From the program's start to its item in the tray, and its first click.
    Start,
    /// From a click to the browser and to the sign-in URL.
    Click,
    /// Memory before, with and after a window and a session.
    Memory,
    /// From the shortcut to the switcher, and memory after it.
    Switcher,
    /// Wake-ups while nothing happens.
    Wakeups,
    /// The menu on the bus, with few roles and many.
    Drawn,
    /// The command line.
    Command,
    /// What criterion has measured before.
    InProcess,
}

impl Part {
    const ALL: [Part; 8] = [
        Part::Start,
        Part::Click,
        Part::Memory,
        Part::Switcher,
        Part::Wakeups,
        Part::Drawn,
        Part::Command,
        Part::InProcess,
    ];

    fn take(self, runs: usize) -> Result<Vec<Figure>> {
        if self == Part::InProcess {
            return criterion::figures(&programs()?);
        }
        let stage = Stage::set()?;
        match self {
            Part::Start => start::figures(&stage, runs),
            Part::Click => click::figures(&stage, runs),
            Part::Memory => memory::figures(&stage, runs),
            Part::Switcher => switcher::figures(&stage, runs),
            Part::Wakeups => wakeups::figures(&stage, runs),
            Part::Drawn => drawn::figures(&stage, runs),
            Part::Command => command::figures(&stage, runs),
            Part::InProcess => Ok(Vec::new()),
        }
    }
}

fn main() -> ExitCode {
    // On the stage we stand in for the browser, too.
    if std::env::args_os().next().is_some_and(|name| Path::new(&name).ends_with("xdg-open")) {
        browser::open();
        return ExitCode::SUCCESS;
    }
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let machine = machine::describe();
    let parts = if arguments.only.is_empty() { &Part::ALL[..] } else { &arguments.only };
    let mut figures = Vec::new();
    for part in parts {
        say(&format!("taking {part:?} …"));
        figures.extend(part.take(arguments.runs)?);
    }
    let text = format!("{machine}\n\n{}", table(&figures));
    print(&text);
    if !arguments.only.is_empty() {
        return Ok(());
    }
    let page = std::fs::read_to_string(&arguments.page).because("read the page of the figures")?;
    let page = page_with(&page, &text).because("the page of the figures has no place for them")?;
    std::fs::write(&arguments.page, page).because("write the page of the figures")
}

#[expect(clippy::print_stdout, reason = "the figures are this program's data")]
fn print(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "words to the person who waits")]
fn say(text: &str) {
    eprintln!("{text}");
}
