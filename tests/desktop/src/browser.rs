//! The browser behind `xdg-open`: what was asked of it, and what it shows.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::devtools::{self, Page};
use crate::error::{Because, Result};
use crate::session::DesktopSession;

/// How long a page on this computer may take to load.
const LOADS_WITHIN: Duration = Duration::from_secs(20);

/// What `xdg-open` does with an address, after it has written it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opener {
    /// Opens it in Chromium, in a real window.
    Chromium,
    /// Opens it in Firefox, in a real window.
    Firefox,
    /// Nothing, and says that all is well.
    Nothing,
    /// Fails with the exit status 3, which means that no browser was found.
    Fails,
    /// Never returns.
    Hangs,
}

/// One call of `xdg-open`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// When, in nanoseconds since 1970.
    pub at: u128,
    /// Its arguments.
    pub args: Vec<String>,
}

/// The browser of a session.
pub struct Browser<'a> {
    session: &'a DesktopSession,
}

impl<'a> Browser<'a> {
    /// The browser of this session, which need not run yet.
    pub fn of(session: &'a DesktopSession) -> Self {
        Self { session }
    }

    /// Decides what happens with the next address. A session begins with [`Opener::Chromium`].
    pub fn set_opener(&self, opener: Opener) -> Result<()> {
        self.session.write_opener(opener)
    }

    /// Every call of `xdg-open` so far, in order.
    pub fn opened(&self) -> Result<Vec<Opened>> {
        let mut calls = Vec::new();
        for entry in fs::read_dir(self.session.folder().join("opened")).because("list what was opened")? {
            let path = entry.because("list what was opened")?.path();
            if path.extension().is_none_or(|extension| extension != "call") {
                continue;
            }
            let text = fs::read(&path).because("read what was opened")?;
            let mut fields =
                text.split(|byte| *byte == 0).map(|field| String::from_utf8_lossy(field).into_owned());
            let at = fields.next().unwrap_or_default().parse().because("read when it was opened")?;
            let mut args: Vec<String> = fields.collect();
            // Each argument ends with a NUL, so the last piece is none.
            args.pop();
            calls.push(Opened { at, args });
        }
        calls.sort_by_key(|call| call.at);
        Ok(calls)
    }

    /// The pages that Chromium has open.
    pub fn pages(&self) -> Result<Vec<Page>> {
        devtools::pages(self.devtools_port()?)
    }

    /// Waits for a page in Chromium whose title contains `part`.
    pub fn wait_for_title(&self, part: &str, limit: Duration) -> Result<Page> {
        self.wait_for_page(&format!("a page titled `{part}`"), limit, |page| page.title.contains(part))
    }

    /// Waits for a page in Chromium that suits `is_it`.
    pub fn wait_for_page(&self, what: &str, limit: Duration, is_it: impl Fn(&Page) -> bool) -> Result<Page> {
        self.session.wait_for(what, limit, || self.pages().ok()?.into_iter().find(|page| is_it(page)))
    }

    /// The text that a page in Chromium shows once it has loaded: its title is there before its body is whole.
    pub fn text(&self, page: &Page) -> Result<String> {
        self.session.wait_for("the page to load", LOADS_WITHIN, || {
            let state = self.evaluate(page, "document.readyState").ok()?;
            (state == "complete").then_some(())
        })?;
        self.evaluate(page, "document.body.innerText")
    }

    /// The value, as text, of a JavaScript expression in a page in Chromium.
    pub fn evaluate(&self, page: &Page, expression: &str) -> Result<String> {
        devtools::evaluate(self.devtools_port()?, page, expression)
    }

    /// The titles of the windows on the screen, of whichever program.
    pub fn window_titles(&self) -> Vec<String> {
        let windows = self.session.xdotool(["search", "--onlyvisible", "--name", "."]).unwrap_or_default();
        windows
            .lines()
            .filter_map(|window| self.session.xdotool(["getwindowname", window]).ok())
            .map(|title| title.trim_end().to_owned())
            .collect()
    }

    /// Chromium's own folder, in which it keeps history and cache.
    pub fn profile_dir(&self) -> PathBuf {
        self.session.folder().join("chromium")
    }

    fn devtools_port(&self) -> Result<u16> {
        let path = self.profile_dir().join("DevToolsActivePort");
        let text = fs::read_to_string(path).because("Chromium has not said where its tools listen")?;
        text.lines().next().unwrap_or_default().parse().because("read the port of Chromium's tools")
    }
}

impl DesktopSession {
    /// Puts our `xdg-open` before the system's.
    pub(crate) fn install_opener(&self) -> Result<()> {
        let base = self.folder().to_string_lossy();
        let written = self.folder().join("xdg-open.sh");
        fs::write(&written, XDG_OPEN.replace("@base@", &base)).because("write `xdg-open`")?;
        Self::place(&written, &self.folder().join("bin/xdg-open"))?;
        for profile in ["chromium", "firefox"] {
            let folder = self.folder().join(profile);
            fs::create_dir(&folder).because("make a browser's profile")?;
            fs::write(folder.join("user.js"), FIREFOX_SETTINGS).because("write a browser's settings")?;
            std::os::unix::fs::chown(&folder, Some(self.user()), None)
                .because("give a browser its profile")?;
        }
        self.write_opener(Opener::Chromium)
    }

    fn write_opener(&self, opener: Opener) -> Result<()> {
        let word = match opener {
            Opener::Chromium => "chromium",
            Opener::Firefox => "firefox",
            Opener::Nothing => "nothing",
            Opener::Fails => "fails",
            Opener::Hangs => "hangs",
        };
        fs::write(self.folder().join("opener"), word).because("write what `xdg-open` does")
    }
}

/// A call is written under another name and renamed, so that no reader sees half of it.
const XDG_OPEN: &str = r#"#!/bin/sh
base='@base@'
now=$(date +%s%N)
{
    printf '%s\0' "$now"
    if [ $# -gt 0 ]; then printf '%s\0' "$@"; fi
} >"$base/opened/$now-$$.part"
mv "$base/opened/$now-$$.part" "$base/opened/$now-$$.call"
case "$(cat "$base/opener")" in
chromium)
    setsid chromium --no-sandbox --no-first-run --no-default-browser-check --disable-background-networking \
        --disable-component-update --disable-sync --disable-quic --disable-gpu --disable-dev-shm-usage \
        --disable-default-apps --test-type --password-store=basic --remote-debugging-port=0 --window-size=1000,700 \
        --user-data-dir="$base/chromium" "$@" </dev/null >>"$base/logs/chromium.log" 2>&1 &
    ;;
firefox)
    setsid firefox-esr --profile "$base/firefox" "$@" </dev/null >>"$base/logs/firefox.log" 2>&1 &
    ;;
fails) exit 3 ;;
hangs) exec sleep 86400 ;;
*) ;;
esac
exit 0
"#;

/// No pages of its own, no updates, nothing sent.
const FIREFOX_SETTINGS: &str = r#"user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("datareporting.policy.dataSubmissionPolicyBypassNotification", true);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.safebrowsing.downloads.remote.enabled", false);
user_pref("services.settings.server", "http://127.0.0.1:9/");
"#;
