//! Carries plans out: one keychain read, one question and one STS call for however many ask, and the sessions that are
//! live.
//!
//! The work belongs to the agent, not to whoever asked first: an asker that goes away changes nothing for the others.
//! What signs a call (an MFA session, the role before) is a session like any other, so that many roles share it.

mod assume;
mod codes;
mod end;
mod flight;

pub(crate) use codes::{CodeSource, Codes};
pub(crate) use flight::{Flight, Step, Stopped};

use std::collections::HashMap;
use std::sync::Arc;

use jiff::SignedDuration;
use tokio::sync::broadcast;

use self::assume::Base;
use crate::assume::MfaSerial;
use crate::catalog::Name;
use crate::chain::{Parent, Plan, SessionToken};
use crate::failure::Failure;
use crate::keychain::BoundedKeychain;
use crate::moment::Moment;
use crate::ports::{Clock, Ports, Profiles, Sts};
use crate::secret::SecretString;
use crate::session::{Life, Session, SessionDuration, SessionKey};

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
    /// What it is for.
    pub(crate) purpose: Purpose,
    /// What signed the call and turned out to be worth nothing.
    pub(crate) spoiled: Option<SessionKey>,
}

/// What a flight is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Somebody asked for the role.
    Role,
    /// Another flight's call is signed with it.
    Base,
}

/// Something to ask the person on the way.
#[derive(Debug)]
pub(crate) struct Question {
    /// Names it in [`Step::Asking`].
    pub(crate) id: u64,
    /// The role that it is for; none where it is for the source's own keys.
    pub(crate) role: Option<Name>,
    pub(crate) source: Name,
    /// The device whose code is asked for.
    pub(crate) serial: MfaSerial,
    /// What was wrong with the last answer.
    pub(crate) again: Option<Failure>,
    /// Takes the answer, or why there is none.
    pub(crate) answer: tokio::sync::oneshot::Sender<Result<SecretString, Failure>>,
}

/// How a flight reaches its owner.
#[derive(Clone)]
pub(crate) struct Owner {
    /// Hears each step, and must bring the last back to [`Broker::landed`].
    pub(crate) report: Arc<dyn Fn(Report) + Send + Sync>,
    /// Puts a question to the person.
    pub(crate) ask: Arc<dyn Fn(Question) + Send + Sync>,
}

/// What flights work with.
#[derive(Clone)]
struct Tools {
    keychain: BoundedKeychain,
    sts: Arc<dyn Sts>,
    profiles: Arc<dyn Profiles>,
    clock: Arc<dyn Clock>,
    codes: Codes,
}

struct Kept {
    session: Arc<Session>,
    purpose: Purpose,
}

/// More sessions than anybody ends between two looks of somebody who listens.
const MOST_ENDED: usize = 256;

/// Hears of sessions that somebody ended.
pub(crate) struct Ends(broadcast::Receiver<String>);

