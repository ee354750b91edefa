//! What was done as whom, a line each: for the person to look back. No secret, no token, no key.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::appended::{Appended, before};
use crate::failure::{Code, Failure};

/// At this size the journal becomes `journal.jsonl.1` and a new one begins: some eight thousand lines.
const LARGEST: u64 = 2 * 1024 * 1024;

/// The journal, to add to.
#[derive(Debug)]
pub struct Journal {
    file: Appended,
}

/// A thing that was done, or refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// When it had come to its end.
    pub time: Timestamp,
    /// What it was.
    pub deed: Deed,
    /// The role's name in the catalog, where it was about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The roles on the way to it, the one next to the source first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<String>,
    /// The source's name in the catalog, where it was about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The role's or the source's account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What CloudTrail shows of the role session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_name: Option<String>,
    /// Why it was not done; absent where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Code>,
    /// Who asked for it.
    pub by: By,
}

/// What a person may want to look back at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// A role was assumed.
    SessionMade,
    /// The browser was sent to the console.
    ConsoleOpened,
    /// A program was given credentials.
    CredentialsGiven,
    /// Credentials were put on the clipboard.
    CredentialsCopied,
    /// A program was given a sign-in address.
    SigninUrlGiven,
    /// A sign-in address was put on the clipboard.
    SigninUrlCopied,
    /// A session was forgotten.
    SessionEnded,
    /// A source was added.
    SourceAdded,
    /// AWS was asked who a source is.
    SourceTested,
    /// A source was changed.
    SourceChanged,
    /// A source has a new key.
    KeyRotated,
    /// An old key was deleted.
    KeyDeleted,
    /// A source was removed.
    SourceRemoved,
    /// A role was made in IAM, or a part of one.
    RoleMade,
    /// What was made of a role in IAM was taken out again.
    RoleUnmade,
}

impl Deed {
    /// Whether such a failure means that it was not done. A session is over, whether or not a browser could be had to sign out.
    pub fn failed_by(self, code: Code) -> bool {
        self != Deed::SessionEnded || code != Code::Browser
    }

    /// Done, in a person's words.
    pub fn done(self) -> &'static str {
        match self {
            Deed::SessionMade => "session made",
            Deed::ConsoleOpened => "console opened",
            Deed::CredentialsGiven => "credentials given",
            Deed::CredentialsCopied => "credentials copied",
            Deed::SigninUrlGiven => "sign-in address given",
            Deed::SigninUrlCopied => "sign-in address copied",
            Deed::SessionEnded => "session ended",
            Deed::SourceAdded => "source added",
            Deed::SourceTested => "source tested",
            Deed::SourceChanged => "source changed",
            Deed::KeyRotated => "key rotated",
            Deed::KeyDeleted => "old key deleted",
            Deed::SourceRemoved => "source removed",
            Deed::RoleMade => "role made in IAM",
            Deed::RoleUnmade => "role taken out of IAM",
        }
    }

    /// Not done, in a person's words.
    pub fn not_done(self) -> &'static str {
        match self {
            Deed::SessionMade => "session not made",
            Deed::ConsoleOpened => "console not opened",
            Deed::CredentialsGiven => "credentials not given",
            Deed::CredentialsCopied => "credentials not copied",
            Deed::SigninUrlGiven => "sign-in address not given",
            Deed::SigninUrlCopied => "sign-in address not copied",
            Deed::SessionEnded => "session not ended",
            Deed::SourceAdded => "source not added",
            Deed::SourceTested => "source not tested",
            Deed::SourceChanged => "source not changed",
            Deed::KeyRotated => "key not rotated",
            Deed::KeyDeleted => "old key not deleted",
            Deed::SourceRemoved => "source not removed",
            Deed::RoleMade => "role not made in IAM",
            Deed::RoleUnmade => "role not taken out of IAM",
        }
    }
}

/// Who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum By {
    /// The person, in the tray.
    Tray,
    /// The person, in a window.
    Window,
    /// A program, as far as the system tells.
    Program {
        /// Its process.
        #[serde(skip_serializing_if = "Option::is_none")]
        pid: Option<u32>,
        /// What it goes by.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// What the program that started it goes by.
        #[serde(skip_serializing_if = "Option::is_none")]
        parent: Option<String>,
    },
}

