//! Where mistakes hurt: the accounts and roles that the person marked as production, by what AWS calls them and not by a name.

use std::collections::{BTreeMap, HashSet};

use super::{Account, Catalog, Role};
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
        Guard { accounts: &self.accounts, roles: marked.map(|role| &role.arn).collect() }
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

    /// The roles on a way where mistakes hurt; the role at its end counts too.
    pub fn hurting<'b, N>(&self, way: impl IntoIterator<Item = (N, &'b Role)>) -> Vec<N> {
        way.into_iter().filter(|(_, role)| self.covers(role)).map(|(name, _)| name).collect()
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
        let guard = catalog.guard();
        let hurting = guard.hurting(&catalog.roles);
        assert_eq!(hurting.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["marked", "same", "there"]);
    }
}
