//! `guise role`: the catalog's roles. A running agent sees each change by itself.

use std::str::FromStr;

use guise_core::catalog::{Catalog, CatalogFile, Change, EntryKind, Name, Role, RoleChange};
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::session::SessionDuration;
use guise_core::state::Ceilings;
use serde_json::{Value, json};

use crate::arguments::{RoleAdd, RoleCommand, RoleEdit};
use crate::catalog::{self, Seen, catalog};
use crate::say;

pub(crate) fn run(home: &Home, command: RoleCommand) -> Result<(), Failure> {
    let file = CatalogFile::in_home(home);
    match command {
        RoleCommand::Add(add) => {
            let (name, role) = added(add);
            file.add_role(&name, &role)?;
            say::words(&format!("added `{name}`; guise console {} opens it", quoted(&name)));
            Ok(())
        }
        RoleCommand::List { json } => list(&catalog(home), json),
        RoleCommand::Show { name, json } => {
            let catalog = catalog(home).catalog;
            show(&catalog, &name, catalog.role(&name)?, json)
        }
        RoleCommand::Edit(edit) => {
            let name = edit.name.clone();
            let becomes = edit.rename.clone().unwrap_or_else(|| name.clone());
            let asks_anew = edit.duration.is_some();
            let catalog = file.edit_role(&name, &change(edit)?)?;
            say::words(&format!("changed `{name}`"));
            // What AWS refused before may have been allowed since.
            if let Some(role) = catalog.roles.get(&becomes).filter(|_| asks_anew)
                && let Some(unsaved) = Ceilings::load(&home.state).forget(&role.arn)
                && let Err(failure) = unsaved.save()
            {
                say::warning(&failure);
            }
            Ok(())
        }
        RoleCommand::Remove { name } => {
            file.remove_role(&name)?;
            say::words(&format!("removed `{name}`"));
            Ok(())
        }
    }
}

fn added(add: RoleAdd) -> (Name, Role) {
    let role = Role {
        arn: add.arn,
        source: add.source,
        region: add.region,
        destination: add.destination,
        session_name: add.session_name,
        duration: add.duration,
        favourite: add.favourite,
    };
    (add.name, role)
}

fn change(edit: RoleEdit) -> Result<RoleChange, Failure> {
    Ok(RoleChange {
        name: edit.rename,
        arn: edit.arn,
        source: edit.source,
        region: read(edit.region)?,
        destination: read(edit.destination)?,
        session_name: read(edit.session_name)?,
        duration: read(edit.duration)?,
        favourite: if edit.favourite {
            Some(true)
        } else if edit.no_favourite {
            Some(false)
        } else {
            None
        },
    })
}

/// An empty value takes a setting away; any other must be one.
fn read<T: FromStr<Err = Failure>>(text: Option<String>) -> Result<Change<T>, Failure> {
    match text {
        None => Ok(Change::Keep),
        Some(text) if text.is_empty() => Ok(Change::Clear),
        Some(text) => Ok(Change::Set(text.parse()?)),
    }
}

fn list(seen: &Seen, json: bool) -> Result<(), Failure> {
    let catalog = &seen.catalog;
    if json {
        let usable = catalog.roles.iter().map(|(name, role)| value(catalog, name, role));
        let all: Vec<Value> = usable.chain(seen.unusable(EntryKind::Role).map(catalog::value)).collect();
        return say::data(&format!("{:#}", Value::from(all)));
    }
    seen.warn_of_unusable(EntryKind::Role);
    if catalog.roles.is_empty() {
        if !seen.warned && seen.unusable(EntryKind::Role).next().is_none() {
            say::words("no roles yet; guise role add NAME --arn ARN --source SOURCE makes one");
        }
        return Ok(());
    }
    let row = |(name, role): (&Name, &Role)| {
        let star = if role.favourite { "★" } else { "" };
        let account = catalog.accounts.get(role.arn.account()).and_then(|account| account.name.clone());
        vec![
            name.to_string(),
            account.unwrap_or_else(|| role.arn.account().grouped()),
            role.source.to_string(),
            catalog.region_of(role).to_string(),
            star.to_owned(),
        ]
    };
    say::data(&say::table(&catalog.roles.iter().map(row).collect::<Vec<_>>()))
}

fn show(catalog: &Catalog, name: &Name, role: &Role, json: bool) -> Result<(), Failure> {
    if json {
        return say::data(&format!("{:#}", value(catalog, name, role)));
    }
    let or = |text: Option<String>, otherwise: &str| text.unwrap_or_else(|| otherwise.to_owned());
    say::data(&say::table(&[
        vec!["name".into(), name.to_string()],
        vec!["arn".into(), role.arn.to_string()],
        vec!["account".into(), role.arn.account().grouped()],
        vec!["source".into(), role.source.to_string()],
        vec!["region".into(), catalog.region_of(role).to_string()],
        vec!["page".into(), or(role.destination.as_ref().map(ToString::to_string), "the console's home")],
        vec![
            "session name".into(),
            or(role.session_name.as_ref().map(ToString::to_string), "the source's user name"),
        ],
        vec!["duration".into(), or(role.duration.map(|each| each.to_string()), "1h")],
        vec!["favourite".into(), if role.favourite { "yes" } else { "no" }.into()],
    ]))
}

fn value(catalog: &Catalog, name: &Name, role: &Role) -> Value {
    json!({
        "name": name.as_str(),
        "arn": role.arn.to_string(),
        "account": role.arn.account().as_str(),
        "source": role.source.as_str(),
        "region": catalog.region_of(role).as_str(),
        "destination": role.destination.as_ref().map(ToString::to_string),
        "session_name": role.session_name.as_ref().map(ToString::to_string),
        "duration_seconds": role.duration.map(SessionDuration::seconds),
        "favourite": role.favourite,
    })
}

/// A name as it can be typed into a shell.
fn quoted(name: &Name) -> String {
    let plain = name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if plain { name.to_string() } else { format!("'{}'", name.as_str().replace('\'', r"'\''")) }
}
