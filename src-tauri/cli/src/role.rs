//! `guise role`: the catalog's roles. A running agent sees each change by itself.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use guise_core::adapters::{self, clock::SystemClock};
use guise_core::assume::{Access, MfaWay, SessionPolicy, TagKey, read_tag};
use guise_core::catalog::{Assumer, Catalog, CatalogFile, Change, EntryKind, Guard, Name, Role, RoleChange};
use guise_core::chain::{Circumstances, Plan};
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::ports::Clock;
use guise_core::session::SessionDuration;
use guise_core::state::Ceilings;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::arguments::{RoleCommand, RoleOptions};
use crate::catalog::{self, Seen, catalog};
use crate::say;

/// A policy has at most 2,048 characters; with spaces it may be longer, but not by so much.
const LARGEST_POLICY: u64 = 64 * 1024;

pub(crate) fn run(home: &Home, command: RoleCommand) -> Result<(), Failure> {
    let file = CatalogFile::in_home(home);
    match command {
        RoleCommand::Add(add) => {
            let add = *add;
            let name = add.name;
            let assumed_by = assumer(add.source, add.via).ok_or_else(Failure::nothing_to_change)?;
            let role = change(add.options)?.applied_to(Role::new(add.arn, assumed_by));
            let catalog = file.add_role(&name, &role)?;
            say::words(&format!("added `{name}`; guise console {} opens it", quoted(&name)));
            note_shortened(&catalog, &name);
            Ok(())
        }
        RoleCommand::List { json } => list(&catalog(home), json),
        RoleCommand::Show { name, json } => {
            let catalog = catalog(home).catalog;
            show(&catalog, &name, catalog.role(&name)?, json)
        }
        RoleCommand::Edit(edit) => {
            let edit = *edit;
            let name = edit.name;
            let becomes = edit.rename.clone().unwrap_or_else(|| name.clone());
            let asks_anew = edit.options.duration.is_some();
            let asked = change(edit.options)?;
            let change = RoleChange {
                name: edit.rename,
                arn: edit.arn,
                assumed_by: assumer(edit.source, edit.via),
                favourite: asked.favourite.or(edit.no_favourite.then_some(false)),
                production: asked.production.or(edit.no_production.then_some(false)),
                ..asked
            };
            let catalog = file.edit_role(&name, &change)?;
            say::words(&format!("changed `{name}`"));
            note_shortened(&catalog, &becomes);
            // What AWS refused before may have been allowed since.
            if let Some(role) = catalog.roles.get(&becomes).filter(|_| asks_anew)
                && let Some(unsaved) = Ceilings::load(&home.state).forget(&role.arn)
                && let Err(failure) = unsaved.save()
            {
                say::warning(&failure);
            }
            Ok(())
        }
        RoleCommand::Explain { name, access } => {
            let plan = Plan::new(&catalog(home).catalog, &name, access.access(), &circumstances())?;
            say::data(&plan.explained().join("\n"))
        }
        RoleCommand::Remove { name } => {
            file.remove_role(&name)?;
            say::words(&format!("removed `{name}`"));
            Ok(())
        }
    }
}

fn circumstances() -> Circumstances {
    Circumstances::at(SystemClock.now(), &TimeZone::system(), &adapters::host::name())
}

fn assumer(source: Option<Name>, via: Option<Name>) -> Option<Assumer> {
    via.map(Assumer::Role).or_else(|| source.map(Assumer::Source))
}

/// Says at once what the role's sessions will be shorter by, and why.
fn note_shortened(catalog: &Catalog, name: &Name) {
    let plan = Plan::new(catalog, name, Access::Usual, &circumstances());
    if let Ok(plan) = plan
        && let Some(lowered) = plan.lowered
    {
        say::note(&Failure::duration_lowered(
            name.as_str(),
            lowered.from,
            plan.duration(),
            lowered.because.words(),
        ));
    }
}

