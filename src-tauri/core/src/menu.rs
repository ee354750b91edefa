//! The tray's menu as a value: made from a snapshot, compared, and only then drawn.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::assume::Access;
use crate::view::{AccountView, Activity, RoleView, SessionView, ShortcutView, Snapshot, WindowName};

/// No more items than this are drawn; hosts freeze on more, and nobody reads them.
pub const MOST_ITEMS: usize = 300;
const MOST_FAVOURITES: usize = 10;
const MOST_TROUBLES: usize = 5;
const MOST_RECENTS: usize = 5;
const MOST_ACCOUNTS: usize = 25;
const MOST_ROLES_OF_ACCOUNT: usize = 25;
const MOST_COPIES: usize = 25;
const MOST_BY_ACCESS: usize = 15;
const MOST_SESSIONS: usize = 8;
/// What the accounts leave to all the rest: notes, favourites, recents, the menus of deeds, and the lines between.
const MOST_BESIDE_ACCOUNTS: usize = 150;

/// A menu, or a submenu. Two that are equal are drawn alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Menu {
    /// Its entries from top to bottom.
    pub entries: Vec<Entry>,
}

/// One line of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A line between groups.
    Separator,
    /// Something that can be clicked.
    Item {
        /// What it says.
        label: String,
        /// What it does.
        action: Action,
    },
    /// Something to read.
    Note {
        /// What it says.
        label: String,
    },
    /// A menu behind a line.
    Submenu {
        /// What the line says.
        label: String,
        /// What is behind it.
        menu: Menu,
    },
}

/// What a click does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Open the console as a role.
    OpenConsole {
        /// The role's name.
        role: String,
        /// How much of it.
        access: Access,
    },
    /// Copy the credentials of a role.
    CopyCredentials {
        /// The role's name.
        role: String,
        /// How much of it.
        access: Access,
    },
    /// Copy a sign-in address of the session with this id.
    CopySigninUrl(String),
    /// Open the page again that the console of the session with this id was last opened at.
    OpenPage(String),
    /// Assume a role anew, though its session is live.
    Renew {
        /// The role's name.
        role: String,
        /// How much of it.
        access: Access,
    },
    /// End the session with this id.
    EndSession(String),
    /// End every session.
    EndAllSessions,
    /// Show a window.
    Show(WindowName),
    /// End Guise.
    Quit,
}

/// Makes the menu of a snapshot as it is at `now`, with times of day in `zone`.
pub fn menu(snapshot: &Snapshot, now: Timestamp, zone: &TimeZone) -> Menu {
    let reader = Reader::new(snapshot, now, zone);
    let mut groups = vec![reader.notes(), reader.favourites(), reader.recents(), reader.accounts()];
    let mut deeds = Vec::new();
    deeds.extend(reader.copies());
    deeds.extend(reader.opened_with(Access::ReadOnly));
    deeds.extend(reader.opened_with(Access::Full));
    deeds.extend(reader.sessions());
    groups.push(deeds);
    groups.push(reader.windows());
    let mut entries = Vec::new();
    for group in groups.into_iter().filter(|group| !group.is_empty()) {
        if !entries.is_empty() {
            entries.push(Entry::Separator);
        }
        entries.extend(group);
    }
    Menu { entries }
}

impl Menu {
    /// How many lines it has, submenus counted.
    pub fn size(&self) -> usize {
        self.entries
            .iter()
            .map(|entry| match entry {
                Entry::Submenu { menu, .. } => 1 + menu.size(),
                Entry::Separator | Entry::Item { .. } | Entry::Note { .. } => 1,
            })
            .sum()
    }
}

/// What is left of a time, as a person says it: `42 min`, `3 h 5 min`.
pub fn time_left(left: SignedDuration) -> String {
    match left.as_mins() {
        minutes if minutes < 1 => "under 1 min".to_owned(),
        minutes if minutes < 60 => format!("{minutes} min"),
        minutes if minutes % 60 == 0 => format!("{} h", minutes / 60),
        minutes => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}

/// A time of day, as a person reads it off a clock.
pub fn time_of_day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned_datetime(zone.clone()).strftime("%H:%M").to_string()
}

