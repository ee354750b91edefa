//! A line of the journal as a person reads it, made of whatever stands there.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::AccountView;
use crate::arn::AccountId;
use crate::catalog::Catalog;
use crate::failure::shown;
use crate::state::Deed;

/// A line of the journal as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct EntryView {
    /// When it had come to its end, as it stands there.
    pub time: String,
    /// What was done or not done, in a person's words; that of a newer version as it stands there.
    pub deed: String,
    /// Why it was not done, by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub failure: Option<String>,
    /// The role, with the roles on the way to it, or the source that it was about; empty where it was about none.
    pub about: String,
    /// The account, where it was about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub account: Option<AccountView>,
    /// What CloudTrail shows of it; empty where it shows nothing.
    pub session_name: String,
    /// Who asked, and for whom where a program was started by another.
    pub by: String,
}

impl EntryView {
    /// What a line says, with accounts called what the person calls them.
    pub fn of(entry: &Map<String, Value>, catalog: &Catalog) -> EntryView {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).map(shown).unwrap_or_default();
        let failure = Some(text("failure")).filter(|code| !code.is_empty());
        EntryView {
            time: text("time"),
            deed: deed(entry, failure.is_some()).map_or_else(|| text("deed"), str::to_owned),
            about: if entry.contains_key("role") { text("role") + &way(entry) } else { text("source") },
            account: Some(text("account")).filter(|id| !id.is_empty()).map(|id| account(&id, catalog)),
            session_name: text("session_name"),
            by: by(entry.get("by")),
            failure,
        }
    }
}

/// The roles on the way, as an end of a phrase.
fn way(entry: &Map<String, Value>) -> String {
    let via = entry.get("via").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let roles: Vec<String> = via.iter().filter_map(Value::as_str).map(shown).collect();
    if roles.is_empty() { String::new() } else { format!(", via {}", roles.join(" and ")) }
}

/// A deed of a newer version has no words of ours.
fn deed(entry: &Map<String, Value>, failed: bool) -> Option<&'static str> {
    let deed: Deed = serde_json::from_value(entry.get("deed")?.clone()).ok()?;
    Some(if failed { deed.not_done() } else { deed.done() })
}

fn account(id: &str, catalog: &Catalog) -> AccountView {
    let Ok(account) = id.parse::<AccountId>() else {
        return AccountView { name: id.to_owned(), ..AccountView::default() };
    };
    AccountView::of(catalog, &account)
}

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
    fn a_line_tells_what_as_whom_and_by_whom() {
        let about = json!({
            "time": "2026-11-25T09:41:07.25Z", "deed": "console-opened", "role": "ec2", "account": "111122223333",
            "session_name": "ada", "by": { "kind": "tray" }
        });
        let with = |changes: Value| {
            let mut entry = about.as_object().unwrap().clone();
            entry.extend(changes.as_object().unwrap().clone());
            let view = EntryView::of(&entry, &Catalog::default());
            let account = view.account.map(|account| account.name).unwrap_or_default();
            [view.deed, view.failure.unwrap_or_default(), view.about, account, view.by].join(" | ")
        };
        let program = |name: Value, parent: Value| {
            with(json!({ "by": { "kind": "program", "pid": 1, "name": name, "parent": parent } }))
        };
        assert_eq!(with(json!({})), "console opened |  | ec2 | 1111 2222 3333 | tray");
        assert_eq!(
            with(json!({ "failure": "access-denied" })),
            "console not opened | access-denied | ec2 | 1111 2222 3333 | tray"
        );
        assert!(with(json!({ "via": ["first", "then"] })).contains(" | ec2, via first and then | "));
        assert!(program(json!("guise"), json!("terra\u{1b}form")).ends_with("| guise for terraform"));
        assert!(program(json!("guise"), Value::Null).ends_with("| guise"));
        assert!(program(Value::Null, Value::Null).ends_with("| a program"));
        assert_eq!(
            with(json!({ "deed": "newer", "account": "soon", "by": { "kind": "watch" } })),
            "newer |  | ec2 | soon | watch"
        );
        assert_eq!(EntryView::of(&Map::new(), &Catalog::default()).about, "");
    }
}
