//! Where mistakes hurt: the accounts and roles that the person marked as production, by what AWS calls them and not by a name.

use std::collections::{BTreeMap, HashSet};

use super::{Account, Catalog, Name, Role, Source};
use crate::arn::{AccountId, RoleArn};

/// What is production, gathered once for as many roles as are asked about.
#[derive(Debug)]
pub struct Guard<'a> {
    accounts: &'a BTreeMap<AccountId, Account>,
    roles: HashSet<&'a RoleArn>,
}

impl Catalog {
    /// What is production by this catalog.
    pub fn guard(&self) -> Guard<'_> {
        let marked = self.roles.values().filter(|role| role.production);
        Guard {
            accounts: &self.accounts,
            roles: marked.map(|role| &role.arn).chain(&self.unusable_production).collect(),
        }
    }

    /// What is production on the way to a role, without the role itself: the source, where it is a role there, and the roles
    /// after it. Nothing where the way cannot be told.
    pub fn through_production<'a>(
        &'a self,
        guard: &Guard<'_>,
        name: &'a Name,
        role: &'a Role,
    ) -> Vec<&'a Name> {
        let Ok(way) = self.way_to(name.as_str(), role) else { return Vec::new() };
        let source = self
            .source_of(role)
            .ok()
            .filter(|source| self.sources.get(*source).is_some_and(|source| guard.covers_source(source)));
        let roles = way.into_iter().filter(|(_, role)| guard.covers(role)).map(|(name, _)| name);
        source.into_iter().chain(roles).collect()
    }

    /// Whether mistakes with a role hurt. To ask about many, take [`Catalog::guard`] once.
    pub fn is_production(&self, role: &Role) -> bool {
        self.guard().covers(role)
    }
}

impl Guard<'_> {
    /// Whether mistakes with a role hurt: the person says it of the role, of another entry for the same ARN, or of its account.
    pub fn covers(&self, role: &Role) -> bool {
        let of_account = || self.accounts.get(role.arn.account()).is_some_and(|account| account.production);
        role.production || of_account() || self.roles.contains(&role.arn)
    }

    /// Whether a source is a role where mistakes hurt, as that of a profile may be. A user there does not count: it is its roles
    /// that can do anything.
    pub fn covers_source(&self, source: &Source) -> bool {
        let Some(name) = source.arn.assumed_role() else { return false };
        let of_account = self.accounts.get(&source.account).is_some_and(|account| account.production);
        // The ARN of a session does not have the role's path.
        of_account || self.roles.iter().any(|arn| *arn.account() == source.account && arn.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_on_what_aws_knows_and_no_name_leads_around_it() {
        let catalog = Catalog::given(
            "[sources.ada]\nprofile = \"ada\"\narn = \"arn:aws:iam::111122223333:user/ada\"\naccount = \"111122223333\"\n\
             [accounts.444455556666]\nproduction = true\n\
             [roles.marked]\narn = \"arn:aws:iam::111122223333:role/Admin\"\nsource = \"ada\"\nproduction = true\n\
             [roles.same]\narn = \"arn:aws:iam::111122223333:role/Admin\"\nsource = \"ada\"\n\
             [roles.other]\narn = \"arn:aws:iam::111122223333:role/Other\"\nsource = \"ada\"\n\
             [roles.there]\narn = \"arn:aws:iam::444455556666:role/Other\"\nsource = \"ada\"\n",
        )
        .unwrap();
        assert_eq!(guarded(&catalog), ["marked", "same", "there"]);
    }

    fn guarded(catalog: &Catalog) -> Vec<&str> {
        let guard = catalog.guard();
        let covered = catalog.roles.iter().filter(|(_, role)| guard.covers(role));
        covered.map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn a_mark_that_is_written_wrong_is_a_mark() {
        const FOUR: &str =
            "[roles.there]\narn = \"arn:aws:iam::444455556666:role/Other\"\nsource = \"ada\"\n";
        for account in [
            "[accounts.444455556666]\nproduction = \"true\"\n",
            "[accounts.444455556666]\nproduction = 1\n",
            "[accounts.\"4444-5555-6666\"]\nproduction = true\n",
            "[accounts.\"4444 5555 6666\"]\nenvironment = \"Production\"\n[accounts.444455556666]\nname = \"x\"\n",
        ] {
            let catalog = Catalog::given(&format!("{account}{FOUR}")).unwrap();
            assert_eq!(guarded(&catalog), ["there"], "{account}");
            assert_eq!(catalog.unusable.len(), 1, "and it is told: {account}");
        }
        let unmarked = "[accounts.\"4444-5555-6666\"]\nproduction = false\n";
        assert!(guarded(&Catalog::given(&format!("{unmarked}{FOUR}")).unwrap()).is_empty());
        for (marked, is_guarded) in [
            ("kind = \"newer\"\nproduction = true", true),
            ("source = \"ada\"\nproduction = \"yes\"", true),
            ("kind = \"newer\"\nproduction = false", false),
        ] {
            let marked =
                format!("[roles.marked]\narn = \"arn:aws:iam::444455556666:role/Other\"\n{marked}\n");
            let catalog = Catalog::given(&format!("{marked}{FOUR}")).unwrap();
            assert_eq!(!guarded(&catalog).is_empty(), is_guarded, "{marked}");
        }
    }

    #[test]
    fn a_source_that_is_a_role_there_leads_through_production_and_a_user_does_not() {
        let with = |arn: &str, account: &str| {
            let text = format!(
                "[sources.pa]\nkind = \"profile\"\nprofile = \"pa\"\narn = \"{arn}\"\naccount = \"{account}\"\n\
                 [accounts.444455556666]\nproduction = true\n\
                 [roles.marked]\narn = \"arn:aws:iam::111122223333:role/team/Admin\"\nsource = \"pa\"\nproduction = true\n\
                 [roles.behind]\narn = \"arn:aws:iam::777788889999:role/Other\"\nsource = \"pa\"\n"
            );
            let catalog = Catalog::given(&text).unwrap();
            let (name, role) = catalog.roles.iter().next().unwrap();
            assert_eq!(name.as_str(), "behind");
            !catalog.through_production(&catalog.guard(), name, role).is_empty()
        };
        assert!(with("arn:aws:sts::444455556666:assumed-role/Any/me", "444455556666"));
        assert!(with("arn:aws:sts::111122223333:assumed-role/Admin/me", "111122223333"));
        assert!(!with("arn:aws:sts::111122223333:assumed-role/Other/me", "111122223333"));
        assert!(!with("arn:aws:iam::444455556666:user/ada", "444455556666"));
    }
}