fn item(label: impl Into<String>, action: Action) -> Entry {
    Entry::Item { label: label.into(), action }
}

struct Reader<'a> {
    snapshot: &'a Snapshot,
    now: Timestamp,
    zone: &'a TimeZone,
    /// As many as are shown.
    favourites: Vec<&'a RoleView>,
    /// By their names.
    accounts: Vec<OfAccount<'a>>,
}

/// The roles of an account.
struct OfAccount<'a> {
    account: &'a AccountView,
    /// As many as may be shown.
    first: Vec<&'a RoleView>,
    count: usize,
}

impl<'a> Reader<'a> {
    /// Walks the roles once: there can be thousands, and few of them are shown.
    fn new(snapshot: &'a Snapshot, now: Timestamp, zone: &'a TimeZone) -> Self {
        let favourites = snapshot.favourites.iter().filter_map(|name| named(snapshot, name));
        let favourites = favourites.take(MOST_COPIES).collect();
        let mut accounts: Vec<OfAccount<'a>> = Vec::new();
        let mut places = HashMap::new();
        for role in &snapshot.roles {
            let place = *places.entry(role.account.id.as_str()).or_insert(accounts.len());
            if place == accounts.len() {
                accounts.push(OfAccount { account: &role.account, first: Vec::new(), count: 0 });
            }
            let account = &mut accounts[place];
            account.count += 1;
            if account.first.len() < MOST_ROLES_OF_ACCOUNT {
                account.first.push(role);
            }
        }
        accounts.sort_by_key(|each| each.account);
        Reader { snapshot, now, zone, favourites, accounts }
    }

    fn notes(&self) -> Vec<Entry> {
        let home = self.snapshot.home.as_ref().map(|home| format!("Guise home: {home}"));
        let trouble = self.snapshot.trouble.iter().map(|failure| format!("⚠ {}", failure.message));
        let unusable =
            self.snapshot.unusable.iter().map(|entry| format!("⚠ {}", short(&entry.failure.message)));
        let more = (self.snapshot.trouble.len().saturating_sub(MOST_TROUBLES))
            + self.snapshot.unusable.len().saturating_sub(MOST_TROUBLES);
        let more = (more > 0).then(|| format!("⚠ {more} more: open Manage…"));
        let empty = self.is_empty().then(|| "No roles yet".to_owned());
        let notes = home.into_iter().chain(trouble.take(MOST_TROUBLES)).chain(unusable.take(MOST_TROUBLES));
        notes.chain(more).chain(empty).map(|label| Entry::Note { label }).collect()
    }

    /// The windows, and the way out. The guide is for those who have nothing to open yet.
    fn windows(&self) -> Vec<Entry> {
        let keys = match &self.snapshot.shortcut {
            ShortcutView::Works { keys } => format!(" · {keys}"),
            ShortcutView::Off | ShortcutView::DesktopsOwn { .. } | ShortcutView::Failed { .. } => {
                String::new()
            }
        };
        let guide = self.is_empty().then(|| item("Setup guide…", Action::Show(WindowName::Guide)));
        let search = item(format!("Search…{keys}"), Action::Show(WindowName::Switcher));
        let manage = item("Manage…", Action::Show(WindowName::Manager));
        guide.into_iter().chain([search, manage, item("Quit Guise", Action::Quit)]).collect()
    }

    fn is_empty(&self) -> bool {
        self.snapshot.roles.is_empty() && self.snapshot.unusable.is_empty()
    }

    fn favourites(&self) -> Vec<Entry> {
        let favourites = self.favourites.iter().take(MOST_FAVOURITES);
        favourites.map(|role| self.open(role, "★ ", Shown::WithAccount)).collect()
    }

