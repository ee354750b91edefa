//! What can be brought in, as a window shows it: without a secret, and with what each would change.

use serde::{Deserialize, Serialize};

use super::{AccountView, Entered};
use crate::catalog::{Catalog, EntryKind, Name};
use crate::failure::{Failure, shown};
use crate::import::{
    Difference, FieldChange, Finds, FoundBy, FoundProfile, FoundRole, KeysGo, Offer, Place, Wishes, against,
    assumer, source,
};
use crate::profiles::ProfileName;

/// Bringing in what other tools know, or a catalog that somebody gives.
#[derive(Clone, Debug)]
pub enum ImportIntent {
    /// Tell what there is, and what it would change.
    Look {
        /// Where to look.
        place: LookIn,
        /// What assumes roles that do not say.
        source: Option<Name>,
        /// What becomes of keys.
        keys: KeysGo,
    },
    /// Bring in what was chosen of what was last told.
    Apply {
        /// Which telling it was, from [`FindsView::number`].
        number: u64,
        /// What was chosen, by [`FindView::id`].
        chosen: Vec<String>,
        /// Whether what is here and differs is changed.
        replace: bool,
    },
    /// Give the catalog as a text to keep or to give away.
    Export,
}

/// Where to look for what can be brought in.
#[derive(Clone, Debug)]
pub enum LookIn {
    /// In the files and the keychain of other tools on this computer.
    ThisComputer,
    /// Where it was last looked.
    SamePlace,
    /// In a text, which may hold a key.
    Text {
        /// The text.
        text: Entered,
        /// What the person calls it: a file's name, say.
        called: String,
    },
}

impl LookIn {
    /// The place that a window names.
    pub(super) fn entered(text: Option<Entered>, again: bool, called: String) -> LookIn {
        let elsewhere = if again { LookIn::SamePlace } else { LookIn::ThisComputer };
        text.map_or(elsewhere, |text| LookIn::Text { text, called })
    }
}

/// What a find is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum FindKind {
    /// A role.
    Role,
    /// A key in plain text.
    Key,
    /// A key that aws-vault keeps.
    VaultedKey,
    /// A profile that signs in to an Identity Center.
    IdentityCenter,
    /// A profile of another kind.
    Profile,
    /// A source of a catalog that was given.
    Source,
    /// What such a catalog says of an account.
    Account,
}

impl FindKind {
    /// What an entry of a catalog is.
    pub(crate) fn of(entry: EntryKind) -> FindKind {
        match entry {
            EntryKind::Source => FindKind::Source,
            EntryKind::Account => FindKind::Account,
            EntryKind::Role | EntryKind::Setting => FindKind::Role,
        }
    }

    /// What a find of this kind and name is called among all of them.
    pub fn id(self, name: &str) -> String {
        let kind = match self {
            FindKind::Role => "role",
            // A profile is found once, whatever it has.
            FindKind::Key | FindKind::VaultedKey | FindKind::IdentityCenter | FindKind::Profile => "profile",
            FindKind::Source => "source",
            FindKind::Account => "account",
        };
        format!("{kind} {name}")
    }
}

/// What a find is to the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum FindState {
    /// It is not here.
    New,
    /// It is here, just so.
    Here,
    /// It is here, and differs.
    Differs,
}

/// A field that would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct FieldView {
    /// Its name.
    pub field: String,
    /// What it is.
    pub old: Option<String>,
    /// What it would be.
    pub new: Option<String>,
}

/// Something that can be brought in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct FindView {
    /// Names it when it is chosen.
    pub id: String,
    /// What it is.
    pub kind: FindKind,
    /// What it would be called here.
    pub name: String,
    /// The role's ARN, the key's id, what a profile is.
    pub about: String,
    /// The account of a role, as it is known here.
    pub account: Option<AccountView>,
    /// What would assume it.
    pub by: Option<String>,
    /// Where it stands.
    pub place: Option<String>,
    /// What it is to the catalog.
    pub state: FindState,
    /// What would change.
    pub changes: Vec<FieldView>,
    /// What else is to be known.
    pub notes: Vec<String>,
    /// Why it cannot be brought in as things are wished.
    pub failure: Option<Failure>,
}

/// What was passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct PassedView {
    /// Where.
    pub place: String,
    /// What is in its way.
    pub why: String,
}

/// What can be brought in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct FindsView {
    /// Names this telling.
    #[cfg_attr(test, ts(type = "number"))]
    pub number: u64,
    /// Where it was looked for, as the person called it; on this computer where `None`.
    pub called: Option<String>,
    /// What was found.
    pub finds: Vec<FindView>,
    /// What was passed over, and why.
    pub passed: Vec<PassedView>,
    /// What could not be looked at.
    pub trouble: Vec<Failure>,
    /// Whether roles were found that do not say what assumes them.
    pub asks_for_source: bool,
}

/// What became of what was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct ImportedView {
    /// What was done, a sentence each.
    pub done: Vec<String>,
    /// What can be done now that a key is in the keychain.
    pub next: Vec<String>,
    /// What was not brought in, and why.
    pub left: Vec<LeftView>,
    /// Takes the roles and accounts back, where any came in.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub undo: Option<u64>,
}

/// What was not brought in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct LeftView {
    /// Its name.
    pub name: String,
    /// Why not.
    pub failure: Failure,
}

