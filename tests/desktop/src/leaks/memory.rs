//! Canaries in the memory of a process that runs.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use super::{Canaries, Sighting};
use crate::error::{Because, Result};

/// How much is looked through at a time.
const PIECE: u64 = 4 << 20;
/// The least that is there or not.
const PAGE: u64 = 4096;
/// What the kernel tells of a page that is in memory, or in swap (`pagemap` in the kernel's own documentation).
const THERE: u64 = 0b11 << 62;

impl Canaries {
    /// Every canary in what this process can write to and has written to. Needs the right to read its memory.
    pub fn search_memory(&self, process: u32) -> Result<Vec<Sighting>> {
        let maps =
            fs::read_to_string(format!("/proc/{process}/maps")).because("read what a process has mapped")?;
        let memory = File::open(format!("/proc/{process}/mem")).because("open a process's memory")?;
        let pages =
            File::open(format!("/proc/{process}/pagemap")).because("open what is known of its pages")?;
        let mut found = Vec::new();
        for line in maps.lines() {
            let mut words = line.split(' ');
            let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
            let Some((begin, end)) = range.split_once('-').and_then(|(begin, end)| {
                Some((u64::from_str_radix(begin, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
            }) else {
                continue;
            };
            if !rights.starts_with("rw") {
                continue;
            }
            // An engine for scripts reserves many times the memory that there is.
            let mut at = begin;
            while at < end {
                let piece = (end - at).min(PIECE);
                for (from, to) in runs(&pages, at, piece) {
                    self.search_run(&memory, from, to, end, &mut found);
                }
                at += piece;
            }
        }
        Ok(found)
    }

    fn search_run(&self, memory: &File, from: u64, to: u64, end: u64, found: &mut Vec<Sighting>) {
        // A canary may go on where the next piece begins.
        let wanted = (to - from + self.longest as u64).min(end - from);
        let mut bytes = vec![0; usize::try_from(wanted).unwrap_or_default()];
        // What is gone meanwhile holds nothing.
        let read = memory.read_at(&mut bytes, from).unwrap_or_default();
        let sightings = self.find_in(&bytes[..read]).into_iter();
        found.extend(sightings.map(|sighting| Sighting { offset: from + sighting.offset, ..sighting }));
    }
}

/// The parts of a range that are there, each from its first byte to behind its last.
fn runs(pages: &File, at: u64, length: u64) -> Vec<(u64, u64)> {
    let mut entries = vec![0; usize::try_from(length.div_ceil(PAGE) * 8).unwrap_or_default()];
    let read = pages.read_at(&mut entries, at / PAGE * 8).unwrap_or_default();
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for (index, entry) in (0..).zip(entries[..read].as_chunks::<8>().0) {
        if u64::from_le_bytes(*entry) & THERE == 0 {
            continue;
        }
        let from = at + index * PAGE;
        match runs.last_mut() {
            Some((_, to)) if *to == from => *to += PAGE,
            _ => runs.push((from, from + PAGE)),
        }
    }
    runs
}
