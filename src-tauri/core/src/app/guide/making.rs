//! Making a role in IAM, and taking out again what was made. Whatever fails halfway, it is known what exists.

use super::super::asker::{Effect, blocking};
use super::super::record::Reply;
use super::super::{App, Origin};
use super::trying::Kept;
use crate::arn::{PrincipalArn, Region, RoleArn};
use crate::catalog::{Name, SourceKind};
use crate::console::HostChoice;
use crate::failure::{Code, Failure, IamAction, IamContext, Refusal, classify_iam};
use crate::keychain::BoundedKeychain;
use crate::moment::Moment;
use crate::ports::{AWS_DEADLINE, Caller, Ports};
use crate::setup::{IamCall, RoleForm};
use crate::signing;
use crate::view::{MadeView, Outcome};

/// A role that was made, as far as it came.
#[derive(Clone, Debug)]
pub(in crate::app) struct Made {
    pub(in crate::app) arn: RoleArn,
    /// The calls that were made, in their order.
    pub(in crate::app) done: Vec<IamCall>,
    /// When the last of them was.
    pub(in crate::app) at: Moment,
    /// Why there are not more.
    pub(in crate::app) trouble: Option<Failure>,
}

impl Made {
    pub(super) fn has(&self, call: &IamCall) -> bool {
        self.done.contains(call)
    }

    pub(super) fn view(&self, calls: &[IamCall]) -> MadeView {
        MadeView {
            arn: self.arn.to_string(),
            whole: calls.iter().all(|call| self.has(call)),
            trouble: self.trouble.clone(),
        }
    }
}

/// Whoever calls IAM.
struct Maker {
    name: Name,
    principal: PrincipalArn,
    kind: SourceKind,
    region: Region,
    hosts: HostChoice,
    ports: Ports,
    keychain: BoundedKeychain,
}

impl App {
    /// Makes the role that a form means, or what is missing of it.
    pub(in crate::app) fn make_role(&mut self, form: &RoleForm, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin, reply);
        let begun = self.maker(form).and_then(|maker| {
            let (_, _, draft) = self.drafted(form)?;
            if let Some(failure) = draft.not_ours() {
                return Err(failure);
            }
            let (arn, calls) = (draft.arn()?, draft.calls()?);
            let before = self.guide.made.iter().find(|made| made.arn == arn);
            let done = before.map(|made| made.done.clone()).unwrap_or_default();
            // What exists has to be what is wanted now, or it would be half of each.
            if done.iter().any(|call| !calls.contains(call)) {
                return Err(Failure::role_made_otherwise(draft.name.as_str()));
            }
            Ok((maker, arn, calls, done))
        });
        let (maker, arn, calls, mut done) = match begun {
            Ok(begun) => begun,
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        let clock = self.config.ports.clock.clone();
        asker.run(async move {
            let mut trouble = None;
            for call in calls.iter().filter(|call| !done.contains(call)).cloned().collect::<Vec<_>>() {
                match maker.make(&call).await {
                    Ok(()) => done.push(call),
                    // Nothing is there that was not before.
                    Err(failure) if done.is_empty() => return (Effect::Nothing, Err(failure)),
                    Err(failure) => {
                        trouble = Some(failure);
                        break;
                    }
                }
            }
            let made = Made { arn, done, at: clock.moment(), trouble };
            let view = made.view(&calls);
            (Effect::RoleMade(Box::new(made)), Ok(Outcome::RoleMade(Box::new(view))))
        });
    }

