//! The catalog's text, read into checked values. What one entry has wrong stops that entry, not the others.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::setting::CLIPBOARD_SECONDS;
use super::{
    Account, Assumer, Catalog, Confirmation, EntryKind, Environment, Name, Role, Settings, Source,
    SourceKind, Unusable,
};
use crate::arn::AccountId;
use crate::assume::{TagKey, Tags};
use crate::browser::BrowserName;
use crate::failure::Failure;
use crate::shortcut::Shortcut;

/// What is wrong, in words that name the place.
type Problem = String;

/// Where something stands; said only when something is wrong there.
#[derive(Clone, Copy)]
struct Place<'a> {
    section: &'a str,
    name: Option<&'a str>,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.section)?;
        self.name.map_or(Ok(()), |name| write!(out, ".{name}"))
    }
}

/// The kinds that this version knows.
pub(super) const ACCESS_KEY: &str = "access-key";
pub(super) const PROFILE: &str = "profile";
/// The order of favourites, beside the settings.
pub(super) const FAVOURITES: &str = "favourites";
const ROLE_KIND: &str = "assume-role";

/// Reads a catalog. Keys that we do not know are left alone; an entry that we do not understand is put aside.
pub(super) fn read(text: &str) -> Result<Catalog, Problem> {
    let document = DeTable::parse(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        format!("line {line}: {}", error.message())
    })?;
    let document = document.get_ref();
    let mut catalog = Catalog::default();
    for (name, value) in section(document, "sources")? {
        match entry("sources", name, value, source) {
            Ok((name, source)) => drop(catalog.sources.insert(name, source)),
            Err(problem) => catalog.unusable.push(Unusable::new(EntryKind::Source, name, &problem)),
        }
    }
    for (name, value) in section(document, "roles")? {
        match entry("roles", name, value, role) {
            Ok((name, role)) => drop(catalog.roles.insert(name, role)),
            Err(problem) => {
                let arn = value.get("arn").and_then(|arn| arn.get_ref().as_str()?.parse().ok());
                catalog.unusable_production.extend(arn.filter(|_| is_marked(value)));
                catalog.unusable.push(Unusable::new(EntryKind::Role, name, &problem));
            }
        }
    }
    let mut marked: Vec<AccountId> = Vec::new();
    for (id, value) in section(document, "accounts")? {
        match entry("accounts", id, value, account) {
            Ok((id, account)) => drop(catalog.accounts.insert(id, account)),
            Err(problem) => {
                // Also where its number is written as a person reads it.
                let meant = id.replace([' ', '-'], "").parse();
                marked.extend(meant.ok().filter(|_: &AccountId| is_marked(value)));
                catalog.unusable.push(Unusable::new(EntryKind::Account, id, &problem));
            }
        }
    }
    for id in marked {
        catalog.accounts.entry(id).or_default().production = true;
    }
    if let Some(table) = table_at(document, "settings")? {
        let place = Place { section: "settings", name: None };
        match list(table, place, FAVOURITES) {
            Ok(favourites) => catalog.favourites = favourites,
            Err(problem) => catalog.unusable.push(Unusable::new(EntryKind::Setting, FAVOURITES, &problem)),
        }
        for (key, problem) in settings(table, &mut catalog.settings) {
            catalog.unusable.push(Unusable::new(EntryKind::Setting, key, &problem));
        }
    }
    Ok(catalog)
}

/// Whether an entry that cannot be used is marked as production. Whatever is wrong with it, it is no less dangerous: only a plain no
/// is a no.
fn is_marked(value: &DeValue<'_>) -> bool {
    let says = |key: &str| value.get(key).map(Spanned::get_ref);
    says("environment").and_then(DeValue::as_str).is_some_and(Environment::says_production)
        || says("production").is_some_and(|says| says.as_bool() != Some(false))
}

fn source(table: &DeTable<'_>, place: Place<'_>) -> Result<Source, Problem> {
    let kind = match text(table, place, "kind")? {
        None | Some(ACCESS_KEY) => SourceKind::AccessKey(required(table, place, "access_key_id")?),
        Some(PROFILE) => SourceKind::Profile(required(table, place, "profile")?),
        Some(kind) => return Err(unknown_kind(place, kind)),
    };
    Ok(Source {
        kind,
        arn: required(table, place, "arn")?,
        account: required(table, place, "account")?,
        region: optional(table, place, "region")?,
        mfa_serial: optional(table, place, "mfa_serial")?,
    })
}

