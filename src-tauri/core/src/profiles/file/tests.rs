//! Files as people have them, and texts that nobody has.

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> ProfileFile {
    ProfileFile::read(text, FileKind::Config)
}

fn named(file: &ProfileFile) -> Vec<(&str, usize)> {
    file.sections.iter().map(|section| (section.name.as_str(), section.line)).collect()
}

#[test]
fn sections_and_keys_are_found_with_their_lines() {
    let text = "# mine\n[default]\nregion = eu-west-1 # where\n\n[profile a/b]\nROLE_ARN=arn:aws:iam::111122223333:role/x;y\n\
                source_profile = default ; and so on\n[sso-session corp]\nsso_region=eu-west-1\n[services dev]\ns3 =\n  endpoint_url = http://x\n";
    let file = read(text);
    assert_eq!(named(&file), [("default", 2), ("a/b", 5), ("corp", 8), ("dev", 10)]);
    assert_eq!(file.sections[0].entry("region").unwrap().value.text(), Some("eu-west-1"));
    assert_eq!(
        file.sections[1].entry("role_arn").unwrap().value.text(),
        Some("arn:aws:iam::111122223333:role/x;y")
    );
    assert_eq!(file.sections[1].entry("source_profile").unwrap().value.text(), Some("default"));
    assert_eq!(file.sections[2].kind, SectionKind::SsoSession);
    assert_eq!(file.sections[3].kind, SectionKind::Other);
    assert_eq!((file.sections[3].entries[0].line, file.sections[3].entries[0].last_line), (11, 12));
    assert_eq!(file.problems, []);
}

#[test]
fn a_byte_order_mark_and_the_line_ends_of_windows_change_nothing() {
    let plain = "[profile a]\nregion = x\n[profile a]\nregion = y\n";
    let windows = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    let (plain, windows) = (read(plain), read(&windows));
    assert_eq!(named(&plain), named(&windows));
    assert_eq!(windows.sections[1].entry("region").unwrap().value.text(), Some("y"));
    assert_eq!(windows.problems, []);
}

#[test]
fn what_the_sdks_choke_on_is_told_and_nothing_else_is_lost() {
    let text = "stray = 1\n[profile a\nx = 1\n[profile b]\nno sign\n = no key\nregion = z\n[c]\n[profile d\u{202e}e]\ny=1\n[profile f]\n";
    let file = read(text);
    assert_eq!(named(&file), [("b", 4), ("f", 11)]);
    assert_eq!(file.sections[0].entry("region").unwrap().value.text(), Some("z"));
    let told: Vec<(usize, bool)> =
        file.problems.iter().map(|problem| (problem.line, problem.fatal)).collect();
    assert_eq!(told, [(1, true), (2, true), (5, true), (6, true), (8, false), (9, false)]);
    assert_eq!(file.fatal().unwrap().line, 1);
}

#[test]
fn no_secret_is_in_what_is_printed() {
    let text = "[x]\naws_access_key_id=AKIAIOSFODNN7EXAMPLE\naws_secret_access_key=wJalrXUtnFEMI\naws_session_token = FwoGZ\ncredential_process=/x --password hush\n";
    let file = ProfileFile::read(text, FileKind::Credentials);
    let printed = format!("{file:?}");
    for secret in ["wJalr", "FwoGZ", "hush"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(printed.contains("AKIAIOSFODNN7EXAMPLE"));
    assert_eq!(file.sections[0].entry("credential_process").unwrap().value.text(), None);
}

#[test]
fn a_million_sections_are_not_kept() {
    let text = "[profile a]\n".repeat(20_000);
    let file = read(&text);
    assert_eq!(file.sections.len(), MOST_SECTIONS);
    assert_eq!(file.problems.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_read_without_a_panic_and_every_line_number_is_in_it(text in "(\\PC|[\\n\\r\\t\\[\\]=#; ]|profile |\\[profile a\\]\\n){0,60}") {
        let lines = text.lines().count();
        for kind in [FileKind::Config, FileKind::Credentials] {
            let file = ProfileFile::read(&text, kind);
            for section in &file.sections {
                prop_assert!(section.line >= 1 && section.line <= lines);
                for entry in &section.entries {
                    prop_assert!(section.line < entry.line && entry.line <= entry.last_line && entry.last_line <= lines);
                }
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back(
        profiles in prop::collection::vec(("[a-z][a-z0-9/_.-]{0,12}", prop::collection::vec(("[a-z_]{1,8}", "[a-z0-9:/.+-]{1,12}"), 0..4)), 0..8),
        end in prop_oneof![Just("\n"), Just("\r\n")],
    ) {
        let mut text = String::new();
        for (name, entries) in &profiles {
            text.push_str(&format!("[profile {name}]{end}"));
            for (key, value) in entries {
                text.push_str(&format!("{key} = {value}{end}"));
            }
        }
        let file = read(&text);
        prop_assert!(file.problems.is_empty());
        prop_assert_eq!(file.sections.len(), profiles.len());
        for (section, (name, entries)) in file.sections.iter().zip(&profiles) {
            prop_assert_eq!(&section.name, name);
            let keys: Vec<&str> = section.entries.iter().map(|entry| entry.key.as_str()).collect();
            prop_assert_eq!(keys, entries.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>());
        }
    }
}