    /// Takes out again what this agent made of a role.
    pub(in crate::app) fn unmake_role(&mut self, form: &RoleForm, origin: Origin, reply: Reply) {
        let asker = self.asker(None, origin, reply);
        let begun = self.maker(form).and_then(|maker| {
            let (_, _, draft) = self.drafted(form)?;
            let arn = draft.arn()?;
            let made = self.guide.made.iter().find(|made| made.arn == arn).cloned();
            made.map(|made| (maker, made)).ok_or_else(|| Failure::role_not_made_here(draft.name.as_str()))
        });
        let (maker, mut made) = match begun {
            Ok(begun) => begun,
            Err(failure) => return asker.finish(Effect::Nothing, Err(failure)),
        };
        let kept: Vec<Kept> =
            self.guide.kept.iter().filter(|kept| kept.arn() == &made.arn).cloned().collect();
        let file = self.file.clone();
        asker.run(async move {
            let mut result = Ok(Outcome::Done);
            while let Some(call) = made.done.last() {
                if let Err(failure) = maker.undo(call).await {
                    made.trouble = Some(failure.clone());
                    result = Err(failure);
                    break;
                }
                made.done.pop();
            }
            if result.is_ok() {
                // A role that is no more does not stay in the tray.
                let taken = blocking(move || kept.iter().try_for_each(|kept| kept.take_out(&file))).await;
                result = taken.map(|()| Outcome::Done);
            }
            (Effect::RoleMade(Box::new(made)), result)
        });
    }

    /// Keeps what is known of a role; one of which nothing is left is known no more.
    pub(in crate::app) fn role_made(&mut self, made: Made) {
        self.guide.made.retain(|other| other.arn != made.arn);
        if !made.done.is_empty() {
            self.guide.made.push(made);
        }
        self.load_catalog();
    }

    fn maker(&self, form: &RoleForm) -> Result<Maker, Failure> {
        let (name, source, draft) = self.drafted(form)?;
        Ok(Maker {
            name,
            principal: source.arn,
            kind: source.kind,
            region: source.region.unwrap_or_else(|| draft.partition.default_region()),
            hosts: self.catalog.settings.hosts,
            ports: self.config.ports.clone(),
            keychain: self.keychain.clone(),
        })
    }
}

impl Maker {
    async fn make(&self, call: &IamCall) -> Result<(), Failure> {
        let action = match call {
            IamCall::CreateRole { .. } => IamAction::CreateRole,
            IamCall::AttachRolePolicy { .. } => IamAction::AttachRolePolicy,
        };
        let refused = match self.sent(call, Sent::Make).await? {
            Ok(()) => return Ok(()),
            Err(refusal) => self.refused(&refusal, action),
        };
        // That a user may not is how it should be; there are other ways.
        if refused.code == Code::AccessDenied && action == IamAction::CreateRole {
            return Err(Failure::may_not_make_roles(self.name.as_str()));
        }
        Err(refused)
    }

    async fn undo(&self, call: &IamCall) -> Result<(), Failure> {
        let action = match call {
            IamCall::CreateRole { .. } => IamAction::DeleteRole,
            IamCall::AttachRolePolicy { .. } => IamAction::DetachRolePolicy,
        };
        match self.sent(call, Sent::Undo).await? {
            // It is gone already.
            Err(Refusal::Service { status: 404, .. }) | Ok(()) => Ok(()),
            Err(refusal) => Err(self.refused(&refusal, action)),
        }
    }

    async fn sent(&self, call: &IamCall, what: Sent) -> Result<Result<(), Refusal>, Failure> {
        let source = (&self.name, &self.kind);
        let profiles = self.ports.profiles.as_ref();
        let (kept, credentials) = signing::of_source(&self.keychain, profiles, source, None, || ()).await?;
        let caller = Caller {
            credentials: &credentials,
            region: &self.region,
            endpoint: kept.endpoints.sts.as_ref(),
            hosts: self.hosts,
            within: AWS_DEADLINE,
        };
        Ok(match what {
            Sent::Make => self.ports.iam.make(caller, call).await,
            Sent::Undo => self.ports.iam.undo(caller, call).await,
        })
    }

    fn refused(&self, refusal: &Refusal, action: IamAction) -> Failure {
        let (source, principal) = (self.name.to_string(), self.principal.clone());
        classify_iam(refusal, &IamContext { source, principal, action })
    }
}

/// What is sent of a call.
#[derive(Clone, Copy)]
enum Sent {
    /// The call.
    Make,
    /// What takes it back.
    Undo,
}
