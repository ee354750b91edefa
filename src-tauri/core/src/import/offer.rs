//! What a catalog that somebody gives would change here: entry by entry, field by field.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::{Difference, FieldChange};
use crate::arn::RoleArn;
use crate::assume::PolicyArn;
use crate::catalog::{Account, Assumer, Catalog, EntryKind, Given, Guard, Name, Role, Source, SourceKind};
use crate::failure::Failure;
use crate::role_entry::RoleEntry;
use crate::secret::AccessKeyId;

/// An entry of a catalog that is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it is.
    pub kind: EntryKind,
    /// Its name; an account's digits.
    pub name: String,
    /// The role's ARN, who the source is, what the account is called.
    pub about: String,
    /// What it is to the catalog here.
    pub difference: Difference,
    /// What a new role says beyond its ARN, as it would be here.
    pub says: Vec<FieldChange>,
    /// What else is to be known before it is brought in.
    pub note: Option<String>,
    /// Why it cannot be brought in.
    pub refused: Option<Failure>,
}

/// Everything that a catalog gives, against the one that is here: sources, then accounts, then roles, for that is the order in
/// which each needs the other.
pub fn offers(given: &Catalog, here: &Catalog) -> Vec<Offer> {
    let sources = given.sources.iter().map(|(name, source)| {
        let (difference, refused) = of_source(name, source, here);
        let note = (difference == Difference::New && refused.is_none() && source.access_key_id().is_some())
            .then(|| "its key is not in the file: add it under this name afterwards".to_owned());
        let (name, about) = (name.to_string(), told(source));
        Offer { kind: EntryKind::Source, name, about, difference, says: Vec::new(), note, refused }
    });
    let accounts = given.accounts.iter().map(|(id, account)| Offer {
        kind: EntryKind::Account,
        name: id.to_string(),
        about: account.name.clone().unwrap_or_default(),
        difference: of_account(account, here.accounts.get(id)),
        says: Vec::new(),
        note: None,
        refused: None,
    });
    let guard = here.guard();
    let roles = given.roles.iter().map(|(name, role)| {
        let kept = kept_dangerous(role, here.roles.get(name), &guard);
        let difference = of_role(name, &kept, here);
        Offer {
            kind: EntryKind::Role,
            name: name.to_string(),
            about: role.arn.to_string(),
            says: if difference == Difference::New { said(name, &kept) } else { Vec::new() },
            difference,
            refused: role_refused(name, role, here),
            note: (kept != *role)
                .then(|| "production here: what would make it less guarded is left out".to_owned()),
        }
    });
    sources.chain(accounts).chain(roles).collect()
}

/// What becomes of entries that are here and differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differing {
    /// They stay as they are.
    Stays,
    /// They become what was given.
    Changes,
}

/// What is brought in of what was chosen.
#[derive(Debug, Default)]
pub struct Brought {
    /// What comes in.
    pub given: Given,
    /// What is here and differs, and stays.
    pub kept: Vec<String>,
    /// What cannot come in, and why.
    pub left: Vec<(String, Failure)>,
}

/// Something that is brought in, as it is said.
#[derive(Debug)]
pub struct Done<'a> {
    /// A sentence.
    pub sentence: String,
    /// The source whose key did not come with it, and the key's id.
    pub keyless: Option<(&'a Name, &'a AccessKeyId)>,
}

/// What is brought in of what was chosen, and what is not. Nothing that is here becomes less dangerous by it, and a role that could
/// not be assumed is left out.
pub fn bringing(
    given: &Catalog,
    here: &Catalog,
    differing: Differing,
    chosen: impl Fn(EntryKind, &str) -> bool,
) -> Brought {
    let guard = here.guard();
    let mut brought = Brought::default();
    for Offer { kind, name, difference, refused, .. } in offers(given, here) {
        if !chosen(kind, &name) {
            continue;
        }
        match (refused, difference, differing) {
            (Some(failure), ..) => brought.left.push((name, failure)),
            (None, Difference::None, _) => {}
            (None, Difference::Changes(_), Differing::Stays) => brought.kept.push(name),
            (None, Difference::New | Difference::Changes(_), _) => {
                brought.take(kind, &name, given, here, &guard);
            }
        }
    }
    brought.leave_what_could_not_be(here);
    brought
}

