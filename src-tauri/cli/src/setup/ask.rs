//! Questions with an answer of a line, asked again until it is one that can be.

use std::io::{self, BufRead, IsTerminal};

use guise_core::failure::Failure;

use crate::say;

/// Refuses where nobody could answer.
pub(super) fn at_a_terminal() -> Result<(), Failure> {
    if io::stdin().is_terminal() { Ok(()) } else { Err(Failure::setup_needs_terminal()) }
}

/// Asks until the answer can be read. The end of the input is a no to all of it.
pub(super) fn checked<T>(question: &str, read: impl Fn(&str) -> Result<T, Failure>) -> Result<T, Failure> {
    loop {
        match read(line(question)?.trim()) {
            Ok(value) => return Ok(value),
            Err(failure) => say::failure(&failure),
        }
    }
}

/// A question that is a yes unless it is answered by no.
pub(super) fn yes_unless_no(question: &str) -> Result<bool, Failure> {
    checked(question, |text| answer(text, true))
}

/// A question that is a no unless it is answered by yes.
pub(super) fn no_unless_yes(question: &str) -> Result<bool, Failure> {
    checked(question, |text| answer(text, false))
}

/// Whoever answers something else, in a language of their own perhaps, may have meant either.
fn answer(text: &str, usual: bool) -> Result<bool, Failure> {
    match text.to_lowercase().as_str() {
        "" => Ok(usual),
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err(Failure::neither_yes_nor_no(text)),
    }
}

fn line(question: &str) -> Result<String, Failure> {
    say::question(question);
    let mut answer = String::new();
    match io::stdin().lock().read_line(&mut answer) {
        Ok(read) if read > 0 => Ok(answer),
        _ => {
            // What comes next has a line of its own.
            say::words("");
            Err(Failure::cancelled())
        }
    }
}
