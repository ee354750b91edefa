//! Linux: what `/proc` tells of a process. Its `exe` would be harder to make up, but is closed to us where a process
//! forbids being looked into, as `guise` itself does.

use std::fs;

/// The name that the process goes by, at most 15 bytes of it.
pub(super) fn name(pid: u32) -> Option<String> {
    let name = fs::read(format!("/proc/{pid}/comm")).ok()?;
    Some(String::from_utf8_lossy(&name).trim_end().to_owned()).filter(|name| !name.is_empty())
}

/// The process that started it.
pub(super) fn parent(pid: u32) -> Option<u32> {
    parent_in(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name stands in parentheses and may hold some itself; after the last one come the state and the parent.
fn parent_in(stat: &str) -> Option<u32> {
    let (_, after) = stat.rsplit_once(')')?;
    after.split_ascii_whitespace().nth(1)?.parse().ok().filter(|parent| *parent != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_process_has_a_name_and_a_parent() {
        let own = std::process::id();
        assert!(name(own).unwrap().starts_with("guise_core"), "{:?}", name(own));
        assert_eq!(parent(own), Some(std::os::unix::process::parent_id()));
        assert_eq!((name(u32::MAX), parent(u32::MAX)), (None, None));
    }

    #[test]
    fn a_name_with_parentheses_hides_no_parent() {
        assert_eq!(parent_in("12 (a) R 7 (b) S 34 12 12 0"), Some(34));
        assert_eq!(parent_in("1 (init) S 0 1 1"), None);
        assert_eq!(parent_in("nothing"), None);
    }
}
