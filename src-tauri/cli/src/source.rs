//! `guise source`: keys go through the agent into the keychain; what is listed is read from the catalog.

use std::io::{ErrorKind, IsTerminal, Read};

use guise_core::agent::{Answered, Request};
use guise_core::arn::PrincipalArn;
use guise_core::catalog::{CatalogFile, EntryKind, Name, Source, SourceKind};
use guise_core::console::Endpoints;
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::secret::{AccessKey, AccessKeyId, ExposeSecret, SecretString};
use guise_core::view::{NewKey, NewSource};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::agent::ask;
use crate::arguments::{SourceAdd, SourceCommand, SourceEdit};
use crate::catalog::{self, catalog};
use crate::{rotation, say};

/// No secret access key is longer.
const LONGEST_SECRET: u64 = 4096;

pub(crate) fn run(home: &Home, command: SourceCommand) -> Result<(), Failure> {
    match command {
        SourceCommand::Add(add) => self::add(home, *add),
        SourceCommand::List { json: false } => {
            let seen = catalog(home);
            seen.warn_of_unusable(EntryKind::Source);
            if seen.catalog.sources.is_empty() {
                if !seen.warned && seen.unusable(EntryKind::Source).next().is_none() {
                    say::words("no sources yet; guise source add NAME --access-key-id ID makes one");
                }
                return Ok(());
            }
            let row = |(name, source): (&Name, &Source)| {
                vec![name.to_string(), source.account.grouped(), source.arn.to_string()]
            };
            say::data(&say::table(&seen.catalog.sources.iter().map(row).collect::<Vec<_>>()))
        }
        SourceCommand::List { json: true } => {
            let seen = catalog(home);
            let usable = seen.catalog.sources.iter().map(|(name, source)| value(name, source));
            let all: Vec<Value> =
                usable.chain(seen.unusable(EntryKind::Source).map(catalog::value)).collect();
            say::data(&format!("{:#}", Value::from(all)))
        }
        SourceCommand::Show { name, json } => {
            let catalog = catalog(home).catalog;
            let source = catalog.source(&name)?;
            if json {
                return say::data(&format!("{:#}", value(&name, source)));
            }
            let roles: Vec<String> = catalog.roles_of(&name).iter().map(ToString::to_string).collect();
            let age = rotation::age(home, &name, source);
            say::data(&say::table(&[
                vec!["name".into(), name.to_string()],
                vec!["account".into(), source.account.grouped()],
                vec!["arn".into(), source.arn.to_string()],
                match &source.kind {
                    SourceKind::AccessKey(id) => vec!["access key".into(), id.as_str().to_owned()],
                    SourceKind::Profile(profile) => vec!["profile".into(), profile.to_string()],
                },
                vec!["key age".into(), age],
                vec![
                    "MFA".into(),
                    source.mfa_serial.as_ref().map_or("no device known".into(), ToString::to_string),
                ],
                vec![
                    "region".into(),
                    source.region.as_ref().map_or("its roles' own".into(), ToString::to_string),
                ],
                vec!["roles".into(), if roles.is_empty() { "none".into() } else { roles.join(", ") }],
            ]))
        }
        SourceCommand::Test { name } => {
            let known = catalog(home).catalog.sources.get(&name).map(|source| source.arn.clone());
            let answered = ask(home, Request::TestSource { source: name.to_string() })?;
            identity(&name, &answered)?;
            let Answered::Identity { arn, .. } = &answered else { return Ok(()) };
            let now = arn.parse::<PrincipalArn>();
            if let (Some(known), Ok(now)) = (known, now)
                && !known.is_same(&now)
            {
                say::words(&format!("it was {known} until now; the catalog has it as it is"));
            }
            Ok(())
        }
        SourceCommand::Edit(edit) => self::edit(home, edit),
        SourceCommand::Rotate { name, delete_old: false, .. } => rotation::rotate(home, &name),
        SourceCommand::Rotate { name, delete_old: true, yes } => rotation::delete_old(home, &name, yes),
        SourceCommand::Remove { name, yes } => remove(home, &name, yes),
    }
}

fn add(home: &Home, add: SourceAdd) -> Result<(), Failure> {
    // Said before the person types a secret for nothing. A source that has lost its key can be given one: that, the agent knows.
    let catalog = CatalogFile::in_home(home).load()?;
    let takes_a_key = catalog.sources.get(&add.name).is_some_and(|known| known.access_key_id().is_some());
    if catalog.has_source(&add.name) && !(takes_a_key && add.access_key_id.is_some()) {
        return Err(Failure::source_exists(add.name.as_str()));
    }
    let key = match (&add.access_key_id, &add.profile) {
        (Some(id), None) => NewKey::AccessKey(AccessKey::new(id.clone(), secret(id, add.secret_stdin)?)?),
        (None, Some(profile)) => NewKey::Profile(profile.clone()),
        (Some(_), Some(_)) | (None, None) => return Err(Failure::internal("neither a key nor a profile")),
    };
    // Names are kept in plain text.
    if let NewKey::AccessKey(key) = &key
        && add.name.as_str().contains(key.secret().expose_secret())
    {
        return Err(Failure::name_is_secret());
    }
    let said = match &key {
        NewKey::AccessKey(_) => "the key is in the keychain",
        NewKey::Profile(_) => "the profile is asked whenever a role needs it",
    };
    let source = NewSource {
        name: add.name.clone(),
        key,
        mfa_serial: add.mfa_serial,
        mfa_process: add.mfa_process,
        region: add.region,
        endpoints: Endpoints {
            sts: add.sts_endpoint,
            signin: add.signin_endpoint,
            console: add.console_endpoint,
        },
    };
    let answered = ask(home, Request::AddSource(Box::new((&source).into())))?;
    identity(&add.name, &answered)?;
    say::words(said);
    Ok(())
}

