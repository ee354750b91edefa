//! Trying a role: it is kept in the catalog and assumed as any other. A role that was made just now is not known to all of
//! AWS at once, so that its first refusals say nothing.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::super::asker::{Effect, blocking};
use super::super::record::Reply;
use super::super::{App, Message, Origin, Wanted};
use crate::arn::RoleArn;
use crate::assume::Access;
use crate::catalog::{Catalog, CatalogFile, Change, Name, Role, RoleChange};
use crate::failure::{Code, Failure};
use crate::setup::RoleForm;
use crate::trust_policy::Mfa;
use crate::view::{Intent, Outcome};

/// How long a new role may take to be known everywhere.
const SPREADS_WITHIN: Duration = Duration::from_secs(15);
/// Between two tries.
const PAUSE: Duration = Duration::from_millis(1500);

/// A role as a trial left it in the catalog.
#[derive(Clone, Debug)]
pub(in crate::app) struct Kept {
    name: Name,
    /// As the guide had it: what differs from it was changed by somebody else.
    role: Role,
    /// Whether it was not there before.
    added: bool,
}

impl Kept {
    fn is_of(&self, role: &Role) -> bool {
        self.role.arn == role.arn && self.role.assumed_by == role.assumed_by
    }

    pub(super) fn arn(&self) -> &RoleArn {
        &self.role.arn
    }

    /// Takes the role out of the catalog, where the guide put it there and nobody changed it since.
    pub(super) fn take_out(&self, file: &CatalogFile) -> Result<(), Failure> {
        let catalog = file.load()?;
        if self.added && catalog.roles.get(&self.name) == Some(&self.role) {
            file.remove_role(&self.name)?;
        }
        Ok(())
    }
}

impl App {
    /// Keeps what a trial left in the catalog.
    pub(in crate::app) fn role_kept(&mut self, kept: Kept) {
        self.guide.kept.retain(|other| !other.is_of(&kept.role));
        self.guide.kept.push(kept);
        self.load_catalog();
    }

    /// Keeps the role in the catalog and assumes it.
    pub(in crate::app) fn try_role(&mut self, form: &RoleForm, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin.clone(), reply);
        let begun = self.drafted(form).and_then(|(source_name, source, draft)| {
            let role = draft.role(&source_name, &source)?;
            Ok((draft, role))
        });
        let (draft, role) = match begun {
            Ok(begun) => begun,
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        let now = self.config.ports.clock.moment();
        let made = self.guide.made.iter().find(|made| made.arn == role.arn);
        let left = made.and_then(|made| {
            let since = now.steady.0.saturating_sub(made.at.steady.0);
            SPREADS_WITHIN.checked_sub(since).filter(|left| !left.is_zero())
        });
        let before = self.guide.kept.iter().find(|kept| kept.is_of(&role)).cloned();
        let is_first = before.is_none();
        let (file, messages) = (self.file.clone(), self.messages.clone());
        let still = asker.reply.wanted();
        asker.run(async move {
            let shared = file.clone();
            let kept = blocking(move || keep(&shared, draft.name.as_str(), role, before)).await;
            let kept = match kept {
                Ok(kept) => kept,
                Err(failure) => return (Effect::Nothing, Err(failure)),
            };
            let name = kept.name.clone();
            let trial = async {
                match (left, draft.mfa) {
                    // A code is good once, so that it is not spent on a role that is not known yet.
                    (Some(left), Mfa::Proven) => {
                        tokio::time::sleep(left).await;
                        assumed(&messages, &name, &origin).await
                    }
                    (left, Mfa::Proven | Mfa::Not) => patiently(left, &messages, &name, &origin).await,
                }
            };
            let tried = still.or_leave(trial).await;
            if is_first && tried.as_ref().is_err_and(Failure::is_cancelled) {
                // Nothing was changed, as whoever said no is told.
                let taken = blocking(move || kept.take_out(&file)).await;
                return (Effect::CatalogChanged, taken.and(tried.map(|()| Outcome::Done)));
            }
            (Effect::RoleKept(Box::new(kept)), tried.map(|()| Outcome::RoleTried { role: name }))
        });
    }
}

/// Tries again for a while, where it can be that AWS does not know the role yet.
async fn patiently(
    left: Option<Duration>,
    messages: &mpsc::UnboundedSender<Message>,
    name: &Name,
    origin: &Origin,
) -> Result<(), Failure> {
    let until = tokio::time::Instant::now() + left.unwrap_or_default();
    loop {
        match assumed(messages, name, origin).await {
            Err(failure)
                if failure.code == Code::AccessDenied && tokio::time::Instant::now() + PAUSE < until =>
            {
                tokio::time::sleep(PAUSE).await;
            }
            ended => return ended,
        }
    }
}

/// Has the application assume the role as if a person had asked; nothing of the session comes back.
async fn assumed(
    messages: &mpsc::UnboundedSender<Message>,
    name: &Name,
    origin: &Origin,
) -> Result<(), Failure> {
    let (reply, answer) = oneshot::channel();
    let intent = Intent::Assume { role: name.clone(), access: Access::Usual };
    let wanted = Wanted::always();
    let _ = messages.send(Message::Asked { intent, origin: origin.clone(), wanted, reply });
    answer.await.unwrap_or_else(|_| Err(Failure::ending())).map(drop)
}

/// Keeps the role under its own name, or under one that is free. One that is there for the same source becomes as drafted, as far
/// as the guide said something of it; what somebody else said since its last trial stays.
fn keep(file: &CatalogFile, name: &str, role: Role, before: Option<Kept>) -> Result<Kept, Failure> {
    let catalog = file.load()?;
    let there =
        catalog.roles.iter().find(|(_, other)| other.arn == role.arn && other.assumed_by == role.assumed_by);
    let Some((name, there)) = there else {
        let name = free(&catalog, name, &role)?;
        file.add_role(&name, &role)?;
        return Ok(Kept { name, role, added: true });
    };
    let change = match &before {
        Some(before) => RoleChange::between(&before.role, &role),
        None => said(&role, there),
    };
    if change.clone().applied_to(there.clone()) != *there {
        file.edit_role(name, &change)?;
    }
    Ok(Kept { name: name.clone(), role, added: before.is_some_and(|before| before.added) })
}

fn free(catalog: &Catalog, name: &str, role: &Role) -> Result<Name, Failure> {
    let account = catalog.accounts.get(role.arn.account()).and_then(|account| account.name.clone());
    let account = account.unwrap_or_else(|| role.arn.account().to_string());
    let source = role.assumed_by.name();
    let first = [name.to_owned(), format!("{name} {account}"), format!("{name} {account} {source}")];
    let others = (2..100).map(|number| format!("{name} ({number})"));
    let mut names = first.into_iter().chain(others).filter_map(|text| text.parse::<Name>().ok());
    names.find(|name| !catalog.has_role(name)).ok_or_else(|| Failure::role_exists(name))
}

/// What the guide says of a role that was there before it; nothing is taken away from that.
fn said(role: &Role, there: &Role) -> RoleChange {
    fn to<T: Clone>(value: Option<&T>) -> Change<T> {
        value.cloned().map_or(Change::Keep, Change::Set)
    }
    RoleChange {
        duration: to(role.duration.as_ref()),
        external_id: to(role.external_id.as_ref()),
        mfa: to(role.mfa.as_ref()),
        mfa_serial: to(role.mfa_serial.as_ref()),
        destination: to(role.destination.as_ref().filter(|_| there.destination.is_none())),
        ..RoleChange::default()
    }
}
