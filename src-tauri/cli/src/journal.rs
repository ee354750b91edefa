//! `guise journal`: what was done as whom, read from its file. No agent is asked.

use guise_core::arn::AccountId;
use guise_core::catalog::{Catalog, CatalogFile};
use guise_core::failure::{Failure, shown};
use guise_core::home::Home;
use guise_core::state::{Deed, Journal};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::arguments::JournalCommand;
use crate::say;

pub(crate) fn run(home: &Home, command: &JournalCommand) -> Result<(), Failure> {
    let entries = Journal::last(&home.state, command.last)?;
    if command.json {
        return say::data(&format!("{:#}", Value::from(entries)));
    }
    if entries.is_empty() {
        say::words("nothing is in the journal yet");
        return Ok(());
    }
    let zone = TimeZone::system();
    // For what the person calls the accounts; a catalog that cannot be read hides no journal.
    let catalog = CatalogFile::in_home(home).load().unwrap_or_default();
    let row = |entry| row(entry, &catalog, &zone);
    say::data(&say::table(&entries.iter().map(row).collect::<Vec<_>>()))
}

fn row(entry: &Map<String, Value>, catalog: &Catalog, zone: &TimeZone) -> Vec<String> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).map(shown).unwrap_or_default();
    let time = text("time").parse::<Timestamp>().map_or_else(
        |_| text("time"),
        |time| time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
    );
    let about = if entry.contains_key("role") { text("role") } else { text("source") };
    let account = text("account").parse::<AccountId>().map_or_else(
        |_| text("account"),
        |id| {
            let known = catalog.accounts.get(&id).and_then(|account| account.name.clone());
            known.unwrap_or_else(|| id.grouped())
        },
    );
    vec![time, deed(entry, &text("deed"), &text("failure")), about, account, by(entry.get("by"))]
}

/// What was done, or that it was not and why. A deed of a newer version has no words of ours.
fn deed(entry: &Map<String, Value>, name: &str, failure: &str) -> String {
    let known = entry.get("deed").and_then(|deed| serde_json::from_value::<Deed>(deed.clone()).ok());
    match (known, failure) {
        (Some(deed), "") => deed.done().to_owned(),
        (Some(deed), why) => format!("{}: {why}", deed.not_done()),
        (None, "") => name.to_owned(),
        (None, why) => format!("{name}: {why}"),
    }
}

/// Who asked, and for whom where a program was started by another.
fn by(by: Option<&Value>) -> String {
    let text = |key: &str| by.and_then(|by| by.get(key)).and_then(Value::as_str).map(shown);
    match (text("kind").as_deref(), text("name"), text("parent")) {
        (Some("program"), None, _) => "a program".to_owned(),
        (Some("program"), Some(name), None) => name,
        (Some("program"), Some(name), Some(parent)) => format!("{name} for {parent}"),
        (kind, ..) => kind.unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_tells_when_what_as_whom_and_by_whom() {
        let utc = TimeZone::UTC;
        let about = json!({
            "time": "2026-11-25T09:41:07.25Z", "deed": "console-opened", "role": "ec2", "account": "111122223333",
            "session_name": "ada", "by": { "kind": "tray" }
        });
        let with = |changes: Value| {
            let mut entry = about.as_object().unwrap().clone();
            entry.extend(changes.as_object().unwrap().clone());
            row(&entry, &Catalog::default(), &utc).join(" | ")
        };
        let program = |name: Value, parent: Value| {
            with(json!({ "by": { "kind": "program", "pid": 1, "name": name, "parent": parent } }))
        };
        let begins = "2026-11-25 09:41:07 | console";
        assert_eq!(with(json!({})), format!("{begins} opened | ec2 | 1111 2222 3333 | tray"));
        assert_eq!(
            with(json!({ "failure": "access-denied" })),
            format!("{begins} not opened: access-denied | ec2 | 1111 2222 3333 | tray")
        );
        assert_eq!(
            program(json!("guise"), json!("terra\u{1b}form")),
            format!("{begins} opened | ec2 | 1111 2222 3333 | guise for terraform")
        );
        assert!(program(json!("guise"), Value::Null).ends_with("| guise"));
        assert!(program(Value::Null, Value::Null).ends_with("| a program"));
        assert_eq!(
            with(json!({ "deed": "newer", "time": "soon", "by": { "kind": "watch" } })),
            "soon | newer | ec2 | 1111 2222 3333 | watch"
        );
    }
}
