//! The way from a source to a role, decided as data before anything is called: which calls, how long each session lasts,
//! and what will be asked.

mod explain;

pub use explain::{PlanView, ReadAt, StepView};

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use crate::arn::{PrincipalArn, Region, RoleArn};
use crate::assume::{
    Access, ExternalId, Filling, MfaSerial, MfaWay, PolicyArn, SessionPolicy, SourceIdentity, TagKey, Tags,
};
use crate::catalog::{Catalog, Name, Role, Source, SourceKind};
use crate::console::{Destination, HostChoice};
use crate::failure::Failure;
use crate::session::{SessionDuration, SessionKey, SessionName};

/// Everything that STS will be told on the way to a role, and where the role's console opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The role's name in the catalog.
    pub role: Name,
    /// The source whose credentials sign the first call.
    pub source: Name,
    /// What the source signs with.
    pub kind: SourceKind,
    /// Who the source is.
    pub principal: PrincipalArn,
    /// Whether the source is a role where mistakes hurt.
    pub from_production: bool,
    /// The MFA session that comes first, where there is one.
    pub mfa_session: Option<SessionToken>,
    /// The roles on the way, the one next to the source first.
    pub way: Vec<AssumeRole>,
    /// The last call, whose session is the plan's.
    pub goal: AssumeRole,
    /// Whether the role is narrowed to reading; never [`Access::Usual`].
    pub access: Access,
    /// Why the session is shorter than the role says, where it is.
    pub lowered: Option<Lowered>,
    /// Where the console opens.
    pub region: Region,
    /// The page that opens.
    pub destination: Option<Destination>,
    /// Which of AWS's hosts are asked.
    pub hosts: HostChoice,
    /// Whose STS is asked where the first region's is out of order.
    pub second_region: Option<Region>,
}

/// A call of `sts:GetSessionToken`: one MFA code for all that follows within its duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionToken {
    /// The device.
    pub serial: MfaSerial,
    /// How long the session is asked for.
    pub duration: SessionDuration,
    /// Whose STS is asked.
    pub region: Region,
}

/// A call of `sts:AssumeRole`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumeRole {
    /// The role's name in the catalog.
    pub role: Name,
    /// The role in IAM.
    pub arn: RoleArn,
    /// What CloudTrail will show.
    pub session_name: SessionName,
    /// How long the session is asked for.
    pub duration: SessionDuration,
    /// Whose STS is asked.
    pub region: Region,
    /// What the role's owner demands.
    pub external_id: Option<ExternalId>,
    /// Who stands behind the chain.
    pub source_identity: Option<SourceIdentity>,
    /// The session's tags.
    pub tags: Tags,
    /// The tags that go on along the chain.
    pub transitive_tags: BTreeSet<TagKey>,
    /// A policy that narrows the session.
    pub policy: Option<SessionPolicy>,
    /// Managed policies that narrow it.
    pub policy_arns: Vec<PolicyArn>,
    /// The device whose code goes with this very call.
    pub mfa: Option<MfaSerial>,
    /// Whether mistakes with the role hurt.
    pub production: bool,
}

/// A call to STS, in the order of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call<'a> {
    /// For an MFA session.
    SessionToken(&'a SessionToken),
    /// For a role.
    AssumeRole(&'a AssumeRole),
}

/// What signs a plan's last call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parent {
    /// The source itself.
    Source,
    /// The MFA session.
    MfaSession(SessionToken),
    /// The role before it.
    Role(Box<Plan>),
}

/// A session that is asked for a shorter time than its role says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lowered {
    /// What the role says.
    pub from: SessionDuration,
    /// Why it cannot be so.
    pub because: Because,
}

/// Why a session is shorter than its role says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// AWS gives an hour to whoever is a role already.
    Chained,
    /// AWS gives an hour to an MFA session too.
    MfaSession,
    /// The person's rule for production.
    Production,
}

/// What a plan takes from the moment and the place it is made in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// This computer's name.
    pub host: String,
    /// Today.
    pub today: Date,
}

