//! Assumptions as the owner sees them: what AWS is asked for, and what its answers teach.

use std::sync::Arc;

use jiff::SignedDuration;

use super::record::Record;
use super::{App, Message, Origin, activity_word, notices};
use crate::broker::{Flight, Owner, Purpose, Report, Step};
use crate::chain::Plan;
use crate::failure::Failure;
use crate::session::{LEAST_LEFT, Session, SessionDuration, TOOLS_WANT};
use crate::state::Deed;
use crate::view::{Activity, Outcome};

/// What an assumption was begun for.
pub(super) struct Begun {
    /// How long the role says that its sessions last.
    wished: SessionDuration,
    by: Origin,
}

impl App {
    /// A session for the plan, or for the longest that its role is known to allow.
    pub(super) fn ask_broker(&mut self, plan: &Plan, origin: &Origin) -> Flight {
        let lasts = self.bounded(plan).duration();
        let is_long = i64::from(lasts.seconds()) > TOOLS_WANT.as_secs() + LEAST_LEFT.as_secs();
        let least = match origin {
            Origin::Program(_) if is_long => TOOLS_WANT,
            Origin::Program(_) | Origin::Tray | Origin::Window => LEAST_LEFT,
        };
        self.ask_broker_for(plan, least, origin)
    }

    /// The same, with more than `least` left of it.
    pub(super) fn ask_broker_for(&mut self, plan: &Plan, least: SignedDuration, origin: &Origin) -> Flight {
        let wished = plan.duration();
        if wished > SessionDuration::HOUR {
            self.ceilings.refresh();
        }
        let bounded = self.bounded(plan);
        self.lasts(plan, wished, bounded.duration());
        let (reports, questions) = (self.messages.clone(), self.messages.clone());
        let (by, asks) = (origin.clone(), origin.clone());
        let owner = Owner {
            report: Arc::new(move |report| {
                let _ = reports.send(Message::Flew(report, Begun { wished, by: by.clone() }));
            }),
            ask: Arc::new(move |question| {
                let _ = questions.send(Message::Question(question, asks.clone()));
            }),
        };
        self.broker.ask(&bounded, least, &owner)
    }

    /// The plan as its role is known to allow it.
    pub(super) fn bounded(&self, plan: &Plan) -> Plan {
        plan.lasting(self.ceilings.duration(plan.arn(), plan.duration(), self.config.ports.clock.now()))
    }

    pub(super) fn flew(&mut self, report: Report, begun: Begun) {
        if let Some(skew) = report.skew {
            self.clock_measured(skew);
        }
        if let Some(spoiled) = &report.spoiled {
            self.broker.forget(spoiled);
        }
        if let Step::Done(result) = &report.step {
            self.broker.landed(&report.key, report.purpose, result);
            self.prompts_left();
            self.key_looked_for(&report.source, result.as_ref().map_err(|stopped| &stopped.told));
        }
        // What only signs another's call is shown by that one.
        if report.purpose == Purpose::Base {
            return;
        }
        let activity = match &report.step {
            Step::Preparing | Step::Checking | Step::Calling => Activity::SigningIn,
            Step::Asking(prompt) => Activity::Asking { prompt: *prompt },
            Step::Unlocking => {
                self.keychain_asks(Some(&report.role), &report.source, &begun.by);
                Activity::WaitingForKeychain
            }
            Step::Done(Ok(session)) => {
                self.landed(session, report.asked, begun);
                Activity::Idle
            }
            Step::Done(Err(stopped)) if stopped.told.is_cancelled() => Activity::Idle,
            Step::Done(Err(stopped)) => Activity::Failed { failure: stopped.told.clone() },
        };
        tracing::info!(role = %report.role, activity = ?activity_word(&activity), "assumption");
        // A browser that could not be started has failed the click already, whatever AWS says in the end.
        let failed = matches!(self.activities.get(&report.role), Some(Activity::Failed { .. }));
        if !(failed && activity == Activity::Idle) {
            self.activities.insert(report.role, activity);
        }
    }

    fn landed(&mut self, session: &Session, asked: SessionDuration, begun: Begun) {
        let (now, plan) = (self.config.ports.clock.now(), &session.plan);
        if plan.duration() < asked {
            self.clerk.save(self.ceilings.refused(plan.arn(), asked, plan.duration(), now));
            self.lasts(plan, begun.wished, plan.duration());
            // A program says it itself.
            if begun.by == Origin::Tray || begun.by == Origin::Window {
                self.notify(notices::shortened(&plan.role, plan.duration(), begun.wished));
            }
        } else if let Some(unsaved) = self.ceilings.granted(plan.arn(), plan.duration()) {
            self.clerk.save(unsaved);
        }
        let record = Record::of(Deed::SessionMade, plan, begun.by);
        self.clerk.note(record.ended(now, &Ok(Outcome::Done)));
    }

    /// Shows, or shows no longer, that a role's sessions are shorter than it says.
    fn lasts(&mut self, plan: &Plan, wished: SessionDuration, duration: SessionDuration) {
        if duration < wished {
            let note = Failure::session_shortened(plan.role.as_str(), duration, wished);
            self.shortened.insert(plan.role.clone(), note);
        } else {
            self.shortened.remove(&plan.role);
        }
    }

    /// Forgets ceilings that bound no role of the catalog any more.
    pub(super) fn review_ceilings(&mut self) {
        let roles = self.catalog.roles.values();
        let wished = roles.map(|role| (&role.arn, role.duration.unwrap_or(SessionDuration::HOUR)));
        if let Some(unsaved) = self.ceilings.keep_for(wished) {
            self.clerk.save(unsaved);
        }
        let roles = &self.catalog.roles;
        self.shortened.retain(|name, _| {
            roles
                .get(name)
                .and_then(|role| role.duration)
                .is_some_and(|wished| wished > SessionDuration::HOUR)
        });
    }
}
