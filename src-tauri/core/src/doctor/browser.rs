//! The browser: what would open a web address, and whether it is there.

use super::{BrowserSeen, Check, DefaultBrowser, DisplaySeen, Finding, ProgramSeen};
use crate::failure::shown;

const CHOOSE: &str = "choose a default browser in the desktop's settings";

/// What would open a web address. `seen` is `None` where the desktop did not say so in time.
pub(super) fn browser(seen: Option<BrowserSeen>, display: &DisplaySeen) -> Finding {
    let trouble = |said: String| Finding::trouble(Check::Browser, said);
    let (default, variable, fallback) = match seen {
        None => return Finding::unknown(Check::Browser, "the desktop did not say which one is set"),
        Some(BrowserSeen::BySystem) => return Finding::fine(Check::Browser, "the system's default"),
        _ if !display.is_there() => {
            return Finding::unknown(Check::Browser, "there is no display for one")
                .next("guise console ROLE --print gives the address to open elsewhere");
        }
        Some(BrowserSeen::NoOpener) => {
            return trouble("`xdg-open`, which starts it, is not installed".to_owned())
                .next("install the package xdg-utils");
        }
        Some(BrowserSeen::Opener { default, variable, fallback }) => (default, variable, fallback),
    };
    match (default, variable) {
        (Some(DefaultBrowser { entry, program: Some(ProgramSeen::There(program)) }), _) => {
            Finding::fine(Check::Browser, format!("`{}`, which starts `{}`", shown(&entry), shown(&program)))
        }
        (Some(DefaultBrowser { entry, program: Some(ProgramSeen::Gone(program)) }), _) => {
            trouble(format!("`{}` is set, but its program `{}` is gone", shown(&entry), shown(&program)))
                .next(format!("install it again, or {CHOOSE}"))
        }
        (Some(DefaultBrowser { entry, program: None }), _) => {
            trouble(format!("`{}` is set, and no such entry is installed", shown(&entry))).next(CHOOSE)
        }
        (None, Some(ProgramSeen::There(program))) => {
            Finding::fine(Check::Browser, format!("`{}`, as BROWSER says", shown(&program)))
        }
        (None, Some(ProgramSeen::Gone(program))) => {
            trouble(format!("BROWSER names `{}`, which is not there", shown(&program)))
                .next(format!("set BROWSER to one that is, or {CHOOSE}"))
        }
        (None, None) => match fallback {
            Some(program) => Finding::notice(
                Check::Browser,
                format!("none is set; xdg-open falls back on `{}`", shown(&program)),
            )
            .next(CHOOSE),
            None => trouble("none is set, and none is found".to_owned())
                .next(format!("install one, and {CHOOSE}; guise console ROLE --print gives the address")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn opener(program: Option<ProgramSeen>) -> BrowserSeen {
        let default = Some(DefaultBrowser { entry: "firefox.desktop".to_owned(), program });
        BrowserSeen::Opener { default, variable: None, fallback: None }
    }

    #[test]
    fn a_browser_is_there_gone_or_not_set() {
        let display = DisplaySeen { x11: Some((":0".to_owned(), Some(true))), wayland: None };
        let there = || ProgramSeen::There("firefox".to_owned());
        let gone = || ProgramSeen::Gone("firefox".to_owned());
        let none = |variable, fallback: Option<&str>| BrowserSeen::Opener {
            default: None,
            variable,
            fallback: fallback.map(str::to_owned),
        };
        for (seen, state, said) in [
            (Some(opener(Some(there()))), State::Fine, "`firefox.desktop`, which starts `firefox`"),
            (Some(opener(Some(gone()))), State::Trouble, "its program `firefox` is gone"),
            (Some(opener(None)), State::Trouble, "no such entry is installed"),
            (Some(none(Some(there()), None)), State::Fine, "as BROWSER says"),
            (Some(none(Some(gone()), None)), State::Trouble, "which is not there"),
            (Some(none(None, Some("w3m"))), State::Notice, "falls back on `w3m`"),
            (Some(none(None, None)), State::Trouble, "none is found"),
            (Some(BrowserSeen::NoOpener), State::Trouble, "not installed"),
            (None, State::Unknown, "did not say"),
        ] {
            let finding = browser(seen, &display);
            assert_eq!(finding.state, state, "{finding:?}");
            assert!(finding.said.contains(said), "{finding:?}");
        }
        let nowhere = browser(Some(BrowserSeen::NoOpener), &DisplaySeen::default());
        assert_eq!(nowhere.state, State::Unknown);
    }
}
