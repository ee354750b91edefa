//! The event loop that an agent runs on.

use std::sync::{Arc, Mutex};
use std::thread;

use tokio::runtime::{Builder, Runtime};

use crate::failure::Failure;

/// What an agent cannot do without: its workers, the buses it listens on, the keychain and the tray.
const THREADS: usize = 8;

/// An event loop with two workers; a failure where the system does not let an agent have the threads that it needs.
pub fn runtime() -> Result<Runtime, Failure> {
    try_threads()?;
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).thread_name("guise").enable_all().build();
    runtime.map_err(|_| Failure::internal("no event loop could be started"))
}

/// Starts as many threads as there will be, all at once, and ends them: the libraries panic where they get none.
fn try_threads() -> Result<(), Failure> {
    let gate = Arc::new(Mutex::new(()));
    let closed = gate.lock();
    let start = |_| {
        let gate = gate.clone();
        thread::Builder::new().spawn(move || drop(gate.lock()))
    };
    let started: Vec<_> = (0..THREADS).map(start).collect();
    drop(closed);
    let mut all = Ok(());
    for thread in started {
        match thread {
            Ok(thread) => drop(thread.join()),
            Err(_) => all = Err(Failure::no_thread()),
        }
    }
    all
}
