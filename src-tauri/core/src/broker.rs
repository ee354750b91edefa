//! Carries a plan out: one keychain read and one STS call for however many ask, and the sessions that are live.
//!
//! The work belongs to the agent, not to whoever asked first: an asker that goes away changes nothing for the others.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::catalog::Name;
use crate::chain::Plan;
use crate::failure::{AssumeContext, Code, Failure, classify_assume_role};
use crate::keychain::{BoundedKeychain, SourceKey};
use crate::ports::{Clock, Sts};
use crate::secret::TemporaryCredentials;
use crate::session::{Life, Session, SessionDuration, SessionKey};

/// Clocks that differ by no more are taken to agree: a call may take that long.
const CLOCKS_AGREE: SignedDuration = SignedDuration::from_mins(2);

/// How far an assumption has come.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The keychain is being asked.
    Keychain,
    /// The keychain is locked and asks the person.
    Unlocking,
    /// The last question is over; AWS is being asked.
    Calling,
    /// It is over.
    Done(Result<Arc<Session>, Failure>),
}

/// An assumption under way, or one that is over already. Any number may follow one.
#[derive(Clone, Debug)]
pub(crate) struct Flight {
    steps: watch::Receiver<Step>,
}

impl Flight {
    /// Waits until nothing more will be asked of the person.
    pub(crate) async fn questions_over(&mut self) -> Result<(), Failure> {
        let step = self.steps.wait_for(|step| matches!(step, Step::Calling | Step::Done(_))).await;
        match step.as_deref() {
            Ok(Step::Done(Err(failure))) => Err(failure.clone()),
            Ok(_) => Ok(()),
            Err(_) => Err(Failure::internal("a call to AWS was lost")),
        }
    }

    /// Waits for the session.
    pub(crate) async fn session(&mut self) -> Result<Arc<Session>, Failure> {
        let step = self.steps.wait_for(|step| matches!(step, Step::Done(_))).await;
        match step.as_deref() {
            Ok(Step::Done(result)) => result.clone(),
            Ok(_) | Err(_) => Err(Failure::internal("a call to AWS was lost")),
        }
    }
}

/// What one flight tells its owner, besides its followers.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) key: SessionKey,
    pub(crate) role: Name,
    /// How long a session it first asked for.
    pub(crate) asked: SessionDuration,
    pub(crate) step: Step,
}

/// The live sessions and the flights that will bring more.
pub(crate) struct Broker {
    keychain: BoundedKeychain,
    sts: Arc<dyn Sts>,
    clock: Arc<dyn Clock>,
    sessions: HashMap<SessionKey, Arc<Session>>,
    flights: HashMap<SessionKey, Flight>,
}

impl Broker {
    pub(crate) fn new(keychain: BoundedKeychain, sts: Arc<dyn Sts>, clock: Arc<dyn Clock>) -> Self {
        Broker { keychain, sts, clock, sessions: HashMap::new(), flights: HashMap::new() }
    }

    /// A session for the plan: the live one, the one that is on its way, or a new one. `report` hears each step of a
    /// new one, and must bring the last step back to [`Broker::landed`].
    pub(crate) fn ask(&mut self, plan: &Plan, report: impl Fn(Report) + Send + Sync + 'static) -> Flight {
        let key = plan.key();
        if let Some(session) = self.sessions.get(&key)
            && session.life(self.clock.now()) == Life::Fresh
        {
            let (_, steps) = watch::channel(Step::Done(Ok(session.clone())));
            return Flight { steps };
        }
        // One whose task was lost will never land; one that is done has landed, and its report is on the way to us.
        if let Some(flight) = self.flights.get(&key)
            && (flight.steps.has_changed().is_ok() || matches!(*flight.steps.borrow(), Step::Done(_)))
        {
            return flight.clone();
        }
        let (sender, steps) = watch::channel(Step::Keychain);
        let flight = Flight { steps };
        self.flights.insert(key.clone(), flight.clone());
        let (plan, keychain, sts, clock) =
            (plan.clone(), self.keychain.clone(), self.sts.clone(), self.clock.clone());
        tokio::spawn(async move {
            let tell = |step: Step| {
                // The owner hears it first, so that whoever follows finds the session kept.
                report(Report {
                    key: plan.key(),
                    role: plan.role.clone(),
                    asked: plan.duration,
                    step: step.clone(),
                });
                sender.send_replace(step);
            };
            let result = assume(&plan, &keychain, &*sts, &*clock, &tell).await;
            tell(Step::Done(result.map(Arc::new)));
        });
        flight
    }

