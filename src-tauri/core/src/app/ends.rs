//! Ending sessions: they are forgotten, and a console that was opened with one is signed out of.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use super::asker::Effect;
use super::record::Reply;
use super::{App, Origin, console};
use crate::browser::BrowserName;
use crate::failure::Failure;
use crate::ports::Browser;
use crate::session::{Session, SessionKey};
use crate::view::{Notice, OpenConsole, Outcome, Urgency};

impl App {
    pub(super) fn end_session(&mut self, id: &str, origin: Origin, reply: Reply) {
        let Some(session) = self.broker.end(id) else {
            return self.asker(None, origin, reply).finish(Effect::Nothing, Err(Failure::unknown_session()));
        };
        let clicked = origin == Origin::Tray;
        let asker = self.asker_for(session.role().clone(), origin, reply);
        let sign_outs = self.sign_outs(std::slice::from_ref(&session));
        if clicked {
            self.notify(Notice {
                title: format!("{} ended", session.role()),
                body: format!("copies stay valid until {}", self.clock_time(session.expires())),
                urgency: Urgency::Passing,
            });
        }
        let copies_valid_until = session.expires();
        asker.run(signed_out(self.config.ports.browser.clone(), sign_outs, copies_valid_until));
    }

    /// Ends every session; one sign-out page does for all that were opened in the same browser.
    pub(super) fn end_all_sessions(&mut self, origin: Origin, reply: Reply) {
        let clicked = origin == Origin::Tray;
        let asker = self.asker(None, origin, reply);
        let ids: Vec<String> = self.broker.live().map(|session| session.id.clone()).collect();
        let ended: Vec<Arc<Session>> = ids.iter().filter_map(|id| self.broker.end(id)).collect();
        let Some(copies_valid_until) = ended.iter().map(|session| session.expires()).max() else {
            return asker.finish(Effect::Nothing, Err(Failure::unknown_session()));
        };
        let sign_outs = self.sign_outs(&ended);
        if clicked {
            self.notify(Notice {
                title: format!("{} sessions ended", ended.len()),
                body: format!("copies stay valid until {}", self.clock_time(copies_valid_until)),
                urgency: Urgency::Passing,
            });
        }
        asker.run(signed_out(self.config.ports.browser.clone(), sign_outs, copies_valid_until));
    }

    /// What signs out of the consoles that these sessions opened and that are not over. They are forgotten.
    fn sign_outs(&mut self, ended: &[Arc<Session>]) -> Result<SignOuts, Failure> {
        let now = self.config.ports.clock.moment();
        let mut sign_outs = SignOuts::new();
        for session in ended {
            let open = self.consoles.remove(&session.key).filter(|open| open.until.left(now).is_positive());
            for browser in open.into_iter().flat_map(|open| open.browsers) {
                sign_outs.insert((console::hosts_of(session)?.signout_url(), browser));
            }
        }
        self.also_signed_out(&sign_outs);
        Ok(sign_outs)
    }

    /// A browser that signs out does so of every console that is open in it.
    fn also_signed_out(&mut self, sign_outs: &SignOuts) {
        let pages: HashMap<&SessionKey, Url> = self
            .broker
            .live()
            .filter_map(|session| Some((&session.key, console::hosts_of(session).ok()?.signout_url())))
            .collect();
        self.consoles.retain(|key, open| {
            let Some(page) = pages.get(key) else { return true };
            open.browsers.retain(|browser| !sign_outs.contains(&(page.clone(), browser.clone())));
            !open.browsers.is_empty()
        });
    }
}

/// Pages that sign out, each with the browser that is signed in.
type SignOuts = BTreeSet<(Url, Option<BrowserName>)>;

/// Has every browser sign out; what one of them fails at is told once the others were asked too.
async fn signed_out(
    browser: Arc<dyn Browser>,
    sign_outs: Result<SignOuts, Failure>,
    copies_valid_until: Timestamp,
) -> (Effect, Result<Outcome, Failure>) {
    let all = async {
        let sign_outs = sign_outs?;
        let mut ended = Ok(Outcome::SessionEnded { copies_valid_until, signed_out: !sign_outs.is_empty() });
        for (page, chosen) in &sign_outs {
            if let Err(failure) = browser.open(page, chosen.as_ref()).await {
                ended = Err(failure);
            }
        }
        ended
    };
    (Effect::Nothing, all.await)
}

/// The live session of that id, with what else opening its console needs.
pub(super) fn session_of(app: &App, id: &str) -> Option<(Arc<Session>, OpenConsole)> {
    let session = app.broker.live().find(|session| session.id == id)?.clone();
    let asked = OpenConsole {
        role: session.role().clone(),
        destination: None,
        region: None,
        access: session.plan.access,
    };
    Some((session, asked))
}
