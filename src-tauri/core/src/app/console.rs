//! Opening the console: the exchange, the hand-off and the browser, as tasks of the application.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::asker::{Asker, Effect, copy};
use super::ends::session_of;
use super::record::Reply;
use super::{App, Origin};
use crate::arn::Region;
use crate::browser::BrowserName;
use crate::chain::Plan;
use crate::console::{Destination, Exchange, Exchanged, Hosts, SendDuration};
use crate::failure::{Failure, Refusal};
use crate::handoff::Answer;
use crate::moment::End;
use crate::ports::{AWS_DEADLINE, Ports};
use crate::secret::SigninUrl;
use crate::session::{Session, SessionDuration, SessionKey};
use crate::view::{OpenConsole, Outcome};

/// A console that was opened with a session.
#[derive(Clone, Debug)]
pub(super) struct OpenedConsole {
    /// The page that it was opened at.
    pub(super) page: Option<Destination>,
    pub(super) region: Region,
    pub(super) opened: Timestamp,
    /// Until when it stays signed in.
    pub(super) until: End,
    /// The browsers that it was opened in: the person's choice each time.
    pub(super) browsers: BTreeSet<Option<BrowserName>>,
}

/// A page in a region, as it was asked for.
struct Page {
    destination: Option<Destination>,
    region: Region,
    /// How long the console stays signed in, if AWS agrees. It may be longer than the credentials last.
    duration: SessionDuration,
}

impl Page {
    /// What was asked for, else what the role has. A copied address opens in its own region unless another was asked for.
    fn of(asked: OpenConsole, plan: &Plan) -> Result<Page, Failure> {
        let destination = asked.destination.or_else(|| plan.destination.clone());
        if let Some(destination) = &destination {
            destination.check_partition(plan.arn().partition())?;
        }
        let named = asked.region.or_else(|| destination.as_ref().and_then(Destination::region));
        let region = named.unwrap_or_else(|| plan.region.clone());
        if region.partition() != plan.arn().partition() {
            let (ours, theirs) = (plan.arn().partition(), region.partition());
            return Err(Failure::partition_mismatch(
                "the role",
                ours.id(),
                &format!("region `{region}`"),
                theirs.id(),
            ));
        }
        Ok(Page { destination, region, duration: plan.duration() })
    }
}