impl Journal {
    /// The journal of a state folder; it is opened when there is something to add.
    pub fn in_folder(folder: &Path) -> Journal {
        Journal { file: Appended::at(&path(folder), LARGEST) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Adds an entry.
    pub fn append(&mut self, entry: &Entry) -> Result<(), Failure> {
        let mut line = serde_json::to_vec(entry)
            .map_err(|_| Failure::internal("a line of the journal could not be written"))?;
        line.push(b'\n');
        self.file.append(&line).map_err(|error| Failure::not_written(self.file.path(), &error))
    }

    /// The last entries, oldest first, as they stand there. What is no entry is passed over; what a newer version wrote
    /// is not.
    pub fn last(folder: &Path, most: u32) -> Result<Vec<Map<String, Value>>, Failure> {
        let path = path(folder);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let mut entries = Vec::new();
        for file in [path.clone(), before(&path)] {
            let text = match fs::read(&file) {
                Ok(text) => text,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(Failure::state_unreadable(&file, &error)),
            };
            let lines = text.split(|byte| *byte == b'\n').rev();
            let read = lines.filter_map(|line| serde_json::from_slice::<Map<String, Value>>(line).ok());
            entries.extend(read.take(most - entries.len()));
        }
        entries.reverse();
        Ok(entries)
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("journal.jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(second: i64) -> Entry {
        Entry {
            time: Timestamp::from_second(second).unwrap(),
            deed: Deed::CredentialsGiven,
            role: Some("ec2".into()),
            via: Vec::new(),
            source: None,
            account: Some("111122223333".into()),
            session_name: Some("ada".into()),
            failure: None,
            by: By::Program { pid: Some(4711), name: Some("guise".into()), parent: Some("terraform".into()) },
        }
    }

    #[test]
    fn a_session_is_over_even_where_no_browser_signed_out() {
        assert!(!Deed::SessionEnded.failed_by(Code::Browser));
        assert!(Deed::SessionEnded.failed_by(Code::NotFound) && Deed::ConsoleOpened.failed_by(Code::Browser));
    }

    #[test]
    fn an_entry_is_a_line_of_json() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::in_folder(folder.path());
        journal.append(&entry(0)).unwrap();
        let (failure, via) = (Some(Code::AccessDenied), vec!["admin".into()]);
        let refused = Entry { failure, by: By::Tray, role: None, via, ..entry(1) };
        journal.append(&refused).unwrap();
        let text = fs::read_to_string(journal.path()).unwrap();
        assert_eq!(
            text,
            "{\"time\":\"1970-01-01T00:00:00Z\",\"deed\":\"credentials-given\",\"role\":\"ec2\",\
             \"account\":\"111122223333\",\"session_name\":\"ada\",\
             \"by\":{\"kind\":\"program\",\"pid\":4711,\"name\":\"guise\",\"parent\":\"terraform\"}}\n\
             {\"time\":\"1970-01-01T00:00:01Z\",\"deed\":\"credentials-given\",\"via\":[\"admin\"],\
             \"account\":\"111122223333\",\"session_name\":\"ada\",\"failure\":\"access-denied\",\"by\":{\"kind\":\"tray\"}}\n"
        );
    }

    #[test]
    fn the_last_entries_are_found_across_both_files_and_among_what_is_none() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Journal::last(folder.path(), 5).unwrap().is_empty());
        let mut journal = Journal::in_folder(folder.path());
        for second in 0..3 {
            journal.append(&entry(second)).unwrap();
        }
        fs::rename(path(folder.path()), before(&path(folder.path()))).unwrap();
        fs::write(path(folder.path()), "{\"torn\nnull\n[]\n{\"deed\":\"newer\"}").unwrap();
        journal.append(&entry(3)).unwrap();
        let times = |most: u32| -> Vec<String> {
            let entries = Journal::last(folder.path(), most).unwrap();
            let time =
                |entry: &Map<String, Value>| entry.get("time").map_or("newer".into(), Value::to_string);
            entries
                .iter()
                .map(|entry| time(entry).replace("1970-01-01T00:00:0", "").replace(['Z', '"'], ""))
                .collect()
        };
        assert_eq!(times(100), ["0", "1", "2", "newer", "3"]);
        assert_eq!(times(3), ["2", "newer", "3"]);
        assert_eq!(times(1), ["3"]);
        assert!(times(0).is_empty());
    }

    #[test]
    fn a_journal_that_cannot_be_read_is_said() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(path(folder.path())).unwrap();
        assert_eq!(Journal::last(folder.path(), 5).unwrap_err().code, Code::StateUnreadable);
        assert_eq!(Journal::in_folder(folder.path()).append(&entry(0)).unwrap_err().code, Code::WriteFailed);
    }
}
