//! Whether standard output was closed before this program began. The standard library then opens `/dev/null` in its place,
//! and what is written there is lost without a word: credentials that nobody got must not look like a success.

use std::io;

/// An error where nothing that is printed can arrive.
#[cfg_attr(windows, expect(clippy::unnecessary_wraps, reason = "on Unix it may have been closed"))]
pub(crate) fn check() -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    if early::WAS_CLOSED.load(std::sync::atomic::Ordering::Relaxed) {
        return Err(io::Error::other("it is closed"));
    }
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
#[allow(
    unsafe_code,
    reason = "only the loader runs anything before the standard library looks at the descriptors"
)]
mod early {
    use std::sync::atomic::{AtomicBool, Ordering};

    pub(super) static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

    // SAFETY: the section holds pointers to functions that the loader calls before `main`. This one makes a system call and
    // sets a flag, neither of which needs anything that is set up later.
    #[used]
    #[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
    #[cfg_attr(target_os = "macos", unsafe(link_section = "__DATA,__mod_init_func"))]
    static LOOK: extern "C" fn() = look;

    extern "C" fn look() {
        let closed = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err();
        WAS_CLOSED.store(closed, Ordering::Relaxed);
    }
}
