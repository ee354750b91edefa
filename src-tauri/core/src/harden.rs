//! What a process does before it reads its first secret: no core dump, and nobody attaches to it. And the system's limits.

/// Forbids core dumps and, where the system can, being attached to or read by other processes of the same user.
/// A program that such a process starts may be attached to again; the limit on core dumps it inherits.
pub fn harden() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        if setrlimit(Resource::Core, none).is_err() {
            tracing::warn!("core dumps could not be switched off");
        }
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        if set_dumpable_behavior(DumpableBehavior::NotDumpable).is_err() {
            tracing::warn!("attaching could not be forbidden");
        }
    }
    #[cfg(target_os = "macos")]
    deny_attach();
}

/// How many files this process may have open, raised to what serves many callers where the system lets it be; `None`
/// where it sets no limit.
#[cfg(unix)]
pub(crate) fn files() -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    /// More is of no use, and slows programs down that close every file they could have.
    const ENOUGH: u64 = 4096;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
    let raised = current.is_some_and(|current| current < wanted)
        && setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }).is_ok();
    let files = if raised { Some(wanted) } else { current };
    files.and_then(|files| usize::try_from(files).ok())
}

#[cfg(not(unix))]
pub(crate) fn files() -> Option<usize> {
    None
}

#[cfg(target_os = "macos")]
#[allow(unsafe_code, reason = "no safe crate offers PT_DENY_ATTACH")]
fn deny_attach() {
    // SAFETY: with PT_DENY_ATTACH the other arguments are not read.
    let denied = unsafe { libc::ptrace(libc::PT_DENY_ATTACH, 0, std::ptr::null_mut(), 0) };
    if denied != 0 {
        tracing::warn!("attaching could not be forbidden");
    }
}
