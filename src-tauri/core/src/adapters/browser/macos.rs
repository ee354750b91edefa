//! macOS: the system is asked in process; a browser of the person's choice by its bundle's name, through `open`.

use std::process::Stdio;

use tokio::process::Command;
use url::Url;

use crate::browser::BrowserName;
use crate::failure::Failure;

/// Bundles of browsers that are looked for; the system has no list that can be had without an event loop.
const BUNDLES: &[&str] = &[
    "com.apple.Safari",
    "com.google.Chrome",
    "org.mozilla.firefox",
    "com.microsoft.edgemac",
    "com.brave.Browser",
    "company.thebrowser.Browser",
    "com.vivaldi.Vivaldi",
    "org.chromium.Chromium",
];
const FOLDERS: &[&str] =
    &["/Applications", "/System/Applications", "/System/Cryptexes/App/System/Applications"];

pub(super) async fn open(address: &Url) -> Result<(), Failure> {
    let address = address.to_string();
    tokio::task::spawn_blocking(move || webbrowser::open(&address))
        .await
        .map_err(|_| Failure::internal("the browser's launcher ended early"))?
        .map_err(|error| Failure::browser_not_started(&error.to_string()))
}

pub(super) async fn open_with(browser: &BrowserName, address: &Url) -> Result<(), Failure> {
    let mut open = Command::new("/usr/bin/open");
    open.args(["-b", browser.as_str(), address.as_str()]);
    open.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match open.status().await {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::browser_gone(browser.as_str())),
        Err(error) => Err(Failure::browser_not_started(&error.to_string())),
    }
}

/// Those whose bundles lie where applications do.
pub(super) fn known() -> Vec<BrowserName> {
    let here = |bundle: &&&str| {
        let folders =
            FOLDERS.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten());
        let named = format!("<string>{bundle}</string>");
        folders.into_iter().any(|entry| {
            let plist = entry.path().join("Contents/Info.plist");
            std::fs::read(plist).is_ok_and(|plist| {
                String::from_utf8_lossy(&plist).contains(&named)
                    || plist.windows(bundle.len()).any(|part| part == bundle.as_bytes())
            })
        })
    };
    BUNDLES.iter().filter(here).filter_map(|bundle| bundle.parse().ok()).collect()
}
