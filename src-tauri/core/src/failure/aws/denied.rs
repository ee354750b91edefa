//! What a person is told when AWS says no: what it can be, the likeliest first, and what to do about each.

use super::about::{About, AssumeContext, Factor, IamContext, Sent, Signed};
use super::meaning::{Policy, Said};
use super::{Code, Failure, shown};
use crate::failure::typed;
use crate::trust_policy::Caller;

impl Said<'_> {
    pub(super) fn denied(&self, hint: impl Into<String>) -> Failure {
        Failure::new(Code::AccessDenied, self.refused()).hint(hint)
    }

    pub(super) fn refused(&self) -> String {
        match self.about {
            About::Role(context) => {
                format!("AWS refused to let `{}` assume `{}`", shown(&context.by), shown(&context.role))
            }
            About::SessionToken(context) => {
                format!("AWS refused to start an MFA session for `{}`", shown(&context.source))
            }
            About::Iam(context) => {
                format!("AWS refused to let `{}` {}", shown(&context.source), context.action.words())
            }
            About::Name(name) => format!("AWS refused `{}`", shown(name)),
        }
    }

    /// A policy says no, whatever others say.
    pub(super) fn denied_by(&self, policy: Policy) -> Failure {
        let (who, next) = match policy {
            Policy::ServiceControl => {
                ("a service control policy", "only those who look after the organization can change it")
            }
            Policy::ResourceControl => {
                ("a resource control policy", "only those who look after the organization can change it")
            }
            Policy::Identity if self.is_user() => (
                "a policy of the user's own",
                "look for a Deny among the user's policies and those of its groups in IAM",
            ),
            Policy::Identity => {
                ("a policy of the caller's own", "look for a Deny among the policies of the role that calls")
            }
            Policy::Trust => (
                "the role's trust policy",
                "look for a Deny in it in IAM, and at what its conditions ask for",
            ),
            Policy::Boundary => {
                ("a permissions boundary", "whoever set the caller's boundary in IAM has to widen it")
            }
            Policy::Session => (
                "a session policy",
                "it came with the session that called: look at the policies of the role before, or at where the profile comes from",
            ),
            Policy::VpcEndpoint => (
                "the policy of a VPC endpoint",
                "whoever looks after this network has to change it; another network may do",
            ),
            Policy::Unnamed => ("a policy", "whoever keeps that policy has to change it"),
        };
        self.denied(format!("{who} denies it outright\n{next}"))
    }

    fn is_user(&self) -> bool {
        match self.about {
            About::Role(context) => {
                matches!(&context.caller, Caller::Source(principal) if principal.is_user())
            }
            About::SessionToken(_) | About::Iam(_) | About::Name(_) => true,
        }
    }

    pub(super) fn may_not_tag(&self) -> Failure {
        match self.about {
            About::Role(context) if context.tags == Sent::Before => self.denied(format!(
                "roles before it in the chain pass tags on, so its trust policy must also allow sts:TagSession\n{}",
                context.prints()
            )),
            About::Role(context) => self.denied(format!(
                "the role's trust policy must also allow sts:TagSession, or the role go without session tags\n{}",
                context.prints()
            )),
            About::SessionToken(_) | About::Iam(_) | About::Name(_) => self.not_allowed(),
        }
    }

    pub(super) fn may_not_set_source_identity(&self) -> Failure {
        match self.about {
            About::Role(context) if context.source_identity == Sent::Before => self.denied(format!(
                "a role before it in the chain set the source identity, so its trust policy must also allow \
                 sts:SetSourceIdentity\n{}",
                context.prints()
            )),
            About::Role(context) => self.denied(format!(
                "the role's trust policy must also allow sts:SetSourceIdentity, or the role go without a source \
                 identity\n{}",
                context.prints()
            )),
            About::SessionToken(_) | About::Iam(_) | About::Name(_) => self.not_allowed(),
        }
    }

    pub(super) fn no_identity_policy(&self) -> Failure {
        match self.about {
            About::Role(context) => self.denied(format!(
                "give {} a policy that allows sts:AssumeRole on {}\nguise trust-policy {} --identity-policy prints it",
                context.named(),
                context.arn,
                typed(&context.role)
            )),
            About::SessionToken(_) | About::Iam(_) | About::Name(_) => self.not_allowed(),
        }
    }

    pub(super) fn not_trusted(&self) -> Failure {
        match self.about {
            About::Role(context) => self.denied(format!(
                "the role's trust policy must name {}\n{}",
                context.named(),
                context.prints()
            )),
            About::SessionToken(_) | About::Iam(_) | About::Name(_) => self.not_allowed(),
        }
    }

    /// AWS does not say why.
    pub(super) fn not_allowed(&self) -> Failure {
        match self.about {
            About::Role(context) if context.is_root() => self.root_user(),
            About::Role(context) => self.denied(context.causes()),
            About::SessionToken(context) => self.denied(format!(
                "a policy denies sts:GetSessionToken, which otherwise needs no permission; whoever keeps it has to change \
                 it, or ask for a code with each session: guise role edit {} --mfa direct",
                typed(&context.role)
            )),
            About::Iam(context) => self.denied(context.needs_policy()),
            About::Name(_) => self.denied("the user needs a policy that allows it"),
        }
    }

    pub(super) fn root_user(&self) -> Failure {
        self.denied("AWS lets no root user assume a role; add the access key of an IAM user as source")
    }

    pub(super) fn needs_long_term_key(&self) -> Failure {
        match self.about {
            About::SessionToken(context) => self.denied(format!(
                "AWS starts an MFA session only from a user's own access key, which `{}` is not; take it away with: \
                 guise role edit {} --mfa off",
                shown(&context.source),
                typed(&context.role)
            )),
            About::Role(_) | About::Iam(_) | About::Name(_) => {
                self.denied("AWS takes this only from a user's access key; choose a source that is one")
            }
        }
    }

    pub(super) fn mfa_device(&self) -> Failure {
        let device = match self.about {
            About::Role(context) | About::SessionToken(context) => match &context.factor {
                Factor::Code(serial) | Factor::Session(serial) => format!(" `{}`", shown(serial.as_str())),
                Factor::Unused | Factor::Impossible => String::new(),
            },
            About::Iam(_) | About::Name(_) => String::new(),
        };
        let mend = match self.about {
            About::Role(context) | About::SessionToken(context) => {
                format!(": guise source edit {} --mfa-serial arn:aws:iam::…:mfa/…", typed(&context.source))
            }
            About::Iam(_) | About::Name(_) => ", arn:aws:iam::…:mfa/…".to_owned(),
        };
        self.denied(format!(
            "the MFA device{device} is not one of this user's; give its serial as IAM shows it{mend}"
        ))
    }
}