    fn recents(&self) -> Vec<Entry> {
        let recents = self.recent_roles().filter(|role| !role.favourite);
        recents.take(MOST_RECENTS).map(|role| self.open(role, "", Shown::WithAccount)).collect()
    }

    fn accounts(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        // Each account has its own line, and one that leads to what is not shown of it.
        let mut room = MOST_ITEMS - MOST_BESIDE_ACCOUNTS - 2 * self.accounts.len().min(MOST_ACCOUNTS);
        for OfAccount { account, first, count } in self.accounts.iter().take(MOST_ACCOUNTS) {
            let most = MOST_ROLES_OF_ACCOUNT.min(room);
            let mut menu: Vec<Entry> =
                first.iter().take(most).map(|role| self.open(role, "", Shown::NameOnly)).collect();
            room -= menu.len();
            if *count > most {
                menu.push(item(
                    format!("{} more: Search…", count - most),
                    Action::Show(WindowName::Switcher),
                ));
            }
            let mark = marked(account.production);
            entries.push(Entry::Submenu {
                label: format!("{}{mark}", account.name),
                menu: Menu { entries: menu },
            });
        }
        let more = self.accounts.len().saturating_sub(MOST_ACCOUNTS);
        if more > 0 {
            entries.push(item(format!("{more} more accounts: Search…"), Action::Show(WindowName::Switcher)));
        }
        entries
    }

    fn copies(&self) -> Option<Entry> {
        self.roles_behind(
            "Copy credentials",
            MOST_COPIES,
            |_| true,
            |role| Action::CopyCredentials { role, access: Access::Usual },
        )
    }

    /// The roles for which this is not what a click on them gives.
    fn opened_with(&self, access: Access) -> Option<Entry> {
        let (label, narrowed) = match access {
            Access::Usual => return None,
            Access::ReadOnly => ("Open read-only", true),
            Access::Full => ("Open with full access", false),
        };
        let other = |role: &RoleView| role.read_only != narrowed;
        self.roles_behind(label, MOST_BY_ACCESS, other, |role| Action::OpenConsole { role, access })
    }

    /// A menu of roles for one deed: recents, favourites, then the others.
    fn roles_behind(
        &self,
        label: &str,
        most: usize,
        wanted: impl Fn(&RoleView) -> bool,
        action: impl Fn(String) -> Action,
    ) -> Option<Entry> {
        let all = || self.snapshot.roles.iter().map(AsRef::as_ref).filter(|role| wanted(role));
        let first = self.recent_roles().chain(self.favourites.iter().copied()).filter(|role| wanted(role));
        let mut seen = HashSet::new();
        let mut entries: Vec<Entry> = first
            .chain(all())
            .filter(|role| seen.insert(role.name.as_str()))
            .take(most)
            .map(|role| item(labelled(role, "", Shown::WithAccount), action(role.name.clone())))
            .collect();
        let more = all().count() - entries.len();
        if more > 0 {
            entries.push(item(format!("{more} more: Search…"), Action::Show(WindowName::Switcher)));
        }
        (!entries.is_empty()).then(|| Entry::Submenu { label: label.to_owned(), menu: Menu { entries } })
    }

    fn sessions(&self) -> Option<Entry> {
        let sessions = &self.snapshot.sessions;
        if sessions.is_empty() {
            return None;
        }
        let mut entries: Vec<Entry> =
            sessions.iter().take(MOST_SESSIONS).map(|session| self.session(session)).collect();
        if sessions.len() > MOST_SESSIONS {
            let more = sessions.len() - MOST_SESSIONS;
            entries.push(item(format!("{more} more: Search…"), Action::Show(WindowName::Switcher)));
        }
        if sessions.len() > 1 {
            entries.push(Entry::Separator);
            entries.push(item(format!("End all {}", sessions.len()), Action::EndAllSessions));
        }
        Some(Entry::Submenu { label: format!("Sessions ({})", sessions.len()), menu: Menu { entries } })
    }

