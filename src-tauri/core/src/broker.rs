//! Carries a plan out: one keychain read and one STS call for however many ask, and the sessions that are live.
//!
//! The work belongs to the agent, not to whoever asked first: an asker that goes away changes nothing for the others.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::catalog::Name;
use crate::chain::Plan;
use crate::failure::{AssumeContext, Code, Failure, Refusal, classify_assume_role};
use crate::keychain::{BoundedKeychain, SourceKey};
use crate::moment::{End, Moment};
use crate::ports::{Answered, Clock, Sts};
use crate::secret::TemporaryCredentials;
use crate::session::{Life, Session, SessionDuration, SessionKey, life};

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

    /// Whether it brought what is of no use any more.
    fn is_stale(&self, now: Moment) -> bool {
        matches!(&*self.steps.borrow(), Step::Done(Ok(session)) if session.life(now) != Life::Fresh)
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
    pub(crate) source: Name,
    pub(crate) step: Step,
    /// AWS's clock less ours, where an answer has just told.
    pub(crate) skew: Option<SignedDuration>,
}

/// The live sessions and the flights that will bring more.
pub(crate) struct Broker {
    keychain: BoundedKeychain,
    sts: Arc<dyn Sts>,
    clock: Arc<dyn Clock>,
    sessions: HashMap<SessionKey, Arc<Session>>,
    flights: HashMap<SessionKey, Flight>,
    /// How many were live at the last look.
    shown: usize,
}

impl Broker {
    pub(crate) fn new(keychain: BoundedKeychain, sts: Arc<dyn Sts>, clock: Arc<dyn Clock>) -> Self {
        Broker { keychain, sts, clock, sessions: HashMap::new(), flights: HashMap::new(), shown: 0 }
    }

