//! Writes down what is learned and done, in order and on a thread of its own: a disk that is slow or full keeps nobody
//! from their work.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use tokio::sync::oneshot;

use crate::failure::Failure;
use crate::state::{Entry, Journal, Unsaved};

/// A way to the thread. It ends when this is dropped.
pub(super) struct Clerk(mpsc::Sender<Task>);

enum Task {
    Save(Unsaved),
    Note(Box<Entry>),
    Say(oneshot::Sender<()>),
}

impl Clerk {
    /// Starts the thread. `trouble` hears what keeps it from writing, and when nothing does any more.
    pub(super) fn start(state: &Path, trouble: impl Fn(Option<Failure>) + Send + 'static) -> Clerk {
        let (tasks, inbox) = mpsc::channel();
        let journal = Journal::in_folder(state);
        let mut writing = Writing { journal, failed: BTreeMap::new(), trouble };
        let thread = std::thread::Builder::new().name("clerk".into());
        let started = thread.spawn(move || {
            for task in inbox {
                writing.carry_out(task);
            }
        });
        if started.is_err() {
            tracing::error!("no thread could be started, so nothing is written down");
        }
        Clerk(tasks)
    }

    /// Has something saved.
    pub(super) fn save(&self, unsaved: Unsaved) {
        let _ = self.0.send(Task::Save(unsaved));
    }

    /// Has something noted in the journal.
    pub(super) fn note(&self, entry: Entry) {
        let _ = self.0.send(Task::Note(Box::new(entry)));
    }

    /// Is heard when all that was given before is written, or can no longer be.
    pub(super) fn written(&self) -> oneshot::Receiver<()> {
        let (written, heard) = oneshot::channel();
        let _ = self.0.send(Task::Say(written));
        heard
    }
}

struct Writing<T> {
    journal: Journal,
    /// What could not be written last time.
    failed: BTreeMap<PathBuf, Failure>,
    trouble: T,
}

impl<T: Fn(Option<Failure>)> Writing<T> {
    fn carry_out(&mut self, task: Task) {
        match task {
            Task::Save(unsaved) => {
                let path = unsaved.path().to_owned();
                let saved = unsaved.save();
                self.ended(path, saved);
            }
            Task::Note(entry) => {
                let noted = self.journal.append(&entry);
                self.ended(self.journal.path().to_owned(), noted);
            }
            // Whoever asked may no longer wait.
            Task::Say(written) => drop(written.send(())),
        }
    }

    /// Says what is in the way when that changes, not each time.
    fn ended(&mut self, path: PathBuf, written: Result<(), Failure>) {
        let before = self.failed.values().next().cloned();
        match written {
            Ok(()) => drop(self.failed.remove(&path)),
            Err(failure) => {
                if !self.failed.contains_key(&path) {
                    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    tracing::warn!(code = ?failure.code, file, "what was learned could not be kept");
                }
                self.failed.insert(path, failure.goes_on());
            }
        }
        let now = self.failed.values().next();
        if now != before.as_ref() {
            (self.trouble)(now.cloned());
        }
    }
}