fn role(table: &DeTable<'_>, place: Place<'_>) -> Result<Role, Problem> {
    match text(table, place, "kind")? {
        None | Some(ROLE_KIND) => {}
        Some(kind) => return Err(unknown_kind(place, kind)),
    }
    let assumed_by = match (optional(table, place, "source")?, optional(table, place, "via")?) {
        (Some(source), None) => Assumer::Source(source),
        (None, Some(via)) => Assumer::Role(via),
        (None, None) => return Err(format!("{place} has no `source`")),
        (Some(_), Some(_)) => {
            return Err(format!(
                "{place}: {}",
                Failure::two_assumers(place.name.unwrap_or_default()).message
            ));
        }
    };
    let role = Role {
        arn: required(table, place, "arn")?,
        assumed_by,
        region: optional(table, place, "region")?,
        destination: optional(table, place, "destination")?,
        session_name: optional(table, place, "session_name")?,
        duration: optional(table, place, "duration")?,
        favourite: flag(table, place, "favourite")?.unwrap_or_default(),
        external_id: optional(table, place, "external_id")?,
        source_identity: optional(table, place, "source_identity")?,
        tags: tags(table, place)?,
        transitive_tags: list(table, place, "transitive_tags")?.into_iter().collect(),
        policy: optional(table, place, "policy")?,
        policy_arns: list(table, place, "policy_arns")?,
        mfa: optional(table, place, "mfa")?,
        mfa_serial: optional(table, place, "mfa_serial")?,
        production: flag(table, place, "production")?.unwrap_or_default(),
        read_only: flag(table, place, "read_only")?,
        read_only_policy: optional(table, place, "read_only_policy")?,
    };
    role.check().map_err(|failure| format!("{place}: {}", failure.message))?;
    Ok(role)
}

fn tags(table: &DeTable<'_>, place: Place<'_>) -> Result<Tags, Problem> {
    let Some(value) = table.get("tags") else { return Ok(Tags::new()) };
    let tags = value.get_ref().as_table().ok_or_else(|| format!("{place}.tags must be a table"))?;
    let tag = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
        let place = || format!("{place}.tags.{}", key.get_ref());
        let value = value.get_ref().as_str().ok_or_else(|| format!("{} must be text in quotes", place()))?;
        Ok((parsed::<TagKey>(key.get_ref(), place)?, parsed(value, place)?))
    };
    tags.iter().map(tag).collect()
}

fn account(table: &DeTable<'_>, place: Place<'_>) -> Result<Account, Problem> {
    let name: Option<Name> = optional(table, place, "name")?;
    // It was free before it had a rule.
    let environment = text(table, place, "environment")?.and_then(Environment::read);
    let marked = flag(table, place, "production")?.unwrap_or_default();
    Ok(Account {
        name: name.map(|name| name.to_string()),
        colour: optional(table, place, "colour")?,
        production: marked || environment.as_ref().is_some_and(Environment::is_production),
        environment,
    })
}

/// Reads what can be read, and gives the keys that cannot.
fn settings(table: &DeTable<'_>, settings: &mut Settings) -> Vec<(&'static str, Problem)> {
    let mut problems = Vec::new();
    if let Some(value) = table.get("clipboard_seconds") {
        let seconds = value
            .get_ref()
            .as_integer()
            .and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        match seconds.filter(|each| CLIPBOARD_SECONDS.contains(each)) {
            Some(seconds) => settings.clipboard_clear = Duration::from_secs(seconds),
            None => problems
                .push(("clipboard_seconds", "settings.clipboard_seconds: give 5 to 600 seconds".to_owned())),
        }
    }
    let place = Place { section: "settings", name: None };
    let mut keep = |key: &'static str, read: Result<(), Problem>| {
        if let Err(problem) = read {
            problems.push((key, problem));
        }
    };
    let switch = |key: &str| flag(table, place, key);
    keep(
        "credentials_format",
        set(&mut settings.credentials_format, optional(table, place, "credentials_format")),
    );
    keep("start_at_login", set(&mut settings.start_at_login, switch("start_at_login")));
    keep("fips", set(&mut settings.hosts.fips, switch("fips")));
    keep("dual_stack", set(&mut settings.hosts.dual_stack, switch("dual_stack")));
    keep("second_region", optional(table, place, "second_region").map(|read| settings.second_region = read));
    let confirm = set(&mut settings.production_confirm, optional(table, place, "production_confirm"));
    if confirm.is_err() {
        // Whatever was meant, it was not less than the usual.
        settings.production_confirm = Confirmation::Word;
    }
    keep("production_confirm", confirm);
    keep(
        "production_duration",
        set(&mut settings.production_duration, optional(table, place, "production_duration")),
    );
    keep("production_read_only", set(&mut settings.production_read_only, switch("production_read_only")));
    let wanted = |text: &str| {
        Shortcut::wanted(text).map_err(|failure| format!("{place}.shortcut: {}", failure.message))
    };
    let shortcut = text(table, place, "shortcut").and_then(|text| text.map(wanted).transpose());
    let wanted_browser = |text: &str| {
        BrowserName::wanted(text).map_err(|failure| format!("{place}.browser: {}", failure.message))
    };
    let browser = text(table, place, "browser").and_then(|text| text.map(wanted_browser).transpose());
    keep("browser", set(&mut settings.browser, browser));
    keep("shortcut", set(&mut settings.shortcut, shortcut));
    keep("keep_switcher_warm", set(&mut settings.keep_switcher_warm, switch("keep_switcher_warm")));
    keep("notifications", set(&mut settings.notifications, optional(table, place, "notifications")));
    keep("theme", set(&mut settings.theme, optional(table, place, "theme")));
    problems
}

