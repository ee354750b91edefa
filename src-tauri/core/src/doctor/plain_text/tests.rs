//! Files with keys, as people have them.

use std::path::PathBuf;

use super::super::{FileSeen, State};
use super::*;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEY0";

fn summary(text: &str) -> Vec<(String, usize, usize, bool, bool)> {
    let keys = found_in(text).into_iter();
    keys.map(|key| (key.profile, key.id_line, key.secret_line, key.temporary, key.commented)).collect()
}

fn file(text: &str, mode: u32) -> KeyFile {
    KeyFile {
        path: PathBuf::from("/home/ada/.aws/credentials"),
        file: Some(FileSeen { ours: true, mode }),
        keys: Ok(found_in(text)),
    }
}

#[test]
fn keys_are_found_by_profile_and_line_whatever_the_file_looks_like() {
    let pair = |id: &str| format!("aws_access_key_id = {id}\naws_secret_access_key = {SECRET}\n");
    let long = pair("AKIAIOSFODNN7EXAMPLE");
    let work = |id_line, secret_line| ("work".to_owned(), id_line, secret_line, false, false);
    for text in [
        format!("[work]\n{long}"),
        format!("\u{feff}[work]\n{long}"),
        format!("[profile work]\n{long}"),
        format!("[profile \"work\"] # mine\n{long}"),
        format!("[ work ]\n{}", long.replace('\n', "\r\n")),
        format!("[work]\n{}", long.to_uppercase().replace(&SECRET.to_uppercase(), SECRET)),
        format!("[work]\n{}", long.replace(" = ", "=")),
        format!("[work]\n  {}", long.replace('\n', "\n  ")),
    ] {
        assert_eq!(summary(&text), [work(2, 3)], "{text:?}");
    }
    let turned = format!(
        "[work]\naws_secret_access_key={SECRET}\n\n# a comment\naws_access_key_id=AKIAIOSFODNN7EXAMPLE"
    );
    assert_eq!(summary(&turned), [work(5, 2)]);
    assert_eq!(summary(&long), [(String::new(), 1, 2, false, false)]);
}

#[test]
fn what_is_no_key_is_not_found() {
    for text in [
        "",
        "[work]\nregion = eu-west-1\ns3 =\n  max_concurrent_requests = 20\n",
        "[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n",
        "[a]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n[b]\naws_secret_access_key = 0123456789012345678901234567890123456789\n",
        "[work]\naws_access_key_id = YOUR KEY\naws_secret_access_key = 0123456789012345678901234567890123456789\n",
        "# aws_access_key_id = <id>\n# aws_secret_access_key = <secret>\n",
        "aws_access_key_id",
        "[",
        "]\n=\n:\n[]\n",
    ] {
        assert_eq!(summary(text), [], "{text:?}");
    }
}

#[test]
fn sessions_and_comments_are_told_apart() {
    let text = format!(
        "[a]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRET}\naws_session_token = x\n\
         #aws_access_key_id = AKIAIOSFODNN7OLDKEY1\n#  aws_secret_access_key = {SECRET}\n"
    );
    assert_eq!(summary(&text), [("a".to_owned(), 2, 3, true, false), ("a".to_owned(), 5, 6, false, true)]);
}

#[test]
fn a_finding_names_profile_and_line_and_never_a_secret_or_a_whole_id() {
    let text =
        format!("[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRET}\n");
    let environment = Environment::read(|name| match name {
        "AWS_ACCESS_KEY_ID" => Some("AKIAIOSFODNN7SHELLXY".into()),
        "AWS_SECRET_ACCESS_KEY" => Some(SECRET.into()),
        _ => None,
    });
    let found = keys(&[file(&text, 0o644)], 2, &environment, None);
    let states: Vec<State> = found.iter().map(|each| each.state).collect();
    assert_eq!(states, [State::Trouble, State::Trouble, State::Trouble, State::Notice]);
    assert_eq!(
        found[0].said,
        "`/home/ada/.aws/credentials`, line 2: profile `work` has the long-term key AKIA…MPLE"
    );
    assert_eq!(
        found[0].next_step.as_deref(),
        Some(
            "put it into the keychain: guise source add NAME --access-key-id AKIA…MPLE; then lines 2 and 3 can go"
        )
    );
    assert_eq!(found[1].next_step.as_deref(), Some("chmod 600 '/home/ada/.aws/credentials'"));
    assert!(found[2].said.contains("AKIA…LLXY"));
    let all = format!("{found:?}");
    for hidden in [SECRET, "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7SHELLXY"] {
        assert!(!all.contains(hidden), "{all}");
    }
}

#[test]
fn nothing_to_find_is_fine_and_a_file_that_was_not_read_is_unknown() {
    let none = Environment::default();
    assert_eq!(keys(&[file("[a]\nregion = x\n", 0o644)], 0, &none, None)[0].state, State::Fine);
    let unread = KeyFile { keys: Err("it is not an ordinary file".to_owned()), ..file("", 0o600) };
    assert_eq!(keys(&[unread], 0, &none, None)[0].state, State::Unknown);
    let session = Environment::read(|name| match name {
        "AWS_ACCESS_KEY_ID" => Some("ASIAIOSFODNN7SHELLXY".into()),
        "AWS_SECRET_ACCESS_KEY" | "AWS_SESSION_TOKEN" => Some(SECRET.into()),
        _ => None,
    });
    assert_eq!(keys(&[], 0, &session, None)[0].state, State::Fine);
}
