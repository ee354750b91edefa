//! `guise import`: shows what other tools know, and brings in what the person chooses. What is read is data: nothing of it is
//! run, and nobody is asked before a choice was made.

mod apply;
mod show;

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal};
use std::path::Path;

use guise_core::adapters::other_tools;
use guise_core::catalog::{Catalog, Name};
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::import::{FieldChange, Finds, KeysGo, ProfilesAre, Wishes, read_any};
use guise_core::profiles::ProfileName;

use self::apply::{Applying, Existing};
use crate::arguments::bringing::ImportCommand;
use crate::catalog::catalog;
use crate::exchange::text_of;
use crate::say;

pub(crate) fn run(home: &Home, command: &ImportCommand) -> Result<(), Failure> {
    let finds = match &command.from {
        Some(path) => from_file(path)?,
        None => of_this_computer(),
    };
    let catalog = catalog(home).catalog;
    let wishes = Wishes {
        source: command.source.clone(),
        keys: if command.move_keys { KeysGo::IntoTheKeychain } else { KeysGo::Nowhere },
        profiles: if command.from.is_some() { ProfilesAre::Elsewhere } else { ProfilesAre::Usual },
    };
    if command.json {
        return say::data(&format!("{:#}", show::value(&finds, &catalog, &wishes)));
    }
    let by_hand = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let mut applying = Applying { home, finds: &finds, wishes, existing: Existing::Left, command };
    if command.replace {
        applying.existing = Existing::Changed;
    } else if by_hand {
        applying.existing = Existing::Asked;
    }
    let chosen = if command.all {
        all(&finds, command.move_keys)
    } else if command.apply.is_empty() {
        show::all(&finds, &catalog, &applying.wishes)?;
        let nothing = finds.roles.is_empty()
            && finds.keys.is_empty()
            && finds.centers.is_empty()
            && finds.vaulted.is_empty();
        if !by_hand || nothing {
            return Ok(());
        }
        let chosen = choose(&finds, &catalog)?;
        if chosen.needs_a_key(&finds, &catalog)
            && !command.move_keys
            && yes("Put the keys that they need into the keychain?")
        {
            applying.wishes.keys = KeysGo::IntoTheKeychain;
        }
        chosen
    } else {
        named(&finds, &command.apply)?
    };
    applying.apply(&chosen)
}

/// What the person chose: roles, and profiles that become sources.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    pub(crate) roles: Vec<Name>,
    pub(crate) profiles: Vec<ProfileName>,
}

impl Chosen {
    fn needs_a_key(&self, finds: &Finds, catalog: &Catalog) -> bool {
        let is_here = |id| catalog.sources.values().any(|source| source.access_key_id() == Some(id));
        let needed: BTreeSet<&ProfileName> = finds
            .in_order(&self.roles)
            .into_iter()
            .filter_map(|role| role.by.profile())
            .chain(&self.profiles)
            .collect();
        let has_source = |profile: &ProfileName| {
            profile.as_str().parse().is_ok_and(|name: Name| catalog.has_source(&name))
        };
        finds.keys.iter().any(|key| !key.temporary && needed.contains(&key.profile) && !is_here(&key.id))
            || finds.vaulted.iter().any(|key| needed.contains(&key.profile) && !has_source(&key.profile))
    }
}

fn all(finds: &Finds, with_keys: bool) -> Chosen {
    let keys = finds.keys.iter().filter(|key| with_keys && !key.temporary);
    Chosen {
        roles: finds.roles.iter().map(|role| role.name.clone()).collect(),
        profiles: keys
            .map(|key| key.profile.clone())
            .chain(finds.vaulted.iter().filter(|_| with_keys).map(|key| key.profile.clone()))
            .collect(),
    }
}

/// What these names mean. A name that is nothing stops everything: nobody means half of what they type.
fn named(finds: &Finds, names: &[String]) -> Result<Chosen, Failure> {
    let mut chosen = Chosen::default();
    for text in names {
        if let Some(role) = finds.role(text) {
            chosen.roles.push(role.name.clone());
            continue;
        }
        let profiles = finds.centers.iter().chain(&finds.others).map(|found| &found.profile);
        let keys = finds.keys.iter().map(|key| &key.profile);
        let mut profiles = profiles.chain(keys).chain(finds.vaulted.iter().map(|key| &key.profile));
        let profile = profiles.find(|profile| profile.as_str() == text);
        chosen.profiles.push(profile.ok_or_else(|| Failure::import_unknown(text))?.clone());
    }
    Ok(chosen)
}

fn choose(finds: &Finds, catalog: &Catalog) -> Result<Chosen, Failure> {
    loop {
        say::question("\nBring in which? Names with commas between them, all, or nothing to leave: ");
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        let text = line.trim();
        match read {
            Ok(_) if text.is_empty() => return Err(Failure::cancelled()),
            Err(_) => return Err(Failure::cancelled()),
            Ok(_) if text == "all" && catalog.roles.keys().all(|name| name.as_str() != "all") => {
                return Ok(all(finds, false));
            }
            Ok(_) => {}
        }
        let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
        match named(finds, &names) {
            Ok(chosen) => return Ok(chosen),
            Err(failure) => say::failure(&failure),
        }
    }
}

/// Asks a question that is no unless it is answered by yes.
fn yes(question: &str) -> bool {
    say::yes(&format!("{question} [y/N] "))
}

/// Fields that would change, a row each; `written` makes a value fit to be shown.
pub(crate) fn changed(fields: &[FieldChange], written: fn(&str) -> String) -> Vec<Vec<String>> {
    let or = |text: &Option<String>| text.as_deref().map_or_else(|| "nothing".into(), written);
    let row = |change: &FieldChange| {
        vec![
            format!("  {}", change.field),
            format!("- {}", or(&change.old)),
            format!("+ {}", or(&change.new)),
        ]
    };
    fields.iter().map(row).collect()
}

fn from_file(path: &Path) -> Result<Finds, Failure> {
    let text = text_of(path)?.ok_or_else(|| Failure::import_nothing_there(path))?;
    Ok(read_any(&text, path.to_owned()))
}

/// What other tools keep here. What cannot be read is told, and the rest is read none the less.
fn of_this_computer() -> Finds {
    let (finds, trouble) = other_tools::finds();
    for failure in &trouble {
        say::warning(failure);
    }
    finds
}