/// Puts what was read in the place of the usual value.
fn set<T>(place: &mut T, read: Result<Option<T>, Problem>) -> Result<(), Problem> {
    if let Some(read) = read? {
        *place = read;
    }
    Ok(())
}

fn unknown_kind(place: Place<'_>, kind: &str) -> Problem {
    format!("{place}: kind `{kind}` is not known to this version")
}

fn table_at<'a, 'i>(document: &'a DeTable<'i>, section: &str) -> Result<Option<&'a DeTable<'i>>, Problem> {
    match document.get(section) {
        None => Ok(None),
        Some(value) => {
            value.get_ref().as_table().map(Some).ok_or_else(|| format!("`{section}` must be a table"))
        }
    }
}

fn section<'a>(
    document: &'a DeTable<'_>,
    section: &str,
) -> Result<impl Iterator<Item = (&'a str, &'a DeValue<'a>)>, Problem> {
    let entries = table_at(document, section)?.into_iter().flat_map(|table| table.iter());
    Ok(entries.map(|(name, value)| (&**name.get_ref(), value.get_ref())))
}

fn entry<K: FromStr<Err = Failure>, V>(
    section: &str,
    name: &str,
    value: &DeValue<'_>,
    read: impl FnOnce(&DeTable<'_>, Place<'_>) -> Result<V, Problem>,
) -> Result<(K, V), Problem> {
    let place = Place { section, name: Some(name) };
    let table = value.as_table().ok_or_else(|| format!("{place} must be a table"))?;
    Ok((parsed(name, || place.to_string())?, read(table, place)?))
}

fn text<'a>(table: &'a DeTable<'_>, place: Place<'_>, key: &str) -> Result<Option<&'a str>, Problem> {
    match table.get(key).map(Spanned::get_ref) {
        None => Ok(None),
        Some(value) => {
            value.as_str().map(Some).ok_or_else(|| format!("{place}.{key} must be text in quotes"))
        }
    }
}

fn flag(table: &DeTable<'_>, place: Place<'_>, key: &str) -> Result<Option<bool>, Problem> {
    match table.get(key).map(Spanned::get_ref) {
        None => Ok(None),
        Some(value) => {
            value.as_bool().map(Some).ok_or_else(|| format!("{place}.{key} must be true or false"))
        }
    }
}

fn list<T: FromStr<Err = Failure>>(
    table: &DeTable<'_>,
    place: Place<'_>,
    key: &str,
) -> Result<Vec<T>, Problem> {
    let Some(value) = table.get(key) else { return Ok(Vec::new()) };
    let malformed = || format!("{place}.{key} must be a list of texts in quotes");
    let items = value.get_ref().as_array().ok_or_else(malformed)?;
    let item = |item: &Spanned<DeValue<'_>>| {
        parsed(item.get_ref().as_str().ok_or_else(malformed)?, || format!("{place}.{key}"))
    };
    items.iter().map(item).collect()
}

fn parsed<T: FromStr<Err = Failure>>(text: &str, place: impl FnOnce() -> String) -> Result<T, Problem> {
    text.parse().map_err(|failure: Failure| format!("{}: {}", place(), failure.message))
}

fn optional<T: FromStr<Err = Failure>>(
    table: &DeTable<'_>,
    place: Place<'_>,
    key: &str,
) -> Result<Option<T>, Problem> {
    text(table, place, key)?.map(|text| parsed(text, || format!("{place}.{key}"))).transpose()
}

fn required<T: FromStr<Err = Failure>>(
    table: &DeTable<'_>,
    place: Place<'_>,
    key: &str,
) -> Result<T, Problem> {
    optional(table, place, key)?.ok_or_else(|| format!("{place} has no `{key}`"))
}
