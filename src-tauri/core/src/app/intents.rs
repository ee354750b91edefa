//! Intents: planned, confirmed where production is meant, and carried out.

use jiff::SignedDuration;
use tokio::sync::oneshot;

use super::asker::{Asker, Effect, copy};
use super::prompts::{Waiting, asked_of};
use super::record::Reply;
use super::{App, Origin, Wanted};
use crate::assume::Access;
use crate::broker::Flight;
use crate::catalog::Name;
use crate::chain::{Circumstances, Plan};
use crate::failure::Failure;
use crate::output;
use crate::session::{LEAST_LEFT, SessionKey};
use crate::view::{Activity, Intent, Outcome};

impl App {
    pub(super) fn asked(
        &mut self,
        intent: Intent,
        origin: Origin,
        wanted: Wanted,
        reply: oneshot::Sender<Result<Outcome, Failure>>,
    ) {
        // The watch may be a moment behind whoever changed the file and now asks.
        self.load_catalog();
        self.clock.look(self.config.ports.clock.moment());
        let intent = match self.meant(intent) {
            Ok(intent) => intent,
            Err(failure) => {
                let reply = Reply::new(reply, Vec::new(), wanted);
                return self.asker(None, origin, reply).finish(Effect::Nothing, Err(failure));
            }
        };
        let reply = Reply::new(reply, self.records(&intent, &origin), wanted);
        match self.guarded(&intent, &origin) {
            Some(plan) => self.confirm(&plan, Waiting { intent, origin, reply }),
            None => self.carry_out(intent, origin, reply),
        }
    }

    /// An intent by what it comes to: going to a session's page is opening the console there, with all that belongs to it.
    fn meant(&self, intent: Intent) -> Result<Intent, Failure> {
        let Intent::OpenPage { session } = &intent else { return Ok(intent) };
        self.page_again(session).map(Intent::OpenConsole)
    }

    /// The plan of an intent that the person has to confirm first. A tool that takes again what they gave to tools asks nobody.
    pub(super) fn guarded(&self, intent: &Intent, origin: &Origin) -> Option<Plan> {
        let (role, access) = asked_of(intent)?;
        let plan = self.plan(role, access).ok().filter(Plan::is_guarded)?;
        let renews = is_given(intent, origin)
            && self.given.contains(&plan.key())
            && self.broker.has(&self.bounded(&plan), LEAST_LEFT);
        (!renews).then_some(plan)
    }

    /// Remembers what the person meant for programs.
    pub(super) fn note_given(&mut self, key: &SessionKey, intent: &Intent, origin: &Origin) {
        if is_given(intent, origin) {
            self.given.insert(key.clone());
        }
    }

    pub(super) fn plan(&self, role: &Name, access: Access) -> Result<Plan, Failure> {
        let now = self.config.ports.clock.now();
        let circumstances = Circumstances::at(now, &self.config.zone, &self.config.host);
        Plan::new(&self.catalog, role, access, &circumstances)
    }

