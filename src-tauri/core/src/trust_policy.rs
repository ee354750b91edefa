//! What a role's trust policy has to say so that it can be assumed as the catalog has it, and what the caller's own policy has
//! to say where AWS asks for that too. Nothing in either is wider than that takes.

mod document;
mod explained;

pub use explained::Line;

use std::collections::BTreeSet;

use crate::arn::{AccountId, PrincipalArn, RoleArn};
use crate::assume::{ExternalId, SessionNameTemplate, SourceIdentity, TagKey, Tags};
use crate::catalog::{Catalog, Name};
use crate::chain::uses_mfa;
use crate::failure::{Failure, shown};
use document::{Conditions, Document, Statement};

/// IAM takes no longer trust policy, spaces not counted, unless an account's quota was raised.
const LONGEST: usize = 2048;

/// An assumption that is to be allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Who assumes the role.
    pub caller: Caller,
    /// The role.
    pub role: RoleArn,
    /// Whether the call proves a second factor.
    pub mfa: Mfa,
    /// The external id that goes with it.
    pub external_id: Option<ExternalId>,
    /// What the session's name has to be; any will do where `None`.
    pub session_name: Option<NamePattern>,
    /// The session's own tags.
    pub tags: Tags,
    /// The keys of those that go on along the chain.
    pub transitive_tags: BTreeSet<TagKey>,
    /// Whether roles before it in the chain pass tags on.
    pub passed_on: PassedOn,
    /// Who stands behind the chain.
    pub source_identity: Behind,
}

/// Who assumes a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A source, as AWS names it.
    Source(PrincipalArn),
    /// The role before it in a chain.
    Role(RoleArn),
}

/// Whether a call proves a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mfa {
    /// By a code, or by an MFA session. So the policy may demand it.
    Proven,
    /// It does not; a role cannot, even where the user before it did.
    #[default]
    Not,
}

/// Whether roles before one in a chain pass tags on to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PassedOn {
    /// Some do.
    Tags,
    /// None does.
    #[default]
    Nothing,
}

/// The source identity of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Behind {
    /// The call sets it.
    Set(SourceIdentity),
    /// It was set at a role before; AWS lets nobody change it.
    Before,
    /// There is none.
    #[default]
    Nobody,
}

/// What a session's name has to look like, for IAM's `StringLike`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern(String);

impl Wanted {
    /// What the catalog's role of that name needs.
    pub fn of(catalog: &Catalog, name: &Name) -> Result<Wanted, Failure> {
        let role = catalog.role(name)?;
        catalog.check_role(name, role)?;
        let source = catalog.source(catalog.source_of(role)?)?;
        let before = catalog.way_to(name.as_str(), role)?;
        let mfa = if before.is_empty() && uses_mfa(catalog, role) { Mfa::Proven } else { Mfa::Not };
        let passes_on = before.iter().any(|(_, step)| !step.transitive_tags.is_empty());
        let set_before = before.iter().any(|(_, step)| step.source_identity.is_some());
        let caller = match before.last() {
            Some((_, via)) => Caller::Role(via.arn.clone()),
            None if source.arn.is_root() || source.arn.is_federated_user() => {
                return Err(Failure::assumes_nothing(&source.arn));
            }
            None => Caller::Source(source.arn.clone()),
        };
        Ok(Wanted {
            caller,
            role: role.arn.clone(),
            mfa,
            external_id: role.external_id.clone(),
            session_name: None,
            tags: role.tags.clone(),
            transitive_tags: role.transitive_tags.clone(),
            passed_on: if passes_on { PassedOn::Tags } else { PassedOn::Nothing },
            source_identity: match &role.source_identity {
                _ if set_before => Behind::Before,
                Some(identity) => Behind::Set(identity.clone()),
                None => Behind::Nobody,
            },
        })
    }

