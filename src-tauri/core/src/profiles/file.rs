//! One file of the AWS CLI, read by the rules of the AWS SDKs and with the number of each line. Where an SDK would give up
//! on the whole file, or keep silent, this reader goes on and says what it passed over.

use std::fmt;

use super::MOST_SECTIONS;
use crate::secret::SecretString;

const WHITESPACE: [char; 2] = [' ', '\t'];
const COMMENT: [char; 2] = ['#', ';'];

/// Which of the two files: they write the heads of their sections differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// `~/.aws/config`: `[profile x]`.
    Config,
    /// `~/.aws/credentials`: `[x]`.
    Credentials,
}

/// A file's sections, in their order. Two of the same name are two; whoever merges them knows their lines.
#[derive(Clone, Debug, Default)]
pub struct ProfileFile {
    /// What was read.
    pub sections: Vec<Section>,
    /// What was passed over.
    pub problems: Vec<Problem>,
}

/// One section.
#[derive(Clone, Debug)]
pub struct Section {
    /// What it is about.
    pub kind: SectionKind,
    /// The name behind its kind.
    pub name: String,
    /// The line of its head.
    pub line: usize,
    /// Its lines.
    pub entries: Vec<Entry>,
}

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// A profile.
    Profile,
    /// A sign-in to an Identity Center that profiles share.
    SsoSession,
    /// Anything else, such as `services`: it is none of our business.
    Other,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// In lower case.
    pub key: String,
    /// What it is set to.
    pub value: Value,
    /// Its first line.
    pub line: usize,
    /// Its last line: a value may go on below.
    pub last_line: usize,
}

/// A value: a secret is one from the moment that it is read.
#[derive(Clone)]
pub enum Value {
    /// Text that may be shown.
    Text(String),
    /// A secret access key or a session token.
    Secret(SecretString),
    /// A command, which may have secrets among its words.
    Command(String),
}

/// What a reader of the file would choke on, or leave out without a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub line: usize,
    /// What; it holds nothing of the line.
    pub what: &'static str,
    /// Whether the SDKs refuse the whole file for it.
    pub fatal: bool,
}