impl App {
    pub(super) fn open_console(&mut self, plan: Plan, asked: OpenConsole, asker: Asker) {
        let wanted = asked.destination.clone();
        let page = match Page::of(asked, &plan) {
            Ok(page) => page,
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        let mut flight = self.ask_broker(&plan, &asker.origin);
        let (ports, handoff) = (self.config.ports.clone(), self.handoff.clone());
        let browser = self.catalog.settings.browser.clone();
        let (still, mut ends) = (asker.reply.wanted(), self.broker.ends());
        asker.run(async move {
            let opened = async {
                still.or_leave(flight.questions_over()).await?;
                let offer = handoff.lock().await.offer(&plan.role).await?;
                let address = offer.address.clone();
                let signed_in = async {
                    let session = flight.session().await?;
                    let (url, until) = signin_url(&ports, &session, &page).await?;
                    Ok::<_, Failure>((session, url, until))
                };
                // The browser starts while AWS is still being asked; the person waits for the slower of the two. A
                // launcher that has become the browser stays as long as the browser does, so nobody waits for it.
                let launch = Launch::new(ports.browser.open(&address, browser.as_ref()));
                let (launch, signed_in) = launch.beside(still.or_leave(signed_in)).await;
                let (session, url, until) = match signed_in {
                    Ok(signed_in) => signed_in,
                    Err(failure) => {
                        // The page says it, if a browser comes; the person is told anyhow.
                        tokio::spawn(offer.answer(Answer::Explain(failure.clone())));
                        return Err(failure);
                    }
                };
                // A browser that comes late finds no way into what was ended meanwhile.
                let answered = ends.while_it_lives(&session, offer.answer(Answer::Redirect(url)));
                let answered = still.or_leave(answered);
                let (_, answered) = launch.beside(answered).await;
                answered.map(|()| (session, until))
            };
            match opened.await {
                Ok((session, until)) => {
                    let opened = ports.clock.now();
                    let console = OpenedConsole {
                        page: page.destination,
                        region: page.region,
                        opened,
                        until,
                        browsers: BTreeSet::from([browser]),
                    };
                    let console = Box::new(console);
                    let opened = Effect::Opened { session: session.key.clone(), wanted, console };
                    (opened, Ok(Outcome::ConsoleOpened))
                }
                Err(failure) => (Effect::Nothing, Err(failure)),
            }
        });
    }

    /// It is what is open now, though another browser may have been signed in before.
    pub(super) fn console_opened(&mut self, session: SessionKey, mut console: OpenedConsole) {
        if let Some(before) = self.consoles.remove(&session) {
            console.browsers.extend(before.browsers);
        }
        self.consoles.insert(session, console);
    }

    /// What opens the page again that a session's console was last opened at; its role's own where it was not.
    pub(super) fn page_again(&self, id: &str) -> Result<OpenConsole, Failure> {
        let (session, asked) = session_of(self, id).ok_or_else(Failure::unknown_session)?;
        let open = self.consoles.get(&session.key).cloned();
        Ok(match open {
            Some(OpenedConsole { page, region, .. }) => {
                OpenConsole { destination: page, region: Some(region), ..asked }
            }
            None => asked,
        })
    }

    pub(super) fn signin_url(&mut self, plan: Plan, asked: OpenConsole, asker: Asker) {
        let page = match Page::of(asked, &plan) {
            Ok(page) => page,
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        let mut flight = self.ask_broker(&plan, &asker.origin);
        let ports = self.config.ports.clone();
        let still = asker.reply.wanted();
        asker.run(async move {
            let url = async {
                let session = still.or_leave(flight.session()).await?;
                signin_url(&ports, &session, &page).await
            };
            (Effect::Nothing, url.await.map(|(url, _)| Outcome::SigninUrl(url)))
        });
    }

    pub(super) fn copy_signin_url(&mut self, id: &str, origin: Origin, reply: Reply) {
        let Some((session, asked)) = session_of(self, id) else {
            return self.asker(None, origin, reply).finish(Effect::Nothing, Err(Failure::unknown_session()));
        };
        let asker = self.asker_for(session.role().clone(), origin, reply);
        let (ports, stay) = (self.config.ports.clone(), self.catalog.settings.clipboard_clear);
        // The session may be shorter than its role says, its console need not be.
        let plan = self.plan(session.role(), session.plan.access).ok();
        let plan = plan.filter(|plan| plan.arn() == session.plan.arn());
        let duration = plan.map_or(session.plan.duration(), |plan| plan.duration());
        asker.run(async move {
            let url = async {
                let page = Page { duration, ..Page::of(asked, &session.plan)? };
                signin_url(&ports, &session, &page).await
            };
            match url.await {
                Ok((url, _)) => copy(&ports, url.into_text(), stay).await,
                Err(failure) => (Effect::Nothing, Err(failure)),
            }
        });
    }
}

/// A browser that is being started, or that has been.
struct Launch<L>(Option<Pin<Box<L>>>);

impl<L: Future<Output = Result<(), Failure>>> Launch<L> {
    fn new(starting: L) -> Self {
        Launch(Some(Box::pin(starting)))
    }

    /// Waits for `work`, and fails early if the browser does not start.
    async fn beside<T>(
        mut self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> (Self, Result<T, Failure>) {
        let mut work = std::pin::pin!(work);
        let Some(starting) = &mut self.0 else { return (self, work.await) };
        tokio::select! {
            biased;
            done = &mut work => (self, done),
            started = starting => match started {
                Ok(()) => (Launch(None), work.await),
                Err(failure) => (Launch(None), Err(failure)),
            },
        }
    }
}

/// Where a session's sign-in and console are.
pub(super) fn hosts_of(session: &Session) -> Result<Hosts, Failure> {
    Hosts::new(session.region(), &session.endpoints, session.plan.hosts)
}

/// Exchanges a session for an address that signs in, and tells until when the console will stay so. The first try asks
/// for the role's own duration, unless the session is a chain's, which AWS takes none for; AWS answers 400 where it does not
/// take one all the same, and then gets one try without. Both together have the time of one.
async fn signin_url(ports: &Ports, session: &Arc<Session>, page: &Page) -> Result<(SigninUrl, End), Failure> {
    let hosts = Hosts::new(&page.region, &session.endpoints, session.plan.hosts)?;
    // A page that cannot be is refused before AWS is asked.
    Destination::resolve(page.destination.as_ref(), &hosts.console, &page.region)?;
    let role = session.role().as_str();
    let duration = page.duration;
    let length = SignedDuration::from_secs(duration.seconds().into());
    let exchange = |send| Exchange::new(&hosts, &session.credentials, duration, send);
    let both = async {
        let until = End::after(ports.clock.moment(), length);
        if session.plan.is_chained() {
            let answer = ports.signin.exchange(&exchange(SendDuration::No)).await;
            return answer.map(|answer| (answer, session.end));
        }
        match ports.signin.exchange(&exchange(SendDuration::Yes)).await {
            Err(Refusal::Service { status: 400, .. }) => {
                let answer = ports.signin.exchange(&exchange(SendDuration::No)).await;
                answer.map(|answer| (answer, session.end))
            }
            answer => answer.map(|answer| (answer, until)),
        }
    };
    let answered = tokio::time::timeout(AWS_DEADLINE, both).await.unwrap_or(Err(Refusal::Timeout));
    let (answer, until) = answered.map_err(|refusal| Failure::signin_unavailable(&refusal, role))?;
    let exchanged = Exchanged::read(&answer)
        .ok_or_else(|| Failure::signin_unavailable(&Refusal::NotAws { status: 200 }, role))?;
    Ok((exchanged.signin_url(&hosts, page.destination.as_ref(), &page.region)?, until))
}