    fn session(&self, session: &SessionView) -> Entry {
        let left = time_left(session.expires.duration_since(self.now));
        let mark = marked(session.production);
        let narrowed = match session.access {
            Access::ReadOnly => " · read-only",
            Access::Full | Access::Usual => "",
        };
        let until = time_of_day(session.expires, self.zone);
        let page = match &session.console {
            Some(console) if console.page.is_empty() => format!("Go to the console in {}", console.region),
            Some(console) => format!("Go to {} in {}", page_name(&console.page), console.region),
            None => "Open console".to_owned(),
        };
        let (role, access) = (&session.role, session.access);
        Entry::Submenu {
            label: format!("{} · {}{mark}{narrowed} · {left} left", session.role, session.account.name),
            menu: Menu {
                entries: vec![
                    item(page, Action::OpenPage(session.id.clone())),
                    item("Copy credentials", Action::CopyCredentials { role: role.clone(), access }),
                    item("Renew", Action::Renew { role: role.clone(), access }),
                    item("Copy sign-in URL", Action::CopySigninUrl(session.id.clone())),
                    item(
                        format!("End (copies stay valid until {until})"),
                        Action::EndSession(session.id.clone()),
                    ),
                ],
            },
        }
    }

    fn open(&self, role: &RoleView, before: &str, shown: Shown) -> Entry {
        let mut label = labelled(role, before, shown);
        match &role.activity {
            Activity::Idle => {
                let until = self.snapshot.sessions.iter().filter(|session| session.role == role.name);
                if let Some(until) =
                    until.filter_map(|session| session.console.as_ref().map(|console| console.until)).max()
                {
                    label.push_str(&format!(" · open until {}", time_of_day(until, self.zone)));
                }
            }
            Activity::WaitingForKeychain => label.push_str(" · waiting for the keychain…"),
            Activity::Asking { .. } => label.push_str(" · waiting for you…"),
            Activity::SigningIn => label.push_str(" · signing in…"),
            Activity::Failed { failure } => label.push_str(&format!(" · ⚠ {}", short(&failure.message))),
        }
        item(label, Action::OpenConsole { role: role.name.clone(), access: Access::Usual })
    }

    /// The roles last opened, latest first, those that are gone left out.
    fn recent_roles(&self) -> impl Iterator<Item = &'a RoleView> {
        self.snapshot.recents.iter().filter_map(|name| named(self.snapshot, name))
    }
}

/// The role of that name. Found by halves, as the roles are sorted by name.
fn named<'a>(snapshot: &'a Snapshot, name: &str) -> Option<&'a RoleView> {
    let place = snapshot.roles.binary_search_by(|role| role.name.as_str().cmp(name)).ok()?;
    Some(&snapshot.roles[place])
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    NameOnly,
    WithAccount,
}

/// A role's name, its account, and how dangerous it is; an ellipsis says that something will be asked.
fn labelled(role: &RoleView, before: &str, shown: Shown) -> String {
    let asks = if role.asks { "…" } else { "" };
    match shown {
        // The line that leads here has said it of the account.
        Shown::NameOnly => {
            format!("{before}{}{asks}{}", role.name, marked(role.production && !role.account.production))
        }
        Shown::WithAccount => {
            format!("{before}{}{asks} · {}{}", role.name, role.account.name, marked(role.production))
        }
    }
}

fn marked(production: bool) -> &'static str {
    if production { " · PRODUCTION" } else { "" }
}

/// The first words of a sentence, as much as a menu can bear.
/// A page in a few words: of an address, what stands behind the host, without its question.
fn page_name(page: &str) -> String {
    let path =
        page.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or(page, |(_, path)| path);
    short(path.split(['?', '#']).next().unwrap_or(path))
}

fn short(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(59).chain(['…']).collect() }
}

#[cfg(test)]
mod tests;