impl ProfileFile {
    /// Reads a file.
    pub fn read(text: &str, kind: FileKind) -> ProfileFile {
        let mut file = ProfileFile::default();
        let mut at = At::Nowhere;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim_matches(WHITESPACE).is_empty() || line.starts_with(COMMENT) {
                continue;
            }
            if line.starts_with('[') {
                if file.sections.len() == MOST_SECTIONS {
                    file.problem(number, "there are more than 5,000 sections; the rest was not read", false);
                    return file;
                }
                at = file.head(number, line, kind);
            } else if line.starts_with(WHITESPACE) {
                file.goes_on(number, line, &at);
            } else {
                file.entry(number, line, &mut at);
            }
        }
        file
    }

    /// The first thing for which the SDKs refuse the whole file.
    pub fn fatal(&self) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.fatal)
    }

    fn problem(&mut self, line: usize, what: &'static str, fatal: bool) {
        self.problems.push(Problem { line, what, fatal });
    }

    fn head(&mut self, number: usize, line: &str, kind: FileKind) -> At {
        let inner = without_comment(line, false).strip_prefix('[').and_then(|line| line.strip_suffix(']'));
        let Some(inner) = inner else {
            self.problem(number, "a section's head does not end with a bracket", true);
            return At::Skipped;
        };
        let inner = inner.trim_matches(WHITESPACE);
        let (kind, name) = match (inner.split_once(WHITESPACE), kind) {
            (None, FileKind::Credentials) => (SectionKind::Profile, inner),
            (None, FileKind::Config) if inner == "default" => (SectionKind::Profile, inner),
            (None, FileKind::Config) => {
                self.problem(number, "a section has no kind: a profile's head is [profile NAME] here", false);
                return At::Skipped;
            }
            (Some(_), FileKind::Credentials) => {
                self.problem(number, "a section's head is [NAME] here, without a kind or spaces", false);
                return At::Skipped;
            }
            (Some(("profile", name)), FileKind::Config) => (SectionKind::Profile, name.trim()),
            (Some(("sso-session", name)), FileKind::Config) => (SectionKind::SsoSession, name.trim()),
            (Some((_, name)), FileKind::Config) => (SectionKind::Other, name.trim()),
        };
        if name.is_empty() || !is_identifier(name) {
            self.problem(number, "a name has characters that the AWS SDKs do not take", false);
            return At::Skipped;
        }
        self.sections.push(Section { kind, name: name.to_owned(), line: number, entries: Vec::new() });
        At::Section
    }

    fn entry(&mut self, number: usize, line: &str, at: &mut At) {
        if matches!(at, At::Nowhere) {
            self.problem(number, "a line stands before the first section", true);
            return;
        }
        let line = without_comment(line, true);
        let Some((key, value)) = line.split_once('=') else {
            self.problem(number, "a line has no equals sign", true);
            return;
        };
        let (key, value) = (key.trim_matches(WHITESPACE), value.trim_matches(WHITESPACE));
        if key.is_empty() {
            self.problem(number, "a line has no key", true);
            return;
        }
        if let (At::Section, Some(section)) = (&at, self.sections.last_mut()) {
            let key = key.to_ascii_lowercase();
            let value = Value::of(&key, value);
            section.entries.push(Entry { key, value, line: number, last_line: number });
        }
    }

    /// A line that is set in belongs to the key above it. None that we read has such lines.
    fn goes_on(&mut self, number: usize, line: &str, at: &At) {
        match at {
            At::Nowhere => self.problem(number, "a line stands before the first section", true),
            At::Skipped => {}
            At::Section => {
                let entry = self.sections.last_mut().and_then(|section| section.entries.last_mut());
                match entry {
                    None => self.problem(number, "a line is set in below no key", true),
                    Some(entry) => {
                        entry.last_line = number;
                        let subordinate = entry.value.is_empty();
                        if let Value::Text(text) | Value::Command(text) = &mut entry.value
                            && !subordinate
                        {
                            text.push('\n');
                            text.push_str(line.trim_matches(WHITESPACE));
                        } else if subordinate && !without_comment(line, true).contains('=') {
                            self.problem(number, "a line that is set in has no equals sign", true);
                        }
                    }
                }
            }
        }
    }
}

impl Section {
    /// A key's entry: the last where there are several.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.key == key)
    }
}

impl Value {
    fn of(key: &str, value: &str) -> Value {
        match key {
            "aws_secret_access_key" | "aws_session_token" | "aws_security_token" => {
                Value::Secret(value.to_owned().into())
            }
            "credential_process" | "mfa_process" => Value::Command(value.to_owned()),
            _ => Value::Text(value.to_owned()),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Value::Text(text) | Value::Command(text) => text.is_empty(),
            Value::Secret(_) => false,
        }
    }

    /// The text, where it may be shown.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Secret(_) | Value::Command(_) => None,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => write!(out, "{text:?}"),
            Value::Secret(_) => out.write_str("(secret)"),
            Value::Command(_) => out.write_str("(command)"),
        }
    }
}

/// Where in the file the reader is.
enum At {
    /// Before the first section.
    Nowhere,
    /// In the last section that was begun.
    Section,
    /// In a section that is left out.
    Skipped,
}

/// The line up to a comment: in a value, only what stands behind a space is one.
fn without_comment(line: &str, behind_space: bool) -> &str {
    let line = line.trim_matches(WHITESPACE);
    let mut after_space = false;
    for (index, each) in line.char_indices() {
        if COMMENT.contains(&each) && (after_space || !behind_space) {
            return line[..index].trim_matches(WHITESPACE);
        }
        after_space = each.is_whitespace();
    }
    line
}

/// What the AWS SDKs take as a name: `[A-Za-z0-9_\-/.%@:+]+`.
fn is_identifier(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-/.%@:+".contains(&byte))
}

#[cfg(test)]
mod tests;
