//! What the journal will say of an intent, made up when it is asked and finished when it has ended.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::ends::session_of;
use super::{App, Origin, Program, Wanted};
use crate::assume::Access;
use crate::catalog::Name;
use crate::chain::Plan;
use crate::failure::Failure;
use crate::setup::RoleForm;
use crate::state::{By, Deed, Entry};
use crate::view::{Intent, Outcome, SetupIntent};

/// How long an answer waits until the journal has its line. A disk that is slower keeps nobody waiting.
const WRITTEN_WITHIN: Duration = Duration::from_millis(500);

/// The way back to whoever asked, and what will be written down before they are answered.
pub(super) struct Reply {
    sender: oneshot::Sender<Result<Outcome, Failure>>,
    records: Vec<Record>,
    wanted: Wanted,
}

/// An intent that has not ended yet, as the journal will have it.
pub(super) struct Record {
    deed: Deed,
    role: Option<Name>,
    via: Vec<Name>,
    source: Option<Name>,
    account: Option<String>,
    session_name: Option<String>,
    by: Origin,
}

impl Reply {
    pub(super) fn new(
        sender: oneshot::Sender<Result<Outcome, Failure>>,
        records: Vec<Record>,
        wanted: Wanted,
    ) -> Reply {
        Reply { sender, records, wanted }
    }

    /// Whether whoever asked is gone.
    pub(super) fn is_unheard(&self) -> bool {
        self.sender.is_closed()
    }

    /// Whether whoever asked still wants it.
    pub(super) fn wanted(&self) -> Wanted {
        self.wanted.clone()
    }
}

impl Record {
    /// A session that was made of a plan.
    pub(super) fn of(deed: Deed, plan: &Plan, by: Origin) -> Record {
        Record {
            deed,
            role: Some(plan.role.clone()),
            via: plan.way.iter().map(|step| step.role.clone()).collect(),
            source: None,
            account: Some(plan.arn().account().to_string()),
            session_name: Some(plan.session_name().to_string()),
            by,
        }
    }

    pub(super) fn ended(self, time: Timestamp, result: &Result<Outcome, Failure>) -> Entry {
        let told = match result {
            Ok(Outcome::Identity(identity)) => Some(identity.account.to_string()),
            _ => None,
        };
        Entry {
            time,
            deed: self.deed,
            role: self.role.as_ref().map(ToString::to_string),
            via: self.via.iter().map(ToString::to_string).collect(),
            // A source that was not added is nobody's name, and people paste secrets into the wrong place.
            source: self
                .source
                .filter(|_| self.deed != Deed::SourceAdded || result.is_ok())
                .as_ref()
                .map(ToString::to_string),
            account: told.or(self.account),
            session_name: self.session_name,
            failure: result
                .as_ref()
                .err()
                .map(|failure| failure.code)
                .filter(|code| self.deed.failed_by(*code)),
            by: By::from(self.by),
        }
    }
}

impl App {
    /// What to write down of an intent, a line for each session that it is about; nothing where there is nothing to look back at.
    pub(super) fn records(&self, intent: &Intent, origin: &Origin) -> Vec<Record> {
        if matches!(intent, Intent::EndAllSessions) && self.broker.live().next().is_some() {
            let all = self.broker.live();
            return all
                .map(|session| Record::of(Deed::SessionEnded, &session.plan, origin.clone()))
                .collect();
        }
        self.record(intent, origin).into_iter().collect()
    }

