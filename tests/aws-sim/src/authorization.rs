//! May this caller assume this role: the trust policy and the caller's own policy, weighed as AWS weighs them.

use crate::policy::{Policy, Question, Verdict};

/// Why the answer is no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    /// Nobody allowed it; AWS does not say more.
    Unsaid,
    /// The trust policy forbids it.
    ByTrust,
    /// The caller's own policy forbids it.
    ByIdentity,
    /// The trust policy leaves it to the caller's account, and no policy there allows it.
    NoIdentityPolicy,
    /// A session policy leaves no room for it.
    BySession,
}

/// Weighs both sides.
///
/// In one account a trust policy that names the caller is enough; one that names the account leaves the decision to the caller's own
/// policy. Across accounts both sides must allow. A denial anywhere wins.
pub(crate) fn authorize(
    trust: &Policy,
    identity: Option<&Policy>,
    role_account: &str,
    question: &Question<'_>,
) -> Result<(), Denial> {
    let ours = identity.map_or(Verdict::Silent, |policy| policy.as_identity(question));
    if ours == Verdict::Denied {
        return Err(Denial::ByIdentity);
    }
    let same_account = question.asker.account == role_account;
    match (trust.as_trust(question), ours) {
        (Verdict::Denied, _) => Err(Denial::ByTrust),
        (Verdict::Allowed, _) if same_account => Ok(()),
        (Verdict::Allowed | Verdict::AllowedToAccount, Verdict::Allowed) => Ok(()),
        (Verdict::AllowedToAccount, _) if same_account => Err(Denial::NoIdentityPolicy),
        // Across accounts AWS does not say which side was missing.
        (Verdict::Silent | Verdict::Allowed | Verdict::AllowedToAccount, _) => Err(Denial::Unsaid),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::policy::Asker;

    const ROLE: &str = "arn:aws:iam::111122223333:role/R";
    const HOME: &str = "111122223333";

    fn user() -> Asker {
        Asker { account: HOME.into(), arn: "arn:aws:iam::111122223333:user/ada".into(), role_arn: None }
    }

    fn trusting(principal: &str) -> Policy {
        statement(&format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"}}"#))
    }

    fn statement(statements: &str) -> Policy {
        Policy::from_json(&format!(r#"{{"Statement":[{statements}]}}"#)).unwrap()
    }

    fn allowing() -> Policy {
        statement(r#"{"Effect":"Allow","Action":"sts:*","Resource":"*"}"#)
    }

    fn ask(
        trust: &Policy,
        identity: Option<&Policy>,
        asker: &Asker,
        role_account: &str,
    ) -> Result<(), Denial> {
        let context = HashMap::new();
        let question = Question { asker, action: "sts:AssumeRole", resource: ROLE, context: &context };
        authorize(trust, identity, role_account, &question)
    }

    #[test]
    fn a_user_named_by_the_trust_policy_needs_no_permission_in_the_same_account() {
        let named = trusting(r#"{"AWS":"arn:aws:iam::111122223333:user/ada"}"#);
        assert_eq!(ask(&named, None, &user(), HOME), Ok(()));
        let listed = trusting(r#"{"AWS":["arn:aws:iam::1:user/x","arn:aws:iam::111122223333:user/ada"]}"#);
        assert_eq!(ask(&listed, None, &user(), HOME), Ok(()));
        assert_eq!(ask(&trusting(r#""*""#), None, &user(), HOME), Ok(()));
    }

    #[test]
    fn a_user_of_a_trusted_account_needs_permission_of_its_own() {
        for principal in [r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, r#"{"AWS":"111122223333"}"#] {
            let trust = trusting(principal);
            assert_eq!(ask(&trust, None, &user(), HOME), Err(Denial::NoIdentityPolicy));
            assert_eq!(ask(&trust, Some(&allowing()), &user(), HOME), Ok(()));
        }
    }

    #[test]
    fn across_accounts_both_sides_must_allow_even_for_everybody() {
        for principal in [r#"{"AWS":"arn:aws:iam::111122223333:user/ada"}"#, r#"{"AWS":"*"}"#] {
            let trust = trusting(principal);
            assert_eq!(ask(&trust, None, &user(), "444455556666"), Err(Denial::Unsaid));
            assert_eq!(ask(&trust, Some(&allowing()), &user(), "444455556666"), Ok(()));
        }
        assert_eq!(
            ask(&trusting(r#"{"AWS":"999999999999"}"#), Some(&allowing()), &user(), HOME),
            Err(Denial::Unsaid)
        );
    }

    #[test]
    fn an_explicit_denial_wins_on_either_side() {
        let trust = statement(
            r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"},
               {"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"sts:*"}"#,
        );
        assert_eq!(ask(&trust, Some(&allowing()), &user(), HOME), Err(Denial::ByTrust));
        let deny = statement(r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#);
        assert_eq!(ask(&trusting(r#""*""#), Some(&deny), &user(), HOME), Err(Denial::ByIdentity));
    }

    #[test]
    fn a_session_is_known_by_its_role_and_by_its_own_name() {
        let session = Asker {
            account: HOME.into(),
            arn: "arn:aws:sts::111122223333:assumed-role/First/ada".into(),
            role_arn: Some("arn:aws:iam::111122223333:role/First".into()),
        };
        assert_eq!(
            ask(&trusting(r#"{"AWS":"arn:aws:iam::111122223333:role/First"}"#), None, &session, HOME),
            Ok(())
        );
        assert_eq!(
            ask(
                &trusting(r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/First/ada"}"#),
                None,
                &session,
                HOME
            ),
            Ok(())
        );
        let other = trusting(r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/First/bob"}"#);
        assert_eq!(ask(&other, None, &session, HOME), Err(Denial::Unsaid));
    }

    #[test]
    fn a_policy_about_another_action_or_resource_is_silent() {
        let tagging = statement(r#"{"Effect":"Allow","Principal":"*","Action":"sts:TagSession"}"#);
        assert_eq!(ask(&tagging, Some(&allowing()), &user(), HOME), Err(Denial::Unsaid));
        let elsewhere =
            statement(r#"{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::1:role/*"}"#);
        assert_eq!(
            ask(&trusting(r#"{"AWS":"111122223333"}"#), Some(&elsewhere), &user(), HOME),
            Err(Denial::NoIdentityPolicy)
        );
    }
}
