//! Ending sessions: they are forgotten, and a console that was opened with one is signed out of.

use std::sync::Arc;

use super::asker::Effect;
use super::record::Reply;
use super::{App, Origin, console};
use crate::failure::Failure;
use crate::session::Session;
use crate::view::{Notice, OpenConsole, Outcome, Urgency};

impl App {
    pub(super) fn end_session(&mut self, id: &str, origin: Origin, reply: Reply) {
        let Some(session) = self.broker.end(id) else {
            return self.asker(None, origin, reply).finish(Effect::Nothing, Err(Failure::unknown_session()));
        };
        let clicked = origin == Origin::Tray;
        let asker = self.asker_for(session.role().clone(), origin, reply);
        let now = self.config.ports.clock.moment();
        let opened = self.consoles.remove(id).is_some_and(|open| open.until.left(now).is_positive());
        if clicked {
            self.notify(Notice {
                title: format!("{} ended", session.role()),
                body: format!("copies stay valid until {}", self.clock_time(session.expires())),
                urgency: Urgency::Passing,
            });
        }
        let (browser, chosen) = (self.config.ports.browser.clone(), self.catalog.settings.browser.clone());
        asker.run(async move {
            let ended = Outcome::SessionEnded { copies_valid_until: session.expires(), signed_out: opened };
            if !opened {
                return (Effect::Nothing, Ok(ended));
            }
            let signed_out =
                async { browser.open(&console::hosts_of(&session)?.signout_url(), chosen.as_ref()).await };
            (Effect::Nothing, signed_out.await.map(|()| ended))
        });
    }

    /// Ends every session; one sign-out page does for all of them.
    pub(super) fn end_all_sessions(&mut self, origin: Origin, reply: Reply) {
        let clicked = origin == Origin::Tray;
        let asker = self.asker(None, origin, reply);
        let ids: Vec<String> = self.broker.live().map(|session| session.id.clone()).collect();
        let ended: Vec<Arc<Session>> = ids.iter().filter_map(|id| self.broker.end(id)).collect();
        let Some(copies_valid_until) = ended.iter().map(|session| session.expires()).max() else {
            return asker.finish(Effect::Nothing, Err(Failure::unknown_session()));
        };
        let now = self.config.ports.clock.moment();
        let opened = |session: &&Arc<Session>| {
            self.consoles.get(&session.id).is_some_and(|open| open.until.left(now).is_positive())
        };
        let opened = ended.iter().find(opened).cloned();
        for id in &ids {
            self.consoles.remove(id);
        }
        if clicked {
            self.notify(Notice {
                title: format!("{} sessions ended", ended.len()),
                body: format!("copies stay valid until {}", self.clock_time(copies_valid_until)),
                urgency: Urgency::Passing,
            });
        }
        let (browser, chosen) = (self.config.ports.browser.clone(), self.catalog.settings.browser.clone());
        asker.run(async move {
            let outcome = Outcome::SessionEnded { copies_valid_until, signed_out: opened.is_some() };
            let Some(session) = opened else { return (Effect::Nothing, Ok(outcome)) };
            let signed_out =
                async { browser.open(&console::hosts_of(&session)?.signout_url(), chosen.as_ref()).await };
            (Effect::Nothing, signed_out.await.map(|()| outcome))
        });
    }
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
