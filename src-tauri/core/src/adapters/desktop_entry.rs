//! Installed desktop entries: the files that say what a name starts, and what it opens.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// No entry that a program installs is larger.
const LARGEST: u64 = 256 * 1024;

/// What an entry says, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    exec: String,
    mime_types: String,
    is_hidden: bool,
}

impl Entry {
    /// What stands in a file, if it is an entry that starts something.
    pub(super) fn read(path: &Path) -> Option<Entry> {
        if !path.is_file() {
            return None;
        }
        let mut text = String::new();
        File::open(path).ok()?.take(LARGEST).read_to_string(&mut text).ok()?;
        Entry::in_text(&text)
    }

    /// The main group of an entry, by the rules of the Desktop Entry Specification.
    fn in_text(text: &str) -> Option<Entry> {
        let lines = text.lines().map(str::trim).skip_while(|line| *line != "[Desktop Entry]").skip(1);
        let lines: Vec<&str> = lines.take_while(|line| !line.starts_with('[')).collect();
        let value = |wanted: &str| {
            lines.iter().find_map(|line| {
                let (name, value) = line.split_once('=')?;
                (name.trim() == wanted).then(|| unescaped(value.trim()))
            })
        };
        Some(Entry {
            exec: value("Exec")?,
            mime_types: value("MimeType").unwrap_or_default(),
            is_hidden: value("Hidden").is_some_and(|value| value == "true"),
        })
    }

    /// The program that it starts.
    pub(super) fn program(&self) -> Option<String> {
        words(&self.exec)?.into_iter().next().map(|word| word.replace("%%", "%"))
    }

    /// Whether it opens web pages.
    pub(super) fn opens_web_pages(&self) -> bool {
        !self.is_hidden && self.mime_types.split(';').any(|each| each.trim() == "x-scheme-handler/https")
    }

    /// The program and its arguments, with an address where the entry wants one. No shell reads it.
    pub(super) fn command(&self, address: &str) -> Option<Vec<String>> {
        let mut command = Vec::new();
        let mut is_given = false;
        for word in words(&self.exec)? {
            match word.as_str() {
                "%u" | "%U" | "%f" | "%F" => {
                    is_given = true;
                    command.push(address.to_owned());
                }
                // An icon, a name, the entry's own place: nothing that a browser needs.
                field if field.len() == 2 && field.starts_with('%') && field != "%%" => {}
                _ => command.push(word.replace("%%", "%")),
            }
        }
        if !is_given {
            command.push(address.to_owned());
        }
        (command.len() > 1).then_some(command)
    }
}

/// The installed entry of this name; `None` where there is none.
pub(super) fn installed(name: &str) -> Option<Entry> {
    // A name, not a way to somewhere else.
    if name.contains('/') {
        return None;
    }
    // `a-b.desktop` may lie in a folder `a`.
    let ways = [name.to_owned(), name.replacen('-', "/", 1)];
    let folders = folders();
    let mut paths = folders.iter().flat_map(|folder| ways.iter().map(|way| folder.join(way)));
    paths.find(|path| path.is_file()).and_then(|path| Entry::read(&path))
}

/// Every installed entry by its name; of two that are called the same, the one nearer to the person.
pub(super) fn all() -> Vec<(String, Entry)> {
    let mut all: BTreeMap<String, Entry> = BTreeMap::new();
    for folder in folders() {
        for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.ends_with(".desktop")
                && !all.contains_key(&name)
                && let Some(entry) = Entry::read(&file.path())
            {
                all.insert(name, entry);
            }
        }
    }
    all.into_iter().collect()
}

/// Where entries are installed, the person's own first.
fn folders() -> Vec<PathBuf> {
    let system = std::env::var_os("XDG_DATA_DIRS").filter(|folders| !folders.is_empty());
    let system = system.unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let folders = dirs::data_dir().into_iter().chain(std::env::split_paths(&system));
    folders.map(|folder| folder.join("applications")).collect()
}

/// A string value as it is meant.
fn unescaped(value: &str) -> String {
    let mut meant = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(each) = characters.next() {
        match (each, each == '\\') {
            (_, true) => match characters.next() {
                Some('s') => meant.push(' '),
                Some('n') => meant.push('\n'),
                Some('t') => meant.push('\t'),
                Some('r') => meant.push('\r'),
                Some('\\') | None => meant.push('\\'),
                // Left for the quotes' own rule.
                Some(other) => meant.extend(['\\', other]),
            },
            (each, false) => meant.push(each),
        }
    }
    meant
}

/// The words of a command, quotes taken off; `None` where a quote is not closed.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let mut word = String::new();
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut characters = quoted.char_indices();
            let end = loop {
                match characters.next()? {
                    (at, '"') => break at + 1,
                    (_, '\\') => word.push(characters.next()?.1),
                    (_, other) => word.push(other),
                }
            };
            rest = &quoted[end..];
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            word.push_str(&rest[..end]);
            rest = &rest[end..];
        }
        words.push(word);
        rest = rest.trim_start();
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_of_an_entry_is_its_first_word_quotes_and_all() {
        for (exec, program) in [
            ("firefox %u", Some("firefox")),
            ("/usr/bin/chromium --flag %U", Some("/usr/bin/chromium")),
            ("\"/opt/my apps/guise-desktop\" --home \"/x\"", Some("/opt/my apps/guise-desktop")),
            (r#""/opt/a\\"b""#, Some("/opt/a\"b")),
            (r#""/opt/a\\\\b""#, Some(r"/opt/a\b")),
            (r#""/opt/50%%/guise""#, Some("/opt/50%/guise")),
            (r"/opt/my\sapp", Some("/opt/my")),
            ("\"unfinished", None),
            ("", None),
        ] {
            let entry = format!(
                "# c\n[Desktop Entry]\nType=Application\nExec = {exec}\n[Desktop Action x]\nExec=other\n"
            );
            assert_eq!(Entry::in_text(&entry).unwrap().program().as_deref(), program, "{exec}");
        }
        assert_eq!(Entry::in_text("[Desktop Action x]\nExec=other\n"), None);
        assert_eq!(Entry::in_text("[Desktop Entry]\nTryExec=x\n[Other]\nExec=other\n"), None);
    }

    #[test]
    fn a_browser_is_given_the_address_where_its_entry_wants_it_and_no_shell() {
        let entry = |more: &str| {
            Entry::in_text(&format!("[Desktop Entry]\nMimeType=text/html;x-scheme-handler/https;\n{more}\n"))
                .unwrap()
        };
        for (exec, command) in [
            ("firefox %u", vec!["firefox", "ADDRESS"]),
            ("\"/opt/a b/x\" --new %U --icon %i", vec!["/opt/a b/x", "--new", "ADDRESS", "--icon"]),
            ("x; rm -rf %u", vec!["x;", "rm", "-rf", "ADDRESS"]),
            ("x 50%%", vec!["x", "50%", "ADDRESS"]),
        ] {
            let entry = entry(&format!("Exec={exec}"));
            assert!(entry.opens_web_pages());
            assert_eq!(entry.command("ADDRESS").unwrap(), command, "{exec}");
        }
        assert!(!entry("Exec=x\nHidden=true").opens_web_pages());
        assert!(!Entry::in_text("[Desktop Entry]\nExec=x\nMimeType=text/html;\n").unwrap().opens_web_pages());
        assert_eq!(entry("Exec=\"unfinished").command("ADDRESS"), None);
    }
}
