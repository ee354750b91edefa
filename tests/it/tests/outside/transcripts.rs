//! What the command line says, word for word. A transcript is a file: `$ guise …` lines, each with what came back.
//!
//! `UPDATE=1` writes them anew; whoever does that reads every sentence that changed.

use std::fs;
use std::path::{Path, PathBuf};

use desktop_tests::{ADAS_SECRET, EC2_ROLE, KeyringState, Result, SessionConfig, wait_for};

use crate::world::{COMMAND, World};

/// A source as the catalog has it.
const LOST: &str = r#"[sources.lost]
access_key_id = "AKIASIMULATEDADA2222"
arn = "arn:aws:iam::111122223333:user/ada"
account = "111122223333"
"#;

#[test]
fn the_command_line_says_what_its_transcripts_say() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("transcripts are there").flatten().map(|entry| entry.path()).collect();
    files.sort();
    assert!(files.len() >= 5, "{files:?}");
    let mut wrong = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let expected = fs::read_to_string(&file).expect("a transcript can be read");
        let played = play(&name, &expected)?;
        if played != expected {
            if std::env::var_os("UPDATE").is_some() {
                fs::write(&file, &played).expect("a transcript can be written");
            }
            wrong.push(format!("--- {name}\n{played}"));
        }
    }
    assert!(wrong.is_empty() || std::env::var_os("UPDATE").is_some(), "{}", wrong.join("\n"));
    Ok(())
}

/// Plays a transcript and writes down what happened. `# given …` lines prepare the world.
fn play(name: &str, transcript: &str) -> Result<String> {
    let given: Vec<&str> = transcript.lines().filter_map(|line| line.strip_prefix("# given ")).collect();
    let keyring = if given.contains(&"no keychain") {
        KeyringState::Absent
    } else if given.contains(&"a locked keychain that nobody unlocks") {
        KeyringState::Locked
    } else {
        KeyringState::Unlocked
    };
    let world = World::start_with(name, SessionConfig { keyring, ..SessionConfig::default() })?;
    for each in given {
        match each {
            "no keychain" | "a locked keychain that nobody unlocks" => {}
            "ada" => world.add_ada().map(drop)?,
            "the tutorial's roles" => world.guise()?.add_roles()?,
            "nobody trusts ada" => world.aws.trust(EC2_ROLE, "nobody")?,
            "a broken catalog" => {
                // The last good one is the one with the accounts' names.
                let last = world.home().join("state/catalog.last.toml");
                wait_for("a copy of the catalog", COMMAND, || {
                    drop(world.tell(&["role", "list"]));
                    fs::read_to_string(&last).is_ok_and(|text| text.contains("[accounts")).then_some(())
                })?;
                world.guise()?.edit_catalog("\n[roles.broken\n")?;
            }
            "a role from the future" => {
                world.guise()?.edit_catalog("\n[roles.tomorrow]\nkind = \"identity-center\"\n")?;
            }
            "a source whose key is nowhere" => {
                let catalog = world.guise()?.catalog();
                fs::create_dir_all(catalog.parent().expect("a folder")).expect("the folder can be made");
                fs::write(catalog, LOST).expect("the catalog can be written");
            }
            other => panic!("{name}: nothing is known of `{other}`"),
        }
    }
    let mut played = String::new();
    for line in transcript.lines() {
        if let Some(command) = line.strip_prefix("$ guise ") {
            let (command, input) = match command.split_once(" < ") {
                Some((command, input)) => (command, input.replace("ADAS_SECRET", ADAS_SECRET)),
                None => (command, String::new()),
            };
            let words = words(
                &command
                    .replace("AWS", "\u{1}")
                    .replace("SIMULATOR", world.aws.url())
                    .replace('\u{1}', "AWS"),
            );
            let answered = world.run_with_input(&words, &input)?;
            played.push_str(line);
            played.push('\n');
            for part in [&answered.stdout, &answered.stderr] {
                played.push_str(&cleaned(part, &world));
            }
            if answered.code != 0 {
                played.push_str(&format!("[{}]\n", answered.code));
            }
            played.push('\n');
        } else if line.starts_with('#') {
            played.push_str(line);
            played.push('\n');
            if !transcript.contains(&format!("{line}\n#")) {
                played.push('\n');
            }
        }
    }
    world.finish()?;
    Ok(format!("{}\n", played.trim_end()))
}

/// Splits at spaces, but for what stands in single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    let mut any_quotes = false;
    for each in line.chars() {
        match each {
            '\'' => {
                quoted = !quoted;
                any_quotes = true;
            }
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().expect("one is always there").push(other),
        }
    }
    if !any_quotes {
        words.retain(|word| !word.is_empty());
    }
    words
}

/// What differs from run to run, by its name.
fn cleaned(text: &str, world: &World) -> String {
    let text = text.replace(world.aws.url(), "SIMULATOR").replace(&*world.home().to_string_lossy(), "HOME");
    let this = fs::read_to_string("/proc/self/comm").unwrap_or_default();
    let text = text.replace(this.trim_end(), "THIS-TEST");
    let text = without_times(&text);
    if text.is_empty() || text.ends_with('\n') { text } else { format!("{text}\n") }
}

/// The same with other digits in times of day and numbers of processes.
fn without_times(text: &str) -> String {
    let time = "2026-11-25T09:41:07Z";
    let mut lines = Vec::new();
    for line in text.lines() {
        let (key, value) = line.split_once(": ").unwrap_or((line, ""));
        lines.push(match key.trim() {
            "\"time\"" if value.starts_with("\"20") => format!("{key}: \"{time}\""),
            "\"pid\"" => {
                format!("{key}: 4711{}", value.trim_start_matches(|each: char| each.is_ascii_digit()))
            }
            // A line of the journal begins with the time.
            _ if line.get(4..5) == Some("-") && line.get(13..14) == Some(":") => {
                format!("2026-11-25 09:41:07{}", &line[19..])
            }
            // Which files there are already is not what a transcript is about.
            _ if line.starts_with("  file ") => "  file …".to_owned(),
            _ => line.to_owned(),
        });
    }
    lines.dedup_by(|line, before| line == before && line == "  file …");
    let end = if text.ends_with('\n') { "\n" } else { "" };
    lines.join("\n") + end
}
