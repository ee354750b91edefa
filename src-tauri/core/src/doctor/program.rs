//! Guise itself: this program, the agent that runs, and the folder of its socket.

use super::{Check, Finding, Stored};
use crate::agent::{Hello, Kind, PROTOCOL};
use crate::failure::Failure;
use crate::home::Home;

/// The version of this program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Which program this is, and where it keeps things.
pub(super) fn guise(home: &Home) -> Finding {
    Finding::fine(
        Check::Guise,
        match &home.chosen {
            Some(folder) => format!("{VERSION}, with everything in `{}`", folder.display()),
            None => format!("{VERSION}, in the system's own folders"),
        },
    )
}

/// The agent that runs, if one does, and whether it is of this version. What is wrong with its socket's folder is said once.
pub(super) fn agent(seen: Result<Option<Hello>, Failure>, socket: &Finding) -> Finding {
    let hello = match seen {
        Ok(Some(hello)) => hello,
        Ok(None) => return Finding::fine(Check::Agent, "none runs; one starts by itself when it is needed"),
        Err(failure) if failure.message == socket.said => {
            return Finding::unknown(Check::Agent, "its socket has no folder, so none can be reached");
        }
        Err(failure) => return Finding::failed(Check::Agent, &failure),
    };
    let tray = match hello.kind {
        Kind::Desktop => "with a tray",
        Kind::Trayless => "without a tray",
    };
    let version = crate::failure::shown(&hello.version);
    if hello.guise > PROTOCOL {
        return Finding::failed(Check::Agent, &Failure::agent_newer());
    }
    if hello.guise == PROTOCOL && version == VERSION {
        return Finding::fine(Check::Agent, format!("{version} runs, {tray}"));
    }
    let finding = Finding::notice(Check::Agent, format!("{version} runs, {tray}; this program is {VERSION}"));
    match hello.kind {
        _ if hello.guise < PROTOCOL => finding.next("the next command replaces it by itself"),
        Kind::Desktop => finding.next("quit Guise in the tray and start it again"),
        Kind::Trayless => {
            finding.next("it ends by itself after 15 minutes without work; guise-desktop replaces it")
        }
    }
}

/// The folder of the agent's socket; `None` where it did not let itself be looked at.
pub(super) fn socket(home: &Home, seen: Option<Result<Stored, Failure>>) -> Finding {
    let folder = home.runtime.display();
    match seen {
        Some(Ok(Stored::There)) => Finding::fine(Check::Socket, format!("`{folder}` is yours alone")),
        Some(Ok(Stored::NotYet)) => {
            Finding::fine(Check::Socket, format!("`{folder}` is made when it is needed"))
        }
        Some(Err(failure)) => Finding::failed(Check::Socket, &failure),
        None => Finding::trouble(Check::Socket, format!("`{folder}` does not let itself be looked at"))
            .next("XDG_RUNTIME_DIR must name a folder on this computer"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;
    use crate::view::ShortcutView;

    #[test]
    fn an_agent_of_another_version_is_told_with_what_to_do() {
        let socket = Finding::fine(Check::Socket, "");
        let hello = |guise, version: &str, kind| {
            let shortcut = ShortcutView::default();
            Ok(Some(Hello { guise, version: version.to_owned(), kind, shortcut }))
        };
        for (seen, state, next) in [
            (Ok(None), State::Fine, None),
            (hello(PROTOCOL, VERSION, Kind::Desktop), State::Fine, None),
            (hello(PROTOCOL, "0.0.9", Kind::Desktop), State::Notice, Some("quit Guise in the tray")),
            (hello(PROTOCOL, "0.0.9", Kind::Trayless), State::Notice, Some("ends by itself")),
            (hello(PROTOCOL - 1, "0.0.9", Kind::Desktop), State::Notice, Some("next command replaces it")),
            (hello(PROTOCOL + 1, "9.0.0", Kind::Desktop), State::Trouble, Some("installed with it")),
            (
                Err(Failure::agent_silent(std::time::Duration::from_secs(2))),
                State::Trouble,
                Some("start it again"),
            ),
        ] {
            let finding = agent(seen, &socket);
            assert_eq!(finding.state, state, "{finding:?}");
            assert_eq!(finding.next_step.is_some(), next.is_some(), "{finding:?}");
            assert!(finding.next_step.unwrap_or_default().contains(next.unwrap_or_default()));
        }
    }

    #[test]
    fn what_is_wrong_with_the_sockets_folder_is_said_once() {
        let home = Home::at(std::path::Path::new("/tmp/g"));
        let failure = Failure::runtime_folder(&home.runtime, "others may enter it");
        let socket = socket(&home, Some(Err(failure.clone())));
        assert_eq!(socket.state, State::Trouble);
        assert_eq!(agent(Err(failure), &socket).state, State::Unknown);
    }
}
