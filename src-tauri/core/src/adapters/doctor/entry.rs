//! Desktop entries: the files that say what a name starts.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// No entry that a program installs is larger.
const LARGEST: u64 = 256 * 1024;

/// What the installed entry of this name starts; `None` where there is none, or it does not say.
pub(super) fn installed(name: &str) -> Option<String> {
    // A name, not a way to somewhere else.
    if name.contains('/') {
        return None;
    }
    let system = std::env::var_os("XDG_DATA_DIRS").filter(|folders| !folders.is_empty());
    let system = system.unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let folders: Vec<PathBuf> = dirs::data_dir().into_iter().chain(std::env::split_paths(&system)).collect();
    // `a-b.desktop` may lie in a folder `a`.
    let ways = [name.to_owned(), name.replacen('-', "/", 1)];
    let paths =
        folders.iter().flat_map(|folder| ways.iter().map(|way| folder.join("applications").join(way)));
    paths.into_iter().find(|path| path.is_file()).and_then(|path| starts(&path))
}

/// The program that an entry starts.
pub(super) fn starts(path: &Path) -> Option<String> {
    if !path.is_file() {
        return None;
    }
    let mut text = String::new();
    File::open(path).ok()?.take(LARGEST).read_to_string(&mut text).ok()?;
    program_in(&text)
}

/// The first word of the first `Exec` in the entry's main group, by the rules of the Desktop Entry Specification.
fn program_in(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim).skip_while(|line| *line != "[Desktop Entry]").skip(1);
    let value = lines.by_ref().take_while(|line| !line.starts_with('[')).find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == "Exec").then(|| value.trim())
    })?;
    first_word(&unescaped(value))
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

fn first_word(line: &str) -> Option<String> {
    let line = line.trim_start();
    let Some(quoted) = line.strip_prefix('"') else {
        return line.split_whitespace().next().map(|word| word.replace("%%", "%"));
    };
    let mut word = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return Some(word.replace("%%", "%")),
            '\\' => word.push(characters.next()?),
            other => word.push(other),
        }
    }
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
            assert_eq!(program_in(&entry).as_deref(), program, "{exec}");
        }
        assert_eq!(program_in("[Desktop Action x]\nExec=other\n"), None);
        assert_eq!(program_in("[Desktop Entry]\nTryExec=x\n[Other]\nExec=other\n"), None);
    }
}
