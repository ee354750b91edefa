//! What the kernel tells of a process: its memory, its wake-ups and the processor time that it took.

use std::collections::BTreeMap;
use std::fs;

/// The memory of a process in MB, what it shares counted in parts; 0 for one that has ended.
pub fn memory(id: u32) -> f64 {
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}

/// A count for each thread of a process, by its id.
pub type OfThreads = BTreeMap<u32, u64>;

/// How often each thread was given the processor so far: a thread that sleeps is woken for each.
pub fn wakeups(id: u32) -> OfThreads {
    of_threads(id, "status", |status| {
        let counts = status.lines().filter_map(|line| line.split_once("_ctxt_switches:"));
        Some(counts.filter_map(|(_, count)| count.trim().parse::<u64>().ok()).sum())
    })
}

/// The processor time that each thread took so far, in nanoseconds.
pub fn processor_time(id: u32) -> OfThreads {
    of_threads(id, "schedstat", |text| text.split(' ').next()?.parse().ok())
}

/// What came to such a count, of all threads together. Those that have ended since are not counted.
pub fn since(before: &OfThreads, after: &OfThreads) -> u64 {
    after.iter().map(|(thread, count)| count - before.get(thread).copied().unwrap_or_default()).sum()
}

fn of_threads(id: u32, file: &str, read: impl Fn(&str) -> Option<u64>) -> OfThreads {
    let folder = format!("/proc/{id}/task");
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
    let threads = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let count = |thread: u32| read(&fs::read_to_string(format!("{folder}/{thread}/{file}")).ok()?);
    threads.filter_map(|thread| Some((thread, count(thread)?))).collect()
}

/// The arguments of a process, separated by spaces.
pub fn command_line(id: u32) -> String {
    let bytes = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&bytes).replace('\0', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_came_later_counts_from_nothing() {
        let before = BTreeMap::from([(1, 10), (2, 20)]);
        let after = BTreeMap::from([(1, 13), (3, 4)]);
        assert_eq!(since(&before, &after), 7);
    }

    #[test]
    fn the_kernel_tells_of_this_process() {
        let id = std::process::id();
        assert!(memory(id) > 0.5);
        assert!(wakeups(id).values().sum::<u64>() > 0);
        assert!(processor_time(id).values().sum::<u64>() > 0);
        assert!(command_line(id).contains("bench"));
    }
}
