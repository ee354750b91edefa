//! What Guise writes: its log, the room for it, and the entry that starts it at login.

use std::path::PathBuf;

use super::{Check, Finding, Login, ProgramSeen, Unwritable};
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
pub(super) fn disk(room: &[(PathBuf, u64)], unwritable: &[Unwritable]) -> Finding {
    if let Some(Unwritable { folder, there, read_only }) = unwritable.first() {
        let (folder, there) = (folder.display(), there.display());
        let (said, next) = if *read_only {
            (
                format!("`{there}` is on a file system that is read-only"),
                "mount it for writing, or keep Guise elsewhere with GUISE_HOME".to_owned(),
            )
        } else if folder.to_string() == there.to_string() {
            (format!("you may not write to `{folder}`"), format!("sudo chown -R \"$USER\" '{folder}'"))
        } else {
            (
                format!("`{folder}` cannot be made: you may not write to `{there}`"),
                "see to it that HOME names a folder of yours, or keep Guise elsewhere with GUISE_HOME"
                    .to_owned(),
            )
        };
        return Finding::trouble(Check::Disk, said).next(next);
    }
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
pub(super) fn login(seen: &Login, wished: bool) -> Finding {
    let by_itself = "turn starting at login off and on again, or remove the file";
    match seen {
        Login::NoEntry if wished && cfg!(target_os = "linux") => Finding::notice(
            Check::StartAtLogin,
            "the settings say that Guise starts by itself, and there is no entry that starts it",
        )
        .next("start guise-desktop, which writes it again, or: guise settings start_at_login false"),
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
        let state = |room| disk(&[(PathBuf::from("/a"), u64::MAX), (PathBuf::from("/b"), room)], &[]).state;
        assert_eq!(state(LEAST_ROOM - 1), State::Trouble);
        assert_eq!(state(LEAST_ROOM), State::Fine);
        assert_eq!(disk(&[], &[]).state, State::Unknown);
        assert_eq!(
            disk(&[(PathBuf::from("/b"), 9 * 1024 * 1024)], &[]).said,
            "`/b` has room for 9216 KiB only"
        );
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_trouble_with_the_way_out() {
        let told = |folder: &str, there: &str, read_only| {
            let (folder, there) = (PathBuf::from(folder), PathBuf::from(there));
            let room = [(folder.clone(), u64::MAX)];
            let finding = disk(&room, &[Unwritable { folder, there, read_only }]);
            assert_eq!(finding.state, State::Trouble);
            (finding.said, finding.next_step.unwrap_or_default())
        };
        let (said, next) = told("/home/ada/.config/guise", "/home/ada/.config/guise", false);
        assert_eq!(said, "you may not write to `/home/ada/.config/guise`");
        assert_eq!(next, "sudo chown -R \"$USER\" '/home/ada/.config/guise'");
        let (said, next) = told("/nonexistent/x", "/", false);
        assert!(said.contains("cannot be made") && !next.contains("chown"), "{said}: {next}");
        assert!(told("/home/ada/x", "/home/ada", true).0.contains("read-only"));
    }

    #[test]
    fn an_entry_that_starts_nothing_is_trouble() {
        let entry = || PathBuf::from("/home/ada/.config/autostart/org.guise.Guise.desktop");
        let starts = |program| login(&Login::Starts { entry: entry(), program }, true).state;
        assert_eq!(login(&Login::NoEntry, false).state, State::Fine);
        #[cfg(target_os = "linux")]
        assert_eq!(login(&Login::NoEntry, true).state, State::Notice, "the settings say otherwise");
        assert_eq!(starts(ProgramSeen::There("/usr/bin/guise-desktop".to_owned())), State::Fine);
        assert_eq!(starts(ProgramSeen::Gone("/opt/guise-desktop".to_owned())), State::Trouble);
        assert_eq!(login(&Login::Unreadable(entry()), true).state, State::Trouble);
    }
}
