//! Desktop entries as the freedesktop specification has them: how a command is quoted, and how one key is changed.

/// The key by which we know an entry that we wrote.
const OURS: &str = "X-Guise-Setting";

/// A fresh entry that starts a command when the person signs in.
pub fn written(command: &[String]) -> String {
    let program = command.first().map(String::as_str).unwrap_or_default();
    format!(
        "[Desktop Entry]\n\
         Type=Application\n\
         Name=Guise\n\
         Comment=Open the AWS console as a role, from the tray\n\
         Icon=org.guise.Guise\n\
         Exec={}\n\
         TryExec={}\n\
         Terminal=false\n\
         {OURS}=start_at_login\n",
        exec(command),
        string(program),
    )
}

/// Whether we wrote an entry, whatever else was done to it since.
pub fn is_ours(entry: &str) -> bool {
    value(entry, OURS).is_some()
}

/// Whether an entry is there only to say that nothing is to be started.
pub fn is_switched_off(entry: &str) -> bool {
    value(entry, "Hidden") == Some("true") || value(entry, "X-GNOME-Autostart-enabled") == Some("false")
}

/// An entry of ours with another program in it; `None` where that changes nothing, or where the person wrote a command
/// of their own into it. All other lines stay.
pub fn moved(entry: &str, command: &[String]) -> Option<String> {
    let (old_exec, old_program) = (value(entry, "Exec")?, value(entry, "TryExec")?);
    let written_for = [&[unescaped(old_program)], command.get(1..)?].concat();
    let fresh = written(command);
    let (new_exec, new_program) = (value(&fresh, "Exec")?, value(&fresh, "TryExec")?);
    if old_exec != exec(&written_for) || (old_exec, old_program) == (new_exec, new_program) {
        return None;
    }
    let lines = entry.lines().map(|line| match key_of(line) {
        Some("Exec") => format!("Exec={new_exec}\n"),
        Some("TryExec") => format!("TryExec={new_program}\n"),
        _ => format!("{line}\n"),
    });
    Some(lines.collect())
}

/// A command as the value of `Exec`: every argument in quotes, then escaped as every other value is.
pub fn exec(command: &[String]) -> String {
    // The specification has no equals sign in a program's name, and desktops look the program up before they take
    // percent signs apart. As an argument it may have both.
    let is_awkward = command.first().is_some_and(|program| program.contains(['%', '=']));
    let through: &[&str] = if is_awkward { &["/bin/sh", "-c", r#"exec "$0" "$@""#] } else { &[] };
    let command = through.iter().copied().chain(command.iter().map(String::as_str));
    let quoted = command.map(|argument| {
        let mut text = String::from("\"");
        for each in argument.chars() {
            match each {
                '"' | '`' | '$' | '\\' => text.extend(['\\', each]),
                // A single one would begin a field code.
                '%' => text.push_str("%%"),
                _ => text.push(each),
            }
        }
        text + "\""
    });
    string(&quoted.collect::<Vec<_>>().join(" "))
}

/// Text as a value of the type string.
fn string(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('\n', r"\n").replace('\t', r"\t").replace('\r', r"\r");
    // A space at the front would be read as part of the line, not of the value.
    escaped.strip_prefix(' ').map(|rest| format!(r"\s{rest}")).unwrap_or(escaped)
}

fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value.chars();
    while let Some(each) = rest.next() {
        match (each, if each == '\\' { rest.next() } else { None }) {
            ('\\', Some('s')) => text.push(' '),
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('t')) => text.push('\t'),
            ('\\', Some('r')) => text.push('\r'),
            ('\\', Some(other)) | (other, _) => text.push(other),
        }
    }
    text
}

/// The value of a key in the entry's own group.
fn value<'a>(entry: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = entry.lines().skip_while(|line| line.trim_end() != "[Desktop Entry]").skip(1);
    let line =
        lines.by_ref().take_while(|line| !line.starts_with('[')).find(|line| key_of(line) == Some(key))?;
    line.split_once('=').map(|(_, value)| value.trim_start())
}

fn key_of(line: &str) -> Option<&str> {
    line.split_once('=').map(|(key, _)| key.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(parts: &[&str]) -> Vec<String> {
        parts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_command_is_quoted_as_the_specification_says() {
        for (argument, quoted) in [
            ("/usr/bin/guise-desktop", r#""/usr/bin/guise-desktop""#),
            ("/a b/c", r#""/a b/c""#),
            ("$HOME", r#""\\$HOME""#),
            (r#"say "it""#, r#""say \\"it\\"""#),
            (r"back\slash", r#""back\\\\slash""#),
            ("tick`s", r#""tick\\`s""#),
            ("it's ~ & (all) | <plain>; #*?", r#""it's ~ & (all) | <plain>; #*?""#),
            ("two\nlines\tand\rmore", r#""two\nlines\tand\rmore""#),
            ("größe", r#""größe""#),
        ] {
            assert_eq!(exec(&command(&[argument])), quoted);
        }
        assert_eq!(exec(&command(&["a", "--login", "100%"])), r#""a" "--login" "100%%""#);
        let through = r#""/bin/sh" "-c" "exec \\"\\$0\\" \\"\\$@\\"""#;
        assert_eq!(exec(&command(&["/f%g", "x"])), format!(r#"{through} "/f%%g" "x""#));
        assert_eq!(exec(&command(&["/h=i"])), format!(r#"{through} "/h=i""#));
    }

    #[test]
    fn an_entry_follows_a_program_that_moved_and_keeps_what_else_the_person_wrote() {
        let old = command(&[r"/opt/o\ld $x/guise-desktop", "--login"]);
        let new = command(&["/usr/bin/guise-desktop", "--login"]);
        let entry = format!("# mine\n{}X-GNOME-Autostart-Delay=5\n", written(&old));
        let followed = moved(&entry, &new).unwrap();
        assert_eq!(followed, format!("# mine\n{}X-GNOME-Autostart-Delay=5\n", written(&new)));
        assert_eq!(moved(&followed, &new), None);
        let own = entry.replace("Exec=\"", "Exec=env A=b \"");
        assert!(is_ours(&own));
        assert_eq!(moved(&own, &new), None);
    }

    #[test]
    fn an_entry_is_known_and_its_being_switched_off_is_seen() {
        let entry = written(&command(&["x", "--login"]));
        assert!(is_ours(&entry) && !is_switched_off(&entry));
        assert!(is_switched_off(&format!("{entry}Hidden=true\n")));
        assert!(is_switched_off(&format!("{entry}X-GNOME-Autostart-enabled = false\n")));
        assert!(!is_switched_off(&format!("{entry}[Another]\nHidden=true\n")));
        assert!(!is_ours("[Desktop Entry]\nExec=guise-desktop\n"));
    }
}