impl FindsView {
    /// What other tools know, against the catalog.
    pub fn of_tools(finds: &Finds, catalog: &Catalog, wishes: &Wishes) -> FindsView {
        let mut all: Vec<FindView> =
            finds.roles.iter().map(|found| role(found, finds, catalog, wishes)).collect();
        for key in &finds.keys {
            let name = key.profile.as_str();
            let held = key.held_as(catalog);
            let mut notes = vec![match held {
                Some(source) => {
                    format!("in the keychain as `{source}`; these can go: {}", key.lines_told())
                }
                None => key.lines_told(),
            }];
            let mut find = FindView::new(FindKind::Key, name, key.id.as_str());
            if key.temporary {
                notes.insert(0, "of a session, which ends by itself".to_owned());
            }
            find.notes = notes;
            if held.is_some() {
                find.state = FindState::Here;
            } else {
                find.failure = source(finds, catalog, &key.profile, wishes).err();
            }
            all.push(find);
        }
        for key in &finds.vaulted {
            let mut find = FindView::new(FindKind::VaultedKey, key.profile.as_str(), "kept by aws-vault");
            find.of_profile(finds, catalog, &key.profile, wishes);
            all.push(find);
        }
        let kinds = [(FindKind::IdentityCenter, &finds.centers), (FindKind::Profile, &finds.others)];
        for (kind, found) in
            kinds.into_iter().flat_map(|(kind, all)| all.iter().map(move |each| (kind, each)))
        {
            all.push(profile(kind, found, finds, catalog, wishes));
        }
        let passed = finds.passed.iter();
        FindsView {
            finds: all,
            passed: passed
                .map(|each| PassedView { place: each.place.to_string(), why: each.why.clone() })
                .collect(),
            asks_for_source: finds.roles.iter().any(|role| role.by == FoundBy::Anybody),
            ..FindsView::default()
        }
    }

    /// What a catalog gives, against the one that is here.
    pub fn of_catalog(given: &Catalog, offers: &[Offer], here: &Catalog) -> FindsView {
        let finds = offers.iter().map(|offer| {
            let mut find = FindView::new(FindKind::of(offer.kind), &offer.name, &offer.about);
            if let (EntryKind::Role, Ok(name)) = (offer.kind, offer.name.parse::<Name>()) {
                find.account = given.roles.get(&name).map(|role| AccountView::of(here, role.arn.account()));
            }
            find.told(&offer.difference);
            find.changes.extend(offer.says.iter().map(field));
            find.notes.extend(offer.note.clone());
            find.failure.clone_from(&offer.refused);
            find
        });
        let passed = given
            .unusable
            .iter()
            .map(|each| PassedView { place: shown(&each.name), why: each.failure.message.clone() });
        FindsView { finds: finds.collect(), passed: passed.collect(), ..FindsView::default() }
    }
}

impl FindView {
    fn new(kind: FindKind, name: &str, about: &str) -> FindView {
        FindView {
            id: kind.id(name),
            kind,
            name: name.to_owned(),
            about: shown(about),
            account: None,
            by: None,
            place: None,
            state: FindState::New,
            changes: Vec::new(),
            notes: Vec::new(),
            failure: None,
        }
    }

    fn told(&mut self, difference: &Difference) {
        (self.state, self.changes) = match difference {
            Difference::New => (FindState::New, Vec::new()),
            Difference::None => (FindState::Here, Vec::new()),
            Difference::Changes(fields) => (FindState::Differs, fields.iter().map(field).collect()),
        };
    }

    /// What a profile would be as a source.
    fn of_profile(&mut self, finds: &Finds, catalog: &Catalog, profile: &ProfileName, wishes: &Wishes) {
        match source(finds, catalog, profile, wishes) {
            Ok(wanted) if wanted.from.is_none() => self.state = FindState::Here,
            Ok(_) => {}
            Err(failure) => self.failure = Some(failure),
        }
    }
}

fn role(found: &FoundRole, finds: &Finds, catalog: &Catalog, wishes: &Wishes) -> FindView {
    let mut find = FindView::new(FindKind::Role, found.name.as_str(), &found.arn.to_string());
    find.account = Some(AccountView::of(catalog, found.arn.account()));
    find.by = match &found.by {
        FoundBy::Profile(profile) | FoundBy::OwnKey(profile) => Some(format!("profile {profile}")),
        FoundBy::Role(name) => Some(format!("role {name}")),
        FoundBy::Anybody => wishes.source.as_ref().map(|source| format!("source {source}")),
    };
    find.place = Some(place(&found.place));
    find.told(&against(found, finds, catalog, wishes));
    find.failure = assumer(finds, catalog, found, wishes).err();
    if found.mfa_serial.is_some() {
        find.notes.push("asks for MFA".to_owned());
    }
    find.notes.extend(found.notes.iter().cloned());
    find
}

fn profile(
    kind: FindKind,
    found: &FoundProfile,
    finds: &Finds,
    catalog: &Catalog,
    wishes: &Wishes,
) -> FindView {
    let mut find = FindView::new(kind, found.profile.as_str(), &found.what);
    find.place = Some(place(&found.place));
    find.of_profile(finds, catalog, &found.profile, wishes);
    find
}

/// Where something stands; a text that was pasted has no file.
fn place(place: &Place) -> String {
    if place.file.as_os_str().is_empty() { format!("line {}", place.line) } else { place.to_string() }
}

fn field(change: &FieldChange) -> FieldView {
    FieldView { field: change.field.to_owned(), old: change.old.clone(), new: change.new.clone() }
}
