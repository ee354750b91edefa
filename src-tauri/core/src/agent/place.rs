//! Where an agent is found: its lock and its socket in the runtime folder. Somebody may clean up there while it runs, at a
//! logout for instance; then it makes both anew, before another agent is started in its place.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::claim::{Claim, claim, take_over};
use super::socket::{Listener, Stream};
use super::wire::Kind;
use crate::adapters::watch::{Watch, watch_folder};
use crate::failure::Failure;

/// Changes that come together are looked at together: a folder that is removed loses its files first.
const GATHERS: Duration = Duration::from_millis(100);
/// When it is tried again what did not work.
const TRIES_AGAIN: Duration = Duration::from_secs(5);
/// How often it is looked where the system does not tell.
const LOOKS: Duration = Duration::from_secs(30);

/// The place of an agent.
pub(super) struct Place<'a> {
    /// Who has the home since the beginning.
    first: &'a Claim,
    /// The lock that was made anew, if one was.
    renewed: Option<Claim>,
    listener: Option<Listener>,
    tell: mpsc::Sender<()>,
    watch: Option<Watch>,
}

/// How a look at the place ended.
pub(super) enum Looked {
    /// All is where it should be.
    Whole,
    /// Another agent was quicker, and has the home.
    Lost,
    /// What is gone could not be made anew.
    Broken(Failure),
}

/// Tells when the place has to be looked at.
pub(super) struct Touched {
    heard: mpsc::Receiver<()>,
    at: Option<Instant>,
}

impl<'a> Place<'a> {
    /// Listens where the claim was made.
    pub(super) async fn take(first: &'a Claim) -> Result<(Place<'a>, Touched), Failure> {
        let listener = Listener::bind(&first.home).await?;
        let (tell, heard) = mpsc::channel(1);
        let mut place = Place { first, renewed: None, listener: Some(listener), tell, watch: None };
        place.watch();
        let mut touched = Touched { heard, at: None };
        touched.looked(&place, &Looked::Whole);
        Ok((place, touched))
    }

    /// The next caller.
    pub(super) async fn accept(&self) -> std::io::Result<Stream> {
        match &self.listener {
            Some(listener) => listener.accept().await,
            None => std::future::pending().await,
        }
    }

    /// Makes anew what is gone.
    pub(super) async fn look(&mut self, kind: Kind) -> Looked {
        if self.is_whole() {
            return Looked::Whole;
        }
        match self.make_anew(kind).await {
            Ok(true) => {
                tracing::warn!("the agent's socket was gone and was made anew");
                Looked::Whole
            }
            Ok(false) => Looked::Lost,
            Err(failure) => Looked::Broken(failure),
        }
    }

    fn is_whole(&self) -> bool {
        self.claim().is_there() && self.listener.as_ref().is_some_and(Listener::is_there)
    }

    fn claim(&self) -> &Claim {
        self.renewed.as_ref().unwrap_or(self.first)
    }

    /// Says whether the home is ours again.
    async fn make_anew(&mut self, kind: Kind) -> Result<bool, Failure> {
        let home = &self.first.home;
        if !self.claim().is_there() {
            self.renewed = match (claim(home)?, kind) {
                (Some(claim), _) => Some(claim),
                // It has no tray, or was started while we could not be found.
                (None, Kind::Desktop) => Some(take_over(home).await?),
                (None, Kind::Trayless) => return Ok(false),
            };
        }
        if !self.listener.as_ref().is_some_and(Listener::is_there) {
            // Gone before the new one is made: it takes its own file with it, if that is still there.
            self.listener = None;
            self.listener = Some(Listener::bind(home).await?);
        }
        self.watch();
        // What happened before the folder was watched anew is seen now.
        let _ = self.tell.try_send(());
        Ok(true)
    }

    fn watch(&mut self) {
        let tell = self.tell.clone();
        self.watch = watch_folder(&self.first.home.runtime, move || {
            // One that waits to be heard says as much as two.
            let _ = tell.try_send(());
        });
    }
}

impl Touched {
    /// Waits until the place may have changed. Nothing is missed where the waiting is given up and taken up again.
    pub(super) async fn wait(&mut self) {
        match self.at {
            Some(at) => drop(tokio::time::timeout_at(at, self.heard.recv()).await),
            None => drop(self.heard.recv().await),
        }
    }

    /// Takes together what comes together.
    pub(super) async fn gather(&mut self) {
        tokio::time::sleep(GATHERS).await;
        let _ = self.heard.try_recv();
    }

    /// Decides when to look next, if nothing is heard until then.
    pub(super) fn looked(&mut self, place: &Place<'_>, looked: &Looked) {
        let pause = match looked {
            Looked::Broken(_) => Some(TRIES_AGAIN),
            Looked::Whole | Looked::Lost if place.watch.is_none() => Some(LOOKS),
            Looked::Whole | Looked::Lost => None,
        };
        self.at = pause.map(|pause| Instant::now() + pause);
    }
}
