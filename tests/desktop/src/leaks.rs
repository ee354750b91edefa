//! Canaries: secrets made for one test, looked for wherever a secret must not be, in every form that programs write them in.
//!
//! ```
//! use desktop_tests::{Canaries, Encoding};
//!
//! let canaries = Canaries::new([("secret key", "wJalr/XUtnFEMI+K7MDENG")]);
//! let sightings = canaries.find_in(b"secret=wJalr%2FXUtnFEMI%2BK7MDENG");
//! assert_eq!(sightings[0].encoding, Encoding::Percent);
//! ```
//!
//! Not seen: what is compressed, encrypted, broken into lines inside of the secret, or encoded twice.

mod memory;
mod needle;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use needle::{Needle, needles};

/// A canary must be too long to stand somewhere by chance.
const SHORTEST: usize = 8;
/// How much of a file is held at a time.
const CHUNK: usize = 1 << 20;

/// The form in which a canary was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// As it is.
    Plain,
    /// Base64, of any alphabet and alignment, also of its UTF-16.
    Base64,
    /// As in a URL or a form.
    Percent,
    /// Two digits a byte, of either case.
    Hex,
    /// UTF-16, little end first, as Windows and JavaScript engines keep text.
    Utf16,
    /// As in a JSON string.
    Json,
}

/// A canary seen in some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The canary's name.
    pub canary: String,
    /// Its form.
    pub encoding: Encoding,
    /// Where it begins.
    pub offset: u64,
}

/// A canary seen in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The file. If `in_name`, the secret stands in this very path.
    pub path: PathBuf,
    /// The canary's name.
    pub canary: String,
    /// Its form.
    pub encoding: Encoding,
    /// Where it begins in the file.
    pub offset: u64,
    /// Whether it stands in the file's name, not in its content.
    pub in_name: bool,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.in_name { "in the name of" } else { "in" };
        write!(
            f,
            "`{}` ({:?}) {place} `{}` at {}",
            self.canary,
            self.encoding,
            self.path.display(),
            self.offset
        )
    }
}

/// What a search of files found, and how much it saw: nothing found in nothing read proves nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeakReport {
    /// Each canary once a file and form.
    pub leaks: Vec<Leak>,
    /// How many files were read to their end.
    pub files_read: usize,
    /// How many bytes.
    pub bytes_read: u64,
    /// What could not be read, and so was not searched.
    pub unreadable: Vec<PathBuf>,
}

impl fmt::Display for LeakReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} leaks in {} files of {} bytes, {} unreadable",
            self.leaks.len(),
            self.files_read,
            self.bytes_read,
            self.unreadable.len()
        )?;
        self.leaks.iter().try_for_each(|leak| write!(f, "\n  {leak}"))
    }
}

/// The canaries of a test, ready to be looked for.
pub struct Canaries {
    names: Vec<String>,
    needles: Vec<Needle>,
    /// Whether any needle begins with these two bytes: all that most positions are asked for.
    begins: Vec<bool>,
    by_begin: HashMap<[u8; 2], Vec<usize>>,
    longest: usize,
}

impl Canaries {
    /// Canaries by name and value.
    ///
    /// # Panics
    ///
    /// If a value has fewer than eight bytes: it would be found by chance.
    pub fn new<N: Into<String>, V: AsRef<str>>(canaries: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut names = Vec::new();
        let mut all = Vec::new();
        for (name, value) in canaries {
            let (name, value) = (name.into(), value.as_ref());
            assert!(value.len() >= SHORTEST, "the canary `{name}` is too short to be looked for");
            all.extend(needles(names.len(), value));
            names.push(name);
        }
        let mut begins = vec![false; 1 << 16];
        let mut by_begin: HashMap<[u8; 2], Vec<usize>> = HashMap::new();
        for (index, needle) in all.iter().enumerate() {
            let begin = [needle.bytes[0], needle.bytes[1]];
            begins[usize::from(u16::from_be_bytes(begin))] = true;
            by_begin.entry(begin).or_default().push(index);
        }
        Self {
            names,
            longest: all.iter().map(|needle| needle.bytes.len()).max().unwrap_or(0),
            needles: all,
            begins,
            by_begin,
        }
    }

