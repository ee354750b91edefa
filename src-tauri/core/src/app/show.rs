//! What the application shows: the snapshot made of its state.

use std::sync::Arc;

use super::App;
use super::console::OpenedConsole;
use crate::catalog::{Assumer, Catalog, Name, SourceKind, Unusable};
use crate::chain;
use crate::failure::Failure;
use crate::home::Home;
use crate::view::{
    AccountView, Activity, ConsoleView, RoleView, SessionView, ShortcutView, Snapshot, SourceView, Status,
};

/// The snapshot before anything is known.
pub(super) fn empty(home: &Home) -> Snapshot {
    Snapshot {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        home: home.chosen.as_ref().map(|folder| folder.display().to_string()),
        status: Status::Idle,
        sources: Vec::new(),
        roles: Vec::new(),
        favourites: Vec::new(),
        recents: Vec::new(),
        most_used: Vec::new(),
        recent_pages: Vec::new(),
        sessions: Vec::new(),
        prompts: Vec::new(),
        waiting_for_keychain: false,
        unusable: Vec::new(),
        shortcut: ShortcutView::Off,
        trouble: Vec::new(),
        settings: Vec::new(),
    }
}

/// Whether the person is what the role, or anything where none is named, waits for.
pub(super) fn waits_for_person(snapshot: &Snapshot, role: Option<&Name>) -> bool {
    let roles = snapshot.roles.iter().filter(|each| role.is_none_or(|role| each.name == role.as_str()));
    roles
        .into_iter()
        .any(|each| matches!(each.activity, Activity::WaitingForKeychain | Activity::Asking { .. }))
}

/// The roles of a catalog, by name, while nothing happens to them.
pub(super) fn idle_roles(catalog: &Catalog) -> Vec<Arc<RoleView>> {
    let guard = catalog.guard();
    let roles = catalog.roles.iter().map(|(name, role)| {
        let production = guard.covers(role);
        let through = catalog.through_production(&guard, name, role);
        RoleView {
            name: name.to_string(),
            arn: role.arn.to_string(),
            account: AccountView::of(catalog, role.arn.account()),
            source: catalog.source_of(role).map(ToString::to_string).unwrap_or_default(),
            via: match &role.assumed_by {
                Assumer::Source(_) => None,
                Assumer::Role(via) => Some(via.to_string()),
            },
            production,
            read_only: role.read_only.unwrap_or(production && catalog.settings.production_read_only),
            asks: production || !through.is_empty() || chain::uses_mfa(catalog, role),
            through_production: through.into_iter().map(ToString::to_string).collect(),
            region: catalog.region_of(role).to_string(),
            destination: role.destination.as_ref().map(ToString::to_string).unwrap_or_default(),
            tags: role
                .tags
                .iter()
                .map(|(key, value)| format!("{}={}", key.as_str(), value.as_str()))
                .collect(),
            favourite: role.favourite,
            activity: Activity::Idle,
            shortened: None,
        }
    });
    roles.map(Arc::new).collect()
}

impl App {
    /// Publishes a snapshot, if it differs from the last.
    pub(super) fn publish(&self) {
        let snapshot = self.snapshot();
        self.snapshots.send_if_modified(|last| {
            let changed = **last != snapshot;
            if changed {
                *last = Arc::new(snapshot);
            }
            changed
        });
    }

    fn snapshot(&self) -> Snapshot {
        let mut sessions = self.session_views();
        sessions.sort_by(|one, other| other.since.cmp(&one.since).then_with(|| one.role.cmp(&other.role)));
        let names = |name: &&String| self.catalog.roles.contains_key(name.as_str());
        Snapshot {
            status: self.status(&sessions),
            sources: self.source_views(),
            roles: self.role_views(),
            favourites: self.catalog.favourites_in_order().iter().map(ToString::to_string).collect(),
            recents: self.recents.names().iter().filter(names).cloned().collect(),
            most_used: self.recents.most_used().iter().filter(names).cloned().collect(),
            recent_pages: self.recents.pages().to_vec(),
            sessions,
            prompts: self.prompts.iter().map(|prompt| prompt.view.clone()).collect(),
            waiting_for_keychain: self.keychain_waits,
            unusable: self.unusable(Unusable::is_listed).cloned().collect(),
            shortcut: self.shortcut.clone(),
            trouble: self.trouble(),
            settings: self.settings.clone(),
            ..empty(&self.config.home)
        }
    }