/// The change that a person typed, without what adding and editing have each for themselves.
fn change(options: RoleOptions) -> Result<RoleChange, Failure> {
    let read_only = match options.read_only.as_deref() {
        None => Change::Keep,
        Some("") => Change::Clear,
        Some("yes") => Change::Set(true),
        Some("no") => Change::Set(false),
        Some(other) => return Err(Failure::malformed_setting("--read-only", other, "yes or no")),
    };
    let policy = match options.policy {
        None => Change::Keep,
        Some(path) if path.as_os_str().is_empty() => Change::Clear,
        Some(path) => Change::Set(policy_in(&path)?),
    };
    Ok(RoleChange {
        name: None,
        arn: None,
        assumed_by: None,
        region: Change::read(options.region)?,
        destination: Change::read(options.destination)?,
        session_name: Change::read(options.session_name)?,
        duration: Change::read(options.duration)?,
        favourite: options.favourite.then_some(true),
        external_id: Change::read(options.external_id)?,
        source_identity: Change::read(options.source_identity)?,
        tags: all(&options.tag, read_tag)?,
        transitive_tags: all(&options.transitive_tag, str::parse)?,
        policy,
        policy_arns: all(&options.policy_arn, str::parse)?,
        mfa: Change::read(options.mfa)?,
        mfa_serial: Change::read(options.mfa_serial)?,
        production: options.production.then_some(true),
        read_only,
        read_only_policy: Change::read(options.read_only_policy)?,
    })
}

/// All of a list that was given; an empty text alone stands for none, and nothing given for what there is.
fn all<T, C: FromIterator<T>>(
    texts: &[String],
    read: impl Fn(&str) -> Result<T, Failure>,
) -> Result<Option<C>, Failure> {
    match texts {
        [] => Ok(None),
        [nothing] if nothing.is_empty() => Ok(Some(std::iter::empty().collect())),
        texts => texts.iter().map(|text| read(text)).collect::<Result<C, Failure>>().map(Some),
    }
}

fn policy_in(path: &Path) -> Result<SessionPolicy, Failure> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST_POLICY).read_to_string(&mut text));
    read.map_err(|error| Failure::policy_unreadable(path, &error))?;
    text.parse()
}

