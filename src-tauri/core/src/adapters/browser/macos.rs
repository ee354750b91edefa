//! macOS: a browser of the person's choice by its bundle's name, through `open`.

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

/// Those whose bundles lie where applications do. A property list may be binary; its names stand there as they are.
pub(super) fn known() -> Vec<BrowserName> {
    let applications =
        FOLDERS.iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten());
    let plists =
        applications.filter_map(|entry| std::fs::read(entry.path().join("Contents/Info.plist")).ok());
    let names = |plist: Vec<u8>| {
        let is_named =
            move |bundle: &&&str| plist.windows(bundle.len()).any(|part| part == bundle.as_bytes());
        BUNDLES.iter().filter(is_named).collect::<Vec<_>>()
    };
    plists.flat_map(names).filter_map(|bundle| bundle.parse().ok()).collect()
}