impl Circumstances {
    /// Those of a moment on this computer, in a time zone.
    pub fn at(now: Timestamp, zone: &TimeZone, host: &str) -> Circumstances {
        Circumstances { host: host.to_owned(), today: now.to_zoned_datetime(zone.clone()).date() }
    }
}

impl Plan {
    /// Plans the role of that name with so much access; refuses what could only fail.
    pub fn new(
        catalog: &Catalog,
        name: &Name,
        access: Access,
        circumstances: &Circumstances,
    ) -> Result<Plan, Failure> {
        Plan::of(catalog, name, catalog.role(name)?, access, circumstances)
    }

    /// Plans a role that need not stand in the catalog, or not so, as if it stood there by that name.
    pub fn of(
        catalog: &Catalog,
        name: &Name,
        role: &Role,
        access: Access,
        circumstances: &Circumstances,
    ) -> Result<Plan, Failure> {
        catalog.check_role(name, role)?;
        let source_name = catalog.source_of(role)?;
        let source = catalog.source(source_name)?;
        let settings = &catalog.settings;
        let filling = Filling {
            user: source.arn.name().to_owned(),
            host: circumstances.host.clone(),
            date: circumstances.today,
        };
        let mut steps: Vec<AssumeRole> = Vec::new();
        let before = catalog.way_to(name.as_str(), role)?;
        let guard = catalog.guard();
        for (name, role) in before.iter().copied().chain([(name, role)]) {
            let production = guard.covers(role);
            steps.push(AssumeRole { production, ..step(catalog, name, role, &filling) });
        }
        let production = guard.covers(role);
        let read_only = match access {
            Access::ReadOnly => true,
            Access::Full => false,
            Access::Usual => role.read_only.unwrap_or(production && settings.production_read_only),
        };
        let mfa = mfa(role, &before, source.mfa_serial.as_ref());
        let mfa = mfa.map_err(|()| Failure::mfa_serial_missing(name.as_str(), source_name.as_str()))?;
        if mfa.is_some() && !source.arn.is_user() {
            return Err(Failure::mfa_needs_user(name.as_str(), source_name.as_str()));
        }
        let mfa_session = match mfa {
            Some((MfaWay::Session, serial)) => Some(SessionToken {
                serial,
                duration: SessionDuration::LONGEST,
                region: steps[0].region.clone(),
            }),
            Some((MfaWay::Direct, serial)) => {
                steps[0].mfa = Some(serial);
                None
            }
            Some((MfaWay::Off, _)) | None => None,
        };
        let mut because = None;
        let last = steps.len() - 1;
        for (index, step) in steps.iter_mut().enumerate() {
            let chained = match () {
                () if index > 0 || source.arn.is_chained() => Some(Because::Chained),
                () if mfa_session.is_some() => Some(Because::MfaSession),
                () => None,
            };
            if chained.is_some() && step.duration > SessionDuration::HOUR {
                if index == last {
                    because = chained;
                }
                step.duration = SessionDuration::HOUR;
            }
            if step.production && step.duration > settings.production_duration {
                if index == last {
                    because = Some(Because::Production);
                }
                step.duration = settings.production_duration;
            }
        }
        let Some(mut goal) = steps.pop() else { return Err(Failure::internal("a plan without a step")) };
        if read_only {
            // Session policies add up to what any of them allows, so reading stands in the place of the role's own.
            goal.policy = None;
            let policy = role.read_only_policy.clone();
            goal.policy_arns = vec![policy.unwrap_or_else(|| PolicyArn::read_only(role.arn.partition()))];
        }
        // What nobody asked for is no surprise.
        let wished = role.duration.filter(|wished| *wished > goal.duration);
        let lowered = because.zip(wished).map(|(because, from)| Lowered { from, because });
        Ok(Plan {
            role: name.clone(),
            source: source_name.clone(),
            kind: source.kind.clone(),
            principal: source.arn.clone(),
            from_production: guard.covers_source(source),
            mfa_session,
            way: steps,
            region: goal.region.clone(),
            goal,
            access: if read_only { Access::ReadOnly } else { Access::Full },
            lowered,
            destination: role.destination.clone(),
            hosts: settings.hosts,
            second_region: settings
                .second_region
                .clone()
                .filter(|region| region.partition() == role.arn.partition()),
        })
    }

