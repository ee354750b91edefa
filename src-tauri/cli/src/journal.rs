//! `guise journal`: what was done as whom, read from its file. No agent is asked.

use guise_core::catalog::{Catalog, CatalogFile};
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::state::Journal;
use guise_core::view::EntryView;
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
    let EntryView { time, deed, failure, about, account, by, .. } = EntryView::of(entry, catalog);
    let time = time
        .parse::<Timestamp>()
        .map_or(time, |time| time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string());
    let deed = failure.map_or(deed.clone(), |why| format!("{deed}: {why}"));
    vec![time, deed, about, account.map(|account| account.name).unwrap_or_default(), by]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_tells_when_what_as_whom_and_by_whom() {
        let row = |more: Value| {
            let mut entry = json!({
                "time": "2026-11-25T09:41:07.25Z", "deed": "console-opened", "role": "ec2", "account": "111122223333",
                "by": { "kind": "tray" }
            });
            entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            row(entry.as_object().unwrap(), &Catalog::default(), &TimeZone::UTC).join(" | ")
        };
        assert_eq!(row(json!({})), "2026-11-25 09:41:07 | console opened | ec2 | 1111 2222 3333 | tray");
        assert_eq!(
            row(json!({ "time": "soon", "failure": "access-denied" })),
            "soon | console not opened: access-denied | ec2 | 1111 2222 3333 | tray"
        );
    }
}
