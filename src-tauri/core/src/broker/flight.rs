//! One assumption under way: how far it has come, told to its owner and to whoever follows it.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch;

use crate::failure::Failure;
use crate::moment::Moment;
use crate::session::{Life, Session, SessionKey};

/// How often it is looked whether somebody still waits for what is asked.
const LOOKS: Duration = Duration::from_millis(500);

/// How far an assumption has come.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The keychain is being asked, or a profile.
    Preparing,
    /// The keychain is locked and asks the person.
    Unlocking,
    /// A question of this id is before the person.
    Asking(u64),
    /// AWS looks at a code; it may have to be asked for again.
    Checking,
    /// The last question is over; AWS is being asked.
    Calling,
    /// It is over.
    Done(Result<Arc<Session>, Stopped>),
}

/// Why a flight brought nothing.
#[derive(Clone, Debug)]
pub(crate) struct Stopped {
    /// As whoever asked for the flight's role reads it.
    pub(crate) told: Failure,
    /// What happened, for the flights of roles behind it, which say themselves what it was on the way to.
    pub(super) cause: Failure,
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Stopped {
        Stopped { told: failure.clone(), cause: failure }
    }
}

/// An assumption under way, or one that is over already. Any number may follow one.
#[derive(Clone, Debug)]
pub(crate) struct Flight {
    steps: watch::Receiver<Step>,
}

impl Flight {
    pub(super) fn begun() -> (Flight, watch::Sender<Step>) {
        let (sender, steps) = watch::channel(Step::Preparing);
        (Flight { steps }, sender)
    }

    pub(super) fn landed(session: Arc<Session>) -> Flight {
        let (_, steps) = watch::channel(Step::Done(Ok(session)));
        Flight { steps }
    }

    /// Whether it will bring something of use.
    pub(super) fn is_good(&self, now: Moment) -> bool {
        let step = self.steps.borrow();
        let is_stale = matches!(&*step, Step::Done(Ok(session)) if session.life(now) != Life::Fresh);
        let goes_on = self.steps.has_changed().is_ok() || matches!(*step, Step::Done(_));
        goes_on && !is_stale
    }

    /// Waits until nothing more will be asked of the person.
    pub(crate) async fn questions_over(&mut self) -> Result<(), Failure> {
        let step = self.steps.wait_for(|step| matches!(step, Step::Calling | Step::Done(_))).await;
        match step.as_deref() {
            Ok(Step::Done(Err(stopped))) => Err(stopped.told.clone()),
            Ok(_) => Ok(()),
            Err(_) => Err(Failure::internal("a call to AWS was lost")),
        }
    }

    /// Waits for the session.
    pub(crate) async fn session(&mut self) -> Result<Arc<Session>, Failure> {
        let step = self.steps.wait_for(|step| matches!(step, Step::Done(_))).await;
        match step.as_deref() {
            Ok(Step::Done(result)) => result.clone().map_err(|stopped| stopped.told),
            Ok(_) | Err(_) => Err(Failure::internal("a call to AWS was lost")),
        }
    }

    /// Waits for the session, and tells each step on the way as if it were one's own.
    pub(super) async fn followed(&mut self, tell: &Tell) -> Result<Arc<Session>, Stopped> {
        loop {
            let step = self.steps.borrow_and_update().clone();
            if let Step::Done(result) = step {
                return result;
            }
            tell.step(step);
            if self.steps.changed().await.is_err() && !matches!(*self.steps.borrow(), Step::Done(_)) {
                return Err(Failure::internal("a call to AWS was lost").into());
            }
        }
    }
}

/// Waits until a question of a flight is before the person and nobody follows the flight but the broker, which remembers it.
pub(super) async fn unwanted_question(steps: &watch::Sender<Step>) {
    loop {
        tokio::time::sleep(LOOKS).await;
        if matches!(*steps.borrow(), Step::Asking(_)) && steps.receiver_count() <= 1 {
            return;
        }
    }
}

type Heard = dyn Fn(Step, Option<SignedDuration>, Option<SessionKey>) + Send + Sync;

/// Tells how far a flight has come.
#[derive(Clone)]
pub(super) struct Tell(Arc<Heard>);

impl Tell {
    pub(super) fn new(
        heard: impl Fn(Step, Option<SignedDuration>, Option<SessionKey>) + Send + Sync + 'static,
    ) -> Tell {
        Tell(Arc::new(heard))
    }

    pub(super) fn step(&self, step: Step) {
        (self.0)(step, None, None);
    }

    pub(super) fn end(
        &self,
        result: Result<Arc<Session>, Stopped>,
        skew: Option<SignedDuration>,
        spoiled: Option<SessionKey>,
    ) {
        (self.0)(Step::Done(result), skew, spoiled);
    }
}