impl Brought {
    fn take(&mut self, kind: EntryKind, name: &str, given: &Catalog, here: &Catalog, guard: &Guard<'_>) {
        match kind {
            EntryKind::Source => self.given.sources.extend(entry(&given.sources, name)),
            EntryKind::Account => {
                self.given.accounts.extend(entry(&given.accounts, name).map(|(id, account)| {
                    // Whatever else it is for now, it hurts as much as before.
                    let known = here.accounts.get(&id).is_some_and(|known| known.production);
                    let production = account.production || known;
                    (id, Account { production, ..account })
                }));
            }
            EntryKind::Role => self.given.roles.extend(entry(&given.roles, name).map(|(name, role)| {
                let role = kept_dangerous(&role, here.roles.get(&name), guard);
                (name, role)
            })),
            EntryKind::Setting => {}
        }
    }

    /// Leaves out roles that could never be assumed, one after another: one that is left out may be a step of another.
    fn leave_what_could_not_be(&mut self, here: &Catalog) {
        let mut becomes = self.given.added_to(here);
        let wrong = |becomes: &Catalog, roles: &[(Name, Role)]| {
            let failures = roles.iter().map(|(name, role)| becomes.check_role(name, role).err());
            failures.enumerate().find_map(|(at, failure)| Some((at, failure?)))
        };
        while let Some((at, failure)) = wrong(&becomes, &self.given.roles) {
            let (name, _) = self.given.roles.remove(at);
            match here.roles.get(&name) {
                Some(role) => becomes.roles.insert(name.clone(), role.clone()),
                None => becomes.roles.remove(&name),
            };
            self.left.push((name.to_string(), failure));
        }
    }

    /// What is done by it, entry by entry.
    pub fn done<'a>(&'a self, here: &Catalog) -> Vec<Done<'a>> {
        let verb = |is_here: bool| if is_here { "changed" } else { "added" };
        let sources = self.given.sources.iter().map(|(name, source)| {
            let is_here = here.sources.contains_key(name);
            let key = source.access_key_id().filter(|_| !is_here);
            Done {
                sentence: format!("{} the source `{name}`", verb(is_here)),
                keyless: key.map(|id| (name, id)),
            }
        });
        let accounts = self.given.accounts.iter().map(|(id, _)| Done {
            sentence: format!("{} the account {}", verb(here.accounts.contains_key(id)), id.grouped()),
            keyless: None,
        });
        let roles = self.given.roles.iter().map(|(name, _)| Done {
            sentence: format!("{} `{name}`", verb(here.roles.contains_key(name))),
            keyless: None,
        });
        sources.chain(accounts).chain(roles).collect()
    }
}

/// An entry of a catalog by how its name is written.
fn entry<K: Ord + Clone + FromStr, V: Clone>(all: &BTreeMap<K, V>, name: &str) -> Option<(K, V)> {
    let (key, value) = all.get_key_value(&name.parse().ok()?)?;
    Some((key.clone(), value.clone()))
}

/// Whether it could stand there: a source of that name that is somebody else's stays.
fn of_source(name: &Name, source: &Source, here: &Catalog) -> (Difference, Option<Failure>) {
    let Some(known) = here.sources.get(name) else {
        let taken = here.has_source(name).then(|| Failure::given_source_taken(name.as_str()));
        return (Difference::New, taken);
    };
    if known.arn != source.arn || known.kind != source.kind {
        let same = |field, old: &str, new: &str| {
            (old != new).then(|| FieldChange { field, old: Some(old.to_owned()), new: Some(new.to_owned()) })
        };
        let changes = same("who it is", &told(known), &told(source));
        return (
            Difference::Changes(changes.into_iter().collect()),
            Some(Failure::given_source_taken(name.as_str())),
        );
    }
    let text = |value: Option<String>| value.unwrap_or_default();
    let fields = |source: &Source| {
        [
            ("region", text(source.region.as_ref().map(ToString::to_string))),
            ("mfa-serial", text(source.mfa_serial.as_ref().map(ToString::to_string))),
        ]
    };
    (between(fields(known), fields(source)), None)
}