    /// The same, and the session's name has to be as the role of that name has it.
    pub fn with_session_name(mut self, catalog: &Catalog, name: &Name) -> Result<Wanted, Failure> {
        let role = catalog.role(name)?;
        let source = catalog.source(catalog.source_of(role)?)?;
        self.session_name = Some(NamePattern::of(role.session_name.as_ref(), &self.caller, &source.arn));
        Ok(self)
    }

    /// The trust policy, as IAM's editor takes it.
    pub fn trust_policy(&self) -> String {
        self.trust().pretty()
    }

    /// What the caller's own policy has to allow, as IAM's editor takes it.
    pub fn identity_policy(&self) -> String {
        let resource = Some(self.role.to_string());
        let actions = [Some("sts:AssumeRole"), self.sets_identity(), self.tags_session()];
        let actions = actions.into_iter().flatten().collect();
        let mut assume = Statement::allowing(None, actions);
        assume.resource = resource;
        Document::of(vec![assume]).pretty()
    }

    /// Whether the trust policy is not enough, and why.
    pub fn needs_identity_policy(&self) -> Option<Because> {
        if self.caller.account().as_ref() != Some(self.role.account()) {
            Some(Because::OtherAccount)
        } else if self.caller.permission_set().is_some() {
            Some(Because::TrustsAccount)
        } else {
            None
        }
    }

    /// What there is to know before the trust policy is put in.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = vec![
            "add these statements to the trust policy that the role has; what stands there for others stays"
                .to_owned(),
        ];
        let mut note = |text: String| notes.push(text);
        if let Some(because) = self.needs_identity_policy() {
            note(format!(
                "{}; --identity-policy prints the one that {} needs",
                because.words(),
                shown(&self.caller.to_string())
            ));
        }
        if let Some(set) = self.caller.permission_set() {
            note(format!(
                "`{}` belongs to IAM Identity Center, which keeps its roles under a path of its own and gives them another \
                 ending once the permission set is taken from the account and given again; then this has to be changed too",
                shown(set)
            ));
        } else if let Caller::Source(principal) = &self.caller
            && let Some(role) = principal.assumed_role()
        {
            note(format!(
                "AWS does not tell whether `{}` has a path; if it has, write it between role/ and the name",
                shown(role)
            ));
        }
        if self.passed_on == PassedOn::Tags {
            note("roles before it in the chain pass tags on, so it must allow sts:TagSession".to_owned());
        }
        if self.source_identity == Behind::Before {
            note("a role before it in the chain sets the source identity, so it must allow sts:SetSourceIdentity".to_owned());
        }
        if self.trust().without_spaces() > LONGEST {
            note(format!(
                "it is longer than the {LONGEST} characters that IAM takes where no quota was raised"
            ));
        }
        notes
    }

    fn trust(&self) -> Document {
        let mut conditions = Conditions::default();
        let principal = match self.caller.permission_set() {
            Some(set) => {
                conditions.arn_like("aws:PrincipalArn", self.caller.below_reserved_path(set));
                self.caller.root()
            }
            None => self.caller.to_string(),
        };
        if self.mfa == Mfa::Proven {
            conditions.bool("aws:MultiFactorAuthPresent");
        }
        if let Some(id) = &self.external_id {
            conditions.equals("sts:ExternalId", id.as_str());
        }
        if let Some(pattern) = &self.session_name {
            conditions.like("sts:RoleSessionName", &pattern.0);
        }
        if let Behind::Set(identity) = &self.source_identity {
            conditions.equals("sts:SourceIdentity", identity.as_str());
        }
        let actions = [Some("sts:AssumeRole"), self.sets_identity()].into_iter().flatten().collect();
        let mut assume = Statement::allowing(Some(principal.clone()), actions);
        assume.condition = conditions;
        let mut statements = vec![assume];
        if let Some(action) = self.tags_session() {
            let mut tag = Statement::allowing(Some(principal), vec![action]);
            tag.condition = self.tag_conditions();
            statements.push(tag);
        }
        Document::of(statements)
    }

    /// The role's own tags with the values they have, and no others. Where tags are passed on, AWS does not say which of its
    /// condition keys hold those, so that nothing is demanded of them.
    fn tag_conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        if let Some(set) = self.caller.permission_set() {
            conditions.arn_like("aws:PrincipalArn", self.caller.below_reserved_path(set));
        }
        if self.passed_on == PassedOn::Tags {
            return conditions;
        }
        for (key, value) in &self.tags {
            conditions.equals(&format!("aws:RequestTag/{key}"), value.as_str());
        }
        conditions.only("aws:TagKeys", self.tags.keys().map(ToString::to_string));
        if !self.transitive_tags.is_empty() {
            conditions.only("sts:TransitiveTagKeys", self.transitive_tags.iter().map(ToString::to_string));
        }
        conditions
    }

    fn sets_identity(&self) -> Option<&'static str> {
        (self.source_identity != Behind::Nobody).then_some("sts:SetSourceIdentity")
    }

    fn tags_session(&self) -> Option<&'static str> {
        let tagged = !self.tags.is_empty() || self.passed_on == PassedOn::Tags;
        tagged.then_some("sts:TagSession")
    }
}

