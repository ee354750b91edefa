//! All findings together, as a person and as a program read them.

use std::fmt::Write as _;

use serde_json::json;

#[cfg(test)]
use super::Check;
use super::mask::Mask;
use super::{Finding, State, program};
use crate::failure::is_unprintable;

/// The version of the JSON: it grows when a program that reads it would misunderstand.
const SCHEMA: u32 = 1;

/// Whether what identifies the person and their accounts is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// As it is.
    Plain,
    /// With stand-ins for account ids, ARNs, ids of keys, names that the person chose, and the home folder.
    Masked,
}

/// A sentence as a terminal may get it, whatever the names of folders in it hold.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|each| !is_unprintable(*each)).collect()
}

/// All findings, in the order of the checks.
#[derive(Debug)]
pub struct Report {
    findings: Vec<Finding>,
    mask: Mask,
}

impl Report {
    pub(super) fn new(mut findings: Vec<Finding>, mask: Mask) -> Report {
        // What is said of one thing stays in its order.
        for finding in &mut findings {
            finding.said = printable(&finding.said);
            let step = finding.next_step.take();
            finding.next_step = step.map(|step| step.lines().map(printable).collect::<Vec<_>>().join("\n"));
        }
        findings.sort_by_key(|finding| finding.check);
        Report { findings, mask }
    }

    /// Whether anything needs somebody to act.
    pub fn has_trouble(&self) -> bool {
        self.count(State::Trouble) > 0
    }

    /// Every finding in columns, its next step below it, and a last line that sums up.
    pub fn text(&self, wording: Wording) -> String {
        let mut text = String::new();
        for finding in self.worded(wording) {
            let (symbol, word) = match finding.state {
                State::Fine => ("✓", ""),
                State::Notice => ("!", "notice: "),
                State::Trouble => ("✗", "trouble: "),
                State::Unknown => ("?", "unknown: "),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{symbol} {:<14}{word}{}", finding.check, finding.said);
            for line in finding.next_step.iter().flat_map(|step| step.lines()) {
                let _ = writeln!(text, "  {:<14}→ {line}", "");
            }
        }
        text.push('\n');
        text.push_str(&self.summary());
        text
    }

    /// The same as JSON: `schema`, `version`, `system`, how many findings there are of each state, and `findings`, each with
    /// `check`, `state`, `said` and, where there is one, `next_step`.
    pub fn json(&self, wording: Wording) -> String {
        let value = json!({
            "schema": SCHEMA,
            "version": program::VERSION,
            "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            "trouble": self.count(State::Trouble),
            "notice": self.count(State::Notice),
            "unknown": self.count(State::Unknown),
            "fine": self.count(State::Fine),
            "findings": self.worded(wording),
        });
        format!("{value:#}")
    }

    fn worded(&self, wording: Wording) -> Vec<Finding> {
        match wording {
            Wording::Plain => self.findings.clone(),
            Wording::Masked => {
                let mut masked = self.mask.begin();
                let worded = self.findings.iter().map(|finding| Finding {
                    said: masked.apply(&finding.said),
                    next_step: finding.next_step.as_ref().map(|step| masked.apply(step)),
                    ..finding.clone()
                });
                worded.collect()
            }
        }
    }

    fn summary(&self) -> String {
        let parts: Vec<String> = [
            (State::Trouble, "in trouble"),
            (State::Notice, "worth a look"),
            (State::Unknown, "not known"),
            (State::Fine, "fine"),
        ]
        .into_iter()
        .filter_map(|(state, word)| match self.count(state) {
            0 => None,
            count => Some(format!("{count} {word}")),
        })
        .collect();
        parts.join(", ")
    }

    fn count(&self, state: State) -> usize {
        self.findings.iter().filter(|finding| finding.state == state).count()
    }

    /// What was found of one thing.
    #[cfg(test)]
    pub(super) fn of(&self, check: Check) -> Vec<&Finding> {
        self.findings.iter().filter(|finding| finding.check == check).collect()
    }
}
