//! The process list, watched: every argument list and environment that appeared while a test ran.
//!
//! It reads `/proc` every millisecond or so, and so misses a process that begins and ends in between. What a launcher was
//! given is known for certain from [`crate::Browser::opened`].

use std::collections::{HashMap, HashSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::leaks::{Canaries, Encoding};
use crate::session::sweep::processes;

/// How often the process list is read.
const PAUSE: Duration = Duration::from_millis(1);
/// How long a process is young: one that forked may still call `execve`, so it is read each time.
const YOUNG: Duration = Duration::from_millis(500);
/// How often the others are read again: some rewrite their arguments.
const AGAIN: Duration = Duration::from_millis(250);

/// A process as it was seen; one that changed its arguments or program is seen again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessSeen {
    /// Its id.
    pub id: u32,
    /// Its user.
    pub user: u32,
    /// Its arguments, the program first.
    pub args: Vec<String>,
    /// Its environment as it was started with, `NAME=value`; empty where it could not be read.
    pub environment: Vec<String>,
}

/// A canary in the process list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgvLeak {
    /// The canary's name.
    pub canary: String,
    /// Its form.
    pub encoding: Encoding,
    /// Whether it stood in the environment, which only the same user and root can read.
    pub in_environment: bool,
    /// Whose.
    pub process: ProcessSeen,
}

/// All that a watch saw.
#[derive(Clone, Debug, Default)]
pub struct ProcessesSeen {
    /// In the order in which they were seen; first what was there when the watch began.
    pub processes: Vec<ProcessSeen>,
    /// How often the process list was read.
    pub rounds: u64,
}

impl ProcessesSeen {
    /// Every canary in an argument list or an environment.
    pub fn search(&self, canaries: &Canaries) -> Vec<ArgvLeak> {
        let mut leaks = Vec::new();
        for process in &self.processes {
            for (in_environment, words) in [(false, &process.args), (true, &process.environment)] {
                for sighting in canaries.find_in(words.join("\0").as_bytes()) {
                    leaks.push(ArgvLeak {
                        canary: sighting.canary,
                        encoding: sighting.encoding,
                        in_environment,
                        process: process.clone(),
                    });
                }
            }
        }
        leaks
    }

    /// Those that have an argument with this in it.
    pub fn with_argument(&self, part: &str) -> Vec<&ProcessSeen> {
        let has = |process: &&ProcessSeen| process.args.iter().any(|arg| arg.contains(part));
        self.processes.iter().filter(has).collect()
    }
}

/// A thread that reads the process list until it is stopped.
pub struct ArgvWatch {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<ProcessesSeen>>,
}

impl ArgvWatch {
    /// Begins; what already runs has been seen when this returns.
    pub fn start() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let mut watcher = Watcher::default();
        watcher.look();
        let thread = thread::spawn(move || {
            while !told.load(Ordering::Relaxed) {
                watcher.look();
                thread::sleep(PAUSE);
            }
            watcher.look();
            watcher.seen
        });
        Self { stop, thread: Some(thread) }
    }

    /// Ends, and returns what was seen.
    pub fn stop(mut self) -> ProcessesSeen {
        self.end().unwrap_or_default()
    }

    fn end(&mut self) -> Option<ProcessesSeen> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take()?.join().ok()
    }
}

impl Drop for ArgvWatch {
    fn drop(&mut self) {
        self.end();
    }
}

/// What is known of a process that is alive.
struct Known {
    since: Instant,
    read: Instant,
    args: Vec<u8>,
}

#[derive(Default)]
struct Watcher {
    known: HashMap<u32, Known>,
    seen: ProcessesSeen,
}

impl Watcher {
    fn look(&mut self) {
        let now = Instant::now();
        let present = processes();
        self.seen.rounds += 1;
        for id in &present {
            let is_due =
                self.known.get(id).is_none_or(|known| now - known.since < YOUNG || now - known.read > AGAIN);
            if is_due {
                self.read(*id, now);
            }
        }
        if self.seen.rounds.is_multiple_of(64) {
            // An id that is free again will belong to another process.
            let present: HashSet<u32> = present.into_iter().collect();
            self.known.retain(|id, _| present.contains(id));
        }
    }

    fn read(&mut self, id: u32, now: Instant) {
        let Ok(args) = fs::read(format!("/proc/{id}/cmdline")) else { return };
        let known = self.known.entry(id).or_insert(Known { since: now, read: now, args: Vec::new() });
        known.read = now;
        // A kernel thread has none, and a process none for the moment of its `execve`.
        if args.is_empty() || known.args == args {
            return;
        }
        let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        let user = fs::metadata(format!("/proc/{id}")).map_or(u32::MAX, |data| data.uid());
        self.seen.processes.push(ProcessSeen {
            id,
            user,
            args: words(&args),
            environment: words(&environment),
        });
        known.args = args;
    }
}

fn words(bytes: &[u8]) -> Vec<String> {
    let text = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    text.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}