    /// Every canary in these bytes, each once a form.
    pub fn find_in(&self, bytes: &[u8]) -> Vec<Sighting> {
        let mut found = HashMap::new();
        self.scan(bytes, 0, &mut found);
        self.sightings(found)
    }

    /// Every canary in the files under these folders, and in their names. Links are not followed; a file is a folder of one.
    pub fn search_files<P: AsRef<Path>>(&self, folders: impl IntoIterator<Item = P>) -> LeakReport {
        self.search_files_except(folders, &[])
    }

    /// The same without what lies under `except`.
    pub fn search_files_except<P: AsRef<Path>>(
        &self,
        folders: impl IntoIterator<Item = P>,
        except: &[&Path],
    ) -> LeakReport {
        let mut report = LeakReport::default();
        for folder in folders {
            self.search(folder.as_ref(), except, &mut report);
        }
        report
    }

    fn search(&self, path: &Path, except: &[&Path], report: &mut LeakReport) {
        if except.contains(&path) {
            return;
        }
        let name = path.file_name().unwrap_or_default().as_bytes();
        report.add(path, self.find_in(name), true);
        let Ok(kind) = fs::symlink_metadata(path).map(|data| data.file_type()) else {
            report.unreadable.push(path.to_owned());
            return;
        };
        if kind.is_dir() {
            let Ok(entries) = fs::read_dir(path) else {
                report.unreadable.push(path.to_owned());
                return;
            };
            for entry in entries.flatten() {
                self.search(&entry.path(), except, report);
            }
        } else if kind.is_symlink() {
            // What it points to may itself be the secret.
            let target = fs::read_link(path).unwrap_or_default();
            report.add(path, self.find_in(target.as_os_str().as_bytes()), false);
        } else if kind.is_file() {
            match self.search_file(path, report) {
                Ok(sightings) => report.add(path, sightings, false),
                Err(_) => report.unreadable.push(path.to_owned()),
            }
        }
    }

    fn search_file(&self, path: &Path, report: &mut LeakReport) -> std::io::Result<Vec<Sighting>> {
        let mut file = File::open(path)?;
        let mut found = HashMap::new();
        let mut window = Vec::new();
        let mut begin = 0;
        loop {
            // What could be the beginning of a needle is kept for the next turn.
            let kept = window.len().min(self.longest.saturating_sub(1));
            let dropped = window.len() - kept;
            window.drain(..dropped);
            begin += dropped as u64;
            let fresh = file.by_ref().take(CHUNK as u64).read_to_end(&mut window)?;
            if fresh == 0 {
                break;
            }
            report.bytes_read += fresh as u64;
            self.scan(&window, begin, &mut found);
        }
        report.files_read += 1;
        Ok(self.sightings(found))
    }

    /// Notes the first place of each canary and form.
    fn scan(&self, bytes: &[u8], begin: u64, found: &mut HashMap<(usize, Encoding), u64>) {
        for (at, pair) in bytes.windows(2).enumerate() {
            if !self.begins[usize::from(pair[0]) << 8 | usize::from(pair[1])] {
                continue;
            }
            let candidates = self.by_begin.get(&[pair[0], pair[1]]).into_iter().flatten();
            for needle in candidates.map(|index| &self.needles[*index]) {
                if bytes[at..].starts_with(&needle.bytes) {
                    found.entry((needle.canary, needle.encoding)).or_insert(begin + at as u64);
                }
            }
        }
    }

    fn sightings(&self, found: HashMap<(usize, Encoding), u64>) -> Vec<Sighting> {
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_unstable();
        found
            .into_iter()
            .map(|((canary, encoding), offset)| Sighting {
                canary: self.names[canary].clone(),
                encoding,
                offset,
            })
            .collect()
    }
}

impl LeakReport {
    fn add(&mut self, path: &Path, sightings: Vec<Sighting>, in_name: bool) {
        self.leaks.extend(sightings.into_iter().map(|sighting| Leak {
            path: path.to_owned(),
            canary: sighting.canary,
            encoding: sighting.encoding,
            offset: sighting.offset,
            in_name,
        }));
    }
}