impl AssumeContext {
    fn named(&self) -> String {
        shown(&self.caller.to_string())
    }

    fn prints(&self) -> String {
        format!("guise trust-policy {} prints one that would allow it", typed(&self.role))
    }

    fn is_root(&self) -> bool {
        matches!(&self.caller, Caller::Source(principal) if principal.is_root())
    }

    /// All that it can be where AWS does not say. It says the same whether the role trusts somebody else, demands what was not
    /// sent, or is not there.
    fn causes(&self) -> String {
        let (caller, arn, role) = (self.named(), &self.arn, typed(&self.role));
        let mut causes = vec![format!("the role's trust policy must name {caller}")];
        let foreign = self.caller.account().as_ref() != Some(arn.account());
        if foreign {
            causes.push(format!(
                "and, as it is in another account, {caller} needs a policy that allows sts:AssumeRole on {arn}"
            ));
        }
        let external_id = match self.external_id {
            Sent::Here | Sent::Before => {
                "the external id must be the one that it demands; capitals count".to_owned()
            }
            Sent::Not => format!("if it demands an external id: guise role edit {role} --external-id ID"),
        };
        let mfa = match &self.factor {
            Factor::Code(_) => None,
            Factor::Session(_) => {
                Some(format!("if it demands a fresh MFA code: guise role edit {role} --mfa direct"))
            }
            Factor::Unused => Some(format!(
                "if it demands MFA: guise source edit {} --mfa-serial arn:aws:iam::…:mfa/…",
                typed(&self.source)
            )),
            Factor::Impossible => match self.signed {
                Signed::Role => Some(format!(
                    "if it demands MFA: no code goes on along a chain, so assume it from a user: guise role edit {role} --source …"
                )),
                Signed::AccessKey | Signed::Profile(_) | Signed::MfaSession => Some(
                    "if it demands MFA: only an IAM user can give a code, and the caller is none".to_owned(),
                ),
            },
        };
        // Those of other accounts demand external ids, those of one's own MFA.
        if foreign || self.external_id == Sent::Here {
            causes.push(external_id);
            causes.extend(mfa);
        } else {
            causes.extend(mfa);
            causes.push(external_id);
        }
        if let Some(name) = &self.other_name {
            causes.push(format!(
                "if it demands the session to be called after you, not {}: guise role edit {role} --session-name ''",
                typed(name)
            ));
        }
        if self.tags != Sent::Not {
            causes.push("as the session has tags, it must allow sts:TagSession too".to_owned());
        }
        if self.source_identity != Sent::Not {
            causes.push("as a source identity is set, it must allow sts:SetSourceIdentity too".to_owned());
        }
        causes.push(format!("if there is no such role: compare {arn} with IAM; capitals count"));
        causes.push("if it was changed just now: try again in a minute".to_owned());
        causes.push(self.prints());
        causes.join("\n")
    }
}

impl IamContext {
    fn needs_policy(&self) -> String {
        let principal = shown(self.principal.as_str());
        if self.action.is_about_a_role() {
            return format!(
                "{principal} needs a policy that allows {} on the role",
                self.action.permission()
            );
        }
        format!(
            "{principal} needs a policy that allows {} on {principal}\nif it has one: that policy may demand MFA, or that the \
             user has no other key",
            self.action.permission()
        )
    }
}
