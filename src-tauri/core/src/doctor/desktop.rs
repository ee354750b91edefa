//! The desktop: a display to draw on, and a panel that shows tray icons.

use super::{Check, DisplaySeen, Environment, Finding, State, TraySeen};
use crate::agent::{Hello, Kind};
use crate::catalog::Catalog;
use crate::failure::shown;
use crate::view::ShortcutView;

/// Whether there is a display, and of which kind.
pub(super) fn display(seen: &DisplaySeen, environment: &Environment) -> Finding {
    if cfg!(not(target_os = "linux")) {
        return Finding::fine(Check::Display, "the system's own");
    }
    let kind = |kind: &str, name: &str| format!("{kind} at `{}`", shown(name));
    let all = [("Wayland", &seen.wayland), ("X11", &seen.x11)];
    let answering: Vec<String> = all
        .iter()
        .filter_map(|(word, named)| match named {
            Some((_, Some(false))) | None => None,
            Some((name, _)) => Some(kind(word, name)),
        })
        .collect();
    if !answering.is_empty() {
        let desktop = environment.get("XDG_CURRENT_DESKTOP").map(shown);
        let desktop = desktop.map(|name| format!(", on the desktop {name}")).unwrap_or_default();
        return Finding::fine(Check::Display, format!("{}{desktop}", answering.join(" and ")));
    }
    let named: Vec<String> =
        all.iter().filter_map(|(word, named)| named.as_ref().map(|(name, _)| kind(word, name))).collect();
    if named.is_empty() {
        return Finding::notice(Check::Display, "there is none, so there are no tray and no windows")
            .next("guise agent does the same work without one");
    }
    Finding::trouble(Check::Display, format!("nobody answers for {}", named.join(" or ")))
        .next("start Guise from the desktop, where DISPLAY or WAYLAND_DISPLAY is the one that is in use")
}

/// Whether tray icons are shown. `seen` is `None` where nobody said so in time.
pub(super) fn tray(display: &DisplaySeen, seen: Option<TraySeen>, environment: &Environment) -> Finding {
    if seen == Some(TraySeen::BySystem) {
        return Finding::fine(Check::Tray, "the system's own");
    }
    if !display.is_there() {
        return Finding::unknown(Check::Tray, "there is no display for one");
    }
    match seen {
        Some(TraySeen::Shown | TraySeen::BySystem) => Finding::fine(Check::Tray, "a panel shows tray icons"),
        Some(TraySeen::NoBus) => Finding::notice(Check::Tray, "there is no session bus to reach a panel by")
            .next("start Guise from the desktop; until then it opens as a window"),
        Some(TraySeen::NoWatcher | TraySeen::NoHost) => {
            Finding::notice(Check::Tray, "this desktop shows no tray icons, so Guise opens as a window")
                .next(way_to_a_tray(environment.get("XDG_CURRENT_DESKTOP").unwrap_or_default()))
        }
        Some(TraySeen::Silent) | None => {
            Finding::unknown(Check::Tray, "whoever collects tray icons did not say whether they are shown")
        }
    }
}

/// What opens the switcher: the agent that runs knows.
pub(super) fn shortcut(agent: Option<&Hello>, catalog: Option<&Catalog>) -> Finding {
    let Some(agent) = agent.filter(|agent| agent.kind == Kind::Desktop) else {
        let wanted = catalog.and_then(|catalog| catalog.settings.shortcut.as_ref());
        return match wanted {
            Some(keys) => Finding::fine(Check::Shortcut, format!("`{keys}`, as soon as the tray runs")),
            None => Finding::fine(Check::Shortcut, "none is wanted"),
        };
    };
    match &agent.shortcut {
        ShortcutView::Off => Finding::fine(Check::Shortcut, "none is wanted"),
        ShortcutView::Works { keys } => {
            Finding::fine(Check::Shortcut, format!("`{}` opens the switcher", shown(keys)))
        }
        ShortcutView::DesktopsOwn { command } => Finding::notice(
            Check::Shortcut,
            "this desktop gives programs no keys, so none opens the switcher",
        )
        .next(format!("bind {} to keys in the desktop's own settings", shown(command))),
        ShortcutView::Failed { failure } => {
            Finding { state: State::Notice, ..Finding::failed(Check::Shortcut, failure) }
        }
    }
}

fn way_to_a_tray(desktop: &str) -> &'static str {
    let is = |name: &str| desktop.split(':').any(|each| each.eq_ignore_ascii_case(name));
    if is("GNOME") || is("Unity") {
        "GNOME needs its extension `AppIndicator and KStatusNotifierItem Support`: install it and switch it on"
    } else if is("XFCE") || is("MATE") || is("LXQt") {
        "add the status tray to the panel"
    } else if is("sway") || is("Hyprland") || is("wlroots") {
        "use a bar with a tray, such as waybar with its module `tray`"
    } else {
        "the panel needs a part that shows StatusNotifierItem icons"
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::super::State;
    use super::*;

    fn on(desktop: &'static str) -> Environment {
        Environment::read(|name| (name == "XDG_CURRENT_DESKTOP").then(|| desktop.into()))
    }

    fn x11(answers: Option<bool>) -> DisplaySeen {
        DisplaySeen { x11: Some((":0".to_owned(), answers)), wayland: None }
    }

    #[test]
    fn a_display_is_there_gone_or_far_away() {
        for (seen, state, said) in [
            (x11(Some(true)), State::Fine, "X11 at `:0`, on the desktop KDE"),
            (x11(None), State::Fine, "X11 at `:0`, on the desktop KDE"),
            (x11(Some(false)), State::Trouble, "nobody answers for X11 at `:0`"),
            (DisplaySeen::default(), State::Notice, "there is none, so there are no tray and no windows"),
            (
                DisplaySeen { wayland: Some(("wayland-0".to_owned(), Some(true))), ..x11(Some(false)) },
                State::Fine,
                "Wayland at `wayland-0`, on the desktop KDE",
            ),
        ] {
            let finding = display(&seen, &on("KDE"));
            assert_eq!((finding.state, finding.said.as_str()), (state, said));
        }
    }

    #[test]
    fn a_desktop_without_a_tray_is_told_how_it_gets_one() {
        let there = x11(Some(true));
        for (seen, state) in [
            (Some(TraySeen::Shown), State::Fine),
            (Some(TraySeen::NoWatcher), State::Notice),
            (Some(TraySeen::NoHost), State::Notice),
            (Some(TraySeen::NoBus), State::Notice),
            (Some(TraySeen::Silent), State::Unknown),
            (None, State::Unknown),
        ] {
            assert_eq!(tray(&there, seen, &on("XFCE")).state, state, "{seen:?}");
        }
        assert_eq!(tray(&DisplaySeen::default(), Some(TraySeen::NoWatcher), &on("")).state, State::Unknown);
        for (desktop, word) in [
            ("ubuntu:GNOME", "AppIndicator"),
            ("XFCE", "status tray"),
            ("sway", "waybar"),
            ("", "StatusNotifierItem"),
        ] {
            let finding = tray(&there, Some(TraySeen::NoWatcher), &on(desktop));
            assert!(finding.next_step.unwrap_or_default().contains(word), "{desktop}");
        }
    }
}