    fn record(&self, intent: &Intent, origin: &Origin) -> Option<Record> {
        Some(match intent {
            Intent::OpenConsole(asked) => self.of_role(Deed::ConsoleOpened, &asked.role, origin),
            Intent::SigninUrl(asked) => self.of_role(Deed::SigninUrlGiven, &asked.role, origin),
            Intent::Credentials { role, .. } => self.of_role(Deed::CredentialsGiven, role, origin),
            Intent::CopyCredentials { role, .. } => self.of_role(Deed::CredentialsCopied, role, origin),
            Intent::Setup(SetupIntent::Make { form }) => self.of_form(Deed::RoleMade, form, origin),
            Intent::Setup(SetupIntent::Unmake { form }) => self.of_form(Deed::RoleUnmade, form, origin),
            Intent::CopySigninUrl { session } => self.of_session(Deed::SigninUrlCopied, session, origin),
            Intent::EndSession { session } => self.of_session(Deed::SessionEnded, session, origin),
            Intent::AddSource(source) => self.of_source(Deed::SourceAdded, &source.name, origin),
            Intent::TestSource { source } => self.of_source(Deed::SourceTested, source, origin),
            Intent::EditSource { source, .. } => self.of_source(Deed::SourceChanged, source, origin),
            Intent::RotateSource { source } => self.of_source(Deed::KeyRotated, source, origin),
            Intent::DeleteOldKey { source } => self.of_source(Deed::KeyDeleted, source, origin),
            Intent::RemoveSource { source } => self.of_source(Deed::SourceRemoved, source, origin),
            // There is none.
            Intent::EndAllSessions => Record::about_nothing(Deed::SessionEnded, origin),
            // The session that comes of an assumption is written down by itself.
            Intent::Assume { .. }
            | Intent::OpenPage { .. }
            | Intent::Setup(_)
            | Intent::SourceKeys { .. }
            | Intent::RenewSession { .. }
            | Intent::Set { .. }
            | Intent::Read(_)
            | Intent::Import(_)
            | Intent::EditRole { .. }
            | Intent::Roles(_)
            | Intent::ShowWindow(_)
            | Intent::AnswerPrompt { .. }
            | Intent::DismissPrompt { .. } => return None,
        })
    }

    /// Writes down how an intent ended. What is given back is heard when that is written.
    pub(super) fn write_down(
        &self,
        reply: &mut Reply,
        result: &Result<Outcome, Failure>,
    ) -> Option<oneshot::Receiver<()>> {
        let records = std::mem::take(&mut reply.records);
        if records.is_empty() {
            return None;
        }
        for record in records {
            self.clerk.note(record.ended(self.config.ports.clock.now(), result));
        }
        Some(self.clerk.written())
    }

    /// A name that the catalog does not have is left out: people paste secrets into the wrong place.
    fn of_role(&self, deed: Deed, role: &Name, origin: &Origin) -> Record {
        if let Ok(plan) = self.plan(role, Access::Usual) {
            return Record::of(deed, &plan, origin.clone());
        }
        let known = self.catalog.roles.get(role);
        Record {
            role: known.map(|_| role.clone()),
            account: known.map(|known| known.arn.account().to_string()),
            ..Record::about_nothing(deed, origin)
        }
    }

    fn of_form(&self, deed: Deed, form: &RoleForm, origin: &Origin) -> Record {
        match form.source.parse() {
            Ok(source) => self.of_source(deed, &source, origin),
            Err(_) => Record::about_nothing(deed, origin),
        }
    }

    fn of_session(&self, deed: Deed, id: &str, origin: &Origin) -> Record {
        match session_of(self, id) {
            Some((session, _)) => Record::of(deed, &session.plan, origin.clone()),
            None => Record::about_nothing(deed, origin),
        }
    }

    fn of_source(&self, deed: Deed, source: &Name, origin: &Origin) -> Record {
        let known = self.catalog.sources.get(source);
        let named = known.is_some() || deed == Deed::SourceAdded;
        Record {
            source: named.then(|| source.clone()),
            account: known.map(|known| known.account.to_string()),
            ..Record::about_nothing(deed, origin)
        }
    }
}

impl Record {
    fn about_nothing(deed: Deed, origin: &Origin) -> Record {
        Record {
            deed,
            role: None,
            via: Vec::new(),
            source: None,
            account: None,
            session_name: None,
            by: origin.clone(),
        }
    }
}

impl From<Origin> for By {
    fn from(origin: Origin) -> By {
        match origin {
            Origin::Tray => By::Tray,
            Origin::Window => By::Window,
            Origin::Program(Program { pid, name, parent, .. }) => By::Program { pid, name, parent },
        }
    }
}

/// Answers whoever asked, once the journal has it. A caller that went away wants no answer.
pub(super) fn answer(reply: Reply, result: Result<Outcome, Failure>, written: Option<oneshot::Receiver<()>>) {
    let Some(written) = written else {
        let _ = reply.sender.send(result);
        return;
    };
    tokio::spawn(async move {
        let _ = tokio::time::timeout(WRITTEN_WITHIN, written).await;
        let _ = reply.sender.send(result);
    });
}