    pub(super) fn carry_out(&mut self, intent: Intent, origin: Origin, reply: Reply) {
        match intent {
            Intent::OpenConsole(asked) => {
                self.with_plan(asked.role.clone(), asked.access, origin, reply, |app, plan, asker| {
                    app.open_console(plan, asked, asker);
                });
            }
            Intent::SigninUrl(asked) => {
                self.with_plan(asked.role.clone(), asked.access, origin, reply, |app, plan, asker| {
                    app.signin_url(plan, asked, asker);
                });
            }
            Intent::Credentials { role, access } => {
                self.with_plan(role, access, origin, reply, |app, plan, asker| {
                    let mut flight = app.ask_broker(&plan, &asker.origin);
                    let still = asker.reply.wanted();
                    asker.run(async move {
                        let session = still.or_leave(flight.session()).await;
                        (Effect::Nothing, session.map(Outcome::Credentials))
                    });
                });
            }
            Intent::CopyCredentials { role, format, access } => {
                self.with_plan(role, access, origin, reply, |app, plan, asker| {
                    let format = format.unwrap_or(app.catalog.settings.credentials_format);
                    let mut flight = app.ask_broker(&plan, &asker.origin);
                    let (ports, stay) = (app.config.ports.clone(), app.catalog.settings.clipboard_clear);
                    let still = asker.reply.wanted();
                    asker.run(async move {
                        match still.or_leave(flight.session()).await {
                            Ok(session) => copy(&ports, output::written(&session, format), stay).await,
                            Err(failure) => (Effect::Nothing, Err(failure)),
                        }
                    });
                });
            }
            Intent::Assume { role, access } => {
                self.with_plan(role, access, origin, reply, |app, plan, asker| {
                    let flight = app.ask_broker(&plan, &asker.origin);
                    land(flight, asker);
                });
            }
            Intent::OpenPage { .. } => {
                let failure = Failure::internal("a page was asked for and not found out");
                self.asker(None, origin, reply).finish(Effect::Nothing, Err(failure));
            }
            Intent::CopySigninUrl { session } => self.copy_signin_url(&session, origin, reply),
            Intent::EndSession { session } => self.end_session(&session, origin, reply),
            Intent::AddSource(mut source) => {
                // A window says nothing of where AWS is; the person may have, who started us.
                if origin == Origin::Window {
                    source.endpoints = self.config.endpoints.clone();
                }
                self.add_source(*source, origin, reply);
            }
            Intent::Setup(intent) => self.set_up(intent, origin, reply),
            Intent::EndAllSessions => self.end_all_sessions(origin, reply),
            Intent::RenewSession { role, access } => {
                self.with_plan(role, access, origin, reply, |app, plan, asker| {
                    // No session lasts so long, so it is a new one.
                    let flight = app.ask_broker_for(&plan, SignedDuration::MAX, &asker.origin);
                    land(flight, asker);
                });
            }
            Intent::Set { setting, value } => {
                self.edit_catalog(origin, reply, move |file| file.set_setting(setting, &value));
            }
            Intent::Read(read) => self.read(read, origin, reply),
            Intent::Import(asked) => self.import(asked, origin, reply),
            Intent::TestSource { source } => self.test_source(source, origin, reply),
            Intent::EditSource { source, change, mfa_process } => {
                self.edit_source(source, change, mfa_process, origin, reply);
            }
            Intent::SourceKeys { source } => self.source_keys(&source, origin, reply),
            Intent::RotateSource { source } => self.rotate_source(&source, origin, reply),
            Intent::DeleteOldKey { source } => self.delete_old_key(&source, origin, reply),
            Intent::RemoveSource { source } => self.remove_source(source, origin, reply),
            Intent::Roles(asked) => self.roles(asked, origin, reply),
            Intent::EditRole { role, change } => self.edit_role(role, *change, origin, reply),
            Intent::ShowWindow(window) => {
                let result =
                    self.config.ports.desktop.show(window, origin.activation()).map(|()| Outcome::Done);
                self.asker(None, origin, reply).finish(Effect::Nothing, result);
            }
            Intent::AnswerPrompt { prompt, answer } => {
                self.prompt_answered(prompt, &answer);
                self.asker(None, origin, reply).finish(Effect::Nothing, Ok(Outcome::Done));
            }
            Intent::DismissPrompt { prompt } => {
                self.prompt_dismissed(prompt);
                self.asker(None, origin, reply).finish(Effect::Nothing, Ok(Outcome::Done));
            }
        }
    }

    /// Plans a role and goes on; a plan that is refused ends the matter.
    fn with_plan(
        &mut self,
        role: Name,
        access: Access,
        origin: Origin,
        reply: Reply,
        go_on: impl FnOnce(&mut App, Plan, Asker),
    ) {
        let asker = self.asker_for(role.clone(), origin, reply);
        match self.plan(&role, access).map_err(|failure| self.catalog_trouble.clone().unwrap_or(failure)) {
            Ok(plan) => {
                // A question that is still before the person is theirs to answer, whoever else wants the role.
                let open = |id: u64| self.prompts.iter().any(|prompt| prompt.view.id == id);
                self.activities.retain(|name, activity| {
                    let is_past = match activity {
                        Activity::Asking { prompt } => !open(*prompt),
                        Activity::Failed { .. } => true,
                        Activity::Idle | Activity::SigningIn | Activity::WaitingForKeychain => false,
                    };
                    *name != role || !is_past
                });
                self.shown_to(&role, &asker.origin);
                go_on(self, plan, asker);
            }
            Err(failure) => asker.finish(Effect::Nothing, Err(failure)),
        }
    }
}

/// Whether a program is given credentials.
fn is_given(intent: &Intent, origin: &Origin) -> bool {
    matches!(intent, Intent::Credentials { .. }) && matches!(origin, Origin::Program(_))
}

/// Answers when a session is there; nothing of it is told.
fn land(mut flight: Flight, asker: Asker) {
    let still = asker.reply.wanted();
    asker.run(async move {
        let landed = still.or_leave(flight.session()).await;
        (Effect::Nothing, landed.map(|_| Outcome::Done))
    });
}
