//! `fuzz TARGET COUNT [SEED]`: so many inputs for a target, or for `all` of them.

use std::process::ExitCode;
use std::time::Instant;

use fuzz::{TARGETS, run};

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a tool of the terminal")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize, usual| arguments.get(index).map_or(Some(usual), |text| text.parse().ok());
    let (Some(name), Some(count), Some(seed)) = (arguments.first(), number(1, 10_000), number(2, 1)) else {
        eprintln!("fuzz TARGET COUNT [SEED]; targets are all and:");
        for target in TARGETS {
            eprintln!("  {}", target.name);
        }
        return ExitCode::FAILURE;
    };
    let mut ran = ExitCode::FAILURE;
    for target in TARGETS.iter().filter(|target| name == "all" || target.name == name) {
        let begun = Instant::now();
        let taken = run(target, seed, count);
        println!("{:16} {count} inputs, {taken} taken, {:.1} s", target.name, begun.elapsed().as_secs_f64());
        ran = ExitCode::SUCCESS;
    }
    ran
}
