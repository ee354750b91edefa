//! What was found, for a person and for programs.

use guise_core::catalog::Catalog;
use guise_core::failure::{Failure, shown, shown_path};
use guise_core::import::{
    Difference, Finds, FoundBy, FoundKey, FoundProfile, FoundRole, Place, Wishes, against,
};
use serde_json::{Value, json};

use crate::say;

/// Prints all that was found.
pub(crate) fn all(finds: &Finds, catalog: &Catalog, wishes: &Wishes) -> Result<(), Failure> {
    let mut parts = Vec::new();
    let mut part = |title: &str, rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            let table = say::table(&rows);
            parts.push(format!(
                "{title}\n{}",
                table.lines().map(|line| format!("  {line}\n")).collect::<String>()
            ));
        }
    };
    part("roles", finds.roles.iter().map(|role| row(role, finds, catalog, wishes)).collect());
    let key = |key: &FoundKey| {
        let about = match (key.temporary, key.held_as(catalog)) {
            (true, _) => "of a session; it ends by itself".to_owned(),
            (false, Some(name)) => format!("in the keychain as `{name}`; {} can go", key.lines_told()),
            (false, None) => key.lines_told(),
        };
        vec![key.profile.to_string(), key.id.as_str().to_owned(), about]
    };
    part("keys in plain text", finds.keys.iter().map(key).collect());
    part("keys in aws-vault", finds.vaulted.iter().map(|key| vec![key.profile.to_string()]).collect());
    let profile =
        |found: &FoundProfile| vec![found.profile.to_string(), found.what.clone(), found.place.to_string()];
    part("Identity Center profiles", finds.centers.iter().map(profile).collect());
    part("other profiles", finds.others.iter().map(profile).collect());
    part(
        "passed over",
        finds.passed.iter().map(|each| vec![each.place.to_string(), each.why.clone()]).collect(),
    );
    if parts.is_empty() {
        say::words("nothing was found; guise import --from FILE reads another file");
        return Ok(());
    }
    say::data(parts.join("\n").trim_end())?;
    if !finds.roles.is_empty() {
        say::words(
            "\nguise import --apply NAME … brings roles in; a profile that is a source is added with them",
        );
    }
    if finds.keys.iter().any(|key| !key.temporary && key.held_as(catalog).is_none())
        || !finds.vaulted.is_empty()
    {
        say::words("guise import --apply NAME --move-keys puts a key into the keychain");
    }
    Ok(())
}

fn row(role: &FoundRole, finds: &Finds, catalog: &Catalog, wishes: &Wishes) -> Vec<String> {
    let by = match &role.by {
        FoundBy::Profile(profile) | FoundBy::OwnKey(profile) => format!("by {profile}"),
        FoundBy::Role(name) => format!("via {name}"),
        FoundBy::Anybody => {
            wishes.source.as_ref().map_or_else(|| "by --source".into(), |source| format!("by {source}"))
        }
    };
    let mut about = match against(role, finds, catalog, wishes) {
        Difference::New => "new".to_owned(),
        Difference::None => "here already".to_owned(),
        Difference::Changes(fields) => {
            format!("differs: {}", fields.iter().map(|field| field.field).collect::<Vec<_>>().join(", "))
        }
    };
    if role.mfa_serial.is_some() {
        about.push_str("; asks for MFA");
    }
    for note in &role.notes {
        about.push_str("; ");
        about.push_str(note);
    }
    vec![role.name.to_string(), role.arn.to_string(), by, about]
}

/// All that was found, for programs. No secret and no command is in it.
pub(crate) fn value(finds: &Finds, catalog: &Catalog, wishes: &Wishes) -> Value {
    let at = |place: &Place| json!({ "file": shown_path(&place.file), "line": place.line });
    let role = |role: &FoundRole| {
        let (state, changes) = match against(role, finds, catalog, wishes) {
            Difference::New => ("new", Vec::new()),
            Difference::None => ("here", Vec::new()),
            Difference::Changes(fields) => ("differs", fields),
        };
        let changes: Vec<Value> = changes
            .iter()
            .map(|change| json!({ "field": change.field, "old": change.old, "new": change.new }))
            .collect();
        let (profile, via) = match &role.by {
            FoundBy::Profile(profile) | FoundBy::OwnKey(profile) => (Some(profile.as_str()), None),
            FoundBy::Role(name) => (None, Some(name.as_str())),
            FoundBy::Anybody => (None, None),
        };
        json!({
            "name": role.name.as_str(),
            "arn": role.arn.to_string(),
            "place": at(&role.place),
            "profile": profile,
            "via": via,
            "region": role.region.as_ref().map(ToString::to_string),
            "mfa_serial": role.mfa_serial.as_ref().map(ToString::to_string),
            "external_id": role.external_id.as_ref().map(ToString::to_string),
            "duration_seconds": role.duration.map(guise_core::session::SessionDuration::seconds),
            "session_name": role.session_name.as_ref().map(ToString::to_string),
            "state": state,
            "changes": changes,
            "notes": role.notes,
        })
    };
    let key = |key: &FoundKey| {
        let lines: Vec<Value> = key
            .lines
            .iter()
            .map(|(place, name)| json!({ "file": shown_path(&place.file), "line": place.line, "key": name }))
            .collect();
        json!({
            "profile": key.profile.as_str(),
            "access_key_id": key.id.as_str(),
            "temporary": key.temporary,
            "source": key.held_as(catalog).map(guise_core::catalog::Name::as_str),
            "lines": lines,
        })
    };
    let profile = |found: &FoundProfile| json!({ "profile": found.profile.as_str(), "what": shown(&found.what), "place": at(&found.place) });
    json!({
        "roles": finds.roles.iter().map(role).collect::<Vec<_>>(),
        "keys": finds.keys.iter().map(key).collect::<Vec<_>>(),
        "aws_vault": finds.vaulted.iter().map(|key| key.profile.as_str()).collect::<Vec<_>>(),
        "identity_center": finds.centers.iter().map(profile).collect::<Vec<_>>(),
        "others": finds.others.iter().map(profile).collect::<Vec<_>>(),
        "passed": finds.passed.iter().map(|each| json!({ "place": at(&each.place), "why": each.why })).collect::<Vec<_>>(),
    })
}