    /// The role in IAM.
    pub fn arn(&self) -> &RoleArn {
        &self.goal.arn
    }

    /// Whether the person is asked first: mistakes with the role hurt, or with one on the way, which the source may be.
    pub fn is_guarded(&self) -> bool {
        self.from_production || self.way.iter().chain([&self.goal]).any(|step| step.production)
    }

    /// What narrows the session to reading where that is no policy that is known to read only.
    pub fn narrowed_by(&self) -> Option<&PolicyArn> {
        self.goal.policy_arns.first().filter(|arn| self.access == Access::ReadOnly && !arn.only_reads())
    }

    /// What CloudTrail will show.
    pub fn session_name(&self) -> &SessionName {
        &self.goal.session_name
    }

    /// How long the session is asked for.
    pub fn duration(&self) -> SessionDuration {
        self.goal.duration
    }

    /// The same plan with another duration.
    #[must_use]
    pub fn lasting(&self, duration: SessionDuration) -> Plan {
        let mut plan = self.clone();
        plan.goal.duration = duration;
        plan
    }

    /// Every call, in order.
    pub fn calls(&self) -> impl Iterator<Item = Call<'_>> {
        let roles = self.way.iter().chain([&self.goal]).map(Call::AssumeRole);
        self.mfa_session.iter().map(Call::SessionToken).chain(roles)
    }

    /// Whether AWS takes the last call for a step of a chain: then a session ends after an hour, and its console with it.
    pub fn is_chained(&self) -> bool {
        !self.way.is_empty() || self.mfa_session.is_some() || self.principal.is_chained()
    }

    /// What signs the last call.
    pub fn parent(&self) -> Parent {
        let mut way = self.way.clone();
        match (way.pop(), &self.mfa_session) {
            (Some(before), _) => Parent::Role(Box::new(Plan {
                role: before.role.clone(),
                region: before.region.clone(),
                goal: before,
                way,
                access: Access::Full,
                lowered: None,
                destination: None,
                ..self.clone()
            })),
            (None, Some(session)) => Parent::MfaSession(session.clone()),
            (None, None) => Parent::Source,
        }
    }

    /// The key under which a session of this plan is kept: a digest of all that shapes the credentials. Where the
    /// console opens does not, nor does the name of a role in the catalog.
    pub fn key(&self) -> SessionKey {
        let mut digest = self.begun();
        if let Some(session) = &self.mfa_session {
            session.feed(&mut digest);
        }
        for step in self.way.iter().chain([&self.goal]) {
            step.feed(&mut digest);
        }
        digest.done()
    }

    /// The key under which the plan's MFA session is kept.
    pub fn key_of(&self, session: &SessionToken) -> SessionKey {
        let mut digest = self.begun();
        session.feed(&mut digest);
        digest.done()
    }

    fn begun(&self) -> Parts {
        begun(&self.source, &self.kind, &self.principal, self.hosts)
    }
}

/// What every way from a source begins with.
fn begun(name: &Name, kind: &SourceKind, principal: &PrincipalArn, hosts: HostChoice) -> Parts {
    let mut digest = Parts(Sha256::new());
    let kind = match kind {
        SourceKind::AccessKey(id) => id.as_str(),
        SourceKind::Profile(profile) => profile.as_str(),
    };
    digest.part(name.as_str()).part(kind).part(&principal.to_string());
    digest.part(&format!("{hosts:?}"));
    digest
}

impl SessionToken {
    /// The key under which the session is kept where it is a source's own and on the way to no role. It is that of the
    /// roles' way too, where they ask in the same region.
    pub(crate) fn key(&self, name: &Name, source: &Source, hosts: HostChoice) -> SessionKey {
        let mut digest = begun(name, &source.kind, &source.arn, hosts);
        self.feed(&mut digest);
        digest.done()
    }

