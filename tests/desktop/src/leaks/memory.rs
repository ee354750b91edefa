//! Canaries in the memory of a process that runs.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use super::{Canaries, Sighting};
use crate::error::{Because, Result};

/// How much is looked through at a time.
const PIECE: u64 = 16 << 20;
/// The least that is there or not.
const PAGE: u64 = 4096;

impl Canaries {
    /// Every canary in what this process can write to. Needs the right to read its memory, and a process that allows it.
    pub fn search_memory(&self, process: u32) -> Result<Vec<Sighting>> {
        let maps =
            fs::read_to_string(format!("/proc/{process}/maps")).because("read what a process has mapped")?;
        let memory = File::open(format!("/proc/{process}/mem")).because("open a process's memory")?;
        let mut found = Vec::new();
        for line in maps.lines() {
            let mut words = line.split(' ');
            let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
            let Some((begin, end)) = range.split_once('-').and_then(|(begin, end)| {
                Some((u64::from_str_radix(begin, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
            }) else {
                continue;
            };
            if rights.starts_with("rw") {
                self.search_range(&memory, begin, end, &mut found);
            }
        }
        Ok(found)
    }

    fn search_range(&self, memory: &File, begin: u64, end: u64, found: &mut Vec<Sighting>) {
        // A canary may lie across two pieces.
        let overlap = self.longest.saturating_sub(1) as u64;
        let mut at = begin;
        while at < end {
            let wanted = (end - at).min(PIECE + overlap);
            let mut piece = vec![0; usize::try_from(wanted).unwrap_or_default()];
            // What is mapped and not there, or gone meanwhile, holds nothing.
            let read = memory.read_at(&mut piece, at).unwrap_or_default();
            let sightings = self.find_in(&piece[..read]).into_iter();
            found.extend(sightings.map(|sighting| Sighting { offset: at + sighting.offset, ..sighting }));
            at += if read as u64 == wanted { PIECE } else { read as u64 / PAGE * PAGE + PAGE };
        }
    }
}
