//! Whether a command of a profile calls Guise: a profile that asks Guise, of which Guise asks the profile, never ends.

/// Set for every command of a profile that Guise runs. A `guise` that finds it is asked for credentials by a command that Guise
/// itself waits for, and refuses.
pub const GUARD: &str = "GUISE_RESOLVING_PROFILE";

/// How deep shells in shells are looked into.
const DEPTH: usize = 4;

/// Whether a command runs `guise`, as far as its text tells: by any path, in quotes, behind `env`, in `sh -c`.
pub fn calls_guise(command: &str) -> bool {
    calls_at_depth(command, 0)
}

fn calls_at_depth(command: &str, depth: usize) -> bool {
    let words = words(command);
    let mut is_program = true;
    let mut in_shell = false;
    for (index, word) in words.iter().enumerate() {
        let Word::Text(text) = word else {
            (is_program, in_shell) = (true, false);
            continue;
        };
        let name = program_name(text);
        // A word that names the program anywhere, followed by what only we understand.
        let next = words.get(index + 1..).unwrap_or_default().iter();
        let says = |what: &str| next.clone().any(|word| matches!(word, Word::Text(text) if text == what));
        if name == "guise" && (is_program || says("credential-process") || says("credentials")) {
            return true;
        }
        // A shell's script is a command of its own.
        if in_shell && depth < DEPTH && text.contains(char::is_whitespace) && calls_at_depth(text, depth + 1)
        {
            return true;
        }
        in_shell = in_shell || is_shell(&name) || text == "-S";
        is_program = is_program && (is_wrapper(&name) || is_assignment(text) || text.starts_with(['-', '/']));
    }
    false
}

/// A word of a command line, or what ends one command and begins another.
enum Word {
    Text(String),
    Next,
}

/// Splits as a shell does, near enough for a look: quotes group, a backslash keeps only what a shell would need it for, so
/// that the paths of Windows stay whole.
fn words(command: &str) -> Vec<Word> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = command.chars().peekable();
    while let Some(each) = characters.next() {
        match (quote, each) {
            (Some(open), _) if each == open => quote = None,
            (Some('"') | None, '\\')
                if characters.peek().is_some_and(|next| " \"'\\$`&;|()".contains(*next)) =>
            {
                word.get_or_insert_default().extend(characters.next());
            }
            (None, '"' | '\'') => {
                quote = Some(each);
                word.get_or_insert_default();
            }
            (None, ';' | '|' | '&' | '(' | ')' | '`' | '{' | '}' | '\n') => {
                found.extend(word.take().map(Word::Text));
                found.push(Word::Next);
            }
            (None, '$') if characters.peek() == Some(&'(') => {}
            (None, _) if each.is_whitespace() => found.extend(word.take().map(Word::Text)),
            (Some(_) | None, _) => word.get_or_insert_default().push(each),
        }
    }
    found.extend(word.take().map(Word::Text));
    found
}

/// The last part of a path, without what Windows adds to programs.
fn program_name(text: &str) -> String {
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    [".exe", ".cmd", ".bat"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name).to_owned()
}

/// Programs that run the one behind them.
fn is_wrapper(name: &str) -> bool {
    let wrappers = [
        "env", "exec", "command", "nice", "nohup", "time", "timeout", "setsid", "stdbuf", "sudo", "doas",
        "xargs", "flock", "call", "start", "busybox",
    ];
    wrappers.contains(&name) || is_shell(name)
}

/// Programs that take a script as one word.
fn is_shell(name: &str) -> bool {
    ["sh", "bash", "dash", "zsh", "ksh", "fish", "ash", "cmd", "powershell", "pwsh", "su"].contains(&name)
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_calls_guise_is_seen() {
        for command in [
            "guise credential-process prod",
            "/usr/local/bin/guise credential-process prod",
            "\"C:\\Program Files\\Guise\\guise.exe\" credential-process prod",
            "C:\\Guise\\GUISE.EXE credential-process prod",
            "'/opt/my tools/guise' credential-process prod",
            "/opt/my\\ tools/guise credential-process prod",
            "env GUISE_HOME=/x guise credential-process prod",
            "/usr/bin/env -i guise credential-process prod",
            "GUISE_HOME=/x guise credentials prod --format json",
            "sh -c 'guise credential-process prod'",
            "sh -c \"exec '/usr/bin/guise' credential-process prod\"",
            "cmd /c guise.exe credential-process prod",
            "env -S 'guise credential-process prod'",
            "bash -lc 'cd /; sh -c \"guise credential-process prod\"'",
            "timeout 30 guise credential-process prod",
            "true && guise credential-process prod",
            "cd /tmp; guise credential-process prod",
            "echo $(guise credential-process prod)",
            "guise --home /x credential-process prod | cat",
        ] {
            assert!(calls_guise(command), "{command}");
        }
    }

    #[test]
    fn a_command_that_only_mentions_guise_is_none() {
        for command in [
            "",
            "aws-vault export --format=json prod",
            "/opt/guise/bin/helper prod",
            "helper --profile guise",
            "disguise credential-process prod",
            "guise-desktop-not credential-process",
            "cat '/home/ada/guise notes'",
        ] {
            assert!(!calls_guise(command), "{command}");
        }
    }
}
