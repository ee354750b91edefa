//! A deadline on every call to a keychain, a hold-off after one that hung, and one question at a time to the person.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard, oneshot, watch};
use tokio::time::{Instant, timeout, timeout_at};

use crate::failure::{Code, Failure};
use crate::ports::{Keychain, KeychainError};

/// How long a keychain may take to answer.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);
/// After this the person is told that the keychain is waiting for them, if it is locked.
const PATIENCE: Duration = Duration::from_millis(700);
/// How long a person may take at the keychain's own prompt.
const UNLOCK: Duration = Duration::from_mins(2);
/// How often it is looked whether a keychain that waits for the person still does.
const LOOKS_AGAIN: Duration = Duration::from_secs(2);
/// What a keychain that hung gets to show that it answers again, before the next call is refused.
const SHOWS_ITSELF: Duration = Duration::from_millis(150);
/// With more calls than this out that never came back, no other is begun.
const MOST_OUT: usize = 16;

/// The way to a keychain that may never answer.
#[derive(Clone)]
pub(super) struct Deadlined {
    keychain: Arc<dyn Keychain>,
    /// One call after the other: a keychain that is locked asks the person once, however many wait for it.
    turn: Arc<Mutex<()>>,
    state: Arc<State>,
}

struct State {
    /// The last call never came back; until the keychain is seen to answer, others fail at once.
    held: watch::Sender<bool>,
    probing: AtomicBool,
    /// Calls that are out on a thread of their own.
    out: AtomicUsize,
    /// The keychain's prompt is before the person.
    prompting: watch::Sender<bool>,
    /// How often the person, or nobody, answered it.
    refusals: AtomicUsize,
    /// How often the person said that they would not.
    noes: watch::Sender<usize>,
}

/// What an answer is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    /// The keychain itself.
    Keychain,
    /// The person at its prompt.
    Person,
}

impl Deadlined {
    pub(super) fn new(keychain: Arc<dyn Keychain>) -> Self {
        let state = State {
            held: watch::Sender::new(false),
            probing: AtomicBool::new(false),
            out: AtomicUsize::new(0),
            prompting: watch::Sender::new(false),
            refusals: AtomicUsize::new(0),
            noes: watch::Sender::new(0),
        };
        Deadlined { keychain, turn: Arc::default(), state: Arc::new(state) }
    }