fn list(seen: &Seen, json: bool) -> Result<(), Failure> {
    let catalog = &seen.catalog;
    if json {
        let guard = catalog.guard();
        let usable = catalog.roles.iter().map(|(name, role)| value(catalog, &guard, name, role));
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
    let guard = catalog.guard();
    let row = |(name, role): (&Name, &Role)| {
        let star = if role.favourite { "★" } else { "" };
        let through = catalog.through_production(&guard, name, role);
        let mark = match (guard.covers(role), through.is_empty()) {
            (true, _) => "PRODUCTION",
            (false, false) => "production on the way",
            (false, true) => "",
        };
        let account = catalog.accounts.get(role.arn.account()).and_then(|account| account.name.clone());
        vec![
            name.to_string(),
            account.unwrap_or_else(|| role.arn.account().grouped()),
            match &role.assumed_by {
                Assumer::Source(source) => source.to_string(),
                Assumer::Role(via) => format!("via {via}"),
            },
            catalog.region_of(role).to_string(),
            star.to_owned(),
            mark.to_owned(),
        ]
    };
    say::data(&say::table(&catalog.roles.iter().map(row).collect::<Vec<_>>()))
}

fn show(catalog: &Catalog, name: &Name, role: &Role, json: bool) -> Result<(), Failure> {
    if json {
        return say::data(&format!("{:#}", value(catalog, &catalog.guard(), name, role)));
    }
    let or = |text: Option<String>, otherwise: &str| text.unwrap_or_else(|| otherwise.to_owned());
    let (by, assumer) = match &role.assumed_by {
        Assumer::Source(source) => ("source", source),
        Assumer::Role(via) => ("via", via),
    };
    let mut rows = vec![
        vec!["name".into(), name.to_string()],
        vec!["arn".into(), role.arn.to_string()],
        vec!["account".into(), role.arn.account().grouped()],
        vec![by.into(), assumer.to_string()],
        vec!["region".into(), catalog.region_of(role).to_string()],
        vec!["page".into(), or(role.destination.as_ref().map(ToString::to_string), "the console's home")],
        vec![
            "session name".into(),
            or(role.session_name.as_ref().map(ToString::to_string), "the source's user name"),
        ],
        vec!["duration".into(), or(role.duration.map(|each| each.to_string()), "1h")],
        vec!["favourite".into(), if role.favourite { "yes" } else { "no" }.into()],
    ];
    let guard = catalog.guard();
    let through = catalog.through_production(&guard, name, role);
    let text = |value: Option<String>| value.filter(|text| !text.is_empty());
    let joined = |items: Vec<String>| text(Some(items.join(", ")));
    let rest = [
        ("external id", role.external_id.as_ref().map(ToString::to_string)),
        ("source identity", role.source_identity.as_ref().map(ToString::to_string)),
        ("tags", joined(role.tags.iter().map(|(key, value)| format!("{key}={value}")).collect())),
        ("tags that go on", joined(role.transitive_tags.iter().map(ToString::to_string).collect())),
        ("policy", role.policy.as_ref().map(ToString::to_string)),
        ("policies", joined(role.policy_arns.iter().map(ToString::to_string).collect())),
        ("MFA", role.mfa.map(|way| way.to_string())),
        ("MFA device", role.mfa_serial.as_ref().map(ToString::to_string)),
        ("production", guard.covers(role).then(|| "yes".to_owned())),
        ("production on the way", joined(through.into_iter().map(ToString::to_string).collect())),
        ("read-only", role.read_only.map(|only| if only { "yes" } else { "no" }.to_owned())),
        ("read-only policy", role.read_only_policy.as_ref().map(ToString::to_string)),
    ];
    rows.extend(rest.into_iter().filter_map(|(label, value)| Some(vec![label.to_owned(), value?])));
    say::data(&say::table(&rows))
}

fn value(catalog: &Catalog, guard: &Guard<'_>, name: &Name, role: &Role) -> Value {
    let through = catalog.through_production(guard, name, role);
    let through: Vec<&str> = through.into_iter().map(Name::as_str).collect();
    let (source, via) = match &role.assumed_by {
        Assumer::Source(source) => (Some(source.as_str()), None),
        Assumer::Role(via) => (None, Some(via.as_str())),
    };
    let tags: BTreeMap<&str, &str> =
        role.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    json!({
        "name": name.as_str(),
        "arn": role.arn.to_string(),
        "account": role.arn.account().as_str(),
        "source": source,
        "via": via,
        "region": catalog.region_of(role).as_str(),
        "destination": role.destination.as_ref().map(ToString::to_string),
        "session_name": role.session_name.as_ref().map(ToString::to_string),
        "duration_seconds": role.duration.map(SessionDuration::seconds),
        "favourite": role.favourite,
        "external_id": role.external_id.as_ref().map(ToString::to_string),
        "source_identity": role.source_identity.as_ref().map(ToString::to_string),
        "tags": tags,
        "transitive_tags": role.transitive_tags.iter().map(TagKey::as_str).collect::<Vec<_>>(),
        "policy": role.policy.as_ref().map(ToString::to_string),
        "policy_arns": role.policy_arns.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "mfa": role.mfa.map(MfaWay::as_str),
        "mfa_serial": role.mfa_serial.as_ref().map(ToString::to_string),
        "production": guard.covers(role),
        "production_on_the_way": through,
        "read_only": role.read_only,
        "read_only_policy": role.read_only_policy.as_ref().map(ToString::to_string),
    })
}

/// A name as it can be typed into a shell.
fn quoted(name: &Name) -> String {
    let plain = name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if plain { name.to_string() } else { format!("'{}'", name.as_str().replace('\'', r"'\''")) }
}