/// The secret from a prompt without echo, or from standard input up to the first line break.
pub(crate) fn secret(id: &AccessKeyId, from_stdin: bool) -> Result<SecretString, Failure> {
    if from_stdin {
        let mut text = Zeroizing::new(String::with_capacity(256));
        let read = std::io::stdin().lock().take(LONGEST_SECRET).read_to_string(&mut text);
        read.map_err(|_| Failure::implausible_secret_access_key())?;
        return Ok(text.trim().to_owned().into());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::no_terminal());
    }
    let prompt = format!("Secret access key of {}: ", id.as_str());
    let typed = without_being_killed(|| rpassword::prompt_password(prompt))?;
    let text: SecretString = typed
        .map_err(|error| {
            let gave_up = matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::UnexpectedEof);
            if gave_up { Failure::cancelled() } else { Failure::no_terminal() }
        })?
        .into();
    let trimmed = text.expose_secret().trim();
    if trimmed.is_empty() { Err(Failure::cancelled()) } else { Ok(trimmed.to_owned().into()) }
}

/// Asks with Ctrl C ending the question, not us: the terminal must get its echo back first.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps, reason = "on Unix catching Ctrl C can fail"))]
fn without_being_killed<T>(ask: impl FnOnce() -> T) -> Result<T, Failure> {
    #[cfg(unix)]
    {
        let runtime = crate::runtime()?;
        let _inside = runtime.enter();
        let interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
        let _caught = interrupt.map_err(|_| Failure::internal("Ctrl C could not be caught"))?;
        Ok(ask())
    }
    #[cfg(not(unix))]
    Ok(ask())
}

fn identity(name: &Name, answered: &Answered) -> Result<(), Failure> {
    let Answered::Identity { account, arn } = answered else {
        return Err(Failure::agent_unintelligible());
    };
    say::data(&say::table(&[
        vec!["source".into(), name.to_string()],
        vec!["account".into(), account.clone()],
        vec!["arn".into(), arn.clone()],
    ]))
}

fn edit(home: &Home, edit: SourceEdit) -> Result<(), Failure> {
    let mfa_process = edit.mfa_process.map(|command| match command.as_slice() {
        [nothing] if nothing.is_empty() => Vec::new(),
        _ => command,
    });
    if edit.region.is_none() && edit.mfa_serial.is_none() && mfa_process.is_none() {
        return Err(Failure::nothing_to_change());
    }
    let source = edit.name.to_string();
    let (region, mfa_serial) = (edit.region, edit.mfa_serial);
    ask(home, Request::EditSource { source, region, mfa_serial, mfa_process })?;
    say::words(&format!("changed `{}`", edit.name));
    Ok(())
}

fn remove(home: &Home, name: &Name, yes: bool) -> Result<(), Failure> {
    let seen = catalog(home);
    let needed_by = seen.catalog.roles_of(name).len();
    let by_hand = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let has_key = seen.catalog.sources.get(name).is_some_and(|source| source.access_key_id().is_some());
    // Whoever types it once may mean it otherwise; a script says what it means.
    if has_key && needed_by > 0 && by_hand && !yes {
        let roles =
            if needed_by == 1 { "1 role needs".to_owned() } else { format!("{needed_by} roles need") };
        say::words(&format!("{roles} `{name}`, and AWS shows the secret of its key to nobody again"));
        if !say::yes("Take it out of the keychain? [y/N] ") {
            return Err(Failure::cancelled());
        }
    }
    let answered = ask(home, Request::RemoveSource { source: name.to_string() })?;
    let Answered::SourceRemoved { needed_by, key_removed } = answered else {
        return Err(Failure::agent_unintelligible());
    };
    let key = if key_removed { "its key is out of the keychain" } else { "the keychain held no key for it" };
    say::words(&format!("removed `{name}`; {key}"));
    if !needed_by.is_empty() {
        let roles = needed_by.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>().join(", ");
        let verb = if needed_by.len() == 1 { "needs" } else { "need" };
        say::words(&format!(
            "{roles} still {verb} it: guise role edit ROLE --source OTHER, or guise role remove ROLE"
        ));
    }
    Ok(())
}

fn value(name: &Name, source: &Source) -> Value {
    json!({
        "name": name.as_str(),
        "kind": if source.access_key_id().is_some() { "access-key" } else { "profile" },
        "account": source.account.as_str(),
        "arn": source.arn.as_str(),
        "access_key_id": source.access_key_id().map(AccessKeyId::as_str),
        "profile": match &source.kind {
            SourceKind::AccessKey(_) => None,
            SourceKind::Profile(profile) => Some(profile.as_str()),
        },
        "mfa_serial": source.mfa_serial.as_ref().map(ToString::to_string),
        "region": source.region.as_ref().map(ToString::to_string),
    })
}