    /// Does `work` with the keychain. `waiting` is called once if it turns out to be locked and asks the person;
    /// `given_up` runs after work that nobody waited for any more.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        waiting: impl FnOnce() + Send,
        work: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
        given_up: impl FnOnce(&dyn Keychain) + Send + 'static,
    ) -> Result<T, Failure> {
        let mut waiting = Some(waiting);
        let refusals = self.state.refusals.load(Ordering::SeqCst);
        let mut noes = self.state.noes.subscribe();
        let _turn = self.turn(&mut waiting).await;
        if noes.has_changed().is_ok_and(|changed| changed) {
            return Err(Failure::cancelled());
        }
        // Whoever stood behind the one that asked the person has the same answer.
        if self.state.refusals.load(Ordering::SeqCst) != refusals {
            return Err(KeychainError::Locked.into());
        }
        self.answers_again().await?;
        let answer = self.on_thread(work, given_up)?;
        let result = tokio::select! {
            biased;
            // What comes of it after all is given up as at any other end of the wait.
            _ = noes.changed() => Err(Failure::cancelled()),
            result = self.answered(answer, &mut waiting) => result,
        };
        self.state.prompting.send_replace(false);
        match result.as_ref().err().map(|failure| failure.code) {
            Some(Code::KeychainLocked) => {
                self.state.refusals.fetch_add(1, Ordering::SeqCst);
            }
            Some(Code::KeychainHung) => {
                self.state.held.send_replace(true);
            }
            Some(_) | None => {}
        }
        result
    }

    /// Hears whether the keychain's prompt is before the person.
    pub(super) fn prompting(&self) -> watch::Receiver<bool> {
        self.state.prompting.subscribe()
    }

    /// The person will not unlock it: whoever waits for that has their no.
    pub(super) fn refused(&self) {
        if *self.state.prompting.borrow() {
            self.state.noes.send_modify(|noes| *noes += 1);
        }
    }

    /// Whether it is locked; an error where it is not known in time.
    pub(super) async fn is_locked(&self) -> Result<bool, Failure> {
        if *self.state.held.borrow() {
            return Err(KeychainError::Hung.into());
        }
        let asked = self.on_thread(|keychain| keychain.is_locked(), |_| ())?;
        timeout(PATIENCE, asked).await.map_or_else(|_| Err(KeychainError::Hung.into()), finished)
    }

    /// Waits for the turn, and says so where it is the person who is waited for.
    async fn turn(&self, waiting: &mut Option<impl FnOnce() + Send>) -> MutexGuard<'_, ()> {
        let mut prompting = self.state.prompting.subscribe();
        tokio::select! {
            biased;
            turn = self.turn.lock() => return turn,
            _ = prompting.wait_for(|prompting| *prompting) => {}
        }
        if let Some(waiting) = waiting.take() {
            waiting();
        }
        self.turn.lock().await
    }

    /// After a call that hung: goes on if the keychain shows that it answers again.
    async fn answers_again(&self) -> Result<(), Failure> {
        if !*self.state.held.borrow() {
            return Ok(());
        }
        let mut held = self.state.held.subscribe();
        if !self.state.probing.swap(true, Ordering::SeqCst) {
            let state = self.state.clone();
            // That it has come back is what counts, and is noticed on the thread.
            let probe = self.on_thread(
                move |keychain| {
                    let answered = keychain.is_locked();
                    state.probing.store(false, Ordering::SeqCst);
                    answered
                },
                |_| (),
            );
            if let Err(failure) = probe {
                self.state.probing.store(false, Ordering::SeqCst);
                return Err(failure);
            }
        }
        match timeout(SHOWS_ITSELF, held.wait_for(|held| !*held)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(KeychainError::Hung.into()),
        }
    }

    /// Waits for an answer: for as long as a keychain may take, or a person where it is locked.
    async fn answered<T>(
        &self,
        mut answer: oneshot::Receiver<Result<T, KeychainError>>,
        waiting: &mut Option<impl FnOnce() + Send>,
    ) -> Result<T, Failure> {
        let begun = Instant::now();
        if let Ok(answered) = timeout(PATIENCE, &mut answer).await {
            return finished(answered);
        }
        let (mut due, mut until) = (Due::Keychain, begun + DEADLINE);
        let mut unlocked_by = None;
        loop {
            match (self.is_locked().await, due) {
                (Ok(true), Due::Keychain) => {
                    (due, until) = (Due::Person, *unlocked_by.get_or_insert_with(|| Instant::now() + UNLOCK));
                    self.state.prompting.send_replace(true);
                    if let Some(waiting) = waiting.take() {
                        waiting();
                    }
                }
                (Ok(true), Due::Person) | (_, Due::Keychain) => {}
                // It was unlocked, or it went away: now it has to answer.
                (_, Due::Person) => (due, until) = (Due::Keychain, until.min(Instant::now() + DEADLINE)),
            }
            let look = until.min(Instant::now() + LOOKS_AGAIN);
            if let Ok(answered) = timeout_at(look, &mut answer).await {
                return finished(answered);
            }
            if Instant::now() >= until {
                return Err(match due {
                    Due::Keychain => KeychainError::Hung.into(),
                    Due::Person => KeychainError::Locked.into(),
                });
            }
        }
    }

    /// Runs a call on a thread of its own, because one that hangs must not take a worker of the runtime with it.
    fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
        given_up: impl FnOnce(&dyn Keychain) + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, KeychainError>>, Failure> {
        let (sender, answer) = oneshot::channel();
        let (keychain, state) = (self.keychain.clone(), self.state.clone());
        if state.out.fetch_add(1, Ordering::SeqCst) >= MOST_OUT {
            state.out.fetch_sub(1, Ordering::SeqCst);
            return Err(KeychainError::Hung.into());
        }
        let started = std::thread::Builder::new().name("keychain".into()).spawn({
            let state = state.clone();
            move || {
                let result = work(&*keychain);
                state.out.fetch_sub(1, Ordering::SeqCst);
                if !matches!(result, Err(KeychainError::Hung)) {
                    state.held.send_replace(false);
                }
                if sender.send(result).is_err() {
                    given_up(&*keychain);
                }
            }
        });
        if started.is_err() {
            state.out.fetch_sub(1, Ordering::SeqCst);
            return Err(Failure::no_thread());
        }
        Ok(answer)
    }
}

fn finished<T>(answered: Result<Result<T, KeychainError>, oneshot::error::RecvError>) -> Result<T, Failure> {
    answered.unwrap_or(Err(KeychainError::Broken)).map_err(Failure::from)
}
