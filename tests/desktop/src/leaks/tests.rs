//! Positive controls: a search that finds nothing is only worth something if it would have found it.

use std::fs;
use std::os::unix::fs::symlink;

use super::{Canaries, Encoding};

const VALUE: &str = r#"wJalr"UtnF\MI/K7+DENG="#;
// Written by `base64`, `xxd` and `jq`, not by what is tested here.
const BASE64: [(&str, &str); 3] = [
    ("", "d0phbHIiVXRuRlxNSS9LNytERU5HPQ=="),
    ("k", "a3dKYWxyIlV0bkZcTUkvSzcrREVORz0="),
    ("k=", "az13SmFsciJVdG5GXE1JL0s3K0RFTkc9"),
];
const HEX: &str = "774a616c722255746e465c4d492f4b372b44454e473d";

fn canaries() -> Canaries {
    Canaries::new([("other", "nothing-like-it"), ("key", VALUE)])
}

#[track_caller]
fn assert_found(bytes: &[u8], encoding: Encoding) {
    let around = [b"\x00before ".as_slice(), bytes, b" after\xff"].concat();
    let sightings = canaries().find_in(&around);
    assert!(
        sightings.iter().any(|sighting| sighting.canary == "key" && sighting.encoding == encoding),
        "not found as {encoding:?} in {:?}: {sightings:?}",
        String::from_utf8_lossy(bytes)
    );
    assert!(sightings.iter().all(|sighting| sighting.canary == "key"), "{sightings:?}");
}

#[test]
fn a_plain_canary_is_found() {
    assert_found(VALUE.as_bytes(), Encoding::Plain);
}

#[test]
fn base64_is_found_at_every_alignment_and_in_both_alphabets() {
    for (_, text) in BASE64 {
        assert_found(text.as_bytes(), Encoding::Base64);
    }
    let value = "\u{3e}\u{3f}\u{7e}>>>???~~~";
    let canaries = Canaries::new([("key", value)]);
    for text in ["Pj9-Pj4-Pz8_fn5-", "Pj9+Pj4+Pz8/fn5+"] {
        assert_eq!(canaries.find_in(text.as_bytes())[0].encoding, Encoding::Base64, "{text}");
    }
}

#[test]
fn base64_of_utf16_is_found() {
    // What PowerShell's `-EncodedCommand` makes of `canary-value`.
    let canaries = Canaries::new([("key", "canary-value")]);
    let sightings = canaries.find_in(b"YwBhAG4AYQByAHkALQB2AGEAbAB1AGUA");
    assert_eq!(sightings[0].encoding, Encoding::Base64);
}

#[test]
fn percent_encoding_is_found_in_either_case() {
    assert_found(b"wJalr%22UtnF%5CMI%2FK7%2BDENG%3D", Encoding::Percent);
    assert_found(b"wJalr%22UtnF%5cMI%2fK7%2bDENG%3d", Encoding::Percent);
    assert_found(b"wJalr%22UtnF%5CMI/K7%2BDENG%3D", Encoding::Percent);
    assert_found(b"wJalr%22UtnF%5CMI/K7+DENG=", Encoding::Percent);
}

#[test]
fn hex_is_found_in_either_case() {
    assert_found(HEX.as_bytes(), Encoding::Hex);
    assert_found(HEX.to_uppercase().as_bytes(), Encoding::Hex);
}

#[test]
fn utf16_is_found() {
    let bytes: Vec<u8> = VALUE.bytes().flat_map(|byte| [byte, 0]).collect();
    assert_found(&bytes, Encoding::Utf16);
}

#[test]
fn json_strings_are_found_however_they_escape() {
    assert_found(br#"wJalr\"UtnF\\MI/K7+DENG="#, Encoding::Json);
    assert_found(br#"wJalr\"UtnF\\MI\/K7+DENG="#, Encoding::Json);
    assert_found(br"wJalr\u0022UtnF\u005cMI\u002fK7\u002bDENG\u003d", Encoding::Json);
    assert_found(br"wJalr\u0022UtnF\u005CMI\u002FK7\u002BDENG\u003D", Encoding::Json);
}

#[test]
fn a_piece_of_a_long_token_is_found() {
    let token: String = (100..240).map(|number| number.to_string()).collect();
    let canaries = Canaries::new([("token", token.as_str())]);
    assert_eq!(canaries.find_in(&token.as_bytes()[150..])[0].canary, "token");
    assert_eq!(canaries.find_in(&token.as_bytes()[..250])[0].canary, "token");
    assert!(canaries.find_in(&token.as_bytes()[..100]).is_empty());
}

#[test]
fn files_names_and_links_are_searched_across_chunks() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("deep")).expect("a folder");
    let mut big = vec![b'.'; super::CHUNK - 5];
    big.extend(VALUE.as_bytes());
    big.extend(vec![b'.'; super::CHUNK]);
    fs::write(at("deep/big"), &big).expect("a file");
    fs::write(at("clean"), "nothing").expect("a file");
    fs::write(at("nothing-like-it.txt"), "").expect("a file");
    symlink("/nowhere/nothing-like-it", at("link")).expect("a link");

    let report = canaries().search_files([folder.path()]);

    let mut found: Vec<_> = report
        .leaks
        .iter()
        .map(|leak| {
            let path = leak.path.strip_prefix(folder.path()).expect("a path inside").to_owned();
            (path.to_string_lossy().into_owned(), leak.canary.as_str(), leak.offset, leak.in_name)
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            ("deep/big".to_owned(), "key", super::CHUNK as u64 - 5, false),
            ("link".to_owned(), "other", 9, false),
            ("nothing-like-it.txt".to_owned(), "other", 0, true),
        ]
    );
    assert_eq!(report.files_read, 3);
    assert!(report.bytes_read >= big.len() as u64);
    assert!(report.unreadable.is_empty());
    assert!(canaries().search_files_except([folder.path()], &[&at("deep"), &at("link")]).leaks.len() == 1);
}

#[test]
fn what_is_not_there_to_be_read_is_reported() {
    let report = canaries().search_files(["/nonexistent/folder"]);
    assert_eq!(report.unreadable.len(), 1);
}

#[test]
#[should_panic(expected = "too short")]
fn a_short_canary_is_refused() {
    Canaries::new([("code", "123456")]);
}
