//! macOS: what the kernel tells of a process of our own user.

use libproc::libproc::bsd_info::BSDInfo;
use libproc::libproc::proc_pid;

/// The name that the process goes by.
pub(super) fn name(pid: u32) -> Option<String> {
    proc_pid::name(i32::try_from(pid).ok()?).ok().filter(|name| !name.is_empty())
}

/// The process that started it.
pub(super) fn parent(pid: u32) -> Option<u32> {
    let told = proc_pid::pidinfo::<BSDInfo>(i32::try_from(pid).ok()?, 0).ok()?;
    Some(told.pbi_ppid).filter(|parent| *parent != 0)
}