impl Ends {
    /// Does something that is of use only while a session lives.
    pub(crate) async fn while_it_lives<T>(
        &mut self,
        session: &Session,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let ended = async {
            loop {
                match self.0.recv().await {
                    Ok(id) if id == session.id => return,
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        tokio::select! {
            biased;
            () = ended => Err(Failure::ended_meanwhile()),
            done = work => done,
        }
    }
}

/// The live sessions and the flights that will bring more.
pub(crate) struct Broker {
    tools: Tools,
    sessions: HashMap<SessionKey, Kept>,
    flights: HashMap<SessionKey, Flight>,
    /// Flights whose role somebody asked for, though they began as the base of another.
    wanted: std::collections::HashSet<SessionKey>,
    /// How many were live at the last look.
    shown: usize,
    /// Tells the ids of those that somebody ended.
    ended: broadcast::Sender<String>,
}

impl Broker {
    pub(crate) fn new(keychain: BoundedKeychain, ports: &Ports) -> Self {
        let tools = Tools {
            keychain,
            sts: ports.sts.clone(),
            profiles: ports.profiles.clone(),
            clock: ports.clock.clone(),
            codes: Codes::new(ports.codes.clone(), ports.clock.clone()),
        };
        Broker {
            tools,
            sessions: HashMap::new(),
            flights: HashMap::new(),
            wanted: std::collections::HashSet::new(),
            shown: 0,
            ended: broadcast::Sender::new(MOST_ENDED),
        }
    }

    /// Hears of every session that is ended from now on.
    pub(crate) fn ends(&self) -> Ends {
        Ends(self.ended.subscribe())
    }

    /// A session for the plan with more than `least` left: the live one, the one that is on its way, or a new one.
    pub(crate) fn ask(&mut self, plan: &Plan, least: SignedDuration, owner: &Owner) -> Flight {
        let key = plan.key();
        if let Some(kept) = self.sessions.get_mut(&key) {
            kept.purpose = Purpose::Role;
        }
        let flight = self.flight(plan, least, Purpose::Role, owner);
        // What is live already lands no more, and would be remembered for ever.
        if self.flights.contains_key(&key) {
            self.wanted.insert(key);
        }
        flight
    }

    /// Whether there is a session for the plan with more than `least` left. What only led to another role does not count.
    pub(crate) fn has(&self, plan: &Plan, least: SignedDuration) -> bool {
        let now = self.tools.clock.moment();
        let lives = |kept: &Kept| kept.purpose == Purpose::Role && kept.session.end.left(now) > least;
        self.sessions.get(&plan.key()).is_some_and(lives)
    }

    fn flight(&mut self, plan: &Plan, least: SignedDuration, purpose: Purpose, owner: &Owner) -> Flight {
        let key = plan.key();
        if let Some(flight) = self.under_way(&key, least) {
            return flight;
        }
        let base = match plan.parent() {
            Parent::Source => Base::Source,
            Parent::MfaSession(session) => Base::MfaSession(self.mfa_flight(plan, session, owner)),
            Parent::Role(before) => {
                Base::Role(self.flight(&before, crate::session::LEAST_LEFT, Purpose::Base, owner))
            }
        };
        let (plan, tools, own) = (plan.clone(), self.tools.clone(), owner.clone());
        self.begin(key, plan.clone(), purpose, owner, move |tell| async move {
            assume::role(&plan, base, &tools, &own, &tell).await
        })
    }

    /// The MFA session that a plan's first role is assumed with.
    fn mfa_flight(&mut self, plan: &Plan, session: SessionToken, owner: &Owner) -> Flight {
        let key = plan.key_of(&session);
        if let Some(flight) = self.under_way(&key, crate::session::LEAST_LEFT) {
            return flight;
        }
        let (plan, tools, own, kept_as) = (plan.clone(), self.tools.clone(), owner.clone(), key.clone());
        self.begin(key, plan.clone(), Purpose::Base, owner, move |tell| async move {
            assume::mfa_session(&plan, &session, &kept_as, &tools, &own, &tell).await
        })
    }

    /// What is live already, or on its way.
    fn under_way(&mut self, key: &SessionKey, least: SignedDuration) -> Option<Flight> {
        let now = self.tools.clock.moment();
        self.tell_by_clock(now);
        if let Some(kept) = self.sessions.get(key)
            && kept.session.end.left(now) > least
        {
            return Some(Flight::landed(kept.session.clone()));
        }
        // One whose task was lost will never land; one that is done has landed, and its report is on the way to us, unless the
        // computer slept on it.
        self.flights.get(key).filter(|flight| flight.is_good(now)).cloned()
    }

    fn begin<W>(
        &mut self,
        key: SessionKey,
        plan: Plan,
        purpose: Purpose,
        owner: &Owner,
        work: impl FnOnce(flight::Tell) -> W,
    ) -> Flight
    where
        W: Future<Output = assume::Ended> + Send + 'static,
    {
        let (flight, sender) = Flight::begun();
        let sender = Arc::new(sender);
        let steps = sender.clone();
        self.flights.insert(key.clone(), flight.clone());
        let report = owner.report.clone();
        let tell = flight::Tell::new(move |step, skew, spoiled| {
            // The owner hears it first, so that whoever follows finds the session kept.
            report(Report {
                key: key.clone(),
                role: plan.role.clone(),
                asked: plan.duration(),
                source: plan.source.clone(),
                step: step.clone(),
                skew,
                purpose,
                spoiled,
            });
            sender.send_replace(step);
        });
        let work = work(tell.clone());
        tokio::spawn(async move {
            let ended = tokio::select! {
                ended = work => ended,
                // Nobody is asked a thing that is of no use to anybody any more.
                () = flight::unwanted_question(&steps) => assume::Ended::from(Failure::cancelled()),
            };
            tell.end(ended.result.map(Arc::new), ended.skew, ended.spoiled);
        });
        flight
    }

    /// Keeps what a flight brought, by what it really is: a session may be shorter than it was asked for. `purpose` is what it
    /// was begun for.
    pub(crate) fn landed(
        &mut self,
        key: &SessionKey,
        purpose: Purpose,
        result: &Result<Arc<Session>, Stopped>,
    ) {
        self.flights.remove(key);
        let wanted = self.wanted.remove(key);
        if let Ok(session) = result {
            let purpose = if wanted { Purpose::Role } else { purpose };
            let kept = Kept { session: session.clone(), purpose };
            self.sessions.insert(session.key.clone(), kept);
            self.shown = self.live().count();
        }
    }

    /// Forgets what turned out to be worth nothing.
    pub(crate) fn forget(&mut self, key: &SessionKey) {
        if let Some(kept) = self.sessions.remove(key)
            && kept.session.is_mfa()
        {
            self.drop_mfa(&kept.session);
        }
    }

    fn drop_mfa(&self, session: &Session) {
        let (keychain, source) = (self.tools.keychain.clone(), session.plan.source.clone());
        tokio::spawn(async move { keychain.drop_mfa_session(&source).await });
    }

    /// Where codes come from, and those that were used, for who needs one and is no flight.
    pub(crate) fn codes(&self) -> Codes {
        self.tools.codes.clone()
    }

    /// Whether anything is on its way.
    pub(crate) fn is_busy(&self) -> bool {
        !self.flights.is_empty()
    }

    /// The sessions that somebody asked for and AWS still takes.
    pub(crate) fn live(&self) -> impl Iterator<Item = &Arc<Session>> {
        let now = self.tools.clock.moment();
        let asked = self.sessions.values().filter(|kept| kept.purpose == Purpose::Role);
        asked.map(|kept| &kept.session).filter(move |session| session.life(now) != Life::Ended)
    }

    /// Whether any session is kept, be it only because the clock may be set back.
    pub(crate) fn keeps_any(&self) -> bool {
        !self.sessions.is_empty()
    }

    /// Forgets those that have ended for good, and tells the others' ends by the clock as it is now. Says whether that
    /// changed anything that can be seen.
    pub(crate) fn look(&mut self) -> bool {
        let now = self.tools.clock.moment();
        let ended = |kept: &Kept| kept.session.end.is_past(now);
        for kept in self.sessions.values().filter(|kept| ended(kept) && kept.session.is_mfa()) {
            self.drop_mfa(&kept.session);
        }
        self.sessions.retain(|_, kept| !ended(kept));
        let changed = self.tell_by_clock(now);
        let shown = self.live().count();
        std::mem::replace(&mut self.shown, shown) != shown || changed
    }

    fn tell_by_clock(&mut self, now: Moment) -> bool {
        let mut changed = false;
        for kept in self.sessions.values_mut() {
            let session = &mut kept.session;
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
        let ended: Vec<Kept> = self.sessions.drain().map(|(_, kept)| kept).collect();
        self.tell_ended(&ended);
    }

    fn tell_ended<'a>(&self, ended: impl IntoIterator<Item = &'a Kept>) {
        for kept in ended {
            // Nobody may be listening.
            let _ = self.ended.send(kept.session.id.clone());
        }
    }

    /// Forgets the session with that id.
    pub(crate) fn end(&mut self, id: &str) -> Option<Arc<Session>> {
        let key = self.sessions.iter().find(|(_, kept)| kept.session.id == id).map(|(key, _)| key.clone())?;
        let kept = self.sessions.remove(&key)?;
        self.tell_ended([&kept]);
        Some(kept.session)
    }

    /// Forgets what came from a source.
    pub(crate) fn end_all_of(&mut self, source: &Name) {
        let of_it = |_: &SessionKey, kept: &mut Kept| kept.session.plan.source == *source;
        let ended: Vec<Kept> = self.sessions.extract_if(of_it).map(|(_, kept)| kept).collect();
        self.tell_ended(&ended);
    }
}
