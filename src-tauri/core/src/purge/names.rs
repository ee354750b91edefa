//! What the files of ours are called, whole. What is called otherwise was put there by somebody else, and stays.

use std::path::Path;

use super::{WEB_VIEW, is_folder};
use crate::state::is_temporary;

/// Whether a path is ours: in the configuration folder, in the state folder, in the runtime folder.
pub(super) const OURS: [fn(&Path) -> bool; 3] = [
    |path| is_file(path, &["catalog.toml", "catalog.toml.lock"]),
    |path| is_file(path, &STATE) || is_put_aside(path) || is_folder(path) && name(path) == WEB_VIEW,
    |path| is_file(path, &["agent.lock", "agent.sock"]),
];

const STATE: [&str; 12] = [
    "catalog.before.toml",
    "catalog.last.toml",
    "ceilings.json",
    "guise.log",
    "guise.log.1",
    "journal.jsonl",
    "journal.jsonl.1",
    "ledger.json",
    "recents.json",
    "state.lock",
    "told.json",
    "unsettled-keys.json",
];

/// The state files of which a broken one is put aside.
const PUT_ASIDE: [&str; 3] = ["ceilings", "ledger", "recents"];

/// What a web view makes in the folder that it is given: WebKitGTK's, and `EBWebView` on Windows.
const OF_WEB_VIEW: [&str; 14] = [
    "CacheStorage",
    "EBWebView",
    "WebKitCache",
    "applications",
    "cookies",
    "databases",
    "deviceidhashsalts",
    "hsts-storage.sqlite",
    "itp",
    "localstorage",
    "mediakeys",
    "serviceworkers",
    "sessionstorage",
    "storage",
];

/// Whether something in the web view's folder is its own.
pub(super) fn is_of_web_view(path: &Path) -> bool {
    OF_WEB_VIEW.contains(&name(path))
}

fn is_file(path: &Path, names: &[&str]) -> bool {
    !is_folder(path) && (names.contains(&name(path)) || path.file_name().is_some_and(is_temporary))
}

/// `NAME.broken.json`, or `NAME.broken-2.json` and so on.
fn is_put_aside(path: &Path) -> bool {
    let number = |rest: &str| rest.strip_prefix('-').is_some_and(|number| number.parse::<u8>().is_ok());
    let rest = PUT_ASIDE.iter().find_map(|kept| name(path).strip_prefix(kept)?.strip_prefix(".broken"));
    let ending = rest.and_then(|rest| rest.strip_suffix(".json"));
    !is_folder(path) && ending.is_some_and(|ending| ending.is_empty() || number(ending))
}

/// Nothing of ours has a name that is not Unicode.
fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}