/// Why the caller needs a policy of its own too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// The role is in an account that is not the caller's.
    OtherAccount,
    /// The trust policy can name only the caller's account, with a condition.
    TrustsAccount,
}

impl Because {
    /// The reason, as a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Because::OtherAccount => {
                "the role is in another account, so that its trust policy alone is not enough"
            }
            Because::TrustsAccount => {
                "the trust policy names the account with a condition, so that it alone is not enough"
            }
        }
    }
}

impl Caller {
    /// The account that it belongs to.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Caller::Source(principal) => principal.account(),
            Caller::Role(role) => Some(role.account().clone()),
        }
    }

    /// The name of the role that IAM Identity Center made for a permission set, where that is who calls. Its whole ARN is known
    /// only where the person gave it.
    pub(crate) fn permission_set(&self) -> Option<&str> {
        match self {
            Caller::Source(principal) => {
                principal.assumed_role().filter(|role| role.starts_with("AWSReservedSSO_"))
            }
            Caller::Role(_) => None,
        }
    }

    /// The two ARNs that a role of IAM Identity Center's can have: with its region in the path, and, for us-east-1, without. A
    /// role's name is there once in an account, so that no other role is among them.
    fn below_reserved_path(&self, set: &str) -> Vec<String> {
        let below = self.within("role/aws-reserved/sso.amazonaws.com");
        vec![format!("{below}/{set}"), format!("{below}/*/{set}")]
    }

    fn root(&self) -> String {
        self.within("root")
    }

    fn within(&self, resource: &str) -> String {
        let (partition, account) = match self {
            Caller::Source(principal) => {
                (principal.partition_id().to_owned(), principal.account_id().to_owned())
            }
            Caller::Role(role) => (role.partition().id().to_owned(), role.account().to_string()),
        };
        format!("arn:{partition}:iam::{account}:{resource}")
    }
}

/// The ARN that a policy names it by: the role's, where a role's session calls.
impl std::fmt::Display for Caller {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Caller::Source(principal) => match principal.assumed_role() {
                Some(role) => out.write_str(&self.within(&format!("role/{role}"))),
                None => principal.fmt(out),
            },
            Caller::Role(role) => role.fmt(out),
        }
    }
}

impl NamePattern {
    /// Of a template, or of the source's name where there is none. IAM fills in the name of a user who calls, so that nobody
    /// takes another's; what changes from day to day, or from computer to computer, may be anything.
    pub(crate) fn of(
        template: Option<&SessionNameTemplate>,
        caller: &Caller,
        source: &PrincipalArn,
    ) -> NamePattern {
        let user = match caller {
            Caller::Source(principal) if principal.is_user() => "${aws:username}",
            Caller::Source(_) | Caller::Role(_) => source.name(),
        };
        let template = template.map_or("{user}", SessionNameTemplate::as_str);
        NamePattern(template.replace("{user}", user).replace("{host}", "*").replace("{date}", "*"))
    }
}

#[cfg(test)]
mod tests;
