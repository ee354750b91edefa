//! Words to standard error, data to standard output.

use std::io::{self, BufRead, IsTerminal, Write};

use guise_core::failure::Failure;
use guise_core::secret::{ExposeSecret, SecretString};

use crate::closed;

/// Says what did not work and what to do.
pub(crate) fn failure(failure: &Failure) {
    words(&format!("error: {failure}"));
}

/// Says what there is to know although all went well.
pub(crate) fn note(note: &Failure) {
    words(&format!("note: {note}"));
}

/// Says what is amiss where all goes on.
pub(crate) fn warning(failure: &Failure) {
    words(&format!("warning: {failure}"));
}

/// Says something that is no data.
pub(crate) fn words(text: &str) {
    // Nobody can be told that standard error is gone.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Asks something; the answer is typed behind it.
pub(crate) fn question(text: &str) {
    let mut out = io::stderr().lock();
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

/// Asks once, at the terminal. Only a yes is one. `command` is what is run.
pub(crate) fn confirmed(text: &str, command: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::nobody_agreed(command));
    }
    Ok(yes(text))
}

/// Asks something that is no unless it is answered by yes.
pub(crate) fn yes(text: &str) -> bool {
    question(text);
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    if matches!(read, Ok(0)) {
        // What comes next has a line of its own.
        words("");
    }
    read.is_ok() && ["y", "yes"].contains(&answer.trim().to_lowercase().as_str())
}

/// Prints data.
pub(crate) fn data(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = closed::check().and_then(|()| writeln!(out, "{text}")).and_then(|()| out.flush());
    written.map_err(|error| Failure::output_closed(&error))
}

/// Prints a secret that the person asked to have printed.
pub(crate) fn secret(text: &SecretString) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = closed::check().and_then(|()| out.write_all(text.expose_secret().as_bytes()));
    written.and_then(|()| out.flush()).map_err(|error| Failure::output_closed(&error))
}

/// Aligns columns, two spaces apart, without borders.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for (column, cell) in rows.iter().flat_map(|row| row.iter().enumerate()) {
        widths.resize(widths.len().max(column + 1), 0);
        widths[column] = widths[column].max(cell.chars().count());
    }
    let lines = rows.iter().map(|row| {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            line.push_str(cell);
            let pad = widths[column] - cell.chars().count() + 2;
            line.extend(std::iter::repeat_n(' ', pad));
        }
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_without_trailing_spaces() {
        let rows = vec![vec!["größe".into(), "x".into()], vec!["a".into(), "longer".into()]];
        assert_eq!(table(&rows), "größe  x\na      longer");
    }
}