    fn feed(&self, digest: &mut Parts) {
        // How long it was asked for shapes when it ends, which is looked at apart; a region's own STS gives what all regions take.
        digest.part("session-token").part(self.serial.as_str());
    }
}

impl AssumeRole {
    fn feed(&self, digest: &mut Parts) {
        digest
            .part("assume-role")
            .part(&self.arn.to_string())
            .part(self.session_name.as_str())
            .part(&self.duration.seconds().to_string())
            .part(self.region.as_str())
            .optional(self.external_id.as_ref())
            .optional(self.source_identity.as_ref())
            .optional(self.policy.as_ref())
            .optional(self.mfa.as_ref())
            .list(self.policy_arns.iter().map(ToString::to_string))
            .list(self.tags.iter().flat_map(|(key, value)| [key.to_string(), value.to_string()]))
            .list(self.transitive_tags.iter().map(ToString::to_string));
    }
}

/// A digest of parts, with a length before each, so that no two lists of parts run together alike.
struct Parts(Sha256);

impl Parts {
    fn part(&mut self, part: &str) -> &mut Self {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part.as_bytes());
        self
    }

    fn optional<T: ToString>(&mut self, part: Option<&T>) -> &mut Self {
        self.list(part.map(ToString::to_string))
    }

    fn list(&mut self, parts: impl IntoIterator<Item = String>) -> &mut Self {
        let parts: Vec<String> = parts.into_iter().collect();
        self.part(&parts.len().to_string());
        for part in &parts {
            self.part(part);
        }
        self
    }

    fn done(self) -> SessionKey {
        SessionKey(self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Whether MFA is used on the way to a role.
pub(crate) fn uses_mfa(catalog: &Catalog, role: &Role) -> bool {
    let serial =
        catalog.source_of(role).ok().and_then(|source| catalog.sources.get(source)?.mfa_serial.as_ref());
    let before = catalog.way_to("", role).unwrap_or_default();
    matches!(mfa(role, &before, serial), Ok(Some(_)))
}

fn step(catalog: &Catalog, name: &Name, role: &Role, filling: &Filling) -> AssumeRole {
    AssumeRole {
        role: name.clone(),
        arn: role.arn.clone(),
        session_name: role
            .session_name
            .as_ref()
            .map_or_else(|| SessionName::from_user(&filling.user), |template| template.filled(filling)),
        duration: role.duration.unwrap_or(SessionDuration::HOUR),
        region: catalog.region_of(role),
        external_id: role.external_id.clone(),
        source_identity: role.source_identity.clone(),
        tags: role.tags.clone(),
        transitive_tags: role.transitive_tags.clone(),
        policy: role.policy.clone(),
        policy_arns: role.policy_arns.clone(),
        mfa: None,
        production: false,
    }
}

/// How MFA is used on a way, and with which device; what the role nearest to the goal says counts. Fails where a code is
/// wanted and no device is known.
///
/// Where only a device is known: a role that wants more than an hour and stands next to its source asks with each session,
/// as only that gives more; any other asks once a day.
fn mfa(
    role: &Role,
    before: &[(&Name, &Role)],
    of_source: Option<&MfaSerial>,
) -> Result<Option<(MfaWay, MfaSerial)>, ()> {
    let roles = || std::iter::once(role).chain(before.iter().rev().map(|(_, role)| *role));
    let serial = roles().find_map(|role| role.mfa_serial.as_ref()).or(of_source);
    let usual = match role.duration {
        Some(duration) if duration > SessionDuration::HOUR && before.is_empty() => MfaWay::Direct,
        _ => MfaWay::Session,
    };
    match (roles().find_map(|role| role.mfa), serial) {
        (Some(MfaWay::Off), _) | (None, None) => Ok(None),
        (Some(_), None) => Err(()),
        (way, Some(serial)) => Ok(Some((way.unwrap_or(usual), serial.clone()))),
    }
}

#[cfg(test)]
pub(crate) mod tests;
