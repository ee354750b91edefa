//! A command that runs in a group of its own, so that it ends together with what it started.

use tokio::process::{Child, Command};

/// A command that runs, with all that it started. Whoever lets go of it before it has ended ends it.
pub(super) struct Group {
    /// The command itself.
    pub(super) child: Child,
}

impl Group {
    /// Starts it.
    pub(super) fn start(mut command: Command) -> std::io::Result<Group> {
        #[cfg(unix)]
        command.process_group(0);
        Ok(Group { child: command.kill_on_drop(true).spawn()? })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Nobody has waited for it yet, so its number is still its own. On Windows it alone is ended.
        #[cfg(unix)]
        if let Some(id) = self.child.id()
            && let Some(group) = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw)
        {
            // It may have ended by itself.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}