fn of_account(account: &Account, known: Option<&Account>) -> Difference {
    let says = |account: &Account| {
        [
            ("name", account.name.clone().unwrap_or_default()),
            ("colour", account.colour.map(|colour| colour.as_str().to_owned()).unwrap_or_default()),
            ("environment", account.environment.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("production", if account.production { "yes" } else { "" }.to_owned()),
        ]
    };
    let Some(known) = known else {
        return if *account == Account::default() { Difference::None } else { Difference::New };
    };
    // What is not said changes nothing.
    let becomes = says(account).map(|(field, new)| (field, (!new.is_empty()).then_some(new)));
    let kept = says(known);
    let becomes = std::array::from_fn(|at| {
        let (field, new) = becomes[at].clone();
        (field, new.unwrap_or_else(|| kept[at].1.clone()))
    });
    between(kept, becomes)
}

fn of_role(name: &Name, role: &Role, here: &Catalog) -> Difference {
    match here.roles.get(name) {
        None => Difference::New,
        Some(known) => between(fields(name, known), fields(name, role)),
    }
}

/// A role as it would be here: what is marked as production here stays so and is narrowed as it was, and what is new there is
/// narrowed no less than the rule for production says.
fn kept_dangerous(role: &Role, known: Option<&Role>, guard: &Guard<'_>) -> Role {
    let mut kept = role.clone();
    if let Some(known) = known.filter(|known| guard.covers(known)) {
        kept.production |= known.production;
        kept.read_only = known.read_only;
        kept.read_only_policy.clone_from(&known.read_only_policy);
    } else if guard.covers(role) {
        kept.read_only = role.read_only.filter(|narrowed| *narrowed);
        kept.read_only_policy = role.read_only_policy.clone().filter(PolicyArn::only_reads);
    }
    kept
}

fn role_refused(name: &Name, role: &Role, here: &Catalog) -> Option<Failure> {
    match here.roles.get(name) {
        None if here.has_role(name) => Some(Failure::import_role_unusable(name.as_str())),
        known if moved_mark(known, &role.arn) => Some(Failure::import_moves_mark(name.as_str())),
        None | Some(_) => None,
    }
}

/// Whether a role that is marked as production here would become another role of AWS: the one that it is would lose its mark.
pub(super) fn moved_mark(known: Option<&Role>, arn: &RoleArn) -> bool {
    known.is_some_and(|known| known.production && known.arn != *arn)
}

/// What a new role says beyond its ARN.
fn said(name: &Name, role: &Role) -> Vec<FieldChange> {
    let says = fields(name, role).into_iter().filter(|(field, text)| *field != "arn" && !text.is_empty());
    says.map(|(field, new)| FieldChange { field, old: None, new: Some(new) }).collect()
}

/// A role's fields, each as its option is called.
fn fields(name: &Name, role: &Role) -> [(&'static str, String); 18] {
    let entry = RoleEntry::of(name, role);
    let yes = |flag: bool| if flag { "yes" } else { "" }.to_owned();
    let by = match &role.assumed_by {
        Assumer::Source(name) => format!("source {name}"),
        Assumer::Role(name) => format!("role {name}"),
    };
    [
        ("arn", entry.arn),
        ("assumed by", by),
        ("region", entry.region),
        ("destination", entry.destination),
        ("session-name", entry.session_name),
        ("duration", entry.duration),
        ("favourite", yes(entry.favourite)),
        ("external-id", entry.external_id),
        ("source-identity", entry.source_identity),
        ("tag", entry.tags),
        ("transitive-tag", entry.transitive_tags),
        ("policy", entry.policy),
        ("policy-arn", entry.policy_arns),
        ("mfa", entry.mfa),
        ("mfa-serial", entry.mfa_serial),
        ("production", yes(entry.production)),
        ("read-only", entry.read_only),
        ("read-only-policy", entry.read_only_policy),
    ]
}

fn between<const COUNT: usize>(
    old: [(&'static str, String); COUNT],
    new: [(&'static str, String); COUNT],
) -> Difference {
    let said = |text: String| (!text.is_empty()).then_some(text);
    let changes: Vec<FieldChange> = old
        .into_iter()
        .zip(new)
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| FieldChange { field, old: said(old), new: said(new) })
        .collect();
    if changes.is_empty() { Difference::None } else { Difference::Changes(changes) }
}

fn told(source: &Source) -> String {
    match &source.kind {
        SourceKind::AccessKey(id) => format!("{}, key {}", source.arn, id.as_str()),
        SourceKind::Profile(profile) => format!("{}, profile {profile}", source.arn),
    }
}
