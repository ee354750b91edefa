//! What Guise writes: its log, the room for it, and the entry that starts it at login.

use std::path::PathBuf;

use super::{Check, Finding, Login, ProgramSeen};
use crate::failure::shown;
use crate::home::Home;
use crate::log;

/// Below this a folder is as good as full.
const LEAST_ROOM: u64 = 10 * 1024 * 1024;

/// Where the log is, and how large.
pub(super) fn log(home: &Home, size: Option<u64>) -> Finding {
    let path = log::path(home);
    let path = path.display();
    Finding::fine(
        Check::Log,
        match size {
            Some(size) => format!("`{path}` ({})", in_bytes(size)),
            None => format!("`{path}`; nothing has been logged yet"),
        },
    )
}

/// Whether there is room in the folders that Guise writes to.
pub(super) fn disk(room: &[(PathBuf, u64)]) -> Finding {
    let Some((folder, least)) = room.iter().min_by_key(|(_, room)| *room) else {
        return Finding::unknown(Check::Disk, "the system does not tell how much room there is");
    };
    if *least < LEAST_ROOM {
        return Finding::trouble(
            Check::Disk,
            format!("`{}` has room for {} only", folder.display(), in_bytes(*least)),
        )
        .next("make room: without it neither catalog nor log can be written");
    }
    Finding::fine(Check::Disk, format!("there is room for {}", in_bytes(*least)))
}

/// Whether what starts Guise at login is there.
pub(super) fn login(seen: &Login) -> Finding {
    let by_itself = "turn starting at login off and on again, or remove the file";
    match seen {
        Login::NoEntry => Finding::fine(Check::StartAtLogin, "Guise does not start by itself"),
        Login::Starts { program: ProgramSeen::There(program), .. } => {
            Finding::fine(Check::StartAtLogin, format!("`{}` starts", shown(program)))
        }
        Login::Starts { entry, program: ProgramSeen::Gone(program) } => Finding::trouble(
            Check::StartAtLogin,
            format!("`{}` starts `{}`, which is gone", entry.display(), shown(program)),
        )
        .next(by_itself),
        Login::Unreadable(entry) => {
            Finding::trouble(Check::StartAtLogin, format!("`{}` does not say what to start", entry.display()))
                .next(by_itself)
        }
    }
}

fn in_bytes(size: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KiB", "MiB", "GiB", "TiB"];
    let mut size = size;
    let mut unit = 0;
    while size >= 10 * 1024 && unit + 1 < UNITS.len() {
        size /= 1024;
        unit += 1;
    }
    format!("{size} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_full_disk_is_trouble() {
        let state = |room| disk(&[(PathBuf::from("/a"), u64::MAX), (PathBuf::from("/b"), room)]).state;
        assert_eq!(state(LEAST_ROOM - 1), State::Trouble);
        assert_eq!(state(LEAST_ROOM), State::Fine);
        assert_eq!(disk(&[]).state, State::Unknown);
        assert_eq!(disk(&[(PathBuf::from("/b"), 9 * 1024 * 1024)]).said, "`/b` has room for 9216 KiB only");
    }

    #[test]
    fn an_entry_that_starts_nothing_is_trouble() {
        let entry = || PathBuf::from("/home/ada/.config/autostart/org.guise.Guise.desktop");
        let starts = |program| login(&Login::Starts { entry: entry(), program }).state;
        assert_eq!(login(&Login::NoEntry).state, State::Fine);
        assert_eq!(starts(ProgramSeen::There("/usr/bin/guise-desktop".to_owned())), State::Fine);
        assert_eq!(starts(ProgramSeen::Gone("/opt/guise-desktop".to_owned())), State::Trouble);
        assert_eq!(login(&Login::Unreadable(entry())).state, State::Trouble);
    }
}
