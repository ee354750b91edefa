//! What is different in a snapshot since the last one: there can be thousands of roles, and something happens to few.

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{RoleView, Snapshot};

/// What a page is told to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Shown {
    /// Everything.
    Whole {
        /// It.
        snapshot: Box<Snapshot>,
    },
    /// What is different since the last.
    Change {
        /// It.
        change: Box<SnapshotChange>,
    },
    /// The question whether to close the window all the same, as the person wants to close it.
    Closing,
}

/// What is different in a snapshot since the last one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct SnapshotChange {
    /// All but the roles, as it is now.
    pub rest: Snapshot,
    /// Roles that are new or not as they were, by name.
    #[serde(with = "super::snapshot::shared")]
    #[cfg_attr(test, ts(as = "Vec<RoleView>"))]
    pub roles: Vec<Arc<RoleView>>,
    /// Names of roles that are gone, in order.
    pub gone: Vec<String>,
}

impl Snapshot {
    /// What is different since an earlier one.
    pub fn change_since(&self, before: &Snapshot) -> SnapshotChange {
        let mut change = SnapshotChange { rest: self.without_roles(), roles: Vec::new(), gone: Vec::new() };
        let mut old = before.roles.iter().peekable();
        for role in &self.roles {
            while let Some(gone) = old.next_if(|old| old.name < role.name) {
                change.gone.push(gone.name.clone());
            }
            let same = old.next_if(|old| old.name == role.name);
            // What is shared is the same, and most is.
            if same.is_none_or(|same| !Arc::ptr_eq(same, role) && same != role) {
                change.roles.push(role.clone());
            }
        }
        change.gone.extend(old.map(|gone| gone.name.clone()));
        change
    }

    /// Makes an earlier snapshot the one that a change leads to.
    pub fn apply(&mut self, change: SnapshotChange) {
        let old = std::mem::take(&mut self.roles);
        *self = change.rest;
        let mut gone = change.gone.iter().peekable();
        let mut kept =
            old.into_iter().filter(|role| gone.next_if(|gone| **gone == role.name).is_none()).peekable();
        let mut changed = change.roles.into_iter().peekable();
        loop {
            let order = match (kept.peek(), changed.peek()) {
                (Some(kept), Some(changed)) => kept.name.cmp(&changed.name),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return,
            };
            let old = if order == Ordering::Greater { None } else { kept.next() };
            let new = if order == Ordering::Less { None } else { changed.next() };
            self.roles.extend(new.or(old));
        }
    }

    /// All but the roles.
    #[must_use]
    pub fn without_roles(&self) -> Snapshot {
        Snapshot {
            version: self.version.clone(),
            home: self.home.clone(),
            status: self.status,
            sources: self.sources.clone(),
            roles: Vec::new(),
            favourites: self.favourites.clone(),
            recents: self.recents.clone(),
            most_used: self.most_used.clone(),
            recent_pages: self.recent_pages.clone(),
            sessions: self.sessions.clone(),
            prompts: self.prompts.clone(),
            waiting_for_keychain: self.waiting_for_keychain,
            unusable: self.unusable.clone(),
            shortcut: self.shortcut.clone(),
            trouble: self.trouble.clone(),
            settings: self.settings.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{AccountView, Activity, Status};

    fn role(name: &str, favourite: bool) -> Arc<RoleView> {
        Arc::new(RoleView {
            name: name.into(),
            arn: format!("arn:aws:iam::111122223333:role/{name}"),
            account: AccountView::default(),
            source: "work".into(),
            region: "eu-west-1".into(),
            destination: String::new(),
            via: None,
            through_production: Vec::new(),
            tags: vec![],
            favourite,
            production: false,
            read_only: false,
            asks: false,
            activity: Activity::Idle,
            shortened: None,
        })
    }

    fn of(roles: Vec<Arc<RoleView>>) -> Snapshot {
        Snapshot {
            version: "0.1.0".into(),
            home: None,
            status: Status::Idle,
            sources: vec![],
            favourites: roles.iter().filter(|role| role.favourite).map(|role| role.name.clone()).collect(),
            roles,
            recents: vec![],
            most_used: vec![],
            recent_pages: vec![],
            sessions: vec![],
            prompts: vec![],
            waiting_for_keychain: false,
            unusable: vec![],
            trouble: vec![],
            shortcut: crate::view::ShortcutView::Off,
            settings: vec![],
        }
    }

    #[test]
    fn an_earlier_snapshot_and_what_changed_make_the_later_one() {
        let names = ["a", "b", "c", "d"];
        // Every role is absent, as it was, or a favourite, before and after: all ways that four roles can change.
        let all = (0..3_usize.pow(4)).map(|mut number| {
            let states = names.iter().filter_map(|name| {
                let state = number % 3;
                number /= 3;
                (state > 0).then(|| role(name, state == 2))
            });
            of(states.collect())
        });
        let all: Vec<Snapshot> = all.collect();
        for before in &all {
            for after in &all {
                let mut shown = before.clone();
                shown.apply(after.change_since(before));
                assert_eq!(&shown, after);
            }
        }
    }

    #[test]
    fn what_happens_to_one_of_ten_thousand_roles_is_told_in_few_words() {
        let roles: Vec<_> = (0..10_000).map(|each| role(&format!("role-{each:05}"), false)).collect();
        let before = of(roles.clone());
        let mut after = before.clone();
        after.roles[4_711] = role("role-04711", true);
        let change = after.change_since(&before);
        assert_eq!((change.roles.len(), change.gone.len()), (1, 0));
        assert!(serde_json::to_string(&change).unwrap().len() < 1_000);
        assert!(serde_json::to_string(&after).unwrap().len() > 1_000_000);
    }
}