    /// What is wrong as a whole; an account or a setting that cannot be used has no list of its own to stand in.
    fn trouble(&self) -> Vec<Failure> {
        let entries = self.unusable(|entry| !entry.is_listed()).map(|entry| &entry.failure);
        let whole = self.catalog_trouble.iter().chain(entries);
        let shortcut = match &self.shortcut {
            ShortcutView::Failed { failure } => Some(failure),
            ShortcutView::Off | ShortcutView::Works { .. } | ShortcutView::DesktopsOwn { .. } => None,
        };
        let computer = self.socket_trouble.iter().chain(&self.desktop_trouble).chain(&self.state_trouble);
        let computer = computer.chain(shortcut);
        whole.chain(computer).cloned().chain(self.clock.trouble()).collect()
    }

    fn unusable(&self, which: impl Fn(&Unusable) -> bool) -> impl Iterator<Item = &Unusable> {
        self.catalog.unusable.iter().filter(move |entry| which(entry))
    }

    fn status(&self, sessions: &[SessionView]) -> Status {
        if self.broker.is_busy() || !self.tasks.is_empty() {
            Status::Working
        } else if self.last_failed || self.catalog_trouble.is_some() || self.socket_trouble.is_some() {
            Status::Trouble
        } else if sessions.iter().any(|session| session.production) {
            Status::Production
        } else if sessions.is_empty() {
            Status::Idle
        } else {
            Status::Live
        }
    }

    fn source_views(&self) -> Vec<SourceView> {
        let sources = self.catalog.sources.iter();
        sources
            .map(|(name, source)| SourceView {
                name: name.to_string(),
                arn: source.arn.to_string(),
                account: AccountView::of(&self.catalog, &source.account),
                region: source.region.as_ref().map(ToString::to_string),
                access_key_id: source.access_key_id().map(|id| id.as_str().to_owned()),
                profile: match &source.kind {
                    SourceKind::AccessKey(_) => None,
                    SourceKind::Profile(profile) => Some(profile.to_string()),
                },
                mfa_serial: source.mfa_serial.as_ref().map(ToString::to_string),
            })
            .collect()
    }

    /// The roles of the catalog, with what is happening to the few that something is happening to.
    fn role_views(&self) -> Vec<Arc<RoleView>> {
        let mut roles = self.roles.clone();
        let touched = self.activities.keys().chain(self.tasks.keys()).chain(self.shortened.keys());
        for name in touched.chain(self.roles_without_key()) {
            let Ok(place) = roles.binary_search_by(|role| role.name.as_str().cmp(name.as_str())) else {
                continue;
            };
            let (activity, shortened) = (self.activity(name), self.shortened.get(name).cloned());
            if roles[place].activity != activity || roles[place].shortened != shortened {
                roles[place] = Arc::new(RoleView { activity, shortened, ..(*roles[place]).clone() });
            }
        }
        roles
    }

    /// A flight that has landed is still under way for whoever waits for the browser. What one role found missing, the
    /// others of its source miss too.
    fn activity(&self, role: &Name) -> Activity {
        match self.activities.get(role) {
            Some(Activity::Idle) | None if self.tasks.contains_key(role) => Activity::SigningIn,
            Some(Activity::Idle) | None => {
                let role = self.catalog.roles.get(role);
                let source = role.and_then(|role| self.catalog.source_of(role).ok());
                match source.filter(|source| self.keys_missing.contains(*source)) {
                    Some(source) => Activity::Failed { failure: Failure::key_missing(source.as_str()) },
                    None => Activity::Idle,
                }
            }
            Some(activity) => activity.clone(),
        }
    }

    fn roles_without_key(&self) -> impl Iterator<Item = &Name> {
        // Most of the time there are none, and roles may be many.
        let roles = (!self.keys_missing.is_empty()).then(|| self.catalog.roles.iter());
        let missing = roles.into_iter().flatten().filter(|(_, role)| {
            self.catalog.source_of(role).is_ok_and(|source| self.keys_missing.contains(source))
        });
        missing.map(|(name, _)| name)
    }

    fn session_views(&self) -> Vec<SessionView> {
        let now = self.config.ports.clock.moment();
        let console = |open: &OpenedConsole| {
            open.until.left(now).is_positive().then(|| ConsoleView {
                page: open.page.as_ref().map(ToString::to_string).unwrap_or_default(),
                region: open.region.to_string(),
                opened: open.opened,
                until: open.until.shown(now),
            })
        };
        let live = self.broker.live();
        live.map(|session| SessionView {
            id: session.id.clone(),
            role: session.role().to_string(),
            account: AccountView::of(&self.catalog, session.plan.arn().account()),
            session_name: session.plan.session_name().to_string(),
            production: session.plan.goal.production,
            access: session.plan.access,
            since: session.since,
            expires: session.expires(),
            console: self.consoles.get(&session.key).and_then(console),
        })
        .collect()
    }
}