    /// Keeps what a flight brought, by what it really is: a session may be shorter than it was asked for.
    pub(crate) fn landed(&mut self, key: &SessionKey, result: &Result<Arc<Session>, Failure>) {
        self.flights.remove(key);
        if let Ok(session) = result {
            self.sessions.insert(session.plan.key(), session.clone());
        }
    }

    /// Whether anything is on its way.
    pub(crate) fn is_busy(&self) -> bool {
        !self.flights.is_empty()
    }

    /// The sessions that AWS still takes.
    pub(crate) fn live(&self) -> impl Iterator<Item = &Arc<Session>> {
        self.sessions.values()
    }

    /// Forgets those that have ended; says whether there were any.
    pub(crate) fn forget_ended(&mut self, now: Timestamp) -> bool {
        let before = self.sessions.len();
        self.sessions.retain(|_, session| session.life(now) != Life::Ended);
        self.sessions.len() != before
    }

    /// Forgets the session with that id.
    pub(crate) fn end(&mut self, id: &str) -> Option<Arc<Session>> {
        let key = self.sessions.iter().find(|(_, session)| session.id == id).map(|(key, _)| key.clone())?;
        self.sessions.remove(&key)
    }

    /// Forgets what came from a source.
    pub(crate) fn end_all_of(&mut self, source: &Name) {
        self.sessions.retain(|_, session| session.plan.source != *source);
    }
}

async fn assume(
    plan: &Plan,
    keychain: &BoundedKeychain,
    sts: &dyn Sts,
    clock: &dyn Clock,
    tell: &(impl Fn(Step) + Sync),
) -> Result<Session, Failure> {
    tell(Step::Keychain);
    let source = keychain.read(&plan.source, || tell(Step::Unlocking)).await?;
    tell(Step::Calling);
    let (plan, credentials) = match call(plan, &source, sts, clock).await {
        // Every role allows an hour.
        Err(failure) if failure.code == Code::DurationTooLong && plan.duration > SessionDuration::HOUR => {
            let shorter = Plan { duration: SessionDuration::HOUR, ..plan.clone() };
            let credentials = call(&shorter, &source, sts, clock).await?;
            (shorter, credentials)
        }
        called => (plan.clone(), called?),
    };
    let mut random = [0u8; 8];
    getrandom::fill(&mut random).map_err(|_| Failure::internal("the system gave no random numbers"))?;
    Ok(Session {
        id: random.iter().map(|byte| format!("{byte:02x}")).collect(),
        plan,
        credentials,
        since: clock.now(),
        endpoints: source.endpoints,
    })
}

/// One call to STS, with the expiry by our own clock.
async fn call(
    plan: &Plan,
    source: &SourceKey,
    sts: &dyn Sts,
    clock: &dyn Clock,
) -> Result<TemporaryCredentials, Failure> {
    let asked = clock.now();
    let called = sts.assume_role(&source.key, plan, source.endpoints.sts.as_ref()).await;
    let mut credentials = called.map_err(|refusal| {
        let context = AssumeContext {
            source: plan.source.to_string(),
            principal: plan.principal.clone(),
            role: plan.role.to_string(),
            arn: plan.arn.clone(),
            region: plan.region.to_string(),
            duration: plan.duration.seconds(),
        };
        classify_assume_role(&refusal, &context)
    })?;
    credentials.expires = by_our_clock(credentials.expires, asked, plan.duration);
    Ok(credentials)
}

/// An expiry as our clock will see it. AWS tells it by its own, and where the two differ by more than a call can take,
/// ours is wrong: then only the length of the session is known.
fn by_our_clock(expires: Timestamp, asked: Timestamp, duration: SessionDuration) -> Timestamp {
    let expected = asked + SignedDuration::from_secs(duration.seconds().into());
    if expires.duration_since(expected).abs() > CLOCKS_AGREE { expected } else { expires }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_told_by_our_clock() {
        let asked = Timestamp::UNIX_EPOCH;
        let hour = asked + SignedDuration::from_hours(1);
        for (off, expires) in
            [(0, hour), (20, hour + SignedDuration::from_secs(20)), (3600, hour), (-3600, hour)]
        {
            let told = hour + SignedDuration::from_secs(off);
            assert_eq!(by_our_clock(told, asked, SessionDuration::HOUR), expires, "{off}");
        }
    }
}