    /// A session for the plan: the live one, the one that is on its way, or a new one. `report` hears each step of a
    /// new one, and must bring the last step back to [`Broker::landed`].
    pub(crate) fn ask(&mut self, plan: &Plan, report: impl Fn(Report) + Send + Sync + 'static) -> Flight {
        let (key, now) = (plan.key(), self.clock.moment());
        self.tell_by_clock(now);
        if let Some(session) = self.sessions.get(&key)
            && session.life(now) == Life::Fresh
        {
            let (_, steps) = watch::channel(Step::Done(Ok(session.clone())));
            return Flight { steps };
        }
        // One whose task was lost will never land; one that is done has landed, and its report is on the way to us, unless the
        // computer slept on it.
        if let Some(flight) = self.flights.get(&key)
            && !flight.is_stale(now)
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
            let tell = |step: Step, skew: Option<SignedDuration>| {
                // The owner hears it first, so that whoever follows finds the session kept.
                report(Report {
                    key: plan.key(),
                    role: plan.role.clone(),
                    asked: plan.duration,
                    source: plan.source.clone(),
                    step: step.clone(),
                    skew,
                });
                sender.send_replace(step);
            };
            let (result, skew) = assume(&plan, &keychain, &*sts, &*clock, &|step| tell(step, None)).await;
            tell(Step::Done(result.map(Arc::new)), skew);
        });
        flight
    }

    /// Keeps what a flight brought, by what it really is: a session may be shorter than it was asked for.
    pub(crate) fn landed(&mut self, key: &SessionKey, result: &Result<Arc<Session>, Failure>) {
        self.flights.remove(key);
        if let Ok(session) = result {
            self.sessions.insert(session.plan.key(), session.clone());
            self.shown = self.live().count();
        }
    }

    /// Whether anything is on its way.
    pub(crate) fn is_busy(&self) -> bool {
        !self.flights.is_empty()
    }

    /// The sessions that AWS still takes.
    pub(crate) fn live(&self) -> impl Iterator<Item = &Arc<Session>> {
        let now = self.clock.moment();
        self.sessions.values().filter(move |session| session.life(now) != Life::Ended)
    }

    /// Whether any session is kept, be it only because the clock may be set back.
    pub(crate) fn keeps_any(&self) -> bool {
        !self.sessions.is_empty()
    }

    /// Forgets those that have ended for good, and tells the others' ends by the clock as it is now. Says whether that
    /// changed anything that can be seen.
    pub(crate) fn look(&mut self) -> bool {
        let now = self.clock.moment();
        self.sessions.retain(|_, session| !session.end.is_past(now));
        let changed = self.tell_by_clock(now);
        let shown = self.live().count();
        std::mem::replace(&mut self.shown, shown) != shown || changed
    }

    fn tell_by_clock(&mut self, now: Moment) -> bool {
        let mut changed = false;
        for session in self.sessions.values_mut() {
            let shown = session.end.shown(now);
            if session.credentials.expires != shown {
                Arc::make_mut(session).credentials.expires = shown;
                changed = true;
            }
        }
        changed
    }

    /// Forgets all.
    pub(crate) fn end_all(&mut self) {
        self.sessions.clear();
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

/// The session, and what the answer told about our clock.
async fn assume(
    plan: &Plan,
    keychain: &BoundedKeychain,
    sts: &dyn Sts,
    clock: &dyn Clock,
    tell: &(impl Fn(Step) + Sync),
) -> (Result<Session, Failure>, Option<SignedDuration>) {
    tell(Step::Keychain);
    let source = match keychain.read(&plan.source, || tell(Step::Unlocking)).await {
        Ok(source) => source,
        Err(failure) => return (Err(failure), None),
    };
    tell(Step::Calling);
    let (called, skew) = call(plan, &source, sts, clock).await;
    let (plan, called, skew) = match called {
        // Every role allows an hour.
        Err(failure) if failure.code == Code::DurationTooLong && plan.duration > SessionDuration::HOUR => {
            let shorter = Plan { duration: SessionDuration::HOUR, ..plan.clone() };
            let (called, skew) = call(&shorter, &source, sts, clock).await;
            (shorter, called, skew)
        }
        called => (plan.clone(), called, skew),
    };
    let session = called.and_then(|(credentials, end)| {
        let mut random = [0u8; 8];
        getrandom::fill(&mut random).map_err(|_| Failure::internal("the system gave no random numbers"))?;
        Ok(Session {
            id: random.iter().map(|byte| format!("{byte:02x}")).collect(),
            plan,
            credentials,
            end,
            since: clock.now(),
            endpoints: source.endpoints,
        })
    });
    (session, skew)
}

/// One call to STS, with the end by our own clock, and what the answer told about it.
async fn call(
    plan: &Plan,
    source: &SourceKey,
    sts: &dyn Sts,
    clock: &dyn Clock,
) -> (Result<(TemporaryCredentials, End), Failure>, Option<SignedDuration>) {
    let asked = clock.moment();
    let Answered { answer, skew } = sts.assume_role(&source.key, plan, source.endpoints.sts.as_ref()).await;
    let called = answer.and_then(|mut credentials| {
        let end = end(credentials.expires, asked, plan.duration, skew);
        let now = clock.moment();
        credentials.expires = end.shown(now);
        // The computer may have slept between the question and now.
        if life(end.left(now)) == Life::Ended { Err(Refusal::Timeout) } else { Ok((credentials, end)) }
    });
    let called = called.map_err(|refusal| {
        let context = AssumeContext {
            source: plan.source.to_string(),
            principal: plan.principal.clone(),
            role: plan.role.to_string(),
            arn: plan.arn.clone(),
            region: plan.region.to_string(),
            duration: plan.duration.seconds(),
        };
        classify_assume_role(&refusal, &context)
    });
    (called, skew)
}

/// When credentials end. AWS tells it by its own clock, so a clock of ours that differs has to be reckoned with; where it
/// is not known by how much, only the length of the session is.
fn end(told: Timestamp, asked: Moment, duration: SessionDuration, skew: Option<SignedDuration>) -> End {
    let length = SignedDuration::from_secs(duration.seconds().into());
    let expected = asked.wall.saturating_add(length).unwrap_or(Timestamp::MAX);
    let wall = match skew {
        Some(skew) if skew.abs() > CLOCKS_AGREE => {
            told.saturating_sub(skew).map_or(expected, |told| told.min(expected))
        }
        None if told < expected && expected.duration_since(told) > CLOCKS_AGREE => expected,
        _ if told.duration_since(expected) > CLOCKS_AGREE => expected,
        _ => told,
    };
    End::at(wall, asked, length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Steady;

    #[test]
    fn f24_an_end_is_told_by_our_clock() {
        let asked = Moment { wall: Timestamp::UNIX_EPOCH, steady: Steady::default() };
        let hour = 3600;
        for (case, told, skew, wall) in [
            ("the clocks agree", hour + 20, Some(20), hour + 20),
            ("and AWS gives less", 900, Some(1), 900),
            ("ours is an hour behind", hour + 3600, Some(3590), hour),
            ("ours is an hour ahead", hour - 3600, Some(-3610), hour),
            ("it is ahead, and AWS gives less", 900 - 3600, Some(-3600), 900),
            ("an answer without a date", hour + 20, None, hour + 20),
            ("that is far off", hour + 7200, None, hour),
            ("to either side", hour - 7200, None, hour),
            ("AWS gives more than it was asked for", hour + 7200, Some(0), hour),
        ] {
            let at = |seconds| Timestamp::from_second(seconds).unwrap();
            let end = end(at(told), asked, SessionDuration::HOUR, skew.map(SignedDuration::from_secs));
            assert_eq!(end.shown(asked), at(wall), "{case}");
            assert!(end.left(asked).as_secs() <= hour, "{case}");
        }
    }
}
