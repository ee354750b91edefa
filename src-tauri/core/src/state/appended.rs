//! A file that is only ever added to: a line in one write, for its owner alone, begun anew before it grows large. Any
//! number of our processes may add to it at once.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{lock, private_folder};

/// A file, and the one before it.
#[derive(Debug)]
pub(crate) struct Appended {
    path: PathBuf,
    largest: u64,
    held: Option<File>,
    /// The last line was not written to its end.
    torn: bool,
}

impl Appended {
    /// A file that becomes [`before`] and begins anew rather than grow larger than this. Nothing is opened yet.
    pub(crate) fn at(path: &Path, largest: u64) -> Appended {
        Appended { path: path.to_owned(), largest, held: None, torn: false }
    }

    /// Where the file is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the file, to learn whether it can be.
    pub(crate) fn check(&mut self) -> io::Result<()> {
        self.open()
    }

    /// Adds a line, which brings its own line break.
    pub(crate) fn append(&mut self, line: &[u8]) -> io::Result<()> {
        self.begin_anew_before(line.len() as u64)?;
        self.open()?;
        let torn = self.torn;
        let ended;
        let line = if torn {
            ended = [b"\n", line].concat();
            &ended
        } else {
            line
        };
        let Some(file) = &mut self.held else { return Err(ErrorKind::NotFound.into()) };
        // One write, so that the lines of several processes stand one after the other.
        let written = file.write(line)?;
        // A disk that is full takes a part; the second try says why.
        let rest = if written < line.len() { file.write_all(&line[written..]) } else { Ok(()) };
        self.torn = rest.is_err() && (torn || written > 0);
        rest
    }

    /// The file that stands at the path now, which another process may have made.
    fn open(&mut self) -> io::Result<()> {
        let found = match fs::metadata(&self.path) {
            // Opening a pipe that somebody left here would wait for ever.
            Ok(found) if !found.is_file() => return Err(io::Error::other("it is not an ordinary file")),
            Ok(found) => Some(found),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if !matches!((&self.held, &found), (Some(held), Some(found)) if is_same(held, found)) {
            let mut file = self.open_anew()?;
            self.torn = ends_within_a_line(&mut file)?;
            self.held = Some(file);
        }
        Ok(())
    }

    fn open_anew(&self) -> io::Result<File> {
        private_folder(self.folder())?;
        let mut options = OpenOptions::new();
        options.create(true).append(true).read(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.path)
    }

    /// Makes room for a line. One process does it; the others go on meanwhile, and find the new file.
    fn begin_anew_before(&mut self, line: u64) -> io::Result<()> {
        let found = || fs::metadata(&self.path).ok().filter(Metadata::is_file);
        let length = || found().map_or(0, |found| found.len());
        let too_large = |length: u64| length > 0 && length + line > self.largest;
        if !too_large(length()) {
            return Ok(());
        }
        let begun = match lock::at_once(self.folder()) {
            // Whoever had the lock before us may have done it.
            Ok(Some(_alone)) if too_large(length()) => fs::rename(&self.path, before(&self.path)),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        // A little too large is better than a line lost; without a bound is not.
        begun.or_else(|error| if length() > self.largest * 2 { Err(error) } else { Ok(()) })
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }
}

/// What the file at this path was called before it began anew: `NAME.1`.
pub(crate) fn before(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".1");
    name.into()
}

#[cfg(unix)]
fn is_same(file: &File, found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|held| (held.dev(), held.ino()) == (found.dev(), found.ino()))
}

/// Nothing tells them apart, so the file is opened anew for each line.
#[cfg(not(unix))]
fn is_same(_file: &File, _found: &Metadata) -> bool {
    false
}

fn ends_within_a_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests;
